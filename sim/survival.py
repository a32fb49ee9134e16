"""How issues end over time: cumulative incidence with competing ends, and restricted mean time unsettled.

An issue may be lumped, really settled, withdrawn or judged; what is still open at the end of a run is
censored. `1 - Kaplan-Meier` with other ends as censored would overstate settlement (Aalen & Johansen 1978).
"""

import numpy as np

from sim.state import ENDS

SETTLED = ENDS.index("resolved")


def incidence(ends: np.ndarray, censored: np.ndarray) -> np.ndarray:
    """Return the Aalen-Johansen cumulative incidence of each end by the close of each age.

    ends : (end, age) issues that ended at this age in months; censored : (age,) still open at this age when
    observation stopped. Returns float64, (end, age); NaN where nothing was at risk from the start.
    """
    at_risk = (ends.sum(axis=0) + censored)[::-1].cumsum()[::-1]
    if at_risk.size == 0 or at_risk[0] == 0:
        return np.full(ends.shape, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        hazard = np.where(at_risk > 0, ends / np.maximum(at_risk, 1), 0.0)
    staying = np.cumprod(1.0 - hazard.sum(axis=0))
    before = np.concatenate([[1.0], staying[:-1]])
    return np.cumsum(hazard * before, axis=1)


def restricted_mean(ends: np.ndarray, censored: np.ndarray, months: int) -> float:
    """Return the mean months, at most `months`, that an issue stays without a real settlement.

    Other ends do not settle an issue: it counts as unsettled until `months`. NaN where nothing arose.
    Raises ValueError beyond the ages that `ends` distinguishes.
    """
    if months > ends.shape[1]:
        raise ValueError(f"months = {months} goes beyond the {ends.shape[1]} ages that are told apart.")
    settled = incidence(ends, censored)[SETTLED]
    if np.isnan(settled[0]):
        return float("nan")
    settled_before = np.concatenate([[0.0], settled[: months - 1]])
    return float((1.0 - settled_before).sum())
