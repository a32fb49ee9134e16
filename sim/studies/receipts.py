"""What an analysis keeps beside its studies: tables, and as the last the receipt that says what made them."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import manifest as receipt
from sim.errors import InputError
from sim.stored import MANIFEST, Listed, manifest_text, seal, sha256
from sim.studies.dataset import dataset_hash
from sim.studies.store import Store, read_store, write

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = 2
"""Raised when the layout of such a folder changes."""


def keep_table(path: Path, frame: "pd.DataFrame") -> None:
    """Write a table as Parquet, whole or not at all."""
    import pyarrow as pa

    from sim.store import write_table

    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata()
    write(path, partial(write_table, table))


def keep_receipt(
    out: Path,
    kind: str,
    command: str,
    *,
    told: Mapping[str, Any],
    studies: Mapping[str, Path],
    names: Sequence[str],
) -> None:
    """Write the receipt of an analysis: who made it, from which studies, and the hashes of its files.

    told : what else it says; studies : their folders by name; names : the files in `out` that it vouches for.
    """
    content = {
        "schema": SCHEMA,
        "kind": kind,
        "command": command,
        **told,
        "model_hash": receipt.model_hash(),
        "code": receipt.commit(),
        "evidence": receipt.evidence(),
        "machine": receipt.machine(),
        "ended": receipt.now(),
        "studies": {name: dataset_hash(read_store(path)) for name, path in studies.items()},
        "study_seals": {name: runs_seal(read_store(path)) for name, path in studies.items()},
        "files": [
            {"name": name, "bytes": (out / name).stat().st_size, "sha256": sha256(out / name)} for name in names
        ],
    }
    text = manifest_text(content)
    write(out / MANIFEST, lambda path: path.write_text(text, encoding="utf-8"))


def runs_seal(study: Store) -> str:
    """Return what tells the runs of a study from those of any other: hash of its design and of its chunks' seals."""
    chunks = [[name, entry["seal"]] for name, entry in study.chunks.items()]
    return seal([study.manifest["design"]["hash"], study.manifest["arms"], chunks])


def listed_of(folder: Path, manifest: Mapping[str, Any], command: str) -> Listed:
    """Return the files of an analysis, to be read; command : what makes them again."""
    return Listed.of(folder, manifest["files"], lambda name: f"{command} makes it again")


def require_same_runs(folder: Path, manifest: Mapping[str, Any], name: str, path: Path, command: str) -> Store:
    """Open a study that an analysis is of.

    Raises InputError where it holds other runs than those that were analysed.
    """
    study = read_store(path)
    told = manifest.get("study_seals", {}).get(name)
    if told is not None and told != runs_seal(study):
        raise InputError(f"{path} holds other runs than those that {folder} was made of; {command} analyses them.")
    return study
