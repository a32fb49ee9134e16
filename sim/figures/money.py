"""Forms compared row by row of money: what they bring, and what they cost the public, in one place."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sim.figures.panels import say
from sim.figures.style import house_style, look
from sim.outcomes import OUTCOMES
from sim.results import Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.studies.equal_money import Form

ROWS = {"": "no money", "subsidy_taper": "tapering", "subsidy_permanent": "for good"}
"""What the rows of money are called; others are called as their programmes are."""
DRAWN = ("payment_rate", "cost_covered", "unresolved", "full_cost")

MARKERS = "osD^vPX*<"
"""One more than there are colours, so that no two of 72 forms look the same."""


def forms_by_money(ax: "Axes", forms: "Sequence[Form]", outcome: str, place: str) -> Mapping[str, Interval]:
    """Draw means of the forms of a place with their intervals, a group a row of money; return them by "form, row".

    outcome : name of an outcome.
    """
    here = [form for form in forms if form.place == place]
    rows, names = (list(dict.fromkeys(getattr(form, key) for form in here)) for key in ("row", "name"))
    every = list(dict.fromkeys(form.name for form in forms))
    drawn: dict[str, Interval] = {}
    for k, name in enumerate(names):
        colour, marker = look(every.index(name))["color"], MARKERS[every.index(name) % len(MARKERS)]
        found = [(rows.index(form.row), form.mean(outcome), form) for form in here if form.name == name]
        x = [row + (k - (len(names) - 1) / 2) * 0.2 for row, _, _ in found]
        means = [mean.mean for _, mean, _ in found]
        arms = [[mean.mean - mean.low for _, mean, _ in found], [mean.high - mean.mean for _, mean, _ in found]]
        ax.errorbar(x, means, yerr=arms, fmt=marker, color=colour, markersize=4.5, elinewidth=1.6, label=name)
        drawn |= {f"{name}, {form.row or 'none'}": mean for _, mean, form in found}
    ax.set_xticks(range(len(rows)), [ROWS.get(row, row) for row in rows])
    ax.set_xlim(-0.5, max(len(rows), 1) - 0.5)
    ax.grid(axis="x", visible=False)
    known = OUTCOMES[outcome]
    ax.set(title=known.label, ylabel=textwrap.fill(known.unit, 26))
    ax.axhline(0, color="#555555", linewidth=0.8)
    if not any(mean.n for mean in drawn.values()):
        say(ax, "no run has a value")
    return drawn


def draw_money(forms: "Sequence[Form]") -> "Figure":
    """Draw outcomes and cost, a column a place, every form and row of money."""
    from matplotlib.figure import Figure

    places = list(dict.fromkeys(form.place for form in forms))
    n_runs = max((form.mean("full_cost").n for form in forms), default=0)
    with house_style():
        figure = Figure(figsize=(3.3 * len(places), 10.6), layout="constrained")
        axes = figure.subplots(len(DRAWN), len(places), squeeze=False, sharey="row")
        for row, outcome in enumerate(DRAWN):
            for column, place in enumerate(places):
                ax = axes[row, column]
                forms_by_money(ax, forms, outcome, place)
                if row == 0:
                    ax.set_title(f"{place}\n{ax.get_title(loc='left')}", loc="left")
                if column:
                    ax.set_ylabel("")
        found = {label: handle for ax in axes[0] for handle, label in zip(*ax.get_legend_handles_labels(), strict=True)}
        figure.legend(
            list(found.values()), list(found), loc="outside upper left", ncols=6, title="Equal money, form by form",
            alignment="left", borderpad=0, title_fontproperties={"size": 12, "weight": "bold"},
        )  # fmt: skip
        figure.supxlabel(
            f"{n_runs} runs each. Dot and bar: mean and its 95 % interval. Bills, cover, severity: last month; "
            "full cost: mean over the\npolicy months, public money and the hours of cadres, members and volunteers at "
            "their wages. Within a row of money and\na place amounts are sized for equal full cost.",
            x=0.01, ha="left", fontsize=8, color="#444444",
        )  # fmt: skip
    return figure
