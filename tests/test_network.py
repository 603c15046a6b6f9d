"""The networks that learn what is said next."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.features import Features, stacked
from assistant.linear_model import WIDTH
from assistant.network import BUCKETS, Network, Networks, in_buckets

PLACES = 2  # columns: after "breathe for them", after "are you thinking of dying?"
YES, NO = 0, 1  # what is said: two meanings
# "yes" and "no" lead to another reply in each place: no sum of the two can tell.
LEADS_TO = {(0, YES): "awake", (0, NO): "breaths", (1, YES): "suicide", (1, NO): "safe"}
MANY = 1200


def said(place: int, meaning: int, chance: np.random.Generator) -> Features:
    """A message after a reply, with a few words that say nothing."""
    vector = chance.normal(scale=0.02, size=WIDTH).astype(np.float32)
    vector[meaning] += 1.0
    words = np.unique(chance.integers(PLACES, 3000, 4))
    columns = np.concatenate([[place], words])
    return Features(columns, np.full(len(columns), 0.5, np.float32), vector)


@pytest.fixture(scope="module")
def talks() -> tuple[list[Features], list[str]]:
    chance = np.random.default_rng(1)
    where = [(int(chance.integers(2)), int(chance.integers(2))) for _ in range(MANY)]
    return [said(*one, chance) for one in where], [LEADS_TO[one] for one in where]


@pytest.fixture(scope="module")
def model(talks: tuple[list[Features], list[str]]) -> Networks:
    features, labels = talks
    return Networks.fit(
        stacked(features * 5, 3000),
        labels * 5,
        [number % 10 == 0 for number in range(5 * MANY)],
        [1.0] * (5 * MANY),
        meaning=WIDTH,
        own=PLACES,
    )


def test_what_a_message_means_may_hang_on_what_was_said_before(model: Networks) -> None:
    chance = np.random.default_rng(2)
    for (place, meaning), reply in LEADS_TO.items():
        assert model.rank(said(place, meaning, chance))[0][0] == reply


def test_one_message_is_read_as_many_are(
    talks: tuple[list[Features], list[str]], model: Networks
) -> None:
    features, _ = talks
    rows = stacked(features[:20], 3000)
    for part in model.networks:
        one_by_one = [part.scores(one) for one in features[:20]]
        assert np.allclose(part.all_scores(rows), one_by_one, atol=1e-2)


def test_chances_are_a_distribution(
    talks: tuple[list[Features], list[str]], model: Networks
) -> None:
    chances = model.chances(talks[0][0])
    assert np.isclose(chances.sum(), 1)
    assert (chances >= 0).all()


def test_what_is_saved_says_the_same(
    talks: tuple[list[Features], list[str]], model: Networks, tmp_path: Path
) -> None:
    model.save(tmp_path / "model")
    again = Networks.load(tmp_path / "model")
    for one in talks[0][:20]:
        before, after = model.rank(one), again.rank(one)
        assert before[0][0] == after[0][0]
        assert before[0][1] == pytest.approx(after[0][1], abs=0.02)


def test_it_is_trained_alike_each_time(talks: tuple[list[Features], list[str]]) -> None:
    features, labels = talks
    answers = np.unique(labels, return_inverse=True)[1]
    rows, counts = stacked(features, 3000), np.ones(MANY, np.float32)
    first, second = (Network.fit(rows, answers, counts, WIDTH, PLACES) for _ in range(2))
    assert np.array_equal(first.rows, second.rows)


def test_places_share_no_row_with_words() -> None:
    rows = in_buckets(np.arange(50_000), own=1000, seed=7)
    assert list(rows[:1000]) == list(range(1000))
    assert rows[1000:].min() >= 1000
    assert rows.max() < 1000 + BUCKETS
