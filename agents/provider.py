# mypy: disable-error-code="has-type"
"""Whoever serves the estate (物业服务), as an agent: the seat that a firm, the community or nobody takes.

It plans on expected revenue, serves, sends its collector and its bills, and counts what came in.
"""

from typing import TYPE_CHECKING, Any

from agents.calling import call_rules_directly
from agents.case import Complaint
from agents.rules.arrears import NOT_SUED, claimable, is_due, over_period, with_old_debt
from agents.rules.case import COURT, PROVIDER_DESK, SUIT, desk_hours, staff_drain
from agents.rules.contact import contact_chance, hours_for, target_weight, total_hours
from agents.rules.funding import costed_fee, gift_input, matched_gifts, with_gifts, with_side_income
from agents.rules.joint_branch import part_of_joint_hours
from agents.rules.money import Item
from agents.rules.numeric import fen, move, over_months, share, yuan
from agents.rules.owners_committee import margin_with_officers, waves_rise_through
from agents.rules.property_firm import (
    opening_spend,
    takes_profit,
    view_after_exits,
    viewed_rate,
    working_capital,
)
from agents.rules.provider import (
    COMMUNITY,
    FIRM,
    NOBODY,
    ProviderReal,
    ProviderWhole,
    affordable,
    area_money,
    bought_input,
    collection_calls,
    contracted_cost,
    cost_of_politics,
    count_losses,
    delivered_input,
    diverted_money,
    drained_input,
    expected_fees,
    expected_revenue,
    fee_now,
    fees_returned,
    floor_of_spending,
    given_input,
    gives_up,
    hours_elsewhere,
    hours_run_out,
    input_beside,
    is_loss,
    may_sue,
    mean_price,
    met_by_others,
    month_revenue,
    monthly_money,
    next_spend,
    of_community,
    own_cost,
    planned_margin,
    planned_spend,
    price_level,
    purse_limit,
    raised_fee,
    set_aside,
    spending_level,
    wage_money,
    worth_of_labour,
)
from agents.rules.shock import is_called_away, possible
from agents.rules.social_organization import power_with_help
from agents.rules.supervision import supervised_leak
from agents.rules.units import HALF
from agents.rules.voting import rise_voted
from agents.stakeholder import Stakeholder

if TYPE_CHECKING:
    from agents.estate import Estate
    from agents.household import Household
    from agents.property_firm import PropertyFirm


call_rules_directly(globals())


