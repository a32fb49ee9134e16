"""The residents' forum (居民说事, 民情恳谈): open and repeated it eases cases, closed or bent it does harm."""

from agents.rules.compiling import rule
from agents.rules.numeric import clip, move, share


@rule
def is_forum(month: int, interval: int) -> bool:
    """Say whether a forum is held this month: every `interval` months, 0 for never."""
    if interval <= 0:
        return False
    return month % interval == 0


@rule
def is_loud(aggrieved: bool, paid: int) -> bool:
    """Say whether an attendant bends the forum to an own quarrel: aggrieved, and did not pay the last bill."""
    return aggrieved and paid == 0


@rule
def told_openly(openness: float) -> float:
    """Return how fully attendants are told who pays; a closed forum tells nothing."""
    return max(0.0, openness)


@rule
def next_practice(
    practice: float, interval: int, attendants: int, n_households: int, full: float, speed: float
) -> float:
    """Return how used people are to talking a month later: as far as they come; `full` : share that fills it."""
    if interval <= 0:
        return move(practice, 0.0, speed)
    return move(practice, min(1.0, share(attendants, n_households) / full), speed)


@rule
def ease_of_forum(gain: float, openness: float, practice: float, loud: float, bending: float) -> float:
    """Return how much easier cases are at mediation; negative where the forum is closed or a loud minority bends it."""
    return clip(gain * openness * practice * (1.0 - bending * loud), -1.0, 1.0)
