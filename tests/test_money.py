"""Programmes about money and facilities: what each does, which way, and how it can fail."""

from itertools import permutations
from typing import Any

import numpy as np
import pytest
from estates import built, run, values

from agents.rules.estate import EstateWhole as E
from agents.rules.facility import FacilityReal as K
from agents.rules.household import VACANT
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.money import Item, Sector
from agents.rules.owners_committee import OwnersReal as O
from agents.rules.owners_committee import OwnersWhole as ON
from agents.rules.provider import COMMUNITY, FIRM
from agents.rules.provider import ProviderReal as P
from agents.rules.provider import ProviderWhole as PN
from agents.rules.residents_committee import CommitteeReal as R
from sim.parameters import PARAMETERS, Role
from sim.parameters.influence_money import MONEY
from sim.scenarios import resolve
from sim.schedule import SCHEDULE
from sim.state import COLUMNS, State, copy_state
from sim.totals import Total

SIZE = {"population.n_households": 100}
ALL_VOTE = {"owners.turnout_base": 20.0, "owners.reached": 1.0, "owners.absent_loss": 0.0, "owners.turnout_spread": 0.0}
NO_FEEDBACK = {"household.b_quality": 0.0, "household.b_trust": 0.0, "household.b_grievance": 0.0, "case.drain": 0.0}


def begun(form: str, place: str, changes: dict[str, Any], months: int = 3) -> tuple[State, dict[str, Any]]:
    """Return an estate after some months before the policy month, and the values it lived under."""
    found = values(form, place, SIZE | changes)
    state = built(found, seed=4)
    run(state, found, -months, 0)
    return state, found


def after(state: State, found: dict[str, Any], changes: dict[str, Any], months: int) -> tuple[State, np.ndarray, Any]:
    """Return the state so many months from the policy month on, what was counted, and all payments, (item,)."""
    work, paid, counted = copy_state(state), np.zeros(len(Item), np.int64), []
    unknown = set(changes) - set(found)
    assert not unknown
    for month in range(months):
        counted.append(run(work, found | changes, month, month + 1)[0, :, 0])
        paid += work.flow[:, 0]
    return work, np.array(counted), paid


# --- precise renovation ------------------------------------------------------------------------------------------

WORKS = {
    "renovation.on": 1, "renovation.canvass": 1.0, "renovation.gain": 0.5, "renovation.worth": 20.0,
    "renovation.legacy": 0.6, "street.old_unit_pays": 1.0,
}  # fmt: skip


@pytest.fixture(scope="module")
def worn_out() -> tuple[State, dict[str, Any]]:
    return begun("custody", "trapped", ALL_VOTE)


def test_works_raise_what_is_missing_in_equal_parts(worn_out):
    state, found = worn_out
    still = found | {"facility.decay": 0.0, "facility.upkeep": 0.0}
    stock = state.facility[K.VISIBLE, 0]
    for month in range(1, 9):
        work, _, paid = after(state, still, WORKS, month)
        parts = min(month - 1, 6)
        assert work.facility[K.VISIBLE, 0] == pytest.approx(stock + parts / 6 * 0.5 * (1 - stock), rel=1e-12)
        assert work.estate_n[E.WORKS_LEFT, 0] == 6 - parts
    gain = 0.5 * (1 - stock)
    public = round(50_000_00 * gain * 100) + round(1500_00 * 0.6 * 100)
    assert paid[Item.WORKS_STREET] == paid[Item.WORKS_GRANTED] == pytest.approx(public, abs=1)
    assert 5_000 < public / 100 / 100 < 20_000  # yuan per household, as mechanisms 5 has it


def test_the_worse_the_estate_the_more_it_gets_and_a_good_one_gets_nothing(worn_out):
    state, found = worn_out
    gains = {}
    for stock in (0.1, 0.3, 0.49, 0.51):
        work = copy_state(state)
        work.facility[K.VISIBLE] = work.facility[K.INVISIBLE] = stock
        ended, _, paid = after(work, found | {"facility.decay": 0.0}, WORKS, 8)
        gains[stock] = ended.facility[K.INVISIBLE, 0] - stock
        assert (paid[Item.WORKS_STREET] > 0) == (stock < 0.5)
    assert gains[0.1] > gains[0.3] > gains[0.49] > 0.2
    assert gains[0.51] == pytest.approx(0.0, abs=1e-12)


