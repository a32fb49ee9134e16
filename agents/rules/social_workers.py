"""Professional social workers (专业社工) in the residents' committee: trained, recruited, paid, and leaving."""

from agents.rules.compiling import rule
from agents.rules.numeric import clip, move
from agents.rules.units import YEAR


@rule
def worker_leaves_chance(per_year: float, pay: float, full_pay: float, effect: float) -> float:
    """Return a month's chance that a worker leaves, less with better pay; pay, full_pay in yuan/hour (mechanisms 5)."""
    return clip(per_year / YEAR * (1.0 - effect * min(1.0, pay / full_pay)), 0.0, 1.0)


@rule
def next_trained(trained: float, hours: float, full: float, speed: float) -> float:
    """Return how far professional training has come after a month with training hours (`full` of them: in full)."""
    return move(trained, 1.0, speed * min(1.0, hours / full))


@rule
def trained_after_leaving(trained: float, exchange: float, recruited: float, chance: float, u: float) -> float:
    """Return it once a worker may have left: what exchange kept with the others, or what an open recruit brings."""
    if u < chance:
        return max(exchange * trained, recruited)
    return trained


@rule
def skill_with_training(skill: float, gain: float, trained: float) -> float:
    """Return the committee's skill in mediation with what training added."""
    return clip(skill + gain * trained, 0.0, 1.0)


@rule
def learning_hours(training: float, exchange: float, exchange_hours: float) -> float:
    """Return the hours per 100 households that training and exchange take."""
    return training + exchange * exchange_hours


@rule
def salary_gap(hours: float, pay: float) -> float:
    """Return what better pay costs in a month, in yuan: paid hours times yuan per hour above the committee's wage."""
    return hours * pay
