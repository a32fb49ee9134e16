"""The agent engine: the month's phases over Mesa agents, which show and change the same state as the compiled one.

A phase says who acts in which order; what they do stands in their classes (`agents`), how in the rules.
"""

from collections.abc import Callable, Mapping
from typing import Any, cast

import numpy as np
from numba import types

from agents.calling import direct
from agents.case import Case
from agents.estate import Estate
from agents.household import Household
from agents.joint_branch import JointBranch
from agents.owners_committee import OwnersCommittee
from agents.party_branch import PartyBranch
from agents.property_firm import PropertyFirm
from agents.provider import Provider
from agents.residents_assembly import ResidentsAssembly
from agents.residents_committee import ResidentsCommittee
from agents.rules.arrears import is_due
from agents.rules.case import seen_speed
from agents.rules.numeric import over_months, thousandths
from agents.rules.provider import NOBODY
from agents.social_organization import SocialOrganization
from agents.stakeholder import Stakeholder
from agents.street_committee import District, StreetCommittee
from sim.census import Tally, count_month
from sim.draws import Draw, block, uniform
from sim.errors import InputError
from sim.in_force import InForce
from sim.mesa_model import MesaModel
from sim.schedule import SCHEDULE
from sim.state import State

KINDS: tuple[type[Stakeholder], ...] = (
    Household, PropertyFirm, Provider, OwnersCommittee, ResidentsCommittee, ResidentsAssembly, PartyBranch,
    JointBranch, SocialOrganization, StreetCommittee, District,
)  # fmt: skip
"""Classes of agents; `agent_classes` may put a subclass in the place of each."""

ASYNCHRONOUS = 1

AgentClasses = Mapping[type[Stakeholder], type[Stakeholder]]


