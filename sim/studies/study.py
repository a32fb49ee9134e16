"""A study as Python sees it: run one, or open one that is there."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.studies import dataset
from sim.studies.runner import How, resume, start
from sim.studies.store import DESIGN, read_store

if TYPE_CHECKING:
    import pandas as pd


class StudyResults:
    """The runs of a study that are there, as pandas frames; units in `.attrs["units"]`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._store = read_store(path)

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What was asked, which code ran, and which chunks count."""
        return self._store.manifest

    @cached_property
    def design(self) -> "pd.DataFrame":
        """One row a point; missing where the scenario keeps its own value."""
        return self._store.frame(DESIGN)

    @cached_property
    def runs(self) -> "pd.DataFrame":
        """One row a run: its keys, the values of its point, status, message and every outcome kept."""
        found = dataset.frame(self._store, "runs")
        if found is None:
            raise InputError(f"{self.path} holds no runs yet; linli study resume {self.path} makes them.")
        if len(self.design.columns) == 1:
            return found
        units = found.attrs["units"]
        joined = found.merge(self.design, on="point", how="left")
        joined.attrs["units"] = units
        return joined

    @cached_property
    def series(self) -> "pd.DataFrame":
        """One row a run and month."""
        return self._kept("series")

    @cached_property
    def cases(self) -> "pd.DataFrame":
        """One row a case."""
        return self._kept("cases", "cases")

    @cached_property
    def case_events(self) -> "pd.DataFrame":
        """One row an event in the life of a case."""
        return self._kept("case_events", "cases")

    def _kept(self, table: str, key: str = "") -> "pd.DataFrame":
        found = dataset.frame(self._store, table)
        if found is None:
            raise InputError(
                f'{self.path}: {table} were not kept; ask for them in the study: keep = ["{key or table}"].'
            )
        return found

    def hash(self) -> str:
        """Hash every row, sorted: equal for equal studies, however they were made."""
        return dataset.dataset_hash(self._store)


def run(
    study: str | Path | Mapping[str, Any],
    out: str | Path,
    *,
    threads: int | None = None,
    workers: int | None = None,
    cluster: Any = None,
    chunk: int | None = None,
) -> StudyResults:
    """Run a study into a new folder.

    study : a study file, the name of a shipped one, or its keys as a mapping; cluster : `local:N`, the
    address of a dask scheduler, or a cluster or client of dask, which stays open; chunk : runs of a chunk.

    Raises InputError where the study is wrong or the folder holds something else.
    """
    session = start(study, Path(out), How(threads=threads, workers=workers, cluster=cluster), chunk=chunk)
    if session.stopped:
        raise KeyboardInterrupt
    return StudyResults(Path(out))


def open(path: str | Path, *, finish: bool = False) -> StudyResults:
    """Open the folder of a study; `finish` makes the runs that are not there yet.

    Raises InputError where there is no study or its manifest was changed.
    """
    if finish:
        resume(Path(path), How())
    return StudyResults(Path(path))
