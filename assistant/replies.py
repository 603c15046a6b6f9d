"""Rasa's language generator: the reviewed texts, with the lines they name and what goes along."""

from __future__ import annotations

import re
from typing import Any

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from assistant.content import (
    Answer,
    Choice,
    content,
    intent_of_topic,
    language_of_response,
    topic_answered,
    topic_of_response,
)
from assistant.danger.phrases import says_one_of
from assistant.danger.situations import ALL_CLEAR, STAY, situations_after
from assistant.names import HOME
from assistant.parts import asks
from assistant.put_off import put_off
from assistant.sms import segments
from assistant.talk_so_far import (
    AT_ONCE,
    MEDICAL,
    NO_OVERDOSE,
    NO_SUICIDE,
    OVERDOSE,
    REPLY,
    SAID,
    UNDERSTOOD,
    WHILE_BREATHING,
    breathes,
    danger_told,
    last_crisis,
    last_language,
    last_reply,
    last_said,
    parse_data,
    recent_crisis,
    said_so_far,
    told_topic,
)
from assistant.talks import danger_of
from assistant.understood import (
    ALSO_ASKED,
    DANGER,
    LANGUAGE,
    NEAR_DANGER,
    NEXT_REPLIES,
    OFFERED,
    RANKING,
    decided,
)

