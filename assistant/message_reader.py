"""Rasa component: reads a message, as a whole and in its parts, for those after it."""

from __future__ import annotations

import shutil
from itertools import islice
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.encoder.sentence_encoder import SentenceEncoder
from assistant.features import Reader
from assistant.parts import parts
from assistant.understood import MOMENT, TOGETHER

READER, ENCODER, VOCABULARY = "reader.pickle", "encoder.onnx", "vocab.txt"
WHOLE, PARTS = "whole_features", "parts_with_features"
LEARNED = "features_to_learn_from"  # of an example: alone, or behind what was said before it
STORY = 30  # words of an example whose parts are learned from too
WITH_BEFORE = "features_together_with_what_was_before"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class MessageReader(GraphComponent):
    """Adds the features of the message, of its parts, and of what it means after the last reply."""

    def __init__(
        self, storage: ModelStorage, resource: Resource, reader: Reader | None = None
    ) -> None:
        self._storage = storage
        self._resource = resource
        self._reader = reader

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MessageReader:
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
    ) -> MessageReader:
        """Read the trained component (Rasa calls this when it starts)."""
        with model_storage.read_from(resource) as folder:
            encoder = SentenceEncoder(folder / ENCODER, folder / VOCABULARY)
            return cls(model_storage, resource, Reader.load(folder / READER, encoder))

    def train(self, training_data: TrainingData) -> Resource:
        """Build the encoder's graph and learn the words of every example of `data/nlu/`."""
        # Only here: the packages that build the graph are not needed to answer.
        from assistant.encoder.graph import build
        from assistant.encoder.weights import checked

        with self._storage.write_to(self._resource) as folder:
            shutil.copy(checked(VOCABULARY), folder / VOCABULARY)
            build(folder / ENCODER)
            encoder = SentenceEncoder(folder / ENCODER, folder / VOCABULARY)
            texts = [str(example.get(TEXT)) for example in training_data.nlu_examples]
            self._reader = Reader.fit(encoder, texts)
            self._reader.save(folder / READER)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Read the examples, for the classifiers that train on them."""
        examples = [e for e in training_data.training_examples if e.get(INTENT) or e.get(MOMENT)]
        texts = [(e, before) for e in examples for before in e.get(TOGETHER) or [""]]
        read = self._trained().read([str(e.get(TEXT)) for e, _ in texts], [b for _, b in texts])
        for example in examples:
            example.set(LEARNED, [])
        for (example, _), features in zip(texts, read, strict=True):
            example.get(LEARNED).append(features)
        stories = [e for e in examples if len(str(e.get(TEXT)).split()) >= STORY]
        told = [parts(str(story.get(TEXT))) for story in stories]
        of_parts = iter(self._trained().read([part for some in told for part in some]))
        for story, some in zip(stories, told, strict=True):
            story.set(PARTS, list(islice(of_parts, len(some))))
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Read each message."""
        reader = self._trained()
        for message in messages:
            text = str(message.get(TEXT) or "")
            if not text:
                continue
            some = parts(text)
            before = message.get(TOGETHER) or []
            whole, *rest = reader.read(
                [text, *some, *(text for _ in before)], ["", *("" for _ in some), *before]
            )
            message.set(WHOLE, whole)
            message.set(PARTS, rest[: len(some)])
            message.set(WITH_BEFORE, rest[len(some) :])
        return messages

    def _trained(self) -> Reader:
        if self._reader is None:
            raise RuntimeError("The message reader was used before it was trained.")
        return self._reader
