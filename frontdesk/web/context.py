"""What every page can show: the emergency lines, who runs this copy, how long things are kept."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from conversations import texts


def every_page(request: HttpRequest) -> dict[str, Any]:
    """Return the values that the templates share."""
    loaded = texts.load()
    return {
        "emergency": loaded.helplines["emergency"]["number"],
        "lifeline": loaded.helplines["lifeline"]["number"],
        "organisation": loaded.organisation,
        "exit_url": loaded.organisation["exit_url"],
        "retention_days": settings.FOOTHOLD.retention_days,
    }
