"""manage.py expire: delete what is older than FOOTHOLD_RETENTION_DAYS, now."""

from typing import Any

from django.core.management.base import BaseCommand

from conversations.retention import expire


class Command(BaseCommand):
    """Deletes old conversations; safe to run at any time, also while people chat."""

    help = "Delete conversations that are older than FOOTHOLD_RETENTION_DAYS."

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete and say how many."""
        self.stdout.write(f"Deleted {expire()} old conversations.")
