# mypy: disable-error-code="has-type"
"""Social organisations (社会组织) as an agent: those of all kinds that work in one estate under contract."""

from typing import TYPE_CHECKING, Any

from agents.calling import call_rules_directly
from agents.rules.contact import hours_for
from agents.rules.money import Item
from agents.rules.numeric import fen
from agents.rules.social_organization import (
    SocialReal,
    contract_price,
    contracted_hours,
    dose_of_hours,
    effective_hours,
    next_capacity,
)
from agents.stakeholder import Stakeholder

if TYPE_CHECKING:
    from agents.estate import Estate


call_rules_directly(globals())


class SocialOrganization(Stakeholder, real=("social", SocialReal)):
    """Service, charity and rights-defending organisations at work in one estate."""

    def __init__(self, model: Any, unit: int, estate: "Estate") -> None:
        """Work in `estate`, unit `unit` of the state."""
        super().__init__(model, unit)
        self.estate = estate

    def fulfil_contracts(self) -> None:
        """Do the hours the sub-district pays for; know the estate better, or forget it without a contract."""
        p, n = self.model.p, self.estate.n_households
        service = hours_for(p.social_service_hours, n)
        hours = contracted_hours(service, hours_for(p.social_charity_hours, n), hours_for(p.social_rights_hours, n))
        capacity = next_capacity(self.capacity, hours, p.social_learning)
        self.capacity = capacity
        self.service_hours = effective_hours(service, capacity)
        self.charity = dose_of_hours(p.social_charity_hours, p.social_full_hours, capacity)
        self.rights = dose_of_hours(p.social_rights_hours, p.social_full_hours, capacity)
        self.estate.post(Item.CONTRACTS, fen(contract_price(hours, p.social_price)))

    def care(self) -> None:
        """Look after vulnerable households."""
        charity = self.charity
        if charity > 0.0:
            for household in self.estate.households:
                if household.vulnerable == 1:
                    household.be_relieved(charity)
