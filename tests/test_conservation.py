"""What is conserved: every fen, every bill; and what never leaves its bounds, wherever the parameters lie."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from estates import built, payers, values
from shipped import in_use

from agents.rules.arrears import MEMORY_MONTHS, MIDDLE_MONTHS, YOUNG_MONTHS
from agents.rules.case import DeskReal as D
from agents.rules.columns import Column
from agents.rules.estate import EstateWhole as E
from agents.rules.household import HIGH_INCOME, LOW_INCOME
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.money import Item, Sector
from agents.rules.provider import ProviderReal as P
from sim.draws import Draw, stream_key, uniforms
from sim.engine.month import run_months
from sim.parameters import PARAMETERS, Parameter, table
from sim.scenarios import list_scenarios, resolve
from sim.scenarios.catalog import load
from sim.state import BILL_MEMORY, COLUMNS, State, copy_state
from sim.totals import Total

BOUNDED_UNITS = {"share", "trust", "quality", "stock"}
FREE: dict[Column, str] = {
    H.REFERENCE: "expected quality follows the logarithm of the price",
    H.ANCHOR: "the same",
    D.INTEREST: "shared with owners where it is negative",
    P.EXPECTED: "old debts paid may make more than this month's bills",
}
"""Columns in such units that may leave [0, 1], and why."""

BOUNDED = [
    (matrix, column)
    for matrix, columns in COLUMNS.items()
    for column in columns
    if column.unit in BOUNDED_UNITS and column not in FREE
]

# --- the books -----------------------------------------------------------------------------------------------


def ledger(flow: np.ndarray) -> np.ndarray:
    """Return what each sector receives less what it pays, (sector, estate)."""
    net = np.zeros((len(Sector), flow.shape[1]), np.int64)
    for item in Item:
        net[item.payer] -= flow[item]
        net[item.payee] += flow[item]
    return net


def debts(s: State, month: int) -> dict[int, np.ndarray]:
    """Return each household's unpaid bills by age, in fen, at the end of a month."""
    unpaid, area, estate = s.household_n[N.UNPAID], s.household_n[N.AREA], s.household_n[N.ESTATE]
    found = {}
    for age in range(MEMORY_MONTHS):
        slot = (month - age) % BILL_MEMORY
        bill = area * s.bill_rate[slot, estate] + s.bill_flat[slot, estate]
        found[age] = np.where(unpaid >> age & 1, bill, 0)
    return found


def of_estates(s: State, amounts: Any) -> np.ndarray:
    """Return amounts per household, summed over each estate."""
    return np.asarray(np.bincount(s.household_n[N.ESTATE], amounts, s.estate_n.shape[1]).astype(np.int64))


def check_debts(s: State, month: int) -> np.ndarray:
    """Compare the estates' stocks of debt with the households' unpaid bills; return all debt by estate."""
    by_age = debts(s, month)
    ages = ((0, YOUNG_MONTHS), (YOUNG_MONTHS + 1, MIDDLE_MONTHS), (MIDDLE_MONTHS + 1, MEMORY_MONTHS - 1))
    for stock, (low, high) in zip((E.DEBT_YOUNG, E.DEBT_MIDDLE, E.DEBT_OLD), ages, strict=True):
        owed = sum(of_estates(s, by_age[age]) for age in range(low, high + 1))
        assert np.array_equal(s.estate_n[stock], owed), (stock, month)
    for total, cohort in ((Total.DUE_3, YOUNG_MONTHS), (Total.DUE_12, MIDDLE_MONTHS)):
        slot = (month - cohort) % BILL_MEMORY
        estate = s.household_n[N.ESTATE]
        due = of_estates(s, s.household_n[N.AREA] * s.bill_rate[slot, estate] + s.bill_flat[slot, estate])
        assert np.array_equal(s.record[total], due), (total, month)
        assert np.array_equal(s.record[total + 1], due - of_estates(s, by_age[cohort])), (total, month)
    for third, total in ((LOW_INCOME, Total.N_DUE_3_LOW), (HIGH_INCOME, Total.N_DUE_3_HIGH)):
        mine = (s.household_n[N.INCOME_THIRD] == third) & (s.record[Total.DUE_3] > 0)[s.household_n[N.ESTATE]]
        assert np.array_equal(s.record[total], of_estates(s, mine)), (total, month)
        assert np.array_equal(s.record[total + 1], of_estates(s, mine & (by_age[YOUNG_MONTHS] == 0))), (total, month)
    return np.asarray(s.estate_n[E.DEBT_YOUNG : E.DEBT_OLD + 1].sum(axis=0))


