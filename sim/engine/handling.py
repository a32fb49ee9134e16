"""Phase handle: desks work on their cases; patience ends; cases escalate, end, or come back."""

from typing import Any

import numpy as np

from agents.rules.arrears import AGREED, CONDEMNED, NOT_SUED
from agents.rules.case import (
    CAN_CLOSE,
    CLOSED_ON_PAPER,
    COURT,
    DEPARTMENT,
    END_OF,
    ESCALATED,
    EVENT_OF_END,
    FIRM_IS_PARTY,
    GAVE_UP,
    MEDIATION,
    N_DESKS,
    NOBODY_PAYS,
    OLD_UNIT,
    OPEN,
    OWNERS_FUND,
    PAPER,
    PETITION,
    PROVIDER_DESK,
    PURSE,
    REOPENED,
    RESOLVED,
    STREET_BUDGET,
    STREET_DESK,
    SUIT,
    WHO_PAYS,
    WITHDRAWN,
    attempt_hours,
    case_number,
    court_end,
    days_on_the_way,
    desk_hours,
    effect_on_joint,
    effect_on_own,
    escalates_chance,
    hours_enough,
    hours_open_to,
    joins_petition,
    joint_share,
    joint_skill,
    learned_voice,
    months_on_the_way,
    months_spared,
    pace_with_power,
    paper_chance,
    patience_ends,
    payable,
    petition_threshold,
    settle_chance,
    talked_over,
    trust_after_case,
    urgent,
)
from agents.rules.case import CaseReal as C
from agents.rules.case import CaseWhole as CN
from agents.rules.case import DeskReal as D
from agents.rules.case import DeskWhole as DN
from agents.rules.checklist import (
    checking_dose,
    closing_pressure,
    hours_at_pace,
    quickened,
    slowed,
    verified_with_checks,
)
from agents.rules.contact import hours_for, total_hours
from agents.rules.estate import EstateWhole as E
from agents.rules.forum import ease_of_forum
from agents.rules.household import NO_MEMBER, aggrieved, is_aggrieved, relieved
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.joint_branch import JointReal as J
from agents.rules.money import Item, Sector
from agents.rules.numeric import fen, millionths, share
from agents.rules.owners_committee import NONE as NO_COMMITTEE
from agents.rules.owners_committee import OwnersWhole as ON
from agents.rules.party_branch import BranchReal as B
from agents.rules.party_branch import hours_given, kept_from, led_by
from agents.rules.platform import PlatformReal as L
from agents.rules.platform import days_saved
from agents.rules.provider import ProviderReal as P
from agents.rules.provider import ProviderWhole as PN
from agents.rules.provider import spending_level
from agents.rules.residents_assembly import AssemblyReal as A
from agents.rules.residents_committee import CommitteeReal as R
from agents.rules.shock import possible
from agents.rules.social_organization import SocialReal as G
from agents.rules.social_organization import at_work, power_with_help
from agents.rules.social_workers import skill_with_training
from agents.rules.supervision import days_with_veto
from sim.draws import Draw, block, uniform
from sim.engine import kernel
from sim.engine.arising import drop, log
from sim.engine.posting import post
from sim.state import HORIZONS
from sim.totals import Total

_CAN_CLOSE = np.array(CAN_CLOSE)
_WHO_PAYS = np.array(WHO_PAYS)
_FIRM_IS_PARTY = np.array(FIRM_IS_PARTY)
_TRY = int(Draw.CASE_SETTLED) >> 2
_PETITIONER = int(Draw.PETITIONER)
_TRUST = np.array([int(H.TRUST_PROVIDER), int(H.TRUST_COMMITTEE), int(H.TRUST_STREET), int(H.TRUST_STREET), -1, -1])
_HORIZONS = np.array(HORIZONS)
_URGENT = 1
_ENDS = np.array(END_OF)
_EVENT_OF_END = np.array(EVENT_OF_END)


@kernel
def handle(s: Any, p: Any, i: int, month: int) -> None:
    """Every desk works through its cases, the urgent first where that is the rule, until its hours are used."""
    capacity = s.case.shape[1] // s.estate_n.shape[1]
    for e in range(s.estate_n.shape[1]):
        n = s.estate_n[E.N_CASES, e]
        first = e * capacity
        _open_desks(s, p, i, e)
        passes = 2 if p[i].case_discipline == _URGENT else 1
        for turn in range(passes):
            for c in range(first, first + n):
                if passes == 1 or urgent(s.case[C.SEVERITY, c]) == (turn == 0):
                    work_on(s, p, i, e, c, month)
        _close_books(s, p, i, e, first, n, month)


