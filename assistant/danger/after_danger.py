"""What a message means after an answer to danger, or after a question of ours about one.

What it may lead to was ranked by `next_step.py`; here the talk so far tells which of that is
possible.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.content import topic_of_response
from assistant.danger.phrases import lists, tidy
from assistant.danger.situations import ALL_CLEAR, OTHER, STAY, heard, is_writer
from assistant.decision import PLACE, QUESTION, SUICIDE, YES_OR_NO, is_danger
from assistant.replies import AT_ONCE, RECENT, REPLY, SAID, STEP_OF_WORDING, asks
from assistant.understood import DANGER, DID_YOU_MEAN, FALLBACK, NEXT_STEPS

Ranking = dict[str, float]

# How likely a step must be: rather than another danger, after an answer to danger, around one, and
# against what the danger screen sees.
MAYBE, LIKELY, CLEARLY, SURELY = 0.3, 0.5, 0.7, 0.85
A_FEW = 3  # words
SAID_AT_ALL_CLEAR = {"false", "kidding", "joking", "anymore", "emergency", "danger"}
SAID_LOW = {"chat/feeling_low", "chat/spanish"}  # after "I'm ok" it may be more than that
ASKED_FOR = ("help/", "chat/", "refuse/")  # topics of what is said in few words and is no fact
UNCLEAR = {"chat/out_of_scope", "chat/repeat", DID_YOU_MEAN, FALLBACK}
TOOK = (
    r"(?:took|taken|take|ate|swallowed|drank|did|done|used|shot|smoked|snorted|od|ods?d|oded"
    r"|overdosed|popped)"
)
I_TOOK = re.compile(
    rf"\b(?:i|ive|we|weve|me and (?:\w+ ){{1,2}}) ?"
    rf"(?:(?:just|both|all|have|already|also|only|think i) )*{TOOK}\b"
)
OF_ME = re.compile(r"\b(i|im|ive|id|ill|me|myself|yo)\b")
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
NOT_ON_PURPOSE = re.compile(
    r"\b(?:not|wasnt|isnt|aint|didnt|never) (?:\w+ ){0,3}(?:on purpose|mean to|to die)\b|\baccident"
    r"|\bjust (?:wanted|trying|tryna) (?:to )?(?:get high|feel|sleep)\b"
)
PAUSE = re.compile(r"(?<=[?])|[.!,;]\s*")
I_ASKED = re.compile(r"\b(?:i|im) (?:was |just )?(?:asked|asking|meant|mean)\b")
WISHES = re.compile(r"\b(?:want|wanna|wish|gonna|going|ready|rather|quiero)\b")
SUICIDE_OTHER, ON_PURPOSE = "step/suicide_other", "step/on_purpose"
MYSELF_AWAKE = "step/myself_awake"
DIED, MEDICS_HERE = "step/died", "step/medics_here"
IN_GOOD_HANDS = {MEDICS_HERE, "step/awake", "step/child_watched"}
HARD_TO_GET = {"step/cannot_call", "step/afraid_to_go"}  # help
LISTENING = "still_listening"  # a line between two answers
LATER = 4  # replies, within which what is very clear still goes on about a danger
LONG_ENOUGH = 5  # words, with which a "no" may ask something of its own


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
    of_another: bool = False  # whether that message plainly names somebody else who took something
    of_them: bool = False  # whether this message speaks of somebody else


def who_took(replies: list[dict[str, Any]], what: Heard) -> bool | None:
    """Whether it is the writer who took too much; None if that is not clear."""
    alarm = {} if what.of_another else what.alarm
    took = is_writer([step_of(one) for one in replies], alarm)
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


def step_of(reply: dict[str, Any]) -> str:
    """The key of a reply, the same in every language and in every emergency."""
    said = str(reply.get(SAID)).removesuffix("_es")
    return topic_of_response(STEP_OF_WORDING.get(said, said))


def holds(replies: list[dict[str, Any]], about: str) -> str:
    """What is said again to who tells more: the step that was last, or the answer to the danger."""
    steps = (step_of(reply) for reply in reversed(replies))
    step = next((one for one in steps if one != LISTENING), "")
    return step if step.startswith("step/") else about


def is_a_fact(topic: str, text: str) -> bool:
    """Whether a town, or few words such as a drug's name, rather tell more than ask."""
    if topic == PLACE:
        return True  # "shes in dayton"
    words = text.lower().split()
    is_asked = asks(text) or topic.startswith(ASKED_FOR)
    return len(words) <= A_FEW and not is_asked and not is_danger(topic)


def is_answerable(topic: str) -> bool:
    """Whether a message was understood as a question of its own, which has an answer."""
    return "/" in topic and not topic.startswith(
        ("crisis/", "chat/", "step/", "ask/", "help/place")
    )


def asks_besides(topic: str, text: str) -> bool:
    """Whether a "no" goes on with a question: "no im safe, does weed help with withdrawal"."""
    asked = any(asks(part) for part in PAUSE.split(text)) or I_ASKED.search(tidy(text))
    return is_answerable(topic) and bool(asked) and len(text.split()) >= LONG_ENOUGH


def denies_a_sign(text: str) -> bool:
    """Whether one sign is denied ("no fever"), which is no all-clear."""
    words = text.lower().split()
    is_short = 1 < len(words) <= A_FEW
    return (
        words[:1] in (["no"], ["not"], ["sin"]) and is_short and not SAID_AT_ALL_CLEAR & set(words)
    )


