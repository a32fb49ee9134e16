"""Estates under laboratory conditions: values of a scenario with some changed, and months run on a built state."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import stats

from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from sim.engine.month import run_months
from sim.parameters import table
from sim.population import build_state
from sim.scenarios import resolve
from sim.state import State, copy_state
from sim.totals import Total

ALPHA = 1e-6
"""Size of every statistical test: with the seeds fixed a failure is a defect, not bad luck."""

Z = float(stats.norm.isf(ALPHA / 2))
"""Half-width of an interval of that size, in standard errors."""


def values(
    expression: str = "m0", place: str | None = None, changes: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the values in force at the policy month, some of them changed by path."""
    found = dict(resolve(expression, place=place).segments[0].values)
    unknown = set(changes or {}) - set(found)
    assert not unknown, f"no such parameter: {unknown}"
    return found | dict(changes or {})


def built(values: Mapping[str, Any], seed: int = 1, replicate: int = 0, **options: Any) -> State:
    """Return the state before the first month."""
    return build_state(values, seed, replicate, **options)


def run(state: State, values: Mapping[str, Any], first: int, last: int) -> np.ndarray:
    """Run months first to last - 1 on `state` and return what was counted, (month, total, estate)."""
    out = np.zeros((last - first, len(Total), state.estate_n.shape[1]), np.int64)
    run_months(state, table([values]), np.zeros(last - first, np.int64), first, last, out)
    return out


def payers(totals: np.ndarray) -> np.ndarray:
    """Return how many households paid this month's bill, (month, estate)."""
    kinds = (Total.N_VOLUNTARY, Total.N_ASKED, Total.N_ENFORCED)
    return np.asarray(sum(totals[:, kind] for kind in kinds))


def start_from(state: State, paid: Any, seed_key: np.uint64 | None = None) -> State:
    """Return a copy in which everybody did as `paid` says last month, on another stream of draws if given."""
    fresh = copy_state(state)
    fresh.household_n[N.PAID] = paid
    fresh.household[H.BELIEF] = fresh.household_n[N.PAID].mean()
    return fresh if seed_key is None else fresh._replace(key=np.array([seed_key], np.uint64))


def differences(one: State, other: State, rows: Any = slice(None)) -> list[str]:
    """Name the matrices of two states that differ in a bit; `rows` selects units of the first."""
    return [
        name
        for name, part in one._asdict().items()
        if part[..., rows].tobytes() != np.ascontiguousarray(getattr(other, name)).tobytes()
    ]
