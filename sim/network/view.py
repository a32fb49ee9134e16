"""The network as a networkx graph and as a GraphML file, for other tools to look at."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.network.ties import Network

if TYPE_CHECKING:
    import networkx as nx


def _is_undirected(network: Network, source: np.ndarray) -> bool:
    """Tell whether every tie stands in both rows with one weight."""
    target = network.target.astype(np.int64)
    out, back = np.lexsort((target, source)), np.lexsort((source, target))
    same = np.array_equal(source[out], target[back]) and np.array_equal(target[out], source[back])
    return same and (not len(network.weight) or np.array_equal(network.weight[out], network.weight[back]))


def _column(name: str, values: Any, n: int) -> list[Any]:
    """Return one attribute as Python numbers, truth values or strings, one per household."""
    column = np.asarray(values)
    if column.shape != (n,):
        raise InputError(
            f"attribute {name!r} has shape {column.shape}; one value for each of {n} households is needed."
        )
    if column.dtype.kind not in "biufU":
        raise InputError(f"attribute {name!r} has dtype {column.dtype}; only numbers, truth values and strings can go.")
    values_in_python: list[Any] = column.tolist()
    return values_in_python


def to_networkx(network: Network, attributes: Mapping[str, Any] | None = None) -> "nx.Graph[int] | nx.DiGraph[int]":
    """Return an nx.Graph, or an nx.DiGraph (i -> j: i sees j) where a tie or its weight runs one way only.

    Nodes are the households 0 to n - 1 in storage order; ties carry "weight" if the network has weights.
    attributes : name -> array, (n,), written on the nodes.

    Raises InputError for an attribute that is not one number, truth value or string per household.
    """
    import networkx as nx

    n, source = network.n_households, network.sources()
    columns = {name: _column(name, values, n) for name, values in (attributes or {}).items()}
    graph: nx.Graph[int] | nx.DiGraph[int] = nx.DiGraph()
    keep = np.ones(len(source), dtype=bool)
    if _is_undirected(network, source):
        graph, keep = nx.Graph(), source <= network.target
    graph.add_nodes_from((i, {name: column[i] for name, column in columns.items()}) for i in range(n))
    ends = source[keep].tolist(), network.target[keep].tolist()
    if len(network.weight):
        graph.add_weighted_edges_from(zip(*ends, network.weight[keep].tolist(), strict=True))
    else:
        graph.add_edges_from(zip(*ends, strict=True))
    return graph


def write_graphml(network: Network, path: str | Path, attributes: Mapping[str, Any] | None = None) -> None:
    """Write the graph of `to_networkx` as GraphML; equal networks and attributes give equal bytes."""
    import networkx as nx

    graph = to_networkx(network, attributes)
    # Neither the writer that needs lxml nor compression by file name: both would change the bytes.
    with open(path, "wb") as stream:
        nx.write_graphml_xml(graph, stream)
