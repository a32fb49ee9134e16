"""What stands around the panels of a figure: title, legend and caption, and the room they need."""

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def around(figure: "Figure", ax: "Axes", title: str, caption: str, *, legend: bool) -> None:
    """Put the title above, the legend between title and panels, the caption below, and make room for them."""
    width = figure.get_figwidth()
    handles, labels = ax.get_legend_handles_labels() if legend else ([], [])
    columns = max(1, min(len(labels), int(width * 12 / (max(map(len, labels), default=0) + 6))))
    figure.legend(
        handles, labels, loc="outside upper left", ncols=columns, title=title, alignment="left", borderpad=0,
        title_fontproperties={"size": 12, "weight": "bold"},
    )  # fmt: skip
    lines = textwrap.wrap(caption, int(width * 15.5))
    figure.supxlabel("\n".join(lines), x=0.01, ha="left", fontsize=8, color="#444444")
    legend_rows = -(-len(labels) // columns)
    figure.set_figheight(figure.get_figheight() + 0.19 * max(0, legend_rows - 1) + 0.14 * (len(lines) - 1))
