"""Figures of a run or comparison in one house style, for the command line, notebooks and reports alike.

`draw(results, name)` makes one of `FIGURES`; the functions of `sim.figures.panels` draw on any Axes.
"""

import textwrap
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sim.figures.panels import MAX_LIGHT, Band, over_time, paired_differences, payment_kinds
from sim.figures.style import house_style, save
from sim.outcomes import OUTCOMES
from sim.results import Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["FIGURES", "draw", "house_style", "names", "over_time", "paired_differences", "payment_kinds", "save"]

Panel = Callable[["Axes", Results], Mapping[str, Any]]

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "payment": "Who pays",
        "household_yuan": "What households pay, and what they owe",
        "payment_kinds": "Why bills are paid",
        "service_facility": "Service and facilities",
        "provider_cash": "The provider's money",
        "public_cost": "What it costs the public",
        "paired_differences": "Paired differences",
    }
)
FIGURES = tuple(TITLES)
"""Names of the figures, as files are called."""

_OVER_TIME = {
    "payment": ("payment_rate", "comparable_payment"),
    "household_yuan": ("comparable_payment", "arrears"),
    "service_facility": ("service", "facility_visible", "facility_invisible"),
    "provider_cash": ("provider_cash", "firm_present"),
    "public_cost": ("public_cost", "volunteer_hours", "cadre_hours"),
}
_BANDS = "Line: mean; band: its 95 % interval. Dashed: policy month."
_BOTH_BANDS = "Line: mean; dark band: its 95 % interval; light band: middle 80 % of runs. Dashed: policy month."
_FLOWS = " Cost per year: the last 12 months."
_GAPS = " Runs without a value in a month are left out of that month."
_STACK = "Means of runs, bills of the last 12 months; black: share paid with its 95 % interval. Dashed: policy month."
_PAIRS = (
    "Each scenario less {base}: same households, same luck. Dot and bar: mean and its 95 % interval; ticks: single "
    "runs. Last month, costs and hours mean over the policy months."
)


def names(results: Results) -> Iterator[str]:
    """Yield the figures that these results allow: differences need two scenarios in one place."""
    for name in FIGURES:
        if name != "paired_differences" or any(results.base(label) for label in results.labels):
            yield name


def draw(results: Results, name: str) -> "Figure":
    """Draw one of FIGURES."""
    from matplotlib.figure import Figure

    panels, caption = _panels(results, name)
    columns = 2 if len(panels) in (2, 4) else min(3, len(panels))
    rows = -(-len(panels) // columns)
    flat = name == "paired_differences"
    n_rows = sum(results.base(label) is not None for label in results.labels)
    height = 1.3 + 0.42 * n_rows if flat else 2.9
    with house_style():
        width = 3.4 * columns if columns > 1 else 5.6
        figure = Figure(figsize=(max(width, 7.2), 1.15 + height * rows), layout="constrained")
        axes = figure.subplots(rows, columns, squeeze=False, sharey=flat).ravel()
        drawn = [panel(ax, results) for ax, panel in zip(axes, panels, strict=False)]
        for ax in axes[len(panels) :]:
            ax.remove()
        n_runs = max(len(arm.replicates) for arm in results.arms)
        if any(isinstance(found, Band) and found.n.min() < n_runs for panel in drawn for found in panel.values()):
            caption += _GAPS
        _around(
            figure, axes[0], f"{TITLES[name]} ({_places(results)})", f"{_sample(results)} {caption}", legend=not flat
        )
    return figure


def _panels(results: Results, name: str) -> tuple[list[Panel], str]:
    """Return the panels of a figure and what its caption says of them."""
    if name in _OVER_TIME:
        bands = _BOTH_BANDS if len(results.arms) <= MAX_LIGHT else _BANDS
        flows = _FLOWS if any(OUTCOMES[outcome].total for outcome in _OVER_TIME[name]) else ""
        return [partial(over_time, outcome=outcome) for outcome in _OVER_TIME[name]], bands + flows
    if name == "payment_kinds":
        return [partial(payment_kinds, label=label) for label in results.labels], _STACK
    bases = dict.fromkeys(base for label in results.labels if (base := results.base(label)))
    headlines = [outcome.name for outcome in OUTCOMES.values() if outcome.headline]
    return [partial(paired_differences, outcome=outcome) for outcome in headlines], _PAIRS.format(
        base=" or ".join(bases)
    )


def _around(figure: "Figure", ax: "Axes", title: str, caption: str, *, legend: bool) -> None:
    """Put the title above, the legend between title and panels, the caption below, and make room for them."""
    width = figure.get_figwidth()
    handles, labels = ax.get_legend_handles_labels() if legend else ([], [])
    columns = max(1, min(len(labels), int(width * 12 / (max(map(len, labels), default=0) + 6))))
    figure.legend(
        handles, labels, loc="outside upper left", ncols=columns, title=title, alignment="left", borderpad=0,
        title_fontproperties={"size": 12, "weight": "bold"},
    )  # fmt: skip
    lines = textwrap.wrap(caption, int(width * 15.5))
    figure.supxlabel("\n".join(lines), x=0.01, ha="left", fontsize=8, color="#444444")
    legend_rows = -(-len(labels) // columns)
    figure.set_figheight(figure.get_figheight() + 0.19 * max(0, legend_rows - 1) + 0.14 * (len(lines) - 1))


def _places(results: Results) -> str:
    return " and ".join(dict.fromkeys(arm.place for arm in results.arms))


def _sample(results: Results) -> str:
    n = {len(arm.replicates) for arm in results.arms}
    failed = f", {results.n_failed} failed and left out" if results.n_failed else ""
    return f"{' or '.join(map(str, sorted(n)))} runs per scenario{failed}, seed {results.arms[0].seed}."
