"""The money of an estate: who sees the accounts and keeps them, and the owners' maintenance fund with its votes."""

from typing import Any

from agents.rules.estate import EstateWhole as E
from agents.rules.facility import FacilityReal as K
from agents.rules.funding import (
    accountant_dose,
    accounts_seen,
    bought_stock,
    contribution,
    fund_voted,
    opens_accounts,
    prevented_leak,
    use_voted,
    used_from_fund,
    well_spent,
    worth_using,
)
from agents.rules.money import Item, Sector
from agents.rules.numeric import fen
from agents.rules.owners_committee import NONE
from agents.rules.owners_committee import OwnersReal as O
from agents.rules.owners_committee import OwnersWhole as ON
from agents.rules.provider import NOBODY
from agents.rules.provider import ProviderReal as P
from agents.rules.provider import ProviderWhole as PN
from agents.rules.renovation import raised_stock
from agents.rules.voting import FUND, USE
from sim.engine import kernel
from sim.engine.assembling import ballot
from sim.engine.posting import post


@kernel
def keep_accounts(s: Any, p: Any, i: int, e: int) -> None:
    """Settle who sees the accounts this month and what custody of the money prevents; take contributions in."""
    opens = opens_accounts(s.owners[O.EFFORT, e], s.owners[O.COMPETENCE, e], p[i].owners_opens_at)
    s.owners_n[ON.ACCOUNTS, e] = 1 if opens else 0
    dose = accountant_dose(p[i].funding_accountant, p[i].funding_accountant_hours)
    s.provider[P.PREVENTED, e] = prevented_leak(p[i].funding_account, p[i].funding_signature, dose)
    s.provider[P.OPEN_BOOKS, e] = accounts_seen(
        p[i].provider_open_books,
        s.owners_n[ON.ACCOUNTS, e],
        p[i].owners_accounts,
        p[i].funding_open_accounts,
        dose,
    )
    if p[i].funding_fund_rate == 0.0:
        s.provider_n[PN.CONTRIBUTION, e] = 0
    if s.provider_n[PN.KIND, e] != NOBODY:
        paid_in = contribution(s.provider_n[PN.CONTRIBUTION, e], s.estate_n[E.AREA, e], s.provider[P.PUBLISHED, e])
        post(s, e, Item.FUND_PAID_IN, paid_in)


@kernel
def ask_about_fund(s: Any, p: Any, i: int, e: int, month: int) -> None:
    """A committee asks the owners for contributions to a fund, and once a year whether to use it."""
    if s.owners_n[ON.COMMITTEE, e] == NONE:
        return
    if p[i].funding_fund_rate > 0.0 and s.provider_n[PN.CONTRIBUTION, e] == 0 and fund_voted(month):
        if ballot(s, p, i, e, month, FUND):
            s.provider_n[PN.CONTRIBUTION, e] = fen(p[i].funding_fund_rate)
    fund, n = s.cash[Sector.OWNERS, e], s.estate_n[E.N_HOUSEHOLDS, e]
    if p[i].funding_fund_use == 1 and use_voted(month) and worth_using(fund, n, p[i].funding_use_from):
        if ballot(s, p, i, e, month, USE):
            money = used_from_fund(fund)
            post(s, e, Item.FUND_WORKS, money)
            useful = well_spent(money, s.owners[O.COMPETENCE, e], p[i].owners_bad_purchase)
            for stock in (K.VISIBLE, K.INVISIBLE):
                now = s.facility[stock, e]
                s.facility[stock, e] = raised_stock(now, bought_stock(useful, n, p[i].firm_investment_price, now))
