"""The phrases of `data/danger/`, and what around them takes their meaning away.

A phrase is a line of words: `a|b` is one of them, `word?` may be missing, `word*` may go on,
`..` stands for up to three words, `<person>` for a word of that list in `words.yml`, and `/` for
the start or end of a sentence or a comma.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from spacy.matcher import Matcher
from spacy.tokens import Doc

from assistant.data_files import DATA, read_yaml
from assistant.features import plain
from assistant.names import language
from assistant.parts import joint

FOLDER = DATA / "danger"
SHARED = ("words", "contexts")
GAP = 3  # words
DENIED_WITHIN = 3  # words before a phrase
EDGES = {".", ","}  # between sentences, and between what commas part
SHORTEST_START = 3  # letters before the `*` of `word*`
SENTENCE = re.compile(r"[.!?;]+|\s[-\u2013\u2014]+\s")
COMMA = re.compile(r"(?<!\d)[,:]|[,:](?!\d)")
OTHER_MARKS = re.compile(r"[^\w\s.,]")
REACH = 60  # letters: how far behind "if" a phrase may stand to be meant by it
NEGATED = "negated"
SOFT = {"past", "telling", "fiction", "hyperbole"}


@dataclass(frozen=True)
class Found:
    """A phrase found in a message; `because` names what around it takes its meaning away."""

    topic: str
    sign: str
    because: str | None
    asks: bool = False  # it may mean danger: reason to ask, not to raise an alarm

    @property
    def is_danger(self) -> bool:
        """Whether it means danger, here and now."""
        return self.because is None and not self.asks

    @property
    def is_reason_to_ask(self) -> bool:
        """Whether it may mean danger, here and now."""
        return self.because is None and self.asks


def read(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """One file of phrases."""
    return dict(read_yaml(folder / f"{name}.yml"))


def topics(folder: Path = FOLDER) -> list[str]:
    """The names of the topics that have a file."""
    return sorted(path.stem for path in folder.glob("*.yml") if path.stem not in SHARED)


@cache
def lists(folder: Path = FOLDER) -> dict[str, list[str]]:
    """The lists of words that phrases name as <person>, <drug>..."""
    return {name: [str(word) for word in words] for name, words in read("words", folder).items()}


def tidy(text: str) -> str:
    """The text as phrases are matched: small letters, no accents, marks apart from words."""
    return re.sub(r"\s+", " ", re.sub(r"[^\w\s']", " ", plain(text))).strip()


def _choices(word: str, lists: dict[str, list[str]]) -> list[str]:
    found: list[str] = []
    for choice in word.removesuffix("?").split("|"):
        found += lists[choice[1:-1]] if choice.startswith("<") else [choice]
    return found


def _expression(choice: str) -> str:
    return "[.,]" if choice == "/" else re.escape(choice).replace(r"\*", r"\w*")


# For spaCy's Matcher: what people type to choose what a reply offers.


def doc_of(text: str) -> Doc:
    """A text as spaCy's Matcher reads it."""
    return Doc(language().vocab, words=tidy(text).split())


def compiled(phrase: str, lists: dict[str, list[str]]) -> list[dict[str, Any]]:
    """A phrase as spaCy's Matcher wants it."""
    tokens: list[dict[str, Any]] = []
    for word in phrase.split():
        if word == "..":
            tokens += [{"OP": "?"}] * GAP
            continue
        choices = _choices(word, lists)
        if any("*" in choice for choice in choices):
            tokens.append({"LOWER": {"REGEX": f"^(?:{'|'.join(map(_expression, choices))})$"}})
        else:  # needs no compiling
            tokens.append({"LOWER": {"IN": choices}})
        if word.endswith("?"):
            tokens[-1]["OP"] = "?"
    return tokens


# For this module: hundreds of phrases against each message, so only those are tried of which the
# message has the rarest word.


