# mypy: disable-error-code="has-type"
"""A desk of the ladder (矛盾纠纷调处): a queue of cases before somebody with hours, skill, powers and a purse.

The bodies that sit there open it every month; what it can then do depends on what they bring, not on who they are.
"""

from typing import TYPE_CHECKING

from agents.calling import call_rules_directly
from agents.rules.case import (
    CAN_CLOSE,
    CLOSED_ON_PAPER,
    COURT,
    EVENT_OF_END,
    FIRM_IS_PARTY,
    MEDIATION,
    N_DESKS,
    NOBODY_PAYS,
    OLD_UNIT,
    OWNERS_FUND,
    PAPER,
    PURSE,
    RESOLVED,
    STREET_BUDGET,
    SUIT,
    WHO_PAYS,
    WITHDRAWN,
    DeskReal,
    DeskWhole,
    attempt_hours,
    court_end,
    hours_enough,
    hours_open_to,
    pace_with_power,
    paper_chance,
    payable,
    settle_chance,
    talked_over,
)
from agents.rules.checklist import checking_dose, closing_pressure, hours_at_pace, quickened, verified_with_checks
from agents.rules.money import Item, Sector
from agents.rules.numeric import fen
from agents.rules.party_branch import kept_from
from agents.rules.platform import days_saved
from agents.view import View

if TYPE_CHECKING:
    from agents.case import Case
    from agents.estate import Estate


call_rules_directly(globals())

_READINESS = (
    "case_provider_base", "case_mediation_base", "case_street_base", "case_department_base", "case_court_base",
    "case_petition_base",
)  # fmt: skip
"""Parameters of how ready each desk is to settle a case, in logits."""


class Desk(View, real=("desk", DeskReal), whole=("desk_n", DeskWhole)):
    """One of an estate's six desks; level : its place on the ladder."""

    def __init__(self, estate: "Estate", level: int) -> None:
        """Be desk number `level` of `estate`."""
        self.estate = estate
        self.level = level
        self.show(estate.model.state, estate.unit * N_DESKS + level)

    def open(self, hours: float, skill: float | None = None, power: float = 0.0, interest: float = 0.0) -> None:
        """Begin a month with these hours, the skill and powers of those who sit here, and what they stand to lose.

        skill : of those who sit here, the usual one by default.
        """
        p = self.estate.model.p
        self.hours = hours
        self.used = 0.0
        self.skill = p.desk_skill if skill is None else skill
        self.power = power
        self.interest = interest
        self.patience = p.case_patience
        self.days = p.derived_days[self.level]
        self.report_hours = p.derived_reports[self.level]
        self.waiting = 0
        self.resolved = 0
        self.saved = days_saved(p.platform_on, self.estate.platform.use, p.platform_shorter)
        self.ease = 0.0
        self.joint = 0.0
        self.be_chased()

    def be_chased(self) -> None:
        """Feel those above: a list followed up makes desks work faster, and report more as closed; not the court."""
        p = self.estate.model.p
        pace, pressure, verified = 1.0, p.desk_closure_pressure, p.desk_verification
        if self.level != COURT:
            dose = checking_dose(p.checklist_hours, p.checklist_full_hours)
            pace = quickened(dose, p.checklist_speedup)
            pressure = closing_pressure(pressure, p.checklist_pressure, dose, p.tiers_quota, p.tiers_layers)
            verified = verified_with_checks(verified, checking_dose(p.checklist_checks, p.checklist_full_hours))
        self.pace = pace_with_power(pace, self.power, p.case_summons, p.case_summons_hours)
        self.paper = paper_chance(p.case_paper_base, pressure, p.case_paper_pressure, verified)
        self.helped = 0

    def can_close(self, what: int) -> bool:
        """Say whether a case of this kind can be settled here."""
        return CAN_CLOSE[what][self.level] == 1

    def work_on(self, case: "Case", settled: float, paper: float) -> bool:
        """Try a case if hours and money allow; return whether it is off the desk, settled or reported as such.

        settled, paper : draws for settling it, and for closing it on paper after a failure or how a court ends it.
        """
        p = self.estate.model.p
        self.waiting += 1
        needed = hours_at_pace(attempt_hours(p.derived_hours[case.kind], self.report_hours), self.pace)
        hours = self.hours
        if self.level == MEDIATION:
            hours = hours_open_to(
                hours, kept_from(case.claimant().member, p.branch_favours, self.estate.branch.attention)
            )
        if not hours_enough(hours, self.used, needed):
            return False
        if not self.money_there(case):
            self.used += p.case_visit_hours
            return False
        self.used += needed
        if settled < self.chance_to_settle(case.kind):
            self.settle(case, paper)
            return True
        if case.kind != SUIT and paper < self.paper:
            case.status = PAPER
            self.estate.tally.closed_on_paper += 1
            case.log(CLOSED_ON_PAPER)
            return True
        return False

    def chance_to_settle(self, what: int) -> float:
        """Return the chance that an attempt settles a case of this kind."""
        p = self.estate.model.p
        chance: float = settle_chance(
            getattr(p, _READINESS[self.level]),
            self.skill,
            p.case_skill_weight,
            talked_over(p.derived_difficulty[what], self.ease),
            p.case_difficulty_weight,
            self.interest,
            p.case_interest_weight,
            FIRM_IS_PARTY[what],
        )
        return chance

    def payer(self, what: int) -> int:
        """Return who pays for settling a case of this kind here; without an owners' fund the provider's purse does."""
        who = WHO_PAYS[what][self.level]
        if who == OWNERS_FUND and self.estate.cash[Sector.OWNERS] <= 0:
            return PURSE
        return who

    def money_there(self, case: "Case") -> bool:
        """Say whether whoever must pay for this case can."""
        estate, cost, who = self.estate, fen(case.cost), self.payer(case.kind)
        if cost == 0 or who == NOBODY_PAYS:
            return True
        if who == PURSE:
            return bool(estate.provider.purse >= cost)
        if who == OWNERS_FUND:
            return estate.cash[Sector.OWNERS] >= cost
        if who == STREET_BUDGET:
            return bool(estate.repair_budget >= cost)
        return bool(payable(case.cost))

    def settle(self, case: "Case", u: float) -> None:
        """Really settle a case: money flows, and whoever waited is relieved; u : how a court ends it."""
        p, cost = self.estate.model.p, fen(case.cost)
        if cost > 0:
            self.pay_for(cost, self.payer(case.kind))
        self.resolved += 1
        end = court_end(u, case.kind, p.case_court_mediated, p.case_suit_withdrawn)
        case.status = end if self.level == COURT else RESOLVED
        household = case.claimant()
        if case.kind == SUIT and end == WITHDRAWN:
            household.be_let_off()
        elif case.kind == SUIT and end == RESOLVED:
            household.come_to_terms()
        elif case.kind == SUIT:
            household.be_condemned()
        else:
            household.be_relieved(case.severity)
            household.judge_desk(self.level, 1.0)
            household.learn_from_case(1.0)
        case.log(EVENT_OF_END[case.status])

    def pay_for(self, cost: int, who: int) -> None:
        """Let whoever pays meet the cost (fen) of a repair."""
        estate = self.estate
        if who == PURSE:
            estate.provider.purse -= cost
            estate.post(Item.REPAIRS_PROVIDER, cost)
        elif who == OWNERS_FUND:
            estate.post(Item.REPAIRS_OWNERS, cost)
        elif who == STREET_BUDGET:
            estate.repair_budget -= cost
            estate.post(Item.REPAIRS_STREET, cost)
        elif who == OLD_UNIT:
            estate.post(Item.REPAIRS_OLD_UNIT, cost)
