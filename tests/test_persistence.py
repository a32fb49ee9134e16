"""Part of the luck with bills lasts: the law stays the logistic, and the same people pay."""

from itertools import pairwise

import numpy as np
import pytest
from estates import ALPHA, built, payers, run, values
from scipy import integrate, stats
from scipy.special import expit

from agents.rules.household import ASKED, ENFORCED, REFUSED, REPELLED, VOLUNTARY
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.numeric import LOGISTIC, PROBIT
from agents.rules.payment import bill_threshold, decision_kind, lasting_luck, own_luck
from agents.rules.provider import ProviderWhole as PN
from sim.draws import Draw, stream_key, uniforms
from sim.totals import Total

PERSISTENCE = (0.0, 0.3, 0.6, 0.9, 0.97)
UTILITIES = {-1.5: 0.18243, 0.0: 0.5, 0.8: 0.68997, 2.0: 0.88080}


def chance(utility: float, disposition: float, persistence: float, law: int) -> float:
    """P(a bill is paid), given who owes it: its own luck is logistic or normal."""
    own = own_luck(persistence)
    if law == PROBIT:
        return float(stats.norm.cdf((utility + disposition) / own, scale=np.pi / np.sqrt(3.0)))
    return float(expit((utility + disposition) / own))


@pytest.mark.parametrize("persistence", PERSISTENCE)
@pytest.mark.parametrize("utility", UTILITIES)
def test_averaged_over_households_the_chance_is_the_logistic_of_the_utility(utility, persistence):
    def at(u: float) -> float:
        return chance(utility, lasting_luck(u, persistence, LOGISTIC), persistence, LOGISTIC)

    ends = (1e-14, 1e-4, 0.5, 1 - 1e-4, 1 - 1e-14)
    mean = sum(integrate.quad(at, *part, epsabs=1e-10, limit=400)[0] for part in pairwise(ends))
    assert mean == pytest.approx(expit(utility), abs=1e-6)
    assert mean == pytest.approx(UTILITIES[utility], abs=1e-5)


@pytest.mark.parametrize("persistence", PERSISTENCE)
def test_under_the_probit_the_chance_is_that_of_the_normal_law_of_the_same_variance(persistence):
    def at(u: float) -> float:
        return chance(0.8, lasting_luck(u, persistence, PROBIT), persistence, PROBIT)

    mean = integrate.quad(at, 1e-14, 1 - 1e-14, epsabs=1e-10, limit=400)[0]
    assert mean == pytest.approx(stats.norm.cdf(0.8, scale=np.pi / np.sqrt(3.0)), abs=1e-6)


@pytest.mark.parametrize("law", [LOGISTIC, PROBIT])
@pytest.mark.parametrize("persistence", [0.3, 0.6, 0.9])
def test_the_share_of_the_variance_that_lasts_is_the_parameter(persistence, law):
    u = (np.arange(200_000) + 0.5) / 200_000
    spread = np.var([lasting_luck(float(x), persistence, law) for x in u])
    assert spread == pytest.approx(persistence * np.pi**2 / 3.0, rel=3e-3)


def kinds_before(
    u: np.ndarray, plain: np.ndarray, suasion: np.ndarray, enforcement: np.ndarray, reactance: np.ndarray
) -> np.ndarray:
    """Return the kinds of the rule as it stood before luck could last: one logistic draw judges all reasons."""
    threshold = np.log(u / (1.0 - u))
    pays = plain + suasion + enforcement + reactance > threshold
    alone, asked = plain > threshold, plain + suasion > threshold
    return np.select(
        [pays & alone, pays & asked, pays, alone], [VOLUNTARY, ASKED, ENFORCED, REPELLED], default=REFUSED
    )


