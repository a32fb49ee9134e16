"""The sub-district's Party working committee and its office (街道党工委、办事处) as an agent: it holds the money."""

from typing import Any

from agents.calling import call_rules_directly
from agents.rules.money import Item
from agents.rules.provider import COMMUNITY, NOBODY, area_money
from agents.stakeholder import Stakeholder

call_rules_directly(globals())


class StreetCommittee(Stakeholder):
    """The sub-district above all estates of the model. It has no columns of its own yet."""

    def __init__(self, model: Any) -> None:
        """Stand above every estate of the model."""
        super().__init__(model, 0)

    def allocate(self, estate: Any) -> None:
        """Pay caretaker money where the community serves, and subsidy to whoever serves."""
        p, provider = self.model.p, estate.provider
        grant = area_money(p.community_grant, estate.area) if provider.kind == COMMUNITY else 0
        subsidy = area_money(p.street_subsidy, estate.area) if provider.kind != NOBODY else 0
        estate.post(Item.GRANT, grant)
        estate.post(Item.SUBSIDY, subsidy)
        provider.support = grant + subsidy
