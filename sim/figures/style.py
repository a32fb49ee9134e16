"""The house style of figures, and how they become files: equal figures give equal bytes."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999")
"""Okabe and Ito (2008), told apart by the colour-blind; their yellow, hard to see on white, is left out."""

GREY = "#D9D9D9"
"""For the part that is nobody's success."""

DASHES: tuple[Any, ...] = ("-", (0, (6, 1.5)), (0, (2, 1)))
"""Lines differ in pattern too, for print without colour; 3 patterns on 8 colours repeat after 24 scenarios."""

CHINESE = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei", "Microsoft YaHei", "PingFang SC", "SimHei")
"""Fonts for scenarios with Chinese names, where one is installed."""

STYLE: dict[str, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": "#555555",
    "axes.grid": True,
    "axes.labelsize": 8.5,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "figure.dpi": 150,
    "figure.titlesize": 12,
    "font.size": 9,
    "grid.color": "#E4E4E4",
    "grid.linewidth": 0.7,
    "legend.fontsize": 9,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "savefig.dpi": 150,
    "svg.hashsalt": "linli",
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
}


def look(position: int) -> dict[str, Any]:
    """Return colour and dashes of the scenario at this position."""
    return {"color": COLOURS[position % len(COLOURS)], "linestyle": DASHES[position % len(DASHES)]}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw and save in the house style; the style of the caller's own figures is left as it is."""
    import matplotlib
    from matplotlib.font_manager import fontManager

    known = set(fontManager.get_font_names())
    fonts = ["DejaVu Sans", *(font for font in CHINESE if font in known)]
    plain = {key: value for key, value in matplotlib.rcParamsDefault.items() if "backend" not in key}
    settings: dict[Any, Any] = {**plain, **STYLE, "font.sans-serif": fonts}
    with matplotlib.rc_context(settings), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def described(figure: "Figure") -> str:
    """Return title, panels and caption of a figure in words, for those who cannot see it."""
    titles = [legend.get_title().get_text() for legend in figure.legends]
    panels = [ax.get_title(loc="left") or ax.get_title() for ax in figure.axes]
    shown = "; ".join(" ".join(panel.split()) for panel in panels if panel)
    parts = [*titles, f"Panels: {shown}" if shown else "", " ".join(figure.get_supxlabel().split())]
    return " ".join(f"{part.rstrip('.')}." for part in parts if part)


def save(figure: "Figure", path: Path | BinaryIO, kind: str) -> None:
    """Write a figure as "png" or "svg", with its description and without the date or the name of the program."""
    with house_style():
        empty = {"Date": None} if kind == "svg" else {"Software": None}
        figure.savefig(path, format=kind, metadata={**empty, "Description": described(figure)})
