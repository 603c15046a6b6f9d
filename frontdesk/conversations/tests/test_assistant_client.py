"""Whatever the assistant does, the person gets a reply in time, and staff learn of it."""

import json
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from conversations import assistant_client, service, texts
from conversations.assistant_client import MOST_ASKS, AssistantClient, NoAnswer
from conversations.models import Flag, Message
from conversations.replies import own_reply
from conversations.service import Incoming, receive
from testkit.fake_assistant import (
    SECRET,
    Behaviour,
    FakeAssistant,
    answers,
    breaks_off,
    drips,
    reply,
    sends,
    waits,
)
from testkit.live_server import free_port

pytestmark = pytest.mark.django_db(transaction=True)

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
GOOD = json.dumps({"replies": [reply()], "understood": {}}).encode()


def changed(**values: object) -> Behaviour:
    """Answer with a reply that has other values, or lacks those that are None."""
    one = {**reply(), **values}
    return answers({name: value for name, value in one.items() if value is not None})


BROKEN: dict[str, Behaviour] = {
    "status 500": sends(b'{"error": "x"}', 500),
    "status 401": sends(b"{}", 401),
    "status 204": sends(b"", 204),
    "redirect": sends(b"", 307, Location="/elsewhere"),
    "good words with status 201": sends(GOOD, 201),
    "not JSON": sends(b"<html>oops</html>"),
    "empty": sends(b""),
    "not UTF-8": sends(b'{"replies": "\xff\xfe"}'),
    "not an object": sends(b"[]"),
    "nested too deep": sends(b"[" * 100_000),
    "too large": sends(b" " * 300_000 + GOOD),
    "no replies": sends(b"{}"),
    "replies null": sends(b'{"replies": null}'),
    "replies empty": answers(),
    "a reply that is a text": sends(b'{"replies": ["call 911"]}'),
    "no topic": changed(topic=None),
    "a topic in no group": changed(topic="heroin"),
    "no kind": changed(kind=None),
    "an unknown kind": changed(kind="advert"),
    "no text": changed(text=None),
    "a text of spaces": changed(text=" "),
    "a text that is a number": changed(text=911),
    "choices of strings": changed(choices=["yes"]),
    "a choice without payload": changed(choices=[{"label": "yes"}]),
    "a source without title": changed(sources=[{"url": "https://a.example", "publisher": "A"}]),
    "a source that runs": changed(
        sources=[{"title": "A", "publisher": "A", "url": "javascript:alert(1)"}]
    ),
    "a NUL": changed(text="call\x00911"),
    "half a character": changed(text="call \ud800"),
    "no number": sends(GOOD.replace(b'"understood": {}', b'"understood": {"x": NaN}')),
    "an infinite number": sends(GOOD.replace(b'"understood": {}', b'"understood": {"x": 1e999}')),
    "hangs up at once": breaks_off(),
    "hangs up in the head": breaks_off(HEAD),
    "hangs up in the body": breaks_off(HEAD + b"Content-Length: 500\r\n\r\n" + GOOD[:20]),
    "not HTTP": breaks_off(b"SSH-2.0-OpenSSH\r\n"),
    "too slow": waits(3),
    "drips its head": drips(HEAD, b"X-Drop: 1\r\n"),
    "drips its body": drips(HEAD + b"Content-Length: 5000\r\n\r\n", b" "),
}


def say(words: str = "what is heroin") -> Message:
    message_id = uuid.uuid4()
    receive(None, Incoming(id=message_id, text=words))
    return Message.objects.get(client_id=message_id)


@pytest.mark.parametrize("behaviour", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_assistant_means_the_fixed_reply(
    assistant: FakeAssistant, behaviour: Behaviour
) -> None:
    assistant.behaviour = behaviour
    incoming = Incoming(id=uuid.uuid4(), text="what is heroin")
    began = time.monotonic()
    received = receive(None, incoming)
    assert time.monotonic() - began < 1.2  # the deadline of the tests is 0.6 s
    assert received.replies == [own_reply("unavailable", texts.load().fixed["unavailable"])]
    message = Message.objects.get()
    assert message.state == Message.State.UNANSWERED
    assert [(flag.reason, flag.message) for flag in Flag.objects.all()] == [("unanswered", message)]
    asked = len(assistant.questions)
    assert receive(None, incoming) == received
    assert len(assistant.questions) == asked == 1


def test_an_assistant_that_says_unavailable_is_unanswered_too(assistant: FakeAssistant) -> None:
    assistant.behaviour = answers(reply("Call 911 if in danger.", "unavailable"))
    message = say()
    assert message.state == Message.State.UNANSWERED
    assert Flag.objects.get().reason == Flag.UNANSWERED


def test_fields_that_we_do_not_know_are_left_out(assistant: FakeAssistant) -> None:
    assistant.behaviour = changed(debug="x", sources=None)
    assert say().replies == [reply()]


def client_of(url: str, timeout: float, secret: str = SECRET) -> closing[AssistantClient]:
    return closing(AssistantClient(url, secret, timeout))


@pytest.fixture
def nobody_there(monkeypatch: pytest.MonkeyPatch) -> Iterator[AssistantClient]:
    with client_of(f"http://127.0.0.1:{free_port()}", 5) as client:
        monkeypatch.setattr(service, "assistant", lambda: client)
        yield client


def test_an_absent_assistant_costs_no_time(nobody_there: AssistantClient) -> None:
    began = time.monotonic()
    message = say()
    assert time.monotonic() - began < 0.5
    assert message.state == Message.State.UNANSWERED
    assert not nobody_there.ready()


def test_a_stuck_assistant_holds_up_only_so_many(assistant: FakeAssistant) -> None:
    assistant.behaviour = waits(1)

    def ask() -> tuple[str, float]:
        began = time.monotonic()
        try:
            client.ask({"text": "hello"}, client.deadline())
            said = "answered"
        except NoAnswer as reason:
            said = str(reason)
        return said, time.monotonic() - began

    with client_of(assistant.url, 2) as client, ThreadPoolExecutor(MOST_ASKS + 4) as pool:
        asked = [call.result() for call in [pool.submit(ask) for _ in range(MOST_ASKS + 4)]]
    refused = [seconds for said, seconds in asked if said == "too many questions at once"]
    assert len(refused) == 4
    assert max(refused) < 0.9
    assert [said for said, _ in asked].count("answered") == MOST_ASKS


def test_after_a_stuck_time_it_asks_as_before(assistant: FakeAssistant) -> None:
    assistant.behaviour = waits(2)

    def ask() -> None:
        with pytest.raises(NoAnswer, match="too slow"):
            client.ask({"text": "hello"}, client.deadline())

    with client_of(assistant.url, 0.3) as client:
        for _ in range(2):
            with ThreadPoolExecutor(MOST_ASKS) as pool:
                for call in [pool.submit(ask) for _ in range(MOST_ASKS)]:
                    call.result()
        assistant.behaviour = answers(reply("Back again."))
        assert client.ask({"text": "hello"}, client.deadline()).replies == [reply("Back again.")]


def test_many_who_ask_for_readiness_cost_one_look(
    assistant: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assistant_client, "READY_KEPT", 60.0)
    with client_of(assistant.url, 5) as client:
        assert client.ready()
        assistant.ready = False
        assert client.ready()


def test_readiness_is_what_the_assistant_says(assistant: FakeAssistant) -> None:
    with client_of(assistant.url, 5) as client:
        assert client.ready()
        assistant.ready = False
        assert not client.ready()
    assistant.ready = True
    with client_of(assistant.url, 5, "another-secret-entirely") as stranger:
        assert not stranger.ready()
