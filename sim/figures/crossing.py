"""Where the order of two forms turns: their difference over a factor with its band, crossings marked."""

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.factor import unit_of
from sim.figures.framing import around
from sim.figures.panels import say
from sim.figures.style import COLOURS, house_style
from sim.outcomes import OUTCOMES

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def difference_over(
    ax: "Axes", differences: "pd.DataFrame", crossings: "pd.DataFrame", outcome: str
) -> Mapping[str, np.ndarray]:
    """Draw the paired difference of one outcome over the factor.

    differences, crossings : the two tables of a crossing.

    Returns
    -------
    mapping
        "band" with the columns value, mean, low, high; "crossings" with at, low, high, ends within the range.
    """
    rows = differences[differences["outcome"] == outcome]
    first = rows.iloc[0]
    band = rows[["value", "difference", "low", "high"]].to_numpy(float)
    value, mean, low, high = band.T
    turns = np.array(crossings.loc[crossings["outcome"] == outcome, ["at", "low", "high"]], float)
    turns[:, 1:] = np.clip(turns[:, 1:], value[0], value[-1])
    ax.fill_between(value, low, high, color=COLOURS[0], alpha=0.25, linewidth=0, label="95 % interval")
    ax.plot(value, mean, "o-", color=COLOURS[0], markersize=3.5, label="mean paired difference")
    ax.axhline(0, color="#555555", linewidth=1)
    for k, (at, left, right) in enumerate(turns):
        ax.plot([left, right], [0, 0], color=COLOURS[1], linewidth=5, alpha=0.45, solid_capstyle="butt")
        ax.plot([at], [0], "D", color=COLOURS[1], markersize=5, label="the order turns" if k == 0 else None)
    unit = textwrap.fill(f"{first['form']} less {first['rival']}, {OUTCOMES[outcome].unit}", 44)
    ax.set(xlabel=f"{first['factor']}  ({unit_of(first['factor'])})", ylabel=unit, title=OUTCOMES[outcome].label)
    if np.isnan(mean).all():
        say(ax, "no run has a value")
    return {"band": band, "crossings": turns}


def draw_crossing(differences: "pd.DataFrame", crossings: "pd.DataFrame", told: str) -> "Figure":
    """Draw every outcome, a panel each; told : how much was run, and what the factor is, for the caption."""
    from matplotlib.figure import Figure

    names = list(dict.fromkeys(differences["outcome"].tolist()))
    first = differences.iloc[0]
    columns = min(2, len(names))
    rows = -(-len(names) // columns)
    with house_style():
        figure = Figure(figsize=(max(5.2, 4.2 * columns), 1.3 + 2.9 * rows), layout="constrained")
        axes = figure.subplots(rows, columns, squeeze=False).ravel()
        for ax, name in zip(axes, names, strict=False):
            difference_over(ax, differences, crossings, name)
        for ax in axes[len(names) :]:
            ax.remove()
        caption = (
            f"{told} Diamond and bar: where the mean difference is zero, on straight lines between the values run, and "
            "where it is not told from zero around it. Band: 95 % interval (Student)."
        )
        most = max(range(len(names)), key=lambda k: int((crossings["outcome"] == names[k]).sum()))
        title = f"{first['form']} and {first['rival']} over {first['factor']} ({first['place']})"
        around(figure, axes[most], title, caption, legend=True)
    return figure
