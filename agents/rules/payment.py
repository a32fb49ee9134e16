"""The household's decision on a bill (交费): what speaks for paying, what against, and of which kind the answer is.

Each bill has one luck of its own, for good: who looks at it twice for the same reasons decides the same twice.
No form of governance appears in any rule here; bill, decision and debt are the owner's.
"""

import math

from agents.rules.compiling import rule
from agents.rules.household import (
    AS_ANCHOR,
    ASKED,
    BRANCH,
    CONDITIONAL,
    ENFORCED,
    FREE_RIDER,
    REFUSED,
    REPELLED,
    UNCONDITIONAL,
    VOLUNTARY,
)
from agents.rules.numeric import PROBIT, clip, normal_law, taste_threshold
from agents.rules.units import TINY, YEAR


@rule
def burden(bill: int, months: int, income: float) -> float:
    """Return the monthly bill in percent of monthly income; bill in fen, income in yuan (fen / yuan = percent)."""
    return bill / months / income


@rule
def burden_felt(percent: float, channel: int) -> float:
    """Return the burden that counts: none where a price is felt only through what it lets one expect."""
    if channel == AS_ANCHOR:
        return 0.0
    return percent


@rule
def social_term(payer_type: int, belief: float, self_serving: float, b_social: float) -> float:
    """Return what others' payment adds, to conditional cooperators only (Fischbacher 2001; Brock & Durlauf 2001)."""
    if payer_type != CONDITIONAL:
        return 0.0
    return b_social * (2.0 * (belief - self_serving) - 1.0)


@rule
def readiness(common: float, own: float) -> float:
    """Return a household's readiness to pay: the common level and its own difference."""
    return common + own


@rule
def own_readiness(payer_type: int, deviation: float, shift_free: float, shift_unconditional: float) -> float:
    """Return how far a household's readiness lies from the common level."""
    if payer_type == FREE_RIDER:
        return deviation - shift_free
    if payer_type == UNCONDITIONAL:
        return deviation + shift_unconditional
    return deviation


@rule
def plain_utility(
    intercept: float, gap: float, trust: float, social: float, habit: float, signed: int, percent_of_income: float,
    bailout: float, grievance: float, voice: float, b_quality: float, b_trust: float, b_habit: float,
    b_covenant: float, b_burden: float, b_bailout: float, b_grievance: float,
) -> float:  # fmt: skip
    """Return the utility of paying when nobody asks, enforces or presses (random utility, mechanisms H1).

    gap : quality seen minus quality expected; percent_of_income : the bill's burden. Withholding in protest
    weakens where complaining helps (voice).
    """
    return (
        intercept
        + b_quality * gap
        + b_trust * (2.0 * trust - 1.0)
        + social
        + b_habit * (2.0 * habit - 1.0)
        + b_covenant * signed
        - b_burden * percent_of_income
        - b_bailout * bailout
        - b_grievance * grievance * (1.0 - voice)
    )


@rule
def suasion_term(suasion: float, wear: float, b_suasion: float) -> float:
    """Return what having been asked adds; repetition wears it out (Ito, Ida & Tanaka 2018)."""
    return b_suasion * suasion * (1.0 - wear)


@rule
def enforcement_term(enforcement: float, trust: float, b_enforcement: float, enforcement_trust: float) -> float:
    """Return what perceived enforcement adds; trust may make it superfluous or stronger (slippery slope)."""
    return b_enforcement * enforcement * (1.0 - enforcement_trust * trust)


@rule
def reactance_term(pressure: float, trust: float, b_reactance: float) -> float:
    """Return what pressure takes away, less where the one who presses is trusted."""
    return -b_reactance * pressure * (1.0 - trust)


@rule
def trust_in_presser(presser: int, committee: float, branch: float) -> float:
    """Return the trust in whoever pressed last, given that in residents' committee and in branch."""
    if presser == BRANCH:
        return branch
    return committee


@rule
def irritation_term(irritation: float, weight: float) -> float:
    """Return what having been asked again and again, by people one does not trust, takes away."""
    return -weight * irritation


