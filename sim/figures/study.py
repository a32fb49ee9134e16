"""Figures of a study: what its scenarios lead to over the points that were sampled."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.figures.framing import around
from sim.figures.panels import Samples, outcome_title, per_scenario, say
from sim.figures.style import house_style, look
from sim.outcomes import OUTCOMES
from sim.results import Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MAX_GROUPS = 8
"""Points of a factor with more values than this are summarised in as many groups of equal size."""


@dataclass(frozen=True)
class Trend:
    """What a line over a factor shows: position, mean over points and its 95 % interval, each (group,)."""

    position: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray


def trend(factor: np.ndarray, values: np.ndarray) -> Trend:
    """Summarise values over a factor, both (point,): at each of its values, or over groups of neighbouring points."""
    known = ~np.isnan(factor) & ~np.isnan(values)
    order = np.argsort(factor[known], kind="stable")
    x, y = factor[known][order], values[known][order]
    levels = np.unique(x)
    if len(levels) <= MAX_GROUPS:
        groups = [np.flatnonzero(x == level) for level in levels]
    else:
        groups = np.array_split(np.arange(len(x)), MAX_GROUPS)
    found = [Interval(y[group]) for group in groups]
    return Trend(
        np.array([x[group].mean() for group in groups]),
        np.array([interval.mean for interval in found]),
        np.array([interval.low for interval in found]),
        np.array([interval.high for interval in found]),
    )


def over_factor(
    ax: "Axes", factor: np.ndarray, samples: Samples, outcome: str, *, title: str, words: tuple[str, ...] = ()
) -> dict[str, Trend]:
    """Draw an outcome over a factor, (point,): a dot per point, and means with their 95 % intervals; return these.

    title : name of the factor with its unit; words : the choices of a switch.
    """
    drawn = {}
    for k, (label, values) in enumerate(samples.items()):
        style = look(k)
        found = drawn[label] = trend(factor, values)
        ax.plot(factor, values, ".", color=style["color"], alpha=0.25, markersize=4)
        ax.fill_between(found.position, found.low, found.high, color=style["color"], alpha=0.25, linewidth=0)
        ax.plot(found.position, found.mean, label=label, marker="o", markersize=3, **style)
    if words:
        ax.set_xticks(range(len(words)), [textwrap.fill(word, 16) for word in words])
        ax.set_xlim(-0.5, len(words) - 0.5)
    ax.set(xlabel=textwrap.fill(title, 40), ylabel=textwrap.fill(OUTCOMES[outcome].unit, 34))
    ax.set_title(outcome_title(outcome))
    if not any(len(found.position) for found in drawn.values()):
        say(ax, "no point has a value")
    return drawn


def draw_factor(
    factor: np.ndarray, outcomes: Mapping[str, Samples], caption: str, *, title: str, words: tuple[str, ...] = ()
) -> "Figure":
    """Draw outcomes over one factor, a panel each."""
    figure, axes = _panels(len(outcomes), 2.7)
    with house_style():
        for ax, (outcome, samples) in zip(axes, outcomes.items(), strict=True):
            over_factor(ax, factor, samples, outcome, title=title, words=words)
        told = (
            f"{caption} Dot: a point, mean of its replicates; line: mean over points, at each value or over "
            "neighbouring points; band: its 95 % interval. The other factors vary too."
        )
        around(figure, axes[0], f"Over {title}", told, legend=True)
    return figure


def draw_scenarios(outcomes: Mapping[str, Samples], caption: str) -> "Figure":
    """Draw outcomes of scenarios, a panel each."""
    n_rows = max(map(len, outcomes.values()))
    figure, axes = _panels(len(outcomes), 1.2 + 0.42 * n_rows)
    with house_style():
        for ax, (outcome, samples) in zip(axes, outcomes.items(), strict=True):
            per_scenario(ax, samples, outcome)
            if ax not in axes[:: columns_of(len(axes))]:
                ax.set_yticklabels([])
        told = f"{caption} Dot and bar: mean over runs and its 95 % interval; ticks: single runs."
        around(figure, axes[0], "What the scenarios lead to", told, legend=False)
    return figure


def columns_of(n: int) -> int:
    """Return how many panels of n stand in a row."""
    return 2 if n in (2, 4) else min(3, n)


def _panels(n: int, height: float) -> "tuple[Figure, list[Axes]]":
    """Return a figure with n panels."""
    from matplotlib.figure import Figure

    columns = columns_of(n)
    rows = -(-n // columns)
    with house_style():
        figure = Figure(figsize=(max(7.2, 3.4 * columns), 1.15 + height * rows), layout="constrained")
        axes = list(figure.subplots(rows, columns, squeeze=False).ravel())
        for ax in axes[n:]:
            ax.remove()
    return figure, axes[:n]
