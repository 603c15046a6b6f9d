"""How a typed text is made fit to keep and to ask."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.words import OVERLAP, PIECE, cleaned, pieces


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  help  ", "help"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("nul\x00inside", "nul inside"),
        ("half \ud83d a character", "half   a character"),
        ("bell\x07 escape\x1b", "bell  escape"),
        ("\x00\x01\ud800", ""),
        (" \n\t ", ""),
        ("ayúdame por favor 🙏", "ayúdame por favor 🙏"),
        ("/restart", "/restart"),
    ],
)
def test_what_cannot_be_kept_becomes_a_space(typed: str, kept: str) -> None:
    assert cleaned(typed) == kept


@given(st.text())
def test_a_cleaned_text_can_be_written_anywhere(typed: str) -> None:
    assert "\x00" not in cleaned(typed)
    cleaned(typed).encode("utf-8")


def test_a_text_that_fits_is_one_piece() -> None:
    assert pieces("x" * PIECE) == ["x" * PIECE]


@given(st.randoms(use_true_random=False))
def test_every_phrase_is_whole_in_some_piece(chance: Random) -> None:
    words = [f"{number}{'x' * chance.randint(0, 12)}" for number in range(chance.randint(300, 900))]
    text = " ".join(words)
    found = pieces(text)
    assert all(len(piece) <= PIECE for piece in found)
    for first in range(0, len(words) - 3, 7):
        phrase = " ".join(words[first : first + 3])
        assert any(phrase in piece for piece in found)


@given(st.integers(PIECE + 1, 8 * PIECE))
def test_a_text_without_spaces_is_cut_and_overlaps(length: int) -> None:
    text = "".join(chr(0x4E00 + place % 5000) for place in range(length))
    found = pieces(text)
    assert all(len(piece) <= PIECE for piece in found)
    assert found[0] + "".join(piece[OVERLAP:] for piece in found[1:]) == text
