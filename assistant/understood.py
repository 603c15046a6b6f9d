"""How what was understood is written down: the form in which Rasa's policies read it."""

from __future__ import annotations

from typing import Any

from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.content import intent_of_topic, topic_of_intent

RANKING = "topic_ranking"
OFFERED = "topics_offered"
SELECTOR = "response_selector"


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


def chosen(topic: str) -> dict[str, Any]:
    """Parse data of a topic that a person picked from the choices offered."""
    return {TEXT: "", "entities": [], RANKING: [], **intent_data(topic, 1.0)}
