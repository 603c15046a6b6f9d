"""What a message means after an answer to danger, or after a question of ours about one.

What it may lead to was ranked by `next_step.py`; here the talk so far tells which of that is
possible.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message

from assistant.content import topic_of_response
from assistant.danger.situations import OTHER, STAY, heard, is_writer
from assistant.decision import is_danger
from assistant.replies import NOT_IN_DANGER, RECENT, REPLY, SAID
from assistant.understood import DANGER, DID_YOU_MEAN, FALLBACK, NEXT_STEPS

Ranking = dict[str, float]

# How likely a step must be: rather than another danger, after an answer to danger, around one, and
# against what the danger screen sees.
MAYBE, LIKELY, CLEARLY, SURELY = 0.3, 0.5, 0.7, 0.85
AT_ONCE = {"crisis/overdose_now", "crisis/medical_emergency"}
A_FEW = 3  # words
ASKED_FOR = ("help/", "chat/", "refuse/")  # topics of what is said in few words and is no fact
ASKS = {
    "is", "are", "was", "can", "could", "do", "does", "did", "will", "would", "should", "what",
    "whats", "how", "why", "when", "where", "who", "need", "want", "find",
}  # fmt: skip
UNCLEAR = {"chat/out_of_scope", "chat/repeat", DID_YOU_MEAN, FALLBACK}
YES_OR_NO = {"chat/affirm", "chat/deny"}


def replies_so_far(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """The replies of the turns that are remembered, oldest first."""
    return [
        {**event.metadata[REPLY], SAID: event.metadata.get(SAID)}
        for event in tracker.events
        if isinstance(event, BotUttered) and REPLY in event.metadata
    ]


@dataclass(frozen=True)
class Heard:
    """What a message may mean in the middle of an emergency, and what is known of that."""

    ranking: Ranking = field(default_factory=dict)  # steps, with probabilities
    alarm: Ranking = field(default_factory=dict)  # of the message that was answered as danger
    asked_about: str | None = None  # the danger that our question was about, if the reply was one


def who_took(replies: list[dict[str, Any]], what: Heard) -> bool | None:
    """Whether it is the writer who took too much; None if that is not clear."""
    return is_writer([step_of(one) for one in replies], what.alarm)


def step_of(reply: dict[str, Any]) -> str:
    """The key of a reply, the same in every language."""
    return topic_of_response(str(reply.get(SAID)).removesuffix("_es"))


def is_a_fact(topic: str, text: str) -> bool:
    """Whether a few words, such as a drug's name, rather tell more than ask for something."""
    words = text.lower().split()
    is_asked = "?" in text or bool(ASKS & {*words[:1]}) or topic.startswith(ASKED_FOR)
    return len(words) <= A_FEW and not is_asked and not is_danger(topic)


def denies_a_sign(text: str) -> bool:
    """Whether one sign is denied ("no fever"), which is no all-clear."""
    words = text.lower().split()
    return words[:1] in (["no"], ["not"], ["sin"]) and 1 < len(words) <= A_FEW


def is_another(topic: str, told: dict[str, Any]) -> bool:
    """Whether a message sounds like another danger than the one that was told."""
    is_same = topic == told["topic"] or {topic, told["topic"]} <= AT_ONCE
    return is_danger(topic) and not is_same


def is_worse(topic: str, told: dict[str, Any]) -> bool:
    """Whether it sounds like one that cannot wait, and the one that was told can."""
    return topic in AT_ONCE and told["topic"] not in AT_ONCE


def heard_after_danger(
    topic: str, text: str, replies: list[dict[str, Any]], what: Heard
) -> tuple[str, float] | None:
    """What a message means after an answer to danger, or after a question of ours about one.

    Also how likely that is. None if it stands by itself: it may be a question about something else.
    """
    recent = [reply for reply in replies[-RECENT:] if is_danger(str(reply["topic"]))]
    if not recent:
        return None
    told, last = recent[-1], replies[-1]
    is_question = last["kind"] == "clarify"
    about = str(what.asked_about if told is last and is_question else told["topic"])
    meant = heard(what.ranking, about, who_took(replies, what))
    if meant is None:
        return None
    label, chance = meant
    if told is not last:  # they went on since: only what is clear, and not understood otherwise
        goes_on = label not in (STAY, OTHER, NOT_IN_DANGER) and chance >= CLEARLY
        return meant if goes_on and topic in UNCLEAR | YES_OR_NO else None
    least = MAYBE if is_another(topic, told) else LIKELY
    if label == NOT_IN_DANGER and told["topic"] in AT_ONCE and denies_a_sign(text):
        label = STAY
    sounds_bad = is_danger(topic) or told["topic"] in AT_ONCE
    if (label == NOT_IN_DANGER and sounds_bad) or is_worse(topic, told):
        least = SURELY  # what the screen sees comes before
    if label == OTHER or chance < least:
        if is_question or not is_a_fact(topic, text):
            return None
        label = STAY
    if label == STAY:
        step = step_of(last)
        label = step if step.startswith("step/") else about
    return label, chance


def heard_in(message: Message, tracker: DialogueStateTracker) -> Heard:
    """What a message may mean in the middle of an emergency that its talk has told of."""
    data: dict[str, Any] = {}
    alarm: Ranking = {}
    asked_about: str | None = None
    was_crisis = False
    for event in tracker.events:
        if isinstance(event, UserUttered):
            data = dict(event.parse_data or {})
        elif isinstance(event, BotUttered) and REPLY in event.metadata:
            is_crisis = is_danger(str(event.metadata[REPLY]["topic"]))
            if is_crisis and not was_crisis:
                alarm = data.get(NEXT_STEPS) or {}
            was_crisis = is_crisis
            is_question = is_crisis and event.metadata[REPLY]["kind"] == "clarify"
            asked_about = (data.get(DANGER) or {}).get("topic") if is_question else None
    return Heard(message.get(NEXT_STEPS) or {}, alarm, asked_about)
