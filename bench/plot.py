"""The picture of the report: how many times better, and what each turn takes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import median

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from bench.measure import Measured
from bench.targets import Row, number

OURS_COLOUR, STOCK_COLOUR, TARGET_COLOUR = "#00695c", "#9e9e9e", "#c62828"


def _ratios(axes: Axes, compared: Sequence[Row]) -> None:
    shown = [row for row in reversed(compared) if not row.of_ours_alone]
    places = range(len(shown))
    axes.barh(places, [row.ratio for row in shown], color=OURS_COLOUR, height=0.6)
    for place, row in zip(places, shown, strict=True):
        axes.text(row.ratio * 1.06, place, number(row.ratio), va="center", fontsize=9)
        if row.target:
            axes.plot([row.target] * 2, [place - 0.42, place + 0.42], color=TARGET_COLOUR, lw=2)
    axes.plot([], [], color=TARGET_COLOUR, lw=2, label="target")
    axes.set_xscale("log")
    ratios = [row.ratio for row in shown]
    axes.set_xlim(min(0.8, *ratios) * 0.8, max(5.0, *ratios) * 1.6)
    axes.xaxis.set_major_formatter("{x:g}")
    axes.axvline(1, color="black", lw=0.8)
    axes.set_yticks(places, [row.what for row in shown])
    axes.set_xlabel("times better than stock Rasa (logarithmic)")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), frameon=False)


def _by_turn(axes: Axes, sides: Sequence[tuple[Measured, str]]) -> None:
    for measured, colour in sides:
        medians = [median(turn) for turn in zip(*measured.long_ms, strict=True)]
        axes.plot(range(1, len(medians) + 1), medians, color=colour, label=measured.name)
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.set_xlabel("turn of a conversation")
    axes.set_ylabel("ms to the answer (median, logarithmic)")
    axes.legend(frameon=False)


def draw(ours: Measured, stock: Measured, compared: Sequence[Row], path: Path) -> None:
    """Write the picture as a PNG."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 5), layout="constrained")
    _ratios(left, compared)
    _by_turn(right, [(ours, OURS_COLOUR), (stock, STOCK_COLOUR)])
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=120)
    plt.close(figure)
