"""What a network is: for each household the list of those it sees and hears, as compressed rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.errors import InputError


@dataclass(frozen=True, eq=False)
class Network:
    """Hold the ties of households 0 to n - 1, in storage order, as compressed sparse rows.

    start : int64, (n + 1,). Row i, whom household i sees and hears, is `target[start[i]:start[i + 1]]`.
    target : int32, (n_ties,). An undirected tie stands in both rows, a self-tie once.
    weight : float64, (n_ties,), or empty when every tie weighs 1.
    """

    start: np.ndarray
    target: np.ndarray
    weight: np.ndarray

    @property
    def n_households(self) -> int:
        """Number of households, those without ties included."""
        return len(self.start) - 1

    @property
    def degree(self) -> np.ndarray:
        """Number of ties of each household, int64, (n,)."""
        return np.diff(self.start)

    def neighbours(self, household: int) -> np.ndarray:
        """Return whom one household sees and hears, in the order in which rules sum over them."""
        return np.asarray(self.target[self.start[household] : self.start[household + 1]])

    def sources(self) -> np.ndarray:
        """Return the household at the near end of each tie, int64, (n_ties,)."""
        return np.repeat(np.arange(self.n_households), self.degree)


def row_starts(degree: np.ndarray) -> np.ndarray:
    """Return where each row starts, int64, (n + 1,), from the length of the rows."""
    start = np.zeros(len(degree) + 1, np.int64)
    np.cumsum(degree, out=start[1:])
    return start


def rows_of_pairs(n: int, first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return start and target of undirected ties between different households; a tie named twice counts once."""
    code = np.concatenate((first * np.int64(n) + second, second * np.int64(n) + first))
    code.sort()
    if len(code):
        code = code[np.concatenate(([True], code[1:] != code[:-1]))]
    start = np.searchsorted(code, np.arange(n + 1, dtype=np.int64) * n)
    return start.astype(np.int64), (code % max(n, 1)).astype(np.int32)


def in_storage_order(start: np.ndarray, target: np.ndarray, order: np.ndarray) -> Network:
    """Return the network of rows given in another order of households.

    order : int64, (n,). Storage position of the household of each row; neighbours keep their order.
    """
    no_weight = np.empty(0)
    if np.array_equal(order, np.arange(len(order))):
        return Network(start, target, no_weight)
    row = np.empty_like(order)
    row[order] = np.arange(len(order))
    degree = np.diff(start)[row]
    stored = row_starts(degree)
    source = np.repeat(start[row] - stored[:-1], degree) + np.arange(len(target))
    return Network(stored, order[target[source]].astype(np.int32), no_weight)


def from_edges(
    n: int, edges: Iterable[tuple[int, int]], weights: Sequence[float] | None = None, directed: bool = False
) -> Network:
    """Return the network of n households with exactly these ties, rows sorted by household.

    edges : pairs (i, j); i sees j, and j sees i unless `directed`. (i, i) is a self-tie.
    weights : one finite number per edge; None when every tie weighs 1.

    Raises InputError for a household that does not exist, a tie given twice, or weights that do not fit.
    """
    pairs = np.asarray(list(edges), dtype=np.int64).reshape(-1, 2)
    outside = ((pairs < 0) | (pairs >= n)).any(axis=1)
    if outside.any():
        i, j = pairs[outside.argmax()].tolist()
        raise InputError(f"edges: the tie ({i}, {j}) names a household outside 0 to {n - 1}.")
    value = np.ones(len(pairs)) if weights is None else np.asarray(weights, dtype=np.float64)
    if value.shape != (len(pairs),):
        raise InputError(
            f"weights: shape {value.shape} given, but one weight for each of {len(pairs)} edges is needed."
        )
    if not np.isfinite(value).all():
        bad = int((~np.isfinite(value)).argmax())
        raise InputError(f"weights: {value[bad]} at edge {bad} is not a finite number.")
    if not directed:
        mirrored = pairs[:, 0] != pairs[:, 1]
        pairs = np.concatenate((pairs, pairs[mirrored, ::-1]))
        value = np.concatenate((value, value[mirrored]))
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    pairs, value = pairs[order], value[order]
    twice = (pairs[1:] == pairs[:-1]).all(axis=1)
    if twice.any():
        i, j = pairs[twice.argmax()].tolist()
        raise InputError(f"edges: the tie ({i}, {j}) is given twice; give it once, with its weight.")
    start = row_starts(np.bincount(pairs[:, 0], minlength=n))
    return Network(start, pairs[:, 1].astype(np.int32), np.empty(0) if weights is None else value)
