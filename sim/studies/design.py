"""The design of a study: one row of values for every point, from a grid or a sample of the factors.

A design is a matrix, (point, factor); NaN leaves a factor at the scenario's own value. Extending a Sobol sequence
or a Latin hypercube keeps the rows that are there.
"""

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import parameters as declared
from sim.draws import Draw, library_seed, stream_key, uniforms
from sim.errors import InputError
from sim.studies.schema import MAX_POINTS, Factor, Study, check_power

if TYPE_CHECKING:
    import pyarrow as pa

_LEVELS = {"grid": 5, "oat": 2}
"""Levels of a range where a file does not say how many."""
LUCK = "luck"
"""A column that is no parameter: the number of a point's luck, where points differ in it."""


@dataclass(frozen=True)
class Design:
    """The points of a study: `matrix` is float64, (point, factor); switches by position, NaN where not set."""

    paths: tuple[str, ...]
    matrix: np.ndarray

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.matrix)

    def values(self, point: int) -> dict[str, float | int]:
        """Return what a point sets, by path."""
        return {
            path: int(value) if path != LUCK and declared.PARAMETERS[path].integer else float(value)
            for path, value in zip(self.paths, self.matrix[point], strict=True)
            if path != LUCK and not math.isnan(value)
        }

    @property
    def lucks(self) -> list[int]:
        """Return the number of the luck of every point; 0 where all have the same."""
        if LUCK not in self.paths:
            return [0] * len(self)
        return [int(number) for number in self.matrix[:, self.paths.index(LUCK)]]

    def hash(self, first: int = 0, stop: int | None = None) -> str:
        """Hash some rows (sha256, hexadecimal)."""
        rows = np.ascontiguousarray(self.matrix[first:stop], "<f8") + 0.0  # -0 is 0
        return hashlib.sha256(repr((self.paths, rows.shape)).encode() + rows.tobytes()).hexdigest()

    def table(self) -> "pa.Table":
        """Return the points as they are kept: switches by their words, whole numbers whole, nulls where not set."""
        import pyarrow as pa

        columns: dict[str, Any] = {"point": pa.array(np.arange(len(self)))}
        for k, path in enumerate(self.paths):
            columns[path] = _arrow(path, self.matrix[:, k])
        return pa.table(columns)

    @classmethod
    def of_table(cls, table: "pa.Table") -> "Design":
        """Read what `table` made."""
        paths = tuple(table.column_names[1:])
        matrix = np.full((table.num_rows, len(paths)), np.nan)
        for k, path in enumerate(paths):
            choices = () if path == LUCK else declared.PARAMETERS[path].choices
            for i, value in enumerate(table[path].to_pylist()):
                if value is not None:
                    matrix[i, k] = choices.index(value) if choices else value
        return cls(paths, matrix)


def _arrow(path: str, column: np.ndarray) -> "pa.Array":
    import pyarrow as pa

    if path == LUCK:
        return pa.array(column.astype(np.int64))
    parameter, missing = declared.PARAMETERS[path], np.isnan(column)
    if parameter.choices:
        words = [None if gone else parameter.choices[int(value)] for value, gone in zip(column, missing, strict=True)]
        return pa.array(words, pa.string())
    if parameter.integer:
        return pa.array(np.where(missing, 0, column).astype(np.int64), mask=missing)
    return pa.array(column, mask=missing)


def design_of(study: Study, steps: Sequence[int] = ()) -> Design:
    """Return the design of a study; `steps`: the numbers of points it was sampled with and extended to.

    Raises InputError where there would be too many points or a file of points is wrong.
    """
    sampling, factors = study.sampling, study.factors
    if study.sensitivity is not None:
        from sim.sensitivity.sampling import design_of_plan

        return design_of_plan(study, study.sensitivity, steps)
    if sampling is None:
        return Design((), np.zeros((1, 0)))
    if sampling.method == "csv":
        from sim.studies.points import read_points

        return read_points(study.folder, str(sampling.file), study.constants, study.text.where("sampling", "file"))
    paths = tuple(factor.path for factor in factors)
    if sampling.method in ("lhs", "sobol"):
        sample = latin if sampling.method == "lhs" else _sobol
        uniform = sample(tuple(steps) or (sampling.n or 1,), len(factors), study.seed)
        return Design(paths, np.stack([at(factor, uniform[:, k]) for k, factor in enumerate(factors)], axis=1))
    levels = [_levels(factor, sampling.levels or _LEVELS[sampling.method]) for factor in factors]
    grid = sampling.method == "grid"
    n_points = math.prod(map(len, levels)) if grid else 1 + sum(map(len, levels))
    if n_points > MAX_POINTS:
        where = study.text.where("sampling")
        raise InputError(f"{where}: {n_points} points are more than {MAX_POINTS}; take fewer levels, or a sample (lhs)")
    rows = product(*levels) if grid else _one_at_a_time(levels)
    return Design(paths, np.array(list(rows), float).reshape(n_points, len(factors)))


