"""Phase record of the agent engine: the month is counted, estate by estate, in whole numbers."""

from typing import Any

from agents.calling import call_rules_directly
from agents.case import Case
from agents.estate import Estate
from agents.rules.arrears import (
    MEMORY_MONTHS,
    MIDDLE_MONTHS,
    YOUNG_MONTHS,
    bill_of,
    bills_of_a_year,
    claimable,
    has_whole_year,
    number_owed,
    owes,
)
from agents.rules.case import (
    DEPARTMENT,
    END_OF,
    MEDIATION,
    PETITION,
    RESOLVED,
    SPAN,
    STREET_DESK,
    SUIT,
    WITHDRAWN,
    faded,
    hours_of_desks,
    months_spared,
)
from agents.rules.contact import hours_for, total_hours, worth_of_hours
from agents.rules.estate import bills_of_estate
from agents.rules.household import CALLED, HIGH_INCOME, LOW_INCOME, NO_MEMBER, VACANT, VISITED, VOLUNTARY
from agents.rules.joint_branch import owners_at_joint_desk, part_of_joint_hours
from agents.rules.money import Item
from agents.rules.numeric import fen, millionths, thousandths
from agents.rules.owners_committee import carrying_hours, committee_hours
from agents.rules.provider import NOBODY, area_money
from agents.rules.reporting import can_be_left_out, reported_due, reported_paid
from agents.rules.residents_committee import staff_hours_used
from agents.rules.social_organization import at_work
from agents.rules.social_workers import learning_hours
from agents.rules.street_committee import hours_from_above
from agents.view import View
from sim.state import HORIZONS, State
from sim.totals import Total

call_rules_directly(globals())

_BILLED, _N_BILLED, _FEES = int(Total.BILLED), int(Total.N_BILLED), int(Total.FEES)
_FIRST_KIND = int(Total.N_VOLUNTARY) - VOLUNTARY
_LUMPED = 0


class Tally(View, whole=("record", Total)):
    """The counts of one estate and month: every `Total` as an attribute."""

    def __init__(self, state: State, unit: int, model: Any) -> None:
        """Count for estate number `unit` of a state."""
        self.show(state, unit)
        self.state = state
        self.unit = unit
        self.model = model

    def bill_answered(self, bill: int, kind: int, paid: int) -> None:
        """Count a decision on this month's bill (fen)."""
        counts = self._whole
        counts[_BILLED] += bill
        counts[_N_BILLED] += 1
        counts[_FIRST_KIND + kind] += 1
        if paid == 1:
            counts[_FEES] += bill

    def issue_lumped(self) -> None:
        """Count an issue that ended at once because nobody complained."""
        self.lumped += 1
        if self.model.month >= 0:
            self.state.life[_LUMPED, 0] += 1

    def case_ended(self, case: Case) -> None:
        """Count how a case ended, at which age; a suit for arrears apart."""
        if case.kind == SUIT:
            self.suits_ended += 1
            self.suits_mediated += case.status == RESOLVED
            self.suits_withdrawn += case.status == WITHDRAWN
            return
        state, end, age, arisen = self.state, END_OF[case.status], case.age(), case.arisen
        self._whole[Total.LUMPED + end] += 1
        if case.top > MEDIATION:
            self.ended_above += 1
        if arisen >= 0:
            state.life[end, min(age, state.life.shape[1] - 1)] += 1
        if case.status == RESOLVED:
            if case.claimant().member != NO_MEMBER:
                self.resolved_members += 1
            for k, horizon in enumerate(HORIZONS):
                if age <= horizon:
                    state.settled_within[k, arisen % state.settled_within.shape[1], self.unit] += 1
            state.spared[arisen % len(state.spared), self.unit] += months_spared(age)


def count_month(estate: Estate) -> None:
    """Count cohorts of bills, debts, service, money, hours and opinions of an estate."""
    tally, month = estate.tally, estate.model.month
    tally.n_households = estate.n_households
    young = bills_of_estate(estate.area, estate.n_households, *estate.bills_of(month - YOUNG_MONTHS))
    middle = bills_of_estate(estate.area, estate.n_households, *estate.bills_of(month - MIDDLE_MONTHS))
    tally.due_3 = tally.paid_3 = young
    tally.due_12 = tally.paid_12 = middle
    if young > 0:
        tally.n_due_3 = tally.n_paid_3 = estate.n_households
    tally.arrears_young = estate.debt_young
    tally.arrears_middle = estate.debt_middle
    tally.arrears_old = estate.debt_old
    tally.arrears_lapsed = estate.debt_lapsed
    _count_bills(estate)
    _count_households(estate)
    _count_debtors(estate)
    _count_opinions(estate)
    _count_service(estate)
    _count_conflict(estate)
    _count_owners(estate)


