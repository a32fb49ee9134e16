"""The page of an ablation, or of a crossing."""

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis.ablation import ALONE, BEYOND_ALONE, BEYOND_LAST, LAST, SUM_ALONE, SUM_LAST, WHOLE, records
from sim.analysis.ablation_words import LEGEND, digits, spread, written
from sim.analysis.crossing_words import mean
from sim.analysis.keeping import ABLATION, files_of, read_kept
from sim.outcomes import OUTCOMES
from sim.report.page import Page, Section, Table, picture_of
from sim.report.receipt import NOT_CLAIMED_SECTION, file_table, made_with, worlds_told
from sim.tables import counted

if TYPE_CHECKING:
    import pandas as pd


def analysis_page(folder: Path, manifest: Mapping[str, Any]) -> Page:
    """Return the page of an ablation or a crossing, from the words, tables and figures in its folder.

    Raises InputError where one of them is gone or harmed.
    """
    kind, asked = str(manifest["kind"]), manifest["request"]
    files = files_of(folder, manifest)
    pictures = tuple(picture_of(files, file["name"]) for file in manifest["files"] if file["name"].endswith(".png"))
    kept = read_kept(folder)
    frames = kept[1] if kept else {}
    tables = tuple(_ablation(frames["ablation"]) if kind == ABLATION else _crossing(frames))
    line = (
        f"{manifest['place']}: {counted(asked['months'], 'month')}, {counted(asked['replicates'], 'run')} of each of "
        f"{counted(len(asked['worlds']), 'world')}, seed {asked['seed']}"
    )
    verdict, listed = file_table(folder, manifest["files"])
    made = made_with(manifest, asked["model_hash"], (("Scenarios", worlds_told(asked["worlds"])),))
    code = f"{manifest['command']}\nlinli report {shlex.quote(str(folder))}"
    legend = (LEGEND.replace("*", "").replace("`", ""),) if kind == ABLATION else ()
    sections = (
        Section("words", "In plain words", points=tuple(f"{name}: {told}" for name, told in manifest["words"].items())),
        *([Section("figures", "Figures", pictures=pictures)] if pictures else []),
        Section("tables", "Tables", legend, tables=tables),
        NOT_CLAIMED_SECTION,
        Section("commands", "How to make it again", code=(code,)),
        Section("receipt", "Receipt", (verdict,), tables=(made, listed)),
    )
    return Page(str(manifest["question"]), line, sections)


def _ablation(frame: "pd.DataFrame") -> Iterator[Table]:
    """Yield a table per rival and outcome."""
    for number, ((rival, name), part) in enumerate(frame.groupby(["rival", "outcome"], sort=False)):
        of = {(row["row"], row["lever"]): written(row) for row in records(part)}
        levers = part.loc[part["row"] == LAST, "lever"].tolist()
        rows = (
            ("whole form less rival", of[WHOLE, ""], ""),
            *((lever, of[LAST, lever], of[ALONE, lever]) for lever in levers),
            ("sum over levers", of[SUM_LAST, ""], of[SUM_ALONE, ""]),
            ("whole less that sum", of[BEYOND_LAST, ""], of[BEYOND_ALONE, ""]),
        )
        caption = f"Against {rival}: {OUTCOMES[str(name)].label} ({OUTCOMES[str(name)].unit})"
        yield Table(f"ablation-{number}", caption, ("", "Set back", "Alone"), rows, folded=number > 0)


def _crossing(frames: "Mapping[str, pd.DataFrame]") -> Iterator[Table]:
    """Yield tables of both forms and their difference per outcome: over the factor and, if it is the fee, at fees."""
    for number, (name, part) in enumerate(frames["differences"].groupby("outcome", sort=False)):
        n, first = digits(str(name)), part.to_dict("records")[0]
        caption = f"{OUTCOMES[str(name)].label} ({OUTCOMES[str(name)].unit})"
        head = (first["factor"], first["form"], first["rival"], "Difference", "Missing")
        rows = tuple((f"{row['value']:g}", *_means(row, n), str(row["missing"])) for row in part.to_dict("records"))
        yield Table(f"crossing-{number}", caption, head, rows)
        if "fees" in frames:
            asked = ("At", f"Fee of {first['form']}", f"Fee of {first['rival']}", *head[1:4])
            fees = frames["fees"].loc[frames["fees"]["outcome"] == name].to_dict("records")
            at = tuple(
                (row["at"], mean(row["fee_form"], 2), mean(row["fee_rival"], 2), *_means(row, n)) for row in fees
            )
            yield Table(f"fees-{number}", f"{caption}, at own, equal and voted fees", asked, at)


def _means(row: Mapping[Any, Any], n: int) -> tuple[str, str, str]:
    difference = spread(row["difference"], row["low"], row["high"], n)
    return mean(row["mean_form"], n), mean(row["mean_rival"], n), difference
