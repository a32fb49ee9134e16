"""Part of phase govern: activists, the owners' committee, its votes on itself, on the firm and on the fee."""

from typing import Any

from agents.rules.estate import EstateWhole as E
from agents.rules.facility import FacilityReal as K
from agents.rules.funding import costed_fee, gain_from_fund, gain_from_use
from agents.rules.household import OWNER_OCCUPIED, is_aggrieved, owner_hears, quality_gap
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.numeric import share, whole_number
from agents.rules.owners_committee import (
    APPOINTED,
    ELECTED,
    NONE,
    able_effort,
    active_after,
    drawn_competence,
    expected_number,
    half_year_begins,
    initiators_needed,
    joins_activists,
    negotiated_rise,
    next_efficacy,
    next_effort,
    quits_activists,
    wanted_effort,
    works_against,
)
from agents.rules.owners_committee import OwnersReal as O
from agents.rules.owners_committee import OwnersWhole as ON
from agents.rules.party_branch import BranchReal as B
from agents.rules.provider import FIRM, raised_fee
from agents.rules.provider import ProviderReal as P
from agents.rules.provider import ProviderWhole as PN
from agents.rules.renovation import gain_from_works, signed_chance
from agents.rules.shock import possible
from agents.rules.street_committee import evaluation_score
from agents.rules.units import HALF
from agents.rules.voting import (
    DISMISS,
    FORM,
    FUND,
    LET,
    RAISE,
    RENEW,
    RENOVATE,
    USE,
    carried_ballot,
    dismissal_voted,
    gain_from_change,
    gain_from_committee,
    gain_from_letting,
    gain_from_renewal,
    gain_from_rise,
    law_in_force,
    letting_voted,
    matter_of,
    organised_ballot,
    proxy_competence,
    reached_chance,
    returned_chance,
    rise_voted,
    says_yes,
    vote_passes,
)
from sim.draws import Draw, block, uniform
from sim.engine import kernel
from sim.totals import Total

_BALLOT = int(Draw.BALLOT_REACHED) >> 2
_JOIN = int(Draw.ACTIVISTS_JOIN)
_QUIT = int(Draw.ACTIVISTS_QUIT)
_OPPOSE = int(Draw.OPPOSE)
_COMPETENCE = int(Draw.COMPETENCE)


@kernel
def assemble(s: Any, p: Any, i: int, month: int) -> None:
    """Activists come and go; a committee forms, works, tires, and asks the owners."""
    for e in range(s.estate_n.shape[1]):
        if half_year_begins(month):
            _activists(s, p, i, e, month)
        committee = s.owners_n[ON.COMMITTEE, e]
        if committee == NONE:
            if p[i].owners_appointed == 1:
                _seat(s, p, i, e, month, APPOINTED)
            elif p[i].owners_allowed == 1 and half_year_begins(month):
                if s.owners_n[ON.ACTIVISTS, e] >= initiators_needed(p[i].owners_initiators, p[i].owners_push):
                    if ballot(s, p, i, e, month, FORM):
                        _seat(s, p, i, e, month, ELECTED)
            continue
        if p[i].owners_allowed == 0 and p[i].owners_appointed == 0:
            _end(s, e)
            continue
        s.owners[O.CAPTURE, e] = p[i].owners_capture
        wanted = wanted_effort(
            p[i].owners_effort_base,
            s.owners[O.EFFICACY, e],
            p[i].owners_effort_efficacy,
            s.owners_n[ON.ACTIVISTS, e],
            p[i].owners_initiators,
            p[i].owners_crowding,
            s.branch[B.ATTENTION, e],
            p[i].owners_effort_proxy,
            s.owners[O.CAPTURE, e],
            p[i].owners_effort_capture,
        )
        s.owners[O.EFFORT, e] = next_effort(s.owners[O.EFFORT, e], wanted, p[i].owners_effort_speed)
        if committee == ELECTED:
            s.owners_n[ON.TERM, e] -= 1
            if s.owners_n[ON.TERM, e] <= 0:
                s.owners_n[ON.COMMITTEE, e] = NONE
                if p[i].owners_allowed == 1 and ballot(s, p, i, e, month, RENEW):
                    _seat(s, p, i, e, month, ELECTED)
                else:
                    _end(s, e)
                continue
        elif p[i].owners_appointed == 0:
            _end(s, e)
            continue
        if p[i].owners_letting > 0.0 and s.owners_n[ON.LETTING, e] == 0 and letting_voted(month):
            s.owners_n[ON.LETTING, e] = 1 if ballot(s, p, i, e, month, LET) else 0
        if s.provider_n[PN.KIND, e] == FIRM and s.provider_n[PN.SINCE, e] >= p[i].owners_dismiss_from:
            if dismissal_voted(month) and s.provider[P.DELIVERED, e] < p[i].provider_contract_level:
                s.owners_n[ON.DISMISSED, e] = 1 if ballot(s, p, i, e, month, DISMISS) else 0
            elif rise_voted(month) and s.provider_n[PN.LOSS_MONTHS, e] > 0 and p[i].firm_fee_rise > 0.0:
                level = raised_fee(
                    s.provider[P.FEE_LEVEL, e],
                    rise_asked(s, p, i, e),
                    costed_fee(p[i].firm_fee, p[i].firm_fee_factor),
                    p[i].firm_fee_ceiling,
                )
                if level > s.provider[P.FEE_LEVEL, e] and ballot(s, p, i, e, month, RAISE):
                    s.provider[P.FEE_LEVEL, e] = level


