"""SMS segments, against published cases, and what must hold for any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.sms import BASIC, EXTENDED, not_gsm7, segments


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("{" * 80, 1),  # an extended character takes two places
        ("{" * 81, 2),
        ("a" * 152 + "{" + "a" * 152, 3),  # the pair is not split, so it moves to the next part
    ],
)
def test_segments(text: str, count: int) -> None:
    assert segments(text) == count


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("Call 911 now.", ""),
        ("mañana, ¿qué?", ""),  # these are in the alphabet
        ("á í ó ú", "áíóú"),  # these are not
        ("don’t — wait…", "—’…"),
        ("ok 🙂", "🙂"),
    ],
)
def test_not_gsm7(text: str, strange: str) -> None:
    assert not_gsm7(text) == "".join(sorted(strange))


@given(st.text(alphabet=sorted(BASIC | EXTENDED)))
def test_any_seven_bit_text_fits_its_segments(text: str) -> None:
    places = len(text) + sum(character in EXTENDED for character in text)
    assert not_gsm7(text) == ""
    assert places <= 160 or segments(text) * 153 >= places
    assert segments(text) <= places // 152 + 1