class Provider(Stakeholder, real=("provider", ProviderReal), whole=("provider_n", ProviderWhole)):
    """The provider's seat of an estate."""

    def __init__(self, model: Any, unit: int, estate: "Estate") -> None:
        """Take the seat of `estate`, unit `unit` of the state."""
        super().__init__(model, unit)
        self.estate = estate

    def of_community(self, custody: float, station: float) -> float:
        """Return the station's value where it was a station that took over, else that of custody."""
        value: float = of_community(self.wanted, custody, station)
        return value

    # --- allocate, plan, serve ------------------------------------------------------------------------------

    def bear_politics(self) -> None:
        """Do the unpaid tasks that party leadership brings a firm, or enjoy its protection."""
        p, estate = self.model.p, self.estate
        cost = cost_of_politics(p.firm_politics, p.branch_cross_posts, estate.n_households) if self.kind == FIRM else 0
        self.politics = cost
        if cost >= 0:
            estate.post(Item.POLITICAL_TASKS, cost)
        else:
            estate.post(Item.PROTECTION, -cost)

    def let_common_parts(self) -> None:
        """Take in the rents of common parts and advertising, those the owners let going to their own fund."""
        if self.kind != NOBODY:
            rents = area_money(self.model.p.provider_common_income, self.estate.area)
            self.estate.post(Item.COMMON_INCOME, rents)
        if self.estate.owners.letting == 1:
            self.estate.post(Item.LETTING, area_money(self.model.p.owners_letting, self.estate.area))

    def plan(self) -> None:
        """Set the price; plan spending from expected revenue, and the calls of the collector."""
        self.repriced = 0
        if self.kind == NOBODY:
            self.spend = 0.0
            self.calls = 0.0
            self.bill = 0.0
            return
        self.set_price()
        self.plan_spending()
        p = self.model.p
        self.calls = collection_calls(
            p.contact_provider_calls,
            p.contact_asking_crowded_out,
            p.street_subsidy,
            expected_fees(self.expected, self.bill),
        )

    def price_asked(self) -> tuple[int, int]:
        """Return the rate (fen per m2) and the flat fee (fen) that contract or committee allow, per month."""
        p = self.model.p
        if self.kind == FIRM:
            return fee_now(costed_fee(p.firm_fee, p.firm_fee_factor), self.fee_level), 0
        rate = fen(self.of_community(p.custody_fee, p.station_fee))
        return rate, fen(self.of_community(p.custody_flat_fee, p.station_flat_fee))

    def set_price(self) -> None:
        """Charge what contract or committee allow."""
        estate = self.estate
        rate, flat = self.price_asked()
        if rate != self.rate or flat != self.flat:
            self.repriced = 1
            self.rate = rate
            self.flat = flat
        self.bill = mean_price(rate, flat, estate.n_households, estate.area)

    def plan_spending(self) -> None:
        """Move spending towards what expected revenue allows; the community spends what it has."""
        p, estate = self.model.p, self.estate
        if self.kind == FIRM:
            owners = estate.owners
            margin = planned_margin(self.margin, p.firm_skim, owners.audit(), owners.contract_term(p.owners_cost_plus))
            margin = margin_with_officers(margin, estate.branch.captured(), p.officers_shirking)
            roster = floor_of_spending(p.firm_roster, p.firm_minimum_service)
            disadvantage = p.firm_cost_disadvantage
        else:
            margin = 0.0
            roster = self.of_community(p.custody_roster, p.station_roster)
            disadvantage = 0.0
        support = monthly_money(self.support - self.politics, 1, estate.area)
        common_income = with_side_income(p.provider_common_income, self.side_income)
        revenue = expected_revenue(self.expected, self.bill, common_income, support)
        cost = own_cost(p.provider_cost, price_level(self.cost_level, disadvantage))
        target = planned_spend(revenue, margin, cost, roster, p.firm_spend_limit)
        spend = next_spend(self.spend, target, p.provider_adjust_up, p.provider_adjust_down)
        if self.kind == COMMUNITY:
            spend = affordable(spend, yuan(estate.provider_cash() - self.purse), estate.area)
        self.spend = spend

    def serve(self) -> None:
        """Spend and deliver service; the estate's facilities are kept up or decay."""
        leak = self.estate.owners.tolerated_leak()
        if self.kind == COMMUNITY:
            leak = supervised_leak(leak, self.estate.assembly.supervised, self.model.p.core_finds)
        self.leak = leak
        self.spend_money()
        gifts = self.gifts()
        self.delivered = with_gifts(delivered_input(self.bought(), self.volunteered(), self.managed()), gifts)
        self.estate.keep_up(self.delivered)

    def spend_money(self) -> None:
        """Pay wages and materials, less what is diverted, and set money aside for repairs."""
        p, estate = self.model.p, self.estate
        spent = area_money(self.spend, estate.area)
        diverted = diverted_money(self.spend, self.leak, estate.area)
        wages = wage_money(self.spend, self.leak, p.provider_labour_share, estate.area)
        estate.post(Item.DIVERTED, diverted)
        estate.post(Item.WAGES, wages)
        limit = purse_limit(p.provider_cost, p.desk_repair_share, p.desk_repair_months, estate.area)
        reserve = set_aside(self.purse, spent - diverted - wages, p.desk_repair_share, limit)
        estate.post(Item.MATERIALS, spent - diverted - wages - reserve)
        self.purse += reserve
        self.paid_out = spent
        labour = worth_of_labour(
            estate.branch.labour_hours,
            p.provider_wage,
            estate.committee.managing_hours(),
            p.street_cadre_wage,
            p.household_labour_seen,
        )
        self.others_share = met_by_others(self.support, labour, spent)

    def bought(self) -> float:
        """Return the input that money buys, as a share of standard, less the work that open cases tie up."""
        p, estate, level = self.model.p, self.estate, self.cost_level
        bought, skill = 0.0, self.skill
        if self.kind != NOBODY:
            if self.kind == COMMUNITY:
                wage_level = self.of_community(p.custody_wage, p.station_wage)
                skill = self.of_community(p.custody_skill, p.station_skill)
            else:
                wage_level = level = price_level(level, p.firm_cost_disadvantage)
            bought = bought_input(
                self.spend, self.leak, p.provider_cost, p.provider_labour_share, wage_level, skill, level
            )
        drain = staff_drain(estate.n_cases, estate.n_households, p.case_drain, p.case_drain_most)
        drained = drained_input(bought, drain, self.open_books, p.provider_books_cost)
        sitting = part_of_joint_hours(estate.joint.hours, p.desk_joint_staff)
        elsewhere = hours_elsewhere(estate.n_households, self.calls, p.contact_call_hours, sitting)
        left: float = input_beside(drained, elsewhere, skill, p.provider_wage, p.provider_cost, estate.area)
        return left

    def volunteered(self) -> float:
        """Return the input of members and volunteers, as a share of standard."""
        p, estate = self.model.p, self.estate
        volunteers = hours_for(p.community_volunteer_hours, estate.n_households)
        cobuilding = hours_for(p.complete_cobuilding_hours, estate.n_households)
        hours = total_hours(estate.branch.labour_hours, volunteers, cobuilding)
        return given_input(hours, p.community_volunteer_skill, p.provider_wage, p.provider_cost, estate.area)

    def managed(self) -> float:
        """Return the input of committee staff who help run the community's own service."""
        p, estate = self.model.p, self.estate
        if self.kind != COMMUNITY:
            return 0.0
        hours, skill = estate.committee.managing_hours(), p.community_manager_skill
        return given_input(hours, skill, p.provider_wage, p.provider_cost, estate.area)

    def gifts(self) -> float:
        """Return the input of gifts in kind from resident institutions, as a share of standard."""
        p, estate = self.model.p, self.estate
        worth = matched_gifts(p.lists_gifts, p.lists_match, p.lists_hours, p.lists_full_hours)
        gifts = area_money(worth, estate.area)
        estate.post(Item.GIFTS, gifts)
        return gift_input(gifts, p.provider_cost, estate.area)

    def caring_hours(self) -> float:
        """Return the hours of care that a firm's workers give this month."""
        if self.kind != FIRM:
            return 0.0
        hours: float = hours_for(self.model.p.care_firm_hours, self.estate.n_households)
        return hours

    # --- arise, handle --------------------------------------------------------------------------------------

    def sues(self) -> bool:
        """Say whether old debtors have to reckon with a suit."""
        p = self.model.p
        contract = int(self.of_community(p.custody_contract, p.station_contract))
        return may_sue(self.kind, contract) and p.firm_suits > 0.0

    def consider_suit(self, household: "Household") -> None:
        """Sue a household for old debts of its own time (诉讼催费), by its draw; the court asks a fee."""
        p, estate = self.model.p, self.estate
        if household.sued != NOT_SUED or not with_old_debt(claimable(household.unpaid, self.since), p.firm_suit_after):
            return
        if self.model.draw("SUIT", estate.id, household.id) < p.firm_suits:
            estate.hear(Complaint(household, SUIT, estate.desks[COURT], 1.0, 0.0))
            household.receive_notice()
            estate.tally.suits += 1
            estate.post(Item.COURT_FEES, fen(p.case_court_fee))

    def open_desk(self) -> None:
        """Open its own desk, with the hours that its spending pays for."""
        p, estate = self.model.p, self.estate
        staffed = spending_level(self.spend, p.provider_cost)
        power = power_with_help(0.0, estate.social.rights, p.social_rights_power)
        own = desk_hours(p.desk_provider_hours, estate.n_households, staffed)
        posts = hours_for(p.complete_service_hours, estate.n_households)
        estate.desks[PROVIDER_DESK].open(total_hours(own, posts, 0.0), power=power)

    # --- mobilise, pay --------------------------------------------------------------------------------------

    def send_collector(self) -> None:
        """Call on households, more often on those who did not pay."""
        calls = possible(self.calls, self.model.p.shock_stop)
        if calls <= 0.0:
            return
        published, target = self.published, self.model.p.contact_target
        for household in self.estate.households:
            weight = target_weight(household.paid, published, target)
            if household.chance_call < contact_chance(calls, weight):
                household.receive_call()

    def send_bills(self) -> None:
        """Send this month's bills, if somebody serves and they are due."""
        self.received = 0
        if self.kind == NOBODY:
            self.accrual = 0.0
        if self.kind != NOBODY and is_due(self.model.month, self.model.p.structure_billing_period):
            self.estate.issue_bills(*self.price_of_bill())
        else:
            self.estate.issue_bills(0, 0)

    def price_of_bill(self) -> tuple[int, int]:
        """Return rate (fen per m2) and flat fee (fen) of one bill."""
        period = self.model.p.structure_billing_period
        return over_period(self.rate, period), over_period(self.flat, period)

    def take_in(self) -> None:
        """Book what households paid; learn the payment rate and publish it."""
        estate, tally = self.estate, self.estate.tally
        fees, arrears = tally.fees, tally.arrears_paid
        estate.post(Item.FEES, fees)
        estate.post(Item.ARREARS_PAID, arrears)
        self.received = fees + arrears
        period = self.model.p.structure_billing_period
        if is_due(self.model.month, period):
            n_paid = tally.n_voluntary + tally.n_asked + tally.n_enforced
            self.published = share(n_paid, tally.n_billed - tally.n_overlooked)
            rate = share(fees + arrears, tally.billed)
            self.expected = move(self.expected, rate, over_months(self.model.p.provider_expectation_speed, period))
            self.accrual = monthly_money(fees, period, estate.area)
            self.prepaid = fees

    # --- govern ---------------------------------------------------------------------------------------------

    def close_month(self) -> None:
        """Count the months in the seat, and the losses; who has too many gives up, and a firm may take its profit."""
        self.took_over = 0
        self.left = 0
        self.since += 1
        if self.kind == FIRM:
            self.without_firm = 0
            self.count_result()
        else:
            self.without_firm += 1
            if self.kind == COMMUNITY:
                self.count_deficit()

    def revenue(self) -> float:
        """Return this month's revenue per m2: fees accrued, common income, support, old debts, politics."""
        common_income = with_side_income(self.model.p.provider_common_income, self.side_income)
        other = self.support + self.estate.tally.arrears_paid - self.politics
        revenue: float = month_revenue(self.accrual, common_income, other, self.estate.area)
        return revenue

    def count_deficit(self) -> None:
        """Compare the community's money with what it took on, its staff with what they lack elsewhere; or give up."""
        p, committee = self.model.p, self.estate.committee
        due = contracted_cost(p.provider_cost, self.of_community(p.custody_loss_base, p.station_loss_base))
        loss = is_loss(self.revenue(), due, p.provider_cost, p.firm_loss_noted)
        loss = loss or hours_run_out(committee.managing_hours(), committee.shortfall)
        self.loss_months = count_losses(self.loss_months, loss)
        if gives_up(self.loss_months, int(p.community_loss_months)):
            self.left = 1
            self.given_up = 1
            self.estate.tally.community_left = 1
            self.leave()

    def count_result(self) -> None:
        """Compare a firm's revenue with the cost of what it contracted for, and draw the consequence."""
        p, estate, month = self.model.p, self.estate, self.model.month
        cost = own_cost(p.provider_cost, price_level(self.cost_level, p.firm_cost_disadvantage))
        contracted = contracted_cost(cost, p.firm_loss_base)
        loss = is_loss(self.revenue(), contracted, p.provider_cost, p.firm_loss_noted) and p.firm_soft_budget == 0
        self.loss_months = count_losses(self.loss_months, loss)
        tired = month >= p.firm_exit_from and gives_up(self.loss_months, self.patience)
        if tired or is_called_away(p.shock_firm_leaves, self.since):
            self.left = 1
            self.exits += 1
            estate.tally.firm_left = 1
            self.leave()
            return
        self.have_rise_waved_through()
        if takes_profit(month):
            kept = working_capital(p.firm_working_capital, p.provider_cost, estate.area)
            surplus = estate.provider_cash() - kept
            if surplus > 0:
                estate.post(Item.SURPLUS_TO_OWNERS if estate.owners.has_cost_plus() else Item.PROFIT, surplus)

    def have_rise_waved_through(self) -> None:
        """Ask captured officers for a higher fee, once a year, where there is no owners' committee to ask."""
        p, owners = self.model.p, self.estate.owners
        captured = self.estate.branch.captured()
        if captured <= 0.0 or owners.has_committee() or not rise_voted(self.model.month) or self.loss_months == 0:
            return
        if waves_rise_through(self.model.draw("WAVED_THROUGH", self.estate.id, 0), captured, p.officers_waved):
            fee = costed_fee(p.firm_fee, p.firm_fee_factor)
            self.fee_level = raised_fee(self.fee_level, p.firm_fee_rise, fee, p.firm_fee_ceiling)

    def accept_dismissal(self) -> None:
        """Leave, if the owners have voted to change the firm this month."""
        owners = self.estate.owners
        if owners.dismissed == 1:
            owners.dismissed = 0
            if self.kind == FIRM:
                self.estate.tally.firm_dismissed = 1
                self.leave()

    def leave(self) -> None:
        """Give up the seat: a firm returns fees for months to come and settles with its owners, others return money."""
        if self.kind == FIRM:
            period = self.model.p.structure_billing_period
            self.estate.post(Item.FEES_RETURNED, fees_returned(self.prepaid, self.model.month, period))
        self.prepaid = 0
        cash = self.estate.provider_cash()
        if self.kind == COMMUNITY:
            self.estate.post(Item.RETURNED, cash)
        elif cash >= 0:
            self.estate.post(Item.CAPITAL_OUT, cash)
        else:
            self.estate.post(Item.CAPITAL_IN, -cash)
        self.kind = NOBODY
        self.firm = -1
        self.loss_months = 0
        self.purse = 0
        self.spend = 0.0

    def seat_firm(self, firm: "PropertyFirm") -> None:
        """Give the seat to a firm, with its own working capital and a fresh claim on bills."""
        p = self.model.p
        if self.kind != NOBODY:
            self.leave()
        self.kind = FIRM
        self.firm = firm.unit
        self.patience = firm.patience
        self.without_firm = 0
        self.cost_level = firm.cost_level
        self.skill = firm.skill
        self.margin = firm.margin
        self.spend = opening_spend(p.firm_bid_level, p.provider_cost, firm.cost_level)
        rate = viewed_rate(p.firm_bid_prior, self.published, p.firm_bid_weight, 0.0, HALF)
        self.expected = view_after_exits(rate, self.exits, p.firm_exit_stigma)
        self.given_up = 0
        capital = working_capital(p.firm_working_capital, p.provider_cost, self.estate.area)
        self.estate.post(Item.CAPITAL_IN, capital)
        self.start()

    def seat_community(self) -> None:
        """Give the seat to the community."""
        self.kind = COMMUNITY
        self.cost_level = 1.0
        self.expected = self.published
        self.start()

    def start(self) -> None:
        """Begin with no old claims and no losses, at the first fee."""
        self.since = 0
        self.changes += 1
        self.fee_level = 1.0
        self.took_over = 1
        self.estate.invested = 0
        self.count_from_here()

    def count_from_here(self) -> None:
        """Begin with no losses, and with what is expected at one's own price until one's own first bill."""
        self.loss_months = 0
        price = mean_price(*self.price_asked(), self.estate.n_households, self.estate.area)
        self.accrual = expected_fees(self.expected, price)
