"""Which observed patterns the points of a study reach: share of points, number by number and pattern by pattern."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.figures.style import COLOURS, house_style
from sim.studies.patterns_told import PATTERN, ROW

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Rows = Sequence[Mapping[str, Any]]
_TITLES = {ROW: "numbers, each by itself", PATTERN: "patterns: their numbers at one and the same point"}


def shares_of_points(ax: "Axes", rows: Rows, kind: str) -> dict[str, float]:
    """Draw the share of points that reach each number (kind ROW) or pattern (PATTERN), with 95 % intervals.

    Return the shares by what is written beside them.
    """
    here = [row for row in rows if row["kind"] == kind]
    names = [f"{row['source']}: {row['name']}" if kind == ROW else row["name"] for row in here]
    for k, row in enumerate(here):
        ax.barh(k, row["share"], color=COLOURS[0] if kind == ROW else COLOURS[2], height=0.65)
        ax.plot([row["share_low"], row["share_high"]], [k, k], color="#333333", linewidth=1)
        ax.text(row["share_high"] + 0.015, k, f"{100 * row['share']:.1f} %", va="center", fontsize=7.5)
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(axis="y", labelsize=8)
    ax.set(xlim=(0, 1.12), ylim=(len(names) - 0.5, -0.5))
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100 %"])
    ax.set_title(_TITLES[kind], loc="left")
    ax.set_xlabel("share of points")
    ax.grid(axis="y", visible=False)
    return dict(zip(names, (row["share"] for row in here), strict=True))


def draw_patterns(rows: Rows) -> "Figure":
    """Draw numbers above patterns."""
    from matplotlib.figure import Figure

    n = [sum(row["kind"] == kind for row in rows) for kind in (ROW, PATTERN)]
    points = next((row["all"] for row in rows if row["kind"] == ROW), 0)
    with house_style():
        figure = Figure(figsize=(8.6, 1.9 + 0.26 * sum(n)), layout="constrained")
        above, below = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": [each + 1 for each in n]})
        shares_of_points(above, rows, ROW)
        shares_of_points(below, rows, PATTERN)
        above.set_xlabel("")
        figure.suptitle("Observed patterns in the declared ranges", x=0.01, ha="left", fontweight="bold")
        figure.supxlabel(
            f"{points} points of the declared ranges; what counts as reached was written down before the runs. Lines: "
            "95 % intervals (Wilson).",
            x=0.01, ha="left", fontsize=8, color="#444444",
        )  # fmt: skip
    return figure
