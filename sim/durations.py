"""How long until something happens, worked out from monthly totals: a firm gives up, a renovation's gain is half gone.

Each is known from the month in which it happens and missing before, so that nothing looks ahead.
"""

from typing import TYPE_CHECKING

import numpy as np

from sim.totals import Total

if TYPE_CHECKING:
    from sim.outcomes import Months

WORKS_RISE = 0.02
"""A stock of facilities that rises by more than this in a month is being renovated: upkeep cannot do it."""
WORKS_GAIN = 0.05
"""Works that raise it by less than this in all are not followed."""

_WHOLE = 2_000_000
"""Two stocks of 1, in millionths."""


def months_to_exit(months: "Months") -> np.ndarray:
    """Return the months from the policy month until a firm first gave up, (run, month): mean of estates it has left.

    The month in which it leaves counts. NaN while no firm has left.
    """
    left = months.by_estate(Total.FIRM_LEFT) > 0
    left[:, : months.first] = False
    gone = np.logical_or.accumulate(left, axis=1)
    newly = gone.copy()
    newly[:, 1:] &= ~gone[:, :-1]
    lived = np.arange(left.shape[1])[None, :, None] - months.first + 1
    return mean_of(np.cumsum(newly * lived, axis=1), gone)


def firms_gone(months: "Months") -> np.ndarray:
    """Return the share of estates that a firm has given up since the policy month, (run, month).

    Every estate is watched to the end of the run, so that this is the cumulative incidence of giving up (1 less the
    Kaplan-Meier estimate), with those that stay censored there. NaN before the policy month.
    """
    left = months.by_estate(Total.FIRM_LEFT) > 0
    left[:, : months.first] = False
    share: np.ndarray = np.logical_or.accumulate(left, axis=1).mean(axis=-1)
    share[:, : months.first] = np.nan
    return share


def gain_half_life(months: "Months") -> np.ndarray:
    """Return the months until half of what a renovation gained is gone, (run, month): mean of estates it happened in.

    Works are months in a row, from the policy month on, in which the stock (visible and invisible, each half) rises
    by more than WORKS_RISE; their gain is what they raise it by, over the level before. Counted from the last month
    of the works until the stock is at most half the gain above that level. Of several works the first whose gain
    was half gone before the next began counts. NaN where there were none, or more than half is still there.
    """
    stock = months.by_estate(Total.VISIBLE) + months.by_estate(Total.INVISIBLE)
    n_runs, n_months, n_estates = stock.shape
    before, gain, age = np.zeros((3, n_runs, n_estates), np.int64)
    working, done = np.zeros((2, n_runs, n_estates), bool)
    took = np.zeros(stock.shape)
    known = np.zeros(stock.shape, bool)
    for month in range(max(1, months.first), n_months):
        rising = stock[:, month] - stock[:, month - 1] > WORKS_RISE * _WHOLE
        before = np.where(rising & ~working, stock[:, month - 1], before)
        gain = np.where(rising, stock[:, month] - before, gain)
        age = np.where(rising, 0, age + 1)
        halved = ~rising & ~done & (gain > WORKS_GAIN * _WHOLE) & (2 * (stock[:, month] - before) <= gain)
        took[:, month] = np.where(halved, age, took[:, month - 1])
        done |= halved
        known[:, month] = done
        working = rising
    return mean_of(took, known)


def mean_of(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return the mean over estates of what is known, (run, month); NaN where nothing is; both (run, month, estate)."""
    n = known.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(n == 0, np.nan, (values * known).sum(axis=-1) / np.where(n == 0, 1, n))
