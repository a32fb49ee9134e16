"""`python -m benchmarks.against FOLDER`: this version beside another checkout of linli, form by form.

Processes alternate between the two; each divides the cost of a household-month by that of its own floor loop,
so that a machine that slows down or speeds up meanwhile leaves the ratio alone.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
WORLDS = {"market": "trapped", "red_station": "trapped", "red_alliance": "managed", "red_branch": "committee"}
"""The forms that are timed, each with its place."""


def timed(folder: Path, rounds: int) -> dict[str, float]:
    """Return what a household-month of each form costs in a checkout, in floor loops."""
    command = [sys.executable, str(HERE / "against_worker.py"), json.dumps(WORLDS), str(rounds)]
    said = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
    found: dict[str, float] = json.loads(said.splitlines()[-1])
    return found


def main() -> None:
    """Time both and print a line for each form."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.against", description=__doc__)
    parser.add_argument("folder", type=Path, help="the other checkout, such as a worktree of an earlier version")
    parser.add_argument("--processes", type=int, default=5, help="processes of each version, one after the other")
    parser.add_argument("--rounds", type=int, default=7, help="rounds in each process, of which the least counts")
    chosen = parser.parse_args()
    sides = {"here": HERE.parent, "there": chosen.folder.resolve()}
    found: dict[str, list[dict[str, float]]] = {side: [] for side in sides}
    for folder in sides.values():
        timed(folder, 1)  # compiles
    for _ in range(chosen.processes):
        for side, folder in sides.items():
            found[side].append(timed(folder, chosen.rounds))
    print(f"{'form':<14}{'here':>8}{'there':>8}{'ratio':>8}   in floor loops, median of {chosen.processes} processes")
    for form in WORLDS:
        here, there = (median(each[form] for each in found[side]) for side in sides)
        print(f"{form:<14}{here:>8.2f}{there:>8.2f}{here / there:>8.2f}")


if __name__ == "__main__":
    main()
