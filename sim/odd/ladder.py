"""The ladder of desks: which can close what, who pays, what it takes at default values."""

from agents.rules.case import CAN_CLOSE, DESK_NAMES, KIND_NAMES, WHO_PAYS
from sim.odd.markdown import table
from sim.parameters import DEFAULTS
from sim.parameters import table as records

_PAYERS = ("", ": provider's purse", ": owners' account, else the purse", ": sub-district", ": property-right unit")


def ladder() -> str:
    """Return which desk can close which kind of case and who pays there, and what an attempt takes."""
    values = records([DEFAULTS])[0]
    head = ("kind", *DESK_NAMES, "hours an attempt", "money against a facility failure", "difficulty")
    rows = [
        (
            name,
            *(f"yes{_PAYERS[who]}" if can else "" for can, who in zip(CAN_CLOSE[kind], WHO_PAYS[kind], strict=True)),
            f"{values.derived_hours[kind]:g}",
            f"{values.derived_money[kind]:g}",
            f"{values.derived_difficulty[kind]:g}",
        )
        for kind, name in enumerate(KIND_NAMES)
    ]
    return table(head, rows)
