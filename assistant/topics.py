"""Rasa component: ranks the topics a message may be about."""

from __future__ import annotations

import warnings
from collections import defaultdict

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.classifier import Classifier
from assistant.content import topic_answered
from assistant.encoder.changes import is_kept_apart
from assistant.features import stacked
from assistant.linear_model import LinearModel
from assistant.message_reader import LEARNED, PARTS, WHOLE, WITH_BEFORE
from assistant.understood import (
    BEFORE,
    LONG_RANKING,
    LONG_RANKINGS_TOGETHER,
    PART_RANKINGS,
    RANKING,
    SHOWN,
    set_topic,
    topic_in,
)

ALL = 1000  # in a talk, any may be meant
NARROW_COUNTS = 4.0  # times as much as others: wide topics have examples that are as narrow
MANY = 25  # of a ranking: the rest adds nothing to a topic
Ranking = list[tuple[str, float]]

# Rasa looks for its own ResponseSelector; here the topic itself names the reply.
warnings.filterwarnings("ignore", message=".*training a response selector.*")


def by_topic(ranking: Ranking) -> Ranking:
    """A ranking in which the answers of one topic count together, under the likeliest of them.

    Whether "does the shot hurt" is about buprenorphine or, of that, the shot, is no doubt about the
    topic.
    """
    topics: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for key, chance in ranking[:MANY]:
        topics[topic_answered(key)].append((key, chance))
    together = [
        (max(some, key=lambda one: one[1])[0], sum(chance for _, chance in some))
        for some in topics.values()
    ]
    return sorted(together, key=lambda one: -one[1])


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
                counts=[
                    NARROW_COUNTS if topic_answered(key) != key else 1.0
                    for key in (topic_in(example) for example, _ in rows)
                ],
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
            topics = by_topic(ranking)[:SHOWN]
            message.set(
                RANKING,
                [{"topic": topic, "confidence": chance} for topic, chance in topics],
                add_to_output=True,
            )
            message.set(LONG_RANKING, ranking)
            of_parts = [
                by_topic(rank(features, most=MANY)) for features in message.get(PARTS) or []
            ]
            message.set(PART_RANKINGS, [one[:SHOWN] for one in of_parts])
            leans = message.get(BEFORE) is not None
            together = [rank(f, most=ALL) for f in message.get(WITH_BEFORE) or [] if leans]
            message.set(LONG_RANKINGS_TOGETHER, together)
            set_topic(message, *topics[0])
        return messages
