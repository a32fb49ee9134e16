"""Free care (家政) for vulnerable households by committee cadres and the firm: who is reached, and what it moves.

Mechanisms 5: a gift is answered by receivers, half as much by those who know them; it moves trust through a contact.
"""

from agents.rules.compiling import rule
from agents.rules.numeric import clip, move


@rule
def willing_hours(hours: float, fatigue: float) -> float:
    """Return the hours of care that tired cadres still give."""
    return hours * (1.0 - fatigue)


@rule
def care_chance(hours: float, per_visit: float, targeting: float, n_vulnerable: int) -> float:
    """Return a vulnerable household's chance of care this month; targeting : share of visits that reach one."""
    if n_vulnerable == 0:
        return 0.0
    return clip(hours / per_visit * targeting / n_vulnerable, 0.0, 1.0)


@rule
def share_of_care(own: float, other: float) -> float:
    """Return the share of one side in the hours of care of both."""
    if own + other <= 0.0:
        return 0.0
    return own / (own + other)


@rule
def trust_after_care(trust: float, effect: float, given: float, heard: float) -> float:
    """Return trust in a body after its care: a delta rule towards 1.

    effect : of a visit; given : this body's share in the care; heard : 1 for a receiver, less for who only knows one.
    """
    return move(trust, 1.0, effect * given * heard)
