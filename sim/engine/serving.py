"""Phases events, allocate, plan and serve: what happens before households notice anything."""

from typing import Any

from agents.rules.care import willing_hours
from agents.rules.case import staff_drain
from agents.rules.contact import hours_for, total_hours
from agents.rules.estate import EstateWhole as E
from agents.rules.estate import budget_for, next_budget
from agents.rules.facility import FacilityReal as K
from agents.rules.facility import next_stock, service_quality, total_quality, upkeep, upkeep_bias
from agents.rules.funding import costed_fee, gift_input, kept_safe, matched_gifts, with_gifts, with_side_income
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.joint_branch import JointReal as J
from agents.rules.joint_branch import hours_of_joint_branch, joint_hours_asked, part_of_joint_hours
from agents.rules.money import Item, Sector
from agents.rules.numeric import fen, yuan
from agents.rules.observation import expected_show, pulsed_attention
from agents.rules.owners_committee import (
    NONE,
    able_effort,
    activist_hours,
    audit_by_committee,
    auditing_dose,
    contract_works,
    leak_with_committee,
    leak_with_officers,
    margin_with_officers,
    padded_leak,
)
from agents.rules.owners_committee import OwnersReal as O
from agents.rules.owners_committee import OwnersWhole as ON
from agents.rules.party_branch import BranchReal as B
from agents.rules.party_branch import BranchWhole as BN
from agents.rules.party_branch import (
    asked_of_member,
    attention_now,
    captured_officers,
    floor_with_instructor,
    hours_given,
    labour_hours,
    led_by,
    member_hours,
    months_of_attention,
    thinned,
    turned_to,
    visit_hours,
)
from agents.rules.platform import platform_price
from agents.rules.provider import (
    COMMUNITY,
    FIRM,
    NOBODY,
    affordable,
    area_money,
    bought_input,
    collection_calls,
    cost_of_politics,
    deficit_covered,
    delivered_input,
    diverted_money,
    drained_input,
    expected_fees,
    expected_revenue,
    fee_now,
    floor_of_spending,
    given_input,
    hours_elsewhere,
    input_beside,
    mean_price,
    met_by_others,
    monthly_money,
    next_spend,
    of_community,
    own_cost,
    planned_margin,
    planned_spend,
    price_level,
    purse_limit,
    set_aside,
    wage_money,
    worth_of_labour,
)
from agents.rules.provider import ProviderReal as P
from agents.rules.provider import ProviderWhole as PN
from agents.rules.residents_assembly import AssemblyReal as A
from agents.rules.residents_committee import CommitteeReal as R
from agents.rules.residents_committee import (
    crowded_out,
    free_hours,
    load_with_reports,
    mediation_hours,
    report_hours,
    usual_trust,
)
from agents.rules.shock import after_damage, shaken
from agents.rules.social_organization import SocialReal as G
from agents.rules.social_organization import (
    contract_price,
    contracted_hours,
    dose_of_hours,
    effective_hours,
    learning_with_training,
    next_capacity,
    relieved_hours,
    under_contract,
)
from agents.rules.social_workers import learning_hours, salary_gap
from agents.rules.street_committee import (
    StreetWhole,
    audit_with_help,
    inspection_dose,
    next_inspected,
    part_of,
    seen_from_above,
)
from agents.rules.supervision import supervised_leak
from sim.engine import kernel
from sim.engine.building import build
from sim.engine.deliberating import call_meetings
from sim.engine.evaluating import grant_repair_money
from sim.engine.funding import keep_accounts
from sim.engine.platform import run_platform
from sim.engine.posting import post
from sim.engine.staffing import train
from sim.totals import Total


@kernel
def events(s: Any, p: Any, i: int, month: int) -> None:
    """Open the month's books; shocks strike; at the policy month the count of those who never paid starts afresh."""
    s.flow[:] = 0
    s.record[:] = 0
    if month == 0:
        s.household_n[N.EVER_PAID, :] = 0
    if p[i].shock_damage > 0.0:
        for e in range(s.estate_n.shape[1]):
            s.facility[K.INVISIBLE, e] = after_damage(s.facility[K.INVISIBLE, e], p[i].shock_damage)
    if p[i].shock_scandal > 0.0 or p[i].shock_party_scandal > 0.0:
        for j in range(s.household.shape[1]):
            s.household[H.TRUST_PROVIDER, j] = shaken(s.household[H.TRUST_PROVIDER, j], p[i].shock_scandal)
            for column in (H.TRUST_COMMITTEE, H.TRUST_BRANCH):
                s.household[column, j] = shaken(s.household[column, j], p[i].shock_party_scandal)


