"""What a form's lead hangs on: a forest plot, lever by lever, set back and alone."""

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.analysis.ablation import (
    ALONE,
    BEYOND_ALONE,
    BEYOND_LAST,
    LAST,
    NOISE,
    NOTHING,
    SUM_ALONE,
    SUM_LAST,
    WHOLE,
    only,
    records,
)
from sim.figures.framing import around
from sim.figures.panels import say
from sim.figures.style import COLOURS, house_style
from sim.outcomes import OUTCOMES

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = 3
SIDES = {
    "set back": (LAST, SUM_LAST, BEYOND_LAST, COLOURS[0], "o", -0.17),
    "alone": (ALONE, SUM_ALONE, BEYOND_ALONE, COLOURS[1], "s", 0.17),
}
"""The two questions asked of a lever: rows of the table, colour, mark, and where it stands beside its line."""
TOTALS = ("sum of the levers", "whole less that sum")
FAINT = 0.35

Interval = tuple[float, float, float]
"""Mean, low, high."""


def forest(ax: "Axes", part: "pd.DataFrame") -> Mapping[tuple[str, str], Interval]:
    """Draw one rival and outcome of an ablation, a line per lever; return mean, low, high by line and question.

    part : the rows of one rival and outcome. What is not told from noise is faint, what changes nothing is left out,
    and so it is of what is returned.
    """
    outcome = str(part["outcome"].iloc[0])
    levers = part.loc[part["row"] == LAST, "lever"].tolist()
    lines = ["whole form", *levers, *TOTALS]
    marks: dict[tuple[str, str], Interval | None] = {}
    for side, (each, total, beyond, colour, mark, shift) in SIDES.items():
        rows = {row["lever"]: row for row in records(part[part["row"] == each])}
        rows |= {line: only(part, kind) for line, kind in zip(TOTALS, (total, beyond), strict=True)}
        for line, row in rows.items():
            marks[line, side] = _mark(ax, row, lines.index(line) + shift, colour, mark)
    marks["whole form", "whole"] = _mark(ax, only(part, WHOLE), 0, "#000000", "D")
    for side, (*_, colour, mark, _shift) in SIDES.items():
        ax.plot([], [], mark, color=colour, markersize=4, label=side)
    ax.axvline(0, color="#555555", linewidth=1)
    for line in (0.5, len(levers) + 0.5):
        ax.axhline(line, color="#BBBBBB", linewidth=0.7)
    ax.set_yticks(range(len(lines)), lines)
    ax.tick_params(axis="y", labelsize=7)
    ax.locator_params(axis="x", nbins=4)
    unit = textwrap.fill(OUTCOMES[outcome].unit, 34)
    ax.set(ylim=(len(lines) - 0.5, -0.5), title=OUTCOMES[outcome].label, xlabel=unit)
    ax.grid(axis="y", visible=False)
    if part["mean"].isna().all():
        say(ax, "no run has a value")
    return {key: found for key, found in marks.items() if found is not None}


def _mark(ax: "Axes", row: Mapping[str, Any], y: float, colour: str, mark: str) -> Interval | None:
    """Draw a mean with its interval and return them, None where no run differs."""
    if row["verdict"] == NOTHING:
        return None
    mean, low, high = (float(row[name]) for name in ("mean", "low", "high"))
    alpha = FAINT if row["verdict"] == NOISE else 1.0
    ax.plot([low, high], [y, y], color=colour, linewidth=1.4, alpha=alpha, solid_capstyle="butt")
    ax.plot([mean], [y], mark, color=colour, markersize=3.5, alpha=alpha)
    return mean, low, high


def draw_ablation(table: "pd.DataFrame", rival: str, told: str) -> "Figure":
    """Draw the form against one rival, an outcome per panel; told : how much was run, for the caption."""
    from matplotlib.figure import Figure

    mine = table[table["rival"] == rival]
    names = list(dict.fromkeys(mine["outcome"].tolist()))
    form, place = str(mine["form"].iloc[0]), str(mine["place"].iloc[0])
    n_lines = len(set(mine["lever"])) + 2
    columns = min(COLUMNS, len(names))
    rows = -(-len(names) // columns)
    with house_style():
        figure = Figure(figsize=(2.2 + 2.7 * columns, 1.2 + rows * (0.75 + 0.21 * n_lines)), layout="constrained")
        axes = figure.subplots(rows, columns, squeeze=False, sharey=True).ravel()
        for ax, name in zip(axes, names, strict=False):
            forest(ax, mine[mine["outcome"] == name])
        for ax in axes[len(names) :]:
            ax.remove()
        caption = (
            f"{told} Black: form less rival. Set back: form less form without the lever. Alone: rival with the lever "
            "less rival. Mean paired difference and its 95 % interval; faint: not told from noise; no mark: no run "
            "differs at all."
        )
        around(figure, axes[0], f"What {form} hangs on against {rival} ({place})", caption, legend=True)
    return figure
