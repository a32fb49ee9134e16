"""The residents' covenant (居民公约): a household's own signature, and what those who signed do to each other."""

from agents.rules.compiling import rule
from agents.rules.numeric import logistic
from agents.rules.units import COVENANT_SIGNING, QUARTER, YEAR


@rule
def is_signed(month: int) -> bool:
    """Say whether the covenant is laid out for signature this month: once a year. Unasked, it lapses."""
    return month % YEAR == COVENANT_SIGNING


@rule
def is_sanctioned(month: int) -> bool:
    """Say whether those who signed look at each other this month: every quarter."""
    return month % QUARTER == 0


@rule
def signs_chance(
    base: float, belief: float, by_norm: float, trust: float, by_trust: float, imposed: float, by_imposed: float
) -> float:
    """Return the chance that a household signs of its own accord: if others pay, and who asks is trusted.

    A text imposed from above commits fewer (Vollan et al. 2017 against Dal Bo et al. 2010).
    """
    return logistic(base + by_norm * (2.0 * belief - 1.0) + by_trust * (2.0 * trust - 1.0) - by_imposed * imposed)


@rule
def drive_hours(share_asked: float, n_households: int, per_household: float) -> float:
    """Return the hours of a signature drive."""
    return share_asked * n_households * per_household