@kernel
def allocate(s: Any, p: Any, i: int, month: int) -> None:
    """Pay out public money and common income; settle attention and the hours of members."""
    grant_repair_money(s, p, i, month)
    for e in range(s.estate_n.shape[1]):
        keep_accounts(s, p, i, e)
        build(s, p, i, e, month)
        kind = s.provider_n[PN.KIND, e]
        area = s.estate_n[E.AREA, e]
        per_area = of_community(s.provider_n[PN.WANTED, e], p[i].custody_grant, p[i].station_grant)
        grant = area_money(per_area, area) if kind == COMMUNITY else 0
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
        s.provider[P.INSPECTED, e] = next_inspected(
            s.provider[P.INSPECTED, e], dose, month, p[i].street_inspection_kept
        )
        granted = part_of(
            s.street_n[StreetWhole.GRANTED, street],
            s.estate_n[E.BEFORE, e],
            n,
            s.street_n[StreetWhole.N_HOUSEHOLDS, street],
        )
        claims = s.street_n[StreetWhole.CLAIMS, street]
        if p[i].observation_kappa > 0.0 and claims > 0:
            granted = part_of(
                s.street_n[StreetWhole.GRANTED, street], s.estate_n[E.CLAIM_BEFORE, e], s.estate_n[E.CLAIM, e], claims
            )
        s.record[Total.REPAIR_MONEY, e] = granted
        post(s, e, Item.REPAIRS_GRANTED, granted)
        s.estate_n[E.REPAIR_BUDGET, e] = next_budget(
            s.estate_n[E.REPAIR_BUDGET, e], granted, budget_for(p[i].street_repair_budget, n)
        )
        _bear_politics(s, p, i, e)
        _organise(s, p, i, e, month)
        train(s, p, i, e, month)
        call_meetings(s, p, i, e, month)
        staff = hours_for(p[i].committee_staff_hours, n)
        post(s, e, Item.SALARIES, fen(salary_gap(staff, p[i].workers_pay)))
        reports = load_with_reports(
            p[i].committee_added_load,
            p[i].observation_staff,
            p[i].tiers_layers,
            p[i].tiers_load,
            p[i].workers_absorbed,
            s.committee[R.TRAINED, e],
        )
        free = free_hours(staff, p[i].committee_load, reports)
        s.committee[R.REPORT_HOURS, e] = report_hours(staff, p[i].committee_load, reports)
        organises, attention = p[i].branch_organises, s.branch[B.ATTENTION, e]
        s.committee[R.CADRE_HOURS, e] = hours_given(hours_for(p[i].contact_cadre_hours, n), organises, attention)
        auditing = hours_for(p[i].committee_audit_hours, n) if kind == FIRM else 0.0
        s.committee[R.AUDIT_HOURS, e] = hours_given(auditing, organises, attention)
        visiting = total_hours(
            s.committee[R.CADRE_HOURS, e],
            hours_for(learning_hours(p[i].workers_training, p[i].workers_exchange, p[i].workers_exchange_hours), n),
            s.assembly[A.MEETINGS, e],
        )
        managing = managing_hours(s, p, i, e)
        s.committee[R.MANAGED, e] = managing
        fulfil_contracts(s, p, i, e)
        free = relieved_hours(
            free, staff, hours_for(under_contract(p[i].social_relief, p[i].social_entry), n), s.social[G.CAPACITY, e]
        )
        run_platform(s, p, i, e)
        post(s, e, Item.PLATFORM, fen(platform_price(p[i].platform_price, p[i].platform_on, n)))
        care = willing_hours(hours_for(p[i].care_cadre_hours, n), s.committee[R.CARE_FATIGUE, e])
        activists = activist_hours(
            p[i].owners_recruited, attention, p[i].owners_protected, hours_for(p[i].owners_activist_hours, n)
        )
        looking = total_hours(s.committee[R.AUDIT_HOURS, e], push_hours(s, p, i, e), activists)
        duties = total_hours(
            s.committee[R.DUTIES, e], care, total_hours(hours_for(p[i].lists_hours, n), looking, 0.0)
        )
        s.committee[R.CARE_HOURS, e] = care
        s.committee[R.DUTIES, e] = duties
        away = total_hours(visiting, duties, part_of_joint_hours(s.joint[J.HOURS, e], p[i].desk_joint_cadres))
        s.committee[R.FREE_HOURS, e] = free
        s.committee[R.MEDIATION_HOURS, e] = total_hours(
            mediation_hours(free, away, managing), hours_for(p[i].complete_organisation_hours, n), 0.0
        )
        s.committee[R.SHORTFALL, e] = crowded_out(free, away, managing)
        s.committee[R.USUAL_TRUST, e] = usual_trust(
            p[i].start_trust_community, p[i].trust_statutory, s.committee[R.SHORTFALL, e], staff
        )


