"""The page of a sensitivity analysis."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.outcomes import OUTCOMES
from sim.report.page import Number, Page, Section, Table, picture_of
from sim.report.receipt import NOT_CLAIMED_SECTION, file_table
from sim.report.study import factor_table
from sim.sensitivity.plan import OWN_START
from sim.sensitivity.study import STUDY
from sim.sensitivity.values import MEAN, MINUS
from sim.stored import Listed
from sim.studies.receipts import listed_of, require_same_runs
from sim.studies.store import STUDY as STUDY_FILE
from sim.tables import counted

if TYPE_CHECKING:
    import pandas as pd

TOP = 8
"""Factors of each outcome and start that a table names."""


def sensitivity_page(folder: Path, manifest: Mapping[str, Any]) -> Page:
    """Return the page of a sensitivity analysis, from the words, figures, tables and the receipt in its folder.

    Raises InputError where one of them is gone or harmed.
    """
    command = f"linli sensitivity {folder}"
    runs = require_same_runs(folder, manifest, STUDY, folder / STUDY, command)
    kept, study = listed_of(folder, manifest, command), runs.manifest
    line = (
        f"Sensitivity of {counted(len(study['arms']), 'scenario')}: {counted(manifest['runs'], 'run')}, "
        f"{counted(study['replicates'], 'replicate')}, {counted(study['months'], 'month')} after the policy month, "
        f"seed {manifest['seed']}"
    )
    verdict, files = file_table(folder, manifest["files"])
    quoted = shlex.quote(str(folder))
    made_by = [session["command"] or "sim.sensitivity.run, from Python" for session in study["sessions"]]
    commands = (
        *dict.fromkeys([*made_by, *([manifest["command"]] if manifest["command"] else [])]),
        f"linli study verify {quoted}/{STUDY}",
        f"linli report {quoted}",
    )
    made = f"Model {manifest['model_hash']}; hash of all rows, sorted: {manifest['studies'][STUDY]}."
    asked = runs.data(STUDY_FILE).decode("utf-8").strip()
    shown, told = _shown([file["name"] for file in manifest["files"] if file["name"].endswith(".png")])
    pictures = tuple(picture_of(kept, name) for name in shown)
    sections = (
        Section("words", "In plain words", tuple(manifest["words"])),
        *([Section("figures", "Figures", told, pictures=pictures)] if shown else []),
        Section("tables", "Tables", tables=tuple(_tables(kept))),
        Section("design", "Design", code=(asked,), tables=(*factor_table(study["design"]),)),
        NOT_CLAIMED_SECTION,
        Section("commands", "How to make it again", code=("\n".join(commands),)),
        Section("receipt", "Receipt", (verdict, made), tables=(files,)),
    )
    return Page(manifest["question"], line, sections)


def _shown(names: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """Choose figures: those of differences and those over all targets, where there are any; and say what is left."""
    chosen = [name for name in names if "_minus_" in name or name.startswith("overview_")] or list(names)
    left = len(names) - len(chosen)
    return chosen, (f"Of single scenarios there are {counted(left, 'more figure')} in the folder.",) if left else ()


def _tables(kept: Listed) -> Iterator[Table]:
    """Yield the leading factors of every target at the last month, the differences first, and how far it settled."""
    tables = kept.frame("ranking.parquet").groupby(["target", "place"], sort=False)
    named = {(str(target), str(place)): rows for (target, place), rows in tables}
    order = sorted(named, key=lambda key: MINUS not in key[0])
    head = ("Outcome", "Start", "Factor", "Index", "95 % interval", "Told from noise")
    for k, (target, place) in enumerate(order):
        rows = named[target, place]
        what = rows["index"].iloc[0]
        caption = f"{target} @ {place}: the {TOP} leading factors by {what}, after {rows['month'].iloc[0]} months"
        yield Table(f"leading-{k}", caption, head, tuple(_leading(rows)), folded=MINUS not in target)
    yield _settled(kept.frame("stopping.parquet"))


def _leading(rows: "pd.DataFrame") -> Iterator[tuple[list[Number | str] | str, ...]]:
    for (outcome, start), part in rows.groupby(["outcome", "start"], sort=False):
        where = "own" if start == OWN_START else f"of {start}"
        for row in part.sort_values("value", ascending=False, kind="stable").head(TOP).to_dict("records"):
            value, low, high = (float(row[name]) for name in ("value", "low", "high"))
            between: list[Number | str] | str = "-" if low != low else [_number(low), " to ", _number(high)]
            index: list[Number | str] | str = "-" if value != value else [_number(value)]
            label = OUTCOMES[str(outcome)].label
            yield label, where, str(row["factor"]), index, between, "yes" if row["influential"] else "no"


def _settled(stopping: "pd.DataFrame") -> Table:
    means = stopping[stopping["statistic"] == MEAN]
    rows = tuple(
        (
            OUTCOMES[str(outcome)].label,
            f"{int(part['met'].sum())} of {len(part)}",
            _widest(part["width"]),
            _widest(part["screening"]),
        )
        for outcome, part in means.groupby("outcome", sort=False)
    )
    head = ("Outcome", "Rule met", "Widest interval", "Widest of factors that do not matter")
    return Table("settled", "Is the sample large enough? (Sarrazin, Pianosi and Wagener 2016)", head, rows)


def _widest(widths: "pd.Series[float]") -> list[Number | str] | str:
    return "-" if widths.isna().all() else [_number(float(widths.max()))]


def _number(value: float) -> Number:
    return Number(value, f"{value:.3g}")

