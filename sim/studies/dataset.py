"""Read the chunks of a study: frames for people, and the hash of all rows that says whether two studies are equal."""

import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.studies.store import TABLES, Store

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

KEYS = ("point", "scenario", "place", "replicate")


def read_table(store: Store, table: str, columns: Sequence[str] | None = None) -> "pa.Table | None":
    """Return a table of all chunks that count, chunk after chunk, None where it was not kept.

    Raises InputError where a chunk is not as the manifest lists it.
    """
    import pyarrow as pa

    parts = [store.table(name, columns) for name in store.names(table)]
    return pa.concat_tables(parts) if parts else None


def frame(store: Store, table: str) -> "pd.DataFrame | None":
    """Return a table as a pandas frame in the order of its keys; units in `.attrs["units"]`."""
    from sim.results import UNITS

    found = read_table(store, table)
    if found is None:
        return None
    shown: pd.DataFrame = found.take(_order(store, found)).to_pandas()
    shown.attrs["units"] = UNITS
    return shown


def dataset_hash(store: Store) -> str:
    """Hash every row that counts, sorted, column by column (sha256, hexadecimal).

    Equal for equal runs, however they were cut into chunks, and by whomever they were made.
    """
    digest = hashlib.sha256()
    for table in TABLES:
        keys = read_table(store, table, KEYS)
        if keys is None or not keys.num_rows:
            continue
        order = _order(store, keys)
        names = read_table_names(store, table)
        for name in names:
            column = read_table(store, table, [name])
            assert column is not None
            digest.update(f"{table}.{name}\0".encode())
            _add(digest, column[name].combine_chunks().take(order))
    return digest.hexdigest()


def read_table_names(store: Store, table: str) -> list[str]:
    """Return the columns of a table, sorted."""
    return store.columns(store.names(table)[0])


def _order(store: Store, keys: "pa.Table") -> np.ndarray:
    """Return the order by point, arm and replicate; rows of one run stay in theirs."""
    arms = {(label, place): k for k, (label, place, _) in enumerate(store.manifest["arms"])}
    labels = zip(keys["scenario"].to_pylist(), keys["place"].to_pylist(), strict=True)
    arm = np.array([arms[pair] for pair in labels], np.int64)
    return np.lexsort((keys["replicate"].to_numpy(), arm, keys["point"].to_numpy()))


def _add(digest: Any, column: "pa.Array") -> None:
    """Add a column to a hash: what is missing, then the values."""
    missing = np.asarray(column.is_null().to_numpy(zero_copy_only=False))
    digest.update(np.packbits(missing).tobytes())
    if str(column.type) in ("string", "large_string"):
        digest.update(json.dumps(column.to_pylist(), ensure_ascii=False, separators=(",", ":")).encode())
    else:
        values = column.fill_null(0).to_numpy(zero_copy_only=False)
        digest.update(str(values.dtype).encode() + np.ascontiguousarray(values).tobytes())
