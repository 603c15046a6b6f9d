"""The form that asks where to look for help."""

from __future__ import annotations

import itertools
import re
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.executor import CollectingDispatcher

TOPIC_OF_FORM = {"treatment_form": "help/find_treatment", "detox_form": "help/find_detox"}
ANYWHERE = "anywhere"  # the person would rather not say
LONGEST_PLACE = 5  # words
ZIP = re.compile(r"^\d{5}(-\d{4})?$")
SKIP = re.compile(
    r"^(no+|nope|nah|skip|pass|none|any ?where|everywhere|idk|(i )?don'?t know|"
    r"rather not( say)?|prefer not( to)?( say)?|not saying|n/?a)\b",
    re.IGNORECASE,
)
CHANGED_MIND = re.compile(
    r"\b(never ?mind|nvm|forget (it|that)|cancel|changed my mind|don'?t want (it|to|this)|"
    r"not any ?more|stop asking|go back)\b",
    re.IGNORECASE,
)
LEAD_IN = re.compile(
    r"^(um+|uh+|ok(ay)?|well|it'?s|i'?m|i am|i live|live|i stay|we'?re|we are|my zip( code)?( is)?|"
    r"zip|in|near|around|from|at|over|by|out|here|the|city|town|of|maybe|like|somewhere|try|use|"
    r"[,.:!-])+\s+",
    re.IGNORECASE,
)

# Words of a question or a sentence; a town's name has none of them.
NO_TOWN = set(
    "what whats how why when who can could is are do does did should will would my me you "
    "your it this that help need want have has not am i get got was were she shes he hes they "
    "them him her his its im ive we us on fent dope pills pill heroin meth asap soon soonest "
    "possible today tomorrow tonight now embarrassed embarassed ashamed scared afraid sick "
    "tired alone please pls thanks first second third last middle one two three cost uno dos "
    "tres and but or if bad off stop just only".split()
)


def place_in(text: str) -> str | None:
    """The place in an answer to "where?", or None if there is none that we can use.

    Only tidies what the person wrote: whether the place exists is for the lists to say.
    """
    text = text.strip(" .,!?\"'")
    while (shorter := LEAD_IN.sub("", text)) != text:
        text = shorter
    if ZIP.match(text):
        return text
    words = text.split()
    if not words or len(words) > LONGEST_PLACE or not re.search(r"[^\W\d_]{2}", text):
        return None
    if any(character.isdigit() for character in text) or NO_TOWN & set(text.lower().split()):
        return None
    return " ".join(word.title() if word.islower() else word for word in words)


class AsksForPlace:
    """Takes a ZIP code, a town, a "skip" or a change of mind."""

    def validate_place(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Keep the place, or ask once more (None), or stop asking."""
        text = str(value)
        message = tracker.latest_message
        named = any(entity["entity"] == "place" for entity in message.get("entities", []))
        if named or text == ANYWHERE:
            return {"place": text}
        if CHANGED_MIND.search(text):
            return {"place": None, "requested_slot": None}
        if SKIP.match(text.strip()):
            return {"place": ANYWHERE}
        if message.get("intent", {}).get("name") == "chat_affirm":
            return {"place": None}
        return {"place": place_in(text)}


class ValidateTreatmentForm(AsksForPlace, FormValidationAction):
    """Where to look for treatment."""

    def name(self) -> str:
        """Rasa's name for it."""
        return "validate_treatment_form"


class ValidateDetoxForm(AsksForPlace, FormValidationAction):
    """Where to look for detox."""

    def name(self) -> str:
        """Rasa's name for it."""
        return "validate_detox_form"


def how_to_ask(tracker: Tracker) -> str:
    """The question's wording: at first, after another answer, or when it was not understood."""
    if tracker.get_slot("requested_slot") != "place":
        return "utter_ask_place"
    since_message = itertools.takewhile(lambda e: e["event"] != "user", reversed(tracker.events))
    if any(event["event"] == "bot" for event in since_message):
        return "utter_ask_place_still"
    return "utter_ask_place_again"


class AskPlace(Action):
    """Asks where to look for help."""

    def name(self) -> str:
        """Rasa's name for it: it asks for the slot `place` in every form."""
        return "action_ask_place"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say the question."""
        dispatcher.utter_message(
            response=how_to_ask(tracker),
            topic=TOPIC_OF_FORM[tracker.active_loop["name"]],
        )
        return []
