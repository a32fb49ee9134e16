"""Responsiveness: who is answered, or helped to complain, complains more, and more is really settled.

With the loops against it switched off this must hold; with them on it is a result, shown for one committed set of
values. Runs are compared replicate by replicate, on the same households, history and luck.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from estates import Z

from sim.parameters import PARAMETERS, Role
from sim.results import Interval
from sim.runs import simulate
from sim.scenarios import resolve
from sim.state import ENDS, HORIZONS
from sim.survival import incidence
from sim.totals import Total

ONE_WAY = {
    "case.drain": 0.0,  # cases tie up no staff
    "case.trust_effect": 0.0,  # a case moves no trust
    "household.b_grievance": 0.0,  # grievance and trust move no payment
    "household.b_trust": 0.0,
    "case.patience": 2.0,
}
REPLICATES = 40


def sums(form: str, place: str, changes: Mapping[str, Any]) -> np.ndarray:
    """Return what five years count in each replicate, (replicate, total)."""
    settings = [f"{path}={value}" for path, value in (ONE_WAY | dict(changes)).items()]
    world = resolve(form, place=place, months=60, set=settings)
    batch = simulate([world], replicates=range(REPLICATES), seed=8, threads=1)[0]
    return np.asarray(batch.totals[:, batch.first :, :, 0].sum(axis=1))


def raised(more: np.ndarray, less: np.ndarray, total: Total) -> bool:
    """Say whether a sum is higher by more than chance explains, replicate by replicate."""
    difference = (more - less)[:, total]
    return bool(difference.mean() > Z * difference.std(ddof=1) / np.sqrt(len(difference)) > 0.0)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("form", "place", "less", "more"),
    [
        ("custody", "trapped", {"desk.provider_hours": 3.0}, {"desk.provider_hours": 12.0}),
        ("market", "managed", {"desk.provider_hours": 3.0}, {"desk.provider_hours": 12.0}),
        ("market", "managed", {"desk.repair_share": 0.08}, {"desk.repair_share": 0.25}),
    ],
)
def test_a_desk_that_answers_brings_more_cases_and_settles_more(form, place, less, more):
    some, many = sums(form, place, less), sums(form, place, more)
    assert raised(many, some, Total.RESOLVED)
    assert raised(many, some, Total.OPENED)
    assert raised(some, many, Total.LUMPED)  # what was kept quiet is now said


@pytest.mark.thorough
def test_without_belief_in_complaining_nobody_complains_more():
    """The loop is belief: where it weighs nothing, more hours settle more and open nothing."""
    deaf = {"case.speak_voice": 0.0, "firm.suits": 0.0}  # or cases would keep suits waiting at the court
    some, many = (sums("market", "managed", deaf | {"desk.provider_hours": hours}) for hours in (3.0, 12.0))
    assert raised(many, some, Total.RESOLVED)
    assert np.array_equal(many[:, Total.ARISEN], some[:, Total.ARISEN])
    assert np.array_equal(many[:, Total.OPENED], some[:, Total.OPENED])
    assert not np.array_equal(many[:, Total.VOICE], some[:, Total.VOICE])


@pytest.mark.thorough
def test_skilled_mediators_raise_the_incidence_of_real_resolution_at_every_month():
    """Of what arises, the share really settled within each month; belief in complaining counts for nothing here."""
    deaf = {"case.speak_voice": 0.0, "case.escalate_voice": 0.0}
    curves = []
    for skill in (0.3, 0.9):
        settings = [f"{path}={value}" for path, value in (ONE_WAY | deaf | {"committee.skill": skill}).items()]
        world = resolve("market", place="managed", months=60, set=settings)
        ends = simulate([world], replicates=range(REPLICATES), seed=8, threads=1)[0].ends  # (run, end or open, age)
        curves.append(np.array([incidence(run[:-1], run[-1])[ENDS.index("resolved"), :24] for run in ends]))
    difference = curves[1] - curves[0]
    slack = Z * difference.std(axis=0, ddof=1) / np.sqrt(REPLICATES)
    assert (difference.mean(axis=0) > slack).all()


# --- help to complain ---------------------------------------------------------------------------------------------

RIGHTS = {"social.rights_hours": 10.0}
"""A rights-defending organisation at full dose: somebody who helps to complain, and presses whoever serves."""


def more_of(more: np.ndarray, less: np.ndarray, total: Total) -> Interval:
    return Interval((more - less)[:, total].astype(float))


@pytest.mark.parametrize(("form", "place"), [("custody", "trapped"), ("market", "managed")])
def test_a_rights_defending_organisation_raises_cases_opened_and_real_resolution(form, place):
    """More is said, more is settled, on the same faults of the same households; what is kept quiet becomes less."""
    without, helped = (sums(form, place, changes) for changes in ({}, RIGHTS))
    assert np.array_equal(helped[:, Total.ARISEN], without[:, Total.ARISEN])
    assert more_of(helped, without, Total.OPENED).low > 0.0
    assert more_of(helped, without, Total.RESOLVED).low > 0.0
    for total in (Total.OPENED, Total.RESOLVED, Total.RESOLVED_1, Total.RESOLVED_1 + 6):  # and at the stricter size
        assert raised(helped, without, total)
    assert raised(without, helped, Total.LUMPED)


@pytest.mark.thorough
def test_it_raises_both_with_the_opposing_loops_on():
    """The committed values: every default, a managed estate and its market firm."""
    worlds = [
        resolve("market", place="managed", months=60, set=[f"{path}={x}" for path, x in changes.items()])
        for changes in ({}, RIGHTS)
    ]
    without, helped = (
        np.asarray(batch.totals[:, batch.first :, :, 0].sum(axis=1))
        for batch in simulate(worlds, replicates=range(REPLICATES), seed=8, threads=1)
    )
    assert raised(helped, without, Total.OPENED)
    assert raised(helped, without, Total.RESOLVED)
    assert (without[:, Total.ARISEN] != helped[:, Total.ARISEN]).any()  # the loops are on


def test_where_every_desk_only_closes_on_paper_help_to_complain_settles_nothing():
    """More cases are opened, and more are closed on paper; none counts as resolved."""
    bases = {f"case.{d}_base": -20.0 for d in ("provider", "mediation", "street", "department", "court", "petition")}
    paper = bases | {"case.paper_base": 1.0, "desk.verification": 0.0}
    without, helped = (sums("custody", "trapped", paper | changes) for changes in ({}, RIGHTS))
    assert raised(helped, without, Total.OPENED)
    assert raised(helped, without, Total.CLOSED_ON_PAPER)
    for total in (Total.RESOLVED, Total.JUDGED, *(Total.RESOLVED_1 + 2 * k for k in range(len(HORIZONS)))):
        assert not helped[:, total].any(), total


def test_what_is_switched_off_here_can_be_switched_off():
    for path in ONE_WAY:
        assert PARAMETERS[path].role is Role.UNCERTAINTY
