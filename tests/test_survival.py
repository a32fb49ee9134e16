"""Incidence of ends and restricted means against closed forms, and what must not depend on anything.

Counts are expectations here, of so many issues that fractions of one do not matter: a sample without chance.
"""

from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.state import ENDS, LIFE_MONTHS
from sim.survival import SETTLED, incidence, restricted_mean

MANY = 1e12
"""Issues at the start."""

NONE_OPEN = np.zeros(LIFE_MONTHS)
WITHDRAWN = ENDS.index("withdrawn")


def expected(settle: float, withdraw: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Return how MANY issues end by age under constant monthly chances, and those still open at the last age."""
    ends, still = np.zeros((len(ENDS), LIFE_MONTHS)), np.zeros(LIFE_MONTHS)
    staying = MANY * (1.0 - settle - withdraw) ** np.arange(LIFE_MONTHS + 1)
    ends[SETTLED], ends[WITHDRAWN] = staying[:-1] * settle, staying[:-1] * withdraw
    still[-1] = staying[-1]
    return ends, still


def observed(p: float, cohorts: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """Return ends and those still open, one cohort a month for so long, all watched to the end of the last month."""
    ends, still = np.zeros((len(ENDS), LIFE_MONTHS)), np.zeros(LIFE_MONTHS)
    for watched in range(1, cohorts + 1):
        ends[SETTLED, :watched] += MANY * p * (1.0 - p) ** np.arange(watched)
        still[watched - 1] += MANY * (1.0 - p) ** watched
    return ends, still


def test_competing_ends():
    """r = 0.4, w = 0.1: 0.7998 are settled within 12 months; 1 - Kaplan-Meier would say 0.9978."""
    ends, still = expected(0.4, 0.1)
    found = incidence(ends, still)
    assert found[SETTLED, 11] == pytest.approx(0.7998046875, abs=1e-12)
    assert found[WITHDRAWN, 11] == pytest.approx(0.7998046875 / 4, abs=1e-12)
    kaplan_meier = np.prod(1.0 - ends[SETTLED, :12] / (MANY * 0.5 ** np.arange(12)))
    assert 1.0 - kaplan_meier == pytest.approx(0.9978232177, abs=1e-9)


@pytest.mark.parametrize(
    ("p", "months", "mean"),
    [(0.4, 12, 2.4945580442), (0.1, 12, 7.1757046352), (0.1, 24, 9.2023355692)],
)
def test_restricted_means_of_a_geometric_time(p, months, mean):
    assert restricted_mean(*expected(p), months) == pytest.approx(mean, abs=1e-10)
    ends, still = observed(p)
    assert restricted_mean(ends, still, months) == pytest.approx(mean, abs=1e-10)  # whatever is still open


def test_censoring_does_not_bias():
    """One case a month for 60 months, p = 0.1: the mean of the closed ones is 8.26; the curve is exact."""
    ends, still = observed(0.1)
    closed = ends[SETTLED]
    assert closed.sum() / (60 * MANY) == pytest.approx(0.8502695515, abs=1e-9)
    assert (closed @ (np.arange(LIFE_MONTHS) + 1)) / closed.sum() == pytest.approx(8.2580448880, abs=1e-9)
    found = incidence(ends, still)[SETTLED, :60]
    assert found == pytest.approx(1.0 - 0.9 ** np.arange(1, 61), abs=1e-12)


def test_the_ladder_s_curve():
    """Settled at any level by month 1, 3, 6, 12, 24 (rigor 2.11, chain of 2.5)."""
    r, e = (0.40, 0.35, 0.30, 0.25, 0.50), (0.20, 0.25, 0.20, 0.15, 0.0)
    w = (0.10, 0.05, 0.05, 0.05, 0.0)
    level = MANY * np.eye(1, 5)[0]
    ends = np.zeros((len(ENDS), LIFE_MONTHS))
    for age in range(LIFE_MONTHS):
        ends[SETTLED, age], ends[WITHDRAWN, age] = level @ r, level @ w
        stay = level * (1.0 - np.array(r) - e - w)
        stay[1:] += (level * e)[:-1]
        level = stay
    found = incidence(ends, NONE_OPEN)[SETTLED]
    want = {1: 0.4, 3: 0.6865, 6: 0.7868880625, 12: 0.8185081073, 24: 0.8207313660}
    for month, share in want.items():
        assert found[month - 1] == pytest.approx(share, abs=1e-10)
    # months in the ladder: of all ends together
    together = np.zeros_like(ends)
    together[SETTLED] = ends.sum(axis=0)
    open_for = {1: 1.0, 3: 1.77, 6: 2.07918125, 12: 2.1774561084, 24: 2.1833639864}
    for month, mean in open_for.items():
        assert restricted_mean(together, NONE_OPEN, month) == pytest.approx(mean, abs=1e-10)


def test_an_end_that_settles_nothing_leaves_it_unsettled():
    """Half are lumped at once, the others settled in their first month: 1/2 for a month, 1/2 for all of twelve."""
    ends = np.zeros((len(ENDS), LIFE_MONTHS))
    ends[ENDS.index("lumped"), 0] = ends[SETTLED, 0] = 50
    assert restricted_mean(ends, NONE_OPEN, 12) == pytest.approx(0.5 * 1 + 0.5 * 12)


def test_nothing_at_risk_is_missing_not_zero():
    none = np.zeros((len(ENDS), LIFE_MONTHS), np.int64)
    assert np.isnan(incidence(none, NONE_OPEN)).all()
    assert np.isnan(restricted_mean(none, NONE_OPEN, 12))


def test_nothing_settled_lasts_as_long_as_one_looks():
    none = np.zeros((len(ENDS), LIFE_MONTHS), np.int64)
    still = np.zeros(LIFE_MONTHS, np.int64)
    still[-1] = 7
    assert (incidence(none, still) == 0.0).all()
    assert [restricted_mean(none, still, months) for months in (1, 12, 61)] == [1.0, 12.0, 61.0]


# --- whatever the counts -----------------------------------------------------------------------------------------

counts = st.lists(st.lists(st.integers(0, 30), min_size=6, max_size=6), min_size=5, max_size=5)


@given(counts)
def test_every_curve_rises_and_all_together_reach_at_most_one(drawn):
    ends, still = np.array(drawn[:4]), np.array(drawn[4])
    if ends.sum() + still.sum() == 0:
        return
    found = incidence(ends, still)
    assert (np.diff(found, axis=1) >= 0.0).all()
    assert (found >= 0.0).all()
    assert (found.sum(axis=0) <= 1.0 + 1e-12).all()


@given(counts)
def test_without_censoring_the_curve_is_the_share(drawn):
    ends = np.array(drawn[:4])
    if ends.sum() == 0:
        return
    want = np.array([list(accumulate(row)) for row in ends.tolist()]) / ends.sum()
    assert incidence(ends, np.zeros(6)) == pytest.approx(want, abs=1e-12)


@given(counts, st.integers(2, 1000))
def test_only_shares_matter(drawn, times):
    ends, still = np.array(drawn[:4]), np.array(drawn[4])
    if ends.sum() + still.sum() == 0:
        return
    assert incidence(ends * times, still * times) == pytest.approx(incidence(ends, still), abs=1e-12)


@given(counts, st.permutations(range(4)))
def test_the_order_of_ends_does_not_matter(drawn, order):
    ends, still = np.array(drawn[:4]), np.array(drawn[4])
    if ends.sum() + still.sum() == 0:
        return
    assert incidence(ends[list(order)], still) == pytest.approx(incidence(ends, still)[list(order)], abs=1e-12)


@given(counts, st.integers(1, 6))
def test_a_restricted_mean_lies_within_its_months_and_grows_by_at_most_one(drawn, months):
    ends, still = np.array(drawn[:4]), np.array(drawn[4])
    if ends.sum() + still.sum() == 0:
        return
    mean = restricted_mean(ends, still, months)
    assert 1.0 <= mean + 1e-12
    assert mean <= months + 1e-12
    if months > 1:
        assert -1e-12 <= mean - restricted_mean(ends, still, months - 1) <= 1.0 + 1e-12


@given(counts, st.integers(0, 5))
def test_one_more_real_settlement_never_lowers_the_curve(drawn, age):
    """One case moved from withdrawn to settled at the same age."""
    ends, still = np.array(drawn[:4]), np.array(drawn[4])
    ends[WITHDRAWN, age] += 1
    before = incidence(ends, still)[SETTLED]
    ends[WITHDRAWN, age] -= 1
    ends[SETTLED, age] += 1
    assert (incidence(ends, still)[SETTLED] >= before - 1e-12).all()
