"""A linear classifier with honest probabilities, lean enough for one short message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from assistant.features import Features

SEED = 20261122
FOLDS = 3
STRENGTH = 0.8  # how closely the examples are followed; chosen on messages not trained on
WIDTH = 384  # of the encoder's vectors, the last columns of the features


def softmax(scores: NDArray[Any], sharpness: float) -> NDArray[Any]:
    """Probabilities from scores; the larger `sharpness`, the surer."""
    scores = sharpness * (scores - scores.max(axis=-1, keepdims=True))
    exponents = np.exp(scores)
    return np.asarray(exponents / exponents.sum(axis=-1, keepdims=True))


def _trained(features: csr_matrix, answers: NDArray[Any]) -> LinearSVC:
    return LinearSVC(C=STRENGTH, random_state=SEED).fit(features, answers)


@dataclass
class LinearModel:
    """Linear support vector machines, one a label, with scores made into probabilities."""

    labels: list[str]
    weights: NDArray[np.float32]  # a row a feature of words and letters, a column a label
    meaning_weights: NDArray[np.float32]  # the same for the encoder's numbers
    offsets: NDArray[np.float32]
    sharpness: float

    @classmethod
    def fit(cls, features: csr_matrix, labels: Sequence[str]) -> LinearModel:
        """Train on stacked features.

        The sharpness is the one that surprises least (log loss) on a third that a second model,
        made for this alone, was not trained on.
        """
        names, answers = np.unique(np.asarray(labels), return_inverse=True)
        folds = StratifiedKFold(n_splits=FOLDS, shuffle=True, random_state=SEED)
        seen, unseen = next(iter(folds.split(features, answers)))
        trained, tried = Parallel(n_jobs=2, max_nbytes=None)(
            delayed(_trained)(features[rows], answers[rows])
            for rows in (np.arange(len(answers)), seen)
        )
        scores = tried.decision_function(features[unseen])
        right_ones = np.searchsorted(tried.classes_, answers[unseen])

        def surprise(sharpness: float) -> float:
            right = softmax(scores, sharpness)[np.arange(len(unseen)), right_ones]
            return float(-np.log(right + 1e-12).mean())

        best = minimize_scalar(surprise, bounds=(0.5, 30), method="bounded")
        matrix = np.ascontiguousarray(trained.coef_.T, dtype=np.float32)
        return cls(
            labels=[str(name) for name in names],
            weights=matrix[:-WIDTH],
            meaning_weights=matrix[-WIDTH:],
            offsets=trained.intercept_.astype(np.float32),
            sharpness=float(best.x),
        )

    def chances(self, features: Features) -> NDArray[Any]:
        """The probability of each of `labels`, in their order."""
        scores = features.meaning @ self.meaning_weights + self.offsets
        scores = scores + features.weights @ self.weights[features.columns]
        return softmax(scores, self.sharpness)

    def rank(self, features: Features, most: int = 5) -> list[tuple[str, float]]:
        """The likeliest labels with their probabilities, likeliest first."""
        chances = self.chances(features)
        best = np.argsort(chances)[::-1][:most]
        return [(self.labels[i], float(chances[i])) for i in best]

    def save(self, path: Path) -> None:
        """Write it to a file."""
        joblib.dump(asdict(self), path)

    @classmethod
    def load(cls, path: Path) -> LinearModel:
        """Read what `save` wrote; only ever from our own model archive."""
        return cls(**joblib.load(path))
