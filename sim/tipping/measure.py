"""From the runs of the three studies to tidy tables: one number with its interval per row, missing ones as nulls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.stability import TWO_REGIMES, Found, mean_of, months_before, share_of
from sim.studies.dataset import read_table
from sim.studies.store import Store, read_store
from sim.tipping.boundary import fold_curve
from sim.tipping.layout import FOLDER, LOOP, MEMORIES, PAYMENT, STATES, SUPPORT, memory_points
from sim.tipping.mean_field import equilibria, regimes
from sim.tipping.request import WITHDRAWN, Request

if TYPE_CHECKING:
    import pandas as pd

CELL = ("end_low", "end_high", "end_gap", "escape", "fall", "dwell_low", "dwell_high")
"""Stability outcomes that every cell of the phase diagram has."""
TABLES = ("phase", "fold", "loop", "mean_field", "support", "memory", "stability")
UP, DOWN = "up", "down"
FINE = 121
"""Levels of the ramp at which the mean field is worked out."""


@dataclass(frozen=True)
class Runs:
    """What the studies hold, NaN where a value is missing or a run failed.

    states : payment rate, (point, run, month); loop : payment rate, (dwell, run, month); support : by outcome,
    (arm, run, month), the first arm without support. Months count from the policy month.
    """

    states: np.ndarray
    loop: np.ndarray
    support: Mapping[str, np.ndarray]

    @classmethod
    def read(cls, out: Path) -> "Runs":
        """Read the studies of a folder."""
        stores = {name: read_store(out / FOLDER / name) for name in (STATES, LOOP, SUPPORT)}
        states = cube_of(stores[STATES], [PAYMENT])[PAYMENT][:, 0]
        return cls(states, cube_of(stores[LOOP], [PAYMENT])[PAYMENT][0], {
            name: values[0] for name, values in cube_of(stores[SUPPORT], MEMORIES).items()
        })  # fmt: skip


def cube_of(store: Store, outcomes: Sequence[str]) -> dict[str, np.ndarray]:
    """Return outcomes of the months from the policy month on, each (point, arm, replicate, month)."""
    told = store.manifest
    shape = (told["design"]["points"], len(told["arms"]), told["replicates"], told["months"])
    cubes = {name: np.full(shape, np.nan) for name in outcomes}
    table = read_table(store, "series", ["point", "scenario", "replicate", "month", *outcomes])
    if table is None:
        return cubes
    labels = [label for label, _, _ in told["arms"]]
    scenario = table["scenario"].combine_chunks().dictionary_encode()
    arms = np.array([labels.index(label) for label in scenario.dictionary.to_pylist()], np.int64)
    arm = arms[scenario.indices.to_numpy()] if len(arms) else np.zeros(0, np.int64)
    month = table["month"].to_numpy()
    later = month >= 0
    where = tuple(
        column[later] for column in (table["point"].to_numpy(), arm, table["replicate"].to_numpy(), month)
    )
    for name, cube in cubes.items():
        cube[where] = table[name].to_numpy()[later]
    return cubes


def cell_outcomes(low: np.ndarray, high: np.ndarray, threshold: float) -> dict[str, Found]:
    """Return the CELL outcomes of runs from the low and the high start, payment rates (run, month), paired by run."""
    above, below = low >= threshold, high < threshold  # a month without a value is neither
    months_low, months_high = months_before(above), months_before(below)
    last = low.shape[1]
    return {
        "end_low": mean_of(low[:, -1]),
        "end_high": mean_of(high[:, -1]),
        "end_gap": mean_of(high[:, -1] - low[:, -1]),
        "escape": share_of(months_low < last),
        "fall": share_of(months_high < last),
        "dwell_low": mean_of(months_low.astype(float)),
        "dwell_high": mean_of(months_high.astype(float)),
    }


def verdict(gap: Found) -> str:
    """Say whether a cell has one regime or two, or whether the runs do not tell."""
    if gap.low > TWO_REGIMES:
        return "two"
    return "one" if gap.high <= TWO_REGIMES else "undecided"


def _spread(found: Mapping[str, Found]) -> dict[str, Any]:
    """Lay outcomes out as columns: value, and the ends of its interval."""
    columns: dict[str, Any] = {}
    for name, each in found.items():
        columns |= {name: each.value, f"{name}_low": each.low, f"{name}_high": each.high}
    return columns


def phase(request: Request, runs: Runs) -> "pd.DataFrame":
    """Return a row per cell: the two factors, CELL outcomes with intervals, how many runs, how many regimes."""
    import pandas as pd

    rows = []
    cells = [(x, y) for x in request.across.values for y in request.up.values]
    for k, (x, y) in enumerate(cells):
        low, high = runs.states[2 * k], runs.states[2 * k + 1]
        found = cell_outcomes(low, high, request.threshold)
        rows.append(
            {"across": x, "up": y}
            | _spread(found)
            | {"regimes": verdict(found["end_gap"]), "n": found["end_gap"].n}
            | {"missing_low": int(np.isnan(low[:, -1]).sum()), "missing_high": int(np.isnan(high[:, -1]).sum())}
        )
    return pd.DataFrame(rows)


def fold(request: Request) -> "pd.DataFrame":
    """Return the fold curve of the mean field, a row per line segment."""
    import pandas as pd

    values = request.world.segments[0].values
    across, up = request.across, request.up

    def count(x: float, y: float) -> int:
        return regimes({**values, across.path: x, up.path: y})

    segments = fold_curve(count, (across.values[0], across.values[-1]), (up.values[0], up.values[-1]))
    return pd.DataFrame(segments.reshape(-1, 4), columns=["across_0", "up_0", "across_1", "up_1"])


def levels_of(request: Request, runs: Runs, which: int) -> np.ndarray:
    """Return the payment rate in the last month at each level of a ramp, (run, step): up, then down again."""
    dwell = request.dwell[which]
    months = [month + dwell - 1 for month, _ in request.steps(dwell)]
    return np.asarray(runs.loop[which][:, months])


def loop(request: Request, runs: Runs) -> "pd.DataFrame":
    """Return a row per dwell time and step of the ramp."""
    import pandas as pd

    n = len(request.ramp.values)
    rows = []
    for which, dwell in enumerate(request.dwell):
        values = levels_of(request, runs, which)
        for step, (_, level) in enumerate(request.steps(dwell)):
            found = mean_of(values[:, step])
            way = UP if step < n else DOWN
            rows.append(
                {"dwell": dwell, "step": step, "way": way, "level": level}
                | _spread({PAYMENT: found})
                | {"n": found.n, "above": share_of(values[:, step] >= request.threshold).value}
            )
    return pd.DataFrame(rows)


def mean_field(request: Request) -> "pd.DataFrame":
    """Return the shares of payers that reproduce themselves in the mean field, at fine levels of the ramp."""
    import pandas as pd

    values = request.world.segments[0].values
    ends = request.ramp.values[0], request.ramp.values[-1]
    rows = [
        {"level": float(level), "share": each.share, "provider": each.provider, "stable": each.stable}
        for level in np.linspace(*ends, FINE)
        for each in equilibria({**values, request.ramp.path: float(level)})
    ]
    return pd.DataFrame(rows, columns=["level", "share", "provider", "stable"])


def gains(request: Request, runs: Runs) -> dict[tuple[int, str], np.ndarray]:
    """Return what support adds on equal luck, (run, month), by the month of its end and the outcome."""
    return {
        (end, name): values[1 + k] - values[0]
        for k, end in enumerate(WITHDRAWN)
        for name, values in runs.support.items()
    }


def support(request: Request, runs: Runs) -> "pd.DataFrame":
    """Return a row per end of support, outcome and month: the gain with its interval."""
    import pandas as pd

    rows = []
    for (end, name), gain in gains(request, runs).items():
        for month in range(gain.shape[1]):
            found = mean_of(gain[:, month])
            rows.append({"withdrawn": end, "outcome": name, "month": month} | _spread({"gain": found}) | {"n": found.n})
    return pd.DataFrame(rows)


def memory_runs(request: Request, runs: Runs) -> dict[tuple[str, str], np.ndarray]:
    """Return the payment rate, (run, month), by start and the state variable that comes from the other start."""
    first = 2 * len(request.across.values) * len(request.up.values)
    return {
        (start, path): runs.states[first + k] for k, (start, path, _) in enumerate(memory_points(request))
    }


def memory(request: Request, runs: Runs) -> "pd.DataFrame":
    """Return a row per start, exchanged state variable and year: the payment rate with its interval."""
    import pandas as pd

    rows = []
    for (start, path), values in memory_runs(request, runs).items():
        for month in range(11, values.shape[1], 12):
            found = mean_of(values[:, month])
            rows.append(
                {"start": start, "exchanged": path or None, "month": month} | _spread({PAYMENT: found}) | {"n": found.n}
            )
    return pd.DataFrame(rows)
