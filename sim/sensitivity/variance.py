"""Sobol indices of many resamples at once, with the noise of few replicates taken out.

First order: Saltelli et al. 2010, total: Jansen 1999, second order: Saltelli 2002, all as in SALib; for one replicate
the numbers are SALib's. For several the part of the products that is noise between replicates is estimated from the
replicates and taken away, whatever the luck: the estimators are then unbiased for the mean outcome of a point.
"""

import numpy as np

from sim.sensitivity.estimates import APART, Estimates, Index, half_width, spread

S1, ST, S2 = "S1", "ST", "S2"


def sobol_indices(values: np.ndarray, n_units: int, weights: np.ndarray, *, second_order: bool = False) -> Estimates:
    """Return first-order and total indices, and those of pairs.

    values : (row, replicate), rows in SALib's order: A, AB of every factor, (BA of every factor,) B;
    weights : of the base points in every resample, (resample, base point), from `resampling_weights`.
    """
    step = 2 * n_units + 2 if second_order else n_units + 2
    y = (values - values.mean()).reshape(-1, step, values.shape[1])
    a, b, ab = y[:, 0], y[:, -1], y[:, 1 : n_units + 1]
    points = np.full((1, len(y)), 1 / len(y))
    size = max(float(np.mean(values**2)), np.finfo(float).tiny)
    variance = _Variance(a, b, size)
    first = np.stack([_product(b, ab[:, k] - a) for k in range(n_units)], axis=1)
    total = np.stack([0.5 * _square(a - ab[:, k]) for k in range(n_units)], axis=1)
    found, boot = {}, {}
    shown = variance.is_shown(weights)
    for name, products in ((S1, first), (ST, total)):
        found[name] = variance.share(points, products)[0] if shown else np.full(n_units, np.nan)
        boot[name] = variance.share(weights, products)
    return Estimates(
        indices={name: Index(found[name], half_width(boot[name])) for name in found},
        rank=ST,
        resampled=boot[ST],
        apart=found[ST] > APART * spread(boot[ST]),
        pairs=_second_order(y, n_units, weights, variance, found[S1], boot[S1]) if second_order else {},
    )


class _Variance:
    """The variance of the mean outcome of a point, from A and B, less what is noise."""

    def __init__(self, a: np.ndarray, b: np.ndarray, size: float) -> None:
        self._size = size
        self._mean = 0.5 * (a.mean(axis=1) + b.mean(axis=1))
        self._square = 0.5 * (a.mean(axis=1) ** 2 + b.mean(axis=1) ** 2)
        n_replicates = a.shape[1]
        self._noisy = n_replicates > 1
        if n_replicates > 1:
            # What a luck does to all points alike is no noise of a point.
            luck = 0.5 * (a.mean(axis=0) + b.mean(axis=0))
            rest = [x - luck - (x - luck).mean(axis=1, keepdims=True) for x in (a, b)]
            n = 2 * len(a)
            noise = 0.5 * (rest[0] ** 2 + rest[1] ** 2).sum(axis=1) / (n_replicates - 1) / n_replicates
            self._square = self._square - noise * n / (n - 1)

    def is_shown(self, weights: np.ndarray) -> bool:
        """Say whether there is more than noise: shares of a variance that may be none are nonsense."""
        points = np.full((1, len(self._mean)), 1 / len(self._mean))
        return not self._noisy or bool(self._of(points)[0] > half_width(self._of(weights)[:, None])[0])

    def _of(self, weights: np.ndarray) -> np.ndarray:
        return np.asarray(weights @ self._square - (weights @ self._mean) ** 2)

    def share(self, weights: np.ndarray, products: np.ndarray) -> np.ndarray:
        """Return the means of products over the variance in every resample, (resample, factor); NaN where none is."""
        variance = self._of(weights)
        there = variance > 1e-24 * self._size  # more than rounding
        return np.where(there[:, None], weights @ products / np.where(there, variance, 1.0)[:, None], np.nan)


def _product(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the product of the means of two numbers with the covariance of their noise taken out, (base point,)."""
    n = x.shape[1]
    means = x.mean(axis=1), y.mean(axis=1)
    if n == 1:
        return np.asarray(means[0] * means[1])
    noise = ((x - means[0][:, None]) * (y - means[1][:, None])).sum(axis=1) / (n - 1)
    return np.asarray(means[0] * means[1] - noise / n)


def _square(x: np.ndarray) -> np.ndarray:
    return _product(x, x)


def _second_order(
    y: np.ndarray, n_units: int, weights: np.ndarray, variance: _Variance, first: np.ndarray, resampled: np.ndarray
) -> dict[str, Index]:
    """Return the indices of pairs, (factor, factor), in the upper triangle; NaN elsewhere."""
    a, b, ab, ba = y[:, 0], y[:, -1], y[:, 1 : n_units + 1], y[:, n_units + 1 : -1]
    value, half = np.full((n_units, n_units), np.nan), np.full((n_units, n_units), np.nan)
    points = np.full((1, len(y)), 1 / len(y))
    common = _product(a, b)
    j, k = np.triu_indices(n_units, 1)
    products = np.stack([_product(ba[:, x], ab[:, y]) - common for x, y in zip(j, k, strict=True)], axis=1)
    value[j, k] = variance.share(points, products)[0] - first[j] - first[k]
    half[j, k] = half_width(variance.share(weights, products) - resampled[:, j] - resampled[:, k])
    return {S2: Index(value, half)}
