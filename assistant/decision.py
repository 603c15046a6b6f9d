"""Rasa component: answer, ask "did you mean", or say that it does not know."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.understood import OFFERED, RANKING, SELECTOR, set_topic

DID_YOU_MEAN, FALLBACK = "did_you_mean", "nlu_fallback"
MOST_OFFERED = 3
# Never offered as a "did you mean": they are not questions.
NOT_OFFERED = {
    "chat/affirm", "chat/deny", "chat/more", "chat/repeat", "chat/insult", "chat/out_of_scope",
    "chat/thanks", "chat/goodbye", "chat/greet", "help/place",
}  # fmt: skip
SAID_IN_ONE_LETTER = {"chat/affirm", "chat/deny", "chat/out_of_scope"}  # y, n, k, an emoji


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Decision(GraphComponent):
    """Turns a ranking into one decision.

    Danger needs less certainty than anything else: missing it is the worst mistake. Where danger
    is only possible, the assistant asks, with the emergency lines in the same message. Below
    `answer`, up to three choices are offered if one of them is probably right; otherwise the
    assistant says that it does not know, and who does.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Probabilities (0 to 1) above which something is done."""
        return {"danger": 0.2, "danger_maybe": 0.08, "answer": 0.35, "offer": 0.15, "choice": 0.04}

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Decision:
        """Make the component (Rasa calls this)."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent that the rules act on."""
        for message in messages:
            ranking = [
                (entry["topic"], entry["confidence"]) for entry in message.get(RANKING) or []
            ]
            if ranking:
                self._decide(message, ranking)
        return messages

    def _decide(self, message: Message, ranking: list[tuple[str, float]]) -> None:
        danger = [(topic, chance) for topic, chance in ranking if topic.startswith("crisis/")]
        danger_chance = sum(chance for _, chance in danger)
        topic, chance = ranking[0]
        if danger and danger_chance >= self._config["danger"]:
            set_topic(message, danger[0][0], danger_chance)
        elif danger and danger_chance >= self._config["danger_maybe"]:
            others = [topic for topic in self._likely(ranking) if topic != danger[0][0]]
            self._ask(message, [danger[0][0], *others][:MOST_OFFERED], chance)
        elif chance >= self._config["answer"] and not self._is_too_short(message, topic):
            set_topic(message, topic, chance)
        elif sum(dict(ranking)[topic] for topic in self._likely(ranking)) >= self._config["offer"]:
            self._ask(message, self._likely(ranking), chance)
        else:
            self._set_intent(message, FALLBACK, chance)

    @staticmethod
    def _is_too_short(message: Message, topic: str) -> bool:
        signs = [c for c in str(message.get(TEXT)) if c.isalnum() or not c.isascii()]
        return not signs or (len(signs) == 1 and topic not in SAID_IN_ONE_LETTER)

    def _likely(self, ranking: list[tuple[str, float]]) -> list[str]:
        least = self._config["choice"]
        likely = [t for t, chance in ranking if chance >= least and t not in NOT_OFFERED]
        return likely[:MOST_OFFERED]

    def _ask(self, message: Message, offered: list[str], best_chance: float) -> None:
        self._set_intent(message, DID_YOU_MEAN, best_chance)
        message.set(OFFERED, offered, add_to_output=True)

    @staticmethod
    def _set_intent(message: Message, name: str, best_chance: float) -> None:
        intent = {"name": name, "confidence": 1 - best_chance}
        message.set(INTENT, intent, add_to_output=True)
        message.set(SELECTOR, {}, add_to_output=True)
