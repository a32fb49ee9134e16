# mypy: disable-error-code="has-type"
"""The Grand Property-Management Committee (大物委) as an agent: a joint branch whose members sit at the case desk."""

from typing import TYPE_CHECKING, Any

from agents.calling import call_rules_directly
from agents.rules.contact import hours_for
from agents.rules.joint_branch import JointReal, hours_of_joint_branch, joint_hours_asked, load_of_member
from agents.rules.party_branch import led_by, next_fatigue
from agents.stakeholder import Stakeholder

if TYPE_CHECKING:
    from agents.estate import Estate


call_rules_directly(globals())


class JointBranch(Stakeholder, real=("joint", JointReal)):
    """People of residents' committee, firm and owners who settle cases together; without hours there is none."""

    def __init__(self, model: Any, unit: int, estate: "Estate") -> None:
        """Sit in `estate`, unit `unit` of the state."""
        super().__init__(model, unit)
        self.estate = estate

    def gather(self) -> None:
        """Settle the hours its members give this month."""
        asked = self.estate.branch.organised(hours_for(self.asked(), self.estate.n_households))
        self.hours = hours_of_joint_branch(asked, self.fatigue)

    def asked(self) -> float:
        """Return the hours asked of all members together, per 100 households."""
        hours: float = joint_hours_asked(self.model.p.desk_joint_hours, self.model.p.tiers_desk_hours)
        return hours

    def skill(self) -> float:
        """Return its skill: part of it is what the key person knows of the estate."""
        p = self.model.p
        skill: float = led_by(p.desk_joint_skill, self.estate.branch.key, p.branch_key_weight)
        return skill

    def tire(self) -> None:
        """Tire from the hours asked of each member, and recover."""
        p = self.model.p
        load = load_of_member(self.asked(), p.desk_joint_members)
        self.fatigue = next_fatigue(self.fatigue, load, p.branch_normal_hours, p.branch_fatigue, p.branch_recovery)
