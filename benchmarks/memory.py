"""Peak memory, each in a process of its own: `python -m benchmarks.memory WHAT NUMBER...` prints bytes."""

import sys
import tempfile
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from benchmarks.core import make_core
from benchmarks.peak import peak_memory


def floor_loop(households: int, months: int) -> None:
    """Run the floor loop."""
    from benchmarks.core import neighbours
    from benchmarks.floor import run
    from sim.draws import stream_key

    run(*neighbours(households, 1), stream_key(1, 0), months)


def oracle(households: int, months: int) -> None:
    """Run the core as a compiled loop."""
    from benchmarks.oracle import run

    run(make_core(households, months))


def plain_mesa(households: int, months: int) -> None:
    """Run the core in plain Mesa."""
    from benchmarks.plain_mesa import run

    run(make_core(households, months))


def lean_mesa(households: int, months: int) -> None:
    """Run the core in tuned Mesa."""
    from benchmarks.plain_mesa import LeanModel, run

    run(make_core(households, months), LeanModel)


def agentpy(households: int, months: int) -> None:
    """Run the core in agentpy."""
    from benchmarks.in_agentpy import run

    run(make_core(households, months))


def engine(households: int, months: int, estates: int) -> None:
    """Run linli's compiled engine once, population and spin-up too."""
    from benchmarks.full_model import whole_call, world

    whole_call(world(households, months, estates), 1)


def agent_engine(households: int, months: int) -> None:
    """Run linli's agent engine once."""
    from benchmarks.full_model import world
    from sim.runs import simulate

    simulate([world(households, months)], replicates=[0], seed=1, engine="agents")


NOTE = "These runs are one study, which keeps aggregates alone and writes them as it goes."
"""What the report says of `many_runs`."""


def many_runs(runs: int, households: int, months: int, spinup: int) -> None:
    """Keep aggregates alone of many runs, in a study."""
    from sim import studies

    constants = {"population.n_households": households, "time.spinup": spinup}
    study = {
        "question": "How much memory do many runs take?",
        "scenarios": ["market"],
        "months": months,
        "replicates": runs,
        "seed": 1,
        "constants": constants,
    }
    with tempfile.TemporaryDirectory() as folder:
        studies.run(study, Path(folder) / "study")


def table_alone(runs: int, households: int, spinup: int) -> None:
    """Make many runs of 120 months by the command line, which shows their table and keeps nothing."""
    from sim.cli import main

    sizes = (f"population.n_households={households}", f"time.spinup={spinup}")
    words = ["run", "market", "--replicates", str(runs), "--set", sizes[0], "--set", sizes[1]]
    with redirect_stdout(StringIO()) as shown:
        code = main(words)
    if code or "Bills paid" not in shown.getvalue():
        sys.exit("the runs failed")


TASKS: dict[str, Callable[..., None]] = {
    task.__name__: task
    for task in (floor_loop, oracle, plain_mesa, lean_mesa, agentpy, engine, agent_engine, many_runs, table_alone)
}

if __name__ == "__main__":
    TASKS[sys.argv[1]](*map(int, sys.argv[2:]))
    print(peak_memory())