def check_bounds(s: State) -> None:
    """Nothing is NaN or infinite; shares lie in [0, 1]; counts are no more than there are."""
    for name in COLUMNS:
        assert np.isfinite(getattr(s, name)).all(), name
    for matrix, column in BOUNDED:
        row = getattr(s, matrix)[column]
        assert ((row >= 0.0) & (row <= 1.0)).all(), (matrix, column.name, row.min(), row.max())
    assert (s.household_n[N.UNPAID] >> MEMORY_MONTHS == 0).all()
    n = s.record[Total.N_HOUSEHOLDS]
    for total in Total:
        assert (s.record[total] >= 0).all() or total in (Total.PUBLIC_MONEY, Total.PROVIDER_CASH), total
        if total.unit == "households":
            assert (s.record[total] <= n).all(), total
    assert (s.record[Total.N_BILLED] == s.record[Total.N_VOLUNTARY : Total.N_OVERLOOKED + 1].sum(axis=0)).all()


def keep_books(s: State, rows: np.recarray, row_of: np.ndarray, first: int) -> list[State]:
    """Run month by month and check the books after each; return the states at month ends."""
    nothing = np.zeros((0, len(Total), s.estate_n.shape[1]), np.int64)
    opening, booked, owed = s.cash.copy(), np.zeros_like(s.cash), check_debts(s, first - 1)
    ends = []
    for month, row in enumerate(row_of, first):
        before = copy_state(s)
        lapsing = of_estates(s, debts(s, month - 1)[MEMORY_MONTHS - 1])
        run_months(s, rows, np.array([row]), month, month + 1, nothing)
        assert (s.flow >= 0).all(), {Item(i).name: s.flow[i].tolist() for i in np.flatnonzero((s.flow < 0).any(axis=1))}
        assert np.array_equal(s.cash - before.cash, ledger(s.flow)), month
        assert (s.cash.sum(axis=0) == opening.sum(axis=0)).all(), month
        booked += ledger(s.flow)
        total = check_debts(s, month)
        unpaid = s.record[Total.BILLED] - s.record[Total.FEES]
        assert np.array_equal(total - owed, unpaid - s.record[Total.ARREARS_PAID] - lapsing), month
        assert np.array_equal(s.flow[Item.FEES], s.record[Total.FEES])
        assert np.array_equal(s.flow[Item.ARREARS_PAID], s.record[Total.ARREARS_PAID])
        assert np.array_equal(s.estate_n[E.DEBT_LAPSED] - before.estate_n[E.DEBT_LAPSED], lapsing), month
        owed = total
        check_bounds(s)
        ends.append(before)
    assert np.array_equal(opening + booked, s.cash)
    return [*ends, s]


# --- shipped scenarios -----------------------------------------------------------------------------------------


def wherever() -> list[tuple[str, str]]:
    """Return every shipped scenario with places for it: forms and programmes wherever they may be tried."""
    found = []
    for info in list_scenarios():
        name, place, _ = in_use(info)
        if info.kind == "rollout":
            place = load(info.name, ("rollout",)).place
        found += [(name, place)] if place else [(name, "trapped"), (name, "healthy")]
    return found


@pytest.mark.parametrize(("form", "place"), wherever())
def test_the_books_balance_every_month(form, place):
    """A year under a market, then 48 months with all that comes, changes and strikes in the file."""
    world = resolve(form, place=place, months=48, set=["population.n_estates=2", "population.n_households=60"])
    world = max((part.world for part in world.same_throughout()), key=lambda part: len(part.segments))
    before = table([values("market", "healthy")])
    rows = np.concatenate([before, world.table()]).view(np.recarray)
    s = built(world.segments[0].values, seed=7)
    ends = keep_books(s, rows, np.concatenate([np.zeros(12, np.int64), 1 + world.rows()[world.spinup :]]), -12)
    moved = np.sum([end.flow for end in ends[1:]], axis=0).sum(axis=1)
    assert moved[Item.FEES] > 0
    assert moved[Item.WAGES] > 0


