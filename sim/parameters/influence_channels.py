"""What each channel by which a red form may do harm, or good, may change in its own phase; see `influence_money`.

A channel's dose is a lever or an uncertainty; either way it acts on money, hours, information, oversight, attention or
reasons, and on no payment and no ending but through the phase in which people decide.
"""

from collections.abc import Mapping
from types import MappingProxyType

from sim.parameters.influence_money import SERVICE, Influence
from sim.parameters.influence_people import ATTENTION, LEFT_OPEN, PAID, SETTLED

__all__ = ["CHANNELS"]

_HOURS = (
    "committee.DUTIES", "committee.CADRE_HOURS", "committee.AUDIT_HOURS", "committee.MEDIATION_HOURS",
    "committee.SHORTFALL", "committee.USUAL_TRUST",
)  # fmt: skip
_CONTACTED = (
    "household.BELIEF", "household.IRRITATION", "household.SUASION", "household.WEAR", "household.TRUST_PROVIDER",
    "household_n.CONTACT", "household_n.VOUCHER",
)  # fmt: skip

_GIVEN = ("record.VOLUNTEER_HOURS", "record.VOLUNTEER_COST")
_GIVEN_UP = (
    "provider_n.LOSS_MONTHS", "provider_n.KIND", "provider_n.LEFT", "provider_n.GIVEN_UP", "record.COMMUNITY_LEFT",
)  # fmt: skip

CHANNELS: Mapping[str, Influence] = MappingProxyType(
    {
        "branch.organises": ("allocate", ATTENTION),
        "branch.cross_posts": ("plan", ("provider.SPEND",)),
        "branch.favours": ("handle", SETTLED),
        "officers.capture": ("plan", ("provider.SPEND",)),
        "officers.shirking": ("plan", ("provider.SPEND",)),
        "officers.padding": ("arise", ("case.COST",)),
        "officers.waved": ("govern", ("provider.FEE_LEVEL",)),
        "committee.audit_hours": ("allocate", _HOURS),
        "committee.audit_finds": ("plan", ("provider.SPEND",)),
        "contact.call_ask": ("mobilise", ("household.SUASION", "household.IRRITATION")),
        "contact.call_notice": ("mobilise", ("household.ENFORCEMENT",)),
        "contact.inform": ("mobilise", ("household.BELIEF",)),
        "contact.vouch": ("mobilise", ("household.TRUST_PROVIDER",)),
        "trust.vouch_backfire": ("mobilise", ("household.TRUST_PROVIDER",)),
        "household.passed_on": ("mobilise", _CONTACTED),
        "desk.interest": ("handle", ("desk.INTEREST", *SETTLED)),
        "desk.closure_pressure": ("handle", ("desk.PAPER", *LEFT_OPEN)),
        "case.summons": ("handle", ("desk.PACE", *SETTLED)),
        "case.summons_hours": ("handle", ("desk.PACE", *SETTLED)),
        "provider.books_cost": ("serve", SERVICE),
        "owners.committee_hours": ("record", _GIVEN),
        "owners.carry_hours": ("record", _GIVEN),
        "custody.loss_base": ("govern", _GIVEN_UP),
        "station.loss_base": ("govern", _GIVEN_UP),
        "firm.politics": (
            "allocate",
            (
                "cash.PROVIDER", "cash.STREET", "cash.WORKERS", "flow.POLITICAL_TASKS", "flow.PROTECTION",
                "provider_n.POLITICS",
            ),
        ),
        "household.labour_seen": ("serve", ("provider.OTHERS_SHARE",)),
        "household.irritation": ("pay", PAID),
        "trust.statutory": ("allocate", ("committee.USUAL_TRUST",)),
        "owners.push": ("allocate", _HOURS),
    }
)  # fmt: skip
"""Doses of capture, attention, contact, politics, unpaid labour, irritation, favours and pushes."""
