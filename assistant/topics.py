"""Rasa component: ranks the topics a message may be about."""

from __future__ import annotations

import shutil
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

from assistant.encoder.sentence_encoder import SentenceEncoder
from assistant.topic_model import TopicModel
from assistant.understood import RANKING, set_topic, topic_in

MODEL, ENCODER, VOCABULARY = "topics.joblib", "encoder.onnx", "vocab.txt"

# Rasa looks for its own ResponseSelector; here the topic itself names the reply.
warnings.filterwarnings("ignore", message=".*training a response selector.*")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(IntentClassifier, GraphComponent):
    """Ranks topics, and so chooses intent and reply at once: every topic has one answer."""

    def __init__(self, storage: ModelStorage, resource: Resource, model: TopicModel | None) -> None:
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
        return cls(model_storage, resource, None)

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
            encoder = SentenceEncoder(folder / ENCODER, folder / VOCABULARY)
            return cls(model_storage, resource, TopicModel.load(folder / MODEL, encoder))

    def train(self, training_data: TrainingData) -> Resource:
        """Build the encoder's graph and train on every example of `data/nlu/`."""
        # Only here: the packages that build the graph are not needed to answer.
        from assistant.encoder.graph import build
        from assistant.encoder.weights import checked

        examples = training_data.intent_examples
        with self._storage.write_to(self._resource) as folder:
            shutil.copy(checked(VOCABULARY), folder / VOCABULARY)
            build(folder / ENCODER)
            self._model = TopicModel.fit(
                SentenceEncoder(folder / ENCODER, folder / VOCABULARY),
                [str(example.get(TEXT)) for example in examples],
                [topic_in(example) for example in examples],
            )
            self._model.save(folder / MODEL)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the ranking, and take the first topic until a later component decides otherwise."""
        if self._model is None:
            raise RuntimeError("The topic classifier was used before it was trained.")
        for message in messages:
            text = str(message.get(TEXT) or "")
            if not text:
                continue
            ranking = self._model.rank(text)
            message.set(
                RANKING,
                [{"topic": topic, "confidence": chance} for topic, chance in ranking],
                add_to_output=True,
            )
            set_topic(message, *ranking[0])
        return messages
