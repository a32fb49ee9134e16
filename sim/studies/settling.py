"""Let places stand at every point where they declare to stand: their households' readiness is solved again.

A place declares a payment rate, and its intercept is solved for it once, at default values. A draw of other parameters
that keeps the intercept starts elsewhere. What is done here is the other reading: at every point the intercept under
which the mean payment rate of the last month before the policy is the declared one.
"""

import math
from collections.abc import Sequence

import numpy as np

from sim.errors import InputError
from sim.outcomes import series
from sim.replicate import checkpoint_key
from sim.runs import simulate
from sim.scenarios import World
from sim.standing import HIGHEST, LOWEST, declared_standing
from sim.studies.schema import Study
from sim.studies.worlds import places, with_values

INTERCEPT = "household.intercept"
RATE = "payment_rate"
CLOSE = 0.005
"""How near the declared rate is near enough."""
MOST_STEPS = 12
_SURE = 1e-3
"""Rates nearer to 0 or 1 count as this far away, so that their logit exists."""


def declared_rates(study: Study, worlds: Sequence[World]) -> tuple[float, ...]:
    """Return the payment rate that the place of each world declares, nothing where the study settles none.

    Raises InputError where the study sets the intercept itself, or a world has several kinds of estate, no spin-up, or
    a place that declares no state.
    """
    if not study.settle:
        return ()
    where = study.text.where("sampling", "settle")
    drawn = (factor.path for factor in study.factors)
    named = {*study.constants, *drawn, *(path for own in study.sets for path in own)}
    if INTERCEPT in named:
        raise InputError(f"{where}: settling finds {INTERCEPT}, which the study sets or draws too; leave one out")
    for world in worlds:
        if world.parts:
            raise InputError(f"{where}: {world.place} has several kinds of estate; places of one kind can be settled")
        if world.spinup < 1:
            raise InputError(f"{where}: {world.label} @ {world.place} has no spin-up in which it could come to stand")
    try:
        return tuple(declared_standing(place).payment for place in places(study, worlds))
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def settled(
    worlds: Sequence[World], rates: Sequence[float], seed: int, replicates: int, threads: int | None
) -> list[World]:
    """Return every world with the intercept at which its place stands at its rate.

    It is the same for worlds that share a spin-up, and found on the same luck throughout; where none between the
    lowest and the highest will do, it is the nearest end. A world that cannot be run stays as it is.
    """
    found: dict[object, float | None] = {}
    for world, rate in zip(worlds, rates, strict=True):
        key = checkpoint_key(world)
        if key not in found:
            found[key] = solved(world, rate, seed, replicates, threads)
    intercepts = [found[checkpoint_key(world)] for world in worlds]
    return [
        world if intercept is None else with_values(world, {INTERCEPT: intercept})
        for world, intercept in zip(worlds, intercepts, strict=True)
    ]


def solved(world: World, rate: float, seed: int, replicates: int, threads: int | None) -> float | None:
    """Return the intercept at which the mean payment rate is `rate`, None where the world cannot be run.

    A step moves the intercept by the difference in logits, which is right where households decide alone, and halves
    what is left where that leads out of it.
    """
    low, high = LOWEST, HIGHEST
    at = float(world.before[INTERCEPT])
    for _ in range(MOST_STEPS):
        mean = mean_rate(with_values(world, {INTERCEPT: at}), seed, replicates, threads)
        if mean is None or abs(mean - rate) <= CLOSE:
            return None if mean is None else at
        low, high = (at, high) if mean < rate else (low, at)
        step = at + _logit(rate) - _logit(mean)
        at = step if low < step < high else (low + high) / 2.0
    return at


def mean_rate(world: World, seed: int, replicates: int, threads: int | None) -> float | None:
    """Return the mean payment rate of the last month before the policy, None where it has none."""
    try:
        (batch,) = simulate([world.cut(1)], replicates=range(replicates), seed=seed, threads=threads)
    except InputError:
        return None
    good = np.array([text == "ok" for text in batch.status])
    rates = series(batch.totals[good], batch.first, (RATE,))[RATE][:, batch.first - 1]
    rates = rates[~np.isnan(rates)]
    return float(rates.mean()) if len(rates) else None


def _logit(share: float) -> float:
    share = min(max(share, _SURE), 1.0 - _SURE)
    return math.log(share / (1.0 - share))
