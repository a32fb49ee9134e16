"""When a sample is large enough, after Sarrazin, Pianosi & Wagener 2016: indices, ranking and screening."""

from dataclasses import dataclass

import numpy as np

from sim.sensitivity.estimates import Estimates

WIDTH = 0.05
"""Widest 95 % interval of an index, and of the indices of factors that do not matter."""
LARGEST_RANK_CHANGE = 1.0
SMALL = 0.05
"""A factor with a smaller index does not matter."""


@dataclass(frozen=True)
class Stopping:
    """How far a sample is: the width of the widest interval, that of factors that do not matter, the change of ranks.

    ranking : 95 % quantile over pairs of resamples of the weighted change of ranks; NaN where there are no resamples.
    """

    width: float
    ranking: float
    screening: float

    @property
    def met(self) -> bool:
        """Whether all that can be judged is below its threshold."""
        ranked = bool(np.isnan(self.ranking) or self.ranking < LARGEST_RANK_CHANGE)
        return self.width < WIDTH and self.screening < WIDTH and ranked


def stopping(estimates: Estimates) -> Stopping:
    """Judge the indices of one target; measures of Morris are taken relative to the largest."""
    rank = estimates.indices[estimates.rank]
    widths = 2 * rank.half / estimates.scale
    small = rank.value / estimates.scale < SMALL
    judged = [widths] + ([2 * estimates.indices["S1"].half] if estimates.rank == "ST" else [])
    return Stopping(
        width=float(np.max([some.max() for some in judged])),
        ranking=rank_change(estimates.resampled),
        screening=float(widths[small].max()) if small.any() else 0.0,
    )


def rank_change(resampled: np.ndarray) -> float:
    """Return the 95 % quantile of the weighted change of ranks between resamples, (resample, factor).

    The change of every factor's rank counts by the square of the larger of its two indices.
    """
    if len(resampled) < 2 or np.isnan(resampled).any():
        return float("nan")
    half = len(resampled) // 2
    ranks = resampled.argsort(axis=1).argsort(axis=1)
    change = np.abs(ranks[:half] - ranks[half : 2 * half])
    weight = np.maximum(resampled[:half], resampled[half : 2 * half]) ** 2
    total = weight.sum(axis=1)
    return float(np.quantile((change * weight).sum(axis=1) / np.where(total > 0, total, 1.0), 0.95))
