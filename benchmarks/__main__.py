"""`python -m benchmarks [--quick]`: measure everything, say what was reached, write the results beside this file."""

import argparse
import json
import sys
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks import agreement, frames_peer, names, processes, scale, subjects
from benchmarks.core import Core, make_core
from benchmarks.figure import draw
from benchmarks.full_model import Prepared, world
from benchmarks.machine import described
from benchmarks.measure import Subject, interleaved
from benchmarks.memory import NOTE
from benchmarks.phases import phases
from benchmarks.report import report
from benchmarks.sizes import FULL, QUICK, Sizes
from benchmarks.thresholds import thresholds

STARTED = perf_counter()
HERE = Path(__file__).resolve().parent


def say(text: str) -> None:
    """Tell what is being measured, and how many seconds have passed."""
    print(f"{perf_counter() - STARTED:5.0f} s  {text}", file=sys.stderr, flush=True)


def side_by_side(sizes: Sizes, core: Core, agentpy: bool, frames: frames_peer.Frames | None) -> list[Subject]:
    """Time all subjects at one size."""
    households, months, runs = sizes.households, sizes.months, sizes.runs
    prepared = Prepared(world(households, months), runs)
    found = [
        subjects.floor_loop(households, months, runs, 1, names.FLOOR),
        subjects.floor_loop(households, months, runs, names.THREADS, names.FLOOR_ALL),
        subjects.months_alone(prepared, 1, names.COMPILED),
        subjects.months_alone(prepared, names.THREADS, names.COMPILED_ALL),
        subjects.whole_calls(households, months, runs, 1, names.WHOLE),
        subjects.whole_calls(households, months, runs, names.THREADS, names.WHOLE_ALL),
        subjects.agent_engine(households, months),
        subjects.loop(core),
        subjects.in_mesa(core),
        subjects.in_lean_mesa(core),
    ]
    if agentpy:
        found.append(subjects.in_agentpy(core))
    if frames is not None:
        found.append(Subject(names.FRAMES, frames.one_round, core.months * core.households))
    interleaved(found, sizes.rounds)
    return found


def memory(sizes: Sizes, agentpy: bool) -> dict[str, int]:
    """Return the peak memory of fresh processes, in bytes."""
    one = (sizes.households, sizes.months)
    tasks: dict[str, tuple[Any, ...]] = {
        names.FLOOR: ("floor_loop", *one),
        names.WHOLE: ("engine", *one, 1),
        names.AGENTS: ("agent_engine", *one),
        names.ORACLE: ("oracle", *one),
        names.MESA: ("plain_mesa", *one),
        names.LEAN: ("lean_mesa", *one),
        names.FEW: ("many_runs", sizes.few, *sizes.small),
        names.MANY: ("many_runs", sizes.many, *sizes.small),
        names.LARGE: ("engine", sizes.large[1], sizes.months, sizes.large[0]),
    }
    if agentpy:
        tasks[names.AGENTPY] = ("agentpy", *one)
    return {name: processes.peak_memory(*task) for name, task in tasks.items()}


def compared(sizes: Sizes, agentpy: bool, has_frames: bool) -> dict[str, Any]:
    """Time all subjects, see whether they agree, and take the peak memory of each."""
    core = make_core(sizes.households, sizes.months)
    with ExitStack() as stack:
        frames = stack.enter_context(frames_peer.Frames(core)) if has_frames else None
        say("side by side")
        found = side_by_side(sizes, core, agentpy, frames)
        say("do they agree?")
        # mesa-frames has run the core in its own process already.
        last_round = (lambda _: frames.outcome()) if frames else None
        checks = agreement.cores(core, agreement.implementations(agentpy, last_round))
        peaks = {names.FRAMES: frames.peak_memory()} if frames else {}
    checks += [
        agreement.floors(sizes.households, sizes.months),
        *agreement.engines(sizes.households, sizes.months, sizes.runs),
    ]
    say("memory")
    return {
        "rows": [
            {"name": s.name, "ns": s.ns, "low": s.span[0], "high": s.span[1], "runs_per_second": s.runs_per_second}
            for s in found
        ],
        "absent": [name for name, there in ((names.AGENTPY, agentpy), (names.FRAMES, has_frames)) if not there],
        "checks": [list(check) for check in checks],
        "memory": peaks | memory(sizes, agentpy),
        "many_note": NOTE,
    }


def scaled(sizes: Sizes, agentpy: bool, has_frames: bool) -> dict[str, Any]:
    """Measure cost against size, and the district."""
    say("against households")
    households = scale.against_households(sizes, agentpy, has_frames)
    say("against runs")
    runs = scale.against_runs(sizes)
    say("district")
    months, whole = (median(subject.seconds) for subject in scale.district(sizes))
    return {"households": households, "runs": runs, "district": {"months": months, "whole": whole}}


def started(sizes: Sizes, agentpy: bool, has_frames: bool) -> dict[str, Any]:
    """Measure how programs start."""
    say("start-up")
    starts = processes.starts(sizes.starts, agentpy, has_frames)
    return {"starts": starts, "cold": processes.cold_run() if sizes.cold else None}


def looked_into(sizes: Sizes) -> dict[str, Any]:
    """Time the phases of a month, and count its draws and logistics."""
    say("phases and counts")
    return {
        "phases": phases(sizes.phase_estates, FULL.households, 12, sizes.rounds),
        "counts": processes.counts(sizes.households, min(sizes.months, 24)),
    }


def measured(sizes: Sizes, quick: bool) -> dict[str, Any]:
    """Measure everything and judge it."""
    peers = subjects.has_agentpy(), frames_peer.is_there()
    results: dict[str, Any] = {
        "machine": described(),
        "quick": quick,
        "sizes": asdict(sizes),
        **compared(sizes, *peers),
        **scaled(sizes, *peers),
        **looked_into(sizes),
        **started(sizes, *peers),
    }
    return {**results, "thresholds": [t.as_data() for t in thresholds(results, sizes)]}


def main(arguments: list[str] | None = None) -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that everything works")
    parser.add_argument("--out", type=Path, default=HERE, help="folder for results.md, results.json and cost.png")
    chosen = parser.parse_args(arguments)
    results = measured(QUICK if chosen.quick else FULL, chosen.quick)
    chosen.out.mkdir(parents=True, exist_ok=True)
    page = report(results)
    (chosen.out / "results.md").write_text(page, encoding="utf-8")
    (chosen.out / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    draw(results, chosen.out / "cost.png")
    print(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
