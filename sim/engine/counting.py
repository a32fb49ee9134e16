"""Phase record: the month is counted, in integers."""

from typing import Any

import numpy as np

from agents.rules.case import (
    COURT,
    DEPARTMENT,
    MEDIATION,
    N_DESKS,
    PETITION,
    PROVIDER_DESK,
    STREET_DESK,
    faded,
    hours_of_desks,
)
from agents.rules.case import DeskReal as D
from agents.rules.contact import hours_for, total_hours
from agents.rules.estate import EstateWhole as E
from agents.rules.estate import bills_of_estate
from agents.rules.facility import FacilityReal as K
from agents.rules.household import CALLED, MIDDLE_MONTHS, VACANT, VISITED, YOUNG_MONTHS, bill_of, owes
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.money import Item, Sector
from agents.rules.numeric import millionths, thousandths
from agents.rules.owners_committee import OwnersReal as O
from agents.rules.owners_committee import OwnersWhole as ON
from agents.rules.party_branch import BranchReal as B
from agents.rules.provider import COMMUNITY, NOBODY, area_money
from agents.rules.provider import ProviderReal as P
from agents.rules.provider import ProviderWhole as PN
from agents.rules.residents_committee import CommitteeReal as R
from agents.rules.street_committee import StreetWhole, hours_from_above
from sim.engine import kernel
from sim.state import BILL_MEMORY, HORIZONS
from sim.totals import Total

_HORIZONS = np.array(HORIZONS)


@kernel
def record(s: Any, p: Any, i: int, month: int) -> None:
    """Count the month: cohorts of bills, debts, service, money, hours, opinions."""
    young = (month - YOUNG_MONTHS) % BILL_MEMORY
    middle = (month - MIDDLE_MONTHS) % BILL_MEMORY
    for e in range(s.estate_n.shape[1]):
        n = s.estate_n[E.N_HOUSEHOLDS, e]
        area = s.estate_n[E.AREA, e]
        s.record[Total.N_HOUSEHOLDS, e] = n
        for total, slot in ((Total.DUE_3, young), (Total.DUE_12, middle)):
            due = bills_of_estate(area, n, s.bill_rate[slot, e], s.bill_flat[slot, e])
            s.record[total, e] = due
            s.record[total + 1, e] = due
        s.record[Total.ARREARS_YOUNG, e] = s.estate_n[E.DEBT_YOUNG, e]
        s.record[Total.ARREARS_MIDDLE, e] = s.estate_n[E.DEBT_MIDDLE, e]
        s.record[Total.ARREARS_OLD, e] = s.estate_n[E.DEBT_OLD, e]
        if s.record[Total.DUE_3, e] > 0:
            s.record[Total.N_DUE_3, e] = n
            s.record[Total.N_PAID_3, e] = n
        served = s.provider[P.DELIVERED, e] >= p[i].provider_contract_level
        provided = s.provider_n[PN.KIND, e] != NOBODY
        for j in range(s.first[e], s.first[e + 1]):
            unpaid = s.household_n[N.UNPAID, j]
            if unpaid != 0:
                area = s.household_n[N.AREA, j]
                if owes(unpaid, YOUNG_MONTHS) and s.record[Total.N_DUE_3, e] > 0:
                    s.record[Total.PAID_3, e] -= bill_of(area, s.bill_rate[young, e], s.bill_flat[young, e])
                    s.record[Total.N_PAID_3, e] -= 1
                if owes(unpaid, MIDDLE_MONTHS):
                    s.record[Total.PAID_12, e] -= bill_of(area, s.bill_rate[middle, e], s.bill_flat[middle, e])
            if provided:
                if s.household_n[N.PAID, j] == 1:
                    s.record[Total.PAID_SERVED if served else Total.PAID_UNSERVED, e] += 1
                else:
                    s.record[Total.UNPAID_SERVED if served else Total.UNPAID_UNSERVED, e] += 1
            s.record[Total.N_NEVER_PAID, e] += 1 - s.household_n[N.EVER_PAID, j]
            contact = s.household_n[N.CONTACT, j]
            s.record[Total.CALLED, e] += 1 if contact & CALLED else 0
            s.record[Total.VISITED, e] += 1 if contact & VISITED else 0
            if s.household_n[N.TENURE, j] != VACANT:
                s.record[Total.N_OBSERVERS, e] += 1
                s.record[Total.SATISFACTION, e] += millionths(s.household[H.QUALITY, j])
            s.record[Total.TRUST_PROVIDER, e] += millionths(s.household[H.TRUST_PROVIDER, j])
            s.record[Total.TRUST_COMMITTEE, e] += millionths(s.household[H.TRUST_COMMITTEE, j])
            s.record[Total.TRUST_BRANCH, e] += millionths(s.household[H.TRUST_BRANCH, j])
            s.record[Total.BAILOUT, e] += millionths(s.household[H.BAILOUT, j])
            s.record[Total.BELIEF, e] += millionths(s.household[H.BELIEF, j])
            s.record[Total.TRUST_STREET, e] += millionths(s.household[H.TRUST_STREET, j])
            s.record[Total.TRUST_OWNERS, e] += millionths(s.household[H.TRUST_OWNERS, j])
            s.record[Total.VOICE, e] += millionths(s.household[H.VOICE, j])
            s.record[Total.GRIEVANCE, e] += millionths(s.household[H.GRIEVANCE, j])
        _count_provider(s, p, i, e)
        _count_conflict(s, p, i, e, month)


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
        - s.flow[Item.RETURNED, e]
    )
    managers = hours_for(p[i].community_manager_hours, n) if s.provider_n[PN.KIND, e] == COMMUNITY else 0.0
    mediation = s.desk[D.USED, e * N_DESKS + MEDIATION]
    street = s.estate_n[E.STREET, e]
    n_estates = s.street_n[StreetWhole.LAST, street] - s.street_n[StreetWhole.FIRST, street]
    above = hours_from_above(p[i].branch_instructor, p[i].street_inspectors, n_estates)
    cadres = total_hours(hours_for(p[i].contact_cadre_hours, n), managers, mediation)
    s.record[Total.CADRE_HOURS, e] = thousandths(total_hours(cadres, above, 0.0))
    volunteers = total_hours(
        s.branch[B.LABOUR_HOURS, e], s.branch[B.VISIT_HOURS, e], hours_for(p[i].community_volunteer_hours, n)
    )
    s.record[Total.VOLUNTEER_HOURS, e] = thousandths(volunteers)


@kernel
def _count_conflict(s: Any, p: Any, i: int, e: int, month: int) -> None:
    """Count what arose, how it ended within given times, what is still unsettled, and the owners' side."""
    memory = s.arisen.shape[0]
    slot = month % memory
    s.arisen[slot, e] = s.record[Total.ARISEN, e]
    for k in range(_HORIZONS.shape[0]):
        then = (month - _HORIZONS[k]) % memory
        s.record[Total.ISSUES_1 + 2 * k, e] = s.arisen[then, e]
        s.record[Total.RESOLVED_1 + 2 * k, e] = s.settled_within[k, then, e]
    next_slot = (month + 1) % memory
    s.arisen[next_slot, e] = 0
    for k in range(_HORIZONS.shape[0]):
        s.settled_within[k, next_slot, e] = 0
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
