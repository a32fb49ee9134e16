"""The cost-effect plane: what a form adds in effect against what it adds in cost, run by run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.figures.panels import say
from sim.figures.style import look
from sim.outcomes import OUTCOMES
from sim.results import Arm, Interval, Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WAGE = "street.cadre_wage"


@dataclass(frozen=True)
class Increments:
    """What a scenario adds to the first of its place, run by run, each (run,), and the intervals of the means."""

    effect: np.ndarray
    cost: np.ndarray
    mean_effect: Interval
    mean_cost: Interval


def wage_of(arm: Arm) -> float:
    """Return the price of a cadre's hour, yuan; NaN where the resolved scenario is not known."""
    return float("nan") if arm.world is None else float(arm.world.segments[0].values[WAGE])


def social_cost(arm: Arm) -> np.ndarray:
    """Return public money and cadres' hours at their wage, yuan per dwelling and year, (run,); NaN where not known."""
    return np.asarray(arm.judged["public_cost"] + arm.judged["cadre_hours"] * 12.0 / 100.0 * wage_of(arm))


def cost_effect(ax: "Axes", results: Results, effect: str) -> Mapping[str, Increments]:
    """Draw the paired increments of cost against those of an effect, and their means; return them by label."""
    drawn = {}
    for k, label in enumerate(results.labels):
        base = results.base(label)
        if base is None:
            continue
        more = results.differences(effect, label, base)
        cost = social_cost(results.arm(label)) - social_cost(results.arm(base))
        found = drawn[label] = Increments(more, cost, Interval(more), Interval(cost))
        colour = look(k)["color"]
        ax.plot(more, cost, "o", color=colour, markersize=3, alpha=0.28, markeredgewidth=0)
        e, c = found.mean_effect, found.mean_cost
        ax.plot([e.low, e.high], [c.mean, c.mean], color="white", linewidth=4.5, zorder=3)
        ax.plot([e.mean, e.mean], [c.low, c.high], color="white", linewidth=4.5, zorder=3)
        ax.plot([e.low, e.high], [c.mean, c.mean], color=colour, linewidth=2, zorder=4)
        ax.plot([e.mean, e.mean], [c.low, c.high], color=colour, linewidth=2, zorder=4)
        ax.plot([e.mean], [c.mean], "D", color=colour, markeredgecolor="white", markersize=7, zorder=5, label=label)
    ax.axhline(0, color="#555555", linewidth=1)
    ax.axvline(0, color="#555555", linewidth=1)
    ax.margins(0.08)
    outcome = OUTCOMES[effect]
    arrow = {1: "better →", -1: "← better", 0: ""}[outcome.better]
    ax.set(title=outcome.label, xlabel=f"{outcome.unit}  ({arrow})", ylabel="yuan per dwelling and year  (dearer ↑)")
    if not any(np.any(~np.isnan(found.effect + found.cost)) for found in drawn.values()):
        say(ax, "no pair has a value")
    return drawn
