"""What a file is that is not what was asked for, by its first bytes."""

import codecs

_BEGINNINGS = (
    (b"PK\x03\x04", "an Excel or LibreOffice workbook, or another zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"PAR1", "a Parquet table"),
    (b"ARROW1", "an Arrow table"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\x93NUMPY", "a numpy array"),
    (b"SQLite format 3", "an SQLite database"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x80\x04", "a pickle"),
    (b"\x80\x05", "a pickle"),
    (b"\x7fELF", "a program"),
)
_PAGES = (b"<!doctype html", b"<html")


def what_it_is(data: bytes) -> str:
    """Say what bytes are that hold no text of eight-bit characters, "" where they may be such text."""
    for beginning, name in _BEGINNINGS:
        if data.startswith(beginning):
            return name
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "text in UTF-16"
    if data.lstrip()[:20].lower().startswith(_PAGES):
        return "a page of HTML"
    return "a binary file" if b"\0" in data else ""