def test_works_disturb_while_they_last_and_move_no_trust_by_themselves(worn_out):
    state, found = worn_out
    apart = {"trust.from_quality": 0.0, "trust.pull": 0.0, "case.trust_effect": 0.0, "trust.statutory": 0.0}
    quiet = found | NO_FEEDBACK | apart  # the hours of canvassers are missing elsewhere
    none, plain, _ = after(state, quiet, {}, 6)
    some, counted, _ = after(state, quiet, WORKS, 6)
    home = none.household_n[N.TENURE] != VACANT
    assert (some.household[H.GRIEVANCE] > none.household[H.GRIEVANCE])[home].all()
    assert counted[:, Total.ARISEN].sum() > plain[:, Total.ARISEN].sum()
    for column in (H.TRUST_PROVIDER, H.TRUST_COMMITTEE, H.TRUST_BRANCH, H.TRUST_STREET):
        assert some.household[column].tobytes() == none.household[column].tobytes()
    assert counted[:, Total.FEES].tobytes() == plain[:, Total.FEES].tobytes()


def test_a_refused_consent_means_no_works_and_is_asked_again_a_year_later(worn_out):
    state, found = worn_out
    unwanted = WORKS | {"renovation.worth": -20.0}
    ended, counted, paid = after(state, found, unwanted, 14)
    assert counted[:, Total.VOTES].tolist() == [1] + [0] * 11 + [1, 0]
    assert paid[Item.WORKS_STREET] == 0
    assert ended.estate_n[E.RENOVATED, 0] == 0
    assert ended.facility[K.COMING_VISIBLE, 0] == 0.0
    convinced = copy_state(ended)
    run(convinced, found | WORKS, 14, 24)
    assert convinced.estate_n[E.RENOVATED, 0] == 0
    run(convinced, found | WORKS, 24, 25)
    assert convinced.estate_n[E.RENOVATED, 0] == 1


def test_works_come_once(worn_out):
    state, found = worn_out
    _, _, once = after(state, found, WORKS, 3)
    ended, counted, paid = after(state, found | {"facility.decay": 1.0}, WORKS, 60)
    assert ended.facility[K.VISIBLE, 0] < 0.3
    assert counted[:, Total.VOTES].sum() == 1
    assert paid[Item.WORKS_STREET] == once[Item.WORKS_STREET]


def test_a_visible_bias_leaves_the_invisible_to_fail(worn_out):
    state, found = worn_out
    ends = [after(state, found, WORKS | {"renovation.visible_bias": bias}, 12) for bias in (-0.3, 0.0, 0.8)]
    seen, hidden = ([end[0].facility[row, 0] for end in ends] for row in (K.VISIBLE, K.INVISIBLE))
    assert seen[0] < seen[1] < seen[2]
    assert hidden[0] > hidden[1] > hidden[2]
    assert ends[2][2][Item.WORKS_STREET] > 0


def test_owners_consent_below_a_fifth_of_the_price_and_stall_above_it():
    """The share of estates that consent falls with what owners pay themselves (mechanisms 1a: about 0.2)."""
    found = values("custody", "trapped", {"population.n_households": 200, "population.n_estates": 20})
    state = built(found, seed=2)
    canvassed = {"renovation.on": 1, "renovation.canvass": 1.0, "owners.turnout_base": 4.0}
    agreed = []
    for share in (0.0, 0.1, 0.2, 0.35):
        work = copy_state(state)
        run(work, found | canvassed | {"funding.owners_share": share}, 0, 1)
        agreed.append(work.estate_n[E.RENOVATED].mean())
        paid_own = work.flow[Item.WORKS_HOUSEHOLDS].sum() > 0
        assert paid_own == (share > 0 and agreed[-1] > 0)
    assert agreed[0] >= agreed[1] >= agreed[2] >= agreed[3]
    assert agreed[0] > 0.8
    assert agreed[1] > 0.3
    assert agreed[3] == 0.0


def test_without_anybody_at_the_door_no_consent():
    found = values("custody", "trapped", {"population.n_households": 200, "population.n_estates": 20})
    for canvass, low, high in ((0.0, 0.0, 0.0), (1.0, 0.3, 1.0)):
        state = built(found, seed=2)
        run(state, found | {"renovation.on": 1, "renovation.canvass": canvass}, 0, 1)
        assert low <= state.estate_n[E.RENOVATED].mean() <= high
        assert (state.committee[R.DUTIES] == canvass * 100.0).all()


