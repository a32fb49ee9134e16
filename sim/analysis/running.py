"""Make the runs of an analysis block by block and keep one number per run and outcome, and a mark of each run."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from sim.outcomes import OUTCOMES, judge, series
from sim.replicate import Kept
from sim.runs import Batch, Progress, simulate
from sim.scenarios import World
from sim.unbilled import with_unbilled

ROOM = 3e8
"""Bytes of monthly totals that are held at a time."""


@dataclass
class Judged:
    """What became of every world, by its fingerprint.

    values : (run,) by outcome, NaN where missing or where the run failed; where nobody bills none is paid. moves : how
    far each run itself moved, from the month before the policy to the last, (run,) by outcome, NaN for means over the
    policy months. marks : of
    each run a hash of its monthly totals, equal where runs are the same bit for bit. failed : what went wrong, a text
    per run that did not finish.
    """

    outcomes: tuple[str, ...]
    seed: int
    replicates: int
    values: dict[str, dict[str, np.ndarray]] = field(default_factory=dict)
    moves: dict[str, dict[str, np.ndarray]] = field(default_factory=dict)
    marks: dict[str, tuple[bytes, ...]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def of(self, world: World, outcome: str) -> np.ndarray:
        """Return one outcome of a world, (run,)."""
        return self.values[world.fingerprint()][outcome]

    def moved(self, world: World, outcome: str) -> np.ndarray:
        """Return how far a world itself moved in one outcome, (run,): an effect smaller than that is read with care."""
        return self.moves[world.fingerprint()][outcome]

    def same(self, one: World, other: World) -> bool:
        """Say whether all runs of two worlds are the same bit for bit."""
        return self.marks[one.fingerprint()] == self.marks[other.fingerprint()]

    def missing(self, worlds: Sequence[World]) -> list[World]:
        """Return those of the worlds that have not been run, each once, whatever its label."""
        return list({world.fingerprint(): world for world in worlds if world.fingerprint() not in self.values}.values())

    def make(self, worlds: Sequence[World], threads: int | None = None, progress: Progress | None = None) -> None:
        """Run those of the worlds that have not been run.

        Every world has the same seed and replicates, so that runs are paired: same households, same luck.
        """
        new = self.missing(worlds)
        if not new:
            return
        size = 8 * sum(math.prod(Kept.shape(world)) for world in new)
        step = max(1, int(ROOM / size))
        blocks = [range(first, min(first + step, self.replicates)) for first in range(0, self.replicates, step)]
        kept = [
            [self._kept(batch) for batch in simulate(
                new, replicates=block, seed=self.seed, threads=threads, progress=progress
            )]
            for block in blocks
        ]  # fmt: skip
        for world, parts in zip(new, zip(*kept, strict=True), strict=True):
            key = world.fingerprint()
            self.values[key] = {name: np.concatenate([part[0][name] for part in parts]) for name in self.outcomes}
            self.moves[key] = {name: np.concatenate([part[1][name] for part in parts]) for name in self.outcomes}
            self.marks[key] = tuple(mark for part in parts for mark in part[2])

    def _kept(self, batch: Batch) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], tuple[bytes, ...]]:
        """Return, of a batch of runs, the values, the moves and the marks."""
        months = series(batch.totals, batch.first, self.outcomes)
        bad = np.array([text != "ok" for text in batch.status])
        self.failed += [text for text in batch.status if text != "ok"]
        values, moves = {}, {}
        for name, found in judge(months, batch.first).items():
            last, before = (with_unbilled(name, months[name][:, month]) for month in (-1, batch.first - 1))
            values[name] = np.where(bad, np.nan, with_unbilled(name, found))
            moves[name] = np.where(bad | OUTCOMES[name].total, np.nan, last - before)
        return values, moves, tuple(hashlib.blake2b(run.tobytes(), digest_size=16).digest() for run in batch.totals)
