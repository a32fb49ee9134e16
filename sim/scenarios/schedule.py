"""When the levers of a scenario apply: its start, its stop, its steps, in months after the policy month."""

from dataclasses import dataclass

from sim.errors import InputError
from sim.scenarios.scenario import Moment, Scenario
from sim.scenarios.schema import LATEST
from sim.scenarios.values import in_words, written
from sim.scenarios.world import Origin


@dataclass(frozen=True, slots=True)
class Timetable:
    """A scenario with its moments turned into months."""

    scenario: Scenario
    start: int
    stop: int | None
    again: int | None
    steps: tuple[tuple[int, dict[str, Origin]], ...]
    """Month and values, sorted by month."""

    @property
    def changes(self) -> set[int]:
        """Months in which a lever may change."""
        ends = {month for month in (self.stop, self.again) if month is not None}
        return {self.start, *(month for month, _ in self.steps)} | ends

    def levers_at(self, month: int) -> dict[str, Origin] | None:
        """Give the levers in force in a month, None before the start and between a stop and the relaunch."""
        stopped = self.stop is not None and month >= self.stop
        relaunched = self.again is not None and month >= self.again
        if month < self.start or (stopped and not relaunched):
            return None
        levers = self.scenario.levers()
        for at, values in self.steps:
            if at <= month:
                levers |= values
        return levers

    def later(self, months: int) -> "Timetable":
        """Return the timetable with all its months so much later."""
        stop, again = (None if month is None else month + months for month in (self.stop, self.again))
        steps = tuple((month + months, step) for month, step in self.steps)
        return Timetable(self.scenario, self.start + months, stop, again, steps)


def timetable(scenario: Scenario, policy: tuple[int, int]) -> Timetable:
    """Turn the moments of a scenario into months.

    Parameters
    ----------
    scenario : Scenario
        A form, model or programme.
    policy : tuple of int
        Year and month (1 to 12) of the policy month.

    Raises
    ------
    InputError
        If a date lies before the policy month, or the moments are out of order.
    """
    start = month_of(scenario.start, "schedule.start", policy)

    def month_here(moment: Moment, key: str) -> int:
        """Count a moment of a file this one extends from the start of this one."""
        later = start - month_of(moment.since, "schedule.start", policy) if moment.since else 0
        return month_of(moment, key, policy) + later

    stop = month_here(scenario.stop, "schedule.stop") if scenario.stop else None
    if scenario.stop and stop is not None and stop <= start:
        raise InputError(
            f"{scenario.stop.where}: schedule.stop = {written(scenario.stop.written)} is month {stop}, not after the "
            f"start in month {start}; the levers would never apply"
        )
    again = month_here(scenario.again, "schedule.again") if scenario.again else None
    if scenario.again and again is not None and (stop is None or again <= stop):
        raise InputError(
            f"{scenario.again.where}: schedule.again = {written(scenario.again.written)} is month {again}, but levers "
            "come back only after a stop; give schedule.stop an earlier month"
        )
    steps: dict[int, dict[str, Origin]] = {}
    for step in scenario.steps:
        month = month_here(step.at, "step.at")
        shown = f"{step.at.where}: step.at = {written(step.at.written)}"
        if month <= start:
            raise InputError(f"{shown} is month {month}, but a step comes after the start in month {start}")
        if stop is not None and month >= stop and (again is None or month < again):
            raise InputError(f"{shown} is month {month}, but the levers stop in month {stop}")
        if month in steps:
            raise InputError(f"{shown} is month {month}, which already has a step; write one step for both")
        steps[month] = dict(step.values)
    return Timetable(scenario, start, stop, again, tuple(sorted(steps.items(), key=lambda item: item[0])))


def month_of(moment: Moment, key: str, policy: tuple[int, int]) -> int:
    """Give the number of months from the policy month to a moment.

    Raises
    ------
    InputError
        If it is a date before the policy month or more than 1200 months after it.
    """
    if isinstance(moment.written, int):
        return moment.written
    year, month = (int(part) for part in moment.written.split("-"))
    months = 12 * (year - policy[0]) + month - policy[1]
    if not 0 <= months <= LATEST:
        raise InputError(
            f'{moment.where}: {key} = "{moment.written}" is month {months} counted from the policy month '
            f"{policy[0]:04}-{policy[1]:02}; allowed is 0 to {LATEST}"
        )
    return months


def stacked_levers(programmes: list[Timetable], month: int) -> dict[str, Origin]:
    """Join the levers that programmes set in a month; equal values count once.

    Raises
    ------
    InputError
        If two of them give different values to one lever.
    """
    joint: dict[str, Origin] = {}
    for programme in programmes:
        for path, origin in (programme.levers_at(month) or {}).items():
            other = joint.setdefault(path, origin)
            if other.value != origin.value:
                raise InputError(
                    f"{other.where} and {origin.where} disagree in month {month}: {path} = "
                    f"{in_words(path, other.value)} against {in_words(path, origin.value)}; leave one of the two "
                    "programmes out, give them different months, or write one programme that holds both"
                )
    return joint
