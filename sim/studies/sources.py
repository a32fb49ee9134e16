"""Where a study comes from: a file by path, a shipped one by name, or the same keys as a Python mapping."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.scenarios import files
from sim.scenarios.files import read_text
from sim.scenarios.values import did_you_mean, shortened, written
from sim.studies.catalog import names, shipped_file
from sim.studies.schema import Study, check_study


def read_study(
    source: str | Path | Mapping[str, Any], changes: Mapping[str, Any] | None = None
) -> tuple[Study, bytes]:
    """Return a study and the bytes of its file.

    changes : keys that take the place of those of the file; tables are joined key by key, None takes a key
    away.

    Raises InputError where there is none or it is wrong.
    """
    base, shown = Path(), "the study"
    if changes:
        if not isinstance(source, Mapping):
            _, read = _find(str(source))
            source, base, shown = read.text.document, read.folder, f"{read.text.name} with the options given"
        joined = {**source, **{key: _joined(source.get(key), value) for key, value in changes.items()}}
        source = {key: value for key, value in joined.items() if value is not None}
    if isinstance(source, Mapping):
        import tempfile

        text = toml(source).encode("utf-8", "replace")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "study.toml"
            path.write_bytes(text)
            return study_data(path, shown, base=base), text
    path, study = _find(str(source))
    return study, path.read_bytes()


def _joined(old: Any, new: Any) -> Any:
    return {**old, **new} if isinstance(old, Mapping) and isinstance(new, Mapping) else new


def _find(source: str) -> tuple[Path, Study]:
    if source.endswith(".toml"):
        path = Path(source)
        if "\0" in source or not path.exists():
            raise InputError(
                f"there is no file {shortened(source, 300)}; the shipped studies are: {', '.join(names())}"
            )
        return path, study_data(path, path.as_posix())
    if source not in names():
        raise InputError(f"no study is called {written(source)}{did_you_mean(source, names())}")
    path, shown = shipped_file(source)
    return path, study_data(path, shown)


def study_data(path: Path, shown: str, base: Path | None = None) -> Study:
    """Read and check a study file; `base` is the folder that its other files lie in, its own by default."""
    text = read_text(path, shown, sort="study")
    if base is not None:
        text = files.TextOfKeys(text.name, base / "study.toml", text.sha256, text.text, text.document)
    return check_study(text)


def toml(value: Mapping[str, Any]) -> str:
    """Write a study given as a mapping as TOML.

    Raises InputError for what TOML cannot hold.
    """
    return "".join(f"{_quoted(key)} = {_value(item, str(key))}\n" for key, item in value.items())


def _quoted(text: object) -> str:
    if not isinstance(text, str):
        raise InputError(f"the study: {text!r} is no key; keys are text")
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any, key: str) -> str:
    if hasattr(value, "tolist"):  # of numpy
        value = value.tolist()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_quoted(name)} = {_value(item, key)}" for name, item in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(item, key) for item in value) + "]"
    raise InputError(f"the study: {key} holds {value!r}, which a study file cannot")
