"""On which line of a TOML text each key stands; `tomllib` itself keeps no lines."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

KeyPath = tuple[str | int, ...]
DEEPEST = 5
"""Longest key path looked at: ("step", 0, "street", "subsidy", "value")."""

STRING_OR_COMMENT = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|' r"'''.*?'{3,5}|" r'"(?:\\.|[^"\\\n])*"|' r"'[^'\n]*'|" r"\#[^\n]*", re.DOTALL
)
DOTTED = r"[A-Za-z0-9_-]+(?:[ \t]*\.[ \t]*[A-Za-z0-9_-]+)*"
HEADER = re.compile(rf"[ \t]*(\[\[?)[ \t]*({DOTTED})[ \t]*\]\]?[ \t]*$")
ASSIGNMENT = re.compile(rf"[ \t]*({DOTTED})[ \t]*=[ \t]*(.?)")


def key_lines(text: str, document: Mapping[str, Any]) -> dict[KeyPath, int]:
    """Find the line (from 1) on which each key of a valid TOML text begins.

    A quick scan finds them in files written the usual way. Where it does not find exactly the keys that
    `tomllib` found (quoted keys, inline tables over several lines) the slow and certain way is taken.

    Parameters
    ----------
    text : str
        The file, with Unix line ends.
    document : Mapping
        What `tomllib` made of it.
    """
    found, opaque = _scan(text)
    wanted = {path for path in key_paths(document) if not any(path[:n] in opaque for n in range(1, len(path)))}
    return found if found.keys() == wanted else _by_prefixes(text)


def key_paths(table: Mapping[str, Any], above: KeyPath = ()) -> Iterator[KeyPath]:
    """Walk every key of a document; the tables of an array are numbered from 0."""
    for key, value in table.items():
        path = (*above, key)
        yield path
        if isinstance(value, dict) and len(path) < DEEPEST:
            yield from key_paths(value, path)
        elif isinstance(value, list) and len(path) < DEEPEST:
            for number, item in enumerate(value):
                if isinstance(item, dict):
                    yield (*path, number)
                    yield from key_paths(item, (*path, number))


def _scan(text: str) -> tuple[dict[KeyPath, int], set[KeyPath]]:
    """Read headers and assignments line by line; also say which keys hold inline tables or arrays."""
    bare = STRING_OR_COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)
    found: dict[KeyPath, int] = {}
    opaque: set[KeyPath] = set()
    arrays: dict[KeyPath, int] = {}
    table: KeyPath = ()
    for number, line in enumerate(bare.split("\n"), 1):
        if header := HEADER.match(line):
            table = ()
            parts = _parts(header[2])
            for part in parts:
                table = (*table, part)
                found.setdefault(table, number)
                if header[1] == "[[" and len(parts) == 1:
                    arrays[table] = arrays.get(table, -1) + 1
                if table in arrays:
                    table = (*table, arrays[table])
                    found.setdefault(table, number)
        elif assignment := ASSIGNMENT.match(line):
            path = table
            for part in _parts(assignment[1]):
                path = (*path, part)
                found.setdefault(path, number)
            if assignment[2] in ("{", "["):
                opaque.add(path)
    return {path: number for path, number in found.items() if len(path) <= DEEPEST}, opaque


def _parts(dotted: str) -> list[str]:
    return [part.strip() for part in dotted.split(".")][: DEEPEST + 1]


def _by_prefixes(text: str) -> dict[KeyPath, int]:
    """Parse every prefix that ends a line; a key stands where the statement that brought it begins."""
    found: dict[KeyPath, int] = {}
    lines = text.split("\n")
    first = 1
    for last in range(1, len(lines) + 1):
        try:
            document = tomllib.loads("\n".join(lines[:last]))
        except ValueError:
            continue
        for path in key_paths(document):
            found.setdefault(path, first)
        first = last + 1
    return found
