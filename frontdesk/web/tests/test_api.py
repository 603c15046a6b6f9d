"""The chat API, as a client meets it."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from limits import parse
from pytest_django import Settings

from conversations import service, texts
from conversations.models import Conversation, Message
from testkit.fake_assistant import FakeAssistant, answers, reply
from web import rate_limits

pytestmark = pytest.mark.django_db

MESSAGES, CONVERSATION = "/api/chat/messages", "/api/chat"
CHOICES = [{"label": "Yes", "payload": "/affirm"}, {"label": "No", "payload": "/deny"}]
SOURCES = [{"title": "Heroin", "publisher": "NIDA", "url": "https://nida.example/heroin"}]
FULL_REPLY = {**reply("Do you want more?", "clarify"), "choices": CHOICES, "sources": SOURCES}


Response = Any  # the test client's response, which has no public type


@pytest.fixture
def api(assistant: FakeAssistant) -> Client:
    """A client of the front desk, whose assistant answers FULL_REPLY."""
    assistant.behaviour = answers(FULL_REPLY)
    return Client(raise_request_exception=False)


def new_id() -> str:
    return str(uuid.uuid4())


def post(api: Client, **body: object) -> Response:
    return post_raw(api, json.dumps({"id": new_id(), **body}))


def post_raw(api: Client, body: str | bytes, **headers: Any) -> Response:
    return api.post(MESSAGES, body, content_type="application/json", headers=headers)


def content(response: Response) -> dict[str, Any]:
    assert response.headers["Content-Type"] == "application/json"
    return dict(json.loads(response.content))


def start(api: Client) -> str:
    return str(content(post(api, text="hello"))["conversation"])


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


# Talking


@pytest.mark.parametrize("first", [{}, {"conversation": None}])
def test_a_first_message_starts_a_conversation(api: Client, first: dict[str, object]) -> None:
    response = post(api, text="what is heroin", **first)
    assert response.status_code == 200
    body = content(response)
    assert body == {"conversation": Conversation.objects.get().token, "messages": [FULL_REPLY]}
    assert len(body["conversation"]) == 32


def test_the_conversation_goes_on_with_its_token_and_the_choices(
    api: Client, assistant: FakeAssistant
) -> None:
    token = start(api)
    response = post(api, conversation=token, payload="/affirm")
    assert content(response)["conversation"] == token
    assert assistant.questions[1]["payload"] == "/affirm"


def test_the_talk_so_far_has_both_sides_in_order(api: Client, assistant: FakeAssistant) -> None:
    first, second, third = new_id(), new_id(), new_id()
    token = content(post(api, id=first, text="hi, 215-555-0199"))["conversation"]
    post(api, id=second, conversation=token, payload="/deny")
    assistant.behaviour = answers(reply("One."), reply("Two."))
    post(api, id=third, conversation=token, text="tell me more")
    expected = {
        "conversation": token,
        "messages": [
            {"from": "person", "id": first, "text": "hi, [phone]"},
            {"from": "assistant", **FULL_REPLY},
            {"from": "person", "id": second, "text": "No"},
            {"from": "assistant", **FULL_REPLY},
            {"from": "person", "id": third, "text": "tell me more"},
            {"from": "assistant", **reply("One.")},
            {"from": "assistant", **reply("Two.")},
        ],
    }
    assert content(api.get(MESSAGES, headers=bearer(token))) == expected
    assert content(api.get(MESSAGES, {"conversation": token})) == expected


def test_the_same_request_again_gets_the_same_response(
    api: Client, assistant: FakeAssistant
) -> None:
    body = json.dumps({"conversation": None, "id": new_id(), "text": "hello"})
    assert content(post_raw(api, body)) == content(post_raw(api, body))
    assert len(assistant.questions) == 1


def test_an_empty_text_gets_a_kind_reply(api: Client, assistant: FakeAssistant) -> None:
    body = content(post(api, text="  "))
    assert [one["text"] for one in body["messages"]] == [texts.load().fixed["empty"]]
    assert body["messages"][0]["kind"] == "fallback"
    assert assistant.questions == []


@pytest.mark.parametrize("words", ["nul \x00 here", "half \ud83d", "\x1b[2J", "\u202e\ufeff", "🙏"])
def test_any_characters_are_taken(api: Client, words: str) -> None:
    response = post(api, text=words)
    assert response.status_code == 200
    token = content(response)["conversation"]
    assert api.get(MESSAGES, headers=bearer(token)).status_code == 200


# Erasing


@pytest.mark.parametrize("way", ["bearer", "query", "body"])
def test_erasing_deletes_the_conversation(api: Client, way: str) -> None:
    token = start(api)
    if way == "bearer":
        response = api.delete(CONVERSATION, headers=bearer(token))
    elif way == "query":
        response = api.delete(f"{CONVERSATION}?conversation={token}")
    else:
        body = json.dumps({"conversation": token})
        response = api.delete(CONVERSATION, body, content_type="application/json")
    assert (response.status_code, response.content) == (204, b"")
    assert not Conversation.objects.exists()
    assert not Message.objects.exists()
    assert api.delete(CONVERSATION, headers=bearer(token)).status_code == 404
    assert post(api, conversation=token, text="hello").status_code == 404


# Requests that are refused

NOT_MESSAGES: list[tuple[str, str | bytes, int, str]] = [
    ("no JSON", "hello", 400, "bad_json"),
    ("half JSON", '{"id": ', 400, "bad_json"),
    ("not UTF-8", b'{"text": "\xff"}', 400, "bad_json"),
    ("a list", "[]", 400, "bad_json"),
    ("nothing", " ", 400, "bad_json"),
    ("nested too deep", "[" * 15_000, 400, "bad_json"),
    ("an endless number", '{"id": ' + "9" * 10_000 + "}", 400, "bad_json"),
    ("no id", '{"text": "hi"}', 400, "bad_id"),
    ("an id that is a number", '{"id": 1, "text": "hi"}', 400, "bad_id"),
    ("an id that is no UUID", '{"id": "1", "text": "hi"}', 400, "bad_id"),
    ("an id in braces", json.dumps({"id": "{" + new_id() + "}", "text": "hi"}), 400, "bad_id"),
    ("an id of zeros", json.dumps({"id": str(uuid.UUID(int=0)), "text": "hi"}), 400, "bad_id"),
    ("no text", json.dumps({"id": new_id()}), 400, "bad_message"),
    ("text null", json.dumps({"id": new_id(), "text": None}), 400, "bad_message"),
    ("a text and a payload", json.dumps({"id": new_id(), "text": "a", "payload": "b"}), 400,
     "bad_message"),
    ("a text that is a number", json.dumps({"id": new_id(), "text": 911}), 400, "bad_message"),
    ("a text that is a list", json.dumps({"id": new_id(), "text": ["a"]}), 400, "bad_message"),
    ("a payload that is a list", json.dumps({"id": new_id(), "payload": []}), 400, "bad_message"),
    ("a token that is a number", json.dumps({"id": new_id(), "text": "a", "conversation": 7}), 400,
     "bad_token"),
    ("an unknown token", json.dumps({"id": new_id(), "text": "a", "conversation": "x" * 32}), 404,
     "unknown_conversation"),
    ("an empty token", json.dumps({"id": new_id(), "text": "a", "conversation": ""}), 404,
     "unknown_conversation"),
    ("a token with a NUL", json.dumps({"id": new_id(), "text": "a", "conversation": "\x00"}), 404,
     "unknown_conversation"),
    ("half a character as token", json.dumps({"id": new_id(), "text": "a",
     "conversation": "\ud800"}), 404, "unknown_conversation"),
    ("a payload at the start", json.dumps({"id": new_id(), "payload": "/affirm"}), 400,
     "unknown_payload"),
    ("more than 16 KB", json.dumps({"id": new_id(), "text": "a" * 17_000}), 413, "too_large"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [row[1:] for row in NOT_MESSAGES],
    ids=[row[0] for row in NOT_MESSAGES],
)
def test_a_wrong_message_is_refused_in_words(
    api: Client, assistant: FakeAssistant, body: str | bytes, status: int, code: str
) -> None:
    response = post_raw(api, body)
    refusal = content(response)
    assert (response.status_code, refusal["error"]) == (status, code)
    assert refusal["text"].endswith(".")
    assert assistant.questions == []
    assert not Message.objects.exists()


def test_a_choice_that_was_not_offered_is_refused(api: Client) -> None:
    response = post(api, conversation=start(api), payload="/restart")
    assert (response.status_code, content(response)["error"]) == (400, "unknown_payload")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_only_json_is_taken(api: Client, kind: str) -> None:
    response = api.generic("POST", MESSAGES, b'{"text": "hi"}', content_type=kind)
    assert (response.status_code, content(response)["error"]) == (415, "not_json")


def test_a_large_body_is_refused_before_it_is_read(api: Client) -> None:
    class Unread(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise AssertionError("read")

    environ: dict[str, Any] = {
        "CONTENT_LENGTH": str(16 * 1024 + 1),
        "CONTENT_TYPE": "application/json",
        "wsgi.input": Unread(),
    }
    response = api.generic("POST", MESSAGES, **environ)
    assert response.status_code == 413


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [
        (MESSAGES, "PUT", "GET, POST"),
        (MESSAGES, "DELETE", "GET, POST"),
        (MESSAGES, "OPTIONS", "GET, POST"),
        (CONVERSATION, "GET", "DELETE"),
        (CONVERSATION, "POST", "DELETE"),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(
    api: Client, path: str, method: str, allowed: str
) -> None:
    response = api.generic(method, path)
    assert (response.status_code, response.headers["Allow"]) == (405, allowed)
    assert content(response)["error"] == "wrong_method"


@pytest.mark.parametrize(
    ("query", "headers", "status"),
    [
        ({}, {}, 400),
        ({}, {"Authorization": "Basic eDp5"}, 400),
        ({}, {"Authorization": "Bearer unknown"}, 404),
        ({"conversation": "unknown"}, {}, 404),
        ({"conversation": "\x00"}, {}, 404),
        ({"conversation": "x" * 5000}, {}, 404),
    ],
)
def test_a_talk_is_shown_to_its_token_only(
    api: Client, query: dict[str, str], headers: dict[str, str], status: int
) -> None:
    start(api)
    response = api.get(MESSAGES, query, headers=headers)
    assert response.status_code == status
    assert set(content(response)) == {"error", "text"}


def test_an_unknown_address_under_the_api_is_told_so_in_json(api: Client) -> None:
    response = api.get("/api/nothing")
    assert (response.status_code, content(response)["error"]) == (404, "not_found")


def test_when_we_break_the_person_still_learns_where_to_turn(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> None:
        raise DatabaseError("no disk")

    monkeypatch.setattr(service, "receive", broken)
    response = post(api, text="he is not breathing")
    assert response.status_code == 500
    assert content(response) == {
        "error": "server_error",
        "text": texts.load().fixed["unavailable"],
    }


# Too many


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Limits that a test reaches soon."""
    monkeypatch.setattr(rate_limits, "MESSAGES", parse("3/minute"))
    monkeypatch.setattr(rate_limits, "STARTS", parse("4/minute"))
    monkeypatch.setattr(rate_limits, "REQUESTS", parse("9/minute"))
    yield


