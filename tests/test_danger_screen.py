"""What the danger screen makes of its signs; how well it sees is in test_understanding.py."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.danger.screen import WEIGHTS, DangerScreen, Signs, log_odds, most_urgent


def test_each_sign_has_a_weight() -> None:
    assert [field.name for field in fields(Signs)] == list(WEIGHTS)


@pytest.mark.parametrize(
    ("seen", "answered"),
    [
        ({"suicide": 0.9, "self_harm": 0.2}, "suicide"),
        ({"suicide": 0.9, "overdose_now": 0.6}, "overdose_now"),  # who may die within minutes
        ({"suicide": 0.9, "overdose_now": 0.3}, "suicide"),  # but not on a faint suspicion
        ({"abuse": 0.8, "medical_emergency": 0.5}, "medical_emergency"),
        ({"abuse": 0.8, "suicide": 0.5}, "suicide"),
        ({"abuse": 0.8, "sexual_assault": 0.7}, "abuse"),
        ({"self_harm": 0.1}, "self_harm"),
    ],
)
def test_of_several_dangers_the_most_urgent_is_answered(
    seen: dict[str, float], answered: str
) -> None:
    chances = Counter({f"crisis/{name}": chance for name, chance in seen.items()})
    assert most_urgent(chances) == f"crisis/{answered}"


@given(low=st.floats(0, 1), high=st.floats(0, 1))
def test_what_is_likelier_never_counts_less(low: float, high: float) -> None:
    low, high = sorted((low, high))
    assert log_odds(low) <= log_odds(high)


def test_more_of_a_sign_never_makes_danger_less_likely_but_what_softens_it() -> None:
    assert all(weight > 0 for sign, weight in WEIGHTS.items() if sign != "soft")
    assert WEIGHTS["soft"] < 0
    levels = DangerScreen.get_default_config()
    assert 0 < levels["near"] < levels["maybe"] < levels["sure"] < 1
