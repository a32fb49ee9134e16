"""The selection operator (发表选择): what a literature would report that publishes only successes.

Estates are watched, some are written up: those whose gain exceeds a threshold, or the best of them. The mean of what
is published is then above the truth, the more so the noisier a single estate and the stricter the choice. With normal
gains it is the mean of a truncated normal law, `published_mean`; the tests hold the operator to it.
"""

from dataclasses import dataclass

import numpy as np

from sim.errors import InputError
from sim.estates import KEPT, by_estate
from sim.results import Interval
from sim.runs import Batch


@dataclass(frozen=True)
class Literature:
    """What is published, beside the truth.

    reported : mean gain of the published estates with its 95 % interval, as if they had not been chosen; true : the
    same of all estates; share : published part; published : (estate,), whether each was.
    """

    reported: Interval
    true: Interval
    share: float
    published: np.ndarray

    @property
    def excess(self) -> float:
        """Return how far the reported mean gain lies above the true one."""
        return self.reported.mean - self.true.mean


def publish(gains: np.ndarray, *, above: float | None = None, best: float | None = None) -> Literature:
    """Publish the successes among gains, and work out what a reader would believe.

    Parameters
    ----------
    gains : array
        Gain of every estate or run over the window, any unit; missing values are never published and do not count.
    above : float, optional
        Publish gains above this threshold, in the unit of the gains.
    best : float, optional
        Publish this share of the estates, those with the largest gains; above 0, at most 1.

    Raises
    ------
    InputError
        Unless one of `above` and `best` is given, `best` is a share, and there is a gain.
    """
    if (above is None) == (best is None):
        raise InputError("The selection operator needs one rule: above (a threshold) or best (a share of the estates).")
    if best is not None and not 0 < best <= 1:
        raise InputError(f"best = {best} is no share of the estates; allowed is above 0 to 1.")
    values = np.asarray(gains, np.float64).ravel()
    known = ~np.isnan(values)
    if not known.any():
        raise InputError("There is nothing to publish: no estate has a gain over the window.")
    if above is not None:
        published = known & (values > above)
    else:
        n_best = max(1, round(float(best or 0) * int(known.sum())))
        order = np.argsort(np.where(known, -values, np.inf), kind="stable")
        published = np.zeros(len(values), bool)
        published[order[:n_best]] = True
    share = float(published.sum() / known.sum())
    return Literature(Interval(values[published]), Interval(values[known]), share, published)


def gains(batch: Batch, outcome: str = "payment_rate", *, start: int = 0, end: int | None = None) -> np.ndarray:
    """Return each estate's gain in an outcome between two months of every run, (run x estate,).

    start, end : months counted from the policy month; by default the whole run. Nothing is compared with an estate
    left alone: it is the before-and-after difference that reports give.

    Raises
    ------
    InputError
        If the outcome is unknown or a month is not part of the run.
    """
    if outcome not in KEPT:
        raise InputError(f"{outcome!r} is not kept of every estate; choose one of {', '.join(KEPT)}.")
    months = [start, int(batch.months[-1]) if end is None else end]
    for month in months:
        if not batch.months[0] <= month <= batch.months[-1]:
            raise InputError(f"Month {month} is not part of this run ({batch.months[0]} to {batch.months[-1]}).")
    before, after = np.searchsorted(batch.months, months)
    values = by_estate(batch, (outcome,))[outcome]
    return np.asarray(values[:, after] - values[:, before]).ravel()


def published_mean(mean: float, spread: float, above: float) -> float:
    """Return the mean of what is published of normal gains above a threshold: that of the truncated normal law.

    spread : standard deviation of the gains, above 0; all in the unit of the gains.
    """
    from scipy.stats import norm

    z = (above - mean) / spread
    return float(mean + spread * np.exp(norm.logpdf(z) - norm.logsf(z)))
