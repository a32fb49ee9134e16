"""Phases events, allocate, plan and serve: what happens before households notice anything."""

from typing import Any

import numpy as np

from agents.rules.case import staff_drain
from agents.rules.contact import hours_for, total_hours
from agents.rules.estate import EstateWhole as E
from agents.rules.estate import budget_for, next_budget
from agents.rules.facility import FacilityReal as K
from agents.rules.facility import next_stock, service_quality, total_quality, upkeep, upkeep_bias
from agents.rules.household import HouseholdWhole as N
from agents.rules.joint_branch import JointReal as J
from agents.rules.joint_branch import hours_of_joint_branch
from agents.rules.money import PAYEE, PAYER, Item, Sector
from agents.rules.numeric import fen, millionths, yuan
from agents.rules.owners_committee import OwnersReal as O
from agents.rules.owners_committee import OwnersWhole as ON
from agents.rules.owners_committee import audit_by_committee, contract_works, leak_with_committee, padded_leak
from agents.rules.party_branch import BranchReal as B
from agents.rules.party_branch import BranchWhole as BN
from agents.rules.party_branch import (
    attention_now,
    floor_with_instructor,
    labour_hours,
    led_by,
    member_hours,
    months_of_attention,
    thinned,
    visit_hours,
)
from agents.rules.provider import (
    COMMUNITY,
    FIRM,
    NOBODY,
    affordable,
    area_money,
    bought_input,
    collection_calls,
    deficit_covered,
    delivered_input,
    diverted_money,
    drained_input,
    expected_fees,
    expected_revenue,
    fee_now,
    floor_of_spending,
    given_input,
    mean_price,
    met_by_others,
    monthly_money,
    next_spend,
    own_cost,
    planned_margin,
    planned_spend,
    price_level,
    purse_limit,
    set_aside,
    wage_money,
)
from agents.rules.provider import ProviderReal as P
from agents.rules.provider import ProviderWhole as PN
from agents.rules.residents_committee import CommitteeReal as R
from agents.rules.residents_committee import crowded_out, free_hours, mediation_hours
from agents.rules.social_organization import SocialReal as G
from agents.rules.social_organization import (
    contract_price,
    contracted_hours,
    dose_of_hours,
    effective_hours,
    next_capacity,
)
from agents.rules.street_committee import (
    StreetReal,
    StreetWhole,
    audit_with_inspection,
    claim_on_budget,
    evaluation_score,
    inspection_dose,
    is_inspected,
    mean_score,
    next_inspected,
    part_of,
    part_up_to,
    seen_from_above,
)
from sim.engine import kernel
from sim.totals import Total

_PAYER = np.array(PAYER)
_PAYEE = np.array(PAYEE)


@kernel
def post(s: Any, e: int, item: int, amount: int) -> None:
    """Pay `amount` fen under `item` in estate e: from the payer's cash to the payee's, and into the ledger."""
    s.cash[_PAYER[item], e] -= amount
    s.cash[_PAYEE[item], e] += amount
    s.flow[item, e] += amount


@kernel
def events(s: Any, p: Any, i: int, month: int) -> None:
    """Open the month's books; at the policy month the count of those who never paid starts afresh."""
    s.flow[:] = 0
    s.record[:] = 0
    if month == 0:
        s.household_n[N.EVER_PAID, :] = 0


