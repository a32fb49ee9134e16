"""What each lever of those who serve and govern may change, of those that a programme sets; see `influence_money`."""

from collections.abc import Mapping
from types import MappingProxyType

from sim.parameters.influence_money import SERVICE, Influence
from sim.parameters.influence_people import SETTLED

BODIES: Mapping[str, Influence] = MappingProxyType(
    {
        "street.subsidy": ("allocate", ("cash.STREET", "cash.PROVIDER", "flow.SUBSIDY", "provider_n.SUPPORT")),
        "owners.letting": ("allocate", ("cash.TENANTS", "cash.OWNERS", "flow.LETTING")),
        "desk.joint_hours": ("allocate", (
            "joint.HOURS", "committee.MEDIATION_HOURS", "committee.SHORTFALL", "committee.USUAL_TRUST",
        )),
        "contact.cadre_hours": ("allocate", (
            "committee.CADRE_HOURS", "committee.MEDIATION_HOURS", "committee.SHORTFALL", "committee.USUAL_TRUST",
        )),
        "contact.provider_calls": ("plan", ("provider.CALLS",)),
        "contact.ask": ("mobilise", ("household.SUASION", "household.WEAR", "household.IRRITATION")),
        "contact.press": ("mobilise", ("household.PRESSURE", "household.ENFORCEMENT", "household_n.PRESSER")),
        "provider.audit": ("plan", ("provider.SPEND",)),
        "community.volunteer_hours": ("serve", SERVICE),
        "desk.joint_skill": ("handle", ("desk.SKILL", *SETTLED)),
        "desk.power": ("handle", ("desk.POWER", "desk.PACE", *SETTLED)),
        "route.hub_days": ("handle", ("desk.DAYS", "desk.REPORT_HOURS", *SETTLED)),
        "provider.kind": (
            "govern",
            (
                "provider_n.WANTED", "provider_n.KIND", "provider_n.FIRM", "provider_n.PATIENCE", "provider_n.PURSE",
                "provider_n.WITHOUT_FIRM", "provider_n.LOSS_MONTHS", "provider_n.SINCE", "provider_n.CHANGES",
                "provider_n.TOOK_OVER", "provider.COST_LEVEL", "provider.SKILL", "provider.MARGIN", "provider.SPEND",
                "provider.EXPECTED", "provider.FEE_LEVEL", "cash.PROVIDER", "cash.STREET", "cash.INSIDERS",
                "flow.RETURNED", "flow.CAPITAL_IN", "flow.CAPITAL_OUT", "estate_n.INVESTED", "provider.ACCRUAL",
                "provider_n.PREPAID",
            ),
        ),
        "shock.damage": ("events", ("facility.INVISIBLE",)),
        "shock.scandal": ("events", ("household.TRUST_PROVIDER",)),
        "shock.party_scandal": ("events", ("household.TRUST_COMMITTEE", "household.TRUST_BRANCH")),
        "shock.stop": ("handle", ("desk.HOURS", *SETTLED)),  # where no vote on works is held; that is in allocate
        "shock.firm_leaves": (
            "govern",
            (
                "provider_n.KIND", "provider_n.FIRM", "provider_n.LOSS_MONTHS", "provider_n.PURSE", "provider_n.LEFT",
                "provider_n.SINCE", "provider_n.CHANGES", "provider_n.TOOK_OVER", "provider_n.PATIENCE", "provider_n.EXITS", "provider_n.PREPAID",
                "provider_n.WITHOUT_FIRM", "provider.SPEND", "provider.COST_LEVEL", "provider.SKILL", "provider.MARGIN",
                "provider.EXPECTED", "provider.FEE_LEVEL", "cash.PROVIDER", "cash.INSIDERS", "cash.OWNERS",
                "flow.CAPITAL_OUT", "flow.CAPITAL_IN", "flow.PROFIT", "flow.SURPLUS_TO_OWNERS", "record.FIRM_LEFT",
                "estate_n.INVESTED",
            ),
        ),
    }
)  # fmt: skip
"""Levers of the first programmes (money for service, audit, volunteers, the hub, who serves) and shocks."""
