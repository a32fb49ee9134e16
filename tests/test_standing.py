"""Places stand where they declare to stand, under the rules of today: a rule that moves them is seen here."""

import pytest
from command import linli

from sim.errors import InputError
from sim.standing import LOOK_AHEAD, TOLERANCE, declared_standing, look_at, shipped_places, solve

__all__ = ["linli"]  # a fixture

FEW = ("population.n_households=60", "time.spinup=36")


@pytest.mark.thorough
@pytest.mark.parametrize("place", shipped_places())
def test_a_shipped_place_stands_as_it_declares(place):
    """Payment, share near it, a firm where one is declared, and no drift in two years without a policy."""
    assert look_at(place).faults() == []


def test_every_shipped_place_that_people_live_in_declares_a_state():
    assert set(shipped_places()) == {"beigangyuan", "committee", "healthy", "liuxi", "managed", "trapped"}


def test_a_place_that_stands_elsewhere_is_told():
    standing = look_at("healthy", replicates=20, set=(*FEW, "household.intercept=-2"))
    assert any("declared 0.820" in fault for fault in standing.faults())
    assert any("not as declared" in line for line in standing.lines())


def test_the_intercept_that_is_solved_for_stands_at_the_declared_rate():
    standing = solve("trapped", replicates=12, set=(*FEW, "household.b_trust=0.5"))
    assert abs(standing.payment - declared_standing("trapped").payment) <= TOLERANCE
    assert standing.intercept != declared_standing("trapped").payment


def test_the_command_tells_how_a_place_stands(linli):
    said = linli("place", "managed", "--set", FEW[0], "--set", FEW[1])
    assert "managed, under market: declared steady, payment rate 0.70" in said.out
    assert f"{LOOK_AHEAD} months later without a policy" in said.out
    said = linli("place", "plain")
    assert said.code == 2
    assert "declares no state; add [standing]" in said.err.replace("\n", " ")


def test_a_place_without_a_declared_state_has_none():
    with pytest.raises(InputError, match="declares no state"):
        declared_standing("plain")
