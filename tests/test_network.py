"""The household network: what every kind guarantees, what a newcomer may change, and how ties are distributed."""

import math
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.draws import Draw, stream_key, uniforms
from sim.errors import InputError
from sim.network import KINDS, Network, build

SAMPLE = settings(max_examples=60, deadline=None)


@dataclass
class Estate:
    """The columns of one estate."""

    number: int
    household: list[int]
    stair: list[int]
    building: list[int]
    isolate: list[bool]

    @property
    def size(self) -> int:
        return len(self.household)

    def picked(self, order: list[int]) -> "Estate":
        household, stair, building = ([c[i] for i in order] for c in (self.household, self.stair, self.building))
        return Estate(self.number, household, stair, building, [self.isolate[i] for i in order])


def plain(size: int, number: int = 0, stair_size: int = 12, stairs: int = 3) -> Estate:
    """Return an estate without isolates, filled stair by stair."""
    stair = [i // stair_size for i in range(size)]
    return Estate(number, list(range(size)), stair, [s // stairs for s in stair], [False] * size)


def columns(estates: list[Estate]) -> dict[str, Any]:
    """Return the columns that `build` takes."""
    joined: dict[str, Any] = {
        name: np.array([value for estate in estates for value in getattr(estate, name)], dtype=kind)
        for name, kind in (("stair", int), ("building", int), ("isolate", bool))
    }
    return joined | {
        "household_id": np.array([h for estate in estates for h in estate.household], dtype=int),
        "estate_id": np.array([estate.number for estate in estates], dtype=int),
        "estate_start": np.cumsum([0, *(estate.size for estate in estates)]),
    }


def built(kind: str | int, estates: list[Estate], seed: int = 7, **values: Any) -> Network:
    return build(kind, key=stream_key(seed, 0), **columns(estates), **values)


def people(estates: list[Estate]) -> list[tuple[int, int]]:
    return [(estate.number, household) for estate in estates for household in estate.household]


def rows(network: Network, estates: list[Estate]) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """Return whom each household sees, in order, by (estate, household)."""
    who = people(estates)
    return {who[i]: [who[j] for j in network.neighbours(i)] for i in range(network.n_households)}


def ties(network: Network) -> set[tuple[int, int]]:
    """Return the undirected ties as pairs of storage positions."""
    return {(min(i, j), max(i, j)) for i, j in zip(network.sources().tolist(), network.target.tolist(), strict=True)}


@st.composite
def one_estate(draw: st.DrawFn, number: int) -> Estate:
    size = draw(st.sampled_from([30, 20, 12, 5, 2, 1, 0]))

    def column(values: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(values, min_size=size, max_size=size))

    # Any distinct numbers, the largest one possible included.
    lowest, step = draw(st.sampled_from([(0, 1), (7, 3), (2**22 - 2 - 60, 2)]))
    household = draw(st.permutations([lowest + step * i for i in range(31)]))[:size]
    return Estate(number, household, column(st.integers(0, 3)), column(st.integers(0, 2)), column(st.booleans()))


@st.composite
def some_estates(draw: st.DrawFn) -> list[Estate]:
    numbers = draw(st.lists(st.integers(0, 2**31), min_size=1, max_size=4, unique=True))
    return [draw(one_estate(number)) for number in numbers]


kinds = st.sampled_from(KINDS)
values = st.fixed_dictionaries(
    {
        "stair_share": st.floats(0, 1),
        "building_ties": st.floats(0, 6),
        "random_ties": st.floats(0, 6),
        "degree": st.integers(0, 10).map(lambda half: 2 * half),
        "rewire": st.floats(0, 1),
    }
)


# --- what every kind guarantees ---------------------------------------------------------------------------


@SAMPLE
@given(kinds, some_estates(), values, st.integers(0, 2**63 - 1), st.booleans())
def test_ties_are_mutual_sorted_single_and_stay_in_the_estate(
    kind: str, estates: list[Estate], values: dict[str, Any], seed: int, self_ties: bool
) -> None:
    network = built(kind, estates, seed, self_ties=self_ties, **values)
    isolate = [alone for estate in estates for alone in estate.isolate]
    assert [column.dtype.name for column in (network.start, network.target, network.weight)] == [
        "int64",
        "int32",
        "float64",
    ]
    assert len(network.weight) == 0
    assert (network.start[0], network.start[-1]) == (0, len(network.target))
    seen = rows(network, estates)
    for alone, (me, mine) in zip(isolate, seen.items(), strict=True):
        assert mine == sorted(set(mine))
        assert (me in mine) == (kind == "complete" and self_ties and not alone)
        assert all(other[0] == me[0] and me in seen[other] for other in mine)
        assert not (alone and mine)


@SAMPLE
@given(kinds, some_estates(), values, st.randoms(use_true_random=False))
def test_storage_order_does_not_matter(kind: str, estates: list[Estate], values: dict[str, Any], random: Any) -> None:
    shuffled = [estate.picked(random.sample(range(estate.size), estate.size)) for estate in estates]
    random.shuffle(shuffled)
    before = rows(built(kind, estates, **values), estates)
    assert rows(built(kind, shuffled, **values), shuffled) == before


@SAMPLE
@given(kinds, some_estates(), one_estate(2**31 + 1), values, st.integers(0, 4))
def test_another_estate_changes_nothing_for_the_others(
    kind: str, estates: list[Estate], another: Estate, values: dict[str, Any], at: int
) -> None:
    more = [*estates[:at], another, *estates[at:]]
    after = rows(built(kind, more, **values), more)
    before = rows(built(kind, estates, **values), estates)
    assert {me: after[me] for me in before} == before


def test_graphs_depend_on_the_key_and_on_the_number_of_the_estate() -> None:
    for kind in KINDS[:-1]:
        first, second = (set(ties(built(kind, [plain(60)], seed))) for seed in (1, 2))
        assert first != second
        pair = [plain(60, 0), plain(60, 1)]
        both = ties(built(kind, pair, 1))
        assert {(i, j) for i, j in both if i < 60} == first
        assert {(i - 60, j - 60) for i, j in both if i >= 60} != first


# --- stair units ------------------------------------------------------------------------------------------


def plain_stair_unit(
    key: np.uint64, estate: Estate, share: float, building_ties: float, random_ties: float
) -> set[tuple[int, int]]:
    """Tie the households of one estate by the rule in words, pair by pair: the oracle."""

    def u(draw: Draw, i: int, ordinal: int) -> float:
        return float(uniforms(key, draw, month=0, estate=estate.number, unit=estate.household[i], ordinal=ordinal))

    door = list(zip(estate.building, estate.stair, strict=True))
    members = [i for i in range(estate.size) if not estate.isolate[i]]
    found = set()
    for i in members:
        for j in members:
            if door[i] == door[j] and estate.household[i] < estate.household[j]:
                if u(Draw.TIE_PAIR, i, 1 + estate.household[j]) < share:
                    found.add((min(i, j), max(i, j)))
        for draw, wish in ((Draw.TIE_BUILDING, building_ties), (Draw.TIE_RANDOM, random_ties)):
            others = [j for j in members if door[i] != door[j]]
            if draw == Draw.TIE_BUILDING:
                others = [j for j in others if estate.building[i] == estate.building[j]]
            others.sort(key=lambda j: u(draw, i, 1 + estate.household[j]))
            for j in others[: math.floor(wish / 2 + u(draw, i, 0))]:
                found.add((min(i, j), max(i, j)))
    return found


@SAMPLE
@given(one_estate(3), values, st.integers(0, 2**63 - 1))
def test_stair_unit_equals_the_rule_in_words(estate: Estate, values: dict[str, Any], seed: int) -> None:
    wishes = (values["stair_share"], values["building_ties"], values["random_ties"])
    assert ties(built("stair_unit", [estate], seed, **values)) == plain_stair_unit(stream_key(seed, 0), estate, *wishes)


@SAMPLE
@given(one_estate(3), values, st.integers(0, 3), st.integers(0, 2), st.data())
def test_a_newcomer_changes_only_ties_with_itself(
    estate: Estate, values: dict[str, Any], stair: int, building: int, data: st.DataObject
) -> None:
    number = data.draw(st.sampled_from(sorted({*range(91), 2**22 - 3} - {*estate.household})))
    joined = Estate(
        estate.number,
        [*estate.household, number],
        [*estate.stair, stair],
        [*estate.building, building],
        [*estate.isolate, False],
    )
    new = estate.size
    before, after = ties(built("stair_unit", [estate], **values)), ties(built("stair_unit", [joined], **values))
    acquainted = {i for i, j in after if j == new}
    others = {tie for tie in after if new not in tie}
    assert others <= before
    for i, j in before - others:
        assert (estate.building[i], estate.stair[i]) != (estate.building[j], estate.stair[j])
        assert {i, j} & acquainted, "a tie is lost only where a partner chose the newcomer"


def test_a_newcomer_is_chosen_by_someone() -> None:
    size = 206
    before, after = ties(built("stair_unit", [plain(size)])), ties(built("stair_unit", [plain(size + 30)]))
    assert {(i, j) for i, j in before if i // 12 == j // 12} == {
        (i, j) for i, j in after if i // 12 == j // 12 and j < size
    }
    assert before - after
    assert {(i, j) for i, j in after - before if j < size} == set()


def test_ties_of_each_layer_have_their_means() -> None:
    n_estates, size = 60, 204
    estates = [plain(size, number) for number in range(n_estates)]
    found = ties(built("stair_unit", estates, stair_share=0.6, building_ties=1.5, random_ties=1.0))
    stair, building = estates[0].stair, estates[0].building
    # A household brings 0.75 (or 0.5) ties on average and chooses each of the others with equal probability.
    in_building = np.bincount(building)
    mean, p_random = {"stair": 0.0, "building": 0.0, "estate": 0.0}, 0.5 / (size - 12)
    count = dict.fromkeys(mean, 0)
    layers = {}
    for i, j in combinations(range(size), 2):
        layer = "stair" if stair[i] == stair[j] else "building" if building[i] == building[j] else "estate"
        p_building = 0.75 / (in_building[building[i]] - 12) if layer == "building" else 0.0
        p = 0.6 if layer == "stair" else 1 - ((1 - p_building) * (1 - p_random)) ** 2
        mean[layer] += n_estates * p
        layers[i, j] = layer
    for i, j in found:
        count[layers[i % size, j % size]] += 1
    # Choices of one household exclude each other, so the binomial variance, below the mean, is an upper bound.
    assert all(abs(count[layer] - mean[layer]) < 4 * math.sqrt(mean[layer]) for layer in mean), (count, mean)


def test_partners_are_chosen_uniformly() -> None:
    # 14 households, each on a stair of its own, one choice each: a pair is tied with 1 - (12 / 13) ** 2.
    n_estates, p = 2_000, 1 - (12 / 13) ** 2
    estates = [plain(14, number, stair_size=1) for number in range(n_estates)]
    network = built("stair_unit", estates, stair_share=0, building_ties=0, random_ties=2)
    count = dict.fromkeys(combinations(range(14), 2), 0)
    for i, j in ties(network):
        count[i % 14, j % 14] += 1
    z = (np.array(list(count.values())) - n_estates * p) / math.sqrt(n_estates * p * (1 - p))
    assert abs(z).max() < 4.2  # 91 pairs: exceeded once in 400 tries
    assert 0.6 < z.std() < 1.4


def test_default_mean_degree_without_isolates_is_about_nine() -> None:
    estates = [plain(206, number) for number in range(20)]
    assert 8.7 < built("stair_unit", estates).degree.mean() < 9.3


# --- named topologies -------------------------------------------------------------------------------------


def half_isolates(size: int) -> Estate:
    """Return an estate of 2 * size households of which every other one is an isolate."""
    return replace(plain(2 * size), isolate=[i % 2 == 1 for i in range(2 * size)])


@pytest.mark.parametrize(("size", "degree"), [(50, 8), (9, 8), (8, 8), (3, 2), (100, 2)])
def test_watts_strogatz_has_its_number_of_ties(size: int, degree: int) -> None:
    degrees = built("watts_strogatz", [half_isolates(size)], degree=degree, rewire=0.3).degree
    assert degrees.sum() == size * min(degree, size - 1)


def test_watts_strogatz_without_rewiring_is_a_ring() -> None:
    network = built("watts_strogatz", [plain(30)], degree=4, rewire=0)
    assert network.neighbours(0).tolist() == [1, 2, 28, 29]
    assert ties(built("watts_strogatz", [plain(30)], degree=4, rewire=1)) != ties(network)


@pytest.mark.parametrize(("size", "degree"), [(50, 8), (5, 8), (4, 8), (2, 2)])
def test_barabasi_albert_has_its_number_of_ties(size: int, degree: int) -> None:
    m = min(degree // 2, size - 1)
    assert len(ties(built("barabasi_albert", [half_isolates(size)], degree=degree))) == m * (size - m)


def test_barabasi_albert_has_hubs() -> None:
    assert built("barabasi_albert", [plain(400)], degree=8).degree.max() > 40  # a Poisson mean of 8 stays below 25


@pytest.mark.parametrize("degree", [3, 8])
def test_erdos_renyi_has_its_mean_degree(degree: int) -> None:
    size, n_estates = 100, 40
    estates = [plain(size, number) for number in range(n_estates)]
    trials, p = n_estates * size * (size - 1) // 2, degree / (size - 1)
    n_ties = len(ties(built("erdos_renyi", estates, degree=degree)))
    assert abs(n_ties - trials * p) < 4 * math.sqrt(trials * p * (1 - p))


@pytest.mark.parametrize("self_ties", [False, True])
def test_complete_ties_all_members(self_ties: bool) -> None:
    network = built("complete", [half_isolates(6), plain(3, 1)], self_ties=self_ties)
    assert network.neighbours(2).tolist() == [0, *([2] if self_ties else []), 4, 6, 8, 10]
    assert network.neighbours(13).tolist() == [12, *([13] if self_ties else []), 14]


@pytest.mark.parametrize("kind", KINDS)
def test_the_smallest_estates(kind: str) -> None:
    estates = [Estate(5, [], [], [], []), plain(1, 1), plain(2, 2), half_isolates(1), plain(3, 4)]
    degree = built(kind, estates, stair_share=1.0, degree=8, rewire=0.5).degree.tolist()
    expected = {"barabasi_albert": [0, 1, 1, 0, 0, 2, 1, 1]}  # a star: one more tie than the joining household brings
    assert degree == expected.get(kind, [0, 1, 1, 0, 0, 2, 2, 2])
    nobody = built(kind, [Estate(0, [], [], [], [])])
    assert nobody.start.tolist() == [0]
    hermits = replace(plain(9), isolate=[True] * 9)
    assert built(kind, [hermits], self_ties=True).degree.tolist() == [0] * 9


def test_kinds_by_position() -> None:
    position: Any
    for position, kind in zip(np.arange(5), KINDS, strict=True):
        assert ties(built(position, [plain(40)])) == ties(built(kind, [plain(40)]))


# --- mistakes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "given", "text"),
    [
        ("stair_unti", {}, "network.kind = stair_unti is no kind of network; there are stair_unit, .*mean stair_unit"),
        (5, {}, r"network.kind = 5 is no kind .*\(or 0 to 4\)"),
        ("stair_unit", {"stair_share": 1.2}, "network.stair_share = 1.2 share lies outside 0 to 1"),
        ("stair_unit", {"building_ties": math.nan}, "network.building_ties = nan ties/household lies outside 0 to 50"),
        ("watts_strogatz", {"degree": 7}, "network.degree = 7 .*is odd.*choose 6 or 8, or network.kind = erdos_renyi"),
        ("barabasi_albert", {"degree": 1}, "network.degree = 1 .*is odd"),
    ],
)
def test_a_wrong_parameter_is_named(kind: str | int, given: dict[str, Any], text: str) -> None:
    with pytest.raises(InputError, match=text):
        built(kind, [plain(20)], **given)


def test_a_complete_network_has_a_largest_size() -> None:
    with pytest.raises(InputError, match=r"complete .*25,005,000 ties.*5,001 households.*At most 25,000,000"):
        built("complete", [plain(5_001)])
    mostly_alone = replace(plain(5_001), isolate=[i > 3 for i in range(5_001)])
    assert built("complete", [mostly_alone]).degree.sum() == 12


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        ("estate_start", [0, 3], "estate_start must rise from 0 to the number of households, 4"),
        ("estate_start", [0, 5, 4], "estate_start must rise"),
        ("estate_id", [1, 1], "each of the 2 estates a number of its own"),
        ("household_id", [0, 0, 0, 1], "household_id occurs twice in one estate"),
        ("household_id", [0, 1, 0, -1], "household_id must lie in 0 to 4194302"),
        ("stair", [0], "stair has 1 entries for 4 households"),
    ],
)
def test_columns_that_contradict_each_other(column: str, value: list[int], text: str) -> None:
    given = columns([plain(2), plain(2, 1)]) | {column: np.array(value)}
    with pytest.raises(ValueError, match=text):
        build("stair_unit", key=stream_key(1, 0), **given)
