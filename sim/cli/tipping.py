"""`linli tipping`: where one regime becomes two, and how hard it is to leave either."""

import shlex
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.options import Json, NoFigures, Place, Quiet, Seed, Settings, Threads, folder, one, whole
from sim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

OUT = Path("results/tipping")

Form = Annotated[
    list[str] | None, typer.Argument(metavar="SCENARIO", help="A form or model, then programmes.  [default: market]")
]
Vary = Annotated[
    list[str] | None,
    typer.Option(
        "--vary",
        metavar="GROUP.NAME[=LOW:HIGH]",
        help="A factor of the phase diagram, twice; without a range the declared one.  "
        "[default: street.subsidy=0:0.15, household.b_social=0.3:2.4]",
        show_default=False,
    ),
]
Ramp = Annotated[
    str | None,
    typer.Option(
        "--ramp",
        metavar="GROUP.NAME[=LOW:HIGH]",
        help="The lever that goes up and down again.  [default: street.subsidy=0:0.15]",
        show_default=False,
    ),
]
Dwell = Annotated[
    list[str] | None,
    typer.Option(
        "--dwell", metavar="N", help="Months at each level of the ramp; may be repeated.  [default: 18, 60]",
        show_default=False,
    ),
]  # fmt: skip
Support = Annotated[
    list[str] | None,
    typer.Option(
        "--support",
        metavar="GROUP.NAME=VALUE",
        help="A lever given and withdrawn in months 36 and 60; may be repeated.  [default: street.subsidy=0.1]",
        show_default=False,
    ),
]
Low = Annotated[
    list[str] | None,
    typer.Option(
        "--low", metavar="START.NAME=VALUE", help="The low start.  [default: the place's own]", show_default=False
    ),
]
High = Annotated[
    list[str] | None,
    typer.Option(
        "--high",
        metavar="START.NAME=VALUE",
        help="The high start.  [default: payment, facilities and trust of the place healthy]",
        show_default=False,
    ),
]
Levels = Annotated[int, typer.Option("--levels", parser=whole, metavar="N", help="Levels of each factor and the ramp.")]
Months = Annotated[
    int, typer.Option("--months", parser=whole, metavar="N", help="Months of a run of phase diagram and support.")
]
Replicates = Annotated[
    int, typer.Option("--replicates", parser=whole, metavar="N", help="Runs of every cell, start, ramp and support.")
]
Folder = Annotated[
    Path,
    typer.Option(
        "--out", parser=folder, metavar="DIR", help="The folder; runs that are there are not made again."
    ),
]


def tipping_command(
    scenario: Form = None,
    place: Place = None,
    settings: Settings = None,
    vary: Vary = None,
    ramp: Ramp = None,
    dwell: Dwell = None,
    support: Support = None,
    low: Low = None,
    high: High = None,
    levels: Levels = 9,
    months: Months = 180,
    replicates: Replicates = 40,
    seed: Seed = 1,
    threads: Threads = None,
    out: Folder = OUT,
    as_json: Json = False,
    quiet: Quiet = False,
    no_figures: NoFigures = False,
) -> int:
    """Find out where one regime becomes two, and how hard it is to leave either.

    Low and high starts over two factors, a lever ramped up and down, and support that is withdrawn.
    """
    from sim.cli import CANNOT_BE_BUILT, RUNS_FAILED, Stopped
    from sim.cli.first_run import compile_first
    from sim.cli.screen import Screen
    from sim.studies.runner import How
    from sim.tipping import analyse, keep
    from sim.tipping.layout import FOLDER, make
    from sim.tipping.request import Request
    from sim.tipping.result import check_folder

    given = {"vary": vary, "ramp": ramp, "support": support, "low": low, "high": high}
    told: dict[str, Any] = {name: value for name, value in given.items() if value}
    if dwell:
        told["dwell"] = [_months(text) for text in dwell]
    request = Request.of(
        one(scenario) if scenario else "market", place=place, set=settings or (), levels=levels, months=months,
        replicates=replicates, seed=seed, **told,
    )  # fmt: skip
    screen, command = Screen(as_json, quiet), shlex.join(["linli", *sys.argv[1:]])
    check_folder(out, request)
    for warning in request.world.warnings:
        screen.note(f"Warning: {warning}")
    failed = impossible = 0
    try:
        with screen.open_progress() as (total, progress):
            how = How(threads, command=command, progress=progress, total=total, ready=partial(compile_first, screen))
            for name, session in make(request, out, how):
                failed += session.failed
                impossible += session.impossible
                if session.stopped:
                    left = f"{session.left} runs of {name} are left"
                    raise Stopped(f"stopped; {left}, and the same command goes on with them.")
        found = analyse(request, out)
        names = keep(found, out, command=command, figures=not no_figures)
    except KeyboardInterrupt:
        raise Stopped("stopped; nothing is half-written, and the same command goes on with what is kept.") from None
    for title, paragraph in found.words.items():
        screen.show([title, paragraph, ""], wrap=True)
    screen.show(_table(found.tables["stability"]))
    kept = ", ".join(name for name in names if "/" not in name)
    screen.show(["", f"written to {out}: {kept}, figures and manifest; the runs in {out / FOLDER}"], wrap=True)
    rows = found.tables["stability"]
    records = rows.astype(object).where(rows.notna(), None).to_dict("records")
    screen.data({"words": dict(found.words), "stability": records})
    for number, what in ((failed, "failed"), (impossible, "cannot be built")):
        if number:
            screen.note(f"{number} runs {what} and are left out; their rows in {out / FOLDER} say why.")
    if failed or impossible:
        return RUNS_FAILED if failed else CANNOT_BE_BUILT
    return 0


def _months(text: str) -> int:
    from sim.scenarios.values import shortened

    try:
        return whole(text)
    except typer.BadParameter:
        raise InputError(f"--dwell {shortened(text)}: is not a whole number of months.") from None


def _table(rows: "pd.DataFrame") -> list[str]:
    """Show the stability outcomes of the scenario as it is, a line each."""
    from sim.tipping.layout import PAYMENT

    lines = [f"{'outcome':<30} {'of':<48} {'value':>8}  95 % interval"]
    for label, told, value, low, high in rows[["label", "of", "value", "low", "high"]].to_numpy():
        of = told if isinstance(told, str) else ""
        if "withdrawn" in of and not of.endswith(PAYMENT):
            continue  # the other outcomes are in the file
        shown = f"{value:>8.3f}  {low:.3f} to {high:.3f}".replace("nan", "  -")
        lines.append(f"{label:<30} {of:<48} {shown if value == value else f'{chr(45):>8}'}")
    return lines
