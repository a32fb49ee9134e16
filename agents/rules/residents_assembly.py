"""The residents as a body: their forum (居民说事), council (居民代表会议) and supervisors (居务监督委员会)."""

from agents.rules.columns import Column
from agents.rules.compiling import rule
from agents.rules.numeric import logistic


class AssemblyReal(Column):
    """Real-valued columns of the residents' assembly of an estate."""

    PRACTICE = "share", "how used people are to talking things over"
    LOUD = "share", "attendants of the last forum who are aggrieved and do not pay"
    GIVEN = "hours/month", "hours that residents gave to meetings, seats and signing"
    MEETINGS = "hours/month", "hours of the residents' committee that meetings take"
    COUNCIL = "share", "seats of the deliberating council that are filled"
    SUPERVISED = "share", "supervisors' seats filled with others than the council's"


class AssemblyWhole(Column):
    """Integer columns of the residents' assembly of an estate."""

    ATTENDANTS = "households", "at the last forum"
    IN_OFFICE = "months", "since the council was first elected, 0 without one"
    SIGNED = "households", "that have signed the covenant"


@rule
def takes_part_chance(
    base: float, estate_effect: float, voice: float, group_efficacy: float, grievance: float, by_grievance: float,
    proxy: float, crowding: float,
) -> float:  # fmt: skip
    """Return the chance that a household comes or stands: efficacy and grievance bring, a capable proxy keeps away.

    Signs after Yau (2018), as for ballots; base, estate_effect, by_grievance, crowding in logits.
    """
    return logistic(
        base
        + estate_effect
        + (2.0 * voice - 1.0)
        + (2.0 * group_efficacy - 1.0)
        + by_grievance * grievance
        - crowding * proxy
    )


@rule
def hours_while(hours: float, lasting: bool) -> float:
    """Return hours that are spent only in some months."""
    if lasting:
        return hours
    return 0.0


@rule
def time_of(persons: float, hours: float) -> float:
    """Return the hours that so many persons give."""
    return persons * hours
