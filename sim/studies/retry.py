"""Repeat the runs of a study that failed: their rows are replaced, the others stay as they are."""

from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.studies import ledger
from sim.studies.chunks import Block
from sim.studies.compute import FAILED
from sim.studies.runner import How, Session, check_how, computed, opened_for_work, session_of
from sim.studies.stopping import stopping
from sim.studies.store import name_of


def retry(path: Path, how: How) -> Session:
    """Repeat the runs that failed, and only those.

    Raises InputError where a file is not as the manifest lists it, and where all that is missing cannot be built.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    check_how(how)
    with opened_for_work(path, how) as opened, stopping() as stopped:
        kept = opened.store
        kept.require_whole()
        if not kept.failed and kept.impossible:
            raise InputError(
                f"{path}: no run failed; {kept.impossible} runs are of combinations that cannot be built, which no "
                "repeating helps: their rows say why."
            )
        old = {name: ledger.block_of(entry) for name, entry in kept.chunks.items() if entry["failed"]}
        if how.ready is not None and how.cluster is None:
            how.ready()
        if how.total is not None:
            how.total(kept.failed)
        failed: dict[Block, str] = {}
        tasks = []
        for name, block in old.items():
            runs = kept.table(name_of("runs", name), ["run", "status"]).to_pylist()
            only = frozenset(_run_id(run["run"]) for run in runs if run["status"] == FAILED)
            failed[block] = name
            tasks.append(opened.task(block, only))
        for task, tables in computed(opened, iter(tasks), how, stopped):
            name, whole = failed[task.block], {}
            again = pa.array([f"{p}-{a}-{r}" for p, a, r in sorted(task.only or ())])
            for table, fresh in tables.items():
                there = kept.table(name_of(table, name))
                there = there.filter(pc.invert(pc.is_in(there["run"], again)))
                whole[table] = _ordered(pa.concat_tables([there, fresh]))
            rows = opened.design.hash(task.block.point, task.block.point_stop)
            kept.add(task.block, whole, opened.model, rows, replaces=name)
        return session_of(opened, stopped.is_set())


def _run_id(text: str) -> tuple[int, int, int]:
    point, arm, replicate = map(int, text.split("-"))
    return point, arm, replicate


def _ordered(table: Any) -> Any:
    """Put rows in the order in which a chunk is written: by run, those of a run as they are."""
    import numpy as np

    keys = np.array([_run_id(run) for run in table["run"].to_pylist()], np.int64).reshape(-1, 3)
    return table.take(np.lexsort((keys[:, 2], keys[:, 1], keys[:, 0])))
