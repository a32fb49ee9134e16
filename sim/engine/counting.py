"""Phase record: the month is counted, in integers."""

from typing import Any

import numpy as np

from agents.rules.arrears import (
    MANY,
    MEMORY_MONTHS,
    MIDDLE_MONTHS,
    YOUNG_MONTHS,
    bills_of_a_year,
    claimable,
    has_whole_year,
    number_owed,
    owes,
)
from agents.rules.case import (
    COURT,
    DEPARTMENT,
    MEDIATION,
    N_DESKS,
    PETITION,
    PROVIDER_DESK,
    SPAN,
    STREET_DESK,
    faded,
    hours_of_desks,
)
from agents.rules.case import DeskReal as D
from agents.rules.contact import hours_for, total_hours, worth_of_hours
from agents.rules.estate import EstateWhole as E
from agents.rules.estate import bills_of_estate
from agents.rules.facility import FacilityReal as K
from agents.rules.household import CALLED, HIGH_INCOME, LOW_INCOME, VACANT, VISITED
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.joint_branch import JointReal as J
from agents.rules.joint_branch import owners_at_joint_desk, part_of_joint_hours
from agents.rules.money import Item, Sector
from agents.rules.numeric import fen, millionths, thousandths
from agents.rules.owners_committee import OwnersReal as O
from agents.rules.owners_committee import OwnersWhole as ON
from agents.rules.owners_committee import carrying_hours, committee_hours, contract_works, signing_hours
from agents.rules.party_branch import BranchReal as B
from agents.rules.provider import NOBODY, area_money
from agents.rules.provider import ProviderReal as P
from agents.rules.provider import ProviderWhole as PN
from agents.rules.reporting import can_be_left_out, reported_due, reported_paid
from agents.rules.residents_assembly import AssemblyReal as A
from agents.rules.residents_committee import CommitteeReal as R
from agents.rules.residents_committee import staff_hours_used
from agents.rules.social_organization import SocialReal as G
from agents.rules.social_organization import at_work
from agents.rules.social_workers import learning_hours
from agents.rules.street_committee import StreetWhole, hours_from_above
from sim.engine import kernel
from sim.state import BILL_MEMORY, HORIZONS
from sim.totals import Total

_HORIZONS = np.array(HORIZONS)


@kernel
def record(s: Any, p: Any, i: int, month: int) -> None:
    """Count the month: cohorts of bills, debts, service, money, hours, opinions."""
    for e in range(s.estate_n.shape[1]):
        first, last = s.first[e], s.first[e + 1]
        s.record[Total.N_HOUSEHOLDS, e] = s.estate_n[E.N_HOUSEHOLDS, e]
        s.record[Total.ARREARS_YOUNG, e] = s.estate_n[E.DEBT_YOUNG, e]
        s.record[Total.ARREARS_MIDDLE, e] = s.estate_n[E.DEBT_MIDDLE, e]
        s.record[Total.ARREARS_OLD, e] = s.estate_n[E.DEBT_OLD, e]
        s.record[Total.ARREARS_LAPSED, e] = s.estate_n[E.DEBT_LAPSED, e]
        _count_bills(s, p, i, e, first, last, month)
        _count_households(s, p, i, e, first, last)
        _count_debtors(s, p, i, e, first, last, month)
        _count_opinions(s, e, first, last)
        _count_provider(s, p, i, e)
        _count_conflict(s, p, i, e, month)