def test_a_vanished_unit_leaves_its_defects(worn_out):
    state, found = worn_out
    for pays, cleared in ((1.0, 0.6), (0.0, 0.0)):
        work, _, paid = after(state, found, WORKS | {"funding.old_unit": 1.0, "street.old_unit_pays": pays}, 1)
        assert work.facility[K.LEGACY_CLEARED, 0] == cleared
        assert (paid[Item.WORKS_OLD_UNIT] > 0) == (pays == 1.0)


# --- the complete community --------------------------------------------------------------------------------------

HAVES = ("supermarket", "canteen", "culture", "neighbourhood", "elderly_care", "charging_shed")
STANDARDS = ("facade", "green", "roads")
FACILITIES = {f"complete.{name}": 1 for name in HAVES}


@pytest.fixture(scope="module")
def managed() -> tuple[State, dict[str, Any]]:
    return begun("market", "managed", {})


@pytest.mark.parametrize("part", [*HAVES, *STANDARDS])
def test_every_part_can_be_had_by_itself_and_costs(part, managed):
    state, found = managed
    found = found | {"facility.upkeep": 0.0}  # which rents would pay for
    none, _, _ = after(state, found, {}, 1)
    some, _, paid = after(state, found, {f"complete.{part}": 1}, 1)
    assert some.facility[K.VISIBLE, 0] > none.facility[K.VISIBLE, 0]
    assert some.facility[K.INVISIBLE, 0] == none.facility[K.INVISIBLE, 0]
    assert paid[Item.WORKS_STREET] > 0
    assert (paid[Item.FACILITY_UPKEEP] > 0) == (part in HAVES)
    again, _, twice = after(state, found, {f"complete.{part}": 1}, 3)
    assert twice[Item.WORKS_STREET] == paid[Item.WORKS_STREET]
    assert again.estate_n[E.BUILT, 0] == 1 << (*HAVES, *STANDARDS).index(part)


def test_facilities_nobody_uses_take_money_from_service(managed):
    state, found = managed
    blind = found | NO_FEEDBACK
    (_, none, _), (_, unused, _), (_, used, _) = (
        after(state, blind, changes, 12)
        for changes in ({}, FACILITIES | {"complete.use": 0.0}, FACILITIES | {"complete.use": 1.0})
    )
    assert (used[:, Total.SPENT] > none[:, Total.SPENT]).any()
    assert (used[:, Total.SPENT] >= unused[:, Total.SPENT]).all()
    assert unused[:, Total.SPENT].sum() < none[:, Total.SPENT].sum() < used[:, Total.SPENT].sum()


def test_the_community_runs_facilities_only_as_far_as_its_cash_goes(worn_out):
    state, found = worn_out
    poor = FACILITIES | {"complete.use": 0.0, "complete.upkeep": 5.0}
    ended, _, paid = after(state, found, poor, 12)
    assert ended.provider_n[PN.KIND, 0] == COMMUNITY
    assert ended.cash[Sector.PROVIDER, 0] >= 0
    assert 0 < paid[Item.FACILITY_UPKEEP] < 12 * 5.0 * 100 * ended.estate_n[E.AREA, 0]


@pytest.mark.parametrize(("lever", "stock"), [("municipal", K.INVISIBLE), ("sanitation", K.VISIBLE)])
def test_public_upkeep_keeps_one_stock_up(lever, stock, managed):
    state, found = managed
    blind = found | NO_FEEDBACK
    none, _, _ = after(state, blind, {}, 6)
    some, _, paid = after(state, blind, {f"complete.{lever}": 1.0}, 6)
    other = K.VISIBLE if stock == K.INVISIBLE else K.INVISIBLE
    assert some.facility[stock, 0] > none.facility[stock, 0]
    assert some.facility[other, 0] == none.facility[other, 0]
    assert paid[Item.STANDARDS_UPKEEP] > 0


def test_the_three_systems_are_hours(managed):
    state, found = managed
    none, plain, _ = after(state, found, {}, 1)
    more, _, paid = after(state, found, {"complete.organisation_hours": 5.0}, 1)
    assert more.committee[R.MEDIATION_HOURS, 0] == pytest.approx(none.committee[R.MEDIATION_HOURS, 0] + 5.0)
    assert paid[Item.POSTS] == 5 * 25_00
    _, counted, paid = after(state, found, {"complete.cobuilding_hours": 5.0}, 1)
    assert counted[0, Total.DELIVERED] > plain[0, Total.DELIVERED]
    assert counted[0, Total.VOLUNTEER_HOURS] == plain[0, Total.VOLUNTEER_HOURS] + 5000
    assert paid[Item.POSTS] == 0


