"""Formulas that several rules share, and the only roundings: whole fen, millionths, and table look-ups."""

import math

from agents.rules.compiling import rule
from agents.rules.normal import normal_quantile
from agents.rules.units import EXPONENT_END, FEN, HALF, MILLION, THOUSAND, UNIFORM_WIDTH

LOGISTIC = 0
PROBIT = 1

_LOGISTIC_SD = math.pi / UNIFORM_WIDTH


@rule
def clip(x: float, low: float, high: float) -> float:
    """Return x, held between low and high."""
    if x < low:
        return low
    if x > high:
        return high
    return x


@rule
def logistic(x: float) -> float:
    """Return 1 / (1 + exp(-x)) without overflow: exactly 0 or 1 far out."""
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x)) if x < EXPONENT_END else 1.0
    if x < -EXPONENT_END:
        return 0.0
    e = math.exp(x)
    return e / (1.0 + e)


@rule
def logit(u: float) -> float:
    """Return log(u / (1 - u)), u in (0, 1)."""
    return math.log(u / (1.0 - u))


@rule
def normal_law(u: float) -> float:
    """Return the quantile u of the normal law with the variance of the logistic law, pi^2 / 3."""
    return _LOGISTIC_SD * normal_quantile(u)


@rule
def taste_threshold(u: float, choice: int) -> float:
    """Return the utility above which someone with the draw u says yes.

    choice : LOGISTIC, or PROBIT with the variance of the logistic law, pi^2 / 3.
    """
    if choice == PROBIT:
        return normal_law(u)
    return logit(u)


@rule
def power(x: float, exponent: float) -> float:
    """Return x ** exponent for x >= 0 (0 at x = 0)."""
    if x <= 0.0:
        return 0.0
    return math.exp(exponent * math.log(x))


@rule
def move(x: float, target: float, rate: float) -> float:
    """Return x moved by the share `rate` of its distance to target."""
    return x + rate * (target - x)


@rule
def two_rates(x: float, target: float, rise: float, fall: float) -> float:
    """Return x moved towards target at the rate `rise` if that is up, else at the rate `fall`."""
    if target > x:
        return x + rise * (target - x)
    return x + fall * (target - x)


@rule
def over_months(rate: float, months: int) -> float:
    """Return the share of a distance closed in `months` months at a monthly rate, 1 - (1 - rate)^months."""
    if months == 1 or rate >= 1.0:
        return rate
    return 1.0 - math.exp(months * math.log(1.0 - rate))


@rule
def fen(yuan: float) -> int:
    """Return whole fen, rounded half up."""
    return int(math.floor(yuan * FEN + HALF))


@rule
def yuan(amount: int) -> float:
    """Return an amount in fen as yuan."""
    return amount / FEN


@rule
def thousandths(x: float) -> int:
    """Return x in thousandths, rounded half up."""
    return int(math.floor(x * THOUSAND + HALF))


@rule
def millionths(x: float) -> int:
    """Return x in millionths, rounded half up: sums of them do not depend on their order."""
    return int(math.floor(x * MILLION + HALF))


@rule
def whole_number(mean: float, u: float) -> int:
    """Return a whole number with this mean: the next lower or, with the chance of the rest, the next higher."""
    return int(math.floor(mean + u))


@rule
def share(part: int, whole: int) -> float:
    """Return part / whole, 0 where whole is 0."""
    if whole == 0:
        return 0.0
    return part / whole


@rule
def elapsed_share(months: float, memory: float) -> float:
    """Return exp(-months / memory), what is left after a time."""
    return math.exp(-months / memory)
