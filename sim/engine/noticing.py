"""Phases perceive and mobilise: households see service, and are called on, asked, informed, vouched to, pressed."""

from typing import Any

from agents.rules.arrears import MEMORY_MONTHS, MIDDLE_MONTHS, NO_DEBT, YOUNG_MONTHS, age_debts, owes
from agents.rules.contact import (
    cadre_share,
    contact_chance,
    less_for_favoured,
    neighbour_tie,
    target_weight,
    total_hours,
    visits_per_household,
    who_visits,
)
from agents.rules.estate import EstateWhole as E
from agents.rules.estate import bills_of_estate
from agents.rules.facility import FacilityReal as K
from agents.rules.household import (
    CALLED,
    COMMITTEE,
    NO_VOUCHER,
    VACANT,
    VISITED,
    adapt_reference,
    annoyed,
    asked,
    fading,
    impression,
    informed_belief,
    notified,
    own_price,
    owner_hears,
    pressed,
    price_anchor,
    price_felt,
    provider_evidence,
    quality_gap,
    relieved,
    reset_trust,
    shift_reference,
    update_trust,
    vouched_trust,
    voucher_loss,
    vouching,
    worn_out,
)
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.numeric import move, share
from agents.rules.party_branch import BranchReal as B
from agents.rules.party_branch import BranchWhole as BN
from agents.rules.party_branch import favour_of
from agents.rules.payment import lowest_in_a_month
from agents.rules.provider import COMMUNITY, NOBODY
from agents.rules.provider import ProviderReal as P
from agents.rules.provider import ProviderWhole as PN
from agents.rules.residents_committee import CommitteeReal as R
from agents.rules.shock import possible
from agents.rules.social_organization import SocialReal as G
from sim.draws import Draw, draw_blocks, draw_row
from sim.engine import kernel
from sim.engine.caring import care_for
from sim.engine.deliberating import hold_forum, sanction
from sim.engine.platform import disclose
from sim.state import BILL_MEMORY

_MONTHLY = int(Draw.PAY) >> 2
_VISIT = int(Draw.COMMUNITY_CONTACT)


@kernel
def perceive(s: Any, p: Any, i: int, month: int) -> None:
    """Households form an impression, adapt what they expect, revise their trust; their debts grow older."""
    for e in range(s.estate_n.shape[1]):
        first, last = s.first[e], s.first[e + 1]
        _draw_month(s, e, first, last, month)
        if s.provider_n[PN.REPRICED, e] == 1 or s.provider_n[PN.TOOK_OVER, e] == 1:
            _meet_new_terms(s, p, i, e, first, last)
        _see_service(s, p, i, e, first, last)
        _judge_vouchers(s, p, i, e, first, last)
        _adapt(s, p, i, first, last)
        _calm_down(s, p, i, first, last)
        _age_debts(s, e, first, last, month, p[i].household_b_age)


@kernel
def _draw_month(s: Any, e: int, first: int, last: int, month: int) -> None:
    """Draw what the month's small decisions need, one block for each household."""
    key, estate, number = s.key[0], s.estate_n[E.ID, e], s.household_n[N.ID, first:last]
    pay, noise = s.household[H.CHANCE_PAY, first:last], s.household[H.NOISE, first:last]
    fault, call = s.household[H.CHANCE_FAULT, first:last], s.household[H.CHANCE_CALL, first:last]
    draw_blocks(key, _MONTHLY, month, estate, number, pay, noise, fault, call)


@kernel
def _meet_new_terms(s: Any, p: Any, i: int, e: int, first: int, last: int) -> None:
    """What households expect shifts with a new price; trust in the provider begins in part afresh with a new one."""
    for j in range(first, last):
        if s.provider_n[PN.REPRICED, e] == 1:
            _reprice(s, p, i, e, j)
        if s.provider_n[PN.TOOK_OVER, e] == 1:
            community = s.provider_n[PN.KIND, e] == COMMUNITY
            fresh = s.household[H.TRUST_COMMITTEE, j] if community else p[i].trust_fresh
            s.household[H.TRUST_PROVIDER, j] = reset_trust(
                s.household[H.TRUST_PROVIDER, j], fresh, p[i].trust_successor
            )
            s.household[H.LOWEST, j] = NO_DEBT
            s.household_n[N.FORGOTTEN, j] = 0