@kernel
def _count_bills(s: Any, p: Any, i: int, e: int, first: int, last: int, month: int) -> None:
    """Count the bills that have just reached 3 and 12 months of age, take the unpaid ones off, and report the rest."""
    young = (month - YOUNG_MONTHS) % BILL_MEMORY
    middle = (month - MIDDLE_MONTHS) % BILL_MEMORY
    n = s.estate_n[E.N_HOUSEHOLDS, e]
    for total, slot in ((Total.DUE_3, young), (Total.DUE_12, middle)):
        due = bills_of_estate(s.estate_n[E.AREA, e], n, s.bill_rate[slot, e], s.bill_flat[slot, e])
        s.record[total, e] = due
        s.record[total + 1, e] = due
    billed = s.record[Total.DUE_3, e] > 0
    if billed:
        s.record[Total.N_DUE_3, e] = n
        s.record[Total.N_PAID_3, e] = n
    unpaid, areas = s.household_n[N.UNPAID, first:last], s.household_n[N.AREA, first:last]
    thirds, tenures = s.household_n[N.INCOME_THIRD, first:last], s.household_n[N.TENURE, first:last]
    after = p[i].firm_suit_after
    n_young, n_middle, n_go, n_low, n_high = 0, 0, 0, 0, 0
    young_area, middle_area, go_area = 0, 0, 0
    for k in range(last - first):
        owes_young, owes_middle = owes(unpaid[k], YOUNG_MONTHS), owes(unpaid[k], MIDDLE_MONTHS)
        goes = owes_young if can_be_left_out(tenures[k], unpaid[k], after) else 0
        n_young += owes_young
        young_area += owes_young * areas[k]
        n_middle += owes_middle
        middle_area += owes_middle * areas[k]
        n_go += goes
        go_area += goes * areas[k]
        n_low += owes_young if thirds[k] == LOW_INCOME else 0
        n_high += owes_young if thirds[k] == HIGH_INCOME else 0
    rate, flat = s.bill_rate[middle, e], s.bill_flat[middle, e]
    s.record[Total.PAID_12, e] -= bills_of_estate(middle_area, n_middle, rate, flat)
    rate, flat = s.bill_rate[young, e], s.bill_flat[young, e]
    s.record[Total.PAID_3, e] -= bills_of_estate(young_area, n_young, rate, flat)
    could_go = bills_of_estate(go_area, n_go, rate, flat)
    if billed:
        s.record[Total.N_PAID_3, e] -= n_young
        s.record[Total.N_DUE_3_LOW, e] = s.estate_n[E.N_LOW, e]
        s.record[Total.N_PAID_3_LOW, e] = s.estate_n[E.N_LOW, e] - n_low
        s.record[Total.N_DUE_3_HIGH, e] = s.estate_n[E.N_HIGH, e]
        s.record[Total.N_PAID_3_HIGH, e] = s.estate_n[E.N_HIGH, e] - n_high
    now = month % BILL_MEMORY
    s.record[Total.BILLED_LOW, e] = bills_of_estate(
        s.estate_n[E.AREA_LOW, e], s.estate_n[E.N_LOW, e], s.bill_rate[now, e], s.bill_flat[now, e]
    )
    s.record[Total.INCOME_LOW, e] = s.estate_n[E.INCOME_LOW, e]
    s.record[Total.REPORTED_DUE, e] = reported_due(s.record[Total.DUE_3, e], could_go, p[i].report_cleaned)
    s.record[Total.REPORTED_PAID, e] = reported_paid(
        s.record[Total.PAID_3, e], s.provider_n[PN.SUPPORT, e], p[i].report_inflated
    )


@kernel
def _count_households(s: Any, p: Any, i: int, e: int, first: int, last: int) -> None:
    """Count who paid and was served, who never paid, and who was called on."""
    paid, ever = s.household_n[N.PAID, first:last], s.household_n[N.EVER_PAID, first:last]
    contacts = s.household_n[N.CONTACT, first:last]
    n_paid = 0
    n_ever = 0
    n_called = 0
    n_visited = 0
    for k in range(last - first):
        n_paid += paid[k]
        n_ever += ever[k]
        n_called += 1 if contacts[k] & CALLED else 0
        n_visited += 1 if contacts[k] & VISITED else 0
    if s.provider_n[PN.KIND, e] != NOBODY:
        served = s.provider[P.DELIVERED, e] >= p[i].provider_contract_level
        s.record[Total.PAID_SERVED if served else Total.PAID_UNSERVED, e] = n_paid
        s.record[Total.UNPAID_SERVED if served else Total.UNPAID_UNSERVED, e] = last - first - n_paid
    s.record[Total.N_NEVER_PAID, e] = last - first - n_ever
    s.record[Total.CALLED, e] = n_called
    s.record[Total.VISITED, e] = n_visited


