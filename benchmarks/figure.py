"""The figure: what a household-month costs, against households and against the number of runs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.names import AGENTPY, AGENTS, COMPILED, FLOOR, FRAMES, LEAN, MESA, WHOLE, WHOLE_ALL

STYLES: dict[str, dict[str, Any]] = {
    COMPILED: {"color": "#D55E00", "marker": "o"},
    FLOOR: {"color": "#555555", "marker": "v", "linestyle": "--"},
    AGENTS: {"color": "#E69F00", "marker": "o", "linestyle": "--"},
    MESA: {"color": "#0072B2", "marker": "s"},
    LEAN: {"color": "#56B4E9", "marker": "s", "linestyle": "--"},
    AGENTPY: {"color": "#009E73", "marker": "D"},
    FRAMES: {"color": "#CC79A7", "marker": "^"},
    WHOLE: {"color": "#E69F00", "marker": "s", "linestyle": "--"},
    WHOLE_ALL: {"color": "#D55E00", "marker": "o"},
}


def draw(results: Mapping[str, Any], path: Path) -> None:
    """Draw both panels into a PNG."""
    from matplotlib.figure import Figure

    from sim.figures.style import house_style

    with house_style():
        figure = Figure(figsize=(10.5, 4.8), layout="constrained")
        left, right = figure.subplots(1, 2, width_ratios=(3, 2))
        for ax, curves, label in (
            (left, results["households"], "households"),
            (right, results["runs"], "runs in one call"),
        ):
            # The dearest first, so that the legend reads like the figure.
            for name in sorted(curves, key=lambda name: -curves[name][0][1]):
                x, y = zip(*curves[name], strict=True)
                ax.plot(x, y, label=name, markersize=4.5, **STYLES[name])
            ax.set(xscale="log", xlabel=label, ylabel="ns per household-month")
            columns = 2 if ax is left else 1
            ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=columns, fontsize=8, handlelength=3.5)
        left.set(title="One run, months alone, 1 thread", yscale="log")
        right.set(title=f"linli, whole calls, {results['sizes']['households']} households", ylim=(0, None))
        figure.savefig(path)
