"""Every outcome that looks at more than one total, against what a handful of totals gives by hand."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from estates import built, payers, run, values

from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.provider import COMMUNITY, FIRM, NOBODY
from sim.outcomes import OUTCOMES, Months, judge, series
from sim.pooling import settled_within, time_unsettled
from sim.results import Arm, Results
from sim.runs import simulate
from sim.scenarios import resolve
from sim.state import ENDS, LIFE_MONTHS
from sim.survival import incidence, restricted_mean
from sim.totals import Total

NAN = float("nan")


def totals(counted: Mapping[Total, Any], n_months: int = 1, n_estates: int = 1) -> np.ndarray:
    """Return totals of one run, (1, month, total, estate): zeros but for those given, by month or (month, estate)."""
    made = np.zeros((1, n_months, len(Total), n_estates), np.int64)
    for total, numbers in counted.items():
        given = np.asarray(numbers, np.int64)
        made[0, :, total] = given.reshape(n_months, -1) if given.ndim else given
    return made


def outcome(name: str, counted: Mapping[Total, Any], n_months: int = 1, n_estates: int = 1, first: int = 0) -> Any:
    """Return an outcome month by month."""
    found = OUTCOMES[name].compute(Months(totals(counted, n_months, n_estates), first))
    assert found.shape == (1, n_months)
    return found[0].tolist()


# --- one month -----------------------------------------------------------------------------------------------------

BY_HAND: list[tuple[str, dict[Total, int], float]] = [
    # of 100 yuan due 60 are paid; 20 unpaid ones are left out and 4 yuan of subsidy are booked
    ("reported_payment_rate", {Total.REPORTED_DUE: 8_000, Total.REPORTED_PAID: 6_400}, 0.8),
    ("reported_payment_rate", {Total.REPORTED_PAID: 400}, NAN),  # no bill
    # 12 of 20 against 15 of 20
    (
        "payment_gap_income",
        {Total.N_DUE_3_LOW: 20, Total.N_PAID_3_LOW: 12, Total.N_DUE_3_HIGH: 20, Total.N_PAID_3_HIGH: 15},
        0.15,
    ),
    ("payment_gap_income", {Total.N_DUE_3_LOW: 20, Total.N_PAID_3_LOW: 12}, NAN),  # nobody in the highest third
    ("fee_burden_low", {Total.BILLED_LOW: 70_000, Total.INCOME_LOW: 14_000_000}, 0.5),  # 700 of 140,000 yuan
    ("fee_burden_low", {Total.INCOME_LOW: 14_000_000}, 0.0),
    ("fee_burden_low", {}, NAN),  # nobody in the lowest third
    # 4 of 10 at home are elderly: 1.6 / 4 against 3.0 / 6
    (
        "satisfaction_gap_age",
        {
            Total.N_OBSERVERS: 10,
            Total.SATISFACTION: 4_600_000,
            Total.N_ELDERLY: 4,
            Total.SATISFACTION_ELDERLY: 1_600_000,
        },
        -0.1,
    ),
    ("satisfaction_gap_age", {Total.N_OBSERVERS: 10, Total.SATISFACTION: 4_600_000}, NAN),
    ("months_unsettled", {Total.ISSUES_12: 10, Total.SPARED_12: 25}, 9.5),
    ("months_unsettled", {}, NAN),
    ("trust_social", {Total.N_TRUST_SOCIAL: 20, Total.TRUST_SOCIAL: 11_000_000}, 0.55),
    ("trust_social", {}, NAN),
    ("arrears_young", {Total.ARREARS_YOUNG: 90_000, Total.N_HOUSEHOLDS: 20}, 45.0),
    ("arrears_middle", {Total.ARREARS_MIDDLE: 80_000, Total.N_HOUSEHOLDS: 20}, 40.0),
    ("arrears_old", {Total.ARREARS_OLD: 70_000, Total.N_HOUSEHOLDS: 20}, 35.0),
    ("arrears_lapsed", {Total.ARREARS_LAPSED: 60_000, Total.N_HOUSEHOLDS: 20}, 30.0),
    ("arrears", {Total.ARREARS_YOUNG: 100, Total.ARREARS_LAPSED: 900, Total.N_HOUSEHOLDS: 1}, 1.0),
]


@pytest.mark.parametrize(
    ("name", "counted", "expected"), BY_HAND, ids=[f"{case[0]}-{k}" for k, case in enumerate(BY_HAND)]
)
def test_one_month_by_hand(name, counted, expected):
    assert outcome(name, counted) == [pytest.approx(expected, abs=1e-12, nan_ok=True)]


def test_shares_are_ratios_of_sums_over_estates_and_twelve_months():
    """Two estates, 13 months: what was counted in the first month no longer counts in the last."""
    due = np.full((13, 2), [100, 300])
    paid = np.full((13, 2), [100, 0])
    paid[0], paid[12] = [0, 0], [100, 300]
    found = outcome("reported_payment_rate", {Total.REPORTED_DUE: due, Total.REPORTED_PAID: paid}, 13, 2)
    assert found[0] == 0.0
    assert found[12] == pytest.approx((11 * 100 + 400) / (12 * 400))


# --- months until something happens --------------------------------------------------------------------------------


def test_months_to_exit():
    """Estate 0 is left before the policy month (no matter), in its third month, and again; estate 1 in its fifth."""
    left = np.zeros((9, 3), np.int64)
    left[[1, 4, 7], 0] = 1
    left[6, 1] = 1
    found = outcome("months_to_exit", {Total.FIRM_LEFT: left}, 9, 3, first=2)
    assert found == pytest.approx([NAN, NAN, NAN, NAN, 3, 3, 4, 4, 4], nan_ok=True)


def test_a_firm_that_stays_has_no_months_to_exit_and_is_counted_as_missing():
    assert np.isnan(outcome("months_to_exit", {}, 5, 2)).all()
    assert outcome("months_to_exit", {Total.FIRM_LEFT: [1, 0]}, 2) == [1.0, 1.0]  # the policy month itself


def test_the_share_given_up_holds_those_that_stay():
    """Of three estates one is left in its third month and again, one in its fifth, one never; before does not count."""
    left = np.zeros((9, 3), np.int64)
    left[[1, 4, 7], 0] = 1
    left[6, 1] = 1
    found = outcome("firms_gone", {Total.FIRM_LEFT: left}, 9, 3, first=2)
    assert found == pytest.approx([NAN, NAN, 0, 0, 1 / 3, 1 / 3, 2 / 3, 2 / 3, 2 / 3], nan_ok=True)
    assert outcome("firms_gone", {}, 5, 2) == [0.0] * 5


def test_the_share_given_up_is_one_less_kaplan_meier():
    left = np.zeros((40, 300), np.int64)
    left[np.arange(200) ** 2 % 40, np.arange(200)] = 1  # a hundred stay
    found = outcome("firms_gone", {Total.FIRM_LEFT: left}, 40, 300)
    first = np.where(left.any(axis=0), left.argmax(axis=0), 40)
    ends = np.bincount(first, minlength=41)[None, :40]
    censored = np.zeros(40, np.int64)
    censored[-1] = (first == 40).sum()  # they are watched to the last month
    np.testing.assert_allclose(found, incidence(ends, censored)[0])


@pytest.mark.parametrize("name", ["months_to_exit", "gain_half_life"])
def test_a_time_that_leaves_out_who_has_not_come_to_an_end_is_neither_better_nor_worse(name):
    assert OUTCOMES[name].better == 0


def test_months_without_a_provider():
    kinds = [[FIRM, FIRM], [NOBODY, FIRM], [NOBODY, NOBODY], [COMMUNITY, NOBODY]]
    made = totals({Total.PROVIDER: kinds}, 4, 2)
    assert series(made, 0)["months_without_provider"][0].tolist() == [0.0, 6.0, 12.0, 6.0]
    assert judge(series(made, 1), 1)["months_without_provider"].tolist() == [8.0]  # of the policy months: 4 of 6


def stocks(*levels: float) -> dict[Total, np.ndarray]:
    """Return totals in which visible and invisible facilities have these levels, 0.1 apart on either side."""
    level = np.rint(1e6 * np.array(levels)).astype(np.int64)
    return {Total.VISIBLE: level + 100_000, Total.INVISIBLE: level - 100_000}


RENOVATED: list[tuple[list[float], list[float]]] = [
    # 0.4 to 0.6 in month 2; half of 0.2 is gone where the stock is at 0.5, three months later
    ([0.4, 0.4, 0.6, 0.57, 0.54, 0.5, 0.45], [NAN, NAN, NAN, NAN, NAN, 3, 3]),
    # works of three months: 0.4 to 0.7, counted from their last; at 0.55 two months later
    ([0.4, 0.5, 0.6, 0.7, 0.6, 0.55, 0.3], [NAN, NAN, NAN, NAN, NAN, 2, 2]),
    ([0.4, 0.4, 0.6, 0.57, 0.54, 0.51], [NAN] * 6),  # more than half is left
    ([0.4, 0.39, 0.38, 0.37, 0.3], [NAN] * 5),  # no works
    ([0.4, 0.415, 0.43, 0.42, 0.3], [NAN] * 5),  # upkeep, not works
    ([0.4, 0.44, 0.41, 0.3], [NAN] * 4),  # too little to follow
    # renovated again before half is gone: 0.55 to 0.75 in month 3, at 0.65 two months later
    ([0.4, 0.6, 0.55, 0.75, 0.7, 0.65, 0.3], [NAN, NAN, NAN, NAN, NAN, 2, 2]),
    # a second renovation after it: the first counts
    ([0.4, 0.6, 0.45, 0.8, 0.79, 0.5], [NAN, NAN, 1, 1, 1, 1]),
]


@pytest.mark.parametrize(("levels", "expected"), RENOVATED)
def test_months_until_half_of_a_gain_is_gone(levels, expected):
    found = outcome("gain_half_life", stocks(*levels), len(levels))
    assert found == pytest.approx(expected, nan_ok=True)


def test_a_renovation_before_the_policy_month_is_none_and_estates_are_averaged():
    levels = [0.4, 0.6, 0.45, 0.4, 0.8, 0.7, 0.6]
    assert outcome("gain_half_life", stocks(*levels), 7, first=3) == pytest.approx([NAN] * 6 + [2.0], nan_ok=True)
    one, other = stocks(*levels), stocks(0.4, 0.6, 0.5, 0.4, 0.3, 0.3, 0.3)
    both = {total: np.stack([one[total], other[total]], axis=1) for total in one}
    assert outcome("gain_half_life", both, 7, 2) == pytest.approx([NAN, NAN, 1, 1, 1, 1, 1], nan_ok=True)


def test_a_jump_of_facilities_in_a_run_is_found_and_fades():
    """Facilities of a real run are raised by 0.3 in one month; without upkeep half is gone in years."""
    chosen = values("custody", "trapped", {"facility.upkeep": 0.0, "population.n_households": 12})
    state, counted = built(chosen), []
    for month in range(250):
        if month == 12:
            state.facility[:2] += 0.3
        counted.append(run(state, chosen, month, month + 1)[0])
    found = OUTCOMES["gain_half_life"].compute(Months(np.array(counted)[None], 0))[0]
    start = counted[11][Total.VISIBLE, 0] * 1e-6
    top = counted[12][Total.VISIBLE, 0] * 1e-6
    n = int(np.ceil(np.log((start + (top - start) / 2) / top) / np.log(1.0 - 0.045 / 12.0)))
    assert np.isnan(found[: 12 + n]).all()
    assert found[12 + n :].tolist() == [n] * (250 - 12 - n)


def test_nothing_looks_ahead():
    """What is known in a month is the same, whatever comes later."""
    batch = simulate([resolve("market", months=30, set=["firm.loss_months=3"])], replicates=range(2), seed=2)[0]
    whole, part = series(batch.totals, batch.first), series(batch.totals[:, :-7], batch.first)
    for name, found in part.items():
        np.testing.assert_array_equal(whole[name][:, :-7], found, err_msg=name)


# --- what is told, and what is true --------------------------------------------------------------------------------

TOLD = {Total.REPORTED_DUE, Total.REPORTED_PAID}


def told(**levers: float) -> np.ndarray:
    changes = {f"report.{name}": value for name, value in levers.items()}
    chosen = values("custody", "trapped", changes | {"population.share_vacant": 0.2, "provider.fallback": 1})
    return run(built(chosen), chosen, 0, 30)


def test_a_report_without_tricks_is_the_true_rate():
    plain = told()
    assert np.array_equal(plain[:, Total.REPORTED_DUE], plain[:, Total.DUE_3])
    assert np.array_equal(plain[:, Total.REPORTED_PAID], plain[:, Total.PAID_3])


def test_reports_change_the_reported_rate_and_nothing_else():
    plain, cleaned, inflated = told(), told(cleaned=1.0), told(inflated=1.0)
    apart = [total for total in Total if total not in TOLD]
    for other in (cleaned, inflated):
        assert np.array_equal(plain[:, apart], other[:, apart])
    rates = [series(found[None], 0)["reported_payment_rate"][0, -1] for found in (plain, cleaned, inflated)]
    true = series(plain[None], 0)["payment_rate"][0, -1]
    assert rates[0] == true
    assert min(rates[1:]) > true + 0.05
    # all caretaker money, 0.05 yuan per m2, is booked: the reported yuan are higher by exactly it
    area = built(values("custody", "trapped")).household_n[N.AREA].sum()
    assert ((inflated - plain)[:, Total.REPORTED_PAID] == np.rint(5 * area)).all()


def test_what_is_left_out_are_unpaid_bills_of_vacant_dwellings_and_old_debtors():
    chosen = values("custody", "trapped", {"report.cleaned": 1.0, "population.share_vacant": 0.2})
    state = built(chosen)
    counted = run(state, chosen, 0, 30)[-1, :, 0]
    unpaid, area = state.household_n[N.UNPAID], state.household_n[N.AREA]
    rate, flat = state.bill_rate[26 % 64, 0], state.bill_flat[26 % 64, 0]
    could_go = (unpaid >> 3 & 1 == 1) & ((state.household_n[N.TENURE] == 2) | (unpaid >> 9 > 0))
    assert counted[Total.DUE_3] - counted[Total.REPORTED_DUE] == (area * rate + flat)[could_go].sum() > 0


# --- who pays, by income and age -----------------------------------------------------------------------------------


def test_thirds_of_income_and_what_they_are_billed():
    chosen = values("market", "healthy", {"population.n_households": 900})
    state = built(chosen)
    income, third = state.household[H.INCOME], state.household_n[N.INCOME_THIRD]
    assert income[third == 0].max() < income[third == 1].min() <= income[third == 1].max() < income[third == 2].min()
    assert np.abs(np.bincount(third) - 300).max() < 5.0 * np.sqrt(900 * 2 / 9)  # five standard deviations
    counted = run(state, chosen, 0, 1)[0, :, 0]
    low = third == 0
    assert counted[Total.INCOME_LOW] == np.rint(100 * income[low]).sum()
    area, rate, flat = state.household_n[N.AREA][low], state.bill_rate[0, 0], state.bill_flat[0, 0]
    assert counted[Total.BILLED_LOW] == (area * rate + flat).sum() > 0
    old = (state.household_n[N.ELDERLY] == 1) & (state.household_n[N.TENURE] != 2)
    assert counted[Total.N_ELDERLY] == old.sum()
    assert counted[Total.SATISFACTION_ELDERLY] == np.rint(1e6 * state.household[H.QUALITY][old]).sum()


def test_where_the_fee_weighs_the_lowest_third_pays_less_often():
    """Felt as a burden; where it is felt through what it lets one expect, rich and poor pay alike.

    The place's intercept was solved without the burden: with it a fifth would pay, rich or poor. Two thirds do here.
    """
    heavy, gaps = {"household.b_burden": 3.0, "population.n_households": 900}, []
    for felt in ({"structure.price_channel": 1, "household.intercept": 2.5}, {"structure.price_channel": 0}):
        chosen = values("market", "healthy", heavy | felt)
        totals = run(built(chosen), chosen, 0, 24)
        assert 0.5 < payers(totals)[-1, 0] / 900 < 0.85
        gaps.append(series(totals[None], 0)["payment_gap_income"][0, -1])
    assert gaps[0] > 0.2
    assert abs(gaps[1]) < 0.05


# --- organisations, and time unsettled -----------------------------------------------------------------------------


def test_trust_in_organisations_follows_cases_at_the_desk_where_they_help():
    settled = {"case.mediation_base": 20.0, "case.provider_base": -700.0, "case.neighbour": 0.2}
    settled |= {"social.service_hours": 20.0, "trust.community_return": 0.0, "case.trust_effect": 0.5}
    deceived = settled | {
        "case.mediation_base": -700.0, "case.paper_base": 1.0, "desk.verification": 0.0, "case.reopen": 1.0,
    }  # fmt: skip
    trusts = []
    for changes in (settled, deceived, settled | {"social.service_hours": 0.0}):
        chosen = values("market", "managed", changes)
        state = built(chosen, n_cases=2000)
        mean = series(run(state, chosen, 0, 24)[None], 0)["trust_social"][0]
        trusts.append(trust := state.household[H.TRUST_SOCIAL])
        present = chosen["social.service_hours"] > 0
        assert np.isnan(mean).all() != present
        assert not present or mean[-1] == pytest.approx(trust.mean(), abs=1e-6)
    halvings = np.log2([1.0 - trusts[0], trusts[1]])  # each case moves it half the way to 1, or to 0
    assert np.array_equal(halvings, np.rint(halvings))
    assert (halvings.max(axis=1) == -1).all()
    assert (halvings.min(axis=1) <= -2).all()
    assert (trusts[2] == 0.5).all()  # nobody's trust moves where nobody is at work


def ended(settled: Mapping[int, int], withdrawn: Mapping[int, int], still: Mapping[int, int]) -> np.ndarray:
    """Return a table of ends, (end, age), of so many issues at each age."""
    table = np.zeros((len(ENDS) + 1, LIFE_MONTHS), np.int64)
    rows = ((ENDS.index("resolved"), settled), (ENDS.index("withdrawn"), withdrawn), (len(ENDS), still))
    for row, given in rows:
        for age, n in given.items():
            table[row, age] = n
    return table


def arm(ends: list[np.ndarray], n_months: int = 60) -> Arm:
    n, months = len(ends), np.arange(-12, n_months)
    return Arm("here", "x", 1, np.arange(n), ("ok",) * n, months, {}, np.array(ends))


def test_time_unsettled_is_pooled_over_runs():
    """Of 6 + 2 issues 3 are settled at ages 0, 3 and 11, one is withdrawn, the rest are open after a year."""
    runs = [ended({0: 1, 3: 1}, {5: 1}, {30: 3}), ended({11: 1}, {}, {30: 1})]
    found = time_unsettled(arm(runs))
    # months until settled, 12 at most, of the 8 issues
    assert found.value == pytest.approx((1 + 4 + 12 + 5 * 12) / 8)
    # the jackknife of two runs: each alone, (1 + 4 + 4 * 12) / 6 and 12; half their distance times t(0.975, 1)
    half = 12.706204736432095 * 0.5 * abs((1 + 4 + 4 * 12) / 6 - 12.0)
    assert found.high - found.value == pytest.approx(half)
    assert found.value - found.low == pytest.approx(half)
    assert settled_within(arm(runs)).tolist() == pytest.approx([1 / 8, 2 / 8, 2 / 8, 3 / 8])


def test_short_runs_do_not_claim_what_nobody_saw():
    runs = [ended({0: 1}, {}, {4: 1})] * 2
    assert np.isnan(time_unsettled(arm(runs, 11)).value)
    assert not np.isnan(time_unsettled(arm(runs, 12)).value)
    assert np.isnan(settled_within(arm(runs, 5))).tolist() == [False, False, True, True]
    alone = time_unsettled(arm(runs[:1]))
    assert not np.isnan(alone.value)
    assert np.isnan(alone.low)


def test_the_monthly_count_and_the_table_of_ends_agree():
    """Of issues all watched for 12 months the monthly count gives the restricted mean of the table of ends."""
    batch = simulate([resolve("market", place="managed", months=24)], replicates=range(3), seed=4, cases=True)[0]
    first = batch.first + 12
    spared, issues = (batch.totals[:, first:, total].sum() for total in (Total.SPARED_12, Total.ISSUES_12))
    assert issues == batch.totals[:, batch.first : first, Total.ARISEN].sum() > 100
    cases = Results.of([batch]).cases
    cases = cases[cases["kind"] != "suit for arrears"]  # a suit is no issue that arose
    mine = cases[(cases["outcome"] == "resolved") & cases["arisen"].between(0, 11)]
    ends = np.zeros((len(ENDS), LIFE_MONTHS), np.int64)
    np.add.at(ends[ENDS.index("resolved")], (mine["closed"] - mine["arisen"]).to_numpy(np.int64), 1)
    assert ends.sum() > 20
    ends[ENDS.index("lumped"), 0] = issues - ends.sum()
    expected = restricted_mean(ends, np.zeros(LIFE_MONTHS, np.int64), 12)
    assert 12 - spared / issues == pytest.approx(expected, abs=1e-12)


def test_trust_in_a_body_that_does_not_exist_is_missing():
    """Custody in a trapped estate has no owners' committee; somebody serves, so trust in the provider is there."""
    batch = simulate([resolve("custody", months=6, set=["population.n_households=20"])], replicates=range(2), seed=1)[0]
    found = series(batch.totals, batch.first, ("trust_owners", "trust_provider"))
    assert np.isnan(found["trust_owners"]).all()
    assert not np.isnan(found["trust_provider"]).any()
