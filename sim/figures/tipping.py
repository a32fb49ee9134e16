"""Figures of a tipping analysis: phase diagram, hysteresis loop, gain after support, what is remembered."""

import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.figures.framing import around
from sim.figures.panels import say
from sim.figures.style import COLOURS, house_style, look
from sim.outcomes import OUTCOMES
from sim.stability import STABILITY, TWO_REGIMES

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHARES = "cividis"
"""Colours of a share, told apart by the colour-blind and in print without colour."""
BETWEEN = "#555555"
FOLD = COLOURS[1]
MARKS = {"two regimes": "white", "undecided": "none"}
"""What cells are marked as, and what their dots are filled with."""
FOLLOWED = ("payment_rate", "trust_provider", "service", "facility_invisible")
"""Outcomes whose gain is drawn after support."""

TITLES = {
    "phase": "One regime or two",
    "loop": "Up and down again",
    "support": "What is left of a gain",
    "memory": "What is remembered of the start",
}
FIGURES = tuple(TITLES)
PHASES = ("end_low", "end_high", "end_gap", "escape")

Tables = Mapping[str, "pd.DataFrame"]


@dataclass(frozen=True)
class About:
    """What the tables do not say: where, the labels of the axes, and how much was run."""

    where: str
    across: str
    up: str
    ramp: str
    support: str
    threshold: float
    months: int
    replicates: int
    seed: int


def phase_diagram(
    ax: "Axes", phase: "pd.DataFrame", fold: "pd.DataFrame", outcome: str, *, across: str, up: str
) -> Mapping[str, np.ndarray]:
    """Draw a stability outcome over two factors, the cells with two regimes, and the fold curve of the mean field.

    phase, fold : tables of a tipping analysis; across, up : the labels of the axes.

    Returns
    -------
    mapping
        The values (up, across), the marked cells "two" and "undecided", (cell, 2), and "fold", (segment, 4).
    """
    from matplotlib.collections import LineCollection

    wide = phase.pivot(index="up", columns="across", values=outcome)
    values = wide.to_numpy()
    drawn = {word: phase.loc[phase["regimes"] == word, ["across", "up"]].to_numpy() for word in ("two", "undecided")}
    drawn |= {"values": values, "fold": fold.to_numpy()}
    ax.set(xlabel=across, ylabel=up, title=STABILITY[outcome].label)
    ax.grid(visible=False)
    if np.isnan(values).all():
        say(ax, "no run has a value")
        return drawn
    top = max(0.5, float(np.nanmax(values))) if outcome == "end_gap" else 1.0
    mesh = ax.pcolormesh(wide.columns, wide.index, values, cmap=SHARES, vmin=0, vmax=top, shading="nearest")
    ax.figure.colorbar(mesh, ax=ax, label=STABILITY[outcome].unit, fraction=0.06)
    for word, (name, fill) in zip(("two", "undecided"), MARKS.items(), strict=True):
        ax.plot(*drawn[word].T, "o", color="white", markerfacecolor=fill, markersize=4, linestyle="none",
                markeredgewidth=0.9, label=name)  # fmt: skip
    lines = LineCollection(list(drawn["fold"].reshape(-1, 2, 2)), colors=FOLD, linewidths=2.2, label="mean field")
    ax.add_collection(lines, autolim=False)
    return drawn


