"""Phases perceive and mobilise: households see service, and are called on, asked, informed, vouched to, pressed."""

from typing import Any

from agents.rules.contact import (
    cadre_share,
    contact_chance,
    hours_for,
    neighbour_tie,
    target_weight,
    total_hours,
    visits_per_household,
    who_visits,
)
from agents.rules.estate import EstateWhole as E
from agents.rules.facility import FacilityReal as K
from agents.rules.household import (
    BRANCH,
    CALLED,
    COMMITTEE,
    MEMORY_MONTHS,
    MIDDLE_MONTHS,
    NO_VOUCHER,
    VACANT,
    VISITED,
    YOUNG_MONTHS,
    adapt_reference,
    age_debts,
    asked,
    bill_of,
    fading,
    impression,
    informed_belief,
    notified,
    owes,
    own_price,
    pressed,
    price_anchor,
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
from agents.rules.provider import COMMUNITY, NOBODY
from agents.rules.provider import ProviderReal as P
from agents.rules.provider import ProviderWhole as PN
from agents.rules.social_organization import SocialReal as G
from sim.draws import Draw, block, uniform
from sim.engine import kernel
from sim.state import BILL_MEMORY

_MONTHLY = int(Draw.PAY) >> 2
_VISIT = int(Draw.COMMUNITY_CONTACT)


@kernel
def perceive(s: Any, p: Any, i: int, month: int) -> None:
    """Households form an impression, adapt what they expect, revise their trust; their debts grow older."""
    lapsed = (month - MEMORY_MONTHS) % BILL_MEMORY
    young = (month - YOUNG_MONTHS - 1) % BILL_MEMORY
    middle = (month - MIDDLE_MONTHS - 1) % BILL_MEMORY
    for e in range(s.estate_n.shape[1]):
        repriced = s.provider_n[PN.REPRICED, e] == 1
        took_over = s.provider_n[PN.TOOK_OVER, e] == 1
        left = s.provider_n[PN.LEFT, e] == 1
        kind = s.provider_n[PN.KIND, e]
        quality = s.facility[K.QUALITY, e]
        base = p[i].start_trust_community
        for j in range(s.first[e], s.first[e + 1]):
            _, noise, _, _ = draws = block(s.key[0], _MONTHLY, month, s.estate_n[E.ID, e], s.household_n[N.ID, j], 0)
            s.household[H.CHANCE_PAY, j] = draws[0]
            s.household[H.CHANCE_FAULT, j] = draws[2]
            s.household[H.CHANCE_CALL, j] = draws[3]
            if repriced:
                _reprice(s, p, i, e, j)
            if took_over:
                fresh = s.household[H.TRUST_COMMITTEE, j] if kind == COMMUNITY else 0.5
                s.household[H.TRUST_PROVIDER, j] = reset_trust(
                    s.household[H.TRUST_PROVIDER, j], fresh, p[i].trust_successor
                )
            tenure = s.household_n[N.TENURE, j]
            perceived = s.household[H.QUALITY, j]
            if tenure != VACANT:
                perceived = impression(
                    perceived,
                    quality,
                    s.household[H.TASTE, j],
                    noise,
                    p[i].household_quality_noise,
                    p[i].household_quality_speed,
                )
                s.household[H.QUALITY, j] = perceived
            reference = s.household[H.REFERENCE, j]
            gap = quality_gap(tenure, perceived, reference, p[i].provider_open_books)
            if kind != NOBODY:
                evidence = provider_evidence(
                    gap,
                    p[i].trust_from_quality,
                    p[i].provider_open_books,
                    s.provider[P.LEAK, e],
                    p[i].trust_leak_tolerated,
                    p[i].trust_from_accounts,
                )
                s.household[H.TRUST_PROVIDER, j] = update_trust(
                    s.household[H.TRUST_PROVIDER, j], evidence, p[i].trust_rise, p[i].trust_asymmetry
                )
            s.household[H.REFERENCE, j] = adapt_reference(
                reference,
                perceived,
                s.household[H.ANCHOR, j],
                p[i].household_absorbed,
                p[i].household_reference_speed,
            )
            committee = move(s.household[H.TRUST_COMMITTEE, j], base, p[i].trust_community_return)
            branch = move(s.household[H.TRUST_BRANCH, j], base, p[i].trust_community_return)
            voucher = s.household_n[N.VOUCHER, j]
            if voucher == COMMITTEE:
                committee = voucher_loss(committee, gap, p[i].trust_liability, left, p[i].trust_liability_exit)
            elif voucher == BRANCH:
                branch = voucher_loss(branch, gap, p[i].trust_liability, left, p[i].trust_liability_exit)
            if left:
                s.household_n[N.VOUCHER, j] = NO_VOUCHER
            s.household[H.TRUST_COMMITTEE, j] = committee
            s.household[H.TRUST_BRANCH, j] = branch
            s.household[H.TRUST_STREET, j] = move(
                s.household[H.TRUST_STREET, j], p[i].start_trust_street, p[i].trust_community_return
            )
            s.household[H.TRUST_OWNERS, j] = move(
                s.household[H.TRUST_OWNERS, j], p[i].start_trust_owners, p[i].trust_community_return
            )
            s.household[H.GRIEVANCE, j] = move(s.household[H.GRIEVANCE, j], 0.0, p[i].household_grievance_decay)
            s.household[H.PRESSURE, j] = fading(s.household[H.PRESSURE, j], p[i].household_pressure_memory)
            s.household[H.WEAR, j] = move(s.household[H.WEAR, j], 0.0, p[i].household_wear_recovery)
            s.household[H.ENFORCEMENT, j] = move(
                s.household[H.ENFORCEMENT, j], p[i].start_enforcement, p[i].household_enforcement_speed
            )
            s.household[H.SUASION, j] = 0.0
            s.household_n[N.CONTACT, j] = 0
            unpaid = s.household_n[N.UNPAID, j]
            if unpaid != 0:
                area = s.household_n[N.AREA, j]
                if owes(unpaid, MEMORY_MONTHS - 1):
                    s.estate_n[E.DEBT_OLD, e] -= bill_of(area, s.bill_rate[lapsed, e], s.bill_flat[lapsed, e])
                unpaid = age_debts(unpaid)
                if owes(unpaid, YOUNG_MONTHS + 1):
                    amount = bill_of(area, s.bill_rate[young, e], s.bill_flat[young, e])
                    s.estate_n[E.DEBT_YOUNG, e] -= amount
                    s.estate_n[E.DEBT_MIDDLE, e] += amount
                if owes(unpaid, MIDDLE_MONTHS + 1):
                    amount = bill_of(area, s.bill_rate[middle, e], s.bill_flat[middle, e])
                    s.estate_n[E.DEBT_MIDDLE, e] -= amount
                    s.estate_n[E.DEBT_OLD, e] += amount
                s.household_n[N.UNPAID, j] = unpaid


@kernel
def _reprice(s: Any, p: Any, i: int, e: int, j: int) -> None:
    """Shift what household j expects with the price it is now asked."""
    anchor = price_anchor(
        p[i].household_reference_base,
        p[i].household_reference_price,
        own_price(s.provider_n[PN.RATE, e], s.provider_n[PN.FLAT, e], s.household_n[N.AREA, j]),
        p[i].household_price_reference,
        p[i].household_price_floor,
    )
    s.household[H.REFERENCE, j] = shift_reference(s.household[H.REFERENCE, j], s.household[H.ANCHOR, j], anchor)
    s.household[H.ANCHOR, j] = anchor


@kernel
def mobilise(s: Any, p: Any, i: int, month: int) -> None:
    """The collector calls; cadres and members visit."""
    for e in range(s.estate_n.shape[1]):
        n = s.estate_n[E.N_HOUSEHOLDS, e]
        calls = s.provider[P.CALLS, e]
        cadre_hours = hours_for(p[i].contact_cadre_hours, n)
        member_hours = s.branch[B.VISIT_HOURS, e]
        visits = visits_per_household(
            total_hours(cadre_hours, member_hours, 0.0), p[i].contact_hours, s.estate_n[E.N_REACHABLE, e]
        )
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
        for j in range(s.first[e], s.first[e + 1]):
            weight = target_weight(s.household_n[N.PAID, j], published, p[i].contact_target)
            if s.household[H.CHANCE_CALL, j] < contact_chance(calls, weight):
                s.household_n[N.CONTACT, j] |= CALLED
                s.household[H.ENFORCEMENT, j] = notified(s.household[H.ENFORCEMENT, j], 1.0, p[i].contact_notice)
                s.household[H.SUASION, j] = asked(
                    s.household[H.SUASION, j], 1.0, p[i].contact_outsider, s.household[H.TRUST_PROVIDER, j]
                )
            if visits > 0.0 and s.household_n[N.TENURE, j] != VACANT:
                u = uniform(s.key[0], _VISIT, month, s.estate_n[E.ID, e], s.household_n[N.ID, j], 0)
                visitor = who_visits(u, contact_chance(visits, weight), cadres)
                if visitor != NO_VOUCHER:
                    _visit(s, p, i, j, visitor, p[i].contact_outsider if visitor == COMMITTEE else tie, published)


@kernel
def _visit(s: Any, p: Any, i: int, j: int, visitor: int, tie: float, published: float) -> None:
    """Household j is visited by the committee or the branch: asked, informed, vouched to, pressed."""
    trust = s.household[H.TRUST_COMMITTEE, j] if visitor == COMMITTEE else s.household[H.TRUST_BRANCH, j]
    s.household_n[N.CONTACT, j] |= VISITED
    s.household[H.SUASION, j] = asked(s.household[H.SUASION, j], p[i].contact_ask, tie, trust)
    s.household[H.WEAR, j] = worn_out(s.household[H.WEAR, j], p[i].household_wear, p[i].contact_ask)
    s.household[H.BELIEF, j] = informed_belief(
        s.household[H.BELIEF, j], published, p[i].contact_inform, p[i].contact_informed
    )
    if p[i].contact_vouch > 0.0:
        s.household[H.TRUST_PROVIDER, j] = vouched_trust(
            s.household[H.TRUST_PROVIDER, j], trust, vouching(p[i].contact_vouch, tie), p[i].trust_vouch_effect
        )
        s.household_n[N.VOUCHER, j] = visitor
    if p[i].contact_press > 0.0:
        s.household[H.PRESSURE, j] = pressed(s.household[H.PRESSURE, j], p[i].contact_press)
        s.household[H.ENFORCEMENT, j] = notified(s.household[H.ENFORCEMENT, j], p[i].contact_press, p[i].contact_notice)