@kernel
def _open_desks(s: Any, p: Any, i: int, e: int) -> None:
    """Give each desk its hours, skill, powers and interest of this month."""
    n = s.estate_n[E.N_HOUSEHOLDS, e]
    first = e * N_DESKS
    saved = days_saved(p[i].platform_on, s.platform[L.USE, e], p[i].platform_shorter)
    for d in range(first, first + N_DESKS):
        s.desk[D.SAVED, d] = saved
        s.desk[D.USED, d] = 0.0
        s.desk[D.SKILL, d] = p[i].desk_skill
        s.desk[D.POWER, d] = 0.0
        s.desk[D.DAYS, d] = p[i].derived_days[d - first]
        s.desk[D.REPORT_HOURS, d] = p[i].derived_reports[d - first]
        s.desk[D.PATIENCE, d] = p[i].case_patience
        s.desk[D.EASE, d] = 0.0
        s.desk[D.JOINT, d] = 0.0
        s.desk_n[DN.RESOLVED, d] = 0
        s.desk_n[DN.WAITING, d] = 0
        s.desk_n[DN.HELPED, d] = 0
    rights = s.social[G.RIGHTS, e]
    s.desk[D.POWER, first + MEDIATION] = power_with_help(
        hours_given(p[i].desk_power, p[i].branch_organises, s.branch[B.ATTENTION, e]), rights, p[i].social_rights_power
    )
    s.desk[D.POWER, first + PROVIDER_DESK] = power_with_help(0.0, rights, p[i].social_rights_power)
    for d in range(first, first + N_DESKS):
        _be_chased(s, p, i, d, d - first)
    staffed = spending_level(s.provider[P.SPEND, e], p[i].provider_cost)
    s.desk[D.HOURS, first + PROVIDER_DESK] = total_hours(
        desk_hours(p[i].desk_provider_hours, n, staffed), hours_for(p[i].complete_service_hours, n), 0.0
    )
    own = s.committee[R.MEDIATION_HOURS, e]
    joint = s.joint[J.HOURS, e]
    know_how = led_by(p[i].desk_joint_skill, s.branch[B.KEY, e], p[i].branch_key_weight)
    service = s.social[G.SERVICE_HOURS, e]
    trained = skill_with_training(p[i].committee_skill, p[i].workers_gain, s.committee[R.TRAINED, e])
    skill = joint_skill(own, trained, joint, know_how)
    s.desk[D.JOINT, first + MEDIATION] = joint_share(own, joint)
    together = total_hours(own, joint, 0.0)
    s.desk[D.HOURS, first + MEDIATION] = total_hours(own, joint, service)
    s.desk[D.SKILL, first + MEDIATION] = joint_skill(together, skill, service, p[i].social_service_skill)
    s.desk[D.INTEREST, first + MEDIATION] = p[i].desk_interest
    _talk_things_over(s, p, i, e, first + MEDIATION)
    s.desk_n[DN.HELPED, first + MEDIATION] = 1 if at_work(service, 0.0, rights) else 0
    s.desk[D.HOURS, first + STREET_DESK] = desk_hours(p[i].desk_street_hours, n, 1.0)
    s.desk[D.HOURS, first + DEPARTMENT] = desk_hours(p[i].desk_department_hours, n, 1.0)
    s.desk[D.HOURS, first + COURT] = desk_hours(p[i].desk_court_hours, n, 1.0)
    s.desk[D.HOURS, first + PETITION] = desk_hours(p[i].desk_street_hours, n, 1.0)
    for d in (first + MEDIATION, first + COURT):
        s.desk[D.HOURS, d] = possible(s.desk[D.HOURS, d], p[i].shock_stop)


@kernel
def _talk_things_over(s: Any, p: Any, i: int, e: int, d: int) -> None:
    """A forum makes cases easier, or harder, and takes time; a council may hold decisions up."""
    practice = s.assembly[A.PRACTICE, e]
    gain, openness, bending = p[i].consultation_ease, p[i].consultation_openness, p[i].consultation_bending
    s.desk[D.EASE, d] = ease_of_forum(gain, openness, practice, s.assembly[A.LOUD, e], bending)
    s.desk[D.PACE, d] = slowed(s.desk[D.PACE, d], p[i].consultation_talk, practice)
    s.desk[D.DAYS, d] = days_with_veto(s.desk[D.DAYS, d], p[i].core_veto_days, s.assembly[A.COUNCIL, e])


