"""`linli study money` and `linli study odds`: what a study of forms says, as text, table and figure."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.options import Json, folder

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure

Dir = Annotated[Path, typer.Argument(parser=folder, metavar="DIR", help="The folder of a study.")]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        parser=folder,
        metavar="FOLDER",
        help="A new folder for a table (Parquet), a figure and what made them.",
        show_default=False,
    ),
]


def money_command(path: Dir, out: Out = None, as_json: Json = False) -> None:
    """Compare forms that are offered the same money: outcomes, cost, and the difference in cost that remains."""
    from sim.figures.money import draw_money
    from sim.studies import equal_money

    forms = equal_money.forms_of(path)
    _told("money", path, out, as_json, equal_money.lines(forms), equal_money.columns(forms), lambda: draw_money(forms))


def odds_command(
    path: Dir,
    outcome: Annotated[
        str, typer.Option("--outcome", metavar="NAME", help="Outcome to compare.")
    ] = "cost_covered",
    margin: Annotated[
        list[float], typer.Option("--margin", metavar="D", help="Difference that counts; may be given again.")
    ] = [0.0, 0.1],  # noqa: B006 (Typer reads it and changes nothing)
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Say in which share of its points each form is clearly ahead of its rivals, or behind, after 3 and 10 years."""
    from sim.figures.odds import draw_odds
    from sim.studies import odds

    found, starts = odds.odds_of(path, outcome, margin), odds.starts_of(path)
    _told("odds", path, out, as_json, odds.lines(found, starts), odds.columns(found), lambda: draw_odds(found))


def _told(
    name: str,
    path: Path,
    out: Path | None,
    as_json: bool,
    lines: list[str],
    columns: "Mapping[str, np.ndarray]",
    draw: "Callable[[], Figure]",
) -> None:
    """Show what was found and, where a folder is named, keep it there."""
    from sim.cli.screen import Screen

    screen = Screen(as_json)
    if as_json:
        screen.data(_rows(columns))
    screen.show(lines)
    if out is not None:
        _keep(name, path, out, columns, draw())
        screen.show(["", f"written: {out}"])


def _rows(columns: "Mapping[str, np.ndarray]") -> list[dict[str, Any]]:
    lists = {name: values.tolist() for name, values in columns.items()}
    rows = [dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)]
    return [{k: None if v != v else v for k, v in row.items()} for row in rows]  # NaN is no JSON


def _keep(name: str, path: Path, out: Path, columns: "Mapping[str, np.ndarray]", figure: "Figure") -> None:
    """Write table, figure, the study file and a manifest into a new folder."""
    from sim.figures.style import save
    from sim.manifest import file_entry
    from sim.store import fill, table_of, write_table
    from sim.studies.dataset import dataset_hash
    from sim.studies.store import STUDY, read_store

    study = read_store(path)
    told = {key: study.manifest[key] for key in _OF_STUDY}
    with fill(out) as kept:
        kept.add(f"{name}.parquet", lambda file: write_table(table_of(columns), file))
        kept.add(f"figures/{name}.png", lambda file: save(figure, file, "png"))
        asked = study.data(STUDY)
        kept.add("study.toml", lambda file: file.write_bytes(asked))
        files = [file_entry(kept, shown) for shown in kept.names]
        kept.publish({"kind": name, "study": told, "rows_sha256": dataset_hash(study), "files": files})


_OF_STUDY = (
    "question", "design", "arms", "seed", "months", "replicates", "outcomes", "model_hash", "mixed", "code", "versions",
)  # fmt: skip
"""What the manifest of a study says that goes into that of what was found in it."""
