"""The value of one factor at which the order of two forms turns, with an interval."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.asked import MONTHS, REPLICATES, chosen_outcomes, form_in_place, usual_place
from sim.analysis.at_fees import MONTH, Fees, fees_of
from sim.analysis.factor import FEE, Key, check_name, key_of, read_values, unit_of
from sim.analysis.running import Judged
from sim.analysis.turning import Crossing, crossings, undecided
from sim.errors import InputError
from sim.results import Interval
from sim.runs import Progress, check_replicates, check_seed
from sim.scenarios import World

if TYPE_CHECKING:
    import pandas as pd

OUTCOME = "cost_covered"
ENOUGH = 0.5
"""Share of the runs that must have an outcome at a value of the factor; else the value is left out."""


@dataclass(frozen=True)
class Question:
    """Two forms in a place as they are, and at every value of a factor.

    named : the forms as they were asked for; keys : which parameter the factor is in each of them; own : the forms as
    they are; worlds : at every value; settings : options of both.
    """

    named: tuple[str, str]
    factor: str
    keys: tuple[Key, Key]
    values: tuple[float, ...]
    own: tuple[World, World]
    worlds: tuple[tuple[World, World], ...]
    settings: tuple[str, ...]
    months: int

    @property
    def labels(self) -> tuple[str, str]:
        """What the two forms are called."""
        return self.own[0].label, self.own[1].label

    @property
    def place(self) -> str:
        """Where they are compared."""
        return self.own[0].place

    @property
    def unit(self) -> str:
        """Unit of the factor."""
        return unit_of(self.factor)

    def at(self, values: Sequence[float]) -> tuple[World, World]:
        """Resolve both forms, each at its value of the factor."""
        one, other = (
            form_in_place(form, self.place, self.months, [*self.settings, key.setting(value, self.factor)])
            for form, key, value in zip(self.named, self.keys, values, strict=True)
        )
        return one, other


@dataclass(frozen=True)
class Turned:
    """One outcome over the factor: complete paired differences (value, run), where they turn and are not told."""

    outcome: str
    values: np.ndarray
    differences: np.ndarray
    left_out: tuple[float, ...]
    n_missing: int

    @classmethod
    def of(cls, outcome: str, values: Sequence[float], differences: np.ndarray) -> "Turned":
        """Leave out values at which too many runs have no outcome, then runs that lack it at one of the others.

        differences : (value, run), NaN where missing.
        """
        there = ~np.isnan(differences)
        kept = there.mean(axis=1) >= ENOUGH
        whole = there[kept].all(axis=0) if kept.any() else np.zeros(differences.shape[1], bool)
        x = np.asarray(values, float)
        return cls(outcome, x[kept], differences[kept][:, whole], tuple(x[~kept].tolist()), int((~whole).sum()))

    @property
    def told(self) -> bool:
        """Whether there is anything to look at: two values and a run."""
        return len(self.values) > 1 and self.differences.shape[1] > 0

    @cached_property
    def crossings(self) -> list[Crossing]:
        """Where the order turns."""
        return crossings(self.values, self.differences) if self.told else []

    @cached_property
    def undecided(self) -> list[tuple[float, float]]:
        """Ranges of the factor in which the forms are not told apart."""
        return undecided(self.values, self.differences) if self.told else []


@dataclass(frozen=True)
class Crossings:
    """What was found for two forms: `table` has a row per outcome and value, `crossings` one per turn of the order."""

    question: Question
    judged: Judged
    turned: tuple[Turned, ...]
    at: tuple[tuple[Fees, tuple[World, World] | None], ...] = ()
    """What else they are compared at where the factor is the fee; no worlds where one of them has no such fee."""

    @property
    def worlds(self) -> list[World]:
        """Every world that was run, each once."""
        pairs = [*self.question.worlds, *(pair for _, pair in self.at if pair is not None)]
        return list({world.fingerprint(): world for pair in pairs for world in pair}.values())

    @cached_property
    def table(self) -> "pd.DataFrame":
        """Return both forms' means and the mean paired difference with its 95 % interval at every value."""
        import pandas as pd

        factor = self.question.factor
        return pd.DataFrame(
            {**self._where(each.outcome), "factor": factor, "value": value, **self._told(pair, each.outcome)}
            for each in self.turned
            for value, pair in zip(self.question.values, self.question.worlds, strict=True)
        )

    @cached_property
    def fees(self) -> "pd.DataFrame":
        """Return the same at own, equal and voted fees; no rows where the factor is another, NaN where nobody votes."""
        import pandas as pd

        return pd.DataFrame(
            {
                **self._where(each.outcome), "at": fees.at, "fee_form": fees.asked[0], "fee_rival": fees.asked[1],
                **self._told(pair, each.outcome),
            }
            for each in self.turned
            for fees, pair in self.at
        )  # fmt: skip

    def _where(self, outcome: str) -> dict[str, object]:
        first, second = self.question.labels
        return {"form": first, "rival": second, "place": self.question.place, "outcome": outcome}

    def _told(self, pair: tuple[World, World] | None, outcome: str) -> dict[str, object]:
        nothing = np.array([np.nan])
        a, b = (nothing, nothing) if pair is None else (self.judged.of(world, outcome) for world in pair)
        moved = nothing if pair is None else self.judged.moved(pair[1], outcome)
        difference = Interval(a - b)
        return {
            "mean_form": Interval(a).mean, "mean_rival": Interval(b).mean, "difference": difference.mean,
            "low": difference.low, "high": difference.high, "moved_rival": Interval(moved).mean,
            "n": difference.n, "missing": difference.n_missing,
        }  # fmt: skip

    @cached_property
    def crossings(self) -> "pd.DataFrame":
        """Return where the order turns; an end of an interval that lies beyond the values looked at is infinite."""
        import pandas as pd

        columns = ["form", "rival", "place", "outcome", "factor", "number", "at", "low", "high", "rises"]
        first, second = self.question.labels
        where = (first, second, self.question.place)
        rows = [
            (*where, each.outcome, self.question.factor, number, turn.at, turn.low, turn.high, turn.rises)
            for each in self.turned
            for number, turn in enumerate(each.crossings, 1)
        ]
        kinds = dict(zip(columns, [str] * 5 + [int] + [float] * 3 + [bool], strict=True))
        return pd.DataFrame(rows, columns=columns).astype(kinds)

    @property
    def words(self) -> dict[str, str]:
        """Say where the order turns, a paragraph per outcome."""
        from sim.analysis.crossing_words import words

        return words(self)


