"""linli itself, with its full rule set: the world `market` in the place `trapped`."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import numpy as np

from sim.district import District
from sim.engine.month import run_months
from sim.population import build_state
from sim.runs import simulate
from sim.scenarios import World, resolve
from sim.state import copy_into, copy_state
from sim.totals import Total

Months = Callable[..., None]


def world(households: int, months: int, estates: int = 1, spinup: int | None = None) -> World:
    """Return the world that is measured; spinup : months before the policy month, the model's own unless given."""
    options = [f"population.n_households={households}", f"population.n_estates={estates}"]
    if spinup is not None:
        options.append(f"time.spinup={spinup}")
    return resolve("market", place="trapped", months=months, set=options)


class Prepared:
    """Runs that stand at the policy month, so that the months after it can be lived again and again."""

    def __init__(self, world: World, runs: int, months: Months = run_months) -> None:
        self.world = world
        self.months = months
        self.table, self.rows = world.table(), world.rows()
        self.households = int(world.before["population.n_households"]) * int(world.before["population.n_estates"])
        self.start = []
        for replicate in range(runs):
            state = build_state(world.before, 1, replicate)
            nothing = np.zeros((0, *state.record.shape), np.int64)
            run_months(state, self.table, self.rows[: world.spinup], -world.spinup, 0, nothing)
            self.start.append(state)
        self.work = [copy_state(state) for state in self.start]
        self.totals = np.zeros((runs, world.months, *self.start[0].record.shape), np.int64)

    @property
    def household_months(self) -> int:
        """Household-months of one round."""
        return len(self.start) * self.households * self.world.months

    def one(self, run: int) -> None:
        """Live through the months of one run."""
        rows = self.rows[self.world.spinup :]
        self.months(self.work[run], self.table, rows, 0, self.world.months, self.totals[run])

    def live(self, threads: int = 1) -> float:
        """Live through the months of all runs and return the seconds that took."""
        for start, work in zip(self.start, self.work, strict=True):
            copy_into(start, work)
        return on_threads(self.one, range(len(self.start)), threads)


class PreparedDistrict:
    """One run over many estates that stands at the policy month; its blocks live on so many threads."""

    def __init__(self, world: World, threads: int) -> None:
        self.world = world
        self.table, self.rows = world.table(), world.rows()
        self.pool = ThreadPoolExecutor(threads)
        estates = int(world.before["population.n_estates"])
        self.start = District.build([(range(estates), world.before)], 1, 0, pool=self.pool)
        nothing = np.zeros((0, len(Total), estates), np.int64)
        self.start.run(run_months, [(self.table, self.rows[: world.spinup])], -world.spinup, 0, nothing)
        self.work = self.start.copy()
        self.totals = np.zeros((world.months, len(Total), estates), np.int64)
        self.household_months = int(world.before["population.n_households"]) * estates * world.months

    def live(self) -> float:
        """Live through the months after the policy month and return the seconds that took."""
        self.start.copy_into(self.work)
        begin = perf_counter()
        rows = self.rows[self.world.spinup :]
        self.work.run(run_months, [(self.table, rows)], 0, self.world.months, self.totals)
        return perf_counter() - begin


def on_threads(one: Callable[[int], None], runs: Sequence[int], threads: int) -> float:
    """Do `one` for all runs on so many threads and return the seconds that took."""
    if threads == 1:
        begin = perf_counter()
        for run in runs:
            one(run)
        return perf_counter() - begin
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda _: None, range(threads)))
        begin = perf_counter()
        list(pool.map(one, runs))
        return perf_counter() - begin


def whole_call(world: World, runs: int, threads: int | None = None) -> float:
    """Return the seconds of a whole `simulate`: populations and networks drawn, spin-up, months, totals."""
    begin = perf_counter()
    simulate([world], replicates=range(runs), seed=1, threads=threads)
    return perf_counter() - begin


def lived(world: World) -> int:
    """Return the household-months of one whole run, spin-up included."""
    households = int(world.before["population.n_households"]) * int(world.before["population.n_estates"])
    return households * (world.spinup + world.months)