def extended(study: Study, design: Design, steps: Sequence[int]) -> Design:
    """Return the design with as many points as the last of `steps`; the points that are there stay the first.

    Raises InputError where the method has no more points, or not this number.
    """
    if study.sensitivity is not None:
        from sim.sensitivity.sampling import extended_plan

        return extended_plan(study, study.sensitivity, design, steps)
    n, method = steps[-1], study.sampling.method if study.sampling else "none"
    if method not in ("lhs", "sobol"):
        raise InputError(f"--points {n}: only a sample (lhs, sobol) can be extended, and the method here is {method}.")
    if not len(design) < n <= MAX_POINTS:
        raise InputError(
            f"--points {n}: the study has {len(design)} points; name a number up to {MAX_POINTS} above it."
        )
    if method == "sobol":
        check_power(n, f"--points {n}")
    elif n % len(design):
        near = len(design) * max(2, round(n / len(design)))
        raise InputError(f"--points {n}: a Latin hypercube of {len(design)} grows to a multiple of it, such as {near}.")
    found = design_of(study, steps)
    if found.hash(0, len(design)) != design.hash():
        raise InputError("the sample that is there cannot be continued with this version of linli or scipy.")
    return found


def _levels(factor: Factor, n: int) -> Sequence[float]:
    """Return the values of a factor, or n of its range at equal distances."""
    if factor.values:
        return factor.values
    if factor.parameter.integer:
        return sorted({round(value) for value in np.linspace(factor.low, factor.high, n)})
    return [float(value) for value in np.linspace(factor.low, factor.high, n)]


def _one_at_a_time(levels: Sequence[Sequence[float]]) -> Iterator[list[float]]:
    """Yield the scenario as it is, then every level of every factor with the others left as they are."""
    yield [math.nan] * len(levels)
    for k, some in enumerate(levels):
        for level in some:
            yield [level if j == k else math.nan for j in range(len(levels))]


def at(factor: Factor, uniform: np.ndarray) -> np.ndarray:
    """Turn numbers from 0 to 1 into values of a factor."""
    if factor.values:
        n = len(factor.values)
        return np.asarray(factor.values, float)[np.minimum((uniform * n).astype(np.int64), n - 1)]
    if factor.parameter.integer:
        return np.minimum(np.floor(factor.low + uniform * (factor.high - factor.low + 1)), factor.high)
    return np.asarray(factor.low + uniform * (factor.high - factor.low))


# --- samples of the unit cube ---------------------------------------------------------------------------------------


def _sobol(steps: Sequence[int], n_factors: int, seed: int) -> np.ndarray:
    """Return the first points of a scrambled Sobol sequence, (point, factor)."""
    from scipy.stats import qmc

    numbers = library_seed(stream_key(seed, 0), Draw.DESIGN, 0)
    return np.asarray(qmc.Sobol(n_factors, scramble=True, rng=numbers).random(steps[-1]))


def latin(steps: Sequence[int], n_factors: int, seed: int) -> np.ndarray:
    """Return a Latin hypercube that was drawn with steps[0] points and filled up to each of the others."""
    points = np.zeros((0, n_factors))
    for n in steps:
        points = _fill_strata(points, n, seed)
    return points


def _fill_strata(there: np.ndarray, n: int, seed: int) -> np.ndarray:
    """Fill up a Latin hypercube: every new point takes one of the n strata of each factor that no point is in.

    there : (point, factor); their number divides n, so that they lie in strata of their own.
    """
    key, n_new = stream_key(seed, 0), n - len(there)
    new = np.zeros((n_new, there.shape[1]))
    for k in range(there.shape[1]):
        free = np.setdiff1d(np.arange(n), (there[:, k] * n).astype(np.int64))
        order, inside = (
            uniforms(key, Draw.DESIGN, month=0, estate=k, unit=np.arange(n_new), ordinal=2 * len(there) + which)
            for which in (1, 2)
        )
        new[:, k] = (free[np.argsort(order, kind="stable")] + inside) / n
    return np.concatenate([there, new])
