"""Keep an analysis of forms in a folder: tables, page, figures that were handed in, and as the last the receipt."""

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import manifest
from sim.analysis.ablation import Ablation
from sim.analysis.ablation_words import markdown as ablation_page
from sim.analysis.crossing import Crossings
from sim.analysis.crossing_words import markdown as crossing_page
from sim.analysis.running import Judged
from sim.runs import check_threads
from sim.scenarios import World
from sim.store import Folder, fill, write_table
from sim.stored import MANIFEST, Listed, manifest_of, reading

if TYPE_CHECKING:
    import pandas as pd

ABLATION, CROSSING = "ablation", "crossing"
KINDS = (ABLATION, CROSSING)
"""What the receipt calls the two analyses."""

Drawn = Mapping[str, Callable[[Path], object]]
"""Name of a file below `figures/` -> what writes it."""


@dataclass(frozen=True)
class Made:
    """How an analysis was made: the command, when it was begun, and on how many threads."""

    command: str
    started: str
    threads: int | None = None


def keep_ablation(found: Ablation, out: Path, made: Made, drawn: Drawn) -> list[str]:
    """Write an ablation into a new folder and return the names of its files."""
    told = {"form": found.form.label, "rivals": [pair.rival.label for pair in found.pairs], "place": found.form.place}
    asked = _request(found.judged, found.worlds, found.months)
    page = ablation_page(found.table, asked | {"command": made.command})
    question = f"What does {found.form.label} hang on in {found.form.place}, lever by lever?"
    tables = {"ablation": found.table}
    return _keep(out, ABLATION, question, told, asked, found.judged, made, tables, page, found.words, drawn)


def keep_crossing(found: Crossings, out: Path, made: Made, drawn: Drawn) -> list[str]:
    """Write a crossing into a new folder and return the names of its files."""
    one, other = found.question.labels
    keys = [key.path for key in found.question.keys]
    told = {"forms": [one, other], "factor": found.question.factor, "keys": keys, "place": found.question.place}
    asked = _request(found.judged, found.worlds, found.question.months)
    page = crossing_page(found, made.command)
    question = f"Where does the order of {one} and {other} in {found.question.place} turn over {found.question.factor}?"
    tables = {"differences": found.table, "crossings": found.crossings} | ({"fees": found.fees} if found.at else {})
    return _keep(out, CROSSING, question, told, asked, found.judged, made, tables, page, found.words, drawn)


def read_kept(folder: Path) -> tuple[dict[str, Any], "dict[str, pd.DataFrame]"] | None:
    """Return the receipt of an ablation or a crossing and its tables by name, None where a folder holds neither.

    Raises InputError where a table is not as it was written.
    """
    told = manifest_of(folder)
    if told is None or told.get("kind") not in KINDS:
        return None
    with reading(folder, told):
        kept = files_of(folder, told)
        names = [file["name"] for file in told["files"] if file["name"].endswith(".parquet")]
        return told, {Path(name).stem: kept.frame(name) for name in names}


def files_of(folder: Path, told: Mapping[str, Any]) -> Listed:
    """Return the files of an ablation or a crossing, to be read; told : its receipt."""
    again = "linli ablate" if told["kind"] == ABLATION else "linli crossing"
    return Listed.of(folder, told["files"], lambda name: f"{again} makes it again")


def _request(judged: Judged, worlds: Sequence[World], months: int) -> dict[str, Any]:
    return manifest.request(
        worlds, seed=judged.seed, months=months, replicates=judged.replicates, engine="compiled"
    ) | {"outcomes": list(judged.outcomes)}


def _keep(
    out: Path,
    kind: str,
    question: str,
    told: Mapping[str, Any],
    asked: Mapping[str, Any],
    judged: Judged,
    made: Made,
    tables: "Mapping[str, pd.DataFrame]",
    page: str,
    words: Mapping[str, str],
    drawn: Drawn,
) -> list[str]:
    with fill(out) as folder:
        rows = {f"{name}.parquet": len(frame) for name, frame in tables.items()}
        for name, frame in tables.items():
            _add_table(folder, f"{name}.parquet", frame)
        folder.add(f"{kind}.md", lambda path: path.write_text(page, encoding="utf-8"))
        for name, write in drawn.items():
            folder.add(f"figures/{name}", write)
        names = list(folder.names)
        receipt = {
            "kind": kind,
            "question": question,
            "command": made.command,
            **told,
            "words": dict(words),
            "request": dict(asked),
            "started": made.started,
            "ended": manifest.now(),
            "threads": check_threads(made.threads),
            "runs": len(asked["worlds"]) * judged.replicates,
            "failed": len(judged.failed),
            "versions": {"python": platform.python_version()}
            | {name: manifest.installed(name) for name in manifest.LIBRARIES},
            "code": manifest.commit(),
            "evidence": manifest.evidence(),
            "machine": manifest.machine(),
            "figures_hash": manifest.figures_hash() if drawn else None,
            "files": [manifest.file_entry(folder, name, rows.get(name)) for name in names],
        }
        folder.publish(receipt)
    return [*names, MANIFEST]


def _add_table(folder: Folder, name: str, frame: "pd.DataFrame") -> None:
    import pyarrow as pa

    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata()
    folder.add(name, lambda path: write_table(table, path))