@dataclass(frozen=True, eq=False)
class Phrase:
    """One phrase of a sign or context, as a regular expression over a `Text`."""

    name: str
    pattern: re.Pattern[str]
    rarest: tuple[str, ...]  # one of these words (or starts, `word*`) is in each match

    @classmethod
    def of(cls, name: str, phrase: str, lists: dict[str, list[str]]) -> Phrase:
        """Compile one."""
        pattern = "(?:(?<= )|^)"
        rarest: tuple[str, ...] = ()
        for word in phrase.split():
            if word == "..":
                pattern += rf"(?:[^ .,]+ ){{0,{GAP}}}?"
                continue
            choices = _choices(word, lists)
            pattern += f"(?:(?:{'|'.join(map(_expression, choices))}) )"
            if word.endswith("?"):
                pattern += "?"
            elif "/" not in choices and (not rarest or len(choices) < len(rarest)):
                rarest = tuple(choices)
        return cls(name, re.compile(pattern), rarest)


class Index:
    """Phrases, found by their rarest words."""

    def __init__(self, phrases: list[Phrase]) -> None:
        self._by_word: dict[str, list[Phrase]] = defaultdict(list)
        self._by_start: dict[str, list[Phrase]] = defaultdict(list)
        for phrase in phrases:
            for word in phrase.rarest:
                start = word.endswith("*")
                (self._by_start if start else self._by_word)[word.rstrip("*")].append(phrase)

    def find(self, text: Text) -> Iterator[tuple[str, int, int]]:
        """Each match: the name of its sign or context, and where it starts and ends."""
        near: dict[Phrase, None] = {}
        for word in text.words:
            near.update(dict.fromkeys(self._by_word.get(word, ())))
            for end in range(SHORTEST_START, len(word) + 1):
                near.update(dict.fromkeys(self._by_start.get(word[:end], ())))
        for phrase in near:
            for match in phrase.pattern.finditer(text.line):
                yield phrase.name, match.start(), match.start() + len(match[0].rstrip(" .,"))


class Text:
    """A message as phrases are matched: small plain words, `.` and `,` standing between them."""

    def __init__(self, message: str, subjects: frozenset[str]) -> None:
        line = SENTENCE.sub(" . ", plain(message.replace("\n", " . ")))
        line = COMMA.sub(" , ", line)
        words = ["."]
        for word in [*OTHER_MARKS.sub(" ", line).split(), "."]:
            if word in EDGES and words[-1] in EDGES:
                words[-1] = min(word, words[-1], key=".,".index)
            else:
                words.append(word)
        self.words = set(words)
        self.line = " ".join(words) + " "
        self._clauses, self._thoughts = [0], [0]  # where each starts
        place = 0
        for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False):
            joined = joint(before, word, after)
            if word in EDGES or joined:
                self._clauses.append(place)
            if word == "." or joined == "turn" or (word == "," and after in subjects):
                self._thoughts.append(place)
            place += len(word) + 1

    def clause(self, place: int) -> int:
        """The number of the clause at a place; a joining word ("and", "but") starts one."""
        return bisect_right(self._clauses, place)

    def thought(self, place: int) -> int:
        """The number of the thought at a place: clauses that one "if" may stand before."""
        return bisect_right(self._thoughts, place)

    def before(self, place: int) -> list[str]:
        """The words of the same clause before a place."""
        return self.line[self._clauses[self.clause(place) - 1] : place].split()


