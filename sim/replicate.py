"""One replicate of worlds that share a spin-up: run the spin-up once, then branch every world from its end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from sim.errors import InputError
from sim.scenarios import World

if TYPE_CHECKING:
    from sim.district import District, Pool, Schedule

T = TypeVar("T")

HISTORY = 12
"""Months before the policy month that a result keeps, so that each run holds its own before."""

ENGINES = ("compiled", "agents")

_FIRST_LOG = 4096
"""Lines reserved at first for a history of cases."""


def check_engine(engine: str) -> str:
    """Return the name of the engine, or raise InputError if there is none of this name."""
    if engine not in ENGINES:
        raise InputError(f"engine = {engine!r} is unknown; choose {' or '.join(ENGINES)}.")
    return engine


def checkpoint_key(world: World) -> tuple[Any, ...]:
    """Return what a spin-up depends on: worlds with equal keys share their checkpoints."""
    parts = tuple((part.estates, tuple(sorted(part.world.before.items()))) for part in world.same_throughout())
    return world.spinup, parts


@dataclass(frozen=True)
class RunKept:
    """Where one run is kept: totals (month, total, estate), ends (end + 1, age), and the list its history goes into."""

    totals: np.ndarray
    ends: np.ndarray
    histories: list[np.ndarray]
    replicate: int


class Kept:
    """What is kept of one world's runs: totals (run, month, total, estate), ends (run, end + 1, age), histories."""

    def __init__(self, totals: np.ndarray, ends: np.ndarray, histories: list[np.ndarray]) -> None:
        self.totals = totals
        self.ends = ends
        self.histories = histories

    @staticmethod
    def shape(world: World) -> tuple[int, int, int]:
        """Return the shape of the totals of one run."""
        from sim.totals import Total

        return min(HISTORY, world.spinup) + world.months, len(Total), int(world.before["population.n_estates"])

    @classmethod
    def empty(cls, world: World, n_runs: int) -> "Kept":
        """Return zeros of the right shapes; memory is taken as runs are written."""
        from sim.state import ENDS, LIFE_MONTHS, LOG_FIELDS

        return cls(
            np.zeros((n_runs, *cls.shape(world)), np.int64),
            np.zeros((n_runs, len(ENDS) + 1, LIFE_MONTHS), np.int64),
            [np.zeros((0, len(LOG_FIELDS)), np.int64)] * n_runs,
        )

    def of(self, run: int) -> RunKept:
        """Return where run number `run` is kept."""
        return RunKept(self.totals[run], self.ends[run], self.histories, run)

    def forget(self, run: int) -> None:
        """Set what is kept of a run that failed to nothing."""
        self.totals[run] = 0
        self.ends[run] = 0
        self.histories[run] = self.histories[run][:0]


class _OverflowedError(Exception):
    """A list of cases was too short; the draws are keyed, so the replicate is simply run again with longer ones."""


