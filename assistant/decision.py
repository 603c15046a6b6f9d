"""Rasa component: answer, ask "did you mean", or say that it does not know."""

from __future__ import annotations

import re
from math import prod
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.content import content, intent_of_topic
from assistant.features import plain
from assistant.language_reader import ENGLISH
from assistant.talk_so_far import (
    OVERDOSE,
    danger_told,
    last_question,
    recent_crisis,
    said_so_far,
    told_topic,
)
from assistant.talks import ASKED, danger_of
from assistant.topics import by_topic
from assistant.understood import (
    ALSO_ASKED,
    BEFORE,
    DANGER,
    DID_YOU_MEAN,
    FALLBACK,
    LANGUAGE,
    LONG_RANKING,
    LONG_RANKINGS_TOGETHER,
    NEAR_DANGER,
    NEXT_REPLIES,
    OFFERED,
    OUT_OF_SCOPE,
    PART_RANKINGS,
    RANKING,
    SELECTOR,
    SHOWN,
    set_topic,
)

Ranking = list[tuple[str, float]]

MOST_OFFERED = 3
MOST_QUESTIONS = 2  # that a reply takes up: it answers one and offers the other
MOST_OTHERS = 2  # offered beside an answer that is not certain
# Never offered as a "did you mean": they are not questions.
NOT_OFFERED = {
    "chat/affirm", "chat/deny", "chat/more", "chat/repeat", "chat/insult", "chat/out_of_scope",
    "chat/thanks", "chat/goodbye", "chat/greet", "help/place", "recovery/milestone",
    "recovery/milestone_other",
}  # fmt: skip
# Offered only as the likeliest: who did not ask for that should not read it on a button.
ASKED_FOR = {
    "refuse/buy_drugs", "refuse/how_to_use", "family/grief", "family/grief_others",
    "family/grief_suffer",
}  # fmt: skip
SAID_IN_ONE_LETTER = {"chat/affirm", "chat/deny", "chat/out_of_scope"}  # y, n, k
YES_OR_NO = {"chat/affirm", "chat/deny"}
COURTESY = YES_OR_NO | {"chat/thanks", "chat/goodbye", "chat/greet"}  # hides no question
SHORT_ANSWER = 3  # words; a longer one starts with one of these, and says little more
# How people say no to our question whether there is danger, and go on; "no point", "im not ok" and
# "nobody would care" say no such thing.
SAYS_NO = re.compile(
    r"(?:(?:i said|wtf|omg|lol|what|oh|god|jesus|um|haha)\W+)*"
    r"(?:(?:no+|nah|nope|naw)\b(?! (?:one|point|way|reason|hope|use|more|longer|future|idea)\b)"
    r"|not (?:that|suicidal|like that|hurting|in danger)\b|nothing like that\b"
    r"|nobody (?:is|hits|hurts|hit|hurt|s hurting)\b|nobodys (?:hurt|hitting|hurting)\b"
    r"|(?:im|hes|shes|its|theyre|were) (?:fine|ok|okay|good|safe|alright|kidding|joking)\b)"
    r"(?!.*\b(?:but|except|sometimes|anymore)\b)"
)
LITTLE = 0.02  # of all that a message may mean
LONGEST_ANSWER = 6  # words; "nah im 8 months off it now" says something of its own
ANSWERS_FIRST = {
    "yes", "yeah", "yea", "yep", "yup", "ya", "ok", "okay", "sure", "right", "correct", "exactly",
    "no", "nope", "nah", "naw", "never", "not", "neither", "none", "thats", "that",
}  # fmt: skip
OTHER_LANGUAGE = "chat/spanish"
PLACE = "help/place"
CHILD = "crisis/child_danger"
SUICIDE = "crisis/suicide"
GRIEF = "grief"  # somebody has just died: what was told before is over
# Which gentle question is asked where a danger is only possible.
QUESTION = {
    "crisis/suicide": "suicide",
    "crisis/self_harm": "suicide",
    "crisis/overdose_now": "overdose",
    "crisis/medical_emergency": "overdose",
    "crisis/child_danger": "safety",
    "crisis/abuse": "safety",
    "crisis/sexual_assault": "safety",
    "crisis/harm_others": "safety",
}
# How much a message alone, behind the one before it, and behind a title says of its topic.
COUNTS = (0.6, 0.2, 0.3)
# Of two questions the one of the earlier group is answered first.
URGENCY = ("overdose", "withdrawal", "help", "refuse", "detox", "safer_use", "treatment")


