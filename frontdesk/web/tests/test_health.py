"""Whether we say rightly that we live and that we can answer."""

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from testkit.fake_assistant import FakeAssistant

pytestmark = pytest.mark.django_db


@pytest.fixture
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", broken)


def test_alive_without_the_assistant(assistant: FakeAssistant) -> None:
    assistant.ready = False
    response = Client().get("/healthz")
    assert (response.status_code, response.json()) == (200, {"ok": True})


def test_ready_with_the_assistant(assistant: FakeAssistant) -> None:
    response = Client().get("/readyz")
    assert (response.status_code, response.json()) == (200, {"ok": True})


def test_not_ready_without_the_assistant(assistant: FakeAssistant) -> None:
    assistant.ready = False
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json()["text"].startswith("The assistant does not answer yet")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_neither_without_the_database(
    assistant: FakeAssistant, no_database: None, path: str
) -> None:
    response = Client().get(path)
    assert response.status_code == 503
    assert response.json()["text"] == "The database does not answer, so messages cannot be kept."
