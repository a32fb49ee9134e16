"""One run over many estates, held in blocks of estates that live side by side.

Estates of a district touch each other through those above alone: at every evaluation the scores of all estates are
added up, in whole numbers, and what follows from them is worked out in each block alike. Between evaluations blocks
run on as many threads as there are; a run is the same bits in one block, in many, and on any number of threads.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Protocol

import numpy as np

from agents.rules.estate import EstateWhole as E
from agents.rules.street_committee import StreetWhole, is_inspected
from sim.population import Values, build_state
from sim.state import State, copy_into, copy_state

BLOCK = 64
"""Estates in a block: enough work for a thread between evaluations, little enough for its cache."""

Months = Callable[[State, np.recarray, np.ndarray, int, int, np.ndarray], None]


class Pool(Protocol):
    """What blocks run on."""

    def map(self, function: Callable[[Any], Any], items: Iterable[Any], /) -> Iterable[Any]:
        """Call the function for each item and give the results in order."""


class District:
    """All estates of one run; blocks : their states, in order."""

    def __init__(self, blocks: Sequence[State], pool: Pool | None = None) -> None:
        self.blocks = blocks
        self._pool = pool

    @classmethod
    def build(
        cls,
        values: Values,
        seed: int,
        replicate: int,
        n_cases: int = 0,
        n_log: int = 0,
        pool: Pool | None = None,
        whole: bool = False,
    ) -> "District":
        """Build all estates before the first month; the arguments are those of `sim.population.build_state`.

        pool : threads to build and run blocks on, none by default; whole : put all estates into one block.
        """
        n_estates = int(values["population.n_estates"])
        size = n_estates if whole else BLOCK
        blocks = [range(start, min(start + size, n_estates)) for start in range(0, n_estates, size)]

        def build(estates: range) -> State:
            return build_state(values, seed, replicate, n_cases=n_cases, n_log=n_log, estates=estates)

        return cls(list(_each(pool, build, blocks)), pool)

    def copy(self) -> "District":
        """Return an independent copy; what never changes is shared."""
        return District([copy_state(block) for block in self.blocks], self._pool)

    def copy_into(self, target: "District") -> None:
        """Write what changes over that of `target`, a copy."""
        for ours, theirs in zip(self.blocks, target.blocks, strict=True):
            copy_into(ours, theirs)

    def run(self, months: Months, table: np.recarray, rows: np.ndarray, first: int, last: int, out: np.ndarray) -> None:
        """Run the months first <= month < last; the arguments are those of `sim.engine.month.run_months`."""
        if len(self.blocks) == 1:
            months(self.blocks[0], table, rows, first, last, out)
            return
        begin = first
        while begin < last:
            end = begin + 1
            while end < last and not is_inspected(end):
                end += 1
            if is_inspected(begin):
                self._evaluate(table, int(rows[begin - first]))
            stretch = slice(begin - first, end - first)
            live = partial(_run, months, table, rows[stretch], begin, end, len(out) > 0)
            counted = list(_each(self._pool, live, self.blocks))
            if len(out):
                out[stretch] = np.concatenate(counted, axis=2)
            begin = end

    def _evaluate(self, table: np.recarray, row: int) -> None:
        """Let the district look at all estates, whichever block they are in."""
        from sim.engine.evaluating import appraise

        for block in self.blocks:
            appraise(block, table, row)
        earlier = np.zeros(self.blocks[0].street_n.shape[1], np.int64)
        for block in self.blocks:
            block.estate_n[E.CLAIM_BEFORE] += earlier[block.estate_n[E.STREET]]
            earlier += block.street_n[StreetWhole.CLAIMS]
        for column in (StreetWhole.SCORES, StreetWhole.CLAIMS):
            together = np.sum([block.street_n[column] for block in self.blocks], axis=0)
            for block in self.blocks:
                block.street_n[column] = together

    def life(self) -> np.ndarray:
        """Return how and at which age issues ended, (end, age)."""
        return np.asarray(np.sum([block.life for block in self.blocks], axis=0))

    def history(self) -> np.ndarray:
        """Return the lines of the cases' history, by month and, within one, estate block by estate block."""
        lines = np.concatenate([block.log[: block.log_n[0]] for block in self.blocks])
        return lines[np.argsort(lines[:, 0], kind="stable")] if len(self.blocks) > 1 else lines


def _each(pool: Pool | None, function: Callable[[Any], Any], blocks: Sequence[Any]) -> Iterable[Any]:
    """Call the function for each block, on the pool where there is one and more than one block."""
    return pool.map(function, blocks) if pool is not None and len(blocks) > 1 else map(function, blocks)


def _run(
    months: Months, table: np.recarray, rows: np.ndarray, first: int, last: int, keep: bool, block: State
) -> np.ndarray:
    """Run some months of a block and return what was counted, (month, total, estate), no months unless `keep`."""
    counted = np.zeros((last - first if keep else 0, *block.record.shape), np.int64)
    months(block, table, rows, first, last, counted)
    return counted
