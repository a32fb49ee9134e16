"""Results of a district estate by estate: where each lies, which form governs it when, and what becomes of it."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from sim.errors import InputError
from sim.layout import Layout, layout
from sim.outcomes import judge, series
from sim.results import Interval, Results
from sim.runs import Batch
from sim.scenarios import World

KEPT = (
    "payment_rate", "cost_covered", "settled_3", "unresolved", "service", "facility_visible",
    "facility_invisible", "attention", "repair_money", "public_cost", "cadre_hours",
)  # fmt: skip
"""Outcomes kept for every estate and month."""

FIELDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "estate": ("id", "number of the estate"),
        "sub_district": ("id", "number of the sub-district it lies in"),
        "community": ("id", "number of the community it lies in"),
        "dwellings": ("dwellings", "its dwellings"),
        "kind": ("name", "kind of estate, as the place calls it"),
        "form": ("name", "form, with its programmes, that governs it in the month"),
    }
)
"""Unit and meaning of the columns that say which estate a row is about."""

BY = ("form", "arrangement", "kind", "sub_district")
"""How estates can be put together: an arrangement is a form with its programmes."""


def layout_of(world: World) -> Layout:
    """Return where the estates of a world lie."""
    return layout([(part.estates, part.world.before) for part in world.same_throughout()])


def forms_of(world: World, month: int) -> np.ndarray:
    """Return the form that governs each estate in a month, (estate,) of text."""
    forms = np.empty(_n_estates(world), object)
    for part in world.same_throughout():
        forms[list(part.estates)] = part.world.label if month >= part.start else part.initial
    return forms


def kinds_of(world: World) -> np.ndarray:
    """Return the kind of each estate, (estate,) of text."""
    kinds = np.empty(_n_estates(world), object)
    for part in world.same_throughout():
        kinds[list(part.estates)] = part.kind
    return kinds


def by_estate(batch: Batch, names: Sequence[str] = KEPT) -> dict[str, np.ndarray]:
    """Return outcomes of every estate, each (run, month, estate)."""
    n_runs, n_months, n_totals, n_estates = batch.totals.shape
    flat = np.moveaxis(batch.totals, 3, 1).reshape(n_runs * n_estates, n_months, n_totals, 1)
    return {
        name: np.moveaxis(found.reshape(n_runs, n_estates, n_months), 1, 2)
        for name, found in series(flat, batch.first, names).items()
    }


def columns(results: Results) -> dict[str, np.ndarray]:
    """Return one row a run, month and estate, of the arms that are districts; none if there is none."""
    parts: list[dict[str, np.ndarray]] = []
    first_run = 0
    for batch in results.batches:
        n_runs, n_months, _, n_estates = batch.totals.shape
        if batch.world.parts:
            where, kinds = layout_of(batch.world), kinds_of(batch.world)
            forms = np.array([forms_of(batch.world, int(month)) for month in batch.months], object)
            per_run = n_months * n_estates
            shape = (n_runs, n_months, n_estates)
            parts.append(
                {
                    "run": np.repeat(first_run + np.arange(n_runs), per_run),
                    "scenario": np.full(n_runs * per_run, batch.world.label, object),
                    "replicate": np.repeat(batch.replicates.astype(np.int64), per_run),
                    "month": np.tile(np.repeat(batch.months.astype(np.int64), n_estates), n_runs),
                    "estate": np.tile(np.arange(n_estates), n_runs * n_months),
                    "sub_district": np.tile(where.street, n_runs * n_months),
                    "community": np.tile(where.community, n_runs * n_months),
                    "dwellings": np.tile(where.sizes, n_runs * n_months),
                    "kind": np.tile(kinds, n_runs * n_months),
                    "form": np.broadcast_to(forms[None], shape).ravel(),
                    **{name: found.ravel() for name, found in by_estate(batch).items()},
                }
            )
        first_run += n_runs
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]} if parts else {}


def groups(world: World, by: str) -> dict[str, np.ndarray]:
    """Return which estates belong together at the end of a run, a mask (estate,) for each name.

    by : one of BY; forms and arrangements are those that estates end under.
    """
    if by not in BY:
        raise InputError(f"by = {by!r} is unknown; choose {', '.join(BY)}.")
    if by == "sub_district":
        names = np.array([f"sub-district {number + 1}" for number in layout_of(world).street], object)
    else:
        names = kinds_of(world) if by == "kind" else forms_of(world, world.months - 1)
        if by == "form":
            names = np.array([name.partition(" + ")[0] for name in names], object)
    return {str(name): names == name for name in dict.fromkeys(names.tolist())}


def of_group(batch: Batch, mask: np.ndarray, names: Sequence[str] = KEPT) -> dict[str, np.ndarray]:
    """Return outcomes of some estates together, each (run, month)."""
    return series(batch.totals[..., mask], batch.first, names)


def group_differences(batch: Batch, against: Batch, mask: np.ndarray, outcome: str) -> tuple[Interval, Interval]:
    """Return an outcome of some estates, and its paired difference to the same estates in another arm."""
    ours, theirs = (
        judge(of_group(arm, mask, (outcome,)), arm.first)[outcome] for arm in (batch, against)
    )
    return Interval(ours), Interval(ours - theirs)


def gained_and_lost(batch: Batch, against: Batch, outcome: str) -> np.ndarray:
    """Return each estate's mean over the policy months and runs of `outcome`, less that in another arm, (estate,)."""

    def mean(arm: Batch) -> np.ndarray:
        return np.asarray(np.nanmean(by_estate(arm, (outcome,))[outcome][:, arm.first :], axis=(0, 1)))

    return np.asarray(mean(batch) - mean(against))


def _n_estates(world: World) -> int:
    return int(world.before["population.n_estates"])
