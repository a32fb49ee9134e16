"""The property firm (物业公司) as an agent: it looks at an estate that holds a tender, and bids or stays away."""

from typing import Any

from agents.calling import call_rules_directly
from agents.rules.funding import costed_fee, with_side_income
from agents.rules.property_firm import (
    FirmReal,
    FirmWhole,
    bid_score,
    income_besides_fees,
    view_after_exits,
    viewed_rate,
    would_bid,
)
from agents.rules.provider import cost_of_politics, monthly_money
from agents.stakeholder import Stakeholder

call_rules_directly(globals())


class PropertyFirm(Stakeholder, real=("firm", FirmReal), whole=("firm_n", FirmWhole)):
    """A firm in the pool of bidders of one estate; once it serves, it acts through the provider's seat."""

    def __init__(self, model: Any, unit: int, estate: Any) -> None:
        """Hear of the tenders of `estate`, as firm `unit` of the state."""
        super().__init__(model, unit)
        self.estate = estate

    def bids(self) -> bool:
        """Say whether the expected revenue covers the service this firm calculates with."""
        p, estate = self.model.p, self.estate
        u = self.model.draw("BID_VIEW", estate.id, self.id)
        rate = viewed_rate(p.firm_bid_prior, estate.provider.published, p.firm_bid_weight, p.firm_bid_noise, u)
        rate = view_after_exits(rate, estate.provider.exits, p.firm_exit_stigma)
        common_income = with_side_income(p.provider_common_income, estate.provider.side_income)
        politics = cost_of_politics(p.firm_politics, p.branch_cross_posts, estate.n_households)
        return would_bid(
            rate,
            costed_fee(p.firm_fee, p.firm_fee_factor),
            income_besides_fees(common_income, p.street_subsidy, monthly_money(politics, 1, estate.area)),
            self.margin,
            p.provider_cost,
            self.cost_level,
            p.firm_bid_level,
            p.firm_soft_budget,
        )

    def score(self) -> float:
        """Return how good this firm's bid looks."""
        u = self.model.draw("BID_CHOICE", self.estate.id, self.id)
        return bid_score(self.skill, self.cost_level, u, self.model.p.firm_bid_taste)
