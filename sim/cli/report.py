"""`linli report`: one page about a result."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import Quiet, folder

Results = Annotated[
    Path,
    typer.Argument(
        parser=folder,
        metavar="RESULTS",
        help="The folder of a run, a comparison, a study, or any analysis.",
    ),
]
File = Annotated[
    Path | None,
    typer.Option(
        "--out", parser=folder, metavar="FILE", help="The page.  [default: RESULTS/report.html]", show_default=False
    ),
]


def report_command(results: Results, out: File = None, quiet: Quiet = False) -> None:
    """Write one HTML page about a result: question, design, figures, tables, words, receipt and commands.

    The page stands alone: it needs no server and no network.
    """
    from sim.cli.screen import Screen
    from sim.report import write_report

    path = write_report(results, out)
    Screen(quiet=quiet).show([f"written: {path} ({path.stat().st_size / 1e6:.1f} MB)"])
