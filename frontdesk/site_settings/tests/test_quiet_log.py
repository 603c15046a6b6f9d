"""What a log line may say, whoever writes it."""

import io
import logging

import pytest

from site_settings.quiet_log import QuietFormatter

MARK = "Zq7vKpersonal"


def logged(name: str, message: str, *arguments: object, error: Exception | None = None) -> str:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(QuietFormatter())
    logger = logging.Logger(name)
    logger.addHandler(handler)
    logger.error(message, *arguments, exc_info=error)
    return written.getvalue()


def failed_with(words: str) -> Exception:
    try:
        raise ValueError(words) from KeyError(words)
    except ValueError as error:
        return error


@pytest.mark.parametrize(
    "name", ["django.request", "gunicorn.error", "httpx", "asyncio", "root", "footholdx"]
)
def test_of_other_libraries_only_the_place_is_kept(name: str) -> None:
    for line in (
        logged(name, f"Invalid request from {MARK}"),
        logged(name, "Not found: %s", MARK),
        logged(name, "Error", error=failed_with(MARK)),
    ):
        assert MARK not in line
        assert f"ERROR {name}: " in line


def test_our_own_words_are_kept_without_those_of_an_error() -> None:
    line = logged(
        "foothold.retention", "could not delete: %s", "status 500", error=failed_with(MARK)
    )
    assert "ERROR foothold.retention: could not delete: status 500" in line
    assert "builtins.ValueError" in line
    assert "in failed_with" in line
    assert MARK not in line
