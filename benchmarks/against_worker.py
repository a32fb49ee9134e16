"""What `benchmarks.against` runs in a checkout: the cost of each form's household-month, in floor loops, as JSON.

It uses only what every version of linli has, and stands alone, so that it can be run in an older one.
"""

import json
import os
import sys
from time import perf_counter

HOUSEHOLDS, MONTHS, RUNS, SEED = 480, 120, 4, 1


def main() -> None:
    """Time the forms of the first argument, so many rounds as the second says."""
    sys.path.insert(0, os.getcwd())
    import numpy as np

    from benchmarks import floor
    from benchmarks.core import neighbours
    from sim.draws import stream_key
    from sim.engine.month import run_months
    from sim.population import build_state
    from sim.scenarios import resolve
    from sim.state import copy_into, copy_state

    worlds, rounds = json.loads(sys.argv[1]), int(sys.argv[2])
    start, target = neighbours(HOUSEHOLDS, SEED)
    floor.run(start, target, stream_key(SEED, 0), 1)
    found = {}
    for form, place in worlds.items():
        options = [f"population.n_households={HOUSEHOLDS}", "population.size_spread=0"]
        world = resolve(form, place=place, months=MONTHS, set=options)
        table, rows = world.table(), world.rows()
        begun = []
        for run in range(RUNS):
            state = build_state(world.before, SEED, run)
            nothing = np.zeros((0, *state.record.shape), np.int64)
            run_months(state, table, rows[: world.spinup], -world.spinup, 0, nothing)
            begun.append(state)
        work = [copy_state(state) for state in begun]
        totals = np.zeros((MONTHS, *begun[0].record.shape), np.int64)
        least_floor = least = float("inf")
        for _ in range(rounds):
            begin = perf_counter()
            for run in range(RUNS):
                floor.run(start, target, stream_key(SEED, run), MONTHS)
            least_floor = min(least_floor, perf_counter() - begin)
            for there, here in zip(begun, work, strict=True):
                copy_into(there, here)
            begin = perf_counter()
            for here in work:
                run_months(here, table, rows[world.spinup :], 0, MONTHS, totals)
            least = min(least, perf_counter() - begin)
        found[form] = least / least_floor
    print(json.dumps(found))


if __name__ == "__main__":
    main()
