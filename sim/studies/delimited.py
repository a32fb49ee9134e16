"""Tables as spreadsheets, statistics programs and people write them: which encoding, which separator, what is a row.

Decided here is how a text is parted into cells. What a cell means, its reader decides; `Cells.number` reads one.
"""

import codecs
import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sim.errors import InputError
from sim.scenarios.kinds_of_files import what_it_is
from sim.scenarios.reading import number
from sim.scenarios.values import shortened, written

_SEPARATORS = ("\t", ";", ",", "|", " ")
"""In this order: the first that parts the first line is meant. None of them stands in the name of a parameter."""
_SEP_LINE = re.compile(r'"?sep=([;,\t| ])"?', re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]*,[0-9]+(?:[eE][+-]?[0-9]+)?")
_DECIMAL_POINT = re.compile(r"[+-]?[0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?")
_MISSING = {"na", "n/a", "#n/a", "nan", "none", "null", "-", "?"}
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f]")
LARGEST = 200_000_000
"""Bytes of a file of points."""


@dataclass
class Cells:
    """Rows of a table, each with the line (from 1) on which it begins; blank lines and comments are left out."""

    name: str
    """As messages show it."""
    separator: str
    rows: list[tuple[int, list[str]]]
    _comma: str = field(default="", init=False)
    """Where a number with a decimal comma stands, and one with a decimal point."""
    _point: str = field(default="", init=False)

    def where(self, line: int) -> str:
        """Say file and line."""
        return f"{self.name}:{line}"

    def number(self, cell: str, line: int, what: str) -> int | float:
        """Read a number, with a decimal point or, where commas do not part the cells, with a decimal comma.

        what : what the cell is, for messages.

        Raises InputError, with the line, for anything else, and where a file has both.
        """
        where = self.where(line)
        if cell.lower() in _MISSING:
            right = "leave the cell empty if the scenario's own value is meant, or leave the row out"
            raise InputError(f"{where}: {what} = {written(cell)} is a missing value; {right}")
        if _DECIMAL_COMMA.fullmatch(cell):
            if self.separator == ",":
                right = "write numbers with a decimal point, or part the cells with semicolons"
                raise InputError(f"{where}: {what} = {written(cell)} has a comma, which parts the cells here; {right}")
            self._comma = self._comma or where
            cell = cell.replace(",", ".")
        elif _DECIMAL_POINT.fullmatch(cell):
            self._point = self._point or where
        if self._comma and self._point:
            other = self._point if self._point != where else self._comma
            right = "which of them parts thousands is not told; write all with a point"
            raise InputError(f"{where}: {what}: numbers have a comma here and a point in {other}, or both; {right}")
        found = number(cell)
        if isinstance(found, str):
            raise InputError(f"{where}: {what} = {written(cell)} is text, not a number")
        return found


def cells_of(data: bytes, name: str) -> Cells:
    """Part a table into rows and cells.

    Read are UTF-8, UTF-16, GB 18030 (GBK) and Latin-1; commas, semicolons, tabs, bars or blanks between cells, told by
    the first line or a line `sep=;` before it; lines that begin with # are comments.

    Raises InputError, with file and line, where it is no such table.
    """
    lines = _decoded(data, name).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = next((k for k, line in enumerate(lines) if line.strip() and not _is_comment(line)), None)
    if first is None:
        return Cells(name, ",", [])
    told = _SEP_LINE.fullmatch(lines[first].strip("\ufeff"))
    separator = told[1] if told else _separator(lines[first], name, first + 1)
    source = _Lines(lines, first + 1 if told else first)
    reader = csv.reader(source, delimiter=separator, skipinitialspace=separator == " ", strict=True)
    return Cells(name, separator, list(_rows(reader, source, name)))


class _Lines:
    """The lines of a text for the reader, which remembers where the present row began."""

    def __init__(self, lines: list[str], first: int) -> None:
        self._lines = iter(enumerate(lines[first:], first + 1))
        self.row = first + 1
        self.between = True

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        for at, line in self._lines:
            if self.between:
                if _is_comment(line) or not line.strip(" "):
                    continue
                self.between, self.row = False, at
            return line + "\n"
        raise StopIteration


def _rows(reader: Iterable[list[str]], source: _Lines, name: str) -> Iterator[tuple[int, list[str]]]:
    try:
        for cells in reader:
            yield source.row, [cell.strip() for cell in cells]
            source.between = True
    except csv.Error as error:
        raise InputError(f"{name}:{source.row}: is no CSV text: {shortened(str(error))}") from None


def _is_comment(line: str) -> bool:
    return line.lstrip(' \t"')[:1] == "#"


def _separator(line: str, name: str, number: int) -> str:
    for separator in _SEPARATORS:
        try:
            cells = next(csv.reader([line], delimiter=separator, skipinitialspace=separator == " "), [])
        except csv.Error as error:
            raise InputError(f"{name}:{number}: is no CSV text: {shortened(str(error))}") from None
        if len(cells) > 1:
            return separator
    return ","


def _decoded(data: bytes, name: str) -> str:
    """Return the text; only names and comments differ between the encodings of eight bits."""
    wide = _wide(data)
    what = "" if wide else what_it_is(data)
    if what:
        raise InputError(f"{name}: this is {what}; save it as CSV text")
    text = ""
    for encoding in (wide,) if wide else ("utf-8-sig", "gb18030", "latin-1"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError as error:
            if wide:
                raise InputError(f"{name}: is no text in UTF-16: {error.reason}; save it as UTF-8") from None
    odd = _NO_TEXT.search(text)
    if odd:
        line = text.count("\n", 0, odd.start()) + 1
        raise InputError(f"{name}:{line}: character {ord(odd[0]):#04x} stands in no text; save it as CSV text in UTF-8")
    return text.removeprefix("\ufeff").rstrip("\x1a")


def _wide(data: bytes) -> str:
    """Return the encoding of text in characters of 16 bits, "" for any other."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = data[:1000] if len(data) >= 4 and len(data) % 2 == 0 else b""
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = start[first::2], start[1 - first :: 2]
        if zeros and not any(zeros) and others and all(others):
            return encoding
    return ""