class Neighbourhood(MesaModel):
    """Estates and their stakeholders, living in a state month by month.

    p : the parameters in force, one attribute per parameter, named group_name; month : the month that the next
    `step` lives through (during a step, the current one), 0 is the policy month; state : what both engines share;
    belief_speed, habit_speed : how far one bill moves belief and habit;
    district, streets : those above; estates, households : in the order in which the state stores them.
    """

    state: State
    p: Any
    month: int
    estates: list[Estate]
    households: list[Household]

    def __init__(
        self,
        state: State,
        table: np.recarray,
        rows: np.ndarray,
        first: int,
        *,
        seed: int = 0,
        agent_classes: AgentClasses | None = None,
    ) -> None:
        """Put agents into a state.

        table : records of parameters; rows : (months,) row of the table in force in each month from `first` on;
        seed : that the state was made with, for Mesa's own generators too, which nothing here uses.
        """
        super().__init__(int(seed))
        self.state = state
        self.month = first
        self._first = first
        self._rows = [int(row) for row in rows]
        self._parameters = [InForce.of(row) for row in table]
        self._key = state.key[0]
        if self._rows:
            self._begin_month(self._parameters[self._rows[0]])
        self._settle(_classes(agent_classes or {}))

    def _settle(self, make: Mapping[type[Stakeholder], Any]) -> None:
        """Create the agents and let them know each other."""
        state = self.state
        self.district = make[District](self)
        self.streets = [make[StreetCommittee](self, k) for k in range(state.street.shape[1])]
        self.estates = []
        self.households = []
        n_bidders = state.firm.shape[1] // state.estate_n.shape[1]
        for e in range(state.estate_n.shape[1]):
            estate = Estate(self, e, Tally(state, e, self))
            estate.provider = make[Provider](self, e, estate)
            estate.branch = make[PartyBranch](self, e, estate)
            estate.joint = make[JointBranch](self, e, estate)
            estate.street_committee = self.streets[estate.street]
            estate.street_committee.estates.append(estate)
            estate.committee = make[ResidentsCommittee](self, e, estate)
            estate.assembly = make[ResidentsAssembly](self, e, estate)
            estate.owners = make[OwnersCommittee](self, e, estate)
            estate.social = make[SocialOrganization](self, e, estate)
            estate.bidders = [make[PropertyFirm](self, e * n_bidders + k, estate) for k in range(n_bidders)]
            units = range(int(state.first[e]), int(state.first[e + 1]))
            estate.households = [make[Household](self, unit, estate) for unit in units]
            self.estates.append(estate)
            self.households += estate.households
        self._by_row = tuple(self.households)
        start = state.tie_start.tolist()
        for unit, household in enumerate(self.households):
            known = slice(start[unit], start[unit + 1])
            household.neighbours = tuple(self.households[other] for other in state.tie[known].tolist())
            household.ties = tuple(state.tie_weight[known].tolist()) or (1.0,) * len(household.neighbours)
        self.settle()

    # --- what agents ask of the model -----------------------------------------------------------------------

    def draw(self, decision: str, estate: int, unit: int) -> float:
        """Return this month's uniform draw in (0, 1) of one decision; a name of `sim.draws.Draw`."""
        return _uniform(self._key, _DRAWS[decision], self.month, estate, unit, 0)

    def draw_for_good(self, decision: str, estate: int, unit: int) -> float:
        """Return the uniform draw in (0, 1) of what lasts; a name of `sim.draws.Draw`."""
        return _uniform(self._key, _DRAWS[decision], 0, estate, unit, 0)

    def draws(self, first: str, estate: int, unit: int, ordinal: int = 0) -> tuple[float, float, float, float]:
        """Return this month's draws of the decision `first` and the three that share its block.

        ordinal : number of the occasion, where there may be several in a month.
        """
        return _block(self._key, _DRAWS[first] >> 2, self.month, estate, unit, ordinal)

    def draw_of_bill(self, estate: int, unit: int, age: int) -> float:
        """Return the draw of a household's bill of `age` months ago: a bill keeps its luck."""
        return _uniform(self._key, _DRAWS["PAY"], self.month - age, estate, unit, 0)

    def draws_of_month(self, estate: int, unit: int) -> tuple[float, float, float, float]:
        """Return a household's draws of the month: to pay, error of impression, fault, collector's call."""
        return _block(self._key, _MONTHLY, self.month, estate, unit, 0)

    def household_of_row(self, row: int) -> Household:
        """Return the household that a row of the state belongs to."""
        return self._by_row[row]

    def write_history(self, case: Case, event: int) -> None:
        """Write one line of the cases' history (`sim.state.LOG_FIELDS`), where a history is kept."""
        log, n = self.state.log, int(self.state.log_n[0])
        if len(log) == 0:
            return
        if n >= len(log):
            case.estate.overflow = 1
            return
        self.state.log_n[0] = n + 1
        household = case.claimant()
        log[n] = (
            self.month, case.estate.id, case.id, household.id, case.kind, event, case.desk, thousandths(case.severity),
        )  # fmt: skip

    # --- the month ------------------------------------------------------------------------------------------

    def step(self) -> None:
        """Live through one month, phase by phase in the order of `sim.schedule.SCHEDULE`."""
        elapsed = self.month - self._first
        if elapsed >= len(self._rows):
            raise InputError(f"This run ends before month {self.month}; a longer one needs a larger months =.")
        self.require_all()
        self._begin_month(self._parameters[self._rows[elapsed]])
        for phase in SCHEDULE:
            getattr(self, phase.name)()
        self.month += 1

    def _begin_month(self, p: Any) -> None:
        """Put the parameters of a month in force, and the speeds at which households learn from one bill."""
        self.p = p
        self.belief_speed = over_months(p.household_belief_speed, p.structure_billing_period)
        self.habit_speed = over_months(p.household_habit_speed, p.structure_billing_period)

    def events(self) -> None:
        """Open the month's books; shocks strike; from the policy month on those who never paid are counted afresh."""
        self.district.evaluate()
        self.state.flow[:] = 0
        self.state.record[:] = 0
        if self.month == 0:
            for household in self.households:
                household.ever_paid = 0
        p = self.p
        if p.shock_damage > 0.0:
            for estate in self.estates:
                estate.be_damaged(p.shock_damage)
        if p.shock_scandal > 0.0 or p.shock_party_scandal > 0.0:
            for household in self.households:
                household.hear_of_scandal(p.shock_scandal, p.shock_party_scandal)

    def allocate(self) -> None:
        """Pay out public money and common income; settle attention and hours of committee and members."""
        self.district.grant_repair_money()
        for estate in self.estates:
            street = estate.street_committee
            estate.owners.keep_accounts()
            estate.works.build()
            street.allocate(estate)
            estate.provider.let_common_parts()
            street.cover_losses(estate)
            street.grant_repair_money(estate)
            street.inspect(estate)
            estate.provider.bear_politics()
            estate.branch.organise()
            estate.joint.gather()
            estate.social.fulfil_contracts()
            estate.committee.train()
            estate.assembly.call_meetings()
            estate.committee.share_out_hours()
            street.run_platform(estate)

    def plan(self) -> None:
        """Set prices; plan spending and calls."""
        for estate in self.estates:
            estate.provider.plan()

    def serve(self) -> None:
        """Spend, deliver service, keep up or lose the facilities."""
        for estate in self.estates:
            estate.provider.serve()

    def perceive(self) -> None:
        """Households see the month's service."""
        for estate in self.estates:
            for household in estate.households:
                household.perceive()

    def arise(self) -> None:
        """Faults and disputes reach households; who speaks up opens a case; firms sue."""
        for estate in self.estates:
            hazards = estate.hazards()
            suing = estate.provider.sues()
            estate.disturb()
            for household in estate.households:
                household.meet_trouble(hazards)
                if suing:
                    estate.provider.consider_suit(household)
            estate.open_cases()

    def handle(self) -> None:
        """Desks work through their cases; patience ends; cases escalate, end, or come back."""
        for estate in self.estates:
            estate.open_desks()
            for case in estate.cases_in_turn():
                case.go_on()
            estate.close_books()

    def mobilise(self) -> None:
        """The collector calls; cadres and members visit."""
        for estate in self.estates:
            estate.committee.care()
            estate.assembly.hold_forum()
            estate.assembly.sanction()
            estate.platform.disclose()
            estate.social.care()
            estate.provider.send_collector()
            estate.committee.visit()

    def pay(self) -> None:
        """Households decide on their bills; decisions become visible when all have decided, or each at once."""
        due = is_due(self.month, self.p.structure_billing_period)
        asynchronous = self.p.structure_timing == ASYNCHRONOUS
        for estate in self.estates:
            estate.provider.send_bills()
            if estate.provider.kind == NOBODY:
                continue
            rate, flat = estate.provider.price_of_bill()
            for household in estate.households_in_turn(asynchronous):
                household.settle_bills(rate, flat, due, asynchronous)
            if due and not asynchronous:
                for household in estate.households:
                    household.show_decision()
            estate.provider.take_in()

    def learn(self) -> None:
        """Habit, beliefs and voice follow the month; trust is talked over, and taken over by all at once."""
        due = is_due(self.month, self.p.structure_billing_period)
        voice_speed = seen_speed(self.p.case_voice_speed, self.p.case_voice_seen)
        for estate in self.estates:
            seen, helped = estate.outcomes_seen()
            for household in estate.households:
                household.learn(due)
                if seen:
                    household.see_outcomes(helped, voice_speed)
            if self.p.trust_pull != 0.0:
                for household in estate.households:
                    household.take_over_opinion()

    def govern(self) -> None:
        """Owners organise and vote; firms count losses, leave or are dismissed; others take over; members tire."""
        for estate in self.estates:
            estate.owners.assemble()
        for estate in self.estates:
            estate.owners.ask_about_fund()
            estate.provider.close_month()
            estate.provider.accept_dismissal()
            estate.committee.find_provider()
            estate.branch.keep_secretary()
            estate.committee.tire()
            estate.assembly.elect()
            estate.assembly.sign()
            estate.joint.tire()
            estate.branch.tire()

    def record(self) -> None:
        """Count the month."""
        for estate in self.estates:
            count_month(estate)