@kernel
def _bear_politics(s: Any, p: Any, i: int, e: int) -> None:
    """A firm under party leadership does unpaid tasks, or enjoys protection."""
    n = s.estate_n[E.N_HOUSEHOLDS, e]
    firm = s.provider_n[PN.KIND, e] == FIRM
    cost = cost_of_politics(p[i].firm_politics, p[i].branch_cross_posts, n) if firm else 0
    s.provider_n[PN.POLITICS, e] = cost
    if cost >= 0:
        post(s, e, Item.POLITICAL_TASKS, cost)
    else:
        post(s, e, Item.PROTECTION, -cost)


@kernel
def _organise(s: Any, p: Any, i: int, e: int, month: int) -> None:
    """Settle the branch's attention, the hours of its members, and the hours of the joint desk."""
    n = s.estate_n[E.N_HOUSEHOLDS, e]
    street = s.estate_n[E.STREET, e]
    active = s.branch_n[BN.ACTIVE_MONTHS, e]
    turned = turned_to(p[i].branch_attention, p[i].party_branch_attention, p[i].party_group_attention)
    alone = attention_now(turned, p[i].branch_attention_floor, active, p[i].branch_attention_memory)
    instructor = hours_given(p[i].branch_instructor, p[i].branch_organises, alone)
    s.branch[B.INSTRUCTOR_HOURS, e] = instructor
    floor = floor_with_instructor(p[i].branch_attention_floor, instructor, p[i].branch_instructor_hours)
    organised = attention_now(turned, floor, active, p[i].branch_attention_memory)
    organised = thinned(organised, s.street_n[StreetWhole.LED, street], p[i].branch_span, p[i].branch_thinning)
    show = expected_show(
        s.estate_n[E.CLAIM, e], n, s.street_n[StreetWhole.CLAIMS, street], s.street_n[StreetWhole.N_HOUSEHOLDS, street]
    )
    attention = pulsed_attention(
        led_by(organised, s.branch[B.KEY, e], p[i].branch_key_weight),
        p[i].observation_pulse,
        show,
        month,
        p[i].observation_lasting,
    )
    s.branch[B.ATTENTION, e] = attention
    s.branch_n[BN.ACTIVE_MONTHS, e] = months_of_attention(active, turned)
    hours = member_hours(
        s.branch_n[BN.N_EMBEDDED, e],
        s.branch_n[BN.N_SENT, e],
        asked_of_member(p[i].branch_member_hours, p[i].party_branch_hours, p[i].party_group_hours),
        attention,
        s.branch[B.FATIGUE_EMBEDDED, e],
        s.branch[B.FATIGUE_SENT, e],
    )
    s.branch[B.LABOUR_HOURS, e] = labour_hours(hours, p[i].branch_labour_share)
    s.branch[B.VISIT_HOURS, e] = visit_hours(hours, p[i].branch_labour_share)
    asked = hours_for(joint_hours_asked(p[i].desk_joint_hours, p[i].tiers_desk_hours), n)
    s.joint[J.HOURS, e] = hours_of_joint_branch(
        hours_given(asked, p[i].branch_organises, attention), s.joint[J.FATIGUE, e]
    )


