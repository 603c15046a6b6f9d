"""Rasa component: spaCy finds the places and the substances that a message names."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import spacy
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from spacy.lang.en.stop_words import STOP_WORDS
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from assistant.data_files import DATA, read_yaml

ZIP = re.compile(r"(?<![\d-])\d{5}(?:-\d{4})?(?![\d-])")
# A whole message such as "Yuma AZ" or "Glasgow, Montana": any town there.
TOWN_AND_STATE = re.compile(
    r"(?P<town>[a-z][a-z.'-]*(?: [a-z.'-]+){0,2})(?P<comma>,?) +(?P<state>[a-z][a-z ]*[a-z])[.!?]*",
    re.IGNORECASE,
)
NO_TOWN = STOP_WORDS | {
    "yeah", "yea", "yep", "yes", "no", "nope", "thanks", "thank", "sure", "help", "hurry", "hey",
    "hi", "hello", "sorry", "fine", "good", "cool", "great", "alright", "overdose", "narcan",
    "naloxone", "heroin", "fentanyl", "dope", "meth", "methadone", "suboxone", "detox", "rehab",
    "treatment",
}  # fmt: skip
WORDS_TOO = {"AL", "CO", "DE", "HI", "ID", "IN", "LA", "MA", "ME", "MO", "OH", "OK", "OR", "PA"}
BEFORE_A_PLACE = {"in", "near", "around", "from", "at", "to", "by", "outside", "of", "for"}
BEFORE_A_COUNTRY = {
    "in", "from", "the", "here", "near", "im", ",", "en", "de", "desde",
}  # fmt: skip
# "im from england", but not "my wife is from mexico", "pills from canada", "back from iraq".
FROM_THERE = {
    "from", "m", "am", "were", "calling", "writing", "texting", "messaging", "hi", "hello",
}  # fmt: skip
# "two tours in iraq", "family in canada": somebody was, or others are there.
NOT_THERE = {
    "tour", "tours", "deployed", "deployment", "served", "war", "stationed", "combat", "vet",
    "veteran", "marine", "marines", "army", "born", "raised", "family", "relatives", "folks",
    "trip", "travel", "traveling", "vacation", "flying", "going", "moving", "visit", "visiting",
    "cheaper", "soy", "somos", "familia", "nacio", "naci", "origen",
}  # fmt: skip
# "my doctor is in tijuana", "mi mama vive en honduras": somebody else is there.
OTHERS_ARE = {"is", "are", "was", "lives", "live", "stays", "esta", "vive", "viven", "estan"}
# "my sister in honduras": the same, unless "im with my sister in honduras".
THEIR_PEOPLE = {
    "sister", "brother", "mom", "mother", "dad", "father", "son", "daughter", "cousin", "friend",
    "wife", "husband", "uncle", "aunt", "ex", "kids", "parents", "hermana", "hermano", "mama",
    "papa",
}  # fmt: skip
AROUND_A_COUNTRY = 5  # words
HOME = "us"  # said of a place in the US: a country that was named before is no more where they are
AFTER_A_COUNTRY = {"here", ".", ",", ":", "-", ";"}  # where its name comes first: "uk. od. help"
NEAR = 2  # how many words may stand between a doubtful drug name and what confirms it


@cache
def language() -> Language:
    """The spaCy pipeline that splits text into tokens; its matchers share its vocabulary."""
    return spacy.blank("en")


def _matcher(terms: dict[str, list[str]]) -> PhraseMatcher:
    matcher = PhraseMatcher(language().vocab, attr="LOWER")
    for label, names in terms.items():
        matcher.add(label, [language().make_doc(str(name)) for name in names])
    return matcher


class PlaceReader:
    """Finds a ZIP code, or a state or larger city where the words around it make it a place."""

    def __init__(self) -> None:
        known = read_yaml(DATA / "places.yml")
        self._states: dict[str, str] = known["states"]
        self._cities = _matcher({c: [c, *others] for c, others in known["cities"].items()})
        self._state_names = _matcher({code: [name] for code, name in self._states.items()})

    def _state_at(self, doc: Doc, start: int) -> tuple[str, int] | None:
        """The letters of a state written at `start` ("Dayton, Ohio", "dayton oh"), and its end."""
        if start < len(doc) and doc[start].text == ",":
            start += 1
        for span in self._state_names(doc, as_spans=True):
            if span.start == start:
                return span.label_, span.end
        letters = doc[start].text.upper() if start < len(doc) else ""
        return (letters, start + 1) if letters in self._states else None

    def _town_and_state(self, text: str) -> str | None:
        """The town in a message that is nothing but a town and its state."""
        found = TOWN_AND_STATE.fullmatch(text)
        if not found or NO_TOWN & set(found["town"].casefold().split()):
            return None
        state = found["state"]
        letters = {name.casefold(): code for code, name in self._states.items()}
        code = letters.get(state.casefold()) or (state if state in self._states else None)
        is_plain = state not in WORDS_TOO and not found["town"].isupper() and state in self._states
        if code is None or not (found["comma"] or is_plain):
            return None
        town = found["town"]
        return f"{town.title() if town.islower() else town}, {code}"

    def read(self, doc: Doc) -> tuple[str, int, int] | None:
        """The place as people write it, and where it stands in the text."""
        if found := ZIP.search(doc.text):
            return found[0], found.start(), found.end()
        for matcher in (self._cities, self._state_names):
            for span in filter_spans(matcher(doc, as_spans=True)):
                state = self._state_at(doc, span.end) if matcher is self._cities else None
                before = doc[span.start - 1].lower_ if span.start else None
                alone = span.start == 0 and (state[1] if state else span.end) == len(doc)
                if not (state or alone or before in BEFORE_A_PLACE):
                    continue
                name = self._states.get(span.label_, span.label_)
                last = doc[(state[1] if state else span.end) - 1]
                return (
                    f"{name}, {state[0]}" if state else name,
                    span.start_char,
                    last.idx + len(last),
                )
        place = self._town_and_state(doc.text.strip())
        return (place, 0, len(doc.text)) if place else None


class CountryReader:
    """Finds a country other than the US where the words around it say that someone is there."""

    def __init__(self) -> None:
        known = read_yaml(DATA / "places.yml")
        self._countries = _matcher(known["countries"])

    def read(self, doc: Doc) -> Span | None:
        """The first such name; its label is the key of the country."""
        for span in filter_spans(self._countries(doc, as_spans=True)):
            before = doc[span.start - 1].lower_ if span.start else None
            after = doc[span.end].lower_ if span.end < len(doc) else None
            comes_first = span.start == 0 and after in AFTER_A_COUNTRY
            said_before = [
                word.lower_ for word in doc[max(0, span.start - AROUND_A_COUNTRY) : span.start]
            ]
            is_elsewhere = bool(NOT_THERE & set(said_before))
            if before == "from":
                is_elsewhere |= not FROM_THERE & set(said_before[-3:-1] or ["from"])
            subject, word = ["", "", "", *said_before][-3:-1]
            is_elsewhere |= word in OTHERS_ARE and subject not in {"i", "we", "yo"}
            is_elsewhere |= word in THEIR_PEOPLE and "with" not in said_before
            # "the same dream, afghanistan shit"
            is_elsewhere |= before == "," and not (after is None or after in AFTER_A_COUNTRY)
            is_elsewhere |= bool({"not", "isnt", "aint", "arent"} & set(said_before[-3:]))
            if is_elsewhere:
                continue
            if before in BEFORE_A_COUNTRY or len(span) == len(doc) or comes_first:
                return span
        return None


class SubstanceReader:
    """Finds drug names, slang too; names with everyday meanings need a second sign."""

    def __init__(self) -> None:
        known = read_yaml(DATA / "substances.yml")
        self._signals = {str(word) for word in known.pop("signals")}
        self._sure = _matcher({drug: names["sure"] for drug, names in known.items()})
        self._maybe = _matcher({drug: names.get("maybe", []) for drug, names in known.items()})

    def read(self, doc: Doc) -> list[Span]:
        """The names found, in order; a span's label is the drug it stands for."""
        sure = filter_spans(self._sure(doc, as_spans=True))
        maybe = filter_spans(self._maybe(doc, as_spans=True))
        signs = {token.i for token in doc if token.lower_ in self._signals}
        signs |= {token.i for span in sure for token in span}

        def confirmed(span: Span) -> bool:
            around = range(span.start - 1 - NEAR, span.end + 1 + NEAR)
            return any(i in signs for i in around if not span.start <= i < span.end)

        return filter_spans(sure + [span for span in maybe if confirmed(span)])


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class NameReader(GraphComponent, EntityExtractorMixin):
    """Adds the entities `place`, `country` and `substance` to a message."""

    def __init__(self) -> None:
        self._places = PlaceReader()
        self._substances = SubstanceReader()
        self._countries = CountryReader()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NameReader:
        """Make the component (Rasa calls this)."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Find the names in each message."""
        for message in messages:
            doc = language().make_doc(str(message.get(TEXT) or ""))
            found = [
                {"entity": "substance", "value": s.label_, "start": s.start_char, "end": s.end_char}
                for s in self._substances.read(doc)
            ]
            place = self._places.read(doc)
            country = self._countries.read(doc)
            if country and not (place and place[1] <= country.start_char < place[2]):
                start, end = country.start_char, country.end_char
                found.append(
                    {"entity": "country", "value": country.label_, "start": start, "end": end}
                )
            if place:
                value, start, end = place
                if not country:  # "i live in san antonio texas" takes an earlier country back
                    found.append({"entity": "country", "value": HOME, "start": start, "end": end})
                found.append({"entity": "place", "value": value, "start": start, "end": end})
            entities = self.add_extractor_name(found)
            message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return messages
