"""Figures of a sensitivity analysis: what matters, how that changes over months, how far the sample has settled.

Every function draws rows of the tidy tables on an Axes and returns the rows it drew.
"""

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.figures.panels import say
from sim.figures.style import COLOURS, DASHES, GREY, house_style, save
from sim.outcomes import OUTCOMES
from sim.parameters import PARAMETERS
from sim.sensitivity.plan import DUMMY, OWN_START
from sim.sensitivity.values import DISPERSION, GOOD, MEAN
from sim.sensitivity.words import NAMES, ONE_AT_A_TIME, RANKS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.sensitivity.analysis import Analysis

TOP = 12
"""Factors shown as bars."""
LINES = 6
"""Factors shown as lines."""
_OVERVIEW = 25
SHARES = ("ST", "S1", "shapley")
"""Indices that lie between 0 and 1."""
SHARES_FROM, SHARES_TO = -0.25, 1.3


def _starts(table: "pd.DataFrame") -> list[str]:
    return list(dict.fromkeys(table["start"]))


def _start_name(start: str) -> str:
    return "own start" if start == OWN_START else f"start of {start}"


def _leading(table: "pd.DataFrame", n: int) -> list[str]:
    """Name the factors with the largest index from any start, the largest first."""
    largest = table[table["factor"] != DUMMY].groupby("factor", sort=False)["value"].max()
    return [str(name) for name in largest.dropna().sort_values(ascending=False, kind="stable").index[:n]]


def ranked(ax: "Axes", table: "pd.DataFrame", n: int = TOP) -> "pd.DataFrame":
    """Draw the ranking index of the leading factors and the dummy, with 95 % intervals and the floor of the dummy.

    table : the ranking index of one target, outcome, month and statistic, from one or more starts.
    """
    factors = [*_leading(table, n), DUMMY]
    starts = _starts(table)
    step = 0.8 / len(starts)
    for s, start in enumerate(starts):
        rows = table[table["start"] == start].set_index("factor").loc[factors]
        y = np.arange(len(factors)) + (s - (len(starts) - 1) / 2) * step
        bars = rows["value"].to_numpy()
        solid = rows["influential"].to_numpy(bool)
        colour = COLOURS[s]
        ax.barh(y[solid], bars[solid], height=0.85 * step, color=colour, label=f"{_start_name(start)}: influential")
        ax.barh(
            y[~solid], bars[~solid], height=0.85 * step, facecolor="white", edgecolor=colour, linewidth=0.8,
            label=f"{_start_name(start)}: not distinguishable from noise",
        )  # fmt: skip
        half = rows["high"].to_numpy() - bars
        ax.errorbar(bars, y, xerr=half, fmt="none", ecolor="#333333", elinewidth=1, capsize=1.5)
        _mark_lucks(ax, rows, y)
        floor = float(rows["high"].to_numpy(float)[-1])
        if np.isfinite(floor) and floor > 0:
            label = f"{_start_name(start)}: dummy's floor"
            ax.axvline(floor, color=colour, linestyle=DASHES[1], linewidth=1, label=label)
    ax.set_yticks(range(len(factors)), factors)
    ax.invert_yaxis()
    ax.grid(axis="y", visible=False)
    drawn = table[table["factor"].isin(factors)]
    _keep_to_shares(ax.set_xlim, ax.get_xlim(), drawn)
    _mark_beyond(ax, drawn, factors, starts, step)
    if drawn["value"].isna().all() or not drawn["value"].any():
        say(ax, "does not vary beyond noise")
    first = table.iloc[0]
    outcome = OUTCOMES[str(first["outcome"])]
    ax.set_title(f"{_what(outcome.label, str(first['statistic']))}, {first['month']} months")
    unit = {MEAN: outcome.unit, GOOD: "probability", DISPERSION: "log variance"}[str(first["statistic"])]
    ax.set_xlabel(textwrap.fill(RANKS[str(first["index"])].format(unit=unit), 48))
    return drawn


def _mark_lucks(ax: "Axes", rows: "pd.DataFrame", y: np.ndarray) -> None:
    """Mark the lowest and the highest value of a bar over the lucks that all points have in common."""
    x = rows[["luck_low", "luck_high"]].where(rows["value"].notna()).to_numpy(float)
    if np.isnan(x).all():
        return
    label = "lowest and highest over the lucks, noise not taken out"
    ax.plot(x.ravel(), np.repeat(y, 2), "d", color="#333333", markerfacecolor="white", markersize=4, label=label)


