"""The folder of a study: a Parquet dataset in chunks that count only once the manifest lists them.

    DIR/manifest.json            what was asked, and rows and SHA-256 of every chunk
    DIR/inputs/                  the study file as `study.toml`, and the user's files that it names
    DIR/design.parquet           a row per point
    DIR/runs/*.parquet           a row per run; and where they are kept: series/, cases/, case_events/

Every file is written under a temporary name, brought to disk and renamed, and then so is the manifest.
"""

import errno
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.store import PARTIAL, locked, sync_folder
from sim.stored import Listed, Told, bytes_of, problem_of, sha256
from sim.studies import ledger
from sim.studies.chunks import Block, address
from sim.studies.compute import FAILED, IMPOSSIBLE
from sim.studies.ledger import MANIFEST

if TYPE_CHECKING:
    import pyarrow as pa

INPUTS = "inputs"
STUDY = f"{INPUTS}/study.toml"
DESIGN = "design.parquet"
CRATE = "ro-crate-metadata.json"
TABLES = ("runs", "series", "cases", "case_events")


class Store(Listed):
    """An open study folder; only the process that holds its lock may change it."""

    def __init__(self, path: Path, manifest: dict[str, Any]) -> None:
        super().__init__(path, {}, lambda name: "")
        self.manifest = manifest

    def told(self, name: str) -> Told | None:
        """Return what the manifest says of a file, None where it does not list it."""
        if name in self.manifest["inputs"]:
            return Told(self.manifest["inputs"][name])
        if name == DESIGN:
            return Told(self.manifest["design"]["sha256"])
        table, _, file = name.partition("/")
        told = self.chunks.get(file.removesuffix(".parquet"), {"files": {}})["files"].get(table)
        return Told(told["sha256"], told["bytes"]) if told and file.endswith(".parquet") else None

    def remedy(self, name: str) -> str:
        """Say what to do about a file that is not as told."""
        if name in self.manifest["inputs"]:
            return "it is not the file that this study was started with; restore it"
        return f"linli study resume {self.path} makes it again"

    @property
    def chunks(self) -> dict[str, dict[str, Any]]:
        """Every chunk that counts, by its address."""
        chunks: dict[str, dict[str, Any]] = self.manifest["chunks"]
        return chunks

    @property
    def blocks(self) -> list[Block]:
        """What is done."""
        return [ledger.block_of(entry) for entry in self.chunks.values()]

    @property
    def failed(self) -> int:
        """Number of runs that came to no end."""
        return sum(entry["failed"] for entry in self.chunks.values())

    @property
    def impossible(self) -> int:
        """Number of runs of combinations of values that cannot be built."""
        return sum(entry.get("impossible", 0) for entry in self.chunks.values())

    def names(self, table: str) -> list[str]:
        """Return the files of a table that count, by their names in the folder."""
        return [name_of(table, chunk) for chunk, entry in self.chunks.items() if table in entry["files"]]

    @property
    def listed(self) -> list[str]:
        """Every file that the manifest lists, by its name in the folder."""
        return [*self.manifest["inputs"], DESIGN, *(name for table in TABLES for name in self.names(table))]

    def require_whole(self) -> None:
        """Raise InputError for the first file that is not as the manifest lists it."""
        for name in self.listed:
            self.file(name)

    def require_there(self) -> None:
        """Raise InputError unless the inputs are as listed, and all other files there, of the size listed."""
        for name in self.listed:
            told = self.told(name)
            size = told.bytes if told else None
            path = self.path / name
            if size is None or not path.is_file() or path.stat().st_size != size:
                self.file(name)

    def save(self) -> None:
        """Bring the manifest to disk."""
        text = ledger.written(self.manifest)
        write(self.path / MANIFEST, lambda path: path.write_text(text, encoding="utf-8"))

    def add(self, block: Block, tables: "Mapping[str, pa.Table]", model: str, rows: str, replaces: str = "") -> None:
        """Keep a chunk: its files first, then the manifest.

        rows : hash of its rows of the design; replaces : the chunk whose place it takes.
        """
        attempt = self.chunks[replaces]["attempt"] + 1 if replaces else 0
        name = address(block, rows, model, self.manifest["inputs"][STUDY], attempt)
        files = {}
        for table, content in tables.items():
            path = self.path / name_of(table, name)
            write(path, lambda path, content=content: _write_table(content, path))  # type: ignore[misc]
            files[table] = {"rows": content.num_rows, "bytes": path.stat().st_size, "sha256": sha256(path)}
        became = Counter(tables["runs"]["status"].to_pylist())
        entry = {
            "points": [block.point, block.point_stop],
            "replicates": [block.replicate, block.replicate_stop],
            "model": model,
            "attempt": attempt,
            "failed": became[FAILED],
            "impossible": became[IMPOSSIBLE],
            "files": files,
        }
        old = self.chunks.pop(replaces, None)
        self.chunks[name] = ledger.sealed_entry(entry)
        self.save()
        for table in old["files"] if old else ():
            (self.path / name_of(table, replaces)).unlink(missing_ok=True)

    def drop_broken(self) -> list[str]:
        """Take chunks out of the manifest whose files are gone or changed, and return what was wrong with them."""
        problems = {chunk: found for chunk in self.chunks if (found := self.problem_of_chunk(chunk))}
        for name in problems:
            del self.chunks[name]
        if problems:
            self.save()
        return list(problems.values())

    def problem_of_chunk(self, chunk: str) -> str:
        """Say what is wrong with the files of a chunk, "" where they are as the manifest lists them."""
        names = [name_of(table, chunk) for table in self.chunks[chunk]["files"]]
        return next((f"{name} {found}" for name in names if (found := self.problem(name))), "")

    def sweep(self) -> None:
        """Delete what a killed linli left behind: temporary files, and chunks that were not yet listed."""
        for table in TABLES:
            counted = {self.path / name for name in self.names(table)}
            for path in (self.path / table).glob("*"):
                if path not in counted and path.suffix in (".parquet", PARTIAL):
                    path.unlink(missing_ok=True)
        for path in (*self.path.glob(f"*{PARTIAL}"), *self.path.glob(f"{INPUTS}/**/*{PARTIAL}")):
            path.unlink(missing_ok=True)


