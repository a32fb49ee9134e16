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
from sim.studies.dataset import read_table
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
    base: "Form | None"
    """The first form of the same row, None for that one itself."""

    def mean(self, what: str) -> Interval:
        """Return the mean of an outcome with its interval."""
        return Interval(self.values[what])

    def more(self, what: str) -> Interval:
        """Return the paired difference to the first form of the row, run by run on equal luck."""
        base = self if self.base is None else self.base
        return Interval(self.values[what] - base.values[what])

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
    found: list[Form] = []
    for world, values, times in zip(opened.work.worlds, _values(opened), opened.study.times, strict=True):
        name, _, row = world.label.partition(" + ")
        base = next((form for form in found if (form.place, form.row) == (world.place, row)), None)
        amount = times.get(SUBSIDY, 1.0)
        found.append(Form(world.place, row, name, amount, _offered(world) / (amount or 1.0), values, base))
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
    table = read_table(opened.store, "runs", ["scenario", "place", "replicate", *NEEDED])
    if table is None:
        raise InputError(f"{opened.store.path} holds no runs yet; linli study resume {opened.store.path} makes them.")
    frame = table.to_pandas()
    n = int(frame["replicate"].max()) + 1
    found = []
    for world in opened.work.worlds:
        label, place = world.label, world.place
        runs = frame[(frame["scenario"] == label) & (frame["place"] == place)]
        values = {name: np.full(n, np.nan) for name in NEEDED}
        for name in NEEDED:
            values[name][runs["replicate"].to_numpy()] = runs[name].to_numpy(dtype=float, na_value=np.nan)
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


def lines(forms: Sequence[Form]) -> list[str]:
    """Return the comparison for people."""
    told = []
    for row in dict.fromkeys(form.row for form in forms):
        told += ["", f"{row or 'no money'}"]
        for form in (form for form in forms if form.row == row):
            bills, cover, left = (form.mean(name) for name in OUTCOMES)
            told.append(
                f"  {form.place:<10} {form.name:<16} bills paid {_shown(bills, 3)}, cost covered {_shown(cover, 3)}, "
                f"unresolved {_shown(left, 1)}, full cost {_shown(form.mean(COST), 1)} yuan, public money "
                f"{_shown(form.mean('public_cost'), 1)} yuan" + (f", amount x {form.times:g}" if row else "")
            )
            if form.base is not None:
                bills, cover, left = (form.more(name) for name in OUTCOMES)
                far = abs(form.dearer) > TOLERANCE
                told.append(
                    f"  {'':<10} {'- ' + form.base.name:<16} bills paid {_shown(bills, 3, '+')}, cost covered "
                    f"{_shown(cover, 3, '+')}, unresolved {_shown(left, 1, '+')}, full cost {100 * form.dearer:+.1f} %"
                    f"{' (not equal)' if far else ''}"
                )
    return told[1:]


def _shown(interval: Interval, digits: int, sign: str = "") -> str:
    return f"{interval.mean:{sign}.{digits}f} ({interval.low:{sign}.{digits}f} to {interval.high:{sign}.{digits}f})"


def columns(forms: Sequence[Form]) -> dict[str, np.ndarray]:
    """Return one row a form as columns: means, paired differences with their intervals, and the difference in cost."""
    found: dict[str, list[object]] = {}
    for form in forms:
        row: dict[str, object] = {"money": form.row or "none", "place": form.place, "form": form.name}
        row |= {"times": form.times, "base": (form.base or form).name, "dearer": form.dearer}
        for name in NEEDED:
            for what, interval in (("", form.mean(name)), ("_more", form.more(name))):
                row |= {f"{name}{what}{end}": getattr(interval, end[1:] or "mean") for end in ("", "_low", "_high")}
        for key, value in row.items():
            found.setdefault(key, []).append(value)
    texts = ("money", "place", "form", "base")
    arrays = {key: np.array(values, object if key in texts else float) for key, values in found.items()}
    return {key: array if key in texts else np.ma.masked_invalid(array) for key, array in arrays.items()}
