"""Rasa component: tells English, Spanish and other languages apart, in messages of few words."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from spacy.lang.en.stop_words import STOP_WORDS

from assistant.content import DATA
from assistant.features import plain
from assistant.understood import LANGUAGE

ENGLISH, SPANISH, OTHER = "en", "es", "other"
WORD = re.compile(r"[a-z]+")
SHORT = 3  # words: here one longer Spanish word is enough
LONGER = 4  # letters
ENOUGH = 2  # words of a language


@cache
def _known() -> dict[str, Any]:
    known = yaml.safe_load((DATA / "languages.yml").read_text(encoding="utf-8"))
    return {name: {str(word) for word in words} for name, words in known.items()}


def in_foreign_script(text: str) -> bool:
    """Whether most letters are of a script that English is not written in."""
    letters = [character for character in text if character.isalpha()]
    scripts = _known()["scripts"]
    foreign = sum(unicodedata.name(letter, "").split(" ")[0] in scripts for letter in letters)
    return bool(letters) and foreign > len(letters) / 2


def language_of(text: str) -> str:
    """`en`, `es` or `other`; English where it is not clear."""
    if in_foreign_script(text):
        return OTHER
    words = WORD.findall(plain(text))
    counts = {name: sum(w in known for w in words) for name, known in _known().items()}
    english = sum(word in STOP_WORDS or word in _known()[ENGLISH] for word in words)
    others = {n: count for n, count in counts.items() if n not in (ENGLISH, "scripts")}
    best = max(others, key=lambda name: (others[name], name == SPANISH))
    if len(words) <= SHORT and any(
        word in _known()[SPANISH] for word in words if len(word) >= LONGER
    ):
        return SPANISH
    if others[best] <= english or others[best] < ENOUGH:
        return ENGLISH
    return SPANISH if best == SPANISH else OTHER


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LanguageReader(GraphComponent):
    """Adds the language of a message."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageReader:
        """Make the component (Rasa calls this)."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Tell the language of each message."""
        for message in messages:
            language = language_of(str(message.get(TEXT) or ""))
            message.set(LANGUAGE, language, add_to_output=True)
        return messages
