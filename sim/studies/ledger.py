"""The manifest of a study: what was asked, which code ran, and which chunks count; sealed field by field.

The seals are no secret: they find what was changed by hand or by accident, and name the field.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sim.errors import InputError
from sim.studies.chunks import Block

MANIFEST = "manifest.json"
SCHEMA = 1
"""Raised when the layout of a study's folder changes."""


def seal(value: object) -> str:
    """Hash a value of the manifest (16 hexadecimal digits)."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def sealed_entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entry of a chunk with its seal."""
    plain = {key: value for key, value in entry.items() if key != "seal"}
    return plain | {"seal": seal(plain)}


def _seals(manifest: Mapping[str, Any]) -> dict[str, str]:
    seals = {key: seal(value) for key, value in manifest.items() if key not in ("chunks", "seals")}
    return seals | {"chunks": seal([[name, entry["seal"]] for name, entry in manifest["chunks"].items()])}


def written(manifest: Mapping[str, Any]) -> str:
    """Return the text of a manifest, with its seals: a field to a line, and a chunk to a line."""
    chunks = ",\n  ".join(f"{_text(name)}: {_text(entry)}" for name, entry in manifest["chunks"].items())
    fields = [f"{_text(key)}: {_text(value)}" for key, value in manifest.items() if key not in ("chunks", "seals")]
    fields += [f'"chunks": {{\n  {chunks}\n }}', f'"seals": {_text(_seals(manifest))}']
    return "{\n " + ",\n ".join(fields) + "\n}\n"


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def read(text: str, where: str) -> dict[str, Any]:
    """Read a manifest.

    Raises InputError, naming the field, where it is not as `written` wrote it.
    """
    changed = "was changed by hand, so nothing in this folder can be trusted; restore the file"
    try:
        manifest = json.loads(text)
    except (ValueError, RecursionError):
        raise InputError(f"{where}: is no JSON text; it {changed}.") from None
    if not isinstance(manifest, dict) or manifest.get("kind") != "study":
        raise InputError(f'{where}: kind is not "study": this folder holds no study, or the field {changed}.')
    field = _changed_field(manifest)
    if field is None and manifest.get("schema") != SCHEMA:
        raise InputError(f"{where}: schema = {manifest.get('schema')!r} is not the {SCHEMA} of this version of linli.")
    if field is None and text != written(manifest):
        field = "the layout of the file"
    if field is not None:
        raise InputError(f"{where}: {field} {changed}.")
    return manifest


def _changed_field(manifest: dict[str, Any]) -> str | None:
    seals, chunks = manifest.get("seals"), manifest.get("chunks")
    if not isinstance(seals, dict):
        return "seals"
    if not isinstance(chunks, dict):
        return "chunks"
    for name, entry in chunks.items():
        if not isinstance(entry, dict) or sealed_entry(entry) != entry:
            return f"chunks.{name}"
    found = _seals(manifest)
    return next((key for key in {**seals, **found} if seals.get(key) != found.get(key)), None)


def block_of(entry: Mapping[str, Any]) -> Block:
    """Return the block of a chunk."""
    return Block(*entry["points"], *entry["replicates"])
