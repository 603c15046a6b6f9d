"""Deletes conversations: when a person asks for it, and when they are older than we keep them."""

import logging
import threading
from datetime import date, timedelta

from django.conf import settings
from django.db import Error as DatabaseFailure
from django.db import connection, transaction
from django.utils import timezone

from conversations.models import Conversation

logger = logging.getLogger("foothold.retention")

# Conversations deleted beside one message, so that no one waits for a large clean-up.
BATCH = 50


def erase(token: str) -> None:
    """Delete a conversation with its messages and flags; raises Conversation.DoesNotExist."""
    with transaction.atomic():
        Conversation.objects.select_for_update().get(token=token).delete()
        transaction.on_commit(_overwrite_deleted, robust=True)


def expire(most: int | None = None) -> int:
    """Delete conversations whose last message is older than FOOTHOLD_RETENTION_DAYS.

    most bounds how many, oldest first. Returns how many were deleted.
    """
    oldest_kept = timezone.now() - timedelta(days=settings.FOOTHOLD.retention_days)
    old = Conversation.objects.filter(last_at__lt=oldest_kept).order_by("last_at")
    deleted = 0
    for key in list(old.values_list("pk", flat=True)[:most]):
        with transaction.atomic():
            # Asked again under the lock: a message may have come just now.
            still_old = old.select_for_update().filter(pk=key).first()
            if still_old is not None:
                still_old.delete()
                deleted += 1
    if deleted:
        transaction.on_commit(_overwrite_deleted, robust=True)
    return deleted


def _overwrite_deleted() -> None:
    """Make SQLite empty its journal, which may still hold what was deleted from the file."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class Daily:
    """Runs expire when a message arrives, until nothing old is left; then not before tomorrow.

    With that no timer is needed. Each process counts for itself, which does no harm.
    """

    def __init__(self) -> None:
        self._done: date | None = None
        self._lock = threading.Lock()

    def run_if_due(self) -> None:
        """Delete a batch if today's work is not done; never raises and never waits its turn."""
        today = timezone.now().date()
        if self._done == today or not self._lock.acquire(blocking=False):
            return
        try:
            if expire(BATCH) < BATCH:
                self._done = today
        except DatabaseFailure:
            logger.exception("old conversations could not be deleted")
            self._done = today
        finally:
            self._lock.release()


daily = Daily()
