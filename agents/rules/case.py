"""A case (纠纷): a fault or dispute of one household, from the month it arises to the way it ends.

A household lumps it or speaks up; a desk with hours, skill, powers and money tries to settle it; patience ends
in escalation or withdrawal. Which form of governance is in force is known to no rule here.
"""

from agents.rules.columns import Column
from agents.rules.compiling import rule
from agents.rules.normal import normal_quantile
from agents.rules.numeric import clip, logistic, move
from agents.rules.units import HALF, HUNDRED, LEAST_HOURS, MONTH_DAYS, MONTH_ZERO, NUMBER_BITS, UNPAYABLE, WORD, YEAR

# kinds of case
(
    SERVICE, FACILITY, COMMON, STRUCTURE, NEIGHBOUR, ACCOUNT, HANDOVER, RENOVATION, LEGACY, SUIT,
) = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9  # fmt: skip
N_KINDS = SUIT + 1
KIND_NAMES = (
    "service", "facility", "parking and common income", "illegal structure", "neighbour", "fee and account",
    "hand-over", "renovation", "legacy", "suit for arrears",
)  # fmt: skip

# desks, in the order of the ladder
PROVIDER_DESK, MEDIATION, STREET_DESK, DEPARTMENT, COURT, PETITION = 0, 1, 2, 3, 4, 5
N_DESKS = PETITION + 1
DESK_NAMES = ("provider's desk", "mediation", "sub-district and hotline", "department", "court", "collective petition")

SPAN = YEAR
"""Months within which the time without a settlement is counted."""
SEEN_MONTHS = YEAR
"""Months over which people remember how cases of the estate ended."""

# what has become of a case
OPEN, PAPER, RESOLVED, WITHDRAWN, JUDGED, SETTLED = 0, 1, 2, 3, 4, 5
END_LUMPED, END_RESOLVED, END_WITHDRAWN, END_JUDGED = 0, 1, 2, 3
END_OF = (END_LUMPED, END_LUMPED, END_RESOLVED, END_WITHDRAWN, END_JUDGED, END_LUMPED)
"""Row of the table of ends of each status; the first where nothing has ended."""
STATUS_NAMES = ("open", "closed on paper", "resolved", "withdrawn", "judged", "settled")

# what happens to a case, for its log
OPENED, ENDED, CLOSED_ON_PAPER, REOPENED, ESCALATED, GAVE_UP, SENTENCED = 0, 1, 2, 3, 4, 5, 6
EVENT_OF_END = (0, 0, ENDED, GAVE_UP, SENTENCED, 0)
"""What is written into the log when a case comes to each status."""

# who pays for what settling a case takes
NOBODY_PAYS, PURSE, OWNERS_FUND, STREET_BUDGET, OLD_UNIT = 0, 1, 2, 3, 4


class CaseReal(Column):
    """Real-valued columns of open cases."""

    SEVERITY = "severity", "how much it matters to the household"
    COST = "yuan", "money that settling it takes"


class CaseWhole(Column):
    """Integer columns of open cases."""

    ID = "id", "number in its estate, never reused"
    HOUSEHOLD = "index", "row of the household"
    KIND = "code", "what it is about"
    DESK = "code", "where it lies"
    STATUS = "code", "open or closed on paper"
    ARISEN = "month", "month in which it arose"
    ARRIVES = "month", "first month in which its desk can work on it"
    TOP = "code", "highest desk it has reached"
    REOPENED = "times", "how often it came back after a closure on paper"


class DeskReal(Column):
    """Real-valued columns of the desks, six per estate."""

    HOURS = "hours", "hours it has this month"
    USED = "hours", "hours spent on cases this month"
    SKILL = "share", "skill of those who sit there"
    POWER = "share", "power to summon parties and route the case"
    INTEREST = "share", "interest it shares with the defendant"
    PATIENCE = "months", "mean patience of those who wait there"
    DAYS = "days", "way to this desk through the network of bodies"
    SAVED = "share", "days on the way there that the platform saves digital households"
    REPORT_HOURS = "hours/case", "reporting on the way"
    PACE = "ratio", "its pace, against the usual one"
    PAPER = "share", "failed attempts it reports as closed"
    EASE = "ratio", "how much easier cases are for having been talked over; negative: harder"
    JOINT = "share", "part of its own hours that the joint branch gives"


