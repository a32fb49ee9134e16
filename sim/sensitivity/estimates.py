"""What an estimator gives: indices with intervals, and the resamples from which convergence is judged."""

from dataclasses import dataclass, field
from functools import cache

import numpy as np

from sim.draws import Draw, stream_key, uniforms

RESAMPLES = 1000
LEVEL = 0.95
Z95 = 1.959963984540054
"""Half-width of a normal 95 % interval, standard deviations; as SALib's."""

APART = 1.4142135623730951 * Z95
"""Standard errors above 0 that are as rare (1 in 360) as two equal effects whose 95 % intervals do not meet."""

_RESAMPLING = 7
"""Resampling has this estate in the table of draws, designs have others."""


@dataclass(frozen=True)
class Index:
    """One index of every factor: value and half-width of its 95 % interval, (factor,)."""

    value: np.ndarray
    half: np.ndarray


@dataclass(frozen=True)
class Estimates:
    """The indices of one target by name.

    rank : the index that factors are ranked by; resampled : it, (resample, factor); scale : what it is divided by to
    lie between 0 and 1; apart : whether each factor's effect can be told from the noise between replicates;
    pairs : second-order indices by name, (factor, factor).
    """

    indices: dict[str, Index]
    rank: str
    resampled: np.ndarray
    scale: float = 1.0
    apart: np.ndarray | None = None
    pairs: dict[str, Index] = field(default_factory=dict)


@cache
def resampling_weights(n: int, seed: int, resamples: int = RESAMPLES) -> np.ndarray:
    """Return how often each of n blocks is drawn in each resample, divided by n, (resample, block)."""
    u = uniforms(
        stream_key(seed, 0), Draw.DESIGN, month=1, estate=_RESAMPLING, unit=np.arange(n * resamples), ordinal=0
    )
    return weights_of((u * n).astype(np.int64).reshape(n, resamples))


def weights_of(drawn: np.ndarray) -> np.ndarray:
    """Return the weights of resamples that are given as the blocks drawn, (place, resample)."""
    n, resamples = drawn.shape
    cells = drawn + n * np.arange(resamples)[None, :]
    return np.asarray(np.bincount(cells.ravel(), minlength=n * resamples).reshape(resamples, n) / n)


def half_width(resampled: np.ndarray) -> np.ndarray:
    """Return the half-width of the normal 95 % interval of every factor from its resamples, (factor,)."""
    return Z95 * spread(resampled)


def spread(resampled: np.ndarray) -> np.ndarray:
    """Return the standard deviation of every factor over its resamples, (factor,); NaN where half of them are."""
    there = ~np.isnan(resampled)
    n = np.maximum(there.sum(axis=0), 2)
    filled = np.where(there, resampled, 0.0)
    rest = np.where(there, resampled - filled.sum(axis=0) / n, 0.0)
    return np.where(2 * n > len(resampled), np.sqrt((rest**2).sum(axis=0) / (n - 1)), np.nan)
