"""Which topic a message is about: its meaning, words and letters, and honest probabilities.

Knows nothing of Rasa, so that reports can train and measure it by itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import FeatureUnion
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


def _words_and_letters() -> FeatureUnion:
    return FeatureUnion(
        [
            ("words", TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)),
            (
                "letters",
                TfidfVectorizer(
                    analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2
                ),
            ),
        ]
    )


def _classifier() -> LinearSVC:
    return LinearSVC(C=0.4, random_state=SEED)


@dataclass
class TopicModel:
    """A trained linear classifier over three views of a message."""

    encoder: SentenceEncoder
    surface: FeatureUnion  # words and letters
    topics: list[str]
    weights: NDArray[np.float32]  # a row a feature of the surface, a column a topic
    meaning_weights: NDArray[np.float32]  # the same for the encoder's numbers
    offsets: NDArray[np.float32]
    sharpness: float

    @classmethod
    def fit(
        cls, encoder: SentenceEncoder, texts: Sequence[str], topics: Sequence[str]
    ) -> TopicModel:
        """Train on examples; the sharpness is chosen on folds that were not trained on."""
        texts = [plain(text) for text in texts]
        labels, answers = np.unique(np.asarray(topics), return_inverse=True)
        surface = _words_and_letters()
        seen = surface.fit_transform(texts)
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
            surface=surface,
            topics=[str(label) for label in labels],
            weights=matrix[: seen.shape[1]],
            meaning_weights=MEANING * matrix[seen.shape[1] :],
            offsets=trained.intercept_.astype(np.float32),
            sharpness=float(best.x),
        )

    def chances(self, text: str) -> NDArray[Any]:
        """The probability of each of `topics`, in their order."""
        text = plain(text)
        row = self.surface.transform([text])
        # Only the rows of the features that the message has: a full product would take longer.
        scores = row.data.astype(np.float32) @ self.weights[row.indices]
        scores = scores + self.encoder.encode(text) @ self.meaning_weights + self.offsets
        return softmax(scores, self.sharpness)

    def rank(self, text: str, most: int = 5) -> list[tuple[str, float]]:
        """The likeliest topics with their probabilities, likeliest first."""
        chances = self.chances(text)
        best = np.argsort(chances)[::-1][:most]
        return [(self.topics[i], float(chances[i])) for i in best]

    def save(self, path: Path) -> None:
        """Write all but the encoder to a file."""
        parts = {name: value for name, value in vars(self).items() if name != "encoder"}
        joblib.dump(parts, path)

    @classmethod
    def load(cls, path: Path, encoder: SentenceEncoder) -> TopicModel:
        """Read what `save` wrote; only ever from our own model archive."""
        return cls(encoder=encoder, **joblib.load(path))
