# mypy: disable-error-code="has-type"
"""What is built in an estate: works under way, the parts of a complete community, and who pays for them."""

from typing import TYPE_CHECKING

from agents.calling import call_rules_directly
from agents.rules.complete_community import (
    capital_of_parts,
    gain_of_parts,
    kept_by_street,
    missing_parts,
    parts_running,
    price_of_parts,
    price_of_public_upkeep,
    rents_of_parts,
    standard_of_parts,
    upkeep_of_parts,
    wanted_parts,
)
from agents.rules.contact import hours_for, total_hours
from agents.rules.funding import (
    affordable_cost,
    bought_stock,
    investment_now,
    owed_for,
    repaid_now,
    side_income,
)
from agents.rules.money import Item
from agents.rules.numeric import fen
from agents.rules.provider import FIRM, NOBODY, area_money
from agents.rules.renovation import (
    asked_of_owners,
    canvassing_hours,
    consent_asked,
    gain_of_works,
    legacy_cleared,
    needs_works,
    part_of_legacy,
    part_of_month,
    part_of_price,
    price_of_works,
    raised_stock,
    rest_of,
    unit_exists,
)
from agents.rules.social_organization import contract_price
from agents.rules.voting import RENOVATE

if TYPE_CHECKING:
    from agents.estate import Estate


call_rules_directly(globals())


