"""The named topologies, one graph per estate: networkx generates them, seeded by a keyed draw.

Their nodes are the members of an estate in the order of their numbers. A newcomer changes the graph of its
whole estate, and of no other estate.
"""

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from sim.draws import Draw, library_seed
from sim.errors import InputError
from sim.network.members import Members
from sim.network.ties import row_starts

if TYPE_CHECKING:
    import networkx as nx

MOST_COMPLETE = 5_000
"""Largest single estate that may be a complete network: 25 million ties, 100 MB."""


def watts_strogatz(n: int, degree: int, rewire: float, seed: int) -> "nx.Graph[int]":
    """Ring of `degree` nearest neighbours, each tie rewired with probability `rewire`; n * degree / 2 ties."""
    import networkx as nx

    if degree >= n:
        complete: nx.Graph[int] = nx.complete_graph(n)
        return complete
    graph: nx.Graph[int] = nx.watts_strogatz_graph(n, degree, rewire, seed=seed)
    return graph


def barabasi_albert(n: int, degree: int, rewire: float, seed: int) -> "nx.Graph[int]":
    """Preferential attachment, m = degree / 2 ties for each household that joins; m * (n - m) ties."""
    import networkx as nx

    graph: nx.Graph[int] = nx.barabasi_albert_graph(n, min(degree // 2, n - 1), seed=seed)
    return graph


def erdos_renyi(n: int, degree: int, rewire: float, seed: int) -> "nx.Graph[int]":
    """Each pair tied with the same probability, degree / (n - 1)."""
    import networkx as nx

    graph: nx.Graph[int] = nx.fast_gnp_random_graph(n, min(degree / (n - 1), 1.0), seed=seed)
    return graph


TOPOLOGIES = {"watts_strogatz": watts_strogatz, "barabasi_albert": barabasi_albert, "erdos_renyi": erdos_renyi}
"""Makers of the graph of one estate: size n >= 2, mean degree >= 1, rewired share, seed -> nodes 0 to n - 1."""


def named_pairs(members: Members, name: str, degree: int, rewire: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the tied pairs of all estates as places in the canonical order of all households.

    Where `degree` exceeds the members of an estate it is clipped. Raises InputError for an odd degree where
    each household makes half of its ties.
    """
    topology = TOPOLOGIES[name]
    if degree % 2 and topology is not erdos_renyi:
        raise InputError(
            f"network.degree = {degree} ties/household is odd, but in {name} each household makes half "
            f"of its ties: choose {degree - 1} or {degree + 1}, or network.kind = erdos_renyi."
        )
    found = []
    for low, high in zip(members.estate_start[:-1].tolist(), members.estate_start[1:].tolist(), strict=True):
        if high - low < 2 or degree == 0:
            continue
        seed = library_seed(members.key, Draw.TIE_REWIRE, int(members.estate[low]))
        graph = topology(high - low, degree, rewire, seed)
        ends = np.fromiter(chain.from_iterable(graph.edges()), np.int64, 2 * graph.number_of_edges())
        found.append(low + ends.reshape(-1, 2))
    pairs = members.position[np.concatenate(found)] if found else np.empty((0, 2), np.int64)
    return pairs[:, 0], pairs[:, 1]


def complete_rows(members: Members, self_ties: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return start and target of the network in which each member sees all others of its estate.

    self_ties : each member also sees itself. Rows are in canonical order.

    Raises InputError where there would be more ties than in one estate of `MOST_COMPLETE` households.
    """
    sizes = np.diff(members.estate_start)
    n_ties = int((sizes * (sizes if self_ties else sizes - 1)).sum())
    if n_ties > MOST_COMPLETE**2:
        raise InputError(
            f"network.kind = complete ties every household of an estate to every other: {n_ties:,} ties here, the "
            f"largest estate having {int(sizes.max()):,} households with ties. At most {MOST_COMPLETE**2:,} are "
            f"allowed, those of one estate of {MOST_COMPLETE:,} households (100 MB, and every month reads all of "
            "them). Take smaller or fewer estates, or network.kind = erdos_renyi with a large network.degree."
        )
    degree = np.zeros(members.n_households, np.int64)
    degree[members.position] = np.repeat(sizes if self_ties else sizes - 1, sizes)
    start, target = row_starts(degree), np.empty(n_ties, np.int32)
    for low, high in zip(members.estate_start[:-1].tolist(), members.estate_start[1:].tolist(), strict=True):
        of_estate = members.position[low:high]
        for place in of_estate.tolist():
            target[start[place] : start[place + 1]] = of_estate if self_ties else of_estate[of_estate != place]
    return start, target
