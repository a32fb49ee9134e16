"""A tipping analysis that is ready: its tables, figures and words, in a folder beside the studies they come from."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import InputError
from sim.figures.tipping import FIGURES, About, draw
from sim.stored import MANIFEST, manifest_of, reading
from sim.studies.receipts import keep_receipt, keep_table, listed_of
from sim.studies.store import write
from sim.tipping import measure, summary
from sim.tipping.layout import FOLDER, STUDIES
from sim.tipping.request import Request

if TYPE_CHECKING:
    import pandas as pd

KIND = "tipping"
WORDS = "words.md"


@dataclass(frozen=True)
class Tipping:
    """What was found: a table per analysis, a paragraph per analysis, and what figures need to know beyond them."""

    tables: "Mapping[str, pd.DataFrame]"
    words: Mapping[str, str]
    about: About


def analyse(request: Request, out: Path) -> Tipping:
    """Work out tables and words from the studies in a folder."""
    runs = measure.Runs.read(out)
    tables = {
        "phase": measure.phase(request, runs),
        "fold": measure.fold(request),
        "loop": measure.loop(request, runs),
        "mean_field": measure.mean_field(request),
        "support": measure.support(request, runs),
        "memory": measure.memory(request, runs),
    }
    rows = summary.outcomes(request, runs)
    words = summary.words(request, tables, rows)
    return Tipping(tables | {"stability": summary.table(rows)}, words, about(request))


def about(request: Request) -> About:
    """Return what figures need to know beyond the tables."""
    return About(
        where=f"{request.world.label} in {request.world.place}",
        across=request.across.label,
        up=request.up.label,
        ramp=request.ramp.label,
        support=", ".join(f"{path} = {value:g}" for path, value in request.support.items()),
        threshold=request.threshold,
        months=request.months,
        replicates=request.replicates,
        seed=request.seed,
    )


def keep(found: Tipping, out: Path, *, command: str, figures: bool) -> list[str]:
    """Write tables, words, figures and, as the last, the receipt; return the names of the files."""
    from sim.figures import save

    names = [f"{name}.parquet" for name in found.tables]
    for name, frame in found.tables.items():
        keep_table(out / f"{name}.parquet", frame)
    text = "".join(f"## {title}\n\n{paragraph}\n\n" for title, paragraph in found.words.items())
    names.append(WORDS)
    write(out / WORDS, lambda path: path.write_text(text, encoding="utf-8"))
    for name in FIGURES if figures else ():
        figure = draw(found.tables, found.about, name)
        for kind in ("png", "svg"):
            names.append(f"figures/{name}.{kind}")
            write(out / names[-1], partial(save, figure, kind=kind))
    told = {"about": asdict(found.about), "words": dict(found.words)}
    studies = {name: out / FOLDER / name for name in STUDIES}
    keep_receipt(out, KIND, command, told=told, studies=studies, names=names)
    return names


def open_tipping(path: str | Path) -> Tipping:
    """Open the folder of a tipping analysis.

    Raises InputError where there is none, or a file is not as its manifest lists it.
    """
    folder = Path(path)
    told = manifest_of(folder)
    if told is None or told.get("kind") != KIND:
        raise InputError(f"{folder} holds no finished tipping analysis; linli tipping --out {folder} makes one.")
    with reading(folder, told):
        kept = listed_of(folder, told, f"linli tipping --out {folder}")
        tables = {name: kept.frame(f"{name}.parquet") for name in measure.TABLES}
        return Tipping(tables, told["words"], About(**told["about"]))


def check_folder(out: Path, request: Request) -> None:
    """Raise InputError unless a folder is new or holds this tipping analysis, finished or begun.

    Of a folder whose runs are there these are compared, in `layout.make`; of one that only tables are left of, what its
    receipt tells.
    """
    from sim.store import PARTIAL, REPORT

    if out.exists() and not out.is_dir():
        raise InputError(f"--out {out}: is a file; name a folder, for example --out results/mine.")
    told = manifest_of(out)
    if told is not None and told.get("kind") != KIND:
        raise InputError(f"{out} holds another result; name another folder with --out.")
    if told is not None and not (out / FOLDER).exists():
        with reading(out, told):
            differ = [key for key, value in asdict(about(request)).items() if told["about"].get(key) != value]
        if differ:
            what = f"{differ[0]} there is {told['about'].get(differ[0])!r}"
            raise InputError(f"{out} holds the analysis of another question ({what}); name another folder with --out.")
    begun = (*(f"{name}.parquet" for name in measure.TABLES), FOLDER, WORDS, "figures", MANIFEST, REPORT)
    held = [entry.name for entry in out.iterdir() if not entry.name.endswith(PARTIAL)] if out.exists() else []
    foreign = sorted(name for name in held if name not in begun)
    if foreign:
        shown = ", ".join(foreign[:3])
        raise InputError(f"{out} is not empty (it holds {shown}); name another folder with --out.")