class BuildingWorks:
    """The works and facilities of one estate. It does not act: the sub-district builds, whoever serves runs."""

    def __init__(self, estate: "Estate") -> None:
        """Look after what is built in `estate`."""
        self.estate = estate
        self.model = estate.model

    def build(self) -> None:
        """Go on with works and offer new ones; build, keep up and run facilities; firms and financiers invest."""
        self.go_on()
        self.offer()
        wanted = self.wanted()
        self.complete(wanted)
        self.keep_standards()
        self.invest()
        self.run_facilities(parts_running(wanted, self.estate.built))

    # --- precise renovation ---------------------------------------------------------------------------------

    def go_on(self) -> None:
        """Add this month's part of the works under way."""
        estate = self.estate
        left = estate.works_left
        if left == 0:
            return
        part = part_of_month(estate.coming_visible, left)
        estate.visible = raised_stock(estate.visible, part)
        estate.coming_visible -= part
        part = part_of_month(estate.coming_invisible, left)
        estate.invisible = raised_stock(estate.invisible, part)
        estate.coming_invisible -= part
        estate.works_left = left - 1

    def offer(self) -> None:
        """Offer works where the need is, and begin them if four fifths of the owners consent."""
        p, estate = self.model.p, self.estate
        estate.committee.duties = 0.0
        needed = needs_works(estate.visible, estate.invisible, p.renovation_below)
        if p.renovation_on == 0 or estate.renovated == 1 or not needed:
            estate.offered = 0
            return
        if consent_asked(estate.offered):
            self.ask_for_consent()
        estate.offered += 1

    def ask_for_consent(self) -> None:
        """Propose works and their price; canvassers go from door to door."""
        p, estate = self.model.p, self.estate
        visible = gain_of_works(estate.visible, p.renovation_gain, p.renovation_visible_bias)
        invisible = gain_of_works(estate.invisible, p.renovation_gain, -p.renovation_visible_bias)
        price = price_of_works(visible, invisible, p.renovation_price)
        estate.coming_visible = visible
        estate.coming_invisible = invisible
        estate.asked = asked_of_owners(price, p.funding_owners_share)
        estate.committee.duties = canvassing_hours(
            p.renovation_canvass, p.renovation_canvass_hours, estate.n_households
        )
        if estate.owners.holds_ballot(RENOVATE):
            self.begin(price)
        else:
            estate.coming_visible = 0.0
            estate.coming_invisible = 0.0
        estate.asked = 0.0

    def begin(self, price: float) -> None:
        """Begin works: owners, the property-right unit and, for the rest, the district pay; legacy is cleared."""
        p, estate = self.model.p, self.estate
        n, legacy, old_unit, own = (
            estate.n_households, p.renovation_legacy, p.funding_old_unit, p.funding_owners_share,
        )  # fmt: skip
        exists = unit_exists(self.model.draw("OLD_UNIT", estate.id, 0), p.street_old_unit_pays)
        estate.post(Item.WORKS_HOUSEHOLDS, part_of_price(price, own, n))
        if exists:
            of_unit = part_of_price(p.renovation_legacy_price, part_of_legacy(legacy, old_unit), n)
            estate.post(Item.WORKS_OLD_UNIT, of_unit)
        public = part_of_price(price, rest_of(own), n)
        public += part_of_price(p.renovation_legacy_price, part_of_legacy(legacy, rest_of(old_unit)), n)
        self.pay_publicly(public)
        estate.legacy_cleared = legacy_cleared(legacy, old_unit, exists)
        estate.renovated = 1
        estate.works_left = p.renovation_months

    def pay_publicly(self, amount: int) -> None:
        """Pay works with public money: it comes from the district through the sub-district."""
        self.estate.post(Item.WORKS_GRANTED, amount)
        self.estate.post(Item.WORKS_STREET, amount)

    # --- the complete community -----------------------------------------------------------------------------

    def wanted(self) -> int:
        """Return which parts of a complete community are asked for, as bits."""
        p = self.model.p
        parts: int = wanted_parts(
            p.complete_supermarket,
            p.complete_canteen,
            p.complete_culture,
            p.complete_neighbourhood,
            p.complete_elderly_care,
            p.complete_charging_shed,
            p.complete_facade,
            p.complete_green,
            p.complete_roads,
        )
        return parts

    def complete(self, wanted: int) -> None:
        """Build what is asked for and not there yet, with public money."""
        p, estate = self.model.p, self.estate
        new = missing_parts(wanted, estate.built)
        if new == 0:
            return
        standard = gain_of_works(estate.visible, standard_of_parts(new, p.complete_standard), 0.0)
        price = price_of_parts(
            capital_of_parts(new, p.complete_capital), price_of_works(standard, 0.0, p.renovation_price)
        )
        self.pay_publicly(part_of_price(price, 1.0, estate.n_households))
        share_added = gain_of_parts(new, p.complete_stock, p.complete_standard)
        estate.visible = raised_stock(estate.visible, gain_of_works(estate.visible, share_added, 0.0))
        estate.built |= new

    def keep_standards(self) -> None:
        """Keep up stocks with public money, and pay the posts that programmes add."""
        p, estate = self.model.p, self.estate
        municipal, sanitation = p.complete_municipal, p.complete_sanitation
        estate.invisible = kept_by_street(estate.invisible, p.complete_upkeep_rate, municipal)
        estate.visible = kept_by_street(estate.visible, p.complete_upkeep_rate, sanitation)
        upkeep = price_of_public_upkeep(p.complete_upkeep_price, municipal, sanitation)
        estate.post(Item.STANDARDS_UPKEEP, area_money(upkeep, estate.area))
        n = estate.n_households
        hours = total_hours(
            hours_for(p.complete_organisation_hours, n),
            hours_for(p.complete_service_hours, n),
            hours_for(p.funding_accountant, n),
        )
        estate.post(Item.POSTS, fen(contract_price(hours, p.street_cadre_wage)))

    # --- investing and running ------------------------------------------------------------------------------

    def invest(self) -> None:
        """Let a firm put money of its own into facilities; financiers advance some, once, to whoever serves."""
        p, estate = self.model.p, self.estate
        kind = estate.provider.kind
        if kind == FIRM:
            target = area_money(p.firm_investment, estate.area)
            money = investment_now(target, estate.invested, estate.provider_cash())
            estate.invested += money
            self.buy_stock(money)
        if kind != NOBODY and p.funding_advance > 0.0 and estate.borrowed == 0:
            money = area_money(p.funding_advance, estate.area)
            estate.post(Item.ADVANCE, money)
            estate.borrowed = 1
            estate.loan = owed_for(money, p.funding_surcharge)
            self.buy_stock(money)

    def buy_stock(self, money: int) -> None:
        """Let whoever serves buy fittings and repairs for `money` fen."""
        if money == 0:
            return
        self.estate.post(Item.INVESTMENT, money)
        self.improve(money)

    def improve(self, money: int) -> None:
        """Put fittings and repairs worth `money` fen into both stocks alike."""
        p, estate = self.model.p, self.estate
        n, price = estate.n_households, p.firm_investment_price
        estate.visible = raised_stock(estate.visible, bought_stock(money, n, price, estate.visible))
        estate.invisible = raised_stock(estate.invisible, bought_stock(money, n, price, estate.invisible))

    def run_facilities(self, running: int) -> None:
        """Let whoever serves take rents, run facilities, pay back what was advanced, and pay for care."""
        p, estate = self.model.p, self.estate
        provider, area = estate.provider, estate.area
        provider.side_income = 0.0
        if provider.kind == NOBODY:
            return
        borrows = provider.kind == FIRM
        rents = area_money(rents_of_parts(running, p.complete_rents, p.complete_use), area)
        estate.post(Item.FACILITY_RENTS, rents)
        due = area_money(upkeep_of_parts(running, p.complete_upkeep), area)
        upkeep = affordable_cost(due, estate.provider_cash() - provider.purse, borrows)
        estate.post(Item.FACILITY_UPKEEP, upkeep)
        due = repaid_now(estate.loan, p.funding_pledge, area_money(p.provider_common_income, area))
        repaid = affordable_cost(due, estate.provider_cash() - provider.purse, borrows)
        estate.post(Item.REPAYMENT, repaid)
        estate.loan -= repaid
        care = fen(contract_price(provider.caring_hours(), p.provider_wage))
        estate.post(Item.CARE_WAGES, care)
        provider.side_income = side_income(rents, upkeep + repaid + care, area)
