"""Which observed patterns the points of a study reach, and which of them together.

A row is one observed number and how near counts as reached (`sim.studies.tolerances`); a pattern is some rows reached
at one and the same point. Nothing is fitted: the share of points says how much of the declared ranges gives a pattern.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from sim.errors import InputError
from sim.scenarios.values import did_you_mean
from sim.studies.odds import wilson
from sim.studies.runner import Opened, open_study
from sim.studies.store import read_store
from sim.studies.tolerances import Patterns, Row

FIRM = "firm_present"
EXIT = "months_to_exit"
PAID = "payment_rate"


@dataclass(frozen=True)
class Arm:
    """What the runs of an arm came to; NaN where missing.

    ends : by outcome, (point, replicate); months : by outcome, (point, replicate, month) from the policy month on;
    firm_at_start, paid_at_start : (point, replicate), whether a firm served, and the payment rate, when the policy
    month began.
    """

    ends: Mapping[str, np.ndarray]
    months: Mapping[str, np.ndarray]
    firm_at_start: np.ndarray
    paid_at_start: np.ndarray


@dataclass(frozen=True)
class Reached:
    """How often something is reached: `there`, `yes` : (point,), whether it has a value, whether it is reached."""

    name: str
    there: np.ndarray
    yes: np.ndarray

    @property
    def share(self) -> tuple[float, float, float]:
        """Return the share of all points that reach it, with its 95 % interval (Wilson)."""
        return wilson(int(self.yes.sum()), len(self.yes))

    @property
    def first(self) -> int:
        """Return the first point that reaches it, -1 where none does."""
        return int(np.flatnonzero(self.yes)[0]) if self.yes.any() else -1


@dataclass(frozen=True)
class Found:
    """What a search found.

    values : of each row, (point,); patterns : of each, at which points; together : of each pair of patterns, by name;
    kept, of : in how many runs of the arm `keeps` the firm stays, of those that have one and pay as they should, at
    points that match; kept_any, of_any : the same whatever is paid.
    """

    told: Patterns
    values: Mapping[str, np.ndarray]
    rows: tuple[Reached, ...]
    patterns: tuple[Reached, ...]
    together: Mapping[tuple[str, str], Reached]
    matched: int
    kept: int
    of: int
    kept_any: int
    of_any: int


def found_in(path: Path, told: Patterns) -> Found:
    """Read a study and count what its points reach.

    Raises InputError where the study has not the arms or outcomes that the rows are about.
    """
    opened = open_study(read_store(path))
    lacking = sorted({row.outcome for row in told.rows if row.outcome} - set(opened.study.outcomes))
    if lacking:
        raise InputError(f"{path}: the study did not keep {', '.join(lacking)}; add it to its outcomes.")
    names = list(dict.fromkeys([*(row.arm for row in told.rows), told.keeps.arm]))
    return count(_arms(opened, names), told)


def values_of(path: Path, factor: str) -> list[object]:
    """Return the value of a factor at every point of a study that gives it a few values, or raise InputError."""
    opened = open_study(read_store(path))
    few = [each.path for each in opened.study.factors if each.values]
    if factor not in few:
        raise InputError(f"--by {factor}: not a factor with a few values{did_you_mean(factor, few)}")
    return list(opened.design.table()[factor].to_pylist())


def count(arms: Mapping[str, Arm], told: Patterns) -> Found:
    """Count what the points of some arms reach."""
    values = {row.name: measured(arms[row.arm], row) for row in told.rows}
    rows = tuple(_reached(row, values[row.name]) for row in told.rows)
    by_name = {row.name: row for row in rows}
    patterns = tuple(_all_of(name, [by_name[part] for part in of]) for name, of in told.patterns.items())
    known = {pattern.name: pattern for pattern in patterns}
    pairs = {pair: _all_of(" and ".join(pair), [known[name] for name in pair]) for pair in combinations(known, 2)}
    match = _all_of("", [known[name] for name in told.keeps.where]).yes
    stays = arms[told.keeps.arm]
    has = stays.firm_at_start[match] > 0
    kept = has & np.isnan(stays.ends[EXIT][match])
    sound = np.abs(stays.paid_at_start[match] - told.keeps.paid) <= told.keeps.near
    counts = (int(part.sum()) for part in (match, kept & sound, has & sound, kept, has))
    return Found(told, values, rows, patterns, pairs, *counts)


def _reached(row: Row, values: np.ndarray) -> Reached:
    there = ~np.isnan(values)
    yes = there & (np.nan_to_num(values, nan=np.inf) >= row.low) & (np.nan_to_num(values, nan=np.inf) <= row.high)
    return Reached(row.name, there, yes)


def _all_of(name: str, parts: Sequence[Reached]) -> Reached:
    there, yes = (np.logical_and.reduce([getattr(part, key) for part in parts]) for key in ("there", "yes"))
    return Reached(name, there, yes)


# --- measures -------------------------------------------------------------------------------------------------------


def measured(arm: Arm, row: Row) -> np.ndarray:
    """Return what a row measures, (point,): a mean over the runs that have it, NaN where none has.

    A time is endless (inf) where what it waits for does not come.
    """
    months = row.months or 0
    if row.measure == "end":
        return _mean(arm.ends[row.outcome or ""])
    if row.measure == "after":
        return _mean(arm.months[row.outcome or ""][..., months - 1])
    if row.measure == "first_exit":
        return _mean(np.where(np.isnan(arm.ends[EXIT]), np.inf, arm.ends[EXIT]))
    if row.measure == "longest_exit":
        left = arm.ends[EXIT]
        longest = np.nan_to_num(left, nan=-np.inf).max(axis=-1)
        return np.where(np.isfinite(longest), longest, np.nan)
    present = arm.months[FIRM] > 0
    if row.measure == "none_before":
        return _mean(np.asarray(~present[..., :months].any(axis=-1), float))
    stays = [[_second(run, months) for run in point] for point in present]
    pick = 0 if row.measure == "second_stay" else 1
    return _mean(np.array(stays, float).reshape(*present.shape[:2], 2)[..., pick])


def _second(present: np.ndarray, months: int) -> tuple[float, float]:
    """Return how long the second firm of a run stays, and whether nobody serves for `months` months after it left.

    present : (month,), whether a firm serves; the first firm serves in the first month. NaN where there is no second
    firm, or the run ends before the months are over; the stay is endless where the run ends before it.
    """
    changes = np.flatnonzero(np.diff(present.astype(np.int8))) + 1
    first = 0 if present[0] else 1
    if len(changes) < first + 2:
        return np.nan, np.nan
    came = int(changes[first + 1])
    if len(changes) < first + 3:
        return np.inf, np.nan
    left = int(changes[first + 2])
    over = left + months <= len(present)
    return float(left - came), float(not present[left : left + months].any()) if over else np.nan


def _mean(values: np.ndarray) -> np.ndarray:
    """Return the mean over the last axis of what is known, NaN where nothing is."""
    known = ~np.isnan(values)
    total = np.where(known, values, 0.0).sum(axis=-1)
    return np.where(known.any(axis=-1), total / np.maximum(known.sum(axis=-1), 1), np.nan)


# --- reading --------------------------------------------------------------------------------------------------------


def _arms(opened: Opened, names: Sequence[str]) -> dict[str, Arm]:
    """Read some arms of a study.

    Raises InputError where it lacks one, or did not keep what rows are counted from.
    """
    path, labels, outcomes = opened.store.path, [world.label for world in opened.work.worlds], opened.study.outcomes
    for name in names:
        if labels.count(name) != 1:
            raise InputError(f"{path}: no arm of the study is called {name}{did_you_mean(name, labels)}")
    lacking = [outcome for outcome in (FIRM, EXIT, PAID) if outcome not in outcomes]
    if lacking or "series" not in opened.study.keep or opened.study.at:
        right = f"outcomes {', '.join(lacking)}" if lacking else 'keep = ["series"], without at'
        raise InputError(f"{path}: the study did not keep what patterns are counted from; add {right}")
    shape = (len(names), len(opened.design), opened.replicates)
    ends = {outcome: np.full(shape, np.nan) for outcome in outcomes}
    months = {outcome: np.full((*shape, opened.study.months + 1), np.nan) for outcome in outcomes}
    for kind, into in (("runs", ends), ("series", months)):
        for chunk in opened.store.names(kind):
            keys = ["scenario", "point", "replicate", *(["month"] if kind == "series" else [])]
            table = opened.store.table(chunk, [*keys, *outcomes]).to_pandas()
            table = table[table["scenario"].isin(names)]
            if kind == "series":
                table = table[table["month"] >= -1]
            at = [np.array([names.index(name) for name in table["scenario"]], int), table["point"], table["replicate"]]
            at += [table["month"] + 1] if kind == "series" else []
            for outcome in outcomes:
                into[outcome][tuple(at)] = table[outcome].to_numpy(dtype=float, na_value=np.nan)
    return {
        name: Arm(
            {outcome: values[k] for outcome, values in ends.items()},
            {outcome: values[k, ..., 1:] for outcome, values in months.items()},
            months[FIRM][k, ..., 0],
            months[PAID][k, ..., 0],
        )
        for k, name in enumerate(names)
    }
