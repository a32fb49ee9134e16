"""From the runs of a study to the indices of every target: tidy tables."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.sensitivity.coverage import Coverage, coverage
from sim.sensitivity.estimates import APART, RESAMPLES, Z95, Estimates, Index, resampling_weights
from sim.sensitivity.library import seed_of
from sim.sensitivity.others import SALIB_RESAMPLES, salib_indices
from sim.sensitivity.pawn import pawn_indices
from sim.sensitivity.plan import DUMMY, Plan
from sim.sensitivity.profiles import profiles
from sim.sensitivity.sampling import block_rows, design_of_plan, problem_of, unit_sample
from sim.sensitivity.screening import MU, morris_indices, steps_apart
from sim.sensitivity.stopping import stopping
from sim.sensitivity.values import DISPERSION, MEAN, Target, targets
from sim.sensitivity.variance import sobol_indices
from sim.studies.runner import Opened

if TYPE_CHECKING:
    import pandas as pd

ROW_RESAMPLES = 200
"""Resamples where every row stands alone, and there are many."""
_SEED = 50
SHARES = (1 / 8, 1 / 4, 1 / 2)
"""Parts of the sample whose indices show how they settle."""


@dataclass(frozen=True)
class Analysis:
    """All that was found, as tidy frames; missing is null.

    indices : target, factor and index to a row; pairs : second order; convergence : the ranking index from the first
    part of the sample; stopping : target to a row; profiles : means of a target where a leading factor is low or high.
    n : as in the study; rows, runs : how many there are of each.
    """

    plan: Plan
    n: int
    rows: int
    replicates: int
    runs: int
    rate: float | None
    """Runs made per second of work; None where that is not known."""
    indices: "pd.DataFrame"
    pairs: "pd.DataFrame"
    convergence: "pd.DataFrame"
    stopping: "pd.DataFrame"
    profiles: "pd.DataFrame"
    coverage: Coverage
    """Which part of the sample this is about."""

    @property
    def ranking(self) -> "pd.DataFrame":
        """The index that factors are ranked by, of the means after the last month shown: the small end of `indices`."""
        table, last = self.indices, self.plan.show[-1]
        some = table[table["ranks"] & (table["statistic"] == MEAN) & (table["month"] == last)]
        return some.drop(columns=["statistic", "ranks", "rows"]).reset_index(drop=True)


def analyse(opened: Opened, *, missing: str | None = None, partial: bool = False) -> Analysis:
    """Work out every index of a sensitivity study whose runs are there.

    missing : "error" or "drop", takes the place of what the study says; partial : analyse what is there.

    Raises InputError where runs are missing or failed, or an outcome is missing and nobody said what then.
    """
    import pandas as pd

    plan, steps = plan_of(opened), opened.store.manifest["design"]["steps"]
    if design_of_plan(opened.study, plan, steps).hash() != opened.design.hash():
        raise InputError(f"{opened.store.path}: this version of linli or SALib samples other points than those there.")
    unit = unit_sample(plan, steps, opened.study.seed)
    estimator = Estimator(plan, unit, opened.study.seed)
    if missing is not None:
        check_missing(missing, plan.method)
        plan = replace(plan, asked=plan.asked.model_copy(update={"missing": missing}))
    there = coverage(opened, plan, partial=partial)
    indices, pairs, settled, judged, directions = [], [], [], [], []
    for target in targets(opened, plan, unit, there):
        found = estimator(target.values, target.kept)
        indices.append(_rows(plan, target, found, estimator.over_lucks(target)))
        pairs += list(_pairs(plan, target, found))
        judgement = stopping(found)
        criteria = {"width": judgement.width, "ranking": judgement.ranking, "screening": judgement.screening}
        judged.append(target.key | criteria | {"met": judgement.met})
        if target.statistic == MEAN and target.month in plan.show:
            settled += list(_settling(plan, target, estimator, found))
        if target.statistic != DISPERSION and target.month in plan.show:
            weights = estimator.resampling(int(target.kept.sum()))
            directions += list(profiles(plan, unit, target, found, weights))
    return Analysis(
        plan,
        steps[-1],
        len(unit),
        there.replicates,
        len(opened.design) * opened.n_arms * opened.replicates if there.is_all else _runs_of(there, opened),
        _rate(opened),
        pd.concat(indices, ignore_index=True),
        pd.DataFrame(pairs),
        pd.DataFrame(settled),
        pd.DataFrame(judged),
        pd.DataFrame(directions),
        there,
    )


def check_missing(missing: str, method: str) -> None:
    """Raise InputError unless this can be done where an outcome does not exist."""
    if missing not in ("error", "drop"):
        raise InputError(f"missing = {missing!r}: say error or drop.")
    if missing == "drop" and method == "fast":
        raise InputError("FAST can drop no point; say in a study of its own which value stands for it.")


def _runs_of(there: Coverage, opened: Opened) -> int:
    """Return how many runs are analysed."""
    points = len(opened.design) // len(there.whole)
    return int(there.kept.sum()) * there.size * points * opened.n_arms * there.replicates


def plan_of(opened: Opened) -> Plan:
    """Return what the analysis is to be.

    Raises InputError where the study has no `[sensitivity]`.
    """
    if opened.study.sensitivity is None:
        raise InputError(f"{opened.store.path}: this study has no [sensitivity], which says what is analysed.")
    return opened.study.sensitivity


def _rate(opened: Opened) -> float | None:
    """Return runs made per second, from what the sessions of the study say."""
    from datetime import datetime

    sessions = opened.store.manifest["sessions"]
    spent = sum(
        (datetime.fromisoformat(one["ended"]) - datetime.fromisoformat(one["started"])).total_seconds()
        for one in sessions
    )
    return sum(one["runs"] for one in sessions) / spent if spent > 0 else None


class Estimator:
    """The method of a plan on its sample, ready for many targets."""

    def __init__(self, plan: Plan, unit: np.ndarray, seed: int) -> None:
        self.plan = plan
        self.unit = unit
        self.seed = seed
        self.size = block_rows(plan)
        self.groups = np.array(
            [plan.units.index(c.group if plan.asked.groups else c.name) for c in plan.columns], np.int64
        )

    def __call__(self, values: np.ndarray, kept: np.ndarray, *, quick: bool = False) -> Estimates:
        """Return the indices of values (row, replicate) at the rows kept; quick : without intervals that mean much."""
        method, unit = self.plan.method, self.unit[kept]
        if method == "sobol":
            weights = self.resampling(len(unit), quick=quick)
            return sobol_indices(values, len(self.plan.units), weights, second_order=self.plan.asked.second_order)
        if method == "morris":
            weights = self.resampling(len(unit), quick=quick)
            return morris_indices(unit, self.groups, values, self.plan.asked.levels, weights)
        mean = values.mean(axis=1)
        if np.ptp(mean) <= 1e-12 * (1 + np.abs(mean).max()):
            return self._constant()
        if method == "pawn":
            return pawn_indices(unit, mean, self.resampling(len(unit), quick=quick))
        resamples = 2 if quick else SALIB_RESAMPLES
        found = salib_indices(method, problem_of(self.plan), unit, mean, seed_of(self.seed, _SEED), resamples)
        return replace(found, apart=steps_apart(method, unit, values))

    def resampling(self, n_rows: int, *, quick: bool = False) -> np.ndarray:
        """Return the weights of resamples of the blocks that rows belong to, (resample, block)."""
        resamples = RESAMPLES if self.size > 1 else ROW_RESAMPLES
        return resampling_weights(n_rows // self.size, self.seed, 2 if quick else resamples)

    def _constant(self) -> Estimates:
        """Return missing indices for an outcome that is the same everywhere."""
        rank = {"pawn": "pawn_median", "fast": "ST", "rbd_fast": "S1"}.get(self.plan.method, self.plan.method)
        names = {"ST": ("S1", "ST")}.get(rank, (rank,))
        nothing = np.full(len(self.plan.units), np.nan)
        return Estimates({name: Index(nothing, nothing) for name in names}, rank, np.zeros((0, len(nothing))))

    def over_lucks(self, target: Target) -> "dict[str, tuple[np.ndarray, np.ndarray]]":
        """Return the smallest and largest of every index over lucks that all points have in common."""
        if self.plan.sets_luck or target.statistic != MEAN:
            return {}
        found = [self(target.values[:, [r]], target.kept, quick=True) for r in range(target.values.shape[1])]
        both = {name: np.stack([one.indices[name].value for one in found]) for name in found[0].indices}
        return {name: (values.min(axis=0), values.max(axis=0)) for name, values in both.items()}


def influential(plan: Plan, found: Estimates, statistic: str = MEAN) -> np.ndarray:
    """Say of every factor whether what it does is more than noise, (factor,).

    Its interval lies above that of the dummy. Where all points have the same luck, methods that move one factor at a
    time find the dummy to be 0 by construction; there the effect must also be larger than what the lucks differ in. How
    noisy a variance of so few lucks is they cannot tell: what moves it counts there if it does so in one direction
    (Morris), and nothing does by other methods.
    """
    rank, dummy = found.indices[found.rank], plan.units.index(DUMMY)
    above = rank.value - rank.half > rank.value[dummy] + rank.half[dummy]
    if plan.own_luck:
        return np.asarray(above)
    if statistic == DISPERSION:
        if MU not in found.indices:
            return np.zeros_like(above)
        signed = found.indices[MU]
        return np.asarray(above & (np.abs(signed.value) > APART / Z95 * signed.half))
    return np.asarray(above if found.apart is None else above & found.apart)


def _rows(
    plan: Plan, target: Target, found: Estimates, lucks: "dict[str, tuple[np.ndarray, np.ndarray]]"
) -> "pd.DataFrame":
    import pandas as pd

    n_units = len(plan.units)
    nothing = np.full(n_units, np.nan)
    matters = influential(plan, found, target.statistic)
    parts = []
    for name, index in found.indices.items():
        low, high = lucks.get(name, (nothing, nothing))
        parts.append(
            pd.DataFrame(
                {key: [value] * n_units for key, value in target.key.items()}
                | {"factor": plan.units, "group": _group_names(plan), "index": [name] * n_units}
                | {"value": index.value, "low": index.value - index.half, "high": index.value + index.half}
                | {"luck_low": low, "luck_high": high, "influential": matters}
                | {"ranks": [name == found.rank] * n_units, "rows": [int(target.kept.sum())] * n_units}
            )
        )
    return pd.concat(parts, ignore_index=True)


def _group_names(plan: Plan) -> list[str]:
    groups = {column.group if plan.asked.groups else column.name: column.group for column in plan.columns}
    return [groups[unit] for unit in plan.units]


def _pairs(plan: Plan, target: Target, found: Estimates) -> Iterator[dict[str, Any]]:
    for name, index in found.pairs.items():
        for j, k in zip(*np.nonzero(~np.isnan(index.value)), strict=True):
            value, half = float(index.value[j, k]), float(index.half[j, k])
            pair = {"factor": plan.units[j], "other": plan.units[k], "index": name}
            yield target.key | pair | {"value": value, "low": value - half, "high": value + half}


def _settling(plan: Plan, target: Target, estimator: Estimator, whole: Estimates) -> Iterator[dict[str, Any]]:
    """Yield the ranking index of the first part of the sample, of more of it, and of all.

    A part of a FAST sample is none, and SALib's delta takes too long to be worked out again.
    """
    size = estimator.size
    rows = np.flatnonzero(target.kept)
    parts = [] if plan.method in ("fast", "delta") else [int(len(rows) // size * share) for share in SHARES]
    for n_blocks in [*parts, len(rows) // size]:
        if n_blocks < (8 if size > 1 else 64):
            continue
        kept = np.zeros_like(target.kept)
        kept[rows[: n_blocks * size]] = True
        last = n_blocks == len(rows) // size
        found = whole if last else estimator(target.values[: n_blocks * size], kept)
        index = found.indices[found.rank]
        for k, name in enumerate(plan.units):
            value, half = float(index.value[k]), float(index.half[k])
            told = {"n": n_blocks, "factor": name, "index": found.rank}
            yield target.key | told | {"value": value, "low": value - half, "high": value + half}
