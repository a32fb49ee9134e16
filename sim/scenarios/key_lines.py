"""On which line of a TOML text each key stands; `tomllib` itself keeps no lines.

The text is valid, so that it is enough to walk its tokens once.
"""

import re
import tomllib
from collections.abc import Iterator

KeyPath = tuple[str | int, ...]
DEEPEST = 5
"""Longest key path looked at: ("step", 0, "street", "subsidy", "value")."""
MOST_PARTS = 40
"""Parts of a dotted key; `tomllib` takes quadratic time for them, and files of ours need three."""

_KEY = r"""[A-Za-z0-9_-]++|"(?:\\.|[^"\\\n])*+"|'[^'\n]*+'"""
_LONG = re.compile(rf"^[ \t]*+\[{{0,2}}+[ \t]*+(?:(?:{_KEY})[ \t]*+\.[ \t]*+){{{MOST_PARTS}}}", re.MULTILINE)
_TOKEN = re.compile(
    r'(?P<long>"""(?:\\.|[^\\])*?"{3,5}|' r"'''.*?'{3,5})|" rf"(?P<key>{_KEY})|" r"(?P<comment>\#[^\n]*+)|"
    r"(?P<blank>[ \t\r]++)|(?P<mark>[\n.=,\[\]{}])|(?P<other>.)",
    re.DOTALL,
)  # fmt: skip


def long_key(text: str) -> int | None:
    """Return the line of the first dotted key or header of more than `MOST_PARTS` parts, None if there is none."""
    found = _LONG.search(text)
    return None if found is None else text.count("\n", 0, found.end()) + 1


def key_lines(text: str) -> dict[KeyPath, int]:
    """Find the line (from 1) on which each key and each item of an array in a valid TOML text begins.

    text : the file, with Unix line ends. The tables of an array are numbered from 0.
    """
    return _Walk(text).found


class _Walk:
    """A walk over the tokens of a text, which writes down where keys stand."""

    def __init__(self, text: str) -> None:
        self.found: dict[KeyPath, int] = {}
        self._arrays: dict[KeyPath, int] = {}
        self._tokens = _tokens(text)
        self._next, self._line = next(self._tokens)
        self._statements()

    def _take(self) -> str:
        taken = self._next
        self._next, self._line = next(self._tokens)
        return taken

    def _skip(self, mark: str) -> bool:
        if self._next == mark:
            self._take()
            return True
        return False

    def _note(self, path: KeyPath, line: int) -> None:
        if len(path) <= DEEPEST:
            self.found.setdefault(path, line)

    def _statements(self) -> None:
        table: KeyPath = ()
        while self._next:
            if self._skip("\n"):
                continue
            if self._skip("["):
                table = self._header(several=self._skip("["))
            else:
                self._assignment(table)
            while self._next not in ("", "\n"):
                self._take()

    def _header(self, several: bool) -> KeyPath:
        line = self._line
        table: KeyPath = ()
        parts = self._dotted()
        for number, part in enumerate(parts, 1):
            table = (*table, part)
            self._note(table, line)
            if several and number == len(parts):
                self._arrays[table] = self._arrays.get(table, -1) + 1
            if table in self._arrays:
                table = (*table, self._arrays[table])
                self._note(table, line)
        return table

    def _assignment(self, table: KeyPath) -> None:
        line, path = self._line, table
        for part in self._dotted():
            path = (*path, part)
            self._note(path, line)
        self._skip("=")
        self._value(path)

    def _dotted(self) -> list[str]:
        parts = [_name(self._take())]
        while self._skip("."):
            parts.append(_name(self._take()))
        return parts[: DEEPEST + 1]

    def _value(self, path: KeyPath) -> None:
        if len(path) > DEEPEST:
            self._pass_over()
        elif self._skip("["):
            number = 0
            while self._next not in ("", "]"):
                if self._next in (",", "\n"):
                    self._take()
                    continue
                self._note((*path, number), self._line)
                self._value((*path, number))
                number += 1
            self._take()
        elif self._skip("{"):
            while self._next not in ("", "}"):
                if self._next in (",", "\n"):
                    self._take()
                else:
                    self._assignment(path)
            self._take()
        else:
            self._pass_over()

    def _pass_over(self) -> None:
        """Go to the end of a value, whatever it holds."""
        depth = 0
        while self._next and (depth or self._next not in (",", "]", "}", "\n")):
            taken = self._take()
            depth += (taken in ("[", "{")) - (taken in ("]", "}"))


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    """Walk what is neither blank nor comment, with its line; "" without end at the end."""
    line = 1
    for match in _TOKEN.finditer(text):
        if match.lastgroup not in ("blank", "comment"):
            yield match[0], line
        line += match[0].count("\n")
    while True:
        yield "", line


def _name(token: str) -> str:
    """Return what a key is called."""
    if token[:1] == "'":
        return token[1:-1]
    if token[:1] == '"':
        return token[1:-1] if "\\" not in token else str(tomllib.loads(f"key = {token}")["key"])
    return token
