"""How often each form is clearly ahead of a rival or behind it, over draws of what is not known."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sim.figures.panels import say
from sim.figures.style import COLOURS, house_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.studies.odds import Odds

AHEAD, BEHIND = COLOURS[2], COLOURS[4]
_FAINT = 0.35


def shares_of_draws(
    ax: "Axes", odds: "Sequence[Odds]", place: str, years: int
) -> Mapping[tuple[str, float], tuple[float, float]]:
    """Draw in one place, pair by pair, the share of draws in which a form is clearly ahead (right) and behind (left).

    A larger margin is drawn darker, over a smaller one. Return the shares, ahead and behind, by "form - rival" and
    margin.
    """
    here = [each for each in odds if (each.place, each.years) == (place, years)]
    names, margins = list(dict.fromkeys(_name(each) for each in here)), sorted({each.margin for each in here})
    drawn = {}
    for each in sorted(here, key=lambda each: each.margin):
        row, last = names.index(_name(each)), each.margin == margins[-1]
        ahead, behind = each.share("ahead"), each.share("behind")
        drawn[_name(each), each.margin] = ahead[0], behind[0]
        for sign, (share, low, high), colour in ((1, ahead, AHEAD), (-1, behind, BEHIND)):
            ax.barh(row, sign * share, color=colour, height=0.7, alpha=1.0 if last else _FAINT)
            ax.plot([sign * low, sign * high], [row, row], color="#333333" if last else "#999999", linewidth=1)
    ax.axvline(0, color="#555555", linewidth=1)
    ax.set_yticks(range(len(names)), names)
    ax.set_xticks([-1, -0.5, 0, 0.5, 1], ["1", "0.5", "0", "0.5", "1"])
    ax.set(xlim=(-1, 1), ylim=(len(names) - 0.5, -0.5), title=f"{place}, after {years} years")
    ax.set_xlabel("share of draws: behind (left), ahead (right)")
    ax.tick_params(axis="y", labelsize=7)
    ax.grid(axis="y", visible=False)
    if not any(each.draws for each in here):
        say(ax, "no draw has a value")
    return drawn


def _name(each: "Odds") -> str:
    return f"{each.form} - {each.rival}"


def draw_odds(odds: "Sequence[Odds]") -> "Figure":
    """Draw every place, a row, after every number of years, a column."""
    from matplotlib.figure import Figure

    places, years = (list(dict.fromkeys(getattr(each, key) for each in odds)) for key in ("place", "years"))
    heights = [len({_name(each) for each in odds if each.place == place}) for place in places]
    margins = " and ".join(f"{margin:g}" for margin in sorted({each.margin for each in odds}))
    with house_style():
        figure = Figure(figsize=(8.6, 1.6 + 0.17 * sum(heights) + 0.75 * len(places)), layout="constrained")
        ratios = {"height_ratios": [height + 3 for height in heights]}
        axes = figure.subplots(len(places), len(years), squeeze=False, sharey="row", gridspec_kw=ratios)
        for row, place in enumerate(places):
            for column, year in enumerate(years):
                shares_of_draws(axes[row, column], odds, place, year)
        figure.suptitle("Ahead and behind, over all that is not known", x=0.01, ha="left", fontweight="bold")
        draws = max((each.draws for each in odds), default=0)
        figure.supxlabel(
            f"{draws} draws from the declared ranges. Ahead: the 95 % interval of the mean paired difference lies "
            f"above the margin of {margins}\n(faint to full); behind: below minus that; else undecided. Lines: 95 % "
            "intervals over draws (Wilson).\nEvery rival: ahead of all, or behind all, of those in the place.",
            x=0.01, ha="left", fontsize=8, color="#444444",
        )  # fmt: skip
    return figure