def _mark_beyond(ax: "Axes", drawn: "pd.DataFrame", factors: list[str], starts: list[str], step: float) -> None:
    """Write the value of bars that are cut off at the edge."""
    edge = ax.get_xlim()[1]
    for row in drawn[drawn["value"] > edge].to_dict("records"):
        y = factors.index(str(row["factor"])) + (starts.index(str(row["start"])) - (len(starts) - 1) / 2) * step
        box = {"facecolor": "white", "alpha": 0.85, "linewidth": 0, "pad": 0.8}
        ax.text(edge, y, f"{row['value']:.2f} >", ha="right", va="center", fontsize=7, bbox=box)


def _keep_to_shares(set_limits: Any, limits: tuple[float, float], table: "pd.DataFrame") -> None:
    """Cut whiskers off where a share of variance cannot be: a small sample has intervals of any width."""
    if table["index"].iloc[0] in SHARES:
        set_limits(max(limits[0], SHARES_FROM), min(limits[1], SHARES_TO))


def _what(label: str, statistic: str) -> str:
    return {MEAN: label, GOOD: f"{label}: good regime", DISPERSION: f"{label}: dispersion"}[statistic]


def over_months(ax: "Axes", table: "pd.DataFrame", n: int = LINES) -> "pd.DataFrame":
    """Draw the ranking index of the leading factors and of the dummy against the months, with 95 % intervals.

    table : the ranking index of one target, start, outcome and statistic in all months.
    """
    factors = [*_leading(table, n), DUMMY]
    for k, factor in enumerate(factors):
        rows = table[table["factor"] == factor].sort_values("month")
        colour, dashes = ("#777777", ":") if factor == DUMMY else (COLOURS[k], DASHES[k % len(DASHES)])
        shade = GREY if factor == DUMMY else colour
        ax.fill_between(rows["month"], rows["low"], rows["high"], color=shade, alpha=0.12, linewidth=0)
        ax.plot(rows["month"], rows["value"], color=colour, linestyle=dashes, marker="o", markersize=3, label=factor)
    first = table.iloc[0]
    outcome = OUTCOMES[str(first["outcome"])]
    ax.set_title(f"{_what(outcome.label, str(first['statistic']))}, {_start_name(str(first['start']))}")
    ax.set_xlabel("months after the policy month")
    ax.set_ylabel(textwrap.fill(RANKS[str(first["index"])].format(unit=outcome.unit), 34))
    ax.set_xticks(sorted(table["month"].unique()))
    _keep_to_shares(ax.set_ylim, ax.get_ylim(), table)
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.02), fontsize=7.5)
    return table[table["factor"].isin(factors)]


def settling(ax: "Axes", table: "pd.DataFrame", n: int = LINES) -> "pd.DataFrame":
    """Draw the ranking index from the first parts of the sample and from all of it, with 95 % intervals.

    table : `convergence` of one target, start, outcome and month.
    """
    last = table[table["n"] == table["n"].max()]
    factors = [*_leading(last, n), DUMMY]
    for k, factor in enumerate(factors):
        rows = table[table["factor"] == factor].sort_values("n")
        colour, dashes = ("#777777", ":") if factor == DUMMY else (COLOURS[k], DASHES[k % len(DASHES)])
        half = rows["high"] - rows["value"]
        x = rows["n"] * (1 + 0.02 * (k - len(factors) / 2))
        ax.errorbar(x, rows["value"], yerr=half, color=colour, linestyle=dashes, marker="o", markersize=3, capsize=1.5,
                    elinewidth=0.9, label=factor)  # fmt: skip
    ax.set_xscale("log", base=2)
    sizes = sorted(table["n"].unique())
    ax.set_xticks(sizes, [str(size) for size in sizes])
    ax.minorticks_off()
    _keep_to_shares(ax.set_ylim, ax.get_ylim(), table)
    first = table.iloc[0]
    outcome = OUTCOMES[str(first["outcome"])]
    ax.set_title(f"{outcome.label}, {first['month']} months, {_start_name(str(first['start']))}")
    ax.set_xlabel("blocks of the sample")
    ax.set_ylabel(textwrap.fill(RANKS[str(first["index"])].format(unit=outcome.unit), 34))
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.02), fontsize=7.5)
    return table[table["factor"].isin(factors)]


