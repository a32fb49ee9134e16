"""The page of what was found in a study: money, odds, alternatives, patterns or harms."""

import shlex
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from sim.report.page import Number, Page, Section, Table, picture_of
from sim.report.receipt import NOT_CLAIMED_SECTION, file_table
from sim.stored import Listed
from sim.tables import counted

if TYPE_CHECKING:
    import pandas as pd

def finding_page(folder: Path, manifest: Mapping[str, Any]) -> Page:
    """Return the page of a finding, from the words, tables and figure in its folder.

    Raises InputError where one of them is gone or harmed.
    """
    kind, study = str(manifest["kind"]), manifest["study"]
    command = f"linli study {kind} STUDY --out {shlex.quote(str(folder))}"
    files = Listed.of(folder, manifest["files"], lambda name: f"linli study {kind} makes it again")
    names = [file["name"] for file in manifest["files"]]
    tables = tuple(
        _table(PurePosixPath(name).stem, files.frame(name), folded=number > 0)
        for number, name in enumerate(name for name in names if name.endswith(".parquet"))
    )
    line = (
        f"{kind}: {counted(len(study['arms']), 'arm')}, {counted(study['months'], 'month')}, "
        f"{counted(study['replicates'], 'replicate')}, seed {study['seed']}"
    )
    told = files.data("words.md").decode() if "words.md" in names else ""
    said = tuple(line[2:].replace("**", "").replace("`", "") for line in told.splitlines() if line.startswith("- "))
    pictures = tuple(picture_of(files, name) for name in names if name.endswith(".png"))
    verdict, listed = file_table(folder, manifest["files"])
    made = (
        ("Model (hash of the code that decides the numbers)", str(study["model_hash"])),
        ("Code (commit)", "run from no checkout" if study["code"] is None else str(study["code"]["commit"])),
        ("Rows of the study (SHA-256)", str(manifest["rows_sha256"])),
    )
    sections = (
        *([Section("words", "In plain words", points=said)] if said else []),
        Section("figures", "Figure", pictures=pictures),
        Section("tables", "Tables", tables=tables),
        NOT_CLAIMED_SECTION,
        Section("commands", "How to make it again", code=(f"linli study run study.toml --out STUDY\n{command}",)),
        Section("receipt", "Receipt", (verdict,), tables=(Table("made", "What made it", ("", ""), made), listed)),
    )
    return Page(str(study["question"]), line, sections)


def _table(name: str, frame: "pd.DataFrame", *, folded: bool) -> Table:
    """Return a table as it is kept."""
    rows = tuple(tuple(_cell(value) for value in row) for row in frame.itertuples(index=False))
    return Table(f"finding-{name}", name, tuple(map(str, frame.columns)), rows, folded=folded)


def _cell(value: Any) -> tuple[Number] | str:
    if isinstance(value, float):
        return "" if value != value else (Number(value, f"{value:.4g}"),)
    return str(value)
