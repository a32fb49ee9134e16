# mypy: disable-error-code="has-type"
"""The estate (小区): where everything happens. It does not act; it holds its buildings, books and bills."""

from typing import TYPE_CHECKING, Any

from agents.calling import call_rules_directly
from agents.rules.estate import EstateWhole
from agents.rules.facility import FacilityReal, next_stock, service_quality, total_quality, upkeep, upkeep_bias
from agents.rules.household import place_in_order
from agents.rules.money import Item, Sector
from agents.view import View

if TYPE_CHECKING:
    from agents.household import Household
    from agents.party_branch import PartyBranch
    from agents.property_firm import PropertyFirm
    from agents.provider import Provider
    from agents.residents_committee import ResidentsCommittee


call_rules_directly(globals())


class Estate(View, real=("facility", FacilityReal), whole=("estate_n", EstateWhole)):
    """An estate with its households and those who serve and organise it.

    cash : fen held by each `Sector`; flow : fen paid this month under each `Item`; tally : the month's counts.
    """

    households: "list[Household]"
    bidders: "list[PropertyFirm]"
    provider: "Provider"
    committee: "ResidentsCommittee"
    branch: "PartyBranch"

    def __init__(self, model: Any, unit: int, tally: Any) -> None:
        """Show estate number `unit` of the model's state."""
        self.model = model
        self.unit = unit
        self.tally = tally
        self.households = []
        self.bidders = []
        self.show(model.state, unit)
        self.cash = memoryview(model.state.cash[:, unit])
        self.flow = memoryview(model.state.flow[:, unit])
        self._bill_rate = memoryview(model.state.bill_rate[:, unit])
        self._bill_flat = memoryview(model.state.bill_flat[:, unit])

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
        bias = upkeep_bias(p.facility_visible_bias, self.branch.attention)
        self.visible = next_stock(self.visible, p.facility_decay, p.facility_upkeep, kept_up, bias)
        self.invisible = next_stock(self.invisible, p.facility_decay, p.facility_upkeep, kept_up, -bias)
        self.service = service_quality(delivered, p.provider_service_power)
        self.quality = total_quality(
            self.service, self.visible, self.invisible, p.facility_service_weight, p.facility_quality_floor
        )

    def households_in_turn(self, asynchronous: bool) -> "list[Household]":
        """Return the households in the order in which they decide: by a draw, where order matters."""
        if not asynchronous:
            return self.households

        def place(household: "Household") -> int:
            return place_in_order(self.model.draw("ORDER", self.id, household.id), household.id)

        return sorted(self.households, key=place)
