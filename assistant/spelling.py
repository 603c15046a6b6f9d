"""Mends misspelt words, for the sentence encoder, which knows only well-written ones.

The words to mend to are those of the training examples, so that "subozone" becomes "suboxone"
and never "sun zone". What people write on purpose (`data/spelling.yml`: slang, brand names) stays.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml
from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.content import DATA

WORD = re.compile(r"[a-z]+")
SHORTEST = 4  # letters; what is shorter has too many neighbours
TWO_MISTAKES_FROM = 8  # letters
OFTEN = 3  # a word seen so often in the examples is worth mending to
MISTAKE_IS_RARER = 8  # times rarer than the word one letter away: a common misspelling
REMEMBERED = 20_000  # words


def _read(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((DATA / name).read_text(encoding="utf-8")))


def never_mended() -> frozenset[str]:
    """Words that are right as they are: the listed ones and every name of a substance."""
    substances = _read("substances.yml")
    substances.pop("signals")
    names = [str(name) for kinds in substances.values() for some in kinds.values() for name in some]
    listed = [str(word) for word in _read("spelling.yml")["never_mended"]]
    return frozenset(WORD.findall(" ".join(listed + names).lower()))


def short_forms() -> dict[str, str]:
    """How SMS spells what: `u` -> `you`."""
    return {str(k): str(v) for k, v in _read("spelling.yml")["short_forms"].items()}


def signs_alone() -> dict[str, str]:
    """What a message of nothing but signs says: a thumb up is "yes"."""
    return {str(k): str(v) for k, v in _read("spelling.yml")["alone"].items()}


@dataclass
class Spelling:
    """Mends the words of a text by what the examples know.

    `counts` says how often each word of the examples was written; `dictionary` are words that the
    encoder knows whole.
    """

    counts: dict[str, int]
    dictionary: frozenset[str]
    keep: frozenset[str] = field(default_factory=never_mended)
    short: dict[str, str] = field(default_factory=short_forms)
    alone: dict[str, str] = field(default_factory=signs_alone)

    def __post_init__(self) -> None:
        self._targets = [
            word for word, count in self.counts.items() if count >= OFTEN and len(word) >= SHORTEST
        ]
        self._mended: dict[str, str] = {}

    @classmethod
    def learn(cls, texts: Iterable[str], dictionary: Iterable[str]) -> Spelling:
        """Count the words of the examples."""
        counts = Counter(word for text in texts for word in WORD.findall(text))
        whole = frozenset(word for word in dictionary if WORD.fullmatch(word))
        return cls(dict(counts), whole)

    def spoken(self, text: str) -> str:
        """The words that a message of nothing but signs stands for; any other stays as it is."""
        if any(character.isalnum() for character in text):
            return text
        return next((self.alone[sign] for sign in text if sign in self.alone), text)

    def mend(self, text: str) -> str:
        """The text, in small letters, with misspelt words mended and short forms written out."""
        return WORD.sub(lambda found: self._word(found[0]), text)

    def _word(self, word: str) -> str:
        if word not in self._mended:
            if len(self._mended) >= REMEMBERED:
                self._mended.clear()
            self._mended[word] = self._closest(word)
        return self._mended[word]

    def _closest(self, word: str) -> str:
        if word in self.short:
            return self.short[word]
        if len(word) < SHORTEST or word in self.keep or word in self.dictionary:
            return word
        most = 2 if len(word) >= TWO_MISTAKES_FROM else 1
        close = process.extract(
            word, self._targets, scorer=OSA.distance, score_cutoff=most, limit=None
        )
        written = self.counts.get(word, 0)
        near = [
            (distance, other[0] != word[0], -self.counts[other], other)
            for other, distance, _ in close
            if other != word and self.counts[other] >= MISTAKE_IS_RARER * written
        ]
        if written >= OFTEN:  # well known: only a clear misspelling of something close is mended
            near = [found for found in near if found[0] == 1]
        return str(min(near)[-1]) if near else word
