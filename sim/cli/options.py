"""What a user may say to the commands: the options with their help, and scenarios as the shell hands them over."""

from pathlib import Path
from typing import Annotated

import typer

from sim.errors import InputError


def whole(text: str | int) -> int:
    """Read a whole number, however it is written, or raise the error of the option parser."""
    from sim.scenarios.reading import number
    from sim.scenarios.values import as_whole, shortened

    found = as_whole(number(str(text)))
    if not isinstance(found, int):
        raise typer.BadParameter(f"{shortened(str(text))!r} is not a whole number")
    if abs(found) >= 10**30:
        raise typer.BadParameter(f"{shortened(str(text))!r} is too large; nothing here takes more than 19 digits")
    return found


def folder(text: str | Path) -> Path:
    """Read the name of a folder, ~ being the user's own, or raise the error of the option parser."""
    if not str(text).strip():
        raise typer.BadParameter("a folder needs a name, for example results/mine")
    try:
        str(text).encode("utf-8")
    except UnicodeEncodeError:
        shown = str(text).encode("utf-8", "replace").decode()
        raise typer.BadParameter(f"{shown!r} is not UTF-8 text, which manifests need; take another name") from None
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise typer.BadParameter(f"{text}: there is no such user's folder") from None


Scenario = Annotated[
    list[str],
    typer.Argument(
        metavar="SCENARIO",
        help='A form or model, then programmes: market, "market + subsidy_taper", or a file mine.toml.',
    ),
]
Scenarios = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="SCENARIO", help='Scenarios; "market @ healthy" sets one in its own place. Without any: the main job.'
    ),
]
Place = Annotated[
    str | None,
    typer.Option(
        "--place",
        metavar="PLACE",
        help="Where: trapped, healthy, ... or a file.  [default: trapped]",
        show_default=False,
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="GROUP.NAME=VALUE", help="A value that goes over everything; may be repeated."),
]
Months = Annotated[int, typer.Option("--months", parser=whole, metavar="N", help="Months after the policy month.")]
Replicates = Annotated[
    int | None,
    typer.Option(
        "--replicates",
        parser=whole,
        metavar="N",
        help="Runs per scenario, each with its own households and luck; 200 by default, 10 of a district.",
    ),
]
Seed = Annotated[
    int, typer.Option("--seed", parser=whole, metavar="N", help="0 to 2**63 - 1; equal seeds give equal results.")
]
Engine = Annotated[
    str, typer.Option("--engine", metavar="ENGINE", help="compiled, or agents (Mesa): the same results, slower.")
]
Threads = Annotated[
    int | None,
    typer.Option(
        "--threads",
        parser=whole,
        metavar="N",
        help="Threads; results do not depend on it.  [default: one per core]",
        show_default=False,
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        parser=folder,
        metavar="DIR",
        help="Keep data, figures and manifest in this new folder.",
        show_default=False,
    ),
]
Cases = Annotated[
    bool,
    typer.Option("--cases", help="Also keep every case, one by one: cases.parquet and case_events.parquet."),
]
Json = Annotated[bool, typer.Option("--json", help="Print data, not a table.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")]
NoFigures = Annotated[bool, typer.Option("--no-figures", help="Draw no figures.")]


def joined(words: list[str]) -> list[str]:
    """Join what the shell parted: `market + subsidy_taper custody @ healthy` names two scenarios."""
    found: list[str] = []
    for word in words:
        if found and (word[:1] in ("+", "@") or found[-1][-1:] in ("+", "@")):
            found[-1] = f"{found[-1]} {word}"
        else:
            found.append(word)
    return found


def one(words: list[str]) -> str:
    """Return the one scenario that is named."""
    found = joined(words)
    if len(found) > 1:
        raise InputError(
            f"{len(found)} scenarios are named, {' and '.join(found)}, where one is wanted; put + between a form and "
            "its programmes, or use linli compare."
        )
    return found[0]
