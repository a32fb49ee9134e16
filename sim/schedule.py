"""The month, phase by phase: this list is the order, printed by `linli explain` and held by both engines."""

from typing import NamedTuple


class Phase(NamedTuple):
    """One phase of the month: its name in both engines, and what happens in it."""

    name: str
    about: str


SCHEDULE = (
    Phase("events", "what is due this month: policy start, later steps, withdrawal"),
    Phase("allocate", "sub-district money reaches the provider; attention and members' hours are settled"),
    Phase("plan", "the provider sets its price and plans spending and calls from expected revenue"),
    Phase("serve", "money and hours become service; facilities are kept up or decay"),
    Phase("perceive", "households see service, adapt what they expect, revise trust; debts grow older"),
    Phase("arise", "faults and disputes reach households, who lump them or open a case; the firm sues"),
    Phase("handle", "desks work on their cases; patience ends; cases escalate, end or come back"),
    Phase("mobilise", "the collector calls; cadres and members ask, inform, vouch or press"),
    Phase("pay", "bills that are due are decided and all unpaid ones looked at again, by who does not forget them"),
    Phase("learn", "habit, bail-out belief and belief in complaining; trust is talked over with neighbours"),
    Phase("govern", "owners vote; firms count losses, leave, bid and enter; the community takes over; members tire"),
    Phase("record", "the month is counted"),
)
