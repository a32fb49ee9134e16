"""Pairs of runs with and without a cause: paired differences over windows, and how sure they are."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from estates import Z

from sim.results import Results
from sim.runs import run
from sim.totals import Total


@cache
def pair(name: str, replicates: int, months: int = 120) -> Results:
    """Run an experiment and the paired run without its cause; every run must finish."""
    results = run(name, months=months, replicates=replicates)
    assert results.n_failed == 0
    return results


def windowed(results: Results, position: int, outcome: str, first: int, last: int) -> np.ndarray:
    """Return the mean of an outcome over months first to last - 1 of each run, (run,); 0 is without the cause."""
    arm = results.arms[position]
    start = int(np.searchsorted(arm.months, 0))
    return np.asarray(arm.values[outcome][:, start + first : start + last].mean(axis=1))


def differences(results: Results, outcome: str, first: int, last: int) -> np.ndarray:
    """Return the paired differences, with the cause less without it, over a window of months, (run,)."""
    return windowed(results, 1, outcome, first, last) - windowed(results, 0, outcome, first, last)


def counted(results: Results, position: int, total: Total, first: int = 0) -> np.ndarray:
    """Return a total of every estate, summed over the months from `first` on, (run, estate)."""
    batch = results.batches[position]
    return np.asarray(batch.totals[:, batch.first + first :, total].sum(axis=1))


def sign(values: np.ndarray) -> int:
    """Return +1 or -1 where the mean of independent values lies Z standard errors from 0, else 0."""
    known = values[~np.isnan(values)]
    assert len(known) > 0.9 * len(values)
    error = known.std(ddof=1) / len(known) ** 0.5
    return int(np.sign(known.mean())) if abs(known.mean()) > Z * error else 0


def signs(results: Results, outcomes: Sequence[str], first: int, last: int) -> list[int]:
    """Return `sign` of the paired differences of some outcomes."""
    return [sign(differences(results, outcome, first, last)) for outcome in outcomes]
