"""`linli evidence`: the facts, the role and grade of each, and the numbers that lean on it."""

from typing import Annotated

import typer

from sim.cli.options import Json

Codes = Annotated[
    list[str] | None,
    typer.Argument(metavar="ID", help="Codes of facts, such as C14, to see in full; without any: all, a line each."),
]
Of = Annotated[
    str | None,
    typer.Option(
        "--role",
        metavar="ROLE",
        help="Only facts of a role: range, pattern, fit, validation, comparison, none.",
        show_default=False,
    ),
]
Used = Annotated[
    bool, typer.Option("--used", help="Only facts that numbers of the model lean on, with all those numbers.")
]


def evidence_command(codes: Codes = None, role: Of = None, used: Used = False, as_json: Json = False) -> None:
    """List the evidence: every fact, the one role it has, its grade, and which parameters and scenarios lean on it.

    A role says what a fact may be used for. ! marks a number that leans on a fact whose role forbids it; 2 marks one
    that counts a fact twice.
    """
    from sim.cli.screen import Screen
    from sim.facts import evidence

    found, screen = evidence(*(codes or ()), role=role, used=used), Screen(as_json)
    if as_json:
        screen.data(found.as_data())
    else:
        screen.show(found.lines(screen.width))
