"""Danger in a language that the assistant does not speak is seen by a short list."""

from __future__ import annotations

import pytest

from assistant.danger.other_languages import danger_in, known
from assistant.language_reader import ENGLISH, language_of

MUST = [(topic, text) for topic, entry in known().items() for text in entry["must"]]
MUST_NOT = [text for entry in known().values() for text in entry["must_not"]]


@pytest.mark.parametrize(("topic", "text"), MUST)
def test_danger_is_seen(topic: str, text: str) -> None:
    assert danger_in(text, language_of(text) == ENGLISH) == topic


@pytest.mark.parametrize("text", MUST_NOT)
def test_a_question_is_no_danger(text: str) -> None:
    assert danger_in(text, language_of(text) == ENGLISH) is None


def test_no_english_example_has_a_sign_by_chance() -> None:
    from tests.test_data import NLU

    harmless = [t for topic, some in NLU.items() for t in some if not topic.startswith("crisis/")]
    english = [text for text in harmless if language_of(text) == ENGLISH]
    assert [text for text in english if danger_in(text, is_english=True)] == []
