"""Run, resume, retry and extend a study."""

import dataclasses
import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim import manifest as receipt
from sim.errors import InputError
from sim.runs import MAX_REPLICATES, check_threads
from sim.store import locked
from sim.stored import sha256
from sim.studies import ledger, store
from sim.studies.chunks import Block, Shard, default_runs, schedule
from sim.studies.compute import Progress, Task, Work
from sim.studies.design import Design, design_of, extended
from sim.studies.pools import MAX_WORKERS, Done, end_second_start, here, processes
from sim.studies.schema import MAX_RUNS, Rule, Study
from sim.studies.sources import read_study, study_data
from sim.studies.stopping import stopping
from sim.studies.store import STUDY, Store
from sim.studies.worlds import base_worlds, own_files


@dataclass(frozen=True)
class How:
    """How runs are made, which their results do not depend on.

    cluster : `local:N`, the address of a dask scheduler, or a cluster or client of dask; progress : called with (runs
    made before and to make in all), gives what counts the runs.
    """

    threads: int | None = None
    workers: int | None = None
    cluster: Any = None
    allow_mixed: bool = False
    command: str = ""
    progress: Progress | None = None
    total: Progress | None = None
    """Called with the number of runs to make whenever that is known anew."""
    ready: Callable[[], None] | None = None
    """Called before the first run, once all that is asked for has been found right: compiles the model."""


@dataclass(frozen=True)
class Session:
    """What became of a study: runs that are there, those that failed, those still to make, and why it ended."""

    there: int
    failed: int
    left: int
    impossible: int = 0
    """Runs of combinations of values that cannot be built; they are among those that are there."""
    stopped: bool = False
    redone: tuple[str, ...] = ()
    """What was wrong with chunks that were made again."""
    warnings: tuple[str, ...] = ()
    """Of a new study: scenarios that could not exist in their place, and the like."""
    reached: str | None = None
    """Why a rule for replicates ended the study: "precision" or "max"."""


@dataclass
class Opened:
    """A study with its folder, its points and all that is needed to make its runs."""

    store: Store
    study: Study
    design: Design
    work: Work
    model: str = field(default_factory=lambda: receipt.model_hash())

    @property
    def n_arms(self) -> int:
        """Number of scenarios, each in its place."""
        return len(self.work.worlds)

    @property
    def replicates(self) -> int:
        """Number of replicates of each point that are wanted, so far."""
        return int(self.store.manifest["replicates"])

    @property
    def shard(self) -> Shard | None:
        """The part of the study that this folder holds."""
        shard = self.store.manifest["shard"]
        return Shard(*shard) if shard else None

    def left(self) -> Iterator[Block]:
        """Yield the chunks that are still to be made, replicates first."""
        runs = self.store.manifest["chunk_runs"]
        return schedule(len(self.design), self.replicates, self.n_arms, runs, self.store.blocks, self.shard)

    def task(self, block: Block, only: frozenset[tuple[int, int, int]] | None = None) -> Task:
        """Return a chunk with its own points."""
        return Task(block, Design(self.design.paths, self.design.matrix[block.point : block.point_stop]), only)


# --- what a user can ask for ----------------------------------------------------------------------------------------


def start(
    file: str | Path | Mapping[str, Any],
    out: Path,
    how: How,
    *,
    chunk: int | None = None,
    shard: Shard | None = None,
    changes: Mapping[str, Any] | None = None,
) -> Session:
    """Lay out a new study in the folder `out` and run it.

    file : a study file or its content, or the name of a shipped one; chunk : runs of a chunk;
    changes : keys that take the place of those of the file.

    Raises InputError where anything is wrong with the study or the folder.
    """
    from sim.studies.replicates import first_target

    check_how(how)
    study, data = read_study(file, changes)
    worlds = base_worlds(study)
    work, design = Work.of(study, worlds), design_of(study)
    rule = study.replicates if isinstance(study.replicates, Rule) else None
    if rule is not None and shard is not None:
        raise InputError("--shard: a rule for replicates needs all runs in one place; give replicates as a number.")
    most = study.replicates.max if isinstance(study.replicates, Rule) else study.replicates
    _check_size(len(design) * len(worlds), most)
    if chunk is not None and not 1 <= chunk <= MAX_RUNS:
        raise InputError(f"--chunk {chunk} is no number of runs; name 1 to {MAX_RUNS}.")
    size = max(_household_months(world.before, world.spinup + world.months) for world in worlds)
    inputs = {"study.toml": data} | {name: (study.folder / name).read_bytes() for name in own_files(study, worlds)}
    manifest: dict[str, Any] = {
        "schema": ledger.SCHEMA,
        "kind": "study",
        "question": study.question,
        "inputs": {},
        "design": {
            "points": len(design),
            "steps": [study.sensitivity.asked.n if study.sensitivity else len(design)],
            "hash": design.hash(),
            "sha256": "",
            "method": study.method,
            "factors": [{"path": f.path, "role": str(f.role), "sampled": f.in_words()} for f in study.factors],
        },
        "arms": [[world.label, world.place, world.fingerprint()] for world in worlds],
        "seed": study.seed,
        "months": study.months,
        "replicates": first_target(rule) if rule else study.replicates,
        "rule": rule.model_dump() if rule else None,
        "reached": None,
        "outcomes": list(study.outcomes),
        "keep": list(study.keep),
        "chunk_runs": chunk or default_runs(size),
        "shard": [shard.number, shard.of] if shard else None,
        "model_hash": receipt.model_hash(),
        "mixed": False,
        "code": receipt.commit(),
        "evidence": receipt.evidence(),
        "versions": receipt.versions(),
        "warnings": list(dict.fromkeys(warning for world in worlds for warning in world.warnings)),
        "machine": receipt.machine(),
        "started": receipt.now(),
        "sessions": [],
        "chunks": {},
    }
    kept = {f"{store.INPUTS}/{name}": hashlib.sha256(content).hexdigest() for name, content in inputs.items()}
    store.check_free(out, kept)
    store.write_folder(out)
    with locked(out):
        store.check_free(out, kept)
        opened = Opened(store.create(out, manifest, inputs, design.table()), study, design, work)
        opened.store.sweep()
        return dataclasses.replace(_go(opened, how), warnings=tuple(manifest["warnings"]))


