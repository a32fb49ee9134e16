"""What each lever may change: the phase in which it acts first, and the columns that may differ right after it.

Switched on in a month, a lever leaves every bit of the state alone before its phase; right after the phase only the
columns named here may differ. What follows later in the month, and later, is the model's own doing.
"""

from collections.abc import Mapping
from types import MappingProxyType

from sim.parameters.influence_money import Influence

_COMMITTEE_HOURS = ("committee.MEDIATION_HOURS", "committee.SHORTFALL", "committee.USUAL_TRUST")
_COMMITTEE_LOAD = ("committee.FREE_HOURS", *_COMMITTEE_HOURS)
_REPORTS = ("committee.REPORT_HOURS", *_COMMITTEE_LOAD)
_STAFF = ("committee.TRAINED", *_REPORTS)
_MEMBERS = ("branch.LABOUR_HOURS", "branch.VISIT_HOURS")
ATTENTION = (
    "branch.ATTENTION", "branch.INSTRUCTOR_HOURS", *_MEMBERS, *_COMMITTEE_HOURS, "committee.DUTIES",
    "committee.CADRE_HOURS", "committee.AUDIT_HOURS", "joint.HOURS",
)  # fmt: skip
_REPAIR_MONEY = (
    "estate_n.REPAIR_BUDGET", "record.REPAIR_MONEY", "cash.DISTRICT", "cash.STREET", "flow.REPAIRS_GRANTED",
)  # fmt: skip
_CAPACITY = ("social.CAPACITY", "social.SERVICE_HOURS", "social.CHARITY", "social.RIGHTS")
_CONTRACT = (*_CAPACITY, *_COMMITTEE_LOAD, "cash.STREET", "cash.SOCIAL_ORGANIZATIONS")
SETTLED = (
    "desk.USED", "desk_n.RESOLVED", "case.SEVERITY", "case.COST", "case_n.ID", "case_n.HOUSEHOLD", "case_n.KIND",
    "case_n.DESK", "case_n.STATUS", "case_n.ARISEN", "case_n.ARRIVES", "case_n.TOP", "case_n.REOPENED",
    "household.GRIEVANCE", "household.VOICE", "household.TRUST_PROVIDER", "household.TRUST_COMMITTEE",
    "household.TRUST_BRANCH", "household.TRUST_STREET", "household.TRUST_OWNERS", "household.TRUST_SOCIAL",
    "household_n.SUED", "spared", "endings",
    "provider_n.PURSE", "estate_n.REPAIR_BUDGET", "estate_n.N_CASES", "estate_n.OPEN_SEVERITY", "estate_n.DROPPED",
    "cash.PROVIDER", "cash.OWNERS", "cash.STREET", "cash.PROPERTY_RIGHT_UNIT", "cash.SUPPLIERS",
    "flow.REPAIRS_PROVIDER", "flow.REPAIRS_OWNERS", "flow.REPAIRS_STREET", "flow.REPAIRS_OLD_UNIT",
    "record.RESOLVED", "record.WITHDRAWN", "record.JUDGED", "record.CLOSED_ON_PAPER", "record.ESCALATED",
    "record.RESOLVED_MEMBERS", "record.PETITIONS", "record.ENDED_ABOVE", "record.SUITS_ENDED",
    "record.SUITS_MEDIATED", "record.SUITS_WITHDRAWN", "settled_within", "life",
)  # fmt: skip
"""What desks settle, close on paper, or pass on: everything that follows from another attempt at a case."""

LEFT_OPEN = (
    "case.SEVERITY", "case.COST", "case_n.ID", "case_n.HOUSEHOLD", "case_n.KIND", "case_n.DESK", "case_n.STATUS",
    "case_n.ARISEN", "case_n.ARRIVES", "case_n.TOP", "case_n.REOPENED", "household.VOICE", "estate_n.N_CASES",
    "estate_n.OPEN_SEVERITY", "estate_n.DROPPED", "record.WITHDRAWN", "record.CLOSED_ON_PAPER", "record.ESCALATED",
    "record.PETITIONS", "record.ENDED_ABOVE", "endings", "life",
)  # fmt: skip
"""What follows where a failed attempt is no longer reported as closed: patience may end instead."""

PAID = (
    "cash.HOUSEHOLDS", "cash.PROVIDER", "estate_n.DEBT_YOUNG", "estate_n.DEBT_MIDDLE", "estate_n.DEBT_OLD",
    "flow.ARREARS_PAID", "flow.FEES", "household.LOWEST", "household.PAYOFF", "household.PAYOFF_DECIDED",
    "household_n.DECIDED", "household_n.EVER_PAID", "household_n.KIND", "household_n.PAID", "household_n.UNPAID",
    "provider.ACCRUAL", "provider.EXPECTED", "provider.PUBLISHED", "provider_n.PREPAID", "provider_n.RECEIVED",
    "record.ARREARS_PAID", "record.FEES", "record.N_ASKED", "record.N_ENFORCED", "record.N_REFUSED",
    "record.N_REPELLED", "record.N_VOLUNTARY",
)  # fmt: skip

