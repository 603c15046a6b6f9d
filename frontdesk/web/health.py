"""Whether the front desk lives, and whether the whole service can answer people."""

from django.db import Error as DatabaseFailure
from django.db import connection
from django.http import HttpRequest, JsonResponse

from conversations.assistant_client import assistant


def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the front desk can take messages, 503 with the reason otherwise."""
    return _verdict([] if _database_answers() else [_DATABASE])


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when people also get real answers, 503 with what is missing otherwise."""
    missing = [] if _database_answers() else [_DATABASE]
    if not assistant().ready():
        missing.append("The assistant does not answer yet; people get the fixed safe reply.")
    return _verdict(missing)


_DATABASE = "The database does not answer, so messages cannot be kept."


def _verdict(missing: list[str]) -> JsonResponse:
    if missing:
        return JsonResponse({"ok": False, "text": " ".join(missing)}, status=503)
    return JsonResponse({"ok": True})


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            # The table too: a database that was never migrated cannot keep a message.
            cursor.execute("SELECT 1 FROM conversations_conversation LIMIT 1")
    except DatabaseFailure:
        return False
    return True