# --- property and housekeeping -----------------------------------------------------------------------------------

CARE = {"care.cadre_hours": 10.0, "care.firm_hours": 10.0, "care.targeting": 1.0}
QUIET = {"trust.pull": 0.0, "case.trust_effect": 0.0}
"""Nobody talks about trust, and cases, which get fewer hours, move none."""


def test_a_lower_fee_without_more_payers_takes_service_away(managed):
    state, found = managed
    blind = found | NO_FEEDBACK | {"household.b_burden": 0.0}
    _, dear, _ = after(state, blind, {}, 24)
    _, cheap, _ = after(state, blind, {"firm.fee_factor": 0.8}, 24)
    assert cheap[:, Total.BILLED].sum() < dear[:, Total.BILLED].sum()
    assert cheap[-1, Total.SERVICE] < dear[-1, Total.SERVICE]


def test_a_firm_invests_its_own_money_and_no_more_than_its_target(managed):
    state, found = managed
    none, _, _ = after(state, found, {}, 24)
    some, _, paid = after(state, found, {"firm.investment": 1.0}, 24)
    assert some.provider_n[PN.KIND, 0] == FIRM
    assert paid[Item.INVESTMENT] == some.estate_n[E.INVESTED, 0] == 100 * some.estate_n[E.AREA, 0]
    assert some.facility[K.INVISIBLE, 0] > none.facility[K.INVISIBLE, 0]
    assert paid[Item.WORKS_STREET] == 0


def test_care_moves_receivers_and_half_as_far_who_knows_them(managed):
    state, found = managed
    none, _, _ = after(state, found, QUIET, 1)
    some, counted, paid = after(state, found, CARE | QUIET, 1)
    vulnerable = state.household_n[N.VULNERABLE] == 1
    assert counted[0, Total.CARED] == vulnerable.sum() > 0  # ten visits for these few
    knows = np.zeros(len(vulnerable), bool)
    for j in range(len(vulnerable)):
        knows[j] = vulnerable[state.tie[state.tie_start[j] : state.tie_start[j + 1]]].any()
    before = none.household[H.TRUST_COMMITTEE]
    moved = (some.household[H.TRUST_COMMITTEE] - before) / (1.0 - before)
    assert moved[vulnerable] == pytest.approx(0.15 / 2)  # half of the care is theirs
    assert moved[knows & ~vulnerable] == pytest.approx(0.15 / 4)
    assert moved[~knows & ~vulnerable] == pytest.approx(0.0, abs=1e-12)
    assert paid[Item.CARE_WAGES] == 10 * 18_00
    assert counted[0, Total.CADRE_HOURS] >= 10_000


def test_care_at_the_wrong_doors_costs_the_same_and_moves_nothing(managed):
    state, found = managed
    none, plain, _ = after(state, found, QUIET, 1)
    some, counted, paid = after(state, found, CARE | QUIET | {"care.targeting": 0.0}, 1)
    assert counted[0, Total.CARED] == 0
    assert some.household[H.TRUST_COMMITTEE].tobytes() == none.household[H.TRUST_COMMITTEE].tobytes()
    assert paid[Item.CARE_WAGES] > 0
    assert counted[0, Total.STATUTORY_SHORTFALL] >= plain[0, Total.STATUTORY_SHORTFALL]
    assert some.committee[R.MEDIATION_HOURS, 0] < none.committee[R.MEDIATION_HOURS, 0]


def test_cadres_tire_of_care(managed):
    state, found = managed
    hours = []
    for months in (1, 12, 48):
        ended, _, _ = after(state, found, CARE, months)
        hours.append(ended.committee[R.CARE_HOURS, 0])
    assert hours[0] == 10.0
    assert hours[0] > hours[1] > hours[2] > 0.0


def test_care_does_not_dun(managed):
    """A visit of care is none about a bill: nobody looks at old debts because of it."""
    state, found = managed
    quiet = found | NO_FEEDBACK | {"care.effect": 0.0, "trust.statutory": 0.0, "case.drain": 0.0}
    _, plain, _ = after(state, quiet, {}, 6)
    _, counted, _ = after(state, quiet, CARE, 6)
    assert counted[:, Total.CARED].sum() > 0
    assert counted[:, Total.ARREARS_PAID].tobytes() == plain[:, Total.ARREARS_PAID].tobytes()


# --- funding -----------------------------------------------------------------------------------------------------

FUND = {"funding.fund_rate": 0.05, "funding.fund_use": 1}


