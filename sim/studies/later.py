"""What the arms of a study came to: at the end, some months after the policy month, and how far each moved.

Where nobody sends bills none is paid (`sim.unbilled`); a run that failed has no numbers.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import InputError
from sim.studies.compute import OK
from sim.studies.dataset import read_table
from sim.studies.runner import Opened
from sim.unbilled import with_unbilled

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_ROW = np.dtype([("when", int), ("arm", int), ("point", int), ("replicate", int), ("value", float)])


def ends_of(opened: Opened, outcomes: Sequence[str]) -> "pd.DataFrame":
    """Return every run with what its outcomes came to: scenario, place, point, replicate and the outcomes.

    Raises InputError where the study has no runs yet.
    """
    table = read_table(opened.store, "runs", ["scenario", "place", "point", "replicate", "status", *outcomes])
    if table is None:
        raise _no_runs(opened)
    frame: pd.DataFrame = table.to_pandas()
    finished = frame.pop("status") == OK
    for name in outcomes:
        own = frame[name].to_numpy(float, na_value=np.nan)
        frame[name] = np.where(finished, with_unbilled(name, own), np.nan)
    return frame


def _no_runs(opened: Opened) -> InputError:
    path = opened.store.path
    return InputError(f"{path} holds no runs yet; linli study resume {path} makes them.")


def kept(opened: Opened, outcome: str, months: Sequence[int]) -> bool:
    """Say whether a study kept an outcome in these months; month 0 ends where the policy month begins."""
    study = opened.study
    return "series" in study.keep and outcome in study.outcomes and (not study.at or set(months) <= set(study.at))


def values_after(opened: Opened, outcome: str, months: Sequence[int]) -> np.ndarray:
    """Return an outcome after some months, (month, arm, point, replicate), NaN where missing.

    Raises InputError where the study has no runs yet.
    """
    arms = {(world.label, world.place): k for k, world in enumerate(opened.work.worlds)}
    parts = [_looked_at(opened, name, outcome, months, arms) for name in opened.store.names("series")]
    if not parts:
        raise _no_runs(opened)
    rows = np.concatenate(parts)
    values = np.full((len(months), len(arms), len(opened.design), int(rows["replicate"].max()) + 1), np.nan)
    values[rows["when"], rows["arm"], rows["point"], rows["replicate"]] = rows["value"]
    return values


def drifts(opened: Opened, outcome: str, months: int) -> np.ndarray | None:
    """Return how far each arm moved since the policy month, (arm, point, replicate); None where it was not kept."""
    if not kept(opened, outcome, [0, months]):
        return None
    before, after = values_after(opened, outcome, [0, months])
    return np.asarray(after - before)


def _looked_at(
    opened: Opened, name: str, outcome: str, after: Sequence[int], arms: Mapping[tuple[str, str], int]
) -> np.ndarray:
    """Return the values of one chunk after these months."""
    import pyarrow.compute as pc

    table = opened.store.table(name, ["scenario", "place", "point", "replicate", "month", outcome])
    last = [month - 1 for month in after]
    table = table.filter(pc.is_in(table["month"], value_set=_array(last)))
    rows = np.empty(table.num_rows, _ROW)
    rows["when"] = np.searchsorted(last, table["month"].to_numpy())
    labels = zip(table["scenario"].to_pylist(), table["place"].to_pylist(), strict=True)
    rows["arm"] = [arms[pair] for pair in labels]
    rows["point"], rows["replicate"] = table["point"].to_numpy(), table["replicate"].to_numpy()
    rows["value"] = with_unbilled(outcome, table[outcome].to_numpy(zero_copy_only=False).astype(float))
    return rows


def _array(months: Sequence[int]) -> "pa.Array":
    import pyarrow as pa

    return pa.array(months, pa.int64())
