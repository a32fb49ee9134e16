"""The property firm (物业公司) in the pool of bidders: how it judges an estate, bids, and is chosen."""

from agents.rules.columns import Column
from agents.rules.compiling import rule
from agents.rules.numeric import clip, fen
from agents.rules.units import YEAR, YEAR_END


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
def view_after_exits(rate: float, exits: int, stigma: float) -> float:
    """Return the payment rate reckoned with after firms have given up here (evidence E1, E8)."""
    return clip(rate - stigma * exits, 0.0, 1.0)


@rule
def handed_over(without_firm: int, handover: int) -> bool:
    """Say whether the months without a firm suffice for a tender or a caretaker to follow."""
    return without_firm >= handover


@rule
def tender_due(without_firm: int, handover: int, every: int) -> bool:
    """Say whether a tender is held: after the hand-over, then every so many months."""
    return without_firm >= handover and (without_firm - handover) % every == 0


@rule
def income_besides_fees(common_income: float, subsidy: float, politics: float) -> float:
    """Return what a bidder counts on beside fees, less what party leadership will cost it, per m2 and month."""
    return common_income + subsidy - politics


@rule
def opening_spend(level: float, cost: float, cost_level: float) -> float:
    """Return what a firm spends in its first month, per m2: the service it calculated with."""
    return level * cost * cost_level


@rule
def working_capital(months: float, cost: float, area: int) -> int:
    """Return the money in fen that a firm keeps in an estate; months of standard cost."""
    return fen(months * cost * area)


@rule
def takes_profit(month: int) -> bool:
    """Say whether a firm takes out its profit: in the last month of a year from the policy month."""
    return month % YEAR == YEAR_END


@rule
def would_bid(
    rate: float, fee: float, other_income: float, margin: float, cost: float, cost_level: float, level: float,
    obliged: int,
) -> bool:  # fmt: skip
    """Say whether the expected revenue covers the service a bidder calculates with, and its margin (evidence E8).

    obliged : 1 for a state-owned firm, which is told to come.
    """
    return obliged == 1 or (1.0 - margin) * (rate * fee + other_income) >= level * cost * cost_level


@rule
def bid_score(skill: float, cost_level: float, u: float, taste: float) -> float:
    """Return how good a bid looks: skill for the money, and a little chance."""
    return skill / cost_level + taste * u