# "I'm ok", "thanks", "bye" are not answered as if no danger had been told.
SAID_AFTERWARDS = {
    "suicide": {"chat/thanks", "chat/goodbye", "chat/affirm", "chat/deny", "chat/greet"},
    "safety": {"chat/thanks", "chat/goodbye", "chat/affirm", "chat/deny", "chat/greet"},
    "overdose": {"chat/thanks", "chat/goodbye"},
    "grief": {"chat/thanks", "chat/goodbye", "chat/affirm", "chat/deny"},
}
NOW_TO_THAT = "utter_now_to_that"  # above the answer to a question that ours had put off
SAME_ANSWER, TOLD_ALL, HEARD = "utter_same_answer", "utter_told_all", "utter_heard"
STILL_HERE, STILL_LISTENING = "utter_still_here", "utter_still_listening"
IN_SPANISH, IN_SPANISH_AGAIN = "utter_chat_spanish", "utter_chat_spanish_again"
SMS, MOST_SEGMENTS = "sms", 2
IN_SHORT, SHORT = "utter_in_short", SMS  # the shorter wording is the simpler one
AGAIN = {"answer": SAME_ANSWER, "refusal": "utter_still_no"}  # above what is said once more
ILLNESS = "illness"  # of which nothing is said about naloxone
SUICIDE, OF_ANOTHER = "suicide", "suicide_of_another"
OF_DYING = ("crisis/suicide", "crisis/self_harm")
COUNTRY_SLOT = "country"  # where the person is, if not in the US
# Where the number is not known to us; 911 too, as a country may be named that they are not in.
LOCAL_NUMBER = {
    "en": "911 (or your local emergency number)",
    "es": "911 (o al número de emergencias de su país)",
}
# Said again however often it is asked for: "what about snoring" is no time for "I told you".
NEVER_ENOUGH = {"overdose", "withdrawal", "safer_use"}
# Nor is grief: both wordings in turn, then a line that we read it, and no "I told you".
TENDER = {"family/grief", "family/support_for_me", "recovery/shame", "chat/feeling_low"}
NAMES_LINES = ("crisis", "clarify", "fallback")
GO_ON_WITH_CARE = ("answer", "refusal")
MOST_CHOICES = 4
PERHAPS, MOST_BEFORE = 0.05, 3  # of what was perhaps meant: how likely, and how many
NEAR_A_PLACE = ("help/find_treatment", "help/find_detox")
NOT_IN_DANGER, MISREAD = "step/not_in_danger", "step/misread"
NO_DANGER = tuple(f"utter_{intent_of_topic(key)}" for key in (NOT_IN_DANGER, MISREAD))
# Said at once instead of the answer for everyone: a child who is hit is not told about naloxone
# first, and whose brother wants to die is not told to put the pills away.
PLAINLY = 0.2  # how likely it must be at the least
SAID_AT_ONCE = {  # the step, and its least share of what may be said about danger
    "crisis/child_danger": {
        "step/child_hurt": 0.7, "step/child_alone": 0.95, "step/reporting": 0.7,
        "step/after_report": 0.7, "step/child_worries": 0.7, "step/hit_my_child": 0.7,
        "step/hurt_child_words": 0.85,
    },
    "crisis/abuse": {
        "step/choked": 0.8, "step/is_it_abuse": 0.8,
        "step/danger_close": 0.85, "step/elder": 0.7, "step/friend_hurt": 0.7,
        "step/court_help": 0.7, "step/papers": 0.7, "step/shelter": 0.7, "step/still_love": 0.8,
        "step/threat_debt": 0.7, "step/stop_hurting": 0.85,
    },
    "crisis/overdose_now": {
        "step/child_alone": 0.95, "step/swallowed_bags": 0.7, "step/at_wheel": 0.7,
        "step/cannot_move": 0.85, "step/many_down": 0.85, "step/naloxone_self": 0.85,
        "step/took_awake": 0.8,
    },
    "crisis/suicide": {
        "step/suicide_other": 0.7, "step/means_at_hand": 0.85, "step/will_they_hold": 0.8,
        "step/wont_give_it": 0.8, "step/threat_breakup": 0.7,
    },
    "crisis/self_harm": {"step/self_harm_other": 0.4, "step/wound": 0.7},
    "crisis/harm_others": {
        "step/threat_other": 0.6, "step/unwanted_thoughts": 0.7, "step/threat_debt": 0.7,
        "step/stop_hurting": 0.6, "step/hit_my_child": 0.7,
    },
    "crisis/sexual_assault": {
        "step/assault_other": 0.7, "step/assault_doubt": 0.7, "step/report_official": 0.8,
        "step/exam_private": 0.8,
    },
    "crisis/medical_emergency": {
        "step/seizure": 0.4, "step/overheating": 0.7, "step/swallowed_bags": 0.5,
        "step/newborn": 0.5,
    },
}  # fmt: skip
FEW = 4  # replies
# Steps that were said instead of a card, as somebody else is in danger: they go on instead of it.
FOR_ANOTHER = {
    "utter_step_child_hurt", "utter_step_suicide_other", "utter_step_self_harm_other",
    "utter_step_threat_other",
}  # fmt: skip
# What is said to who fears for the life of somebody else, and to who thinks of suicide.
OTHERS_LIFE = {"utter_step_suicide_other", "utter_step_self_harm_other"}
OWN_LIFE = {
    "utter_crisis_suicide", "utter_crisis_self_harm", "utter_step_means_at_hand",
    "utter_step_safer", "utter_step_on_purpose", "utter_step_wound",
}  # fmt: skip
# Where there is more to say than to do: a third text in a row may be short.
LISTENED_TO = {
    "crisis/suicide", "crisis/self_harm", "crisis/abuse", "crisis/sexual_assault",
    "crisis/harm_others",
}  # fmt: skip


def is_for_another(tracker: DialogueStateTracker) -> bool:
    """Whether the last that was said about suicide was about somebody else's."""
    said = (name.removesuffix("_es") for name in reversed(said_so_far(tracker)))
    return next((one in OTHERS_LIFE for one in said if one in OTHERS_LIFE | OWN_LIFE), False)


def asks_again(tracker: DialogueStateTracker) -> bool:
    """Whether the last message asks to hear the same again, or more simply."""
    ranking = parse_data(tracker).get(RANKING) or [{}]
    return bool(ranking[0].get("topic") == "chat/repeat")