def name_of(table: str, chunk: str) -> str:
    """Return the name of a chunk's table in the folder of its study."""
    return f"{table}/{chunk}.parquet"


def write(path: Path, fill: Callable[[Path], object]) -> None:
    """Write a file so that it is there whole or not at all, and on disk when this returns.

    Raises InputError where the system refuses; nothing that was there is lost.
    """
    partial = path.with_name(path.name + PARTIAL)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fill(partial)
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(partial, path)
        sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            partial.unlink()
        full = error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
        remedy = " make room, then" if full else ""
        raise InputError(
            f"cannot write {path}: {error.strerror or error}. What was finished is kept:{remedy} go on with "
            "linli study resume."
        ) from None


def _write_table(table: "pa.Table", path: Path) -> None:
    from sim.store import write_table

    write_table(table, path)


def write_folder(path: Path) -> None:
    """Make the folder of a study."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot make {path}: {error.strerror or error}.") from None


def create(path: Path, manifest: dict[str, Any], inputs: Mapping[str, bytes], design: "pa.Table") -> Store:
    """Lay out the folder of a new study, its manifest last."""
    for name, data in inputs.items():
        write(path / INPUTS / name, lambda partial, data=data: partial.write_bytes(data))  # type: ignore[misc]
    write_design(path, design)
    manifest["inputs"] = {f"{INPUTS}/{name}": sha256(path / INPUTS / name) for name in inputs}
    manifest["design"]["sha256"] = sha256(path / DESIGN)
    (path / "runs").mkdir(exist_ok=True)
    store = Store(path, manifest)
    store.save()
    return store


def write_design(path: Path, design: "pa.Table") -> None:
    """Write the points."""
    write(path / DESIGN, lambda partial: _write_table(design, partial))


def check_free(path: Path, inputs: Mapping[str, str]) -> None:
    """Raise InputError unless a new study may be put into a folder; what a killed start of it left is no hindrance.

    inputs : SHA-256 of the files that will lie in `inputs/`, by name in the folder.
    """
    for above in (path, *path.parents):
        if above.exists() and not above.is_dir():
            raise InputError(f"--out {path}: {above} is a file; name a folder, for example --out results/mine.")
    if (path / MANIFEST).exists():
        raise InputError(f"{path} holds a study or a result already; linli study resume {path} goes on with a study.")
    if any(path.glob("runs/*.parquet")):
        raise _no_study(path)
    held = sorted(entry.name for entry in path.iterdir()) if path.exists() else []
    foreign = [name for name in held if name not in (INPUTS, DESIGN, *TABLES) and not name.endswith(PARTIAL)]
    for file in sorted(path.glob(f"{INPUTS}/**/*")):
        name = file.relative_to(path).as_posix()
        if not (file.is_dir() or name.endswith(PARTIAL)) and problem_of(file, Told(inputs.get(name, ""))):
            foreign.append(name)
    if foreign:
        shown = ", ".join(foreign[:3]) + (", ..." if len(foreign) > 3 else "")
        raise InputError(f"{path} is not empty (it holds {shown}); name another folder with --out.")


def read_store(path: Path) -> Store:
    """Open the folder of a study to look at it.

    Raises InputError where there is no study, or its manifest was changed.
    """
    data = bytes_of(path / MANIFEST)
    if data is None:
        raise _no_study(path)
    return Store(path, ledger.read(data, f"{path / MANIFEST}"))


def _no_study(path: Path) -> InputError:
    if path.is_file():
        return InputError(f"{path} is a file; name the folder of a study, the DIR of linli study run FILE --out DIR.")
    if any(path.glob("runs/*.parquet")):
        return InputError(f"{path} holds runs and no {MANIFEST}, which says what they are; restore that file.")
    if (path.parent / MANIFEST).is_file():
        return InputError(f"{path} holds no study, but {path.parent} may; name that folder.")
    return InputError(f"{path} holds no study; linli study run FILE --out {path} starts one.")


@contextmanager
def open_store(path: Path) -> Iterator[Store]:
    """Open the folder of a study to change it, with other processes kept out; sweep it.

    Raises InputError as `read_store` does, and where another linli is at work in it.
    """
    if not path.is_dir():
        raise _no_study(path)
    with locked(path):
        store = read_store(path)
        store.sweep()
        yield store
