"""What each channel of harm does to a red form: effects over the points of a study."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.figures.style import COLOURS, house_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.studies.harms import Harm

_TITLES = {"payment_rate": "bills paid, share of money", "unresolved": "unresolved, severity per 100 dwellings"}
_ENDS = (2.5, 97.5)


def effects_of(ax: "Axes", harms: "Sequence[Harm]", outcome: str) -> dict[str, tuple[float, float, float]]:
    """Draw one form's effects on an outcome, channel by channel: mean, middle 95 % of points, and the most harmful.

    Return mean and ends of the middle 95 % by channel.
    """
    drawn = {}
    for k, harm in enumerate(harms):
        effects = harm.effects[outcome]
        low, high = (float(end) for end in np.percentile(effects, _ENDS))
        mean, (largest, _) = float(effects.mean()), harm.largest(outcome)
        ax.plot([low, high], [k, k], color=COLOURS[5], linewidth=5, solid_capstyle="butt")
        ax.plot(mean, k, "o", color=COLOURS[0], markersize=5)
        ax.plot(largest, k, "x", color=COLOURS[1], markersize=6)
        drawn[harm.channel] = mean, low, high
    ax.axvline(0, color="#555555", linewidth=1)
    ax.set_yticks(range(len(harms)), [harm.channel for harm in harms])
    ax.set_ylim(len(harms) - 0.5, -0.5)
    ax.set_title(harms[0].form, loc="left")
    ax.set_xlabel(f"effect on {_TITLES[outcome]}")
    ax.grid(axis="y", visible=False)
    return drawn


def draw_harms(harms: "Sequence[Harm]") -> "Figure":
    """Draw every form, a row, and outcome, a column."""
    from matplotlib.figure import Figure

    forms = list(dict.fromkeys(harm.form for harm in harms))
    groups = [[harm for harm in harms if harm.form == form] for form in forms]
    with house_style():
        height = 1.4 + 0.28 * len(harms) + 0.7 * len(forms)
        figure = Figure(figsize=(8.6, height), layout="constrained")
        ratios = {"height_ratios": [len(group) + 1.5 for group in groups]}
        axes = figure.subplots(len(forms), len(_TITLES), squeeze=False, sharex="col", gridspec_kw=ratios)
        for row, group in enumerate(groups):
            for column, outcome in enumerate(_TITLES):
                effects_of(axes[row, column], group, outcome)
                if row < len(forms) - 1:
                    axes[row, column].set_xlabel("")
        figure.suptitle("What each channel of harm does", x=0.01, ha="left", fontweight="bold")
        points = len(harms[0].worst) if harms else 0
        figure.supxlabel(
            f"With the harm less without, on equal luck, after ten years, at {points} points of the declared ranges.\n"
            "Dots: means; bars: the middle 95 % of points; crosses: the most harmful point, a single run.",
            x=0.01, ha="left", fontsize=8, color="#444444",
        )  # fmt: skip
    return figure
