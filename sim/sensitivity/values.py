"""What the runs of a sensitivity analysis came to, as arrays, with nothing missing unless somebody said what then."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.errors import InputError
from sim.outcomes import OUTCOMES
from sim.sensitivity.coverage import Coverage
from sim.sensitivity.plan import FORM, Plan
from sim.studies.dataset import read_table
from sim.studies.runner import Opened
from sim.studies.store import Store

MEAN = "mean"
DISPERSION = "dispersion"
GOOD = "good regime"
MINUS = " − "
"""Stands between the two scenarios of a difference."""

LEAST_VARIANCE = 1e-8
"""Added to the variance between replicates before its logarithm is taken; a standard deviation of 1e-4."""


@dataclass(frozen=True)
class Target:
    """A number that is analysed: of which scenario or difference, from which start, after how many months.

    values : (row, replicate); of the dispersion one column, the logarithm of the variance between replicates.
    kept : the rows that are there; whole blocks are missing where that was asked for.
    """

    target: str
    place: str
    start: str
    outcome: str
    month: int
    statistic: str
    values: np.ndarray
    kept: np.ndarray

    @property
    def key(self) -> dict[str, str | int]:
        """What it is, for tables."""
        names = ("target", "place", "start", "outcome", "month", "statistic")
        return {name: getattr(self, name) for name in names}

    def __str__(self) -> str:
        """Name it in messages."""
        return f"{self.outcome} of {self.target} @ {self.place} after {self.month} months from the {self.start} start"


def outcome_arrays(opened: Opened, plan: Plan, there: Coverage) -> dict[str, np.ndarray]:
    """Return every outcome, (arm, start, month, row, replicate); NaN where it or its run does not exist.

    Raises InputError where an outcome is NaN or infinite.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    store, study = opened.store, opened.study
    columns = ["point", "scenario", "place", "replicate", "month"]
    table = read_table(store, "series", [*columns, *study.outcomes])
    assert table is not None
    n_starts = len(plan.starts)
    arm = _arms(store, table)
    point = table["point"].to_numpy()
    month = np.searchsorted(plan.at, table["month"].to_numpy() + 1)
    where = (arm, point % n_starts, month, point // n_starts, table["replicate"].to_numpy())
    shape = (opened.n_arms, n_starts, len(plan.at), len(opened.design) // n_starts, opened.replicates)
    found = {}
    for name in study.outcomes:
        column = table[name].cast(pa.float64())
        odd = pc.sum(pc.invert(pc.is_finite(column))).as_py() or 0
        if odd:
            raise InputError(
                f"{store.path}: {name} is NaN or infinite, not a number and not missing, in {odd} rows of series; "
                "this is an error of the model or of the file, and no index is worked out from it."
            )
        values = np.full(shape, np.nan)
        values[where] = column.to_numpy()
        found[name] = values[..., : there.replicates]
    return found


def _arms(store: Store, table: "object") -> np.ndarray:
    import pyarrow as pa
    import pyarrow.compute as pc

    assert isinstance(table, pa.Table)
    arms = {f"{label} @ {place}": k for k, (label, place, _) in enumerate(store.manifest["arms"])}
    named = pc.binary_join_element_wise(table["scenario"], table["place"], " @ ").combine_chunks().dictionary_encode()
    position = np.array([arms[name] for name in named.dictionary.to_pylist()], np.int64)
    return np.asarray(position[named.indices.to_numpy()])


def targets(opened: Opened, plan: Plan, unit: np.ndarray, there: Coverage) -> Iterator[Target]:
    """Yield everything that is analysed: scenarios, differences and forms; each start, outcome, month, statistic.

    unit : the sample, (row, factor).

    Raises InputError where an outcome is missing and nobody said what then.
    """
    arrays = outcome_arrays(opened, plan, there)
    arms = [(label, place) for label, place, _ in opened.store.manifest["arms"]]
    for outcome, raw in arrays.items():
        array = _filled(raw, outcome, plan)
        for name, place, pick in _combinations(plan, arms, unit):
            for s, (start, _) in enumerate(plan.starts):
                for m, month in enumerate(plan.at):
                    key = (name, place, start, outcome, month)
                    yield from _statistics(key, array[:, s, m], pick, plan, there)


def _filled(raw: np.ndarray, outcome: str, plan: Plan) -> np.ndarray:
    """Put what was said instead of an outcome that does not exist; rows without their runs are left out later."""
    missing = plan.asked.missing
    if isinstance(missing, dict) and outcome in missing:
        return np.where(np.isnan(raw), missing[outcome], raw)
    return raw


Weights = list[tuple[int, float]]
"""Which arms go into a number, and how: arm and factor."""


def _combinations(
    plan: Plan, arms: list[tuple[str, str]], unit: np.ndarray
) -> Iterator[tuple[str, str, Weights | np.ndarray]]:
    for k, (label, place) in enumerate(arms):
        yield label, place, [(k, 1.0)]
    for k, base in plan.differences:
        (label, place), (other, elsewhere) = arms[k], arms[base]
        where = place if place == elsewhere else f"{place}, {elsewhere}"
        yield f"{label}{MINUS}{other}", where, [(k, 1.0), (base, -1.0)]
    if plan.asked.forms:
        column = unit[:, [column.name for column in plan.columns].index(FORM)]
        for place in dict.fromkeys(place for _, place in arms):
            there = np.array([k for k, arm in enumerate(arms) if arm[1] == place])
            if len(there) > 1:
                yield "the form", place, there[np.minimum((column * len(there)).astype(np.int64), len(there) - 1)]


def _statistics(
    key: tuple[str, str, str, str, int], array: np.ndarray, pick: Weights | np.ndarray, plan: Plan, there: Coverage
) -> Iterator[Target]:
    """Yield mean, dispersion and probability of the good regime of one outcome; array : (arm, row, replicate)."""
    values = _combined(array, pick)
    kept = _kept(values, key, plan, there)
    yield Target(*key, MEAN, values[kept], kept)
    if values.shape[1] > 1:
        spread = np.log(values[kept].var(axis=1, ddof=1) + LEAST_VARIANCE)
        yield Target(*key, DISPERSION, spread[:, None], kept)
    threshold = plan.asked.good.get(key[3])
    if threshold is not None:
        better = OUTCOMES[key[3]].better
        yield Target(*key, GOOD, _combined((better * (array - threshold) >= 0).astype(float), pick)[kept], kept)


def _combined(array: np.ndarray, pick: Weights | np.ndarray) -> np.ndarray:
    if isinstance(pick, np.ndarray):
        return np.asarray(array[pick, np.arange(len(pick))])
    if len(pick) == 1:
        return np.asarray(array[pick[0][0]])
    found = np.asarray(sum(factor * array[k] for k, factor in pick))
    # The last digits of a difference are rounding, and an index of what is constant but for them would be nonsense.
    digit = 1e-12 * float(np.nanmax(np.abs(array), initial=0.0))
    return np.asarray(np.rint(found / digit) * digit) if digit else found


def _kept(values: np.ndarray, key: tuple[str, str, str, str, int], plan: Plan, there: Coverage) -> np.ndarray:
    """Say which rows are analysed: those of blocks whose runs are there and, if that was asked for, all outcomes."""
    gone = np.isnan(values).any(axis=1) & there.whole
    if not gone.any():
        return np.repeat(there.kept, there.size)
    target, place, start, outcome, month = key
    what = f"{outcome} of {target} @ {place} after {month} months from the {start} start"
    if plan.asked.missing != "drop":
        raise InputError(
            f"{what} does not exist in {gone.sum()} of {len(gone)} rows, the first is row {int(gone.argmax())}; say "
            f"what then: missing = {{ {outcome} = VALUE }} to count it as a value, or missing = \"drop\"."
        )
    size = there.size
    kept = np.repeat(there.kept & ~gone.reshape(-1, size).any(axis=1), size)
    if kept.sum() < 2 * size:
        raise InputError(f"{what}: it is missing so often that fewer than two blocks of the sample are left.")
    return np.asarray(kept)
