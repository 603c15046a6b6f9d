"""Rasa component: says in full what a message means that leans on the reply before it.

After an answer about Suboxone, "is it safe?" also reads "is suboxone safe?"; after "how long does
heroin show in blood", "what about fentanyl?" also reads "how long does fentanyl show in blood".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.content import DATA
from assistant.decision import is_danger
from assistant.features import plain
from assistant.follow_up import replies_so_far
from assistant.understood import BEFORE, IN_CONTEXT, OFFERED

WORD = re.compile(r"[a-z0-9]+")
MOST_WORDS = 12
ANSWERS = ("answer", "refusal", "flow")  # kinds of reply that a message can lean on


@dataclass(frozen=True)
class Before:
    """What came before a message: what was said, the drug in it, and the topic of the answer."""

    text: str
    substance: str | None
    topic: str


@cache
def _data() -> dict[str, Any]:
    return dict(yaml.safe_load((DATA / "context.yml").read_text(encoding="utf-8")))


def subject_of(topic: str) -> str:
    """What an answer was about, in the words people use; empty if nothing can be pointed to."""
    subjects = _data()["subjects"]
    return str(subjects.get(topic) or subjects.get(topic.partition("/")[0]) or "")


def _replaced(text: str, word: str, by: str) -> str:
    return re.sub(rf"\b{re.escape(word)}\b", by, text)


def in_full(text: str, substance: str | None, before: Before) -> str | None:
    """What a message means after `before`, or None if it stands by itself.

    `substance` is the name of a drug in the message, as it was written.
    """
    data = _data()
    text = plain(text)
    named = set(WORD.findall(plain(substance))) if substance else set()
    words = [word for word in WORD.findall(text) if word not in named]
    if not WORD.search(text) or len(words) > MOST_WORDS or set(words) - set(data["leaning"]):
        return None
    starts = any(text == start or text.startswith(f"{start} ") for start in data["starts"])
    if substance:
        return _about_another(plain(substance), words, before, leans=starts or len(words) <= 1)
    subject = subject_of(before.topic)
    if not subject:
        return None
    for pronoun in data["pronouns"]:
        if pronoun in words and pronoun not in ("he", "she", "one"):
            return _replaced(text, pronoun, subject)
    return f"{text} {subject}"


def _about_another(substance: str, words: list[str], before: Before, leans: bool) -> str | None:
    if not leans or len(words) > 4:
        return None
    if before.substance:
        return _replaced(plain(before.text), plain(before.substance), substance)
    return f"{plain(before.text)} {substance}"


def _substance(message_data: Any) -> str | None:
    text = str(message_data.get(TEXT) or "")
    for entity in message_data.get(ENTITIES) or []:
        if entity["entity"] == "substance":
            return text[entity["start"] : entity["end"]]
    return None


def before(tracker: DialogueStateTracker) -> Before | None:
    """What came before the message that is read now, if an answer did."""
    said = replies_so_far(tracker)
    data: Any = {}
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered) and event.text:
            data = event.parse_data or {}
            break
    if said and is_danger(said[-1]["topic"]):
        # Where we only asked about danger, they may go on about what they wrote.
        asked = data.get(OFFERED) if said[-1]["kind"] == "clarify" else None
        topics = list(asked or [])[:1]
    else:
        topics = [reply["topic"] for reply in said if reply["kind"] in ANSWERS][-1:]
    if not topics:
        return None
    if meant := data.get(IN_CONTEXT):
        data = {**data, TEXT: meant[0], ENTITIES: []}
    return Before(str(data.get(TEXT) or ""), _substance(data), topics[0])


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class InContext(GraphComponent):
    """Adds to a message what it means in full, where it leans on what came before."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> InContext:
        """Make the component (Rasa calls this)."""
        return cls()

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        """Look back, if there is a conversation to look back on."""
        came_before = before(tracker) if tracker else None
        if came_before is None:
            return messages
        for message in messages:
            full = in_full(str(message.get(TEXT) or ""), _substance(message.data), came_before)
            if full:
                message.set(IN_CONTEXT, [full], add_to_output=True)
                if not came_before.topic.startswith("refuse/"):  # asked again, refused again
                    message.set(BEFORE, came_before.topic)
        return messages
