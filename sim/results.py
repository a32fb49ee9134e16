"""The results of a run or comparison: one row a run, one row a run and month, means and paired differences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import stdtrit

from sim import case_records
from sim.errors import InputError
from sim.outcomes import OUTCOMES, judge, series
from sim.runs import Batch
from sim.scenarios import World
from sim.state import ENDS

if TYPE_CHECKING:
    import pandas as pd

CONFIDENCE = 0.95


class Interval:
    """A mean with its confidence interval (Student) over `n` runs; missing values are left out and counted."""

    def __init__(self, values: np.ndarray) -> None:
        kept = values[~np.isnan(values)]
        self.n = len(kept)
        self.n_missing = len(values) - self.n
        self.mean = float(kept.mean()) if self.n else float("nan")
        spread = float(kept.std(ddof=1)) if self.n > 1 else float("nan")
        half = student(self.n - 1) * spread / self.n**0.5 if self.n > 1 else float("nan")
        self.low = self.mean - half
        self.high = self.mean + half


def sign(low: float, high: float) -> int:
    """Say whether a range lies above zero (+1), below (-1) or on both sides (0)."""
    return 1 if low > 0 else -1 if high < 0 else 0


def student(freedom: int) -> float:
    """Return the quantile of Student's t that CONFIDENCE lies within, for `freedom` degrees of freedom."""
    return float(stdtrit(freedom, 0.5 + CONFIDENCE / 2))


@dataclass(frozen=True)
class Arm:
    """One scenario in one place over all its runs: an arm of the comparison.

    months : (month,), counted from the policy month; values : every outcome, (run, month), NaN where missing
    or where the run failed; status : one text per run, "ok" or what went wrong; ends : (run, end, age) of the issues
    that arose from the policy month on, the last row those still open; world : what was run, None where it was read.
    kept_judged, kept_moves : `judged` and `moves` of an arm in brief, whose values are empty.
    """

    place: str
    scenario: str
    seed: int
    replicates: np.ndarray
    status: tuple[str, ...]
    months: np.ndarray
    values: Mapping[str, np.ndarray]
    ends: np.ndarray | None = None
    world: World | None = None
    kept_judged: Mapping[str, np.ndarray] | None = None
    kept_moves: Mapping[str, np.ndarray] | None = None

    @classmethod
    def of(cls, batch: Batch) -> "Arm":
        """Work out the outcomes of a batch."""
        values = series(batch.totals, batch.first)
        failed = np.array([text != "ok" for text in batch.status])
        for table in values.values():
            table[failed] = np.nan
        world, replicates = batch.world, batch.replicates.astype(np.int64)
        months = batch.months.astype(np.int64)
        return cls(world.place, world.label, batch.seed, replicates, batch.status, months, values, batch.ends, world)

    @classmethod
    def in_brief(cls, parts: "Sequence[Arm]") -> "Arm":
        """Return the arm of all runs of some parts with what a table needs, a fortieth of what the values take."""
        first = parts[0]
        ends = None if first.ends is None else np.concatenate([np.asarray(p.ends, np.int32) for p in parts])
        return cls(
            first.place,
            first.scenario,
            first.seed,
            np.concatenate([part.replicates for part in parts]),
            tuple(text for part in parts for text in part.status),
            first.months,
            {},
            ends,
            first.world,
            {name: np.concatenate([part.judged[name] for part in parts]) for name in OUTCOMES},
            {name: np.concatenate([part.moves[name] for part in parts]) for name in first.moves},
        )

    @cached_property
    def judged(self) -> Mapping[str, np.ndarray]:
        """One number per run and outcome, each (run,)."""
        if self.kept_judged is not None:
            return self.kept_judged
        return judge(self.values, int(np.searchsorted(self.months, 0)))

    @cached_property
    def moves(self) -> Mapping[str, np.ndarray]:
        """The last month minus the month before the policy, run by run, each (run,); empty without such a month."""
        if self.kept_moves is not None:
            return self.kept_moves
        first = int(np.searchsorted(self.months, 0))
        return {name: table[:, -1] - table[:, first - 1] for name, table in self.values.items()} if first else {}