class DeskWhole(Column):
    """Integer columns of the desks."""

    WAITING = "cases", "cases that lie there"
    RESOLVED = "cases", "really resolved this month"
    HELPED = "0/1", "social organisations sit there too"


CAN_CLOSE = (
    # provider, mediation, street, department, court, petition
    (1, 1, 1, 0, 1, 1),  # service
    (1, 1, 1, 0, 0, 1),  # facility
    (0, 1, 1, 0, 1, 1),  # parking and common income
    (0, 1, 1, 1, 0, 1),  # illegal structure
    (0, 1, 1, 0, 1, 0),  # neighbour
    (1, 1, 0, 0, 1, 0),  # fee and account
    (0, 0, 1, 1, 1, 1),  # hand-over
    (0, 0, 1, 1, 0, 1),  # renovation
    (0, 0, 0, 1, 1, 1),  # legacy
    (0, 0, 0, 0, 1, 0),  # suit for arrears
)
"""Which desk can close which kind (mechanisms C1 to C6; legacy only above the sub-district)."""

FIRM_IS_PARTY = (1, 1, 1, 0, 0, 1, 1, 0, 0, 1)
"""Kinds in which whoever serves is a party: an interest shared with the firm weighs there alone."""

WHO_PAYS = (
    (PURSE, PURSE, STREET_BUDGET, STREET_BUDGET, PURSE, STREET_BUDGET),
    (PURSE, OWNERS_FUND, STREET_BUDGET, STREET_BUDGET, PURSE, STREET_BUDGET),
    (0, 0, 0, 0, 0, 0),
    (0, 0, 0, 0, 0, 0),
    (0, 0, 0, 0, 0, 0),
    (0, 0, 0, 0, 0, 0),
    (0, 0, 0, 0, 0, 0),
    (STREET_BUDGET, STREET_BUDGET, STREET_BUDGET, STREET_BUDGET, STREET_BUDGET, STREET_BUDGET),
    (OLD_UNIT, OLD_UNIT, OLD_UNIT, OLD_UNIT, OLD_UNIT, OLD_UNIT),
    (0, 0, 0, 0, 0, 0),
)
"""Who pays, by kind and desk; mediation pays for facilities from the owners' fund, or the purse where there is none."""


@rule
def chance_by_level(chance: float, level: float) -> float:
    """Return a chance that vanishes where the level (quality, stock, openness) is 1."""
    return chance * (1.0 - clip(level, 0.0, 1.0))


@rule
def chance_while(chance: float, lasting: bool) -> float:
    """Return a chance that exists only while something lasts."""
    if lasting:
        return chance
    return 0.0


@rule
def chance_of_debtor(chance: float, trust: float, unpaid: int) -> float:
    """Return a debtor's chance of a dispute over the account, larger without trust in the provider."""
    if unpaid == 0:
        return 0.0
    return chance * (1.0 - trust)


@rule
def fault_hazards_sum(
    service: float, facility: float, common: float, structure: float, neighbour: float, account: float, handover: float,
    renovation: float, legacy: float,
) -> float:  # fmt: skip
    """Return the chance that something happens to a household this month, the kinds' chances added and capped at 1."""
    return clip(
        service + facility + common + structure + neighbour + account + handover + renovation + legacy, 0.0, 1.0
    )


@rule
def fault_kind(
    u: float, service: float, facility: float, common: float, structure: float, neighbour: float, account: float,
    handover: float, renovation: float, legacy: float,
) -> int:  # fmt: skip
    """Return the kind of a fault in proportion to the kinds' chances; u in (0, 1)."""
    x = u * (service + facility + common + structure + neighbour + account + handover + renovation + legacy)
    x -= service
    if x < 0.0:
        return SERVICE
    x -= facility
    if x < 0.0:
        return FACILITY
    x -= common
    if x < 0.0:
        return COMMON
    x -= structure
    if x < 0.0:
        return STRUCTURE
    x -= neighbour
    if x < 0.0:
        return NEIGHBOUR
    x -= account
    if x < 0.0:
        return ACCOUNT
    x -= handover
    if x < 0.0:
        return HANDOVER
    x -= renovation
    if x < 0.0:
        return RENOVATION
    return LEGACY


