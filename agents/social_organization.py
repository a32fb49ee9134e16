# mypy: disable-error-code="has-type"
"""Social organisations (社会组织) as an agent: those of all kinds that work in one estate under contract."""

from typing import TYPE_CHECKING, Any

from agents.calling import call_rules_directly
from agents.rules.contact import hours_for, total_hours
from agents.rules.money import Item
from agents.rules.numeric import fen
from agents.rules.social_organization import (
    SocialReal,
    contract_price,
    contracted_hours,
    dose_of_hours,
    effective_hours,
    learning_with_training,
    next_capacity,
    under_contract,
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
        entry = p.social_entry
        charity, rights = under_contract(p.social_charity_hours, entry), under_contract(p.social_rights_hours, entry)
        service = hours_for(under_contract(p.social_service_hours, entry), n)
        own = contracted_hours(service, hours_for(charity, n), hours_for(rights, n))
        hours = total_hours(own, self.hours_taken_over(), 0.0)
        learning = learning_with_training(p.social_learning, p.social_training, p.social_full_hours)
        capacity = next_capacity(self.capacity, hours, learning)
        self.capacity = capacity
        self.service_hours = effective_hours(service, capacity)
        self.charity = dose_of_hours(charity, p.social_full_hours, capacity)
        self.rights = dose_of_hours(rights, p.social_full_hours, capacity)
        self.estate.post(Item.CONTRACTS, fen(contract_price(hours, p.social_price)))
        training = hours_for(p.social_training, n)
        self.estate.post(Item.CAPACITY_BUILDING, fen(contract_price(training, p.social_price)))

    def hours_taken_over(self) -> float:
        """Return the hours of the residents' committee's statutory work that are handed over and paid."""
        p = self.model.p
        hours: float = hours_for(under_contract(p.social_relief, p.social_entry), self.estate.n_households)
        return hours

    def care(self) -> None:
        """Look after vulnerable households."""
        charity = self.charity
        if charity > 0.0:
            for household in self.estate.households:
                if household.vulnerable == 1:
                    household.be_relieved(charity)
