"""Firms leave where under a third pay, with bills once a month as with bills once a year (evidence C7)."""

import numpy as np
import pytest
from estates import built, run, values
from scipy.special import logit

from agents.rules.provider import ProviderReal as P
from sim.totals import Total

ESTATES = 60
FEW_PAY = 0.28


def months_until_the_firm_left(paying: float, period: int, months: int = 36) -> np.ndarray:
    """Return after how many months each estate's firm first left; `months` where it stayed, (estate,)."""
    nothing = {path: 0.0 for path in (
        "household.b_quality", "household.b_trust", "household.b_social", "household.b_habit", "household.b_bailout",
        "household.b_grievance", "household.b_enforcement", "household.inattention", "household.intercept_spread",
    )}  # fmt: skip
    alike = {
        "household.intercept": float(logit(paying)), "start.paid": paying, "population.share_conditional": 1.0,
        "population.share_unconditional": 0.0, "structure.billing_period": period, "firm.suits": 0.0,
        "population.n_estates": ESTATES, "population.n_households": 200, "contact.provider_calls": 0.0,
    }  # fmt: skip
    found = values("market", "healthy", nothing | alike)
    state = built(found)
    totals = run(state, found, 0, months)
    paid = sum(totals[0, kind] for kind in (Total.N_VOLUNTARY, Total.N_ASKED, Total.N_ENFORCED))
    assert paid.sum() / totals[0, Total.N_BILLED].sum() == pytest.approx(paying, abs=0.03)
    left = totals[:, Total.FIRM_LEFT] > 0
    return np.where(left.any(axis=0), left.argmax(axis=0) + 1, months)


@pytest.mark.parametrize("period", [1, 12], ids=["monthly", "annual"])
def test_where_under_a_third_pay_the_firm_leaves_within_half_a_year_to_two(period):
    left = months_until_the_firm_left(FEW_PAY, period)
    assert (left <= 24).mean() >= 0.95
    assert (left < 6).mean() <= 0.1
    assert 6 <= np.median(left) <= 18


@pytest.mark.parametrize("period", [1, 12], ids=["monthly", "annual"])
def test_where_nearly_all_pay_the_firm_stays(period):
    assert (months_until_the_firm_left(0.95, period) == 36).mean() >= 0.95


def test_between_two_annual_bills_the_firm_reckons_with_what_accrues():
    """A twelfth of what the bill brought in each month until the next: a month without a bill is no loss by itself."""
    found = values("market", "healthy", {"structure.billing_period": 12, "population.n_households": 200})
    state = built(found)
    run(state, found, 0, 1)
    accrued = float(state.provider[P.ACCRUAL, 0])
    assert accrued > 0.0
    for month in range(1, 12):
        run(state, found, month, month + 1)
        assert float(state.provider[P.ACCRUAL, 0]) == pytest.approx(accrued)
