"""The data both sides are trained on, and the messages they are asked."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

from assistant.data_files import read_yaml

SEED = 20261122
TRAINED_ON = ("nlu/*.yml", "responses/*.yml", "rules.yml", "stories.yml")
NOT_SENT = ("crisis", "help")  # they may need the action server, which is not part of this
ANNOTATION = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")  # [philly](place)


def group_of(intent: str) -> str:
    """The topic group of an intent: `heroin` of `heroin/brain`, `chat` of `chat_greet`."""
    return re.split("[/_]", intent, maxsplit=1)[0]


def lines_of(examples: str) -> list[str]:
    """The messages of one intent as people type them, without Rasa's marks."""
    marked = [line[2:].strip() for line in examples.splitlines() if line.startswith("- ")]
    return [ANNOTATION.sub(r"\1", line) for line in marked]


def read_nlu(data: Path) -> dict[str, list[str]]:
    """Every intent of a data folder with its messages."""
    return {
        entry["intent"]: lines_of(entry["examples"])
        for path in sorted((data / "nlu").glob("*.yml"))
        for entry in read_yaml(path)["nlu"]
        if "intent" in entry
    }


def messages_to_send(nlu: Mapping[str, list[str]]) -> list[str]:
    """Messages whose answer needs no action server, in a fixed order, each once."""
    asked = chain.from_iterable(
        lines for intent, lines in sorted(nlu.items()) if group_of(intent) not in NOT_SENT
    )
    return list(dict.fromkeys(asked))


def endless(messages: list[str], seed: int) -> Iterator[str]:
    """Messages drawn at random without end; the same seed gives the same ones."""
    draw = random.Random(seed)
    while True:
        yield draw.choice(messages)


def first_of_each_group(intents: list[str], most: int) -> set[str]:
    """The first `most` intents of every topic group."""
    seen: Counter[str] = Counter()
    kept = set()
    for intent in intents:
        seen[group_of(intent)] += 1
        if seen[group_of(intent)] <= most:
            kept.add(intent)
    return kept


def filled(value: Any, words: Mapping[str, str]) -> Any:
    """A piece of data with each `{name}` in its texts replaced by what it stands for."""
    if isinstance(value, dict):
        return {key: filled(part, words) for key, part in value.items()}
    if isinstance(value, list):
        return [filled(part, words) for part in value]
    if isinstance(value, str):
        return re.sub(r"\{([^{}\s]+)\}", lambda found: words.get(found[1], found[0]), value)
    return value


def _of_kept_intents(content: dict[str, Any], kept: set[str]) -> dict[str, Any]:
    """What is left of a data file when only some intents are kept."""
    names = {intent.partition("/")[0] for intent in kept} | {"did_you_mean", "nlu_fallback"}
    left = dict(content)
    if "nlu" in left:
        left["nlu"] = [entry for entry in left["nlu"] if entry.get("intent") in kept]
    if "rules" in left:
        left["rules"] = [
            rule
            for rule in left["rules"]
            if all(step["intent"] in names for step in rule["steps"] if "intent" in step)
        ]
    return left


def copy_data(
    data: Path, to: Path, words: Mapping[str, str] | None = None, most: int | None = None
) -> None:
    """Copy what a model is trained on.

    `words` fills in the placeholders of the answers, and `most` keeps only so many intents of each
    topic group.
    """
    kept = first_of_each_group(list(read_nlu(data)), most) if most else None
    for path in (path for pattern in TRAINED_ON for path in sorted(data.glob(pattern))):
        content = read_yaml(path)
        if kept is not None:
            content = _of_kept_intents(content, kept)
        if words:
            content = filled(content, words)
        copy = to / path.relative_to(data)
        copy.parent.mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1000)
        copy.write_text(text, encoding="utf-8")
