"""The shape of a reply, the same from the assistant to the API, and the check that it has it."""

import json
import re
from collections.abc import Mapping
from typing import Any, Literal, TypedDict, get_args

Kind = Literal[
    "answer", "crisis", "refusal", "clarify", "fallback", "flow", "smalltalk", "unavailable"
]
KINDS: frozenset[str] = frozenset(get_args(Kind))

# Said by the front desk itself, so about no topic that the assistant knows.
OWN_TOPIC = "chat/out_of_scope"

_TOPIC = re.compile(r"[a-z0-9_]{1,60}/[a-z0-9_]{1,60}")


class Choice(TypedDict):
    """A button: what it says, and what it sends back."""

    label: str
    payload: str


class Source(TypedDict):
    """Where an answer comes from."""

    title: str
    publisher: str
    url: str


class Reply(TypedDict):
    """One thing that the assistant says."""

    topic: str
    kind: str
    text: str
    choices: list[Choice]
    sources: list[Source]


class MalformedReply(ValueError):
    """The assistant's words are not in the shape we agreed on."""


def own_reply(kind: Kind, text: str) -> Reply:
    """Return a reply of the front desk itself."""
    return Reply(topic=OWN_TOPIC, kind=kind, text=text, choices=[], sources=[])


def read_replies(value: object) -> list[Reply]:
    """Check what the assistant sent and keep only the agreed fields.

    Raises MalformedReply when it is not a list of at least one whole reply.
    """
    if not isinstance(value, list) or not value:
        raise MalformedReply("no replies")
    return [_reply(item) for item in value]


def require_storable(value: object) -> None:
    """Raise MalformedReply for JSON that Python reads but a database refuses to keep."""
    try:
        written = json.dumps(value, ensure_ascii=False, allow_nan=False)
        written.encode("utf-8")
    except (ValueError, RecursionError):  # NaN, half a character, nested too deep
        raise MalformedReply("not storable") from None
    if "\\u0000" in written:
        raise MalformedReply("not storable")


def _reply(item: object) -> Reply:
    if not isinstance(item, Mapping):
        raise MalformedReply("a reply is not an object")
    topic, kind = _string(item, "topic"), _string(item, "kind")
    if not _TOPIC.fullmatch(topic) or kind not in KINDS:
        raise MalformedReply("unknown topic form or kind")
    return Reply(
        topic=topic,
        kind=kind,
        text=_string(item, "text"),
        choices=[
            Choice(label=_string(choice, "label"), payload=_string(choice, "payload"))
            for choice in _objects(item, "choices")
        ],
        sources=[_source(source) for source in _objects(item, "sources")],
    )


def _source(item: Mapping[str, Any]) -> Source:
    url = _string(item, "url")
    if not url.startswith(("https://", "http://")):
        raise MalformedReply("a source is not a web address")
    return Source(title=_string(item, "title"), publisher=_string(item, "publisher"), url=url)


def _string(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    if not isinstance(value, str) or not value.strip():
        raise MalformedReply(f"{name} is not a text")
    return value


def _objects(item: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = item.get(name, [])
    if not isinstance(value, list) or not all(isinstance(entry, Mapping) for entry in value):
        raise MalformedReply(f"{name} is not a list of objects")
    return value
