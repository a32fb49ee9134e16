# mypy: disable-error-code="has-type"
"""The party branch (党支部/党小组) as an agent: members give hours while attention lasts, and tire."""

from typing import Any

from agents.calling import call_rules_directly
from agents.rules.contact import neighbour_tie
from agents.rules.numeric import share
from agents.rules.observation import pulsed_attention
from agents.rules.party_branch import (
    BranchReal,
    BranchWhole,
    asked_of_member,
    attention_now,
    captured_officers,
    floor_with_instructor,
    hours_given,
    labour_hours,
    led_by,
    member_hours,
    months_of_attention,
    next_fatigue,
    next_key,
    thinned,
    tiring_speed,
    turned_to,
    visit_hours,
)
from agents.stakeholder import Stakeholder

call_rules_directly(globals())


class PartyBranch(Stakeholder, real=("branch", BranchReal), whole=("branch_n", BranchWhole)):
    """The branch of one estate and the member households in it."""

    def __init__(self, model: Any, unit: int, estate: Any) -> None:
        """Organise the members of `estate`, unit `unit` of the state."""
        super().__init__(model, unit)
        self.estate = estate

    def organise(self) -> None:
        """Settle this month's attention, and the hours that members give to service work and to visits."""
        p = self.model.p
        turned = turned_to(p.branch_attention, p.party_branch_attention, p.party_group_attention)
        alone = attention_now(turned, p.branch_attention_floor, self.active_months, p.branch_attention_memory)
        self.instructor_hours = hours_given(p.branch_instructor, p.branch_organises, alone)
        floor = floor_with_instructor(p.branch_attention_floor, self.instructor_hours, p.branch_instructor_hours)
        organised = attention_now(turned, floor, self.active_months, p.branch_attention_memory)
        organised = thinned(organised, self.estate.street_committee.led, p.branch_span, p.branch_thinning)
        self.attention = pulsed_attention(
            led_by(organised, self.key, p.branch_key_weight),
            p.observation_pulse,
            self.estate.street_committee.expects_show_of(self.estate),
            self.model.month,
            p.observation_lasting,
        )
        self.active_months = months_of_attention(self.active_months, turned)
        hours = member_hours(
            self.n_embedded,
            self.n_sent,
            self.asked(),
            self.attention,
            self.fatigue_embedded,
            self.fatigue_sent,
        )
        self.labour_hours = labour_hours(hours, p.branch_labour_share)
        self.visit_hours = visit_hours(hours, p.branch_labour_share)

    def organised(self, planned: float) -> float:
        """Return the hours given of those planned at full attention, as far as it is the branch that organises them."""
        p = self.model.p
        hours: float = hours_given(planned, p.branch_organises, self.attention)
        return hours

    def captured(self) -> float:
        """Return the share of oversight that cross-appointed officers under a firm's influence hold."""
        p = self.model.p
        captured: float = captured_officers(p.branch_cross_posts, p.officers_capture)
        return captured

    def asked(self) -> float:
        """Return the hours asked of a member household this month."""
        p = self.model.p
        hours: float = asked_of_member(p.branch_member_hours, p.party_branch_hours, p.party_group_hours)
        return hours

    def tie(self) -> float:
        """Return the strength of a member's visit: neighbours count fully, outsiders less."""
        embedded = share(self.n_embedded, self.n_embedded + self.n_sent)
        return neighbour_tie(embedded, self.model.p.contact_outsider)

    def keep_secretary(self) -> None:
        """Keep the secretary, who gets to know the estate, or see a new one begin."""
        p = self.model.p
        u = self.model.draw("KEY_LEAVES", self.estate.id, 0)
        self.key = next_key(self.key, p.branch_key_leaves, p.branch_key_learning, u)

    def tire(self) -> None:
        """Tire from the hours asked, those sent down faster, and recover."""
        self.fatigue_embedded = self.fatigue_after(self.fatigue_embedded, 1.0)
        self.fatigue_sent = self.fatigue_after(self.fatigue_sent, self.model.p.branch_outsider_fatigue)

    def fatigue_after(self, fatigue: float, ratio: float) -> float:
        """Return fatigue a month later; ratio : how fast these members tire, against neighbours."""
        p = self.model.p
        speed = tiring_speed(p.branch_fatigue, ratio)
        return next_fatigue(fatigue, self.asked(), p.branch_normal_hours, speed, p.branch_recovery)
