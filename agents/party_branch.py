# mypy: disable-error-code="has-type"
"""The party branch (党支部/党小组) as an agent: members give hours while attention lasts, and tire."""

from typing import Any

from agents.calling import call_rules_directly
from agents.rules.contact import neighbour_tie
from agents.rules.numeric import share
from agents.rules.party_branch import (
    BranchReal,
    BranchWhole,
    attention_now,
    floor_with_instructor,
    labour_hours,
    led_by,
    member_hours,
    months_of_attention,
    next_fatigue,
    next_key,
    thinned,
    tiring_speed,
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
        floor = floor_with_instructor(p.branch_attention_floor, p.branch_instructor, p.branch_instructor_hours)
        organised = attention_now(p.branch_attention, floor, self.active_months, p.branch_attention_memory)
        organised = thinned(organised, self.estate.street_committee.led, p.branch_span, p.branch_thinning)
        self.attention = led_by(organised, self.key, p.branch_key_weight)
        self.active_months = months_of_attention(self.active_months, p.branch_attention)
        hours = member_hours(
            self.n_embedded,
            self.n_sent,
            p.branch_member_hours,
            self.attention,
            self.fatigue_embedded,
            self.fatigue_sent,
        )
        self.labour_hours = labour_hours(hours, p.branch_labour_share)
        self.visit_hours = visit_hours(hours, p.branch_labour_share)

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
        return next_fatigue(fatigue, p.branch_member_hours, p.branch_normal_hours, speed, p.branch_recovery)