@kernel
def _count_debtors(s: Any, p: Any, i: int, e: int, first: int, last: int, month: int) -> None:
    """Count who owes how many bills, and who paid all or none of a year's bills that have had three months."""
    if s.provider_n[PN.KIND, e] == NOBODY:
        return
    issued = 0
    for age in range(MEMORY_MONTHS):
        then = (month - age) % BILL_MEMORY
        issued |= 1 << age if s.bill_rate[then, e] + s.bill_flat[then, e] > 0 else 0
    year = bills_of_a_year(issued)
    whole = has_whole_year(year, p[i].structure_billing_period)
    unpaid, since = s.household_n[N.UNPAID, first:last], s.provider_n[PN.SINCE, e]
    n_one, n_two, n_many = 0, 0, 0
    n_all = 0
    n_none = 0
    for k in range(last - first):
        number = number_owed(claimable(unpaid[k], since))
        n_one += 1 if number == 1 else 0
        n_two += 1 if number == 2 else 0
        n_many += 1 if number == MANY else 0
        missed = bills_of_a_year(unpaid[k])
        n_all += 1 if missed == 0 else 0
        n_none += 1 if missed == year else 0
    s.record[Total.N_CLAIMED, e] = last - first
    s.record[Total.N_OWING_1, e] = n_one
    s.record[Total.N_OWING_2, e] = n_two
    s.record[Total.N_OWING_3, e] = n_many
    if whole:
        s.record[Total.N_YEAR, e] = last - first
        s.record[Total.N_PAID_ALL, e] = n_all
        s.record[Total.N_PAID_NONE, e] = n_none


@kernel
def _count_opinions(s: Any, e: int, first: int, last: int) -> None:
    """Sum what households think, in millionths: no sum depends on its order."""
    tenures, qualities = s.household_n[N.TENURE, first:last], s.household[H.QUALITY, first:last]
    elderly = s.household_n[N.ELDERLY, first:last]
    n_observers = 0
    n_elderly = 0
    satisfaction = 0
    of_elderly = 0
    for k in range(last - first):
        at_home = 1 if tenures[k] != VACANT else 0
        seen = at_home * millionths(qualities[k])
        n_observers += at_home
        n_elderly += at_home * elderly[k]
        satisfaction += seen
        of_elderly += seen * elderly[k]
    s.record[Total.N_OBSERVERS, e] = n_observers
    s.record[Total.SATISFACTION, e] = satisfaction
    s.record[Total.N_ELDERLY, e] = n_elderly
    s.record[Total.SATISFACTION_ELDERLY, e] = of_elderly
    s.record[Total.TRUST_PROVIDER, e] = _summed(s.household[H.TRUST_PROVIDER, first:last])
    s.record[Total.TRUST_COMMITTEE, e] = _summed(s.household[H.TRUST_COMMITTEE, first:last])
    s.record[Total.TRUST_BRANCH, e] = _summed(s.household[H.TRUST_BRANCH, first:last])
    s.record[Total.BAILOUT, e] = _summed(s.household[H.BAILOUT, first:last])
    s.record[Total.BELIEF, e] = _summed(s.household[H.BELIEF, first:last])
    s.record[Total.TRUST_STREET, e] = _summed(s.household[H.TRUST_STREET, first:last])
    s.record[Total.TRUST_OWNERS, e] = _summed(s.household[H.TRUST_OWNERS, first:last])
    s.record[Total.VOICE, e] = _summed(s.household[H.VOICE, first:last])
    s.record[Total.GRIEVANCE, e] = _summed(s.household[H.GRIEVANCE, first:last])
    if at_work(s.social[G.SERVICE_HOURS, e], s.social[G.CHARITY, e], s.social[G.RIGHTS, e]):
        s.record[Total.N_TRUST_SOCIAL, e] = last - first
        s.record[Total.TRUST_SOCIAL, e] = _summed(s.household[H.TRUST_SOCIAL, first:last])