@rule
def severity(u: float, spread: float) -> float:
    """Return how much a case matters, uniform around 1; spread : half-width, below 1."""
    return 1.0 + spread * (2.0 * u - 1.0)


@rule
def money_needed(
    relative: float, price: float, how_severe: float, u: float, kind: int, old_unit_pays: float
) -> float:
    """Return the yuan that settling a case takes; a legacy case without a unit that pays can never be paid for."""
    if kind == LEGACY and u >= old_unit_pays:
        return UNPAYABLE
    return relative * price * how_severe


@rule
def payable(cost: float) -> bool:
    """Say whether there is somebody left who could pay for a case."""
    return cost < UNPAYABLE


@rule
def speaks_up_chance(
    base: float, voice: float, voice_weight: float, how_severe: float, severity_weight: float
) -> float:
    """Return the chance that a household complains and does not lump it (mechanisms C2; Sjoberg et al. 2017)."""
    return logistic(base + voice_weight * (2.0 * voice - 1.0) + severity_weight * (how_severe - 1.0))


@rule
def settle_chance(
    base: float, skill: float, skill_weight: float, difficulty: float, difficulty_weight: float, interest: float,
    interest_weight: float, firm_is_party: int,
) -> float:  # fmt: skip
    """Return the chance that an attempt with enough hours and money settles a case.

    skill, difficulty in [0, 1], 1/2 being usual; an interest shared with the firm weighs against where the firm is
    a party. Powers do not enter: they shorten what an attempt takes.
    """
    return logistic(
        base
        + skill_weight * (skill - HALF)
        - difficulty_weight * (difficulty - HALF)
        - interest_weight * interest * firm_is_party
    )


@rule
def pace_with_power(pace: float, power: float, summons: float, bringing: float) -> float:
    """Return a desk's pace where parties come when they are summoned, and somebody there has to bring them.

    summons : how much faster cases go at full power; bringing : hours for it, by hour at the desk.
    """
    return pace * (1.0 + summons * power) / (1.0 + bringing * power)


@rule
def hours_open_to(hours: float, kept: float) -> float:
    """Return the hours of a desk that are open to a household, a share of them being kept for others."""
    return hours * (1.0 - kept)


@rule
def court_end(u: float, what: int, mediated: float, withdrawn: float) -> int:
    """Return how a case ends in court: mediated first, a suit perhaps withdrawn, else judged (evidence D9)."""
    if u < mediated:
        return RESOLVED
    if what == SUIT and u < mediated + withdrawn:
        return WITHDRAWN
    return JUDGED


@rule
def paper_chance(base: float, pressure: float, pressure_weight: float, verified: float) -> float:
    """Return the chance that a failed attempt is reported as closed: pressure to close, little verification."""
    return clip((base + pressure_weight * pressure) * (1.0 - verified), 0.0, 1.0)


@rule
def patience_ends(patience: float) -> float:
    """Return the chance that patience ends in a month, mean patience in months."""
    return clip(1.0 / patience, 0.0, 1.0)


@rule
def escalates_chance(
    base: float, voice: float, voice_weight: float, how_severe: float, severity_weight: float
) -> float:
    """Return the chance that who has lost patience takes the case further and does not drop it."""
    return logistic(base + voice_weight * (2.0 * voice - 1.0) + severity_weight * (how_severe - 1.0))


@rule
def months_on_the_way(days: float) -> int:
    """Return the months a case is under way to a desk `days` away, rounded half up."""
    return int(days / MONTH_DAYS + HALF)


@rule
def days_on_the_way(days: float, saved: float, digital: int) -> float:
    """Return the days that a household's case is under way; what routing saves reaches digital households alone."""
    if digital == 0:
        return days
    return days * (1.0 - saved)


@rule
def petition_threshold(mean: float, spread: float, u: float) -> float:
    """Return the share of aggrieved ties at which a household petitions: thresholds differ (Granovetter 1978).

    u : in (0, 1); normal law with this standard deviation.
    """
    if spread == 0.0:
        return mean
    return mean + spread * normal_quantile(u)


@rule
def joins_petition(share_aggrieved: float, threshold: float) -> bool:
    """Say whether enough of those one knows are aggrieved to petition together (Granovetter 1978)."""
    return share_aggrieved >= threshold


