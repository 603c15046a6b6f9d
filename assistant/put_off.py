"""The question that was put off because we asked about danger, or took it for one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.content import content, intent_of_topic
from assistant.language_reader import ENGLISH
from assistant.talk_so_far import key_of, replies_so_far
from assistant.talks import ASKED, danger_of
from assistant.understood import LANGUAGE, NEXT_REPLIES, RANKING

PLAIN = 0.5  # how likely a question must be, of all that the message may ask
MUCH = 0.25  # how likely it must be that it asks anything
ANSWERS = ("answer", "refusal")


def put_off(tracker: DialogueStateTracker) -> str | None:
    """The response to the question in this message, or in the one before ours; None if unclear.

    "no one is. can i take nyquil", "im not suicidal i asked how long it lasts": who says that
    nobody is in danger gets that answered.
    """
    replies = replies_so_far(tracker)
    before = key_of(replies[-1]) if replies else ""
    if danger_of(before) is None and not before.startswith(ASKED):
        return None
    is_step = before.startswith("step/")  # what was said before that has been answered
    said = [event.parse_data or {} for event in tracker.events if isinstance(event, UserUttered)]
    for data in reversed(said[-1 if is_step else -2 :]):
        if data.get(LANGUAGE, ENGLISH) != ENGLISH:
            return None
        key = next((key for key, chance in may_ask(data) if chance >= PLAIN), None)
        if key:
            return f"utter_{intent_of_topic(key)}"
    return None


def may_ask(data: dict[str, Any]) -> Iterator[tuple[str, float]]:
    """What a message may ask: by itself; then in its talk, of all that it may ask there."""
    by_itself = [(str(one["topic"]), one["confidence"]) for one in data.get(RANKING) or ()]
    yield from (entry for entry in by_itself if is_question(entry[0]))
    next_replies: dict[str, float] = data.get(NEXT_REPLIES) or {}
    asked = {key: chance for key, chance in next_replies.items() if is_question(key)}
    total = sum(asked.values())
    if total >= MUCH:
        yield from ((key, chance / total) for key, chance in asked.items())


def is_question(key: str) -> bool:
    """Whether a reply answers a question: it is no step after danger, and no courtesy."""
    answer = content().answers.get(f"utter_{intent_of_topic(key)}")
    return answer is not None and answer.kind in ANSWERS and not key.startswith("step/")
