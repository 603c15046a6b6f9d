"""Whether a text asks something."""

from __future__ import annotations

import pytest

from assistant.parts import asks


@pytest.mark.parametrize(
    ("text", "is_asked"),
    [
        ("can i see her?", True),
        ("how long does it last", True),
        ("wen can i see her", True),
        ("n wut do they do", True),
        ("ok but is it safe", True),
        ("he is asleep", False),
        ("all i do is cry", False),
        ("so do i", False),
        ("my mom is here", False),
    ],
)
def test_a_question_is_known_by_its_mark_or_the_order_of_its_words(
    text: str, is_asked: bool
) -> None:
    assert asks(text) is is_asked
