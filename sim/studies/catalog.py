"""The studies that come with linli."""

from pathlib import Path

from sim.scenarios import files
from sim.scenarios.files import read_text

FOLDER = "studies"


def names() -> list[str]:
    """Name the shipped studies, sorted."""
    return sorted(path.stem for path in (files.data_folder() / FOLDER).glob("*.toml"))


def shipped() -> list[tuple[str, str]]:
    """List name and question of the shipped studies."""
    return [(name, str(read_text(*shipped_file(name), sort="study").document["question"])) for name in names()]


def shipped_file(name: str) -> tuple[Path, str]:
    """Return the path of a shipped study and how to call it."""
    return files.data_folder() / FOLDER / f"{name}.toml", f"scenarios/{FOLDER}/{name}.toml"
