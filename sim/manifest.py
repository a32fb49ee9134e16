"""The receipt of a result: what was asked, which worlds that meant, which code ran, where, and what came out."""

import hashlib
import os
import platform
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sim import store
from sim.errors import InputError
from sim.explanation import world_as_data
from sim.facts import evidence_hash, split_hash
from sim.scenarios import World

SCHEMA = 3
"""Raised when the layout of manifest or data files changes."""

LIBRARIES = ("linli", "numpy", "scipy", "numba", "llvmlite", "mesa", "networkx", "pandas", "pyarrow", "matplotlib")

_HERE = Path(__file__).parent
_APART = frozenset({
    "__init__.py", "analysis", "cli", "dock.py", "errors.py", "explanation.py", "facts", "figures", "manifest.py",
    "odd", "readiness.py", "reasons.py", "report", "selection.py", "sensitivity", "stability.py", "store.py",
    "stored.py", "studies", "tables.py", "tipping",
})  # fmt: skip
"""What asks for results, keeps, shows or analyses them; all else in this package decides their numbers."""
_OF_STUDIES = ("compute.py", "settling.py", "worlds.py")
"""What decides the numbers of a study beside that."""


def hash_of(sources: Iterable[Path]) -> str:
    """Hash Python files, or folders of them with all that lies below (sha256, 16 hexadecimal digits)."""
    digest = hashlib.sha256()
    for source in sources:
        below = sorted(source.rglob("*.py")) if source.is_dir() else [source]
        for path in below:
            digest.update(path.relative_to(source.parent).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def model_sources() -> list[Path]:
    """Return the files and folders whose code decides a result's numbers."""
    ours = (path for path in sorted(_HERE.iterdir()) if path.suffix == ".py" or (path / "__init__.py").exists())
    chosen = [path for path in ours if path.name not in _APART]
    return [_HERE.parent / "agents", *chosen, *(_HERE / "studies" / name for name in _OF_STUDIES)]


def model_hash() -> str:
    """Hash all code that decides a result's numbers.

    The versions of Python, numpy and the compiler stand beside it in a manifest: whether they give the same bits, runs
    made again say.
    """
    return hash_of(model_sources())


def figures_hash() -> str:
    """Hash the code that draws the figures, with matplotlib's version."""
    return f"{hash_of([_HERE / 'figures'])} {installed('matplotlib')}"


def installed(distribution: str) -> str | None:
    """Return the version of a distribution without importing it, None if it is not installed."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def versions() -> dict[str, str | None]:
    """Return the versions of Python and of the libraries, None for one that is not installed."""
    return {"python": platform.python_version(), **{name: installed(name) for name in LIBRARIES}}


def commit() -> dict[str, Any] | None:
    """Return commit and dirty flag of the checkout this code runs from, None if it runs from no checkout."""
    root = _HERE.parent
    told = _git(root, "rev-parse", "--show-toplevel", "HEAD")
    if told is None or len(told) != 2 or Path(told[0]).resolve() != root.resolve():
        return None
    changed = _git(root, "status", "--porcelain", "--", "agents", "sim", "scenarios", "pyproject.toml")
    return {"commit": told[1], "dirty": changed != []}


def _git(root: Path, *arguments: str) -> list[str] | None:
    """Return what git prints, line by line, None where git is missing or unwilling."""
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    command = ["git", "-C", str(root), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, env=environment)
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    return done.stdout.splitlines() if done.returncode == 0 else None


def evidence() -> dict[str, str]:
    """Hash the facts that numbers lean on, and the split that says which of them may be fitted or tested."""
    return {"facts": evidence_hash(), "split": split_hash()}


def machine() -> dict[str, Any]:
    """Say on what the runs were made; no name of host or user."""
    return {"cpu": _cpu(), "cores": os.cpu_count(), "platform": platform.platform()}


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def now() -> str:
    """Return the time, UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def request(
    worlds: Sequence[World], *, seed: int, months: int, replicates: int, engine: str, cases: bool = False
) -> dict[str, Any]:
    """Return what decides a result's numbers: equal requests give equal data files."""
    return {
        "schema": SCHEMA,
        "model_hash": model_hash(),
        "worlds": [[world.label, world.place, world.fingerprint()] for world in worlds],
        "seed": seed,
        "months": months,
        "replicates": replicates,
        "engine": engine,
        "cases": cases,
    }


def file_entry(folder: store.Folder, name: str, rows: int | None = None) -> dict[str, Any]:
    """Return name, size, SHA-256 and, of a table, the number of rows of a file about to be published."""
    path = folder.path / (name + store.PARTIAL)
    entry = {"name": name, "bytes": path.stat().st_size, "sha256": store.sha256(path)}
    return entry if rows is None else entry | {"rows": rows}


def compose(
    asked: Mapping[str, Any],
    *,
    command: str,
    question: str,
    worlds: Sequence[World],
    started: str,
    threads: int,
    n_failed: int,
    files: Sequence[Mapping[str, Any]],
    drawn: bool,
) -> dict[str, Any]:
    """Return the manifest of a result that is ready; `asked` is its `request`."""
    return {
        "question": question,
        "command": command,
        "request": dict(asked),
        "started": started,
        "ended": now(),
        "threads": threads,
        "runs": asked["replicates"] * len(worlds),
        "failed": n_failed,
        "versions": versions(),
        "code": commit(),
        "evidence": evidence(),
        "machine": machine(),
        "figures_hash": figures_hash() if drawn else None,
        "files": [dict(file) for file in files],
        "scenarios": [world_as_data(world) for world in worlds],
    }


def is_unchanged(folder: Path, asked: Mapping[str, Any], *, drawn: bool) -> bool:
    """Say whether a folder holds the finished result of this request, whole, with up-to-date figures if wanted."""
    try:
        manifest = store.manifest_of(folder)
        if manifest is None or manifest.get("request") != asked or manifest.get("failed") != 0:
            return False
        if drawn and manifest.get("figures_hash") != figures_hash():
            return False
        kept = store.listed_of(folder, manifest)
        return not any(kept.problem(file["name"]) for file in manifest["files"])
    except (InputError, KeyError, TypeError):
        return False
