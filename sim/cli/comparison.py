"""Run or compare scenarios, show the table, and keep the results where that was asked for."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from sim import manifest, store
from sim.cli import RUNS_FAILED
from sim.cli.first_run import compile_first
from sim.cli.screen import Screen
from sim.replicate import check_engine
from sim.results import Arm, Results
from sim.runs import check_replicates, check_seed, check_threads, resolve_all, simulate, usual_replicates
from sim.scenarios import World
from sim.tables import as_data, counted, district_lines, heading, notes, pooled_as_data, results_lines

_PART = 256
"""Replicates that are made at a time where nothing but the table is wanted."""


@dataclass(frozen=True)
class Job:
    """What a user asked for; `keeps` means that `out` may hold an earlier result of the same command."""

    expressions: Sequence[str]
    question: str
    command: str
    place: str | None
    settings: Sequence[str]
    months: int
    replicates: int | None
    seed: int
    engine: str
    threads: int | None
    out: Path | None
    keeps: bool
    cases: bool
    figures: bool
    usual: int = 200
    """Replicates where the user asked for no number."""

    @property
    def n_replicates(self) -> int:
        """Replicates to run."""
        return self.usual if self.replicates is None else self.replicates


def carry_out(job: Job, screen: Screen) -> int:
    """Do a job and return the exit code."""
    check_seed(job.seed)
    if job.replicates is not None:
        check_replicates(job.replicates)
    check_threads(job.threads)
    check_engine(job.engine)
    worlds = resolve_all(job.expressions, place=job.place, months=job.months, set=job.settings)
    job = replace(job, usual=usual_replicates(worlds))
    for warning in (warning for world in worlds for warning in world.warnings):
        screen.note(f"Warning: {warning}")
    asked = manifest.request(
        worlds, seed=job.seed, months=job.months, replicates=job.n_replicates, engine=job.engine, cases=job.cases
    )
    if job.out is not None:
        store.settle(job.out)
        if job.keeps:
            store.check_free(job.out, replace=True)
        if manifest.is_unchanged(job.out, asked, drawn=job.figures):
            _show(job, worlds, store.read_results(job.out), asked, screen)
            screen.show(["", f"unchanged, reprinted from {job.out}"])
            return 0
    with nullcontext() if job.out is None else store.fill(job.out, replace=job.keeps) as folder:
        started = manifest.now()
        results = _run(job, worlds, screen)
        _show(job, worlds, results, asked, screen)
        if folder is not None:
            _keep(job, worlds, results, asked, started, folder, screen)
    if results.n_failed:
        status = next(text for arm in results.arms for text in arm.status if text != "ok")
        runs = counted(len(worlds) * job.n_replicates, "run")
        screen.note(f"{results.n_failed} of {runs} failed; the first: {status}")
        return RUNS_FAILED
    return 0


def _run(job: Job, worlds: Sequence[World], screen: Screen) -> Results:
    """Make the runs; where nothing but the table is wanted they are made part by part, and each part is forgotten."""
    whole = job.out is not None or any(world.parts for world in worlds)
    size = job.n_replicates if whole else max(_PART, 8 * check_threads(job.threads))
    if job.engine == "compiled":
        compile_first(screen)
    parts: list[list[Arm]] = []
    with screen.progress(len(worlds) * job.n_replicates) as progress:
        for begin in range(0, job.n_replicates, size):
            batches = simulate(
                worlds,
                replicates=range(begin, min(begin + size, job.n_replicates)),
                seed=job.seed,
                engine=job.engine,
                threads=job.threads,
                progress=progress,
                cases=job.cases,
            )
            if size >= job.n_replicates:
                return Results.of(batches)
            parts.append([Arm.in_brief([Arm.of(batch)]) for batch in batches])
            del batches
    return Results([Arm.in_brief(part) for part in zip(*parts, strict=True)])


def _show(job: Job, worlds: Sequence[World], results: Results, asked: dict[str, Any], screen: Screen) -> None:
    screen.show([heading(worlds, replicates=job.n_replicates, seed=job.seed), ""])
    screen.show(results_lines(results))
    screen.show(district_lines(results) if results.batches else [])
    screen.show(["", *notes(results)], wrap=True)
    if screen.as_json:
        worlds_data = [
            {
                "scenario": world.label,
                "place": world.place,
                "feasible": world.feasible,
                "warnings": list(world.warnings),
            }
            for world in worlds
        ]
        runs = {"runs": len(worlds) * job.n_replicates, "failed": results.n_failed}
        found = {"outcomes": as_data(results), "issues": pooled_as_data(results)}
        screen.data({"request": asked, **runs, "scenarios": worlds_data, **found})


def _keep(
    job: Job,
    worlds: Sequence[World],
    results: Results,
    asked: dict[str, Any],
    started: str,
    folder: store.Folder,
    screen: Screen,
) -> None:
    """Write data, figures and manifest."""
    rows = store.add_tables(folder, results)
    networks = store.add_networks(folder, worlds)
    drawn = list(_draw(folder, results)) if job.figures else []
    files = [manifest.file_entry(folder, name, rows.get(name)) for name in (*rows, *networks, *drawn)]
    receipt = manifest.compose(
        asked,
        command=job.command,
        question=job.question,
        worlds=worlds,
        started=started,
        threads=check_threads(job.threads),
        n_failed=results.n_failed,
        files=files,
        drawn=job.figures,
    )
    folder.publish(receipt)
    tables = ", ".join(f"{name} ({counted(n, 'row')})" for name, n in rows.items())
    figures = f", figures/ ({counted(len(drawn) // 2, 'figure')}, PNG and SVG)" if drawn else ""
    graphs = counted(len(networks), "governance network")
    screen.show(["", f"written to {folder.path}: manifest.json, {tables}, {graphs} (GraphML){figures}"])


def _draw(folder: store.Folder, results: Results) -> "list[str]":
    """Draw all figures, as PNG and as SVG, and return the names of the files."""
    from sim import figures

    files = []
    for name in figures.files(results):
        figure = figures.draw(results, name)
        for kind in ("png", "svg"):
            files.append(f"figures/{name}.{kind}")
            folder.add(files[-1], partial(figures.save, figure, kind=kind))
    return files
