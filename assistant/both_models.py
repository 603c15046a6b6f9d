"""The linear model and the network together: they err less than either by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix

from assistant.features import Features
from assistant.linear_model import FAST, LinearModel, halved, likeliest, softmax, whole
from assistant.network import Network


@dataclass
class BothModels:
    """The mean of what both say, as surely as it was right on examples kept apart."""

    linear: LinearModel
    network: Network
    sharpness: float

    @classmethod
    def fit(
        cls,
        features: csr_matrix,
        labels: Sequence[str],
        apart: Sequence[bool],
        meaning: int,
        own: int,
        strength: float,
        counts: Sequence[float],
    ) -> BothModels:
        """Train both on the same rows (see `LinearModel.fit` and `Network.fit`)."""
        linear = LinearModel.fit(features, labels, apart, meaning, strength, counts)
        answers = np.searchsorted(linear.labels, labels)
        kept, seen = np.flatnonzero(apart), np.flatnonzero(~np.asarray(apart))
        often = np.asarray(counts, dtype=np.float32)
        network = Network.fit(features[seen], answers[seen], often[seen], meaning, own)
        both = cls(linear, network, 1.0)
        logs = both._logs(linear.all_scores(features[kept]), network.all_scores(features[kept]))
        right = np.arange(len(kept)), answers[kept]

        def surprise(sharpness: float) -> float:
            return float(-np.log(softmax(logs, sharpness)[right] + 1e-12).mean())

        both.sharpness = float(minimize_scalar(surprise, bounds=(0.2, 5), method="bounded").x)
        return both

    def _logs(self, linear: NDArray[Any], network: NDArray[Any]) -> NDArray[Any]:
        """The mean of the logarithms of both models' probabilities."""
        of_linear = np.log(softmax(linear, self.linear.sharpness) + 1e-12)
        return (of_linear + np.log(softmax(network, 1.0) + 1e-12)) / 2

    @property
    def labels(self) -> list[str]:
        """What there is to choose from."""
        return self.linear.labels

    def chances(self, features: Features) -> NDArray[Any]:
        """The probability of each of `labels`, in their order."""
        logs = self._logs(self.linear.scores(features), self.network.scores(features))
        return softmax(logs, self.sharpness)

    def rank(self, features: Features, most: int = 5) -> list[tuple[str, float]]:
        """The likeliest labels with their probabilities, likeliest first."""
        return likeliest(self.labels, self.chances(features), most)

    def save(self, path: Path) -> None:
        """Write both to a file."""
        parts = (halved(asdict(self.linear)), halved(asdict(self.network)), self.sharpness)
        joblib.dump(parts, path, compress=FAST)

    @classmethod
    def load(cls, path: Path) -> BothModels:
        """Read what `save` wrote; only ever from our own model archive."""
        linear, network, sharpness = joblib.load(path)
        return cls(LinearModel(**whole(linear)), Network(**whole(network)), sharpness)
