"""Votes of the owners' assembly: what binds under which law, and what follows from a vote in a run.

The law is written a second time here, from its articles and with exact fractions, by another route.
"""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from estates import built, run, values
from hypothesis import given
from hypothesis import strategies as st

from agents.rules.household import OWNER_OCCUPIED
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.owners_committee import APPOINTED, ELECTED, NONE
from agents.rules.owners_committee import OwnersReal as O
from agents.rules.owners_committee import OwnersWhole as ON
from agents.rules.party_branch import BranchReal as B
from agents.rules.provider import COMMUNITY, FIRM, NOBODY
from agents.rules.provider import ProviderReal as P
from agents.rules.provider import ProviderWhole as PN
from agents.rules.voting import (
    CIVIL_CODE,
    DISMISS,
    FORM,
    ORDINARY,
    PROPERTY_LAW,
    RAISE,
    RENEW,
    RENOVATION_CONSENT,
    SPECIAL,
    law_in_force,
    vote_passes,
)
from sim.draws import Draw, uniforms
from sim.engine.assembling import ballot
from sim.parameters import PARAMETERS, table
from sim.state import State, copy_state
from sim.totals import Total

# --- the law -----------------------------------------------------------------------------------------------------

LAWS, MATTERS = (PROPERTY_LAW, CIVIL_CODE), (ORDINARY, SPECIAL, RENOVATION_CONSENT)

Poll = tuple[int, int, int, int, int, int]
"""Owners and area: of the estate, of those who voted, of those in favour."""


@st.composite
def polls(draw: Any) -> Poll:
    owners = draw(st.integers(1, 2000))
    area = draw(st.integers(owners, 200_000))
    voting, area_voting = draw(st.integers(0, owners)), draw(st.integers(0, area))
    return owners, area, voting, area_voting, draw(st.integers(0, voting)), draw(st.integers(0, area_voting))


@st.composite
def near_polls(draw: Any) -> Poll:
    """Polls within one vote of a threshold, where a rule errs if it errs."""
    owners, area = (12 * draw(st.integers(1, 200)) for _ in range(2))

    def near(whole: int, of: int) -> int:
        share = draw(st.sampled_from([Fraction(1, 2), Fraction(2, 3), Fraction(3, 4), Fraction(4, 5), Fraction(1)]))
        return min(of, max(0, int(whole * share) + draw(st.integers(-1, 1))))

    voting, area_voting = near(owners, owners), near(area, area)
    whole = draw(st.booleans())
    favour = near(owners if whole else voting, voting), near(area if whole else area_voting, area_voting)
    return owners, area, voting, area_voting, *favour


def binds(law: int, matter: int, poll: Poll) -> bool:
    """Say whether a vote binds: each article asks for shares, of owners and of area alike."""
    owners, area, voting, area_voting, favour, area_favour = poll
    if matter == RENOVATION_CONSENT:  # consent of 80 % of all households
        return Fraction(favour, owners) >= Fraction(80, 100)
    if law == PROPERTY_LAW:  # article 76: of all owners
        shares = [Fraction(favour, owners), Fraction(area_favour, area)]
        return min(shares) >= Fraction(2, 3) if matter == SPECIAL else min(shares) > Fraction(1, 2)
    if min(Fraction(voting, owners), Fraction(area_voting, area)) < Fraction(2, 3):  # article 278: a quorum
        return False
    shares = [Fraction(favour, voting), Fraction(area_favour, area_voting)]
    return min(shares) >= Fraction(3, 4) if matter == SPECIAL else min(shares) > Fraction(1, 2)


@given(st.sampled_from(LAWS), st.sampled_from(MATTERS), st.one_of(polls(), near_polls()))
def test_a_vote_binds_as_the_articles_say(law, matter, poll):
    assert vote_passes(law, matter, *poll) == binds(law, matter, poll)


