"""Trust among neighbours against DeGroot (1974), Friedkin and Johnsen (1990) and Deffuant et al. (2000).

The shipped month with every other influence on trust switched off: what is left of a month is x' = W x, with
the ties, their weights and directions set by the test.
"""

import numpy as np
import pytest
from estates import built, run, values

from agents.rules.household import HouseholdReal as H
from sim.network import from_edges
from sim.state import State

WEIGHTS = np.array([[1 / 3, 1 / 3, 1 / 3], [1 / 2, 1 / 2, 0], [0, 1 / 4, 3 / 4]])
"""W[i, j]: how much i listens to j."""

ALONE = {"trust.pull": 1.0, "trust.confidence": 10.0, "trust.rise": 0.0}
"""The neighbours' pull alone: no evidence, nobody too far off to be heard."""


def society(weights: np.ndarray, trust: list[float], changes: dict[str, float]) -> tuple[State, dict[str, float]]:
    """Return a state of households who listen to each other as `weights` says, and the values to run it with."""
    n = len(weights)
    edges = [(int(i), int(j)) for i, j in np.argwhere(weights)]
    ties = from_edges(n, edges, [float(weights[edge]) for edge in edges], directed=True)
    found = values("m0", changes={"population.n_households": n, **ALONE, **changes})
    state = built(found, ties=ties)
    state.household[H.TRUST_PROVIDER] = trust
    return state, found


def test_trust_follows_degroot_month_by_month_to_its_consensus():
    # pi = (3, 4, 4) / 11: the consensus of (1, 0, 1/2) is (3 + 2) / 11
    state, found = society(WEIGHTS, [1.0, 0.0, 0.5], {})
    expected = np.array([1.0, 0.0, 0.5])
    for month in range(60):
        run(state, found, month, month + 1)
        expected = WEIGHTS @ expected
        assert state.household[H.TRUST_PROVIDER] == pytest.approx(expected, abs=1e-14)
    assert state.household[H.TRUST_PROVIDER] == pytest.approx([0.454545454545] * 3, abs=1e-12)


def test_only_the_proportions_of_the_weights_count():
    state, found = society(WEIGHTS, [1.0, 0.0, 0.5], {})
    other, _ = society(7.0 * WEIGHTS, [1.0, 0.0, 0.5], {})
    run(state, found, 0, 5)
    run(other, found, 0, 5)
    assert other.household[H.TRUST_PROVIDER] == pytest.approx(state.household[H.TRUST_PROVIDER], abs=1e-14)


def test_the_direction_of_a_tie_counts():
    """Household 1 hears 0 and 0 hears nobody: trust flows one way only."""
    state, found = society(np.array([[0.0, 0.0], [1.0, 0.0]]), [0.9, 0.1], {})
    run(state, found, 0, 1)
    assert state.household[H.TRUST_PROVIDER].tolist() == [0.9, 0.9]


def test_a_partial_pull_goes_part_of_the_way():
    state, found = society(WEIGHTS, [1.0, 0.0, 0.5], {"trust.pull": 0.25})
    run(state, found, 0, 1)
    # 1 + (1/2 - 1)/4, 0 + (1/2 - 0)/4, 1/2 + (3/8 - 1/2)/4
    assert state.household[H.TRUST_PROVIDER] == pytest.approx([0.875, 0.125, 0.46875], abs=1e-15)


def test_evidence_and_neighbours_together_settle_where_friedkin_and_johnsen_say():
    """Half own evidence e = (1, 0, 1/2), half W x: x* = (0.739130434783, 0.246376811594, 0.449275362319).

    A month first moves trust halfway to the evidence, y = (x + e) / 2, then to x = W y; so y is their fixed point.
    """
    evidence = np.array([1.0, 0.0, 0.5])
    fixed = {
        "trust.rise": 0.5,
        "trust.asymmetry": 1.0,
        "trust.from_quality": 1.0,
        "household.quality_speed": 0.0,
        "household.reference_speed": 0.0,
    }
    state, found = society(WEIGHTS, [0.5, 0.5, 0.5], fixed)
    state.household[H.REFERENCE] = 0.5
    state.household[H.QUALITY] = evidence  # read as 1/2 + (quality - reference)
    run(state, found, 0, 80)
    settled = 0.5 * (state.household[H.TRUST_PROVIDER] + evidence)
    assert settled == pytest.approx([0.739130434783, 0.246376811594, 0.449275362319], abs=1e-12)


def test_those_too_far_off_are_not_heard():
    """Deffuant et al.: with a bound of 0.3 the two camps 0.1, 0.2 and 0.8, 0.9 never meet; with 1 they do."""
    everybody = np.ones((4, 4))
    camps, found = society(everybody, [0.1, 0.2, 0.8, 0.9], {"trust.confidence": 0.3})
    run(camps, found, 0, 40)
    assert camps.household[H.TRUST_PROVIDER] == pytest.approx([0.15, 0.15, 0.85, 0.85], abs=1e-14)
    one, found = society(everybody, [0.1, 0.2, 0.8, 0.9], {"trust.confidence": 1.0})
    run(one, found, 0, 40)
    assert one.household[H.TRUST_PROVIDER] == pytest.approx([0.5] * 4, abs=1e-14)


def test_all_listen_before_anybody_changes_their_mind():
    """Two who hear each other only swap opinions for ever; in turn they would agree at once."""
    state, found = society(np.array([[0.0, 1.0], [1.0, 0.0]]), [1.0, 0.0], {})
    run(state, found, 0, 7)
    assert state.household[H.TRUST_PROVIDER].tolist() == [0.0, 1.0]