@kernel
def allocate(s: Any, p: Any, i: int, month: int) -> None:
    """Pay out public money and common income; settle attention and the hours of members."""
    _grant_repair_money(s, p, i, month)
    for e in range(s.estate_n.shape[1]):
        kind = s.provider_n[PN.KIND, e]
        area = s.estate_n[E.AREA, e]
        grant = area_money(p[i].community_grant, area) if kind == COMMUNITY else 0
        subsidy = area_money(p[i].street_subsidy, area) if kind != NOBODY else 0
        rents = area_money(p[i].provider_common_income, area) if kind != NOBODY else 0
        post(s, e, Item.GRANT, grant)
        post(s, e, Item.SUBSIDY, subsidy)
        post(s, e, Item.COMMON_INCOME, rents)
        let = area_money(p[i].owners_letting, area) if s.owners_n[ON.LETTING, e] == 1 else 0
        post(s, e, Item.LETTING, let)
        cover = deficit_covered(s.cash[Sector.PROVIDER, e], p[i].firm_soft_budget) if kind == FIRM else 0
        post(s, e, Item.LOSS_COVER, cover)
        s.provider_n[PN.SUPPORT, e] = grant + subsidy + cover
        n = s.estate_n[E.N_HOUSEHOLDS, e]
        street = s.estate_n[E.STREET, e]
        dose = inspection_dose(
            p[i].street_inspectors, s.street_n[StreetWhole.N_ESTATES, street], p[i].street_inspection_hours
        )
        s.provider[P.INSPECTED, e] = next_inspected(s.provider[P.INSPECTED, e], dose, month)
        granted = part_of(
            s.street_n[StreetWhole.GRANTED, street],
            s.estate_n[E.BEFORE, e],
            n,
            s.street_n[StreetWhole.N_HOUSEHOLDS, street],
        )
        s.record[Total.REPAIR_MONEY, e] = granted
        s.estate_n[E.REPAIR_BUDGET, e] = next_budget(
            s.estate_n[E.REPAIR_BUDGET, e], granted, budget_for(p[i].street_repair_budget, n)
        )
        free = free_hours(hours_for(p[i].committee_staff_hours, n), p[i].committee_load, p[i].committee_added_load)
        visiting = hours_for(p[i].contact_cadre_hours, n)
        managing = hours_for(p[i].community_manager_hours, n) if kind == COMMUNITY else 0.0
        service = hours_for(p[i].social_service_hours, n)
        hours = contracted_hours(
            service, hours_for(p[i].social_charity_hours, n), hours_for(p[i].social_rights_hours, n)
        )
        capacity = next_capacity(s.social[G.CAPACITY, e], hours, p[i].social_learning)
        s.social[G.CAPACITY, e] = capacity
        s.social[G.SERVICE_HOURS, e] = effective_hours(service, capacity)
        s.social[G.CHARITY, e] = dose_of_hours(p[i].social_charity_hours, p[i].social_full_hours, capacity)
        s.social[G.RIGHTS, e] = dose_of_hours(p[i].social_rights_hours, p[i].social_full_hours, capacity)
        post(s, e, Item.CONTRACTS, fen(contract_price(hours, p[i].social_price)))
        s.committee[R.FREE_HOURS, e] = free
        s.committee[R.MEDIATION_HOURS, e] = mediation_hours(free, visiting, managing)
        s.committee[R.SHORTFALL, e] = crowded_out(free, visiting, managing)

        active = s.branch_n[BN.ACTIVE_MONTHS, e]
        floor = floor_with_instructor(p[i].branch_attention_floor, p[i].branch_instructor, p[i].branch_instructor_hours)
        organised = attention_now(p[i].branch_attention, floor, active, p[i].branch_attention_memory)
        organised = thinned(organised, s.street_n[StreetWhole.LED, street], p[i].branch_span, p[i].branch_thinning)
        s.branch[B.ATTENTION, e] = led_by(organised, s.branch[B.KEY, e], p[i].branch_key_weight)
        s.branch_n[BN.ACTIVE_MONTHS, e] = months_of_attention(active, p[i].branch_attention)
        hours = member_hours(
            s.branch_n[BN.N_EMBEDDED, e],
            s.branch_n[BN.N_SENT, e],
            p[i].branch_member_hours,
            s.branch[B.ATTENTION, e],
            s.branch[B.FATIGUE_EMBEDDED, e],
            s.branch[B.FATIGUE_SENT, e],
        )
        s.branch[B.LABOUR_HOURS, e] = labour_hours(hours, p[i].branch_labour_share)
        s.branch[B.VISIT_HOURS, e] = visit_hours(hours, p[i].branch_labour_share)
        s.joint[J.HOURS, e] = hours_of_joint_branch(hours_for(p[i].desk_joint_hours, n), s.joint[J.FATIGUE, e])


@kernel
def appraise(s: Any, p: Any, i: int) -> None:
    """The district looks at every estate; it sums what it finds in whole numbers, so that blocks of estates add up."""
    s.street_n[StreetWhole.SCORES] = 0
    s.street_n[StreetWhole.LED] = 0
    for e in range(s.estate_n.shape[1]):
        score = evaluation_score(s.facility[K.VISIBLE, e], s.facility[K.INVISIBLE, e], p[i].street_visible_weight)
        s.street_n[StreetWhole.SCORES, s.estate_n[E.STREET, e]] += millionths(score)
        if p[i].branch_attention > 0.0:
            s.street_n[StreetWhole.LED, s.estate_n[E.STREET, e]] += 1


