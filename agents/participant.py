# mypy: disable-error-code="has-type"
"""The household as one who takes part: it comes to the forum, stands for seats, signs the covenant, votes."""

from typing import TYPE_CHECKING

from agents.calling import call_rules_directly
from agents.rules.covenant import signs_chance
from agents.rules.funding import gain_from_fund, gain_from_use
from agents.rules.household import (
    COMMITTEE,
    OWNER_OCCUPIED,
    VACANT,
    aggrieved,
    informed_belief,
    is_aggrieved,
    notified,
    owner_hears,
    pressed,
)
from agents.rules.owners_committee import works_against
from agents.rules.renovation import gain_from_works, signed_chance
from agents.rules.residents_assembly import takes_part_chance
from agents.rules.shock import possible
from agents.rules.voting import (
    DISMISS,
    FORM,
    FUND,
    LET,
    RENEW,
    RENOVATE,
    USE,
    gain_from_change,
    gain_from_committee,
    gain_from_letting,
    gain_from_renewal,
    gain_from_rise,
    proxy_competence,
    reached_chance,
    returned_chance,
    says_yes,
)
from agents.stakeholder import Stakeholder

if TYPE_CHECKING:
    pass


call_rules_directly(globals())


class Participant(Stakeholder):
    """What a household does among the owners and the residents; a part of `Household`."""

    def comes_to_forum(self) -> bool:
        """Say whether somebody of this household comes to the residents' forum."""
        if self.tenure == VACANT:
            return False
        p = self.model.p
        u = self.model.draw("ATTENDS", self.home.id, self.id)
        return bool(u < self.takes_part(p.consultation_attend, p.consultation_by_grievance))

    def takes_part(self, base: float, by_grievance: float) -> float:
        """Return the chance to come or to stand; base, by_grievance : readiness and what grievance adds, in logits."""
        owners, branch = self.home.owners, self.home.branch
        proxy = proxy_competence(self.trust_provider, branch.attention, self.trust_branch)
        chance: float = takes_part_chance(
            base,
            owners.estate_effect,
            self.voice,
            owners.efficacy,
            self.grievance,
            by_grievance,
            proxy,
            self.model.p.owners_crowding,
        )
        return chance

    def hear_in_forum(self, told: float) -> None:
        """Hear who pays; told : how openly."""
        published, informed = self.home.provider.published, self.model.p.consultation_informed
        self.belief = informed_belief(self.belief, published, told, informed)

    def answer_to_signers(self) -> None:
        """Having signed: be called to account by signers who pay, or have the trouble of calling others."""
        p, paid = self.model.p, self.paid
        across = 0
        for other in self.neighbours:
            if other.covenant == 1 and other.paid != paid:
                across += 1
        if across > 0 and paid == 0:
            self.enforcement = notified(self.enforcement, p.covenant_sanction, p.contact_notice)
        elif across > 0:
            self.grievance = aggrieved(
                self.grievance, p.covenant_sanction_cost, p.covenant_sanction, p.case_grievance_most
            )

    def opposes_organising(self) -> bool:
        """Say whether an owner at home who does not pay works against those who organise, this half-year."""
        if self.paid != 0 or self.tenure != OWNER_OCCUPIED:
            return False
        p, u = self.model.p, self.model.draw("OPPOSE", self.home.id, self.id)
        angry = is_aggrieved(self.grievance, p.case_aggrieved)
        return works_against(angry, self.trust_provider, p.owners_distrust, p.owners_opponents, u)

    def stands_for_seat(self) -> bool:
        """Say whether somebody of this household stands for a seat of council or supervision."""
        u = self.model.draw("STANDS", self.home.id, self.id)
        return bool(u < self.takes_part(self.model.p.core_stand, 0.0))

    def is_asked_to_sign(self) -> bool:
        """Say whether this year's covenant is laid before this household."""
        return bool(self.model.draw("ASKED_TO_SIGN", self.home.id, self.id) < self.model.p.covenant_drive)

    def consider_signing(self) -> None:
        """Sign the covenant or not, of one's own accord; be pressed for not signing a text that is imposed."""
        p = self.model.p
        chance = signs_chance(
            p.covenant_base,
            self.belief,
            p.covenant_by_norm,
            self.trust_committee,
            p.covenant_by_trust,
            p.covenant_imposed,
            p.covenant_by_imposed,
        )
        signs = self.model.draw("SIGNS", self.home.id, self.id) < chance
        self.covenant = 1 if signs else 0
        if not signs and p.covenant_imposed > 0.0:
            self.pressure = pressed(self.pressure, p.covenant_imposed)
            self.presser = COMMITTEE

    def answer_ballot(self, question: int, organised: float) -> bool | None:
        """Return the vote on a question, None where the ballot does not arrive or does not come back.

        organised : how well ballots are carried from door to door.
        """
        p, owners = self.model.p, self.home.owners
        _, u_reached, u_returned, u_choice = self.model.draws("BALLOT_REACHED", self.home.id, self.id, question)
        absent = self.tenure != OWNER_OCCUPIED
        chance = reached_chance(p.owners_reached, organised, absent, p.owners_absent_loss)
        if u_reached >= possible(chance, p.shock_stop):
            return None
        proxy = proxy_competence(self.trust_provider, self.home.branch.attention, self.trust_branch)
        answers = returned_chance(
            p.owners_turnout_base, owners.estate_effect, self.voice, owners.efficacy, proxy, p.owners_crowding
        )
        if u_returned >= signed_chance(answers, owners.canvass(question), p.renovation_signs):
            return None
        return says_yes(self.expected_gain(question), p.vote_doubt, u_choice)

    def expected_gain(self, question: int) -> float:
        """Return what this owner expects to gain if the vote passes."""
        p, owners = self.model.p, self.home.owners
        if question == FORM:
            return gain_from_committee(
                self.quality_gap(),
                owner_hears(self.tenure, self.grievance, p.household_passed_on),
                owners.efficacy,
                p.vote_committee_base,
                p.vote_committee_grievance,
                p.vote_committee_efficacy,
            )
        if question == RENEW:
            return gain_from_renewal(owners.effort, owners.capture, p.vote_renewal_worth, p.vote_renewal_needed)
        if question == DISMISS:
            return gain_from_change(self.quality_gap(), p.owners_change_cost)
        if question == LET:
            return gain_from_letting(self.trust_owners, owners.capture, p.vote_letting_worth, p.vote_letting_trouble)
        if question == RENOVATE:
            visible, invisible, own = self.home.coming_visible, self.home.coming_invisible, self.home.asked
            return gain_from_works(
                visible, invisible, p.renovation_worth, own, self.income, p.renovation_strain
            )
        if question == FUND:
            stock, rate = self.home.mean_stock(), p.funding_fund_rate
            worth, strain = p.vote_fund_worth, p.vote_fund_strain
            return gain_from_fund(
                stock, self.trust_owners, owners.capture, worth, rate, self.area, self.income, strain
            )
        if question == USE:
            worth, trouble = p.vote_fund_worth, p.vote_use_trouble
            return gain_from_use(self.home.mean_stock(), self.trust_owners, owners.capture, worth, trouble)
        return gain_from_rise(self.quality_gap(), owners.rise_asked(), p.household_reference_price)
