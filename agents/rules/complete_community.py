"""The complete community (完整社区): facilities with upkeep and rents, and five items brought up to standard.

The seed article names shop, canteen, culture and sports centre, neighbourhood centre, elderly care and charging shed,
and five standards; it gives no figure for any. Each of the six haves counts for a sixth of what all six give, cost,
need and bring in, and facade, green space and roads for a third of the standard that is built once (assumed equal).
"""

from agents.rules.compiling import rule
from agents.rules.numeric import clip
from agents.rules.units import YEAR

HAVES = ("supermarket", "canteen", "culture", "neighbourhood", "elderly_care", "charging_shed")
STANDARDS = ("facade", "green", "roads")
N_HAVES, N_STANDARDS = len(HAVES), len(STANDARDS)
"""Part k, haves first, is bit k."""


@rule
def wanted_parts(
    supermarket: int, canteen: int, culture: int, neighbourhood: int, elderly: int, charging: int, facade: int,
    green: int, roads: int,
) -> int:  # fmt: skip
    """Return which parts are asked for, as bits."""
    haves = supermarket + 2 * (canteen + 2 * (culture + 2 * (neighbourhood + 2 * (elderly + 2 * charging))))
    return haves + ((facade + 2 * (green + 2 * roads)) << N_HAVES)


@rule
def missing_parts(wanted: int, built: int) -> int:
    """Return the parts asked for that are not there yet."""
    return wanted & ~built


@rule
def parts_running(wanted: int, built: int) -> int:
    """Return the parts that are there and still kept open."""
    return wanted & built


@rule
def part_of_haves(parts: int) -> float:
    """Return how much of the six haves these parts are, 0 to 1."""
    n = 0
    for k in range(N_HAVES):
        n += parts >> k & 1
    return n / N_HAVES


@rule
def part_of_standard(parts: int) -> float:
    """Return how much of facade, green space and roads these parts are, 0 to 1."""
    n = 0
    for k in range(N_HAVES, N_HAVES + N_STANDARDS):
        n += parts >> k & 1
    return n / N_STANDARDS


@rule
def gain_of_parts(parts: int, stock: float, standard: float) -> float:
    """Return the share of missing visible stock that these parts add; stock, standard : of all six, of all three."""
    return part_of_haves(parts) * stock + part_of_standard(parts) * standard


@rule
def capital_of_parts(parts: int, capital: float) -> float:
    """Return what these facilities cost once, yuan per household; capital : of all six."""
    return part_of_haves(parts) * capital


@rule
def standard_of_parts(parts: int, standard: float) -> float:
    """Return the share of the missing visible stock that facade, green space and roads among these parts add."""
    return part_of_standard(parts) * standard


@rule
def upkeep_of_parts(parts: int, upkeep: float) -> float:
    """Return what running these facilities costs, yuan/m2/month; upkeep : of all six, used or not."""
    return part_of_haves(parts) * upkeep


@rule
def rents_of_parts(parts: int, rents: float, use: float) -> float:
    """Return what these facilities bring in, yuan/m2/month; rents : of all six in full use; use : share of that."""
    return part_of_haves(parts) * rents * use


@rule
def price_of_parts(capital: float, standard: float) -> float:
    """Return what new facilities and standards cost together, yuan per household."""
    return capital + standard


@rule
def price_of_public_upkeep(price: float, municipal: float, sanitation: float) -> float:
    """Return what public upkeep costs, yuan/m2/month; price : of either at full dose."""
    return price * (municipal + sanitation)


@rule
def kept_by_street(stock: float, repair: float, dose: float) -> float:
    """Return a stock after a month of upkeep from outside; repair per year at full dose."""
    return clip(stock + repair / YEAR * dose * (1.0 - stock), 0.0, 1.0)