@kernel
def _grant_repair_money(s: Any, p: Any, i: int, month: int) -> None:
    """The district evaluates its sub-districts and divides its money for repairs among them."""
    n_households = 0
    claims = 0.0
    for k in range(s.street.shape[1]):
        if is_inspected(month):
            s.street[StreetReal.SCORE, k] = mean_score(
                s.street_n[StreetWhole.SCORES, k], s.street_n[StreetWhole.N_ESTATES, k]
            )
        n_households += s.street_n[StreetWhole.N_HOUSEHOLDS, k]
        claims += claim_on_budget(
            s.street_n[StreetWhole.N_HOUSEHOLDS, k], s.street[StreetReal.SCORE, k], p[i].street_competition
        )
    total = budget_for(p[i].street_repair_budget, n_households)
    met = 0.0
    given = 0
    for k in range(s.street.shape[1]):
        met += claim_on_budget(
            s.street_n[StreetWhole.N_HOUSEHOLDS, k], s.street[StreetReal.SCORE, k], p[i].street_competition
        )
        up_to = part_up_to(total, met, claims)
        s.street_n[StreetWhole.GRANTED, k] = up_to - given
        given = up_to


@kernel
def plan(s: Any, p: Any, i: int, month: int) -> None:
    """Set the price; plan spending from expected revenue, and the calls of the collector."""
    for e in range(s.estate_n.shape[1]):
        kind = s.provider_n[PN.KIND, e]
        area = s.estate_n[E.AREA, e]
        rate = s.provider_n[PN.RATE, e]
        flat = s.provider_n[PN.FLAT, e]
        s.provider_n[PN.REPRICED, e] = 0
        if kind == NOBODY:
            s.provider[P.SPEND, e] = 0.0
            s.provider[P.CALLS, e] = 0.0
            s.provider[P.BILL, e] = 0.0
            continue
        if kind == FIRM:
            committee = s.owners_n[ON.COMMITTEE, e]
            cost_plus = contract_works(committee, p[i].owners_cost_plus)
            audit = audit_with_inspection(
                audit_by_committee(
                    p[i].provider_audit, s.owners[O.EFFORT, e], s.owners[O.CAPTURE, e], p[i].owners_audit_weight
                ),
                s.provider[P.INSPECTED, e],
                p[i].street_inspection_finds,
            )
            new_rate = fee_now(p[i].firm_fee, s.provider[P.FEE_LEVEL, e])
            new_flat = 0
            margin = planned_margin(s.provider[P.MARGIN, e], p[i].firm_skim, audit, cost_plus)
            roster = floor_of_spending(p[i].firm_roster, p[i].firm_minimum_service)
            disadvantage = p[i].firm_cost_disadvantage
        else:
            new_rate = fen(p[i].community_fee)
            new_flat = fen(p[i].community_flat_fee)
            margin = 0.0
            roster = p[i].community_roster
            disadvantage = 0.0
        if new_rate != rate or new_flat != flat:
            s.provider_n[PN.REPRICED, e] = 1
            s.provider_n[PN.RATE, e] = new_rate
            s.provider_n[PN.FLAT, e] = new_flat
        bill = mean_price(new_rate, new_flat, s.estate_n[E.N_HOUSEHOLDS, e], area)
        s.provider[P.BILL, e] = bill
        expected = s.provider[P.EXPECTED, e]
        revenue = expected_revenue(
            expected, bill, p[i].provider_common_income, monthly_money(s.provider_n[PN.SUPPORT, e], 1, area)
        )
        cost = own_cost(p[i].provider_cost, price_level(s.provider[P.COST_LEVEL, e], disadvantage))
        target = planned_spend(revenue, margin, cost, roster, p[i].firm_spend_limit)
        spend = next_spend(s.provider[P.SPEND, e], target, p[i].provider_adjust_up, p[i].provider_adjust_down)
        if kind == COMMUNITY:
            spend = affordable(spend, yuan(s.cash[Sector.PROVIDER, e] - s.provider_n[PN.PURSE, e]), area)
        s.provider[P.SPEND, e] = spend
        s.provider[P.CALLS, e] = collection_calls(
            p[i].contact_provider_calls,
            p[i].contact_asking_crowded_out,
            p[i].street_subsidy,
            expected_fees(expected, bill),
        )