@kernel
def rise_asked(s: Any, p: Any, i: int, e: int) -> float:
    """Return the rise of the fee put to the owners, after the committee has negotiated."""
    able = able_effort(s.owners[O.EFFORT, e], s.owners[O.COMPETENCE, e])
    return float(negotiated_rise(p[i].firm_fee_rise, able, p[i].owners_negotiation))


@kernel
def _end(s: Any, e: int) -> None:
    """A committee ends, and with it its work, those who captured it, and the letting it looked after."""
    s.owners_n[ON.COMMITTEE, e] = NONE
    s.owners_n[ON.LETTING, e] = 0
    s.provider_n[PN.CONTRIBUTION, e] = 0
    s.owners[O.EFFORT, e] = 0.0
    s.owners[O.COMPETENCE, e] = 0.0
    s.owners[O.CAPTURE, e] = 0.0


@kernel
def _seat(s: Any, p: Any, i: int, e: int, month: int, how: int) -> None:
    """Seat a new committee."""
    u = uniform(s.key[0], _COMPETENCE, month, s.estate_n[E.ID, e], 0, 0)
    s.owners[O.COMPETENCE, e] = drawn_competence(p[i].owners_competence, p[i].owners_competence_spread, u)
    s.owners_n[ON.COMMITTEE, e] = how
    s.owners_n[ON.TERM, e] = p[i].owners_term
    s.owners[O.CAPTURE, e] = p[i].owners_capture
    s.owners[O.EFFORT, e] = p[i].owners_effort_start
    s.record[Total.COMMITTEES_FORMED, e] += 1


@kernel
def _activists(s: Any, p: Any, i: int, e: int, month: int) -> None:
    """Half a year of joining, quitting and working against."""
    n = s.estate_n[E.N_HOUSEHOLDS, e]
    estate = s.estate_n[E.ID, e]
    against = 0
    for j in range(s.first[e], s.first[e + 1]):
        if s.household_n[N.PAID, j] == 0 and s.household_n[N.TENURE, j] == OWNER_OCCUPIED:
            u = uniform(s.key[0], _OPPOSE, month, estate, s.household_n[N.ID, j], 0)
            angry = is_aggrieved(s.household[H.GRIEVANCE, j], p[i].case_aggrieved)
            trust = s.household[H.TRUST_PROVIDER, j]
            if works_against(angry, trust, p[i].owners_distrust, p[i].owners_opponents, u):
                against += 1
    s.owners_n[ON.OPPONENTS, e] = against
    active = s.owners_n[ON.ACTIVISTS, e]
    efficacy = s.owners[O.EFFICACY, e]
    attention = s.branch[B.ATTENTION, e]
    join = joins_activists(
        p[i].owners_join,
        efficacy,
        p[i].owners_join_efficacy,
        p[i].owners_recruited,
        attention,
        p[i].owners_join_recruited,
    )
    quit_ = quits_activists(
        p[i].owners_quit,
        p[i].owners_protected,
        share(against, active + against),
        p[i].owners_quit_opponents,
        efficacy,
        p[i].owners_quit_efficacy,
    )
    joined = whole_number(expected_number(n - active, join), uniform(s.key[0], _JOIN, month, estate, 0, 0))
    left = whole_number(expected_number(active, quit_), uniform(s.key[0], _QUIT, month, estate, 0, 0))
    s.owners_n[ON.ACTIVISTS, e] = active_after(active, joined, left)


