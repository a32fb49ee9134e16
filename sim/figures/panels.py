"""The panels of figures: each draws on an Axes it is given, and returns the numbers it drew."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.figures.style import COLOURS, GREY, look
from sim.outcomes import OUTCOMES, WINDOW, over_window
from sim.results import Arm, Interval, Results, student

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MIDDLE = (0.1, 0.9)
"""Quantiles of the runs that the light band reaches from and to."""

MAX_LIGHT = 4
"""With more scenarios than this the light bands would hide one another, and are left out."""

KINDS = {
    "share_voluntary": ("of own accord", COLOURS[2]),
    "share_asked": ("because asked", COLOURS[5]),
    "share_enforced": ("because of enforcement", COLOURS[4]),
    "share_refused": ("not paid", GREY),
}
CROSSED = {
    "paid_served": ("paid and served", COLOURS[2]),
    "paid_unserved": ("paid, not served", COLOURS[5]),
    "unpaid_served": ("served, not paid", COLOURS[4]),
    "unpaid_unserved": ("neither", GREY),
}
"""Shares that add up to one: their names on the figure and their colours."""


@dataclass(frozen=True)
class Band:
    """What a line with its bands shows, month by month, each (month,); NaN where no run has a value.

    low, high : 95 % interval of the mean (Student); bottom, top : the MIDDLE quantiles of the runs; n : runs
    with a value.
    """

    months: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    bottom: np.ndarray
    top: np.ndarray
    n: np.ndarray


def band(months: np.ndarray, values: np.ndarray) -> Band:
    """Summarise values, (run, month), over the runs of each month."""
    known = ~np.isnan(values)
    n = known.sum(axis=0)
    bottom, top = np.full((2, len(months)), np.nan)
    mean, spread = np.full((2, len(months)), np.nan)
    for m in np.flatnonzero(n):
        found = values[known[:, m], m]
        bottom[m], top[m] = np.quantile(found, MIDDLE)
        mean[m] = found.mean()
        spread[m] = found.std(ddof=1) if len(found) > 1 else np.nan
    factor = {int(k): student(int(k) - 1) / float(k) ** 0.5 for k in np.unique(n) if k > 1}
    half = spread * np.array([factor.get(int(k), np.nan) for k in n])
    return Band(months, mean, mean - half, mean + half, bottom, top, n)


def smoothed(arm: Arm, outcome: str) -> np.ndarray:
    """Return an outcome as it is drawn, (run, month): lumpy flows per year, like rates, look back on WINDOW months."""
    values = arm.values[outcome]
    if not (OUTCOMES[outcome].total and OUTCOMES[outcome].unit.endswith("year")):
        return values
    return np.asarray(over_window(values) / np.minimum(np.arange(1, values.shape[1] + 1), WINDOW))


def over_time(ax: "Axes", results: Results, outcome: str) -> Mapping[str, Band]:
    """Draw an outcome over time, a line with two bands per scenario; return what was drawn by label."""
    drawn = {}
    for k, label in enumerate(results.labels):
        arm = results.arm(label)
        values = smoothed(arm, outcome)
        found = drawn[label] = band(arm.months, values)
        years, style = found.months / 12, look(k)
        if len(results.arms) <= MAX_LIGHT and not np.isin(values, (0, 1)).all():  # yes and no have no middle
            ax.fill_between(years, found.bottom, found.top, color=style["color"], alpha=0.13, linewidth=0)
        ax.fill_between(years, found.low, found.high, color=style["color"], alpha=0.4, linewidth=0)
        ax.plot(years, found.mean, label=label, marker="." if len(years) < 3 else "", **style)
    _time_axis(ax, results)
    _outcome_axis(ax, outcome)
    if all(not np.any(found.n) for found in drawn.values()):
        say(ax, "no run has a value")
    return drawn


def payment_kinds(ax: "Axes", results: Results, label: str) -> Mapping[str, Band]:
    """Draw of one scenario which bills are paid and why, shares stacked; return the means by outcome."""
    drawn = _stacked(ax, results, label, KINDS)
    if not np.any(drawn["paid"].n):
        say(ax, "no run has a bill")
    return drawn


def paid_and_served(ax: "Axes", results: Results, label: str) -> Mapping[str, Band]:
    """Draw of one scenario who pays and who is served, shares stacked; return the means by outcome."""
    drawn = _stacked(ax, results, label, CROSSED)
    if not np.any(drawn["paid"].n):
        say(ax, "no run has a provider")
    return drawn


def _stacked(ax: "Axes", results: Results, label: str, parts: Mapping[str, tuple[str, str]]) -> dict[str, Band]:
    """Stack shares that add up to one, and draw above those who paid their sum with its interval, "paid"."""
    arm = results.arm(label)
    drawn = {name: band(arm.months, arm.values[name]) for name in parts}
    years = arm.months / 12
    means = np.array([drawn[name].mean for name in parts])
    ax.stackplot(
        years, means, labels=[text for text, _ in parts.values()], colors=[colour for _, colour in parts.values()]
    )
    paying = [arm.values[name] for name, (text, _) in parts.items() if not ("not paid" in text or text == "neither")]
    paid = band(arm.months, np.sum(paying, axis=0))
    ax.fill_between(years, paid.low, paid.high, color="black", alpha=0.25, linewidth=0)
    ax.plot(years, paid.mean, color="black", linewidth=1)
    _time_axis(ax, results)
    ax.set(ylim=(0, 1), ylabel=OUTCOMES[next(iter(parts))].unit, title=textwrap.fill(label, 30))
    return {**drawn, "paid": paid}


def paired_differences(ax: "Axes", results: Results, outcome: str) -> Mapping[str, tuple[Interval, np.ndarray]]:
    """Draw the paired differences of an outcome to the first scenario of each place.

    Return, by label, the interval and the differences run by run.
    """
    drawn = {}
    labels = [label for label in results.labels if results.base(label) is not None]
    for row, label in enumerate(labels):
        found = results.differences(outcome, label, str(results.base(label)))
        interval = Interval(found)
        drawn[label] = interval, found
        colour = look(results.labels.index(label))["color"]
        ax.plot(found, np.full(len(found), row + 0.22), "|", color=colour, alpha=0.3, markersize=7, markeredgewidth=0.8)
        if interval.n:
            ax.plot(
                [interval.low, interval.high], [row, row], color=colour, linewidth=4, solid_capstyle="butt", alpha=0.55
            )
            ax.plot([interval.mean], [row], "o", color=colour, markersize=5)
    ax.axvline(0, color="#555555", linewidth=1)
    ax.set_yticks(range(len(labels)), [textwrap.fill(label, 28) for label in labels])
    unit = textwrap.fill(OUTCOMES[outcome].unit, 28)
    ax.set(ylim=(len(labels) - 0.5, -0.5), xlabel=unit, title=outcome_title(outcome))
    ax.grid(axis="y", visible=False)
    if not any(interval.n for interval, _ in drawn.values()):
        say(ax, "no pair has a value")
    return drawn


def _time_axis(ax: "Axes", results: Results) -> None:
    months = [arm.months for arm in results.arms]
    first, last = min(m[0] for m in months), max(m[-1] for m in months)
    ax.axvline(0, color="#555555", linewidth=1, linestyle="--")
    ax.set_xlim(min(first, -1) / 12, (last + 1) / 12)
    ax.set_xlabel("years after the policy month")


def _outcome_axis(ax: "Axes", outcome: str) -> None:
    unit = OUTCOMES[outcome].unit
    ax.set(ylabel=unit, title=outcome_title(outcome))
    if unit.endswith("0-1") or (unit.startswith("share") and unit != "share of issues"):
        ax.set_ylim(0, 1)
    else:
        low, high = ax.get_ylim()
        ax.set_ylim(0.0 if unit.startswith("share") else min(0.0, low), max(0.0, high) or 1.0)


def outcome_title(outcome: str) -> str:
    """Return the title of a panel: the outcome, and whether more or less of it is better."""
    return OUTCOMES[outcome].label + {1: "  ↑", -1: "  ↓", 0: ""}[OUTCOMES[outcome].better]


def say(ax: "Axes", text: str) -> None:
    """Say on an empty panel why it is empty."""
    ax.text(0.5, 0.5, text, transform=ax.transAxes, ha="center", va="center", color="#555555")