def resume(path: Path, how: How) -> Session:
    """Make the runs of a study that are not there yet."""
    check_how(how)
    with opened_for_work(path, how) as opened:
        redone = opened.store.drop_broken()
        return dataclasses.replace(_go(opened, how), redone=tuple(redone))


def extend(path: Path, how: How, *, replicates: int | None = None, points: int | None = None) -> Session:
    """Add replicates to every point, or points to a sample; what is there stays, and harmed chunks are made again.

    To extend to what there is already goes on with the runs that are left.
    """
    check_how(how)
    if replicates is None and points is None:
        raise InputError("there is nothing to extend by; give --replicates N or --points N.")
    with opened_for_work(path, how) as opened:
        manifest = opened.store.manifest
        if manifest["shard"]:
            raise InputError(f"{path} holds a part of a study; merge the parts, then extend the whole.")
        if replicates is not None:
            if not opened.replicates <= replicates <= MAX_REPLICATES:
                raise InputError(
                    f"--replicates {replicates}: the study has {opened.replicates} already; name a number from there "
                    f"to {MAX_REPLICATES}."
                )
            manifest["replicates"] = replicates
            if manifest["rule"]:
                manifest["reached"] = "extended by hand"
        if points == manifest["design"]["steps"][-1] and len(manifest["design"]["steps"]) > 1:
            points = None  # it was, and then killed
        if points is not None:
            steps = [*manifest["design"]["steps"], points]
            opened.design = extended(opened.study, opened.design, steps)
        _check_size(len(opened.design) * opened.n_arms, opened.replicates)
        if points is not None:
            store.write_design(path, opened.design.table())
            new = {
                "points": len(opened.design),
                "steps": steps,
                "hash": opened.design.hash(),
                "sha256": sha256(path / store.DESIGN),
            }
            manifest["design"] = manifest["design"] | new
        redone = opened.store.drop_broken()
        opened.store.save()
        return dataclasses.replace(_go(opened, how), redone=tuple(redone))


# --- at work --------------------------------------------------------------------------------------------------------


@contextmanager
def opened_for_work(path: Path, how: How) -> Iterator[Opened]:
    """Open a study to make runs, in its lock; refuse where code or parameters are not those it was begun with."""
    with store.open_store(path) as kept:
        opened = open_study(kept)
        if kept.problem(store.DESIGN):
            store.write_design(path, opened.design.table())
        try:
            require_same(opened)
        except InputError:
            if not how.allow_mixed:
                raise
            kept.manifest["mixed"] = True
        yield opened


def open_study(kept: Store) -> Opened:
    """Read what is needed to make runs from the folder of a study."""
    for name in kept.manifest["inputs"]:
        kept.file(name)
    study = study_data((kept.path / STUDY), f"{kept.path / STUDY}")
    told = kept.manifest["design"]
    harmed = kept.problem(store.DESIGN)
    design = design_of(study, told["steps"]) if harmed else Design.of_table(kept.table(store.DESIGN))
    if design.hash() != told["hash"]:
        path = kept.path / store.DESIGN
        raise InputError(f"{path}: is not the design that this study was started with; restore the file.")
    return Opened(kept, study, design, Work.of(study, base_worlds(study)))


def require_same(opened: Opened) -> None:
    """Raise InputError unless code and parameters are those the study was begun with."""
    manifest = opened.store.manifest
    mixing = "its runs would not be comparable; go back to that version, or mix them with --allow-mixed"
    if manifest["model_hash"] != opened.model:
        told = f"{manifest['model_hash']}, and this one is {opened.model}"
        raise InputError(f"{opened.store.path} was begun with another version of the model ({told}): {mixing}.")
    for (label, place, told), world in zip(manifest["arms"], opened.work.worlds, strict=True):
        if world.fingerprint() != told:
            what = f"{label} @ {place} has other values than when the study began"
            raise InputError(f"{opened.store.path}: {what}: {mixing}.")


