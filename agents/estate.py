# mypy: disable-error-code="has-type"
"""The estate (小区): where everything happens. It does not act; it holds its buildings, books and bills."""

from typing import TYPE_CHECKING, Any, NamedTuple

from agents.building_works import BuildingWorks
from agents.calling import call_rules_directly
from agents.case import Case, Complaint
from agents.desk import Desk
from agents.platform import Platform
from agents.rules.arrears import place_in_order
from agents.rules.case import (
    COURT,
    MEDIATION,
    N_DESKS,
    PETITION,
    PROVIDER_DESK,
    RESOLVED,
    SEEN_MONTHS,
    SUIT,
    WITHDRAWN,
    chance_by_level,
    chance_while,
    desk_hours,
    success_share,
    urgent,
)
from agents.rules.estate import EstateWhole
from agents.rules.facility import FacilityReal, next_stock, service_quality, total_quality, upkeep, upkeep_bias
from agents.rules.household import VACANT
from agents.rules.money import Item, Sector
from agents.rules.numeric import millionths
from agents.rules.provider import FIRM, NOBODY, newly_handed_over
from agents.rules.shock import after_damage, possible
from agents.rules.street_committee import evaluation_score, seen_from_above
from agents.rules.units import HALF
from agents.view import View

if TYPE_CHECKING:
    from agents.household import Household
    from agents.joint_branch import JointBranch
    from agents.owners_committee import OwnersCommittee
    from agents.party_branch import PartyBranch
    from agents.property_firm import PropertyFirm
    from agents.provider import Provider
    from agents.residents_assembly import ResidentsAssembly
    from agents.residents_committee import ResidentsCommittee
    from agents.social_organization import SocialOrganization
    from agents.street_committee import StreetCommittee


call_rules_directly(globals())

URGENT_FIRST = 1


class Hazards(NamedTuple):
    """Chances per household and month that something happens, by kind of case; accounts are each household's own."""

    service: float
    facility: float
    common: float
    structure: float
    neighbour: float
    handover: float
    renovation: float
    legacy: float


