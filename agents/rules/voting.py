"""Votes of the owners' assembly (业主大会): who is reached, who returns a ballot, what binds.

Until 2020-12 the Property Law (art. 76) counts all owners; from 2021-01 the Civil Code (art. 278) asks for a
quorum and counts those who take part.
"""

from agents.rules.compiling import rule
from agents.rules.numeric import logistic
from agents.rules.units import (
    CIVIL_CODE_YEAR,
    DISMISSAL_VOTE,
    FOUR_FIFTHS,
    LETTING_VOTE,
    ONE_HALF,
    THREE_QUARTERS,
    TWO_THIRDS,
    YEAR,
    YEAR_END,
)

# law in force
PROPERTY_LAW, CIVIL_CODE = 0, 1
# matter voted on
ORDINARY, SPECIAL, RENOVATION_CONSENT = 0, 1, 2


# questions put to the owners
FORM, RENEW, DISMISS, RAISE, LET, RENOVATE, FUND, USE = 0, 1, 2, 3, 4, 5, 6, 7


@rule
def law_in_force(month: int, start_year: int, start_month: int) -> int:
    """Return the law of a month counted from the policy month."""
    if (start_year - CIVIL_CODE_YEAR) * YEAR + start_month - 1 + month >= 0:
        return CIVIL_CODE
    return PROPERTY_LAW


@rule
def dismissal_voted(month: int) -> bool:
    """Say whether owners may vote on the firm this month: once a year, half a year before fees are voted on."""
    return month % YEAR == DISMISSAL_VOTE


@rule
def rise_voted(month: int) -> bool:
    """Say whether a firm may ask for a higher fee this month: in the last month of a year from the policy month."""
    return month % YEAR == YEAR_END


@rule
def letting_voted(month: int) -> bool:
    """Say whether the committee may ask the owners to let common parts this month: once a year."""
    return month % YEAR == LETTING_VOTE


@rule
def matter_of(question: int, law: int) -> int:
    """Return the kind of matter.

    Letting common parts is a special one since the Civil Code (art. 278, item 8), raising money for a fund always;
    using a fund was one under the Property Law (art. 76) and is an ordinary matter since (evidence section 6).
    """
    if question == RENOVATE:
        return RENOVATION_CONSENT
    if question == FUND:
        return SPECIAL
    if (question == LET and law == CIVIL_CODE) or (question == USE and law == PROPERTY_LAW):
        return SPECIAL
    return ORDINARY


@rule
def more_than(part: int, whole: int, numerator: int, denominator: int) -> bool:
    """Say whether part / whole > numerator / denominator, exactly."""
    return part * denominator > whole * numerator


@rule
def at_least(part: int, whole: int, numerator: int, denominator: int) -> bool:
    """Say whether part / whole >= numerator / denominator, exactly; never of nothing."""
    return whole > 0 and part * denominator >= whole * numerator


@rule
def vote_passes(
    law: int, matter: int, owners: int, area: int, owners_voting: int, area_voting: int, owners_for: int, area_for: int
) -> bool:
    """Say whether a vote binds, counted by owners and by area (evidence section 6).

    Civil Code 278: two thirds of owners and area take part; more than half of those for an ordinary matter, three
    quarters for raising money, rebuilding, changing or renting out common parts. Property Law 76: more than half of
    all owners and area, two thirds for money and rebuilding. Hebei renovation: 80 % of all households consent.
    """
    if matter == RENOVATION_CONSENT:
        return at_least(owners_for, owners, *FOUR_FIFTHS)
    if law == CIVIL_CODE:
        if not (at_least(owners_voting, owners, *TWO_THIRDS) and at_least(area_voting, area, *TWO_THIRDS)):
            return False
        if matter == SPECIAL:
            enough = at_least(owners_for, owners_voting, *THREE_QUARTERS)
            return enough and at_least(area_for, area_voting, *THREE_QUARTERS)
        return more_than(owners_for, owners_voting, *ONE_HALF) and more_than(area_for, area_voting, *ONE_HALF)
    if matter == SPECIAL:
        return at_least(owners_for, owners, *TWO_THIRDS) and at_least(area_for, area, *TWO_THIRDS)
    return more_than(owners_for, owners, *ONE_HALF) and more_than(area_for, area, *ONE_HALF)


@rule
def organised_ballot(helped: float, push: float, effort: float, by_effort: float) -> float:
    """Return how well a ballot is carried from door to door: by helpers or by a push from above, and by own effort."""
    return min(1.0, max(helped, push) + by_effort * effort)


@rule
def carried_ballot(organised: float, canvass: float) -> float:
    """Return how well a ballot is carried from door to door where cadres canvass for it too."""
    return max(organised, canvass)


@rule
def reached_chance(base: float, organised: float, absent: bool, absent_loss: float) -> float:
    """Return the chance that the ballot reaches an owner: organising helps, absence hinders."""
    chance = base + (1.0 - base) * organised
    if absent:
        return chance * (1.0 - absent_loss)
    return chance


@rule
def returned_chance(
    base: float, estate_effect: float, voice: float, group_efficacy: float, proxy: float, crowding: float
) -> float:
    """Return the chance that an owner returns the ballot: efficacy brings people, a capable proxy keeps them away.

    Signs after Yau (2018).
    """
    return logistic(base + estate_effect + (2.0 * voice - 1.0) + (2.0 * group_efficacy - 1.0) - crowding * proxy)


@rule
def proxy_competence(trust_provider: float, attention: float, trust_branch: float) -> float:
    """Return how capable somebody else seems to take care of things: the provider, or a branch that attends."""
    return max(trust_provider, attention * trust_branch)


@rule
def gain_from_committee(
    gap: float, grievance: float, efficacy: float, base: float, by_grievance: float, by_efficacy: float
) -> float:
    """Return what an owner expects of a committee: more where service falls short and where it can do something."""
    return base - gap + by_grievance * grievance + by_efficacy * efficacy


@rule
def gain_from_renewal(effort: float, capture: float, worth: float, needed: float) -> float:
    """Return what an owner expects of the committee in office: what it did for owners, not for others."""
    return worth * (effort * (1.0 - capture) - needed)


@rule
def gain_from_change(gap: float, change_cost: float) -> float:
    """Return what an owner expects of another firm: the shortfall of this one, less what a change costs."""
    return -gap - change_cost


@rule
def gain_from_rise(gap: float, rise: float, per_log_price: float) -> float:
    """Return what an owner expects of a higher fee: good service kept, against what one then expects for the price."""
    return gap - per_log_price * rise


@rule
def gain_from_letting(trust: float, capture: float, worth: float, trouble: float) -> float:
    """Return what an owner expects of rents: a share of them if the committee keeps them for owners, less trouble."""
    return worth * trust * (1.0 - capture) - trouble


@rule
def says_yes(gain: float, doubt: float, u: float) -> bool:
    """Say whether an owner votes yes: own expected gain above zero, with a little doubt (scale of a logistic law)."""
    return u < logistic(gain / doubt)
