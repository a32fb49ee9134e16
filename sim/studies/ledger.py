"""The manifest of a study: what was asked, which code ran, and which chunks count; sealed field by field.

The seals are no secret: they find what was changed by hand or by accident, and name the field.
"""

import json
from collections.abc import Mapping
from typing import Any

from sim.errors import InputError
from sim.stored import CHANGED, MANIFEST, changed_field, parsed, seal, seals_of
from sim.studies.chunks import Block

__all__ = ["MANIFEST", "SCHEMA", "block_of", "read", "seal", "sealed_entry", "written"]

SCHEMA = 1
"""Raised when the layout of a study's folder changes."""


def sealed_entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entry of a chunk with its seal."""
    plain = {key: value for key, value in entry.items() if key != "seal"}
    return plain | {"seal": seal(plain)}


def written(manifest: Mapping[str, Any]) -> str:
    """Return the text of a manifest, with its seals: a field to a line, and a chunk to a line."""
    chunks = ",\n  ".join(f"{_text(name)}: {_text(entry)}" for name, entry in manifest["chunks"].items())
    fields = [f"{_text(key)}: {_text(value)}" for key, value in manifest.items() if key not in ("chunks", "seals")]
    fields += [f'"chunks": {{\n  {chunks}\n }}', f'"seals": {_text(seals_of(manifest))}']
    return "{\n " + ",\n ".join(fields) + "\n}\n"


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def read(data: bytes, where: str) -> dict[str, Any]:
    """Read a manifest.

    Raises InputError, naming the field, where it is not as `written` wrote it.
    """
    manifest = parsed(data, where)
    if manifest.get("kind") != "study":
        raise InputError(f'{where}: kind is not "study": this folder holds no study, or the field {CHANGED}.')
    field = _changed_chunk(manifest) or changed_field(manifest)
    if field is None and manifest.get("schema") != SCHEMA:
        raise InputError(f"{where}: schema = {manifest.get('schema')!r} is not the {SCHEMA} of this version of linli.")
    if field is None and data != written(manifest).encode():
        field = "the layout of the file"
    if field is not None:
        raise InputError(f"{where}: {field} {CHANGED}.")
    return manifest


def _changed_chunk(manifest: Mapping[str, Any]) -> str | None:
    chunks = manifest.get("chunks")
    if not isinstance(chunks, dict):
        return "chunks"
    for name, entry in chunks.items():
        if not isinstance(entry, dict) or not _is_sealed(entry):
            return f"chunks.{name}"
    return None


def _is_sealed(entry: Mapping[str, Any]) -> bool:
    try:
        return sealed_entry(entry) == entry
    except (ValueError, RecursionError):
        return False


def block_of(entry: Mapping[str, Any]) -> Block:
    """Return the block of a chunk."""
    return Block(*entry["points"], *entry["replicates"])
