"""Elementary effects after Morris 1991 and Campolongo et al. 2007, and which are more than noise.

mu, mu_star and sigma are those of SALib. `squared_effect` is the mean squared elementary effect less the part
that is noise between replicates: 0 on average for a factor that does nothing.
"""

import numpy as np

from sim.sensitivity.estimates import APART, Estimates, Index, half_width

MU, MU_STAR, SIGMA, EFFECT = "mu", "mu_star", "sigma", "squared_effect"


def elementary_effects(unit: np.ndarray, groups: np.ndarray, values: np.ndarray, levels: int) -> np.ndarray:
    """Return the elementary effect of every unit in every trajectory and replicate, (trajectory, unit, replicate).

    unit : the sample, (row, factor); groups : the unit that each factor belongs to, (factor,); values : (row,
    replicate). Where a unit is one factor the sign is that of an increase; where it is a group it has none.
    """
    delta = levels / (2.0 * (levels - 1))
    return _steps(unit, groups, values) / delta


def _steps(unit: np.ndarray, groups: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return what each step of a trajectory changes, as that of an increase, (trajectory, unit, replicate)."""
    n_units = int(groups.max()) + 1
    x = unit.reshape(-1, n_units + 1, unit.shape[1])
    y = values.reshape(-1, n_units + 1, values.shape[1])
    step = np.diff(x, axis=1)  # (trajectory, step, factor)
    moved = np.abs(step).argmax(axis=2)
    sign = np.sign(np.take_along_axis(step, moved[:, :, None], axis=2))
    found = np.empty((len(y), n_units, values.shape[1]))
    np.put_along_axis(found, groups[moved][:, :, None], sign * np.diff(y, axis=1), axis=1)
    return found


def steps_apart(method: str, unit: np.ndarray, values: np.ndarray) -> np.ndarray | None:
    """Test of the methods of SALib that move one factor at a time whether a step is more than noise, (factor,).

    unit : (row, factor); values : (row, replicate). None for methods that do not, or from one replicate.
    """
    n = unit.shape[1]
    if method == "dgsm":  # every step starts from the first row of its block
        y = values.reshape(-1, n + 1, values.shape[1])
        return larger_than_noise(y[:, 1:] - y[:, :1])
    return larger_than_noise(_steps(unit, np.arange(n), values)) if method == "shapley" else None


def morris_indices(
    unit: np.ndarray, groups: np.ndarray, values: np.ndarray, levels: int, weights: np.ndarray
) -> Estimates:
    """Return the measures of Morris of every unit.

    weights : of the trajectories in every resample, (resample, trajectory), from `resampling_weights`.
    """
    effects = elementary_effects(unit, groups, values, levels)
    n_replicates = effects.shape[2]
    mean = effects.mean(axis=2)
    noise = effects.var(axis=2, ddof=1) / n_replicates if n_replicates > 1 else np.zeros_like(mean)
    square = mean**2 - noise
    resampled = weights @ np.abs(mean)
    squares = weights @ square
    found = square.mean(axis=0)
    alone = np.bincount(groups) == 1
    indices = {
        MU: Index(np.where(alone, mean.mean(axis=0), np.nan), half_width(weights @ mean)),
        MU_STAR: Index(np.abs(mean).mean(axis=0), half_width(resampled)),
        SIGMA: Index(np.where(alone, mean.std(axis=0, ddof=1), np.nan), np.full(len(alone), np.nan)),
        EFFECT: Index(found, half_width(squares)),
    }
    apart = larger_than_noise(effects)
    largest = float(np.abs(mean).mean(axis=0).max())
    return Estimates(indices, MU_STAR, resampled, scale=largest or 1.0, apart=apart)


def larger_than_noise(effects: np.ndarray) -> np.ndarray | None:
    """Test whether effects are larger than their noise (F-test over the trajectories), (unit,).

    effects : of steps from one point to another, (trajectory, unit, replicate). None where there is one replicate.
    """
    from scipy.special import fdtrc, ndtr

    n, _, n_replicates = effects.shape
    if n_replicates < 2:
        return None
    square = (effects.mean(axis=2) ** 2).mean(axis=0)
    expected = effects.var(axis=2, ddof=1).mean(axis=0) / n_replicates
    ratio = np.where(expected > 0, square / np.where(expected > 0, expected, 1.0), np.where(square > 0, np.inf, 0.0))
    return np.asarray(fdtrc(n, n * (n_replicates - 1), ratio) < ndtr(-APART))