def assert_too_fast(response: Response) -> None:
    assert response.status_code == 429
    assert 1 <= int(response.headers["Retry-After"]) <= 60
    assert content(response) == {"error": "too_fast", "text": texts.load().fixed["too_fast"]}


def test_a_conversation_has_thirty_messages_a_minute(api: Client, assistant: FakeAssistant) -> None:
    token = start(api)
    statuses = [post(api, conversation=token, text="hi").status_code for _ in range(30)]
    assert statuses == [200] * 30
    assert_too_fast(post(api, conversation=token, text="hi"))
    assert len(assistant.questions) == 31
    assert post(api, text="hi from someone else").status_code == 200


def test_the_limits_are_what_we_promise() -> None:
    limits = (rate_limits.MESSAGES, rate_limits.REQUESTS, rate_limits.STARTS)
    assert [str(limit) for limit in limits] == [
        "30 per 1 minute",
        "1200 per 1 minute",
        "600 per 1 minute",
    ]


def test_one_address_starts_only_so_many_conversations(api: Client, few: None) -> None:
    for _ in range(4):
        start(api)
    assert_too_fast(post(api, text="hello"))
    other = json.dumps({"id": new_id(), "text": "hello"})
    assert (
        api.post(MESSAGES, other, content_type="application/json", REMOTE_ADDR="10.9.8.7")
    ).status_code == 200


