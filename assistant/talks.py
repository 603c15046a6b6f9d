"""What a message means behind the one before it, and behind an answer: learned from whole talks.

A file of `data/talks/` has talks, each what one person wrote: a line a message, with the key of
the answer that is best to it, and others that are as good; behind a "!" the key of what was said
instead, where that was wrong: how people put us right is learned, too. Knows nothing of trackers:
`context.py` finds the same in a talk that goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from rasa.shared.exceptions import InvalidConfigException

from assistant.content import Answer, content, intent_of_topic
from assistant.danger.situations import STAY
from assistant.data_files import read_yaml

IS, BUT = " = ", "!"
LATEST = 2  # replies that tell where in a talk a message stands
KINDS = ("answer", "refusal", "flow", "crisis")  # of reply that a message can go on from


MISSING = "missing"  # no text of ours answers it yet
OPEN = "?"  # which text is best is not said
AFTERWARDS = "afterwards"  # what is said to thanks, news or a farewell once a danger was told
NO_ANSWERS = {STAY, MISSING, OPEN, "help/place"}
ASKED = "ask/"  # begins the keys of what asks about a danger


class Line(NamedTuple):
    """A message of a talk, with the keys of what answers it best, and of what was said if not that.

    said: `?` where nothing was answered ("did you mean").
    """

    text: str
    right: tuple[str, ...]
    said: str = ""


Talk = list[Line]


@dataclass(frozen=True)
class Turn:
    """A message of a talk, what answers it, and where in the talk it stands.

    said: the message before; topics: those of the answers before, the latest first; before: the
    keys of the last replies of any kind, the latest first; told: the danger that was told, if any;
    false_alarm: whether the latest of the answers was one to danger, where there was none.
    """

    text: str
    right: tuple[str, ...]
    said: str = ""
    topics: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    told: str | None = None
    false_alarm: bool = False

    @property
    def topic(self) -> str | None:
        """The topic that the message is about; None if only what is said next is known of it."""
        is_topic = "/" in self.right[0] and not self.right[0].startswith(("step/", ASKED))
        after_danger = bool(self.topics) and danger_of(self.topics[0]) is not None
        is_known = is_topic and (self.false_alarm or not after_danger)
        return self.right[0] if is_known else None


def title(topic: str) -> str:
    """What a topic is called; "" if it has no answer."""
    answer = _answer(topic)
    return answer.title if answer else ""


def befores(said: str, topics: Sequence[str]) -> list[str]:
    """The texts that a message is read behind: the one before it, and the last answer's title."""
    name = title(topics[0]) if topics else ""
    return [said or name, name or said]


def can_go_on_from(topic: str) -> bool:
    """Whether a topic is answered with more than a word of courtesy."""
    answer = _answer(topic)
    return answer is not None and answer.kind in KINDS


def _answer(topic: str) -> Answer | None:
    return content().answers.get(f"utter_{intent_of_topic(topic)}")


def turns(talk: Talk) -> Iterator[Turn]:
    """The messages of a talk that a text of ours answers, in their places."""
    said, told, false_alarm = "", None, False
    topics: list[str] = []
    before: list[str] = []
    for text, right, reply in talk:
        if right[0] not in (MISSING, OPEN):
            yield Turn(text, right, said, tuple(topics), tuple(before[:LATEST]), told, false_alarm)
        said, key = text, reply or right[0]
        if key not in NO_ANSWERS:
            before.insert(0, key)
            told = danger_of(key) or told
            if can_go_on_from(key):
                topics.insert(0, key)
                false_alarm = bool(danger_of(key)) and not any(map(danger_of, right))


def danger_of(key: str) -> str | None:
    """The danger that a reply answers, if it answers one."""
    answer = _answer(key)
    return answer.topic if answer and answer.kind == "crisis" else None


def read_talks(path: Path) -> list[Talk]:
    """The talks of a file.

    Raises:
        InvalidConfigException: naming the file and the line that is not a message and its topics.
    """
    data: Any = read_yaml(path) or {}
    found: list[Talk] = []
    for talk in data.get("talks") or ():
        found.append([])
        for line in str(talk).strip().splitlines():
            text, _, replies = (part.strip() for part in line.rpartition(IS))
            wanted, _, said = (part.strip() for part in replies.partition(BUT))
            keys = tuple(wanted.split())
            known = (k in NO_ANSWERS or k == AFTERWARDS or _answer(k) for k in (*keys, said) if k)
            if not text or not keys or not all(known):
                raise InvalidConfigException(
                    f'{path}: "{line}" needs a message, "=", and the key of what answers it'
                )
            found[-1].append(Line(text, keys, said))
    return found