def _go(opened: Opened, how: How) -> Session:
    """Make all runs that are left, wave after wave where a rule says how many."""
    manifest, began, before = opened.store.manifest, receipt.now(), _there(opened)
    if how.ready is not None and how.cluster is None:
        how.ready()
    with stopping() as stopped:
        while True:
            if how.total is not None:
                how.total(sum(block.n_pairs for block in opened.left()) * opened.n_arms)
            tasks = (opened.task(block) for block in opened.left())
            try:
                for task, tables in computed(opened, tasks, how, stopped):
                    rows = opened.design.hash(task.block.point, task.block.point_stop)
                    opened.store.add(task.block, tables, opened.model, rows)
            except KeyboardInterrupt:
                opened.store.sweep()
                raise
            if stopped.is_set() or not manifest["rule"] or manifest["reached"] or not _continue(opened):
                break
    session = session_of(opened, stopped.is_set())
    if session.there > before:
        made: dict[str, Any] = {
            "runs": session.there - before,
            "threads": check_threads(how.threads),
            "workers": how.workers,
        }
        made |= {"cluster": how.cluster is not None, "command": how.command}
        if receipt.versions() != manifest["versions"]:
            made["versions"] = receipt.versions()
        manifest["sessions"] = [*manifest["sessions"], {"started": began, "ended": receipt.now(), **made}]
        opened.store.save()
    return session


def computed(opened: Opened, tasks: Iterator[Task], how: How, stopped: threading.Event) -> Done:
    """Compute chunks where that was asked for, until there are no more or somebody stops it."""

    def until_stopped() -> Iterator[Task]:
        for task in tasks:
            if stopped.is_set():
                return
            yield task

    if how.cluster is not None:
        from sim.studies.cluster import on_cluster

        where, threads = how.cluster, how.threads
        return on_cluster(opened.work, until_stopped(), where, threads, how.progress, opened.model, stopped)
    if how.workers is not None and how.workers > 1:
        return processes(opened.work, until_stopped(), how.workers, how.threads, how.progress)
    return here(opened.work, until_stopped(), how.threads, how.progress)


def _continue(opened: Opened) -> bool:
    """Ask the rule for replicates whether to go on, and set the next number of them."""
    from sim.studies.replicates import is_precise, next_target, outcome_by_cell

    manifest = opened.store.manifest
    rule = Rule(**manifest["rule"])
    cells = outcome_by_cell(opened.store, rule.outcome, len(opened.design), opened.n_arms, opened.replicates)
    target = next_target(cells, rule)
    if target is None:
        manifest["reached"] = "precision" if opened.replicates < rule.max or is_precise(cells, rule) else "max"
    else:
        manifest["replicates"] = target
    opened.store.save()
    return target is not None


def session_of(opened: Opened, stopped: bool) -> Session:
    """Say what became of a study."""
    kept = opened.store
    left = sum(block.n_pairs for block in opened.left()) * opened.n_arms
    stopped, reached = stopped and left > 0, kept.manifest["reached"]
    return Session(_there(opened), kept.failed, left, kept.impossible, stopped, reached=reached)


def _there(opened: Opened) -> int:
    return sum(block.n_pairs for block in opened.store.blocks) * opened.n_arms


def _household_months(values: Mapping[str, float | int], months: int) -> int:
    return int(values["population.n_households"] * values["population.n_estates"] * months)


def check_how(how: How) -> None:
    """Raise InputError where threads, processes or cluster make no sense."""
    end_second_start()
    check_threads(how.threads)
    if how.workers is not None and not 1 <= how.workers <= MAX_WORKERS:
        raise InputError(f"--workers {how.workers} is no number of processes; name 1 to {MAX_WORKERS}.")
    if how.workers is not None and how.cluster is not None:
        raise InputError("--workers and --cluster exclude each other; --cluster local:4 starts 4 workers.")
    if how.cluster is not None:
        from sim.studies.cluster import check_cluster

        check_cluster(how.cluster)


def _check_size(cells: int, replicates: int) -> None:
    if cells * replicates > MAX_RUNS:
        raise InputError(
            f"{cells * replicates} runs are more than {MAX_RUNS}, the most that a study holds; take fewer points, "
            "scenarios or replicates."
        )


def shard_of(text: str) -> Shard:
    """Read `3/16`.

    Raises InputError where it is no part of a whole.
    """
    number, slash, of = text.partition("/")
    if not (slash and number.isascii() and of.isascii() and number.isdigit() and of.isdigit()):
        raise InputError(f"--shard {text!r}: write part and whole, such as 3/16.")
    if len(of) > 6 or not 1 <= int(number) <= int(of):
        raise InputError(f"--shard {text}: the part lies outside 1 to {of}.")
    return Shard(int(number), int(of))