def offered_before(tracker: DialogueStateTracker) -> list[str]:
    """What the message before the last one was perhaps about, if it was no danger."""
    said = [event for event in tracker.events if isinstance(event, UserUttered)]
    if len(said) < 2:
        return []
    data = said[-2].parse_data or {}
    return list(data.get(OFFERED) or ordinary(data))


def ordinary(data: dict[str, Any]) -> list[str]:
    """What a message was perhaps about besides danger and small talk, likeliest first."""
    likely = [
        str(entry["topic"])
        for entry in data.get(RANKING) or ()
        if entry["confidence"] >= PERHAPS
        and not entry["topic"].startswith(("crisis/", "chat/", "help/place"))
    ]
    return likely[:MOST_BEFORE]


def understood(tracker: DialogueStateTracker) -> dict[str, Any]:
    """What the last message was taken for, for staff and reports."""
    data = parse_data(tracker)
    decision = decided(data)
    return {
        "topic": topic_answered(decision.topic),
        "decision": decision.kind,
        "confidence": (data.get("intent") or {}).get("confidence"),
        "ranking": data.get(RANKING, []),
        "danger": data.get(DANGER),
        "language": data.get(LANGUAGE),
        "entities": [
            {"entity": entity["entity"], "value": entity["value"]}
            for entity in data.get("entities") or []
        ],
    }


def choices_of(answer: Answer, data: dict[str, Any]) -> list[Choice]:
    """What a reply offers: what else was asked or perhaps meant, then what belongs to it.

    Where danger is answered or asked about, its own come first, and there is room for one more.
    """
    offered = [Choice(topic) for topic in data.get(OFFERED) or () if topic != answer.topic]
    also = [Choice(topic) for topic in data.get(ALSO_ASKED) or () if topic != answer.topic]
    own = list(answer.choices)
    own_first = answer.kind in ("clarify", "crisis")
    choices = [*own, *offered] if own_first else [*also, *offered, *own]
    most = max(MOST_CHOICES, len(own) + 1) if own_first else MOST_CHOICES
    keys = dict.fromkeys(choice.key for choice in choices)
    first = {choice.key: choice for choice in reversed(choices)}
    return [first[key] for key in keys][:most]


def tells_more(data: dict[str, Any]) -> bool:
    """Whether a message tells more of what was answered, and asks nothing."""
    ranking: dict[str, float] = data.get(NEXT_REPLIES) or {}
    likeliest = max(ranking, key=lambda key: ranking[key], default=None)
    return likeliest == STAY and not asks(str(data.get("text")))


def asks_or_alarms(tracker: DialogueStateTracker) -> bool:
    """Whether the last message asks something or has a sign of danger: no time to just listen."""
    data = parse_data(tracker)
    return asks(str(data.get("text"))) or bool((data.get(DANGER) or {}).get("signs"))


def in_language_of(answer: Answer, name: str) -> str:
    """The response of that name in the language of an answer."""
    return name if answer.language == "en" else f"{name}_{answer.language}"


def again_of(utter_action: str) -> str:
    """What the second wording of an answer is called."""
    return f"utter_again_{utter_action.removeprefix('utter_').removeprefix('crisis_')}"


def above_if_it_fits(above: str, text: str, channel: str, between: str = "\n\n") -> str:
    """A text below a few words of courtesy, which an SMS too long with them goes without."""
    both = f"{above}{between}{text}"
    return text if channel == SMS and segments(both) > MOST_SEGMENTS else both


NUMBER = re.compile(r"\d[\d-]+\d")  # to call