class SharedSpinup:
    """Worlds that share a spin-up, with their tables and rows ready for the engine."""

    def __init__(self, worlds: Sequence[World]) -> None:
        self.worlds = worlds
        self.schedules = [
            [(part.world.table(), part.world.rows()) for part in world.same_throughout()] for world in worlds
        ]
        self.spinup = worlds[0].spinup
        self.history = min(HISTORY, self.spinup)

    def run(
        self,
        seed: int,
        replicate: int,
        kept: Sequence[RunKept],
        engine: str,
        cases: bool = False,
        pool: "Pool | None" = None,
    ) -> None:
        """Run one replicate of every world into `kept`; cases : keep their history; pool : what blocks run on."""

        def attempt(n_cases: int, n_log: int) -> None:
            self._run(seed, replicate, kept, engine, n_cases, n_log, pool)

        _with_room(self.worlds[0], attempt, _FIRST_LOG if cases else 0)

    def _run(
        self,
        seed: int,
        replicate: int,
        kept: Sequence[RunKept],
        engine: str,
        n_cases: int,
        n_log: int,
        pool: "Pool | None",
    ) -> None:
        from sim.district import District

        months = _engine(engine)
        parts = [(part.estates, part.world.before) for part in self.worlds[0].same_throughout()]
        district = District.build(parts, seed, replicate, n_cases, n_log, pool=pool, whole=engine == "agents")
        nothing = np.zeros((0, *kept[0].totals.shape[1:]), np.int64)

        def between(world: int, first: int, last: int) -> "list[Schedule]":
            return [(table, rows[self.spinup + first : self.spinup + last]) for table, rows in self.schedules[world]]

        district.run(months, between(0, -self.spinup, -self.history), -self.spinup, -self.history, nothing)
        district.run(months, between(0, -self.history, 0), -self.history, 0, kept[0].totals[: self.history])
        _require_room(district)
        work = district.copy() if len(self.worlds) > 1 else district  # the last world needs the checkpoint no longer
        for number, (world, run) in enumerate(zip(self.worlds, kept, strict=True)):
            if work is not district:
                district.copy_into(work)
            run.totals[: self.history] = kept[0].totals[: self.history]
            work.run(months, between(number, 0, world.months), 0, world.months, run.totals[self.history :])
            _require_room(work)
            run.ends[:-1] = work.life()
            run.ends[-1] = sum(_still_open(block, world.months) for block in work.blocks)
            run.histories[run.replicate] = work.history()


def district_after(world: World, months: int, seed: int, replicate: int) -> "District":
    """Return the estates of one run as they are after `months` months from the policy month on.

    Raises ValueError where the world does not last so long.
    """
    from sim.district import District

    if months > world.months:
        raise ValueError(f"{months} months of a world that lasts {world.months}")
    shared = SharedSpinup([world])
    parts = [(part.estates, part.world.before) for part in world.same_throughout()]

    def attempt(n_cases: int, n_log: int) -> District:
        district = District.build(parts, seed, replicate, n_cases, n_log)
        schedules = [(table, rows[: world.spinup + months]) for table, rows in shared.schedules[0]]
        nothing = np.zeros((0, *Kept.shape(world)[1:]), np.int64)
        district.run(_engine("compiled"), schedules, -world.spinup, months, nothing)
        _require_room(district)
        return district

    return _with_room(world, attempt)


def _with_room(world: World, attempt: Callable[[int, int], T], n_log: int = 0) -> T:
    """Run a replicate, again with longer lists wherever one was too short; attempt : takes their lengths."""
    n_cases = 0
    while True:
        try:
            return attempt(n_cases, n_log)
        except _OverflowedError:
            size = int(world.before["population.n_households"])
            n_cases, n_log = max(2 * n_cases, 2 * size + 64), 2 * n_log


def _require_room(district: "District") -> None:
    from agents.rules.estate import EstateWhole

    if any(block.estate_n[EstateWhole.OVERFLOW].any() for block in district.blocks):
        raise _OverflowedError


def _still_open(state: Any, months: int) -> np.ndarray:
    """Count the cases open at the end by their age in months, those that arose from the policy month on."""
    from agents.rules.case import SUIT, CaseWhole
    from agents.rules.estate import EstateWhole

    n_estates = state.estate_n.shape[1]
    room = state.case_n.shape[1] // n_estates
    open_now = (np.arange(room)[None, :] < state.estate_n[EstateWhole.N_CASES][:, None]).ravel()
    open_now &= (state.case_n[CaseWhole.KIND] != SUIT) & (state.case_n[CaseWhole.ARISEN] >= 0)
    ages = months - 1 - state.case_n[CaseWhole.ARISEN][open_now]
    longest = state.life.shape[1]
    return np.bincount(np.minimum(ages, longest - 1), minlength=longest)


def _engine(name: str) -> Callable[..., None]:
    """Return the function that runs months: run(state, table, rows, first, last, out)."""
    if check_engine(name) == "agents":
        from sim.model import run_months_with_agents

        return run_months_with_agents
    from sim.engine.month import run_months

    return run_months
