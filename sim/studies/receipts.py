"""What an analysis keeps beside its studies: tables, and as the last the receipt that says what made them."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import manifest as receipt
from sim.studies.dataset import dataset_hash
from sim.studies.ledger import MANIFEST
from sim.studies.store import read_store, write

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = 1
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
    from sim.store import sha256

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
        "files": [{"name": name, "sha256": sha256(out / name)} for name in names],
    }
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    write(out / MANIFEST, lambda path: path.write_text(text, encoding="utf-8"))