def test_one_address_makes_only_so_many_requests(api: Client, few: None) -> None:
    for _ in range(9):
        api.get(MESSAGES)
    assert_too_fast(api.get(MESSAGES))
    assert api.get(MESSAGES, REMOTE_ADDR="10.9.8.7").status_code == 400


@pytest.mark.parametrize("claimed", ["X-Forwarded-For", "X-Real-IP", "Forwarded"])
def test_a_claimed_address_counts_for_nothing(api: Client, few: None, claimed: str) -> None:
    for last in range(9):
        api.get(MESSAGES, headers={claimed: f"10.0.0.{last}"})
    assert_too_fast(api.get(MESSAGES, headers={claimed: "10.0.0.99"}))


def test_a_household_counts_as_one_in_ipv6(api: Client, few: None) -> None:
    for last in range(9):
        api.get(MESSAGES, REMOTE_ADDR=f"2001:db8:1:2::{last}")
    assert_too_fast(api.get(MESSAGES, REMOTE_ADDR="2001:db8:1:2:ffff::1"))
    assert api.get(MESSAGES, REMOTE_ADDR="2001:db8:1:3::1").status_code == 400


# Other sites


@pytest.fixture
def one_site(settings: Settings) -> None:
    """Allow one other site to use the API from its pages."""
    settings.FOOTHOLD = replace(
        settings.FOOTHOLD, allowed_origins=frozenset({"https://clinic.example"})
    )


