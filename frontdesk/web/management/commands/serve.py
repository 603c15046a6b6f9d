"""manage.py serve: bring the database up to date, then become the web server."""

import os
import sys
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError

CONFIGURATION = Path(__file__).resolve().parents[3] / "gunicorn.conf.py"


class Command(BaseCommand):
    """Starts the front desk with gunicorn.conf.py; where it listens comes from the settings."""

    help = "Migrate the database and serve the front desk."

    def handle(self, *args: Any, **options: Any) -> None:
        """Replace this process by gunicorn, so that signals reach it."""
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except DatabaseError as problem:
            sys.exit(
                f"frontdesk: the database cannot be used ({type(problem).__name__}); check "
                "DATABASE_URL and FOOTHOLD_DATA_DIR."
            )
        gunicorn = [sys.executable, "-m", "gunicorn", "--config", str(CONFIGURATION)]
        sys.stdout.flush()
        os.execv(sys.executable, gunicorn)  # noqa: S606 - our own interpreter, fixed arguments
