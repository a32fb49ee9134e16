"""All that is timed side by side, each at a size of its own choosing; and whether they agree."""

from collections.abc import Callable
from importlib.util import find_spec
from time import perf_counter

import numpy as np

from benchmarks import floor, oracle, plain_mesa
from benchmarks.core import Core, Outcome, neighbours
from benchmarks.full_model import Prepared, lived, on_threads, whole_call, world
from benchmarks.measure import Subject
from benchmarks.names import AGENTPY, AGENTS, FLOOR, LEAN, MESA, ORACLE
from sim.draws import stream_key


def floor_loop(households: int, months: int, runs: int, threads: int, name: str = FLOOR) -> Subject:
    """Return the floor loop."""
    start, target = neighbours(households, 1)
    keys = [stream_key(1, run) for run in range(runs)]
    floor.run(start, target, keys[0], 1)
    paid = np.zeros((runs, households), np.uint8)
    decided = np.zeros_like(paid)

    def one(run: int) -> None:
        floor.months(start, target, keys[run], 0, months, paid[run], decided[run])

    def one_round() -> float:
        paid[:] = 0
        return on_threads(one, range(runs), threads)

    return Subject(name, one_round, households * months * runs, runs)


def months_alone(prepared: Prepared, threads: int, name: str) -> Subject:
    """Return linli's months after the spin-up, population and spin-up not counted."""
    return Subject(name, lambda: prepared.live(threads), prepared.household_months, len(prepared.start))


def whole_calls(households: int, months: int, runs: int, threads: int, name: str) -> Subject:
    """Return whole calls of `simulate`; the months of the spin-up count as lived."""
    there = world(households, months)
    return Subject(name, lambda: whole_call(there, runs, threads), lived(there) * runs, runs)


def agent_engine(households: int, months: int) -> Subject:
    """Return linli's agent engine, with the making of the agents."""
    from sim.model import run_months_with_agents

    return months_alone(Prepared(world(households, months), 1, run_months_with_agents), 1, AGENTS)


def loop(core: Core) -> Subject:
    """Return the oracle."""

    def one_round() -> float:
        begin = perf_counter()
        oracle.run(core)
        return perf_counter() - begin

    return Subject(ORACLE, one_round, core.months * core.households)


def stepped(core: Core, name: str, build: Callable[[], Callable[[], object]]) -> Subject:
    """Return a model that is built, which is not timed, and then stepped through its months."""

    def one_round() -> float:
        step = build()
        begin = perf_counter()
        for _ in range(core.months):
            step()
        return perf_counter() - begin

    return Subject(name, one_round, core.months * core.households)


def in_mesa(core: Core) -> Subject:
    """Return the core in plain Mesa."""
    return stepped(core, MESA, lambda: plain_mesa.PaymentModel(core).step)


def in_lean_mesa(core: Core) -> Subject:
    """Return the core in Mesa without its space and data collector."""
    return stepped(core, LEAN, lambda: plain_mesa.LeanModel(core).step)


def has_agentpy() -> bool:
    """Say whether agentpy is installed."""
    return find_spec("agentpy") is not None


def in_agentpy(core: Core) -> Subject:
    """Return the core in agentpy."""
    from benchmarks.in_agentpy import built

    return stepped(core, AGENTPY, lambda: built(core).sim_step)


def agentpy_outcome(core: Core) -> Outcome:
    """Return what agentpy comes to."""
    from benchmarks.in_agentpy import run

    return run(core)
