"""The figures of the documents: each shows this version of the model, and a file beside them says so."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from sim.manifest import model_hash


def _payment(folder: Path) -> None:
    """Draw what the screen that opens README.md shows."""
    from sim import figures
    from sim.odd.findings import trapped

    figures.save(figures.draw(trapped(), "payment"), folder / "payment.png", "png")


def _failures(folder: Path) -> None:
    """Draw all ways to fail."""
    from sim.figures import failures

    failures.main(folder)


PICTURES: Mapping[str, Callable[[Path], None]] = MappingProxyType({"payment": _payment, "failures": _failures})
"""Name of a figure in docs/figures, and what draws it there."""


def stale(folder: Path) -> list[str]:
    """Return the figures of a folder, where there is one, that show another version of the model."""
    if not folder.is_dir():
        return []
    return [name for name in PICTURES if _read(folder / "made.json").get(name) != model_hash()]


def draw(name: str, folder: Path) -> None:
    """Draw a figure, and note the model that it shows in `made.json` beside it."""
    PICTURES[name](folder)
    made = _read(folder / "made.json") | {name: model_hash()}
    (folder / "made.json").write_text(json.dumps(made, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _read(path: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found
