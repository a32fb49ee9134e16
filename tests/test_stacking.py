"""Programmes stack: every pair on market and on the forms one of them is made for, in either order, the same values."""

from itertools import combinations

import pytest

from sim.scenarios import list_scenarios, resolve
from sim.scenarios.catalog import load

ON = {info.name: info.stacks_on for info in list_scenarios() if info.kind == "programme"}
PAIRS = [
    (form, one, other)
    for one, other in combinations(sorted(ON), 2)
    for form in sorted({"market", *ON[one], *ON[other]})
    if all(not on or form in on for on in (ON[one], ON[other]))
]
SUBSIDIES = {"subsidy_permanent", "subsidy_taper"}


@pytest.mark.parametrize(("form", "one", "other"), [pair for pair in PAIRS if set(pair[1:]) != SUBSIDIES])
def test_every_pair_stacks_in_either_order(form, one, other):
    first, second = (resolve(f"{form} + {a} + {b}", months=40) for a, b in ((one, other), (other, one)))
    assert first.fingerprint() == second.fingerprint()


def test_only_two_amounts_of_one_thing_cannot_be_had_together():
    from sim.errors import InputError

    with pytest.raises(InputError) as told:
        resolve("market + subsidy_permanent + subsidy_taper", months=40)
    assert all(f"{name}.toml" in str(told.value) for name in SUBSIDIES)


def test_every_programme_is_in_some_pair():
    assert {name for _, one, other in PAIRS for name in (one, other)} == set(ON)


@pytest.mark.parametrize("part", ["smart_platform", "covenant"])
def test_a_complete_community_has_platform_and_covenant_once(part):
    whole = load("complete_community", ("programme",)).levers()
    assert {path: origin.value for path, origin in load(part, ("programme",)).levers().items()} == {
        path: origin.value for path, origin in whole.items() if path in load(part, ("programme",)).levers()
    }
    alone = resolve("market + complete_community", months=40)
    assert resolve(f"market + complete_community + {part}", months=40).segments[0].values == alone.segments[0].values
