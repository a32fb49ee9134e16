"""What it costs to check a file before it is read: `python benchmarks/reading.py 400`.

The monthly series of this many replicates of two scenarios are written as a study writes them. Shown: the file's
size, the time of SHA-256, that of reading the file and that of reading and ordering it as
`sim.studies.open(...).series` does, and the first as a share of the others. Times are processor time, medians of five
rounds in which each has its turn.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa


def table(replicates: int) -> "pa.Table":
    """Return the monthly series of two scenarios as a study keeps them."""
    import pyarrow as pa

    import sim
    from sim.store import table_of

    found = table_of(sim.compare(["market", "red_station"], months=120, replicates=replicates).series_columns())
    names = pa.array([f"0-0-{run}" for run in found["run"].to_pylist()])
    point = pa.array(np.zeros(found.num_rows, np.int64))
    return found.set_column(0, "run", names).append_column("point", point)


def spent(work: Callable[[], object]) -> float:
    """Return the seconds of processor time that a call takes, on all threads: other processes do not count."""
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    """Measure a table of as many rows as asked for."""
    from sim.store import write_table
    from sim.stored import sha256
    from sim.studies import dataset
    from sim.studies.store import Store

    series = table(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "series" / "chunk.parquet"
        path.parent.mkdir()
        write_table(series, path)
        size = path.stat().st_size
        arms = [["market", "trapped", ""], ["red_station", "trapped", ""]]
        files = {"series": {"bytes": size, "sha256": sha256(path)}}
        kept = Store(Path(folder), {"inputs": {}, "arms": arms, "chunks": {"chunk": {"files": files}}})
        time.sleep(0.2)
        kept.file("series/chunk.parquet")  # from here on it is known to be whole, and reading costs no check
        ways = {
            "SHA-256": lambda: sha256(path),
            "read as a table": lambda: kept.table("series/chunk.parquet"),
            "read as a frame": lambda: dataset.frame(kept, "series"),
        }
        rounds = [{name: spent(work) for name, work in ways.items()} for _ in range(5)]
    found = {name: statistics.median(one[name] for one in rounds) for name in ways}
    print(f"{series.num_rows} rows, {series.num_columns} columns, {size / 1e6:.0f} MB")
    for name, seconds in found.items():
        print(f"{name:<18} {seconds:7.3f} s   SHA-256 is {found['SHA-256'] / seconds:6.1%} of it")


if __name__ == "__main__":
    main()
