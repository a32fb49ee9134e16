"""Check a study years later: every file by its hash, and some runs by making them again, bit for bit."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.draws import Draw, stream_key, uniforms
from sim.errors import InputError
from sim.scenarios.values import shortened
from sim.store import REPORT
from sim.stored import bytes_of, is_whole_page
from sim.studies import ledger, store
from sim.studies.chunks import Block
from sim.studies.compute import compute
from sim.studies.crate import crate_text
from sim.studies.runner import Opened, open_study
from sim.studies.store import CRATE, Store

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Verdict:
    """What was checked and what was wrong: files, and runs made again."""

    files: int
    runs: int
    problems: tuple[str, ...]


def verify(path: Path, n_runs: int, *, pick: int = 0, threads: int | None = None) -> Verdict:
    """Check all files of a study and make `n_runs` of its runs again.

    pick : another number picks other runs.

    Raises InputError where there is no study, or its manifest was changed.
    """
    kept = store.read_store(path)
    problems = list(changed_files(kept))
    n_files = 2 + len(kept.manifest["inputs"]) + sum(len(entry["files"]) for entry in kept.chunks.values())
    if problems or not kept.chunks or not n_runs:
        return Verdict(n_files, 0, tuple(problems))
    opened = open_study(kept)
    names = _picked(kept, n_runs, pick)
    for name in names:
        problems += rerun(opened, name, threads).differences
    return Verdict(n_files, len(names), tuple(problems))


def changed_files(kept: Store) -> list[str]:
    """Say which files are not as the manifest lists them, and which it does not list."""
    problems = [f"{name} {found}" for name in kept.listed if (found := kept.problem(name))]
    crate, page = kept.path / CRATE, kept.path / REPORT
    if crate.exists() and bytes_of(crate) != crate_text(kept).encode():
        problems.append(f"{CRATE} is not that of this study; linli study export writes it anew")
    if page.exists() and not is_whole_page(bytes_of(page) or b""):
        problems.append(f"{REPORT} is not as it was written; linli report writes it anew")
    known = {kept.path / name for name in (*kept.listed, ledger.MANIFEST, CRATE, REPORT)}
    strange = sorted(path for path in kept.path.rglob("*") if not path.is_dir() and path not in known)
    return problems + [f"{path.relative_to(kept.path).as_posix()} does not belong to the study" for path in strange]


def _picked(kept: Store, n: int, pick: int) -> list[str]:
    """Pick some runs that are there, spread over the chunks by chance."""
    blocks, n_arms = kept.blocks, len(kept.manifest["arms"])
    sizes = np.array([block.n_pairs * n_arms for block in blocks])
    ends = np.cumsum(sizes)
    u = uniforms(
        stream_key(kept.manifest["seed"], pick), Draw.DESIGN, month=0, estate=1, unit=np.arange(2 * n), ordinal=0
    )
    names: dict[str, None] = {}
    for number in (u * ends[-1]).astype(np.int64).tolist():
        k = int(np.searchsorted(ends, number, side="right"))
        block, inside = blocks[k], number - int(ends[k] - sizes[k])
        pair, arm = divmod(inside, n_arms)
        row, column = divmod(pair, block.replicate_stop - block.replicate)
        names[f"{block.point + row}-{arm}-{block.replicate + column}"] = None
    return list(names)[:n]


@dataclass(frozen=True)
class Again:
    """A run made again: its row, and how it differs from the row that was kept."""

    row: "pa.Table"
    differences: tuple[str, ...]


def rerun(opened: Opened, name: str, threads: int | None = None) -> Again:
    """Make one run again and compare it, in every table that was kept, with what is there.

    Raises InputError where the study has no such run.
    """
    import pyarrow.compute as pc

    kept = opened.store
    point, arm, replicate = _parts(opened, name)
    holds = (chunk for chunk, entry in kept.chunks.items() if ledger.block_of(entry).holds(point, replicate))
    chunk = next(holds, None)
    if chunk is None:
        raise InputError(f"the run {name} is not there yet; linli study resume {kept.path} makes it.")
    entry = kept.chunks[chunk]
    alone = Block(point, point + 1, replicate, replicate + 1)
    fresh = compute(opened.work, opened.task(alone, frozenset({(point, arm, replicate)})), threads or 1)
    problems = []
    for table, found in fresh.items():
        there = kept.table(store.name_of(table, chunk))
        there = there.filter(pc.equal(there["run"], name))
        if there.num_rows != found.num_rows:
            problems.append(f"run {name}: {there.num_rows} rows of {table} are kept, and {found.num_rows} were made")
            continue
        for column in found.column_names:
            if there[column].to_pylist() != found[column].to_pylist():
                told, made = (shortened(str(two[column].to_pylist()[0])) for two in (there, found))
                where = f"{told} is kept, and {made} was made" if table == "runs" else "some rows differ"
                problems.append(f"run {name}, {table}.{column}: {where}")
    if entry["model"] != opened.model and problems:
        problems.append(f"run {name} was made by another version of the model, {entry['model']}")
    return Again(fresh["runs"], tuple(problems))


def _parts(opened: Opened, name: str) -> tuple[int, int, int]:
    words = name.split("-")
    right = (
        f"write POINT-SCENARIO-REPLICATE, each counted from 0, as in the column run; up to {len(opened.design) - 1}-"
    )
    right += f"{opened.n_arms - 1}-{opened.replicates - 1}"
    if len(words) != 3 or not all(word.isascii() and word.isdigit() and len(word) < 12 for word in words):
        raise InputError(f"{shortened(name)!r} is no run; {right}.")
    point, arm, replicate = map(int, words)
    if point >= len(opened.design) or arm >= opened.n_arms or replicate >= opened.replicates:
        raise InputError(f"there is no run {name}; {right}.")
    return point, arm, replicate
