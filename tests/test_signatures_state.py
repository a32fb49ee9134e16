"""In a state in which only governance changes, no decision on a bill changes but through what is published.

Attention, captured officers, vouching, favours, audit, politics, unpaid labour and pushes are among what changes
here. What they do to payment they do earlier in the month, to a household's own columns.
"""

from typing import Any

import pytest
from estates import built, run, values
from test_signatures import READ_OF_OTHERS

import sim.engine.paying
from agents.rules.arrears import AGREED, CONDEMNED
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.provider import COMMUNITY, FIRM
from agents.rules.provider import ProviderWhole as PN
from sim.parameters import PARAMETERS, Role, table
from sim.parameters.influence_channels import CHANNELS
from sim.state import COLUMNS, FIXED, State, copy_state

SIZE = {"population.n_households": 200, "household.forgotten": 0.2, "household.inattention": 0.15}
BY_BURDEN = {"structure.price_channel": 1}


def after_some_months(more: dict[str, Any] | None = None) -> tuple[State, dict[str, Any]]:
    """Return an estate in which contacts, debts, suits and every belief are in motion, before month 12 is decided."""
    doses = {"contact.cadre_hours": 20.0, "contact.press": 0.4, "contact.vouch": 0.5, "branch.favours": 0.3}
    found = values("red_station", "trapped", SIZE | doses | (more or {}))
    state = built(found)
    run(state, found, 0, 12)
    state.provider_n[PN.SINCE] = 5  # older bills are its predecessor's
    state.household_n[N.CONTACT, ::2] = 1
    state.household_n[N.SUED, ::7] = AGREED
    state.household_n[N.SUED, 1::7] = CONDEMNED
    state.record[:] = 0
    state.flow[:] = 0
    return state, found


def decided(state: State, found: dict[str, Any]) -> tuple[bytes, ...]:
    """Return everything that the decisions on bills and debts leave behind."""
    work = copy_state(state)
    sim.engine.paying.pay(work, table([found]), 0, 12)
    kept = (N.PAID, N.KIND, N.UNPAID, N.DECIDED, N.FORGOTTEN)
    return (*(work.household_n[column].tobytes() for column in kept), work.household[H.BELIEF].tobytes())


def ends(path: str) -> list[float]:
    """Return the ends of a parameter's study range, or of what is valid, or all its choices."""
    parameter = PARAMETERS[path]
    if parameter.choices:
        return list(range(len(parameter.choices)))
    return [int(end) if parameter.integer else end for end in parameter.range or parameter.valid]


def test_no_parameter_but_the_household_s_own_moves_a_decision():
    """Levers and doses move it through what a household knows this month: columns, settled before.

    The exceptions are what a debtor agreed to pay before the court, and what its notice tells.
    """
    state, found = after_some_months()
    before, moved = decided(state, found), set()
    for path in PARAMETERS:
        if not path.startswith(("household.", "structure.")):
            if any(decided(state, found | {path: end}) != before for end in ends(path)):
                moved.add(path)
    assert {path.replace(".", "_") for path in moved} == set(READ_OF_OTHERS)
    assert all(PARAMETERS[path].role is not Role.LEVER for path in moved)


def test_the_channels_of_harm_move_no_decision_but_the_household_s_own():
    """Capture, attention, vouching, favours, audit, politics, labour, pushes act before; irritation is a reason."""
    state, found = after_some_months()
    before = decided(state, found)
    moved = {path for path in CHANNELS if any(decided(state, found | {path: end}) != before for end in ends(path))}
    assert moved == {"household.irritation", "household.passed_on"}


def moved_by_columns(state: State, found: dict[str, Any], matrices: set[str]) -> set[str]:
    """Name the columns of these matrices that decisions depend on: each is changed in all units at once."""
    before, moved = decided(state, found), set()
    for matrix in matrices:
        columns = COLUMNS.get(matrix)
        for row in range(len(getattr(state, matrix))):
            changed = copy_state(state)
            part = getattr(changed, matrix)
            part[row] = part[row] + 1 if part.dtype.kind == "i" else 0.9 - part[row]
            if decided(changed, found) != before:
                moved.add(f"{matrix}.{columns(row).name}" if columns else matrix)
    return moved


OF_PEOPLE = {"household", "household_n"}
READ = {"provider.OPEN_BOOKS", "provider.PUBLISHED", "provider_n.SINCE", "estate_n.ID"}
"""What is published; how long whoever serves has served, hence which bills it can claim; the number of the stream."""


def test_no_column_of_those_who_govern_moves_a_decision_but_what_is_published():
    state, found = after_some_months()
    matrices = set(State._fields) - OF_PEOPLE - set(FIXED) - {"log", "log_n"}
    assert moved_by_columns(state, found, matrices) == READ
    for kind in (COMMUNITY, FIRM):
        changed = copy_state(state)
        changed.provider_n[PN.KIND] = kind
        changed.provider_n[PN.SUPPORT] += 10_000
        assert decided(changed, found) == decided(state, found)


@pytest.mark.parametrize("column", [PN.RATE, PN.FLAT, PN.CONTRIBUTION], ids=lambda column: column.name)
def test_the_bill_moves_a_decision_where_the_price_is_felt_as_a_burden(column):
    """Where it is felt through what it lets one expect, what is expected has moved before."""
    for channel, moves in ((BY_BURDEN, True), ({}, False)):
        state, found = after_some_months(channel)
        dearer = copy_state(state)
        dearer.provider_n[column] += 30 if column is not PN.FLAT else 3_000
        assert (decided(dearer, found) != decided(state, found)) == moves


NOT_OF_PAYMENT = {
    N.CARED, N.DIGITAL, N.ELDERLY, N.MEMBER, N.VOUCHER, N.VULNERABLE,
}  # fmt: skip
"""Membership, who vouched, who is cared for: known of a household, read by no decision on a bill."""


def test_who_is_a_member_or_was_vouched_to_decides_alike():
    state, found = after_some_months()
    moved = moved_by_columns(state, found, {"household_n"})
    assert moved & {f"household_n.{column.name}" for column in NOT_OF_PAYMENT} == set()
    assert {"household_n.CONTACT", "household_n.UNPAID", "household_n.SUED"} <= moved
