# mypy: disable-error-code="has-type"
"""The case (纠纷) as it lies in an estate's list: what it is about, whose it is, at which desk, how it stands."""

from typing import TYPE_CHECKING, NamedTuple

from agents.calling import call_rules_directly
from agents.rules.case import (
    OPEN,
    OPENED,
    PAPER,
    REOPENED,
    SUIT,
    CaseReal,
    CaseWhole,
    case_number,
    months_on_the_way,
    place_in_queue,
)
from agents.view import View

if TYPE_CHECKING:
    from agents.complainant import Complainant
    from agents.desk import Desk
    from agents.estate import Estate
    from agents.household import Household


call_rules_directly(globals())


class Complaint(NamedTuple):
    """What a household, or a firm that sues one, brings before a desk."""

    household: "Complainant"
    what: int
    desk: "Desk"
    how_severe: float
    money: float
    """Yuan that settling it takes."""

    def place_in_queue(self, u: float) -> int:
        """Return its place among those of the month; u : the household's draw."""
        place: int = place_in_queue(u, self.household.id, self.what)
        return place


class Case(View, real=("case", CaseReal), whole=("case_n", CaseWhole)):
    """One place in an estate's list of cases, and the case that lies there.

    The list closes up when a case ends: from one month to the next a place may hold another case; `id` names it.
    """

    def __init__(self, estate: "Estate", place: int) -> None:
        """Show place number `place` of the state's list, one of `estate`."""
        self.estate = estate
        self.show(estate.model.state, place)

    def claimant(self) -> "Household":
        """Return the household whose case it is; of a suit, the debtor."""
        household: Household = self.estate.model.household_of_row(self.household)
        return household

    def at(self) -> "Desk":
        """Return the desk where it lies."""
        return self.estate.desks[self.desk]

    def open(self, number: int, complaint: "Complaint") -> None:
        """Begin with what a household brings forward; number : of the case in its estate."""
        household, what, desk, how_severe, money = complaint
        month = self.estate.model.month
        self.severity = how_severe
        self.cost = money
        self.id = number
        self.household = household.unit
        self.kind = what
        self.desk = desk.level
        self.top = desk.level
        self.status = OPEN
        self.arisen = month
        self.arrives = month + months_on_the_way(desk.days if what == SUIT else household.days_to(desk))
        self.reopened = 0
        self.log(OPENED)

    def is_pending(self) -> bool:
        """Say whether it goes on: open, or closed on paper only."""
        return self.status in (OPEN, PAPER)

    def age(self) -> int:
        """Return the months since it arose."""
        return int(self.estate.model.month - self.arisen)

    def go_on(self) -> None:
        """Live through a month: an attempt if its desk can make one, else waiting; then perhaps patience ends."""
        model, household = self.estate.model, self.claimant()
        number = case_number(self.arisen, self.kind)
        settled, paper, patience, further = model.draws("CASE_SETTLED", self.estate.id, household.id, number)
        if self.status == PAPER:
            if paper < model.p.case_reopen:
                self.come_back(household)
            return
        household.wait_for(self)
        if self.arrives > model.month:
            return
        if not self.at().work_on(self, settled, paper) and self.kind != SUIT:
            household.bear_with(self, patience, further)

    def come_back(self, household: "Household") -> None:
        """Be open again: that it was settled on paper only has been found out."""
        self.status = OPEN
        self.reopened += 1
        self.estate.tally.reopened += 1
        household.judge_desk(self.desk, 0.0)
        self.log(REOPENED)

    def move_to(self, desk: "Desk") -> None:
        """Go up to a higher desk, where it arrives next month at the earliest."""
        self.desk = desk.level
        self.top = desk.level
        self.arrives = self.estate.model.month + 1 + months_on_the_way(self.claimant().days_to(desk))

    def take_over(self, other: "Case") -> None:
        """Let the case at another place lie here."""
        self._real[:] = other._real
        self._whole[:] = other._whole

    def log(self, event: int) -> None:
        """Write a line of its history; event : what happens to it."""
        self.estate.model.write_history(self, event)
