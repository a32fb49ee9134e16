"""The places that the seed article names: what it says is marked, and its programme runs there against its base."""

import pytest
from command import linli

from sim.scenarios import resolve
from sim.scenarios.catalog import load

__all__ = ["linli"]  # a fixture

NAMED = {
    "beigangyuan": ["custody", "custody + complete_community"],
    "liuxi": ["custody", "market", "market + property_housekeeping"],
}


@pytest.mark.parametrize("place", NAMED)
def test_every_value_of_its_own_is_told_or_assumed(place):
    own = load(place, ("place",))
    sources = [origin.source for path, origin in own.values.items() if own.file in origin.where]
    assert len(sources) >= 6
    assert all(any(word in source for word in ("seed article", "assumed", "solved")) for source in sources)


@pytest.mark.parametrize(("place", "expression"), [(p, e) for p, some in NAMED.items() for e in some])
def test_its_forms_could_exist_there(place, expression):
    world = resolve(expression, place=place, months=24)
    assert (world.feasible, world.warnings) == (True, ())
    assert world.before["provider.kind"] == 1  # in community custody before


@pytest.mark.parametrize("place", NAMED)
def test_the_programme_of_the_article_is_compared_with_its_base(linli, place):
    told = linli("compare", *NAMED[place], "--place", place, "--months", 24, "--replicates", 4, "--seed", 3,
                 "--set", "population.n_households=60", "--json")  # fmt: skip
    assert (told.code, told.err) == (0, "")
    assert told.data
