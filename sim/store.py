"""Where results are kept: a folder that appears whole or not at all, and Parquet files equal for equal runs.

Every file is first written beside its final name with the ending `.partial` and brought to disk, the manifest last.
From then on the result is there: what is left is to rename the files, and whoever comes after a kill does that.
A folder without a manifest holds no finished result.
"""

import errno
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import estates
from sim.case_records import FIELDS
from sim.errors import InputError
from sim.outcomes import OUTCOMES
from sim.results import UNITS, Arm, Results
from sim.scenarios import World
from sim.state import ENDS
from sim.stored import (
    MANIFEST,
    Listed,
    Told,
    bytes_of,
    checked_manifest,
    manifest_of,
    manifest_text,
    problem_of,
    reading,
    sha256,
)

__all__ = ["MANIFEST", "manifest_of", "sha256"]

if TYPE_CHECKING:
    import pyarrow as pa

RUNS = "runs.parquet"
SERIES = "series.parquet"
ENDS_OF_ISSUES = "ends.parquet"
CASES = "cases.parquet"
CASE_EVENTS = "case_events.parquet"
ESTATES = "estates.parquet"
DATA = (RUNS, SERIES, ENDS_OF_ISSUES, CASES, CASE_EVENTS, ESTATES)
NETWORK = "governance_network_*.graphml"
"""Pattern of the names of governance networks."""
REPORT = "report.html"
"""The page that `linli report` makes of a folder."""
PARTIAL = ".partial"


