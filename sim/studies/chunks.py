"""In which order the runs of a study are made: chunks, such that every prefix serves all points alike.

A chunk is a block of replicates of a block of points, all scenarios of them. Results do not depend on it.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

_HOUSEHOLD_MONTHS = 20_000_000
"""What a chunk holds by default, some seconds of work: little is lost when it is."""
_MOST_RUNS = 1024


@dataclass(frozen=True, slots=True)
class Block:
    """Points first to stop - 1, and the replicates of each."""

    point: int
    point_stop: int
    replicate: int
    replicate_stop: int

    @property
    def n_pairs(self) -> int:
        """Number of pairs of point and replicate."""
        return (self.point_stop - self.point) * (self.replicate_stop - self.replicate)

    def holds(self, point: int, replicate: int) -> bool:
        """Say whether a replicate of a point belongs to the block."""
        return self.point <= point < self.point_stop and self.replicate <= replicate < self.replicate_stop

    @property
    def within(self) -> tuple[slice, slice]:
        """Where the block lies in an array (point, replicate)."""
        return slice(self.point, self.point_stop), slice(self.replicate, self.replicate_stop)


@dataclass(frozen=True, slots=True)
class Shard:
    """One of several equal parts of a study, counted from 1."""

    number: int
    of: int


def default_runs(household_months: int) -> int:
    """Return how many runs of this size a chunk holds."""
    return max(1, min(_MOST_RUNS, _HOUSEHOLD_MONTHS // max(1, household_months)))


def schedule(
    n_points: int, n_replicates: int, n_arms: int, runs: int, done: Iterable[Block] = (), shard: Shard | None = None
) -> Iterator[Block]:
    """Yield the chunks that are left, of at most `runs` runs where that is possible, replicates first.

    done : blocks already there, of any size; shard : yield one part of the whole schedule.
    """
    left = np.ones((n_points, n_replicates), bool)
    for block in done:
        left[block.within] = False
    pairs = max(1, runs // n_arms)
    points = min(n_points, pairs)
    replicates = max(1, pairs // n_points)
    number = 0
    for replicate in range(0, n_replicates, replicates):
        for point in range(0, n_points, points):
            number += 1
            if shard is not None and number % shard.of != shard.number % shard.of:
                continue
            block = Block(point, min(point + points, n_points), replicate, min(replicate + replicates, n_replicates))
            yield from _what_is_left(block, left)


def _what_is_left(block: Block, left: np.ndarray) -> Iterator[Block]:
    """Part a block into blocks of which nothing is done; replicates that lack the same points stay together."""
    part = left[block.within]
    changes = np.flatnonzero((part[:, 1:] != part[:, :-1]).any(axis=0)) + 1
    for first, stop in pairwise([0, *changes.tolist(), part.shape[1]]):
        edges = np.flatnonzero(np.diff(np.concatenate([[False], part[:, first], [False]])))
        for point, point_stop in edges.reshape(-1, 2).tolist():
            yield Block(
                block.point + point, block.point + point_stop, block.replicate + first, block.replicate + stop
            )


def address(block: Block, rows: str, model: str, study: str, attempt: int = 0) -> str:
    """Return the name of a chunk: the hash of its rows of the design, replicates, model and study."""
    content = [rows, block.point, block.replicate, block.replicate_stop, model, study, attempt]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:24]
