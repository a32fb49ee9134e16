"""Social organisations (社会组织) at work in an estate: service, charity and rights-defending (维权) kinds.

They come under contracts of the sub-district, learn the estate in time and forget it when the contract ends.
"""

from agents.rules.columns import Column
from agents.rules.compiling import rule
from agents.rules.numeric import move


class SocialReal(Column):
    """Real-valued columns of the social organisations at work in an estate."""

    CAPACITY = "share", "how far they know the estate"
    SERVICE_HOURS = "hours/month", "mediation and case work"
    CHARITY = "dose", "care for vulnerable households"
    RIGHTS = "dose", "help for those who complain, against whoever serves"


@rule
def contracted_hours(service: float, charity: float, rights: float) -> float:
    """Return the hours under contract, three kinds together."""
    return service + charity + rights


@rule
def under_contract(hours: float, entry: float) -> float:
    """Return the hours per 100 households that are contracted: less than `entry` of them start no organisation."""
    if hours < entry:
        return 0.0
    return hours


@rule
def learning_with_training(speed: float, training: float, full: float) -> float:
    """Return how fast capacity grows where the sub-district builds it; `full` hours of training double the speed."""
    return min(1.0, speed * (1.0 + training / full))


@rule
def relieved_hours(free: float, staff: float, relief: float, capacity: float) -> float:
    """Return the committee's free hours with functions handed over, as far as the organisation can do them."""
    return min(staff, free + relief * capacity)


@rule
def next_capacity(capacity: float, hours: float, speed: float) -> float:
    """Return capacity a month later: it grows under contract and fades without one (mechanisms 1g, 5)."""
    if hours > 0.0:
        return move(capacity, 1.0, speed)
    return move(capacity, 0.0, speed)


@rule
def effective_hours(hours: float, capacity: float) -> float:
    """Return the hours that count, given how well the estate is known."""
    return hours * capacity


@rule
def dose_of_hours(hours: float, full: float, capacity: float) -> float:
    """Return the dose of help that hours per 100 households give; `full` hours and capacity 1 give 1."""
    return min(1.0, hours / full) * capacity


@rule
def at_work(service: float, charity: float, rights: float) -> bool:
    """Say whether an organisation of any kind helps this month; hours or doses of the three kinds."""
    return service > 0.0 or charity > 0.0 or rights > 0.0


@rule
def contract_price(hours: float, price: float) -> float:
    """Return what a month's hours cost, in yuan."""
    return hours * price


@rule
def readiness_with_help(base: float, dose: float, weight: float) -> float:
    """Return the readiness to complain, logit, with somebody who helps (rights-defending)."""
    return base + weight * dose


@rule
def power_with_help(power: float, dose: float, weight: float) -> float:
    """Return the power to summon parties with somebody who presses for it."""
    return max(power, weight * dose)
