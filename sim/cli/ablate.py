"""`linli ablate`: which of its levers a form's lead over its rivals hangs on."""

import shlex
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.options import Json, Months, NoFigures, Out, Quiet, Seed, Settings, Threads, one, whole

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.ablation import Ablation

Form = Annotated[list[str], typer.Argument(metavar="FORM", help="A form, then programmes: red_station.")]
Rivals = Annotated[
    list[str] | None,
    typer.Option(
        "--rival",
        metavar="FORM",
        help="Whose values the levers are set back to; may be repeated.  [default: the form's base]",
        show_default=False,
    ),
]
OfForm = Annotated[
    str | None,
    typer.Option(
        "--place", metavar="PLACE", help="Where.  [default: the first in which the form can exist]", show_default=False
    ),
]
Outcomes = Annotated[
    list[str] | None,
    typer.Option(
        "--outcome",
        metavar="NAME",
        help="An outcome; may be repeated.  [default: bills, old debts, cover, settled, cost, trouble]",
        show_default=False,
    ),
]
Replicates = Annotated[
    int, typer.Option("--replicates", parser=whole, metavar="N", help="Runs of every form and lever, paired.")
]


def ablate_command(
    form: Form,
    rivals: Rivals = None,
    place: OfForm = None,
    settings: Settings = None,
    outcomes: Outcomes = None,
    months: Months = 120,
    replicates: Replicates = 60,
    seed: Seed = 1,
    threads: Threads = None,
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
    no_figures: NoFigures = False,
) -> int:
    """Find out which levers a form's lead hangs on.

    Every lever in which it differs from a rival is set back, one at a time, and all but one; differences are paired.
    """
    from sim import manifest
    from sim.analysis.ablation import OUTCOMES, Ablation, asked
    from sim.analysis.asked import chosen_outcomes
    from sim.analysis.keeping import Made, keep_ablation
    from sim.analysis.running import Judged
    from sim.cli import RUNS_FAILED
    from sim.cli.first_run import compile_first
    from sim.cli.screen import Screen
    from sim.runs import check_replicates, check_seed
    from sim.store import check_free

    screen, command, started = Screen(as_json, quiet), shlex.join(["linli", *sys.argv[1:]]), manifest.now()
    pairs = asked(one(form), rivals=rivals or (), place=place, set=settings or (), months=months)
    judged = Judged(chosen_outcomes(outcomes or OUTCOMES), check_seed(seed), check_replicates(replicates))
    found = Ablation(pairs, judged, months)
    if out is not None:
        check_free(out)
    compile_first(screen)
    with screen.progress(len(judged.missing(found.worlds)) * replicates) as progress:
        judged.make(found.worlds, threads, progress)
    for title, paragraph in found.words.items():
        screen.show([f"{title}: {paragraph}", ""], wrap=True)
    screen.data({"words": found.words, "rows": for_json(found.table)})
    if out is not None:
        drawn = {} if no_figures else figures(found)
        names = keep_ablation(found, out, Made(command, started, threads), drawn)
        screen.show([f"written to {out}: {', '.join(names)}"], wrap=True)
    if judged.failed:
        screen.note(f"{len(judged.failed)} runs failed and are left out; the first: {judged.failed[0]}")
        return RUNS_FAILED
    return 0


def for_json(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    """Return the rows of a table for JSON, which knows neither NaN nor an infinite number: both are null."""
    from sim.analysis.ablation import records

    rows = frame.replace([float("inf"), float("-inf")], float("nan")).astype(object)
    return records(rows.where(rows.notna(), None))


def figures(found: "Ablation") -> dict[str, Any]:
    """Draw an ablation, a figure per rival, PNG and SVG; return what writes them by name."""
    from sim.figures.ablation import draw_ablation
    from sim.figures.style import save

    told = f"{found.judged.replicates} runs each, {found.months} months, seed {found.judged.seed}."
    drawn: dict[str, Any] = {}
    for pair in found.pairs:
        figure = draw_ablation(found.table, pair.rival.label, told)
        for kind in ("png", "svg"):
            stem = Path(f"ablation_{'_'.join(pair.rival.label.split(' + '))}.{kind}").name
            drawn[stem] = partial(save, figure, kind=kind)
    return drawn