class Results:
    """What a run or a comparison found.

    `runs` and `series` are pandas frames with the units of their columns in `.attrs["units"]`, and so are `cases`
    and `case_events` where `cases=True` kept the history of every case. `batches` holds the totals behind the
    outcomes; it is empty where results were read from files.
    """

    def __init__(self, arms: Sequence[Arm], batches: Sequence[Batch] = ()) -> None:
        self.arms = tuple(arms)
        self.batches = tuple(batches)

    @classmethod
    def of(cls, batches: Sequence[Batch]) -> "Results":
        """Work out the results of what `sim.runs.simulate` returns."""
        return cls([Arm.of(batch) for batch in batches], batches)

    @property
    def values(self) -> list[Mapping[str, np.ndarray]]:
        """Every outcome of every arm, each (run, month); NaN where missing or where the run failed."""
        return [arm.values for arm in self.arms]

    @property
    def judged(self) -> list[Mapping[str, np.ndarray]]:
        """One number per run and outcome, for every arm, each (run,)."""
        return [arm.judged for arm in self.arms]

    @property
    def places(self) -> list[str]:
        """The places in the order asked for."""
        return list(dict.fromkeys(arm.place for arm in self.arms))

    def within(self, place: str) -> "Results":
        """Return the part of these results that belongs to one place."""
        batches = [batch for batch in self.batches if batch.world.place == place]
        return Results([arm for arm in self.arms if arm.place == place], batches)

    @property
    def labels(self) -> list[str]:
        """The scenarios in the order asked for, with " @ place" where there are several places."""
        if len(self.places) == 1:
            return [arm.scenario for arm in self.arms]
        return [f"{arm.scenario} @ {arm.place}" for arm in self.arms]

    @property
    def n_failed(self) -> int:
        """Number of runs that did not finish."""
        return sum(text != "ok" for arm in self.arms for text in arm.status)

    def arm(self, label: str) -> Arm:
        """Return the arm of this label."""
        return self.arms[self.labels.index(label)]

    def base(self, label: str) -> str | None:
        """Return the label that `label` is compared with: the first of its place, None for that one itself."""
        first = next(k for k, arm in enumerate(self.arms) if arm.place == self.arm(label).place)
        return None if self.labels[first] == label else self.labels[first]

    def interval(self, outcome: str, label: str) -> Interval:
        """Return the mean of an outcome of one scenario with its interval."""
        return Interval(self.arm(label).judged[outcome])

    def differences(self, outcome: str, label: str, base: str) -> np.ndarray:
        """Return `label` minus `base` replicate by replicate, (run,): same households, same luck."""
        return np.asarray(self.arm(label).judged[outcome] - self.arm(base).judged[outcome])

    def difference(self, outcome: str, label: str, base: str) -> Interval:
        """Return the mean paired difference, `label` minus `base`, with its interval."""
        return Interval(self.differences(outcome, label, base))

    def drift(self, outcome: str, label: str) -> Interval | None:
        """Return how far a scenario itself moved from the month before the policy to the last, run by run.

        An effect smaller than the drift of what it is compared with is read with care. None where no month before the
        policy was kept, and for outcomes that are means over the policy months.
        """
        moves = self.arm(label).moves
        return Interval(moves[outcome]) if moves and not OUTCOMES[outcome].total else None

    def run_columns(self) -> dict[str, np.ndarray]:
        """Return the columns of `runs`; `run` numbers the rows and is the key of the series' rows."""
        return {
            "run": np.arange(sum(len(arm.replicates) for arm in self.arms)),
            "place": _joined([np.full(len(arm.replicates), arm.place, object) for arm in self.arms]),
            "scenario": _joined([np.full(len(arm.replicates), arm.scenario, object) for arm in self.arms]),
            "replicate": _joined([arm.replicates for arm in self.arms]),
            "seed": _joined([np.full(len(arm.replicates), arm.seed, np.int64) for arm in self.arms]),
            "status": _joined([np.array(arm.status, object) for arm in self.arms]),
            **{name: _joined([arm.judged[name] for arm in self.arms]) for name in OUTCOMES},
        }

    def series_columns(self) -> dict[str, np.ndarray]:
        """Return the columns of `series`."""
        runs = self.run_columns()
        n_months = [len(arm.months) for arm in self.arms for _ in arm.replicates]
        return {
            **{name: np.repeat(runs[name], n_months) for name in ("run", "place", "scenario", "replicate")},
            "month": _joined([np.tile(arm.months, len(arm.replicates)) for arm in self.arms]),
            **{name: _joined([arm.values[name].ravel() for arm in self.arms]) for name in OUTCOMES},
        }

    def ends_columns(self) -> dict[str, np.ndarray]:
        """Return how many issues ended how at which age, run by run; none where that was not kept."""
        arms = [arm for arm in self.arms if arm.ends is not None]
        if not arms or len(arms) < len(self.arms):
            return {}
        runs = self.run_columns()
        ends = np.concatenate([np.asarray(arm.ends) for arm in arms])
        n_ages = ends.shape[2]
        return {
            **{name: np.repeat(runs[name], n_ages) for name in ("run", "place", "scenario", "replicate")},
            "age": np.tile(np.arange(n_ages), len(ends)),
            **{name: ends[:, row].ravel() for row, name in enumerate((*ENDS, "open"))},
        }

    @property
    def has_cases(self) -> bool:
        """Whether the history of every case was kept."""
        return bool(self.batches) and all(batch.histories for batch in self.batches)

    def case_columns(self) -> dict[str, np.ndarray]:
        """Return the columns of `cases`."""
        return case_records.columns(self.batches, case_records.cases_of)

    def event_columns(self) -> dict[str, np.ndarray]:
        """Return the columns of `case_events`."""
        return case_records.columns(self.batches, case_records.events_of)

    @cached_property
    def cases(self) -> "pd.DataFrame":
        """One row a case that was open at some time from the policy month on; `sim.case_records.FIELDS` tells more."""
        self._require_cases()
        return _frame(self.case_columns())

    @cached_property
    def case_events(self) -> "pd.DataFrame":
        """One row an event in the life of a case that was open at some time from the policy month on."""
        self._require_cases()
        return _frame(self.event_columns())

    def _require_cases(self) -> None:
        if not self.has_cases:
            raise InputError("The history of the cases was not kept; ask for it: compare(..., cases=True) or --cases.")

    @cached_property
    def runs(self) -> "pd.DataFrame":
        """One row a run: run, place, scenario, replicate, seed, status and every outcome."""
        return _frame(self.run_columns())

    @cached_property
    def series(self) -> "pd.DataFrame":
        """One row a run and month: run, place, scenario, replicate, month and every outcome."""
        return _frame(self.series_columns())


def _joined(parts: list[np.ndarray]) -> np.ndarray:
    return np.asarray(np.concatenate(parts))


def _frame(columns: dict[str, np.ndarray]) -> "pd.DataFrame":
    import pandas as pd

    frame = pd.DataFrame({name: _series(column) for name, column in columns.items()})
    frame.attrs["units"] = UNITS
    return frame


def _series(column: np.ndarray) -> Any:
    """Return a column as pandas holds it: whole numbers stay whole where some are missing."""
    import pandas as pd

    if isinstance(column, np.ma.MaskedArray):
        return pd.arrays.IntegerArray(column.data.astype(np.int64), np.ma.getmaskarray(column))
    return column


UNITS = (
    {name: unit for name, (unit, _) in case_records.FIELDS.items()}
    | {"age": "months", **{end: "issues" for end in (*ENDS, "open")}}
    | {name: outcome.unit for name, outcome in OUTCOMES.items()}
)
"""Unit of every column that has one."""
