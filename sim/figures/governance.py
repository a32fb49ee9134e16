"""The governance network drawn with its bodies and days; the ways that levers add stand out."""

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from sim.figures.panels import say
from sim.figures.style import COLOURS
from sim.governance_network import HOUSEHOLD, described
from sim.results import Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PLACES = {
    HOUSEHOLD: (0.0, 0.0),
    "provider": (0.0, 1.1),
    "grid worker": (1.0, 0.0),
    "residents' committee": (2.0, 0.0),
    "sub-district office": (3.1, 0.0),
    "department": (4.2, 0.0),
    "court": (0.0, -1.1),
}
"""Where the bodies stand on the figure."""

BETWEEN, ADDED = "#8A8A8A", COLOURS[1]


def governance_network(ax: "Axes", results: Results, label: str) -> Mapping[tuple[str, str], float]:
    """Draw the bodies of a scenario at the policy month and the ways among them; return the days of each way."""
    world = results.arm(label).world
    ax.set(xlim=(-0.55, 4.75), ylim=(-1.45, 1.45), xticks=[], yticks=[])
    ax.set(title=textwrap.fill(label, 40), xlabel="on a way, and after: days")
    ax.grid(visible=False)
    ax.spines[["left", "bottom"]].set_visible(False)
    if world is None:
        say(ax, "no world is known")
        return {}
    graph = described(world.segments[0].values)
    drawn = {}
    for one, other, way in graph.edges(data=True):
        drawn[one, other] = float(way["days"])
        added = bool(way["added_by_lever"])
        skips = abs(PLACES[one][0] - PLACES[other][0]) > 1.5
        _way(ax, PLACES[one], PLACES[other], way["days"], ADDED if added else BETWEEN, 0.6 if skips else 0.0)
    for body, node in graph.nodes.items():
        days = "" if body == HOUSEHOLD else f"\nafter {node['days_from_household']:g}"
        ax.text(
            *PLACES[body],
            body.replace(" ", "\n", 1) + days,
            ha="center", va="center", fontsize=7, zorder=4,
            bbox={"boxstyle": "round,pad=0.35", "facecolor": "#D3E6F2", "edgecolor": COLOURS[0], "linewidth": 0.9},
        )  # fmt: skip
    ax.plot([], [], color=BETWEEN, linewidth=1.4, label="way that is always there")
    ax.plot([], [], color=ADDED, linewidth=2.6, label="way that levers add")
    return drawn


def _way(
    ax: "Axes", a: tuple[float, float], b: tuple[float, float], days: float, colour: str, height: float
) -> None:
    """Draw a way from a to b, bent upwards by `height`, with its days at the middle."""
    t = np.linspace(0, 1, 40)
    x, y = a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t + 4 * height * t * (1 - t)
    ax.plot(x, y, color=colour, linewidth=2.6 if colour == ADDED else 1.4, zorder=2)
    middle = {"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none"}
    ax.text(x[20], y[20], f"{days:g}", color=colour, fontsize=7.5, weight="bold", ha="center", va="center", zorder=3,
            bbox=middle)  # fmt: skip
