"""What each lever may change right after its own phase, in the month in which it comes on.

A lever acts on what mechanisms 5 says and on nothing else; everything else in the state is then the same, bit for
bit, as in a run without it. Later phases carry the change on: that is what the model is for.

Each table maps the path of a lever to the first phase that reads it (`sim.schedule`) and to the columns it may change
up to and with that phase, as "matrix.COLUMN" (`sim.state`). Votes count as what a lever may change, never what
households think or do. A lever that only scales another one has the columns of that one; nothing more than these may
change, and often it is less.
"""

from collections.abc import Mapping

Influence = tuple[str, tuple[str, ...]]
"""Name of the phase, and the columns."""

_PUBLIC_WORKS = ("cash.DISTRICT", "cash.SUPPLIERS", "flow.WORKS_GRANTED", "flow.WORKS_STREET")
_VOTE = (
    "owners.EFFICACY", "owners.TURNOUT", "owners_n.VOTES", "owners_n.PASSED", "record.VOTES", "record.VOTES_PASSED",
)  # fmt: skip
_HOURS = ("committee.DUTIES", "committee.MEDIATION_HOURS", "committee.SHORTFALL", "committee.USUAL_TRUST")
_WORKS: Influence = (
    "allocate",
    (
        *_PUBLIC_WORKS, *_VOTE, *_HOURS, "estate_n.OFFERED", "estate_n.RENOVATED", "estate_n.WORKS_LEFT",
        "facility.COMING_VISIBLE", "facility.COMING_INVISIBLE", "facility.LEGACY_CLEARED", "cash.HOUSEHOLDS",
        "flow.WORKS_HOUSEHOLDS", "cash.PROPERTY_RIGHT_UNIT", "flow.WORKS_OLD_UNIT",
    ),
)  # fmt: skip
_STANDARD: Influence = ("allocate", (*_PUBLIC_WORKS, "estate_n.BUILT", "facility.VISIBLE"))
_HAVE: Influence = (
    "allocate",
    (
        *_STANDARD[1], "cash.PROVIDER", "cash.TENANTS", "flow.FACILITY_RENTS", "flow.FACILITY_UPKEEP",
        "provider.SIDE_INCOME",
    ),
)  # fmt: skip
_UPKEEP = ("cash.STREET", "cash.SUPPLIERS", "flow.STANDARDS_UPKEEP")
_POSTS = ("cash.STREET", "cash.WORKERS", "flow.POSTS")
SERVICE = (
    "provider.DELIVERED", "facility.SERVICE", "facility.QUALITY", "facility.VISIBLE", "facility.INVISIBLE",
)  # fmt: skip
_GIFTS: Influence = ("serve", ("cash.RESIDENT_INSTITUTIONS", "cash.SUPPLIERS", "flow.GIFTS", *SERVICE))
_CARED = (
    "record.CARED", "household_n.CARED", "household.TRUST_COMMITTEE", "household.TRUST_PROVIDER", "household.SUASION",
    "household.IRRITATION",
)  # fmt: skip
_REPAID = ("cash.FINANCIERS", "cash.PROVIDER", "estate_n.LOAN", "flow.REPAYMENT", "provider.SIDE_INCOME")
_BOUGHT = ("cash.SUPPLIERS", "flow.INVESTMENT", "facility.VISIBLE", "facility.INVISIBLE")
_ADVANCED: Influence = ("allocate", (*_REPAID, *_BOUGHT, "flow.ADVANCE", "estate_n.BORROWED"))

MONEY: Mapping[str, Influence] = {
    "renovation.on": _WORKS,
    "renovation.below": _WORKS,
    "renovation.gain": _WORKS,
    "renovation.visible_bias": _WORKS,
    "renovation.legacy": _WORKS,
    "renovation.canvass": _WORKS,
    "complete.supermarket": _HAVE,
    "complete.canteen": _HAVE,
    "complete.culture": _HAVE,
    "complete.neighbourhood": _HAVE,
    "complete.elderly_care": _HAVE,
    "complete.charging_shed": _HAVE,
    "complete.facade": _STANDARD,
    "complete.green": _STANDARD,
    "complete.roads": _STANDARD,
    "complete.municipal": ("allocate", (*_UPKEEP, "facility.INVISIBLE")),
    "complete.sanitation": ("allocate", (*_UPKEEP, "facility.VISIBLE")),
    "complete.organisation_hours": ("allocate", (*_POSTS, "committee.MEDIATION_HOURS")),
    "complete.service_hours": ("allocate", _POSTS),
    "complete.cobuilding_hours": ("serve", SERVICE),
    "firm.fee_factor": (
        "plan",
        ("provider.BILL", "provider.SPEND", "provider.CALLS", "provider_n.RATE", "provider_n.REPRICED"),
    ),
    "firm.investment": ("allocate", (*_BOUGHT, "cash.PROVIDER", "estate_n.INVESTED")),
    "care.cadre_hours": ("allocate", (*_HOURS, "committee.CARE_HOURS")),
    "care.firm_hours": ("allocate", ("cash.PROVIDER", "cash.WORKERS", "flow.CARE_WAGES", "provider.SIDE_INCOME")),
    "care.targeting": ("mobilise", _CARED),
    "funding.owners_share": _WORKS,
    "funding.old_unit": _WORKS,
    "funding.fund_rate": ("govern", (*_VOTE, "provider_n.CONTRIBUTION")),
    "funding.fund_use": (
        "govern",
        (*_VOTE, "cash.OWNERS", "cash.SUPPLIERS", "flow.FUND_WORKS", "facility.VISIBLE", "facility.INVISIBLE"),
    ),
    "funding.advance": _ADVANCED,
    "funding.surcharge": _ADVANCED,
    "funding.pledge": ("allocate", _REPAID),
    "funding.account": ("allocate", ("provider.PREVENTED",)),
    "funding.signature": ("allocate", ("provider.PREVENTED",)),
    "funding.open_accounts": ("allocate", ("provider.OPEN_BOOKS",)),
    "funding.accountant": ("allocate", (*_POSTS, "provider.PREVENTED", "provider.OPEN_BOOKS")),
    "lists.gifts": _GIFTS,
    "lists.match": _GIFTS,
    "lists.hours": ("allocate", _HOURS),
}
"""Levers of the programmes about money and facilities."""