def is_another(topic: str, told: dict[str, Any]) -> bool:
    """Whether a message sounds like another danger than the one that was told."""
    is_same = topic == told["topic"] or {topic, told["topic"]} <= AT_ONCE
    return is_danger(topic) and not is_same


def is_worse(topic: str, told: dict[str, Any]) -> bool:
    """Whether it sounds like one that cannot wait, and the one that was told can."""
    return topic in AT_ONCE and told["topic"] not in AT_ONCE


def taken_up_again(
    meant: tuple[str, float], topic: str, told: dict[str, Any], last: dict[str, Any]
) -> tuple[str, float] | None:
    """What a message means that may go on about a danger after another reply came in between.

    Only what is clear, and not understood otherwise. "I'm ok" is often taken back a breath later.
    """
    label, chance = meant
    after_ok = step_of(last) in ALL_CLEAR
    is_open = topic in UNCLEAR | YES_OR_NO or (after_ok and topic in SAID_LOW)
    if not is_open or label == OTHER or chance < (LIKELY if after_ok else CLEARLY):
        return None
    if label != STAY:
        return meant if after_ok or label not in ALL_CLEAR else None
    is_shrug = told["kind"] == "clarify" or topic in YES_OR_NO | {"chat/repeat"}
    return (str(told["topic"]), chance) if after_ok and not is_shrug else None


def heard_after_danger(
    topic: str,
    text: str,
    replies: list[dict[str, Any]],
    what: Heard,
    signs: Sequence[str] = (),
) -> tuple[str, float] | None:
    """What a message means after an answer to danger, or after a question of ours about one.

    Also how likely that is. None if it stands by itself: it may be a question about something else.
    `signs` are those of danger that phrases found in it.
    """
    held = [reply for reply in replies if step_of(reply) not in ALL_CLEAR]
    recent = [reply for reply in held[-LATER:] if is_danger(str(reply["topic"]))]
    if not recent:
        return None
    told, last = recent[-1], replies[-1]
    is_long_ago = not any(reply is told for reply in held[-RECENT:])
    is_question = last["kind"] == "clarify"
    about = str(what.asked_about if told is last and is_question else told["topic"])
    meant = heard(what.ranking, about, who_took(replies, what))
    if meant is None and told["topic"] not in AT_ONCE:
        return None
    plain = tidy(text)
    label, chance = meant = meant or (OTHER, 0.0)  # few words in an emergency may still be a fact
    alike = ALL_CLEAR if label in ALL_CLEAR else {label}
    # Of all that may be said, not only here.
    in_all = sum(what.ranking.get(one, 0.0) for one in alike)
    if label in ALL_CLEAR and IN_EARNEST.search(plain):
        label = STAY
    if label in ALL_CLEAR and (in_all < LIKELY or asks_besides(topic, text)):
        return None
    if step_of(last) == DIED and label != DIED:
        return None
    if step_of(last) == MEDICS_HERE and label in HARD_TO_GET:
        return None  # it rather asks about the law, or the cost
    if step_of(last) in IN_GOOD_HANDS and label == STAY and is_answerable(topic):
        return None  # it is over, or nearly: there is time for what they ask
    if label == ON_PURPOSE and NOT_ON_PURPOSE.search(plain):
        label = MYSELF_AWAKE
    if told is not last:
        if is_long_ago and (label in (STAY, OTHER) or in_all < SURELY):
            return None
        if label in (STAY, told["topic"]):  # either way it goes on
            chance = sum(what.ranking.get(one, 0.0) for one in (STAY, str(told["topic"])))
        return taken_up_again((label, max(chance, meant[1])), topic, told, last)
    least = MAYBE if is_another(topic, told) else LIKELY
    if label in ALL_CLEAR and is_danger(topic):  # what the screen sees comes before
        if is_another(topic, told):
            return None
        label = STAY if signs or in_all < SURELY else label
    if label in ALL_CLEAR and told["topic"] in AT_ONCE:
        if denies_a_sign(text) or (IN_DOUBT.search(plain) and in_all < SURELY):
            label = STAY
        least, chance = CLEARLY, in_all
    if is_worse(topic, told):
        least, chance = SURELY if signs or label == OTHER else CLEARLY, in_all
    if label == OTHER and in_all >= CLEARLY and told["topic"] not in AT_ONCE:
        return None
    if label == OTHER or chance < least:
        if is_question or not is_a_fact(topic, text):
            return None
        label = STAY
    if is_question and label not in ALL_CLEAR:
        is_alarming = is_danger(topic) or topic == f"ask/{QUESTION.get(about)}"
        if not is_alarming and (label == STAY or chance < SURELY):
            return None  # "she works nights" is no yes
    is_done = I_TOOK.search(plain) or not WISHES.search(plain)
    if label == ON_PURPOSE and told["topic"] == SUICIDE and not is_done:
        label = SUICIDE  # "i want to die"
    if label == SUICIDE and step_of(last) == SUICIDE_OTHER and not OF_ME.search(plain):
        label = SUICIDE_OTHER
    if label == STAY:
        label = holds(replies, about)
    return label, chance


def heard_in(message: Message, tracker: DialogueStateTracker) -> Heard:
    """What a message may mean in the middle of an emergency that its talk has told of."""
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
                alarm = data.get(NEXT_STEPS) or {}
                of_another = names_another(str(data.get(TEXT)))
            told = about if is_danger(about) else None
    of_them = bool(OF_THEM.search(tidy(str(message.get(TEXT)))))
    return Heard(message.get(NEXT_STEPS) or {}, alarm, asked_about, of_another, of_them)
