"""The governance network drawn with its bodies and days; the ways that levers add stand out and are named."""

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

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
    "owners' committee": (1.0, 1.1),
    "joint branch": (2.0, 1.1),
    "district": (4.2, 1.1),
    "party branch": (1.0, -1.1),
    "social organisations": (2.55, -1.1),
}
"""Where the bodies stand on the figure."""

NAMED = {"route.joint_days": "joint desk", "route.hub_days": "hub"}
"""What a way is called that a lever adds."""

BETWEEN, ADDED = "#8A8A8A", COLOURS[1]


def governance_network(ax: "Axes", results: Results, label: str) -> Mapping[tuple[str, str], float]:
    """Draw the bodies of a scenario at the policy month and the ways among them; return the days of each way."""
    world = results.arm(label).world
    ax.set(xlim=(-0.55, 4.75), ylim=(-1.5, 1.85), xticks=[], yticks=[])
    ax.set(title=textwrap.fill(label, 40), xlabel="on a way, and after: days")
    ax.grid(visible=False)
    ax.spines[["left", "bottom"]].set_visible(False)
    if world is None:
        say(ax, "no world is known")
        return {}
    graph = described(world.segments[0].values)
    drawn = {}
    for one, other, edge in graph.edges(data=True):
        (x1, y1), (x2, y2) = PLACES[one], PLACES[other]
        height = 0.55 if y1 == y2 and abs(x1 - x2) > 1.5 else 0.0  # past the bodies between them
        if not edge["carries_cases"]:
            _bent(ax, PLACES[one], PLACES[other], height, color=BETWEEN, linewidth=1.0, linestyle=":")
            continue
        drawn[one, other] = float(edge["days"])
        added = bool(edge["added_by_lever"])
        name = f"{edge['days']:g} {NAMED[edge['source']]}" if added else f"{edge['days']:g}"
        _way(ax, PLACES[one], PLACES[other], name, ADDED if added else BETWEEN, height)
    for body, node in graph.nodes.items():
        on_a_way = "days_from_household" in node
        days = f"\nafter {node['days_from_household']:g}" if on_a_way and body != HOUSEHOLD else ""
        ax.text(
            *PLACES[body],
            body.replace(" ", "\n", 1) + days,
            ha="center", va="center", fontsize=7, zorder=4,
            bbox={
                "boxstyle": "round,pad=0.35", "facecolor": "#D3E6F2" if on_a_way else "white",
                "edgecolor": COLOURS[0], "linewidth": 0.9,
            },
        )  # fmt: skip
    ax.plot([], [], color=BETWEEN, linewidth=1.4, label="way that is always there")
    ax.plot([], [], color=ADDED, linewidth=2.6, label="way that levers add")
    ax.plot([], [], color=BETWEEN, linewidth=1.0, linestyle=":", label="works with, no way for a case")
    return drawn


def _way(ax: "Axes", a: tuple[float, float], b: tuple[float, float], name: str, colour: str, height: float) -> None:
    """Draw a way from a to b, bent upwards by `height`, with its name and days at the middle."""
    x, y = _bent(ax, a, b, height, color=colour, linewidth=2.6 if colour == ADDED else 1.4)
    lifted = 0.42 if colour == ADDED and height == 0.0 else 0.0  # a name needs more room than there is between bodies
    middle = {"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none"}
    ax.text(x, y + lifted, name, color=colour, fontsize=7.5, weight="bold", ha="center", va="center", zorder=3,
            bbox=middle)  # fmt: skip


def _bent(
    ax: "Axes", a: tuple[float, float], b: tuple[float, float], height: float, **look: Any
) -> tuple[float, float]:
    """Draw a line from a to b, bent upwards by `height`; return its middle."""
    t = np.linspace(0, 1, 41)
    x, y = a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t + 4 * height * t * (1 - t)
    ax.plot(x, y, zorder=2, **look)
    return float(x[20]), float(y[20])
