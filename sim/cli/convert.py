"""`linli study convert`: make a study of the design of another tool."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import Quiet, folder, whole

File = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        help="A table or spreadsheet of BehaviorSpace, a problem of SALib, a dictionary of Mesa's batch_run (JSON or "
        "Python), experiments of the EMA workbench, or any table of points.",
    ),
]
Out = Annotated[Path, typer.Option("--out", parser=folder, metavar="DIR", help="A new folder for the study.")]
Sample = Annotated[
    Path | None, typer.Option("--sample", metavar="FILE", help="The sample of a problem of SALib.", show_default=False)
]
Scenarios = Annotated[
    list[str] | None,
    typer.Option("--scenario", metavar="SCENARIO", help="What to run; may be repeated.  [default: market]"),
]
Rename = Annotated[
    list[str] | None,
    typer.Option("--rename", metavar="NAME=GROUP.NAME", help="What a name of the file stands for; may be repeated."),
]
LeaveOut = Annotated[
    list[str] | None, typer.Option("--leave-out", metavar="NAME", help="A name that sets nothing; may be repeated.")
]


def _number(option: str, help_: str) -> typer.models.OptionInfo:
    info: typer.models.OptionInfo = typer.Option(option, parser=whole, metavar="N", help=help_, show_default=False)
    return info


def convert_command(
    file: File,
    out: Out,
    sample: Sample = None,
    scenarios: Scenarios = None,
    rename: Rename = None,
    leave_out: LeaveOut = None,
    months: Annotated[int | None, _number("--months", "Months after the policy month.")] = None,
    replicates: Annotated[int | None, _number("--replicates", "Runs of each point.")] = None,
    seed: Annotated[int | None, _number("--seed", "0 to 2**63 - 1.")] = None,
    quiet: Quiet = False,
) -> None:
    """Make a study of the design of another tool: study.toml, and points.csv where it tells points."""
    from sim.cli.screen import Screen
    from sim.studies.convert import convert

    told = convert(
        file,
        out,
        sample=sample,
        scenarios=scenarios or (),
        rename=rename or (),
        leave_out=leave_out or (),
        months=months,
        replicates=replicates,
        seed=seed,
    )
    Screen(quiet=quiet).show(told)
