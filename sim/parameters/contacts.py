"""Who comes to a household, and what is in it: for every kind of contact the hours that bring it and its doses.

A contact acts through its doses alone. With all of them at zero it is mute: it books its hours, and nothing else in
the world differs. `tests/test_contacts.py` holds that for every kind, and finds the kinds in the code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Contact:
    """One kind of contact: levers that make it happen, with a value that does, and what it carries, at zero.

    method : of `agents.household.Household`, by which it arrives.
    """

    method: str
    about: str
    happens: Mapping[str, float]
    doses: tuple[str, ...]


CONTACTS: Mapping[str, Contact] = MappingProxyType(
    {
        "call": Contact(
            "receive_call", "the provider's collector", {"contact.provider_calls": 0.4},
            ("contact.call_ask", "contact.call_notice"),
        ),
        "visit of cadres": Contact(
            "receive_visit", "cadres of the residents' committee at the door", {"contact.cadre_hours": 20.0},
            ("contact.ask", "contact.inform", "contact.vouch", "contact.press"),
        ),
        "visit of members": Contact(
            "receive_visit", "members of the party branch at the door",
            {"branch.member_hours": 4.0, "branch.labour_share": 0.0, "branch.attention": 0.7},
            ("contact.ask", "contact.inform", "contact.vouch", "contact.press", "owners.recruited", "facility.visible_bias"),
        ),
        "care": Contact(
            "feel_care", "free care by cadres and firm", {"care.cadre_hours": 10.0}, ("care.effect",),
        ),
        "forum": Contact(
            "hear_in_forum", "the residents' forum", {"consultation.interval": 1.0},
            ("consultation.informed", "consultation.seen", "consultation.ease", "consultation.talk"),
        ),
        "platform": Contact(
            "read_platform", "accounts and payment on the platform", {"platform.on": 1.0, "platform.disclosure": 1.0},
            ("contact.informed", "trust.from_accounts", "platform.cheaper", "platform.shorter"),
        ),
        "covenant": Contact(
            "answer_to_signers", "signers who call each other to account", {"covenant.drive": 1.0, "covenant.sanction": 1.0},
            ("household.b_covenant", "contact.notice", "covenant.sanction_cost"),
        ),
        "notice of a suit": Contact(
            "receive_notice", "a suit for arrears", {"firm.suits": 0.2}, (),
        ),
        "scandal": Contact(
            "hear_of_scandal", "news of a scandal", {}, ("shock.scandal", "shock.party_scandal"),
        ),
        "price": Contact(
            "hear_of_price", "a new price", {}, ("household.reference_price",),
        ),
    }
)  # fmt: skip
"""Every kind of contact. A notice has no dose: it tells of a suit, which acts by its ends, its fee and its waiting."""
