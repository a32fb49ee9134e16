"""What must not matter: other estates, storage order, where a run is cut, other draws, the currency."""

from itertools import product

import numpy as np
import pytest
from estates import built, differences, run, values

from agents.rules.case import CaseWhole
from agents.rules.estate import EstateWhole as E
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.money import Sector
from sim.draws import Draw, uniforms
from sim.parameters import PARAMETERS
from sim.runs import simulate
from sim.scenarios import resolve
from sim.state import State, copy_state
from sim.totals import Total

BUSY = {
    "population.n_households": 40,
    "population.n_estates": 2,
    "contact.cadre_hours": 20.0,
    "contact.inform": 0.5,
    "contact.press": 0.3,
    "contact.vouch": 0.5,
    "street.subsidy": 0.03,
}
"""Small estates in which every mechanism is at work."""

MONTHS = 24

# --- other estates, other households ---------------------------------------------------------------------------


def first_estates(s: State, n: int) -> dict[str, np.ndarray]:
    """Return the parts of a state that belong to its first n estates."""
    households = int(s.first[n])
    n_firms = s.firm.shape[1] // s.estate_n.shape[1] * n
    width = {"household": households, "household_n": households, "firm": n_firms, "firm_n": n_firms}
    shared = ("key", "first", "tie_start", "tie", "tie_weight")
    return {name: part[..., : width.get(name, n)] for name, part in s._asdict().items() if name not in shared}


@pytest.mark.parametrize("form", ["market", "red_station"])
def test_another_estate_changes_nothing_for_the_others(form):
    two, three = (values(form, "trapped", BUSY | {"population.n_estates": n}) for n in (2, 3))
    small, large = built(two), built(three)
    run(small, two, -2, MONTHS)
    run(large, three, -2, MONTHS)
    ours, theirs = first_estates(small, 2), first_estates(large, 2)
    apart = [name for name in ours if ours[name].tobytes() != theirs[name].tobytes()]
    assert apart == ["street", "street_n", "life"]  # those above, and the table of ends, count all estates together
    assert not np.array_equal(small.record[:, 0], small.record[:, 1])  # estates are no copies of each other


DRAWN = {
    "household": (H.INCOME, H.INTERCEPT, H.TASTE, H.TRUST_PROVIDER, H.BAILOUT),
    "household_n": (
        N.ID, N.ESTATE, N.AREA, N.PAYER_TYPE, N.TENURE, N.MEMBER, N.ELDERLY, N.INCOME_THIRD, N.VULNERABLE,
        N.DIGITAL, N.STAIR, N.BUILDING, N.PAID,
    ),
}  # fmt: skip
"""What a household is and starts with."""


