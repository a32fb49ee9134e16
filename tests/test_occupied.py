"""Nobody lives in an empty dwelling: troubles, complaints and grievance are proportional to occupied dwellings."""

import numpy as np
import pytest
from estates import Z, built, run, values

from agents.rules.household import VACANT
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from sim.totals import Total

HOUSEHOLDS, MONTHS = 4000, 3
TROUBLE = {
    "case.neighbour": 0.1, "case.structure": 0.05, "start.grievance": 0.4, "network.kind": 3, "network.degree": 0,
}  # fmt: skip
"""Much happens, of kinds that no service prevents."""


def lived_through(vacant: float) -> tuple[int, np.ndarray, np.ndarray, np.ndarray]:
    """Return occupied dwellings, what was counted over three months, and grievance before and after them."""
    found = values("custody", "trapped", TROUBLE | {
        "population.n_households": HOUSEHOLDS, "population.share_vacant": vacant, "population.share_let": 0.0,
        "case.account": 0.0, "case.facility": 0.0, "case.service": 0.0, "case.common": 0.0,
    })  # fmt: skip
    state = built(found, n_cases=4 * HOUSEHOLDS)
    before = state.household[H.GRIEVANCE].copy()
    totals = run(state, found, 0, MONTHS)[:, :, 0].sum(axis=0)
    occupied = state.household_n[N.TENURE] != VACANT
    assert (before[~occupied] == 0.0).all()
    assert (state.household[H.GRIEVANCE][~occupied] == 0.0).all()
    return int(occupied.sum()), totals, before, state.household[H.GRIEVANCE].copy()


@pytest.mark.parametrize("vacant", [0.25, 0.5, 0.75])
def test_troubles_complaints_and_grievance_are_proportional_to_occupied_dwellings(vacant):
    everybody, full, start, end = lived_through(0.0)
    occupied, totals, start_here, end_here = lived_through(vacant)
    assert everybody == HOUSEHOLDS
    assert occupied / everybody == pytest.approx(1.0 - vacant, abs=0.03)
    for total in (Total.ARISEN, Total.OPENED, Total.LUMPED):
        rates = totals[total] / occupied, full[total] / everybody
        assert full[total] > 100
        assert rates[0] == pytest.approx(rates[1], abs=Z * np.sqrt(rates[1] * (1.0 / occupied + 1.0 / everybody)))
    assert start_here.sum() / occupied == pytest.approx(start.mean(), rel=1e-12)
    half = Z * end.std() * np.sqrt(1.0 / occupied + 1.0 / everybody)
    assert end_here.sum() / occupied == pytest.approx(end.mean(), abs=half)


def test_where_all_dwellings_are_empty_nothing_happens_to_anybody():
    occupied, totals, start, end = lived_through(1.0)
    assert occupied == 0
    for total in (Total.ARISEN, Total.OPENED, Total.LUMPED, Total.ESCALATED, Total.PETITIONS):
        assert totals[total] == 0
    assert start.sum() == end.sum() == 0.0