@kernel
def _be_chased(s: Any, p: Any, i: int, d: int, level: int) -> None:
    """A desk feels those above: a list followed up makes it work faster, and report more as closed; not the court."""
    pace, pressure, verified = 1.0, p[i].desk_closure_pressure, p[i].desk_verification
    if level != COURT:
        dose = checking_dose(p[i].checklist_hours, p[i].checklist_full_hours)
        pace = quickened(dose, p[i].checklist_speedup)
        pressure = closing_pressure(pressure, p[i].checklist_pressure, dose, p[i].tiers_quota, p[i].tiers_layers)
        verified = verified_with_checks(verified, checking_dose(p[i].checklist_checks, p[i].checklist_full_hours))
    s.desk[D.PACE, d] = pace_with_power(pace, s.desk[D.POWER, d], p[i].case_summons, p[i].case_summons_hours)
    s.desk[D.PAPER, d] = paper_chance(p[i].case_paper_base, pressure, p[i].case_paper_pressure, verified)


@kernel
def work_on(s: Any, p: Any, i: int, e: int, c: int, month: int) -> None:
    """One month of one case: an attempt if hours and money allow, else waiting; then perhaps patience ends."""
    j = s.case_n[CN.HOUSEHOLD, c]
    ordinal = case_number(s.case_n[CN.ARISEN, c], s.case_n[CN.KIND, c])
    u_settled, u_paper, u_patience, u_further = block(
        s.key[0], _TRY, month, s.estate_n[E.ID, e], s.household_n[N.ID, j], ordinal
    )
    how_severe = s.case[C.SEVERITY, c]
    if s.case_n[CN.STATUS, c] == PAPER:
        if u_paper < p[i].case_reopen:
            s.case_n[CN.STATUS, c] = OPEN
            s.case_n[CN.REOPENED, c] += 1
            s.record[Total.REOPENED, e] += 1
            _move_trust(s, p, i, e, j, s.case_n[CN.DESK, c], 0.0)
            log(s, e, c, REOPENED, month)
        return
    s.household[H.GRIEVANCE, j] = aggrieved(
        s.household[H.GRIEVANCE, j], p[i].case_grievance_waiting, how_severe, p[i].case_grievance_most
    )
    if s.case_n[CN.ARRIVES, c] > month:
        return
    desk = s.case_n[CN.DESK, c]
    what = s.case_n[CN.KIND, c]
    d = e * N_DESKS + desk
    s.desk_n[DN.WAITING, d] += 1
    needed = hours_at_pace(attempt_hours(p[i].derived_hours[what], s.desk[D.REPORT_HOURS, d]), s.desk[D.PACE, d])
    hours = s.desk[D.HOURS, d]
    if desk == MEDIATION:
        kept = kept_from(s.household_n[N.MEMBER, j], p[i].branch_favours, s.branch[B.ATTENTION, e])
        hours = hours_open_to(hours, kept)
    if hours_enough(hours, s.desk[D.USED, d], needed):
        if _money_there(s, p, i, e, c, what, desk):
            s.desk[D.USED, d] += needed
            chance = settle_chance(
                _base(p, i, desk),
                s.desk[D.SKILL, d],
                p[i].case_skill_weight,
                talked_over(p[i].derived_difficulty[what], s.desk[D.EASE, d]),
                p[i].case_difficulty_weight,
                s.desk[D.INTEREST, d],
                p[i].case_interest_weight,
                _FIRM_IS_PARTY[what],
            )
            if u_settled < chance:
                _settle(s, p, i, e, c, what, desk, month, u_paper)
                return
            if what != SUIT and u_paper < s.desk[D.PAPER, d]:
                s.case_n[CN.STATUS, c] = PAPER
                s.record[Total.CLOSED_ON_PAPER, e] += 1
                log(s, e, c, CLOSED_ON_PAPER, month)
                return
        else:
            s.desk[D.USED, d] += p[i].case_visit_hours
    if what != SUIT and u_patience < patience_ends(s.desk[D.PATIENCE, d]):
        further = escalates_chance(
            p[i].case_escalate_base,
            s.household[H.VOICE, j],
            p[i].case_escalate_voice,
            how_severe,
            p[i].case_escalate_severity,
        )
        higher = -1
        if u_further < further:
            higher = _next_desk(s, p, i, j, what, desk)
        if higher >= 0:
            s.case_n[CN.DESK, c] = higher
            s.case_n[CN.TOP, c] = higher
            to = e * N_DESKS + higher
            days = days_on_the_way(s.desk[D.DAYS, to], s.desk[D.SAVED, to], s.household_n[N.DIGITAL, j])
            s.case_n[CN.ARRIVES, c] = month + 1 + months_on_the_way(days)
            s.record[Total.ESCALATED, e] += 1
            s.record[Total.PETITIONS, e] += 1 if higher == PETITION else 0
            log(s, e, c, ESCALATED, month)
        else:
            s.case_n[CN.STATUS, c] = WITHDRAWN
            s.household[H.VOICE, j] = learned_voice(s.household[H.VOICE, j], 0.0, p[i].case_voice_speed)
            log(s, e, c, GAVE_UP, month)


