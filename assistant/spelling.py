"""Mends misspelt words, for the sentence encoder, which knows only well-written ones.

The words to mend to are those of the training examples, so that "subozone" becomes "suboxone"
and never "sun zone". What people write on purpose (`data/spelling.yml`: slang, brand names) stays.

Which word was meant is the likeliest by how fingers slip and by how often the examples have it
between the words beside it (M. Kernighan, K. Church, W. Gale, "A spelling correction program based
on a noisy channel model", COLING 1990).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.data_files import DATA, read_yaml
from assistant.run_together import Apart, with_letters

WORD = re.compile(r"[a-z]+")
LONG_WORD = re.compile(r"[a-z]{9,}")  # a shorter one is no sentence
SHORTEST = 3  # letters; what is shorter has too many neighbours
TWO_MISTAKES_FROM = 8  # letters
OFTEN = 3  # a word seen so often in the examples is worth mending to
MISTAKE_IS_RARER = 8  # times rarer than the word one letter away: a common misspelling
REMEMBERED = 50_000  # words; the examples have half as many
# How likely a finger slips so, for a word; chosen on messages that nobody trained on.
SLIP = 0.002  # a letter lost, doubled or swapped with the next, or the key beside it
OTHER_SLIP = 0.0004
TWO_SLIPS = 0.00006
AT_FIRST_LETTER = 0.1  # times as likely
NOT_IN_EXAMPLES = 0.3  # how often a word of the dictionary counts that no example has
NEVER_SEEN = 0.002  # the same for any other letters
NO_WORD = 0.05  # how much the count of a word that the dictionary has not is worth
PAIR = 0.6  # weight of the pair of words beside the word by itself
FEW = 5  # times a word was seen; of fewer the pairs say little
KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
KEYS = {key: (row, place) for row, keys in enumerate(KEYBOARD) for place, key in enumerate(keys)}


def is_beside(key: str, other: str) -> bool:
    """Whether two keys touch each other on a phone's keyboard."""
    (row, place), (other_row, other_place) = KEYS[key], KEYS[other]
    return max(abs(row - other_row), abs(place - other_place)) <= 1


def slip(typed: str, meant: str) -> float:
    """How likely a word is typed so, where they are one mistake apart."""
    at = next((i for i, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), -1)
    wrong = typed[at]
    if len(typed) > len(meant):
        likely = SLIP if at and wrong == typed[at - 1] else OTHER_SLIP
    elif len(typed) < len(meant) or typed[at + 1 :] != meant[at + 1 :]:
        likely = SLIP
    else:
        likely = SLIP if is_beside(wrong, meant[at]) else OTHER_SLIP
    return likely * (1 if typed[0] == meant[0] else AT_FIRST_LETTER)


def _read(name: str) -> dict[str, Any]:
    return dict(read_yaml(DATA / name))


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

    `counts` says how often each word of the examples was written, `pairs` how often two followed
    each other; `dictionary` are words that the encoder knows whole.
    """

    counts: dict[str, int]
    pairs: dict[str, int]
    dictionary: frozenset[str]
    keep: frozenset[str] = field(default_factory=never_mended)
    short: dict[str, str] = field(default_factory=short_forms)
    alone: dict[str, str] = field(default_factory=signs_alone)

    def __post_init__(self) -> None:
        self._targets = [
            word
            for word, count in self.counts.items()
            if count >= OFTEN and (len(word) > SHORTEST or word in self.dictionary)
        ]
        self._total = sum(self.counts.values())
        self._meant: dict[str, dict[str, float]] = {}
        self._apart = Apart(self.counts, self.pairs, self.dictionary)

    @classmethod
    def learn(cls, texts: Iterable[str], dictionary: Iterable[str]) -> Spelling:
        """Count the words of the examples."""
        counts: Counter[str] = Counter()
        pairs: Counter[str] = Counter()
        for text in texts:
            words = WORD.findall(text)
            counts.update(words)
            pairs.update(f"{one} {next_one}" for one, next_one in pairwise(words))
        whole = frozenset(word for word in dictionary if WORD.fullmatch(word))
        return cls(dict(counts), {pair: n for pair, n in pairs.items() if n > 1}, whole)

    def spoken(self, text: str) -> str:
        """The words that a text is meant as: of signs, with digits for letters, without spaces."""
        if any(character.isalnum() for character in text):
            text = with_letters(text, self.counts)
            return LONG_WORD.sub(lambda found: self._apart.read(found[0]), text)
        return next((self.alone[sign] for sign in text if sign in self.alone), text)

    def mend(self, text: str) -> str:
        """The text, in small letters, with misspelt words mended and short forms written out."""
        words = WORD.findall(text)
        for place, word in enumerate(words):
            if meant := self._could_be(word):
                before = words[place - 1] if place else None
                after = words[place + 1] if place + 1 < len(words) else None
                words[place] = max(
                    meant, key=lambda one: meant[one] * self._expected(one, before, after)
                )
        mended = iter(words)
        return WORD.sub(lambda found: self._written_out(next(mended)), text)

    def _written_out(self, word: str) -> str:
        return self.short.get(word, word)

    def _could_be(self, word: str) -> dict[str, float]:
        """The words that may be meant, itself among them, and how likely each is typed so.

        None if the word is surely right.
        """
        if word not in self._meant:
            if len(self._meant) >= REMEMBERED:
                self._meant.clear()
            self._meant[word] = self._close_to(word)
        return self._meant[word]

    def _close_to(self, word: str) -> dict[str, float]:
        written = self.counts.get(word, 0)
        is_known = written >= OFTEN and word in self.dictionary
        if is_known or word in self.short or word in self.keep or len(word) < SHORTEST:
            return {}
        most = 2 if len(word) >= TWO_MISTAKES_FROM and written < OFTEN else 1
        close = process.extract(
            word, self._targets, scorer=OSA.distance, score_cutoff=most, limit=None
        )
        meant = {
            other: slip(word, other) if mistakes == 1 else TWO_SLIPS
            for other, mistakes, _ in close
            if other != word and self.counts[other] >= MISTAKE_IS_RARER * written
        }
        return {word: 1.0, **meant} if meant else {}

    def _expected(self, word: str, before: str | None, after: str | None) -> float:
        """How likely the word is between two others, by the examples."""
        count = self.counts.get(word, 0)
        if word in self.dictionary:
            share = (count or NOT_IN_EXAMPLES) / self._total
        else:
            share = NO_WORD * (count if count >= OFTEN else NEVER_SEEN) / self._total
        if before:
            share = self._follows(word, before, share)
        if after:
            share *= self._follows(after, word, self.counts.get(after, 1) / self._total)
        return share

    def _follows(self, word: str, before: str, share: float) -> float:
        seen = self.pairs.get(f"{before} {word}", 0) / (self.counts.get(before, 0) + FEW)
        return PAIR * seen + (1 - PAIR) * share
