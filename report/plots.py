"""The pictures of the report, as SVG that stands in the page."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from report.figures import Bin, Share

OURS, STOCK, AIM = "#00695c", "#757575", "#b71c1c"
plt.rcParams |= {"font.size": 10, "svg.fonttype": "none", "axes.spines.top": False}
plt.rcParams |= {"axes.spines.right": False, "svg.hashsalt": "foothold"}


def svg(figure: Figure, what: str) -> str:
    """The figure as an element with a name that is read aloud."""
    out = io.StringIO()
    figure.savefig(out, format="svg", bbox_inches="tight", metadata={"Date": None})
    plt.close(figure)
    drawn = out.getvalue()
    drawn = drawn[drawn.index("<svg") :]
    return drawn.replace("<svg", f'<svg role="img" aria-label="{what}"', 1)


def _dots(axes: Axes, shares: Sequence[Share], shift: float, colour: str, label: str) -> None:
    places = [number + shift for number in range(len(shares))]
    values = [100 * one.value for one in shares]
    low = [100 * (one.value - one.interval[0]) for one in shares]
    high = [100 * (one.interval[1] - one.value) for one in shares]
    axes.errorbar(
        values, places, xerr=[low, high], fmt="o", color=colour, label=label, ms=4, lw=1.2
    )


def shares(
    what: str,
    rows: Mapping[str, Sequence[Share]],
    labels: Sequence[str],
    aim: float | None = None,
) -> str:
    """A row a name, a dot with its 95 % interval a label; `aim` (0 to 1) as a line."""
    names = list(rows)[::-1]
    figure, axes = plt.subplots(figsize=(7, 0.8 + 0.3 * len(names)))
    for number, (label, colour) in enumerate(zip(labels, (OURS, STOCK, AIM), strict=False)):
        values = [rows[name][number] for name in names]
        _dots(axes, values, 0.15 - 0.3 * number if len(labels) > 1 else 0, colour, label)
    if aim is not None:
        axes.axvline(100 * aim, color=AIM, lw=1, ls="--", label="aim")
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(-0.6, len(names) - 0.4)
    axes.set_xlabel("%")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncol=4, frameon=False)
    return svg(figure, what)


def reliability(what: str, sides: Mapping[str, Sequence[Bin]]) -> str:
    """How often it is right, by how sure it is."""
    figure, axes = plt.subplots(figsize=(5, 4.5))
    axes.plot([0, 1], [0, 1], color="black", lw=0.8, ls="--", label="as sure as right")
    for (name, bins), colour in zip(sides.items(), (OURS, STOCK), strict=False):
        axes.plot([b.sure for b in bins], [b.right.value for b in bins], "o-", color=colour)
        axes.plot([], [], "o-", color=colour, label=name)
    axes.set_xlabel("how sure it is")
    axes.set_ylabel("how often it is right")
    axes.legend(frameon=False)
    return svg(figure, what)


def risk(what: str, sides: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    """How many answers would be wrong, if only the surest were given."""
    figure, axes = plt.subplots(figsize=(5, 4.5))
    for (name, curve), colour in zip(sides.items(), (OURS, STOCK), strict=False):
        axes.plot([100 * a for a, _ in curve], [100 * w for _, w in curve], color=colour)
        axes.plot([], [], color=colour, label=name)
    axes.set_xlabel("messages answered, the surest first (%)")
    axes.set_ylabel("wrong among them (%)")
    axes.legend(frameon=False)
    return svg(figure, what)
