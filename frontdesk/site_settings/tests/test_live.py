"""The front desk as it runs in service: what survives, what holds, and what it never says."""

import json
import re
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from conversations.assistant_client import MOST_ASKS
from testkit.fake_assistant import (
    Exchange,
    FakeAssistant,
    Question,
    answers,
    crisis,
    reply,
    waits,
)
from testkit.live_server import HERE, LiveServer

MARK = "Zq7vKpersonal"


def post(server: LiveServer, **body: Any) -> httpx.Response:
    message = {"id": str(uuid.uuid4()), **body}
    url = f"{server.url}/api/chat/messages"
    return httpx.post(url, json=message, trust_env=False, timeout=30)


def rows(server: LiveServer, query: str) -> list[Any]:
    database = sqlite3.connect(server.data_dir / "frontdesk.sqlite3")
    try:
        with database:
            return database.execute(query).fetchall()
    finally:
        database.close()


# At rest


def test_waiting_for_the_assistant_fills_no_log(
    live: LiveServer, live_assistant: FakeAssistant
) -> None:
    live_assistant.ready = False
    before = live.log.read_text()
    time.sleep(1)  # a look counts for a second
    for path in ("/readyz", "/nothing-here", "/api/chat/messages"):
        assert httpx.get(live.url + path, trust_env=False).status_code >= 400
    assert live.log.read_text() == before


def test_what_is_kept_is_for_our_own_user_to_read(live: LiveServer) -> None:
    post(live, text="hello")
    modes = {path.name: path.stat().st_mode & 0o077 for path in live.data_dir.iterdir()}
    assert set(modes) >= {"frontdesk.sqlite3", "frontdesk.sqlite3-wal", "secret_key"}
    assert set(modes.values()) == {0}


# Under load and in trouble


def test_the_same_message_from_many_tabs_is_asked_once(
    live: LiveServer, live_assistant: FakeAssistant
) -> None:
    live_assistant.behaviour = waits(0.4)
    body = {"id": str(uuid.uuid4()), "text": "what is detox"}
    with ThreadPoolExecutor(10) as pool:
        responses = list(pool.map(lambda _: post(live, **body), range(10)))
    assert {response.status_code for response in responses} == {200}
    assert len({response.text for response in responses}) == 1
    assert len(live_assistant.questions) == 1


def test_a_stuck_assistant_leaves_the_rest_of_the_site_alive(
    live: LiveServer, live_assistant: FakeAssistant
) -> None:
    live_assistant.behaviour = waits(5)
    with ThreadPoolExecutor(MOST_ASKS + 6) as pool:
        calls = [pool.submit(post, live, text="help") for _ in range(MOST_ASKS + 6)]
        time.sleep(0.2)
        began = time.monotonic()
        assert httpx.get(f"{live.url}/chat", trust_env=False).status_code == 200
        assert time.monotonic() - began < 0.8
        replies = [call.result().json()["messages"][0] for call in calls]
    assert {one["kind"] for one in replies} == {"unavailable"}


def test_many_people_at_once_each_get_their_own_reply(
    live: LiveServer, live_assistant: FakeAssistant
) -> None:
    def echo(exchange: Exchange, question: Question) -> None:
        answers(reply(f"You said {question['text']}"))(exchange, question)

    live_assistant.behaviour = echo
    with ThreadPoolExecutor(12) as pool:
        responses = list(pool.map(lambda n: (n, post(live, text=f"words {n}")), range(60)))
    for number, response in responses:
        assert response.json()["messages"][0]["text"] == f"You said words {number}"


STALLS = {
    "in its head": b"POST /chat HTTP/1.1\r\nHost: localhost\r\n",
    "in its body": b"POST /chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\ntext=he",
}


@pytest.mark.parametrize("sent", STALLS.values(), ids=STALLS.keys())
def test_phones_that_fall_silent_do_not_hold_up_the_rest(live: LiveServer, sent: bytes) -> None:
    with ExitStack() as phones:
        for _ in range(40):  # more than the server has threads
            phone = socket.create_connection(("127.0.0.1", live.port))
            phones.enter_context(phone)
            phone.sendall(sent)
        assert httpx.get(f"{live.url}/healthz", trust_env=False, timeout=8).status_code == 200


def test_connections_kept_in_reserve_cost_nothing(live: LiveServer) -> None:
    with ExitStack() as browsers:
        for _ in range(40):
            browsers.enter_context(socket.create_connection(("127.0.0.1", live.port)))
        assert httpx.get(f"{live.url}/healthz", trust_env=False, timeout=1).status_code == 200


def test_a_message_survives_the_death_of_the_server_and_is_asked_again(
    own_live: LiveServer, _fake_assistant: FakeAssistant
) -> None:
    own_live.start()
    token = post(own_live, text="hello").json()["conversation"]
    asked = threading.Event()

    def never_answers(exchange: Exchange, question: Question) -> None:
        asked.set()
        time.sleep(3)

    _fake_assistant.behaviour = never_answers
    body = {"conversation": token, "id": str(uuid.uuid4()), "text": "he is not breathing"}
    with ThreadPoolExecutor(1) as pool:
        lost = pool.submit(post, own_live, **body)
        assert asked.wait(5)
        own_live.kill()
        with pytest.raises(httpx.TransportError):
            lost.result()
    assert rows(own_live, "SELECT text, state FROM conversations_message ORDER BY id") == [
        ("hello", "answered"),
        ("he is not breathing", "received"),
    ]
    _fake_assistant.behaviour = answers(crisis())
    own_live.start()
    again = post(own_live, **body)
    assert again.json() == {"conversation": token, "messages": [crisis()]}
    assert rows(own_live, "SELECT count(*) FROM conversations_message") == [(2,)]
    assert rows(own_live, "SELECT reason FROM conversations_flag") == [("crisis/overdose_now",)]


