"""What a lever is paid with: every lever says it, and more of it is booked when the lever is raised."""

from collections.abc import Callable, Mapping
from operator import gt

import numpy as np
import pytest
from estates import built, run, values
from test_influence import AMONG, BUSY, OWNERS_VOTE, SETTINGS, SWITCHES

from agents.rules.money import Sector
from sim.parameters import PARAMETERS, Role
from sim.parameters.paid_with import PAID_WITH, Paid
from sim.state import State, copy_state
from sim.totals import Total

MONTHS = 18
AT_ONCE = (Paid.CADRES, Paid.UNPAID, Paid.PUBLIC)
"""What is booked in the month itself in which a lever is raised, before anything follows from it."""
PUBLIC = [Sector.STREET, Sector.DISTRICT]
OTHERS = [Sector.RESIDENT_INSTITUTIONS, Sector.FINANCIERS, Sector.PROPERTY_RIGHT_UNIT]
MEASURES: Mapping[Paid, Callable[[np.ndarray, np.ndarray], tuple[float, ...]]] = {
    Paid.CADRES: lambda totals, cash: (totals[Total.CADRE_HOURS].sum(),),
    Paid.UNPAID: lambda totals, cash: (totals[Total.VOLUNTEER_HOURS].sum(),),
    Paid.PUBLIC: lambda totals, cash: (totals[Total.PUBLIC_MONEY].sum(), -cash[PUBLIC].sum()),
    Paid.HOUSEHOLDS: lambda totals, cash: (totals[Total.BILLED].sum(), -cash[[Sector.HOUSEHOLDS, Sector.OWNERS]].sum()),
    Paid.SERVER: lambda totals, cash: (
        totals[Total.SPENT].sum(), -totals[Total.DELIVERED].sum(), -cash[[Sector.PROVIDER, Sector.INSIDERS]].sum(),
    ),
    Paid.OTHERS: lambda totals, cash: (-cash[OTHERS].sum(),),
}  # fmt: skip
"""What is booked in some months, each more where more is paid: from totals (total, estate), summed over them, and the
change of cash (sector, estate)."""
BESIDE = {
    **AMONG,
    "renovation.canvass": {"renovation.on": 1},
    "funding.fund_use": {"funding.fund_rate": 0.2},
    "workers.exchange": {"workers.training": 2.0},
    "branch.instructor": {"branch.attention": 0.5},
    "owners.recruited": {"branch.attention": 0.5, "owners.allowed": 1},
    "branch.attention": {"branch.member_hours": 3.0},
    "party.branch_attention": {"branch.member_hours": 3.0, "party.branch_hours": 3.0},
    "party.group_attention": {"party.group_hours": 3.0},
    "party.branch_hours": {"party.branch_attention": 0.5},
    "party.group_hours": {"party.group_attention": 0.5},
    "owners.organised": {"owners.allowed": 1, "funding.fund_rate": 0.1},
    "platform.disclosure": {"platform.on": 1},
    "firm.fee_rise": {**OWNERS_VOTE, "firm.fee": 0.3, "firm.loss_base": 1.0, "owners.change_cost": 2.0},
    "funding.surcharge": {"funding.advance": 0.5, "funding.pledge": 1.0, "provider.common_income": 0.1},
    "funding.pledge": {"funding.advance": 5.0, "provider.common_income": 0.1},
    "custody.roster": {"custody.flat_fee": 0.0, "custody.grant": 0.02},
    "station.roster": {"station.fee": 0.05},
    "firm.minimum_service": {"firm.fee": 0.3},
    "social.training": {"social.service_hours": 5.0},
}
"""Levers that only scale another one: what is on in both runs."""


LATER = ("core.council", "core.supervisors")
"""Seats are filled at the end of a month, and meetings follow."""


def booked(state: State, month: int, found: Mapping[str, float], path: str) -> tuple[float, ...]:
    """Return what is booked from a month on, under these values: in it alone, or in MONTHS months."""
    how = PAID_WITH[path]
    months = 1 if how in AT_ONCE and path not in LATER else MONTHS
    state = copy_state(state)
    before = state.cash.copy()
    totals = run(state, dict(found), month, month + months).sum(axis=0)
    return MEASURES[how](totals, state.cash - before)


@pytest.fixture(scope="module")
def starts() -> list[tuple[State, int, dict[str, float]]]:
    """Return the settings in which levers are tried, with the months in which they come on."""
    made = []
    for form, place, more in SETTINGS.values():
        base = values(form, place, BUSY | more)
        state, month = built(base, seed=3), 0
        for switch in SWITCHES:
            run(state, base, month, switch)
            month = switch
            made.append((copy_state(state), month, base))
    return made


def test_every_lever_says_what_it_is_paid_with():
    levers = {parameter.path for parameter in PARAMETERS.values() if parameter.role is Role.LEVER}
    assert set(PAID_WITH) == levers


@pytest.mark.thorough
def test_what_a_lever_is_paid_with_is_booked(starts):
    """In some setting its high end books more than its low end, in the same month and on the same luck.

    Money of households, of who serves and of others takes longer to flow: there MONTHS months are looked at.
    """
    silent = []
    for path, how in PAID_WITH.items():
        if how not in MEASURES:
            continue
        low, high = PARAMETERS[path].range
        for state, month, base in starts:
            without = base | BESIDE.get(path, {})
            more, less = (booked(state, month, without | {path: value}, path) for value in (high, low))
            if any(map(gt, more, less)):
                break
        else:
            silent.append((path, str(how)))
    print(silent)
    assert silent == []