def test_one_household_more_leaves_the_others_as_they_are():
    """Their attributes, their ties on the stair, and their draws; what the estate shares may change."""
    few, many = (values("market", "trapped", {"population.n_households": n}) for n in (100, 101))
    small, large = built(few), built(many)
    for matrix, columns in DRAWN.items():
        for column in columns:
            assert np.array_equal(getattr(small, matrix)[column], getattr(large, matrix)[column, :100]), column
    assert np.array_equal(small.firm, large.firm)
    for j in range(100):
        ties = [s.tie[s.tie_start[j] : s.tie_start[j + 1]] for s in (small, large)]
        on_stair = [
            set(t[s.household_n[N.STAIR, t] == j // 12].tolist()) - {100}
            for s, t in zip((small, large), ties, strict=True)
        ]
        assert on_stair[0] == on_stair[1]
    run(small, few, 0, 3)
    run(large, many, 0, 3)
    for column in (H.CHANCE_PAY, H.CHANCE_CALL):
        assert np.array_equal(small.household[column], large.household[column, :100])


# --- the order in which households are stored --------------------------------------------------------------------


def stored_as(s: State, order: np.ndarray) -> State:
    """Return the state with household `order[r]` stored in row r; estates stay where they are."""
    row = np.empty_like(order)
    row[order] = np.arange(len(order))
    degree = np.diff(s.tie_start)[order]
    start = np.concatenate([[0], np.cumsum(degree)])
    target = np.concatenate([s.tie[s.tie_start[j] : s.tie_start[j + 1]] for j in order] or [s.tie])
    case_n = s.case_n.copy()
    used = case_n[CaseWhole.ID] > 0
    case_n[CaseWhole.HOUSEHOLD, used] = row[case_n[CaseWhole.HOUSEHOLD, used]]
    return copy_state(s)._replace(
        case_n=case_n,
        household=np.ascontiguousarray(s.household[:, order]),
        household_n=np.ascontiguousarray(s.household_n[:, order]),
        tie_start=start.astype(np.int64),
        tie=row[target].astype(np.int32),
    )


def shuffled(s: State) -> np.ndarray:
    """Return an order of households, mixed within each estate."""
    chance = uniforms(s.key[0], Draw.ORDER, month=999, estate=s.household_n[N.ESTATE], unit=s.household_n[N.ID])
    return np.lexsort((chance, s.household_n[N.ESTATE]))


@pytest.mark.parametrize(
    ("timing", "learning", "network"), [*product((0, 1), (0, 1), (0,)), (0, 0, 4), (1, 0, 4), (0, 0, 1)]
)
def test_the_order_in_which_households_are_stored_does_not_matter(timing, learning, network):
    structure = {"structure.timing": timing, "structure.learning": learning, "network.kind": network}
    found = values("red_station", "trapped", BUSY | structure)
    plain = built(found)
    order = shuffled(plain)
    assert not np.array_equal(order, np.arange(len(order)))
    mixed = stored_as(plain, order)
    run(plain, found, -2, MONTHS)
    run(mixed, found, -2, MONTHS)
    again = stored_as(plain, order)
    assert differences(mixed, again) == []


# --- where a run is cut, and what else draws -----------------------------------------------------------------------


@pytest.mark.parametrize("cut", [-3, 1, 11])
def test_a_run_cut_in_two_is_the_run(cut):
    found = values("market", "trapped", BUSY)
    whole, parts = built(found), built(found)
    expected = run(whole, found, -4, MONTHS)
    totals = np.concatenate([run(parts, found, -4, cut), run(copy_state(parts), found, cut, MONTHS)])
    assert np.array_equal(totals, expected)


def test_a_draw_for_another_purpose_changes_nothing():
    found = values("red_station", "trapped", BUSY)
    quiet, asked = built(found), built(found)
    for month in range(MONTHS):
        run(quiet, found, month, month + 1)
        uniforms(asked.key[0], Draw.SUIT, month=month, estate=0, unit=np.arange(40))
        run(asked, found, month, month + 1)
    assert differences(quiet, asked) == []


def test_a_replicate_does_not_depend_on_the_others_or_on_threads():
    world = resolve("market", place="trapped", months=24)
    together = simulate([world], replicates=range(6), seed=9, threads=2)[0].totals
    for replicate in (0, 4):
        alone = simulate([world], replicates=[replicate], seed=9, threads=1)[0].totals
        assert np.array_equal(alone[0], together[replicate])
    assert not np.array_equal(together[0], together[4])


# --- who is next to whom, where nobody looks -------------------------------------------------------------------------


def test_without_interaction_the_network_does_not_matter():
    apart = {"household.b_social": 0.0, "trust.pull": 0.0}
    kept = [total for total in Total if total != Total.BELIEF]
    totals = []
    for network in (0, 3):
        found = values("red_station", "trapped", BUSY | apart | {"network.kind": network})
        totals.append(run(built(found), found, 0, MONTHS)[:, kept])
    assert np.array_equal(*totals)
    with_them = values("red_station", "trapped", BUSY | {"network.kind": 3})
    assert not np.array_equal(totals[1], run(built(with_them), with_them, 0, MONTHS)[:, kept])


# --- the currency ----------------------------------------------------------------------------------------------------

MONEY = [path for path, parameter in PARAMETERS.items() if parameter.unit.startswith("yuan")]


@pytest.mark.parametrize(("form", "place"), [("market", "healthy"), ("market", "trapped"), ("red_station", "trapped")])
def test_ten_times_the_money_everywhere_changes_no_decision(form, place):
    """Fees, wages, costs, incomes, grants and the prices compared with, all whole fen: only amounts grow."""
    assert {"firm.fee", "population.income_median", "provider.wage", "household.price_floor"} <= set(MONEY)
    yuan = values(form, place, BUSY)
    dime = yuan | {path: 10 * yuan[path] for path in MONEY}
    one, ten = built(yuan), built(dime)
    ours, theirs = run(one, yuan, -12, 60), run(ten, dime, -12, 60)
    assert np.array_equal(one.household_n, ten.household_n)
    fen = [total for total in Total if total.unit == "fen"]
    others = [total for total in Total if total.unit != "fen"]
    for total in others:
        # rounding to whole fen comes after ten times as much: a millionth may differ
        assert np.abs(ours[:, total] - theirs[:, total]).max() <= (40 * 50 if "millionth" in total.unit else 0), total
    rounded = (
        Total.SPENT, Total.PROVIDER_CASH, Total.PUBLIC_MONEY, Total.STANDARD_COST, Total.INCOME_LOW, Total.CADRE_COST,
        Total.VOLUNTEER_COST,
    )  # fmt: skip
    exact = [t for t in fen if t not in rounded]
    assert np.array_equal(10 * ours[:, exact], theirs[:, exact])
    assert np.abs(10 * ours[:, fen] - theirs[:, fen]).max() <= 10 * 72 * 3  # half a fen an item and month, tenfold
    debts = [E.DEBT_YOUNG, E.DEBT_MIDDLE, E.DEBT_OLD, E.DEBT_LAPSED]
    assert np.array_equal(10 * one.estate_n[debts], ten.estate_n[debts])
    assert ten.cash[Sector.HOUSEHOLDS].tolist() == (10 * one.cash[Sector.HOUSEHOLDS]).tolist()
    apart = np.delete(np.arange(len(H)), [H.INCOME])
    assert ten.household[apart] == pytest.approx(one.household[apart], abs=1e-4)