@kernel
def audit(s: Any, p: Any, i: int, e: int) -> float:
    """Return the chance that diverted money is noticed, with what committee, cadres and inspectors look into."""
    own = audit_by_committee(
        p[i].provider_audit,
        able_effort(s.owners[O.EFFORT, e], s.owners[O.COMPETENCE, e]),
        s.owners[O.CAPTURE, e],
        p[i].owners_audit_weight,
    )
    full = hours_for(p[i].committee_audit_full_hours, s.estate_n[E.N_HOUSEHOLDS, e])
    captured = captured_officers(p[i].branch_cross_posts, p[i].officers_capture)
    dose = auditing_dose(s.committee[R.AUDIT_HOURS, e], full, captured)
    own = audit_with_help(own, dose, p[i].committee_audit_finds)
    return float(audit_with_help(own, s.provider[P.INSPECTED, e], p[i].street_inspection_finds))


@kernel
def managing_hours(s: Any, p: Any, i: int, e: int) -> float:
    """Return the hours of committee staff who help run the community's own service, this month's provider."""
    if s.provider_n[PN.KIND, e] != COMMUNITY:
        return 0.0
    per_hundred = of_community(s.provider_n[PN.WANTED, e], p[i].custody_manager_hours, p[i].station_manager_hours)
    return float(hours_for(per_hundred, s.estate_n[E.N_HOUSEHOLDS, e]))


@kernel
def push_hours(s: Any, p: Any, i: int, e: int) -> float:
    """Return the cadres' hours that a push from above takes this month: while there is no owners' committee."""
    if s.owners_n[ON.COMMITTEE, e] != NONE or p[i].owners_allowed == 0:
        return 0.0
    return float(hours_for(p[i].owners_push * p[i].owners_push_hours, s.estate_n[E.N_HOUSEHOLDS, e]))


@kernel
def fulfil_contracts(s: Any, p: Any, i: int, e: int) -> None:
    """Social organisations do the hours they are paid for, learn the estate, and forget it without a contract."""
    n = s.estate_n[E.N_HOUSEHOLDS, e]
    entry = p[i].social_entry
    charity, rights = under_contract(p[i].social_charity_hours, entry), under_contract(p[i].social_rights_hours, entry)
    service = hours_for(under_contract(p[i].social_service_hours, entry), n)
    relief = hours_for(under_contract(p[i].social_relief, entry), n)
    hours = total_hours(contracted_hours(service, hours_for(charity, n), hours_for(rights, n)), relief, 0.0)
    learning = learning_with_training(p[i].social_learning, p[i].social_training, p[i].social_full_hours)
    capacity = next_capacity(s.social[G.CAPACITY, e], hours, learning)
    s.social[G.CAPACITY, e] = capacity
    s.social[G.SERVICE_HOURS, e] = effective_hours(service, capacity)
    s.social[G.CHARITY, e] = dose_of_hours(charity, p[i].social_full_hours, capacity)
    s.social[G.RIGHTS, e] = dose_of_hours(rights, p[i].social_full_hours, capacity)
    post(s, e, Item.CONTRACTS, fen(contract_price(hours, p[i].social_price)))
    training = hours_for(p[i].social_training, n)
    post(s, e, Item.CAPACITY_BUILDING, fen(contract_price(training, p[i].social_price)))