@kernel
def serve(s: Any, p: Any, i: int, month: int) -> None:
    """Spend, deliver service, keep up or lose the facilities."""
    for e in range(s.estate_n.shape[1]):
        kind = s.provider_n[PN.KIND, e]
        area = s.estate_n[E.AREA, e]
        spend = s.provider[P.SPEND, e]
        committee = s.owners_n[ON.COMMITTEE, e]
        effort = s.owners[O.EFFORT, e]
        capture = s.owners[O.CAPTURE, e]
        leak = leak_with_committee(
            padded_leak(
                p[i].provider_leak, p[i].owners_padding, contract_works(committee, p[i].owners_cost_plus) > 0.0
            ),
            audit_with_inspection(
                audit_by_committee(p[i].provider_audit, effort, capture, p[i].owners_audit_weight),
                s.provider[P.INSPECTED, e],
                p[i].street_inspection_finds,
            ),
            capture,
            effort,
            contract_works(committee, p[i].owners_two_keys),
            p[i].owners_captured_leak,
        )
        s.provider[P.LEAK, e] = leak
        spent = area_money(spend, area)
        diverted = diverted_money(spend, leak, area)
        wages = wage_money(spend, leak, p[i].provider_labour_share, area)
        post(s, e, Item.DIVERTED, diverted)
        post(s, e, Item.WAGES, wages)
        limit = purse_limit(p[i].provider_cost, p[i].desk_repair_share, p[i].desk_repair_months, area)
        reserve = set_aside(s.provider_n[PN.PURSE, e], spent - diverted - wages, p[i].desk_repair_share, limit)
        post(s, e, Item.MATERIALS, spent - diverted - wages - reserve)
        s.provider_n[PN.PURSE, e] += reserve
        s.provider_n[PN.PAID_OUT, e] = spent
        s.provider[P.OTHERS_SHARE, e] = met_by_others(s.provider_n[PN.SUPPORT, e], spent)

        bought = 0.0
        if kind != NOBODY:
            level = s.provider[P.COST_LEVEL, e]
            skill = s.provider[P.SKILL, e]
            if kind == COMMUNITY:
                wage_level = p[i].community_wage
                skill = p[i].community_skill
            else:
                level = price_level(level, p[i].firm_cost_disadvantage)
                wage_level = level
            bought = bought_input(spend, leak, p[i].provider_cost, p[i].provider_labour_share, wage_level, skill, level)
        n = s.estate_n[E.N_HOUSEHOLDS, e]
        bought = drained_input(bought, staff_drain(s.estate_n[E.N_CASES, e], n, p[i].case_drain))
        volunteered = given_input(
            total_hours(s.branch[B.LABOUR_HOURS, e], hours_for(p[i].community_volunteer_hours, n), 0.0),
            p[i].community_volunteer_skill,
            p[i].provider_wage,
            p[i].provider_cost,
            area,
        )
        managed = 0.0
        if kind == COMMUNITY:
            managed = given_input(
                hours_for(p[i].community_manager_hours, n), 1.0, p[i].provider_wage, p[i].provider_cost, area
            )
        delivered = delivered_input(bought, volunteered, managed)
        s.provider[P.DELIVERED, e] = delivered

        kept_up = upkeep(delivered, p[i].facility_upkeep_threshold)
        bias = upkeep_bias(
            p[i].facility_visible_bias, seen_from_above(s.branch[B.ATTENTION, e], p[i].street_evaluation)
        )
        s.facility[K.VISIBLE, e] = next_stock(
            s.facility[K.VISIBLE, e], p[i].facility_decay, p[i].facility_upkeep, kept_up, bias
        )
        s.facility[K.INVISIBLE, e] = next_stock(
            s.facility[K.INVISIBLE, e], p[i].facility_decay, p[i].facility_upkeep, kept_up, -bias
        )
        s.facility[K.SERVICE, e] = service_quality(delivered, p[i].provider_service_power)
        s.facility[K.QUALITY, e] = total_quality(
            s.facility[K.SERVICE, e],
            s.facility[K.VISIBLE, e],
            s.facility[K.INVISIBLE, e],
            p[i].facility_service_weight,
            p[i].facility_quality_floor,
        )
