"""One core, three actors (一核三体): who deliberates, who supervises the residents' committee's money."""

import math

from agents.rules.compiling import rule
from agents.rules.numeric import clip
from agents.rules.units import HALF, HUNDRED, YEAR


@rule
def seats_of(per_hundred: float, n_households: int) -> int:
    """Return seats from seats per 100 households, rounded half up."""
    return int(math.floor(per_hundred * n_households / HUNDRED + HALF))


@rule
def council_filled(candidates: int, seats: int) -> float:
    """Return the share of the council's seats that are filled."""
    if seats <= 0:
        return 0.0
    return min(1.0, candidates / seats)


@rule
def others_supervise(candidates: int, council_seats: int, seats: int) -> float:
    """Return the share of supervisors' seats filled with people who do not sit in the council.

    The council takes its members first; where too few stand, the same people supervise themselves, worth nothing.
    """
    if seats <= 0:
        return 0.0
    return clip((candidates - council_seats) / seats, 0.0, 1.0)


@rule
def supervised_leak(leak: float, supervised: float, finds: float) -> float:
    """Return the diverted share of the residents' committee's money under independent supervisors (mechanisms 5)."""
    return leak * (1.0 - finds * supervised)


@rule
def days_with_veto(days: float, veto: float, council: float) -> float:
    """Return the days to a decision that a council may hold up."""
    return days + veto * council


@rule
def sitting(council: float, council_seats: int, supervised: float, seats: int) -> float:
    """Return how many residents sit in council and supervision."""
    return council * council_seats + supervised * seats


@rule
def elects_now(in_office: int) -> bool:
    """Say whether seats are filled this month: at once, then every year."""
    return in_office % YEAR == 0