@given(st.sampled_from((ORDINARY, SPECIAL)), st.one_of(polls(), near_polls()))
def test_below_the_quorum_nothing_binds_however_many_agree(matter, poll):
    owners, area, voting, area_voting, _, _ = poll
    for fewer, smaller in ((min(voting, (2 * owners - 1) // 3), area_voting), (voting, (2 * area - 1) // 3)):
        if 3 * fewer < 2 * owners or 3 * smaller < 2 * area:
            assert not vote_passes(CIVIL_CODE, matter, owners, area, fewer, smaller, fewer, smaller)


@given(st.sampled_from(LAWS), st.one_of(polls(), near_polls()))
def test_a_special_matter_never_passes_on_a_half(law, poll):
    owners, area, voting, area_voting, favour, area_favour = poll
    half = min(favour, voting // 2), area_favour
    assert not vote_passes(law, SPECIAL, owners, area, voting, area_voting, *half)
    assert not vote_passes(law, SPECIAL, owners, area, voting, area_voting, favour, min(area_favour, area_voting // 2))
    if vote_passes(law, SPECIAL, *poll):
        assert vote_passes(law, ORDINARY, *poll)


@given(st.sampled_from(LAWS), st.sampled_from(MATTERS), polls(), st.integers(0, 50))
def test_one_more_in_favour_never_loses_a_vote(law, matter, poll, more):
    owners, area, voting, area_voting, favour, area_favour = poll
    if vote_passes(law, matter, *poll):
        better = min(voting, favour + more), min(area_voting, area_favour + more)
        assert vote_passes(law, matter, owners, area, voting, area_voting, *better)


@pytest.mark.parametrize(
    ("matter", "law", "poll", "passes"),
    [
        (RENOVATION_CONSENT, PROPERTY_LAW, (206, 14_000, 206, 14_000, 165, 14_000), True),  # 164.8 is 80 %
        (RENOVATION_CONSENT, CIVIL_CODE, (206, 14_000, 206, 14_000, 164, 14_000), False),
        (RENOVATION_CONSENT, CIVIL_CODE, (100, 1, 80, 0, 80, 0), True),
        (ORDINARY, CIVIL_CODE, (300, 300, 200, 200, 101, 101), True),  # exactly two thirds, more than half of them
        (ORDINARY, CIVIL_CODE, (300, 300, 200, 200, 100, 101), False),
        (ORDINARY, CIVIL_CODE, (300, 300, 199, 200, 199, 200), False),
        (ORDINARY, PROPERTY_LAW, (300, 300, 151, 151, 151, 151), True),
        (ORDINARY, PROPERTY_LAW, (300, 300, 300, 300, 150, 151), False),
        (SPECIAL, CIVIL_CODE, (300, 300, 200, 200, 150, 150), True),  # 50 % of all: enough since 2021
        (SPECIAL, CIVIL_CODE, (300, 300, 200, 200, 149, 200), False),
        (SPECIAL, CIVIL_CODE, (300, 300, 300, 300, 300, 224), False),
        (SPECIAL, PROPERTY_LAW, (300, 300, 200, 200, 199, 200), False),
        (SPECIAL, PROPERTY_LAW, (300, 300, 200, 200, 200, 200), True),
    ],
)
def test_known_votes(matter, law, poll, passes):
    assert vote_passes(law, matter, *poll) is passes


def test_nobody_decides_nothing():
    for law in LAWS:
        for matter in MATTERS:
            assert not vote_passes(law, matter, 100, 7000, 0, 0, 0, 0)


@given(st.integers(2000, 2040), st.integers(1, 12), st.integers(-60, 300))
def test_the_civil_code_holds_from_january_2021(year, month_of_year, month):
    then = year * 12 + (month_of_year - 1) + month
    assert law_in_force(month, year, month_of_year) == (CIVIL_CODE if then >= 2021 * 12 else PROPERTY_LAW)


# --- in the model ------------------------------------------------------------------------------------------------

OPEN_TO_VOTES: dict[str, Any] = {
    "owners.allowed": 1,
    "owners.reached": 1.0,
    "owners.absent_loss": 0.0,
    "owners.crowding": 0.0,
    "owners.turnout_spread": 0.0,
    "owners.efficacy_speed": 0.0,
    "owners.initiators": 1.0,
    "owners.join": 0.5,
    "owners.quit": 0.0,
    "start.efficacy": 0.5,
    "start.voice": 0.5,
    "case.voice_speed": 0.0,
}
"""Every owner is reached and returns the ballot with the same chance, whatever happened before."""


def logit(p: float) -> float:
    return float(np.log(p / (1.0 - p)))


def votes(changes: dict[str, Any], months: int, form: str = "self_governance", place: str = "committee") -> Any:
    """Return what was counted in each month, (month, total), of the estate."""
    found = values(form, place, OPEN_TO_VOTES | changes)
    return run(built(found, seed=2), found, 0, months)[:, :, 0]


@pytest.mark.parametrize(("year", "month_of_year", "change"), [(2019, 1, 24), (2020, 7, 6), (2021, 1, 0)])
def test_the_rule_changes_in_the_month_the_law_does(year, month_of_year, change):
    """Three fifths vote, most of them yes: more than half of all owners, but no quorum of two thirds."""
    found = votes(
        {
            "population.n_households": 3000,
            "owners.turnout_base": logit(0.6),
            "owners.term": 1,
            "start.committee": 0,
            "start.grievance": 3.0,
            "household.grievance_decay": 0.0,
            "time.start_year": year,
            "time.start_month": month_of_year,
        },
        36,
        "market",
        "managed",
    )
    asked = np.arange(36) % 6 == 0  # whether to form a committee; each lasts a month here
    assert (found[asked, Total.VOTES] == 1).all()
    assert (found[:change][asked[:change], Total.VOTES_PASSED] == 1).all()
    assert found[change:, Total.VOTES_PASSED].sum() == 0
    assert (found[:change, Total.COMMITTEE] == ELECTED).any() == (change > 0)


def test_below_the_quorum_no_committee_is_ever_seated():
    """Not even where all who vote agree."""
    low = {"owners.turnout_base": logit(0.5), "start.committee": 0, "time.start_year": 2021, "start.grievance": 3.0}
    found = votes(low | {"population.n_households": 2000}, 60, "market", "managed")
    assert found[:, Total.VOTES].sum() == 10  # one each half-year
    assert found[:, Total.VOTES_PASSED].sum() == found[:, Total.COMMITTEES_FORMED].sum() == 0
    assert (found[:, Total.COMMITTEE] == NONE).all()


def test_an_appointed_committee_needs_no_vote():
    nobody = {"owners.allowed": 0, "owners.appointed": 1, "owners.reached": 0.0, "start.committee": 0}
    found = votes(nobody, 90, "market", "managed")
    assert (found[:, Total.COMMITTEE] == APPOINTED).all()
    assert found[:, Total.VOTES].sum() == found[:, Total.VOTES_PASSED].sum() == 0
    assert found[:, Total.COMMITTEES_FORMED].sum() == 1  # it has no term


def test_an_appointed_committee_goes_when_nobody_appoints_it():
    found = values("market", "managed", OPEN_TO_VOTES | {"owners.allowed": 0, "owners.appointed": 1})
    later = found | {"owners.appointed": 0}
    s = built(found, seed=2)
    assert (run(s, found, 0, 6)[:, Total.COMMITTEE, 0] == APPOINTED).all()
    assert (run(s, later, 6, 12)[:, Total.COMMITTEE, 0] == NONE).all()


NEVER_VOTES = {"owners.reached": 0.0, "owners.organised": 0.0}


def test_a_committee_without_a_term_ends():
    """Its term runs out, the owners do not renew it: from that month there is none."""
    found = values("self_governance", "committee", OPEN_TO_VOTES | {"owners.turnout_base": -20.0, "owners.term": 10})
    s = built(found, seed=2)
    totals = run(s, found, 0, 60)[:, :, 0]
    assert (totals[:9, Total.COMMITTEE] == ELECTED).all()
    assert (totals[9:, Total.COMMITTEE] == NONE).all()
    assert totals[9, Total.VOTES] == 1
    assert totals[:, Total.VOTES_PASSED].sum() == 0
    assert s.owners[O.EFFORT, 0] == 0.0
    assert totals[-1, Total.EFFORT] == 0


def test_a_renewed_committee_starts_a_new_term():
    kind = {"owners.turnout_base": 20.0, "owners.term": 10, "owners.join": 1.0}
    totals = votes(kind, 60)
    renewed = np.flatnonzero(totals[:, Total.COMMITTEES_FORMED])
    assert (np.diff(renewed) == 10).all()
    assert len(renewed) == 6
    assert (totals[:, Total.COMMITTEE] == ELECTED).all()


def test_where_owners_may_not_a_committee_ends_at_once():
    totals = votes({"owners.allowed": 0}, 24)
    assert (totals[:, Total.COMMITTEE] == NONE).all()
    assert totals[:, Total.VOTES].sum() == 0


def test_an_elected_committee_outlives_its_permission_only_to_the_end_of_its_term():
    """The sub-district appoints, owners may no longer vote: the term runs out unrenewed, then members are appointed."""
    totals = votes({"owners.allowed": 0, "owners.appointed": 1, "owners.term": 10, "owners.letting": 0.0}, 24)
    assert (totals[:9, Total.COMMITTEE] == ELECTED).all()
    assert totals[9, Total.COMMITTEE] == NONE
    assert (totals[10:, Total.COMMITTEE] == APPOINTED).all()
    assert totals[:, Total.VOTES].sum() == 0


# --- dismissal ---------------------------------------------------------------------------------------------------

ANGRY = {
    "owners.turnout_base": 20.0,
    "owners.change_cost": 0.02,
    "owners.term": 600,
    "provider.contract_level": 2.0,  # the contract is never kept
    "household.reference_base": 2.0,  # and everybody expected more
    "household.absorbed": 0.0,
    "firm.loss_months": 600.0,
    "firm.loss_spread": 0.0,
    "firm.bid_prior": 1.0,
    "firm.bid_weight": 0.0,
    "firm.bid_level": 0.1,
}
"""A firm that any owner would change, in an estate that any firm would serve."""


def test_a_dismissed_firm_leaves_a_gap_and_a_tender_follows():
    handover = int(PARAMETERS["firm.handover"].default)
    dismiss_from = int(PARAMETERS["owners.dismiss_from"].default)
    found = values("self_governance", "committee", OPEN_TO_VOTES | ANGRY | {"provider.fallback": 0})
    s = built(found, seed=2)
    before: list[int] = []
    totals = np.zeros((60, len(Total)), np.int64)
    for month in range(60):
        before.append(int(s.provider_n[PN.SINCE, 0]))
        totals[month] = run(s, found, month, month + 1)[0, :, 0]
    dismissed = np.flatnonzero(totals[:, Total.FIRM_DISMISSED])
    assert len(dismissed) >= 2
    assert (dismissed % 12 == 5).all()
    assert all(before[month] >= dismiss_from for month in dismissed)
    assert totals[:, Total.FIRM_LEFT].sum() == 0  # dismissed, not gone of its own will
    for month in dismissed:
        assert totals[month, Total.VOTES_PASSED] == 1
        gap = totals[month : month + handover, Total.PROVIDER]
        assert (gap == NOBODY).all(), gap  # counted at the end of the month
        assert totals[month + handover, Total.PROVIDER] == FIRM
        assert totals[month + 1 : month + handover, Total.BILLED].sum() == 0


def test_where_the_community_steps_in_it_waits_for_the_tender_too():
    found = values("self_governance", "committee", OPEN_TO_VOTES | ANGRY | {"firm.bid_level": 2.0})
    totals = run(built(found, seed=2), found, 0, 48)[:, :, 0]
    month = int(np.flatnonzero(totals[:, Total.FIRM_DISMISSED])[0])
    handover = int(PARAMETERS["firm.handover"].default)
    assert (totals[month : month + handover, Total.PROVIDER] == NOBODY).all()
    assert totals[month + handover, Total.PROVIDER] == COMMUNITY  # nobody bids


def test_without_a_quorum_no_firm_is_dismissed():
    found = values("self_governance", "committee", OPEN_TO_VOTES | ANGRY | {"time.start_year": 2021})
    found |= {"owners.turnout_base": logit(0.5), "population.n_households": 1000, "owners.organised": 0.0}
    totals = run(built(found, seed=2), found, 0, 36)[:, :, 0]
    assert totals[:, Total.VOTES].sum() > 0
    assert totals[:, Total.FIRM_DISMISSED].sum() == 0


def test_without_a_committee_nobody_calls_a_vote_on_the_firm():
    found = values("market", "managed", OPEN_TO_VOTES | ANGRY | {"owners.allowed": 0})
    totals = run(built(found, seed=2), found, 0, 36)[:, :, 0]
    assert totals[:, Total.VOTES].sum() == totals[:, Total.FIRM_DISMISSED].sum() == 0


# --- ballots -----------------------------------------------------------------------------------------------------


def polled() -> tuple[State, dict[str, Any]]:
    """Return an estate in which owners differ in everything a ballot looks at."""
    found = values("red_branch", "committee", {"owners.turnout_spread": 0.8, "population.n_households": 400})
    s = built(found, seed=6)
    run(s, found, 0, 18)
    s.owners[O.EFFORT] = 0.4
    return s, found


def logistic(x: Any) -> Any:
    return 1.0 / (1.0 + np.exp(-x))


def expected_votes(s: State, v: dict[str, Any], month: int, question: int) -> tuple[np.ndarray, np.ndarray]:
    """Return who votes and who votes yes, worked out for all owners at once from the named draws."""
    unit = s.household_n[N.ID]

    def draw(decision: Draw) -> np.ndarray:
        return uniforms(s.key[0], decision, month=month, estate=0, unit=unit, ordinal=question)

    absent = s.household_n[N.TENURE] != OWNER_OCCUPIED
    organised = min(1.0, v["owners.organised"] + 0.5 * s.owners[O.EFFORT, 0])
    reached = v["owners.reached"] + (1.0 - v["owners.reached"]) * organised
    reached = reached * np.where(absent, 1.0 - v["owners.absent_loss"], 1.0)
    efficacy = s.owners[O.EFFICACY, 0]
    proxy = np.maximum(s.household[H.TRUST_PROVIDER], s.branch[B.ATTENTION, 0] * s.household[H.TRUST_BRANCH])
    readiness = v["owners.turnout_base"] + s.owners[O.ESTATE_EFFECT, 0] + 2 * s.household[H.VOICE] - 1
    returned = logistic(readiness + 2 * efficacy - 1 - v["owners.crowding"] * proxy)
    voting = (draw(Draw.BALLOT_REACHED) < reached) & (draw(Draw.BALLOT_RETURNED) < returned)
    gap = s.household[H.QUALITY] - s.household[H.REFERENCE]
    gap = gap * np.where(absent, v["provider.open_books"], 1.0)
    gain = {
        FORM: 0.05 - gap + 0.1 * s.household[H.GRIEVANCE] + 0.3 * (efficacy - 0.3),
        RENEW: 0.3 * (s.owners[O.EFFORT, 0] * (1.0 - s.owners[O.CAPTURE, 0]) - 0.2) + 0.0 * gap,
        DISMISS: -gap - v["owners.change_cost"],
        RAISE: gap - v["household.reference_price"] * v["firm.fee_rise"],
    }[question]
    return voting, voting & (draw(Draw.BALLOT_CHOICE) < logistic(gain / 0.1))


@pytest.mark.parametrize("question", [FORM, RENEW, DISMISS, RAISE])
def test_each_ballot_is_one_owner_s_decision_by_its_own_draws(question):
    s, found = polled()
    p = table([found])
    outcomes = set()
    for month in range(20, 32):
        voting, favour = expected_votes(s, found, month, question)
        area = s.household_n[N.AREA]
        poll = (400, int(area.sum()), voting.sum(), area[voting].sum(), favour.sum(), area[favour].sum())
        first, second = copy_state(s), copy_state(s)
        passed = ballot(first, p, 0, 0, month, question)
        assert ballot(second, p, 0, 0, month, question) == passed
        assert passed == binds(law_in_force(month, 2019, 1), ORDINARY, tuple(int(n) for n in poll))
        assert first.owners[O.TURNOUT, 0] == voting.sum() / 400
        for name, part in first._asdict().items():
            assert part.tobytes() == getattr(second, name).tobytes(), name
        assert first.owners_n[ON.VOTES, 0] == s.owners_n[ON.VOTES, 0] + 1
        outcomes.add(int(favour.sum()))
    assert len(outcomes) > 3  # another month, other draws
    assert 0.3 < voting.mean() < 1.0


def test_a_vote_moves_nothing_but_the_owners_side():
    s, found = polled()
    work = copy_state(s)
    ballot(work, table([found]), 0, 0, 20, DISMISS)
    changed = {name for name, part in work._asdict().items() if part.tobytes() != getattr(s, name).tobytes()}
    assert changed <= {"owners", "owners_n", "record"}
    assert s.provider[P.FEE_LEVEL, 0] == work.provider[P.FEE_LEVEL, 0]
