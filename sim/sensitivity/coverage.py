"""Which part of a sample is analysed where runs are missing: whole blocks, and a sentence that says how many.

Whether a run is missing because it failed, was not made yet or cannot be built is told apart here. What an outcome
comes to in the runs that are there, and whether it exists there, is not looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.errors import InputError
from sim.sensitivity.plan import Plan
from sim.sensitivity.sampling import block_rows
from sim.studies.compute import FAILED, IMPOSSIBLE
from sim.studies.dataset import read_table
from sim.studies.runner import Opened

CANNOT, CRASHED, LEFT = "cannot be built", "failed", "are not there yet"
"""What is said of runs that are missing."""
BLOCKS = {"morris": "trajectories", "shapley": "trajectories", "sobol": "base points", "dgsm": "base points"}
"""What blocks of rows are called; where rows are alone, points."""


@dataclass(frozen=True)
class Coverage:
    """What is analysed of a sample.

    whole : (row,), whether every run of a row is there, in all scenarios and from all starts; size : rows of a block;
    blocks : what blocks are called; replicates : analysed of each point, of so many wanted; gone : by what is missing,
    in how many blocks it is.
    """

    whole: np.ndarray
    size: int
    blocks: str
    replicates: int
    wanted: int
    gone: Mapping[str, int]

    @property
    def kept(self) -> np.ndarray:
        """Blocks in which nothing is missing, (block,)."""
        return np.asarray(self.whole.reshape(-1, self.size).all(axis=1))

    @property
    def is_all(self) -> bool:
        """Whether nothing is missing."""
        return bool(self.whole.all()) and self.replicates == self.wanted

    def as_data(self) -> dict[str, object]:
        """Return it for a receipt."""
        kept = {"kept": int(self.kept.sum()), "of": len(self.kept), "replicates": [self.replicates, self.wanted]}
        return {"blocks": self.blocks} | kept | {"left_out": dict(self.gone)}

    def in_words(self) -> str:
        """Say what is analysed, and what that means."""
        kept, n = int(self.kept.sum()), len(self.kept)
        told = f"NOT THE WHOLE SAMPLE: {kept} of {n} {self.blocks} ({100 * kept / n:.0f} %)"
        if self.replicates < self.wanted:
            told += f", with {self.replicates} of {self.wanted} replicates"
        reasons = ", ".join(f"{number} with runs that {why}" for why, number in self.gone.items())
        told += f"; left out whole: {reasons}." if reasons else "."
        if CANNOT in self.gone:
            told += (
                " What cannot be built is no random part of the ranges: indices are those over the combinations that "
                "can be built in every scenario."
            )
        if CRASHED in self.gone or LEFT in self.gone or self.replicates < self.wanted:
            told += " Indices and intervals are those of a smaller sample, and will change when the rest is there."
        return told


def coverage(opened: Opened, plan: Plan, *, partial: bool) -> Coverage:
    """Find out which rows of a sample have all their runs.

    partial : analyse what is there; otherwise all has to be there but what cannot be built, and that too unless the
    plan drops what is missing.

    Raises InputError where more is missing than may be, or too little is left.
    """
    store = opened.store
    left = sum(block.n_pairs for block in opened.left()) * opened.n_arms
    may_drop = partial or plan.asked.missing == "drop"
    analysis, wanted = store.path.parent, opened.replicates
    if (left or store.failed) and not partial:
        said, right = (f"{left} runs {LEFT}", "resume") if left else (f"{store.failed} runs {CRASHED}", "retry")
        raise InputError(
            f"{store.path}: {said}; linli study {right} {store.path} makes them, and linli sensitivity {analysis} "
            "--partial analyses what is there."
        )
    if store.impossible and not may_drop:
        how = "--missing drop" if plan.asked.missing == "error" else "--partial"
        raise InputError(
            f"{store.path}: {store.impossible} runs {CANNOT}, and no repeating helps; the first: {_first(opened)} "
            f"linli sensitivity {analysis} {how} leaves out the parts of the sample that they are in."
        )
    states = _states(opened, len(plan.starts))
    size = block_rows(plan)
    replicates = _replicates(states, size) if partial else wanted
    some = states[:, :, :replicates]
    whole = np.asarray((some == _THERE).all(axis=(0, 2)))
    if not whole.all() and plan.method == "fast":
        lost = int((~whole).sum())
        raise InputError(f"{store.path}: {lost} rows lack runs, and FAST can drop none; take another method.")
    blocks = some.transpose(1, 0, 2).reshape(len(whole) // size, -1)
    gone = {why: int((blocks == code).any(axis=1).sum()) for code, why in _WHY.items()}
    gone = {why: number for why, number in gone.items() if number}
    found = Coverage(whole, size, BLOCKS.get(plan.method, "points"), replicates, wanted, gone)
    if found.kept.sum() < 2:
        raise InputError(
            f"{store.path}: only {int(found.kept.sum())} of {len(found.kept)} {found.blocks} has all its runs, and two "
            f"are the least; {'narrow the ranges' if not left + store.failed else 'make more of the runs first'}."
        )
    return found


_THERE, _NOT_YET, _FAILED, _IMPOSSIBLE = range(4)
_WHY = {_IMPOSSIBLE: CANNOT, _FAILED: CRASHED, _NOT_YET: LEFT}


def _states(opened: Opened, n_starts: int) -> np.ndarray:
    """Return what became of every run, (arm and start, row, replicate)."""
    n_points = len(opened.design)
    found = np.full((opened.n_arms, n_points, opened.replicates), _NOT_YET, np.int8)
    table = read_table(opened.store, "runs", ["run", "status"])
    if table is not None:
        code = {FAILED: _FAILED, IMPOSSIBLE: _IMPOSSIBLE}
        runs = np.array([run.split("-") for run in table["run"].to_pylist()], np.int64).reshape(-1, 3)
        became = [code.get(status, _THERE) for status in table["status"].to_pylist()]
        found[runs[:, 1], runs[:, 0], runs[:, 2]] = became
    parted = found.reshape(opened.n_arms, n_points // n_starts, n_starts, -1)
    return parted.transpose(0, 2, 1, 3).reshape(opened.n_arms * n_starts, n_points // n_starts, -1)


def _replicates(states: np.ndarray, size: int) -> int:
    """Return how many replicates of each point are analysed: so that most runs are, and two where two are wanted."""
    wanted = states.shape[2]
    there = np.logical_and.accumulate((states == _THERE).all(axis=0), axis=1)  # (row, replicate)
    blocks = there.reshape(-1, size, wanted).all(axis=1).sum(axis=0)
    least = min(2, wanted)
    return max(range(least, wanted + 1), key=lambda n: (n * blocks[n - 1], n))


def _first(opened: Opened) -> str:
    """Return what is said of the first run that cannot be built."""
    table = read_table(opened.store, "runs", ["run", "status", "message"])
    assert table is not None
    rows = [row for row in table.to_pylist() if row["status"] == IMPOSSIBLE]
    first = min(rows, key=lambda row: [int(number) for number in row["run"].split("-")])
    return f"run {first['run']} {first['message'].rstrip('.')}."
