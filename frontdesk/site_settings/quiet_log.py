"""A log format that cannot carry what a person wrote, their token or their address."""

import logging
import traceback

from django.utils.log import CallbackFilter

OWN = "foothold"


class QuietFormatter(logging.Formatter):
    """Keeps our own messages, and of other libraries' only the level, the logger and the place.

    Libraries quote requests, paths and values in their messages, and a database quotes the row
    that it refuses. An exception is therefore shown by its type and its lines of code alone.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and for an exception the places it passed through."""
        own = record.name == OWN or record.name.startswith(f"{OWN}.")
        said = record.getMessage() if own else "(message left out: it may quote a person)"
        line = f"{self.formatTime(record)} {record.levelname} {record.name}: {said}"
        if record.exc_info and record.exc_info[1]:
            line += "".join(f"\n  {place}" for place in _places(record.exc_info[1]))
        return line


def _places(error: BaseException) -> list[str]:
    places = [
        f"{frame.filename}:{frame.lineno} in {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    return [f"{type(error).__module__}.{type(error).__qualname__}", *places]


def _has_exception(record: logging.LogRecord) -> bool:
    return bool(record.exc_info)


def quiet_logging() -> dict[str, object]:
    """Return the logging settings (dictConfig form): everything to standard error, quietly."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"broke": {"()": CallbackFilter, "callback": _has_exception}},
        "formatters": {"quiet": {"()": QuietFormatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "quiet"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            OWN: {"level": "INFO"},
            # Django's own set-up would also mail error reports, with the request in them.
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            # Of responses only those that broke; "not ready yet" is no event for the operator.
            "django.request": {"level": "ERROR", "filters": ["broke"]},
            "django.security": {"level": "CRITICAL"},
        },
    }
