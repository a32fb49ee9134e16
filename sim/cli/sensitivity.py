"""`linli sensitivity`: which factors matter, and which cannot be told from noise."""

import functools
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.options import Json, NoFigures, Quiet, Threads, folder, whole
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.cli.screen import Screen
    from sim.studies.runner import Session

Study = Annotated[
    str,
    typer.Argument(metavar="STUDY", help="A shipped study, a file mine.toml, or the folder of an analysis."),
]
Method = Annotated[
    str | None,
    typer.Option(
        "--method",
        metavar="METHOD",
        help="morris, sobol, fast, rbd_fast, delta, pawn, dgsm or shapley.  [default: the study's]",
        show_default=False,
    ),
]
N = Annotated[
    int | None,
    typer.Option(
        "--n",
        "--trajectories",
        parser=whole,
        metavar="N",
        help="Trajectories (morris, shapley), base points (sobol, dgsm), points (others); a larger number lets the "
        "sample in a folder grow.  [default: the study's]",
        show_default=False,
    ),
]
Luck = Annotated[
    str | None,
    typer.Option(
        "--luck",
        metavar="own|common",
        help="Luck of its own for every point, or the same lucks for all.  [default: the study's, or own]",
        show_default=False,
    ),
]
Replicates = Annotated[
    int | None,
    typer.Option(
        "--replicates",
        parser=whole,
        metavar="N",
        help="Lucks of every point.  [default: the study's]",
        show_default=False,
    ),
]
Missing = Annotated[
    str | None,
    typer.Option(
        "--missing",
        metavar="error|drop",
        help="Where an outcome does not exist or a combination cannot be built: stop, or leave out whole parts of the "
        "sample.  [default: the study's, or error]",
        show_default=False,
    ),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", parser=folder, metavar="DIR", help="A new folder for the analysis.", show_default=False),
]


def sensitivity_command(
    study: Study,
    method: Method = None,
    n: N = None,
    luck: Luck = None,
    replicates: Replicates = None,
    seed_factor: Annotated[bool, typer.Option("--seed-factor", help="Let the seed be a factor of its own.")] = False,
    groups: Annotated[bool, typer.Option("--groups", help="Move all factors of a mechanism at once.")] = False,
    second_order: Annotated[bool, typer.Option("--second-order", help="Also pairs of factors (sobol).")] = False,
    missing: Missing = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="Analyse the runs that are there in a folder, and make none.")
    ] = False,
    out: Out = None,
    threads: Threads = None,
    as_json: Json = False,
    quiet: Quiet = False,
    no_figures: NoFigures = False,
) -> int:
    """Find out which factors matter.

    Makes the runs of a study with [sensitivity], or those that an analysis in a folder still lacks, and writes indices,
    figures and plain words.
    """
    from sim.cli.first_run import compile_first
    from sim.cli.interrupted import goes_on
    from sim.cli.screen import Screen
    from sim.sensitivity.study import STUDY, analyse_folder, go_on, holds_analysis, start
    from sim.sensitivity.words import words
    from sim.studies.runner import How

    screen = Screen(as_json, quiet)
    asked = {"method": method, "n": n, "luck": luck, "missing": missing}
    asked |= {"seed_factor": seed_factor or None, "groups": groups or None, "second_order": second_order or None}
    there = holds_analysis(study)
    _check(study, asked, replicates, out, there)
    if partial and (not there or n is not None):
        raise InputError("--partial analyses what is in the folder of an analysis, and makes no runs; leave --n out.")
    where = Path(study) if there or out is None else out
    command = shlex.join(["linli", *sys.argv[1:]])
    if not partial:
        with goes_on(where / STUDY, f"linli sensitivity {where}"), screen.open_progress() as (total, progress):
            ready = functools.partial(compile_first, screen)
            how = How(threads, command=command, progress=progress, total=total, ready=ready)
            session = go_on(where, how, n) if there else start(study, where, how, _changes(study, asked, replicates))
        code = _ended(screen, session, where)
        if code:
            return code
    override = missing if there else None
    with goes_on(where / STUDY, f"linli sensitivity {where}"):
        found = analyse_folder(where, command=command, figures=not no_figures, missing=override, partial=partial)
    screen.data({"folder": str(where), "words": words(found, str(where))})
    told = (line for paragraph in words(found, str(where), short=True) for line in (paragraph, ""))
    screen.show([*told, f"Indices, figures and words for everything: {where}"], wrap=True)
    return 0


def _ended(screen: "Screen", session: "Session", where: Path) -> int:
    """Say how the runs ended, and return the exit code, 0 where there is something to analyse."""
    from sim.cli import RUNS_FAILED, Stopped
    from sim.sensitivity.study import STUDY

    for warning in session.warnings:
        screen.note(f"Warning: {warning}")
    partly = f"linli sensitivity {where} --partial analyses what is there"
    if session.stopped:
        told = f"stopped after a whole chunk; {session.left} runs are left: linli sensitivity {where} goes on"
        raise Stopped(f"{told}, {partly}.")
    if session.failed:
        told = f"{session.failed} runs failed; linli study retry {where / STUDY} repeats them"
        screen.note(f"{told}, {partly}.")
        return RUNS_FAILED
    return 0


def _check(study: str, asked: dict[str, Any], replicates: int | None, out: Path | None, there: bool) -> None:
    """Raise InputError where options do not go together."""
    from sim.sensitivity.study import STUDY

    free = ("n", "missing") if asked["missing"] in (None, "error", "drop") else ("n",)
    told = [f"--{key.replace('_', '-')}" for key, value in asked.items() if value is not None and key not in free]
    if there and (told or replicates is not None or out is not None):
        other = (told + ["--replicates"] * (replicates is not None) + ["--out"] * (out is not None))[0]
        raise InputError(
            f"{other} is settled in {study}: only --n can grow, and --missing be error or drop; start another analysis "
            "with --out DIR."
        )
    if not there and out is None and Path(study).is_dir():
        raise InputError(f"{study}: no analysis to go on with, for {STUDY}/manifest.json is missing; restore it.")
    if not there and out is None:
        raise InputError("the runs need a folder: --out DIR, for example --out results/screening.")


def _check_method(method: str | None) -> None:
    """Raise InputError if there is no method of this name."""
    from sim.scenarios.values import did_you_mean, written
    from sim.sensitivity.plan import METHODS

    if method is not None and method not in METHODS:
        raise InputError(f"no method is called {written(method)}{did_you_mean(method, METHODS)}")


def _changes(study: str, asked: dict[str, Any], replicates: int | None) -> dict[str, Any]:
    """Return the keys of the study that options take the place of."""
    table = {key: value for key, value in asked.items() if value is not None}
    _check_method(table.get("method"))
    changes: dict[str, Any] = {"sensitivity": table} if table else {}
    if "method" in table:
        changes["sampling"] = None
        if "n" not in table and _method_of(study) != table["method"]:
            raise InputError(f"--method {table['method']}: the study's n is for another method; add --n.")
    return changes | ({"replicates": replicates} if replicates is not None else {})


def _method_of(study: str) -> str | None:
    from sim.studies.sources import read_study

    plan = read_study(study)[0].sensitivity
    return plan.method if plan else None
