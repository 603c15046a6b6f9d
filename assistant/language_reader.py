"""Rasa component: tells English, Spanish and other languages apart, in messages of few words."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from runpy import run_path
from typing import Any

import spacy.lang
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from spacy.lang.en.stop_words import STOP_WORDS

from assistant.data_files import DATA, read_yaml
from assistant.features import plain
from assistant.talk_so_far import last_language
from assistant.understood import LANGUAGE

ENGLISH, SPANISH, OTHER = "en", "es", "other"
WORD = re.compile(r"[a-z]{2,}")
NO_LANGUAGES = (ENGLISH, "scripts", "both", "names")
NEITHER = set("àâãäåæçèêëìîïòôõöøùûßœąćęłńśźżđơưăạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹşğı")
# spaCy has none of Haitian Creole, nor of languages that are written in our letters only in texts.
WITHOUT_STOP_WORDS = {"ht", "hi", "ru"}
SHORT = 3  # words: here one longer Spanish word is enough
LONGER = 4  # letters
ENOUGH = 2  # words of a language


# Read one by one: importing `spacy.lang.fr` builds its tokenizer too, for two seconds.
LANGUAGES = Path(spacy.lang.__path__[0])


@cache
def _known() -> dict[str, set[str]]:
    """The words of each language: spaCy's most common ones and those of `data/languages.yml`."""
    known = read_yaml(DATA / "languages.yml")
    words = {name: {str(word) for word in words} for name, words in known.items()}
    words[ENGLISH] |= STOP_WORDS
    for name in words.keys() - set(NO_LANGUAGES) - WITHOUT_STOP_WORDS:
        common = run_path(str(LANGUAGES / name / "stop_words.py"))["STOP_WORDS"]
        words[name] |= {plain(word) for word in common} - words[ENGLISH]
    return words


def in_foreign_script(text: str) -> bool:
    """Whether many letters are of a script that English is not written in."""
    letters = [character for character in text if character.isalpha()]
    scripts = _known()["scripts"]
    foreign = sum(unicodedata.name(letter, "").split(" ")[0] in scripts for letter in letters)
    return foreign > len(letters) / 4  # "overdose" beside it may be the only word they know


def language_of(text: str) -> str:
    """`en`, `es` or `other`; English where it is not clear."""
    if in_foreign_script(text):
        return OTHER
    for name in _known()["names"]:
        text = text.casefold().replace(name, "")
    words = WORD.findall(plain(text))
    counts = {name: sum(w in known for w in words) for name, known in _known().items()}
    counts["other"] = sum(bool(set(word) & NEITHER) for word in text.casefold().split())
    others = {n: count for n, count in counts.items() if n not in NO_LANGUAGES}
    best = max(others, key=lambda name: others[name] + (name == SPANISH))  # the likeliest here
    if len(words) <= SHORT and counts[ENGLISH] <= counts["both"]:
        longer = {word for word in words if len(word) >= LONGER} - _known()["both"]
        if named := [name for name in others if longer & _known().get(name, set())]:
            return SPANISH if SPANISH in named else OTHER
    if others[best] <= counts[ENGLISH] or others[best] < ENOUGH:
        return ENGLISH
    return SPANISH if best == SPANISH else OTHER


def could_be_spanish(text: str) -> bool:
    """Whether a text may as well be Spanish: a few words ("no", "narcan"), or no English one."""
    words = WORD.findall(plain(text))
    known = _known()
    english, spanish = (known[name] - known["both"] for name in (ENGLISH, SPANISH))
    is_likely = len(words) <= SHORT or bool(spanish & set(words))
    return is_likely and not english & set(words)


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
        _known()  # read before the first message, which should not wait for it
        return cls()

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        """Tell the language of each message; who was answered in Spanish goes on in Spanish."""
        in_spanish = tracker is not None and last_language(tracker) == SPANISH
        for message in messages:
            text = str(message.get(TEXT) or "")
            language = language_of(text)
            if in_spanish and language == ENGLISH and could_be_spanish(text):
                language = SPANISH
            message.set(LANGUAGE, language, add_to_output=True)
        return messages
