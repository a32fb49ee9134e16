"""The property firm (物业公司) in the pool of bidders: how it judges an estate, bids, and is chosen."""

from agents.rules.columns import Column
from agents.rules.compiling import rule
from agents.rules.numeric import clip


class FirmReal(Column):
    """Real-valued columns of the bidding firms."""

    COST_LEVEL = "ratio", "price level of its inputs"
    SKILL = "ratio", "skill of its workers"
    MARGIN = "share of revenue", "profit it plans for"


class FirmWhole(Column):
    """Integer columns of the bidding firms."""

    ID = "id", "number in its pool"
    PATIENCE = "months", "months of loss it bears"


@rule
def viewed_rate(prior: float, record: float, weight: float, noise: float, u: float) -> float:
    """Return the payment rate a bidder reckons with: usual rate, the estate's record, and its own error."""
    return clip((1.0 - weight) * prior + weight * record + noise * (2.0 * u - 1.0), 0.0, 1.0)


@rule
def would_bid(
    rate: float, fee: float, other_income: float, margin: float, cost: float, cost_level: float, level: float
) -> bool:
    """Say whether the expected revenue covers the service a bidder calculates with, and its margin (evidence E8)."""
    return (1.0 - margin) * (rate * fee + other_income) >= level * cost * cost_level


@rule
def bid_score(skill: float, cost_level: float, u: float) -> float:
    """Return how good a bid looks: skill for the money, and a little chance."""
    return skill / cost_level + 0.05 * u
