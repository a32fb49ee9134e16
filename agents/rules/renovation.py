"""Building works (老旧小区改造): where they go, who agrees and pays, what they raise, and what they disturb.

Precise renovation (精准改造) goes where the need is and gives in proportion to what is missing. Works raise stocks and
clear defects that the property-right unit left behind; they touch neither payment nor trust.
"""

from agents.rules.compiling import rule
from agents.rules.numeric import clip, fen
from agents.rules.units import HALF, YEAR


@rule
def needs_works(visible: float, invisible: float, below: float) -> bool:
    """Say whether an estate is bad enough for works: its mean stock lies below `below`."""
    return HALF * (visible + invisible) < below


@rule
def consent_asked(offered: int) -> bool:
    """Say whether owners are asked this month: when works are first offered, and once a year after a refusal."""
    return offered % YEAR == 0


@rule
def gain_of_works(stock: float, gain: float, bias: float) -> float:
    """Return what works add to a stock: a share of what is missing, shifted by `bias` towards this stock."""
    return clip(gain * (1.0 + bias), 0.0, 1.0) * (1.0 - stock)


@rule
def price_of_works(visible: float, invisible: float, price: float) -> float:
    """Return what works cost, yuan per household; price : of renewing both stocks from nothing."""
    return price * HALF * (visible + invisible)


@rule
def signed_chance(returned: float, canvass: float, signs: float) -> float:
    """Return the chance that an owner answers: some who would send no ballot sign for a canvasser at the door."""
    return returned + (1.0 - returned) * canvass * signs


@rule
def gain_from_works(visible: float, invisible: float, worth: float, own: float, income: float, strain: float) -> float:
    """Return what an owner expects of works (quality): better stocks, less the own part of the price (yuan).

    worth : quality per stock; strain : quality per month of income (yuan/month) that the own part takes.
    """
    return worth * HALF * (visible + invisible) - strain * own / income


@rule
def part_of_price(price: float, part: float, n_households: int) -> int:
    """Return what one payer owes for all dwellings, in fen; price in yuan per household, part a share of it."""
    return fen(price * part * n_households)


@rule
def legacy_cleared(legacy: float, old_unit: float, unit_exists: bool) -> float:
    """Return the share of legacy defects that works clear: what a vanished unit should pay for stays undone."""
    if unit_exists:
        return legacy
    return legacy * (1.0 - old_unit)


@rule
def unit_exists(u: float, chance: float) -> bool:
    """Say whether the estate's property-right unit (产权单位) still exists; u in (0, 1)."""
    return u < chance


@rule
def part_of_month(gain: float, months: int) -> float:
    """Return the stock that works add this month, of what is still to come in `months` months."""
    return gain / months


@rule
def raised_stock(stock: float, gain: float) -> float:
    """Return a stock after something was added, at most 1."""
    return clip(stock + gain, 0.0, 1.0)


@rule
def canvassing_hours(canvass: float, per_household: float, n_households: int) -> float:
    """Return the hours of cadres who collect consent from door to door; per_household : hours at full dose."""
    return canvass * per_household * n_households


@rule
def rest_of(part: float) -> float:
    """Return the share that is left to the other payer."""
    return 1.0 - part


@rule
def part_of_legacy(legacy: float, part: float) -> float:
    """Return one payer's share of the price of all legacy works, where only `legacy` of them is done."""
    return legacy * part


@rule
def asked_of_owners(price: float, part: float) -> float:
    """Return what works ask of each owner, yuan; price per household, part the owners' share."""
    return price * part
