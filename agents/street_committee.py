# mypy: disable-error-code="has-type"
"""The sub-district's Party working committee and its office (街道党工委、办事处) as an agent, and the district above.

The district evaluates and divides the money for repairs; the sub-district hands it and its inspectors' hours on.
"""

from typing import TYPE_CHECKING, Any

from agents.calling import call_rules_directly
from agents.rules.case import DEPARTMENT, PETITION, STREET_DESK, desk_hours
from agents.rules.estate import budget_for, next_budget
from agents.rules.money import Item
from agents.rules.numeric import fen, millionths
from agents.rules.observation import expected_show, show_claim
from agents.rules.party_branch import turned_to
from agents.rules.platform import platform_price
from agents.rules.provider import COMMUNITY, FIRM, NOBODY, area_money, deficit_covered
from agents.rules.street_committee import (
    StreetReal,
    StreetWhole,
    claim_on_budget,
    evaluation_score,
    inspection_dose,
    is_inspected,
    mean_score,
    next_inspected,
    part_of,
    part_up_to,
)
from agents.stakeholder import Stakeholder

if TYPE_CHECKING:
    from agents.estate import Estate


call_rules_directly(globals())


class StreetCommittee(Stakeholder, real=("street", StreetReal), whole=("street_n", StreetWhole)):
    """One sub-district; `estates` : those that lie in it."""

    def __init__(self, model: Any, unit: int) -> None:
        """Be sub-district number `unit`; its estates join it as they are made."""
        super().__init__(model, unit)
        self.estates: list[Estate] = []

    def allocate(self, estate: "Estate") -> None:
        """Pay caretaker money where the community serves, and subsidy to whoever serves."""
        p, provider = self.model.p, estate.provider
        per_area = provider.of_community(p.custody_grant, p.station_grant)
        grant = area_money(per_area, estate.area) if provider.kind == COMMUNITY else 0
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

    def be_evaluated(self) -> None:
        """Be scored by how its estates look to the district, on average, and count those it leads.

        Where this model holds a part of the district's estates only, all was added up over the parts before.
        """
        p = self.model.p
        if self.alone:
            turned = turned_to(p.branch_attention, p.party_branch_attention, p.party_group_attention)
            scores = claims = 0
            for estate in self.estates:
                score = evaluation_score(estate.visible, estate.invisible, p.street_visible_weight)
                scores += millionths(score)
                estate.claim = show_claim(estate.n_households, score, p.observation_kappa, p.observation_least)
                estate.claim_before = claims
                claims += estate.claim
            self.scores = scores
            self.claims = claims
            self.led = len(self.estates) if turned > 0.0 else 0
        self.score = mean_score(self.scores, self.n_estates)

    def claim(self) -> float:
        """Return its claim on the district's money for repairs."""
        claim: float = claim_on_budget(self.n_households, self.score, self.model.p.street_competition)
        return claim

    def expects_show_of(self, estate: "Estate") -> float:
        """Return how much more a dwelling of this estate is expected to show than the average one."""
        show: float = expected_show(estate.claim, estate.n_households, self.claims, self.n_households)
        return show

    def grant_repair_money(self, estate: "Estate") -> None:
        """Hand on an estate's part of what the district grants for repairs, by dwellings or by what it will show."""
        granted = part_of(self.granted, estate.before, estate.n_households, self.n_households)
        if self.model.p.observation_kappa > 0.0 and self.claims > 0:
            granted = part_of(self.granted, estate.claim_before, estate.claim, self.claims)
        estate.tally.repair_money = granted
        estate.post(Item.REPAIRS_GRANTED, granted)
        usual = budget_for(self.model.p.street_repair_budget, estate.n_households)
        estate.repair_budget = next_budget(estate.repair_budget, granted, usual)

    def run_platform(self, estate: "Estate") -> None:
        """Pay for the smart platform of an estate, which is used as far as it has helped."""
        p = self.model.p
        estate.platform.run()
        estate.post(Item.PLATFORM, fen(platform_price(p.platform_price, p.platform_on, estate.n_households)))

    def inspect(self, estate: "Estate") -> None:
        """Send inspectors every half-year; what they saw fades from the provider's mind in between."""
        p = self.model.p
        dose = inspection_dose(p.street_inspectors, self.n_estates, p.street_inspection_hours)
        kept = p.street_inspection_kept
        estate.provider.inspected = next_inspected(estate.provider.inspected, dose, self.model.month, kept)

    def open_desks(self, estate: "Estate") -> None:
        """Open its own desk, that of a department it reports to, and one that hears collective petitions."""
        p, n = self.model.p, estate.n_households
        estate.desks[STREET_DESK].open(desk_hours(p.desk_street_hours, n, 1.0))
        estate.desks[DEPARTMENT].open(desk_hours(p.desk_department_hours, n, 1.0))
        estate.desks[PETITION].open(desk_hours(p.desk_street_hours, n, 1.0))


class District(Stakeholder):
    """The district (区) above all sub-districts of the model. What it finds is kept with each sub-district."""

    def __init__(self, model: Any) -> None:
        """Stand above the sub-districts of the model."""
        super().__init__(model, 0)

    def evaluate(self) -> None:
        """Evaluate every sub-district, twice a year (观摩评比)."""
        if is_inspected(self.model.month):
            for street in self.model.streets:
                street.be_evaluated()

    def grant_repair_money(self) -> None:
        """Divide the month's money for repairs among the sub-districts: together they get the sum, never more."""
        streets = self.model.streets
        claims = 0.0
        for street in streets:
            claims += street.claim()
        n_households = sum(street.n_households for street in streets)
        total = budget_for(self.model.p.street_repair_budget, n_households)
        met, given = 0.0, 0
        for street in streets:
            met += street.claim()
            up_to = part_up_to(total, met, claims)
            street.granted = up_to - given
            given = up_to
