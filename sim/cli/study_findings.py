"""`linli study money`, `odds`, `alternatives`, `patterns`, `harms`: what a study says, as text, tables and figure."""

from collections.abc import Callable, Mapping
from functools import partial
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
    from sim.studies import equal_money, money_told

    forms = equal_money.forms_of(path)
    _told(
        "money", path, out, as_json, money_told.lines(forms), money_told.columns(forms), lambda: draw_money(forms),
        more={"pairs": money_told.pairs(forms)}, page=money_told.page(forms),
    )  # fmt: skip


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
    _told(
        "odds", path, out, as_json, odds.lines(found, starts), odds.columns(found), lambda: draw_odds(found),
        more={"starts": odds.start_columns(starts)},
    )  # fmt: skip


def alternatives_command(path: Dir, out: Out = None, as_json: Json = False) -> None:
    """Say what of a comparison holds, is lost or turns under other structures of the model."""
    from sim.figures.alternatives import draw_alternatives
    from sim.studies import alternatives

    pairs = alternatives.pairs_of(path)
    _told(
        "alternatives", path, out, as_json, alternatives.lines(pairs), alternatives.columns(pairs),
        lambda: draw_alternatives(pairs), page=alternatives.page(pairs),
    )  # fmt: skip


Against = Annotated[
    Path | None,
    typer.Option(
        "--tolerances",
        metavar="FILE",
        help="What counts as found.  [default: the file beside the shipped search]",
        show_default=False,
    ),
]


By = Annotated[
    str | None,
    typer.Option("--by", metavar="FACTOR", help="Tell patterns apart by the values of a factor.", show_default=False),
]


def patterns_command(
    path: Dir, tolerances: Against = None, by: By = None, out: Out = None, as_json: Json = False
) -> None:
    """Say which observed patterns the points of a study reach, and which of them together."""
    from sim.figures.patterns import draw_patterns
    from sim.studies import patterns
    from sim.studies import patterns_told as told
    from sim.studies.tolerances import read_patterns

    found = patterns.found_in(path, read_patterns(tolerances))
    table, pairs = told.columns(found), told.together(found)
    rows, both = told.rows_of(table), told.rows_of(pairs)
    split = {} if by is None else {"by": told.by_factor(found, by, patterns.values_of(path, by))}
    parted = told.rows_of(split["by"]) if split else []
    _told(
        "patterns", path, out, as_json, told.lines(rows, both), table, lambda: draw_patterns(rows),
        more={"together": pairs, **split}, page=told.page(rows, both, parted),
        asked={"tolerances_sha256": found.told.sha256},
    )  # fmt: skip


def harms_command(path: Dir, tolerances: Against = None, out: Out = None, as_json: Json = False) -> None:
    """Say what each channel of harm does to a red form, and whether a point is found at which it ends worst."""
    from sim.figures.harms import draw_harms
    from sim.studies import harms, harms_told
    from sim.studies.patterns_told import rows_of
    from sim.studies.tolerances import read_harms

    told, sha256 = read_harms(tolerances)
    found = harms.harms_of(path, told)
    table = harms_told.columns(found)
    rows = rows_of(table)
    _told(
        "harms", path, out, as_json, harms_told.lines(rows), table, lambda: draw_harms(found),
        more={"witness": harms_told.witnesses(found, path)}, page=harms_told.page(rows),
        asked={"tolerances_sha256": sha256},
    )  # fmt: skip


def _told(
    name: str,
    path: Path,
    out: Path | None,
    as_json: bool,
    lines: list[str],
    columns: "Mapping[str, np.ndarray]",
    draw: "Callable[[], Figure]",
    *,
    more: "Mapping[str, Mapping[str, np.ndarray]] | None" = None,
    page: str = "",
    asked: Mapping[str, str] | None = None,
) -> None:
    """Show what was found and, where a folder is named, keep it there.

    more : further tables by name; page : the finding as Markdown; asked : what else belongs in the manifest.
    """
    from sim.cli.screen import Screen

    screen = Screen(as_json)
    if as_json:
        screen.data(_rows(columns))
    screen.show(lines)
    if out is not None:
        _keep(name, path, out, {name: columns, **(more or {})}, draw(), page, asked or {})
        screen.show(["", f"written: {out}"])


def _rows(columns: "Mapping[str, np.ndarray]") -> list[dict[str, Any]]:
    lists = {name: values.tolist() for name, values in columns.items()}
    rows = [dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)]
    return [{k: None if v != v else v for k, v in row.items()} for row in rows]  # NaN is no JSON


def _keep(
    name: str,
    path: Path,
    out: Path,
    tables: "Mapping[str, Mapping[str, np.ndarray]]",
    figure: "Figure",
    page: str,
    asked: Mapping[str, str],
) -> None:
    """Write tables, figure, page, the study file and a manifest into a new folder."""
    from sim.figures.style import save
    from sim.manifest import file_entry
    from sim.store import fill, table_of, write_table
    from sim.studies.dataset import dataset_hash
    from sim.studies.store import STUDY, read_store

    study = read_store(path)
    told = {key: study.manifest[key] for key in _OF_STUDY}
    source = study.data(STUDY)
    write: dict[str, Callable[[Path], object]] = {
        f"{key}.parquet": partial(write_table, table_of(columns)) for key, columns in tables.items()
    }
    write |= {f"figures/{name}.png": lambda file: save(figure, file, "png")}
    write |= {"study.toml": lambda file: file.write_bytes(source)}
    if page:
        write |= {"words.md": lambda file: file.write_text(page, encoding="utf-8")}
    with fill(out) as kept:
        for shown, how in write.items():
            kept.add(shown, how)
        files = [file_entry(kept, shown) for shown in kept.names]
        kept.publish({"kind": name, "study": told, **asked, "rows_sha256": dataset_hash(study), "files": files})


_OF_STUDY = (
    "question", "design", "arms", "seed", "months", "replicates", "outcomes", "model_hash", "mixed", "code", "versions",
)  # fmt: skip
"""What the manifest of a study says that goes into that of what was found in it."""
