"""Figures of one household's decision: what speaks for paying a bill and what against."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.figures.style import COLOURS
from sim.reasons import TERM_TITLES
from sim.tables import fixed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FOR, AGAINST, WHOLE = COLOURS[2], COLOURS[1], "#333333"
MANY = 0.005
"""Terms smaller than this, logits, are left out where they do not matter in any of the decisions drawn."""


def reasons_for_paying(
    ax: "Axes", terms: Mapping[str, float], title: str = "", shown: tuple[str, ...] = ()
) -> dict[str, float]:
    """Draw the terms of a utility as bars, with their sum below; return what was drawn.

    shown : the terms to draw whatever their size, to set several decisions side by side.
    """
    drawn = {name: value for name, value in terms.items() if name in shown or abs(value) >= MANY}
    drawn["sum"] = sum(terms.values())
    for row, (name, value) in enumerate(drawn.items()):
        colour = WHOLE if name == "sum" else FOR if value > 0 else AGAINST
        ax.barh(row, value, color=colour, height=0.68)
        ax.annotate(
            fixed(value, 2, "+"), (value, row), (3 if value >= 0 else -3, 0), textcoords="offset points", va="center",
            ha="left" if value >= 0 else "right", fontsize=8, color="#444444",
        )  # fmt: skip
    names = [TERM_TITLES.get(name, "all together" if name == "sum" else name) for name in drawn]
    ax.set_yticks(range(len(drawn)), names)
    ax.set(ylim=(len(drawn) - 0.4, -0.6), xlabel="logits: right of 0 speaks for paying", title=title)
    ax.axvline(0, color="#555555", linewidth=1)
    ax.grid(axis="y", visible=False)
    ax.margins(x=0.18)
    return drawn


def chances_of_paying(ax: "Axes", chances: Mapping[str, float], title: str = "") -> Mapping[str, float]:
    """Draw the chance of paying as a household is, which comes first, and if something were other; return them."""
    first = next(iter(chances.values()))
    colours = [WHOLE, *[COLOURS[0]] * (len(chances) - 1)]
    ax.barh(range(len(chances)), list(chances.values()), color=colours, height=0.68)
    ax.axvline(first, color=WHOLE, linewidth=1, linestyle="--")
    ax.set_yticks(range(len(chances)), list(chances))
    ax.set(xlim=(0, 1), ylim=(len(chances) - 0.4, -0.6), xlabel="probability of paying the next bill", title=title)
    ax.grid(axis="y", visible=False)
    return chances


def shown_terms(*decisions: Mapping[str, float]) -> tuple[str, ...]:
    """Name the terms that matter in any of several decisions, in their order."""
    return tuple(name for name in decisions[0] if any(abs(terms[name]) >= MANY for terms in decisions))
