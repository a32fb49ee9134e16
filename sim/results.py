"""The results of a run or comparison as tables: one row a run, one row a run and month, paired differences."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from sim.outcomes import OUTCOMES, judge, series
from sim.runs import Batch

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
        half = float(stats.t.ppf(0.5 + CONFIDENCE / 2, self.n - 1)) * spread / self.n**0.5 if self.n > 1 else float("nan")
        self.low = self.mean - half
        self.high = self.mean + half


class Results:
    """What a run or a comparison found.

    `runs` and `series` are pandas frames with the units of their columns in `.attrs["units"]`.
    """

    def __init__(self, batches: Sequence[Batch]) -> None:
        self.batches = tuple(batches)

    @cached_property
    def values(self) -> list[dict[str, np.ndarray]]:
        """Every outcome of every batch, each (run, month); NaN where missing or where the run failed."""
        found = [series(batch.totals) for batch in self.batches]
        for batch, outcomes in zip(self.batches, found, strict=True):
            failed = np.array([text != "ok" for text in batch.status])
            for table in outcomes.values():
                table[failed] = np.nan
        return found

    @cached_property
    def judged(self) -> list[dict[str, np.ndarray]]:
        """One number per run and outcome, for every batch, each (run,)."""
        return [judge(values, batch.first) for batch, values in zip(self.batches, self.values, strict=True)]

    @property
    def labels(self) -> list[str]:
        """The scenarios in the order asked for, with " @ place" where there are several places."""
        worlds = [batch.world for batch in self.batches]
        if len({world.place for world in worlds}) == 1:
            return [world.label for world in worlds]
        return [f"{world.label} @ {world.place}" for world in worlds]

    @property
    def n_failed(self) -> int:
        """Number of runs that did not finish."""
        return sum(text != "ok" for batch in self.batches for text in batch.status)

    def interval(self, outcome: str, label: str) -> Interval:
        """Return the mean of an outcome of one scenario with its interval."""
        return Interval(self.judged[self.labels.index(label)][outcome])

    def difference(self, outcome: str, label: str, base: str) -> Interval:
        """Return the mean paired difference, `label` minus `base`, with its interval: same households, same luck."""
        ours = self.judged[self.labels.index(label)][outcome]
        theirs = self.judged[self.labels.index(base)][outcome]
        return Interval(ours - theirs)

    @cached_property
    def runs(self) -> "pd.DataFrame":
        """One row a run: place, scenario, replicate, seed, status and every outcome."""
        import pandas as pd

        parts = []
        for batch, judged in zip(self.batches, self.judged, strict=True):
            head = {
                "place": batch.world.place,
                "scenario": batch.world.label,
                "replicate": batch.replicates.astype(np.int64),
                "seed": np.full(len(batch.replicates), batch.seed, np.int64),
                "status": list(batch.status),
            }
            parts.append(pd.DataFrame({**head, **judged}))
        return _with_units(pd.concat(parts, ignore_index=True))

    @cached_property
    def series(self) -> "pd.DataFrame":
        """One row a run and month: place, scenario, replicate, month and every outcome."""
        import pandas as pd

        parts = []
        for batch, values in zip(self.batches, self.values, strict=True):
            n_runs, n_months = len(batch.replicates), len(batch.months)
            head = {
                "place": batch.world.place,
                "scenario": batch.world.label,
                "replicate": np.repeat(batch.replicates.astype(np.int64), n_months),
                "month": np.tile(batch.months.astype(np.int64), n_runs),
            }
            parts.append(pd.DataFrame({**head, **{name: table.ravel() for name, table in values.items()}}))
        return _with_units(pd.concat(parts, ignore_index=True))


def _with_units(frame: "pd.DataFrame") -> "pd.DataFrame":
    frame.attrs["units"] = {"month": "months after the policy month"} | {
        name: outcome.unit for name, outcome in OUTCOMES.items()
    }
    return frame
