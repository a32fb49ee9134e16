"""The mean field: which shares of payers reproduce themselves in a large estate where all else has settled.

One household of each payer type and tenure stands for all; a normal deviation of readiness is integrated out. The
rules are those of the model, taken where service, facilities, expectation, trust, belief, habit, bail-out belief and
enforcement no longer move. Left out: chance, cases and their queues (grievance and voice stay as they start), visits,
members' work, an owners' committee. Where a firm is asked for there are two branches: it serves, as long as it makes no
loss, or the community takes care, as long as a bidder of average cost and view would not come. The firm that serves is
the usual winner of a tender, better for the money than the average bidder.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product

import numpy as np
from scipy.special import expit, ndtr

from agents.rules.contact import hours_for
from agents.rules.facility import service_quality, total_quality, upkeep
from agents.rules.household import (
    CONDITIONAL,
    FREE_RIDER,
    LET,
    OWNER_OCCUPIED,
    UNCONDITIONAL,
    owner_hears,
    owner_sees,
    price_anchor,
    price_felt,
    provider_evidence,
    talked_about,
)
from agents.rules.joint_branch import part_of_joint_hours
from agents.rules.numeric import PROBIT, fen
from agents.rules.payment import (
    burden,
    burden_felt,
    enforcement_term,
    lasting_luck,
    own_luck,
    own_readiness,
    plain_utility,
    readiness,
    social_term,
)
from agents.rules.property_firm import income_besides_fees, viewed_rate, would_bid
from agents.rules.provider import (
    STATION,
    bought_input,
    collection_calls,
    contracted_cost,
    delivered_input,
    expected_fees,
    expected_revenue,
    given_input,
    hours_elsewhere,
    input_beside,
    is_loss,
    mean_price,
    met_by_others,
    own_cost,
    planned_margin,
    planned_spend,
    price_level,
)
from sim.stability import TWO_REGIMES

Values = Mapping[str, float | int]

FIRM, COMMUNITY = "firm", "community"
_KINDS = ("none", COMMUNITY, FIRM, COMMUNITY)
"""Who takes the seat for each kind of provider that a form may want; a station is the community, too."""
SHARES = np.linspace(0.0, 1.0, 101)
"""Shares of payers between which fixed points are looked for."""
UTILITIES = np.linspace(-20.0, 20.0, 8_001)
"""Utilities between which the law of payment is interpolated."""
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
_HABIT_STEPS = 25
_PROBIT = np.pi / 3**0.5
_FOR_GOOD = 1200
_MANY = 10_000
"""Dwellings of an estate so large that whole square metres do not matter."""
_LARGE = 1e6
"""Floor area, m2, of an estate so large that whole fen do not matter."""
_LUCKS = (np.arange(200) + 0.5) / 200
"""Draws that stand for all dispositions."""


@dataclass(frozen=True)
class Service:
    """What an estate has got for good where a share of households pays for good."""

    revenue: float
    spend: float
    quality: float
    price: float
    others_share: float
    calls: float
    leak: float


@dataclass(frozen=True)
class Equilibrium:
    """A share of payers that reproduces itself, who serves there, and whether small deviations fade."""

    share: float
    provider: str
    stable: bool


def settled_service(v: Values, share: float, kind: str) -> Service:
    """Return what is spent and delivered where `share` has paid for so long that all has settled."""
    n = _MANY
    area = round(v["population.area_mean"] * n)
    firm = kind == FIRM
    group = "station" if v["provider.kind"] == STATION else "custody"
    rate = fen(v["firm.fee"] if firm else v[f"{group}.fee"])
    flat = 0 if firm else fen(v[f"{group}.flat_fee"])
    bill = mean_price(rate, flat, n, area)
    support = v["street.subsidy"] + (0.0 if firm else v[f"{group}.grant"])
    revenue = expected_revenue(share, bill, v["provider.common_income"], support)
    audit = v["provider.audit"]
    disadvantage = v["firm.cost_disadvantage"] if firm else 0.0
    margin = planned_margin(v["firm.margin"], v["firm.skim"], audit, 0.0) if firm else 0.0
    roster = v["firm.roster"] if firm else v[f"{group}.roster"]
    cost_level, skill = usual_winner(v) if firm else (1.0, v[f"{group}.skill"])
    level = price_level(cost_level, disadvantage)
    spend = planned_spend(
        revenue, margin, own_cost(v["provider.cost"], level), roster, float(v["firm.spend_limit"])
    )
    if not firm:
        spend = min(spend, revenue)
    leak = v["provider.leak"] * (1.0 - audit)
    wage = level if firm else v[f"{group}.wage"]
    calls = collection_calls(
        v["contact.provider_calls"], v["contact.asking_crowded_out"], v["street.subsidy"], expected_fees(share, bill)
    )
    bought = bought_input(spend, leak, v["provider.cost"], v["provider.labour_share"], wage, skill, level)
    sitting = part_of_joint_hours(hours_for(v["desk.joint_hours"], n), v["desk.joint_staff"])
    elsewhere = hours_elsewhere(n, calls, v["contact.call_hours"], sitting)
    bought = input_beside(bought, elsewhere, skill, v["provider.wage"], v["provider.cost"], area)
    work = (v["community.volunteer_hours"], v["community.volunteer_skill"])
    managed = (0.0 if firm else v[f"{group}.manager_hours"], v["community.manager_skill"])
    given = [
        given_input(hours_for(hours, n), ability, v["provider.wage"], v["provider.cost"], area)
        for hours, ability in (work, managed)
    ]
    delivered = delivered_input(bought, *given)
    repair = v["facility.upkeep"] * upkeep(delivered, v["facility.upkeep_threshold"])
    stock = repair / (repair + v["facility.decay"]) if repair > 0 else 0.0
    quality = total_quality(
        service_quality(delivered, v["provider.service_power"]),
        stock, stock, v["facility.service_weight"], v["facility.quality_floor"],
    )  # fmt: skip
    others = met_by_others(fen(support * _LARGE), 0, fen(spend * _LARGE))
    return Service(revenue, spend, quality, bill, others, calls, leak)


def usual_winner(v: Values) -> tuple[float, float]:
    """Return cost level and skill expected of the best of the bidders, by skill for the money (to first order)."""
    cost, skill = v["firm.cost_spread"], v["firm.skill_spread"]
    spread = float(np.hypot(np.hypot(cost, skill), v["firm.bid_taste"] / 12**0.5))
    lead = largest_of(int(v["firm.bidders"]))
    return 1.0 - lead * cost**2 / spread, 1.0 + lead * skill**2 / spread


@lru_cache(maxsize=64)
def largest_of(n: int) -> float:
    """Return the expected largest of n standard normal numbers."""
    x = np.linspace(-9.0, 9.0, 20_001)
    density = np.exp(-0.5 * x * x) / (2.0 * np.pi) ** 0.5
    return float(np.trapezoid(x * n * density * ndtr(x) ** (n - 1), x))


def settled_payment(v: Values, share: float, kind: str) -> tuple[float, Service]:
    """Return who pays next, given that `share` has paid for good, and the service there."""
    found = settled_service(v, share, kind)
    anchor = price_anchor(
        v["household.reference_base"], v["household.reference_price"],
        price_felt(found.price, v["household.price_reference"], int(v["structure.price_channel"])),
        v["household.price_reference"], v["household.price_floor"],
    )  # fmt: skip
    books, notice = v["provider.open_books"], v["contact.notice"]
    seen_gap = (1.0 - v["household.absorbed"]) * (found.quality - anchor)
    speed = v["household.enforcement_speed"]
    told = found.calls * notice
    enforcement = (speed * v["start.enforcement"] + told) / (speed + told) if speed + told > 0 else 0.0
    weight = 1.0 - books * (1.0 - v["household.own_eyes"])
    belief = weight * talked_about(share, v["household.talk_bias"]) + (1.0 - weight) * share
    percent = burden(fen(found.price * v["population.area_mean"]), 1, v["population.income_median"])
    percent = burden_felt(percent, int(v["structure.price_channel"]))
    let = v["population.share_let"] + v["population.share_vacant"]
    types = {
        CONDITIONAL: v["population.share_conditional"],
        UNCONDITIONAL: v["population.share_unconditional"],
        FREE_RIDER: 1.0 - v["population.share_conditional"] - v["population.share_unconditional"],
    }
    pays = 0.0
    for (payer, part), (tenure, dwellings) in product(types.items(), ((OWNER_OCCUPIED, 1.0 - let), (LET, let))):
        if part * dwellings <= 0:
            continue
        gap = owner_sees(tenure, seen_gap, books)
        trust = provider_evidence(
            gap, v["trust.from_quality"], books, found.leak, v["trust.leak_tolerated"], v["trust.from_accounts"]
        )
        own = own_readiness(payer, 0.0, v["household.type_shift_free"], v["household.type_shift_unconditional"])
        utility = plain_utility(
            readiness(v["household.intercept"], own), gap, trust,
            social_term(payer, belief, v["household.self_serving"], v["household.b_social"]),
            0.5, 0, percent, found.others_share, owner_hears(tenure, v["start.grievance"], v["household.passed_on"]),
            v["start.voice"], v["household.b_quality"],
            v["household.b_trust"], v["household.b_habit"], v["household.b_covenant"], v["household.b_burden"],
            v["household.b_bailout"], v["household.b_grievance"],
        )  # fmt: skip
        utility += enforcement_term(
            enforcement, trust, v["household.b_enforcement"], v["household.enforcement_trust"]
        )
        pays += part * dwellings * _habitual(v, utility)
    return pays, found


def _habitual(v: Values, utility: float) -> float:
    """Return who pays among households that differ in readiness alone, once habit has settled."""
    law = habitual_payment(
        float(v["household.intercept_spread"]),
        float(v["household.b_habit"]),
        int(v["structure.choice"]),
        float(v["household.taste_persistence"]),
    )
    return float(np.interp(utility, UTILITIES, law))


@lru_cache(maxsize=4096)
def habitual_payment(spread: float, b_habit: float, choice: int, persistence: float = 0.0) -> np.ndarray:
    """Return the share that pays at each of UTILITIES, (utility,), as soon as it looks.

    Readiness varies, a part of luck lasts, and habit is what one does.
    """
    own = own_luck(persistence)
    total = np.zeros(len(UTILITIES))
    lucks = _LUCKS if persistence > 0.0 else _LUCKS[:1]
    for u in lucks:
        utilities = UTILITIES[:, None] + spread * _NODES + lasting_luck(float(u), persistence, choice)
        chance = np.full(utilities.shape, 0.5)
        for _ in range(_HABIT_STEPS if b_habit else 1):
            utility = (utilities + b_habit * (2.0 * chance - 1.0)) / own
            chance = ndtr(utility / _PROBIT) if choice == PROBIT else expit(utility)
        total += chance @ _WEIGHTS / _WEIGHTS.sum()
    return np.asarray(total / len(lucks))


def branches(v: Values) -> tuple[str, ...]:
    """Return who may serve for good under these values: a firm that never leaves leaves no second branch."""
    wanted = _KINDS[int(v["provider.kind"])]
    if wanted == FIRM and v["provider.fallback"] == 1 and v["firm.exit_from"] < _FOR_GOOD:
        return FIRM, COMMUNITY
    return () if wanted == "none" else (wanted,)


def stays(v: Values, share: float, kind: str) -> bool:
    """Say whether who serves goes on serving where `share` pays for good."""
    if len(branches(v)) < 2:
        return True
    if kind == FIRM:
        found = settled_service(v, share, kind)
        return v["firm.soft_budget"] == 1 or not _loses(v, found.revenue)
    rate = viewed_rate(v["firm.bid_prior"], share, v["firm.bid_weight"], v["firm.bid_noise"], 0.5)
    other = income_besides_fees(v["provider.common_income"], v["street.subsidy"], 0.0)
    level = price_level(1.0, v["firm.cost_disadvantage"])
    return not would_bid(
        rate, v["firm.fee"], other, v["firm.margin"], v["provider.cost"], level, v["firm.bid_level"], 0
    )


def _loses(v: Values, revenue: float) -> bool:
    """Say whether the usual firm makes a loss at this revenue, yuan/m2/month."""
    cost = own_cost(v["provider.cost"], price_level(usual_winner(v)[0], v["firm.cost_disadvantage"]))
    return is_loss(revenue, contracted_cost(cost, v["firm.loss_base"]), v["provider.cost"], v["firm.loss_noted"])


def equilibria(v: Values) -> list[Equilibrium]:
    """Return the shares of payers that reproduce themselves and where who serves goes on serving, ascending."""
    from scipy.optimize import brentq

    def left(share: float, kind: str) -> float:
        return settled_payment(v, share, kind)[0] - share

    found = []
    for kind in branches(v):
        above = np.array([left(float(share), kind) >= 0 for share in SHARES])
        for k in np.flatnonzero(above[:-1] != above[1:]):
            share = float(brentq(left, SHARES[k], SHARES[k + 1], args=(kind,), xtol=1e-10))
            if stays(v, share, kind):
                found.append(Equilibrium(share, kind, bool(above[k])))
    return sorted(found, key=lambda each: each.share)


def regimes(v: Values) -> int:
    """Return the number of stable regimes of the mean field; those as close as one regime's end states count once."""
    shares = [each.share for each in equilibria(v) if each.stable]
    return min(1, len(shares)) + sum(later - former > TWO_REGIMES for former, later in pairwise(shares))
