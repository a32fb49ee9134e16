"""A model of the EMA Workbench, with replicates kept."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from sim import parameters as declared
from sim.errors import InputError
from sim.outcomes import OUTCOMES
from sim.parameters.declaration import Role
from sim.runs import check_replicates, check_seed, resolve_in_place
from sim.scenarios.values import checked, did_you_mean
from sim.studies.schema import Factor, check_factor, default_factor
from sim.studies.worlds import with_values


def ema_model(
    expression: str,
    *,
    uncertainties: Iterable[str] = (),
    levers: Iterable[str] = (),
    outcomes: Sequence[str] = ("payment_rate",),
    place: str | None = None,
    months: int = 120,
    replicates: int = 20,
    seed: int = 1,
    set: Sequence[str] = (),
    threads: int | None = 1,
    means: bool = False,
) -> Any:
    """Return a model for the EMA Workbench, from its declared study ranges.

    Every experiment runs `replicates` replicates, the same luck in each experiment, and gives every outcome as an
    array with one number per replicate: nothing is averaged away. Missing and failed runs are NaN. With `means` every
    outcome is one number called mean_..., the mean of the replicates that have one, NaN where none has, and is to be
    larger or smaller as `sim.outcomes` says: what the workbench's `optimize` asks for.

    expression, place, months, seed, set, threads : as in `sim.run`; uncertainties, levers : parameters, group.name;
    a dot in a name is written `__` in the workbench.

    Raises InputError where an argument is wrong, or the workbench is not installed.
    """
    try:
        from ema_workbench import (
            ArrayOutcome,
            CategoricalParameter,
            Constant,
            IntegerParameter,
            Model,
            RealParameter,
            ScalarOutcome,
        )
    except ImportError:
        raise InputError('sim.ema_model needs the EMA Workbench: pip install "linli[discovery]".') from None

    for name in outcomes:
        if name not in OUTCOMES:
            raise InputError(f"outcomes: {name!r} is not an outcome{did_you_mean(name, OUTCOMES)}")
    numbers, seed = range(check_replicates(replicates)), check_seed(seed)
    world = resolve_in_place(expression, place, months, set)

    def run(**experiment: Any) -> dict[str, Any]:
        from sim.results import Arm
        from sim.runs import simulate

        values = {path: _value(path, experiment[_name(path)]) for path in (*chosen[0], *chosen[1])}
        batch = simulate([with_values(world, values)], replicates=numbers, seed=seed, threads=threads)[0]
        judged = Arm.of(batch).judged
        return {name: judged[name] for name in outcomes}

    def parameter(path: str) -> Any:
        factor: Factor = default_factor(path, "sim.ema_model")
        choices = declared.PARAMETERS[path].choices
        if choices:
            return CategoricalParameter(_name(path), choices)
        if declared.PARAMETERS[path].integer:
            return IntegerParameter(_name(path), int(factor.low), int(factor.high))
        return RealParameter(_name(path), factor.low, factor.high)

    chosen = tuple(uncertainties), tuple(levers)
    for path in chosen[1]:
        if check_factor(path, "sim.ema_model").role is not Role.LEVER:
            raise InputError(f"levers: {path} is no lever, nobody chooses it; name it under uncertainties")
    model = Model("linli", function=run)
    model.uncertainties = [parameter(path) for path in chosen[0]]
    model.levers = [parameter(path) for path in chosen[1]]
    model.constants = [Constant("seed", seed), Constant("replicates", replicates)]
    if means:
        kinds = {1: ScalarOutcome.MAXIMIZE, -1: ScalarOutcome.MINIMIZE, 0: ScalarOutcome.INFO}
        wanted = {name: kinds[OUTCOMES[name].better] for name in outcomes}
        model.outcomes = [
            ScalarOutcome(f"mean_{name}", kind, variable_name=name, function=_mean)
            for name, kind in wanted.items()
        ]
    else:
        model.outcomes = [ArrayOutcome(name, shape=(replicates,), dtype=float) for name in outcomes]
    return model


def _mean(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def _name(path: str) -> str:
    return path.replace(".", "__")


def _value(path: str, raw: Any) -> float | int:
    """Turn what the workbench gives into a checked value."""
    plain = raw.item() if hasattr(raw, "item") else raw
    return checked(path, plain, "experiment")
