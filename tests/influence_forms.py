"""What each lever that a form sets may change in its own phase; see `sim.parameters.influence`.

No lever of a form reaches a payment or the end of a case but through money, hours, oversight, information or desks.
"""

from collections.abc import Mapping
from types import MappingProxyType

from sim.parameters.influence_money import SERVICE, Influence
from sim.parameters.influence_people import ATTENTION, SETTLED

_PRICE: Influence = ("plan", (
    "provider.BILL", "provider.SPEND", "provider.CALLS", "provider_n.RATE", "provider_n.FLAT", "provider_n.REPRICED",
))  # fmt: skip
_GRANT: Influence = ("allocate", ("cash.PROVIDER", "cash.STREET", "flow.GRANT", "provider_n.SUPPORT"))
_STAFF = ("committee.MEDIATION_HOURS", "committee.SHORTFALL", "committee.USUAL_TRUST")
_DUTIES: Influence = ("allocate", ("committee.DUTIES", *_STAFF))
_SPEND: Influence = ("plan", ("provider.SPEND",))
_LEAK: Influence = ("serve", (
    "provider.LEAK", "provider_n.PURSE", "cash.PROVIDER", "cash.INSIDERS", "cash.WORKERS", "cash.SUPPLIERS",
    "flow.DIVERTED", "flow.WAGES", "flow.MATERIALS", *SERVICE,
))  # fmt: skip
_MEMBERS: Influence = ("allocate", ("branch.LABOUR_HOURS", "branch.VISIT_HOURS"))

FORMS: Mapping[str, Influence] = MappingProxyType(
    {
        "branch.attention": ("allocate", (*ATTENTION, "branch_n.ACTIVE_MONTHS", "street_n.LED")),
        "branch.labour_share": _MEMBERS,
        "branch.member_hours": _MEMBERS,
        "committee.added_load": ("allocate", ("committee.FREE_HOURS", "committee.REPORT_HOURS", *_STAFF)),
        "custody.fee": _PRICE,
        "custody.flat_fee": _PRICE,
        "station.fee": _PRICE,
        "station.flat_fee": _PRICE,
        "firm.fee": _PRICE,
        "custody.grant": _GRANT,
        "station.grant": _GRANT,
        "custody.manager_hours": ("allocate", ("committee.MANAGED", *_STAFF)),
        "station.manager_hours": ("allocate", ("committee.MANAGED", *_STAFF)),
        "custody.roster": _SPEND,
        "station.roster": _SPEND,
        "firm.minimum_service": _SPEND,
        "firm.cost_disadvantage": _SPEND,
        "custody.skill": ("serve", SERVICE),
        "station.skill": ("serve", SERVICE),
        "custody.wage": ("serve", SERVICE),
        "station.wage": ("serve", SERVICE),
        "firm.soft_budget": ("allocate", ("cash.PROVIDER", "cash.STREET", "flow.LOSS_COVER", "provider_n.SUPPORT")),
        "owners.allowed": _DUTIES,
        "owners.capture": ("govern", ("owners.CAPTURE", "owners.EFFORT", "provider.FEE_LEVEL")),
        "owners.captured_leak": _LEAK,
        "owners.cost_plus": _SPEND,
        "owners.organised": ("govern", (
            "owners.TURNOUT", "owners.EFFICACY", "owners_n.LETTING", "provider.FEE_LEVEL", "record.TURNOUT",
        )),
        "owners.protected": _DUTIES,
        "owners.recruited": _DUTIES,
        "owners.two_keys": _LEAK,
        "provider.open_books": ("allocate", ("provider.OPEN_BOOKS",)),
        "route.joint_days": ("handle", ("desk.DAYS", "desk.REPORT_HOURS", *SETTLED)),
        "case.paper_pressure": ("handle", ("desk.PAPER", *SETTLED)),
        "case.interest_weight": ("handle", SETTLED),
    }
)  # fmt: skip
"""Levers of forms that no programme sets, and the weights by which a captured committee and pressed desks do harm."""
