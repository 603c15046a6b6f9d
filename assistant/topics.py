"""Rasa component: ranks the topics a message may be about."""

from __future__ import annotations

import warnings
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.encoder.changes import is_kept_apart
from assistant.features import stacked
from assistant.linear_model import LinearModel
from assistant.message_reader import LEARNED, PARTS, WHOLE, WITH_BEFORE
from assistant.understood import (
    LONG_RANKING,
    LONG_RANKINGS_TOGETHER,
    PART_RANKINGS,
    RANKING,
    SHOWN,
    set_topic,
    topic_in,
)

MODEL = "topics.joblib"

ALL = 1000  # in a talk, any may be meant

# Rasa looks for its own ResponseSelector; here the topic itself names the reply.
warnings.filterwarnings("ignore", message=".*training a response selector.*")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(IntentClassifier, GraphComponent):
    """Ranks topics, and so chooses intent and reply at once: every topic has one answer."""

    def __init__(
        self, storage: ModelStorage, resource: Resource, model: LinearModel | None = None
    ) -> None:
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
    ) -> TopicClassifier:
        """Make an untrained component (Rasa calls this before training)."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TopicClassifier:
        """Read the trained component (Rasa calls this when it starts)."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, LinearModel.load(folder / MODEL))

    def train(self, training_data: TrainingData) -> Resource:
        """Train on every example of `data/nlu/`."""
        rows = [(e, features) for e in training_data.intent_examples for features in e.get(LEARNED)]
        self._model = LinearModel.fit(
            stacked([features for _, features in rows]),
            [topic_in(example) for example, _ in rows],
            [is_kept_apart(str(example.get(TEXT))) for example, _ in rows],
        )
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder / MODEL)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the rankings, and take the first topic until a later component decides otherwise."""
        if self._model is None:
            raise RuntimeError("The topic classifier was used before it was trained.")
        for message in messages:
            whole = message.get(WHOLE)
            if whole is None:
                continue
            ranking = self._model.rank(whole, most=ALL)
            message.set(
                RANKING,
                [{"topic": topic, "confidence": chance} for topic, chance in ranking[:SHOWN]],
                add_to_output=True,
            )
            message.set(LONG_RANKING, ranking)
            message.set(
                PART_RANKINGS, [self._model.rank(features) for features in message.get(PARTS) or []]
            )
            together = [self._model.rank(f, most=ALL) for f in message.get(WITH_BEFORE) or []]
            message.set(LONG_RANKINGS_TOGETHER, together)
            set_topic(message, *ranking[0])
        return messages
