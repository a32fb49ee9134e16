"""Networks set by hand, and networks handed to networkx and GraphML."""

import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.network import Network, from_edges, to_networkx, write_graphml

SAMPLE = settings(max_examples=60, deadline=None)

# --- ties set by hand -------------------------------------------------------------------------------------


def test_from_edges_undirected() -> None:
    network = from_edges(4, [(2, 0), (1, 1), (0, 1)], weights=[0.5, 2.0, 3.0])
    assert network.start.tolist() == [0, 2, 4, 5, 5]
    assert network.target.tolist() == [1, 2, 0, 1, 0]
    assert network.weight.tolist() == [3.0, 0.5, 3.0, 2.0, 0.5]
    assert (network.start.dtype.name, network.target.dtype.name) == ("int64", "int32")


def test_from_edges_directed() -> None:
    network = from_edges(3, [(2, 0), (0, 1)], directed=True)
    assert [network.neighbours(i).tolist() for i in range(3)] == [[1], [], [0]]
    assert len(network.weight) == 0
    assert from_edges(3, []).start.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("edges", "weights", "text"),
    [
        ([(0, 3)], None, r"the tie \(0, 3\) names a household outside 0 to 2"),
        ([(-1, 0)], None, r"the tie \(-1, 0\) names"),
        ([(0, 1), (1, 0)], None, r"the tie \(0, 1\) is given twice"),
        ([(0, 1)], [1.0, 2.0], r"weights: shape \(2,\) given, but one weight for each of 1 edges"),
        ([(0, 1)], [math.inf], "weights: inf at edge 0 is not a finite number"),
    ],
)
def test_from_edges_refuses(edges: list[tuple[int, int]], weights: list[float] | None, text: str) -> None:
    with pytest.raises(InputError, match=text):
        from_edges(3, edges, weights)


# --- networkx and GraphML ---------------------------------------------------------------------------------


@st.composite
def by_hand(draw: st.DrawFn) -> Network:
    n = draw(st.integers(1, 8))
    directed = draw(st.booleans())
    pair = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1))
    edges = draw(st.lists(pair, max_size=20, unique_by=lambda e: e if directed else (min(e), max(e))))
    finite = st.floats(allow_nan=False, allow_infinity=False)
    weights = draw(st.none() | st.lists(finite, min_size=len(edges), max_size=len(edges)))
    return from_edges(n, edges, weights, directed)


def read_back(graph: Any, n: int, weighted: bool) -> Network:
    edges = [(int(i), int(j)) for i, j in graph.edges()]
    weights = [float(w) for _, _, w in graph.edges(data="weight")] if weighted else None
    return from_edges(n, edges, weights, graph.is_directed())


def same(one: Network, other: Network) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("start", "target", "weight"))


@SAMPLE
@given(by_hand())
def test_networkx_and_graphml_keep_the_network(tmp_path_factory: pytest.TempPathFactory, network: Network) -> None:
    n, weighted = network.n_households, len(network.weight) > 0
    graph = to_networkx(network)
    assert list(graph) == list(range(n))
    assert same(read_back(graph, n, weighted), network)
    path = tmp_path_factory.getbasetemp() / "network.graphml"
    write_graphml(network, path)
    stored = nx.read_graphml(path)
    assert list(stored) == [str(i) for i in range(n)]
    assert same(read_back(stored, n, weighted), network)


def test_graph_is_directed_only_where_ties_are() -> None:
    both_ways = [(0, 1), (1, 0)]
    assert not to_networkx(from_edges(2, both_ways, [2.0, 2.0], directed=True)).is_directed()
    assert to_networkx(from_edges(2, both_ways, [2.0, 3.0], directed=True)).is_directed()
    graph = to_networkx(from_edges(3, [(2, 0)], directed=True))
    assert graph.is_directed()
    assert list(graph.edges()) == [(2, 0)]


def test_attributes_survive_graphml(tmp_path: Path) -> None:
    given: dict[str, Any] = {
        "area": np.array([80.5, 0.1, 1e300]),
        "floor": np.array([1, 2, 30]),
        "vacant": np.array([True, False, True]),
        "kind": ["邻里", "a < b & c", ""],
    }
    write_graphml(from_edges(3, [(0, 1)]), tmp_path / "n.graphml", given)
    nodes = dict(nx.read_graphml(tmp_path / "n.graphml").nodes(data=True))
    kept = {name: [nodes[str(i)][name] or "" for i in range(3)] for name in given}
    assert kept == {name: [v or "" for v in np.asarray(column).tolist()] for name, column in given.items()}


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ([1, 2], r"attribute 'x' has shape \(2,\); one value for each of 3 households"),
        ([1, None, 3], "attribute 'x' has dtype object; only numbers, truth values and strings"),
    ],
)
def test_attributes_that_do_not_fit(column: list[Any], text: str) -> None:
    with pytest.raises(InputError, match=text):
        to_networkx(from_edges(3, []), {"x": column})


def environment() -> dict[str, str]:
    """Return the environment without a hash seed, with this checkout in front."""
    here = str(Path(__file__).resolve().parent.parent)
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONHASHSEED"}
    return kept | {"PYTHONPATH": os.pathsep.join([here, *filter(None, [os.environ.get("PYTHONPATH")])])}


WRITE_ONE = """
import sys
import numpy as np
from sim.draws import stream_key
from sim.network import build, write_graphml
assert "networkx" not in sys.modules, "networkx is loaded only where it is used"
n = 60
stair = np.arange(n) // 12
network = build(sys.argv[1], key=stream_key(3, 1), estate_start=np.array([0, n]), household_id=np.arange(n),
                estate_id=np.array([4]), stair=stair, building=stair // 2, isolate=np.arange(n) % 5 == 0)
write_graphml(network, "/dev/stdout", {"stair": stair, "name": [str(s) for s in stair]})
"""


@pytest.mark.thorough
@pytest.mark.parametrize("kind", ["stair_unit", "barabasi_albert"])
def test_graphml_bytes_are_the_same_in_every_process(kind: str) -> None:
    command = [sys.executable, "-c", WRITE_ONE, kind]
    one, other = (
        subprocess.run(command, capture_output=True, check=True, env={"PYTHONHASHSEED": hash_seed, **environment()})
        for hash_seed in ("1", "2")
    )
    assert one.stdout == other.stdout
    assert one.stdout.startswith(b"<?xml")
    assert one.stdout.count(b"<edge ") > 60
