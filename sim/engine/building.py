"""Part of phase allocate: building works, facilities of the complete community, and what pays for them."""

from typing import Any

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
from agents.rules.estate import EstateWhole as E
from agents.rules.facility import FacilityReal as K
from agents.rules.funding import (
    affordable_cost,
    bought_stock,
    investment_now,
    owed_for,
    repaid_now,
    side_income,
)
from agents.rules.money import Item, Sector
from agents.rules.numeric import fen
from agents.rules.provider import FIRM, NOBODY, area_money
from agents.rules.provider import ProviderReal as P
from agents.rules.provider import ProviderWhole as PN
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
from agents.rules.residents_committee import CommitteeReal as R
from agents.rules.social_organization import contract_price
from agents.rules.voting import RENOVATE
from sim.draws import Draw, uniform
from sim.engine import kernel
from sim.engine.assembling import ballot
from sim.engine.posting import post

_OLD_UNIT = int(Draw.OLD_UNIT)


@kernel
def build(s: Any, p: Any, i: int, e: int, month: int) -> None:
    """Go on with works and offer new ones; build, keep up and run facilities; firms and financiers invest."""
    _go_on_with_works(s, e)
    _offer_works(s, p, i, e, month)
    wanted = wanted_parts(
        p[i].complete_supermarket,
        p[i].complete_canteen,
        p[i].complete_culture,
        p[i].complete_neighbourhood,
        p[i].complete_elderly_care,
        p[i].complete_charging_shed,
        p[i].complete_facade,
        p[i].complete_green,
        p[i].complete_roads,
    )
    _complete(s, p, i, e, wanted)
    _keep_standards(s, p, i, e)
    _invest(s, p, i, e)
    _run_facilities(s, p, i, e, parts_running(wanted, s.estate_n[E.BUILT, e]))


@kernel
def _go_on_with_works(s: Any, e: int) -> None:
    """Add this month's part of the works under way."""
    left = s.estate_n[E.WORKS_LEFT, e]
    if left == 0:
        return
    for stock, coming in ((K.VISIBLE, K.COMING_VISIBLE), (K.INVISIBLE, K.COMING_INVISIBLE)):
        part = part_of_month(s.facility[coming, e], left)
        s.facility[stock, e] = raised_stock(s.facility[stock, e], part)
        s.facility[coming, e] -= part
    s.estate_n[E.WORKS_LEFT, e] = left - 1


@kernel
def _offer_works(s: Any, p: Any, i: int, e: int, month: int) -> None:
    """Offer works where the need is, and begin them if four fifths of the owners consent."""
    s.committee[R.DUTIES, e] = 0.0
    needed = needs_works(s.facility[K.VISIBLE, e], s.facility[K.INVISIBLE, e], p[i].renovation_below)
    if p[i].renovation_on == 0 or s.estate_n[E.RENOVATED, e] == 1 or not needed:
        s.estate_n[E.OFFERED, e] = 0
        return
    if consent_asked(s.estate_n[E.OFFERED, e]):
        bias = p[i].renovation_visible_bias
        visible = gain_of_works(s.facility[K.VISIBLE, e], p[i].renovation_gain, bias)
        invisible = gain_of_works(s.facility[K.INVISIBLE, e], p[i].renovation_gain, -bias)
        price = price_of_works(visible, invisible, p[i].renovation_price)
        s.facility[K.COMING_VISIBLE, e] = visible
        s.facility[K.COMING_INVISIBLE, e] = invisible
        s.facility[K.ASKED, e] = asked_of_owners(price, p[i].funding_owners_share)
        s.committee[R.DUTIES, e] = canvassing_hours(
            p[i].renovation_canvass, p[i].renovation_canvass_hours, s.estate_n[E.N_HOUSEHOLDS, e]
        )
        if ballot(s, p, i, e, month, RENOVATE):
            _begin_works(s, p, i, e, month, price)
        else:
            s.facility[K.COMING_VISIBLE, e] = 0.0
            s.facility[K.COMING_INVISIBLE, e] = 0.0
        s.facility[K.ASKED, e] = 0.0
    s.estate_n[E.OFFERED, e] += 1


@kernel
def _begin_works(s: Any, p: Any, i: int, e: int, month: int, price: float) -> None:
    """Begin works: owners, the property-right unit and, for the rest, the district pay; legacy defects are cleared."""
    n = s.estate_n[E.N_HOUSEHOLDS, e]
    exists = unit_exists(uniform(s.key[0], _OLD_UNIT, month, s.estate_n[E.ID, e], 0, 0), p[i].street_old_unit_pays)
    legacy, old_unit, own = p[i].renovation_legacy, p[i].funding_old_unit, p[i].funding_owners_share
    post(s, e, Item.WORKS_HOUSEHOLDS, part_of_price(price, own, n))
    if exists:
        of_unit = part_of_price(p[i].renovation_legacy_price, part_of_legacy(legacy, old_unit), n)
        post(s, e, Item.WORKS_OLD_UNIT, of_unit)
    public = part_of_price(price, rest_of(own), n)
    public += part_of_price(p[i].renovation_legacy_price, part_of_legacy(legacy, rest_of(old_unit)), n)
    post(s, e, Item.WORKS_GRANTED, public)
    post(s, e, Item.WORKS_STREET, public)
    s.facility[K.LEGACY_CLEARED, e] = legacy_cleared(legacy, old_unit, exists)
    s.estate_n[E.RENOVATED, e] = 1
    s.estate_n[E.WORKS_LEFT, e] = p[i].renovation_months


