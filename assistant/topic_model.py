"""Which topic a message is about: its meaning, words and letters, and honest probabilities.

Knows nothing of Rasa, so that reports can train and measure it by itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.svm import LinearSVC

from assistant.encoder.sentence_encoder import SentenceEncoder

SEED = 20261122
MEANING = 0.8  # weight of the encoder beside words and letters, chosen on messages not trained on
FOLDS = 3


def plain(text: str) -> str:
    """The text as the classifier reads it: small letters, no accents, no stretched words."""
    text = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    text = "".join(character for character in text if not unicodedata.combining(character))
    text = re.sub(r"(\w)\1{2,}", r"\1\1", text)  # heeeelp -> heelp
    return re.sub(r"\s+", " ", text.replace("'", "")).strip()


def softmax(scores: NDArray[Any], sharpness: float) -> NDArray[Any]:
    """Probabilities from scores; the larger `sharpness`, the surer."""
    scores = sharpness * (scores - scores.max(axis=-1, keepdims=True))
    exponents = np.exp(scores)
    return np.asarray(exponents / exponents.sum(axis=-1, keepdims=True))


def words() -> TfidfVectorizer:
    """Words and pairs of words."""
    return TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)


def letters() -> TfidfVectorizer:
    """Runs of two to five letters within words: they survive a misspelling."""
    return TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2)


class View:
    """One fitted TF-IDF view of a message, computed for a single short text.

    Gives what `TfidfVectorizer.transform` gives, in a fifth of the time: scikit-learn is made for
    many texts at once.
    """

    def __init__(self, vectorizer: TfidfVectorizer, offset: int) -> None:
        self._analyze = vectorizer.build_analyzer()
        self._columns: dict[str, int] = vectorizer.vocabulary_
        self._rarity = vectorizer.idf_.astype(np.float32)
        self._offset = offset

    def read(self, text: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The columns of the features that a text has, and their weights."""
        counted = Counter(term for term in self._analyze(text) if term in self._columns)
        columns = np.array([self._columns[term] for term in counted], dtype=np.int64)
        times = np.array(list(counted.values()), dtype=np.float32)
        weights = (1 + np.log(times)) * self._rarity[columns]
        length = float(np.sqrt(weights @ weights)) or 1.0
        return columns + self._offset, weights / length


def _classifier() -> LinearSVC:
    return LinearSVC(C=0.4, random_state=SEED)


@dataclass
class TopicModel:
    """A trained linear classifier over three views of a message."""

    encoder: SentenceEncoder
    vectorizers: list[TfidfVectorizer]  # words and letters
    topics: list[str]
    weights: NDArray[np.float32]  # a row a feature of words and letters, a column a topic
    meaning_weights: NDArray[np.float32]  # the same for the encoder's numbers
    offsets: NDArray[np.float32]
    sharpness: float

    def __post_init__(self) -> None:
        first, second = self.vectorizers
        self._views = [View(first, 0), View(second, len(first.vocabulary_))]

    @classmethod
    def fit(
        cls, encoder: SentenceEncoder, texts: Sequence[str], topics: Sequence[str]
    ) -> TopicModel:
        """Train on examples; the sharpness is chosen on folds that were not trained on."""
        texts = [plain(text) for text in texts]
        labels, answers = np.unique(np.asarray(topics), return_inverse=True)
        vectorizers = [words(), letters()]
        seen = hstack([vectorizer.fit_transform(texts) for vectorizer in vectorizers])
        features = hstack([seen, csr_matrix(MEANING * encoder.encode_all(texts))]).tocsr()
        folds = StratifiedKFold(n_splits=FOLDS, shuffle=True, random_state=SEED)
        scores = cross_val_predict(
            _classifier(), features, answers, cv=folds, method="decision_function", n_jobs=2
        )

        def surprise(sharpness: float) -> float:
            right = softmax(scores, sharpness)[np.arange(len(answers)), answers]
            return float(-np.log(right + 1e-12).mean())

        best = minimize_scalar(surprise, bounds=(0.5, 30), method="bounded")
        trained = _classifier().fit(features, answers)
        matrix = np.ascontiguousarray(trained.coef_.T, dtype=np.float32)
        return cls(
            encoder=encoder,
            vectorizers=vectorizers,
            topics=[str(label) for label in labels],
            weights=matrix[: seen.shape[1]],
            meaning_weights=MEANING * matrix[seen.shape[1] :],
            offsets=trained.intercept_.astype(np.float32),
            sharpness=float(best.x),
        )

    def chances(self, text: str) -> NDArray[Any]:
        """The probability of each of `topics`, in their order."""
        text = plain(text)
        scores = self.encoder.encode(text) @ self.meaning_weights + self.offsets
        for view in self._views:
            columns, weights = view.read(text)
            scores = scores + weights @ self.weights[columns]
        return softmax(scores, self.sharpness)

    def rank(self, text: str, most: int = 5) -> list[tuple[str, float]]:
        """The likeliest topics with their probabilities, likeliest first."""
        chances = self.chances(text)
        best = np.argsort(chances)[::-1][:most]
        return [(self.topics[i], float(chances[i])) for i in best]

    def save(self, path: Path) -> None:
        """Write all but the encoder to a file."""
        parts = {part.name: getattr(self, part.name) for part in fields(self)}
        del parts["encoder"]
        joblib.dump(parts, path)

    @classmethod
    def load(cls, path: Path, encoder: SentenceEncoder) -> TopicModel:
        """Read what `save` wrote; only ever from our own model archive."""
        return cls(encoder=encoder, **joblib.load(path))
