"""What a message means behind the one before it, and behind an answer: learned from whole talks.

A file of `data/talks/` has talks, each what one person wrote: a line a message, with the topic that
answers it best, and others that are as good. Knows nothing of trackers: `context.py` finds the same
in a talk that goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from rasa.shared.exceptions import InvalidConfigException

from assistant.content import Answer, content, intent_of_topic

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
IS = " = "
KINDS = ("answer", "refusal", "flow", "crisis")  # of reply that a message can go on from


Talk = list[tuple[str, tuple[str, ...]]]  # messages, each with the topics that answer it


@dataclass(frozen=True)
class Turn:
    """A message of a talk, what answers it, and what came before: a message, and topics.

    The topics are those of the answers before, the latest first.
    """

    text: str
    right: tuple[str, ...]
    said: str
    topics: tuple[str, ...]


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
    """The messages of a talk that came after another, but not after an answer to danger."""
    topics: list[str] = []
    for (said, (topic, *_)), (text, right) in pairwise(talk):
        if can_go_on_from(topic):
            topics.insert(0, topic)
        if not (topics and topics[0].startswith("crisis/")):
            yield Turn(text, right, said, tuple(topics))


def read_talks(path: Path) -> list[Talk]:
    """The talks of a file.

    Raises:
        InvalidConfigException: naming the file and the line that is not a message and its topics.
    """
    data: Any = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER) or {}
    found: list[Talk] = []
    for talk in data.get("talks") or ():
        found.append([])
        for line in str(talk).strip().splitlines():
            text, _, topics = (part.strip() for part in line.rpartition(IS))
            if not text or "/" not in topics:
                raise InvalidConfigException(
                    f'{path}: "{line}" needs a message, "=", and the topic that answers it'
                )
            found[-1].append((text, tuple(topics.split())))
    return found
