"""The report counts right, makes real typing errors, and its page needs no network."""

from __future__ import annotations

import math
import random
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz.distance import DamerauLevenshtein

from report.__main__ import OURS, page
from report.figures import Share, calibration, calibration_error, risk_coverage
from report.measure import Safety, Understanding
from report.messages import VARIANTS, with_typos

WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12)
TEXTS = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)


@pytest.mark.parametrize(
    ("yes", "all_", "low", "high"),
    [  # Wilson's formula
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (95, 100, 0.8882, 0.9785),
        (990, 1000, 0.9817, 0.9946),
    ],
)
def test_intervals(yes: int, all_: int, low: float, high: float) -> None:
    assert Share(yes, all_).interval == pytest.approx((low, high), abs=5e-4)


def test_nothing_to_count_is_not_a_hundred_percent() -> None:
    assert math.isnan(Share(0, 0).value)
    assert Share(0, 0).interval == (0.0, 1.0)


@given(st.integers(0, 500), st.integers(1, 500))
def test_an_interval_holds_its_share(yes: int, more: int) -> None:
    share = Share(yes, yes + more)
    low, high = share.interval
    assert 0 <= low <= share.value + 1e-12 and share.value <= high + 1e-12 and high <= 1


def test_calibration() -> None:
    bins = calibration([0.95, 0.95, 0.15, 0.15], [True, True, True, False])
    assert [one.sure for one in bins] == pytest.approx([0.15, 0.95])
    assert [one.right for one in bins] == [Share(1, 2), Share(2, 2)]
    assert calibration_error(bins) == pytest.approx((0.35 * 2 + 0.05 * 2) / 4)


def test_risk_coverage_answers_the_surest_first() -> None:
    assert risk_coverage([0.2, 0.9, 0.6], [False, True, False]) == [
        (pytest.approx(1 / 3), 0.0),
        (pytest.approx(2 / 3), 0.5),
        (1.0, pytest.approx(2 / 3)),
    ]


# Two edits that meet: the restricted distance calls them three.
@example("aaaaabcaaa", 2, 107)
@given(TEXTS, st.integers(1, 2), st.integers())
def test_typos_are_so_many_edits_and_no_more(text: str, edits: int, seed: int) -> None:
    typed = with_typos(text, edits, random.Random(seed))
    assert DamerauLevenshtein.distance(text, typed) <= edits
    assert len(typed.split(" ")) == len(text.split(" "))
    if any(len(word) >= 4 for word in text.split(" ")) and edits == 1:
        assert typed != text


@given(TEXTS, st.integers())
def test_what_stands_around_danger_leaves_it_whole(text: str, seed: int) -> None:
    for name in ("emoji behind", "a leading lol", "a question in front", "harmless words around"):
        assert text in VARIANTS[name](text, random.Random(seed))


def test_the_page_says_all_and_needs_no_network(understood: Understanding, safe: Safety) -> None:
    html = page({OURS: understood}, safe, {}, "Made by a test.", "Stock is not shown.")
    assert "Not yet clinically reviewed" in html
    assert not re.search(r"""(src|href)=["']?(https?:)?//|@import|<script""", html)
    assert "nan" not in re.sub(r"<[^>]+>", " ", html).split()
    for topic in understood.best_by_topic | safe.by_topic:
        assert topic in html
    for name in VARIANTS:
        assert name in html
    assert html.count("<svg") == html.count('role="img"') >= 8