@kernel
def _summed(column: Any) -> int:
    total = 0
    for k in range(column.shape[0]):
        total += millionths(column[k])
    return total


@kernel
def _count_provider(s: Any, p: Any, i: int, e: int) -> None:
    area = s.estate_n[E.AREA, e]
    n = s.estate_n[E.N_HOUSEHOLDS, e]
    s.record[Total.STANDARD_COST, e] = area_money(p[i].provider_cost, area)
    s.record[Total.SPENT, e] = s.provider_n[PN.PAID_OUT, e]
    s.record[Total.DELIVERED, e] = millionths(s.provider[P.DELIVERED, e])
    s.record[Total.SERVICE, e] = millionths(s.facility[K.SERVICE, e])
    s.record[Total.QUALITY, e] = millionths(s.facility[K.QUALITY, e])
    s.record[Total.VISIBLE, e] = millionths(s.facility[K.VISIBLE, e])
    s.record[Total.INVISIBLE, e] = millionths(s.facility[K.INVISIBLE, e])
    s.record[Total.PROVIDER, e] = s.provider_n[PN.KIND, e]
    s.record[Total.PROVIDER_CASH, e] = s.cash[Sector.PROVIDER, e]
    s.record[Total.PUBLIC_MONEY, e] = (
        s.flow[Item.GRANT, e]
        + s.flow[Item.SUBSIDY, e]
        + s.flow[Item.LOSS_COVER, e]
        + s.flow[Item.REPAIRS_STREET, e]
        + s.flow[Item.CONTRACTS, e]
        + s.flow[Item.WORKS_STREET, e]
        + s.flow[Item.STANDARDS_UPKEEP, e]
        + s.flow[Item.POSTS, e]
        + s.flow[Item.SALARIES, e]
        + s.flow[Item.PLATFORM, e]
        + s.flow[Item.CAPACITY_BUILDING, e]
        + s.flow[Item.PROTECTION, e]
        - s.flow[Item.RETURNED, e]
    )
    s.record[Total.FEES_RETURNED, e] = s.flow[Item.FEES_RETURNED, e]
    d = e * N_DESKS
    posts = hours_for(p[i].complete_organisation_hours, n)
    own = staff_hours_used(s.desk[D.USED, d + MEDIATION], s.committee[R.MEDIATION_HOURS, e], posts)
    mediation = total_hours(own, part_of_joint_hours(s.joint[J.HOURS, e], p[i].desk_joint_cadres), 0.0)
    officials = total_hours(
        s.desk[D.USED, d + STREET_DESK], s.desk[D.USED, d + DEPARTMENT], s.desk[D.USED, d + PETITION]
    )
    street = s.estate_n[E.STREET, e]
    above = hours_from_above(
        s.branch[B.INSTRUCTOR_HOURS, e], p[i].street_inspectors, s.street_n[StreetWhole.N_ESTATES, street]
    )
    cadres = total_hours(s.committee[R.CADRE_HOURS, e], s.committee[R.MANAGED, e], mediation)
    learning = learning_hours(p[i].workers_training, p[i].workers_exchange, p[i].workers_exchange_hours)
    chasing = total_hours(p[i].checklist_hours, p[i].checklist_checks, learning)
    cadres = total_hours(cadres, above, hours_for(chasing, n))
    cadres = total_hours(cadres, s.assembly[A.MEETINGS, e], s.committee[R.DUTIES, e])
    cadres = total_hours(cadres, s.committee[R.REPORT_HOURS, e], officials)
    s.record[Total.CADRE_HOURS, e] = thousandths(cadres)
    s.record[Total.CADRE_COST, e] = fen(worth_of_hours(cadres, p[i].street_cadre_wage))
    volunteers = total_hours(
        s.branch[B.LABOUR_HOURS, e], s.branch[B.VISIT_HOURS, e], hours_for(p[i].community_volunteer_hours, n)
    )
    given = total_hours(volunteers, s.assembly[A.GIVEN, e], hours_for(p[i].complete_cobuilding_hours, n))
    at_full_effort = hours_for(p[i].owners_committee_hours, n)
    sitting = committee_hours(s.owners_n[ON.COMMITTEE, e], s.owners[O.EFFORT, e], at_full_effort)
    carried = carrying_hours(s.record[Total.VOTES, e], p[i].owners_organised, hours_for(p[i].owners_carry_hours, n))
    keys = contract_works(s.owners_n[ON.COMMITTEE, e], p[i].owners_two_keys)
    signing = signing_hours(keys, hours_for(p[i].owners_sign_hours, n))
    at_desk = owners_at_joint_desk(s.joint[J.HOURS, e], p[i].desk_joint_cadres, p[i].desk_joint_staff)
    given = total_hours(given, sitting, total_hours(carried, signing, at_desk))
    s.record[Total.VOLUNTEER_HOURS, e] = thousandths(given)
    s.record[Total.VOLUNTEER_COST, e] = fen(worth_of_hours(given, p[i].street_volunteer_wage))


