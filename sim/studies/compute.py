"""Make the runs of one chunk and return them as tables. The same here, in another process and on a cluster."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError, NoRoomError
from sim.outcomes import judge, series
from sim.runs import Batch, simulate
from sim.scenarios import World
from sim.studies.chunks import Block
from sim.studies.design import Design
from sim.studies.schema import Study
from sim.studies.settling import declared_rates, settled
from sim.studies.worlds import with_values

if TYPE_CHECKING:
    import pyarrow as pa

Progress = Callable[[int], None]
KEYS = ("point", "scenario", "place", "replicate")
MOST_REPLICATES_OF_A_LUCK = 4096
"""Replicates of a point whose luck is numbered: they are those from luck times this on."""
OK = "ok"
FAILED = "failed"
"""The run came to no end: an error of the program or of its machine, which may not come again."""
IMPOSSIBLE = "impossible"
"""No such world can be built from these values together, and no run of it ever will."""
_CANNOT_BE_BUILT = "cannot be built: "


@dataclass(frozen=True)
class Work:
    """What has to be known to make any run of a study: its arms without a point's values, seed and what is kept."""

    worlds: tuple[World, ...]
    seed: int
    outcomes: tuple[str, ...]
    keep: tuple[str, ...]
    at: tuple[int, ...] = ()
    """Months after which the series are kept, 0 at the policy month; all where there are none."""
    own: frozenset[str] = frozenset()
    """Factors that are laid only over scenarios and months that set them."""
    kept: tuple[frozenset[str], ...] = ()
    """What each arm sets for itself, which no factor moves; empty where none does."""
    settle: int = 0
    """Lucks on which places are settled again at every point; 0: they keep their intercept."""
    rates: tuple[float, ...] = ()
    """Payment rate that the place of each arm is settled at."""

    @classmethod
    def of(cls, study: Study, worlds: Sequence[World]) -> "Work":
        """Return what has to be known of a study whose arms are resolved."""
        at = study.sensitivity.at if study.sensitivity else study.at
        own = frozenset(factor.path for factor in study.factors if factor.own)
        kept = tuple(frozenset(values) for values in study.sets)
        rates = declared_rates(study, worlds)
        return cls(tuple(worlds), study.seed, study.outcomes, study.keep, at, own, kept, study.settle, rates)

    def arm(self, number: int) -> "Work":
        """Return the work of one arm alone."""
        one = slice(number, number + 1)
        return replace(self, worlds=self.worlds[one], kept=self.kept[one], rates=self.rates[one])

    def laid_over(self, values: Mapping[str, float | int], threads: int | None = None) -> list[World]:
        """Return every arm with the values of a point, in places that are settled again if the study says so."""
        kept = self.kept or (frozenset(),) * len(self.worlds)
        worlds = [with_values(world, values, self.own, own) for world, own in zip(self.worlds, kept, strict=True)]
        return settled(worlds, self.rates, self.seed, self.settle, threads) if self.settle else worlds


@dataclass(frozen=True)
class Task:
    """A chunk with its own rows of the design; `only` restricts it to (point, arm, replicate)."""

    block: Block
    rows: Design
    only: frozenset[tuple[int, int, int]] | None = None


@dataclass(frozen=True)
class Run:
    """Which run a row of a batch is."""

    point: int
    arm: int
    replicate: int

    @property
    def name(self) -> str:
        """Name of the run: point, scenario and replicate, each counted from 0."""
        return f"{self.point}-{self.arm}-{self.replicate}"


def compute(work: Work, task: Task, threads: int | None, progress: Progress | None = None) -> "dict[str, pa.Table]":
    """Make the runs of a chunk; a run that raises becomes a row that says so."""
    if task.only is None:
        return _tables(work, *_made(work, task.block, task.rows, threads, progress))
    parts: list[tuple[list[Run], list[Batch]]] = []
    for point, arm, replicate in sorted(task.only):
        block = Block(point, point + 1, replicate, replicate + 1)
        rows = Design(task.rows.paths, task.rows.matrix[point - task.block.point : point - task.block.point + 1])
        runs, batches = _made(work.arm(arm), block, rows, threads, progress)
        parts.append(([replace(run, arm=arm) for run in runs], batches))
    return _tables(work, [run for runs, _ in parts for run in runs], [batch for _, some in parts for batch in some])


