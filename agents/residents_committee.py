# mypy: disable-error-code="has-type"
"""The residents' committee (居委会) as an agent: it mediates, visits, and finds a provider for the estate."""

from typing import TYPE_CHECKING, Any

from agents.calling import call_rules_directly
from agents.rules.care import care_chance, share_of_care, willing_hours
from agents.rules.case import MEDIATION, joint_share, joint_skill
from agents.rules.checklist import slowed
from agents.rules.contact import (
    cadre_share,
    contact_chance,
    hours_for,
    less_for_favoured,
    target_weight,
    total_hours,
    visits_per_household,
    who_visits,
)
from agents.rules.household import COMMITTEE, NO_VOUCHER, VACANT
from agents.rules.joint_branch import part_of_joint_hours
from agents.rules.money import Item
from agents.rules.numeric import fen
from agents.rules.party_branch import favour_of, next_fatigue
from agents.rules.property_firm import handed_over, tender_due
from agents.rules.provider import COMMUNITY, FIRM, NOBODY, seated_kind
from agents.rules.residents_committee import (
    CommitteeReal,
    crowded_out,
    free_hours,
    load_with_reports,
    mediation_hours,
    report_hours,
    usual_trust,
)
from agents.rules.shock import possible
from agents.rules.social_organization import at_work, power_with_help, relieved_hours
from agents.rules.social_workers import (
    learning_hours,
    next_trained,
    salary_gap,
    skill_with_training,
    trained_after_leaving,
    worker_leaves_chance,
)
from agents.rules.supervision import days_with_veto
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
        self.chance_of_care = 0.0

    def spare_cadres(self) -> None:
        """Settle the hours of cadres at the doors and over a firm's accounts: as attention goes, where it organises."""
        p, n, branch = self.model.p, self.estate.n_households, self.estate.branch
        self.cadre_hours = branch.organised(hours_for(p.contact_cadre_hours, n))
        planned = hours_for(p.committee_audit_hours, n) if self.estate.provider.kind == FIRM else 0.0
        self.audit_hours = branch.organised(planned)

    def managing_hours(self) -> float:
        """Return the hours of staff who help run the community's own service, this month's provider."""
        if self.estate.provider.kind != COMMUNITY:
            return 0.0
        p = self.model.p
        per_hundred = self.estate.provider.of_community(p.custody_manager_hours, p.station_manager_hours)
        hours: float = hours_for(per_hundred, self.estate.n_households)
        return hours

    def share_out_hours(self) -> None:
        """Set aside hours for cases: what statutory work, visits and management leave."""
        p = self.model.p
        n = self.estate.n_households
        reports = load_with_reports(
            p.committee_added_load,
            p.observation_staff,
            p.tiers_layers,
            p.tiers_load,
            p.workers_absorbed,
            self.trained,
        )
        learning = hours_for(learning_hours(p.workers_training, p.workers_exchange, p.workers_exchange_hours), n)
        self.spare_cadres()
        visiting, managing = self.cadre_hours, self.managing_hours()
        self.managed = managing
        visiting = total_hours(visiting, learning, self.estate.assembly.meetings)
        staff, social = hours_for(p.committee_staff_hours, n), self.estate.social
        free = free_hours(staff, p.committee_load, reports)
        self.report_hours = report_hours(staff, p.committee_load, reports)
        free = relieved_hours(free, staff, social.hours_taken_over(), social.capacity)
        self.care_hours = willing_hours(hours_for(p.care_cadre_hours, n), self.care_fatigue)
        looking = total_hours(self.audit_hours, self.estate.owners.push_hours(), self.estate.owners.activist_hours())
        self.duties = total_hours(self.duties, self.care_hours, total_hours(hours_for(p.lists_hours, n), looking, 0.0))
        at_joint_desk = part_of_joint_hours(self.estate.joint.hours, p.desk_joint_cadres)
        away = total_hours(visiting, self.duties, at_joint_desk)
        posts = hours_for(p.complete_organisation_hours, n)
        self.free_hours = free
        self.mediation_hours = total_hours(mediation_hours(free, away, managing), posts, 0.0)
        self.shortfall = crowded_out(free, away, managing)
        self.usual_trust = usual_trust(p.start_trust_community, p.trust_statutory, self.shortfall, staff)

    def train(self) -> None:
        """Train staff and pay them; a worker may leave, and takes along what was not passed on."""
        p, estate = self.model.p, self.estate
        chance = worker_leaves_chance(p.workers_turnover, p.workers_pay, p.workers_full_pay, p.workers_pay_effect)
        u = self.model.draw("WORKER_LEAVES", estate.id, 0)
        kept = trained_after_leaving(self.trained, p.workers_exchange, p.workers_recruited, chance, u)
        self.trained = next_trained(kept, p.workers_training, p.workers_full_hours, p.workers_speed)
        staff = hours_for(p.committee_staff_hours, estate.n_households)
        estate.post(Item.SALARIES, fen(salary_gap(staff, p.workers_pay)))

    def open_desk(self) -> None:
        """Open the mediation desk with its own hours and those of a joint desk (大物委) and of social organisations."""
        p, own = self.model.p, self.mediation_hours
        joint, social = self.estate.joint.hours, self.estate.social
        trained = skill_with_training(p.committee_skill, p.workers_gain, self.trained)
        skill = joint_skill(own, trained, joint, self.estate.joint.skill())
        together = total_hours(own, joint, 0.0)
        desk = self.estate.desks[MEDIATION]
        desk.open(
            total_hours(own, joint, social.service_hours),
            joint_skill(together, skill, social.service_hours, p.social_service_skill),
            power_with_help(self.estate.branch.organised(p.desk_power), social.rights, p.social_rights_power),
            p.desk_interest,
        )
        desk.joint = joint_share(own, joint)
        assembly = self.estate.assembly
        desk.ease = assembly.ease()
        desk.pace = slowed(desk.pace, p.consultation_talk, assembly.practice)
        desk.days = days_with_veto(desk.days, p.core_veto_days, assembly.council)
        self.estate.desks[MEDIATION].helped = 1 if at_work(social.service_hours, 0.0, social.rights) else 0

    def visit(self) -> None:
        """Send cadres and branch members to the doors where somebody lives, as far as their hours go."""
        p, estate = self.model.p, self.estate
        cadre_hours, member_hours = self.cadre_hours, estate.branch.visit_hours
        hours = total_hours(cadre_hours, member_hours, 0.0)
        visits = visits_per_household(hours, p.contact_hours, estate.n_reachable)
        visits = possible(visits, p.shock_stop)
        if visits <= 0.0:
            return
        cadres = cadre_share(cadre_hours, member_hours)
        tie = estate.branch.tie()
        published = estate.provider.published
        for household in estate.households:
            if household.tenure == VACANT:
                continue
            u = self.model.draw("COMMUNITY_CONTACT", estate.id, household.id)
            favour = favour_of(household.member, p.branch_favours, estate.branch.attention)
            weight = less_for_favoured(target_weight(household.paid, published, p.contact_target), favour)
            visitor = who_visits(u, contact_chance(visits, weight), cadres)
            if visitor != NO_VOUCHER:
                household.receive_visit(visitor, p.contact_outsider if visitor == COMMITTEE else tie)

    def care(self) -> None:
        """Care for vulnerable households together with the firm; word of it goes round."""
        p, estate = self.model.p, self.estate
        cadres, firm = self.care_hours, estate.provider.caring_hours()
        hours = total_hours(cadres, firm, 0.0)
        if hours <= 0.0:
            return
        n_vulnerable = 0
        for household in estate.households:
            n_vulnerable += household.vulnerable
        self.chance_of_care = care_chance(hours, p.care_visit_hours, p.care_targeting, n_vulnerable)
        n_cared = 0
        for household in estate.households:
            n_cared += household.receive_care()
        estate.tally.cared = n_cared
        if n_cared == 0:
            return
        by_cadres, by_firm = share_of_care(cadres, firm), share_of_care(firm, cadres)
        for household in estate.households:
            household.feel_care(by_cadres, by_firm)

    def tire(self) -> None:
        """Tire of care, and recover."""
        p = self.model.p
        self.care_fatigue = next_fatigue(
            self.care_fatigue, p.care_cadre_hours, p.care_normal_hours, p.branch_fatigue, p.branch_recovery
        )

    def find_provider(self) -> None:
        """Bring in the kind of provider the form of governance asks for, if it will come."""
        p, provider = self.model.p, self.estate.provider
        newly = provider.wanted != p.provider_kind
        provider.wanted = p.provider_kind
        if newly:
            provider.given_up = 0
        wanted = seated_kind(p.provider_kind)
        if provider.kind == wanted:
            if newly:
                provider.count_from_here()
            return
        if wanted == FIRM:
            self.seek_firm(newly)
        elif wanted == NOBODY or provider.given_up == 0:
            provider.leave()
            if wanted == COMMUNITY:
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
        caretaker = p.provider_fallback == 1 and provider.given_up == 0
        if provider.kind == NOBODY and caretaker and handed_over(waited, p.firm_handover):
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