@kernel
def _see_service(s: Any, p: Any, i: int, e: int, first: int, last: int) -> None:
    """Households see service and revise their trust in whoever provides it."""
    tenures, tastes = s.household_n[N.TENURE, first:last], s.household[H.TASTE, first:last]
    noises, qualities = s.household[H.NOISE, first:last], s.household[H.QUALITY, first:last]
    quality, noisy, speed = s.facility[K.QUALITY, e], p[i].household_quality_noise, p[i].household_quality_speed
    for k in range(last - first):
        seen = impression(qualities[k], quality, tastes[k], noises[k], noisy, speed)
        qualities[k] = qualities[k] if tenures[k] == VACANT else seen
    if s.provider_n[PN.KIND, e] == NOBODY:
        return
    references, trusts = s.household[H.REFERENCE, first:last], s.household[H.TRUST_PROVIDER, first:last]
    leak, open_books, tolerated = s.provider[P.LEAK, e], s.provider[P.OPEN_BOOKS, e], p[i].trust_leak_tolerated
    from_quality, from_accounts = p[i].trust_from_quality, p[i].trust_from_accounts
    rise, asymmetry = p[i].trust_rise, p[i].trust_asymmetry
    for k in range(last - first):
        gap = quality_gap(tenures[k], qualities[k], references[k], open_books)
        evidence = provider_evidence(gap, from_quality, open_books, leak, tolerated, from_accounts)
        trusts[k] = update_trust(trusts[k], evidence, rise, asymmetry)


@kernel
def _adapt(s: Any, p: Any, i: int, first: int, last: int) -> None:
    """What households expect follows price and experience."""
    qualities, references = s.household[H.QUALITY, first:last], s.household[H.REFERENCE, first:last]
    anchors = s.household[H.ANCHOR, first:last]
    absorbed, speed = p[i].household_absorbed, p[i].household_reference_speed
    for k in range(last - first):
        references[k] = adapt_reference(references[k], qualities[k], anchors[k], absorbed, speed)


@kernel
def _judge_vouchers(s: Any, p: Any, i: int, e: int, first: int, last: int) -> None:
    """Trust in committee and branch returns to where it rests; who vouched answers for the provider."""
    _return_to(s.household[H.TRUST_COMMITTEE, first:last], s.committee[R.USUAL_TRUST, e], p[i].trust_community_return)
    _return_to(s.household[H.TRUST_BRANCH, first:last], p[i].start_trust_community, p[i].trust_community_return)
    left = s.provider_n[PN.LEFT, e] == 1
    for j in range(first, last):
        voucher = s.household_n[N.VOUCHER, j]
        if voucher == NO_VOUCHER:
            continue
        gap = quality_gap(
            s.household_n[N.TENURE, j],
            s.household[H.QUALITY, j],
            s.household[H.REFERENCE, j],
            s.provider[P.OPEN_BOOKS, e],
        )
        column = H.TRUST_COMMITTEE if voucher == COMMITTEE else H.TRUST_BRANCH
        s.household[column, j] = voucher_loss(
            s.household[column, j], gap, p[i].trust_liability, left, p[i].trust_liability_exit
        )
        if left:
            s.household_n[N.VOUCHER, j] = NO_VOUCHER


@kernel
def _calm_down(s: Any, p: Any, i: int, first: int, last: int) -> None:
    """What moves households wears off, each at its own speed; last month's contacts are over."""
    _return_to(s.household[H.TRUST_STREET, first:last], p[i].start_trust_street, p[i].trust_community_return)
    _return_to(s.household[H.TRUST_OWNERS, first:last], p[i].start_trust_owners, p[i].trust_community_return)
    _return_to(s.household[H.TRUST_SOCIAL, first:last], p[i].start_trust_social, p[i].trust_community_return)
    _return_to(s.household[H.GRIEVANCE, first:last], 0.0, p[i].household_grievance_decay)
    _return_to(s.household[H.WEAR, first:last], 0.0, p[i].household_wear_recovery)
    _return_to(s.household[H.ENFORCEMENT, first:last], p[i].start_enforcement, p[i].household_enforcement_speed)
    pressures, kept = s.household[H.PRESSURE, first:last], p[i].household_pressure_memory
    irritations, lasting = s.household[H.IRRITATION, first:last], p[i].household_irritation_memory
    for k in range(last - first):
        pressures[k] = fading(pressures[k], kept)
        irritations[k] = fading(irritations[k], lasting)
    s.household[H.SUASION, first:last] = 0.0
    s.household_n[N.CONTACT, first:last] = 0


