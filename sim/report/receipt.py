"""The receipt of a result on its page: who made what with which code, and whether the files are still those."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.report.page import Cell, Section, Table
from sim.stored import Listed
from sim.tables import NOT_CLAIMED, counted

NOT_CLAIMED_SECTION = Section(
    "not-claimed",
    "What is not claimed",
    (
        NOT_CLAIMED.removeprefix("Not claimed: ").replace("what any", "Nothing here says what any", 1),
        "Several outcomes are looked at and nothing is corrected for that: of twenty 95 % intervals, one misses on "
        "average.",
    ),
)


def made_with(manifest: Mapping[str, Any], model: str, rows: Sequence[tuple[str, str]]) -> Table:
    """Return the table of what made a result: `rows`, then model, code, versions and machine."""
    code = manifest["code"]
    commit = "run from no checkout" if code is None else code["commit"] + (", with changes" if code["dirty"] else "")
    versions = ", ".join(f"{name} {version}" for name, version in manifest["versions"].items() if version)
    machine = manifest["machine"]
    evidence = manifest.get("evidence")  # results made before the facts became data have none
    told = (
        *rows,
        ("Model (hash of the code that decides the numbers)", model),
        *([("Evidence (hashes of the facts and of their roles)", ", ".join(evidence.values()))] if evidence else []),
        ("Code (commit)", commit),
        ("Versions", versions),
        ("Machine", f"{machine['cpu']}, {counted(machine['cores'], 'core')}, {machine['platform']}"),
    )
    return Table("receipt-made", "What made it", ("", ""), told)


def worlds_told(worlds: Sequence[Sequence[str]]) -> str:
    """Write scenarios with their places and the beginnings of their fingerprints."""
    return "; ".join(f"{label} @ {place} {fingerprint[:16]}" for label, place, fingerprint in worlds)


def file_table(folder: Path, files: Sequence[Mapping[str, Any]]) -> tuple[str, Table]:
    """Compare the files of a folder with their receipt; return the verdict in words and the table of the files.

    files : name, sha256 and, where they are known, bytes and rows.
    """
    kept = Listed.of(folder, files, lambda name: "restore it")
    states = [_STATES.get(kept.problem(file["name"]), "changed") for file in files]
    rows: list[tuple[Cell, ...]] = [
        (file["name"], _number(file.get("rows")), _number(file.get("bytes")), state, file["sha256"])
        for file, state in zip(files, states, strict=True)
    ]
    bad = [f"{file['name']} is {state}" for file, state in zip(files, states, strict=True) if state != "as written"]
    if bad:
        verdict = f"{counted(len(bad), 'file')} of {len(files)} are not as the receipt lists them: {'; '.join(bad)}."
    else:
        verdict = f"When this page was made, all {counted(len(files), 'file')} were as the receipt lists them."
    caption = f"The {counted(len(files), 'file')} with their SHA-256"
    return verdict, Table("receipt-files", caption, ("File", "Rows", "Bytes", "Now", "SHA-256"), tuple(rows), True)


_STATES = {"": "as written", "is missing": "missing"}


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"
