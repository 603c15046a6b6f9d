"""Danger in languages that the assistant does not speak: `data/other_languages.yml`.

No model of ours has learned them; a short list sees what people mostly write.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from assistant.data_files import DATA, read_yaml
from assistant.features import plain

LONG = 10  # letters of a sign that no English message has by chance


@cache
def known() -> dict[str, dict[str, list[str]]]:
    """By topic: what is looked for, and messages that must and must not be seen."""
    data: Any = read_yaml(DATA / "other_languages.yml")
    return {
        topic: {key: list(some) for key, some in entry.items()} for topic, entry in data.items()
    }


@cache
def signs() -> tuple[tuple[str, str], ...]:
    """What is looked for, written as `plain` writes it, and its topic."""
    return tuple((plain(sign), topic) for topic, entry in known().items() for sign in entry["say"])


def danger_in(text: str, is_english: bool = False) -> str | None:
    """The danger in a message of another language, if one of its signs is in it.

    A message of few words may seem English; several words of another language in a row, or letters
    that English has not, tell.
    """
    text = plain(text)
    return next(
        (
            topic
            for sign, topic in signs()
            if sign in text and not (is_english and sign.isascii() and len(sign) < LONG)
        ),
        None,
    )