@pytest.mark.parametrize(
    "origin", ["https://clinic.example.evil.example", "http://clinic.example", "null", None]
)
def test_other_sites_may_not_read_the_api(api: Client, one_site: None, origin: str | None) -> None:
    headers = {"Origin": origin} if origin else {}
    for response in (
        api.generic("OPTIONS", MESSAGES, headers=headers),
        api.get(MESSAGES, headers=headers),
    ):
        assert not [name for name in response.headers if name.startswith("Access-Control-")]
        assert response.headers["Vary"] == "Origin"


def test_an_allowed_site_may(api: Client, one_site: None) -> None:
    headers = {"Origin": "https://clinic.example"}
    before = api.generic("OPTIONS", MESSAGES, headers=headers)
    assert before.status_code == 204
    assert before.headers["Access-Control-Allow-Methods"] == "GET, POST, DELETE"
    assert before.headers["Access-Control-Allow-Headers"] == "Authorization, Content-Type"
    response = post_raw(api, json.dumps({"id": new_id(), "text": "hi"}), **headers)
    assert response.headers["Access-Control-Allow-Origin"] == "https://clinic.example"
    assert "Access-Control-Allow-Credentials" not in response.headers


def test_by_default_no_other_site_may(api: Client) -> None:
    response = api.get(MESSAGES, headers={"Origin": "https://clinic.example"})
    assert "Access-Control-Allow-Origin" not in response.headers
