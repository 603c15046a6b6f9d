"""Rasa component: the danger screen. Phrases and a trained detector look at every part."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import reduce
from math import exp, log
from operator import or_
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.classifier import Classifier
from assistant.danger import other_languages
from assistant.danger.phrases import Found, phrases
from assistant.encoder.changes import is_kept_apart
from assistant.features import Features, stacked
from assistant.language_reader import ENGLISH
from assistant.linear_model import LinearModel
from assistant.message_reader import LEARNED, PARTS, WHOLE, WITH_BEFORE
from assistant.talks import danger_of
from assistant.understood import (
    DANGER,
    LANGUAGE,
    LONG_RANKINGS_TOGETHER,
    NEXT_IN_DANGER,
    NEXT_REPLIES,
    PART_RANKINGS,
    RANKING,
    topic_in,
)

NONE = "none"
# Who may die within minutes comes before all else, then who may end their life.
FIRST = ({"crisis/overdose_now", "crisis/medical_emergency"}, {"crisis/suicide"})
AT_LEAST = 0.35  # how likely such a danger must be to come first
NEARLY = 0.4  # how much less likely it may be than another and still come first
HALF = 0.5  # of what the whole message says, for its most alarming part and for a phrase
IN_ANOTHER_LANGUAGE = "said in another language"
LEVELS = ("sure", "maybe", "near")
WEIGHTS = {
    "detector": 0.29,
    "topics": 0.23,
    "part": 0.38,
    "phrases": 0.77,
    "soft": -0.91,
}
OFFSET = 0.71
# In a talk, after no answer to danger.
WEIGHTS_IN_TALK = {
    "alone": 0.18,
    "behind": 0.28,
    "by_itself": -0.42,
    "next": 0.94,
}
OFFSET_IN_TALK = 1.02
Chances = dict[str, float]
Reading = tuple[Chances, Chances]  # what the detector, and what the topic classifier says


def log_odds(chance: float) -> float:
    """A probability on a scale without ends; the smallest and largest are alike."""
    return log((chance + 1e-3) / (1 - chance + 1e-3))


def joined(reading: Reading) -> Chances:
    """The mean of the detector and the topic classifier: better than either."""
    detected, ranked = reading
    return {topic: (detected[topic] + ranked.get(topic, 0.0)) / 2 for topic in detected}


@dataclass(frozen=True)
class Signs:
    """What speaks for danger in a message; the screen weighs these numbers."""

    detector: float  # log odds that the whole message is danger, by the detector
    topics: float  # the same by the topic classifier
    part: float  # of its most alarming part (or of the whole, if it is one piece), by both
    phrases: float  # how many of the phrases are in it, two at most
    soft: float  # 1 if something around takes meaning away: the past, a film, "what if"


@dataclass(frozen=True)
class SignsInTalk:
    """What speaks for danger in a message that goes on from others, in log odds."""

    alone: float  # of what the message says by itself
    behind: float  # of what it says behind the one before it, and behind the answer to that
    by_itself: float  # 1 if it is not read behind those, as it is long
    next: float  # of the replies for danger among what may be said next


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
class DangerScreen(Classifier):
    """Says whether a message is danger for sure, maybe, or not, and which.

    It only raises: nothing here makes another component's crisis less of one. How much each sign
    weighs was learned (logistic regression, `python -m tuning.screen`) from messages that the
    classifiers were not trained on.
    """

    FILE = "danger.joblib"

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Probabilities (0 to 1) from which it is sure, asks, or keeps a line in sight.

        A phrase by itself, where the classifiers see nothing at all, is a reason to ask. Where an
        ordinary topic is as certain as `certain`, it asks only from `maybe_if_certain`. From
        `clear`, what was said before takes nothing away; from `plain`, it is asked about whatever
        that was.
        """
        return {
            "sure": 0.5,
            "maybe": 0.08,
            "maybe_in_talk": 0.15,
            "maybe_if_certain": 0.2,
            "certain": 0.9,
            "near": 0.03,
            "clear": 0.9,
            "plain": 0.8,
            "weights": WEIGHTS,
            "offset": OFFSET,
            "weights_in_talk": WEIGHTS_IN_TALK,
            "offset_in_talk": OFFSET_IN_TALK,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        phrases(), other_languages.signs()  # read before the first message, which should not wait

    def train(self, training_data: TrainingData) -> Resource:
        """Train the detector on every example: danger, of which kind, or none.

        No part of a harmless story is danger, however odd it sounds by itself.
        """
        rows = [(e, features) for e in training_data.intent_examples for features in e.get(LEARNED)]
        rows += [
            (e, features)
            for e in training_data.intent_examples
            if danger_label(topic_in(e)) == NONE
            for features in e.get(PARTS) or ()
        ]
        return self.keep(
            LinearModel.fit(
                stacked([features for _, features in rows]),
                [danger_label(topic_in(example)) for example, _ in rows],
                [is_kept_apart(str(example.get(TEXT))) for example, _ in rows],
            )
        )

    def process(self, messages: list[Message]) -> list[Message]:
        """Add what is seen: level (sure, maybe, near), topic, chance and signs; or None."""
        for message in messages:
            if message.get(WHOLE) is not None:
                message.set(DANGER, self.look(message), add_to_output=True)
        return messages

    def look(self, message: Message) -> dict[str, Any] | None:
        """The danger in one message."""
        is_english = message.get(LANGUAGE) == ENGLISH
        if topic := other_languages.danger_in(str(message.get(TEXT)), is_english):
            return {"level": "sure", "topic": topic, "chance": 1.0, "signs": [IN_ANOTHER_LANGUAGE]}
        found = phrases().find(str(message.get(TEXT)))
        signs, readings = self.signs(message, found)
        chance = self._weigh(signs)
        in_talk = self._in_talk(message)
        least = {level: self._config[level] for level in LEVELS}
        if (in_danger := message.get(NEXT_IN_DANGER)) is not None:
            behind = log_odds(in_talk.total()) if in_talk else 0.0
            read = SignsInTalk(log_odds(chance), behind, float(not in_talk), log_odds(in_danger))
            likely = self.weigh_in_talk(read)
            # What came before calms what is open; a clear danger stays one, and what would plainly
            # be danger alone is at least asked about.
            is_clear = signs.phrases or chance >= self._config["clear"]
            is_asked = chance >= self._config["plain"]
            floor = chance if is_clear else self._config["maybe_if_certain"] if is_asked else 0.0
            chance = max(likely, floor)
            least["maybe"] = self._config["maybe_in_talk"]
        level = next((level for level in LEVELS if chance >= least[level]), None)
        likeliest = message.get(RANKING)[0]
        is_certain = (
            likeliest["confidence"] >= self._config["certain"]
            and danger_label(likeliest["topic"]) == NONE
        )
        if level == "maybe" and is_certain and chance < self._config["maybe_if_certain"]:
            level = "near"
        named = Counter(f.topic for f in found if f.is_danger or f.is_reason_to_ask)
        if named and level != "sure":
            level = "maybe"
        if level is None:
            return None
        in_all, *in_parts = [Counter(joined(reading)) for reading in readings]
        in_all = in_talk or in_all
        in_a_part: Counter[str] = reduce(or_, in_parts, Counter())
        weights = {t: in_all[t] + HALF * (in_a_part[t] + (t in named)) for t in in_all}
        if in_danger is not None:  # what is said next in such a talk tells which danger it is
            for key, likely in (message.get(NEXT_REPLIES) or {}).items():
                if (danger := danger_of(key)) in weights:
                    weights[danger] += likely
        return {
            "level": level,
            "topic": most_urgent(Counter(weights)),
            "chance": chance,
            "signs": sorted({f.sign for f in found if f.because is None}),
        }

    def signs(self, message: Message, found: list[Found]) -> tuple[Signs, list[Reading]]:
        """What speaks for danger, and how the whole and each part was read."""
        text = str(message.get(TEXT))
        ranking = [(entry["topic"], entry["confidence"]) for entry in message.get(RANKING)]
        whole = self._read(message.get(WHOLE), ranking)
        of_parts = [
            self._read(features, ranking)
            for features, ranking in zip(
                message.get(PARTS) or [], message.get(PART_RANKINGS) or [], strict=True
            )
        ]
        worst = max(sum(joined(reading).values()) for reading in of_parts or [whole])
        detected, ranked = whole
        signs = Signs(
            detector=log_odds(sum(detected.values())),
            topics=log_odds(sum(ranked.values())),
            part=log_odds(worst),
            phrases=min(2, sum(f.is_danger for f in found)),
            soft=any(f.because for f in found) or phrases().softened(text),
        )
        return signs, [whole, *of_parts]

    def _weigh(self, signs: Signs) -> float:
        """The probability of danger."""
        weights = self._config["weights"]
        for_it = sum(weights[name] * value for name, value in vars(signs).items())
        return 1 / (1 + exp(-for_it - self._config["offset"]))

    def weigh_in_talk(self, signs: SignsInTalk) -> float:
        """The probability of danger of a message that goes on from another."""
        weights = self._config["weights_in_talk"]
        for_it = sum(weights[name] * value for name, value in vars(signs).items())
        return 1 / (1 + exp(-for_it - self._config["offset_in_talk"]))

    def _in_talk(self, message: Message) -> Counter[str]:
        """How likely each danger is behind what came before; nothing if nothing did."""
        rankings = message.get(LONG_RANKINGS_TOGETHER) or []
        together = zip((message.get(WITH_BEFORE) or [])[: len(rankings)], rankings, strict=True)
        readings = [joined(self._read(features, ranking)) for features, ranking in together]
        chances: Counter[str] = Counter()
        for reading in readings:
            chances.update({topic: chance / len(readings) for topic, chance in reading.items()})
        return chances

    def _read(self, features: Features, ranking: list[tuple[str, float]]) -> Reading:
        """How likely each danger is in a text."""
        model = self.model()
        detected = zip(model.labels, model.chances(features), strict=True)
        return (
            {topic: float(chance) for topic, chance in detected if topic != NONE},
            {topic: chance for topic, chance in ranking if topic.startswith("crisis/")},
        )
