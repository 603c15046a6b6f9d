"""The figures side by side, and what was promised of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bench.measure import TURNS, Measured


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(math.ceil(percent / 100 * len(ordered)), 1) - 1]


@dataclass(frozen=True)
class Row:
    """One figure of both sides, and the target for how many times better ours is, if any."""

    what: str
    unit: str
    ours: float
    stock: float
    target: float | None = None
    more_is_better: bool = False
    of_ours_alone: bool = False  # then the target is the most that our figure may be

    @property
    def ratio(self) -> float:
        """How many times better ours is; below 1 it is worse."""
        better, worse = (self.ours, self.stock) if self.more_is_better else (self.stock, self.ours)
        return better / worse

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without one."""
        if self.target is None:
            return None
        return self.ours <= self.target if self.of_ours_alone else self.ratio >= self.target

    @property
    def verdict(self) -> str:
        """The target and whether it is met, in words."""
        if self.target is None:
            return ""
        wanted = (
            f"at most {self.target:g}" if self.of_ours_alone else f"at least {self.target:g} times"
        )
        return f"{wanted}: {'met' if self.met else 'MISSED'}"


def growth(measured: Measured) -> float:
    """How many times as long turn 150 takes as turn 1, by their medians."""
    return percentile(measured.last_ms, 50) / percentile(measured.first_ms, 50)


def rows(ours: Measured, stock: Measured) -> list[Row]:
    """All that is compared."""
    compared = [
        Row("Install size", "MB", ours.install_mb, stock.install_mb),
        Row("Training", "s", ours.training_s, stock.training_s),
        Row("Model", "MB", ours.model_mb, stock.model_mb),
        Row("Start to first answer", "s", ours.start_s, stock.start_s, target=4),
        Row("Memory after warm-up", "MB", ours.memory_mb, stock.memory_mb, target=3),
        Row("Memory at the end", "MB", ours.memory_after_mb, stock.memory_after_mb),
    ]
    for count, rate in ours.per_second.items():
        what = f"Messages a second, {count} client{'s' * (count > 1)}"
        other = stock.per_second[count]
        compared.append(Row(what, "", rate, other, target=5, more_is_better=True))
    for turn, part in (("1", "first_ms"), (str(TURNS), "last_ms")):
        for percent in (50, 95):
            figure, other = (percentile(getattr(side, part), percent) for side in (ours, stock))
            compared.append(Row(f"Turn {turn}, p{percent}", "ms", figure, other))
    what = f"Turn {TURNS} against turn 1 (p50)"
    compared.append(Row(what, "x", growth(ours), growth(stock), target=1.3, of_ours_alone=True))
    return compared


def number(value: float) -> str:
    """A figure with three digits that count."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def table(compared: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = [
        "| | Foothold | stock Rasa | better by | target |",
        "| --- | ---: | ---: | ---: | --- |",
    ]
    for row in compared:
        name = f"{row.what}, {row.unit}" if row.unit not in ("", "x") else row.what
        lines.append(
            f"| {name} | {number(row.ours)} | {number(row.stock)} | {number(row.ratio)} times "
            f"| {row.verdict} |"
        )
    return "\n".join(lines)