class Folder:
    """A folder that is being filled; its files get their names when the folder is complete."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.names: list[str] = []

    def add(self, name: str, write: Callable[[Path], object]) -> Path:
        """Write a file under its temporary name and bring it to disk; `write` is given the path to write to.

        Raises InputError where it cannot be written.
        """
        partial = self.path / (name + PARTIAL)
        self.names.append(name)
        with _in_words(self.path / name):
            partial.parent.mkdir(exist_ok=True)
            write(partial)
            with partial.open("rb+") as file:
                os.fsync(file.fileno())
        return partial

    def publish(self, manifest: Mapping[str, Any]) -> None:
        """Give the files their names, replacing those of an earlier result, and add the manifest as the last.

        Figures and data that the earlier result listed and this one lacks are deleted, and so is the page about it.
        """
        text = manifest_text(manifest)
        with _in_words(self.path):
            for folder in {(self.path / name).parent for name in self.names}:
                sync_folder(folder)
        self.add(MANIFEST, lambda path: path.write_text(text, encoding="utf-8"))
        with _in_words(self.path):
            sync_folder(self.path)
            _finish(self.path, set(self.names))


def _finish(path: Path, names: set[str]) -> None:
    """Give the files of a result that is all there their names, the manifest last; done twice it does nothing more."""
    partials = [*path.glob(f"*{PARTIAL}"), *path.glob(f"figures/*{PARTIAL}")]
    listed = {file["name"] for file in (_earlier(path) or {}).get("files", ())}
    for held in partials:
        if held.name != MANIFEST + PARTIAL:
            os.replace(held, held.with_name(held.name.removesuffix(PARTIAL)))
    for held in (*path.glob("figures/*"), *filter(_is_data, path.iterdir())):
        name = held.relative_to(path).as_posix()
        if name in listed and name not in names:
            held.unlink()
    (path / REPORT).unlink(missing_ok=True)
    for folder in {path, *(held.parent for held in partials)}:
        sync_folder(folder)
    os.replace(path / (MANIFEST + PARTIAL), path / MANIFEST)
    sync_folder(path)


def _earlier(path: Path) -> dict[str, Any] | None:
    """Return the manifest of the result that is replaced, None where it is not there or was harmed."""
    with suppress(InputError):
        return manifest_of(path)
    return None


def settle(path: Path) -> bool:
    """Finish what a killed linli had written whole, sweep away what it had not, and say whether there was a result.

    Raises InputError where another linli is at work in the folder.
    """
    if not (path / (MANIFEST + PARTIAL)).is_file():
        return False
    with locked(path, _finish_or_clear):
        return (path / MANIFEST).is_file()


def _finish_or_clear(path: Path) -> None:
    partial = path / (MANIFEST + PARTIAL)
    try:
        files = checked_manifest(bytes_of(partial) or b"", str(partial)).get("files", ())
        told = {str(file["name"]): Told(file["sha256"], file.get("bytes")) for file in files}
    except (InputError, KeyError, TypeError, AttributeError):  # it was not written to its end, or is that of a study
        told = {}
    there = ((path / (name + PARTIAL), path / name, about) for name, about in told.items())
    if told and all("" in (problem_of(one, about), problem_of(two, about)) for one, two, about in there):
        _finish(path, {*told, MANIFEST})
    _clear(path)


@contextmanager
def fill(path: Path, *, replace: bool = False) -> Iterator[Folder]:
    """Open a folder for a result; if anything goes wrong inside, nothing of it remains.

    replace : accept a folder that holds a result of linli, which stays until the new one is published.

    Raises InputError if the folder is of no use, holds something, or another linli is filling it.
    """
    with _in_words(path):
        check_free(path, replace=replace)
        made = [folder for folder in (path, *path.parents) if not folder.exists()]
        path.mkdir(parents=True, exist_ok=True)
    with locked(path):
        try:
            with _in_words(path):  # now, and not after all runs
                (path / f"begun{PARTIAL}").write_bytes(b"")
                (path / f"begun{PARTIAL}").unlink()
            yield Folder(path)
        except BaseException:
            _clear(path)
            raise
        finally:
            for folder in (path / "figures", *made):  # only those that are empty again
                with suppress(OSError):
                    folder.rmdir()


def check_free(path: Path, *, replace: bool = False) -> None:
    """Settle a folder, and raise InputError unless a result may be written to it; see `fill`."""
    finished = settle(path)
    for above in (path, *path.parents):
        if above.exists() and not above.is_dir():
            what = "is a file" if above == path else f"lies below {above}, which is a file"
            raise InputError(f"--out {path} {what}; name a folder, for example --out results/mine.")
    entries = [entry for entry in path.iterdir() if not _is_leftover(entry)] if path.exists() else []
    held = sorted(entry.name for entry in entries)
    ours = replace and all(entry.name in (MANIFEST, REPORT, "figures") or _is_data(entry) for entry in entries)
    if finished and not replace:
        raise InputError(
            f"{path} holds a result that a killed linli had written whole; it is finished now and nothing of it is "
            "lost. Use it, or name another folder with --out."
        )
    if held and not ours:
        shown = ", ".join(held[:3]) + (", ..." if len(held) > 3 else "")
        raise InputError(
            f"{path} is not empty (it holds {shown}) and nothing in it will be overwritten; "
            "name another folder with --out, or empty this one first."
        )


def _is_data(entry: Path) -> bool:
    """Say whether a file bears the name of a table or network of ours."""
    return entry.name in DATA or entry.match(NETWORK)


def _is_leftover(entry: Path) -> bool:
    """Say whether a killed linli left this behind: a temporary file, or a folder with nothing else."""
    if entry.is_dir():
        return entry.name == "figures" and all(_is_leftover(below) for below in entry.iterdir())
    return entry.name.endswith(PARTIAL)


def _clear(path: Path) -> None:
    for leftover in (*path.glob(f"*{PARTIAL}"), *path.glob(f"figures/*{PARTIAL}")):
        with suppress(OSError):
            leftover.unlink()


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Turn what the operating system refuses into an InputError; its remedy is the user's."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        if error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
            reason += "; make room or name another place with --out"
        raise InputError(f"cannot write {path}: {reason}. Nothing was kept.") from None


@contextmanager
def locked(path: Path, sweep: Callable[[Path], None] = _clear) -> Iterator[None]:
    """Keep other processes of linli out of a folder, and sweep it; the lock goes with the process."""
    if os.name != "posix":
        sweep(path)
        yield
        return
    import fcntl

    with _in_words(path):
        handle = os.open(path, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(f"another linli is writing to {path}; wait for it, or name another folder.") from None
        sweep(path)
        yield
    finally:
        os.close(handle)


def write_file(path: Path, data: bytes) -> None:
    """Write a file of its own so that it is there whole or not at all.

    Raises InputError where it cannot be written.
    """
    partial = path.with_name(path.name + PARTIAL)
    with _in_words(path):
        try:
            partial.write_bytes(data)
            os.replace(partial, path)
        finally:
            partial.unlink(missing_ok=True)


def sync_folder(path: Path) -> None:
    """Bring the names in a folder to disk, where the system can open folders."""
    if os.name == "posix":
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


# --- Parquet ------------------------------------------------------------------------------------------------------


def table_of(columns: Mapping[str, np.ndarray]) -> "pa.Table":
    """Return an Arrow table: missing values are nulls, counted in the metadata of their column beside its unit."""
    import pyarrow as pa

    fields, arrays = [], []
    for name, values in columns.items():
        masked = isinstance(values, np.ma.MaskedArray)
        if masked:
            array = pa.array(np.ma.getdata(values), mask=np.ma.getmaskarray(values))
        elif values.dtype == object:
            array = pa.array(values, pa.string(), from_pandas=True)
        else:
            array = pa.array(values, from_pandas=True)
        about = {"unit": UNITS[name]} if name in UNITS else {}
        if name in OUTCOMES:
            about |= {"label": OUTCOMES[name].label, "about": OUTCOMES[name].about}
        elif name in FIELDS and "case" in columns:
            about |= {"about": FIELDS[name][1]}
        elif name in estates.FIELDS and "sub_district" in columns:
            about |= dict(zip(("unit", "about"), estates.FIELDS[name], strict=True))
        nullable = masked or name in OUTCOMES
        about |= {"missing": str(array.null_count)} if nullable else {}
        fields.append(pa.field(name, array.type, nullable=nullable, metadata=about or None))
        arrays.append(array)
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def write_table(table: "pa.Table", path: Path) -> None:
    """Write a Parquet file; equal tables give equal bytes."""
    import pyarrow.parquet as pq

    texts = [field.name for field in table.schema if str(field.type) in ("string", "large_string")]
    pq.write_table(table, path, compression="zstd", use_dictionary=texts)


def add_tables(folder: Folder, results: Results) -> dict[str, int]:
    """Write runs, series and ends and, where their history was kept, the cases; return the number of rows of each."""
    wanted = {RUNS: results.run_columns, SERIES: results.series_columns, ENDS_OF_ISSUES: results.ends_columns}
    wanted[ESTATES] = partial(estates.columns, results)
    if results.has_cases:
        wanted |= {CASES: results.case_columns, CASE_EVENTS: results.event_columns}
    rows = {}
    for name, columns in wanted.items():
        found = columns()
        if found:
            table = table_of(found)
            folder.add(name, lambda path, table=table: write_table(table, path))  # type: ignore[misc]
            rows[name] = table.num_rows
    return rows


def add_networks(folder: Folder, worlds: Sequence[World]) -> list[str]:
    """Write the governance network of every scenario as GraphML and return the names of the files."""
    from sim.governance_network import write_graphml

    several = len({world.place for world in worlds}) > 1
    names: list[str] = []
    for world in worlds:
        stem = re.sub(r"\W+", "_", f"{world.label} {world.place}" if several else world.label)
        name = NETWORK.replace("*", stem)
        if name in names:
            continue
        names.append(name)
        folder.add(name, lambda path, world=world: write_graphml(world.segments[0].values, path))  # type: ignore[misc]
    return names


def listed_of(path: Path, manifest: Mapping[str, Any]) -> Listed:
    """Return the files of a run or a comparison, to be read."""
    command = manifest.get("command") or "linli"
    return Listed.of(path, manifest["files"], lambda name: f"restore it, or make the result again: {command}")


def read_results(path: Path) -> Results:
    """Read the results that `add_tables` wrote.

    Raises InputError where there are none, or a file is not as the manifest lists it.
    """
    manifest = manifest_of(path)
    if manifest is None:
        raise InputError(f"{path} holds no {MANIFEST}, so it is no finished result.")
    with reading(path, manifest):
        return Results(_arms(listed_of(path, manifest)))


def _arms(kept: Listed) -> list[Arm]:
    """Read the scenarios of a result."""
    runs, long = kept.table(RUNS), kept.table(SERIES)
    place, scenario = (runs[name].to_pylist() for name in ("place", "scenario"))
    keys = list(dict.fromkeys(zip(place, scenario, strict=True)))
    arm_of_run = np.array([keys.index(key) for key in zip(place, scenario, strict=True)])
    arm_of_row = arm_of_run[long["run"].to_numpy()]
    seed, replicates, month = runs["seed"].to_numpy(), runs["replicate"].to_numpy(), long["month"].to_numpy()
    status = np.array(runs["status"].to_pylist(), object)
    values = {name: long[name].to_numpy() for name in OUTCOMES}
    ends = _read_ends(kept, len(arm_of_run))
    arms = []
    for k, (where, label) in enumerate(keys):
        mine = arm_of_run == k
        n = int(mine.sum())
        months = month[arm_of_row == k].reshape(n, -1)[0]
        table = {name: column[arm_of_row == k].reshape(n, -1) for name, column in values.items()}
        ended = None if ends is None else ends[mine]
        arms.append(Arm(where, label, int(seed[mine][0]), replicates[mine], tuple(status[mine]), months, table, ended))
    return arms


def _read_ends(kept: Listed, n_runs: int) -> np.ndarray | None:
    """Return the ends of issues, (run, end, age), None where they were not kept."""
    if kept.told(ENDS_OF_ISSUES) is None:
        return None
    table = kept.table(ENDS_OF_ISSUES)
    return np.stack([table[name].to_numpy().reshape(n_runs, -1) for name in (*ENDS, "open")], axis=1)
