"""Rasa component: reads a message in the light of the reply before it.

"2" or "the second one" picks a choice, "yes" picks the first where we asked "did you mean",
"tell me more" goes on to what belongs to the last answer, "say that again" repeats it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from spacy.matcher import Matcher
from spacy.tokens import Doc, Span

from assistant.content import content, language_of_response
from assistant.danger.after_danger import (
    A_FEW,
    CLEARLY,
    LIKELY,
    MYSELF,
    RATHER,
    SURELY,
    Heard,
    heard_in,
    holds,
    is_another,
    is_answerable,
    next_in_danger,
    who_took,
)
from assistant.danger.phrases import doc_of, matcher_of, says_one_of
from assistant.danger.situations import ALL_CLEAR, STAY, steps_for_others
from assistant.decision import (
    ASKED_FOR,
    COURTESY,
    NOT_OFFERED,
    PLACE,
    QUESTION,
    YES_OR_NO,
    is_danger,
)
from assistant.features import plain
from assistant.language_reader import SPANISH
from assistant.parts import ASKS
from assistant.replies import MISREAD
from assistant.talk_so_far import AT_ONCE, OVERDOSE, SAID, key_of, replies_so_far
from assistant.talks import AFTERWARDS, ASKED, danger_of
from assistant.understood import (
    ALSO_ASKED,
    DID_YOU_MEAN,
    FALLBACK,
    NEAR_DANGER,
    OFFERED,
    set_topic,
    topic_of,
)

BARE = 2  # words: "yes", "not yet" answer what we asked
ANSWER = 6  # words; what is longer is no answer to our question, though it names one of the choices

PICK = re.compile(
    r"^(?:(?:yes|yeah|yea|ok|um|the|number|button|nr\.?|option|choice|answer|no\.?|ill take|i pick"
    r"|#|el|la|opcion)\s*)*"
    r"(?:(?P<digit>[1-9])"
    r"|(?P<word>first|top|second|third|one|two|three|1st|2nd|3rd|last|uno|dos|tres|primer[oa]"
    r"|segund[oa]))"
    r"(?:\s+(?:one|option|choice|please|pls|plz|1|then|lol|i guess|i think|maybe|thanks|thx))*"
    r"(?:(?:\s*(?:and|&|,|y|\s)\s*)[1-9])*[.!)]*$",  # of several the first; the others are offered
    re.IGNORECASE,
)
ORDINALS = {"first": 0, "top": 0, "one": 0, "1st": 0, "second": 1, "two": 1, "2nd": 1}
ORDINALS |= {"third": 2, "three": 2, "3rd": 2, "last": -1, "uno": 0, "dos": 1, "tres": 2}
ORDINALS |= {"primero": 0, "primera": 0, "segundo": 1, "segunda": 1}
NAMED = re.compile(
    r"^(?:(?:yes|yeah|yea|ok|no|um|maybe|probably|i mean|i meant|id say|just)\W+)*"
    r"the (?P<words>(?:\w+ ){1,3}?)one\b(?:\W+\w+){0,2}\W*$"
)
TELLS_APART = 4  # letters with which a word must begin alike to name a choice
# One of these chooses only if the message starts with it: "no one is here" is not a "no".
ANSWERS_FIRST = {
    "yes", "yeah", "yea", "yep", "y", "si", "no", "nope", "nah", "n", "ok", "okay", "me", "maybe",
}  # fmt: skip
# "no he isnt" answers; "no chest pain" says something of its own.
GOES_ON = {
    "he", "hes", "she", "shes", "they", "theyre", "it", "its", "i", "im", "we", "not", "no", "yes",
    "please", "pls", "el", "ella", "se", "ha", "esta",
}  # fmt: skip
# What a place is for, after an answer; treatment, where it is none of these.
PLACE_IS_FOR = {
    "help/find_detox": "help/find_detox",
    "detox/what_is": "help/find_detox",
    "detox/what_to_expect": "help/find_detox",
    "help/support_groups": "help/support_groups",
    "recovery/groups": "help/support_groups",
    "help/find_naloxone": "help/find_naloxone",
    "overdose/naloxone_get": "help/find_naloxone",
    "safer_use/syringe_services": "safer_use/syringe_services",
    "safer_use/test_strips": "safer_use/syringe_services",
}
WHO_HURTS = "crisis/abuse"  # the first choice below our question whether someone is in danger
UNCLEAR = {DID_YOU_MEAN, FALLBACK}
IN_TALK_ONLY = {"chat/more", "chat/repeat", PLACE}  # mean something after a reply only
NO_SHRUG = {"chat/out_of_scope", "chat/repeat", "chat/more"}  # after danger
HARMLESS = 0.02  # of all that may be said next, what is for danger
CHOICES_OF_TALK, PERHAPS = 3, 0.08  # offered where it is not clear: how many, and how likely each
# An answer was given this often in a row: something else is meant if it is this likely beside it.
ENOUGH, SOMETHING_NEW = 2, 0.3
CERTAIN, BESIDE = 0.9, 2  # offered beside what is less than certain: how many
IN_SPANISH = "chat/spanish"  # any message in Spanish that no choice or danger was seen in
THANKS = "chat/thanks"  # what follows a danger is said instead of it
# "good" is no "yes" to "are you in danger", nor is "is it safe".
AT_EASE = {"ok", "okay", "k", "kk", "alright", "fine", "good", "cool", "sure"}
# "not awake yet" does not choose "Awake now"; in Spanish "no" stands right before what it denies.
NOT = {
    "thinks", "pretend", "pretending", "everyone", "not", "isnt", "aint", "wasnt", "wont", "cant",
    "didnt", "doesnt", "dont", "hasnt", "havent", "never", "nunca",
}  # fmt: skip
DENIED_WITHIN = 2  # words
NO_IN_SPANISH = re.compile(r"\bno (?:(?:se|le|la|lo|ha|he|esta|estaba|me) )*$")
NO_ONE = re.compile(r"\bno one\b", re.IGNORECASE)


def picked(text: str, choices: list[dict[str, str]]) -> str | None:
    """The topic of the choice that a short text points to, if it does."""
    found = PICK.match(text.strip())
    if not found or not choices:
        return None
    number = int(found["digit"]) - 1 if found["digit"] else ORDINALS[found["word"].lower()]
    return choices[number]["payload"] if number < len(choices) else None


def named(text: str, choices: list[dict[str, str]]) -> str | None:
    """The only choice whose label has one of the words in "the boundaries one please"."""
    found = NAMED.match(plain(text))
    words = {w[:TELLS_APART] for w in found["words"].split()} if found else set()
    words = {word for word in words if len(word) == TELLS_APART}
    fitting = [
        choice["payload"]
        for choice in choices
        if words & {word[:TELLS_APART] for word in re.findall(r"\w+", plain(choice["label"]))}
    ]
    return fitting[0] if len(fitting) == 1 else None


@cache
def typed_choices(response: str) -> tuple[tuple[Matcher, ...], list[str]]:
    """What is typed right after a response, and the keys that it chooses, in their order.

    A response's own choices come first; then the steps that go on from it or, if there are none,
    from its topic.
    """
    answers = content().answers
    answer = answers.get(response)
    if answer is None:
        return (), []
    own = tuple((choice.key, choice.said) for choice in answer.choices if choice.said)
    steps = [step for step in answers.values() if step.said and step.language == answer.language]
    key = answer.key.removesuffix("_es")
    follow = [step for step in steps if key in step.after]
    if answer.kind == "crisis":
        follow = follow or [step for step in steps if answer.topic in step.after]
    then = tuple((step.key.removesuffix("_es"), step.said) for step in follow)
    matchers = tuple(matcher_of(said) for said in (own, then) if said)
    return matchers, list(dict.fromkeys(key for key, _ in own + then))


def is_denied(before: Span, in_spanish: bool) -> bool:
    """Whether the words before some others take back what those say."""
    near = {word.text for word in before[-DENIED_WITHIN:]}
    return bool(near & NOT) or (in_spanish and bool(NO_IN_SPANISH.search(f"{before.text} ")))


def answers(doc: Doc, word: Span) -> bool:
    """Whether a "yes" or "no" is the answer: it stands first, and little that says more follows."""
    follows = doc[1].text if len(doc) > 1 else ""
    return word.start == 0 and (len(doc) == 1 or (len(doc) <= 4 and follows in GOES_ON))


def chosen_by_words(response: str | None, text: str) -> str | None:
    """The choice of the last response that a text names in its own words.

    The longest match wins, and of equally long ones the choice that stands first.
    """
    matchers, keys = typed_choices(str(response))
    if not keys:
        return None
    doc = doc_of(NO_ONE.sub("nobody", text))
    in_spanish = language_of_response(str(response)) == SPANISH
    spans = [
        span
        for matcher in matchers
        for span in matcher(doc, as_spans=True)
        if (span.text not in ANSWERS_FIRST or answers(doc, span))
        and not is_denied(doc[: span.start], in_spanish)
    ]
    best = max(spans, key=lambda span: (len(span), -keys.index(span.label_)), default=None)
    return str(best.label_) if best is not None else None


def corrects_us(topic: str, text: str, last: dict[str, Any]) -> bool:
    """Whether a text plainly says that we got it wrong, and asks nothing else that we know.

    Not in an emergency: "hes not dead but hes purple" corrects nothing.
    """
    if last["topic"] in AT_ONCE and last["kind"] == "crisis":
        return False
    asks_else = is_answerable(topic) and topic != last["topic"]
    spoke = last["kind"] in ("answer", "crisis", "clarify", "smalltalk")
    said = (content().answers[f"utter_step_misread{end}"].said for end in ("", "_es"))
    return spoke and not asks_else and any(says_one_of(phrases, text) for phrases in said)


def asks_plainly(what: Heard) -> bool:
    """Whether a message asks what talks have taught: "not that. do they test every visit"."""
    key, chance = max(what.ranking.items(), key=lambda entry: entry[1], default=("", 0.0))
    return what.asks and is_answerable(key) and chance >= RATHER


def next_in_talk(
    topic: str, replies: list[dict[str, Any]], what: Heard
) -> tuple[str, float] | None:
    """The key of what is said next in a talk without danger, and how likely that is.

    None if the message is to be taken by itself: it has signs of danger, or it is not clear.
    """
    if topic == PLACE or what.told or what.asks_two or not what.ranking:
        return None
    key, chance = max(what.ranking.items(), key=lambda entry: entry[1])
    is_question = key != STAY and (what.asks or chance >= CLEARLY)
    if replies[-1]["kind"] == "flow" and not is_question:
        return None  # it may well be a place
    in_danger = sum(chance for key, chance in what.ranking.items() if danger_of(key))
    is_harmless = chance >= CLEARLY and in_danger <= HARMLESS and not what.signs
    if what.level == "sure" or (what.level == "maybe" and not is_harmless):
        return None
    is_foreign = topic == IN_SPANISH and is_answerable(key)
    if chance < LIKELY or danger_of(key) or key.startswith(ASKED) or is_foreign:
        return None
    answers = [key_of(reply) for reply in replies if reply["kind"] in ("answer", "refusal")]
    told = told_enough(replies)
    if told and key in (STAY, told):
        same = sum(what.ranking.get(one, 0.0) for one in (STAY, told))
        others = [e for e in what.ranking.items() if is_answerable(e[0]) and e[0] != told]
        other = max(others, key=lambda entry: entry[1], default=("", 0.0))
        if other[1] >= SOMETHING_NEW * same:
            return other
    if key == STAY:
        return (answers[-1], chance) if answers else None
    return key, chance


def told_enough(replies: list[dict[str, Any]]) -> str | None:
    """The key of the answer that the last replies were, if it was given twice in a row."""
    lately = [key_of(reply) for reply in replies[-ENOUGH:]]
    is_same = len(lately) == ENOUGH and len(set(lately)) == 1
    return lately[0] if is_same and is_answerable(lately[0]) else None


def next_after_question(last: dict[str, Any], what: Heard) -> tuple[str, float] | None:
    """The step that an answer to our question whether someone is in danger leads to, if clear.

    "my sister is here now", "called, they are coming": who goes on like that has answered it.
    """
    if last["kind"] != "clarify" or not is_danger(str(last["topic"])) or not what.ranking:
        return None
    key, chance = max(what.ranking.items(), key=lambda entry: entry[1])
    is_step = key.startswith("step/") and key not in ALL_CLEAR and chance >= CLEARLY
    is_other = what.level == "sure" and danger_of(key) != what.topic
    return (key, chance) if is_step and not is_other else None


def perhaps_meant(ranking: dict[str, float], least: float = PERHAPS) -> list[str]:
    """What is offered in a talk where it is not clear what is meant."""
    likely = [
        key
        for key, chance in ranking.items()
        if chance >= least
        and "/" in key
        and not key.startswith(("crisis/", "step/", ASKED))
        and key not in NOT_OFFERED | ASKED_FOR
    ]
    return likely[:CHOICES_OF_TALK]


def followed_up(
    topic: str,
    text: str,
    replies: list[dict[str, Any]],
    what: Heard | None = None,
    are_numbered: bool = True,
) -> str | None:
    """The topic that a message means after these replies, or None if it stands by itself.

    Choices are numbered in a text message, and buttons on a page: there, a bare number after an
    answer to danger is an age, or a count.
    """
    if not replies:
        return None
    what = what or Heard()
    last = replies[-1]
    if corrects_us(topic, text, last) and not what.signs and not asks_plainly(what):
        return MISREAD
    is_an_age = last["kind"] == "crisis" and text.strip().isdigit() and not are_numbered
    choice = picked(text, last["choices"]) or named(text, last["choices"])
    if choice and not is_an_age:
        return choice
    offered = [choice["payload"] for choice in last["choices"]]
    is_signed = bool(what.signs) and is_another(topic, str(last["topic"]))  # by its own phrases
    words = chosen_by_words(last.get(SAID), text)
    if last["kind"] == "clarify" and is_danger(last["topic"]) and len(doc_of(text)) > ANSWER:
        words = None  # "no nobody is. i mean he takes the kids to his mom"
    is_to_question = words in (WHO_HURTS, OVERDOSE) and last["kind"] == "clarify"
    if is_to_question and what.asked_about and doc_of(text)[:1].text in ANSWERS_FIRST:
        words = what.asked_about  # a "yes" is about what they wrote
    if words in steps_for_others() and last["kind"] == "crisis" and who_took(replies, what):
        words = MYSELF  # who took too much is not told how to breathe for somebody
    if words and len(doc_of(text)) <= BARE and words in [*offered, what.asked_about, MYSELF]:
        return words
    meant = next_in_danger(text, replies, what) or next_in_talk(topic, replies, what)
    meant = meant or next_after_question(last, what)
    meant = meant if re.search(r"\w", text) else None
    if meant and meant[0] in ALL_CLEAR and is_answerable(topic) and len(text.split()) > A_FEW:
        return None  # "no nobody is. do the strips show fent" is answered
    if meant and meant[0] in COURTESY and what.asks and is_answerable(topic):
        return None  # "ok ill ask them. can i have a beer after"
    if meant and is_signed and meant[1] < SURELY and danger_of(meant[0]) != what.topic:
        meant = None
    is_a_step = words is not None and words.startswith("step/") and last["kind"] == "crisis"
    if meant and is_a_step and not is_signed and meant[1] < SURELY:
        meant = meant if meant[0] != holds(replies, str(last["topic"])) else None  # "hes knocking"
    if meant and (meant[1] >= RATHER or words not in offered):
        topic = THANKS if meant[0] == AFTERWARDS else meant[0]
        if topic not in IN_TALK_ONLY:
            return topic
    if words and (words in offered or not is_signed):
        return words
    if last["kind"] == "crisis" and topic in UNCLEAR | YES_OR_NO | NO_SHRUG:
        return holds(replies, str(last["topic"]))
    is_yes = topic == "chat/affirm" and doc_of(text)[:1].text not in ASKS
    if is_danger(last["topic"]) or len(last["choices"]) > 1:
        is_yes = is_yes and doc_of(text)[:1].text not in AT_EASE
    if is_yes and last["kind"] == "clarify" and last["choices"]:
        return str(last["choices"][0]["payload"])
    answers = [reply for reply in replies if reply["kind"] in ("answer", "crisis", "refusal")]
    if not answers:
        return None
    if topic == PLACE and last["kind"] != "flow":
        return PLACE_IS_FOR.get(str(answers[-1]["topic"]))
    if topic == "chat/repeat":
        return str(answers[-1]["topic"])
    if topic == "chat/more":
        given = {reply["topic"] for reply in answers}
        ahead = [choice["payload"] for answer in reversed(answers) for choice in answer["choices"]]
        ahead = [key for key in ahead if not key.startswith(("step/", "crisis/"))]
        return next((key for key in ahead if key not in given), None)
    return None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class FollowUp(GraphComponent):
    """Replaces the topic of a message that only makes sense after the last reply."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FollowUp:
        """Make the component (Rasa calls this)."""
        steps_for_others()  # before the first message, which should not wait for it
        for response in content().answers:
            typed_choices(response)
        return cls()

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        """Look back, if there is a conversation to look back on."""
        if tracker is None:
            return messages
        for message in messages:
            topic, what = topic_of(message.data), heard_in(message, tracker)
            replies = replies_so_far(tracker)
            meant = followed_up(
                topic,
                str(message.get(TEXT) or ""),
                replies,
                what,
                are_numbered=tracker.get_latest_input_channel() == "sms",
            )
            others = [key for key in perhaps_meant(what.ranking) if key != meant] if replies else []
            if meant:
                set_topic(message, meant, 1.0)
                others = others if what.ranking.get(meant, 1.0) < CERTAIN else []
                message.set(OFFERED, others[:BESIDE], add_to_output=True)
                message.set(ALSO_ASKED, [], add_to_output=True)
                if what.level == "maybe" and what.topic and not danger_of(meant):
                    message.set(NEAR_DANGER, QUESTION[what.topic], add_to_output=True)
            elif (
                replies and topic in UNCLEAR and (others := perhaps_meant(what.ranking, least=0.0))
            ):
                message.set(OFFERED, others, add_to_output=True)
        return messages
