"""Figures of a district: forms over time, sub-districts, the tree of estates, who gained and who lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim import estates
from sim.figures.panels import Band, band, say
from sim.figures.style import COLOURS, look
from sim.outcomes import OUTCOMES
from sim.results import Interval, Results
from sim.runs import Batch

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARKERS = "osD^vPX*"
"""Marks of the forms, in their order."""


@dataclass(frozen=True)
class Tree:
    """Where the map puts the estates, each (estate,), and the number that colours them."""

    x: np.ndarray
    y: np.ndarray
    form: np.ndarray
    value: np.ndarray


def _arms(results: Results, label: str) -> tuple[Batch, Batch]:
    """Return the batch of a scenario and that of the first of its place."""
    base = results.base(label) or label
    return (results.batches[results.labels.index(label)], results.batches[results.labels.index(base)])


def forms_over_time(ax: "Axes", results: Results, label: str, outcome: str) -> Mapping[str, tuple[Band, Band]]:
    """Draw an outcome over time by the form estates end under; dotted, the same estates in the first arm."""
    ours, theirs = _arms(results, label)
    drawn = {}
    for k, (form, mask) in enumerate(estates.groups(ours.world, "form").items()):
        found = [band(arm.months, estates.of_group(arm, mask, (outcome,))[outcome]) for arm in (ours, theirs)]
        colour = COLOURS[k % len(COLOURS)]
        ax.fill_between(ours.months, found[0].low, found[0].high, color=colour, alpha=0.25, linewidth=0)
        ax.plot(ours.months, found[0].mean, color=colour, label=f"{form} ({int(mask.sum())} estates)")
        ax.plot(ours.months, found[1].mean, color=colour, linewidth=0.9, linestyle=(0, (2, 1)))
        drawn[form] = (found[0], found[1])
    ax.axvline(0, color="#555555", linewidth=1, linestyle=(0, (4, 3)))
    ax.set(title=OUTCOMES[outcome].label, xlabel="month after the policy month", ylabel=OUTCOMES[outcome].unit)
    if not any(np.any(~np.isnan(pair[0].mean)) for pair in drawn.values()):
        say(ax, "no run has a value")
    return drawn


def groups_apart(ax: "Axes", results: Results, label: str, outcome: str, by: str) -> Mapping[str, Interval]:
    """Draw the paired difference of an outcome to the first arm, group of estates by group, with its 95 % interval."""
    ours, theirs = _arms(results, label)
    found = {
        name: estates.group_differences(ours, theirs, mask, outcome)[1]
        for name, mask in estates.groups(ours.world, by).items()
    }
    colours = {name: look(k)["color"] if by == "form" else COLOURS[0] for k, name in enumerate(found)}
    for row, (name, interval) in enumerate(found.items()):
        ax.plot([interval.low, interval.high], [row, row], color=colours[name], linewidth=2.2)
        ax.plot([interval.mean], [row], "o", color=colours[name], markersize=5)
    ax.axvline(0, color="#555555", linewidth=1)
    ax.set_yticks(range(len(found)), list(found))
    ax.invert_yaxis()
    what = OUTCOMES[outcome]
    arrow = {1: " (better →)", -1: " (← better)", 0: ""}[what.better]
    ax.set(title=what.label, xlabel=f"difference{arrow}\n{what.unit}")
    if all(np.isnan(interval.mean) for interval in found.values()):
        say(ax, "no pair has a value")
    return found


def gained_and_lost(ax: "Axes", results: Results, label: str, outcome: str) -> Mapping[str, np.ndarray]:
    """Draw what each estate gained or lost of something, form by form: a dot an estate, a bar their mean."""
    ours, theirs = _arms(results, label)
    change = estates.gained_and_lost(ours, theirs, outcome)
    drawn = {}
    for row, (form, mask) in enumerate(estates.groups(ours.world, "form").items()):
        values = drawn[form] = change[mask]
        place = row + 0.5 * (((np.arange(len(values)) + 0.5) * 0.618) % 1.0 - 0.5)
        ax.plot(values, place, "o", color=look(row)["color"], markersize=3.2, alpha=0.6, markeredgewidth=0)
        ax.plot([np.nanmean(values)] * 2, [row - 0.38, row + 0.38], color="#000000", linewidth=2)
    ax.axvline(0, color="#555555", linewidth=1)
    ax.set_yticks(range(len(drawn)), list(drawn))
    ax.invert_yaxis()
    ax.set(title=OUTCOMES[outcome].label, xlabel=f"gained (+) or lost (−)\n{OUTCOMES[outcome].unit}")
    return drawn


def estate_tree(ax: "Axes", results: Results, label: str, outcome: str) -> Tree:
    """Draw the district as a tree of sub-districts, communities and estates, coloured by what they gained."""
    from matplotlib.colors import TwoSlopeNorm

    ours, theirs = _arms(results, label)
    where = estates.layout_of(ours.world)
    change = estates.gained_and_lost(ours, theirs, outcome)
    angle = 2 * np.pi * np.arange(len(change)) / len(change)
    reach = 1.0 + 0.11 * (np.arange(len(change)) % 4)
    x, y = reach * np.cos(angle), reach * np.sin(angle)
    for members, outer, upper in ((where.community, 0.72, where.street), (where.street, 0.4, None)):
        for unit in np.unique(members):
            inside = members == unit
            at = np.angle(np.exp(1j * angle[inside]).mean())
            above = 0.0 if upper is None else np.angle(np.exp(1j * angle[upper == upper[inside][0]]).mean())
            inner = 0.0 if upper is None else 0.4
            ax.plot(
                [outer * np.cos(at), inner * np.cos(above)], [outer * np.sin(at), inner * np.sin(above)],
                color="#BBBBBB", linewidth=0.7, zorder=1,
            )  # fmt: skip
            if upper is None:
                box = {"boxstyle": "circle", "facecolor": "white", "edgecolor": "#777777"}
                spot = (outer * np.cos(at), outer * np.sin(at))
                ax.text(*spot, str(int(unit) + 1), fontsize=7, ha="center", va="center", bbox=box, zorder=4)
            else:
                ax.plot(
                    np.stack([np.full(inside.sum(), outer * np.cos(at)), x[inside]]),
                    np.stack([np.full(inside.sum(), outer * np.sin(at)), y[inside]]),
                    color="#DDDDDD", linewidth=0.4, zorder=1,
                )  # fmt: skip
    largest = float(np.nanmax(np.abs(change))) if np.any(~np.isnan(change)) else 0.0
    norm = TwoSlopeNorm(0.0, -max(largest, 1e-9), max(largest, 1e-9))
    points = None
    forms = np.empty(len(change), object)
    for k, (form, mask) in enumerate(estates.groups(ours.world, "form").items()):
        forms[mask] = form
        points = ax.scatter(
            x[mask], y[mask], c=change[mask], norm=norm, cmap="PuOr", marker=MARKERS[k % len(MARKERS)],
            s=min(70.0, 12000.0 / len(change)), edgecolors="#555555", linewidths=0.25, zorder=3,
        )  # fmt: skip
        ax.plot([], [], MARKERS[k % len(MARKERS)], color="#777777", markersize=4, label=f"{form} ({int(mask.sum())})")
    if points is not None:
        bar = ax.figure.colorbar(points, ax=ax, shrink=0.75)
        bar.set_label(f"{OUTCOMES[outcome].label}: gained (+) or lost (−), {OUTCOMES[outcome].unit}", fontsize=8)
    ax.set_aspect("equal")
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    ax.set(xticks=[], yticks=[], title=OUTCOMES[outcome].label, xlabel=f"colour: {OUTCOMES[outcome].unit}")
    return Tree(x, y, forms, change)