@rule
def learned_voice(voice: float, outcome: float, speed: float) -> float:
    """Return the belief that complaining helps after an outcome seen (1 helped, 0 did not)."""
    return move(voice, outcome, speed)


@rule
def success_share(settled: int, ended: int, prior: float, weight: float) -> float:
    """Return the share of ended cases that were settled, as people see it; weight : cases that `prior` counts for."""
    if ended + weight <= 0.0:
        return prior
    return (settled + weight * prior) / (ended + weight)


@rule
def seen_speed(speed: float, seen: float) -> float:
    """Return how fast outcomes seen in the estate teach, against one's own."""
    return speed * seen


@rule
def staff_drain(open_cases: int, n_households: int, drain: float, most: float) -> float:
    """Return the share of service input that open cases tie up (Chu 2012: conflict and performance feed each other)."""
    return drain * min(most, open_cases / n_households)


@rule
def trust_after_case(trust: float, outcome: float, speed: float) -> float:
    """Return trust in a body after one's own case there: settled (1) or closed on paper (0)."""
    return move(trust, outcome, speed)


@rule
def desk_hours(per_hundred: float, n_households: int, factor: float) -> float:
    """Return a desk's hours in a month: per 100 households, times a factor (spending, effort)."""
    return per_hundred * (n_households / HUNDRED) * factor


@rule
def joint_skill(own_hours: float, own_skill: float, joint_hours: float, joint: float) -> float:
    """Return the skill of a desk where two sides sit, weighted by their hours."""
    if own_hours + joint_hours <= 0.0:
        return own_skill
    return (own_hours * own_skill + joint_hours * joint) / (own_hours + joint_hours)


@rule
def joint_share(own_hours: float, joint_hours: float) -> float:
    """Return the part of a desk's hours that the joint branch gives: it answers for that part of the outcomes."""
    if own_hours + joint_hours <= 0.0:
        return 0.0
    return joint_hours / (own_hours + joint_hours)


@rule
def effect_on_own(effect: float, joint: float) -> float:
    """Return how far an outcome moves trust in the body whose desk it is; joint : part the joint branch answers for."""
    return effect * (1.0 - joint)


@rule
def effect_on_joint(effect: float, joint: float) -> float:
    """Return how far an outcome moves trust in the party branch that staffed a part of the desk."""
    return effect * joint


@rule
def talked_over(difficulty: float, ease: float) -> float:
    """Return the difficulty of a case once it was talked over (mechanisms 5: x 0.7 to 0.9 in an open forum)."""
    return difficulty * (1.0 - ease)


@rule
def urgent(how_severe: float) -> bool:
    """Say whether a case counts as urgent: it matters more than the mean one."""
    return how_severe >= 1.0


@rule
def faded(dropped: int, decay: float) -> int:
    """Return dropped severity (millionths) a month later."""
    return dropped - int(dropped * decay)


@rule
def months_spared(age: int) -> int:
    """Return the months, of an issue's first 12, that come after its real settlement at this age in months.

    The month of the settlement is not among them: an issue settled in the month in which it arose (age 0) spares 11.
    """
    return max(0, SPAN - 1 - age)


@rule
def attempt_hours(by_kind: float, report_hours: float) -> float:
    """Return the hours one attempt takes: those of its kind, and reporting on the way."""
    return by_kind + report_hours


@rule
def case_number(arisen: int, what: int) -> int:
    """Return the number that names a case among those of its household in the draws of a month."""
    return 2 * (arisen + MONTH_ZERO) + (1 if what == SUIT else 0)


@rule
def place_in_queue(u: float, household: int, what: int) -> int:
    """Return a new case's place among those of its month, by a draw: no house number goes first."""
    return (int(u * WORD) << NUMBER_BITS) + 2 * household + (1 if what == SUIT else 0)


@rule
def hours_of_desks(
    provider: float, mediation: float, street: float, department: float, court: float, petition: float
) -> float:
    """Return the hours that all desks together spent on cases."""
    return provider + mediation + street + department + court + petition


@rule
def hours_enough(hours: float, used: float, needed: float) -> bool:
    """Say whether a desk has hours left for one more attempt."""
    return used + needed <= hours + LEAST_HOURS
