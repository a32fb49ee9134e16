"""Do all of them compute the same? Draws are shared, so every bit can be compared."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from benchmarks import floor, oracle, plain_mesa
from benchmarks.core import Core, Outcome, neighbours
from benchmarks.full_model import Prepared, world
from benchmarks.names import AGENTPY, FRAMES, LEAN, MESA, THREADS
from benchmarks.subjects import agentpy_outcome
from sim.draws import stream_key

SAME = "every bit"


class Check(NamedTuple):
    """What was compared with what, and how far they agree."""

    what: str
    against: str
    found: str


def compared(outcome: Outcome, expected: Outcome) -> str:
    """Say how far two outcomes of a core agree."""
    if outcome.same_bits(expected):
        return SAME
    here, there = outcome.payers.mean() / len(outcome.habit), expected.payers.mean() / len(expected.habit)
    return f"NOT THE SAME: {here:.6f} pay, {there:.6f} expected"


def cores(core: Core, others: Mapping[str, Callable[[Core], Outcome]]) -> list[Check]:
    """Compare the implementations of the core with the compiled loop."""
    expected = oracle.run(core)
    return [Check(name, "compiled loop", compared(run(core), expected)) for name, run in others.items()]


def implementations(agentpy: bool, frames: Callable[[Core], Outcome] | None) -> dict[str, Callable[[Core], Outcome]]:
    """Return the implementations of the core that can be run here."""
    found: dict[str, Callable[[Core], Outcome]] = {
        MESA: plain_mesa.run,
        LEAN: lambda core: plain_mesa.run(core, plain_mesa.LeanModel),
    }
    if agentpy:
        found[AGENTPY] = agentpy_outcome
    if frames is not None:
        found[FRAMES] = frames
    return found


def engines(households: int, months: int, runs: int) -> list[Check]:
    """Compare the two engines, and one thread with all."""
    from sim.model import run_months_with_agents

    there = world(households, months)
    compiled, agents = Prepared(there, runs), Prepared(there, 1, run_months_with_agents)
    compiled.live()
    alone = compiled.totals.copy()
    agents.live()
    compiled.totals[:] = 0
    compiled.live(THREADS)
    return [
        Check("linli agent engine", "linli compiled", _same(agents.totals[0].tobytes() == alone[0].tobytes())),
        Check(f"linli compiled, {THREADS} threads", "1 thread", _same(compiled.totals.tobytes() == alone.tobytes())),
    ]


def floors(households: int, months: int) -> Check:
    """Compare the floor loop, run at once, with itself in two halves."""
    start, target = neighbours(households, 1)
    key = stream_key(1, 0)
    whole = floor.run(start, target, key, months)
    paid = floor.run(start, target, key, months // 2)
    floor.months(start, target, key, months // 2, months, paid, paid.copy())
    return Check("floor loop in two halves", "at once", _same(whole.tobytes() == paid.tobytes()))


def _same(equal: bool) -> str:
    return SAME if equal else "NOT THE SAME"
