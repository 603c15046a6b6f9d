"""What is written without spaces, with digits for letters, or with pictures between the words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.data_files import read_yaml
from assistant.features import plain
from assistant.run_together import without_pictures
from assistant.spelling import Spelling

NLU = Path(__file__).resolve().parent.parent / "data" / "nlu"
WORDS = ("breathing", "smokeless", "hallucinations", "transplant", "understand", "suboxone")


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    """The spelling that the examples teach."""
    entries = [entry for path in NLU.glob("*.yml") for entry in read_yaml(path)["nlu"]]
    texts = [plain(line[2:]) for entry in entries for line in entry["examples"].splitlines()]
    return Spelling.learn(texts, WORDS)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("sheisnotbreathing", "she is not breathing"),
        ("iwanttokillmyself", "i want to kill myself"),
        ("itooktoomanypills", "i took too many pills"),
        ("icantbreathe", "i cant breathe"),
        ("mybabyatepills help", "my baby ate pills help"),
        ("n o t   b r e a t h i n g", "not breathing"),
        ("h e   i s   n o t   b r e a t h i n g", "he is not breathing"),
        ("i w a n t t o d i e", "i want to die"),
        ("n-o-t b-r-e-a-t-h-i-n-g", "not breathing"),
        ("he o.d. last night", "he od last night"),
        ("su1cide", "suicide"),
        ("k!ll mys3lf", "kill myself"),
        ("h3s n0t br34thing", "hes not breathing"),
        ("overd0se", "overdose"),
        ("my💀friend🥺wont😭wake😭up", "my friend wont wake up"),
        ("thanks ❤", "thanks ❤"),
        # what is meant as it is
        ("m30s", "m30s"),
        ("10mg", "10mg"),
        ("2nite", "2nite"),
        ("vitamin b12", "vitamin b12"),
        ("a. b. c.", "a. b. c."),
        ("19104-1234", "19104-1234"),
        ("smokeless tobacco", "smokeless tobacco"),
        ("hallucinations", "hallucinations"),
    ],
)
def test_what_was_meant(spelling: Spelling, typed: str, read: str) -> None:
    assert spelling.spoken(plain(typed)) == read


@given(st.text(max_size=80))
def test_no_letter_is_lost_with_the_pictures(text: str) -> None:
    letters = [c for c in text if c.isalnum()]
    assert [c for c in without_pictures(text) if c.isalnum()] == letters
