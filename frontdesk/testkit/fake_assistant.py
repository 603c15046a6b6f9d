"""An assistant to order, on a real socket: it answers, waits, drips, breaks off."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "the-secret-of-the-tests"

Question = dict[str, str]
Behaviour = Callable[["Exchange", Question], None]


def reply(
    text: str = "Heroin is an opioid.", kind: str = "answer", topic: str = "heroin/what_is"
) -> dict[str, Any]:
    """Return a reply in the agreed shape."""
    return {"topic": topic, "kind": kind, "text": text, "choices": [], "sources": []}


def crisis(topic: str = "crisis/overdose_now") -> dict[str, Any]:
    """Return the reply to a person in danger."""
    return reply("Call 911 now. Give naloxone if you have it.", "crisis", topic)


class Exchange(BaseHTTPRequestHandler):
    """One request to the fake assistant."""

    server: "FakeAssistant"
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body leave together

    def do_POST(self) -> None:
        """Note the question and behave as ordered."""
        length = int(self.headers["Content-Length"])
        question = json.loads(self.rfile.read(length))
        with self.server.noting:
            self.server.questions.append(question)
            self.server.authorizations.append(self.headers["Authorization"])
            self.server.paths.append(self.path)
        try:
            self.server.behaviour(self, question)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the front desk had waited long enough

    def do_GET(self) -> None:
        """Say whether ready."""
        known = self.headers["Authorization"] == f"Bearer {SECRET}"
        ready = self.server.ready and known and self.path == "/webhooks/frontdesk/ready"
        self.send(200 if ready else 503, b"{}")

    def send(self, status: int, body: bytes, **headers: str) -> None:
        """Send a whole response."""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class FakeAssistant(ThreadingHTTPServer):
    """Listens on a free port of this machine; behaviour says what it does with a question."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Exchange)
        self.noting = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Forget all questions and answer plainly again."""
        self.questions: list[Question] = []
        self.authorizations: list[str | None] = []
        self.paths: list[str] = []
        self.behaviour: Behaviour = answers(reply())
        self.ready = True

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"


def answers(*replies: dict[str, Any], understood: dict[str, Any] | None = None) -> Behaviour:
    """Answer each question with these replies."""
    return sends(json.dumps({"replies": replies, "understood": understood or {}}).encode())


def answers_by(choose: Callable[[str], dict[str, Any]]) -> Behaviour:
    """Answer each question with the one reply chosen for its text."""

    def behave(exchange: Exchange, question: Question) -> None:
        body = {"replies": [choose(question.get("text", ""))], "understood": {}}
        exchange.send(200, json.dumps(body).encode())

    return behave


def sends(body: bytes, status: int = 200, **headers: str) -> Behaviour:
    """Send these bytes whatever the question."""
    return lambda exchange, question: exchange.send(status, body, **headers)


def waits(seconds: float, then: Behaviour | None = None) -> Behaviour:
    """Wait, then do something else, or answer plainly."""

    def behave(exchange: Exchange, question: Question) -> None:
        time.sleep(seconds)
        (then or answers(reply()))(exchange, question)

    return behave


def drips(head: bytes, drop: bytes, pause: float = 0.1, drops: int = 200) -> Behaviour:
    """Send the head at once and then a few bytes at a time, for very long."""

    def behave(exchange: Exchange, question: Question) -> None:
        exchange.wfile.write(head)
        for _ in range(drops):
            exchange.wfile.write(drop)
            exchange.wfile.flush()
            time.sleep(pause)
        exchange.close_connection = True

    return behave


def breaks_off(sent: bytes = b"") -> Behaviour:
    """Send a part of an answer and hang up."""

    def behave(exchange: Exchange, question: Question) -> None:
        exchange.wfile.write(sent)
        exchange.wfile.flush()
        exchange.close_connection = True

    return behave


@contextmanager
def running() -> Iterator[FakeAssistant]:
    """Run a fake assistant in a thread of its own."""
    assistant = FakeAssistant()
    thread = threading.Thread(target=assistant.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield assistant
    finally:
        assistant.shutdown()
        assistant.server_close()
        thread.join()
