"""Figure of a comparison under other structures of the model."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.figures.style import COLOURS, house_style
from sim.outcomes import OUTCOMES
from sim.studies.alternatives import AS_IS, HOLDS, TURNS, Pair

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_COLOURS = {HOLDS: COLOURS[0], TURNS: COLOURS[1]}
_AS_IS, _OTHER = COLOURS[6:8]
SHOWN = "cost_covered"


def draw_alternatives(pairs: Sequence[Pair]) -> "Figure":
    """Draw the difference of each pair of forms, structure under structure, with 95 % intervals.

    The outcome is the cost covered where the study has it, else the study's first.
    """
    from matplotlib.figure import Figure

    outcome = SHOWN if any(each.outcome == SHOWN for each in pairs) else pairs[0].outcome
    shown = [each for each in pairs if each.outcome == outcome]
    keys = list(dict.fromkeys((each.place, each.form, each.rival) for each in shown))
    structures = list(dict.fromkeys(each.structure for each in shown))
    with house_style():
        columns = min(len(keys), 4)
        rows = -(-len(keys) // columns)
        size = (3.0 + 2.2 * columns, 0.7 + rows * (0.8 + 0.2 * len(structures)))
        figure = Figure(figsize=size, layout="constrained")
        axes = figure.subplots(rows, columns, squeeze=False, sharey=True)
        for axis, key in zip(axes.flat, keys, strict=False):
            axis.axvline(0.0, color="#444444", lw=0.8)
            for each in (each for each in shown if (each.place, each.form, each.rival) == key):
                y, mean = structures.index(each.structure), each.mean
                colour = _AS_IS if each.structure == AS_IS else _COLOURS.get(each.verdict, _OTHER)
                axis.plot([mean.low, mean.high], [y, y], color=colour, lw=1.6)
                axis.plot([mean.mean], [y], "o", color=colour, ms=4)
            axis.set_title(f"{key[1]}\nless {key[2]} ({key[0]})", fontsize=8, loc="left")
        for axis in axes.flat[len(keys) :]:
            axis.set_visible(False)
        axes[0, 0].set_yticks(range(len(structures)), structures)
        axes[0, 0].invert_yaxis()
        figure.suptitle(f"{OUTCOMES[outcome].label} under other structures", x=0.01, ha="left", fontweight="bold")
        figure.supxlabel(
            f"Mean paired difference, {OUTCOMES[outcome].unit}, last month; 95 % intervals. Blue: holds; grey: lost, "
            "or new; orange: turns.", x=0.01, ha="left", fontsize=8, color="#444444",
        )  # fmt: skip
    return figure
