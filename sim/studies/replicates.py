"""How many replicates: the rule that ends a study by itself, and what its runs say about how many are needed.

A mean is precise where the half-width of its 95 % interval is at most what was asked for, and stays so
for the last max(5, n/20) replicates: without looking on, a lucky streak ends a study too soon (Hoad, Robinson and
Davies 2010). Where runs part into groups no mean is asked for, but the weights of the groups.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.modes import Mode, modes
from sim.results import student
from sim.studies.dataset import read_table
from sim.studies.schema import Rule
from sim.studies.store import Store

ALPHA = 0.01
POWER = 0.95
MODE_PRECISION = 0.05
"""Half-width of the interval of a group's weight; met at about 400 runs."""
PILOT = 100
"""Runs from which a standard deviation is known to 7 %; fewer are no pilot."""
_MOST = 10_000_000


def look_ahead(n: int) -> int:
    """Return for how many more replicates precision must last."""
    return max(5, n // 20)


def first_target(rule: Rule) -> int:
    """Return the number of replicates after which the rule is first asked."""
    return min(rule.max, rule.min + look_ahead(rule.min))


def next_target(cells: np.ndarray, rule: Rule) -> int | None:
    """Return how many replicates to make next, None where these are enough or as many as allowed.

    cells : one outcome, (cell, replicate), NaN where missing; a cell is a scenario at a point. The answer depends on
    these alone, not on the order or the chunks in which they were made.
    """
    n = int(cells.shape[1])
    if n >= rule.max or is_precise(cells, rule):
        return None
    return min(rule.max, n + look_ahead(n))


def is_precise(cells: np.ndarray, rule: Rule) -> bool:
    """Say whether every cell is known precisely, and was for the last replicates."""
    n = cells.shape[1]
    window = range(max(2, n - look_ahead(rule.min if n <= first_target(rule) else n)), n + 1)
    return all(_cell_is_precise(values, window, rule) for values in cells)


def _cell_is_precise(values: np.ndarray, window: range, rule: Rule) -> bool:
    if all(half_width(values[:n]) <= widest(values[:n], rule) for n in reversed(window)):
        return True
    found = modes(values)
    return bool(found) and all((mode.high - mode.low) / 2 <= MODE_PRECISION for mode in found)


def widest(values: np.ndarray, rule: Rule) -> float:
    """Return the half-width that a rule allows.

    Relative to g it is g/(1+g) of the estimated mean, which is within g of the true one (Law 2015).
    """
    if rule.relative is None:
        return float(rule.precision or 0.0)
    kept = values[~np.isnan(values)]
    return rule.relative / (1 + rule.relative) * abs(float(kept.mean())) if len(kept) else 0.0


def interval(values: np.ndarray) -> tuple[float, float]:
    """Return the 95 % interval of the mean, endless for a single value, NaN where none exists.

    Student's, with Hall's cubic for the skewness of the values (Hall 1992): a study that may stop as soon as its
    values look alike stops too often where large ones are rare and have not come yet.
    """
    kept = values[~np.isnan(values)]
    n = len(kept)
    if n < 2:
        return (float("-inf"), float("inf")) if n else (float("nan"), float("nan"))
    mean, sd = float(kept.mean()), float(kept.std(ddof=1))
    limits = np.array([1.0, -1.0]) * student(n - 1)
    skewness = float((((kept - mean) / sd) ** 3).mean()) if sd > 0 and n > 2 else 0.0
    a = skewness / n**0.5
    if abs(a) > 1e-6:
        limits = 3 / a * (np.cbrt(1 + a * (limits - a / 6)) - 1)
    low, high = mean - limits * sd / n**0.5
    return float(low), float(high)


def half_width(values: np.ndarray) -> float:
    """Return half the length of the interval of the mean, 0 where there is no value."""
    low, high = interval(values)
    return 0.0 if np.isnan(low) else (high - low) / 2


def outcome_by_cell(store: Store, outcome: str, n_points: int, n_arms: int, n: int) -> np.ndarray:
    """Return an outcome of all runs that are there, (cell, replicate); NaN where missing, failed or not there."""
    cells = np.full((n_points * n_arms, n), np.nan)
    arms = {(label, place): k for k, (label, place, _) in enumerate(store.manifest["arms"])}
    table = read_table(store, "runs", ["point", "scenario", "place", "replicate", outcome])
    if table is not None:
        labels = zip(table["scenario"].to_pylist(), table["place"].to_pylist(), strict=True)
        arm = np.array([arms[pair] for pair in labels], np.int64)
        cells[table["point"].to_numpy() * n_arms + arm, table["replicate"].to_numpy()] = table[outcome].to_numpy()
    return cells


# --- planning -------------------------------------------------------------------------------------------------------


def power(effect: float, n: int, *, paired: bool = True, alpha: float = ALPHA) -> float:
    """Return the power of a two-sided t test.

    effect : difference in standard deviations (of the differences where paired); n : runs of each scenario.
    """
    from scipy.stats import nct, t

    freedom = n - 1 if paired else 2 * (n - 1)
    if freedom < 1:
        return 0.0
    shift = effect * (n if paired else n / 2) ** 0.5
    limit = t.isf(alpha / 2, freedom)
    return float(nct.sf(limit, freedom, shift) + nct.cdf(-limit, freedom, shift))


def runs_for_power(effect: float, *, paired: bool = True, alpha: float = ALPHA, wanted: float = POWER) -> int | None:
    """Return the least number of runs with this power, None beyond ten millions."""
    effect = abs(effect)
    if not effect * _MOST**0.5 > 1:
        return None
    low, high = 1, 2
    while power(min(effect, 30.0), high, paired=paired, alpha=alpha) < wanted:
        low, high = high, 2 * high
        if high > _MOST:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        enough = power(min(effect, 30.0), middle, paired=paired, alpha=alpha) >= wanted
        low, high = (low, middle) if enough else (middle, high)
    return high


def runs_for_precision(sd: float, precision: float) -> int:
    """Return the least number of runs whose interval has at most this half-width."""
    low, high = 1, 2
    while student(high - 1) * sd / high**0.5 > precision and high < _MOST:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if student(middle - 1) * sd / middle**0.5 <= precision else (middle, high)
    return high


@dataclass(frozen=True)
class Cell:
    """What is known of an outcome of one scenario at one point."""

    point: int
    scenario: str
    place: str
    n: int
    mean: float
    sd: float
    low: float
    high: float
    """95 % interval of the mean."""
    modes: tuple[Mode, ...]
    needed: int | None
    """Runs for the precision asked for; None where the runs part into groups, whose mean nobody should ask for."""


@dataclass(frozen=True)
class Pair:
    """What is known of the difference of a scenario to the first of its place, on the same luck."""

    point: int
    scenario: str
    place: str
    base: str
    n: int
    mean: float
    sd: float
    correlation: float
    needed: int | None
    """Runs to find the smallest difference of interest with the power wanted."""
    unpaired: int | None
    """The same, had the scenarios not the same luck."""
    power: float
    """Of the runs that are there."""


@dataclass(frozen=True)
class Report:
    """What the runs of a study say about how many are needed."""

    outcome: str
    precision: float
    difference: float
    cells: tuple[Cell, ...]
    pairs: tuple[Pair, ...]

    @property
    def is_pilot(self) -> bool:
        """Whether there are enough runs to trust the standard deviations."""
        return all(cell.n >= PILOT for cell in self.cells)


def report(store: Store, outcome: str, precision: float, difference: float) -> Report:
    """Work out what the runs of a study say about the number needed."""
    manifest = store.manifest
    arms = [(label, place) for label, place, _ in manifest["arms"]]
    n_points = manifest["design"]["points"]
    values = outcome_by_cell(store, outcome, n_points, len(arms), manifest["replicates"])
    by_cell = values.reshape(n_points, len(arms), -1)
    cells, pairs = [], []
    for point in range(n_points):
        for arm, (label, place) in enumerate(arms):
            cells.append(_cell(point, label, place, by_cell[point, arm], precision))
            base = next(k for k, (_, other) in enumerate(arms) if other == place)
            if base != arm:
                two = by_cell[point, base], by_cell[point, arm]
                pairs.append(_pair(point, label, place, arms[base][0], *two, difference))
    return Report(outcome, precision, difference, tuple(cells), tuple(pairs))


def _cell(point: int, label: str, place: str, values: np.ndarray, precision: float) -> Cell:
    kept = values[~np.isnan(values)]
    sd = float(kept.std(ddof=1)) if len(kept) > 1 else float("nan")
    found = modes(values)
    needed = None if found or len(kept) < 2 else runs_for_precision(sd, precision)
    mean = float(kept.mean()) if len(kept) else float("nan")
    return Cell(point, label, place, len(kept), mean, sd, *interval(values), found, needed)


def _pair(
    point: int, label: str, place: str, base: str, first: np.ndarray, second: np.ndarray, difference: float
) -> Pair:
    both = ~(np.isnan(first) | np.isnan(second))
    first, second = first[both], second[both]
    apart, n = second - first, int(both.sum())
    sd = float(apart.std(ddof=1)) if n > 1 else float("nan")
    pooled = float(((first.var(ddof=1) + second.var(ddof=1)) / 2) ** 0.5) if n > 1 else float("nan")
    varied = n > 1 and first.std() > 0 and second.std() > 0
    together = float(np.corrcoef(first, second)[0, 1]) if varied else float("nan")

    def needed(spread: float, paired: bool) -> int | None:
        return runs_for_power(difference / spread if spread > 0 else 30.0, paired=paired) if n > 1 else None

    reached = power(min(difference / sd, 30.0) if sd > 0 else 30.0, n) if n > 1 else 0.0
    mean = float(apart.mean()) if n else float("nan")
    return Pair(point, label, place, base, n, mean, sd, together, needed(sd, True), needed(pooled, False), reached)


def as_rows(items: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Return cells or pairs as data for JSON: NaN is None."""
    from dataclasses import asdict

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [plain(item) for item in value]
        return None if isinstance(value, float) and not np.isfinite(value) else value

    return [plain(asdict(item)) for item in items]
