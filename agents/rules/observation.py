"""Observation and evaluation (观摩评比): attention comes in pulses, and goes where a good show is expected."""

from agents.rules.compiling import rule
from agents.rules.numeric import millionths, power
from agents.rules.units import HALF_YEAR


@rule
def show_claim(n_households: int, score: float, kappa: float, least: float) -> int:
    """Return an estate's claim, millionths of dwellings: its size times its score to the power kappa (mechanisms 3.2).

    kappa 0 counts dwellings alone; a score below `least` counts as that.
    """
    return millionths(n_households * power(max(score, least), kappa))


@rule
def expected_show(claim: int, n_households: int, claims: int, all_households: int) -> float:
    """Return how much more than the sub-district's average a dwelling of this estate is expected to show."""
    if claims <= 0:
        return 1.0
    return (claim / n_households) / (claims / all_households)


@rule
def pulsed_attention(attention: float, pulse: float, show: float, month: int, lasting: int) -> float:
    """Return attention with the pulse of an inspection, for `lasting` months from it, more for show estates."""
    if month % HALF_YEAR >= lasting:
        return attention
    return min(1.0, attention + pulse * show)
