"""The chat API: JSON in, JSON out, and a clear sentence when something is wrong with a request."""

import json
import re
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError

from conversations import retention, service, texts
from conversations.models import Message
from conversations.service import Incoming, UnknownChoice
from web import rate_limits

LARGEST_BODY = 16 * 1024

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

View = Callable[[HttpRequest], HttpResponse]


class Refused(Exception):
    """A request that is answered with an error: an HTTP status, a code and a sentence."""

    def __init__(self, status: int, code: str, text: str, **headers: str) -> None:
        super().__init__(code)
        self.status, self.code, self.text, self.headers = status, code, text, headers


def error(refused: Refused) -> JsonResponse:
    """Return an error as the API words it."""
    return JsonResponse(
        {"error": refused.code, "text": refused.text},
        status=refused.status,
        headers={name.replace("_", "-"): value for name, value in refused.headers.items()},
    )


def _json_api(view: View) -> View:
    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        try:
            rate_limits.count_request(request)
            return view(request)
        except Refused as refused:
            return error(refused)
        except rate_limits.TooFast as limit:
            words = texts.load().fixed["too_fast"]
            return error(Refused(429, "too_fast", words, Retry_After=str(limit.seconds)))
        except ObjectDoesNotExist:
            return error(
                Refused(404, "unknown_conversation", "There is no conversation with this token.")
            )

    return answer


@_json_api
def messages(request: HttpRequest) -> HttpResponse:
    """POST: take a message and answer it. GET: the talk so far."""
    if request.method == "POST":
        return _receive(request)
    if request.method == "GET":
        return _transcript(request)
    raise _wrong_method("GET, POST")


@_json_api
def conversation(request: HttpRequest) -> HttpResponse:
    """DELETE: erase the conversation with everything in it."""
    if request.method != "DELETE":
        raise _wrong_method("DELETE")
    retention.erase(_token_of(request))
    return HttpResponse(status=204)


def _receive(request: HttpRequest) -> HttpResponse:
    body = _json_body(request)
    token = _token(body.get("conversation"))
    incoming = Incoming(
        id=_message_id(body.get("id")),
        text=_text_or_none(body, "text"),
        payload=_text_or_none(body, "payload"),
    )
    if (incoming.text is None) == (incoming.payload is None):
        raise Refused(400, "bad_message", "Send either a text or a payload, and not both.")
    rate_limits.count_message(request, token)
    try:
        received = service.receive(token, incoming)
    except UnknownChoice:
        raise Refused(
            400, "unknown_payload", "This payload was not offered in this conversation."
        ) from None
    return JsonResponse({"conversation": received.token, "messages": received.replies})


def _transcript(request: HttpRequest) -> HttpResponse:
    token = _token_of(request)
    said: list[dict[str, Any]] = []
    for message in service.transcript(token):
        said += _both_sides(message)
    return JsonResponse({"conversation": token, "messages": said})


def _both_sides(message: Message) -> list[dict[str, Any]]:
    person = {"from": "person", "id": str(message.client_id), "text": message.text}
    return [person, *({"from": "assistant", **reply} for reply in message.replies)]


def _wrong_method(allowed: str) -> Refused:
    return Refused(405, "wrong_method", f"Use one of these methods: {allowed}.", Allow=allowed)


def content_length(request: HttpRequest) -> int:
    """Return how many bytes of body were announced; 0 when nothing usable was said."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    return int(announced) if announced.isdecimal() else 0


def _json_body(request: HttpRequest) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise Refused(415, "not_json", "Send JSON, with the content type application/json.")
    if content_length(request) > LARGEST_BODY:
        raise Refused(413, "too_large", "The request is larger than 16 KB.")
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError, UnreadablePostError):
        body = None
    if not isinstance(body, dict):
        raise Refused(400, "bad_json", "The request is not a JSON object.")
    return body


def _text_or_none(body: dict[str, Any], name: str) -> str | None:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise Refused(400, "bad_message", f"The {name} must be a string.")
    return value


def _message_id(value: object) -> uuid.UUID:
    # A UUID without a version, such as all zeros, would be nobody's own.
    if isinstance(value, str) and _UUID.fullmatch(value) and uuid.UUID(value).version:
        return uuid.UUID(value)
    raise Refused(400, "bad_id", "The id must be a new UUID for each message, kept for retries.")


def _token(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise Refused(400, "bad_token", "The conversation must be a token or null.")
    if not _TOKEN.fullmatch(value):
        raise ObjectDoesNotExist
    return value


def _token_of(request: HttpRequest) -> str:
    """Return the token from the Authorization header, the query, or a DELETE's JSON body."""
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    value: object = bearer.strip() if scheme.lower() == "bearer" else None
    value = value or request.GET.get("conversation")
    if value is None and request.method == "DELETE" and content_length(request):
        value = _json_body(request).get("conversation")
    token = _token(value)
    if token is None:
        raise Refused(400, "no_token", "Say which conversation, as Authorization: Bearer TOKEN.")
    return token
