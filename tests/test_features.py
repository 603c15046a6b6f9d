"""The lean reading of one message gives what scikit-learn gives for many."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from assistant.features import View, plain
from assistant.linear_model import softmax

TEXTS = ["why is heroin so addictive", "can i detox at home", "can i detox alone at home", "hi"]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("HEEEELP  me", "heelp me"),
        ("I can't", "i cant"),
        ("I can’t", "i cant"),
        ("Mañana\n", "manana"),
        ("", ""),
    ],
)
def test_plain(typed: str, read: str) -> None:
    assert plain(typed) == read


VIEWS = [
    TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
    TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
]


@pytest.mark.parametrize("vectorizer", VIEWS, ids=["words", "letters"])
@given(text=st.text(alphabet="abcdehinorstvwxy ?!1'é", max_size=80) | st.sampled_from(TEXTS))
def test_a_view_equals_scikit_learn(vectorizer: TfidfVectorizer, text: str) -> None:
    vectorizer.fit(TEXTS)
    row = np.zeros(len(vectorizer.vocabulary_), dtype=np.float32)
    columns, weights = View(vectorizer, 0).read(text)
    row[columns] = weights
    assert np.allclose(row, vectorizer.transform([text]).toarray()[0], atol=1e-5)


def test_softmax_is_a_distribution() -> None:
    chances = softmax(np.array([1000.0, 999.0, -1000.0]), 4.0)
    assert np.isclose(chances.sum(), 1)
    assert chances[0] > chances[1] > chances[2] == 0