@kernel
def _return_to(column: Any, target: float, rate: float) -> None:
    """Move a column towards where it rests."""
    for k in range(column.shape[0]):
        column[k] = move(column[k], target, rate)


@kernel
def _age_debts(s: Any, e: int, first: int, last: int, month: int, b_age: float) -> None:
    """Debts grow a month older; the oldest lapse."""
    lapsed = (month - MEMORY_MONTHS) % BILL_MEMORY
    young = (month - YOUNG_MONTHS - 1) % BILL_MEMORY
    middle = (month - MIDDLE_MONTHS - 1) % BILL_MEMORY
    unpaid, areas = s.household_n[N.UNPAID, first:last], s.household_n[N.AREA, first:last]
    forgotten, lowest = s.household_n[N.FORGOTTEN, first:last], s.household[H.LOWEST, first:last]
    n_lapsed, n_middle, n_old = 0, 0, 0
    lapsed_area, middle_area, old_area = 0, 0, 0
    for k in range(last - first):
        before = unpaid[k]
        after = age_debts(before)
        lapses, grows_middle, grows_old = (
            owes(before, MEMORY_MONTHS - 1), owes(after, YOUNG_MONTHS + 1), owes(after, MIDDLE_MONTHS + 1)
        )  # fmt: skip
        n_lapsed += lapses
        n_middle += grows_middle
        n_old += grows_old
        lapsed_area += lapses * areas[k]
        middle_area += grows_middle * areas[k]
        old_area += grows_old * areas[k]
        unpaid[k] = after
        forgotten[k] = age_debts(forgotten[k]) if before != 0 else forgotten[k]
        lowest[k] = lowest_in_a_month(lowest[k], b_age) if before != 0 else lowest[k]
    lapsing = bills_of_estate(lapsed_area, n_lapsed, s.bill_rate[lapsed, e], s.bill_flat[lapsed, e])
    to_middle = bills_of_estate(middle_area, n_middle, s.bill_rate[young, e], s.bill_flat[young, e])
    to_old = bills_of_estate(old_area, n_old, s.bill_rate[middle, e], s.bill_flat[middle, e])
    s.estate_n[E.DEBT_LAPSED, e] += lapsing
    s.estate_n[E.DEBT_YOUNG, e] -= to_middle
    s.estate_n[E.DEBT_MIDDLE, e] += to_middle - to_old
    s.estate_n[E.DEBT_OLD, e] += to_old - lapsing


@kernel
def _reprice(s: Any, p: Any, i: int, e: int, j: int) -> None:
    """Shift what household j expects with the price it is now asked."""
    price = own_price(s.provider_n[PN.RATE, e], s.provider_n[PN.FLAT, e], s.household_n[N.AREA, j])
    anchor = price_anchor(
        p[i].household_reference_base,
        p[i].household_reference_price,
        price_felt(price, p[i].household_price_reference, p[i].structure_price_channel),
        p[i].household_price_reference,
        p[i].household_price_floor,
    )
    s.household[H.REFERENCE, j] = shift_reference(s.household[H.REFERENCE, j], s.household[H.ANCHOR, j], anchor)
    s.household[H.ANCHOR, j] = anchor


