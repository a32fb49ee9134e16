"""`linli study`: run a study, look after it, and take it further."""

import shlex
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.convert import convert_command
from sim.cli.options import Json, Quiet, Threads, folder, whole
from sim.cli.study_findings import (
    alternatives_command,
    harms_command,
    money_command,
    odds_command,
    patterns_command,
)

if TYPE_CHECKING:
    from sim.studies.runner import How, Session

study_app = typer.Typer(help="Run studies: experiments in a file, made in chunks that cannot be lost.")

File = Annotated[str, typer.Argument(metavar="FILE", help="A study file mine.toml, or the name of a shipped study.")]
Dir = Annotated[Path, typer.Argument(parser=folder, metavar="DIR", help="The folder of a study.")]
NewDir = Annotated[Path, typer.Option("--out", parser=folder, metavar="DIR", help="A new folder for the study.")]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers", parser=whole, metavar="N", help="Processes to run in.  [default: this one]", show_default=False
    ),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="WHERE",
        help="Run on dask: local:4 for 4 processes here, or the address of a scheduler, tcp://host:8786.",
        show_default=False,
    ),
]
Mixed = Annotated[bool, typer.Option("--allow-mixed", help="Go on although code or parameters are no longer the same.")]


@study_app.callback(invoke_without_command=True)
def start_study(context: typer.Context) -> None:
    """Show the help where no command is given."""
    if context.invoked_subcommand is None:
        print(context.get_help())


@study_app.command("run")
def run_command(
    file: File,
    out: NewDir,
    threads: Threads = None,
    workers: Workers = None,
    cluster: Cluster = None,
    chunk: Annotated[
        int | None,
        typer.Option(
            "--chunk",
            parser=whole,
            metavar="N",
            help="Runs of a chunk.  [default: some seconds of work]",
            show_default=False,
        ),
    ] = None,
    shard: Annotated[
        str | None,
        typer.Option(
            "--shard", metavar="K/N", help="Run part K of N; linli study merge joins the parts.", show_default=False
        ),
    ] = None,
    quiet: Quiet = False,
) -> int:
    """Start a study in a new folder."""
    from sim.studies.runner import shard_of, start

    part = None if shard is None else shard_of(shard)
    return _carry_out(lambda how: start(file, out, how, chunk=chunk, shard=part), out, quiet, threads, workers, cluster)


@study_app.command("resume")
def resume_command(
    path: Dir,
    threads: Threads = None,
    workers: Workers = None,
    cluster: Cluster = None,
    allow_mixed: Mixed = False,
    quiet: Quiet = False,
) -> int:
    """Make the runs that are not there yet.

    Chunks whose files are gone, cut short or changed are found and made again.
    """
    from sim.studies.runner import resume

    return _carry_out(lambda how: resume(path, how), path, quiet, threads, workers, cluster, allow_mixed)


@study_app.command("retry")
def retry_command(path: Dir, threads: Threads = None, allow_mixed: Mixed = False, quiet: Quiet = False) -> int:
    """Repeat the runs that failed, and only those."""
    from sim.studies.retry import retry

    return _carry_out(lambda how: retry(path, how), path, quiet, threads, None, None, allow_mixed)


@study_app.command("extend")
def extend_command(
    path: Dir,
    replicates: Annotated[
        int | None,
        typer.Option(
            "--replicates", parser=whole, metavar="N", help="Replicates of each point in all.", show_default=False
        ),
    ] = None,
    points: Annotated[
        int | None,
        typer.Option("--points", parser=whole, metavar="N", help="Points of the sample in all.", show_default=False),
    ] = None,
    threads: Threads = None,
    workers: Workers = None,
    cluster: Cluster = None,
    allow_mixed: Mixed = False,
    quiet: Quiet = False,
) -> int:
    """Add replicates to every point, or points to a sample; what is there stays."""
    from sim.studies.runner import extend

    def carry_on(how: "How") -> "Session":
        return extend(path, how, replicates=replicates, points=points)

    return _carry_out(carry_on, path, quiet, threads, workers, cluster, allow_mixed)


@study_app.command("status")
def status_command(path: Dir, as_json: Json = False) -> None:
    """Show how far a study is."""
    from sim.cli.screen import Screen
    from sim.studies.dataset import dataset_hash
    from sim.studies.status import status
    from sim.studies.store import read_store

    screen, store = Screen(as_json), read_store(path)
    store.require_there()
    found = status(store)
    if as_json:
        screen.data(found.as_data() | {"hash": dataset_hash(store)})
    screen.show(found.lines(), wrap=True)