def _count_bills(estate: Estate) -> None:
    """Take unpaid bills off the cohorts that have just reached 3 and 12 months of age, and report the rest."""
    tally, p, month = estate.tally, estate.model.p, estate.model.month
    billed = tally.n_due_3 > 0
    unpaid_by_third = [0, 0, 0]
    could_go = 0
    young, middle = estate.bills_of(month - YOUNG_MONTHS), estate.bills_of(month - MIDDLE_MONTHS)
    for household in estate.households:
        unpaid = household.unpaid
        if unpaid == 0:
            continue
        if billed and owes(unpaid, YOUNG_MONTHS):
            bill = bill_of(household.area, *young)
            tally.paid_3 -= bill
            tally.n_paid_3 -= 1
            unpaid_by_third[household.income_third] += 1
            if can_be_left_out(household.tenure, unpaid, p.firm_suit_after):
                could_go += bill
        if owes(unpaid, MIDDLE_MONTHS):
            tally.paid_12 -= bill_of(household.area, *middle)
    if billed:
        tally.n_due_3_low, tally.n_due_3_high = estate.n_low, estate.n_high
        tally.n_paid_3_low = estate.n_low - unpaid_by_third[LOW_INCOME]
        tally.n_paid_3_high = estate.n_high - unpaid_by_third[HIGH_INCOME]
    tally.billed_low = bills_of_estate(estate.area_low, estate.n_low, *estate.bills_of(month))
    tally.income_low = estate.income_low
    tally.reported_due = reported_due(tally.due_3, could_go, p.report_cleaned)
    tally.reported_paid = reported_paid(tally.paid_3, estate.provider.support, p.report_inflated)


def _count_households(estate: Estate) -> None:
    """Count who paid and was served, who never paid, and who was called on."""
    provider, tally = estate.provider, estate.tally
    n_paid = n_ever = n_called = n_visited = 0
    for household in estate.households:
        n_paid += household.paid
        n_ever += household.ever_paid
        contact = household.contact
        if contact & CALLED:
            n_called += 1
        if contact & VISITED:
            n_visited += 1
    n = len(estate.households)
    if provider.kind != NOBODY:
        if provider.delivered >= estate.model.p.provider_contract_level:
            tally.paid_served, tally.unpaid_served = n_paid, n - n_paid
        else:
            tally.paid_unserved, tally.unpaid_unserved = n_paid, n - n_paid
    tally.n_never_paid = n - n_ever
    tally.called = n_called
    tally.visited = n_visited


def _count_debtors(estate: Estate) -> None:
    """Count who owes how many bills, and who paid all or none of a year's bills that have had three months."""
    model, provider, tally = estate.model, estate.provider, estate.tally
    if provider.kind == NOBODY:
        return
    issued = sum(1 << age for age in range(MEMORY_MONTHS) if sum(estate.bills_of(model.month - age)) > 0)
    year = bills_of_a_year(issued)
    owing, n_all, n_none = [0, 0, 0, 0], 0, 0
    for household in estate.households:
        unpaid = household.unpaid
        owing[number_owed(claimable(unpaid, provider.since))] += 1
        missed = bills_of_a_year(unpaid)
        n_all += missed == 0
        n_none += missed == year
    tally.n_claimed = estate.n_households
    tally.n_owing_1, tally.n_owing_2, tally.n_owing_3 = owing[1:]
    if has_whole_year(year, model.p.structure_billing_period):
        tally.n_year, tally.n_paid_all, tally.n_paid_none = estate.n_households, n_all, n_none


def _count_opinions(estate: Estate) -> None:
    """Sum what households think, in millionths: no sum depends on its order."""
    observers = elderly = satisfaction = of_elderly = provider = committee = branch = 0
    bailout = belief = street = owners = voice = grievance = 0
    for household in estate.households:
        if household.tenure != VACANT:
            seen, old = millionths(household.quality), household.elderly
            observers += 1
            elderly += old
            satisfaction += seen
            of_elderly += old * seen
        provider += millionths(household.trust_provider)
        committee += millionths(household.trust_committee)
        branch += millionths(household.trust_branch)
        bailout += millionths(household.bailout)
        belief += millionths(household.belief)
        street += millionths(household.trust_street)
        owners += millionths(household.trust_owners)
        voice += millionths(household.voice)
        grievance += millionths(household.grievance)
    tally = estate.tally
    tally.n_observers = observers
    tally.n_elderly = elderly
    tally.satisfaction = satisfaction
    tally.satisfaction_elderly = of_elderly
    tally.trust_provider = provider
    tally.trust_committee = committee
    tally.trust_branch = branch
    tally.bailout = bailout
    tally.belief = belief
    tally.trust_street = street
    tally.trust_owners = owners
    tally.voice = voice
    tally.grievance = grievance
    social = estate.social
    if at_work(social.service_hours, social.charity, social.rights):
        tally.n_trust_social = estate.n_households
        tally.trust_social = sum(millionths(household.trust_social) for household in estate.households)


