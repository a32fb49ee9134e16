"""How stable a regime is: outcomes of an analysis of many runs, declared once with unit, direction and summary.

They judge a form of governance in a place, not a single run: `linli tipping` works them out. One that does not exist
is missing and never a zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from sim.results import Interval

TWO_REGIMES = 0.2
"""Mean end states that lie further apart than this, as share of money, are called two regimes."""
STAYED = 12
"""Months that a run must have been on the far side of the threshold, up to its end, to have passed it for good."""
LEFT_AFTER = 24
"""Months after the end of support at which it is asked what is left of the gain."""


@dataclass(frozen=True, slots=True)
class StabilityOutcome:
    """One outcome: `better` is +1 where more is better, -1 where less is, 0 where it only informs."""

    name: str
    label: str
    unit: str
    better: int
    about: str
    summary: str
    """How many runs become one number."""


_MEAN = "mean of runs, 95 % interval (Student)"
_PAIRED = "mean of runs on equal luck, 95 % interval (Student)"
_SHARE = "share of runs, 95 % interval (Wilson)"
_RATIO = "ratio of means of runs on equal luck, 95 % interval (Fieller)"

_ALL = (
    StabilityOutcome("end_low", "End state from a low start", "share of money", +1,
                     "payment rate in the last month of runs that start low", _MEAN),
    StabilityOutcome("end_high", "End state from a high start", "share of money", +1,
                     "payment rate in the last month of runs that start high", _MEAN),
    StabilityOutcome("end_gap", "Difference of the end states", "share of money", 0,
                     f"end state from the high start less that from the low one; two regimes above {TWO_REGIMES:g}", _PAIRED),
    StabilityOutcome("escape", "Escape from the low start", "share of runs", +1,
                     f"runs from the low start that end above the threshold, and were there for {STAYED} months or more", _SHARE),
    StabilityOutcome("fall", "Fall from the high start", "share of runs", -1,
                     f"runs from the high start that end below the threshold, and were there for {STAYED} months or more", _SHARE),
    StabilityOutcome("dwell_low", "Dwell in the low regime", "months", -1,
                     "months before the escape for good, of the months of the run where there is none", _MEAN),
    StabilityOutcome("dwell_high", "Dwell in the high regime", "months", +1,
                     "months before the fall for good, of the months of the run where there is none", _MEAN),
    StabilityOutcome("hysteresis", "Hysteresis area", "share of money x unit of what is ramped", 0,
                     "area between the way down and the way up of a ramp; it shrinks with the dwell time where only "
                     "slowness keeps the ways apart", _PAIRED),
    StabilityOutcome("jump_up", "Jump on the way up", "unit of what is ramped", 0,
                     "level at which the payment rate first passes the threshold on the way up; missing where it does not", _MEAN),
    StabilityOutcome("jump_down", "Jump on the way down", "unit of what is ramped", 0,
                     "level at which it first falls below the threshold on the way down; missing where it does not", _MEAN),
    StabilityOutcome("gain", "Gain of the support", "unit of the outcome", 0,
                     "outcome with support less without, in the last month of support", _PAIRED),
    StabilityOutcome("gain_left", "Gain left after support", "share of the gain", +1,
                     f"gain {LEFT_AFTER} months after support has ended, of the gain in its last month", _RATIO),
    StabilityOutcome("half_life", "Half-life of the gain", "months", +1,
                     "months after the end of support in which the mean gain first is at most half of what it was when "
                     "support ended; missing where that does not happen in the run",
                     "of the mean of runs; interval: months in which a paired test does not tell the gain from its half"),
    StabilityOutcome("memory_lost", "Memory lost without it", "share of the difference", 0,
                     "one state variable starts low and all others high: what of the difference of the end states goes", _RATIO),
    StabilityOutcome("memory_alone", "Memory it carries alone", "share of the difference", 0,
                     "one state variable starts high and all others low: what of the difference of the end states stays", _RATIO),
)  # fmt: skip

STABILITY: Mapping[str, StabilityOutcome] = MappingProxyType({outcome.name: outcome for outcome in _ALL})
"""Every outcome by name, in the order in which tables show them."""


@dataclass(frozen=True)
class Found:
    """A number with its 95 % interval over `n` runs; NaN where it does not exist."""

    value: float
    low: float
    high: float
    n: int


def mean_of(values: np.ndarray) -> Found:
    """Return the mean of runs (run,), missing ones left out."""
    interval = Interval(values)
    return Found(interval.mean, interval.low, interval.high, interval.n)


def share_of(hits: np.ndarray) -> Found:
    """Return the share of runs (run,) that are true, with Wilson's interval."""
    from scipy.stats import binomtest

    n = len(hits)
    if not n:
        return Found(np.nan, np.nan, np.nan, 0)
    interval = binomtest(int(hits.sum()), n).proportion_ci(0.95, "wilson")
    return Found(float(hits.mean()), float(interval.low), float(interval.high), n)


def ratio_of(part: np.ndarray, whole: np.ndarray) -> Found:
    """Return mean(part) / mean(whole) of paired runs (run,), with Fieller's interval.

    The ratio is missing where the whole cannot be told from zero: then there is nothing to have a share of.
    """
    from sim.results import student

    both = ~np.isnan(part) & ~np.isnan(whole)
    x, y = part[both], whole[both]
    n = len(x)
    nothing = Found(np.nan, np.nan, np.nan, n)
    if n < 2:
        return nothing
    (xx, xy), (_, yy) = np.cov(x, y) / n
    t2 = student(n - 1) ** 2
    a = y.mean() ** 2 - t2 * yy
    if a <= 0:
        return nothing
    b = x.mean() * y.mean() - t2 * xy
    spread = float(np.sqrt(max(0.0, b * b - a * (x.mean() ** 2 - t2 * xx))))
    return Found(float(x.mean() / y.mean()), float((b - spread) / a), float((b + spread) / a), n)


def months_before(beyond: np.ndarray) -> np.ndarray:
    """Return for each run the months before it was past a threshold for good, or the run's length where it is not.

    For good is to the end of the run and for STAYED months at least. beyond : bool, (run, month).
    """
    n_months = beyond.shape[1]
    back = np.logical_not(beyond[:, ::-1])
    stayed = np.where(back.any(axis=1), back.argmax(axis=1), n_months)
    return np.asarray(np.where(stayed >= STAYED, n_months - stayed, n_months))


def half_life(gain: np.ndarray) -> Found:
    """Return the months after which the mean gain is at most half of what it was, from paired runs.

    gain : (run, month), the first month that in which support ended. low, high : the first and the last month before
    the gain is told from its half for good, by a paired test month by month; NaN where the run ends before.
    """
    excess = gain - 0.5 * gain[:, :1]
    found = [mean_of(excess[:, m]) for m in range(gain.shape[1])]
    n = found[0].n
    if not mean_of(gain[:, 0]).low > 0:
        return Found(np.nan, np.nan, np.nan, n)

    def first(values: list[float]) -> float:
        return float(next((m for m, value in enumerate(values) if value <= 0), np.nan))

    return Found(first([f.value for f in found]), first([f.low for f in found]), first([f.high for f in found]), n)
