"""Rasa component: puts a short message together with what was said before it.

"Is it every day?" says little alone. After "how does methadone work" it is read twice more: behind
that message, and behind the title of the answer to it.
"""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.decision import is_danger
from assistant.talk_so_far import key_of, replies_so_far
from assistant.talks import KINDS, befores, danger_of
from assistant.understood import BEFORE, OFFERED, TOGETHER

SHORT = 12  # words; what a longer message is about, it says by itself
LONG = 40  # words; a longer message is read by itself
MOST = 2  # answers before that count


def before(tracker: DialogueStateTracker) -> tuple[str, list[str]] | None:
    """The message before the one that is read now, and the keys of the answers, latest first.

    None where nothing was said yet. What follows our own question for a place is read by itself.
    """
    said = replies_so_far(tracker)
    if tracker.active_loop_name and said and said[-1]["kind"] == "flow":
        return None
    data: Any = next(
        (event.parse_data or {} for event in reversed(tracker.events) if _is_said(event)), {}
    )
    topics = [key_of(reply) for reply in reversed(said) if reply["kind"] in KINDS]
    if said and said[-1]["kind"] == "clarify" and is_danger(said[-1]["topic"]):
        # Where we only asked about danger, they may go on about what they wrote.
        topics = list(data.get(OFFERED) or [])[:1] + topics
    text = str(data.get(TEXT) or "")
    return (text, topics[:MOST]) if text or topics else None


def _is_said(event: Any) -> bool:
    return isinstance(event, UserUttered)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class InContext(GraphComponent):
    """Adds to a short message what was said before it."""

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
        said, topics = came_before
        for message in messages:
            text = str(message.get(TEXT) or "")
            words = len(text.split())
            if re.search(r"\w", text) and words <= LONG:
                message.set(TOGETHER, befores(said, topics))
                if words <= SHORT and not (topics and danger_of(topics[0])):
                    message.set(BEFORE, topics)
        return messages