class Estate(View, real=("facility", FacilityReal), whole=("estate_n", EstateWhole)):
    """An estate with its households and those who serve and organise it.

    cases : the places of its list of cases; complaints : those of this month that are no cases yet; desks : the
    ladder, lowest first;
    endings : cases settled, and ended in any way, in each of the last 12 months;
    cash : fen held by each `Sector`; flow : fen paid this month under each `Item`; tally : the month's counts.
    """

    households: "list[Household]"
    bidders: "list[PropertyFirm]"
    provider: "Provider"
    committee: "ResidentsCommittee"
    assembly: "ResidentsAssembly"
    owners: "OwnersCommittee"
    social: "SocialOrganization"
    cases: list[Case]
    complaints: list[Complaint]
    desks: list[Desk]
    branch: "PartyBranch"
    joint: "JointBranch"
    street_committee: "StreetCommittee"

    def __init__(self, model: Any, unit: int, tally: Any) -> None:
        """Show estate number `unit` of the model's state."""
        self.model = model
        self.unit = unit
        self.tally = tally
        self.households = []
        self.bidders = []
        self.show(model.state, unit)
        n_cases = model.state.case.shape[1] // model.state.estate_n.shape[1]
        self.cases = [Case(self, unit * n_cases + place) for place in range(n_cases)]
        self.complaints = []
        self.works = BuildingWorks(self)
        self.platform = Platform(self)
        self.desks = [Desk(self, level) for level in range(N_DESKS)]

    def show(self, state: Any, unit: int) -> None:
        """Show this estate of the state: its columns, cash, payments, bills and how its cases ended."""
        super().show(state, unit)
        self.cash = memoryview(state.cash[:, unit])
        self.flow = memoryview(state.flow[:, unit])
        self.endings = state.endings[:, :, unit]
        self._bill_rate = memoryview(state.bill_rate[:, unit])
        self._bill_flat = memoryview(state.bill_flat[:, unit])

    def post(self, item: Item, amount: int) -> None:
        """Pay `amount` fen under `item`: from the payer's cash to the payee's, and into the ledger."""
        self.cash[item.payer] -= amount
        self.cash[item.payee] += amount
        self.flow[item] += amount

    def provider_cash(self) -> int:
        """Return the cash of the provider's seat, in fen."""
        return self.cash[Sector.PROVIDER]

    def issue_bills(self, rate: int, flat: int) -> None:
        """Note the bills of this month: fen per m2 and fen per household, 0 where none are issued."""
        slot = self.model.month % len(self._bill_rate)
        self._bill_rate[slot] = rate
        self._bill_flat[slot] = flat

    def bills_of(self, month: int) -> tuple[int, int]:
        """Return rate and flat fee of the bills issued in a month at most three years ago, in fen."""
        slot = month % len(self._bill_rate)
        return self._bill_rate[slot], self._bill_flat[slot]

    def settle_debt(self, age_class: int, amount: int) -> None:
        """Note that an old bill was paid; age_class : 0 young, 1 middle-aged, 2 old."""
        self._whole[EstateWhole.DEBT_YOUNG + age_class] -= amount
        self.tally.arrears_paid += amount

    def keep_up(self, delivered: float) -> None:
        """Repair and decay, and what quality people meet; delivered : input as a share of standard."""
        p = self.model.p
        kept_up = upkeep(delivered, p.facility_upkeep_threshold)
        bias = upkeep_bias(p.facility_visible_bias, seen_from_above(self.branch.attention, p.street_evaluation))
        self.visible = next_stock(self.visible, p.facility_decay, p.facility_upkeep, kept_up, bias)
        self.invisible = next_stock(self.invisible, p.facility_decay, p.facility_upkeep, kept_up, -bias)
        self.service = service_quality(delivered, p.provider_service_power)
        self.quality = total_quality(
            self.service, self.visible, self.invisible, p.facility_service_weight, p.facility_quality_floor
        )

    def mean_stock(self) -> float:
        """Return the mean of visible and invisible stock."""
        stock: float = evaluation_score(self.visible, self.invisible, HALF)
        return stock

    def households_in_turn(self, asynchronous: bool) -> "list[Household]":
        """Return the households in the order in which they decide: by a draw, where order matters."""
        if not asynchronous:
            return self.households

        def place(household: "Household") -> int:
            return place_in_order(self.model.draw("ORDER", self.id, household.id), household.id)

        return sorted(self.households, key=place)

    # --- cases ----------------------------------------------------------------------------------------------

    def hazards(self) -> Hazards:
        """Return this month's chances that something happens to a household."""
        p, provider = self.model.p, self.provider
        return Hazards(
            service=chance_by_level(p.case_service, self.service),
            facility=chance_by_level(p.case_facility, self.invisible),
            common=chance_by_level(p.case_common, provider.open_books),
            structure=p.case_structure,
            neighbour=p.case_neighbour,
            handover=chance_while(p.case_handover, newly_handed_over(provider.since, provider.changes)),
            renovation=chance_while(p.case_renovation, self.works_left > 0),
            legacy=chance_by_level(p.case_legacy, self.legacy_cleared),
        )

    def disturb(self) -> None:
        """Annoy whoever lives here while building works last."""
        if self.works_left > 0:
            for household in self.households:
                if household.tenure != VACANT:
                    household.be_disturbed()

    def first_desk(self, what: int) -> Desk | None:
        """Return the lowest desk where a case of this kind can be settled; no provider, no desk of its own."""
        for desk in self.desks[:PETITION]:
            if desk.can_close(what) and not (desk.level == PROVIDER_DESK and self.provider.kind == NOBODY):
                return desk
        return None

    def hear(self, complaint: Complaint) -> None:
        """Hear of a complaint or a suit; where the list of cases is full, say that the run needs a longer one."""
        if self.n_cases + len(self.complaints) >= len(self.cases):
            self.overflow = 1
            return
        self.complaints.append(complaint)

    def open_cases(self) -> None:
        """Open a case for each complaint of the month, in the order of a draw."""
        for complaint in sorted(self.complaints, key=self.place_in_queue):
            place = self.n_cases
            self.n_cases = place + 1
            self.next_case += 1
            self.cases[place].open(self.next_case, complaint)
        self.complaints.clear()

    def place_in_queue(self, complaint: Complaint) -> int:
        """Return the place of a complaint among those of the month."""
        return complaint.place_in_queue(self.model.draw("CASE_QUEUE", self.id, complaint.household.id))

    def drop(self, how_severe: float) -> None:
        """Keep count of severity that was lumped or withdrawn: it fades, it is not settled."""
        self.dropped += millionths(how_severe)

    def be_damaged(self, share: float) -> None:
        """Lose a share of the invisible facilities at once."""
        self.invisible = after_damage(self.invisible, share)

    def open_desks(self) -> None:
        """Let every body open its desks for the month; the court keeps its own."""
        p = self.model.p
        self.provider.open_desk()
        self.committee.open_desk()
        self.street_committee.open_desks(self)
        self.desks[COURT].open(desk_hours(p.desk_court_hours, self.n_households, 1.0))
        for level in (MEDIATION, COURT):
            desk = self.desks[level]
            desk.hours = possible(desk.hours, p.shock_stop)

    def cases_in_turn(self) -> list[Case]:
        """Return the cases in the order in which desks take them: as they came, or the urgent ones first."""
        cases = self.cases[: self.n_cases]
        if self.model.p.case_discipline != URGENT_FIRST:
            return cases
        return sorted(cases, key=lambda case: not urgent(case.severity))

    def close_books(self) -> None:
        """Count how cases ended this month and keep only those that go on, in order."""
        kept = severity = 0
        slot = self.model.month % SEEN_MONTHS
        self.endings[:, slot] = 0
        for case in self.cases[: self.n_cases]:
            if not case.is_pending():
                self.tally.case_ended(case)
                if case.kind != SUIT:
                    self.endings[0, slot] += case.status == RESOLVED
                    self.endings[1, slot] += 1
                    if case.status == WITHDRAWN:
                        self.drop(case.severity)
                continue
            if case.kind != SUIT:
                severity += millionths(case.severity)
            place = self.cases[kept]
            if place is not case:
                place.take_over(case)
            kept += 1
        self.n_cases = kept
        self.open_severity = severity

    def outcomes_seen(self) -> tuple[bool, float]:
        """Return whether a case ended here within a year, and the share that was settled, as people reckon it."""
        p, (settled, ended) = self.model.p, self.endings.sum(axis=1)
        return bool(ended > 0), success_share(int(settled), int(ended), p.start_voice, p.case_voice_prior)

    def captured_by_firm(self) -> float:
        """Return the share of oversight that captured officers hold over the firm that serves here."""
        return self.branch.captured() if self.provider.kind == FIRM else 0.0
