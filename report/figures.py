"""Shares with their intervals, calibration, and the trade between answering and being wrong."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Z95 = 1.959963984540054  # the normal quantile of a two-sided 95 % interval
BINS = 10


@dataclass(frozen=True)
class Share:
    """How many of how many."""

    yes: int
    all: int

    @classmethod
    def of(cls, results: Sequence[bool]) -> Share:
        """Count what is true."""
        return cls(sum(results), len(results))

    @property
    def value(self) -> float:
        """The share, 0 to 1; not a number if there was nothing to count."""
        return self.yes / self.all if self.all else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Its 95 % interval (E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209)."""
        if not self.all:
            return 0.0, 1.0
        n, p = self.all, self.value
        middle = (p + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
        half = Z95 / (1 + Z95**2 / n) * math.sqrt(p * (1 - p) / n + Z95**2 / (4 * n**2))
        return max(0.0, middle - half), min(1.0, middle + half)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:.1%} ({low:.1%} to {high:.1%}, n = {self.all})"


@dataclass(frozen=True)
class Bin:
    """Messages of about the same confidence: how sure it was, and how often right."""

    sure: float
    right: Share


def calibration(confidences: Sequence[float], right: Sequence[bool]) -> list[Bin]:
    """Ten bins of equal width, the empty ones left out."""
    sure, hit = np.asarray(confidences), np.asarray(right)
    number = np.minimum((sure * BINS).astype(int), BINS - 1)
    return [
        Bin(float(sure[number == b].mean()), Share.of(hit[number == b].tolist()))
        for b in range(BINS)
        if (number == b).any()
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error (M. P. Naeini et al., AAAI 2015): mean gap, weighted by size."""
    total = sum(one.right.all for one in bins)
    return sum(one.right.all * abs(one.sure - one.right.value) for one in bins) / total


def risk_coverage(confidences: Sequence[float], right: Sequence[bool]) -> list[tuple[float, float]]:
    """(share answered, share wrong among them), from answering only the surest to answering all."""
    order = np.argsort(-np.asarray(confidences), kind="stable")
    wrong = np.cumsum(~np.asarray(right)[order])
    count = np.arange(1, len(order) + 1)
    return list(zip((count / len(order)).tolist(), (wrong / count).tolist(), strict=True))
