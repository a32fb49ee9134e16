"""Run a scenario, or several on the same households and the same luck, for many replicates.

A replicate's spin-up is run once for all forms that share what the spin-up reads; each form branches from
that checkpoint. Results do not depend on threads or on the order of anything.
"""

import math
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.scenarios import World, resolve

if TYPE_CHECKING:
    from sim.results import Results

HISTORY = 12
"""Months before the policy month that a result keeps, so that each run holds its own before."""

MAX_SEED = 2**63 - 1
MAX_REPLICATES = 1_000_000
MAX_THREADS = 1024
ENGINES = ("compiled", "agents")

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Batch:
    """The months of one world in many replicates.

    totals : int64, (run, month, total, estate); months : (month,) counted from the policy month, the
    first HISTORY of them before it; status : one text per run, "ok" or what went wrong.
    """

    world: World
    seed: int
    replicates: np.ndarray
    months: np.ndarray
    totals: np.ndarray
    status: tuple[str, ...]

    @property
    def first(self) -> int:
        """Index of the policy month in `months`."""
        return int(np.searchsorted(self.months, 0))


def check_seed(seed: int) -> int:
    """Return the seed, or raise InputError if it is no whole number from 0 to 2**63 - 1."""
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer):
        raise InputError(f"seed = {seed!r} is no whole number; give one from 0 to {MAX_SEED}.")
    if not 0 <= seed <= MAX_SEED:
        raise InputError(f"seed = {seed} lies outside 0 to {MAX_SEED} (2**63 - 1).")
    return int(seed)


def check_replicates(replicates: int) -> int:
    """Return the number of replicates, or raise InputError if it is no whole number from 1 to MAX_REPLICATES."""
    if isinstance(replicates, bool) or not isinstance(replicates, int | np.integer):
        raise InputError(f"replicates = {replicates!r} is no whole number; give one from 1 to {MAX_REPLICATES}.")
    if not 1 <= replicates <= MAX_REPLICATES:
        raise InputError(f"replicates = {replicates} lies outside 1 to {MAX_REPLICATES}.")
    return int(replicates)


def check_threads(threads: int | None) -> int:
    """Return the number of threads, one per core for None, or raise InputError if it is not from 1 to MAX_THREADS."""
    if threads is None:
        return os.cpu_count() or 1
    if isinstance(threads, bool) or not isinstance(threads, int | np.integer):
        raise InputError(f"threads = {threads!r} is no whole number; give one from 1 to {MAX_THREADS}.")
    if not 1 <= threads <= MAX_THREADS:
        raise InputError(f"threads = {threads} lies outside 1 to {MAX_THREADS}.")
    return int(threads)


def check_engine(engine: str) -> str:
    """Return the name of the engine, or raise InputError if there is none of this name."""
    if engine not in ENGINES:
        raise InputError(f"engine = {engine!r} is unknown; choose {' or '.join(ENGINES)}.")
    return engine


def checkpoint_key(world: World) -> tuple[Any, ...]:
    """Return what a spin-up depends on: worlds with equal keys share their checkpoints."""
    return world.spinup, tuple(sorted(world.before.items()))


class _Worlds:
    """Worlds that share a spin-up, with their tables and rows ready for the engine."""

    def __init__(self, worlds: Sequence[World]) -> None:
        self.worlds = worlds
        self.tables = [world.table() for world in worlds]
        self.rows = [world.rows() for world in worlds]
        self.spinup = worlds[0].spinup
        self.history = min(HISTORY, self.spinup)

    def run(self, seed: int, replicate: int, outs: Sequence[np.ndarray], engine: str) -> None:
        """Run one replicate of every world into outs, one (month, total, estate) array each."""
        from sim.population import build_state
        from sim.state import copy_into, copy_state

        months = _engine(engine)
        state = build_state(self.worlds[0].before, seed, replicate)
        nothing = np.zeros((0, *state.record.shape), np.int64)
        quiet = self.spinup - self.history
        before = self.rows[0][: self.spinup]
        months(state, self.tables[0], before[:quiet], -self.spinup, -self.history, nothing)
        months(state, self.tables[0], before[quiet:], -self.history, 0, outs[0][: self.history])
        work = copy_state(state)
        for world, table, rows, out in zip(self.worlds, self.tables, self.rows, outs, strict=True):
            copy_into(state, work)
            out[: self.history] = outs[0][: self.history]
            months(work, table, rows[self.spinup :], 0, world.months, out[self.history :])


def _engine(name: str) -> Callable[..., None]:
    """Return the function that runs months: run(state, table, rows, first, last, out)."""
    if check_engine(name) == "agents":
        from sim.model import run_months_with_agents

        return run_months_with_agents
    from sim.engine.month import run_months

    return run_months