@pytest.fixture(scope="module")
def organised() -> tuple[State, dict[str, Any]]:
    return begun("self_governance", "committee", ALL_VOTE | {"start.trust_owners": 1.0, "owners.appointed": 1})


def test_contributions_begin_with_a_vote_and_end_with_the_committee(organised):
    state, found = organised
    ended, counted, paid = after(state, found, FUND | {"owners.letting": 0.0}, 12)
    assert ended.provider_n[PN.CONTRIBUTION, 0] == 5
    assert 0 < paid[Item.FUND_PAID_IN] <= 3 * 5 * ended.estate_n[E.AREA, 0]
    assert counted[8, Total.VOTES_PASSED] == 1
    run(ended, found | FUND | {"owners.appointed": 0, "owners.allowed": 0}, 12, 14)
    assert ended.owners_n[ON.COMMITTEE, 0] == 0
    assert ended.provider_n[PN.CONTRIBUTION, 0] == 0
    assert ended.flow[Item.FUND_PAID_IN, 0] == 0


@pytest.mark.parametrize("against", [{"owners.reached": 0.3}, {"funding.fund_rate": 2.0}, {"owners.capture": 1.0}])
def test_a_fund_fails_without_quorum_at_a_high_price_or_under_a_captured_committee(against, organised):
    state, found = organised
    ended, _, paid = after(state, found, FUND | against, 24)
    assert ended.provider_n[PN.CONTRIBUTION, 0] == 0
    assert paid[Item.FUND_PAID_IN] == 0


def test_without_a_committee_there_is_no_fund(managed):
    state, found = managed
    _, _, paid = after(state, found, FUND, 24)
    assert paid[Item.FUND_PAID_IN] == paid[Item.FUND_WORKS] == 0


def test_contributions_weigh_like_the_bill(organised):
    state, found = organised
    blind = found | NO_FEEDBACK | {"structure.price_channel": 1}
    work = copy_state(state)
    work.provider_n[PN.CONTRIBUTION] = 40
    _, dear, _ = after(work, blind, FUND | {"funding.fund_rate": 0.4, "funding.fund_use": 0}, 6)
    _, free, _ = after(state, blind, {}, 6)
    assert dear[:, Total.FEES].sum() < free[:, Total.FEES].sum()


def test_half_of_the_fund_is_used_and_an_able_committee_buys_more(organised):
    state, found = organised
    stocks = []
    for competence in (0.0, 1.0):
        work = copy_state(state)
        work.owners[O.COMPETENCE] = competence
        work.cash[Sector.OWNERS] += 20_000_00
        work.cash[Sector.TENANTS] -= 20_000_00
        held = int(work.cash[Sector.OWNERS, 0])
        run(work, found | {"funding.fund_use": 1, "owners.letting": 0.0, "case.facility": 0.0}, 22, 23)
        assert work.flow[Item.FUND_WORKS, 0] == held // 2
        stocks.append(work.facility[K.INVISIBLE, 0])
    none = copy_state(state)
    run(none, found | {"owners.letting": 0.0, "case.facility": 0.0}, 22, 23)
    assert none.facility[K.INVISIBLE, 0] < stocks[0] < stocks[1]


def test_an_advance_is_paid_back_with_interest_from_common_income(managed):
    state, found = managed
    short = {"funding.advance": 1.0, "funding.surcharge": 0.2, "funding.pledge": 1.0}
    ended, counted, paid = after(state, found | NO_FEEDBACK, short, 40)
    _, plain, _ = after(state, found | NO_FEEDBACK, {}, 40)
    assert paid[Item.ADVANCE] == 100 * ended.estate_n[E.AREA, 0]
    assert ended.estate_n[E.LOAN, 0] == 0
    assert paid[Item.REPAYMENT] == int(1.2 * paid[Item.ADVANCE])
    assert counted[12, Total.SPENT] < plain[12, Total.SPENT]
    unpledged, _, paid = after(state, found, short | {"funding.pledge": 0.0}, 40)
    assert unpledged.estate_n[E.LOAN, 0] > 0
    assert paid[Item.REPAYMENT] == 0


