"""Phase arise: things happen to households, who lump them or open a case; the firm sues for old debts."""

from typing import Any

import numpy as np

from agents.rules.arrears import NOT_SUED, SUED, claimable, with_old_debt
from agents.rules.case import (
    CAN_CLOSE,
    COURT,
    N_DESKS,
    OPEN,
    OPENED,
    PROVIDER_DESK,
    SUIT,
    chance_by_level,
    chance_of_debtor,
    chance_while,
    days_on_the_way,
    fault_hazards_sum,
    fault_kind,
    money_needed,
    months_on_the_way,
    place_in_queue,
    severity,
    speaks_up_chance,
)
from agents.rules.case import CaseReal as C
from agents.rules.case import CaseWhole as CN
from agents.rules.case import DeskReal as D
from agents.rules.estate import EstateWhole as E
from agents.rules.facility import FacilityReal as K
from agents.rules.household import NO_MEMBER, NOTIFIED, VACANT, aggrieved
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.money import Item
from agents.rules.numeric import fen, millionths, thousandths
from agents.rules.owners_committee import padded_cost
from agents.rules.party_branch import captured_officers
from agents.rules.platform import PlatformReal as L
from agents.rules.platform import one_click, readiness_by_click
from agents.rules.provider import FIRM, NOBODY, may_sue, newly_handed_over, of_community
from agents.rules.provider import ProviderReal as P
from agents.rules.provider import ProviderWhole as PN
from agents.rules.social_organization import SocialReal as G
from agents.rules.social_organization import readiness_with_help
from sim.draws import Draw, block, draw_row, uniform
from sim.engine import kernel
from sim.engine.posting import post
from sim.totals import Total

_CAN_CLOSE = np.array(CAN_CLOSE)
_CASE = int(Draw.CASE_KIND) >> 2
_SUIT = int(Draw.SUIT)
_QUEUE = int(Draw.CASE_QUEUE)


@kernel
def arise(s: Any, p: Any, i: int, month: int) -> None:
    """Faults and disputes reach households; who speaks up opens a case; firms sue."""
    for e in range(s.estate_n.shape[1]):
        kind = s.provider_n[PN.KIND, e]
        fresh = newly_handed_over(s.provider_n[PN.SINCE, e], s.provider_n[PN.CHANGES, e])
        service = chance_by_level(p[i].case_service, s.facility[K.SERVICE, e])
        facility = chance_by_level(p[i].case_facility, s.facility[K.INVISIBLE, e])
        common = chance_by_level(p[i].case_common, s.provider[P.OPEN_BOOKS, e])
        handover = chance_while(p[i].case_handover, fresh)
        building = s.estate_n[E.WORKS_LEFT, e] > 0
        renovation = chance_while(p[i].case_renovation, building)
        legacy = chance_by_level(p[i].case_legacy, s.facility[K.LEGACY_CLEARED, e])
        if building:
            disturb(s, p, i, e)
        readiness = readiness_with_help(p[i].case_speak_base, s.social[G.RIGHTS, e], p[i].social_rights_voice)
        contract = int(of_community(s.provider_n[PN.WANTED, e], p[i].custody_contract, p[i].station_contract))
        suing = may_sue(kind, contract) and p[i].firm_suits > 0.0
        captured = captured_officers(p[i].branch_cross_posts, p[i].officers_capture) if kind == FIRM else 0.0
        price = padded_cost(p[i].case_repair_price, captured, p[i].officers_padding)
        before = s.estate_n[E.N_CASES, e]
        for j in range(s.first[e], s.first[e + 1]):
            unpaid = s.household_n[N.UNPAID, j]
            account = chance_of_debtor(p[i].case_account, s.household[H.TRUST_PROVIDER, j], unpaid)
            chance = fault_hazards_sum(
                service,
                facility,
                common,
                p[i].case_structure,
                p[i].case_neighbour,
                account,
                handover,
                renovation,
                legacy,
            )
            if s.household[H.CHANCE_FAULT, j] < chance and s.household_n[N.TENURE, j] != VACANT:
                u_kind, u_severity, u_voice, u_money = block(
                    s.key[0], _CASE, month, s.estate_n[E.ID, e], s.household_n[N.ID, j], 0
                )
                what = fault_kind(
                    u_kind,
                    service,
                    facility,
                    common,
                    p[i].case_structure,
                    p[i].case_neighbour,
                    account,
                    handover,
                    renovation,
                    legacy,
                )
                how_severe = severity(u_severity, p[i].case_severity_spread)
                s.record[Total.ARISEN, e] += 1
                s.household[H.GRIEVANCE, j] = aggrieved(
                    s.household[H.GRIEVANCE, j], p[i].case_grievance, how_severe, p[i].case_grievance_most
                )
                click = one_click(p[i].platform_on, s.platform[L.USE, e], s.household_n[N.DIGITAL, j])
                speaks = speaks_up_chance(
                    readiness_by_click(readiness, click, p[i].platform_cheaper),
                    s.household[H.VOICE, j],
                    p[i].case_speak_voice,
                    how_severe,
                    p[i].case_speak_severity,
                )
                desk = first_desk(what, kind)
                if u_voice < speaks and desk >= 0:
                    money = money_needed(
                        p[i].derived_money[what], price, how_severe, u_money, what, p[i].street_old_unit_pays
                    )
                    d = e * N_DESKS + desk
                    days = days_on_the_way(s.desk[D.DAYS, d], s.desk[D.SAVED, d], s.household_n[N.DIGITAL, j])
                    open_case(s, e, j, what, desk, how_severe, money, month, days)
                    s.record[Total.OPENED, e] += 1
                    s.record[Total.OPENED_MEMBERS, e] += 1 if s.household_n[N.MEMBER, j] != NO_MEMBER else 0
                else:
                    drop(s, e, how_severe)
                    s.record[Total.LUMPED, e] += 1
                    s.life[0, 0] += 1 if month >= 0 else 0
        if suing:
            _sue(s, p, i, e, month)
        queue_up(s, e, before, month)


