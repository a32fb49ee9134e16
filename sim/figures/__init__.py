"""Figures of a run or comparison in one house style, for the command line, notebooks and reports alike.

`draw(results, name)` makes one of `FIGURES`; the functions of `sim.figures.panels` draw on any Axes.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sim.figures.conflict import END_TITLES, case_ladder, incidence_of_end
from sim.figures.cost_effect import cost_effect, wage_of
from sim.figures.district import estate_tree, forms_over_time, gained_and_lost, groups_apart
from sim.figures.framing import around
from sim.figures.governance import governance_network
from sim.figures.panels import (
    MAX_LIGHT,
    Band,
    distribution,
    over_time,
    paid_and_served,
    paired_differences,
    payment_kinds,
    per_scenario,
)
from sim.figures.style import house_style, save
from sim.outcomes import OUTCOMES
from sim.results import Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "FIGURES", "case_ladder", "cost_effect", "distribution", "draw", "estate_tree", "files", "forms_over_time",
    "gained_and_lost", "governance_network", "groups_apart", "house_style", "incidence_of_end",
    "names", "over_time", "paid_and_served", "paired_differences", "payment_kinds", "per_scenario", "save",
]  # fmt: skip

Panel = Callable[["Axes", Results], Any]

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "payment": "Who pays",
        "household_yuan": "What households pay, and what they owe",
        "payment_kinds": "Why bills are paid",
        "paid_served": "Who pays and who is served",
        "service_facility": "Service and facilities",
        "unresolved_severity": "Conflict that is not settled",
        "incidence": "How issues end",
        "case_ladder": "The ladder of desks",
        "governance_network": "The bodies that govern, and the ways among them",
        "provider_cash": "The provider's money",
        "public_cost": "What it costs the public",
        "cost_effect": "Cost and effect",
        "paired_differences": "Paired differences",
        "district_forms": "The district, form by form",
        "district_streets": "The district, sub-district by sub-district",
        "district_gains": "Who gained and who lost",
        "district_cost": "What it costs and brings, form by form",
        "district_tree": "The estates of the district",
    }
)
FIGURES = tuple(name for name in TITLES if not name.startswith("district_"))
"""Names of the figures, as files are called; those of a district come on top."""

_OVER_TIME = {
    "payment": ("payment_rate", "cost_covered"),
    "household_yuan": ("cost_covered", "arrears"),
    "service_facility": ("service", "facility_visible", "facility_invisible"),
    "unresolved_severity": ("unresolved", "settled_3"),
    "provider_cash": ("provider_cash", "firm_present"),
    "public_cost": ("public_cost", "volunteer_hours", "cadre_hours"),
}
_PER_SCENARIO: Mapping[str, Callable[..., Any]] = {
    "payment_kinds": payment_kinds,
    "paid_served": paid_and_served,
    "case_ladder": case_ladder,
    "governance_network": governance_network,
}
_DISTRICT: Mapping[str, tuple[Callable[..., Any], tuple[str, ...], dict[str, str]]] = {
    "district_forms": (forms_over_time, ("payment_rate", "settled_3"), {}),
    "district_streets": (groups_apart, ("payment_rate", "settled_3"), {"by": "sub_district"}),
    "district_gains": (gained_and_lost, ("attention", "repair_money"), {}),
    "district_cost": (groups_apart, ("public_cost", "cadre_hours", "cost_covered", "unresolved"), {"by": "form"}),
    "district_tree": (estate_tree, ("payment_rate",), {}),
}
"""Of a district and the same district without what came to it: the panel, its outcomes, its options."""
_EFFECTS = ("cost_covered", "unresolved")
_PAIRED = ("cost_effect", "paired_differences")
"""Figures that need two scenarios in one place."""
_WORLDS = ("governance_network", "cost_effect")
"""Figures that need more than what files hold: the resolved scenarios."""

_BANDS = "Line: mean; band: its 95 % interval. Dashed: policy month."
_BOTH_BANDS = "Line: mean; dark band: its 95 % interval; light band: middle 80 % of runs. Dashed: policy month."
_FLOWS = " Cost per year: the last 12 months."
_NO_DESKS = " Desks are shown where the history of cases is kept (--cases)."
_GAPS = " Runs without a value in a month are left out of that month."
_STACK = "Means of runs, {what} of the last 12 months; black: share paid with its 95 % interval. Dashed: policy month."
_PAIRS = (
    "Each scenario less {base}: same households, same luck. Dot and bar: mean and its 95 % interval; ticks: single "
    "runs. Last month, costs and hours mean over the policy months."
)
_CAPTIONS = {
    "payment_kinds": _STACK.format(what="bills"),
    "paid_served": _STACK.format(what="household-months with a provider"),
    "incidence": (
        "Aalen-Johansen over all issues that arose from the policy month on; other ends compete, open issues are "
        "censored. Band: 95 % interval between runs (jackknife)."
    ),
    "case_ladder": (
        "All issues of all runs that arose from the policy month on, as they stand at the end of the run; suits for "
        "arrears apart. Heights and numbers: share of issues; closed on paper counts as open where it is not shown."
    ),
    "governance_network": (
        "Levers at the policy month. On a way: its days; in a body, after: days from a household on the shortest way. "
        "White: bodies that no case passes; those without hours or powers at the policy month are left out."
    ),
    "cost_effect": (
        "Each scenario less {base}: same households, same luck. Dots: runs; diamond and cross: means and their 95 % "
        "intervals. Cost: public money, and cadres' hours at {wage:g} yuan. Effect: last month."
    ),
}
_APART = "{label} less {base}: same estates, households and luck. Dot and bar: mean and its 95 % interval over runs. "
_CAPTIONS |= {
    "district_forms": (
        "{label}: estates by the form they end under. Line: mean; band: its 95 % interval over runs; dotted: the same "
        "estates, {base}. Dashed: policy month."
    ),
    "district_streets": _APART + "Last month.",
    "district_gains": (
        "{label} less {base}: the same estates, households and luck. A dot an estate, its mean over months and runs; "
        "line: mean of the estates that end under the form."
    ),
    "district_cost": _APART + "Costs and hours: mean over the policy months; the others: last month.",
    "district_tree": (
        "{label} less {base}, mean over months and runs. District in the middle, sub-districts numbered, communities "
        "between, estates outside (on four rings, for room only): marks tell the form they end under."
    ),
}
_WITHOUT_LEGEND = ("paired_differences", "case_ladder", "district_gains", "district_streets", "district_cost")
_SIZES = {"case_ladder": (5.0, 3.1), "governance_network": (5.0, 2.8), "cost_effect": (4.2, 3.6),
          "district_tree": (7.2, 6.4), "district_streets": (3.8, 3.8)}
"""Width and height of a panel, inches, where it is not the usual."""


def names(results: Results) -> Iterator[str]:
    """Yield the figures that these results allow: differences need two scenarios in one place."""
    paired = any(results.base(label) for label in results.labels)
    for name in TITLES:
        if name in _PAIRED and not paired:
            continue
        if name in _WORLDS and any(arm.world is None for arm in results.arms):
            continue
        if name in _DISTRICT and not any(batch.world.parts and results.base(label)
                                         for batch, label in zip(results.batches, results.labels, strict=False)):
            continue
        if name in ("incidence", "case_ladder") and any(arm.ends is None for arm in results.arms):
            continue
        yield name


def files(results: Results) -> Iterator[str]:
    """Yield the names of the figures' files: those of `names`, with the place behind where there are several."""
    if len(results.places) == 1:
        yield from names(results)
        return
    for place in results.places:
        for name in names(results.within(place)):
            yield f"{name}_{place}"