@kernel
def mobilise(s: Any, p: Any, i: int, month: int) -> None:
    """The collector calls; cadres and members visit."""
    for e in range(s.estate_n.shape[1]):
        care_for(s, p, i, e, month)
        hold_forum(s, p, i, e, month)
        sanction(s, p, i, e, month)
        disclose(s, p, i, e, month)
        calls = possible(s.provider[P.CALLS, e], p[i].shock_stop)
        cadre_hours = s.committee[R.CADRE_HOURS, e]
        member_hours = s.branch[B.VISIT_HOURS, e]
        visits = visits_per_household(
            total_hours(cadre_hours, member_hours, 0.0), p[i].contact_hours, s.estate_n[E.N_REACHABLE, e]
        )
        visits = possible(visits, p[i].shock_stop)
        charity = s.social[G.CHARITY, e]
        if charity > 0.0:
            for j in range(s.first[e], s.first[e + 1]):
                if s.household_n[N.VULNERABLE, j] == 1:
                    s.household[H.GRIEVANCE, j] = relieved(s.household[H.GRIEVANCE, j], p[i].case_relief, charity)
        if calls <= 0.0 and visits <= 0.0:
            continue
        cadres = cadre_share(cadre_hours, member_hours)
        members = s.branch_n[BN.N_EMBEDDED, e] + s.branch_n[BN.N_SENT, e]
        tie = neighbour_tie(share(s.branch_n[BN.N_EMBEDDED, e], members), p[i].contact_outsider)
        published = s.provider[P.PUBLISHED, e]
        owing = target_weight(0, published, p[i].contact_target)
        paying = target_weight(1, published, p[i].contact_target)
        first, last = s.first[e], s.first[e + 1]
        paid = s.household_n[N.PAID, first:last]
        if calls > 0.0:
            lots = s.household[H.CHANCE_CALL, first:last]
            for k in range(last - first):
                if lots[k] < contact_chance(calls, paying if paid[k] == 1 else owing):
                    _call(s, p, i, first + k)
        if visits > 0.0:
            members, tenures = s.household_n[N.MEMBER, first:last], s.household_n[N.TENURE, first:last]
            lots = draw_row(s.key[0], _VISIT, month, s.estate_n[E.ID, e], s.household_n[N.ID, first:last])
            for k in range(last - first):
                favour = favour_of(members[k], p[i].branch_favours, s.branch[B.ATTENTION, e])
                chance = contact_chance(visits, less_for_favoured(paying if paid[k] == 1 else owing, favour))
                visitor = who_visits(lots[k], chance, cadres)
                if visitor != NO_VOUCHER and tenures[k] != VACANT:
                    close = p[i].contact_outsider if visitor == COMMITTEE else tie
                    _visit(s, p, i, first + k, visitor, close, published)


@kernel
def _call(s: Any, p: Any, i: int, j: int) -> None:
    """Household j is called by the provider's collector: a notice, and a request of a stranger."""
    trust = s.household[H.TRUST_PROVIDER, j]
    s.household_n[N.CONTACT, j] |= CALLED
    s.household[H.ENFORCEMENT, j] = notified(
        s.household[H.ENFORCEMENT, j], p[i].contact_call_notice, p[i].contact_notice
    )
    s.household[H.SUASION, j] = asked(
        s.household[H.SUASION, j], p[i].contact_call_ask, p[i].contact_outsider, trust
    )
    s.household[H.IRRITATION, j] = annoyed(s.household[H.IRRITATION, j], p[i].contact_call_ask, trust)


@kernel
def _visit(s: Any, p: Any, i: int, j: int, visitor: int, tie: float, published: float) -> None:
    """Household j is visited by the committee or the branch: asked, informed, vouched to, pressed."""
    trust = s.household[H.TRUST_COMMITTEE, j] if visitor == COMMITTEE else s.household[H.TRUST_BRANCH, j]
    s.household_n[N.CONTACT, j] |= VISITED
    tenure, passed_on = s.household_n[N.TENURE, j], p[i].household_passed_on
    ask, inform = owner_hears(tenure, p[i].contact_ask, passed_on), owner_hears(tenure, p[i].contact_inform, passed_on)
    vouch = owner_hears(tenure, p[i].contact_vouch, passed_on)
    press = owner_hears(tenure, p[i].contact_press, passed_on)
    s.household[H.SUASION, j] = asked(s.household[H.SUASION, j], ask, tie, trust)
    s.household[H.WEAR, j] = worn_out(s.household[H.WEAR, j], p[i].household_wear, ask)
    s.household[H.IRRITATION, j] = annoyed(s.household[H.IRRITATION, j], ask, trust)
    s.household[H.BELIEF, j] = informed_belief(s.household[H.BELIEF, j], published, inform, p[i].contact_informed)
    if vouch > 0.0:
        s.household[H.TRUST_PROVIDER, j] = vouched_trust(
            s.household[H.TRUST_PROVIDER, j],
            trust,
            vouching(vouch, tie),
            p[i].trust_vouch_effect,
            p[i].trust_vouch_backfire,
        )
        s.household_n[N.VOUCHER, j] = visitor
    if press > 0.0:
        s.household[H.PRESSURE, j] = pressed(s.household[H.PRESSURE, j], press)
        s.household_n[N.PRESSER, j] = visitor
        s.household[H.ENFORCEMENT, j] = notified(s.household[H.ENFORCEMENT, j], press, p[i].contact_notice)
