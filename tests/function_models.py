"""Test functions with known indices in the place of the model: the whole pipeline runs but `compute`.

The factors are parameters with wide bounds, given the ranges that the functions want.
"""

import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

import sim.sensitivity
from sim.studies import pools
from sim.studies.compute import KEYS, _table
from sim.studies.design import Design

PI = float(np.pi)
PATHS = (
    "household.b_quality", "household.b_trust", "household.b_social", "household.b_habit", "household.b_enforcement",
    "household.b_covenant", "household.b_suasion", "household.b_reactance",
)  # fmt: skip

ISHIGAMI_S1 = np.array([0.31390519114781146, 0.4424111447900409, 0.0])
ISHIGAMI_ST = np.array([0.5575888552099592, 0.4424111447900409, 0.24368366406214773])
ISHIGAMI_S13 = 0.24368366406214773
ISHIGAMI_SHAPLEY = ISHIGAMI_S1 + np.array([0.5, 0, 0.5]) * ISHIGAMI_S13
ISHIGAMI_VARIANCE = 13.844587940719254
G_A = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])
G_V = 1 / (3 * (1 + G_A) ** 2)
G_VARIANCE = float(np.prod(1 + G_V) - 1)
G_S1 = G_V / G_VARIANCE
G_ST = G_V * np.prod(1 + G_V) / (1 + G_V) / G_VARIANCE


def ishigami(x: np.ndarray) -> np.ndarray:
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def sobol_g(x: np.ndarray) -> np.ndarray:
    return np.prod((np.abs(4 * x - 2) + G_A) / (1 + G_A), axis=1)


Function = Callable[[np.ndarray], np.ndarray]
RANGES = {ishigami: [[-PI, PI]] * 3, sobol_g: [[0.0, 1.0]] * 8}


def study_of(
    function: Function, method: str, n: int, *, seed: int = 1, replicates: int = 2, **more: Any
) -> dict[str, Any]:
    return {
        "question": "Are the indices those that are known?",
        "scenarios": ["market"],
        "months": 1,
        "replicates": replicates,
        "seed": seed,
        "outcomes": ["arrears"],
        "factors": {path: {"range": bounds} for path, bounds in zip(PATHS, RANGES[function], strict=False)},
        "sensitivity": {"method": method, "n": n} | more,
    }


def put_in_place(
    monkeypatch: Any,
    function: Function,
    *,
    noise: float = 0.0,
    gone: Sequence[int] = (),
    lost: Mapping[int, str] | None = None,
    odd: float | None = None,
    of_arm: Sequence[float] = (0.0,),
    pseudo_noise: bool = False,
) -> None:
    """Let `function` be the model.

    noise : standard deviation of a normal law, keyed by luck and replicate; gone : points without an outcome; lost :
    points without a run, with the status of their rows; odd : stands in one row of the series; of_arm : what every
    scenario adds;
    pseudo_noise : the noise is another for other values even under equal luck, as where a small change reshuffles all.
    """

    def compute(work: Any, task: Any, threads: Any, progress: Any = None) -> Mapping[str, Any]:
        rows: Design = task.rows
        states = lost or {}
        paths = [path for path in PATHS if path in rows.paths]
        y = function(rows.matrix[:, [rows.paths.index(path) for path in paths]])
        block, lucks = task.block, rows.lucks
        runs = []
        for row in range(len(rows)):
            for arm, world in enumerate(work.worlds):
                for r in range(block.replicate, block.replicate_stop):
                    place = [zlib.crc32(rows.matrix[row].tobytes())] if pseudo_noise else []
                    key = [work.seed, lucks[row], r, *place]
                    e = np.random.default_rng(key).standard_normal() if noise else 0.0  # noqa: TID251
                    value = np.nan if block.point + row in {*gone, *states} else y[row] + of_arm[arm] + noise * e
                    runs.append((block.point + row, arm, r, world.label, world.place, value))
        point, arm, r, label, place, values = zip(*runs, strict=True)
        names = np.array([f"{p}-{a}-{k}" for p, a, k in zip(point, arm, r, strict=True)], object)
        columns = (np.array(point), np.array(label, object), np.array(place, object), np.array(r))
        keys = dict(zip(KEYS, columns, strict=True))
        n = len(runs)
        status = {"seed": np.full(n, work.seed), "status": np.full(n, "ok", object)}
        for k, p in enumerate(point):
            status["status"][k] = states.get(p, "ok")
        status["message"] = np.array([None if text == "ok" else f"is {text}" for text in status["status"]], object)
        made = status["status"] == "ok"
        outcome = {"arrears": np.array(values, float)}
        series = {"run": names, **keys, "month": np.zeros(n, np.int64), **outcome}
        series = _table({name: column[made] for name, column in series.items()})
        if odd is not None:
            import pyarrow as pa

            column = np.array(values, float)
            column[3] = odd
            series = series.set_column(series.schema.get_field_index("arrears"), "arrears", pa.array(column))
        return {"runs": _table({"run": names, **keys, **status, **outcome}), "series": series}

    monkeypatch.setattr(pools, "compute", compute)


def indices(
    analysis: "sim.sensitivity.Analysis", index: str, column: str = "value", statistic: str = "mean"
) -> np.ndarray:
    """Return one index of every factor, the dummy last."""
    table = analysis.indices
    return table.loc[(table["index"] == index) & (table["statistic"] == statistic), column].to_numpy()
