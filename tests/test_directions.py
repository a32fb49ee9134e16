"""Directions that must hold with the opposing loop switched off: on the same draws, household by household.

Where all feedback points one way, more of a cause cannot make a single household-month worse (an attractive
system on common random numbers). With the opposing loop on, the sign is a result and no requirement.
"""

from typing import Any

import numpy as np
import pytest
from estates import built, run, values

from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from sim.totals import Total

MONTHS = 36
ONE_WAY = {
    "contact.provider_calls": 0.0,  # who does not pay is called on
    "household.absorbed": 0.0,  # who is served well expects more
    "station.loss_base": 0.2,  # who has given up sends no bills, and the last ones would be compared
    "population.n_households": 120,
}


def months(form: str, changes: dict[str, Any]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return who paid, (month, household), money served with, and service, (month,)."""
    found = values(form, "trapped", ONE_WAY | changes)
    state = built(found)
    paid, totals = [], []
    for month in range(MONTHS):
        totals.append(run(state, found, month, month + 1)[0, :, 0])
        paid.append(state.household_n[N.PAID].copy())
    assert (state.household[H.SUASION] == 0.0).all()
    counted = np.array(totals)
    return np.array(paid), counted[:, Total.SPENT], counted[:, Total.SERVICE]


def never_less(more: np.ndarray, less: np.ndarray) -> bool:
    """Say whether every number is as large or larger, and some are."""
    return bool((more >= less).all() and more.sum() > less.sum())


@pytest.mark.parametrize("form", ["custody", "red_station"])
def test_a_dearer_bill_makes_nobody_pay_where_quality_does_not_count(form):
    blind = {
        "structure.price_channel": 1,  # a price is felt as a burden
        "household.b_quality": 0.0,
        "household.b_trust": 0.0,
        "household.b_grievance": 0.0,
        "contact.cadre_hours": 0.0,
        "branch.member_hours": 0.0,
    }
    cheap, dear = (months(form, blind | {"custody.flat_fee": fee, "station.flat_fee": fee}) for fee in (5.0, 40.0))
    assert never_less(cheap[0], dear[0])


@pytest.mark.parametrize("skill", [0.7, 1.0])
def test_more_skill_makes_nobody_stop_paying(skill):
    form = {"contact.cadre_hours": 0.0, "branch.member_hours": 0.0}
    less, more = (months("red_station", form | {"station.skill": s}) for s in (skill, skill + 0.2))
    assert never_less(more[0], less[0])
    assert never_less(more[2], less[2])


def test_a_subsidy_takes_no_service_away_where_nobody_counts_on_it():
    free = {"household.b_bailout": 0.0}
    none, some = (months("custody", free | {"street.subsidy": subsidy}) for subsidy in (0.0, 0.05))
    assert never_less(some[0], none[0])
    assert never_less(some[1], none[1])
    assert never_less(some[2], none[2])


def test_a_belief_in_being_bailed_out_can_turn_that_round():
    """The opposing loop is there: counted on, the same subsidy makes some stop paying."""
    believed = {"household.b_bailout": 1.5, "household.bailout_rise": 0.15, "household.b_quality": 0.0}
    none, some = (months("custody", believed | {"street.subsidy": subsidy}) for subsidy in (0.0, 0.05))
    assert some[0].sum() < none[0].sum()


def test_more_payers_at_the_start_are_never_fewer_later():
    """Habit, belief and service all reward a good start."""
    few, many = (months("custody", {"start.paid": share}) for share in (0.3, 0.6))
    assert never_less(many[0], few[0])
    assert never_less(many[2], few[2])
