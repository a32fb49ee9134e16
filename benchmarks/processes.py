"""Measurements that need a fresh process: start-up, peak memory, the cold compile, the count of calls."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks import names
from benchmarks.frames_peer import PYTHON as FRAMES_PYTHON

ROOT = Path(__file__).resolve().parent.parent


def done(command: Sequence[str | Path], cwd: Path = ROOT, **environment: str) -> str:
    """Run a command that must succeed and return what it printed."""
    around = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    around.pop("PYTHONDONTWRITEBYTECODE", None)  # a warm start includes Python's own compiled files
    finished = subprocess.run(command, cwd=cwd, env=around, capture_output=True, text=True)
    if finished.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))} failed:\n{finished.stderr}")
    return finished.stdout


def seconds(command: Sequence[str | Path], **environment: str) -> float:
    """Return how long a command takes, from the shell's point of view, in an empty folder."""
    with TemporaryDirectory() as empty:
        begin = perf_counter()
        done(command, Path(empty), **environment)
        return perf_counter() - begin


def peak_memory(task: str, *numbers: int) -> int:
    """Return the peak memory in bytes of a task of `benchmarks.memory`, its code compiled before."""
    return int(done([sys.executable, "-m", "benchmarks.memory", task, *map(str, numbers)]))


def counts(households: int, months: int) -> dict[str, float]:
    """Return the draws and logistics per household-month (`benchmarks.counts`)."""
    with TemporaryDirectory() as cache:  # where nothing is compiled, nothing is worth keeping
        command = [sys.executable, "-m", "benchmarks.counts", str(households), str(months)]
        found: dict[str, float] = json.loads(done(command, NUMBA_DISABLE_JIT="1", NUMBA_CACHE_DIR=cache))
    return found


def linli() -> list[str | Path]:
    """Return the command `linli`: as installed beside this Python, else from the checkout."""
    command = Path(sys.executable).with_name("linli")
    return [command] if command.exists() else [sys.executable, "-m", "sim.cli"]


def starts(repeats: int, agentpy: bool, frames: bool) -> dict[str, float]:
    """Return the seconds of starting each program, interleaved medians; files are read from the disk's cache."""
    commands: dict[str, Sequence[str | Path]] = {
        "python, doing nothing": [sys.executable, "-c", ""],
        names.LIST: [*linli(), "list"],
        names.RUN_MARKET: [*linli(), "run", "market"],
        "import sim": [sys.executable, "-c", "import sim"],
        "import sim.runs": [sys.executable, "-c", "import sim.runs"],
        "import mesa": [sys.executable, "-c", "import mesa"],
    }
    if agentpy:
        commands["import agentpy"] = [sys.executable, "-c", "import agentpy"]
    if frames:
        commands["import mesa_frames"] = [FRAMES_PYTHON, "-c", "import mesa_frames"]
    return medians(commands, repeats)


def medians(commands: Mapping[str, Sequence[str | Path]], repeats: int) -> dict[str, float]:
    """Return the median seconds of each command, interleaved, after one start that does not count."""
    for command in commands.values():
        seconds(command)
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(repeats):
        for name, command in commands.items():
            times[name].append(seconds(command))
    return {name: median(each) for name, each in times.items()}


def cold_run() -> float:
    """Return the seconds of `linli run market` with nothing compiled yet."""
    with TemporaryDirectory() as cache:
        return seconds([*linli(), "run", "market"], NUMBA_CACHE_DIR=cache)
