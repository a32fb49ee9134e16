"""Where a mean paired difference passes through zero as one factor moves, and how surely.

Between two values that were run, each run's difference is taken as a straight line. The interval of a crossing is the
range of values at which a paired test (Student) does not tell the mean difference from zero (Fieller 1954, value by
value): it may be open at an end of the range looked at, and two crossings may share one.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sim.results import student


@dataclass(frozen=True)
class Crossing:
    """A value at which the order turns: `rises` where the difference goes from below zero to above it.

    low, high : its 95 % interval, infinite where it reaches an end of the range, NaN for one run alone.
    """

    at: float
    low: float
    high: float
    rises: bool


def crossings(x: np.ndarray, differences: np.ndarray) -> list[Crossing]:
    """Return where the mean of paired differences changes sign.

    x : (value,), ascending; differences : (value, run), without missing values.
    """
    mean = differences.mean(axis=1)
    signs = np.flatnonzero(mean)
    untold = undecided(x, differences)
    found = []
    for p, q in pairwise(signs.tolist()):
        if mean[p] * mean[q] > 0:
            continue
        if q > p + 1:  # exactly zero between them
            at = float(x[p + 1] + x[q - 1]) / 2
        else:
            at = float(x[p] + (x[q] - x[p]) * mean[p] / (mean[p] - mean[q]))
        low, high = _around(at, x, untold, differences.shape[1])
        found.append(Crossing(at, low, high, bool(mean[q] > 0)))
    return found


def _around(at: float, x: np.ndarray, untold: list[tuple[float, float]], n: int) -> tuple[float, float]:
    """Return the range that is not told from zero around a crossing."""
    if n < 2:
        return float("nan"), float("nan")
    slack = 1e-9 * float(x[-1] - x[0])
    low, high = next(((a, b) for a, b in untold if a - slack <= at <= b + slack), (at, at))
    return (-np.inf if low <= x[0] else low), (np.inf if high >= x[-1] else high)


def undecided(x: np.ndarray, differences: np.ndarray) -> list[tuple[float, float]]:
    """Return the ranges of values in which the mean difference is not told from zero, ascending.

    x : (value,), ascending; differences : (value, run), without missing values.
    """
    n = differences.shape[1]
    if n < 2:
        return [(float(x[0]), float(x[-1]))]
    t2 = student(n - 1) ** 2
    pieces: list[tuple[float, float]] = []
    for k in range(len(x) - 1):
        pieces += _piece(float(x[k]), float(x[k + 1]), differences[k : k + 2], t2 / n)
    joined: list[tuple[float, float]] = []
    for low, high in pieces:
        if joined and low <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(high, joined[-1][1])
        else:
            joined.append((low, high))
    return joined


def _piece(a: float, b: float, ends: np.ndarray, scale: float) -> list[tuple[float, float]]:
    """Return where, between two values, mean squared is at most `scale` times the variance: a quadratic in between.

    ends : (2, run), differences at the two values.
    """
    m0, m1 = ends.mean(axis=1).tolist()
    (v0, c), (_, v1) = (scale * np.cov(ends)).tolist()
    constant = m0 * m0 - v0
    linear = 2 * (m0 * (m1 - m0) - (c - v0))
    square = (m1 - m0) ** 2 - (v0 - 2 * c + v1)
    roots = np.roots([square, linear, constant])
    inside = sorted(float(r.real) for r in roots if abs(r.imag) < 1e-12 and 0 < r.real < 1)
    knots = [0.0, *inside, 1.0]
    found = []
    for low, high in pairwise(knots):
        w = (low + high) / 2
        if (square * w + linear) * w + constant <= 0:
            found.append((a + low * (b - a), a + high * (b - a)))
    return found
