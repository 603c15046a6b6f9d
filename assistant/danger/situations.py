"""What is said after an answer to danger, and the step each leads to: `data/next_steps/`.

After "someone is overdosing" people write "4 a minute", "sprayed", "xanax", "shes 16". Alone, such
a message says little, or sounds like a question about something else. A file has how people put it
in one situation. Knows nothing of trackers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistant.data_files import DATA, read_yaml

FOLDER = DATA / "next_steps"
STAY = "stay"  # they tell more, or are afraid: what we said last holds
OTHER = "other"  # a question about something else, thanks, a farewell
ALL_CLEAR = frozenset({"step/not_in_danger", "step/misread"})  # it is over, or never was
DASH = "- "


@dataclass(frozen=True)
class Situation:
    """What may be said after an answer to one of some dangers, and the step each leads to.

    `of_writer` tells apart who took too much: the writer, somebody else, or None where it is not
    asked. `examples` are (text, label); a label is the key of a reply, `stay` or `other`.
    """

    name: str
    after: frozenset[str]
    of_writer: bool | None
    examples: tuple[tuple[str, str], ...]

    @property
    def labels(self) -> frozenset[str]:
        """What a message may lead to here."""
        return frozenset(label for _, label in self.examples) | {STAY, OTHER}


def read_situation(path: Path) -> Situation:
    """One file of `data/next_steps/`.

    Raises:
        ValueError: naming the file and what is not as it should be.
    """
    data: Any = read_yaml(path) or {}
    examples = []
    for entry in data.get("next_steps") or ():
        lines = str(entry.get("examples", "")).splitlines()
        if set(entry) != {"step", "examples"} or not all(x.startswith(DASH) for x in lines):
            raise ValueError(
                f"{path}: {entry.get('step', entry)} needs a step and examples, each a line that "
                f'begins with "{DASH}", and nothing else'
            )
        examples += [(line[len(DASH) :].strip(), str(entry["step"])) for line in lines]
    return Situation(
        path.stem, frozenset(data.get("after") or ()), data.get("of_writer"), tuple(examples)
    )


@cache
def situations() -> tuple[Situation, ...]:
    """All of them."""
    return tuple(read_situation(path) for path in sorted(FOLDER.glob("*.yml")))


def situations_after(topic: str, of_writer: bool | None) -> list[Situation]:
    """Those in which an answer to a danger leaves a person."""
    return [
        one
        for one in situations()
        if topic in one.after and (None in (of_writer, one.of_writer) or one.of_writer is of_writer)
    ]


@cache
def _steps_by_whom() -> tuple[frozenset[str], frozenset[str]]:
    """The steps that only the writer takes who took too much, and those that only others take."""
    steps = {
        one.of_writer: {label for label in one.labels if label.startswith("step/")}
        for one in situations()
        if one.of_writer is not None
    }
    mine, theirs = steps.get(True, set()), steps.get(False, set())
    return frozenset(mine - theirs), frozenset(theirs - mine)


def steps_for_others() -> frozenset[str]:
    """The steps for whoever is with somebody who took too much."""
    return _steps_by_whom()[1]


def steps_for_writer() -> frozenset[str]:
    """The steps for whoever took too much."""
    return _steps_by_whom()[0]


def is_writer(said: Sequence[str], alarm: dict[str, float]) -> bool | None:
    """Whether the writer is the one who took too much, by our steps so far, oldest first.

    Before the first step, by what the alarm itself sounds like; None if that is not clear.
    """
    mine, theirs = _steps_by_whom()
    for step in reversed(said):
        if step in mine | theirs:
            return step in mine
    of_me, of_them = (sum(alarm.get(label, 0.0) for label in some) for some in (mine, theirs))
    return None if max(of_me, of_them) < 2 * min(of_me, of_them) + 0.2 else of_me > of_them


def examples_to_learn() -> Iterator[tuple[str, str]]:
    """Every (text, label) once."""
    yield from dict.fromkeys(example for one in situations() for example in one.examples)
