"""One HTML page for any folder of results: it needs no server and no network, and says what was asked and found.

from sim.report import write_report

write_report("results/compare")
"""

from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.report.page import GENERATOR, Page, rendered
from sim.store import MANIFEST, PARTIAL, REPORT, write_file
from sim.stored import bytes_of, manifest_of, page_bytes, reading

__all__ = ["page_of", "write_report"]


def write_report(results: str | Path, out: str | Path | None = None) -> Path:
    """Write the page of a folder of results and return its path, `report.html` in that folder unless `out` says more.

    Equal folders give equal pages. Raises InputError where the folder holds no result or one that was changed, or `out`
    is somebody's file or cannot be written.
    """
    folder = Path(results)
    path = folder / REPORT if out is None else Path(out)
    if path.is_dir():
        raise InputError(f"--out {path} is a folder; name a file, for example --out {path / REPORT}.")
    if path.exists() and GENERATOR not in (bytes_of(path) or b"")[:1000]:
        raise InputError(f"{path} is no report of linli and will not be overwritten; name another file with --out.")
    data = page_bytes(rendered(page_of(folder)))
    try:
        write_file(path, data)
    except InputError as error:
        elsewhere = "" if out is not None else " linli report --out FILE writes the page elsewhere."
        raise InputError(f"{error}{elsewhere}") from None
    return path


def page_of(folder: Path) -> Page:
    """Read a folder of results and return what its page says.

    Raises InputError where the folder holds no result, or one that was changed.
    """
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "is not there"
        raise InputError(
            f"{folder} {what}; name the folder of a result, the DIR of --out DIR, for example results/compare."
        )
    manifest = manifest_of(folder)
    if manifest is None:
        raise InputError(_no_result(folder))
    if manifest.get("kind") == "study":
        from sim.report.study import study_page

        return study_page(folder)
    with reading(folder, manifest):
        return _page_of(folder, manifest)


def _page_of(folder: Path, manifest: dict[str, Any]) -> Page:
    """Return the page of a result that is no study."""
    if manifest.get("kind") == "tipping":
        from sim.report.tipping import tipping_page

        return tipping_page(folder, manifest)
    if manifest.get("kind") == "sensitivity":
        from sim.report.sensitivity import sensitivity_page

        return sensitivity_page(folder, manifest)
    if manifest.get("kind") in ("ablation", "crossing"):
        from sim.report.analysis import analysis_page

        return analysis_page(folder, manifest)
    if "study" in manifest and "rows_sha256" in manifest:
        from sim.report.finding import finding_page

        return finding_page(folder, manifest)
    if "request" not in manifest:
        raise InputError(f"{folder / MANIFEST} is not the receipt of a run, a comparison or a study of linli.")
    from sim.report.comparison import comparison_page

    return comparison_page(folder, manifest)


def _no_result(folder: Path) -> str:
    """Say that a folder holds no result, and where there are some nearby."""
    if (folder / (MANIFEST + PARTIAL)).exists():
        return f"{folder} holds a result that was interrupted while it was written; the same command finishes it."
    near = sorted(path.parent for path in (*folder.glob(f"*/{MANIFEST}"), *folder.parent.glob(MANIFEST)))
    told = f"; there are results in {', '.join(map(str, near[:3]))}" if near else ""
    return (
        f"{folder} holds no {MANIFEST}, so it is no result of linli{told}. linli run, linli compare and linli study "
        "run make one with --out DIR."
    )