@kernel
def _base(p: Any, i: int, desk: int) -> float:
    """Return the desk's readiness to settle, logit."""
    if desk == PROVIDER_DESK:
        return float(p[i].case_provider_base)
    if desk == MEDIATION:
        return float(p[i].case_mediation_base)
    if desk == STREET_DESK:
        return float(p[i].case_street_base)
    if desk == DEPARTMENT:
        return float(p[i].case_department_base)
    if desk == COURT:
        return float(p[i].case_court_base)
    return float(p[i].case_petition_base)


@kernel
def _next_desk(s: Any, p: Any, i: int, j: int, what: int, desk: int) -> int:
    """Return the next higher desk that can close the case; together with aggrieved neighbours a petition; or -1."""
    for higher in range(desk + 1, PETITION):
        if _CAN_CLOSE[what, higher] == 1:
            return higher
    if desk < PETITION and _CAN_CLOSE[what, PETITION] == 1:
        n_aggrieved = 0
        start, end = s.tie_start[j], s.tie_start[j + 1]
        for t in range(start, end):
            n_aggrieved += 1 if is_aggrieved(s.household[H.GRIEVANCE, s.tie[t]], p[i].case_aggrieved) else 0
        e = s.household_n[N.ESTATE, j]
        u = uniform(s.key[0], _PETITIONER, 0, s.estate_n[E.ID, e], s.household_n[N.ID, j], 0)
        threshold = petition_threshold(p[i].case_petition_threshold, p[i].case_petition_spread, u)
        if joins_petition(share(n_aggrieved, end - start), threshold):
            return PETITION
    return -1


@kernel
def _payer(s: Any, e: int, what: int, desk: int) -> int:
    """Return who pays for a settlement; without an owners' fund the provider's purse does."""
    who = _WHO_PAYS[what, desk]
    if who == OWNERS_FUND and s.cash[Sector.OWNERS, e] <= 0:
        return PURSE
    return int(who)


@kernel
def _money_there(s: Any, p: Any, i: int, e: int, c: int, what: int, desk: int) -> bool:
    """Say whether whoever must pay for this case can."""
    cost = fen(s.case[C.COST, c])
    who = _payer(s, e, what, desk)
    if cost == 0 or who == NOBODY_PAYS:
        return True
    if who == PURSE:
        return bool(s.provider_n[PN.PURSE, e] >= cost)
    if who == OWNERS_FUND:
        return bool(s.cash[Sector.OWNERS, e] >= cost)
    if who == STREET_BUDGET:
        return bool(s.estate_n[E.REPAIR_BUDGET, e] >= cost)
    return payable(s.case[C.COST, c])


@kernel
def _settle(s: Any, p: Any, i: int, e: int, c: int, what: int, desk: int, month: int, u: float) -> None:
    """A case is really settled: money flows, grievance is relieved, trust moves; u : how a court ends it."""
    j = s.case_n[CN.HOUSEHOLD, c]
    cost = fen(s.case[C.COST, c])
    who = _payer(s, e, what, desk)
    if cost > 0 and who == PURSE:
        s.provider_n[PN.PURSE, e] -= cost
        post(s, e, Item.REPAIRS_PROVIDER, cost)
    elif cost > 0 and who == OWNERS_FUND:
        post(s, e, Item.REPAIRS_OWNERS, cost)
    elif cost > 0 and who == STREET_BUDGET:
        s.estate_n[E.REPAIR_BUDGET, e] -= cost
        post(s, e, Item.REPAIRS_STREET, cost)
    elif cost > 0 and who == OLD_UNIT:
        post(s, e, Item.REPAIRS_OLD_UNIT, cost)
    s.desk_n[DN.RESOLVED, e * N_DESKS + desk] += 1
    end = court_end(u, what, p[i].case_court_mediated, p[i].case_suit_withdrawn)
    s.case_n[CN.STATUS, c] = end if desk == COURT else RESOLVED
    if what == SUIT:
        s.household_n[N.SUED, j] = AGREED if end == RESOLVED else (NOT_SUED if end == WITHDRAWN else CONDEMNED)
    else:
        s.household[H.GRIEVANCE, j] = relieved(s.household[H.GRIEVANCE, j], p[i].case_relief, s.case[C.SEVERITY, c])
        _move_trust(s, p, i, e, j, desk, 1.0)
        s.household[H.VOICE, j] = learned_voice(s.household[H.VOICE, j], 1.0, p[i].case_voice_speed)
    log(s, e, c, _EVENT_OF_END[s.case_n[CN.STATUS, c]], month)