@kernel
def _complete(s: Any, p: Any, i: int, e: int, wanted: int) -> None:
    """Build what is asked for and not there yet, with public money."""
    new = missing_parts(wanted, s.estate_n[E.BUILT, e])
    if new == 0:
        return
    visible = s.facility[K.VISIBLE, e]
    standard = gain_of_works(visible, standard_of_parts(new, p[i].complete_standard), 0.0)
    price = price_of_parts(
        capital_of_parts(new, p[i].complete_capital), price_of_works(standard, 0.0, p[i].renovation_price)
    )
    public = part_of_price(price, 1.0, s.estate_n[E.N_HOUSEHOLDS, e])
    post(s, e, Item.WORKS_GRANTED, public)
    post(s, e, Item.WORKS_STREET, public)
    share_added = gain_of_parts(new, p[i].complete_stock, p[i].complete_standard)
    s.facility[K.VISIBLE, e] = raised_stock(visible, gain_of_works(visible, share_added, 0.0))
    s.estate_n[E.BUILT, e] |= new


@kernel
def _keep_standards(s: Any, p: Any, i: int, e: int) -> None:
    """Keep up stocks with public money, and pay the posts that programmes add."""
    area, n = s.estate_n[E.AREA, e], s.estate_n[E.N_HOUSEHOLDS, e]
    municipal, sanitation = p[i].complete_municipal, p[i].complete_sanitation
    s.facility[K.INVISIBLE, e] = kept_by_street(s.facility[K.INVISIBLE, e], p[i].complete_upkeep_rate, municipal)
    s.facility[K.VISIBLE, e] = kept_by_street(s.facility[K.VISIBLE, e], p[i].complete_upkeep_rate, sanitation)
    upkeep = price_of_public_upkeep(p[i].complete_upkeep_price, municipal, sanitation)
    post(s, e, Item.STANDARDS_UPKEEP, area_money(upkeep, area))
    hours = total_hours(
        hours_for(p[i].complete_organisation_hours, n),
        hours_for(p[i].complete_service_hours, n),
        hours_for(p[i].funding_accountant, n),
    )
    post(s, e, Item.POSTS, fen(contract_price(hours, p[i].street_cadre_wage)))


@kernel
def _invest(s: Any, p: Any, i: int, e: int) -> None:
    """A firm puts money of its own into facilities; financiers advance some, once, to whoever serves."""
    kind, area = s.provider_n[PN.KIND, e], s.estate_n[E.AREA, e]
    if kind == FIRM:
        target = area_money(p[i].firm_investment, area)
        money = investment_now(target, s.estate_n[E.INVESTED, e], s.cash[Sector.PROVIDER, e])
        s.estate_n[E.INVESTED, e] += money
        _buy_stock(s, p, i, e, money)
    if kind != NOBODY and p[i].funding_advance > 0.0 and s.estate_n[E.BORROWED, e] == 0:
        money = area_money(p[i].funding_advance, area)
        post(s, e, Item.ADVANCE, money)
        s.estate_n[E.BORROWED, e] = 1
        s.estate_n[E.LOAN, e] = owed_for(money, p[i].funding_surcharge)
        _buy_stock(s, p, i, e, money)


@kernel
def _buy_stock(s: Any, p: Any, i: int, e: int, money: int) -> None:
    """Whoever serves buys fittings and repairs, for both stocks alike."""
    if money == 0:
        return
    post(s, e, Item.INVESTMENT, money)
    for stock in (K.VISIBLE, K.INVISIBLE):
        now = s.facility[stock, e]
        bought = bought_stock(money, s.estate_n[E.N_HOUSEHOLDS, e], p[i].firm_investment_price, now)
        s.facility[stock, e] = raised_stock(now, bought)


@kernel
def _run_facilities(s: Any, p: Any, i: int, e: int, running: int) -> None:
    """Whoever serves takes the rents of facilities, runs them, pays back what was advanced, and pays for care."""
    kind, area = s.provider_n[PN.KIND, e], s.estate_n[E.AREA, e]
    s.provider[P.SIDE_INCOME, e] = 0.0
    if kind == NOBODY:
        return
    borrows = kind == FIRM
    rents = area_money(rents_of_parts(running, p[i].complete_rents, p[i].complete_use), area)
    post(s, e, Item.FACILITY_RENTS, rents)
    due = area_money(upkeep_of_parts(running, p[i].complete_upkeep), area)
    upkeep = affordable_cost(due, s.cash[Sector.PROVIDER, e] - s.provider_n[PN.PURSE, e], borrows)
    post(s, e, Item.FACILITY_UPKEEP, upkeep)
    due = repaid_now(
        s.estate_n[E.LOAN, e], p[i].funding_pledge, area_money(p[i].provider_common_income, area)
    )
    repaid = affordable_cost(due, s.cash[Sector.PROVIDER, e] - s.provider_n[PN.PURSE, e], borrows)
    post(s, e, Item.REPAYMENT, repaid)
    s.estate_n[E.LOAN, e] -= repaid
    care = 0
    if kind == FIRM:
        care = fen(contract_price(hours_for(p[i].care_firm_hours, s.estate_n[E.N_HOUSEHOLDS, e]), p[i].provider_wage))
    post(s, e, Item.CARE_WAGES, care)
    s.provider[P.SIDE_INCOME, e] = side_income(rents, upkeep + repaid + care, area)