def test_without_persistence_the_rule_returns_the_kind_it_returned_before():
    key, n = stream_key(77, 0), 1_000_000
    numbers = np.arange(n)
    u = uniforms(key, Draw.PAY, month=0, estate=0, unit=numbers)
    reasons = [4.0 * uniforms(key, Draw.NOISE, month=term, estate=0, unit=numbers) - 2.0 for term in range(4)]
    expected = kinds_before(u, *reasons)
    assert set(expected.tolist()) == {VOLUNTARY, ASKED, ENFORCED, REFUSED, REPELLED}
    own, lasting = own_luck(0.0), lasting_luck(0.3, 0.0, LOGISTIC)
    for k in range(n):
        terms = [float(reason[k]) for reason in reasons]
        assert decision_kind(bill_threshold(float(u[k]), lasting, own, LOGISTIC), *terms) == expected[k]


@pytest.mark.parametrize(("persistence", "nearly_all", "nearly_none"), [(0.6, 0.21, 0.14), (0.9, 0.39, 0.30)])
def test_households_come_apart_into_those_who_pay_and_those_who_do_not(persistence, nearly_all, nearly_none):
    """Shares that pay at least 11 and at most 1 of 12 bills at utility 0.2: the binomial of each one's own chance."""
    u = (np.arange(20_000) + 0.5) / 20_000
    own = np.array([chance(0.2, lasting_luck(float(x), persistence, LOGISTIC), persistence, LOGISTIC) for x in u])
    assert stats.binom.sf(10, 12, own).mean() == pytest.approx(nearly_all, abs=0.005)
    assert stats.binom.cdf(1, 12, own).mean() == pytest.approx(nearly_none, abs=0.005)


@pytest.mark.parametrize("persistence", [0.0, 0.3, 0.6, 0.9, 0.97])
def test_m0_has_the_same_fixed_points_whatever_part_of_luck_lasts(persistence):
    """K = 1.5, H = 0.1 of Brock and Durlauf, large N: m = 0.893855197237 from above, -0.801080375581 from below."""
    changes = {
        "household.taste_persistence": persistence, "household.b_social": 3.0, "household.intercept": 0.2,
        "population.n_households": 4000, "household.b_burden": 0.0,
    }  # fmt: skip
    for start, fixed in ((0.95, 0.893855197237), (0.05, -0.801080375581)):
        given = values("m0", changes=changes | {"start.paid": start})
        state = built(given)
        share = payers(run(state, given, 0, 40))[-20:].mean() / 4000
        assert 2.0 * share - 1.0 == pytest.approx(fixed, abs=0.02)


def test_who_pays_at_the_start_is_of_the_right_number_and_disposition():
    changes = {"household.taste_persistence": 0.9, "population.n_households": 5000, "start.paid": 0.7}
    given = values("m0", changes=changes)
    state = built(given)
    paid = state.household_n[N.PAID]
    half = stats.norm.isf(ALPHA / 2) * np.sqrt(0.7 * 0.3 / 5000)
    assert paid.mean() == pytest.approx(0.7, abs=half)
    disposition = state.household[H.DISPOSITION]
    assert disposition[paid == 1].mean() > 0.5
    assert disposition[paid == 0].mean() < -0.5


def test_what_households_owe_is_counted_by_the_number_of_bills():
    given = values("market", "healthy", {"population.n_households": 200, "household.taste_persistence": 0.9})
    state = built(given)
    totals = run(state, given, -40, 0)[-1, :, 0]
    since = min(int(state.provider_n[PN.SINCE, 0]), 36)
    claimed = state.household_n[N.UNPAID] & ((2 << since) - 2)  # this month's bill is no debt yet
    owed = np.array([int(bits).bit_count() for bits in claimed])
    assert totals[Total.N_CLAIMED] == 200
    assert [totals[Total.N_OWING_1], totals[Total.N_OWING_2]] == [(owed == 1).sum(), (owed == 2).sum()]
    assert totals[Total.N_OWING_3] == (owed >= 3).sum() > 0
    year = (state.household_n[N.UNPAID] >> 3) & 0xFFF
    assert totals[Total.N_PAID_ALL] == (year == 0).sum() > 0
    assert totals[Total.N_PAID_NONE] == (year == 0xFFF).sum() > 0
    assert totals[Total.N_YEAR] == 200
