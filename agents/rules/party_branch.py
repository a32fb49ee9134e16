"""The party branch (党支部/党小组) of an estate: members, their hours, fatigue and attention."""

from agents.rules.columns import Column
from agents.rules.compiling import rule
from agents.rules.numeric import clip, elapsed_share, move


class BranchReal(Column):
    """Real-valued columns of the branch."""

    ATTENTION = "share", "organising attention of this month"
    FATIGUE_EMBEDDED = "share", "fatigue of members who are neighbours"
    FATIGUE_SENT = "share", "fatigue of members sent down"
    VISIT_HOURS = "hours/month", "member hours at the doors"
    LABOUR_HOURS = "hours/month", "member hours of service work"
    INSTRUCTOR_HOURS = "hours/month", "hours of a posted instructor, as far as attention goes"
    KEY = "share", "how well the secretary in office (the key person) knows the estate"


class BranchWhole(Column):
    """Integer columns of the branch."""

    ACTIVE_MONTHS = "months", "months since attention was turned to the estate"
    N_EMBEDDED = "households", "member households that are neighbours"
    N_SENT = "households", "member households sent down"


@rule
def attention_now(attention: float, floor: float, months: int, memory: float) -> float:
    """Return organising attention: it fades to a floor (mechanisms 3.2)."""
    return attention * (floor + (1.0 - floor) * elapsed_share(months, memory))


@rule
def floor_with_instructor(floor: float, hours: float, full: float) -> float:
    """Return the attention that remains for good: an instructor's hours (指导员, `full` of them) keep it up."""
    return floor + (1.0 - floor) * min(1.0, hours / full)


@rule
def thinned(attention: float, led: int, span: float, thinning: float) -> float:
    """Return the attention of one of `led` estates: those above can lead `span` of them before it thins out.

    thinning : 0 for attention without limit, 1 for one sum that all estates share.
    """
    if led <= span:
        return attention
    return attention * float((span / led) ** thinning)


@rule
def next_key(key: float, chance: float, learning: float, u: float) -> float:
    """Return how well the secretary knows the estate: a new one begins at nothing and learns."""
    if u < chance:
        return 0.0
    return move(key, 1.0, learning)


@rule
def led_by(value: float, key: float, weight: float) -> float:
    """Return attention or skill as far as it does not hang on the key person, or the key person knows the estate."""
    return value * (1.0 - weight * (1.0 - key))


@rule
def member_hours(
    n_embedded: int, n_sent: int, asked: float, attention: float, fatigue_embedded: float, fatigue_sent: float
) -> float:
    """Return hours given in a month: neighbours of their own accord, those sent down only under attention."""
    return asked * (n_embedded * (1.0 - fatigue_embedded) + n_sent * attention * (1.0 - fatigue_sent))


@rule
def hours_given(planned: float, organised: float, attention: float) -> float:
    """Return the hours given of those planned at full attention.

    organised : share of them that is given only as far as attention goes; what is not given is not booked.
    """
    return planned * (1.0 - organised * (1.0 - attention))


@rule
def captured_officers(cross_posts: float, capture: float) -> float:
    """Return the share of oversight in the hands of cross-appointed officers who came under the firm's influence."""
    return cross_posts * capture


@rule
def favour_of(members: int, favours: float, attention: float) -> float:
    """Return how far a household is favoured: those with a member, while the branch is active; members : code."""
    if members == 0:
        return 0.0
    return favours * attention


@rule
def kept_from(members: int, favours: float, attention: float) -> float:
    """Return the share of desk hours kept from a household for those favoured, while the branch is active.

    members : code; nothing is kept from those with a member (mechanisms F12).
    """
    if members != 0:
        return 0.0
    return favours * attention


@rule
def months_of_attention(months: int, attention: float) -> int:
    """Return the months since attention was turned to the estate: none while there is none."""
    if attention > 0.0:
        return months + 1
    return 0


@rule
def labour_hours(hours: float, labour_share: float) -> float:
    """Return the part of the members' hours that goes into service work."""
    return hours * labour_share


@rule
def visit_hours(hours: float, labour_share: float) -> float:
    """Return the part of the members' hours that goes into visits."""
    return hours * (1.0 - labour_share)


@rule
def tiring_speed(speed: float, ratio: float) -> float:
    """Return how fast members tire; ratio : against neighbours, who tire at `speed`."""
    return speed * ratio


@rule
def next_fatigue(fatigue: float, asked: float, normal: float, speed: float, recovery: float) -> float:
    """Return fatigue after a month in which `asked` hours were asked, `normal` being bearable load."""
    return clip(fatigue + speed * asked / normal * (1.0 - fatigue) - recovery * fatigue, 0.0, 1.0)


@rule
def asked_of_member(form: float, branch: float, group: float) -> float:
    """Return the hours asked of a member household: by the form, by a branch (党支部), by a group (党小组)."""
    return form + branch + group


@rule
def turned_to(form: float, branch: float, group: float) -> float:
    """Return the attention turned to the estate: that of whoever attends to it most."""
    return max(form, branch, group)
