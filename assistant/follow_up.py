"""Rasa component: reads a message in the light of the reply before it.

"2" or "the second one" picks a choice, "yes" picks the first where we asked "did you mean",
"tell me more" goes on to what belongs to the last answer, "say that again" repeats it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from spacy.matcher import Matcher
from spacy.tokens import Doc, Span

from assistant.content import content, language_of_response, topic_of_response
from assistant.danger.phrases import compiled, doc_of, lists, tidy
from assistant.decision import is_danger
from assistant.language_reader import SPANISH
from assistant.names import language
from assistant.replies import REPLY, SAID
from assistant.understood import (
    ALSO_ASKED,
    DANGER,
    DID_YOU_MEAN,
    FALLBACK,
    OFFERED,
    set_topic,
    topic_of,
)

PICK = re.compile(
    r"^(?:(?:the|number|option|choice|answer|no\.?|#)\s*)*"
    r"(?:(?P<digit>[1-9])|(?P<word>first|second|third|one|two|three|1st|2nd|3rd|last))"
    r"(?:\s+(?:one|option|choice|please|pls))*[.!)]*$",
    re.IGNORECASE,
)
ORDINALS = {"first": 0, "one": 0, "1st": 0, "second": 1, "two": 1, "2nd": 1}
ORDINALS |= {"third": 2, "three": 2, "3rd": 2, "last": -1}
# One of these chooses only if the message starts with it: "no one is here" is not a "no".
ANSWERS_FIRST = {
    "yes", "yeah", "yea", "yep", "y", "si", "no", "nope", "nah", "n", "ok", "okay", "me", "maybe",
}  # fmt: skip
# "no he isnt" answers; "no chest pain" says something of its own.
GOES_ON = {
    "he", "hes", "she", "shes", "they", "theyre", "it", "its", "i", "im", "we", "not", "no", "yes",
    "please", "pls", "el", "ella", "se", "ha", "esta",
}  # fmt: skip
OVERDOSE = "crisis/overdose_now"
# After these, a new alarm starts from the beginning.
OVER = {"step/awake", "step/wants_to_leave", "step/medics_here", "step/may_have_died"}
# Right after an answer to danger, what is not understood, and a bare "yes" or "no", get that answer
# again in other words, not "did you mean" and no farewell.
UNCLEAR = {"chat/out_of_scope", "chat/repeat", DID_YOU_MEAN, FALLBACK}
YES_OR_NO = {"chat/affirm", "chat/deny"}
IN_SPANISH = "chat/spanish"  # any message in Spanish that no choice or danger was seen in
THANKS_IN_SPANISH = {"gracias", "grasias", "grax", "adios", "chao", "bye", "bien", "mejor"}
BESIDE_AN_OVERDOSE = {"chat/feeling_low", "chat/not_helpful", "chat/greet"}
# "is it safe" is no "yes" to "are you in danger".
ASKS = {
    "is", "are", "was", "can", "could", "do", "does", "did", "will", "would", "should", "what",
    "whats", "how", "why", "when", "where", "who",
}  # fmt: skip
AT_EASE = {"ok", "okay", "k", "kk", "alright", "fine", "good", "cool", "sure"}  # nor are these
# "not awake yet" does not choose "Awake now"; in Spanish "no" stands right before what it denies.
NOT = {
    "not", "isnt", "aint", "wasnt", "wont", "cant", "didnt", "doesnt", "dont", "hasnt", "havent",
    "never", "nunca",
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


def replies_so_far(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """The replies of the turns that are remembered, oldest first."""
    return [
        {**event.metadata[REPLY], SAID: event.metadata.get(SAID)}
        for event in tracker.events
        if isinstance(event, BotUttered) and REPLY in event.metadata
    ]


def _matcher(said: dict[str, tuple[str, ...]]) -> Matcher:
    """Finds the keys of which one of the phrases is said."""
    matcher = Matcher(language().vocab)
    for key, phrases in said.items():
        matcher.add(key, [compiled(phrase, lists()) for phrase in phrases])
    return matcher


@cache
def typed_choices(response: str) -> tuple[Matcher, list[str]]:
    """What is typed right after a response, and the keys that it chooses, in their order.

    A response's own choices come first; then the steps that go on from it or, if there are none,
    from its topic.
    """
    answers = content().answers
    answer = answers.get(response)
    if answer is None:
        return _matcher({}), []
    said = {choice.key: choice.said for choice in answer.choices if choice.said}
    steps = [step for step in answers.values() if step.said and step.language == answer.language]
    key = answer.key.removesuffix("_es")
    follow = [step for step in steps if key in step.after]
    if answer.kind == "crisis":
        follow = follow or [step for step in steps if answer.topic in step.after]
    for step in follow:
        key = step.key.removesuffix("_es")
        said[key] = said.get(key, ()) + step.said
    return _matcher(said), list(said)


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
    matcher, keys = typed_choices(str(response))
    if not keys:
        return None
    doc = doc_of(NO_ONE.sub("nobody", text))
    in_spanish = language_of_response(str(response)) == SPANISH
    spans = [
        span
        for span in matcher(doc, as_spans=True)
        if (span.text not in ANSWERS_FIRST or answers(doc, span))
        and not is_denied(doc[: span.start], in_spanish)
    ]
    best = max(spans, key=lambda span: (len(span), -keys.index(span.label_)), default=None)
    return str(best.label_) if best is not None else None


def followed_up(
    topic: str, text: str, replies: list[dict[str, Any]], signs: Sequence[str] = ()
) -> str | None:
    """The topic that a message means after these replies, or None if it stands by itself.

    `signs` are those of danger that phrases found in it.
    """
    if not replies:
        return None
    last = replies[-1]
    if choice := picked(text, last["choices"]):
        return choice
    offered = [choice["payload"] for choice in last["choices"]]
    is_another = is_danger(topic) and topic != last["topic"] and bool(signs)
    words = chosen_by_words(last.get(SAID), text)
    if words and (words in offered or not is_another):
        return words
    said = topic_of_response(str(last.get(SAID)).removesuffix("_es"))
    if is_danger(topic):
        goes_on = topic == OVERDOSE and said.startswith("step/") and said not in OVER
        return said if goes_on else None
    if last["kind"] == "crisis":
        again = said if said.startswith("step/") else str(last["topic"])
        in_overdose = last["topic"] == OVERDOSE and topic in BESIDE_AN_OVERDOSE
        unclear = topic == IN_SPANISH and not set(tidy(text).split()) & THANKS_IN_SPANISH
        if topic in UNCLEAR | YES_OR_NO or topic == "chat/more" or in_overdose or unclear:
            return again
    is_yes = topic == "chat/affirm" and doc_of(text)[:1].text not in ASKS
    if is_danger(last["topic"]):
        is_yes = is_yes and doc_of(text)[:1].text not in AT_EASE
    if is_yes and last["kind"] == "clarify" and last["choices"]:
        return str(last["choices"][0]["payload"])
    answers = [reply for reply in replies if reply["kind"] in ("answer", "crisis", "refusal")]
    if not answers:
        return None
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
        for response in content().answers:  # before the first message, which should not wait for it
            typed_choices(response)
        return cls()

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        """Look back, if there is a conversation to look back on."""
        for message in messages if tracker else []:
            topic = topic_of(message.data)
            meant = followed_up(
                topic,
                str(message.get(TEXT) or ""),
                replies_so_far(tracker),
                (message.get(DANGER) or {}).get("signs") or (),
            )
            if meant:
                set_topic(message, meant, 1.0)
                for also in (OFFERED, ALSO_ASKED):  # what it seemed to be about by itself
                    message.set(also, [], add_to_output=True)
        return messages
