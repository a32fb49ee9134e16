"""Where the order of two forms turns: their difference over a factor with its band, crossings marked."""

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.crossing import Crossings, Turned
from sim.figures.framing import around
from sim.figures.panels import say
from sim.figures.style import COLOURS, house_style
from sim.outcomes import OUTCOMES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def difference_over(ax: "Axes", found: Crossings, each: Turned) -> Mapping[str, np.ndarray]:
    """Draw the paired difference of one outcome over the factor.

    Returns
    -------
    mapping
        "band" with the columns value, mean, low, high; "crossings" with at, low, high, ends within the range.
    """
    rows = found.table[found.table["outcome"] == each.outcome]
    band = rows[["value", "difference", "low", "high"]].to_numpy(float)
    ends = found.question.values[0], found.question.values[-1]
    turns = np.array([[turn.at, *np.clip([turn.low, turn.high], *ends)] for turn in each.crossings]).reshape(-1, 3)
    value, mean, low, high = band.T
    ax.fill_between(value, low, high, color=COLOURS[0], alpha=0.25, linewidth=0, label="95 % interval")
    ax.plot(value, mean, "o-", color=COLOURS[0], markersize=3.5, label="mean paired difference")
    ax.axhline(0, color="#555555", linewidth=1)
    for k, (at, first, last) in enumerate(turns):
        ax.plot([first, last], [0, 0], color=COLOURS[1], linewidth=5, alpha=0.45, solid_capstyle="butt")
        ax.plot([at], [0], "D", color=COLOURS[1], markersize=5, label="the order turns" if k == 0 else None)
    one, other = found.question.labels
    unit = textwrap.fill(f"{one} less {other}, {OUTCOMES[each.outcome].unit}", 44)
    ax.set(
        xlabel=f"{found.question.factor}  ({found.question.unit})", ylabel=unit, title=OUTCOMES[each.outcome].label,
    )  # fmt: skip
    if np.isnan(mean).all():
        say(ax, "no run has a value")
    return {"band": band, "crossings": turns}


def draw_crossing(found: Crossings) -> "Figure":
    """Draw every outcome, a panel each."""
    from matplotlib.figure import Figure

    columns = min(2, len(found.turned))
    rows = -(-len(found.turned) // columns)
    one, other = found.question.labels
    keys = " and ".join(f"{key.path} in {label}" for key, label in zip(found.question.keys, (one, other), strict=True))
    with house_style():
        figure = Figure(figsize=(max(5.2, 4.2 * columns), 1.3 + 2.9 * rows), layout="constrained")
        axes = figure.subplots(rows, columns, squeeze=False).ravel()
        for ax, each in zip(axes, found.turned, strict=False):
            difference_over(ax, found, each)
        for ax in axes[len(found.turned) :]:
            ax.remove()
        caption = (
            f"{found.judged.replicates} runs each, {found.months} months, seed {found.judged.seed}. "
            f"{found.question.factor} is {keys}. Diamond and bar: where the mean difference is zero, straight lines "
            "between the values run, and where it is not told from zero around it."
        )
        titled = max(found.turned, key=lambda each: len(each.crossings))
        first = axes[found.turned.index(titled)]
        around(figure, first, f"{one} and {other} over {found.question.factor} ({found.question.place})", caption,
               legend=True)  # fmt: skip
    return figure
