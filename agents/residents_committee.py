"""The residents' committee (居委会) as an agent: it mediates, visits, and finds a provider for the estate."""

from typing import TYPE_CHECKING, Any

from agents.calling import call_rules_directly
from agents.rules.case import MEDIATION, joint_skill
from agents.rules.contact import (
    cadre_share,
    contact_chance,
    hours_for,
    target_weight,
    total_hours,
    visits_per_household,
    who_visits,
)
from agents.rules.household import COMMITTEE, NO_VOUCHER, VACANT
from agents.rules.property_firm import handed_over, tender_due
from agents.rules.provider import COMMUNITY, FIRM, NOBODY
from agents.rules.residents_committee import CommitteeReal, crowded_out, free_hours, mediation_hours
from agents.rules.social_organization import at_work, power_with_help
from agents.stakeholder import Stakeholder

if TYPE_CHECKING:
    from agents.estate import Estate
    from agents.property_firm import PropertyFirm


call_rules_directly(globals())


class ResidentsCommittee(Stakeholder, real=("committee", CommitteeReal)):
    """The committee, as far as it looks after one estate."""

    def __init__(self, model: Any, unit: int, estate: "Estate") -> None:
        """Look after `estate`, unit `unit` of the state."""
        super().__init__(model, unit)
        self.estate = estate

    def cadre_hours(self) -> float:
        """Return the hours of cadres at the doors this month."""
        return hours_for(self.model.p.contact_cadre_hours, self.estate.n_households)

    def managing_hours(self) -> float:
        """Return the hours of staff who help run the community's own service, this month's provider."""
        if self.estate.provider.kind != COMMUNITY:
            return 0.0
        hours: float = hours_for(self.model.p.community_manager_hours, self.estate.n_households)
        return hours

    def share_out_hours(self) -> None:
        """Set aside hours for cases: what statutory work, visits and management leave."""
        p = self.model.p
        staff = hours_for(p.committee_staff_hours, self.estate.n_households)
        visiting, managing = self.cadre_hours(), self.managing_hours()
        free = free_hours(staff, p.committee_load, p.committee_added_load)
        self.free_hours = free
        self.mediation_hours = mediation_hours(free, visiting, managing)
        self.shortfall = crowded_out(free, visiting, managing)

    def open_desk(self) -> None:
        """Open the mediation desk with its own hours and those of a joint desk (大物委) and of social organisations."""
        p, own = self.model.p, self.mediation_hours
        joint, social = self.estate.joint.hours, self.estate.social
        skill = joint_skill(own, p.committee_skill, joint, self.estate.joint.skill())
        together = total_hours(own, joint, 0.0)
        self.estate.desks[MEDIATION].open(
            total_hours(own, joint, social.service_hours),
            joint_skill(together, skill, social.service_hours, p.social_service_skill),
            power_with_help(p.desk_power, social.rights, p.social_rights_power),
            p.desk_interest,
        )
        self.estate.desks[MEDIATION].helped = 1 if at_work(social.service_hours, 0.0, social.rights) else 0

    def visit(self) -> None:
        """Send cadres and branch members to the doors where somebody lives, as far as their hours go."""
        p, estate = self.model.p, self.estate
        cadre_hours, member_hours = self.cadre_hours(), estate.branch.visit_hours
        hours = total_hours(cadre_hours, member_hours, 0.0)
        visits = visits_per_household(hours, p.contact_hours, estate.n_reachable)
        if visits <= 0.0:
            return
        cadres = cadre_share(cadre_hours, member_hours)
        tie = estate.branch.tie()
        published = estate.provider.published
        for household in estate.households:
            if household.tenure == VACANT:
                continue
            u = self.model.draw("COMMUNITY_CONTACT", estate.id, household.id)
            weight = target_weight(household.paid, published, p.contact_target)
            visitor = who_visits(u, contact_chance(visits, weight), cadres)
            if visitor != NO_VOUCHER:
                household.receive_visit(visitor, p.contact_outsider if visitor == COMMITTEE else tie)

    def find_provider(self) -> None:
        """Bring in the kind of provider the form of governance asks for, if it will come."""
        p, provider = self.model.p, self.estate.provider
        newly = provider.wanted != p.provider_kind
        provider.wanted = p.provider_kind
        if provider.kind == p.provider_kind:
            return
        if p.provider_kind == FIRM:
            self.seek_firm(newly)
            return
        provider.leave()
        if p.provider_kind == COMMUNITY:
            provider.seat_community()

    def seek_firm(self, newly: bool) -> None:
        """Hold a tender when one is due; without a winner the community takes care of an abandoned estate."""
        p, provider = self.model.p, self.estate.provider
        waited = provider.without_firm
        if newly or tender_due(waited, p.firm_handover, p.firm_tender_every):
            winner = self.hold_tender()
            if winner is not None:
                provider.seat_firm(winner)
                return
        if provider.kind == NOBODY and p.provider_fallback == 1 and handed_over(waited, p.firm_handover):
            provider.seat_community()

    def hold_tender(self) -> "PropertyFirm | None":
        """Return the firm with the best bid, or None if none bids."""
        winner, best = None, 0.0
        for firm in self.estate.bidders:
            if firm.bids():
                score = firm.score()
                if winner is None or score > best:
                    winner, best = firm, score
        return winner