def test_the_database_is_safe_against_a_power_cut(live: LiveServer) -> None:
    script = (
        "import django; django.setup(); from django.db import connection as c; k = c.cursor()\n"
        "for p in ('journal_mode', 'synchronous', 'secure_delete', 'busy_timeout'):\n"
        "    print(k.execute('PRAGMA ' + p).fetchone()[0])"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=HERE,
        env={**live.environment, "DJANGO_SETTINGS_MODULE": "site_settings.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split() == ["wal", "2", "1", "10000"]


def test_nothing_that_was_redacted_or_erased_is_on_the_disk(own_live: LiveServer) -> None:
    own_live.start()
    body = {"text": f"{MARK} lives at 12 Quince Drive, call 215-555-0123"}
    token = post(own_live, **body).json()["conversation"]

    def disk() -> bytes:
        return b"".join(path.read_bytes() for path in own_live.data_dir.iterdir())

    assert MARK.encode() in disk()
    assert b"Quince" not in disk()
    assert b"555-0123" not in disk()
    erased = httpx.delete(
        f"{own_live.url}/api/chat", headers={"Authorization": f"Bearer {token}"}, trust_env=False
    )
    assert erased.status_code == 204
    assert MARK.encode() not in disk()
    assert token.encode() not in disk()


# Logs


def raw(server: LiveServer, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), 5) as connection:
        connection.sendall(sent)
        connection.settimeout(2)
        connection.recv(4096)


def test_no_log_line_has_a_text_a_token_a_payload_or_an_address(
    own_live: LiveServer, _fake_assistant: FakeAssistant
) -> None:
    own_live.start()
    choice = {"label": "More", "payload": f"/{MARK}"}
    _fake_assistant.behaviour = answers({**reply(MARK), "choices": [choice]})
    token = post(own_live, text=MARK).json()["conversation"]
    post(own_live, conversation=token, payload=f"/{MARK}")
    post(own_live, conversation=token, payload=f"/{MARK}-not-offered")
    for behaviour in (answers(), lambda exchange, question: exchange.send(500, MARK.encode())):
        _fake_assistant.behaviour = behaviour
        assert post(own_live, conversation=token, text=MARK).status_code == 200
    url = own_live.url
    for path in (f"/{MARK}", f"/api/{MARK}", f"/api/chat/messages?conversation={MARK}{token}"):
        httpx.get(url + path, trust_env=False)
    httpx.post(f"{url}/api/chat/messages", content=MARK, trust_env=False)
    httpx.post(f"{url}/chat", data={"id": MARK, "text": MARK}, trust_env=False)
    httpx.get(url, headers={"Host": f"{MARK}.example", "User-Agent": MARK}, trust_env=False)
    raw(own_live, f"GET /{MARK} HTTP/9.9\r\n\r\n".encode())
    raw(own_live, f"{MARK}\r\n\r\n".encode())
    raw(own_live, f"GET / HTTP/1.1\r\nHost: localhost\r\n{MARK} {MARK}\r\n\r\n".encode())
    # Now the database refuses.
    rows(own_live, "ALTER TABLE conversations_flag RENAME TO away")
    _fake_assistant.behaviour = answers(crisis())
    assert post(own_live, conversation=token, text=MARK).json()["messages"] == [crisis()]
    rows(own_live, "ALTER TABLE conversations_message RENAME TO gone")
    broken = post(own_live, conversation=token, text=MARK)
    assert (broken.status_code, broken.json()["error"]) == (500, "server_error")
    page = {"conversation": token, "id": str(uuid.uuid4()), "text": MARK}
    assert httpx.post(f"{url}/chat", data=page, trust_env=False).status_code == 500
    own_live.stop()
    log = own_live.log.read_text()
    assert "ERROR django.request: (message left out: it may quote a person)" in log
    assert "the assistant gave no answer: malformed: no replies" in log
    assert "django.db.utils.OperationalError" in log
    # The one address is where we listen ourselves.
    log = log.replace(f"Listening at: http://127.0.0.1:{own_live.port}", "")
    for private in (MARK, token, "127.0.0.1", json.dumps(crisis()["text"])):
        assert private not in log


# Its own rules


def test_no_number_or_link_is_typed_in_the_code() -> None:
    from conversations import texts

    contacts = {
        str(line[field])
        for line in texts.load().helplines.values()
        for field in ("number", "text", "tty", "url", "chat")
        if field in line
    }
    own = [
        path
        for kind in ("*.py", "*.html", "*.css")
        for folder in ("conversations", "web", "site_settings")
        for path in (HERE / folder).rglob(kind)
        if "tests" not in path.parts
    ]
    assert len(own) > 30
    allowed = {("redaction.py", "911"), ("redaction.py", "988")}  # numbers that stay unmasked
    strays = {
        (path.name, contact)
        for path in own
        for contact in contacts
        if re.search(rf"(?<![\w#,]){re.escape(contact)}(?!\w)", path.read_text(encoding="utf-8"))
    }
    assert strays <= allowed


def test_it_shares_no_code_with_the_assistant() -> None:
    script = (
        "import sys, django; django.setup(); import site_settings.wsgi, site_settings.urls\n"
        "print(sorted({'rasa', 'rasa_sdk', 'spacy', 'assistant', 'actions'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=HERE,
        env={"DJANGO_SETTINGS_MODULE": "site_settings.test_settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == "[]\n"
