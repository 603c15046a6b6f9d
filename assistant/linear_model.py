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
from scipy.sparse import csr_matrix, hstack
from sklearn.svm import LinearSVC

from assistant.features import Features

SEED = 20261122
PROCESSES = 2
FAST = 1  # compression: Rasa packs what is left, slowly
STRENGTH = 0.8  # how closely the examples are followed; chosen on messages not trained on
TOLERANCE = 0.3  # of the optimizer; a finer one changed no answer
WIDTH = 384  # of the encoder's vectors, the last columns of the features
AXES = 96  # along which such vectors differ most; more of them changed no answer


def softmax(scores: NDArray[Any], sharpness: float) -> NDArray[Any]:
    """Probabilities from scores; the larger `sharpness`, the surer."""
    scores = sharpness * (scores - scores.max(axis=-1, keepdims=True))
    exponents = np.exp(scores)
    return np.asarray(exponents / exponents.sum(axis=-1, keepdims=True))


def least_surprising(scores: NDArray[Any], answers: NDArray[Any]) -> float:
    """The sharpness with which scores, a row each, surprise least (log loss) by the answers."""

    def surprise(sharpness: float) -> float:
        right = softmax(scores, sharpness)[np.arange(len(answers)), answers]
        return float(-np.log(right + 1e-12).mean())

    return float(minimize_scalar(surprise, bounds=(0.2, 30), method="bounded").x)


def likeliest(labels: list[str], chances: NDArray[Any], most: int) -> list[tuple[str, float]]:
    """Some labels with their probabilities, likeliest first."""
    best = np.argsort(chances)[::-1][:most]
    return [(labels[i], float(chances[i])) for i in best]


def _as(value: Any, kind: type[np.floating[Any]]) -> Any:
    """An array of floating point numbers in another kind of these; anything else as it is."""
    is_floating = isinstance(value, np.ndarray) and np.issubdtype(value.dtype, np.floating)
    return value.astype(kind) if is_floating else value


def halved(values: dict[str, Any]) -> dict[str, Any]:
    """The parts of a model in numbers of half the size: that changes no answer."""
    return {name: _as(value, np.float16) for name, value in values.items()}


def whole(values: dict[str, Any]) -> dict[str, Any]:
    """The parts of a model as `halved` found them."""
    return {name: _as(value, np.float32) for name, value in values.items()}


# Weights are kept as whole numbers up to this, a fourth of their size: of 200 answers one changes.
MOST, SMALLEST = 127, 1e-9
REST = -1  # the answer of every example whose label another process learns


def _with_fewer_columns(features: csr_matrix, width: int) -> tuple[csr_matrix, NDArray[np.float32]]:
    """The features, meaning (the last `width`) along its main axes, and those axes (columns)."""
    meaning = features[:, -width:].toarray().astype(np.float32)
    axes = np.linalg.eigh(meaning.T @ meaning)[1][:, -AXES * width // WIDTH :]
    return hstack([features[:, :-width], csr_matrix(meaning @ axes)]).tocsr(), axes


def _some(
    features: csr_matrix,
    answers: NDArray[Any],
    counts: NDArray[Any],
    labels: NDArray[Any],
    strength: float,
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Weights (a row a label) and offsets of some of the labels, each against all the others."""
    mine = np.where(np.isin(answers, labels), answers, REST)
    machines = LinearSVC(C=strength, tol=TOLERANCE, random_state=SEED)
    machines.fit(features, mine, sample_weight=counts)
    rows = np.searchsorted(machines.classes_, labels)
    return machines.coef_[rows], machines.intercept_[rows]


@dataclass
class LinearModel:
    """Linear support vector machines, one a label, with scores made into probabilities."""

    labels: list[str]
    weights: NDArray[np.int8]  # a row a feature of words and letters, a column a label
    units: NDArray[np.float32]  # what 1 of the weights of each label stands for
    meaning_weights: NDArray[np.float32]  # the same for the encoder's numbers
    offsets: NDArray[np.float32]
    sharpness: float

    @classmethod
    def fit(
        cls,
        features: csr_matrix,
        labels: Sequence[str],
        apart: Sequence[bool],
        meaning: int = WIDTH,
        strength: float = STRENGTH,
        counts: Sequence[float] | None = None,
    ) -> LinearModel:
        """Train on stacked features, of which the last `meaning` are vectors; four labels at least.

        `counts` says how much each example counts; else all count the same. The sharpness is the
        one that surprises least (log loss) on the examples kept `apart`, which nothing else learns
        from.
        """
        features, axes = _with_fewer_columns(features, meaning)
        names, answers = np.unique(np.asarray(labels), return_inverse=True)
        often = np.ones(len(answers)) if counts is None else np.asarray(counts)
        kept, seen = np.flatnonzero(apart), np.flatnonzero(~np.asarray(apart))
        trained = Parallel(n_jobs=PROCESSES, max_nbytes=None)(
            delayed(_some)(features[seen], answers[seen], often[seen], group, strength)
            for group in np.array_split(np.arange(len(names)), PROCESSES)
        )
        matrix = np.vstack([some for some, _ in trained])
        offsets = np.concatenate([offsets for _, offsets in trained])
        scores = features[kept] @ matrix.T + offsets
        right_ones = answers[kept]
        sharpness = least_surprising(scores, right_ones)
        matrix = np.ascontiguousarray(matrix.T, dtype=np.float32)
        weights, meaning_weights = np.split(matrix, [-axes.shape[1]])
        units = np.maximum(np.abs(weights).max(axis=0), SMALLEST) / MOST
        return cls(
            labels=[str(name) for name in names],
            weights=np.round(weights / units).astype(np.int8),
            units=units,
            meaning_weights=axes @ meaning_weights,
            offsets=offsets.astype(np.float32),
            sharpness=sharpness,
        )

    def chances(self, features: Features) -> NDArray[Any]:
        """The probability of each of `labels`, in their order."""
        scores = features.meaning @ self.meaning_weights + self.offsets
        seen = features.weights @ self.weights[features.columns].astype(np.float32)
        scores = scores + seen * self.units
        return softmax(scores, self.sharpness)

    def rank(self, features: Features, most: int = 5) -> list[tuple[str, float]]:
        """The likeliest labels with their probabilities, likeliest first."""
        return likeliest(self.labels, self.chances(features), most)

    def save(self, path: Path) -> None:
        """Write it to a file, in numbers of half the size: that changes no answer."""
        joblib.dump(halved(asdict(self)), path, compress=FAST)

    @classmethod
    def load(cls, path: Path) -> LinearModel:
        """Read what `save` wrote; only ever from our own model archive."""
        return cls(**whole(joblib.load(path)))
