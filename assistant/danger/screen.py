"""Rasa component: the danger screen. Phrases and a trained detector look at every part."""

from __future__ import annotations

from collections import Counter
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.danger.phrases import phrases
from assistant.encoder.changes import is_kept_apart
from assistant.features import Features, stacked
from assistant.linear_model import LinearModel
from assistant.message_reader import PARTS, WHOLE
from assistant.understood import DANGER, PART_RANKINGS, RANKING, topic_in

MODEL = "danger.joblib"
NONE = "none"
# Who may die within minutes comes before all else, then who may end their life.
FIRST = ({"crisis/overdose_now", "crisis/medical_emergency"}, {"crisis/suicide"})
AT_LEAST = 0.35  # how likely such a danger must be to come first
NEARLY = 0.6  # how much less likely it may be than another and still come first
LEVELS = ("sure", "maybe", "near")
WHOLE_LEVELS = {"sure": "sure", "maybe": "maybe", "near": "near"}
SENTENCE_LEVELS = {"sure": "sentence_sure", "maybe": "sentence_maybe"}
PIECE_LEVELS = {"maybe": "piece_maybe"}


def most_urgent(weights: Counter[str]) -> str:
    """The topic to answer: the likeliest, unless life is at stake nearly as likely."""
    likeliest = max(weights.values())
    close = {topic for topic, weight in weights.items() if weight >= likeliest - NEARLY}
    for first in FIRST:
        if at_stake := {topic for topic in close & first if weights[topic] >= AT_LEAST}:
            close = at_stake
            break
    return max(close, key=lambda topic: weights[topic])


def danger_label(topic: str) -> str:
    """What the detector learns of an example: its crisis topic, or that there is none."""
    return topic if topic.startswith("crisis/") else NONE


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DangerScreen(GraphComponent):
    """Says whether a message is danger for sure, maybe, or not, and which.

    It only raises: nothing here makes another component's crisis less of one.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Probabilities (0 to 1) from which it is sure, asks, or keeps a line in sight.

        `soft_sure` is for messages of the past, films, "what if". A phrase counts for sure if the
        classifiers see `words_alone` somewhere and `words_in_all` in the whole message; one of its
        sentences does if they see `in_all` in the whole. Below, it is asked about.

        For the whole message, for one of its sentences, and for a piece of one: a piece by itself
        ("cutting down", "no suicide stuff") is never more than a reason to ask.
        """
        return {
            "sure": 0.3,
            "maybe": 0.08,
            "near": 0.05,
            "sentence_sure": 0.5,
            "sentence_maybe": 0.3,
            "piece_maybe": 0.88,
            "soft_sure": 0.95,
            "words_alone": 0.35,
            "in_all": 0.12,
            "words_in_all": 0.04,
        }

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        model: LinearModel | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DangerScreen:
        """Make an untrained component (Rasa calls this before training)."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DangerScreen:
        """Read the trained component (Rasa calls this when it starts)."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, LinearModel.load(folder / MODEL))

    def train(self, training_data: TrainingData) -> Resource:
        """Train the detector on every example of `data/nlu/`: danger, of which kind, or none."""
        examples = training_data.intent_examples
        self._model = LinearModel.fit(
            stacked([example.get(WHOLE) for example in examples]),
            [danger_label(topic_in(example)) for example in examples],
            [is_kept_apart(str(example.get(TEXT))) for example in examples],
        )
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder / MODEL)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add what is seen: level (sure, maybe, near), topic, chance and signs; or None."""
        for message in messages:
            if message.get(WHOLE) is not None:
                message.set(DANGER, self.look(message), add_to_output=True)
        return messages

    def look(self, message: Message) -> dict[str, Any] | None:
        """The danger in one message."""
        text = str(message.get(TEXT))
        found = phrases().find(text)
        ranking = [(e["topic"], e["confidence"]) for e in message.get(RANKING)]
        readings = [(self._detect(message.get(WHOLE), ranking), WHOLE_LEVELS)]
        for (part, features), part_ranking in zip(
            message.get(PARTS) or [], message.get(PART_RANKINGS) or [], strict=True
        ):
            levels = SENTENCE_LEVELS if part.is_sentence else PIECE_LEVELS
            readings.append((self._detect(features, part_ranking), levels))
        most = max(sum(chances.values()) for chances, _ in readings)
        named = {f.topic for f in found if f.is_danger}
        is_soft = any(f.because for f in found) or phrases().softened(text)

        seen: dict[str, Counter[str]] = {level: Counter() for level in LEVELS}
        in_all = sum(readings[0][0].values())
        backed = most >= self._config["words_alone"] and in_all >= self._config["words_in_all"]
        for topic in named:  # words alone, where the classifiers see nothing at all, only ask
            seen["sure" if backed else "maybe"][topic] += 1
        for chances, levels in readings:
            level = self._level(sum(chances.values()), levels, is_soft)
            if level == "sure" and in_all < self._config["in_all"]:
                level = "maybe"  # the sentences around it say otherwise
            if level:
                seen[level].update(chances)
        for f in found:
            if f.is_reason_to_ask:
                seen["maybe"][f.topic] += 1
        level = next((level for level in LEVELS if seen[level]), None)
        if level is None:
            return None
        return {
            "level": level,
            "topic": most_urgent(seen[level]),
            "chance": most,
            "signs": sorted({f.sign for f in found if f.because is None}),
        }

    def _level(self, chance: float, levels: dict[str, str], is_soft: bool) -> str | None:
        for level, threshold in levels.items():
            least = self._config[threshold]
            if level == "sure" and is_soft:
                least = max(least, self._config["soft_sure"])
            if chance >= least:
                return level
        return None

    def _detect(self, features: Features, ranking: list[tuple[str, float]]) -> dict[str, float]:
        """The probability of each danger in a text.

        The mean of what the detector and the topic classifier say: better than either.
        """
        if self._model is None:
            raise RuntimeError("The danger screen was used before it was trained.")
        detected = zip(self._model.labels, self._model.chances(features), strict=True)
        chances = {topic: float(chance) / 2 for topic, chance in detected if topic != NONE}
        for topic, chance in ranking:
            if topic in chances:
                chances[topic] += chance / 2
        return chances