def is_danger(topic: str) -> bool:
    """Whether a topic is one of the crisis topics."""
    return topic.startswith("crisis/")


def is_refusal(topic: str) -> bool:
    """Whether a topic is answered with a kind no."""
    return topic.startswith("refuse/")


def in_this_talk(rankings: list[Ranking], before: list[str], likelier: dict[str, float]) -> Ranking:
    """A ranking that counts what was said before: people mostly go on about it.

    `rankings` are of the message alone, behind the message before it, and behind the title of the
    last answer; how much each counts, and `likelier`, were learned (logistic regression, on talks).
    `likelier` says how many times likelier are topics that one of the last answers leads on to, the
    others of their groups, the last one itself, and refusals of what was not asked for.
    """
    answers = content().answers
    ahead = {
        key for topic in before for key in answers[f"utter_{intent_of_topic(topic)}"].related
    } | set(before[1:])
    groups = {topic.partition("/")[0] for topic in before}
    chances = [dict(ranking) for ranking in rankings]
    weights = {}
    for topic in chances[0]:
        group = topic.partition("/")[0]
        weight = prod(one[topic] ** much for one, much in zip(chances, COUNTS, strict=True))
        weight *= likelier["ahead"] if topic in ahead else 1.0
        weight *= likelier["group"] if group in groups else 1.0
        weight *= likelier["same"] if topic in before[:1] else 1.0
        weight *= likelier["refused"] if is_refusal(topic) and group not in groups else 1.0
        weights[topic] = weight
    total = sum(weights.values())
    return sorted(((t, weight / total) for t, weight in weights.items()), key=lambda e: -e[1])


def without_yes_or_no(ranking: Ranking) -> Ranking:
    """What a message may mean if it is no mere answer; the same ranking if nothing is left."""
    others = [entry for entry in ranking if entry[0] not in YES_OR_NO]
    total = sum(chance for _, chance in others)
    return [(topic, chance / total) for topic, chance in others] if total > LITTLE else ranking


def likeliest_next(message: Message) -> tuple[str, float]:
    """What most likely is said next, by what talks have taught, and how likely that is."""
    ranking: dict[str, float] = message.get(NEXT_REPLIES) or {}
    return max(ranking.items(), key=lambda entry: entry[1], default=("", 0.0))


