"""PAWN after Pianosi & Wagener 2018: how far a distribution moves when one factor is held; with intervals.

The statistics are those of SALib, which gives no intervals; here all resamples are worked out at once.
"""

import numpy as np

from sim.sensitivity.estimates import Estimates, Index, half_width

SLICES = 10
MEDIAN, LARGEST = "pawn_median", "pawn_maximum"


def pawn_indices(unit: np.ndarray, values: np.ndarray, weights: np.ndarray) -> Estimates:
    """Return median and maximum over slices of the Kolmogorov-Smirnov distance of every factor.

    unit : (row, factor); values : (row,); weights : of the rows in every resample, (resample, row). Slices hold equally
    many rows and are the same in every resample.
    """
    order = np.argsort(values, kind="stable")
    last = np.append(np.diff(values[order]) > 0, True)  # of equal values the distribution is read at the last
    rows, points = weights[:, order], np.full((1, len(values)), 1 / len(values))
    found, boot = [], []
    for k in range(unit.shape[1]):
        inside = _slices(unit[:, k])[:, order]
        found.append(_distances(points, inside, last))
        boot.append(_distances(rows, inside, last))
    indices, resampled = {}, {}
    for name, over in ((MEDIAN, np.median), (LARGEST, np.max)):
        resampled[name] = np.stack([over(some, axis=1) for some in boot], axis=1)
        indices[name] = Index(np.array([float(over(some)) for some in found]), half_width(resampled[name]))
    return Estimates(indices, MEDIAN, resampled[MEDIAN])


def _slices(x: np.ndarray) -> np.ndarray:
    """Say which rows each slice holds, (slice, row); as SALib, the largest row is in none."""
    edges = np.quantile(x, np.linspace(0, 1, SLICES + 1))
    inside = (x >= edges[:-1, None]) & (x < edges[1:, None])
    return np.asarray(inside[inside.any(axis=1)])


def _distances(weights: np.ndarray, inside: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Return the distance of every slice from the whole, (resample, slice)."""
    whole = np.cumsum(weights, axis=1)[:, last]
    found = np.zeros((len(weights), len(inside)))
    for s, rows in enumerate(inside):
        part = np.cumsum(weights * rows, axis=1)
        size = part[:, -1:]
        gap = np.abs(part[:, last] / np.where(size > 0, size, 1.0) - whole)
        found[:, s] = np.where(size[:, 0] > 0, gap.max(axis=1), 0.0)
    return found
