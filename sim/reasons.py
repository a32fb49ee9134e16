"""Why a household pays or does not: the utility of paying a bill taken apart, term by term."""

from collections.abc import Mapping
from math import exp, pi, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.parameters import PARAMETERS

if TYPE_CHECKING:
    from agents.household import Household
    from agents.payer import Reasons

READINESS = "readiness"
"""The term without a weight: the common level and the household's own."""

DISPOSITION = "disposition"
"""The term that lasts: the part of a household's luck that all its bills share (`household.taste_persistence`)."""

WEIGHTS = (
    *(p.name for p in PARAMETERS.values() if p.group == "household" and p.name.startswith("b_") and p.name != "b_age"),
    "irritation",
)
"""The weights of the payment decision, as the parameters are called; age weighs on old bills alone."""

TERM_TITLES: Mapping[str, str] = {
    READINESS: "readiness",
    DISPOSITION: "lasting disposition",
    "b_quality": "service, against what is expected",
    "b_trust": "trust in the provider",
    "b_social": "what others are believed to do",
    "b_habit": "habit",
    "b_covenant": "covenant signed",
    "b_burden": "weight of the bill",
    "b_bailout": "others will pay in the end",
    "b_grievance": "grievance",
    "b_suasion": "being asked",
    "b_enforcement": "enforcement",
    "b_reactance": "having been pressed",
    "irritation": "having been asked too often",
}
"""What the terms are called on figures; a weight that is not here is called by its own name."""


def monthly_bill(household: "Household") -> int:
    """Return the bill that a household's provider would send it now, in fen.

    Raises InputError where nobody serves the estate.
    """
    from agents.rules.arrears import bill_of
    from agents.rules.provider import NOBODY

    provider = household.home.provider
    if provider.kind == NOBODY:
        raise InputError("Nobody serves this estate, so there is no bill; take a month in which somebody does.")
    return bill_of(household.area, *provider.price_of_bill())


def payment_terms(household: "Household", bill: int | None = None) -> dict[str, float]:
    """Return what each motive adds to the utility of paying, logits; with the disposition they are all there is.

    A term is what the household's own `weigh` loses where the weight is set to zero; `bill` in fen, by default the
    provider's of now. What is left to chance is the bill's own luck (`chance_of_paying`). The household and its model
    stay as they are.
    """
    model, asked = household.model, monthly_bill(household) if bill is None else bill
    in_force = model.p
    whole = _utility(household.weigh(asked))
    terms = {}
    try:
        for weight in WEIGHTS:
            model.p = _without(in_force, f"household_{weight}")
            terms[weight] = whole - _utility(household.weigh(asked))
    finally:
        model.p = in_force
    return {READINESS: whole - sum(terms.values()), DISPOSITION: household.disposition, **terms}


def chance_of_paying(household: "Household", bill: int | None = None) -> float:
    """Return the chance that a household pays a bill it looks at, over the bill's own luck; `bill` in fen, as above.

    With the disposition b and the part phi of luck that is each bill's own it is F((U + b) / phi), where F is the law
    of `structure.choice`: the logistic, or the normal law of the same variance.
    """
    from agents.rules.numeric import LOGISTIC
    from agents.rules.payment import own_luck

    p = household.model.p
    reasons = sum(payment_terms(household, bill).values()) / own_luck(p.household_taste_persistence)
    if p.structure_choice == LOGISTIC:
        return 1.0 / (1.0 + exp(-reasons))
    return NormalDist(sigma=pi / sqrt(3.0)).cdf(reasons)


def _utility(reasons: "Reasons") -> float:
    return reasons.plain + reasons.suasion + reasons.enforcement + reasons.reactance


def _without(p: Any, name: str) -> Any:
    return type(p)(**(vars(p) | {name: 0.0}))
