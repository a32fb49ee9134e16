"""Ablate a form: set each of its levers back to what a rival has, one at a time, and all but one.

A form's lead over a rival is a sum over levers only where levers do not work together. So two questions are asked of
each lever: what goes when it alone is set back (`last`, form less form without it), and what comes when it alone is
given (`alone`, rival with it less rival). All runs have the same households and luck, and differences are paired.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.asked import MONTHS, REPLICATES, base_of, chosen_outcomes, form_in_place, usual_place
from sim.analysis.mixing import levers_apart, mixed, told_value, with_station_s_terms
from sim.analysis.running import Judged
from sim.errors import InputError
from sim.results import CONFIDENCE, Interval
from sim.runs import Progress, check_replicates, check_seed
from sim.scenarios import World

if TYPE_CHECKING:
    import pandas as pd

OUTCOMES = (
    "payment_rate", "cost_covered_debts", "cost_covered", "settled_3", "full_cost", "unresolved", "without_provider",
)  # fmt: skip
"""Bills paid by three months, old debts collected, cost covered, settled of complaints made, full cost, unresolved, and
where nobody serves: a lever may lead by keeping alive who would give up without it."""

WHOLE, LAST, ALONE, MOVED = "whole", "last", "alone", "moved"
SUM_LAST, SUM_ALONE, BEYOND_LAST, BEYOND_ALONE = "sum_last", "sum_alone", "beyond_last", "beyond_alone"
ROWS = {
    WHOLE: "form less rival",
    LAST: "form less form without the lever: what goes when it is set back",
    ALONE: "rival with the lever less rival: what comes when it alone is given",
    SUM_LAST: "sum of `last` over the levers",
    SUM_ALONE: "sum of `alone` over the levers",
    BEYOND_LAST: "whole less that sum: what levers do together, counted from the form",
    BEYOND_ALONE: "whole less that sum: what levers do together, counted from the rival",
    MOVED: "rival in the last month less itself in the month before the policy: its own drift",
}
"""The rows of the table and what each of them is."""

MORE, LESS, NOISE, NOTHING, MISSING = "more", "less", "noise", "nothing", "missing"
"""Verdicts: told from zero, and which way; not told from noise; no run differs in this outcome at all; too few runs."""


@dataclass(frozen=True)
class Pair:
    """A form and a rival, the levers in which they differ, and the worlds between them, in that order."""

    form: World
    rival: World
    levers: tuple[str, ...]
    without: tuple[World, ...]
    alone: tuple[World, ...]

    @classmethod
    def of(cls, form: World, rival: World) -> "Pair":
        """Set every lever in which two forms differ back, and set back all but it."""
        rival = with_station_s_terms(rival, form)
        levers = levers_apart(form, rival)
        without = tuple(mixed(form, rival, {lever}, f"{form.label} without {lever}") for lever in levers)
        alone = tuple(mixed(rival, form, {lever}, f"{rival.label} with {lever} of {form.label}") for lever in levers)
        return cls(form, rival, levers, without, alone)

    @property
    def worlds(self) -> list[World]:
        """The two forms, then the worlds between them."""
        return [self.form, self.rival, *self.without, *self.alone]


@dataclass(frozen=True)
class Ablation:
    """What an ablation found; `table` holds a row per rival, outcome, kind of row and lever."""

    pairs: tuple[Pair, ...]
    judged: Judged
    months: int

    @property
    def form(self) -> World:
        """The form that is taken apart."""
        return self.pairs[0].form

    @property
    def worlds(self) -> list[World]:
        """Every world that was run, each once."""
        return list({world.fingerprint(): world for pair in self.pairs for world in pair.worlds}.values())

    @cached_property
    def table(self) -> "pd.DataFrame":
        """Return means of paired differences with 95 % intervals, a row each."""
        import pandas as pd

        rows = [row for pair in self.pairs for name in self.judged.outcomes for row in _rows(pair, name, self.judged)]
        return pd.DataFrame(rows)

    @property
    def words(self) -> dict[str, str]:
        """Say what was found, a paragraph per rival."""
        from sim.analysis.ablation_words import words

        return words(self.table)


def ablate(
    form: str,
    *,
    rivals: Sequence[str] = (),
    place: str | None = None,
    set: Sequence[str] = (),
    outcomes: Sequence[str] = OUTCOMES,
    months: int = MONTHS,
    replicates: int = REPLICATES,
    seed: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Ablation:
    """Set each lever of a form back to what a rival has, one at a time, and all but one.

    form : a form, with programmes if it has any; rivals : forms that could exist in the place, by default the form's
    base; place : by default the first in which the form can exist; set : options "group.name=value", for all of them.

    Raises InputError where an argument is wrong.
    """
    question = asked(form, rivals=rivals, place=place, set=set, months=months)
    judged = Judged(chosen_outcomes(outcomes), check_seed(seed), check_replicates(replicates))
    found = Ablation(question, judged, months)
    judged.make(found.worlds, threads, progress)
    return found


def asked(
    form: str, *, rivals: Sequence[str], place: str | None, set: Sequence[str], months: int
) -> tuple[Pair, ...]:
    """Resolve a form and its rivals and pair them.

    Raises InputError where one of them is wrong or named twice.
    """
    where = place or usual_place(form)
    whole = form_in_place(form, where, months, set)
    names = [rivals] if isinstance(rivals, str) else list(rivals) or [base_of(form, where)]
    others = [form_in_place(name, where, months, set) for name in names]
    labels = [other.label for other in others]
    for label in labels:
        if labels.count(label) > 1:
            raise InputError(f"--rival {label}: is named {labels.count(label)} times; name each rival once.")
        if label == whole.label:
            raise InputError(f"--rival {label}: is the form itself; name another one.")
    return tuple(Pair.of(whole, other) for other in others)


# --- the table ------------------------------------------------------------------------------------------------------


def _rows(pair: Pair, outcome: str, judged: Judged) -> Iterator[dict[str, object]]:
    """Yield the rows of one rival and outcome, with p-values adjusted over its levers."""
    form, rival = judged.of(pair.form, outcome), judged.of(pair.rival, outcome)
    whole = form - rival
    last = [form - judged.of(world, outcome) for world in pair.without]
    alone = [judged.of(world, outcome) - rival for world in pair.alone]
    last_sum, alone_sum = np.sum(last, axis=0), np.sum(alone, axis=0)
    found = [
        (WHOLE, "", whole),
        *((LAST, lever, values) for lever, values in zip(pair.levers, last, strict=True)),
        *((ALONE, lever, values) for lever, values in zip(pair.levers, alone, strict=True)),
        *((SUM_LAST, "", last_sum), (SUM_ALONE, "", alone_sum)),
        *((BEYOND_LAST, "", whole - last_sum), (BEYOND_ALONE, "", whole - alone_sum)),
        (MOVED, "", judged.moved(pair.rival, outcome)),
    ]
    chances = np.array([chance(values) for _, _, values in found])
    adjusted = np.full(len(found), np.nan)
    of_levers = np.array([kind in (LAST, ALONE) for kind, _, _ in found]) & ~np.isnan(chances)
    if of_levers.any():
        from scipy.stats import false_discovery_control

        adjusted[of_levers] = false_discovery_control(chances[of_levers])
    for (kind, lever, values), p, p_adjusted in zip(found, chances.tolist(), adjusted.tolist(), strict=True):
        interval = Interval(values)
        yield {
            "form": pair.form.label,
            "rival": pair.rival.label,
            "place": pair.form.place,
            "outcome": outcome,
            "row": kind,
            "lever": lever,
            "in_form": told_value(pair.form, lever) if lever else "",
            "in_rival": told_value(pair.rival, lever) if lever else "",
            "mean": interval.mean,
            "low": interval.low,
            "high": interval.high,
            "n": interval.n,
            "missing": interval.n_missing,
            "p": p,
            "p_adjusted": p_adjusted,
            "verdict": verdict(values),
        }


def verdict(values: np.ndarray) -> str:
    """Say whether paired differences, (run,), are told from zero by their 95 % interval."""
    kept = values[~np.isnan(values)]
    if len(kept) and not kept.any():
        return NOTHING
    interval = Interval(values)
    if not interval.n > 1:
        return MISSING
    if interval.low > 0 or interval.high < 0:
        return MORE if interval.mean > 0 else LESS
    return NOISE


def chance(values: np.ndarray) -> float:
    """Return the two-sided p-value of Student's test that paired differences, (run,), have mean zero.

    It agrees with the interval; NaN where there are too few runs or no run differs.
    """
    from scipy.special import stdtr

    kept = values[~np.isnan(values)]
    if len(kept) < 2 or not kept.any():
        return float("nan")
    spread = float(kept.std(ddof=1)) / len(kept) ** 0.5
    if spread == 0.0:
        return 0.0
    return float(2.0 * stdtr(len(kept) - 1, -abs(float(kept.mean())) / spread))


def records(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    """Return the rows of a table, each by the names of its columns."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def only(part: "pd.DataFrame", kind: str) -> dict[str, Any]:
    """Return the one row of a kind that is no lever's, of one rival and outcome."""
    return records(part[part["row"] == kind])[0]


CHANCE = 1.0 - CONFIDENCE
"""Level at which `p_adjusted` still tells a lever from noise when all levers of a rival and outcome are looked at."""
