"""`linli place`: whether a place stands still, as it declares, and at which intercept it would."""

from typing import Annotated

import typer

from sim.cli.options import Json, Quiet, Settings

Places = Annotated[
    list[str] | None,
    typer.Argument(metavar="PLACE", help="Places, or files; all shipped ones that declare a state by default."),
]
Solve = Annotated[
    bool, typer.Option("--solve", help="Find the household.intercept at which the declared payment rate is reached.")
]


def place_command(
    places: Places = None, solve: Solve = False, settings: Settings = None, as_json: Json = False, quiet: Quiet = False
) -> int:
    """Check that a place stands still before the policy month, as it declares.

    Its own form governs it for the spin-up and two years more, without a policy. With --solve the line to write into
    the file is printed.
    """
    from dataclasses import asdict

    from sim.cli import RUNS_FAILED
    from sim.cli.screen import Screen
    from sim.standing import look_at, shipped_places
    from sim.standing import solve as solved

    screen, found = Screen(as_json, quiet), []
    for place in places or shipped_places():
        standing = (solved if solve else look_at)(place, set=settings or ())
        found.append(standing)
        screen.show(standing.lines())
        if solve:
            screen.show([f"  [household] intercept = {{ value = {standing.intercept}, source = \"solved\" }}"])
    screen.data([asdict(standing) | {"declared": standing.declared.model_dump()} for standing in found])
    return RUNS_FAILED if any(standing.faults() for standing in found) else 0
