"""Bills and what stays unpaid of them (欠费): one bit for each month's bill, until the claim lapses."""

import math

from agents.rules.compiling import rule
from agents.rules.units import LIMITATION_MONTHS, MANY_BILLS, NEVER, NUMBER_BITS, OLD_AGE, WORD, YEAR, YOUNG_AGE

MEMORY_MONTHS = LIMITATION_MONTHS + 1
"""An unpaid bill is remembered up to 36 months: then the claim has lapsed."""
MEMORY_MASK = (1 << MEMORY_MONTHS) - 1
MANY = MANY_BILLS
"""Bills owed from which on they are counted together."""
NOT_SUED, SUED, CONDEMNED, AGREED = 0, 1, 2, 3
"""Whether a firm sues, a court has judged, or the parties have come to terms."""
YOUNG_MONTHS, MIDDLE_MONTHS = YOUNG_AGE, OLD_AGE
"""A debt is young up to 3 months of age, middle-aged up to 12, then old."""
YEAR_MASK = ((1 << YEAR) - 1) << YOUNG_MONTHS
NO_DEBT = NEVER
"""Reasons, in logits, that nobody has: threshold of who owes nothing that can be claimed."""


@rule
def is_due(month: int, period: int) -> bool:
    """Say whether a bill is issued this month: every `period` months, counted from the policy month."""
    return month % period == 0


@rule
def over_period(amount: int, months: int) -> int:
    """Return a monthly rate or flat fee (fen) for a bill of so many months."""
    return amount * months


@rule
def place_in_order(u: float, number: int) -> int:
    """Return a household's place where decisions follow one another: by its draw, then by its number."""
    return (int(u * WORD) << NUMBER_BITS) + number


@rule
def age_debts(unpaid: int) -> int:
    """Return the unpaid bills one month later; the oldest lapse."""
    return (unpaid << 1) & MEMORY_MASK


@rule
def owes(unpaid: int, age: int) -> bool:
    """Say whether the bill issued `age` months ago is unpaid."""
    return (unpaid >> age) & 1 == 1


@rule
def add_debt(unpaid: int) -> int:
    """Return the unpaid bills with this month's among them."""
    return unpaid | 1


@rule
def pay_debt(unpaid: int, age: int) -> int:
    """Return the unpaid bills without the one issued `age` months ago."""
    return unpaid ^ (1 << age)


@rule
def debt_class(age: int) -> int:
    """Return 0 for a young debt, 1 for a middle-aged, 2 for an old one; age in months."""
    if age <= YOUNG_MONTHS:
        return 0
    if age <= MIDDLE_MONTHS:
        return 1
    return 2


@rule
def oldest_debt(unpaid: int, claim_months: int) -> int:
    """Return the age of the oldest unpaid bill not older than claim_months, or -1."""
    for age in range(min(claim_months, MEMORY_MONTHS - 1), -1, -1):
        if owes(unpaid, age):
            return age
    return -1


@rule
def claimable(unpaid: int, since: int) -> int:
    """Return the unpaid bills, this month's apart, that a provider in its seat for `since` months can claim."""
    return unpaid & ((2 << min(since, MEMORY_MONTHS - 1)) - 2)


@rule
def number_owed(bills: int) -> int:
    """Return how many bills these are: 0, 1, 2, or MANY for three and more."""
    if bills == 0:
        return 0
    rest = bills & (bills - 1)
    if rest == 0:
        return 1
    if rest & (rest - 1) == 0:
        return 2
    return MANY


@rule
def bills_of_a_year(bills: int) -> int:
    """Return those bills of a year that have had three months: ages 3 to 14."""
    return bills & YEAR_MASK


@rule
def has_whole_year(bills: int, period: int) -> bool:
    """Say whether these bills of a year are all that a year has, a bill every `period` months."""
    n = 0
    for age in range(YOUNG_MONTHS, YOUNG_MONTHS + YEAR):
        n += bills >> age & 1
    return n == YEAR // period


@rule
def bills_agreed(unpaid: int, share: float) -> int:
    """Return how many unpaid bills are paid after a mediated suit: this share of them, rounded up."""
    n = 0
    for age in range(MEMORY_MONTHS):
        n += unpaid >> age & 1
    return int(math.ceil(share * n))


@rule
def with_old_debt(unpaid: int, after: int) -> bool:
    """Say whether a bill older than `after` months is unpaid: old enough for a suit."""
    return unpaid >> (after + 1) != 0


@rule
def bill_of(area: int, rate: int, flat: int) -> int:
    """Return a household's bill in fen: rate (fen per m2) and flat part (fen per household)."""
    return area * rate + flat
