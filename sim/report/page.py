"""What a page is made of, and how it becomes HTML: one file, with its figures inside."""

import base64
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from sim.stored import Listed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

GENERATOR = b'<meta name="generator" content="linli report">'
"""By which a file is known to be a page of ours."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a table: the value as the files hold it, and how it is shown."""

    value: float
    text: str


Cell = Sequence[Number | str] | str
"""What stands in a cell of a table: text, or numbers with text between them."""


@dataclass(frozen=True)
class Table:
    """A table: the first column names the row; `folded` hides it until it is asked for."""

    name: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    folded: bool = False


@dataclass(frozen=True)
class Picture:
    """A figure as PNG: `alt` says in words what it shows, `width` is in pixels at the size it was drawn for."""

    name: str
    png: bytes
    width: int
    height: int
    alt: str

    @property
    def address(self) -> str:
        """Return the picture itself as an address."""
        return f"data:image/png;base64,{base64.b64encode(self.png).decode()}"


@dataclass(frozen=True)
class Section:
    """A part of the page: paragraphs and lists of words, then commands, tables and pictures."""

    name: str
    title: str
    words: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class Page:
    """A page: the question above all, one line that says what was run, then the sections."""

    question: str
    line: str
    sections: tuple[Section, ...]


def rendered(page: Page) -> str:
    """Return the page as HTML."""
    environment = Environment(
        loader=PackageLoader("sim.report", ""), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.tests["number"] = lambda part: isinstance(part, Number)
    text, _, _ = PackageLoader("sim.report", "").get_source(environment, "page.css")
    style = f"\n{text}"
    return environment.get_template("page.html.jinja").render(page=page, style=style, policy=policy(style))


def policy(style: str) -> str:
    """Return the content-security policy of a page: pictures it holds itself, this style sheet, and nothing else.

    No script runs, nothing is loaded or sent, whatever a label or a text of a result holds.
    """
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def picture_of(kept: Listed, name: str) -> Picture:
    """Return a figure that was kept, with the description its file carries.

    Raises InputError where the file is not as it was written.
    """
    return _picture(PurePosixPath(name).stem, kept.data(name))


def drawn_picture(figure: "Figure", name: str) -> Picture:
    """Return a figure that was just drawn."""
    from sim.figures.style import save

    file = io.BytesIO()
    save(figure, file, "png")
    return _picture(name, file.getvalue())


def _picture(name: str, png: bytes) -> Picture:
    from PIL import Image

    with Image.open(io.BytesIO(png)) as image:
        alt = str(image.info.get("Description", name.replace("_", " ")))
        return Picture(name, png, *image.size, alt)
