"""Rasa component: ranks the topics a message may be about."""

from __future__ import annotations

import warnings

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.classifier import Classifier
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

ALL = 1000  # in a talk, any may be meant

# Rasa looks for its own ResponseSelector; here the topic itself names the reply.
warnings.filterwarnings("ignore", message=".*training a response selector.*")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(Classifier, IntentClassifier):
    """Ranks topics, and so chooses intent and reply at once: every topic has one answer."""

    FILE = "topics.joblib"

    def train(self, training_data: TrainingData) -> Resource:
        """Train on every example of `data/nlu/`."""
        rows = [(e, features) for e in training_data.intent_examples for features in e.get(LEARNED)]
        return self.keep(
            LinearModel.fit(
                stacked([features for _, features in rows]),
                [topic_in(example) for example, _ in rows],
                [is_kept_apart(str(example.get(TEXT))) for example, _ in rows],
            )
        )

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the rankings, and take the first topic until a later component decides otherwise."""
        rank = self.model().rank
        for message in messages:
            whole = message.get(WHOLE)
            if whole is None:
                continue
            ranking = rank(whole, most=ALL)
            message.set(
                RANKING,
                [{"topic": topic, "confidence": chance} for topic, chance in ranking[:SHOWN]],
                add_to_output=True,
            )
            message.set(LONG_RANKING, ranking)
            message.set(PART_RANKINGS, [rank(features) for features in message.get(PARTS) or []])
            together = [rank(f, most=ALL) for f in message.get(WITH_BEFORE) or []]
            message.set(LONG_RANKINGS_TOGETHER, together)
            set_topic(message, *ranking[0])
        return messages