def hysteresis_loop(
    ax: "Axes", loop: "pd.DataFrame", mean_field: "pd.DataFrame", dwell: int, *, ramp: str
) -> Mapping[str, np.ndarray]:
    """Draw the payment rate on the way up and down with its interval, and the stable shares of the mean field.

    Returns
    -------
    mapping
        For "up" and "down" the columns level, mean, low, high; "mean field" level and share.
    """
    mine = loop[loop["dwell"] == dwell].sort_values("step")
    stable = mean_field[mean_field["stable"]]
    drawn: dict[str, np.ndarray] = {"mean field": stable[["level", "share"]].to_numpy()}
    ax.plot(*drawn["mean field"].T, ".", color="#999999", markersize=2.5, label="mean field, stable")
    for k, way in enumerate(("up", "down")):
        part = mine[(mine["way"] == way) | (mine["step"] == len(mine) // 2)]  # the top belongs to both
        found = drawn[way] = part[["level", "payment_rate", "payment_rate_low", "payment_rate_high"]].to_numpy()
        level, mean, low, high = found.T
        style = look(k)
        ax.fill_between(level, low, high, color=style["color"], alpha=0.3, linewidth=0)
        ax.plot(level, mean, label=f"way {way}", marker="^" if way == "up" else "v", markersize=4, **style)
    ax.set(xlabel=ramp, ylabel=OUTCOMES["payment_rate"].unit, ylim=(0, 1), title=f"{dwell} months at each level")
    if mine["payment_rate"].isna().all():
        say(ax, "no run has a value")
    return drawn


def gain_after_support(ax: "Axes", support: "pd.DataFrame", outcome: str) -> Mapping[int, np.ndarray]:
    """Draw what support adds to an outcome on equal luck, month by month, for each end of it; return it by that month.

    Returns
    -------
    mapping
        Columns month, mean, low, high.
    """
    drawn = {}
    mine = support[support["outcome"] == outcome]
    for k, end in enumerate(sorted(mine["withdrawn"].unique().tolist())):
        part = mine[mine["withdrawn"] == end].sort_values("month")
        found = part[["month", "gain", "gain_low", "gain_high"]].to_numpy()
        month, mean, low, high = found.T
        drawn[end] = found
        style = look(k)
        ax.fill_between(month / 12, low, high, color=style["color"], alpha=0.3, linewidth=0)
        ax.plot(month / 12, mean, label=f"support ends in month {end}", **style)
        ax.axvline(end / 12, color=style["color"], linewidth=0.9, linestyle=":")
    ax.axhline(0, color=BETWEEN, linewidth=0.9)
    ax.set(
        xlabel="years after the policy month", ylabel=textwrap.fill(f"gain, {OUTCOMES[outcome].unit}", 30),
        title=OUTCOMES[outcome].label,
    )  # fmt: skip
    if mine["gain"].isna().all():
        say(ax, "no run has a value")
    return drawn


def memory_bars(ax: "Axes", stability: "pd.DataFrame", outcome: str) -> Mapping[str, tuple[float, float, float]]:
    """Draw how much of the difference of the end states hangs on each state variable; return value, low, high."""
    mine = stability[stability["outcome"] == outcome]
    drawn = {of: (value, low, high) for of, value, low, high in mine[["of", "value", "low", "high"]].to_numpy()}
    colour = COLOURS[0 if outcome == "memory_lost" else 2]
    for k, (value, low, high) in enumerate(drawn.values()):
        ax.plot([low, high], [k, k], color=colour, linewidth=5, alpha=0.5, solid_capstyle="butt")
        ax.plot([value], [k], "o", color=colour)
    ax.axvline(0, color=BETWEEN, linewidth=0.9)
    ax.axvline(1, color=BETWEEN, linewidth=0.9, linestyle=":")
    ax.set_yticks(range(len(drawn)), list(drawn))
    ax.set(
        ylim=(len(drawn) - 0.5, -0.5), xlabel=STABILITY[outcome].unit, title=STABILITY[outcome].label,
    )  # fmt: skip
    ax.grid(axis="y", visible=False)
    if mine["value"].isna().all():
        say(ax, "no difference to remember")
    return drawn


# --- whole figures --------------------------------------------------------------------------------------------------


def draw(tables: Tables, about: About, name: str) -> "Figure":
    """Draw one of FIGURES from the tables of a tipping analysis."""
    from matplotlib.figure import Figure

    panels, caption = _panels(tables, about, name)
    columns = min(2, len(panels))
    rows = -(-len(panels) // columns)
    height = 1.9 if name == "memory" else 2.9
    with house_style():
        figure = Figure(figsize=(8.2, 1.15 + height * rows), layout="constrained")
        axes = figure.subplots(rows, columns, squeeze=False, sharey=name in ("loop", "memory")).ravel()
        for ax, panel in zip(axes, panels, strict=False):
            panel(ax)
        for ax in axes[len(panels) :]:
            ax.remove()
        sample = f"{about.replicates} runs each, seed {about.seed}."
        around(figure, axes[0], f"{TITLES[name]} ({about.where})", f"{sample} {caption}", legend=name != "memory")
        for legend in figure.legends if name == "phase" else ():
            _visible_on_white(legend)
    return figure


def _visible_on_white(legend: Any) -> None:
    """Make the marks that are white on the map dark in the legend."""
    for handle, text in zip(legend.legend_handles, legend.get_texts(), strict=True):
        if text.get_text() in MARKS:
            handle.set_markeredgecolor(BETWEEN)
            handle.set_markerfacecolor(BETWEEN if MARKS[text.get_text()] == "white" else "none")


def _panels(tables: Tables, about: About, name: str) -> tuple[Sequence[Callable[["Axes"], Any]], str]:
    """Return the panels of a figure and what its caption says of them."""
    years = about.months / 12
    if name == "phase":
        draw_phase = partial(
            phase_diagram, phase=tables["phase"], fold=tables["fold"], across=about.across, up=about.up
        )
        return [partial(draw_phase, outcome=outcome) for outcome in PHASES], (
            f"Colour: mean of runs after {years:g} years. Full dots: the 95 % interval of the difference of the end "
            f"states lies above {TWO_REGIMES:g}; empty dots: it holds {TWO_REGIMES:g}. Escape: above a payment rate of "
            f"{about.threshold:.2f} for good. "
            "Line: the mean field loses or gains a regime."
        )
    if name == "loop":
        dwells = sorted(tables["loop"]["dwell"].unique().tolist())
        draw_loop = partial(hysteresis_loop, loop=tables["loop"], mean_field=tables["mean_field"], ramp=about.ramp)
        return [partial(draw_loop, dwell=dwell) for dwell in dwells], (
            "Payment rate in the last month at each level. Line: mean; band: its 95 % interval."
        )
    if name == "support":
        return [partial(gain_after_support, support=tables["support"], outcome=outcome) for outcome in FOLLOWED], (
            f"With {about.support} less without it: same households, same luck. Line: mean; band: its 95 % interval. "
            "Dotted: support ends."
        )
    of = ("memory_lost", "memory_alone")
    return [partial(memory_bars, stability=tables["stability"], outcome=outcome) for outcome in of], (
        f"One state variable starts like the other start. Dot and bar: share of the difference of the end states after "
        f"{years:g} years, and its 95 % interval (Fieller)."
    )