def _made(
    work: Work, block: Block, rows: Design, threads: int | None, progress: Progress | None
) -> tuple[list[Run], list[Batch]]:
    """Return one batch per point and arm, and which runs they hold, in that order."""
    replicates = range(block.replicate, block.replicate_stop)
    worlds = [world for row in range(len(rows)) for world in work.laid_over(rows.values(row), threads)]
    runs = [
        Run(block.point + row, arm, r)
        for row in range(len(rows))
        for arm in range(len(work.worlds))
        for r in replicates
    ]
    keep_cases = "cases" in work.keep
    if any(lucks := rows.lucks):
        n = len(work.worlds)
        batches = []
        for luck, some in groupby(range(len(rows)), key=lucks.__getitem__):
            own = [luck * MOST_REPLICATES_OF_A_LUCK + r for r in replicates]
            part = [world for row in some for world in worlds[row * n : (row + 1) * n]]
            batches += _possible(part, own, work.seed, threads, keep_cases, progress)
        return runs, batches
    return runs, _possible(worlds, replicates, work.seed, threads, keep_cases, progress)


def _possible(
    worlds: Sequence[World],
    replicates: Sequence[int],
    seed: int,
    threads: int | None,
    cases: bool,
    progress: Progress | None,
) -> list[Batch]:
    """Make runs; those of a combination of values that no world can have become rows that say so."""
    try:
        return _simulate(worlds, replicates, seed, threads, cases, progress)
    except InputError:  # find it, and keep the others
        return [_alone(world, replicates, seed, threads, cases) for world in worlds]


def _alone(world: World, replicates: Sequence[int], seed: int, threads: int | None, cases: bool) -> Batch:
    """Return the runs of one world, without any numbers where it cannot be built or has no room here."""
    from sim.replicate import HISTORY, Kept

    try:
        return _simulate([world], replicates, seed, threads, cases, None)[0]
    except InputError as error:
        kept = Kept.empty(world, len(replicates))
        months = np.arange(-min(HISTORY, world.spinup), world.months)
        text = f"InputError: {error}" if isinstance(error, NoRoomError) else f"{_CANNOT_BE_BUILT}{error}"
        status = (text,) * len(replicates)
        return Batch(world, seed, np.asarray(replicates), months, kept.totals, status, kept.ends, tuple(kept.histories))


def _simulate(
    worlds: Sequence[World],
    replicates: Sequence[int],
    seed: int,
    threads: int | None,
    cases: bool,
    progress: Progress | None,
) -> list[Batch]:
    """Make runs: the one place where a study calls the model."""
    return simulate(worlds, replicates=replicates, seed=seed, threads=threads, progress=progress, cases=cases)


# --- tables ---------------------------------------------------------------------------------------------------------


def _tables(work: Work, runs: Sequence[Run], batches: Sequence[Batch]) -> "dict[str, pa.Table]":
    status = [text for batch in batches for text in batch.status]
    values = _outcomes(work, batches, status)
    labels = [(world.label, world.place) for world in work.worlds]
    failed = np.array([text != "ok" for text in status])
    columns: dict[str, np.ndarray] = {
        "run": np.array([run.name for run in runs], object),
        **_keys(runs, labels),
        "seed": np.full(len(runs), work.seed, np.int64),
        "status": np.array([_state(text) for text in status], object),
        "message": np.array([None if text == "ok" else text for text in status], object),
    }
    tables = {"runs": _table(columns | values.judged)}
    if "series" in work.keep:
        good = np.flatnonzero(~failed)
        tables["series"] = _table(_series(runs, labels, good, values, work.at))
    if "cases" in work.keep:
        tables |= _cases(runs, labels, batches)
    return tables


def _state(text: str) -> str:
    """Say in a word what became of a run."""
    if text == "ok":
        return OK
    return IMPOSSIBLE if text.startswith(_CANNOT_BE_BUILT) else FAILED


