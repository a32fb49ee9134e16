"""Warm, interleaved timing: every subject once per round, in an order that turns, so that noise falls on all alike."""

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median


@dataclass
class Subject:
    """Something that lives household-months.

    one_round : does the work once and returns the seconds of the part that counts; household_months, runs : done in it.
    """

    name: str
    one_round: Callable[[], float]
    household_months: int
    runs: int = 1
    seconds: list[float] = field(default_factory=list)

    @property
    def ns(self) -> float:
        """Nanoseconds per household-month, median of the rounds."""
        return 1e9 * median(self.seconds) / self.household_months

    @property
    def span(self) -> tuple[float, float]:
        """Lowest and highest nanoseconds per household-month."""
        return 1e9 * min(self.seconds) / self.household_months, 1e9 * max(self.seconds) / self.household_months

    @property
    def runs_per_second(self) -> float:
        """Whole runs per second, at the median."""
        return self.runs / median(self.seconds)


def interleaved(subjects: Sequence[Subject], rounds: int) -> None:
    """Warm every subject up, then time each once per round."""
    for subject in subjects:
        subject.one_round()
    for turn in range(rounds):
        first = turn % len(subjects)
        for subject in (*subjects[first:], *subjects[:first]):
            gc.collect()
            subject.seconds.append(subject.one_round())
