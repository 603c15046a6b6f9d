"""Reads what is written to slip by, or in haste: "k1ll", "n o t", "iwanttodie".

Only puts letters and spaces where people mean them; misspelt words are `spelling.py`'s.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from math import log

PICTURES = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]+")
A_FEW = 2  # pictures in a text tell of a mood; more of them stand between the words
SPACED = re.compile(r"\b(?:[a-z](?:[-._*]| {1,3})){2,}[a-z]\b")
WIDE = re.compile(r" {2,}")
SIGNS = str.maketrans("013457@$!", "oieastasi")
IN_A_WORD = re.compile(r"[a-z0-9@$!*]*[a-z][a-z0-9@$!*]*[a-z0-9]")
HAS_SIGNS = re.compile(
    r"(?<=[a-z])[01345@$!*]+(?=[a-z])|^[013457][a-z]{4,}|(?<=[a-z]{2})[01345$]+$"
)
OD = re.compile(r"\bo\.\s?d\b\.?")
REMEMBERED = 20_000  # words
LONGEST = 14  # letters of a word inside
OFTEN = 5  # times that the examples have a word that may be inside
# Short words fit in anywhere, so they must be common: times, by their letters.
ALSO_OFTEN = {1: 400, 2: 400, 3: 60}
LETTERS = {"i", "a", "u"}  # that are words


def without_pictures(text: str) -> str:
    """A space around each picture; where they stand all over the text, none of them."""
    if not any(character.isalnum() for character in text):
        return text
    often = len(PICTURES.findall(text)) > A_FEW
    return PICTURES.sub(" " if often else lambda found: f" {found[0]} ", text)


def joined_letters(text: str) -> str:
    """Letters that stand one by one, as words: "h e   i s" is "he is", "n-o-t" is "not"."""

    def word(found: re.Match[str]) -> str:
        words = WIDE.split(found[0])
        return " ".join(re.sub(r"[^a-z]", "", one) for one in words)

    return SPACED.sub(word, OD.sub("od", text))


def with_letters(text: str, known: Mapping[str, int]) -> str:
    """Digits and signs that stand for letters, where that makes a word: "k1ll", "su!cide"."""

    def word(found: re.Match[str]) -> str:
        if not HAS_SIGNS.search(found[0]):
            return found[0]
        read = found[0].replace("*", "").translate(SIGNS)
        return read if known.get(read, 0) >= OFTEN or "*" in found[0] else found[0]

    return IN_A_WORD.sub(word, text)


class Apart:
    """Takes words apart that are written as one, by the words of the examples."""

    def __init__(
        self, counts: Mapping[str, int], pairs: Container[str], dictionary: Container[str]
    ) -> None:
        total = sum(counts.values()) or 1
        self._likely = {
            word: log(count / total)
            for word, count in counts.items()
            if len(word) <= LONGEST and count >= ALSO_OFTEN.get(len(word), OFTEN)
            if len(word) > 1 or word in LETTERS
        }
        self._counts, self._pairs, self._dictionary = counts, pairs, dictionary
        self._seen: dict[str, str] = {}

    def read(self, word: str) -> str:
        """The words in it; itself if it is one, or is not all of words."""
        if word not in self._seen:
            if len(self._seen) >= REMEMBERED:
                self._seen.clear()
            self._seen[word] = self._read(word)
        return self._seen[word]

    def _read(self, word: str) -> str:
        if word in self._dictionary or self._counts.get(word, 0) >= OFTEN:
            return word
        best: list[tuple[float, list[str]] | None] = [(0.0, [])]
        for end in range(1, len(word) + 1):
            options = [
                (before[0] + self._likely[part], [*before[1], part])
                for start in range(max(0, end - LONGEST), end)
                if (before := best[start]) and (part := word[start:end]) in self._likely
            ]
            best.append(max(options, default=None))
        words = best[-1][1] if best[-1] else [word]
        apart = " ".join(words)
        # Two words are as often one ("deadlines"), unless people write them one after the other.
        return apart if len(words) > A_FEW or apart in self._pairs else word
