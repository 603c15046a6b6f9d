"""Networks with one hidden layer: unlike the linear model, they learn what things say together.

"She is up" behind one reply means another thing than behind another; a sum of what the words say
and of what the place says cannot tell. Trained with Adam (D. Kingma and J. Ba, arXiv 1412.6980)
and dropout (N. Srivastava et al., JMLR 15, 2014).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from assistant.features import Features
from assistant.linear_model import (
    FAST,
    MOST,
    PROCESSES,
    SEED,
    SMALLEST,
    halved,
    least_surprising,
    likeliest,
    softmax,
    whole,
)

MANY = 2  # networks; more gain little
HIDDEN = 256
BUCKETS = 16384  # rows that words and letters share; more of them changed no answer
SPREAD = 2654435761  # Knuth's multiplier (The Art of Computer Programming 3, 6.4)
ROUNDS, BATCH = 6, 2048
RATE = 1e-2  # of learning, at its highest
WARMING = 0.3  # share of the steps until then
DROPPED, WORDS_DROPPED = 0.4, 0.3  # shares left out while learning: of what is hidden, of words
DOUBT = 0.05  # how much of an answer is spread over all others
FIRST, SECOND, TINY = 0.9, 0.999, 1e-8  # Adam's

Matrix = NDArray[np.float32]


def in_buckets(columns: NDArray[Any], own: int, seed: int) -> NDArray[Any]:
    """The row of each column: the first `own` columns have one each, all others share."""
    shared = (columns.astype(np.int64) + seed) * SPREAD % BUCKETS
    return np.where(columns < own, columns, own + shared)


class Adam:
    """Moves one matrix, or some of its rows, down its slope."""

    def __init__(self, matrix: Matrix) -> None:
        self.matrix = matrix
        self._mean, self._square = np.zeros_like(matrix), np.zeros_like(matrix)

    def step(self, slope: Matrix, rate: float, number: int, rows: Any = slice(None)) -> None:
        """One step, the `number`th (from 1)."""
        mean = FIRST * self._mean[rows] + (1 - FIRST) * slope
        square = SECOND * self._square[rows] + (1 - SECOND) * slope * slope
        self._mean[rows], self._square[rows] = mean, square
        rate *= float(np.sqrt(1 - SECOND**number) / (1 - FIRST**number))
        self.matrix[rows] -= rate * mean / (np.sqrt(square) + TINY)


@dataclass
class Network:
    """Words and letters (in buckets) and meaning, added up; what is above zero tells the label."""

    rows: NDArray[np.int8]  # of words and letters, a row a bucket
    units: Matrix  # what 1 of each column of `rows` stands for
    meaning: Matrix
    hidden_offsets: Matrix
    out: Matrix
    offsets: Matrix
    own: int  # columns with a row of their own
    seed: int  # another one makes another network, which errs elsewhere

    @classmethod
    def fit(
        cls,
        features: csr_matrix,
        answers: NDArray[Any],
        counts: NDArray[Any],
        meaning: int,
        own: int,
        seed: int = SEED,
    ) -> Network:
        """Train on stacked features, of which the last `meaning` are vectors.

        answers: the number of the label of each; counts: how much each counts; own: how many of the
        first columns share no row with others.
        """
        chance = np.random.default_rng(seed)
        words, meanings = _parts(features, meaning, own, seed)
        labels = int(answers.max()) + 1

        def some(*shape: int, size: float) -> Matrix:
            return chance.uniform(-size, size, shape).astype(np.float32)

        rows = Adam(some(words.shape[1], HIDDEN, size=0.03))
        inner = Adam(some(meaning, HIDDEN, size=meaning**-0.5))
        hidden_offsets = Adam(np.zeros(HIDDEN, np.float32))
        out = Adam(some(HIDDEN, labels, size=HIDDEN**-0.5))
        offsets = Adam(np.zeros(labels, np.float32))
        steps = ROUNDS * (len(answers) // BATCH)
        order = np.concatenate([chance.permutation(len(answers)) for _ in range(ROUNDS)])
        for number in range(1, steps + 1):
            batch = order[(number - 1) * BATCH : number * BATCH]
            share = number / steps
            rate = RATE * min(share / WARMING, (1 - share) / (1 - WARMING))
            said = words[batch]
            kept = (said.indices < own) | (chance.random(said.nnz) >= WORDS_DROPPED)
            said.data = said.data * kept / np.where(said.indices < own, 1, 1 - WORDS_DROPPED)
            said.data = said.data.astype(np.float32)
            hidden = said @ rows.matrix + meanings[batch] @ inner.matrix + hidden_offsets.matrix
            shown = (hidden > 0) * (chance.random(hidden.shape, np.float32) >= DROPPED)
            shown = shown.astype(np.float32) / np.float32(1 - DROPPED)
            seen = hidden * shown
            slope = softmax(seen @ out.matrix + offsets.matrix, 1.0) - np.float32(DOUBT / labels)
            slope[np.arange(len(batch)), answers[batch]] -= 1 - DOUBT
            weights = counts[batch] / counts[batch].sum()
            slope = (slope * weights[:, None]).astype(np.float32)
            back = (slope @ out.matrix.T) * shown
            touched = np.unique(said.indices)
            out.step(seen.T @ slope, rate, number)
            offsets.step(slope.sum(0), rate, number)
            rows.step((said.T @ back)[touched], rate, number, touched)
            inner.step(meanings[batch].T @ back, rate, number)
            hidden_offsets.step(back.sum(0), rate, number)
        units = np.maximum(np.abs(rows.matrix).max(axis=0), SMALLEST) / MOST
        return cls(
            np.round(rows.matrix / units).astype(np.int8),
            units,
            inner.matrix,
            hidden_offsets.matrix,
            out.matrix,
            offsets.matrix,
            own,
            seed,
        )

    def scores(self, features: Features) -> Matrix:
        """How much speaks for each label; their exponents go as their probabilities."""
        rows = self.rows[in_buckets(features.columns, self.own, self.seed)].astype(np.float32)
        hidden = (features.weights @ rows) * self.units + features.meaning @ self.meaning
        return np.maximum(hidden + self.hidden_offsets, 0) @ self.out + self.offsets

    def all_scores(self, features: csr_matrix) -> Matrix:
        """The same of stacked features, a row each."""
        words, meanings = _parts(features, len(self.meaning), self.own, self.seed)
        hidden = (words @ self.rows.astype(np.float32)) * self.units + meanings @ self.meaning
        return np.asarray(np.maximum(hidden + self.hidden_offsets, 0) @ self.out + self.offsets)


def _parts(features: csr_matrix, meaning: int, own: int, seed: int) -> tuple[csr_matrix, Matrix]:
    """Words and letters in their buckets, and meaning."""
    seen, meanings = features[:, :-meaning].tocsr(), features[:, -meaning:].toarray()
    shape = (features.shape[0], own + BUCKETS)
    buckets = in_buckets(seen.indices, own, seed).astype(np.int32)
    words = csr_matrix((seen.data.astype(np.float32), buckets, seen.indptr), shape=shape)
    words.sum_duplicates()
    return words, meanings.astype(np.float32)


@dataclass
class Networks:
    """The mean of what several networks say, as surely as it was right on examples kept apart."""

    labels: list[str]
    networks: list[Network]
    sharpness: float

    @classmethod
    def fit(
        cls,
        features: csr_matrix,
        labels: Sequence[str],
        apart: Sequence[bool],
        counts: Sequence[float],
        meaning: int,
        own: int,
    ) -> Networks:
        """Train on stacked features (see `Network.fit`), but on those kept `apart`.

        The sharpness is the one that surprises least (log loss) on these.
        """
        names, answers = np.unique(np.asarray(labels), return_inverse=True)
        kept, seen = np.flatnonzero(apart), np.flatnonzero(~np.asarray(apart))
        often = np.asarray(counts, dtype=np.float32)
        networks = Parallel(n_jobs=PROCESSES, max_nbytes=None)(
            delayed(Network.fit)(features[seen], answers[seen], often[seen], meaning, own, seed)
            for seed in range(SEED, SEED + MANY)
        )
        found = cls([str(name) for name in names], list(networks), 1.0)
        logs = found._mean([one.all_scores(features[kept]) for one in networks])
        found.sharpness = least_surprising(logs, answers[kept])
        return found

    @staticmethod
    def _mean(scores: list[Matrix]) -> Matrix:
        """The mean of the logarithms of the networks' probabilities."""
        logs = [np.log(softmax(some, 1.0) + 1e-12) for some in scores]
        return np.asarray(np.mean(logs, axis=0))

    def chances(self, features: Features) -> NDArray[Any]:
        """The probability of each of `labels`, in their order."""
        logs = self._mean([network.scores(features) for network in self.networks])
        return softmax(logs, self.sharpness)

    def rank(self, features: Features, most: int = 5) -> list[tuple[str, float]]:
        """The likeliest labels with their probabilities, likeliest first."""
        return likeliest(self.labels, self.chances(features), most)

    def save(self, path: Path) -> None:
        """Write them to a file, in numbers of half the size: that changes no answer."""
        parts = [halved(asdict(network)) for network in self.networks]
        joblib.dump((self.labels, parts, self.sharpness), path, compress=FAST)

    @classmethod
    def load(cls, path: Path) -> Networks:
        """Read what `save` wrote; only ever from our own model archive."""
        labels, parts, sharpness = joblib.load(path)
        return cls(labels, [Network(**whole(part)) for part in parts], sharpness)
