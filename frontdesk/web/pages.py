"""The pages for people, all of which work without scripts."""

import uuid
from contextlib import suppress
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from conversations import retention, service, texts
from conversations.service import Incoming, UnknownChoice
from web import rate_limits
from web.api import LARGEST_BODY, content_length

# A form writes many characters as three bytes each.
LARGEST_FORM = 3 * LARGEST_BODY

GONE = (
    "This conversation is no longer kept here. What you wrote is still below. "
    "Send it to start a new conversation."
)
OLD_BUTTON = "That button is no longer there. Please pick another one, or write in your own words."


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show who we are and the way to the chat."""
    return render(request, "web/home.html")


def chat(request: HttpRequest) -> HttpResponse:
    """Show the conversation; a POST adds a message to it first.

    There is no redirect after a POST, so that the token never stands in an address. Loading the
    page again sends the same message with the same id, which asks nothing twice.
    """
    if request.method == "POST":
        return _said(request)
    return _chat(request) if request.method in ("GET", "HEAD") else _wrong_method()


@require_POST
def erase(request: HttpRequest) -> HttpResponse:
    """Erase the conversation, and show an empty page that says so."""
    token = request.POST.get("conversation", "")
    with suppress(ObjectDoesNotExist):  # erased before, as when this page is loaded again
        retention.erase(token.replace("\x00", ""))
    return _chat(request, done="This conversation is erased. Nothing of it is kept here.")


def _said(request: HttpRequest) -> HttpResponse:
    fixed = texts.load().fixed
    if content_length(request) > LARGEST_FORM:
        return _chat(request, problem=fixed["too_long"], status=413)
    try:
        token = request.POST.get("conversation", "").replace("\x00", "") or None
    except UnreadablePostError:  # the connection broke on the way here
        return HttpResponse(status=400)
    payload = request.POST.get("payload")
    text = request.POST.get("text", "")
    if len(text) > LARGEST_BODY:
        return _chat(request, token, draft=text, problem=fixed["too_long"], status=413)
    incoming = Incoming(
        id=_message_id(request.POST.get("id", ""), text if payload is None else payload),
        text=text if payload is None else None,
        payload=payload,
    )
    try:
        rate_limits.count_request(request)
        rate_limits.count_message(request, token)
        received = service.receive(token, incoming)
    except rate_limits.TooFast as limit:
        page = _chat(request, token, draft=text, problem=fixed["too_fast"], status=429)
        page.headers["Retry-After"] = str(limit.seconds)
        return page
    except UnknownChoice:
        return _chat(request, token, draft=text, problem=OLD_BUTTON, status=400)
    except ObjectDoesNotExist:
        return _chat(request, draft=text, problem=GONE, status=404)
    # Words typed but not sent stay in the field when a button was pressed instead.
    return _chat(request, received.token, draft="" if payload is None else text)


def _message_id(field: str, content: str) -> uuid.UUID:
    """Return the message's id: the same for a page loaded again, another for other words.

    Someone may go back to a page and send something else from it; that is a new message.
    """
    try:
        page = uuid.UUID(field)
    except ValueError:
        page = uuid.uuid4()
    return uuid.uuid5(page, content.encode("utf-8", "replace").decode())


def _wrong_method() -> HttpResponse:
    return HttpResponse("Use GET or POST.", status=405, headers={"Allow": "GET, POST"})


def _chat(
    request: HttpRequest,
    token: str | None = None,
    *,
    draft: str = "",
    problem: str = "",
    done: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show the chat page.

    draft: what stands in the field; problem: why it was not sent; done: what else happened.
    """
    context: dict[str, Any] = {
        "token": token,
        "id": uuid.uuid4(),
        "messages": [],
        "draft": draft,
        "problem": problem,
        "done": done,
        "welcome": texts.load().fixed["welcome"],
    }
    if token is not None:
        try:
            context["messages"] = service.transcript(token)
        except ObjectDoesNotExist:
            context["token"] = None
    return render(request, "web/chat.html", context, status=status)
