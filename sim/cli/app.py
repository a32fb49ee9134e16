"""The commands and their options; what they do stands elsewhere."""

import shlex
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.ablate import ablate_command
from sim.cli.crossing import crossing_command
from sim.cli.evidence import evidence_command
from sim.cli.options import (
    Cases,
    Engine,
    Json,
    Months,
    NoFigures,
    Out,
    Place,
    Quiet,
    Replicates,
    Scenario,
    Scenarios,
    Seed,
    Settings,
    Threads,
    joined,
    one,
)
from sim.cli.place import place_command
from sim.cli.report import report_command
from sim.cli.sensitivity import sensitivity_command
from sim.cli.study import study_app
from sim.cli.tipping import tipping_command
from sim.errors import InputError

MAIN_JOB = (
    "custody @ trapped",
    "market @ trapped",
    "red_station @ trapped",
    "catalysed @ trapped",
    "market @ managed",
    "red_alliance @ managed",
    "self_governance @ committee",
    "red_branch @ committee",
)
MAIN_OUT = Path("results/compare")
MAIN_QUESTION = (
    "What do the forms of governance that could exist in a trapped estate, in a managed one and in one with an owners' "
    "committee lead to: who pays, who is served, which conflicts are settled, at what cost?"
)

app = typer.Typer(
    help="Simulate how a neighbourhood is governed and whether its households pay: who serves, who pays, at what cost.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"]},
)
app.add_typer(study_app, name="study")
app.command("place")(place_command)
app.command("evidence")(evidence_command)
app.command("report")(report_command)
app.command("sensitivity")(sensitivity_command)
app.command("tipping")(tipping_command)
app.command("ablate")(ablate_command)
app.command("crossing")(crossing_command)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            print(f"linli {version('linli')}")
        except PackageNotFoundError:
            print("linli, run from a folder where it is not installed")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Show the help where no command is given."""
    if context.invoked_subcommand is None:
        print(context.get_help())


@app.command("list")
def list_command(as_json: Json = False) -> None:
    """List the scenarios that come with linli."""
    from dataclasses import asdict

    from sim.cli.screen import Screen
    from sim.scenarios import list_scenarios
    from sim.studies.catalog import shipped

    screen, found, studies = Screen(as_json), list_scenarios(), shipped()
    as_studies = [{"kind": "study", "name": name, "title": question} for name, question in studies]
    screen.data([asdict(info) for info in found] + as_studies)
    kinds = {
        "form": "forms: who governs",
        "programme": "programmes, to put on a form",
        "place": "places",
        "model": "models, nested",
        "rollout": "roll-outs over a district",
        "rival": "rivals of the red explanation, each beside the run without its cause",
        "failure": "ways to fail, each beside the run without its cause",
    }
    for kind, title in kinds.items():
        lines = [
            f"  {info.name:<19} {info.title}"
            + (f"  [only in {', '.join(info.feasible_in)}]" if info.feasible_in else "")
            + (f"  [only on {', '.join(info.stacks_on)}]" if info.stacks_on else "")
            for info in found
            if info.kind == kind
        ]
        screen.show([title, *lines, ""])
    screen.show(["studies", *(f"  {name:<19} {question}" for name, question in studies), ""])
    screen.show(
        ["linli explain SCENARIO shows one in full; linli run SCENARIO runs it; linli study run STUDY runs a study."]
    )


@app.command("explain")
def explain_command(
    scenario: Scenario, place: Place = None, settings: Settings = None, months: Months = 120, as_json: Json = False
) -> None:
    """Show every value of a scenario and its source.

    Also what changes when, and the phases of the month.
    """
    from sim.cli.screen import Screen
    from sim.explanation import explain

    found, screen = explain(one(scenario), place=place, months=months, set=settings or ()), Screen(as_json)
    if as_json:
        screen.data(found.as_data())
    screen.show(found.lines(screen.width))


@app.command("run")
def run_command(
    scenario: Scenario,
    place: Place = None,
    settings: Settings = None,
    months: Months = 120,
    replicates: Replicates = None,
    seed: Seed = 1,
    engine: Engine = "compiled",
    threads: Threads = None,
    out: Out = None,
    cases: Cases = False,
    as_json: Json = False,
    quiet: Quiet = False,
    no_figures: NoFigures = False,
) -> int:
    """Run one scenario many times and show what it leads to."""
    expression = one(scenario)
    question = f"What does {expression} lead to?"
    options = (place, settings, months, replicates, seed, engine, threads, out, cases, no_figures)
    return _carry_out([expression], question, *options, as_json=as_json, quiet=quiet)


@app.command("compare")
def compare_command(
    scenarios: Scenarios = None,
    place: Place = None,
    settings: Settings = None,
    months: Months = 120,
    replicates: Replicates = None,
    seed: Seed = 1,
    engine: Engine = "compiled",
    threads: Threads = None,
    out: Out = None,
    cases: Cases = False,
    as_json: Json = False,
    quiet: Quiet = False,
    no_figures: NoFigures = False,
) -> int:
    """Compare scenarios on the same households, history and luck.

    Without scenarios: the forms that could exist in each of three places, kept in results/compare.
    """
    expressions = joined(scenarios or [])
    if not expressions and place is not None:
        raise InputError("--place needs scenarios to set there; without any, the main job sets each in its own place.")
    question = (
        f"How do {', '.join(expressions)} differ on the same households and luck?" if expressions else MAIN_QUESTION
    )
    options = (place, settings, months, replicates, seed, engine, threads, out, cases, no_figures)
    return _carry_out(expressions, question, *options, as_json=as_json, quiet=quiet)


@app.command("dock")
def dock_command(
    scenario: Scenario,
    place: Place = None,
    settings: Settings = None,
    months: Months = 24,
    seed: Seed = 1,
    quiet: Quiet = False,
) -> int:
    """Check that both engines give the same bits.

    If not, the first month, column and row in which they part are named, with both values.
    """
    from sim.cli import RUNS_FAILED
    from sim.cli.screen import Screen
    from sim.dock import dock

    report = dock(one(scenario), place=place, months=months, set=settings or (), seed=seed)
    Screen(quiet=quiet).show([str(report)])
    return 0 if report.ok else RUNS_FAILED


def _carry_out(
    expressions: list[str],
    question: str,
    place: str | None,
    settings: list[str] | None,
    months: int,
    replicates: int | None,
    seed: int,
    engine: str,
    threads: int | None,
    out: Path | None,
    cases: bool,
    no_figures: bool,
    **shown: Any,
) -> int:
    from sim.cli.comparison import Job, carry_out
    from sim.cli.screen import Screen

    keeps = not expressions and out is None
    if cases and out is None and not keeps:
        raise InputError("--cases needs a folder to keep them in: --out DIR, for example --out results/mine.")
    job = Job(
        expressions=expressions or MAIN_JOB,
        question=question,
        command=shlex.join(["linli", *sys.argv[1:]]),
        place=place,
        settings=settings or (),
        months=months,
        replicates=replicates,
        seed=seed,
        engine=engine,
        threads=threads,
        out=MAIN_OUT if keeps else out,
        keeps=keeps,
        cases=cases,
        figures=not no_figures,
    )
    return carry_out(job, Screen(**shown))
