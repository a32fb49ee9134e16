"""The panels of figures: each draws on an Axes it is given, and returns the numbers it drew."""

import textwrap
from collections.abc import Mapping, Sequence
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
    "share_overlooked": ("not looked at", "#d9d9d9"),
}
CROSSED = {
    "paid_served": ("paid and served", COLOURS[2]),
    "paid_unserved": ("paid, not served", COLOURS[5]),
    "unpaid_served": ("served, not paid", COLOURS[4]),
    "unpaid_unserved": ("neither", GREY),
}
"""Shares that add up to one: their names on the figure and their colours."""

Samples = Mapping[str, np.ndarray]
"""By scenario, one number of an outcome per run or per point, (run,) or (point,), NaN where missing."""

BINS = 25


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


@dataclass(frozen=True)
class Histogram:
    """What bars show: edges, (bar+1,), and by part how many values lie between them, each (bar,)."""

    edges: np.ndarray
    counts: Mapping[str, np.ndarray]


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


def over_time(ax: "Axes", results: Results, outcome: str, *, paired: bool = False) -> Mapping[str, Band]:
    """Draw an outcome over time, a line with two bands per scenario; return what was drawn by label.

    paired : draw instead the paired differences to the first scenario of each place.
    """
    drawn = {}
    for k, label in enumerate(results.labels):
        arm, base = results.arm(label), results.base(label)
        values = smoothed(arm, outcome)
        if paired:
            if base is None:
                continue
            values = values - smoothed(results.arm(base), outcome)
        found = drawn[label] = band(arm.months, values)
        years, style = found.months / 12, look(k)
        if len(results.arms) <= MAX_LIGHT and not np.isin(values, (-1, 0, 1)).all():  # yes and no have no middle
            ax.fill_between(years, found.bottom, found.top, color=style["color"], alpha=0.13, linewidth=0)
        ax.fill_between(years, found.low, found.high, color=style["color"], alpha=0.4, linewidth=0)
        ax.plot(years, found.mean, label=label, marker="." if len(years) < 3 else "", **style)
    _time_axis(ax, results)
    if paired:
        ax.axhline(0, color="#555555", linewidth=1)
        ax.set(ylabel=f"difference,\n{textwrap.fill(OUTCOMES[outcome].unit, 34)}", title=outcome_title(outcome))
    else:
        _outcome_axis(ax, outcome)
    if all(not np.any(found.n) for found in drawn.values()):
        say(ax, "no pair has a value" if paired else "no run has a value")
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
    bases = {label: base for label in results.labels if (base := results.base(label)) is not None}
    samples = {label: results.differences(outcome, label, base) for label, base in bases.items()}
    drawn = per_scenario(ax, samples, outcome, paired=True, places=[results.labels.index(label) for label in samples])
    return {label: (drawn[label], found) for label, found in samples.items()}


def per_scenario(
    ax: "Axes", samples: Samples, outcome: str, *, paired: bool = False, places: Sequence[int] | None = None
) -> dict[str, Interval]:
    """Draw an outcome of each scenario: a tick per run, (run,), the mean and its 95 % interval; return these.

    paired : they are paired differences, which may be above or below 0; places : of the scenarios among all those that
    are told apart by colour, where that is not their order here.
    """
    drawn = {}
    for row, (label, values) in enumerate(samples.items()):
        colour = look(row if places is None else places[row])["color"]
        found = drawn[label] = Interval(values)
        height = np.full(len(values), row + 0.22)
        ax.plot(values, height, "|", color=colour, alpha=0.3, markersize=7, markeredgewidth=0.8)
        if found.n:
            ax.plot([found.low, found.high], [row, row], color=colour, linewidth=4, alpha=0.55, solid_capstyle="butt")
            ax.plot([found.mean], [row], "o", color=colour, markersize=5)
    if paired:
        ax.axvline(0, color="#555555", linewidth=1)
    ax.set_yticks(range(len(samples)), [textwrap.fill(label, 28) for label in samples])
    unit = textwrap.fill(OUTCOMES[outcome].unit, 28)
    ax.set(ylim=(len(samples) - 0.5, -0.5), xlabel=unit, title=outcome_title(outcome))
    ax.locator_params(axis="x", nbins=5)  # with more, small numbers run into each other
    ax.grid(axis="y", visible=False)
    if not any(found.n for found in drawn.values()):
        say(ax, "no pair has a value" if paired else "no run has a value")
    return drawn


def distribution(ax: "Axes", samples: Samples, unit: str, *, counted: str, title: str = "") -> Histogram:
    """Draw how often which value occurs, in bars of equal width, one sample stacked on the other; return the counts.

    unit : of the values; counted : what has one value each, for example "runs".
    """
    known = {label: values[~np.isnan(values)] for label, values in samples.items()}
    edges = np.histogram_bin_edges(np.concatenate(list(known.values())), BINS)
    counts = {label: np.histogram(values, edges)[0] for label, values in known.items()}
    bottom = np.zeros(BINS)
    for k, (label, n) in enumerate(counts.items()):
        ax.bar(edges[:-1], n, np.diff(edges), bottom, align="edge", color=look(k)["color"], label=label)
        bottom += n
    ax.locator_params(axis="y", integer=True)
    ax.set(xlabel=unit, ylabel=f"number of {counted}", title=title)
    if not bottom.any():
        say(ax, f"none of the {counted} has a value")
    return Histogram(edges, counts)


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
