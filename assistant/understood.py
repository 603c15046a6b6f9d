"""How what was understood is written down: the form in which Rasa's policies read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.content import intent_of_topic, topic_of_intent

OUT_OF_SCOPE = "chat/out_of_scope"
DID_YOU_MEAN, FALLBACK = "did_you_mean", "nlu_fallback"  # intents of our own turns
SHOWN = 5  # topics of a ranking
RANKING = "topic_ranking"
LONG_RANKING = "long_topic_ranking"  # more of it, for what a talk before makes likelier
PART_RANKINGS = "topic_rankings_of_parts"
TOGETHER = "together"  # a short message behind the one before it, and behind its answer's title
LONG_RANKINGS_TOGETHER = "long_topic_rankings_together"
BEFORE = "topics_before"  # of the last answers, the latest first
OFFERED = "topics_offered"
ALSO_ASKED = "topics_also_asked"
DANGER = "danger"
MOMENT = "moment"  # of an example: what is best said next, and where in a talk
NEXT_REPLIES = "next_replies"  # what may be said next, with probabilities
NEXT_IN_DANGER = "next_in_danger"  # in a talk, how likely what is said next is for danger
NEAR_DANGER = "near_danger"  # a kind of danger that an ordinary message may touch on
LANGUAGE = "language"
SELECTOR = "response_selector"


@dataclass(frozen=True)
class Moment:
    """What is said next (a key, or `stay`), after which replies (the latest first) and danger.

    counts: how many others it counts as much as, when what is said next is learned.
    """

    reply: str
    before: tuple[str, ...] = ()
    told: str | None = None
    counts: float = 1.0


def topic_in(training_example: Message) -> str:
    """The topic id that a training example was written for."""
    name = training_example.get(INTENT_RESPONSE_KEY) or training_example.get(INTENT)
    return topic_of_intent(str(name))


def intent_data(topic: str, confidence: float) -> dict[str, Any]:
    """The intent, and for a retrieval intent the chosen reply, as Rasa's components set them."""
    intent = intent_of_topic(topic)
    name = intent.partition("/")[0]
    data: dict[str, Any] = {INTENT: {"name": name, "confidence": confidence}, SELECTOR: {}}
    if intent != name:
        reply = {
            INTENT_RESPONSE_KEY: intent,
            "utter_action": f"utter_{intent}",
            "responses": [],
            "confidence": confidence,
        }
        data[SELECTOR] = {
            "all_retrieval_intents": [name],
            name: {"response": reply, "ranking": [reply]},
        }
    return data


def set_topic(message: Message, topic: str, confidence: float) -> None:
    """Make a topic the one that a message is about."""
    for key, value in intent_data(topic, confidence).items():
        message.set(key, value, add_to_output=True)


def topic_of(parse_data: Any) -> str:
    """The topic that a parsed message was taken to be about."""
    name = (parse_data.get(INTENT) or {}).get("name") or ""
    selected = (parse_data.get(SELECTOR) or {}).get(name)
    if selected:
        return str(selected["response"][INTENT_RESPONSE_KEY])
    return topic_of_intent(name)


@dataclass(frozen=True)
class Decided:
    """What the pipeline decided about a message, for reports and staff.

    kind: `answer` (with its topic), `ask` (a gentle question about a danger), `clarify` (did you
    mean) or `fallback`. offered: the topics that the reply puts within reach.
    """

    kind: str
    topic: str
    offered: tuple[str, ...]


def decided(parse_data: Any) -> Decided:
    """The decision in a parsed message."""
    name = str((parse_data.get(INTENT) or {}).get("name"))
    offered = tuple(parse_data.get(OFFERED) or ()) + tuple(parse_data.get(ALSO_ASKED) or ())
    if name.startswith("ask_"):
        danger = parse_data[DANGER]["topic"]
        return Decided("ask", danger, (danger, *offered))
    if name == DID_YOU_MEAN:
        return Decided("clarify", OUT_OF_SCOPE, offered)
    if name == FALLBACK:
        return Decided("fallback", OUT_OF_SCOPE, ())
    topic = topic_of(parse_data)
    return Decided("answer", topic, (topic, *offered))


def chosen(topic: str) -> dict[str, Any]:
    """Parse data of a topic that a person picked from the choices offered."""
    return {TEXT: "", "entities": [], RANKING: [], **intent_data(topic, 1.0)}