def _count_service(estate: Estate) -> None:
    """Note service, facilities, money and hours."""
    p, provider, branch, tally = estate.model.p, estate.provider, estate.branch, estate.tally
    tally.standard_cost = area_money(p.provider_cost, estate.area)
    tally.spent = provider.paid_out
    tally.delivered = millionths(provider.delivered)
    tally.service = millionths(estate.service)
    tally.quality = millionths(estate.quality)
    tally.visible = millionths(estate.visible)
    tally.invisible = millionths(estate.invisible)
    tally.provider = provider.kind
    tally.provider_cash = estate.provider_cash()
    flow, committee = estate.flow, estate.committee
    paid = flow[Item.GRANT] + flow[Item.SUBSIDY] + flow[Item.LOSS_COVER]
    paid += flow[Item.REPAIRS_STREET] + flow[Item.CONTRACTS]
    paid += flow[Item.WORKS_STREET] + flow[Item.STANDARDS_UPKEEP] + flow[Item.POSTS] + flow[Item.SALARIES]
    paid += flow[Item.PLATFORM] + flow[Item.CAPACITY_BUILDING] + flow[Item.PROTECTION]
    tally.public_money = paid - flow[Item.RETURNED]
    tally.fees_returned = flow[Item.FEES_RETURNED]
    desks, joint = estate.desks, estate.joint
    posts = hours_for(p.complete_organisation_hours, estate.n_households)
    own = staff_hours_used(desks[MEDIATION].used, committee.mediation_hours, posts)
    mediation = total_hours(own, part_of_joint_hours(joint.hours, p.desk_joint_cadres), 0.0)
    officials = total_hours(desks[STREET_DESK].used, desks[DEPARTMENT].used, desks[PETITION].used)
    above = hours_from_above(branch.instructor_hours, p.street_inspectors, estate.street_committee.n_estates)
    cadres = total_hours(committee.cadre_hours, committee.managed, mediation)
    learning = learning_hours(p.workers_training, p.workers_exchange, p.workers_exchange_hours)
    chasing = total_hours(p.checklist_hours, p.checklist_checks, learning)
    cadres = total_hours(cadres, above, hours_for(chasing, estate.n_households))
    cadres = total_hours(cadres, estate.assembly.meetings, committee.duties)
    cadres = total_hours(cadres, committee.report_hours, officials)
    tally.cadre_hours = thousandths(cadres)
    tally.cadre_cost = fen(worth_of_hours(cadres, p.street_cadre_wage))
    volunteers = hours_for(p.community_volunteer_hours, estate.n_households)
    cobuilding = hours_for(p.complete_cobuilding_hours, estate.n_households)
    given = total_hours(branch.labour_hours, branch.visit_hours, volunteers)
    given = total_hours(given, estate.assembly.given, cobuilding)
    owners, n = estate.owners, estate.n_households
    sitting = committee_hours(owners.committee, owners.effort, hours_for(p.owners_committee_hours, n))
    carried = carrying_hours(tally.votes, p.owners_organised, hours_for(p.owners_carry_hours, n))
    at_desk = owners_at_joint_desk(joint.hours, p.desk_joint_cadres, p.desk_joint_staff)
    given = total_hours(given, sitting, total_hours(carried, owners.signing_hours(), at_desk))
    tally.volunteer_hours = thousandths(given)
    tally.volunteer_cost = fen(worth_of_hours(given, p.street_volunteer_wage))


def _count_conflict(estate: Estate) -> None:
    """Count what arose, how it ended within given times, and what is still unsettled."""
    tally, model, e = estate.tally, estate.model, estate.unit
    arisen, settled_within = model.state.arisen, model.state.settled_within
    memory = len(arisen)
    opened = model.state.opened
    arisen[model.month % memory, e] = tally.arisen
    opened[model.month % memory, e] = tally.opened
    for k, horizon in enumerate(HORIZONS):
        then = (model.month - horizon) % memory
        tally._whole[Total.ISSUES_1 + 2 * k] = arisen[then, e]
        tally._whole[Total.RESOLVED_1 + 2 * k] = settled_within[k, then, e]
        tally._whole[Total.COMPLAINTS_1 + k] = opened[then, e]
    upcoming = (model.month + 1) % memory
    arisen[upcoming, e] = 0
    opened[upcoming, e] = 0
    settled_within[:, upcoming, e] = 0
    spared = model.state.spared
    tally.spared_12 = int(spared[(model.month - SPAN) % memory, e])
    spared[upcoming, e] = 0
    estate.dropped = faded(estate.dropped, model.p.household_grievance_decay)
    tally.open_cases = estate.n_cases
    tally.unresolved = estate.open_severity + estate.dropped
    tally.desk_hours = thousandths(hours_of_desks(*(desk.used for desk in estate.desks)))


def _count_owners(estate: Estate) -> None:
    """Note the owners' side, and the statutory work left undone."""
    tally, owners = estate.tally, estate.owners
    tally.committee = owners.committee
    tally.turnout = millionths(owners.turnout)
    tally.effort = millionths(owners.effort)
    tally.statutory_shortfall = thousandths(estate.committee.shortfall)
    tally.attention = millionths(estate.branch.attention)
