"""The property firm (物业公司) as an agent: it looks at an estate that holds a tender, and bids or stays away."""

from typing import Any

from agents.calling import call_rules_directly
from agents.rules.funding import costed_fee, with_side_income
from agents.rules.property_firm import FirmReal, FirmWhole, bid_score, income_besides_fees, viewed_rate, would_bid
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
        p = self.model.p
        u = self.model.draw("BID_VIEW", self.estate.id, self.id)
        published = self.estate.provider.published
        rate = viewed_rate(p.firm_bid_prior, published, p.firm_bid_weight, p.firm_bid_noise, u)
        common_income = with_side_income(p.provider_common_income, self.estate.provider.side_income)
        return would_bid(
            rate,
            costed_fee(p.firm_fee, p.firm_fee_factor),
            income_besides_fees(common_income, p.street_subsidy),
            self.margin,
            p.provider_cost,
            self.cost_level,
            p.firm_bid_level,
            p.firm_soft_budget,
        )

    def score(self) -> float:
        """Return how good this firm's bid looks."""
        return bid_score(self.skill, self.cost_level, self.model.draw("BID_CHOICE", self.estate.id, self.id))