@kernel
def ballot(s: Any, p: Any, i: int, e: int, month: int, question: int) -> bool:
    """Hold a vote of all owners of estate e; return whether it binds."""
    owners_voting = 0
    area_voting = 0
    owners_for = 0
    area_for = 0
    effect = s.owners[O.ESTATE_EFFECT, e]
    attention = s.branch[B.ATTENTION, e]
    canvass = p[i].renovation_canvass if question == RENOVATE else 0.0
    push = p[i].owners_push if s.owners_n[ON.COMMITTEE, e] == NONE else 0.0
    organised = organised_ballot(p[i].owners_organised, push, s.owners[O.EFFORT, e], p[i].owners_carried)
    organised = carried_ballot(organised, canvass)
    stock = evaluation_score(s.facility[K.VISIBLE, e], s.facility[K.INVISIBLE, e], HALF)
    rise = rise_asked(s, p, i, e)
    for j in range(s.first[e], s.first[e + 1]):
        _, u_reached, u_returned, u_choice = block(
            s.key[0], _BALLOT, month, s.estate_n[E.ID, e], s.household_n[N.ID, j], question
        )
        tenure = s.household_n[N.TENURE, j]
        chance = reached_chance(p[i].owners_reached, organised, tenure != OWNER_OCCUPIED, p[i].owners_absent_loss)
        if u_reached >= possible(chance, p[i].shock_stop):
            continue
        proxy = proxy_competence(s.household[H.TRUST_PROVIDER, j], attention, s.household[H.TRUST_BRANCH, j])
        answers = returned_chance(
            p[i].owners_turnout_base,
            effect,
            s.household[H.VOICE, j],
            s.owners[O.EFFICACY, e],
            proxy,
            p[i].owners_crowding,
        )
        if u_returned >= signed_chance(answers, canvass, p[i].renovation_signs):
            continue
        area = s.household_n[N.AREA, j]
        owners_voting += 1
        area_voting += area
        gap = quality_gap(tenure, s.household[H.QUALITY, j], s.household[H.REFERENCE, j], s.provider[P.OPEN_BOOKS, e])
        if question == FORM:
            gain = gain_from_committee(
                gap,
                owner_hears(tenure, s.household[H.GRIEVANCE, j], p[i].household_passed_on),
                s.owners[O.EFFICACY, e],
                p[i].vote_committee_base,
                p[i].vote_committee_grievance,
                p[i].vote_committee_efficacy,
            )
        elif question == RENEW:
            gain = gain_from_renewal(
                s.owners[O.EFFORT, e], s.owners[O.CAPTURE, e], p[i].vote_renewal_worth, p[i].vote_renewal_needed
            )
        elif question == DISMISS:
            gain = gain_from_change(gap, p[i].owners_change_cost)
        elif question == LET:
            gain = gain_from_letting(
                s.household[H.TRUST_OWNERS, j],
                s.owners[O.CAPTURE, e],
                p[i].vote_letting_worth,
                p[i].vote_letting_trouble,
            )
        elif question == RENOVATE:
            gain = gain_from_works(
                s.facility[K.COMING_VISIBLE, e],
                s.facility[K.COMING_INVISIBLE, e],
                p[i].renovation_worth,
                s.facility[K.ASKED, e],
                s.household[H.INCOME, j],
                p[i].renovation_strain,
            )
        elif question == FUND:
            gain = gain_from_fund(
                stock,
                s.household[H.TRUST_OWNERS, j],
                s.owners[O.CAPTURE, e],
                p[i].vote_fund_worth,
                p[i].funding_fund_rate,
                area,
                s.household[H.INCOME, j],
                p[i].vote_fund_strain,
            )
        elif question == USE:
            gain = gain_from_use(
                stock,
                s.household[H.TRUST_OWNERS, j],
                s.owners[O.CAPTURE, e],
                p[i].vote_fund_worth,
                p[i].vote_use_trouble,
            )
        else:
            gain = gain_from_rise(gap, rise, p[i].household_reference_price)
        if says_yes(gain, p[i].vote_doubt, u_choice):
            owners_for += 1
            area_for += area
    law = law_in_force(month, p[i].time_start_year, p[i].time_start_month)
    passed = vote_passes(
        law,
        matter_of(question, law),
        s.estate_n[E.N_HOUSEHOLDS, e],
        s.estate_n[E.AREA, e],
        owners_voting,
        area_voting,
        owners_for,
        area_for,
    )
    s.owners[O.TURNOUT, e] = share(owners_voting, s.estate_n[E.N_HOUSEHOLDS, e])
    s.owners[O.EFFICACY, e] = next_efficacy(s.owners[O.EFFICACY, e], 1.0 if passed else 0.0, p[i].owners_efficacy_speed)
    s.owners_n[ON.VOTES, e] += 1
    s.owners_n[ON.PASSED, e] += 1 if passed else 0
    s.record[Total.VOTES, e] += 1
    s.record[Total.VOTES_PASSED, e] += 1 if passed else 0
    return passed
