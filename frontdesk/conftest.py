"""Fixtures that several apps' tests share."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from conversations import assistant_client, service
from conversations.assistant_client import AssistantClient
from testkit import fake_assistant
from testkit.fake_assistant import SECRET, FakeAssistant
from testkit.live_server import LiveServer, live_server
from web import health, rate_limits

# Seconds; short, since many tests wait for the end of it.
ASSISTANT_TIMEOUT = 0.6


@pytest.fixture(scope="session")
def _fake_assistant() -> Iterator[FakeAssistant]:
    with fake_assistant.running() as assistant:
        yield assistant


@pytest.fixture(scope="session")
def _client(_fake_assistant: FakeAssistant) -> Iterator[AssistantClient]:
    with closing(AssistantClient(_fake_assistant.url, SECRET, ASSISTANT_TIMEOUT)) as client:
        yield client


@pytest.fixture
def assistant(
    _fake_assistant: FakeAssistant, _client: AssistantClient, monkeypatch: pytest.MonkeyPatch
) -> FakeAssistant:
    """A fresh fake assistant, which the front desk in this process asks."""
    _fake_assistant.reset()
    monkeypatch.setattr(service, "assistant", lambda: _client)
    monkeypatch.setattr(health, "assistant", lambda: _client)
    monkeypatch.setattr(assistant_client, "READY_KEPT", 0.0)
    rate_limits.limiter().storage.reset()
    return _fake_assistant


@pytest.fixture(scope="session")
def _live(
    _fake_assistant: FakeAssistant, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    server = live_server(
        tmp_path_factory.mktemp("live"),
        _fake_assistant.url,
        SECRET,
        FOOTHOLD_ASSISTANT_TIMEOUT="1",
    )
    server.start()
    yield server
    server.stop()


@pytest.fixture
def live(_live: LiveServer, _fake_assistant: FakeAssistant) -> LiveServer:
    """A front desk in its own process, shared by the tests; its assistant is fresh."""
    _fake_assistant.reset()
    return _live


@pytest.fixture
def live_assistant(live: LiveServer, _fake_assistant: FakeAssistant) -> FakeAssistant:
    """The fake assistant that the live front desk asks."""
    return _fake_assistant


@pytest.fixture
def own_live(_fake_assistant: FakeAssistant, tmp_path: Path) -> Iterator[LiveServer]:
    """A front desk for this test alone, not yet started, to be killed or broken."""
    _fake_assistant.reset()
    server = live_server(tmp_path, _fake_assistant.url, SECRET, FOOTHOLD_ASSISTANT_TIMEOUT="1")
    yield server
    server.stop()