@kernel
def _sue(s: Any, p: Any, i: int, e: int, month: int) -> None:
    """The firm takes some of those to court who owe it an old bill."""
    first, last = s.first[e], s.first[e + 1]
    lots = draw_row(s.key[0], _SUIT, month, s.estate_n[E.ID, e], s.household_n[N.ID, first:last])
    unpaid, since = s.household_n[N.UNPAID, first:last], s.provider_n[PN.SINCE, e]
    suits, after = p[i].firm_suits, p[i].firm_suit_after
    for k in range(last - first):
        if lots[k] >= suits or not with_old_debt(claimable(unpaid[k], since), after):
            continue
        j = first + k
        if s.household_n[N.SUED, j] == NOT_SUED:
            open_case(s, e, j, SUIT, COURT, 1.0, 0.0, month, s.desk[D.DAYS, e * N_DESKS + COURT])
            s.household_n[N.SUED, j] = SUED
            s.household_n[N.CONTACT, j] |= NOTIFIED
            s.record[Total.SUITS, e] += 1
            post(s, e, Item.COURT_FEES, fen(p[i].case_court_fee))


@kernel
def disturb(s: Any, p: Any, i: int, e: int) -> None:
    """Building works annoy whoever lives there."""
    for j in range(s.first[e], s.first[e + 1]):
        if s.household_n[N.TENURE, j] != VACANT:
            s.household[H.GRIEVANCE, j] = aggrieved(
                s.household[H.GRIEVANCE, j], p[i].renovation_disruption, 1.0, p[i].case_grievance_most
            )


@kernel
def queue_up(s: Any, e: int, before: int, month: int) -> None:
    """Put the new cases, those behind the first `before`, into the order of a draw, and number them."""
    n = s.estate_n[E.N_CASES, e] - before
    if n == 0:
        return
    first = e * (s.case.shape[1] // s.estate_n.shape[1]) + before
    place = np.empty(n, np.int64)
    for k in range(n):
        household = s.household_n[N.ID, s.case_n[CN.HOUSEHOLD, first + k]]
        u = uniform(s.key[0], _QUEUE, month, s.estate_n[E.ID, e], household, 0)
        place[k] = place_in_queue(u, household, s.case_n[CN.KIND, first + k])
    order = np.argsort(place)
    real = s.case[:, first : first + n].copy()
    whole = s.case_n[:, first : first + n].copy()
    for k in range(n):
        s.case[:, first + k] = real[:, order[k]]
        s.case_n[:, first + k] = whole[:, order[k]]
        s.estate_n[E.NEXT_CASE, e] += 1
        s.case_n[CN.ID, first + k] = s.estate_n[E.NEXT_CASE, e]
        log(s, e, first + k, OPENED, month)


@kernel
def first_desk(what: int, provider: int) -> int:
    """Return the lowest desk that can close this kind of case, -1 if there is none; no provider has no desk."""
    for desk in range(PROVIDER_DESK, N_DESKS - 1):
        if _CAN_CLOSE[what, desk] == 1 and not (desk == PROVIDER_DESK and provider == NOBODY):
            return desk
    return -1


@kernel
def drop(s: Any, e: int, how_severe: float) -> None:
    """Keep count of severity that was lumped or withdrawn: it fades, it is not settled."""
    s.estate_n[E.DROPPED, e] += millionths(how_severe)


@kernel
def open_case(
    s: Any, e: int, j: int, what: int, desk: int, how_severe: float, money: float, month: int, days: float
) -> None:
    """Open a case of household j at a desk so many days away; say so where the estate's list is full."""
    capacity = s.case.shape[1] // s.estate_n.shape[1]
    n = s.estate_n[E.N_CASES, e]
    if n >= capacity:
        s.estate_n[E.OVERFLOW, e] = 1
        return
    c = e * capacity + n
    s.estate_n[E.N_CASES, e] = n + 1
    s.case[C.SEVERITY, c] = how_severe
    s.case[C.COST, c] = money
    s.case_n[CN.HOUSEHOLD, c] = j
    s.case_n[CN.KIND, c] = what
    s.case_n[CN.DESK, c] = desk
    s.case_n[CN.TOP, c] = desk
    s.case_n[CN.STATUS, c] = OPEN
    s.case_n[CN.ARISEN, c] = month
    s.case_n[CN.ARRIVES, c] = month + months_on_the_way(days)
    s.case_n[CN.REOPENED, c] = 0


@kernel
def log(s: Any, e: int, c: int, event: int, month: int) -> None:
    """Write one line of the cases' history, where a history is kept."""
    n = s.log_n[0]
    if s.log.shape[0] == 0:
        return
    if n >= s.log.shape[0]:
        s.estate_n[E.OVERFLOW, e] = 1
        return
    s.log_n[0] = n + 1
    line = s.log[n]
    values = (
        month,
        s.estate_n[E.ID, e],
        s.case_n[CN.ID, c],
        s.household_n[N.ID, s.case_n[CN.HOUSEHOLD, c]],
        s.case_n[CN.KIND, c],
        event,
        s.case_n[CN.DESK, c],
        thousandths(s.case[C.SEVERITY, c]),
    )
    for field in range(len(values)):
        line[field] = values[field]
