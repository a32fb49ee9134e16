"""Read one scenario file from disk, remembering its name, its hash and its lines."""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.scenarios.key_lines import MOST_PARTS, KeyPath, key_lines, long_key
from sim.scenarios.kinds_of_files import what_it_is
from sim.scenarios.values import shortened

FOLDERS = {
    "form": "forms", "programme": "programmes", "place": "places", "model": "models", "rival": "rivals",
    "failure": "failures", "rollout": ".",
}  # fmt: skip
"""Folder of each kind of scenario."""

_BEGINNINGS = {
    "scenario": 'schema = 1, kind = "form", title = "..."',
    "study": 'question = "...", scenarios = ["market"]',
    "table of facts": 'schema = 1, order = 1, title = "...", about = "...", then [[fact]]',
}

LARGEST = 64_000
"""Bytes; a scenario is a few thousand."""


@dataclass(frozen=True)
class ScenarioText:
    """One file as it was read."""

    name: str
    """As messages show it: `scenarios/forms/x.toml`, or the path its user gave."""
    path: Path
    sha256: str
    text: str
    document: Mapping[str, Any]

    @cached_property
    def _lines(self) -> dict[KeyPath, int]:
        return key_lines(self.text)

    def where(self, *keys: str | int) -> str:
        """Say file and line of a key, or of the nearest table around it that the file has."""
        while keys and keys not in self._lines:
            keys = keys[:-1]
        return f"{self.name}:{self._lines[keys]}" if keys else self.name


class TextOfKeys(ScenarioText):
    """A file nobody wrote, made of keys that were given one by one: it has no lines that could be looked up."""

    def where(self, *keys: str | int) -> str:
        """Say under which key."""
        return f"{self.name}, {'.'.join(map(str, keys))}" if keys else self.name


def data_folder() -> Path:
    """Find the shipped scenarios, beside the packages in a checkout and in an installed wheel.

    Raises
    ------
    InputError
        If the installation lacks them.
    """
    beside = Path(__file__).parents[2]
    for folder in (beside / "linli_scenarios", beside / "scenarios"):
        if (folder / "forms").is_dir():
            return folder
    raise InputError(f"no scenarios are installed: expected a folder 'linli_scenarios' or 'scenarios' in {beside}")


def read_text(path: Path, name: str, sort: str = "scenario") -> ScenarioText:
    """Read and parse a file.

    Parameters
    ----------
    path : Path
        Where it is.
    name : str
        How to call it in messages.
    sort : str
        What it should be, in a word.

    Raises
    ------
    InputError
        If it cannot be read, is not text, or is not TOML.
    """
    data = _read_bytes(path, name, sort)
    what = what_it_is(data)
    if what:
        raise InputError(f"{name}: this is {what}; a {sort} is TOML text in UTF-8")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        message = f"{name}:{number}: byte {data[error.start]:#04x} is not UTF-8; save the file as UTF-8 text"
        raise InputError(message) from None
    line = long_key(text)
    if line is not None:
        raise InputError(f"{name}:{line}: this key has more than {MOST_PARTS} parts; a {sort} needs three at most")
    try:
        document = tomllib.loads(text)
    except RecursionError:
        raise InputError(f"{name}: brackets are nested too deeply; a {sort} needs no nested arrays") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{name}: not valid TOML: {shortened(str(error), 200)}") from None
    except ValueError:
        raise InputError(f"{name}:{_longest_number(text)}: this number has too many digits; 17 are enough") from None
    if not document:
        raise InputError(f"{name}: the file is empty; a {sort} begins with {_BEGINNINGS[sort]}")
    return ScenarioText(name, path, hashlib.sha256(data).hexdigest(), text, document)


def _longest_number(text: str) -> int:
    """Return the line of the longest row of digits."""
    longest = max(re.finditer(r"[0-9_]+", text), key=lambda match: len(match[0]))
    return text.count("\n", 0, longest.start()) + 1


def _read_bytes(path: Path, name: str, sort: str) -> bytes:
    try:
        if path.is_dir():
            raise InputError(f"{name}: this is a folder; name one .toml file in it")
        if not path.is_file():
            raise InputError(f"{name}: this is not an ordinary file")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{name}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(data) > LARGEST:
        raise InputError(f"{name}: more than {LARGEST} bytes; a {sort} has a few thousand, so this is some other file")
    return data
