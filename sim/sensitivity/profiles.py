"""In which direction: the mean of a target where a factor is low, and where it is high."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.sensitivity.estimates import Estimates, half_width
from sim.sensitivity.plan import DUMMY, Column, Plan
from sim.sensitivity.sampling import block_rows, levels_of, value_at
from sim.sensitivity.values import Target

PARTS = 4
"""Parts of the range of a factor without categories, of equal width on the scale it is sampled on."""
LEADING = 12
"""Factors of every target that have a profile: those with the largest index."""


def profiles(
    plan: Plan, unit: np.ndarray, target: Target, found: Estimates, weights: np.ndarray
) -> Iterator[dict[str, Any]]:
    """Yield the mean of a target in each part of the range of its leading factors, over all that else varies.

    unit : the sample, (row, factor); weights : of the blocks kept in every resample, (resample, block), from
    `resampling_weights`. Rows: target, factor, part counted from 0, the values it lies between, mean with its 95 %
    interval. Groups of factors have none, nor what is no parameter; nor has a screening, whose few trajectories do not
    go everywhere and whose mean effects have a sign.
    """
    if plan.asked.groups or plan.method == "morris":
        return
    size = block_rows(plan)
    values = target.values.mean(axis=1).reshape(-1, size)
    ranked = found.indices[found.rank].value
    order = [k for k in np.argsort(-np.nan_to_num(ranked, nan=-np.inf), kind="stable") if plan.units[k] != DUMMY]
    for k in order[:LEADING]:
        column = plan.columns[k]
        if column.factor is None or np.isnan(ranked[k]):
            continue
        n = levels_of(column) or PARTS
        part = np.minimum((unit[target.kept, k] * n).astype(np.int64), n - 1).reshape(-1, size)
        inside = part[:, :, None] == np.arange(n)
        sums, counts = (values[:, :, None] * inside).sum(axis=1), inside.sum(axis=1).astype(float)
        means = _ratio(sums.sum(axis=0), counts.sum(axis=0))
        halves = half_width(_ratio(weights @ sums, weights @ counts))
        for p, (mean, half) in enumerate(zip(means.tolist(), halves.tolist(), strict=True)):
            low, high = _between(column, p, n)
            told = {"factor": column.name, "part": p, "parts": n, "from": low, "to": high}
            yield target.key | told | {"mean": mean, "low": mean - half, "high": mean + half}


def _ratio(sums: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return the means of parts; NaN where a part is empty."""
    return np.where(counts > 0, sums / np.where(counts > 0, counts, 1.0), np.nan)


def _between(column: Column, part: int, n: int) -> tuple[float, float]:
    """Return the lowest and the highest value of a part, in the unit of the factor."""
    if levels_of(column):
        low = high = float(value_at(column, np.array([(part + 0.5) / n]))[0])
    else:
        low, high = value_at(column, np.array([part / n, (part + 1) / n])).tolist()
    return low, high
