"""The selection operator against the truncated normal law, and on runs in which no party organisation exists."""

import numpy as np
import pytest
from scipy.stats import norm, truncnorm

from sim.errors import InputError
from sim.runs import run
from sim.selection import gains, publish, published_mean

MEAN, SPREAD, ABOVE, N = 0.02, 0.1, 0.08, 200_000
CLOSE = 10 * SPREAD / N
"""The mean over quantiles of a tail differs from the law by about the last quantile's share of it."""


@pytest.fixture(scope="module")
def drawn() -> np.ndarray:
    """Gains at equally spaced quantiles of the normal law: no luck in them."""
    return np.asarray(norm.ppf((np.arange(N) + 0.5) / N, MEAN, SPREAD))


LAWS = [(0.0, 1.0, 0.0), (0.02, 0.1, 0.08), (-0.3, 0.2, 0.5), (1, 0.5, -9)]

# --- the oracle -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("mean", "spread", "above"), LAWS)
def test_the_oracle_is_the_mean_of_the_truncated_normal_law(mean, spread, above):
    exact = truncnorm.mean((above - mean) / spread, np.inf, loc=mean, scale=spread)
    assert published_mean(mean, spread, above) == pytest.approx(exact, rel=1e-9)


def test_half_of_a_centred_law_reports_the_mean_of_the_half_normal_law():
    assert published_mean(0.0, 1.0, 0.0) == pytest.approx((2 / np.pi) ** 0.5)


def test_a_threshold_reports_the_truncated_mean(drawn):
    found = publish(drawn, above=ABOVE)
    z = (ABOVE - MEAN) / SPREAD
    assert found.reported.mean == pytest.approx(published_mean(MEAN, SPREAD, ABOVE), abs=CLOSE)
    assert found.share == pytest.approx(norm.sf(z), abs=1 / N)
    assert found.true.mean == pytest.approx(MEAN, abs=CLOSE)
    assert found.excess == found.reported.mean - found.true.mean


def test_the_best_share_reports_the_mean_above_its_quantile(drawn):
    found = publish(drawn, best=0.1)
    assert found.reported.n == N // 10
    cut = MEAN + SPREAD * norm.isf(0.1)
    assert found.reported.mean == pytest.approx(published_mean(MEAN, SPREAD, cut), abs=CLOSE)


def test_what_is_published_are_the_successes():
    found = publish(np.array([0.3, -0.1, np.nan, 0.2, 0.2]), above=0.2)
    assert found.published.tolist() == [True, False, False, False, False]
    assert (found.share, found.true.n) == (0.25, 4)
    assert publish(np.array([0.3, np.nan, 0.2, 0.4]), best=0.5).published.tolist() == [True, False, False, True]
    assert publish(np.array([0.3, 0.1]), best=1.0).excess == 0.0


def test_where_nothing_succeeds_nothing_is_reported():
    found = publish(np.array([-0.2, -0.1]), above=0.0)
    assert found.share == 0.0
    assert np.isnan(found.reported.mean)


@pytest.mark.parametrize("rule", [{}, {"above": 0.1, "best": 0.2}, {"best": 0.0}, {"best": 1.5}])
def test_a_rule_that_is_none_is_refused(rule):
    with pytest.raises(InputError):
        publish(np.array([0.1, 0.2]), **rule)


def test_nothing_to_publish_is_refused():
    with pytest.raises(InputError, match="nothing to publish"):
        publish(np.full(3, np.nan), above=0.0)


# --- on the model -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def market():
    """Forty small estates under a market firm: no party organisation, nothing happens at the policy month."""
    settings = ["population.n_estates=40", "population.n_households=50"]
    return run("market", place="managed", months=25, replicates=16, set=settings).batches[0]


def test_a_literature_of_successes_reports_a_gain_where_there_is_no_party_effect(market):
    found = publish(gains(market, start=-1, end=23), best=0.2)
    assert found.reported.low > found.true.high
    assert found.share == pytest.approx(0.2, abs=0.01)
    gained = gains(market, start=-1, end=23)
    cut = gained.mean() + gained.std() * norm.isf(0.2)
    law = published_mean(gained.mean(), gained.std(), cut)  # as if gains were normal
    assert found.reported.mean == pytest.approx(law, abs=0.15 * (law - gained.mean()))


def test_gains_are_the_change_of_each_estate(market):
    found = gains(market, "cost_covered", start=0, end=24)
    assert found.shape == (16 * 40,)
    assert np.isfinite(found).all()
    assert gains(market, start=0, end=0) == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("options", "text"),
    [({"outcome": "payment"}, "choose one of"), ({"end": 99}, "Month 99"), ({"start": -999}, "Month -999")],
)
def test_a_mistake_is_told(market, options, text):
    with pytest.raises(InputError, match=text):
        gains(market, **options)