class Phrases:
    """All phrases, ready to be matched."""

    def __init__(self, folder: Path = FOLDER) -> None:
        words = lists(folder)
        self._subjects = frozenset(words["subject"] + words["person"])
        self._denial = {
            name: frozenset(words[name])
            for name in ("denies", "meant", "not_denied", "denied_twice")
        }
        contexts = read("contexts", folder)
        self._where = {name: context.get("where", "clause") for name, context in contexts.items()}
        self._overrides = {name: set(c.get("overrides", ())) for name, c in contexts.items()}
        usual = {n for n, c in contexts.items() if c.get("usual", True) and "overrides" not in c}
        self._contexts = Index(
            [Phrase.of(n, p, words) for n, c in contexts.items() for p in c["say"]]
        )
        self._about: dict[str, tuple[str, str, set[str], set[str], bool]] = {}
        signs = []
        for topic in topics(folder):
            for sign in read(topic, folder)["signs"]:
                key = f"{topic}: {sign['sign']}"
                signs += [Phrase.of(key, phrase, words) for phrase in sign["say"]]
                unless = usual | {NEGATED} if "unless" not in sign else set(sign["unless"])
                doubtful = set(sign.get("doubtful", ()))
                asks = bool(sign.get("asks"))
                self._about[key] = (f"crisis/{topic}", sign["sign"], unless, doubtful, asks)
        self._signs = Index(signs)

    def softened(self, message: str) -> bool:
        """Whether a message tells of the past, of a film, of "what if"... and of nothing now."""
        text = Text(message, self._subjects)
        names = {name for name, _, _ in self._contexts.find(text)}
        taken_back = {other for name in names for other in self._overrides[name]}
        return bool(names & SOFT) and not taken_back

    def find(self, message: str) -> list[Found]:
        """Every phrase in a message, with what takes its meaning away, if anything does."""
        text = Text(message, self._subjects)
        matches = list(self._signs.find(text))
        contexts = list(self._contexts.find(text)) if matches else []
        found = set()
        for key, start, end in matches:
            topic, sign, unless, doubtful, asks = self._about[key]
            names = {n for n, s, e in contexts if self._is_about(text, n, (s, e), (start, end))}
            names -= {other for name in names for other in self._overrides[name]}
            if NEGATED in unless and self._is_denied(text, start):
                names.add(NEGATED)
            because = min(names & unless, default=None)
            found.add(Found(topic, sign, because, asks or bool(names & doubtful)))
        return sorted(found, key=lambda f: (f.topic, f.sign, f.because or ""))

    def _is_about(
        self, text: Text, name: str, context: tuple[int, int], sign: tuple[int, int]
    ) -> bool:
        """Whether a context stands where it can take a phrase's meaning away."""
        where = self._where[name]
        if where == "message":
            return True
        if where == "clause":
            return text.clause(context[0]) in {text.clause(sign[0]), text.clause(sign[1] - 1)}
        near = where == "thought" or context[0] < sign[0] <= context[1] + REACH
        return near and text.thought(context[0]) == text.thought(sign[0])

    def _is_denied(self, text: Text, start: int) -> bool:
        """Whether a "not" stands just before: "not suicidal", "i dont think hes overdosing"."""
        before = text.before(start)[-DENIED_WITHIN:]
        denials = [place for place, word in enumerate(before) if word in self._denial["denies"]]
        if not denials:
            return False
        between = before[denials[-1] + 1 :]
        # "not gonna lie", "no joke"; "give me one reason not to"
        if self._denial["not_denied"] & set(between) or self._denial["denied_twice"] & set(before):
            return False
        first = text.line[start:].split(" ", 1)[0]
        subjects = self._subjects & {*between, first}
        return not subjects or bool(self._denial["meant"] & set(between))


@cache
def phrases() -> Phrases:
    """The phrases of `data/danger/`, read once."""
    return Phrases()


@cache
def matcher_of(said: tuple[tuple[str, tuple[str, ...]], ...]) -> Matcher:
    """Finds the keys of which one of the phrases is said; many responses lead to the same steps."""
    matcher = Matcher(language().vocab)
    for key, some in said:
        matcher.add(key, [compiled(phrase, lists()) for phrase in some])
    return matcher


def says_one_of(some: tuple[str, ...], text: str) -> bool:
    """Whether a text has one of some phrases."""
    return bool(some) and bool(matcher_of((("said", some),))(doc_of(text)))