def simulate(
    worlds: Sequence[World],
    *,
    replicates: Sequence[int],
    seed: int,
    engine: str = "compiled",
    threads: int | None = None,
    progress: Progress | None = None,
) -> list[Batch]:
    """Run every world in every replicate and return one batch per world.

    progress : called with the number of runs just finished. threads : workers, by default one per core.
    """
    seed, workers = check_seed(seed), check_threads(threads)
    check_engine(engine)
    groups: dict[tuple[Any, ...], list[int]] = {}
    for position, world in enumerate(worlds):
        groups.setdefault(checkpoint_key(world), []).append(position)
    prepared = [(positions, _Worlds([worlds[k] for k in positions])) for positions in groups.values()]
    _require_memory(worlds, len(replicates))
    outs = [_empty(world, len(replicates)) for world in worlds]
    status = [["ok"] * len(replicates) for _ in worlds]
    lock = threading.Lock()

    def one(task: tuple[list[int], _Worlds, int]) -> None:
        positions, group, r = task
        try:
            group.run(seed, int(replicates[r]), [outs[k][r] for k in positions], engine)
        except (InputError, OSError):  # not the model's fault: a user's mistake, or no room for the compile cache
            raise
        except Exception as error:
            for k in positions:
                outs[k][r] = 0
                status[k][r] = f"{type(error).__name__}: {error}"
        if progress is not None:
            with lock:
                progress(len(positions))

    tasks = [(positions, group, r) for r in range(len(replicates)) for positions, group in prepared]
    # The main thread only waits, so that Ctrl-C always reaches it, in the midst of compiling too.
    pool = ThreadPoolExecutor(1 if engine == "agents" else workers)
    try:
        for _ in pool.map(one, tasks):
            pass
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return [
        Batch(world, seed, np.asarray(replicates), _months(world), out, tuple(texts))
        for world, out, texts in zip(worlds, outs, status, strict=True)
    ]


def _months(world: World) -> np.ndarray:
    return np.arange(-min(HISTORY, world.spinup), world.months)


def _shape(world: World, n_runs: int) -> tuple[int, int, int, int]:
    from sim.totals import Total

    return n_runs, len(_months(world)), len(Total), int(world.before["population.n_estates"])


def _empty(world: World, n_runs: int) -> np.ndarray:
    return np.zeros(_shape(world, n_runs), np.int64)


def _require_memory(worlds: Sequence[World], n_runs: int) -> None:
    """Raise InputError if the totals and what is worked out from them cannot fit into this machine's memory."""
    needed = 3 * 8 * sum(math.prod(_shape(world, n_runs)) for world in worlds) / 1e9
    here = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9 if hasattr(os, "sysconf") else math.inf
    if needed > here:
        raise InputError(
            f"{n_runs * len(worlds)} runs of {worlds[0].months} months need about {needed:.0f} GB of memory, and this "
            f"machine has {here:.0f}; ask for fewer replicates, months or estates."
        )


def resolve_in_place(expression: str, place: str | None, months: int, set: Sequence[str]) -> World:
    """Resolve "scenario" or "scenario @ place"; the place after @ wins over `place`."""
    scenario, at, named = expression.partition("@")
    return resolve(scenario.strip(), place=named.strip() if at else place, months=months, set=set)


def resolve_all(
    expressions: Sequence[str], *, place: str | None = None, months: int = 120, set: Sequence[str] = ()
) -> list[World]:
    """Resolve the scenarios of a comparison; the arguments are those of `compare`.

    Raises InputError where one of them is wrong or the same scenario is named twice for a place.
    """
    if isinstance(expressions, str):
        expressions = [expressions]
    if not expressions:
        raise InputError("Nothing to compare: name at least one scenario, for example market.")
    worlds = [resolve_in_place(expression, place, months, set) for expression in expressions]
    names = [f"{world.label} @ {world.place}" for world in worlds]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"{name} is named {names.count(name)} times; name each scenario once per place.")
    return worlds


def compare(
    expressions: Sequence[str],
    *,
    place: str | None = None,
    months: int = 120,
    replicates: int = 200,
    seed: int = 1,
    set: Sequence[str] = (),
    engine: str = "compiled",
    threads: int | None = None,
    progress: Progress | None = None,
) -> "Results":
    """Compare scenarios on the same households, history and luck.

    expressions : scenarios such as "market", "market + subsidy_taper" or "market @ healthy"; place : where those
    without @ are set, `trapped` unless a model brings its own; months : after the policy month; set : options
    "group.name=value".

    Raises InputError where an argument is wrong.
    """
    from sim.results import Results

    worlds = resolve_all(expressions, place=place, months=months, set=set)
    batches = simulate(
        worlds,
        replicates=range(check_replicates(replicates)),
        seed=seed,
        engine=engine,
        threads=threads,
        progress=progress,
    )
    return Results.of(batches)


def run(expression: str, **options: Any) -> "Results":
    """Run one scenario; the options are those of `compare`."""
    return compare([expression], **options)
