"""Where a month's time goes: the phases of the compiled engine, timed one by one over many estates."""

from time import perf_counter

from benchmarks.full_model import Prepared, world
from sim.engine import month as engine
from sim.schedule import SCHEDULE
from sim.state import copy_into


def phases(estates: int, households: int, months: int, rounds: int) -> dict[str, float]:
    """Return the nanoseconds per household-month of each phase, the least of so many rounds.

    Entering a compiled phase from Python costs some microseconds: many estates make that vanish.
    """
    prepared = Prepared(world(households, months, estates), 1)
    start, work = prepared.start[0], prepared.work[0]
    rows = prepared.rows[prepared.world.spinup :]
    functions = [(phase.name, getattr(engine, phase.name)) for phase in SCHEDULE]
    least = dict.fromkeys((name for name, _ in functions), float("inf"))
    for _ in range(rounds + 1):
        copy_into(start, work)
        taken = dict.fromkeys(least, 0.0)
        for at in range(months):
            for name, phase in functions:
                begin = perf_counter()
                phase(work, prepared.table, rows[at], at)
                taken[name] += perf_counter() - begin
        least = {name: min(least[name], taken[name]) for name in least}
    return {name: 1e9 * spent / prepared.household_months for name, spent in least.items()}