def urgency(topic: str) -> int:
    """The place of a topic among those that are answered first; the smaller the sooner."""
    group = topic.partition("/")[0]
    return URGENCY.index(group) if group in URGENCY else len(URGENCY)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Decision(GraphComponent):
    """Turns rankings into one decision.

    Danger that the screen sees for sure comes before all else. Where danger is only possible, the
    assistant asks, with the lines in the same message. Below `answer`, up to three choices are
    offered if one of them is probably right; otherwise the assistant says that it does not know,
    and who does.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Probabilities (0 to 1) above which something is done; `likelier` see `in_this_talk`."""
        return {
            "answer": 0.75,
            "answer_after_danger": 0.7,
            "small_talk": 0.5,
            "certain": 0.95,
            "offer": 0.15,
            "choice": 0.015,
            "question": 0.5,
            "clear_question": 0.6,
            "one": 0.9,
            "hinted": 0.01,
            "part": 0.25,
            "own": 0.6,
            "another": 0.95,
            "likely": 0.3,
            "plain": 0.95,
            "begins": 0.6,
            "likelier": {"ahead": 5.0, "group": 6.5, "same": 3.0, "refused": 0.25},
        }

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

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        """Set the intent that the rules act on."""
        told = danger_told(tracker) if tracker else None
        for message in messages:
            ranking = [
                (entry["topic"], entry["confidence"]) for entry in message.get(RANKING) or []
            ]
            if ranking:
                if tracker:
                    self._keep_to(message, told, tracker)
                    self._hear_a_no(message, tracker)
                is_chat = ranking[0][0].startswith("chat/") and ranking[0][1] >= self._config["own"]
                if (together := message.get(LONG_RANKINGS_TOGETHER)) and not is_chat:
                    rankings, talk = [message.get(LONG_RANKING), *together], message.get(BEFORE)
                    ranking = in_this_talk(rankings, talk, self._config["likelier"])
                    ranking = by_topic(ranking)[:SHOWN]
                if not told:
                    self._take_for_a_step(message)
                is_first = tracker is None or not said_so_far(tracker)
                self._decide(message, ranking, told, is_first)
        return messages

    def _take_for_a_step(self, message: Message) -> None:
        """Read what is perhaps, or hardly surely, a danger as the one that a step of ours answers.

        "if i call 988 do they send cops": who asks that is not asked whether they are in danger.
        """
        danger: dict[str, Any] | None = message.get(DANGER)
        step, chance = likeliest_next(message)
        topic = danger_of(step) if step.startswith("step/") else None
        is_plain = topic is not None and chance >= self._config["plain"]
        is_open = danger and not danger["signs"] and danger["chance"] < self._config["another"]
        if danger and danger["level"] != "near" and is_open and is_plain:
            message.set(DANGER, {**danger, "level": "sure", "topic": topic}, add_to_output=True)

    def _keep_to(self, message: Message, told: str | None, tracker: DialogueStateTracker) -> None:
        """Read what may be a danger as the one that was told, unless it surely is another.

        "hes at the door" right after a beating is no overdose, whatever it sounds like alone.
        """
        danger: dict[str, Any] | None = message.get(DANGER)
        before, last = told_topic(tracker), recent_crisis(tracker)
        if not danger or told == GRIEF:
            return
        is_maybe, no_signs = danger["level"] == "maybe", not danger["signs"]
        changed = danger
        is_likely = is_maybe and danger["chance"] >= self._config["likely"]
        if told and before:
            is_same = QUESTION[danger["topic"]] == told and is_maybe
            is_doubtful = no_signs and danger["chance"] < self._config["another"]
            goes_on = last and (not is_maybe or told != QUESTION[SUICIDE])
            is_the_child = no_signs and last == CHILD and QUESTION[danger["topic"]] == "overdose"
            if is_same or is_the_child or (is_doubtful and goes_on):
                changed = {**danger, "topic": before}
        elif last_question(tracker) == OVERDOSE and is_likely and no_signs:
            # We asked whether someone is in danger now, and they go on about something alarming.
            changed = {**danger, "level": "sure", "topic": OVERDOSE}
        message.set(DANGER, changed, add_to_output=True)

    @staticmethod
    def _hear_a_no(message: Message, tracker: DialogueStateTracker) -> None:
        """Who says no to our question is not asked again, unless a phrase speaks for danger."""
        danger: dict[str, Any] | None = message.get(DANGER)
        is_open = danger and danger["level"] == "maybe" and not danger["signs"]
        was_asked = is_danger(last_question(tracker) or "")
        says_no = SAYS_NO.match(plain(str(message.get(TEXT))))
        if danger and is_open and was_asked and says_no:
            message.set(DANGER, {**danger, "level": "near"}, add_to_output=True)

    def _decide(self, message: Message, ranking: Ranking, told: str | None, is_first: bool) -> None:
        danger: dict[str, Any] | None = message.get(DANGER)
        if not self._can_be_yes_or_no(message):
            ranking = without_yes_or_no(ranking)
        topic, chance = next((e for e in ranking if not is_danger(e[0])), ranking[0])
        words = len(str(message.get(TEXT)).split())
        is_small_talk = topic.startswith("chat/") and words <= SHORT_ANSWER
        least = self._config[
            "answer_after_danger" if told else "small_talk" if is_small_talk else "answer"
        ]
        if told and topic in YES_OR_NO and words > 1:
            chance = 0.0  # "no fever" after an alarm is no reason to say "okay, no problem"
        if danger and danger["level"] == "maybe" and QUESTION[danger["topic"]] == told:
            danger["level"] = "sure"  # who has told of it is not asked about it again
        if danger and danger["level"] == "sure":
            set_topic(message, danger["topic"], danger["chance"])
            if message.get(PART_RANKINGS):
                others = self._others(message, [], danger["topic"], danger["chance"])
                message.set(OFFERED, others[:1], add_to_output=True)
        elif danger and danger["level"] == "maybe":
            self._set_intent(message, f"ask_{QUESTION[danger['topic']]}", chance)
            offered = self._questions(message, dict(ranking)) or self._likely(ranking)
            message.set(OFFERED, offered[:MOST_OTHERS], add_to_output=True)
        elif message.get(LANGUAGE) != ENGLISH and not (is_refusal(topic) and chance >= least):
            set_topic(message, OTHER_LANGUAGE, 1.0)
        elif self._is_a_place(message):
            set_topic(message, PLACE, 1.0)
        elif self._two_questions(message, dict(ranking)):
            pass
        elif topic in COURTESY and (one := self._one_question(message, dict(ranking))):
            set_topic(message, one, chance)
        elif chance >= least and not self._is_too_short(message, topic):
            set_topic(message, topic, chance)
            others = self._others(message, ranking, topic, chance)
            message.set(OFFERED, others, add_to_output=True)
        elif is_first and topic != OUT_OF_SCOPE and (key := self._plainly_meant(message)):
            set_topic(message, key, chance)
            others = [t for t in self._likely(ranking) if t != key and not is_refusal(t)]
            message.set(OFFERED, others, add_to_output=True)
        elif one := self._one_question(message, dict(ranking)):
            set_topic(message, one, chance)
            others = [t for t in self._likely(ranking) if t != one and not is_refusal(t)]
            message.set(OFFERED, others, add_to_output=True)
        elif sum(dict(ranking)[topic] for topic in self._likely(ranking)) >= self._config["offer"]:
            self._set_intent(message, DID_YOU_MEAN, chance)
            message.set(OFFERED, self._likely(ranking), add_to_output=True)
        else:
            self._set_intent(message, FALLBACK, chance)
        if danger and danger["level"] == "near":
            message.set(NEAR_DANGER, QUESTION[danger["topic"]], add_to_output=True)

    def _plainly_meant(self, message: Message) -> str | None:
        """What plainly comes next in talks that began like this message: "im at the er"."""
        key, chance = likeliest_next(message)
        is_text = "/" in key and not key.startswith(ASKED) and key not in NOT_OFFERED
        return key if is_text and chance >= self._config["begins"] else None

    def _others(self, message: Message, ranking: Ranking, topic: str, chance: float) -> list[str]:
        """What may also be meant, to be offered beside the answer.

        Of a message in several parts, what each is about by itself, though the whole is certain.
        """
        of_parts = [part[0] for part in message.get(PART_RANKINGS) or [] if part]
        likely = self._likely(ranking) if chance < self._config["certain"] else []
        likely += self._likely([entry for entry in of_parts if entry[1] >= self._config["part"]])
        if of_parts:
            likely += [t for t, often in ranking if often >= self._config["hinted"]]
        others = [
            t
            for t in dict.fromkeys(likely)
            if t != topic and not is_refusal(t) and not is_danger(t) and t not in NOT_OFFERED
        ]
        return others[: MOST_OFFERED if of_parts else MOST_OTHERS]

    def _two_questions(self, message: Message, whole: dict[str, float]) -> bool:
        """Answer the more urgent of two clear questions, and offer the other."""
        if is_refusal(next(iter(whole))):
            return False  # whatever it is wrapped in
        of_parts = [part[0] for part in message.get(PART_RANKINGS) or []]
        certain = [topic for topic, chance in of_parts if chance >= self._config["certain"]]
        hinted = self._config["hinted"]  # at least, of what a part surely is
        may_be = {topic: max(hinted, whole.get(topic, 0.0)) for topic in certain}
        may_be = may_be | {topic: whole[topic] for topic in whole if topic not in may_be}
        questions = self._questions(message, may_be)
        if len(questions) < MOST_QUESTIONS:
            return False
        first, second, *_ = questions
        set_topic(message, first, may_be[first])
        message.set(ALSO_ASKED, [second], add_to_output=True)
        likeliest = next(iter(whole))  # of the whole message, if its parts say something else
        if likeliest not in (first, second, *NOT_OFFERED) and not is_danger(likeliest):
            message.set(OFFERED, [likeliest], add_to_output=True)
        return True

    def _questions(self, message: Message, whole: dict[str, float]) -> list[str]:
        """The clear questions in a message, the more urgent first.

        Each must be among what the whole message may be about: a long story about something else
        has parts that sound like us.
        """
        if next(iter(whole)) == OUT_OF_SCOPE:
            return []
        one = max(whole.values()) >= self._config["one"]
        least = self._config["clear_question" if one else "question"]
        asked: dict[str, float] = {}
        for ranking in message.get(PART_RANKINGS) or []:
            topic, chance = ranking[0]
            if (
                chance >= least
                and whole.get(topic, 0.0) >= self._config["hinted"]
                and topic not in NOT_OFFERED
                and not is_danger(topic)
                and not topic.startswith("chat/")
            ):
                asked[topic] = max(chance, asked.get(topic, 0.0))
        return sorted(asked, key=lambda topic: (urgency(topic), -asked[topic]))

    def _one_question(self, message: Message, whole: dict[str, float]) -> str | None:
        """The only clear question of a message that as a whole is not clear: a story, mostly."""
        questions = self._questions(message, whole)
        return questions[0] if len(questions) == 1 else None

    @staticmethod
    def _is_a_place(message: Message) -> bool:
        """Whether a message is the name or ZIP code of a place and nothing else."""
        text = str(message.get(TEXT))
        return any(
            e["entity"] == "place" and not re.search(r"\w", text[: e["start"]] + text[e["end"] :])
            for e in message.get(ENTITIES) or []
        )

    @staticmethod
    def _can_be_yes_or_no(message: Message) -> bool:
        """Whether a message may be a mere answer: "i dont want rehab" is no "no"."""
        words = plain(str(message.get(TEXT))).split() or [""]
        is_first = re.sub(r"\W", "", words[0]) in ANSWERS_FIRST
        return len(words) <= SHORT_ANSWER or (is_first and len(words) <= LONGEST_ANSWER)

    @staticmethod
    def _is_too_short(message: Message, topic: str) -> bool:
        signs = [c for c in str(message.get(TEXT)) if c.isalnum() or c == "?" or not c.isascii()]
        one_letter = len(signs) == 1 and signs[0].isalnum()
        return not signs or (one_letter and topic not in SAID_IN_ONE_LETTER)

    def _likely(self, ranking: Ranking) -> list[str]:
        least = self._config["choice"]
        likely = [
            topic
            for topic, chance in ranking
            if chance >= least and topic not in NOT_OFFERED and not is_danger(topic)
        ]
        return [t for t in likely if t not in ASKED_FOR or t == likely[0]][:MOST_OFFERED]

    @staticmethod
    def _set_intent(message: Message, name: str, best_chance: float) -> None:
        intent = {"name": name, "confidence": 1 - best_chance}
        message.set(INTENT, intent, add_to_output=True)
        message.set(SELECTOR, {}, add_to_output=True)
