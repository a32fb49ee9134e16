"""Phases events, allocate, plan and serve: what happens before households notice anything."""

from typing import Any

import numpy as np

from agents.rules.contact import hours_for, total_hours
from agents.rules.estate import EstateWhole as E
from agents.rules.facility import FacilityReal as K
from agents.rules.facility import next_stock, service_quality, total_quality, upkeep, upkeep_bias
from agents.rules.household import HouseholdWhole as N
from agents.rules.money import PAYEE, PAYER, Item, Sector
from agents.rules.numeric import fen, yuan
from agents.rules.party_branch import BranchReal as B
from agents.rules.party_branch import BranchWhole as BN
from agents.rules.party_branch import attention_now, labour_hours, member_hours, months_of_attention, visit_hours
from agents.rules.provider import (
    COMMUNITY,
    FIRM,
    NOBODY,
    affordable,
    area_money,
    bought_input,
    collection_calls,
    delivered_input,
    diverted_money,
    diverted_share,
    expected_fees,
    expected_revenue,
    given_input,
    mean_price,
    met_by_others,
    monthly_money,
    next_spend,
    own_cost,
    planned_margin,
    planned_spend,
    wage_money,
)
from agents.rules.provider import ProviderReal as P
from agents.rules.provider import ProviderWhole as PN
from sim.engine import kernel

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
    for e in range(s.estate_n.shape[1]):
        kind = s.provider_n[PN.KIND, e]
        area = s.estate_n[E.AREA, e]
        grant = area_money(p[i].community_grant, area) if kind == COMMUNITY else 0
        subsidy = area_money(p[i].street_subsidy, area) if kind != NOBODY else 0
        rents = area_money(p[i].provider_common_income, area) if kind != NOBODY else 0
        post(s, e, Item.GRANT, grant)
        post(s, e, Item.SUBSIDY, subsidy)
        post(s, e, Item.COMMON_INCOME, rents)
        s.provider_n[PN.SUPPORT, e] = grant + subsidy

        active = s.branch_n[BN.ACTIVE_MONTHS, e]
        s.branch[B.ATTENTION, e] = attention_now(
            p[i].branch_attention, p[i].branch_attention_floor, active, p[i].branch_attention_memory
        )
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
            new_rate = fen(p[i].firm_fee)
            new_flat = 0
            margin = planned_margin(s.provider[P.MARGIN, e], p[i].firm_skim, p[i].provider_audit)
            roster = p[i].firm_roster
        else:
            new_rate = fen(p[i].community_fee)
            new_flat = fen(p[i].community_flat_fee)
            margin = 0.0
            roster = p[i].community_roster
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
        cost = own_cost(p[i].provider_cost, s.provider[P.COST_LEVEL, e])
        target = planned_spend(revenue, margin, cost, roster, p[i].firm_spend_limit)
        spend = next_spend(s.provider[P.SPEND, e], target, p[i].provider_adjust_up, p[i].provider_adjust_down)
        if kind == COMMUNITY:
            spend = affordable(spend, yuan(s.cash[Sector.PROVIDER, e]), area)
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
        leak = diverted_share(p[i].provider_leak, p[i].provider_audit)
        s.provider[P.LEAK, e] = leak
        spent = area_money(spend, area)
        diverted = diverted_money(spend, leak, area)
        wages = wage_money(spend, leak, p[i].provider_labour_share, area)
        post(s, e, Item.DIVERTED, diverted)
        post(s, e, Item.WAGES, wages)
        post(s, e, Item.MATERIALS, spent - diverted - wages)
        s.provider_n[PN.PAID_OUT, e] = spent
        s.provider[P.OTHERS_SHARE, e] = met_by_others(s.provider_n[PN.SUPPORT, e], spent)

        bought = 0.0
        if kind != NOBODY:
            level = s.provider[P.COST_LEVEL, e]
            wage_level = level
            skill = s.provider[P.SKILL, e]
            if kind == COMMUNITY:
                wage_level = p[i].community_wage
                skill = p[i].community_skill
            bought = bought_input(spend, leak, p[i].provider_cost, p[i].provider_labour_share, wage_level, skill, level)
        n = s.estate_n[E.N_HOUSEHOLDS, e]
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
        bias = upkeep_bias(p[i].facility_visible_bias, s.branch[B.ATTENTION, e])
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