@kernel
def _count_conflict(s: Any, p: Any, i: int, e: int, month: int) -> None:
    """Count what arose, how it ended within given times, what is still unsettled, and the owners' side."""
    memory = s.arisen.shape[0]
    slot = month % memory
    s.arisen[slot, e] = s.record[Total.ARISEN, e]
    s.opened[slot, e] = s.record[Total.OPENED, e]
    for k in range(_HORIZONS.shape[0]):
        then = (month - _HORIZONS[k]) % memory
        s.record[Total.ISSUES_1 + 2 * k, e] = s.arisen[then, e]
        s.record[Total.RESOLVED_1 + 2 * k, e] = s.settled_within[k, then, e]
        s.record[Total.COMPLAINTS_1 + k, e] = s.opened[then, e]
    next_slot = (month + 1) % memory
    s.arisen[next_slot, e] = 0
    s.opened[next_slot, e] = 0
    for k in range(_HORIZONS.shape[0]):
        s.settled_within[k, next_slot, e] = 0
    s.record[Total.SPARED_12, e] = s.spared[(month - SPAN) % memory, e]
    s.spared[next_slot, e] = 0
    s.estate_n[E.DROPPED, e] = faded(s.estate_n[E.DROPPED, e], p[i].household_grievance_decay)
    s.record[Total.OPEN_CASES, e] = s.estate_n[E.N_CASES, e]
    s.record[Total.UNRESOLVED, e] = s.estate_n[E.OPEN_SEVERITY, e] + s.estate_n[E.DROPPED, e]
    d = e * N_DESKS
    hours = hours_of_desks(
        s.desk[D.USED, d + PROVIDER_DESK],
        s.desk[D.USED, d + MEDIATION],
        s.desk[D.USED, d + STREET_DESK],
        s.desk[D.USED, d + DEPARTMENT],
        s.desk[D.USED, d + COURT],
        s.desk[D.USED, d + PETITION],
    )
    s.record[Total.DESK_HOURS, e] = thousandths(hours)
    s.record[Total.COMMITTEE, e] = s.owners_n[ON.COMMITTEE, e]
    s.record[Total.TURNOUT, e] = millionths(s.owners[O.TURNOUT, e])
    s.record[Total.EFFORT, e] = millionths(s.owners[O.EFFORT, e])
    s.record[Total.STATUTORY_SHORTFALL, e] = thousandths(s.committee[R.SHORTFALL, e])
    s.record[Total.ATTENTION, e] = millionths(s.branch[B.ATTENTION, e])