def test_a_firm_that_comes_and_goes_leaves_balanced_books():
    """Takeover, profit, exit and caretaker: each moves money; every item of the ledger is seen at work."""
    poor = {"firm.loss_months": 3.0, "firm.bid_noise": 0.3, "firm.bid_weight": 0.0, "firm.tender_every": 3}
    poor |= {"structure.billing_period": 3}  # who leaves in mid-quarter returns fees
    rich = {"firm.fee": 0.8, "household.intercept": 4.0}
    rows = table(
        [
            values("market", "trapped", poor),
            values("red_station", "trapped", poor | {"street.subsidy": 0.1}),
            values("red_alliance", "trapped", poor | rich | {"firm.politics": 0.4}),
            values("red_alliance", "trapped", poor | rich | {"firm.politics": -0.4}),
        ]
    )
    seen = np.zeros(len(Item), np.int64)
    for replicate in range(4):
        s = built(values("market", "trapped", poor | {"population.n_estates": 3}), replicate=replicate)
        ends = keep_books(s, rows, np.repeat([0, 1, 2, 3, 0], 24), 0)
        seen += np.sum([end.flow for end in ends], axis=0).sum(axis=1)
    assert [item.name for item in Item if seen[item] == 0 and item not in OF_COMMITTEES | OF_PROGRAMMES] == []


OF_COMMITTEES = {
    Item.LOSS_COVER, Item.SURPLUS_TO_OWNERS, Item.REPAIRS_OWNERS, Item.REPAIRS_OLD_UNIT, Item.CONTRACTS, Item.LETTING,
    Item.SALARIES, Item.PLATFORM, Item.CAPACITY_BUILDING,
}  # fmt: skip
"""Payments that need a soft budget, an owners' committee, a property-right unit, social workers or organisations."""

OF_PROGRAMMES = {
    Item.WORKS_GRANTED, Item.WORKS_STREET, Item.WORKS_OLD_UNIT, Item.WORKS_HOUSEHOLDS, Item.STANDARDS_UPKEEP,
    Item.POSTS, Item.FACILITY_RENTS, Item.FACILITY_UPKEEP, Item.INVESTMENT, Item.CARE_WAGES, Item.FUND_PAID_IN,
    Item.FUND_WORKS, Item.ADVANCE, Item.REPAYMENT, Item.GIFTS,
}  # fmt: skip
"""Payments that need a programme about money and facilities."""


def test_programmes_about_money_leave_balanced_books():
    every = "market + precise_renovation + complete_community + property_housekeeping + funding + three_lists"
    willing = {"owners.appointed": 1, "owners.turnout_base": 20.0, "owners.reached": 1.0, "owners.absent_loss": 0.0}
    willing |= {"start.trust_owners": 1.0, "street.old_unit_pays": 1.0}
    willing |= {"renovation.below": 1.0, "renovation.worth": 20.0}
    willing |= {"renovation.gain": 0.1, "complete.standard": 0.0}  # or nothing is left to raise a fund for
    rows = table([values("market", "managed"), values(every, "managed", willing), values("custody", "managed")])
    s = built(values("market", "managed", {"population.n_estates": 2, "population.n_households": 60}))
    ends = keep_books(s, rows, np.repeat([0, 1, 2], [12, 36, 12]), -12)
    seen = np.sum([end.flow for end in ends], axis=0).sum(axis=1)
    assert [item.name for item in OF_PROGRAMMES if seen[item] == 0] == []
    assert (s.cash[Sector.STREET] <= 0).all()


def test_soft_budgets_committees_and_organisations_leave_balanced_books():
    """The payments that the books above do not hold are seen here."""
    soft = {"firm.soft_budget": 1, "firm.minimum_service": 1.0, "firm.cost_disadvantage": 0.3, "firm.fee": 0.3}
    owned = {"owners.allowed": 1, "owners.cost_plus": 1, "owners.appointed": 1, "social.service_hours": 5.0}
    owned |= {"owners.letting": 0.05, "owners.turnout_base": 20.0, "start.trust_owners": 1.0}
    owned |= {"social.training": 2.0, "workers.pay": 3.0, "platform.on": 1.0}
    rich = {"firm.fee": 0.8, "household.intercept": 4.0, "case.mediation_base": 20.0, "case.provider_base": -20.0}
    legacy = {"case.legacy": 0.05, "case.department_base": 20.0, "street.old_unit_pays": 1.0}
    rows = table([values("market", "managed", soft), values("self_governance", "committee", owned | rich | legacy)])
    seen = np.zeros(len(Item), np.int64)
    for replicate in range(4):
        s = built(values("self_governance", "committee", {"population.n_estates": 2}), replicate=replicate)
        ends = keep_books(s, rows, np.repeat([0, 1], 48), 0)
        seen += np.sum([end.flow for end in ends], axis=0).sum(axis=1)
    assert [item.name for item in OF_COMMITTEES if seen[item] == 0] == []