_KEYED = (types.uint64, types.int64, types.int64, types.int64, types.int64, types.int64)
_uniform = cast(Callable[..., float], direct(uniform, *_KEYED))
_block = cast(Callable[..., tuple[float, float, float, float]], direct(block, *_KEYED))
_DRAWS = {draw.name: int(draw) for draw in Draw}
_MONTHLY = int(Draw.PAY) >> 2


def _classes(chosen: AgentClasses) -> dict[type[Stakeholder], type[Stakeholder]]:
    """Return the class to use for each kind of agent."""
    for kind, own in chosen.items():
        if kind not in KINDS:
            known = ", ".join(each.__name__ for each in KINDS)
            raise InputError(f"agent_classes: {_name(kind)} is no kind of agent of this model; there are {known}.")
        if not (isinstance(own, type) and issubclass(own, kind)):
            raise InputError(f"agent_classes: {_name(own)} is no subclass of {kind.__name__}.")
    return {kind: chosen.get(kind, kind) for kind in KINDS}


def _name(thing: object) -> str:
    return thing.__name__ if isinstance(thing, type) else repr(thing)


def run_months_with_agents(
    state: State,
    table: np.recarray,
    rows: np.ndarray,
    first: int,
    last: int,
    out: np.ndarray,
    agent_classes: AgentClasses | None = None,
) -> None:
    """Do with agents what `sim.engine.month.run_months` does compiled: the months first <= month < last.

    rows : (months,) row of the table in force in each of these months; out : (months, total, estate) int64,
    filled with the record of each month, or with no months to keep none.
    """
    if first == last:
        return
    neighbourhood = Neighbourhood(state, table, rows, first, agent_classes=agent_classes)
    for month in range(first, last):
        neighbourhood.step()
        if out.shape[0] > 0:
            out[month - first] = state.record
