"""One run over many estates, held in blocks of estates that live side by side.

Estates of a district touch each other through those above alone: at every evaluation the scores of all estates are
added up, in whole numbers, and what follows from them is worked out in each block alike. Between evaluations blocks
run on as many threads as there are; a run is the same bits in one block, in many, and on any number of threads.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

import numpy as np

from agents.rules.estate import EstateWhole
from agents.rules.street_committee import StreetWhole, is_inspected
from sim.layout import layout
from sim.population import Values, build_state
from sim.state import State, copy_into, copy_state

BLOCK = 64
"""Estates in a block: enough work for a thread between evaluations, little enough for its cache."""

Months = Callable[[State, np.recarray, np.ndarray, int, int, np.ndarray], None]
Schedule = tuple[np.recarray, np.ndarray]
"""A table of values, and the row of it in force in each month."""


class Pool(Protocol):
    """What blocks run on."""

    def map(self, function: Callable[[Any], Any], items: Iterable[Any], /) -> Iterable[Any]:
        """Call the function for each item and give the results in order."""


class District:
    """All estates of one run; blocks : their states, each of a number of estates under the same values."""

    def __init__(self, blocks: Sequence[State], part: Sequence[int], pool: Pool | None = None) -> None:
        self.blocks = blocks
        self._part = part
        self._pool = pool

    @classmethod
    def build(
        cls,
        parts: Sequence[tuple[Sequence[int], Values]],
        seed: int,
        replicate: int,
        n_cases: int = 0,
        n_log: int = 0,
        pool: Pool | None = None,
        whole: bool = False,
    ) -> "District":
        """Build all estates before the first month; the arguments are those of `sim.population.build_state`.

        parts : the numbers of estates that share the values they start from; pool : threads to build and run blocks
        on, none by default; whole : put each part into one block.
        """
        where = layout(parts)
        blocks = [
            (number, estates[start : start + size])
            for number, (estates, _) in enumerate(parts)
            for size in [len(estates) if whole else BLOCK]
            for start in range(0, len(estates), size)
        ]

        def build(block: tuple[int, Sequence[int]]) -> State:
            number, estates = block
            values = parts[number][1]
            return build_state(values, seed, replicate, n_cases=n_cases, n_log=n_log, estates=estates, district=where)

        return cls(list(_each(pool, build, blocks)), [number for number, _ in blocks], pool)

    def copy(self) -> "District":
        """Return an independent copy; what never changes is shared."""
        return District([copy_state(block) for block in self.blocks], self._part, self._pool)

    def copy_into(self, target: "District") -> None:
        """Write what changes over that of `target`, a copy."""
        for ours, theirs in zip(self.blocks, target.blocks, strict=True):
            copy_into(ours, theirs)

    def run(self, months: Months, schedules: Sequence[Schedule], first: int, last: int, out: np.ndarray) -> None:
        """Run the months first <= month < last.

        schedules : for each part the table of values and the row of it in force in each of these months;
        out : (month, total, estate), the estates by their numbers, or no months to keep none.
        """
        if len(self.blocks) == 1:
            months(self.blocks[0], *schedules[0], first, last, out)
            return
        begin = first
        while begin < last:
            end = begin + 1
            while end < last and not is_inspected(end):
                end += 1
            if is_inspected(begin):
                self._evaluate([(table, int(rows[begin - first])) for table, rows in schedules])
            stretch = slice(begin - first, end - first)

            def live(block: tuple[State, int], begin: int = begin, end: int = end, at: slice = stretch) -> np.ndarray:
                state, part = block
                table, rows = schedules[part]
                counted = np.zeros((end - begin if len(out) else 0, *state.record.shape), np.int64)
                months(state, table, rows[at], begin, end, counted)
                return counted

            counted = _each(self._pool, live, list(zip(self.blocks, self._part, strict=True)))
            for block, totals in zip(self.blocks, counted, strict=True):
                if len(out):
                    out[stretch, :, block.estate_n[EstateWhole.ID]] = totals
            begin = end

    def _evaluate(self, in_force: Sequence[tuple[np.recarray, int]]) -> None:
        """Let the district look at all estates, whichever block they are in; in_force : table and row of each part."""
        from sim.engine.serving import appraise

        for block, part in zip(self.blocks, self._part, strict=True):
            appraise(block, *in_force[part])
        for column in (StreetWhole.SCORES, StreetWhole.LED):
            found = np.sum([block.street_n[column] for block in self.blocks], axis=0)
            for block in self.blocks:
                block.street_n[column] = found

    def life(self) -> np.ndarray:
        """Return how and at which age issues ended, (end, age)."""
        return np.asarray(np.sum([block.life for block in self.blocks], axis=0))

    def history(self) -> np.ndarray:
        """Return the lines of the cases' history, by month and, within one, by estate."""
        lines = np.concatenate([block.log[: block.log_n[0]] for block in self.blocks])
        return lines[np.lexsort((lines[:, 1], lines[:, 0]))] if len(self.blocks) > 1 else lines


def _each(pool: Pool | None, function: Callable[[Any], Any], blocks: Sequence[Any]) -> Iterable[Any]:
    """Call the function for each block, on the pool where there is one and more than one block."""
    return pool.map(function, blocks) if pool is not None and len(blocks) > 1 else map(function, blocks)
