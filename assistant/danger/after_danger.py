"""What is said next once danger was told: what talks have taught, within what is safe to say.

`next_reply.py` ranks what may be said next. Here what the danger screen sees comes before, nothing
but a plain all-clear ends an emergency, and who took too much is not told to breathe for somebody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.danger.phrases import lists, tidy
from assistant.danger.situations import (
    ALL_CLEAR,
    STAY,
    is_writer,
    steps_for_others,
    steps_for_writer,
)
from assistant.decision import is_danger
from assistant.parts import asks
from assistant.talk_so_far import AT_ONCE, RECENT, REPLY, key_of, moment_of
from assistant.talks import ASKED, danger_of
from assistant.understood import ALSO_ASKED, DANGER, NEXT_REPLIES

Ranking = dict[str, float]

# How likely what is said next must be: at all, to leave an emergency, against what may be another
# danger, and against what the screen sees or a doubt.
LIKELY, RATHER, CLEARLY, SURELY = 0.2, 0.4, 0.6, 0.85
HALF = 0.5  # from which the screen is sure of a danger by itself
A_FEW = 3  # words
SAID_AT_ALL_CLEAR = {"false", "kidding", "joking", "anymore", "emergency", "danger"}
TOOK = (
    r"(?:took|taken|take|ate|swallowed|drank|did|done|used|shot|smoked|snorted|od|ods?d|oded"
    r"|overdosed|popped)"
)
I_TOOK = re.compile(
    rf"\b(?:i|ive|we|weve|me and (?:\w+ ){{1,2}}) ?"
    rf"(?:(?:just|both|all|have|already|also|only|think i) )*{TOOK}\b"
)
OF_THEM = re.compile(r"\b(he|hes|she|shes|him|her|his|they|theyre|them|el|ella)\b")
# What sounds like an all-clear and is none.
IN_EARNEST = re.compile(
    r"\b(?:not|aint|isnt|wasnt|no|never) (?:a |even |just |really )?"
    r"(?:jok\w*|kiddin\w*|play\w*|movie|game|lying|drill|prank|ok|okay|safe|alright|false)\b"
    r"|\b(?:dont|doesnt|didnt|never) (?:even )?(?:feel|seem|look) (?:safe|ok|okay|right)\b"
    r"|\b(?:dead|so|im|hes|shes|was|100) serious\b|\b(?:means|meant|meaning) (?:it|every)\b"
    r"|\b(?:its|it is|is|am) me (?:in|that|who)\b|\b(?:i|im|i am) (?:the one )?in danger\b"
)
# What somebody else says, or hopes, is no all-clear in an emergency.
IN_DOUBT = re.compile(r"\b(?:says|said|thinks?|sleep it off|dramatic|probably|maybe|hopefully)\b")
LISTENING = "still_listening"  # a line between two answers
LOW = "chat/feeling_low"
MYSELF, DIED, AT_HOSPITAL = "step/myself", "step/died", "step/at_hospital"
HELP_IS_THERE = {"step/medics_here", AT_HOSPITAL, DIED}  # what they ask now is no longer urgent
DEATH = {DIED, "step/may_have_died"}
IS_ALIVE = re.compile(r"\b(?:not|isnt|aint|no esta) (?:dead|gone|muert[oa])\b|\bstill alive\b")


@dataclass(frozen=True)
class Heard:
    """What is known of a message after danger."""

    ranking: Ranking = field(default_factory=dict)  # what may be said next, with probabilities
    danger: dict[str, Any] | None = None  # what the screen sees in it
    told: str | None = None  # the danger that was told in this talk
    alarm: Ranking = field(default_factory=dict)  # what might have been said to its first message
    asked_about: str | None = None  # the danger that our question was about, if the reply was one
    of_another: bool = False  # whether that message plainly names somebody else who took something
    of_them: bool = False  # whether this message speaks of somebody else
    asks: bool = False  # whether it asks something
    asks_two: bool = False  # whether it has two clear questions

    @property
    def topic(self) -> str | None:
        """The danger that the screen sees, if any."""
        return (self.danger or {}).get("topic")

    @property
    def level(self) -> str | None:
        """How sure the screen is of it, if it sees any: `sure`, `maybe` or `near`."""
        return (self.danger or {}).get("level")

    @property
    def signs(self) -> list[str]:
        """The signs of danger that phrases found."""
        return (self.danger or {}).get("signs") or []


def who_took(replies: list[dict[str, Any]], what: Heard) -> bool | None:
    """Whether it is the writer who took too much; None if that is not clear."""
    alarm = {} if what.of_another else what.alarm
    took = is_writer([key_of(one) for one in replies], alarm)
    if took and what.of_them and is_writer([], what.ranking) is False:
        return False  # "gave her another": one step that was misheard must not hold
    return False if what.of_another and took is None else took


@cache
def they_took() -> re.Pattern[str]:
    """Finds somebody else taking something: "my husband took"."""
    return re.compile(rf"\b(?:{'|'.join(lists()['this_person'])}) (?:\w+ ){{0,2}}?{TOOK}\b")


def names_another(text: str) -> bool:
    """Whether a message names somebody else who took something: "my husband took a lot of pills".

    Not if it also says that the writer did.
    """
    text = tidy(text)
    return bool(they_took().search(text)) and not I_TOOK.search(text)


def holds(replies: list[dict[str, Any]], about: str) -> str:
    """What is said again to who tells more: the step that was last, or the answer to the danger."""
    keys = (key_of(reply) for reply in reversed(replies))
    key = next((one for one in keys if one != LISTENING), "")
    return key if key.startswith("step/") else about


def is_answerable(topic: str) -> bool:
    """Whether a message was understood as a question of its own, which has an answer."""
    return "/" in topic and not topic.startswith(
        ("crisis/", "chat/", "step/", "ask/", "help/place")
    )


def denies_a_sign(text: str) -> bool:
    """Whether one sign is denied ("no fever"), which is no all-clear."""
    words = text.lower().split()
    is_short = 1 < len(words) <= A_FEW
    return (
        words[:1] in (["no"], ["not"], ["sin"]) and is_short and not SAID_AT_ALL_CLEAR & set(words)
    )


def is_another(topic: str, told: str) -> bool:
    """Whether a message sounds like another danger than the one that was told."""
    return is_danger(topic) and topic != told and not {topic, told} <= AT_ONCE


def is_all_clear(key: str) -> bool:
    """Whether a reply leaves the danger: it is over, never was, or something else is answered."""
    return key in ALL_CLEAR or not (key in (STAY, DIED) or danger_of(key))


def is_a_fact(key: str, text: str) -> bool:
    """Whether few words, such as a drug's name or a town, rather tell more than ask."""
    words = len(text.split())
    is_short = words <= A_FEW if is_answerable(key) else key == AT_HOSPITAL and words < A_FEW
    return is_short and not asks(text)