def test_custody_prevents_diversion_as_far_as_somebody_carries_it_out(managed):
    state, found = managed
    rules = {"funding.account": 0.3, "funding.signature": 0.3, "funding.open_accounts": 0.6}
    leaks, seen = [], []
    for hours in (0.0, 2.0, 4.0):
        work, _, paid = after(state, found, rules | {"funding.accountant": hours}, 1)
        leaks.append(work.provider[P.LEAK, 0])
        seen.append(work.provider[P.OPEN_BOOKS, 0])
        assert paid[Item.POSTS] == hours * 25_00
    none, _, _ = after(state, found, {}, 1)
    assert leaks[0] == none.provider[P.LEAK, 0]
    assert leaks[0] > leaks[1] > leaks[2] == pytest.approx(leaks[0] * 0.49)
    assert seen == [0.0, 0.3, 0.6]


# --- three lists -------------------------------------------------------------------------------------------------

LISTS = {"lists.gifts": 0.04, "lists.match": 0.5, "lists.hours": 3.0}


def test_gifts_are_input_that_somebody_gave(managed):
    state, found = managed
    none, plain, _ = after(state, found, {}, 1)
    some, counted, paid = after(state, found, LISTS, 1)
    assert paid[Item.GIFTS] == pytest.approx(0.02 * 100 * some.estate_n[E.AREA, 0], abs=1)
    assert counted[0, Total.DELIVERED] - plain[0, Total.DELIVERED] == pytest.approx(0.02 / 0.43 * 1e6, rel=1e-3)
    assert some.committee[R.MEDIATION_HOURS, 0] == pytest.approx(none.committee[R.MEDIATION_HOURS, 0] - 3.0)


@pytest.mark.parametrize("paper", [{"lists.match": 0.0}, {"lists.hours": 0.0}])
def test_lists_on_paper_bring_nothing(paper, managed):
    state, found = managed
    _, plain, _ = after(state, found, {}, 1)
    _, counted, paid = after(state, found, LISTS | paper, 1)
    assert paid[Item.GIFTS] == 0
    assert counted[0, Total.DELIVERED] == plain[0, Total.DELIVERED]


# --- what an owners' committee knows -----------------------------------------------------------------------------


def test_competence_finds_diversion_opens_accounts_and_negotiates(organised):
    state, found = organised
    leaks, accounts = [], []
    for competence in (0.1, 0.5, 0.9):
        work = copy_state(state)
        work.owners[O.COMPETENCE], work.owners[O.EFFORT] = competence, 0.7
        run(work, found | {"provider.open_books": 0.0}, 0, 1)
        leaks.append(work.provider[P.LEAK, 0])
        accounts.append(work.owners_n[ON.ACCOUNTS, 0])
        assert work.provider[P.OPEN_BOOKS, 0] == 0.2 * accounts[-1]
    assert leaks[0] > leaks[1] > leaks[2]
    assert accounts == [0, 0, 1]


def test_each_new_committee_draws_its_competence():
    found = values("self_governance", "committee", SIZE | {"population.n_estates": 40})
    state = built(found, seed=3)
    drawn = state.owners[O.COMPETENCE].copy()
    assert 0.2 <= drawn.min() < 0.35 < 0.65 < drawn.max() <= 0.8
    state.owners_n[ON.TERM] = 1
    run(state, found | ALL_VOTE | {"owners.allowed": 1}, 0, 1)
    renewed = state.owners_n[ON.TERM] == found["owners.term"]
    assert renewed.any()
    assert (state.owners[O.COMPETENCE] != drawn)[renewed].all()


# --- stacking ----------------------------------------------------------------------------------------------------

PROGRAMMES = ("precise_renovation", "complete_community", "property_housekeeping", "funding", "three_lists")


@pytest.mark.parametrize("form", ["custody", "market", "self_governance", "red_station"])
def test_every_pair_stacks_in_either_order(form):
    for one, other in permutations(PROGRAMMES, 2):
        ours, theirs = (resolve(f"{form} + {a} + {b}", months=2) for a, b in ((one, other), (other, one)))
        assert ours.segments[0].values == theirs.segments[0].values


# --- influence ---------------------------------------------------------------------------------------------------


def test_every_lever_of_these_programmes_says_what_it_may_change():
    from sim.parameters.programmes_money import PROGRAMMES_MONEY

    assert {p.path for p in PROGRAMMES_MONEY if p.role is Role.LEVER} == set(MONEY)
    assert set(MONEY) <= set(PARAMETERS)
    phases = {phase.name for phase in SCHEDULE}
    for phase, columns in MONEY.values():
        assert phase in phases
        for column in columns:
            matrix, _, name = column.partition(".")
            known = {**COLUMNS, "cash": Sector, "flow": Item, "record": Total}[matrix]
            assert name in known.__members__, column
