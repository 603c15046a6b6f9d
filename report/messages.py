"""The test messages that nobody trained on, and what typing on a phone makes of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.data_files import read_yaml
from launch.settings import HOUSE

KEPT_ASIDE = HOUSE / "tests" / "kept_aside"
SEED = 20261122
# Neighbours on a phone's keyboard.
NEIGHBOURS = {
    "a": "qsz", "b": "vgn", "c": "xvd", "d": "sfe", "e": "wrd", "f": "dgr", "g": "fht",
    "h": "gjy", "i": "uok", "j": "hku", "k": "jli", "l": "kop", "m": "nj", "n": "bmh",
    "o": "ipl", "p": "ol", "q": "wa", "r": "etf", "s": "adw", "t": "ryg", "u": "yij",
    "v": "cbf", "w": "qes", "x": "zcs", "y": "tuh", "z": "xas",
}  # fmt: skip
SHORTEST = 4  # letters of a word that gets a typo


@dataclass(frozen=True)
class Asked:
    """A test message. right: the topics that answer it; of: its topic, or its kind."""

    text: str
    right: tuple[str, ...]
    of: str

    @property
    def group(self) -> str:
        """The group of its topic."""
        return self.of.partition("/")[0]


def _read(path: Path) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    named: dict[str, list[Any]] = read_yaml(path)
    in_group = path.parent.name == "topics"  # there a name may stand without its group
    for key, messages in named.items():
        name = f"{path.stem}/{key}" if in_group and "/" not in key else key
        for message in messages:
            one = message if isinstance(message, dict) else {"text": message}
            yield name, str(one["text"]), tuple(one.get("also", ()))


def topics(folder: Path = KEPT_ASIDE / "topics", files: str = "*.yml") -> list[Asked]:
    """Ordinary messages, by topic."""
    return [
        Asked(text, (name, *also), name)
        for path in sorted(folder.glob(files))
        for name, text, also in _read(path)
    ]


def dangers(name: str = "danger") -> list[Asked]:
    """Messages of people in danger, by crisis topic."""
    return [Asked(text, (n, *also), n) for n, text, also in _read(KEPT_ASIDE / f"{name}.yml")]


def refusals() -> list[Asked]:
    """Requests that we refuse, by topic."""
    return dangers("refusals")


def by_kind(name: str) -> list[Asked]:
    """Harmless, or out-of-scope messages, by kind; no topic is right for them."""
    return [Asked(text, also, kind) for kind, text, also in _read(KEPT_ASIDE / f"{name}.yml")]


def _mistyped(word: str, chance: random.Random) -> str:
    """The word with one edit behind its first letter: another key, a swap, a loss, a double."""
    places = list(range(1, len(word)))
    chance.shuffle(places)
    for place in places:
        before, letter, after = word[:place], word[place], word[place + 1 :]
        how = chance.choice(["key", "swap", "loss", "double"])
        if how == "key" and letter.lower() in NEIGHBOURS:
            return before + chance.choice(NEIGHBOURS[letter.lower()]) + after
        if how == "swap" and after and after[0] != letter:
            return before + after[0] + letter + after[1:]
        if how == "loss":
            return before + after
        if how == "double":
            return before + letter + letter + after
    return word + word[-1]


def with_typos(text: str, edits: int, chance: random.Random) -> str:
    """The text with so many single edits, each in another word where there are enough.

    Words of fewer than four letters are left alone; a text of only such words stays as it is.
    """
    words = text.split(" ")
    long_ones = [n for n, word in enumerate(words) if len(word) >= SHORTEST and word.isalpha()]
    if not long_ones:
        return text
    chance.shuffle(long_ones)
    for number in range(edits):
        place = long_ones[number % len(long_ones)]
        words[place] = _mistyped(words[place], chance)
    return " ".join(words)


# What people put around danger, and how they type it.
VARIANTS: dict[str, Callable[[str, random.Random], str]] = {
    "as written": lambda text, chance: text,
    "1 typo": lambda text, chance: with_typos(text, 1, chance),
    "2 typos": lambda text, chance: with_typos(text, 2, chance),
    "UPPER CASE": lambda text, chance: text.upper(),
    "emoji behind": lambda text, chance: text + " 😭🙏",
    "no space after marks": lambda text, chance: text.replace(". ", ".").replace(", ", ","),
    "a leading lol": lambda text, chance: f"lol {text}",
    "a question in front": lambda text, chance: f"how long does withdrawal last? {text}",
    "a question behind": lambda text, chance: f"{text}. also what does detox cost?",
    "harmless words around": lambda text, chance: (
        f"hi, hope you can help me. {text}. thank you for reading this"
    ),
}
