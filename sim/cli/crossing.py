"""`linli crossing`: the value of one factor at which the order of two forms turns."""

import shlex
import sys
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.ablate import OfForm, Replicates, for_json
from sim.cli.options import Json, Months, NoFigures, Out, Quiet, Seed, Settings, Threads, joined
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.analysis.crossing import Crossings

Forms = Annotated[list[str], typer.Argument(metavar="FORM RIVAL", help="Two forms: red_station market.")]
Over = Annotated[
    str,
    typer.Option(
        "--over", metavar="FACTOR", help="A parameter, or fee: whatever each form's households are asked for."
    ),
]
Outcomes = Annotated[
    list[str] | None,
    typer.Option(
        "--outcome", metavar="NAME", help="An outcome; may be repeated.  [default: cost_covered]", show_default=False
    ),
]
Values = Annotated[
    str | None,
    typer.Option(
        "--values",
        metavar="LOW:HIGH:N",
        help="N values from LOW to HIGH.  [default: 9 over the declared range]",
        show_default=False,
    ),
]


def crossing_command(
    forms: Forms,
    over: Over,
    outcomes: Outcomes = None,
    place: OfForm = None,
    settings: Settings = None,
    values: Values = None,
    months: Months = 120,
    replicates: Replicates = 60,
    seed: Seed = 1,
    threads: Threads = None,
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
    no_figures: NoFigures = False,
) -> int:
    """Find the value of a factor at which the order of two forms turns.

    Both are run at every value on the same households and luck. No crossing, and several, are results.
    """
    from sim import manifest
    from sim.analysis.asked import chosen_outcomes
    from sim.analysis.crossing import OUTCOME, crossed, question
    from sim.analysis.keeping import Made, keep_crossing
    from sim.analysis.running import Judged
    from sim.cli import RUNS_FAILED
    from sim.cli.first_run import compile_first
    from sim.cli.screen import Screen
    from sim.runs import check_replicates, check_seed
    from sim.store import check_free

    named = joined(forms)
    if len(named) != 2:
        raise InputError(f"{len(named)} forms are named, {' and '.join(named)}, where two are wanted: FORM RIVAL.")
    screen, command, started = Screen(as_json, quiet), shlex.join(["linli", *sys.argv[1:]]), manifest.now()
    if out is not None:
        check_free(out)
    judged = Judged(chosen_outcomes(outcomes or OUTCOME), check_seed(seed), check_replicates(replicates))
    asked = question(*named, over=over, place=place, values=values, set=settings or (), months=months)
    compile_first(screen)
    with screen.open_progress() as (_, progress):
        found = crossed(asked, judged, threads, progress)
    for label, paragraph in found.words.items():
        screen.show([f"{label}: {paragraph}"], wrap=True)
    screen.data({"words": found.words} | {name: for_json(frame) for name, frame in _tables(found).items()})
    if out is not None:
        drawn = {} if no_figures else figures(found)
        names = keep_crossing(found, out, Made(command, started, threads), drawn)
        screen.show(["", f"written to {out}: {', '.join(names)}"], wrap=True)
    if found.judged.failed:
        screen.note(f"{len(found.judged.failed)} runs failed and are left out; the first: {found.judged.failed[0]}")
        return RUNS_FAILED
    return 0


def _tables(found: "Crossings") -> dict[str, Any]:
    return {"crossings": found.crossings, "differences": found.table, "fees": found.fees}


def figures(found: "Crossings") -> dict[str, Any]:
    """Draw a crossing, PNG and SVG; return what writes them by name."""
    from sim.figures.crossing import draw_crossing
    from sim.figures.style import save

    question = found.question
    keys = " and ".join(f"{key.path} in {label}" for key, label in zip(question.keys, question.labels, strict=True))
    told = f"{found.judged.replicates} runs each, {question.months} months, seed {found.judged.seed}."
    figure = draw_crossing(found.table, found.crossings, f"{told} The factor is {keys}.")
    return {f"crossing.{kind}": partial(save, figure, kind=kind) for kind in ("png", "svg")}