def _table(columns: dict[str, np.ndarray]) -> "pa.Table":
    import pyarrow as pa

    from sim.store import table_of

    table = table_of(columns)
    if "message" not in columns:
        return table
    return table.set_column(table.schema.get_field_index("message"), pa.field("message", pa.string()), table["message"])


def _keys(runs: Sequence[Run], labels: Sequence[tuple[str, str]]) -> dict[str, np.ndarray]:
    return {
        "point": np.array([run.point for run in runs], np.int64),
        "scenario": np.array([labels[run.arm][0] for run in runs], object),
        "place": np.array([labels[run.arm][1] for run in runs], object),
        "replicate": np.array([run.replicate for run in runs], np.int64),
    }


@dataclass(frozen=True)
class _Values:
    """Outcomes of the runs of some batches: `judged` one number per run; `months` by run and month."""

    judged: dict[str, np.ndarray]
    by_month: list[tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]]
    """Of every group of batches with equal shapes: the rows of its runs, the months, the outcomes (run, month)."""


def _outcomes(work: Work, batches: Sequence[Batch], status: Sequence[str]) -> _Values:
    """Work out the outcomes of all batches of equal shape at once; NaN where a run failed."""
    first_row = np.cumsum([0] + [len(batch.status) for batch in batches])
    groups: dict[tuple[Any, ...], list[int]] = {}
    for k, batch in enumerate(batches):
        groups.setdefault((*batch.totals.shape[1:], batch.first), []).append(k)
    judged = {name: np.full(len(status), np.nan) for name in work.outcomes}
    by_month = []
    for members in groups.values():
        rows = np.concatenate([np.arange(first_row[k], first_row[k + 1]) for k in members])
        first = batches[members[0]].first
        found = series(np.concatenate([batches[k].totals for k in members]), first)
        ends = judge(found, first)
        bad = np.array([status[row] != "ok" for row in rows])
        for name in work.outcomes:
            judged[name][rows] = np.where(bad, np.nan, ends[name])
        by_month.append((rows, batches[members[0]].months, {name: found[name] for name in work.outcomes}))
    return _Values(judged, by_month)


def _series(
    runs: Sequence[Run], labels: Sequence[tuple[str, str]], good: np.ndarray, values: _Values, at: Sequence[int]
) -> dict[str, np.ndarray]:
    """Return the columns of the series of the runs that did not fail, in the order of the runs."""
    kept = set(good.tolist())
    parts: dict[int, dict[str, np.ndarray]] = {}
    for rows, months, found in values.by_month:
        kept_months = np.isin(months, np.asarray(at) - 1) if at else np.ones(len(months), bool)
        months, found = months[kept_months], {name: table[:, kept_months] for name, table in found.items()}
        for position, row in enumerate(rows.tolist()):
            if row in kept:
                run = _keys([runs[row]], labels) | {"run": np.array([runs[row].name], object)}
                parts[row] = {
                    **{name: np.repeat(run[name], len(months)) for name in ("run", *KEYS)},
                    "month": months.astype(np.int64),
                    **{name: table[position] for name, table in found.items()},
                }
    if not parts:
        nothing = {"run": np.zeros(0, object), **_keys([], labels), "month": np.zeros(0, np.int64)}
        return nothing | {name: np.zeros(0) for name in values.judged}
    order = sorted(parts)
    return {name: np.concatenate([parts[row][name] for row in order]) for name in parts[order[0]]}


def _cases(runs: Sequence[Run], labels: Sequence[tuple[str, str]], batches: Sequence[Batch]) -> "dict[str, pa.Table]":
    """Return every case and every event of the runs that did not fail."""
    from sim import case_records

    tables = {}
    for name, of in (("cases", case_records.cases_of), ("case_events", case_records.events_of)):
        columns = case_records.columns(batches, of)
        rows = [runs[number] for number in columns["run"].tolist()]
        named = {"run": np.array([run.name for run in rows], object)} | _keys(rows, labels)
        named["case_id"] = case_records.case_ids(named["run"], columns["estate"], columns["case"])
        tables[name] = _table({**columns, **named})
    return tables
