"""The common facilities (公共设施): two stocks that decay and are kept up, and the quality people meet."""

from agents.rules.columns import Column
from agents.rules.compiling import rule
from agents.rules.numeric import clip, power
from agents.rules.units import HALF, YEAR


class FacilityReal(Column):
    """Real-valued columns of an estate's buildings."""

    VISIBLE = "stock", "what is seen: facade, paving, green space, lamps"
    INVISIBLE = "stock", "what is not: pipes, roofs, wiring"
    SERVICE = "quality", "service of this month"
    QUALITY = "quality", "service and facilities together"
    COMING_VISIBLE = "stock", "visible stock that works agreed on, or proposed, will still add"
    COMING_INVISIBLE = "stock", "the same, invisible"
    ASKED = "yuan/household", "what owners are asked to pay for works"
    LEGACY_CLEARED = "share", "legacy defects that works have cleared"


@rule
def upkeep(delivered: float, threshold: float) -> float:
    """Return the share of full upkeep at an input (share of standard): nothing below the threshold (Yu et al. 2015)."""
    return clip((delivered - threshold) / (1.0 - threshold), 0.0, 1.0)


@rule
def upkeep_bias(visible_bias: float, attention: float) -> float:
    """Return how far upkeep is shifted from invisible to visible stock: attention looks at what is seen."""
    return visible_bias * attention


@rule
def next_stock(stock: float, decay: float, repair: float, kept_up: float, bias: float) -> float:
    """Return a facility stock after one month; decay and repair per year, bias shifts upkeep towards this stock."""
    return clip(stock - decay / YEAR * stock + repair / YEAR * kept_up * (1.0 + bias) * (1.0 - stock), 0.0, 1.0)


@rule
def service_quality(delivered: float, exponent: float) -> float:
    """Return service in [0, 1] from the input delivered (share of standard)."""
    return power(clip(delivered, 0.0, 1.0), exponent)


@rule
def total_quality(service: float, visible: float, invisible: float, weight: float, floor: float) -> float:
    """Return the quality met: a weighted geometric mean of service and facilities, facilities never below floor."""
    stock = HALF * (visible + invisible)
    return power(service, weight) * power(floor + (1.0 - floor) * stock, 1.0 - weight)