@rule
def all_reasons(plain: float, suasion: float, enforcement: float, reactance: float) -> float:
    """Return the reasons for paying together; reactance includes irritation."""
    return plain + suasion + enforcement + reactance


@rule
def own_luck(persistence: float) -> float:
    """Return the weight of a bill's own luck where the share `persistence` of the variance of luck lasts."""
    return math.sqrt(1.0 - persistence)


@rule
def lasting_luck(u: float, persistence: float, choice: int) -> float:
    """Return a household's disposition to pay, in logits, from its draw u; its variance is persistence * pi^2 / 3.

    The bridge law of Wang & Louis (2003, Biometrika 90:765), scaled by own_luck: averaged over it, the chance that
    a bill is paid is the logistic of the utility, exactly. choice : LOGISTIC, or PROBIT with the normal law.
    """
    if persistence <= 0.0:
        return 0.0
    if choice == PROBIT:
        return math.sqrt(persistence) * normal_law(u)
    phi = own_luck(persistence)
    return math.log(math.sin(phi * math.pi * u) / math.sin(phi * math.pi * (1.0 - u)))


@rule
def ready_for(paid: float, choice: int) -> float:
    """Return the reasons at which the share `paid` of bills is paid, whatever part of luck lasts."""
    return taste_threshold(clip(paid, TINY, 1.0 - TINY), choice)


@rule
def bill_threshold(u: float, disposition: float, own: float, choice: int) -> float:
    """Return the reasons above which a household pays the bill with the draw u.

    own : weight of the bill's own luck; 1 where no luck lasts, and then the disposition is 0.
    """
    if own == 1.0:
        return taste_threshold(u, choice)
    return own * taste_threshold(u, choice) - disposition


@rule
def aged_threshold(threshold: float, b_age: float, age: int) -> float:
    """Return the reasons above which a bill of `age` months is paid; b_age : logits per year of age."""
    return threshold + b_age * age / YEAR


@rule
def lowest_in_a_month(lowest: float, b_age: float) -> float:
    """Return the lowest threshold of a household's unpaid bills when all are a month older."""
    return lowest + b_age / YEAR


@rule
def pays_debt(reasons: float, threshold: float) -> bool:
    """Say whether an unpaid bill is paid, now that it is looked at."""
    return reasons > threshold


@rule
def attends(u: float, inattention: float, reached: float) -> bool:
    """Say whether a household looks at its bills this month: it forgets, unless it was reached (evidence R7, R9)."""
    return u >= inattention * (1.0 - reached)


@rule
def recalls(u: float, reached: float) -> bool:
    """Say whether a household recalls what it had forgotten, because somebody reached it."""
    return u < reached


@rule
def is_forgotten(u: float, forgotten: float) -> bool:
    """Say whether a bill that was not looked at when it came is forgotten until somebody recalls it."""
    return u < forgotten


@rule
def decision_kind(threshold: float, plain: float, suasion: float, enforcement: float, reactance: float) -> int:
    """Return the kind of a decision: the same draw judges it with and without asking, enforcing and pressing.

    threshold : utility above which this household says yes this time, from its draw.
    """
    yes = ASKED if plain + suasion > threshold else ENFORCED
    yes = VOLUNTARY if plain > threshold else yes
    no = REPELLED if plain > threshold else REFUSED
    return yes if plain + suasion + enforcement + reactance > threshold else no


@rule
def pays(kind: int) -> int:
    """Say whether a decision of this kind pays (1) or not (0)."""
    if kind == VOLUNTARY or kind == ASKED or kind == ENFORCED:
        return 1
    return 0


@rule
def decision_payoff(
    paid: int, gap: float, percent_of_income: float, enforcement: float, b_quality: float, b_burden: float
) -> float:
    """Return the payoff of a decision as neighbours may read it: service, less the bill or the threat."""
    if paid == 1:
        return b_quality * gap - b_burden * percent_of_income
    return b_quality * gap - enforcement