def draw(results: Results, name: str) -> "Figure":
    """Draw one of TITLES for all scenarios, or with the name of a place behind it those there: "payment_trapped"."""
    from matplotlib.figure import Figure

    for place in results.places:
        if name not in TITLES and name.removesuffix(f"_{place}") in TITLES:
            return draw(results.within(place), name.removesuffix(f"_{place}"))
    panels, caption = _panels(results, name)
    columns = 2 if len(panels) in (2, 4) else min(3, len(panels))
    flat = name == "paired_differences"
    n_rows = sum(results.base(label) is not None for label in results.labels)
    across, height = _SIZES.get(name, (3.4, 1.3 + 0.42 * n_rows if flat else 2.9))
    if name in _SIZES:
        columns = min(2, len(panels))
    rows = -(-len(panels) // columns)
    with house_style():
        width = across * columns if columns > 1 else max(across, 5.6)
        figure = Figure(figsize=(max(width, 7.2), 1.15 + height * rows), layout="constrained")
        axes = figure.subplots(rows, columns, squeeze=False, sharey=flat).ravel()
        drawn = [panel(ax, results) for ax, panel in zip(axes, panels, strict=False)]
        for ax in axes[len(panels) :]:
            ax.remove()
        n_runs = max(len(arm.replicates) for arm in results.arms)
        bands = [found for panel in drawn if isinstance(panel, dict) for found in panel.values()]
        if any(isinstance(found, Band) and found.n.min() < n_runs for found in bands):
            caption += _GAPS
        legend = name not in _WITHOUT_LEGEND
        sample = _sample(results)
        around(figure, axes[0], f"{TITLES[name]} ({_places(results)})", f"{sample} {caption}", legend=legend)
    return figure


def _panels(results: Results, name: str) -> tuple[list[Panel], str]:
    """Return the panels of a figure and what its caption says of them."""
    base = " or ".join(dict.fromkeys(base for label in results.labels if (base := results.base(label))))
    if name in _OVER_TIME:
        bands = _BOTH_BANDS if len(results.arms) <= MAX_LIGHT else _BANDS
        flows = _FLOWS if any(OUTCOMES[outcome].total for outcome in _OVER_TIME[name]) else ""
        return [partial(over_time, outcome=outcome) for outcome in _OVER_TIME[name]], bands + flows
    if name in _PER_SCENARIO:
        without = _NO_DESKS if name == "case_ladder" and not results.has_cases else ""
        return [partial(_PER_SCENARIO[name], label=label) for label in results.labels], _CAPTIONS[name] + without
    if name in _DISTRICT:
        panel, outcomes, options = _DISTRICT[name]
        label = next(label for label in results.labels if results.base(label))
        caption = _CAPTIONS[name].format(base=base, label=label)
        return [partial(panel, label=label, outcome=outcome, **options) for outcome in outcomes], caption
    if name == "incidence":
        return [partial(incidence_of_end, end=end) for end in END_TITLES], _CAPTIONS[name]
    if name == "cost_effect":
        return [partial(cost_effect, effect=effect) for effect in _EFFECTS], _CAPTIONS[name].format(
            base=base, wage=wage_of(results.arms[0])
        )
    headlines = [outcome.name for outcome in OUTCOMES.values() if outcome.headline]
    return [partial(paired_differences, outcome=outcome) for outcome in headlines], _PAIRS.format(base=base)


def _places(results: Results) -> str:
    return " and ".join(dict.fromkeys(arm.place for arm in results.arms))


def _sample(results: Results) -> str:
    n = {len(arm.replicates) for arm in results.arms}
    failed = f", {results.n_failed} failed and left out" if results.n_failed else ""
    return f"{' or '.join(map(str, sorted(n)))} runs per scenario{failed}, seed {results.arms[0].seed}."
