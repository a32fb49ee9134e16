"""Where the points of a sensitivity analysis lie: SALib's samplers on the unit cube, then the study's parameters.

Points that are there stay the first when a sample grows, so that no run is made twice.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.sensitivity.library import library, seed_of
from sim.sensitivity.plan import Column, Plan
from sim.studies.design import LUCK, Design, at, latin
from sim.studies.schema import MAX_POINTS, Factor, Study, check_power

LUCKS = 1 << 20
"""Different lucks of a study: points may have one each."""
DGSM_STEP = 0.05
"""Step of a finite difference, as a share of the place in the range: small for the model, above its pseudo-noise."""
LOG_RATIO = 10.0
"""A range wider than this is sampled on a log scale."""
_FIRST_SEED = 100


def block_rows(plan: Plan) -> int:
    """Return the rows that belong together: a trajectory, a base point with its crossings; 1 where rows are alone."""
    n = len(plan.units)
    if plan.method == "sobol":
        return 2 * n + 2 if plan.asked.second_order else n + 2
    return {"morris": n + 1, "dgsm": n + 1, "shapley": n + 1}.get(plan.method, 1)


def problem_of(plan: Plan) -> dict[str, Any]:
    """Return the problem as SALib wants it, new for every call because SALib writes into it.

    Names are numbers, as SALib forbids some endings.
    """
    problem: dict[str, Any] = {
        "num_vars": len(plan.columns),
        "names": [f"x{k}" for k in range(len(plan.columns))],
        "bounds": [[0.0, 1.0]] * len(plan.columns),
    }
    if plan.asked.groups:
        problem["groups"] = [column.group for column in plan.columns]
    return problem


def unit_sample(plan: Plan, steps: Sequence[int], seed: int) -> np.ndarray:
    """Return the sample on the unit cube, (row, factor); steps : the n it began with and was extended to."""
    method, n, problem = plan.method, steps[-1], problem_of(plan)
    if method in ("rbd_fast", "delta", "pawn"):
        return latin(steps, len(plan.columns), seed)
    with library():
        if method == "sobol":
            from SALib.sample import sobol

            second = plan.asked.second_order
            return np.asarray(sobol.sample(problem, n, calc_second_order=second, seed=seed_of(seed, _FIRST_SEED)))
        if method == "fast":
            from SALib.sample import fast_sampler

            return np.asarray(fast_sampler.sample(problem, n, seed=seed_of(seed, _FIRST_SEED)))
        if method == "dgsm":
            from SALib.sample import finite_diff

            return np.asarray(finite_diff.sample(problem, n, delta=DGSM_STEP))
        return np.concatenate(list(_batches(plan, steps, seed)))


def _batches(plan: Plan, steps: Sequence[int], seed: int) -> Any:
    """Yield the trajectories of every step, each with a seed of its own."""
    from SALib.sample import shapley
    from SALib.sample.morris import sample as morris

    before = 0
    for k, n in enumerate(steps):
        if plan.method == "morris":
            levels = plan.asked.levels
            yield morris(problem_of(plan), n - before, num_levels=levels, seed=seed_of(seed, _FIRST_SEED + k))
        else:
            yield shapley.sample(problem_of(plan), n - before, seed=seed_of(seed, _FIRST_SEED + k))
        before = n


def design_of_plan(study: Study, plan: Plan, steps: Sequence[int] = ()) -> Design:
    """Return the points of a sensitivity analysis: every row of the sample from every start, one after the other.

    Raises InputError where there would be too many.
    """
    unit = unit_sample(plan, tuple(steps) or (plan.asked.n,), study.seed)
    n_starts = len(plan.starts)
    if len(unit) * n_starts > MAX_POINTS or (plan.sets_luck and len(unit) >= LUCKS):
        raise InputError(f"{len(unit) * n_starts} points are too many; at most {min(MAX_POINTS, LUCKS - 1)}; lower n.")
    columns = {column.name: value_at(column, unit[:, k]) for k, column in enumerate(plan.columns) if column.factor}
    rows = {name: np.repeat(values, n_starts) for name, values in columns.items()}
    for path in dict.fromkeys(path for _, values in plan.starts for path in values):
        rows[path] = np.tile([float(values.get(path, np.nan)) for _, values in plan.starts], len(unit))
    if plan.sets_luck:
        rows[LUCK] = np.repeat(_luck(plan, unit), n_starts)
    return Design(tuple(rows), np.stack([*rows.values()], axis=1) if rows else np.zeros((len(unit) * n_starts, 0)))


def _luck(plan: Plan, unit: np.ndarray) -> np.ndarray:
    """Return the number of every row's luck: its own, or what the seed as a factor says."""
    if plan.own_luck:
        return np.arange(1.0, len(unit) + 1)
    column = [column.name for column in plan.columns].index(LUCK)
    return np.asarray(np.minimum(np.floor(unit[:, column] * LUCKS), LUCKS - 1))


def levels_of(column: Column) -> int:
    """Return how many values a categorical factor has; 0 for any other."""
    return len(column.factor.values) if column.factor is not None else 0


def value_at(column: Column, unit: np.ndarray) -> np.ndarray:
    """Turn numbers from 0 to 1 into values of a column that is a parameter."""
    factor = column.factor
    assert factor is not None
    return np.asarray(_logarithmic(factor, unit) if is_logarithmic(factor) else at(factor, unit))


def is_logarithmic(factor: Factor) -> bool:
    """Say whether a factor is sampled on a log scale."""
    return not factor.values and 0 < factor.low * LOG_RATIO < factor.high


def _logarithmic(factor: Factor, unit: np.ndarray) -> np.ndarray:
    found = factor.low * (factor.high / factor.low) ** unit
    return np.asarray(np.clip(np.rint(found) if factor.parameter.integer else found, factor.low, factor.high))


def extended_plan(study: Study, plan: Plan, design: Design, steps: Sequence[int]) -> Design:
    """Return the design of a larger sample; the points that are there stay the first.

    Raises InputError where the method cannot grow, or not to this number.
    """
    n, before = steps[-1], steps[-2]
    if plan.method == "fast":
        raise InputError("a FAST sample does not grow: other numbers of points have other frequencies; start anew.")
    if n <= before:
        raise InputError(f"the sample has n = {before} already; name a larger one, such as {2 * before}.")
    if plan.method == "sobol":
        check_power(n, "the sample")
    if plan.method in ("rbd_fast", "delta", "pawn") and n % before:
        raise InputError(f"a Latin hypercube of {before} grows to a multiple of it, such as {2 * before}, not to {n}.")
    found = design_of_plan(study, plan, steps)
    if found.hash(0, len(design)) != design.hash():
        raise InputError("the sample that is there cannot be continued with this version of linli, SALib or scipy.")
    return found
