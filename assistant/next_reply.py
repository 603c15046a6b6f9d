"""Rasa component: ranks what may be said next, from a message and the talk that it goes on from.

"She is up", "ok", "no" and "4 a minute" lead to one text after "breathe for them" and to another
after "are you thinking of dying?". Learned from whole talks, from what people say after an answer
to danger, and from ordinary questions, which stay what they are wherever they are asked.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.classifier import Classifier
from assistant.content import content
from assistant.encoder.changes import is_kept_apart
from assistant.examples import in_a_talk
from assistant.features import Features, stacked, width
from assistant.linear_model import WIDTH
from assistant.message_reader import LEARNED, WHOLE, WITH_BEFORE
from assistant.network import Networks
from assistant.talk_so_far import moment_of
from assistant.talks import AFTERWARDS, ASKED, LATEST, danger_of
from assistant.topics import ALL
from assistant.understood import (
    MOMENT,
    NEXT_IN_DANGER,
    NEXT_REPLIES,
    TOGETHER,
    Moment,
)

SHOWN = 12  # of a ranking
BEHIND = 2  # texts that a message is read behind
PLACE = 0.5  # weight of the place in a talk beside words and meaning


@cache
def places() -> dict[tuple[str, int], int]:
    """The columns that tell where in a talk a message stands: the last replies, the danger told."""
    keys = sorted({answer.key for answer in content().answers.values()} | {AFTERWARDS})
    named = [(key, number) for number in range(LATEST) for key in keys]
    named += [(answer.topic, LATEST) for answer in content().answers.values()]
    return {name: column for column, name in enumerate(dict.fromkeys([*named, ("", LATEST)]))}


def in_place(whole: Features, behind: list[Features], moment: Moment) -> Features:
    """The features of a message with those of its place in a talk."""
    said = [(key, number) for number, key in enumerate(moment.before)]
    said.append((moment.told or "", LATEST))
    columns = np.array([places()[name] for name in said if name in places()], dtype=np.int64)
    meanings = [one.meaning for one in behind or [whole]]
    return Features(
        np.concatenate([columns, whole.columns + len(places())]),
        np.concatenate([np.full(len(columns), PLACE, np.float32), whole.weights]),
        np.concatenate((meanings * BEHIND)[:BEHIND]),
    )


@cache
def is_for_danger(key: str) -> bool:
    """Whether a reply answers a danger, or asks whether there is one."""
    return key.startswith(ASKED) or bool(danger_of(key))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NextReply(Classifier):
    """Adds to each message what may be said next, with probabilities."""

    FILE, MODEL = "next_reply.joblib", Networks

    def train(self, training_data: TrainingData) -> Resource:
        """Train on talks, on `data/next_steps/`, and on some ordinary questions."""
        told = [e for e in training_data.training_examples if e.get(MOMENT)]
        talks = [e for e in told if e.get(TOGETHER)]
        questions = [e for e in training_data.intent_examples if not e.get(MOMENT)]
        rows = [(e, e.get(MOMENT)) for e in told] + in_a_talk(questions, talks)
        # How sure to be is told by talks: of what is asked by itself, one is surer.
        rows = [(e, m) for e, m in rows if e.get(TOGETHER) or not is_kept_apart(str(e.get(TEXT)))]
        read = [in_place(e.get(LEARNED)[0], e.get(LEARNED), moment) for e, moment in rows]
        everything = [f for e in training_data.training_examples for f in e.get(LEARNED) or ()]
        return self.keep(
            Networks.fit(
                stacked(read, len(places()) + width(everything)),
                [moment.reply for _, moment in rows],
                [is_kept_apart(str(example.get(TEXT))) for example, _ in rows],
                [moment.counts for _, moment in rows],
                meaning=BEHIND * WIDTH,
                own=len(places()),
            )
        )

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        """Rank what may be said after each message."""
        moment = moment_of(tracker) if tracker else Moment("")
        for message in messages:
            if (whole := message.get(WHOLE)) is not None:
                here = in_place(whole, message.get(WITH_BEFORE) or [], moment)
                ranking = self.model().rank(here, most=ALL)
                if moment.before and not danger_of(moment.before[0]):
                    in_danger = (chance for key, chance in ranking if is_for_danger(key))
                    message.set(NEXT_IN_DANGER, sum(in_danger))
                message.set(NEXT_REPLIES, dict(ranking[:SHOWN]), add_to_output=True)
        return messages
