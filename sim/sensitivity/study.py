"""A sensitivity analysis as a folder: the study with its runs in `study/`, and beside it what was found.

DIR/study/               the study: manifest, points, runs; linli study status, resume, verify work on it
DIR/indices.parquet      target, factor and index to a row; ranking.parquet: its small end, which factors are ranked by
DIR/profiles.parquet     means of targets where a leading factor is low or high
DIR/convergence.parquet, stopping.parquet, pairs.parquet
DIR/words.txt            the same in plain words
DIR/*.png                figures
DIR/manifest.json        the receipt: command, code, the hash of the runs and of every file above
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.sensitivity.analysis import Analysis, analyse
from sim.sensitivity.words import words
from sim.stored import MANIFEST
from sim.studies import runner
from sim.studies.receipts import keep_receipt, keep_table
from sim.studies.runner import How, Session, open_study
from sim.studies.sources import read_study
from sim.studies.store import read_store, write

KIND = "sensitivity"
STUDY = "study"
TABLES = ("indices", "ranking", "profiles", "pairs", "convergence", "stopping")
WORDS = "words.txt"


def holds_analysis(path: str | Path) -> bool:
    """Say whether a folder holds a sensitivity analysis."""
    return (Path(path) / STUDY / MANIFEST).is_file()


def start(source: str | Path | Mapping[str, Any], out: Path, how: How, changes: Mapping[str, Any]) -> Session:
    """Lay out a sensitivity study in `out` and make its runs.

    changes : keys of the study, such as {"sensitivity": {"n": 40}}, that take the place of the file's.

    Raises InputError where the study is wrong or has no `[sensitivity]`, or the folder holds something else.
    """
    if holds_analysis(out):
        raise InputError(f"{out} holds an analysis already; linli sensitivity {out} goes on with it.")
    study, _ = read_study(source, changes)
    if study.sensitivity is None:
        raise InputError(
            "the study has no [sensitivity]; add method and n there, or give --method sobol --n 256, for example."
        )
    return runner.start(source, out / STUDY, how, changes=changes)


def go_on(out: Path, how: How, n: int | None = None) -> Session:
    """Make the runs that are not there yet; with `n` let the sample grow first, keeping every run that is there."""
    path = out / STUDY
    if n is not None and n != read_store(path).manifest["design"]["steps"][-1]:
        return runner.extend(path, how, points=n)
    return runner.resume(path, how)


def analyse_folder(
    out: Path, *, command: str = "", figures: bool = False, missing: str | None = None, partial: bool = False
) -> Analysis:
    """Analyse the study in a folder and keep tables, words, figures where asked for, and the receipt beside it.

    missing : "error" or "drop", what is done where an outcome does not exist, in place of what the study says;
    partial : analyse what is there, by whole blocks of the sample.

    Raises InputError where runs are missing or failed, unless what is there was asked for.
    """
    from sim.figures.sensitivity import write_figures

    opened = open_study(read_store(out / STUDY))
    found = analyse(opened, missing=missing, partial=partial)
    (out / MANIFEST).unlink(missing_ok=True)
    for old in (*out.glob("*.png"), *(out / f"{name}.parquet" for name in TABLES)):
        old.unlink(missing_ok=True)
    kept = [name for name in TABLES if len(getattr(found, name))]
    for name in kept:
        keep_table(out / f"{name}.parquet", getattr(found, name))
    paragraphs = words(found, str(out))
    write(out / WORDS, lambda partial: partial.write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8"))
    drawn = write_figures(found, out) if figures else []
    told = {
        "question": opened.study.question,
        "seed": opened.study.seed,
        "n": found.n,
        "runs": found.runs,
        "runs_per_second": found.rate,
        "words": paragraphs,
    }
    if not found.coverage.is_all:
        told["coverage"] = found.coverage.as_data()
    names = [*(f"{name}.parquet" for name in kept), WORDS, *(path.name for path in drawn)]
    keep_receipt(out, KIND, command, told=told, studies={STUDY: out / STUDY}, names=names)
    return found


def run(
    source: str | Path | Mapping[str, Any], out: str | Path, *, threads: int | None = None, missing: str | None = None
) -> Analysis:
    """Run a sensitivity study into a new folder, or go on with the one there, and analyse it.

    missing : "error" or "drop", what is done where an outcome does not exist, in place of what the study says.

    Raises InputError where the study is wrong, and KeyboardInterrupt where it was stopped.
    """
    out = Path(out)
    how = How(threads=threads)
    session = go_on(out, how) if holds_analysis(out) else start(source, out, how, {})
    if session.stopped:
        raise KeyboardInterrupt
    return analyse_folder(out, missing=missing)
