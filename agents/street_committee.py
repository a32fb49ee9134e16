# mypy: disable-error-code="has-type"
"""The sub-district's Party working committee and its office (街道党工委、办事处) as an agent: it holds the money."""

from typing import TYPE_CHECKING, Any

from agents.calling import call_rules_directly
from agents.rules.case import DEPARTMENT, PETITION, STREET_DESK, desk_hours
from agents.rules.estate import next_budget
from agents.rules.money import Item
from agents.rules.provider import COMMUNITY, FIRM, NOBODY, area_money, deficit_covered
from agents.stakeholder import Stakeholder

if TYPE_CHECKING:
    from agents.estate import Estate


call_rules_directly(globals())


class StreetCommittee(Stakeholder):
    """The sub-district above all estates of the model. It has no columns of its own yet."""

    def __init__(self, model: Any) -> None:
        """Stand above every estate of the model."""
        super().__init__(model, 0)

    def allocate(self, estate: "Estate") -> None:
        """Pay caretaker money where the community serves, and subsidy to whoever serves."""
        p, provider = self.model.p, estate.provider
        grant = area_money(p.community_grant, estate.area) if provider.kind == COMMUNITY else 0
        subsidy = area_money(p.street_subsidy, estate.area) if provider.kind != NOBODY else 0
        estate.post(Item.GRANT, grant)
        estate.post(Item.SUBSIDY, subsidy)
        provider.support = grant + subsidy

    def cover_losses(self, estate: "Estate") -> None:
        """Pay what a firm lacks, where its budget is soft."""
        provider = estate.provider
        if provider.kind == FIRM:
            cover = deficit_covered(estate.provider_cash(), self.model.p.firm_soft_budget)
            estate.post(Item.LOSS_COVER, cover)
            provider.support += cover

    def budget_repairs(self, estate: "Estate") -> None:
        """Add this month's money for repairs in an estate."""
        p = self.model.p
        estate.repair_budget = next_budget(estate.repair_budget, p.street_repair_budget, estate.n_households)

    def open_desks(self, estate: "Estate") -> None:
        """Open its own desk, that of a department it reports to, and one that hears collective petitions."""
        p, n = self.model.p, estate.n_households
        estate.desks[STREET_DESK].open(desk_hours(p.desk_street_hours, n, 1.0))
        estate.desks[DEPARTMENT].open(desk_hours(p.desk_department_hours, n, 1.0))
        estate.desks[PETITION].open(desk_hours(p.desk_street_hours, n, 1.0))