def crossing(
    form: str,
    rival: str,
    *,
    over: str,
    outcome: str | Sequence[str] = OUTCOME,
    place: str | None = None,
    values: str | Sequence[float] | None = None,
    set: Sequence[str] = (),
    months: int = MONTHS,
    replicates: int = REPLICATES,
    seed: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Crossings:
    """Find the value of one factor at which the order of two forms turns.

    over : a parameter, or `fee`, which is whatever each form's households are asked for; outcome : one or several;
    place : by default the first in which `form` can exist; values : "low:high:n", or the values, by default the
    declared range; set : options "group.name=value" for both forms.

    Raises InputError where an argument is wrong, or the factor moves no run of either form.
    """
    outcomes = chosen_outcomes(outcome)
    asked = question(form, rival, over=over, place=place, values=values, set=set, months=months)
    return crossed(asked, Judged(outcomes, check_seed(seed), check_replicates(replicates)), threads, progress)


def crossed(asked: Question, judged: Judged, threads: int | None, progress: Progress | None) -> Crossings:
    """Find where the order turns, for a question that was resolved."""
    make(asked, judged, threads, progress)
    at = compared_at(asked, judged) if asked.factor == FEE else ()
    judged.make([world for _, pair in at if pair is not None for world in pair], threads, progress)
    turned = []
    for name in judged.outcomes:
        differences = np.array([judged.of(a, name) - judged.of(b, name) for a, b in asked.worlds])
        turned.append(Turned.of(name, asked.values, differences))
    return Crossings(asked, judged, tuple(turned), at)


def question(
    form: str,
    rival: str,
    *,
    over: str,
    place: str | None = None,
    values: str | Sequence[float] | None = None,
    set: Sequence[str] = (),
    months: int = MONTHS,
) -> Question:
    """Resolve two forms at every value of a factor; the arguments are those of `crossing`.

    Raises InputError for the first thing that is wrong.
    """
    over = over.strip()
    check_name(over)
    where = place or usual_place(form)
    one, other = (form_in_place(name, where, months, set) for name in (form, rival))
    if one.label == other.label:
        raise InputError(f"{one.label} is named twice; name two forms.")
    keys = key_of(over, one), key_of(over, other)
    for key in keys:
        if any(option.partition("=")[0].strip() == key.path for option in set):
            raise InputError(f"--set {key.path}: is what --over {over} moves; leave it out.")
    grid = read_values(values, over, keys)
    asked = Question((form, rival), over, keys, grid, (one, other), (), tuple(set), months)
    return replace(asked, worlds=tuple(asked.at((value, value)) for value in grid))


def compared_at(asked: Question, judged: Judged) -> tuple[tuple[Fees, tuple[World, World] | None], ...]:
    """Return own, equal and voted fees with both forms at them."""
    months = max(asked.months, MONTH)
    one, other = (form_in_place(form, asked.place, months, asked.settings) for form in asked.named)
    fees = fees_of((one, other), asked.keys, judged.seed, judged.replicates)
    pairs = (asked.own, *(asked.at(each.asked) if each.there else None for each in fees[1:]))
    return tuple(zip(fees, pairs, strict=True))


def make(asked: Question, judged: Judged, threads: int | None, progress: Progress | None) -> None:
    """Make the runs, those at the two ends first.

    Raises InputError where no run of either form differs between them.
    """
    (one_low, other_low), (one_high, other_high) = asked.worlds[0], asked.worlds[-1]
    judged.make([one_low, one_high, other_low, other_high], threads, progress)
    if judged.same(one_low, one_high) and judged.same(other_low, other_high):
        low, high = asked.values[0], asked.values[-1]
        raise InputError(
            f"--over {asked.factor}: from {low:g} to {high:g} it moves nothing in {asked.labels[0]} and nothing in "
            f"{asked.labels[1]} in {asked.place}: neither form reads it; name a factor that one of them reads."
        )
    judged.make([world for pair in asked.worlds for world in pair], threads, progress)