def profile(ax: "Axes", table: "pd.DataFrame", n: int = LINES) -> "pd.DataFrame":
    """Draw the mean of a target against the part of the range that a leading factor is in, with 95 % intervals.

    table : `profiles` of one target, start, outcome, month and statistic, the leading factor first.
    """
    factors = list(dict.fromkeys(table["factor"]))[:n]
    for k, factor in enumerate(factors):
        rows = table[table["factor"] == factor].sort_values("part")
        x = (rows["part"] + 0.5) / rows["parts"] + 0.012 * (k - len(factors) / 2)
        half = rows["high"] - rows["mean"]
        ax.errorbar(x, rows["mean"], yerr=half, color=COLOURS[k], linestyle=DASHES[k % len(DASHES)], marker="o",
                    markersize=3.5, capsize=1.5, elinewidth=0.9, label=f"{factor}\n{_ends(rows)}")  # fmt: skip
    first = table.iloc[0]
    outcome = OUTCOMES[str(first["outcome"])]
    statistic = str(first["statistic"])
    ax.set_title(
        f"{_what(outcome.label, statistic)}, {first['month']} months, {_start_name(str(first['start']))}"
    )
    ax.set_xticks([0, 1], ["lowest", "highest"])
    ax.set_xlim(-0.05, 1.05)
    ax.set_xlabel("share of the range of the factor")
    ax.set_ylabel("probability" if statistic == GOOD else outcome.unit)
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.02), fontsize=7.5)
    return table[table["factor"].isin(factors)]


def _ends(rows: "pd.DataFrame") -> str:
    """Say from what to what the range of a factor goes."""
    return f"{rows['from'].iloc[0]:.3g} to {rows['to'].iloc[-1]:.3g} {PARAMETERS[str(rows['factor'].iloc[0])].unit}"


def overview(ax: "Axes", table: "pd.DataFrame", n: int = _OVERVIEW) -> "pd.DataFrame":
    """Draw the ranking index of the leading factors for every target, each relative to its largest; dots: influential.

    table : the ranking index of one outcome, month, start and statistic for all targets.
    """
    table = table[table["factor"] != DUMMY].copy()
    table["column"] = table["target"] + " @ " + table["place"]
    largest = table.groupby("column", sort=False)["value"].transform("max")
    table["relative"] = table["value"] / largest.where(largest > 0)
    score = table["relative"].clip(0, 1).groupby(table["factor"], sort=False).sum()
    factors = [str(name) for name in score.sort_values(ascending=False, kind="stable").index[:n]]
    columns = list(dict.fromkeys(table["column"]))
    wide = table.pivot(index="factor", columns="column", values="relative").loc[factors, columns]
    dots = table.pivot(index="factor", columns="column", values="influential").loc[factors, columns].to_numpy(bool)
    shown = ax.imshow(np.clip(wide.to_numpy(float), 0, 1), cmap="Blues", vmin=0, vmax=1, aspect="auto")
    y, x = np.nonzero(dots)
    ax.plot(x, y, "o", color="#D55E00", markersize=3.5)
    ax.set_xticks(range(len(columns)), columns, rotation=40, ha="right")
    ax.set_yticks(range(len(factors)), factors)
    ax.grid(visible=False)
    first = table.iloc[0]
    label = OUTCOMES[str(first["outcome"])].label
    ax.set_title(f"{label}, {first['month']} months, {_start_name(str(first['start']))}")
    bar = ax.figure.colorbar(shown, ax=ax, shrink=0.6)
    bar.set_label(f"{first['index']}, share of the largest in the column")
    return table[table["factor"].isin(factors)]


# --- whole figures ---------------------------------------------------------------------------------------------------


def write_figures(found: "Analysis", folder: Path) -> list[Path]:
    """Draw all figures of an analysis into a folder and return their paths."""
    paths = []
    for name, figure in figures(found):
        paths.append(folder / f"{name}.png")
        save(figure, paths[-1], "png")
    return paths


