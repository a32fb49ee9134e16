"""Panels about conflict: how issues end over time, and the ladder of desks as a flow."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from agents.rules.case import DESK_NAMES, KIND_NAMES, SUIT
from sim.case_records import STEP
from sim.figures.panels import say
from sim.figures.style import COLOURS, GREY, look
from sim.pooling import Pooled, kept_ends, pooled
from sim.results import Arm, Results
from sim.state import ENDS
from sim.survival import incidence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

END_TITLES = {
    "resolved": "Really settled  ↑",
    "withdrawn": "Withdrawn  ↓",
    "judged": "Ended by a court",
    "lumped": "Lumped: never complained about  ↓",
}
AGES = 37
"""Ages in months that are shown, from the month in which an issue arises."""

ISSUES = "issues"
OPENED = "opened"
ENDED_AS = {
    "resolved": ("settled", COLOURS[2]),
    "judged": ("judged", COLOURS[5]),
    "closed on paper": ("on paper", COLOURS[4]),
    "open": ("still open", COLOURS[3]),
    "withdrawn": ("withdrawn", COLOURS[1]),
    "lumped": ("lumped", GREY),
}
"""How an issue may stand at the end of a run: its name on the figure and its colour."""

SHORT = dict(zip(DESK_NAMES, ("provider", "mediation", "sub-district", "department", "court", "petition"), strict=True))

Flow = Mapping[tuple[str, str], int]


def pooled_incidence(arm: Arm, end: str) -> Pooled:
    """Return the share of issues of all runs that ended in one way by each age, (age,), other ends competing."""
    row = ENDS.index(end)
    found = pooled(arm, lambda ends, still: incidence(ends, still)[row, :AGES])
    return Pooled(found.value, np.clip(found.low, 0, 1), np.clip(found.high, 0, 1))


def incidence_of_end(ax: "Axes", results: Results, end: str) -> Mapping[str, Pooled]:
    """Draw what share of issues ended in one way by each age, other ends competing, as far as runs last; return it."""
    drawn = {}
    seen = 1
    for k, label in enumerate(results.labels):
        arm = results.arm(label)
        found = drawn[label] = pooled_incidence(arm, end)
        n = min(AGES, max(2, int((arm.months >= 0).sum())))  # nobody was looked at for longer than that
        seen = max(seen, n - 1)
        ages, style = np.arange(n), look(k)
        ax.fill_between(ages, found.low[:n], found.high[:n], color=style["color"], alpha=0.3, linewidth=0)
        ax.plot(ages, found.value[:n], label=label, **style)
    ax.set(xlim=(0, seen), xlabel="months since the issue arose", ylabel="share of issues", title=END_TITLES[end])
    ax.set_xticks(range(0, seen + 1, 6 if seen >= 6 else 1))
    _, top = ax.get_ylim()
    ax.set_ylim(0, 1 if top > 0.5 else max(top, 0.005))
    if all(np.isnan(found.value).all() for found in drawn.values()):
        say(ax, "no run has an issue")
    return drawn


def flow_of_ends(arm: Arm) -> dict[tuple[str, str], int]:
    """Return how many issues that arose from the policy month on were lumped or opened, and how these ended."""
    counts = dict(zip((*ENDS, "open"), kept_ends(arm).sum(axis=(0, 2)).tolist(), strict=True))
    ends = {(OPENED, end): counts[end] for end in counts if end != "lumped"}
    return {(ISSUES, OPENED): sum(ends.values()), (ISSUES, "lumped"): counts["lumped"], **ends}


def flow_of_cases(results: Results, label: str) -> list[dict[tuple[str, str], int]]:
    """Return the same in three steps, read off the history of cases: to the first desk, the last desk, the end."""
    arm = results.arm(label)
    columns = results.case_columns()
    mine = (columns["place"] == arm.place) & (columns["scenario"] == arm.scenario)
    mine &= (columns["arisen"] >= 0) & (columns["kind"] != KIND_NAMES[SUIT])
    first: dict[tuple[str, str], int] = {}
    further: dict[tuple[str, str], int] = {}
    ends: dict[tuple[str, str], int] = {}
    for path, end in zip(columns["path"][mine].tolist(), columns["outcome"][mine].tolist(), strict=True):
        start, last = path.split(STEP)[0], path.split(STEP)[-1]
        for flow, step in ((first, (ISSUES, start)), (further, (start, last)), (ends, (last, end))):
            flow[step] = flow.get(step, 0) + 1
    first[ISSUES, "lumped"] = int(kept_ends(arm)[:, ENDS.index("lumped")].sum())
    return [first, further, ends]


def case_ladder(ax: "Axes", results: Results, label: str) -> list[dict[tuple[str, str], int]]:
    """Draw the way of a scenario's issues to their ends as a flow, by desk where the history of cases was kept.

    Return the number of issues on each way, step by step.
    """
    arm = results.arm(label)
    if results.has_cases:
        steps = flow_of_cases(results, label)
        heads = ["arisen", "first desk", "last desk", "end"]
    else:
        flow = flow_of_ends(arm)
        steps = [{way: n for way, n in flow.items() if (way[0] == ISSUES) == (k == 0)} for k in range(2)]
        heads = ["arisen", "complaint", "end"]
    total = sum(steps[0].values())
    ax.set(xlim=(-0.12, len(heads) - 0.4), title=textwrap.fill(label, 40), ylabel="share of issues", yticks=[])
    ax.set_xticks(range(len(heads)), heads)
    ax.tick_params(length=0)
    ax.grid(visible=False)
    ax.spines[["left", "bottom"]].set_visible(False)
    if total == 0:
        say(ax, "no run has an issue")
        return steps
    _draw_flow(ax, steps, total)
    return steps


WIDTH, GAP, ROOM = 0.09, 0.03, 0.068
"""Of a flow: width of a node, gap between nodes and least room for one and its label, in units of the axes."""


def _draw_flow(ax: "Axes", steps: Sequence[Flow], total: int) -> None:
    order = [ISSUES, OPENED, *DESK_NAMES, *ENDED_AS]
    size = [_sizes(step, 1) for step in steps]
    columns = [{ISSUES: total}, *size]
    tops = [_tops(column, order, total) for column in columns]
    lowest = max(top[name] + column[name] / total for column, top in zip(columns, tops, strict=True) for name in top)
    ax.set_ylim(lowest + 0.03, -0.02)
    leaving = [dict(top) for top in tops]
    arriving = [dict(top) for top in tops]
    for k, step in enumerate(steps):
        for source, target in sorted(step, key=lambda way: (order.index(way[0]), order.index(way[1]))):
            height = step[source, target] / total
            if height > 0:
                colour = ENDED_AS[target][1] if target in ENDED_AS else "#A9C4DA"
                a, b = leaving[k][source], arriving[k + 1][target]
                _ribbon(ax, (k + WIDTH, k + 1), (a, b), height, colour)
                leaving[k][source] += height
                arriving[k + 1][target] += height
    for k, (column, top) in enumerate(zip(columns, tops, strict=True)):
        for name in (name for name in order if column.get(name)):
            height = column[name] / total
            colour = ENDED_AS[name][1] if name in ENDED_AS else COLOURS[0]
            ax.fill_between([k, k + WIDTH], top[name], top[name] + height, color=colour, linewidth=0.5)
            text = ENDED_AS[name][0] if name in ENDED_AS else SHORT.get(name, name)
            share = f"{100 * height:.0f} %" if height >= 0.01 else "< 1 %"
            ax.text(
                k + WIDTH + 0.03, top[name] + height / 2, f"{text}  {share}", va="center", fontsize=7,
                bbox={"boxstyle": "round,pad=0.1", "facecolor": "white", "alpha": 0.55, "edgecolor": "none"},
            )  # fmt: skip


def _ribbon(ax: "Axes", x: tuple[float, float], tops: tuple[float, float], height: float, colour: str) -> None:
    """Draw one way as a band that bends from its source to its target."""
    t = np.linspace(0, 1, 24)
    upper = tops[0] + (tops[1] - tops[0]) * t * t * (3 - 2 * t)
    ax.fill_between(x[0] + (x[1] - x[0]) * t, upper, upper + height, color=colour, alpha=0.45, linewidth=0)


def _sizes(step: Flow, side: int) -> dict[str, int]:
    """Return the number of issues at each node on one side of a step."""
    found: dict[str, int] = {}
    for way, n in step.items():
        found[way[side]] = found.get(way[side], 0) + n
    return found


def _tops(column: Mapping[str, int], order: Sequence[str], total: int) -> dict[str, float]:
    """Stack the nodes of a column from the top, with gaps, and return where each begins."""
    found, y = {}, 0.0
    for name in (name for name in order if column.get(name)):
        height = column[name] / total
        room = max(height + GAP, ROOM)
        found[name] = y + (room - height) / 2
        y += room
    return found
