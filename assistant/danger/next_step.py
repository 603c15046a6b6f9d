"""Rasa component: hears which step of ours a message leads to in the middle of an emergency."""

from __future__ import annotations

import zlib

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.classifier import Classifier
from assistant.danger.situations import OTHER
from assistant.encoder.changes import is_kept_apart
from assistant.features import stacked, width
from assistant.linear_model import LinearModel
from assistant.message_reader import LEARNED, WHOLE
from assistant.understood import NEXT_STEPS, STEP, TOGETHER, topic_in

SHOWN = 12  # labels of a ranking
COURTESY = {
    "thanks", "goodbye", "greet", "are_you_human", "what_can_you_do", "privacy", "delete_my_data",
}  # fmt: skip
BARE = 3  # words
ONE_IN = 30  # of the ordinary examples is learned from, as something else


def is_something_else(example: Message) -> bool:
    """Whether an ordinary example is learned from, as not going on about the danger.

    A "no", a complaint, a drug's name or a sigh may well go on about it.
    """
    group, _, name = topic_in(example).partition("/")
    if group == "crisis" or example.get(TOGETHER) or (group == "chat" and name not in COURTESY):
        return False
    if group != "chat" and len(str(example.get(TEXT)).split()) <= BARE:
        return False
    return zlib.crc32(f"else {example.get(TEXT)}".encode()) % ONE_IN == 0


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NextStep(Classifier):
    """Adds to each message what it would mean after an answer to danger, with probabilities."""

    FILE = "next_steps.joblib"

    def train(self, training_data: TrainingData) -> Resource:
        """Train on the examples of `data/next_steps/`, and on ordinary ones as something else."""
        rows = [(e, e.get(STEP)) for e in training_data.training_examples if e.get(STEP)]
        rows += [(e, OTHER) for e in training_data.intent_examples if is_something_else(e)]
        everything = [f for e in training_data.training_examples for f in e.get(LEARNED) or ()]
        return self.keep(
            LinearModel.fit(
                stacked([example.get(LEARNED)[0] for example, _ in rows], width(everything)),
                [label for _, label in rows],
                [is_kept_apart(str(example.get(TEXT))) for example, _ in rows],
            )
        )

    def process(self, messages: list[Message]) -> list[Message]:
        """Rank what each message may mean."""
        for message in messages:
            if (whole := message.get(WHOLE)) is not None:
                ranking = self.model().rank(whole, most=SHOWN)
                message.set(NEXT_STEPS, dict(ranking), add_to_output=True)
        return messages
