"""The order in which agents are kept and called changes no bit: order is drawn where it matters."""

from itertools import product

import numpy as np
import pytest
from random_worlds import random_world

from sim.dock import first_difference
from sim.draws import Draw, uniforms
from sim.model import GovernanceModel

SETTINGS = ["population.n_households=30", "population.n_estates=2", "time.spinup=4", "contact.cadre_hours=20"]


def mix(model: GovernanceModel, round_: int) -> None:
    """Put estates, households and bidders into another order."""

    def mixed(agents: list) -> list:
        numbers = np.arange(len(agents))
        chances = uniforms(model.state.key[0], Draw.PAY, month=900 + round_, estate=len(agents), unit=numbers)
        return [agents[place] for place in np.argsort(chances)]

    for estate in model.estates:
        estate.households = mixed(estate.households)
        estate.bidders = mixed(estate.bidders)
    model.households = mixed(model.households)
    model.estates = mixed(model.estates)


def assert_order_does_not_matter(world, n_steps, **options):
    plain, shuffled = (GovernanceModel(world, spinup="agents", rng=3, **options) for _ in range(2))
    stored = list(plain.households)
    for month in range(n_steps):
        mix(shuffled, month)
        plain.step()
        shuffled.step()
        assert first_difference(shuffled.state, plain.state, month) is None
    assert plain.households == stored
    assert [each.id for each in shuffled.households] != [each.id for each in plain.households]


@pytest.mark.parametrize(("timing", "learning"), [*product(("synchronous", "asynchronous"), ("imitation", "payoff"))])
@pytest.mark.parametrize("form", ["market", "red_station"])
def test_order_of_agents(form, timing, learning):
    structure = [f"structure.timing={timing}", f"structure.learning={learning}"]
    assert_order_does_not_matter(form, 18, months=14, set=SETTINGS + structure)


@pytest.mark.parametrize("number", range(8))
def test_order_of_agents_in_random_worlds(number):
    assert_order_does_not_matter(random_world(number), 30)


def test_asynchronous_decisions_follow_the_draw_and_not_the_list():
    """Otherwise the tests above could pass because nobody looks at anybody."""
    model = GovernanceModel("market", months=2, set=[*SETTINGS, "structure.timing=asynchronous"])
    estate = model.estates[0]
    turn = [household.id for household in estate.households_in_turn(True)]
    assert sorted(turn) == [household.id for household in estate.households]
    assert turn != sorted(turn)
    mix(model, 0)
    assert [household.id for household in model.estates[0].households_in_turn(True)] != sorted(turn)
    assert [household.id for household in estate.households_in_turn(True)] == turn
