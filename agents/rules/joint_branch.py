"""The Grand Property-Management Committee (大物委): people of committee, firm and owners at one case desk."""

from agents.rules.columns import Column
from agents.rules.compiling import rule


class JointReal(Column):
    """Real-valued columns of the joint branch."""

    HOURS = "hours/month", "hours its members give to cases"
    FATIGUE = "share", "fatigue of its members"


@rule
def hours_of_joint_branch(asked: float, fatigue: float) -> float:
    """Return the hours members give to cases when `asked` hours are asked of them together."""
    return asked * (1.0 - fatigue)


@rule
def load_of_member(asked: float, members: float) -> float:
    """Return the hours asked of one member; both are counted per 100 households."""
    return asked / members


@rule
def joint_hours_asked(form: float, tiers: float) -> float:
    """Return the hours asked of the joint desk per 100 households: by the form, and as part of the four tiers."""
    return form + tiers


@rule
def part_of_joint_hours(hours: float, share: float) -> float:
    """Return the hours that one side gives to the joint desk."""
    return hours * share


@rule
def owners_at_joint_desk(hours: float, cadres: float, staff: float) -> float:
    """Return the unpaid hours of owners at the joint desk: what the residents' committee and who serves do not give."""
    return hours * max(0.0, 1.0 - cadres - staff)
