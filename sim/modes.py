"""Modes where a mean would mislead: runs that tip one way or the other are told apart and counted.

A sample has two modes if the dip test rejects a single one (Hartigan and Hartigan 1985) and its best split
into two parts is clean (Ashman, Bird and Zepf 1994: D > 2); a part may show two modes again. Nothing is
claimed of few or of tied values.
"""

from dataclasses import dataclass

import numpy as np

MIN_RUNS = 50
"""Fewer runs than this show no shape."""
MAX_MODES = 3
MAX_P = 0.01
MIN_SEPARATION = 2.0
Z_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Mode:
    """One of several modes: its mean, the share of runs in it, and the share's 95 % interval (Wilson 1927)."""

    mean: float
    share: float
    low: float
    high: float


def modes(values: np.ndarray) -> tuple[Mode, ...]:
    """Return the modes of a sample from the lowest to the highest, none where it shows a single one.

    NaN is left out.
    """
    kept = np.sort(values[~np.isnan(values)])
    parts = [kept]
    while len(parts) < MAX_MODES:
        splits = {k: split for k, part in enumerate(parts) if (split := clean_split(part))}
        if not splits:
            break
        k = max(splits, key=lambda k: len(parts[k]))
        parts[k : k + 1] = [parts[k][: splits[k]], parts[k][splits[k] :]]
    if len(parts) == 1:
        return ()
    return tuple(Mode(float(part.mean()), len(part) / len(kept), *wilson(len(part), len(kept))) for part in parts)


def clean_split(ordered: np.ndarray) -> int:
    """Return the size of the lower of two modes of an ordered sample, 0 where it shows no two."""
    import diptest

    if len(ordered) < MIN_RUNS or 2 * len(np.unique(ordered)) < len(ordered):
        return 0
    split = best_split(ordered)
    if separation(ordered[:split], ordered[split:]) <= MIN_SEPARATION:
        return 0
    _, p = diptest.diptest(ordered)
    return split if p < MAX_P else 0


def best_split(ordered: np.ndarray) -> int:
    """Return the size of the lower part of the split of an ordered sample that leaves the least variance inside."""
    n = np.arange(1, len(ordered))
    sums = np.cumsum(ordered - ordered.mean())
    return int(np.argmax(sums[:-1] ** 2 * (1 / n + 1 / n[::-1]))) + 1


def separation(lower: np.ndarray, upper: np.ndarray) -> float:
    """Return Ashman's D: the distance of two means in units of their joint spread."""
    distance = float(upper.mean() - lower.mean())
    spread = float(np.sqrt((lower.var() + upper.var()) / 2.0))
    return distance / spread if spread > 0 else float("inf") if distance > 0 else 0.0


def wilson(count: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share, `count` of `n`."""
    share, z2 = count / n, Z_95**2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 * (share * (1 - share) / n + z2 / (4 * n * n)) ** 0.5 / (1 + z2 / n)
    return max(0.0, centre - half), min(1.0, centre + half)
