"""The complete community (完整社区): facilities with upkeep and rents, and five items brought up to standard.

The seed article names shop, canteen, culture and sports centre, neighbourhood centre, elderly care and charging shed,
and five standards; what each gives, costs and brings in is assumed.
"""

from agents.rules.compiling import rule
from agents.rules.numeric import clip

N_PARTS = 9
"""Six haves: supermarket, canteen, culture centre, neighbourhood centre, elderly care, charging shed; three
standards that are built once: facade, green space, roads. Part k is bit k."""

STOCK = (0.10, 0.15, 0.25, 0.20, 0.20, 0.10, 0.0, 0.0, 0.0)
CAPITAL = (0.10, 0.20, 0.25, 0.20, 0.20, 0.05, 0.0, 0.0, 0.0)
UPKEEP = (0.05, 0.25, 0.20, 0.15, 0.30, 0.05, 0.0, 0.0, 0.0)
RENTS = (0.35, 0.20, 0.05, 0.05, 0.05, 0.30, 0.0, 0.0, 0.0)
"""Share of each of the six haves in what all six give, cost, need and bring in (assumed)."""
STANDARD = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.4, 0.3, 0.3)
"""Share of facade, green space and roads in the standard (assumed)."""


@rule
def wanted_parts(
    supermarket: int, canteen: int, culture: int, neighbourhood: int, elderly: int, charging: int, facade: int,
    green: int, roads: int,
) -> int:  # fmt: skip
    """Return which parts are asked for, as bits."""
    haves = supermarket | canteen << 1 | culture << 2 | neighbourhood << 3 | elderly << 4 | charging << 5
    return haves | facade << 6 | green << 7 | roads << 8


@rule
def missing_parts(wanted: int, built: int) -> int:
    """Return the parts asked for that are not there yet."""
    return wanted & ~built


@rule
def parts_running(wanted: int, built: int) -> int:
    """Return the parts that are there and still kept open."""
    return wanted & built


@rule
def gain_of_parts(parts: int, stock: float, standard: float) -> float:
    """Return the share of missing visible stock that these parts add; stock, standard : of all six, of all three."""
    total = 0.0
    for k in range(N_PARTS):
        if parts >> k & 1 == 1:
            total += STOCK[k] * stock + STANDARD[k] * standard
    return total


@rule
def capital_of_parts(parts: int, capital: float) -> float:
    """Return what these facilities cost once, yuan per household; capital : of all six."""
    total = 0.0
    for k in range(N_PARTS):
        if parts >> k & 1 == 1:
            total += CAPITAL[k] * capital
    return total


@rule
def standard_of_parts(parts: int, standard: float) -> float:
    """Return the share of the missing visible stock that facade, green space and roads among these parts add."""
    total = 0.0
    for k in range(N_PARTS):
        if parts >> k & 1 == 1:
            total += STANDARD[k] * standard
    return total


@rule
def upkeep_of_parts(parts: int, upkeep: float) -> float:
    """Return what running these facilities costs, yuan/m2/month; upkeep : of all six, used or not."""
    total = 0.0
    for k in range(N_PARTS):
        if parts >> k & 1 == 1:
            total += UPKEEP[k] * upkeep
    return total


@rule
def rents_of_parts(parts: int, rents: float, use: float) -> float:
    """Return what these facilities bring in, yuan/m2/month; rents : of all six in full use; use : share of that."""
    total = 0.0
    for k in range(N_PARTS):
        if parts >> k & 1 == 1:
            total += RENTS[k] * rents * use
    return total


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
    return clip(stock + repair / 12.0 * dose * (1.0 - stock), 0.0, 1.0)
