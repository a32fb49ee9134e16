"""Contacts at the door: how many, at whose door. What a contact does depends on hours, tie, target and trust alone."""

from agents.rules.compiling import rule
from agents.rules.household import BRANCH, COMMITTEE, NO_VOUCHER
from agents.rules.numeric import clip
from agents.rules.units import HUNDRED


@rule
def hours_for(per_hundred: float, n_households: int) -> float:
    """Return hours a month from hours per 100 households."""
    return per_hundred * (n_households / HUNDRED)


@rule
def total_hours(first: float, second: float, third: float) -> float:
    """Return the hours of three sources together."""
    return first + second + third


@rule
def worth_of_hours(hours: float, wage: float) -> float:
    """Return what hours are worth, in yuan."""
    return hours * wage


@rule
def cadre_share(cadre_hours: float, member_hours: float) -> float:
    """Return the share of visiting hours that committee cadres give."""
    if cadre_hours + member_hours <= 0.0:
        return 0.0
    return cadre_hours / (cadre_hours + member_hours)


@rule
def visits_per_household(hours: float, hours_per_visit: float, n_households: int) -> float:
    """Return visits per household and month that hours allow."""
    if n_households == 0:
        return 0.0
    return hours / hours_per_visit / n_households


@rule
def target_weight(paid: int, share_paid: float, target: float) -> float:
    """Return how much more often than average this household is visited; averages to 1 over the estate.

    paid : 1 if it paid the last bill; target in [0, 1] : knowledge of who does not.
    """
    mean = 1.0 + target * (1.0 - 2.0 * share_paid)
    if mean <= 0.0:
        return 1.0
    return (1.0 + target * (1.0 - 2.0 * paid)) / mean


@rule
def less_for_favoured(weight: float, favour: float) -> float:
    """Return how often a household is visited that is spared a share of visits."""
    return weight * (1.0 - favour)


@rule
def contact_chance(per_household: float, weight: float) -> float:
    """Return the probability of a contact this month."""
    return clip(per_household * weight, 0.0, 1.0)


@rule
def neighbour_tie(embedded_share: float, outsider: float) -> float:
    """Return the strength of a visit: visitors who are neighbours count fully, others by `outsider`."""
    return embedded_share + (1.0 - embedded_share) * outsider


@rule
def who_visits(u: float, chance: float, cadres: float) -> int:
    """Return who comes this month: nobody, the committee's cadres with their share of visits, or branch members."""
    if u >= chance:
        return NO_VOUCHER
    if u < chance * cadres:
        return COMMITTEE
    return BRANCH
