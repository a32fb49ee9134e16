"""How issues end, pooled over the runs of an arm: small estates have few issues, so runs are added up first.

Aalen-Johansen over all issues that arose from the policy month on; the interval is a jackknife over runs.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from agents.rules.case import SPAN
from sim.results import Arm, student
from sim.state import ENDS, HORIZONS, LIFE_MONTHS
from sim.survival import SETTLED, incidence, restricted_mean


@dataclass(frozen=True)
class Pooled:
    """What was worked out of the issues of all runs, with its 95 % interval between runs; all of one shape."""

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray


def kept_ends(arm: Arm) -> np.ndarray:
    """Return the ends of issues, (run, end, age), of the runs that did not fail; the last end are those still open."""
    if arm.ends is None:
        return np.zeros((0, len(ENDS) + 1, LIFE_MONTHS), np.int64)
    return arm.ends[[text == "ok" for text in arm.status]]


def pooled(arm: Arm, statistic: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Pooled:
    """Return a statistic of the ends of all runs' issues and its jackknife interval, NaN for one run alone.

    statistic : of ends, (end, age), and of those still open, (age,), as in `sim.survival`. The jackknife leaves out
    one run at a time (Efron 1982): issues of one run share households and luck.
    """
    runs = kept_ends(arm)
    whole, n = runs.sum(axis=0), len(runs)
    value = statistic(whole[:-1], whole[-1])
    if n < 2:
        return Pooled(value, np.full(value.shape, np.nan), np.full(value.shape, np.nan))
    without = np.array([statistic((whole - run)[:-1], (whole - run)[-1]) for run in runs])
    spread = np.sqrt((n - 1) / n * ((without - without.mean(axis=0)) ** 2).sum(axis=0))
    half = student(n - 1) * spread
    return Pooled(value, value - half, value + half)


def time_unsettled(arm: Arm) -> Pooled:
    """Return the restricted mean time without a settlement, months of the first SPAN; NaN for shorter runs."""
    return pooled(arm, lambda ends, still: np.array(restricted_mean(ends, still, SPAN) if _seen(arm, SPAN) else np.nan))


def settled_within(arm: Arm) -> np.ndarray:
    """Return the share of issues really settled within each of HORIZONS months, NaN where runs are shorter.

    Within 1 month is in the month in which it arose or in the next, as in the outcome `settled_1`.
    """
    whole = kept_ends(arm).sum(axis=0)
    share = incidence(whole[:-1], whole[-1])[SETTLED]
    return np.array([share[horizon] if _seen(arm, horizon + 1) else np.nan for horizon in HORIZONS])


def _seen(arm: Arm, n_months: int) -> bool:
    """Say whether an issue of the policy month was watched for so many months."""
    return int((arm.months >= 0).sum()) >= n_months
