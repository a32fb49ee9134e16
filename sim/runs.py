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
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import numpy as np

from sim.errors import InputError, NoRoomError
from sim.readiness import make_ready, not_compiled
from sim.replicate import HISTORY, Kept, SharedSpinup, check_engine, checkpoint_key
from sim.scenarios import World, resolve

if TYPE_CHECKING:
    from sim.results import Results

MAX_SEED = 2**63 - 1
MAX_REPLICATES = 1_000_000
MAX_THREADS = 1024

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Batch:
    """The months of one world in many replicates.

    totals : int64, (run, month, total, estate); months : (month,) counted from the policy month, the
    first HISTORY of them before it; status : one text per run, "ok" or what went wrong; ends : int64,
    (run, end, age) of the issues that arose from the policy month on, the last row those still open at the end;
    histories : per run the lines of its cases' history (`sim.state.LOG_FIELDS`), empty unless asked for.
    """

    world: World
    seed: int
    replicates: np.ndarray
    months: np.ndarray
    totals: np.ndarray
    status: tuple[str, ...]
    ends: np.ndarray
    histories: tuple[np.ndarray, ...] = ()

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


def usual_replicates(worlds: Sequence[World]) -> int:
    """Return the replicates of a run that asks for no number: fewer of a district, which averages over its estates."""
    return 10 if any(world.parts for world in worlds) else 200


def check_threads(threads: int | None) -> int:
    """Return the number of threads, one per core for None, or raise InputError if it is not from 1 to MAX_THREADS."""
    if threads is None:
        return os.cpu_count() or 1
    if isinstance(threads, bool) or not isinstance(threads, int | np.integer):
        raise InputError(f"threads = {threads!r} is no whole number; give one from 1 to {MAX_THREADS}.")
    if not 1 <= threads <= MAX_THREADS:
        raise InputError(f"threads = {threads} lies outside 1 to {MAX_THREADS}.")
    return int(threads)


def simulate(
    worlds: Sequence[World],
    *,
    replicates: Sequence[int],
    seed: int,
    engine: str = "compiled",
    threads: int | None = None,
    progress: Progress | None = None,
    cases: bool = False,
) -> list[Batch]:
    """Run every world in every replicate and return one batch per world.

    progress : called with the number of runs just finished. threads : workers, by default one per core.
    cases : keep the history of every case.

    Raises InputError where an argument is wrong, and NotCompiledError where the compiler fails.
    """
    from sim.district import BLOCK

    seed, workers = check_seed(seed), check_threads(threads)
    check_engine(engine)
    groups: dict[tuple[Any, ...], list[int]] = {}
    for position, world in enumerate(worlds):
        groups.setdefault(checkpoint_key(world), []).append(position)
    # Many worlds of few replicates are parted, so that no thread is idle: each part makes the spin-up for itself.
    parts = math.ceil(workers / max(1, len(groups) * len(replicates)))
    shared = [positions[k::parts] for positions in groups.values() for k in range(min(parts, len(positions)))]
    prepared = [(positions, SharedSpinup([worlds[k] for k in positions])) for positions in shared]
    _require_memory(worlds, len(replicates))
    if engine == "compiled":
        make_ready()
    kept = [Kept.empty(world, len(replicates)) for world in worlds]
    status = [["ok"] * len(replicates) for _ in worlds]
    lock = threading.Lock()

    def one(task: tuple[list[int], SharedSpinup, int]) -> None:
        positions, group, r = task
        try:
            group.run(seed, int(replicates[r]), [kept[k].of(r) for k in positions], engine, cases, blocks)
        except (InputError, OSError):  # not the model's fault
            raise
        except Exception as error:
            if type(error).__module__.startswith("numba."):
                raise not_compiled(error) from error
            for k in positions:
                kept[k].forget(r)
                status[k][r] = f"{type(error).__name__}: {error}"
        if progress is not None:
            with lock:
                progress(len(positions))

    tasks = [(positions, group, r) for r in range(len(replicates)) for positions, group in prepared]
    # Threads share the replicates or, where there are many estates, the blocks of estates of one replicate.
    by_block = engine != "agents" and any(
        world.parts or int(world.before["population.n_estates"]) > BLOCK for world in worlds
    )
    blocks = ThreadPoolExecutor(workers) if by_block else None
    # The main thread only waits, so that Ctrl-C always reaches it, in the midst of compiling too.
    pool = ThreadPoolExecutor(1 if engine == "agents" or by_block else workers)
    try:
        for _ in pool.map(one, tasks):
            pass
    finally:
        for executor in (pool, blocks):
            if executor is not None:
                executor.shutdown(wait=False, cancel_futures=True)
    return [
        Batch(
            world,
            seed,
            np.asarray(replicates),
            np.arange(-min(HISTORY, world.spinup), world.months),
            runs.totals,
            tuple(texts),
            runs.ends,
            tuple(runs.histories) if cases else (),
        )
        for world, runs, texts in zip(worlds, kept, status, strict=True)
    ]


def _require_memory(worlds: Sequence[World], n_runs: int) -> None:
    """Raise NoRoomError if the totals and what is worked out from them cannot fit into this machine's memory."""
    needed = 4 * 8 * n_runs * sum(math.prod(Kept.shape(world)) for world in worlds) / 1e9
    here = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9 if hasattr(os, "sysconf") else math.inf
    if needed > here:
        raise NoRoomError(
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
    resolved = [resolve_in_place(expression, place, months, set) for expression in expressions]
    worlds = [world for found in resolved for world in (found.against, found) if world is not None]
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
    replicates: int | None = None,
    seed: int = 1,
    set: Sequence[str] = (),
    engine: str = "compiled",
    threads: int | None = None,
    progress: Progress | None = None,
    cases: bool = False,
) -> "Results":
    """Compare scenarios on the same households, history and luck.

    expressions : scenarios such as "market", "market + subsidy_taper" or "market @ healthy"; place : where those
    without @ are set, `trapped` unless a model brings its own; months : after the policy month; replicates : 200 by
    default, 10 of a district; set : options "group.name=value"; cases : keep the history of every case.

    Raises InputError where an argument is wrong.
    """
    from sim.results import Results

    worlds = resolve_all(expressions, place=place, months=months, set=set)
    batches = simulate(
        worlds,
        replicates=range(check_replicates(usual_replicates(worlds) if replicates is None else replicates)),
        seed=seed,
        engine=engine,
        threads=threads,
        progress=progress,
        cases=cases,
    )
    return Results.of(batches)


class Options(TypedDict, total=False):
    """The options of `compare` and `run`, so that a checker of types knows a misspelt one."""

    place: str | None
    months: int
    replicates: int | None
    seed: int
    set: Sequence[str]
    engine: str
    threads: int | None
    progress: Progress | None
    cases: bool


def run(expression: str, **options: Unpack[Options]) -> "Results":
    """Run one scenario; the options are those of `compare`."""
    return compare([expression], **options)