@kernel
def _move_trust(s: Any, p: Any, i: int, e: int, j: int, desk: int, outcome: float) -> None:
    """Move household j's trust in the body behind a desk after its own case (1 settled, 0 deceived)."""
    column = _TRUST[desk]
    joint = s.desk[D.JOINT, e * N_DESKS + desk]
    if column >= 0:
        s.household[column, j] = trust_after_case(
            s.household[column, j], outcome, effect_on_own(p[i].case_trust_effect, joint)
        )
    if joint > 0.0:
        s.household[H.TRUST_BRANCH, j] = trust_after_case(
            s.household[H.TRUST_BRANCH, j], outcome, effect_on_joint(p[i].case_trust_effect, joint)
        )
    if desk == MEDIATION and s.owners_n[ON.COMMITTEE, e] != NO_COMMITTEE:
        s.household[H.TRUST_OWNERS, j] = trust_after_case(
            s.household[H.TRUST_OWNERS, j], outcome, p[i].case_trust_effect
        )
    if s.desk_n[DN.HELPED, e * N_DESKS + desk] == 1:
        s.household[H.TRUST_SOCIAL, j] = trust_after_case(
            s.household[H.TRUST_SOCIAL, j], outcome, p[i].case_trust_effect
        )


@kernel
def _close_books(s: Any, p: Any, i: int, e: int, first: int, n: int, month: int) -> None:
    """Count how cases ended this month and keep only those that go on, in order."""
    kept = first
    severity = 0
    seen = month % s.endings.shape[1]
    s.endings[0, seen, e] = 0
    s.endings[1, seen, e] = 0
    for c in range(first, first + n):
        status = s.case_n[CN.STATUS, c]
        what = s.case_n[CN.KIND, c]
        age = month - s.case_n[CN.ARISEN, c]
        if status == OPEN or status == PAPER:
            if what != SUIT:
                severity += millionths(s.case[C.SEVERITY, c])
            if kept != c:
                s.case[:, kept] = s.case[:, c]
                s.case_n[:, kept] = s.case_n[:, c]
            kept += 1
            continue
        if what == SUIT:
            s.record[Total.SUITS_ENDED, e] += 1
            s.record[Total.SUITS_MEDIATED, e] += 1 if status == RESOLVED else 0
            s.record[Total.SUITS_WITHDRAWN, e] += 1 if status == WITHDRAWN else 0
            continue
        end = _ENDS[status]
        s.record[Total.LUMPED + end, e] += 1
        s.endings[1, seen, e] += 1
        s.record[Total.ENDED_ABOVE, e] += 1 if s.case_n[CN.TOP, c] > MEDIATION else 0
        if s.case_n[CN.ARISEN, c] >= 0:
            s.life[end, min(age, s.life.shape[1] - 1)] += 1
        if status == WITHDRAWN:
            drop(s, e, s.case[C.SEVERITY, c])
        if status == RESOLVED:
            s.endings[0, seen, e] += 1
            member = s.household_n[N.MEMBER, s.case_n[CN.HOUSEHOLD, c]]
            s.record[Total.RESOLVED_MEMBERS, e] += 1 if member != NO_MEMBER else 0
            for k in range(s.settled_within.shape[0]):
                if age <= _HORIZONS[k]:
                    s.settled_within[k, s.case_n[CN.ARISEN, c] % s.settled_within.shape[1], e] += 1
            s.spared[s.case_n[CN.ARISEN, c] % s.spared.shape[0], e] += months_spared(age)
    s.estate_n[E.N_CASES, e] = kept - first
    s.estate_n[E.OPEN_SEVERITY, e] = severity
