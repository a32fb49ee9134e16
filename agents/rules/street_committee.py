"""The sub-district (街道) and the district (区) above it: money for repairs, inspectors, evaluation.

The district divides one sum among its sub-districts, more to those that look better where it lets them compete
(观摩评比); a sub-district divides its part and its inspectors among its estates, so that both thin out.
"""

import math

from agents.rules.columns import Column
from agents.rules.compiling import rule
from agents.rules.numeric import clip
from agents.rules.units import HALF_YEAR, MILLION


class StreetReal(Column):
    """Real-valued columns of sub-districts."""

    SCORE = "share", "score at the district's last evaluation"


class StreetWhole(Column):
    """Integer columns of sub-districts."""

    N_ESTATES = "estates", "estates in it"
    N_HOUSEHOLDS = "dwellings", "dwellings in its estates"
    SCORES = "millionths", "scores of its estates at the last evaluation, summed"
    LED = "estates", "estates in which a branch had attention at the last evaluation"
    ALONE = "0/1", "this state holds all estates of the district, not a block of them"
    GRANTED = "fen", "this month's money for repairs"
    CLAIMS = "millionths of dwellings", "claims of its estates at the last evaluation, summed"


@rule
def is_inspected(month: int) -> bool:
    """Say whether inspectors and the district's evaluation come this month: every half-year."""
    return month % HALF_YEAR == 0


@rule
def evaluation_score(visible: float, invisible: float, visible_weight: float) -> float:
    """Return how an estate looks to those above, who see the visible more clearly (Holmstrom & Milgrom 1991)."""
    return visible_weight * visible + (1.0 - visible_weight) * invisible


@rule
def mean_score(scores: int, n_estates: int) -> float:
    """Return the mean of the scores of n estates, summed in millionths."""
    return scores / n_estates / MILLION


@rule
def claim_on_budget(n_households: int, score: float, competition: float) -> float:
    """Return a sub-district's claim: by its size, and by its score as far as the district lets them compete."""
    return n_households * (1.0 - competition + competition * score)


@rule
def part_up_to(total: int, claims: float, all_claims: float) -> int:
    """Return what the first of those who share `total` fen get together, whose claims add up to `claims`.

    The parts of all are differences of such sums: together they are the total, never more.
    """
    if all_claims <= 0.0:
        return 0
    return int(math.floor(total * (claims / all_claims)))


@rule
def part_of(total: int, before: int, own: int, whole: int) -> int:
    """Return an estate's part of `total` fen by its dwellings, `before` being those of the estates before it."""
    return part_up_to(total, before + own, whole) - part_up_to(total, before, whole)


@rule
def inspection_dose(hours: float, n_estates: int, full: float) -> float:
    """Return how closely an estate is looked at: a sub-district's hours thin out over its estates."""
    return min(1.0, hours / n_estates / full)


@rule
def hours_from_above(instructor: float, inspectors: float, n_estates: int) -> float:
    """Return the paid hours of those above that reach an estate: its instructor's and its part of the inspectors'."""
    return instructor + inspectors / n_estates


@rule
def next_inspected(inspected: float, dose: float, month: int, kept: float) -> float:
    """Return how much of the last inspection still counts: it is made afresh every half-year and fades."""
    if is_inspected(month):
        return dose
    return kept * inspected


@rule
def audit_with_help(audit: float, dose: float, finds: float) -> float:
    """Return the chance that diverted money is noticed where somebody helps to look, who finds a share `finds`."""
    return clip(audit + (1.0 - audit) * finds * dose, 0.0, 1.0)


@rule
def seen_from_above(attention: float, evaluation: float) -> float:
    """Return how far those above look at the estate, by organising attention or by evaluation."""
    return max(attention, evaluation)
