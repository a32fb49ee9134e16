"""Compare the forms of a study row by row: a row is a place and the programmes that its forms share.

The cost of a run is its full cost: public money, and the hours of cadres, members and volunteers at their declared
wages, yuan per dwelling and year; public money alone stands beside it. Forms are fairly compared within a row where
they cost the same; what remains is told, and what amount would even it out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.errors import InputError
from sim.results import Interval
from sim.scenarios import World
from sim.studies.later import drifts, ends_of
from sim.studies.runner import Opened, open_study
from sim.studies.store import read_store

OUTCOMES = ("payment_rate", "cost_covered", "unresolved")
"""What the forms are compared in, beside their cost."""
COST = "full_cost"
NEEDED = (*OUTCOMES, COST, "public_cost")
SUBSIDY = "street.subsidy"
TOLERANCE = 0.05
"""Largest share of its cost by which a form may differ from the first of its row and count as equally dear."""


@dataclass(frozen=True)
class Form:
    """One form in a row of money: values run by run, each (replicate,), NaN where missing."""

    place: str
    row: str
    name: str
    times: float
    offered: float
    """Subsidy offered at once its amount, yuan per dwelling and year."""
    values: Mapping[str, np.ndarray]
    """By outcome."""
    drift: Mapping[str, np.ndarray]
    """By outcome that was kept in the policy month: how far each run moved since then."""
    base: "Form | None"
    """The first form of the same row, None for that one itself."""

    def mean(self, what: str) -> Interval:
        """Return the mean of an outcome with its interval."""
        return Interval(self.values[what])

    def more(self, what: str) -> Interval:
        """Return the paired difference to the first form of the row, run by run on equal luck."""
        base = self if self.base is None else self.base
        return Interval(self.values[what] - base.values[what])

    def moved(self, what: str) -> Interval:
        """Return how far the form moved by itself since the policy month, NaN where that was not kept."""
        return Interval(self.drift.get(what, np.full(1, np.nan)))

    @property
    def dearer(self) -> float:
        """Return by what share of its cost this form is dearer than the first of its row."""
        return 0.0 if self.base is None else float(self.more(COST).mean / self.base.mean(COST).mean)


def forms_of(path: Path) -> list[Form]:
    """Read a study whose arms are forms with programmes, at one point.

    Raises InputError where it varies something, or did not keep an outcome that is needed.
    """
    opened = open_study(read_store(path))
    missing = [name for name in NEEDED if name not in opened.study.outcomes]
    if missing:
        raise InputError(f"{path}: the study did not keep {', '.join(missing)}; add it to its outcomes.")
    if len(opened.design) > 1:
        raise InputError(f"{path}: the study varies {', '.join(opened.design.paths)}; money is compared at one point.")
    moved = {name: drifts(opened, name, opened.study.months) for name in OUTCOMES}
    found: list[Form] = []
    for k, (world, values, times) in enumerate(
        zip(opened.work.worlds, _values(opened), opened.study.times, strict=True)
    ):
        drift = {name: of[k, 0] for name, of in moved.items() if of is not None}
        name, _, row = world.label.partition(" + ")
        base = next((form for form in found if (form.place, form.row) == (world.place, row)), None)
        amount = times.get(SUBSIDY, 1.0)
        found.append(Form(world.place, row, name, amount, _offered(world) / (amount or 1.0), values, drift, base))
    rows, places = ([getattr(form, key) for form in found] for key in ("row", "place"))
    return sorted(found, key=lambda form: (rows.index(form.row), places.index(form.place)))


def _offered(world: World) -> float:
    """Return the subsidy that a world offers, yuan per dwelling and year, mean over its months."""
    starts = [segment.month for segment in world.segments]
    lengths = np.diff([*starts, world.months])
    paid = sum(float(s.values[SUBSIDY]) * n for s, n in zip(world.segments, lengths, strict=True)) / world.months
    return float(paid * world.before["population.area_mean"] * 12.0)


def _values(opened: Opened) -> list[dict[str, np.ndarray]]:
    """Return what each arm came to, in the order of the arms."""
    frame = ends_of(opened, NEEDED)
    n = int(frame["replicate"].max()) + 1
    found = []
    for world in opened.work.worlds:
        label, place = world.label, world.place
        runs = frame[(frame["scenario"] == label) & (frame["place"] == place)]
        values = {name: np.full(n, np.nan) for name in NEEDED}
        for name in NEEDED:
            values[name][runs["replicate"].to_numpy()] = runs[name].to_numpy()
        found.append(values)
    return found


def evened(form: Form, forms: Sequence[Form]) -> float:
    """Return the amount at which a form costs as much as the dearest of its row and place does now.

    The amount multiplies the subsidy; NaN without one. Every yuan offered is taken to be paid, so that where providers
    come and go a second try may be needed.
    """
    rivals = [f for f in forms if (f.place, f.row) == (form.place, form.row)]
    gap = max(float(rival.mean(COST).mean) for rival in rivals) - float(form.mean(COST).mean)
    return max(0.0, form.times + gap / form.offered) if form.offered else float("nan")