def _carry_out(
    do: "Callable[[How], Session]",
    path: Path,
    quiet: bool,
    threads: int | None,
    workers: int | None,
    cluster: str | None,
    allow_mixed: bool = False,
) -> int:
    """Do something to a study with a bar that shows its progress, say how it ended, and return the exit code."""
    from sim.cli import CANNOT_BE_BUILT, RUNS_FAILED, Stopped
    from sim.cli.first_run import compile_first
    from sim.cli.interrupted import goes_on
    from sim.cli.screen import Screen
    from sim.studies.runner import How

    screen = Screen(quiet=quiet)
    command = shlex.join(["linli", *sys.argv[1:]])
    with goes_on(path, f"linli study resume {path}"), screen.open_progress() as (total, progress):
        session = do(
            How(threads, workers, cluster, allow_mixed, command, progress, total, partial(compile_first, screen))
        )
    for warning in session.warnings:
        screen.note(f"Warning: {warning}")
    for problem in session.redone:
        screen.note(f"Made again: {problem}.")
    if session.stopped:
        left = f"{session.left} runs are left"
        raise Stopped(f"stopped after a whole chunk; {left}: linli study resume {path} goes on.")
    rule = {"precision": ", as precise as asked for", "max": ", the most allowed, without the precision asked for"}
    screen.show([f"{session.there} runs are there in {path}{rule.get(session.reached or '', '')}."])
    if session.impossible:
        screen.note(
            f"{session.impossible} runs are of combinations of values that cannot be built; their rows say why, and to "
            "repeat them is no help."
        )
    if session.failed:
        screen.note(f"{session.failed} runs failed; their rows say why, and linli study retry {path} repeats them.")
        return RUNS_FAILED
    if session.impossible:
        return CANNOT_BE_BUILT
    return 0


@study_app.command("verify")
def verify_command(
    path: Dir,
    runs: Annotated[int, typer.Option("--runs", parser=whole, metavar="K", help="Runs to make again.")] = 10,
    pick: Annotated[
        int, typer.Option("--pick", parser=whole, metavar="N", help="Another number picks other runs.")
    ] = 0,
    threads: Threads = None,
    quiet: Quiet = False,
) -> int:
    """Check every file by its hash, and make some runs again, to compare them bit for bit."""
    from sim.cli import RUNS_FAILED
    from sim.cli.screen import Screen
    from sim.errors import InputError
    from sim.studies.verify import verify

    for name, value, most in (("runs", runs, 1_000_000), ("pick", pick, 2**32 - 1)):
        if not 0 <= value <= most:
            raise InputError(f"--{name} {value} lies outside 0 to {most}.")
    found, screen = verify(path, runs, pick=pick, threads=threads), Screen(quiet=quiet)
    for problem in found.problems:
        screen.note(problem)
    if not found.problems:
        screen.show(
            [f"{path}: {found.files} files are as they were written; {found.runs} runs, made again, are equal."]
        )
    return RUNS_FAILED if found.problems else 0


@study_app.command("rerun")
def rerun_command(
    path: Dir,
    run: Annotated[str, typer.Argument(metavar="RUN_ID", help="POINT-SCENARIO-REPLICATE, the column run.")],
    as_json: Json = False,
) -> int:
    """Make one run again, show its outcomes, and say whether they are those that were kept."""
    from sim.cli import RUNS_FAILED
    from sim.cli.screen import Screen
    from sim.studies.runner import open_study
    from sim.studies.store import read_store
    from sim.studies.verify import rerun

    again, screen = rerun(open_study(read_store(path)), run), Screen(as_json)
    row = again.row.to_pylist()[0]
    screen.data(row | {"differences": list(again.differences)})
    screen.show([f"{name:<26} {value}" for name, value in row.items()])
    for difference in again.differences:
        screen.note(difference)
    if not again.differences:
        screen.show(["equal, bit for bit, to what was kept"])
    return RUNS_FAILED if again.differences else 0


@study_app.command("merge")
def merge_command(
    paths: Annotated[list[Path], typer.Argument(parser=folder, metavar="DIR...", help="The folders of the parts.")],
    out: NewDir,
) -> None:
    """Join the parts of a study that were run with --shard."""
    from sim.cli.screen import Screen
    from sim.studies.merge import merge

    left = merge(paths, out)
    screen = Screen()
    screen.show([f"{len(paths)} parts are joined in {out}" + (f"; {left} runs are missing." if left else ".")])
    if left:
        screen.show([f"linli study resume {out} makes them."])


@study_app.command("export")
def export_command(path: Dir) -> None:
    """Write the receipt of a study for others, an RO-Crate: ro-crate-metadata.json."""
    from sim.cli.screen import Screen
    from sim.studies.crate import export

    Screen().show([f"written: {export(path)}"])


@study_app.command("replicates")
def replicates_command(
    path: Dir,
    outcome: Annotated[str, typer.Option("--outcome", metavar="NAME", help="Outcome to plan for.")] = "payment_rate",
    precision: Annotated[
        float, typer.Option("--precision", metavar="H", help="Half-width wanted of each mean's 95 % interval.")
    ] = 0.005,
    difference: Annotated[
        float, typer.Option("--difference", metavar="D", help="Smallest difference of interest between scenarios.")
    ] = 0.01,
    as_json: Json = False,
) -> None:
    """Say how many replicates a study needs, from the runs that are there."""
    from sim.cli.screen import Screen
    from sim.studies.planning import data, lines, plan

    found, screen = plan(path, outcome, precision, difference), Screen(as_json)
    screen.data(data(found))
    screen.show(lines(found), wrap=True)


study_app.command("convert")(convert_command)
study_app.command("money")(money_command)
study_app.command("odds")(odds_command)
study_app.command("alternatives")(alternatives_command)
study_app.command("patterns")(patterns_command)
study_app.command("harms")(harms_command)