_SUED = (
    "case.SEVERITY", "case.COST", "case_n.ID", "case_n.HOUSEHOLD", "case_n.KIND", "case_n.DESK", "case_n.STATUS",
    "case_n.ARISEN", "case_n.ARRIVES", "case_n.TOP", "case_n.REOPENED", "household_n.SUED", "household_n.CONTACT", "estate_n.N_CASES",
    "estate_n.NEXT_CASE", "cash.PROVIDER", "cash.COURTS", "flow.COURT_FEES", "record.SUITS", "life",
)  # fmt: skip
"""What follows from a suit: a case in court, and its fee."""

PEOPLE: Mapping[str, Influence] = MappingProxyType(
    {
        "checklist.hours": ("handle", ("desk.PACE", "desk.PAPER", *SETTLED)),
        "checklist.checks": ("handle", ("desk.PAPER", *LEFT_OPEN)),
        "observation.pulse": ("allocate", ATTENTION),
        "observation.lasting": ("allocate", ATTENTION),
        "observation.kappa": ("allocate", ("estate_n.CLAIM", "estate_n.CLAIM_BEFORE", "street_n.CLAIMS", *_REPAIR_MONEY, *ATTENTION)),
        "observation.staff": ("allocate", _REPORTS),
        "street.competition": ("allocate", ("street_n.GRANTED", *_REPAIR_MONEY)),
        "street.evaluation": ("serve", ("facility.VISIBLE", "facility.INVISIBLE", "facility.QUALITY")),
        "tiers.layers": ("allocate", _REPORTS),
        "tiers.desk_hours": ("allocate", ("joint.HOURS", *_COMMITTEE_HOURS)),
        "route.tier_days": ("handle", ("desk.DAYS", "desk.REPORT_HOURS", *SETTLED)),
        "branch.instructor": ("allocate", ATTENTION),
        "party.branch_hours": ("allocate", _MEMBERS),
        "party.group_hours": ("allocate", _MEMBERS),
        "party.branch_attention": ("allocate", ("branch_n.ACTIVE_MONTHS", *ATTENTION)),
        "party.group_attention": ("allocate", ("branch_n.ACTIVE_MONTHS", *ATTENTION)),
        "workers.training": ("allocate", _STAFF),
        "workers.exchange": ("allocate", _STAFF),
        "workers.recruited": ("allocate", _STAFF),
        "workers.pay": ("allocate", ("cash.STREET", "cash.WORKERS", "flow.SALARIES", *_STAFF)),
        "consultation.interval": ("allocate", ("assembly.MEETINGS", *_COMMITTEE_HOURS)),
        "consultation.openness": ("handle", ("desk.EASE", *SETTLED)),
        "core.council": ("govern", ("assembly_n.IN_OFFICE", "assembly.COUNCIL", "assembly.SUPERVISED")),
        "core.supervisors": ("govern", ("assembly_n.IN_OFFICE", "assembly.COUNCIL", "assembly.SUPERVISED")),
        "core.veto_days": ("handle", ("desk.DAYS", "case_n.ARRIVES")),
        "covenant.drive": ("allocate", ("assembly.MEETINGS", *_COMMITTEE_HOURS)),
        "covenant.imposed": (
            "govern", ("household_n.COVENANT", "household_n.PRESSER", "household.PRESSURE", "assembly_n.SIGNED"),
        ),
        "covenant.sanction": ("mobilise", ("household.ENFORCEMENT", "household.GRIEVANCE")),
        "platform.on": ("allocate", ("platform.USE", "cash.STREET", "cash.SUPPLIERS", "flow.PLATFORM")),
        "platform.disclosure": (
            "mobilise", ("household.BELIEF", "household.TRUST_PROVIDER", "household.SUASION", "household.IRRITATION"),
        ),
        "station.contract": ("arise", _SUED),
        "social.service_hours": ("allocate", ("flow.CONTRACTS", *_CONTRACT)),
        "social.charity_hours": ("allocate", ("flow.CONTRACTS", *_CONTRACT)),
        "social.rights_hours": ("allocate", ("flow.CONTRACTS", *_CONTRACT)),
        "social.relief": ("allocate", ("flow.CONTRACTS", *_CONTRACT)),
        "social.entry": ("allocate", ("flow.CONTRACTS", *_CONTRACT)),
        "social.training": ("allocate", ("flow.CAPACITY_BUILDING", *_CONTRACT)),
    }
)  # fmt: skip
"""Levers of the programmes about desks, voice and people."""
