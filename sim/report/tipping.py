"""The page of an analysis of tipping points."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.report.page import Number, Page, Section, Table, picture_of
from sim.report.receipt import NOT_CLAIMED_SECTION, file_table
from sim.stored import Listed
from sim.studies.receipts import listed_of
from sim.tables import counted


def tipping_page(folder: Path, manifest: Mapping[str, Any]) -> Page:
    """Return the page of an analysis of tipping points, from the words, figures and tables in its folder.

    Raises InputError where one of them is gone or harmed.
    """
    about = manifest["about"]
    line = (
        f"{about['where']}: {counted(about['months'], 'month')}, {counted(about['replicates'], 'run')} of everything, "
        f"seed {about['seed']}"
    )
    design = (
        f"Low and high starts over {about['across']} and {about['up']}; {about['ramp']} ramped up and down again; "
        f"{about['support']} given, and withdrawn in months 36 and 60. Two states apart: a payment rate of "
        f"{about['threshold']:.2f} lies between them.",
    )
    kept = listed_of(folder, manifest, f"linli tipping --out {folder}")
    pictures = tuple(picture_of(kept, file["name"]) for file in manifest["files"] if file["name"].endswith(".png"))
    verdict, listed = file_table(folder, manifest["files"])
    text = f"{manifest['command'] or 'sim.tipping.run, from Python'}\nlinli report {shlex.quote(str(folder))}"
    hashes = "; ".join(f"{name} {told[:16]}" for name, told in manifest["studies"].items())
    made = f"Model {manifest['model_hash']}; studies: {hashes}."
    sections = (
        Section("words", "In plain words", points=tuple(f"{name}: {told}" for name, told in manifest["words"].items())),
        Section("tables", "Tables", tables=(_stability(kept),)),
        *([Section("figures", "Figures", pictures=pictures)] if pictures else []),
        Section("design", "Design", design),
        NOT_CLAIMED_SECTION,
        Section("commands", "How to make it again", code=(text,)),
        Section("receipt", "Receipt", (verdict, made), tables=(listed,)),
    )
    return Page("Where does one regime become two, and how hard is it to leave either?", line, sections)


def _stability(kept: Listed) -> Table:
    """Return the stability outcomes with their intervals."""
    frame = kept.frame("stability.parquet")
    told = frame[["label", "of"]].fillna("").astype(str).to_numpy().tolist()
    numbers = frame[["value", "low", "high"]].to_numpy(float).tolist()
    rows = tuple((*words, *map(_cell, row)) for words, row in zip(told, numbers, strict=True))
    head = ("Outcome", "Of", "Value", "Low", "High")
    return Table("stability", "Stability outcomes, with 95 % intervals", head, rows)


def _cell(value: float) -> list[Number | str] | str:
    return "-" if value != value else [Number(float(value), f"{value:.3f}")]