def is_no_all_clear(text: str) -> bool:
    """Whether a text takes back, or leaves in doubt, that all is well."""
    plain = tidy(text)
    return bool(IN_EARNEST.search(plain) or IN_DOUBT.search(plain) or denies_a_sign(text))


def next_in_danger(
    text: str, replies: list[dict[str, Any]], what: Heard
) -> tuple[str, float] | None:
    """The key of what is said next after danger was told, and how likely that is.

    None if the message stands by itself: another danger, or a question of its own.
    """
    told, topic = what.told, str(what.topic)
    if told is None or not replies:
        return None
    ranking = {key: chance for key, chance in what.ranking.items() if not key.startswith(ASKED)}
    if IS_ALIVE.search(tidy(text)):
        ranking = {key: chance for key, chance in ranking.items() if key not in DEATH}
    goes_on = {key: chance for key, chance in ranking.items() if not is_all_clear(key)}
    in_danger = sum(goes_on.values())
    plainest = max(ranking.values(), default=0.0)
    # What only may be the danger that was told is heard as that, unless the talk says otherwise;
    # where life is at stake, that must be plain.
    is_doubtful = told not in AT_ONCE and (what.danger or {}).get("chance", 1.0) < HALF
    is_plain = plainest >= (RATHER if is_doubtful else SURELY)
    is_alarming = bool(what.signs) or (what.level == "sure" and not is_plain)
    ranking = goes_on if is_alarming else ranking
    if not ranking:
        return None
    key, chance = max(ranking.items(), key=lambda entry: entry[1])
    if what.level == "maybe" and is_all_clear(key) and chance < CLEARLY:
        return None  # it is asked about
    least = SURELY if what.signs else CLEARLY
    if is_alarming and is_another(topic, told) and danger_of(key) != topic and chance < least:
        return None
    if key_of(replies[-1]) == DIED and danger_of(key) in AT_ONCE:
        return None  # nobody is told to go on with the breaths
    lately = [reply for reply in replies[-RECENT:] if is_danger(str(reply["topic"]))]
    is_urgent = told in AT_ONCE and bool(lately) and key_of(replies[-1]) not in HELP_IS_THERE
    if is_urgent and is_all_clear(key):
        is_in_doubt = chance < SURELY and is_no_all_clear(text)
        if is_in_doubt or chance < RATHER or is_a_fact(key, text):
            key = STAY
    if key == LOW and told in AT_ONCE and key_of(replies[-1]).startswith("step/"):
        key = STAY  # "im so scared", beside someone who may be dying
    if chance < LIKELY:
        if not lately or (in_danger < LIKELY and not is_alarming):
            return None
        key = STAY
    is_weak = chance < SURELY and what.of_them and not who_took(replies, what)
    if key in steps_for_writer() and is_weak:
        key = STAY  # "im alone with her"
    if key == STAY:
        key = holds(replies, told)
    if key in steps_for_others() and who_took(replies, what):
        key = MYSELF
    return key, chance


def heard_in(message: Message, tracker: DialogueStateTracker) -> Heard:
    """What is known of a message in a talk that has told of danger."""
    data: dict[str, Any] = {}
    alarm: Ranking = {}
    asked_about: str | None = None
    told: str | None = None
    of_another = False
    for event in tracker.events:
        if isinstance(event, UserUttered):
            data = dict(event.parse_data or {})
        elif isinstance(event, BotUttered) and REPLY in event.metadata:
            reply = event.metadata[REPLY]
            about = str(reply["topic"])
            is_question = is_danger(about) and reply["kind"] == "clarify"
            asked_about = (data.get(DANGER) or {}).get("topic") if is_question else None
            about = asked_about or about
            if is_danger(about) and about != told:
                alarm = data.get(NEXT_REPLIES) or {}
                of_another = names_another(str(data.get(TEXT)))
            told = about if is_danger(about) else None
    return Heard(
        message.get(NEXT_REPLIES) or {},
        message.get(DANGER),
        moment_of(tracker).told,
        alarm,
        asked_about,
        of_another,
        bool(OF_THEM.search(tidy(str(message.get(TEXT))))),
        asks(str(message.get(TEXT))),
        bool(message.get(ALSO_ASKED)),
    )