def figures(found: "Analysis") -> "Iterator[tuple[str, Figure]]":
    """Yield name and figure: bars for every target; differences, or the first target, over months and samples."""
    table = found.indices[found.indices["ranks"]]
    for (target, place), rows in table.groupby(["target", "place"], sort=False):
        name = f"{target}_{place}".replace(" − ", "_minus_").replace(" ", "_").replace(",", "")
        means = rows[rows["statistic"] == MEAN]
        yield f"matters_{name}", _ranked_figure(found, f"{target} @ {place}", means)
        spread = rows[(rows["statistic"] != MEAN) & (rows["month"] == found.plan.show[-1])]
        if len(spread):
            yield f"regime_{name}", _panels(
                found, f"What moves dispersion and regime: {target} @ {place}",
                [part for _, part in spread.groupby(["outcome", "statistic"], sort=False)], ranked, 5.4, 3.9,
            )  # fmt: skip
        if len(found.plan.at) > 1:
            own = means[means["start"] == OWN_START]
            parts = [part for _, part in own.groupby("outcome", sort=False)]
            title = f"What matters when: {target} @ {place}"
            yield f"months_{name}", _panels(found, title, parts, over_months, 5.6, 2.9)
        ends = found.profiles
        if len(ends):
            some = ends[(ends["target"] == target) & (ends["place"] == place) & (ends["statistic"] == MEAN)]
            some = some[some["month"] == found.plan.show[-1]]
            parts = [part for _, part in some.groupby(["outcome", "start"], sort=False)]
            if parts:
                title = f"In which direction: {target} @ {place}"
                yield f"direction_{name}", _panels(found, title, parts, profile, 5.6, 2.9)
        settled = found.convergence
        if len(settled):
            some = settled[(settled["start"] == OWN_START) & (settled["month"] == found.plan.show[-1])]
            some = some[(some["target"] == target) & (some["place"] == place)]
            parts = [part for _, part in some.groupby("outcome", sort=False) if part["n"].nunique() > 1]
            if parts:
                yield f"settled_{name}", _panels(
                    found, f"How far the sample has settled: {target} @ {place}", parts, settling, 5.6, 2.9
                )
    if table["target"].nunique() > 2:
        last = table[(table["statistic"] == MEAN) & (table["month"] == found.plan.show[-1])]
        for outcome, rows in last.groupby("outcome", sort=False):
            parts = [part for _, part in rows.groupby("start", sort=False)]
            title = "What matters where (dot: influential)"
            yield f"overview_{outcome}", _panels(found, title, parts, overview, 7.2, 6.4)


def _ranked_figure(found: "Analysis", title: str, means: "pd.DataFrame") -> "Figure":
    shown = means[means["month"].isin(found.plan.show)]
    parts = [part for _, part in shown.groupby(["outcome", "month"], sort=False)]
    return _panels(found, f"What matters: {title}", parts, ranked, 5.4, 3.9)


def _panels(
    found: "Analysis", title: str, parts: "Sequence[pd.DataFrame]", draw: object, width: float, height: float
) -> "Figure":
    from matplotlib.figure import Figure

    assert callable(draw)
    columns = min(2, len(parts))
    rows = -(-len(parts) // columns)
    with house_style():
        figure = Figure(figsize=(max(7.2, width * columns), height * rows + 1.4), layout="constrained")
        axes = figure.subplots(rows, columns, squeeze=False).ravel()
        for ax, part in zip(axes, parts, strict=False):
            draw(ax, part)
        for ax in axes[len(parts) :]:
            ax.remove()
        legend = _legend([*axes[: len(parts)]]) if draw is ranked else {}
        figure.legend(
            [*legend.values()], [*legend], loc="outside upper left", ncols=2, title=title, alignment="left",
            borderpad=0, title_fontproperties={"size": 12, "weight": "bold"}, fontsize=8,
        )  # fmt: skip
        said = _caption(found, intervals="") if draw is overview else _caption(found)
        lines = textwrap.wrap(said, int(figure.get_figwidth() * 15.5))
        figure.supxlabel("\n".join(lines), x=0.01, ha="left", fontsize=8, color="#444444")
    return figure


def _legend(axes: "Sequence[Axes]") -> dict[str, Any]:
    """Return one handle per label over all panels; empty bars have no colour of their own and are left out."""
    found: dict[str, Any] = {}
    for ax in axes:
        for handle, label in zip(*ax.get_legend_handles_labels(), strict=True):
            if not hasattr(handle, "patches") or handle.patches:
                found.setdefault(label, handle)
    return dict(sorted(found.items()))


_INTERVALS = " Whiskers, bands: bootstrap 95 % intervals, cut at the edge."


def _caption(found: "Analysis", *, intervals: str = _INTERVALS) -> str:
    plan = found.plan
    luck = "own luck"
    if not plan.own_luck:
        luck = f"common luck{' (dummy 0 by construction)' if plan.method in ONE_AT_A_TIME else ''}"
    luck = "the seed as a factor" if plan.asked.seed_factor else luck
    judged = found.stopping[(found.stopping["statistic"] == MEAN) & found.stopping["width"].notna()]
    met = int(judged["met"].sum())
    enough = f"The rule for a large enough sample is met for {met} of {len(judged)} means"
    more = "." if met == len(judged) else ": the sample is not large enough, read ranks and no second decimals."
    return (
        f"{NAMES[plan.method]}, n = {found.n}: {found.rows:,} rows, {found.replicates} replicates, {luck}, "
        f"{found.runs:,} runs.{intervals} {enough}{more} Ranges: as declared, "
        "uncalibrated; every other parameter keeps its value."
    )
