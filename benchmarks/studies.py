"""Peak memory and overhead of a study: `python benchmarks/studies.py 1000 10000 100000`.

Each number of runs (480 households, 120 months, two scenarios, compiled) is made in a process of its own. Shown: the
time in the model, the time of all else (schedule, outcomes, files, manifest) as a share of it, and the peak memory.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STUDY = {
    "question": "How much does keeping a study cost?",
    "scenarios": ["market", "red_station"],
    "months": 120,
    "seed": 1,
    "constants": {"population.n_households": 480},
}


def measure(n_runs: int) -> dict[str, float]:
    """Make a study of this many runs in this process and measure it."""
    from sim import studies
    from sim.studies import compute

    with tempfile.TemporaryDirectory() as folder:
        studies.run(STUDY | {"replicates": 4}, Path(folder) / "warm")
        real, spent = compute._simulate, [0.0]

        def timed(*arguments: object) -> object:
            began = time.perf_counter()
            try:
                return real(*arguments)  # type: ignore[arg-type]
            finally:
                spent[0] += time.perf_counter() - began

        compute._simulate = timed  # type: ignore[assignment]
        began = time.perf_counter()
        studies.run(STUDY | {"replicates": n_runs // 2}, Path(folder) / "study")
        whole = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"runs": n_runs, "model_s": spent[0], "overhead": whole / spent[0] - 1, "peak_mb": peak}


def main() -> None:
    """Measure every number of runs asked for."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(int(sys.argv[2]))))
        return
    print(f"{'runs':>8} {'model, s':>10} {'overhead':>10} {'peak, MB':>10}")
    for n_runs in sys.argv[1:] or ("1000", "10000"):
        done = subprocess.run([sys.executable, __file__, "--one", n_runs], capture_output=True, text=True, check=True)
        found = json.loads(done.stdout)
        print(f"{found['runs']:>8} {found['model_s']:>10.1f} {found['overhead']:>9.1%} {found['peak_mb']:>10.0f}")


if __name__ == "__main__":
    main()
