"""Rasa channel for the front desk: a bounded text in, replies and what was understood out.

`POST /webhooks/frontdesk/messages` with the shared secret and
`{"conversation": id, "channel": "web" | "sms", "text": ...}` (or `"payload": topic id`) answers
`{"replies": [{topic, kind, text, choices, sources}], "understood": {...}}`.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant.content import content
from assistant.talk_so_far import REPLY, UNDERSTOOD
from assistant.understood import chosen

logger = logging.getLogger(__name__)

LONGEST_TEXT = 2_000  # the front desk allows 1,000; masked numbers may make a text longer
LONGEST_ID = 100
CHANNELS = ("web", "sms")


class Replies(OutputChannel):
    """Collects what the assistant says in one turn."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self.said: list[dict[str, Any]] = []
        self.understood: dict[str, Any] = {}

    def name(self) -> str:
        """The channel whose wording is wanted."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one reply as the contract names its parts."""
        if message.get("text") and REPLY in message:
            self.said.append({"text": message["text"], **message[REPLY]})
            self.understood = message[UNDERSTOOD]


def as_text(text: str) -> str:
    """What a person typed, never a command to Rasa, whose payloads start with a slash."""
    return text.strip().lstrip("/").strip() or "?"


class FrontDeskInput(InputChannel):
    """Lets the front desk, and nobody else, talk to the assistant."""

    @classmethod
    def name(cls) -> str:
        """The name in the channel's address."""
        return "frontdesk"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> FrontDeskInput:
        """Read the shared secret of `credentials.yml`."""
        secret = str((credentials or {}).get("secret") or "")
        if not secret or secret.startswith("${"):
            raise ValueError("Set FOOTHOLD_ASSISTANT_SECRET, or start with `make run`, which does.")
        return cls(secret)

    def __init__(self, secret: str) -> None:
        self._expected = f"Bearer {secret}".encode()
        self._choices = {answer.key for answer in content().answers.values()}

    def _allowed(self, request: Request) -> bool:
        given = request.headers.get("authorization", "").encode()
        return hmac.compare_digest(given, self._expected)

    def _message(self, body: Any, channel: Replies) -> UserMessage | str:
        """The message in a request, or what is wrong with the request."""
        if not isinstance(body, dict):
            return "The body must be a JSON object."
        conversation, text, payload = (
            body.get(part) for part in ("conversation", "text", "payload")
        )
        if not isinstance(conversation, str) or not 0 < len(conversation) <= LONGEST_ID:
            return "`conversation` must be a short id."
        if body.get("channel") not in CHANNELS:
            return f"`channel` must be one of {', '.join(CHANNELS)}."
        if (text is None) == (payload is None):
            return "Give either `text` or `payload`."
        about: dict[str, Any] = {"sender_id": conversation, "input_channel": body["channel"]}
        if payload is not None:
            if payload not in self._choices:
                return "`payload` is neither a topic nor a step."
            return UserMessage("", channel, parse_data=chosen(payload), **about)
        if not isinstance(text, str) or len(text) > LONGEST_TEXT:
            return f"`text` must be a text of up to {LONGEST_TEXT} characters."
        return UserMessage(as_text(text), channel, **about)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The two addresses that the front desk calls."""
        routes = Blueprint("frontdesk")

        @routes.get("/ready")
        async def ready(request: Request) -> HTTPResponse:
            if not self._allowed(request):
                return response.json({"error": "The shared secret is missing or wrong."}, 401)
            agent: Agent | None = getattr(request.app.ctx, "agent", None)
            if agent is None or not agent.is_ready():
                return response.json({"error": "No trained model is loaded."}, 503)
            return response.json({"status": "ready"})

        @routes.post("/messages")
        async def messages(request: Request) -> HTTPResponse:
            if not self._allowed(request):
                return response.json({"error": "The shared secret is missing or wrong."}, 401)
            body: Any = request.json
            replies = Replies(str(body.get("channel")) if isinstance(body, dict) else "")
            message = self._message(body, replies)
            if isinstance(message, str):
                return response.json({"error": message}, 400)
            try:
                await on_new_message(message)
            except Exception as error:
                # Its text may hold the person's words, so only its kind is logged.
                logger.error("A message could not be answered: %s", type(error).__name__)
                return response.json({"error": "The message could not be answered."}, 500)
            return response.json({"replies": replies.said, "understood": replies.understood})

        return routes
