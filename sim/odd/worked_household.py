"""One household's decision on one bill, worked through with the shipped numbers and the model's own rules."""

from agents.rules.household import CONDITIONAL
from agents.rules.numeric import logistic
from agents.rules.payment import (
    burden,
    burden_felt,
    enforcement_term,
    irritation_term,
    plain_utility,
    reactance_term,
    social_term,
    suasion_term,
)
from sim.odd.markdown import table
from sim.parameters import DEFAULTS

# the household of the example
GAP, TRUST, BELIEF, HABIT = -0.1, 0.4, 0.5, 0.8
INCOME, BILL = 6500.0, 3500
BAILOUT, GRIEVANCE, VOICE = 0.3, 0.4, 0.35
ENFORCEMENT, ASKED, WEAR, PRESSURE, TRUST_PRESSER, IRRITATION = 0.1, 0.3, 0.15, 0.0, 0.55, 0.2


def payment() -> str:
    """Return the terms of the example's utility, and what it does in a hundred cases."""
    p = {path.removeprefix("household."): float(value) for path, value in DEFAULTS.items()}
    percent = burden(BILL, 1, INCOME)
    felt = burden_felt(percent, int(DEFAULTS["structure.price_channel"]))
    social = social_term(CONDITIONAL, BELIEF, p["self_serving"], p["b_social"])
    suasion = suasion_term(ASKED, WEAR, p["b_suasion"])
    enforcement = enforcement_term(ENFORCEMENT, TRUST, p["b_enforcement"], p["enforcement_trust"])
    reactance = reactance_term(PRESSURE, TRUST_PRESSER, p["b_reactance"])
    irritation = irritation_term(IRRITATION, p["irritation"])
    unfelt = "" if felt else "; the price is felt in what it expects"
    reasons = (
        ("readiness", "own deviation 0", p["intercept"]),
        ("quality gap", f"sees {-GAP:g} less than it expects", p["b_quality"] * GAP),
        ("trust in the provider", f"trust {TRUST:g}", p["b_trust"] * (2.0 * TRUST - 1.0)),
        ("others", f"believes that {BELIEF:g} of the others pay", social),
        ("habit", f"habit {HABIT:g}", p["b_habit"] * (2.0 * HABIT - 1.0)),
        ("covenant", "has signed none", 0.0),
        ("burden", f"{BILL / 100:g} of {INCOME:g} yuan: {percent:.2f} % of income{unfelt}", -p["b_burden"] * felt),
        ("bail-out", f"belief {BAILOUT:g} that others will pay", -p["b_bailout"] * BAILOUT),
        ("protest", f"grievance {GRIEVANCE:g}, voice {VOICE:g}", -p["b_grievance"] * GRIEVANCE * (1.0 - VOICE)),
    )
    plain = plain_utility(
        p["intercept"], GAP, TRUST, social, HABIT, 0, felt, BAILOUT, GRIEVANCE, VOICE,
        *(p[f"b_{name}"] for name in ("quality", "trust", "habit", "covenant", "burden", "bailout", "grievance")),
    )  # fmt: skip
    pushes = (
        ("being asked", f"asked with strength {ASKED:g}, worn out by {WEAR:g}", suasion),
        ("enforcement", f"perceived enforcement {ENFORCEMENT:g}", enforcement),
        ("reactance", "not pressed", reactance),
        ("irritation", f"memory of asking {IRRITATION:g}", irritation),
    )
    full = plain + suasion + enforcement + reactance + irritation
    rows = [(name, what, f"{value:+.3f}") for name, what, value in reasons]
    rows.append(("**plain utility**", f"pays unasked in {_percent(plain)} of 100 cases", f"**{plain:+.3f}**"))
    rows += [(name, what, f"{value:+.3f}") for name, what, value in pushes]
    rows.append(("**full utility**", f"pays in {_percent(full)} of 100 cases", f"**{full:+.3f}**"))
    return table(("term", "this household", "logits"), rows)


def _percent(utility: float) -> str:
    return f"{100.0 * logistic(utility):.0f}"