class ReviewedReplies(TemplatedNaturalLanguageGenerator):
    """Fills in numbers and links, and adds the topic, kind, choices and sources of a reply."""

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        self._content = content()
        super().__init__(self.responses)
        self._titles = {
            answer.key: answer.title for answer in reversed(self._content.answers.values())
        }
        self._titles_es = {answer.key: answer.title_es for answer in self._content.answers.values()}

    @property
    def responses(self) -> dict[str, list[dict[str, Any]]]:
        """The responses as our files have them."""
        return self._content.responses

    @responses.setter
    def responses(self, responses: dict[str, list[dict[str, Any]]]) -> None:
        """Rasa sets those of its domain, which has their names only; ours stay."""

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """The reply of a response for a channel, as the front desk's contract describes it."""
        question = put_off(tracker) if utter_action in NO_DANGER else None
        name = question or self._worded(utter_action, tracker)
        answer = self._content.answers.get(name)
        times = self._times_just_said(utter_action, name, tracker)
        is_heard = times % 2 == 1 and tells_more(parse_data(tracker))
        if answer is not None and answer.topic in TENDER and not is_heard:
            times = 0
        is_answer = answer is not None and answer.kind == "answer"
        in_short = is_answer and (times > 0 or asks_again(tracker))
        text = await self._text(name, tracker, SHORT if in_short else output_channel, kwargs)
        if text is None or answer is None:
            return {"text": text} if text else None
        if in_short and not times:
            short = await self._text(in_language_of(answer, IN_SHORT), tracker, output_channel, {})
            text = above_if_it_fits(str(short), text, output_channel, " ")
        if line := await self._line_below(text, answer, tracker, output_channel):
            text = f"{text}\n\n{line}"
        is_step = answer.key.startswith("step/") and answer.kind == "crisis"
        again = STILL_HERE if is_step else AGAIN.get(answer.kind)
        if times and again:
            above = await self._text(in_language_of(answer, again), tracker, output_channel, {})
            text = above_if_it_fits(str(above), text, output_channel)
        if question:  # names the line, so that no SMS goes without it
            text = f"{await self._text(NOW_TO_THAT, tracker, output_channel, {})}\n\n{text}"
        if times and is_answer and answer.group not in NEVER_ENOUGH:
            instead = HEARD if tells_more(parse_data(tracker)) else TOLD_ALL if times > 1 else None
            if instead:
                instead = in_language_of(answer, instead)
                text = str(await self._text(instead, tracker, output_channel, {}))
        abroad = self._country_lines(answer, tracker)
        if abroad and (answer.kind in NAMES_LINES or answer.group == "help"):
            text = f"{await self._text(abroad, tracker, output_channel, {})}\n\n{text}"
        return {
            "text": text,
            SAID: name,
            REPLY: {
                "topic": kwargs.get("topic", self._topic(answer, tracker)),
                "kind": answer.kind,
                "choices": self._choices(answer, tracker),
                "sources": self._content.sources_of(answer),
            },
            UNDERSTOOD: understood(tracker),
        }

    async def _text(
        self, name: str, tracker: DialogueStateTracker, channel: str, values: dict[str, Any]
    ) -> str | None:
        filled = self._content.placeholders | self._numbers_abroad(name, tracker) | values
        message = await super().generate(name, tracker, channel, **filled)
        return str(message["text"]) if message and message.get("text") else None

    def _country_lines(self, answer: Answer, tracker: DialogueStateTracker) -> str | None:
        """The response that names the lines of the country that the person is in, if not the US."""
        country = tracker.get_slot(COUNTRY_SLOT)
        names = [f"utter_country_{country}"]
        if answer.language != "en":
            names = [f"utter_country_{one}_{answer.language}" for one in (country, "other")]
        is_abroad = country and country != HOME
        return next((n for n in names if is_abroad and n in self._content.answers), None)

    def _numbers_abroad(self, name: str, tracker: DialogueStateTracker) -> dict[str, str]:
        """What stands for 911 where the person is, if that is not the US."""
        country = tracker.get_slot(COUNTRY_SLOT)
        if not country or country == HOME:
            return {}
        no_number = LOCAL_NUMBER[language_of_response(name)]
        return {"emergency": self._content.placeholders.get(f"{country}_emergency", no_number)}

    def _worded(self, utter_action: str, tracker: DialogueStateTracker) -> str:
        """The response to say: in Spanish, with care or in other words, where there is such."""
        names = [utter_action]
        told = danger_told(tracker)
        topic = topic_of_response(utter_action)
        language = parse_data(tracker).get(LANGUAGE) or last_language(tracker)
        in_spanish = topic == "chat/spanish" and language == "es"
        if topic == "chat/greet" and last_crisis(tracker) in LISTENED_TO:  # "u there?"
            names = [STILL_LISTENING]
        elif told and (topic in SAID_AFTERWARDS[told] or in_spanish):
            names = [f"utter_after_{self._kind_of_danger(tracker)}"]
        goes_on = last_said(tracker) in (IN_SPANISH, IN_SPANISH_AGAIN)
        if utter_action == IN_SPANISH and language == "es" and not told and goes_on:
            names = [IN_SPANISH_AGAIN]
        if other := self._in_other_words(utter_action, tracker):
            names = [other, *names]
        if topic in SAID_AT_ONCE and (step := self._step_at_once(topic, tracker)):
            names = [f"utter_{intent_of_topic(step)}", *names]
        about = told_topic(tracker)
        if utter_action in NO_OVERDOSE and about not in (None, OVERDOSE):
            names = [NO_OVERDOSE[utter_action]]
        if utter_action in NO_SUICIDE and (about not in OF_DYING or is_for_another(tracker)):
            names = [NO_SUICIDE[utter_action]]
        if utter_action in WHILE_BREATHING and breathes(tracker):
            names = [WHILE_BREATHING[utter_action]]
        names = [f"{name}_{language}" for name in names] + names
        return next((name for name in names if name in self._content.answers), utter_action)

    @staticmethod
    def _kind_of_danger(tracker: DialogueStateTracker) -> str:
        """The danger that was told; of an illness nothing is said about naloxone."""
        told = str(danger_told(tracker))
        if told == SUICIDE and is_for_another(tracker):
            return OF_ANOTHER
        return ILLNESS if told == "overdose" and told_topic(tracker) == MEDICAL else told

    def _in_other_words(self, utter_action: str, tracker: DialogueStateTracker) -> str | None:
        """The response for what is told again right after its answer: in turn this and that one.

        To who tells more of a danger than fits two texts, a short line shows that we still read.
        """
        answer = self._content.answers.get(utter_action)
        again = self._content.answers.get(again_of(utter_action))
        if again and says_one_of(again.said, str(parse_data(tracker).get("text") or "")):
            return again.name  # it is about that
        last, said = last_reply(tracker), last_said(tracker).removesuffix("_es")
        if answer is None or last.get("topic") != answer.topic or asks_again(tracker):
            return None
        for_another = self._said_for_another(answer.topic, tracker)
        is_calm = answer.kind == "crisis" and (answer.topic in LISTENED_TO or bool(for_another))
        is_heard = is_calm and not asks_or_alarms(tracker)
        if is_calm and answer.key.startswith("step/"):
            return STILL_LISTENING if said == utter_action and is_heard else None
        if again is None or (again.kind != "crisis" and again.said):
            return None
        if again.kind != "crisis":
            return again.name if said != again.name else None
        if last["kind"] != "crisis" or (again.topic == OVERDOSE and said.startswith("utter_step_")):
            return None
        other = for_another or again.name
        if said == other and is_calm:  # a question, or plain danger, needs more than an ear
            return STILL_LISTENING if is_heard else None
        return other

    def _said_for_another(self, topic: str, tracker: DialogueStateTracker) -> str | None:
        """The step about this danger to somebody else that was said a few replies ago."""
        lately = [name.removesuffix("_es") for name in said_so_far(tracker)[-FEW:]]
        steps = {name for name in FOR_ANOTHER if self._content.answers[name].topic == topic}
        return next((name for name in reversed(lately) if name in steps), None)

    @staticmethod
    def _topic(answer: Answer, tracker: DialogueStateTracker) -> str:
        """The topic of a reply: of a step that several dangers have, the one that was told."""
        told = recent_crisis(tracker)
        name = answer.name.removesuffix("_es")
        if told is None or answer.kind != "crisis":
            return answer.topic
        if name == STILL_LISTENING or name in {*NO_OVERDOSE.values(), *NO_SUICIDE.values()}:
            return told
        steps: set[str] = set().union(*(one.labels for one in situations_after(told, None)))
        is_worse = answer.topic in AT_ONCE and told not in AT_ONCE
        is_shared = answer.key.removesuffix("_es") in steps and answer.key.startswith("step/")
        return told if is_shared and not is_worse else answer.topic

    @staticmethod
    def _step_at_once(topic: str, tracker: DialogueStateTracker) -> str | None:
        """The step of ours that the message leads to more plainly than to the answer of a danger.

        None after an answer to danger: what a message means there has been heard.
        """
        if last_crisis(tracker):
            return None
        ranking = parse_data(tracker).get(NEXT_REPLIES) or {}
        steps = {step: ranking.get(step, 0.0) for step in SAID_AT_ONCE[topic]}
        step, chance = max(steps.items(), key=lambda entry: entry[1])
        in_danger = sum(chance for key, chance in ranking.items() if danger_of(key))
        is_plain = chance >= PLAINLY and chance >= SAID_AT_ONCE[topic][step] * in_danger
        return step if is_plain else None

    def _times_just_said(self, action: str, name: str, tracker: DialogueStateTracker) -> int:
        """How often in a row this was the reply; none if they ask to hear it again.

        Of an answer that has a second wording, how often it was more than both.
        """
        if asks_again(tracker):
            return 0
        again = again_of(action)
        names = {name, action, again} if again in self._content.answers else {name}
        said = said_so_far(tracker)
        times = next((n for n, one in enumerate(reversed(said)) if one not in names), len(said))
        return max(0, times - len(names - {name}))

    async def _line_below(
        self, text: str, answer: Answer, tracker: DialogueStateTracker, channel: str
    ) -> str | None:
        """What keeps a line in sight below an answer, after danger was told or is perhaps near.

        After danger it stands below every other ordinary answer: in sight, and no nagging.
        """
        told = danger_told(tracker)
        just_before = last_reply(tracker).get("kind") in GO_ON_WITH_CARE
        if answer.kind not in GO_ON_WITH_CARE or (told and just_before):
            return None
        near = parse_data(tracker).get(NEAR_DANGER)
        name = f"utter_line_{self._kind_of_danger(tracker)}" if told else f"utter_near_{near}"
        name += "" if answer.language == "en" else f"_{answer.language}"
        if name not in self._content.answers:
            return None
        line = str(await self._text(name, tracker, channel, {}))
        is_new = not set(NUMBER.findall(line)) <= set(NUMBER.findall(text))
        return line if told or is_new else None

    def _choices(self, answer: Answer, tracker: DialogueStateTracker) -> list[dict[str, str]]:
        data = parse_data(tracker)
        if (key := answer.key.removesuffix("_es")) in ALL_CLEAR:  # back to what they wrote before
            was_a_step = key == NOT_IN_DANGER and last_said(tracker).startswith("utter_step_")
            before = [] if was_a_step else offered_before(tracker)
            data = {OFFERED: ordinary(data) + before}
        if answer.key in NEAR_A_PLACE and answer.kind == "answer":
            data = data | {OFFERED: []}  # what a town's name sounded like
        return [
            {
                "label": choice.label or self._title(choice.key, answer.language),
                "payload": choice.key,
            }
            for choice in choices_of(answer, data)
            if choice.key in self._titles  # a missing one must not cost the reply
        ]

    def _title(self, key: str, language: str) -> str:
        in_spanish = self._titles.get(f"{key}_es") or self._titles_es.get(key)
        return in_spanish if in_spanish and language == "es" else self._titles[key]