@kernel
def price_asked(s: Any, p: Any, i: int, e: int) -> Any:
    """Return the rate (fen per m2) and the flat fee (fen) that contract or committee allow, per month."""
    if s.provider_n[PN.KIND, e] == FIRM:
        return fee_now(costed_fee(p[i].firm_fee, p[i].firm_fee_factor), s.provider[P.FEE_LEVEL, e]), 0
    wanted = s.provider_n[PN.WANTED, e]
    rate = fen(of_community(wanted, p[i].custody_fee, p[i].station_fee))
    return rate, fen(of_community(wanted, p[i].custody_flat_fee, p[i].station_flat_fee))


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
            margin = planned_margin(s.provider[P.MARGIN, e], p[i].firm_skim, audit(s, p, i, e), cost_plus)
            captured = captured_officers(p[i].branch_cross_posts, p[i].officers_capture)
            margin = margin_with_officers(margin, captured, p[i].officers_shirking)
            roster = floor_of_spending(p[i].firm_roster, p[i].firm_minimum_service)
            disadvantage = p[i].firm_cost_disadvantage
        else:
            margin = 0.0
            roster = of_community(s.provider_n[PN.WANTED, e], p[i].custody_roster, p[i].station_roster)
            disadvantage = 0.0
        new_rate, new_flat = price_asked(s, p, i, e)
        if new_rate != rate or new_flat != flat:
            s.provider_n[PN.REPRICED, e] = 1
            s.provider_n[PN.RATE, e] = new_rate
            s.provider_n[PN.FLAT, e] = new_flat
        bill = mean_price(new_rate, new_flat, s.estate_n[E.N_HOUSEHOLDS, e], area)
        s.provider[P.BILL, e] = bill
        expected = s.provider[P.EXPECTED, e]
        common_income = with_side_income(p[i].provider_common_income, s.provider[P.SIDE_INCOME, e])
        revenue = expected_revenue(
            expected,
            bill,
            common_income,
            monthly_money(s.provider_n[PN.SUPPORT, e] - s.provider_n[PN.POLITICS, e], 1, area),
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
        leak = leak_with_committee(
            padded_leak(
                p[i].provider_leak, p[i].owners_padding, contract_works(committee, p[i].owners_cost_plus) > 0.0
            ),
            audit(s, p, i, e),
            s.owners[O.CAPTURE, e],
            s.owners[O.EFFORT, e],
            contract_works(committee, p[i].owners_two_keys),
            p[i].owners_captured_leak,
        )
        if kind == FIRM:
            captured = captured_officers(p[i].branch_cross_posts, p[i].officers_capture)
            leak = leak_with_officers(leak, captured, p[i].owners_captured_leak)
        leak = kept_safe(leak, s.provider[P.PREVENTED, e])
        if kind == COMMUNITY:
            leak = supervised_leak(leak, s.assembly[A.SUPERVISED, e], p[i].core_finds)
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
        labour = worth_of_labour(
            s.branch[B.LABOUR_HOURS, e],
            p[i].provider_wage,
            managing_hours(s, p, i, e),
            p[i].street_cadre_wage,
            p[i].household_labour_seen,
        )
        s.provider[P.OTHERS_SHARE, e] = met_by_others(s.provider_n[PN.SUPPORT, e], labour, spent)

        bought, skill = 0.0, s.provider[P.SKILL, e]
        if kind != NOBODY:
            level = s.provider[P.COST_LEVEL, e]
            if kind == COMMUNITY:
                wage_level = of_community(s.provider_n[PN.WANTED, e], p[i].custody_wage, p[i].station_wage)
                skill = of_community(s.provider_n[PN.WANTED, e], p[i].custody_skill, p[i].station_skill)
            else:
                level = price_level(level, p[i].firm_cost_disadvantage)
                wage_level = level
            bought = bought_input(spend, leak, p[i].provider_cost, p[i].provider_labour_share, wage_level, skill, level)
        n = s.estate_n[E.N_HOUSEHOLDS, e]
        drain = staff_drain(s.estate_n[E.N_CASES, e], n, p[i].case_drain, p[i].case_drain_most)
        bought = drained_input(bought, drain, s.provider[P.OPEN_BOOKS, e], p[i].provider_books_cost)
        sitting = part_of_joint_hours(s.joint[J.HOURS, e], p[i].desk_joint_staff)
        elsewhere = hours_elsewhere(n, s.provider[P.CALLS, e], p[i].contact_call_hours, sitting)
        bought = input_beside(bought, elsewhere, skill, p[i].provider_wage, p[i].provider_cost, area)
        volunteered = given_input(
            total_hours(
                s.branch[B.LABOUR_HOURS, e],
                hours_for(p[i].community_volunteer_hours, n),
                hours_for(p[i].complete_cobuilding_hours, n),
            ),
            p[i].community_volunteer_skill,
            p[i].provider_wage,
            p[i].provider_cost,
            area,
        )
        managed = 0.0
        if kind == COMMUNITY:
            managed = given_input(
                managing_hours(s, p, i, e),
                p[i].community_manager_skill,
                p[i].provider_wage,
                p[i].provider_cost,
                area,
            )
        gifts = area_money(
            matched_gifts(p[i].lists_gifts, p[i].lists_match, p[i].lists_hours, p[i].lists_full_hours), area
        )
        post(s, e, Item.GIFTS, gifts)
        delivered = with_gifts(
            delivered_input(bought, volunteered, managed), gift_input(gifts, p[i].provider_cost, area)
        )
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
