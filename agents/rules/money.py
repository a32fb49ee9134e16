"""Who pays whom: the sectors and the items of the double-entry ledger, in whole fen.

Every item has one payer and one payee, so each row of the transactions matrix sums to zero; the cash of each
sector is kept apart, so that opening cash + ledger = closing cash is a test and not a definition.
"""

from enum import IntEnum
from typing import Self


class Sector(IntEnum):
    """Who holds money."""

    HOUSEHOLDS = 0
    PROVIDER = 1
    RESIDENTS_COMMITTEE = 2
    STREET = 3
    DISTRICT = 4
    OWNERS = 5
    """The owners in common: maintenance fund and their account."""
    SOCIAL_ORGANIZATIONS = 6
    WORKERS = 7
    SUPPLIERS = 8
    INSIDERS = 9
    """Shareholders of firms, and whoever diverts money."""
    TENANTS = 10
    """Who rents common parts or buys advertising."""
    PROPERTY_RIGHT_UNIT = 11
    RESIDENT_INSTITUTIONS = 12
    FINANCIERS = 13
    COURTS = 14


class Item(IntEnum):
    """A kind of payment: its payer and its payee."""

    payer: Sector
    payee: Sector

    def __new__(cls, payer: Sector, payee: Sector) -> Self:
        """Number the members 0, 1, 2 ... in the order they are written."""
        number = len(cls.__members__)
        member = int.__new__(cls, number)
        member._value_ = number
        member.payer = payer
        member.payee = payee
        return member

    FEES = Sector.HOUSEHOLDS, Sector.PROVIDER
    ARREARS_PAID = Sector.HOUSEHOLDS, Sector.PROVIDER
    COMMON_INCOME = Sector.TENANTS, Sector.PROVIDER
    GRANT = Sector.STREET, Sector.PROVIDER
    SUBSIDY = Sector.STREET, Sector.PROVIDER
    WAGES = Sector.PROVIDER, Sector.WORKERS
    MATERIALS = Sector.PROVIDER, Sector.SUPPLIERS
    DIVERTED = Sector.PROVIDER, Sector.INSIDERS
    CAPITAL_IN = Sector.INSIDERS, Sector.PROVIDER
    CAPITAL_OUT = Sector.PROVIDER, Sector.INSIDERS
    PROFIT = Sector.PROVIDER, Sector.INSIDERS
    RETURNED = Sector.PROVIDER, Sector.STREET
    LOSS_COVER = Sector.STREET, Sector.PROVIDER
    SURPLUS_TO_OWNERS = Sector.PROVIDER, Sector.OWNERS
    REPAIRS_PROVIDER = Sector.PROVIDER, Sector.SUPPLIERS
    REPAIRS_OWNERS = Sector.OWNERS, Sector.SUPPLIERS
    REPAIRS_STREET = Sector.STREET, Sector.SUPPLIERS
    REPAIRS_OLD_UNIT = Sector.PROPERTY_RIGHT_UNIT, Sector.SUPPLIERS
    CONTRACTS = Sector.STREET, Sector.SOCIAL_ORGANIZATIONS
    COURT_FEES = Sector.PROVIDER, Sector.COURTS
    LETTING = Sector.TENANTS, Sector.OWNERS
    REPAIRS_GRANTED = Sector.DISTRICT, Sector.STREET
    WORKS_GRANTED = Sector.DISTRICT, Sector.STREET
    WORKS_STREET = Sector.STREET, Sector.SUPPLIERS
    WORKS_OLD_UNIT = Sector.PROPERTY_RIGHT_UNIT, Sector.SUPPLIERS
    WORKS_HOUSEHOLDS = Sector.HOUSEHOLDS, Sector.SUPPLIERS
    STANDARDS_UPKEEP = Sector.STREET, Sector.SUPPLIERS
    POSTS = Sector.STREET, Sector.WORKERS
    FACILITY_RENTS = Sector.TENANTS, Sector.PROVIDER
    FACILITY_UPKEEP = Sector.PROVIDER, Sector.SUPPLIERS
    INVESTMENT = Sector.PROVIDER, Sector.SUPPLIERS
    CARE_WAGES = Sector.PROVIDER, Sector.WORKERS
    FUND_PAID_IN = Sector.HOUSEHOLDS, Sector.OWNERS
    FUND_WORKS = Sector.OWNERS, Sector.SUPPLIERS
    ADVANCE = Sector.FINANCIERS, Sector.PROVIDER
    REPAYMENT = Sector.PROVIDER, Sector.FINANCIERS
    GIFTS = Sector.RESIDENT_INSTITUTIONS, Sector.SUPPLIERS
    SALARIES = Sector.STREET, Sector.WORKERS
    PLATFORM = Sector.STREET, Sector.SUPPLIERS
    CAPACITY_BUILDING = Sector.STREET, Sector.SOCIAL_ORGANIZATIONS
    FEES_RETURNED = Sector.PROVIDER, Sector.HOUSEHOLDS
    POLITICAL_TASKS = Sector.PROVIDER, Sector.WORKERS
    PROTECTION = Sector.STREET, Sector.PROVIDER


PAYER = tuple(int(item.payer) for item in Item)
PAYEE = tuple(int(item.payee) for item in Item)