# --- anywhere in the ranges ------------------------------------------------------------------------------------

SMALL = {"population.n_households": 40, "population.n_estates": 2}
SAMPLED = [p for p in PARAMETERS.values() if p.range is not None and p.path not in SMALL]


def drawn(parameter: Parameter, u: float) -> float | int:
    """Return the value at a share u of the study range."""
    assert parameter.range is not None
    low, high = parameter.range
    if parameter.integer:
        return int(low + np.floor(u * (high - low + 1)))
    return low + u * (high - low)


def somewhere(key: np.uint64, number: int) -> dict[str, Any]:
    """Return values drawn over all study ranges at once."""
    u = uniforms(key, Draw.PAY, month=number, estate=0, unit=np.arange(len(SAMPLED)))
    found = {p.path: drawn(p, float(x)) for p, x in zip(SAMPLED, u, strict=True)}
    if found["network.kind"] in (1, 2):  # each household makes half of its ties
        found["network.degree"] = 2 * (int(found["network.degree"]) // 2)
    return values("market", "trapped", found | SMALL)


def check_somewhere(replicate: int) -> None:
    """One parameter set from the start, another from month 20 on, in what may change."""
    key = stream_key(20, replicate)
    first, later = somewhere(key, 0), somewhere(key, 1)
    s = built(first, seed=20, replicate=replicate)
    keep_books(s, table([first, later]), np.repeat([0, 1], 20), -8)


@pytest.mark.thorough
@pytest.mark.parametrize("tens", range(4))
def test_the_books_balance_anywhere_in_the_study_ranges(tens):
    for replicate in range(10 * tens, 10 * tens + 10):
        check_somewhere(replicate)


@pytest.mark.slow
def test_the_books_balance_in_ten_thousand_places():
    for replicate in range(1000, 11_000):
        check_somewhere(replicate)


EVERYTHING_ON = {
    "branch.attention": 0.8,
    "branch.member_hours": 4.0,
    "contact.cadre_hours": 20.0,
    "contact.inform": 0.6,
    "contact.press": 0.6,
    "contact.provider_calls": 0.1,
    "contact.vouch": 0.6,
    "custody.fee": 0.3,
    "community.volunteer_hours": 20.0,
    "provider.open_books": 0.5,
    "street.subsidy": 0.05,
}


def ends(parameter: Parameter) -> list[float | int]:
    """Return both ends of what the code accepts."""
    return [int(x) if parameter.integer else float(x) for x in parameter.valid]


@pytest.mark.parametrize("path", PARAMETERS)
def test_both_ends_of_what_is_accepted_are_safe(path):
    for end in ends(PARAMETERS[path]):
        changes: dict[str, Any] = EVERYTHING_ON | SMALL
        if path.startswith("population.n_") and end == 5000:
            changes = changes | {"population.n_households": 3, "population.n_estates": 1}
        changes = changes | {path: end}
        worlds: list[Mapping[str, Any]] = [
            values("market", "healthy", changes),
            values("red_station", "trapped", changes),
            values("market", "trapped", changes),
        ]
        keep_books(built(worlds[0], seed=3), table(worlds), np.repeat([0, 1, 2], 8), -8)


def test_somebody_pays_somewhere():
    """The checks above look at runs in which things happen."""
    found = values("red_station", "trapped", EVERYTHING_ON | SMALL)
    s = built(found)
    out = np.zeros((24, len(Total), 2), np.int64)
    run_months(s, table([found]), np.zeros(24, np.int64), 0, 24, out)
    assert payers(out).sum() > 0
    for total in (Total.CALLED, Total.VISITED, Total.ARREARS_PAID, Total.ARREARS_OLD, Total.N_ASKED):
        assert out[:, total].sum() > 0, total
