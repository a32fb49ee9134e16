"""What each lever is paid with: whose hours, whose money, or nothing - and then why not.

Full cost counts public money and the hours of cadres and volunteers at their wages; the money and the work of who
serves, and households' payments, are in the outcomes themselves. A lever that is said to be paid with hours or money
books more of it where it is raised and acts (`tests/test_paid_with.py`); `docs/odd.md` shows the table.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Paid(StrEnum):
    """With what a lever is paid."""

    CADRES = "hours of cadres"
    UNPAID = "unpaid hours of members, owners and volunteers"
    PUBLIC = "public money"
    HOUSEHOLDS = "money of households or of the owners' fund"
    SERVER = "money or work of who serves"
    OTHERS = "money or gifts of others: institutions, financiers, property-right units"
    WITH = "what is said or done in hours that another lever books"
    SAVES = "a saving or an income: less of it costs more"
    HARM = "a burden or a harm itself"
    TERM = "nothing: a rule, a term of a contract, a choice or a skill"
    SHOCK = "nothing: it befalls the estate"


def _each(how: Paid, *paths: str) -> dict[str, Paid]:
    return dict.fromkeys(paths, how)


PAID_WITH: Mapping[str, Paid] = MappingProxyType(
    _each(
        Paid.CADRES,
        "contact.cadre_hours", "custody.manager_hours", "station.manager_hours", "branch.instructor", "desk.joint_hours",
        "street.inspectors", "committee.added_load", "committee.audit_hours", "owners.recruited", "owners.protected",
        "owners.push", "renovation.canvass", "care.cadre_hours", "lists.hours", "checklist.hours", "checklist.checks",
        "observation.staff", "tiers.layers", "tiers.desk_hours", "workers.training", "workers.exchange",
        "consultation.interval", "core.council", "core.supervisors", "covenant.drive", "desk.street_hours",
    )
    | _each(
        Paid.UNPAID,
        "community.volunteer_hours", "branch.member_hours", "branch.attention", "owners.organised", "owners.two_keys",
        "complete.cobuilding_hours", "owners.appointed", "party.branch_hours", "party.group_hours", "party.branch_attention",
        "party.group_attention",
    )
    | _each(
        Paid.PUBLIC,
        "custody.grant", "station.grant", "street.subsidy", "street.repair_budget", "firm.soft_budget",
        "social.service_hours", "social.charity_hours", "social.rights_hours", "social.relief", "social.training",
        "renovation.on", "renovation.below", "renovation.gain", "renovation.legacy",
        "complete.supermarket", "complete.canteen", "complete.culture", "complete.neighbourhood",
        "complete.elderly_care", "complete.charging_shed", "complete.facade", "complete.green", "complete.roads",
        "complete.municipal", "complete.sanitation", "complete.organisation_hours", "complete.service_hours",
        "funding.accountant", "workers.pay", "platform.on",
    )
    | _each(
        Paid.HOUSEHOLDS,
        "firm.fee", "custody.fee", "custody.flat_fee", "station.fee", "station.flat_fee", "firm.fee_rise",
        "funding.owners_share", "funding.fund_rate", "funding.fund_use",
    )
    | _each(
        Paid.SERVER,
        "contact.provider_calls", "provider.open_books", "custody.wage", "station.wage", "custody.roster",
        "station.roster", "firm.minimum_service", "firm.cost_disadvantage", "firm.investment", "care.firm_hours",
        "platform.disclosure", "funding.open_accounts", "funding.surcharge", "funding.pledge",
    )
    | _each(Paid.OTHERS, "lists.gifts", "lists.match", "funding.advance", "funding.old_unit")
    | _each(
        Paid.WITH,
        "contact.call_ask", "contact.call_notice", "contact.ask", "contact.inform", "contact.vouch", "contact.press",
        "branch.labour_share", "desk.power", "desk.joint_members", "desk.joint_skill", "social.service_skill",
        "care.targeting", "core.veto_days", "covenant.sanction", "covenant.imposed", "consultation.openness",
        "workers.recruited", "observation.pulse", "observation.lasting", "observation.kappa", "renovation.visible_bias",
    )
    | _each(Paid.SAVES, "owners.letting", "firm.fee_factor", "social.entry", "branch.organises")
    | _each(
        Paid.HARM,
        "branch.cross_posts", "desk.interest", "desk.closure_pressure", "owners.capture", "report.cleaned",
        "report.inflated", "street.evaluation",
    )
    | _each(
        Paid.TERM,
        "provider.kind", "provider.fallback", "provider.audit", "custody.contract", "station.contract", "custody.skill",
        "station.skill", "desk.verification", "street.competition", "committee.skill",
        "owners.allowed", "owners.cost_plus", "route.joint_days", "route.hub_days", "route.tier_days",
        "funding.account", "funding.signature",
    )
    | _each(
        Paid.SHOCK, "shock.damage", "shock.firm_leaves", "shock.scandal", "shock.party_scandal", "shock.stop",
    )
)  # fmt: skip
"""By path of a lever."""
