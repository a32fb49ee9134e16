"""Phase record of the agent engine: the month is counted, estate by estate, in whole numbers."""

from agents.calling import call_rules_directly
from agents.estate import Estate
from agents.rules.contact import hours_for, total_hours
from agents.rules.estate import bills_of_estate
from agents.rules.household import CALLED, MIDDLE_MONTHS, VACANT, VISITED, VOLUNTARY, YOUNG_MONTHS, bill_of, owes
from agents.rules.money import Item
from agents.rules.numeric import millionths, thousandths
from agents.rules.provider import COMMUNITY, NOBODY, area_money
from agents.view import View
from sim.totals import Total

call_rules_directly(globals())

_BILLED, _N_BILLED, _FEES = int(Total.BILLED), int(Total.N_BILLED), int(Total.FEES)
_FIRST_KIND = int(Total.N_VOLUNTARY) - VOLUNTARY


class Tally(View, whole=("record", Total)):
    """The counts of one estate and month: every `Total` as an attribute."""

    def bill_answered(self, bill: int, kind: int, paid: int) -> None:
        """Count a decision on this month's bill (fen)."""
        counts = self._whole
        counts[_BILLED] += bill
        counts[_N_BILLED] += 1
        counts[_FIRST_KIND + kind] += 1
        if paid == 1:
            counts[_FEES] += bill


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
    _count_bills(estate)
    _count_households(estate)
    _count_opinions(estate)
    _count_service(estate)


def _count_bills(estate: Estate) -> None:
    """Take unpaid bills off the cohorts that have just reached 3 and 12 months of age."""
    tally, month = estate.tally, estate.model.month
    young, middle = estate.bills_of(month - YOUNG_MONTHS), estate.bills_of(month - MIDDLE_MONTHS)
    for household in estate.households:
        unpaid = household.unpaid
        if unpaid == 0:
            continue
        if owes(unpaid, YOUNG_MONTHS) and tally.n_due_3 > 0:
            tally.paid_3 -= bill_of(household.area, *young)
            tally.n_paid_3 -= 1
        if owes(unpaid, MIDDLE_MONTHS):
            tally.paid_12 -= bill_of(household.area, *middle)


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


def _count_opinions(estate: Estate) -> None:
    """Sum what households think, in millionths: no sum depends on its order."""
    observers = satisfaction = provider = committee = branch = bailout = belief = 0
    for household in estate.households:
        if household.tenure != VACANT:
            observers += 1
            satisfaction += millionths(household.quality)
        provider += millionths(household.trust_provider)
        committee += millionths(household.trust_committee)
        branch += millionths(household.trust_branch)
        bailout += millionths(household.bailout)
        belief += millionths(household.belief)
    tally = estate.tally
    tally.n_observers = observers
    tally.satisfaction = satisfaction
    tally.trust_provider = provider
    tally.trust_committee = committee
    tally.trust_branch = branch
    tally.bailout = bailout
    tally.belief = belief


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
    tally.public_money = estate.flow[Item.GRANT] + estate.flow[Item.SUBSIDY] - estate.flow[Item.RETURNED]
    managers = hours_for(p.community_manager_hours, estate.n_households) if provider.kind == COMMUNITY else 0.0
    tally.cadre_hours = thousandths(total_hours(estate.committee.cadre_hours(), managers, 0.0))
    volunteers = hours_for(p.community_volunteer_hours, estate.n_households)
    tally.volunteer_hours = thousandths(total_hours(branch.labour_hours, branch.visit_hours, volunteers))
