"""What an ablation found, in words and as Markdown: made of its table alone, so that a kept table tells the same."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.analysis.ablation import (
    ALONE,
    BEYOND_ALONE,
    BEYOND_LAST,
    CHANCE,
    LAST,
    LESS,
    MISSING,
    MORE,
    MOVED,
    NOISE,
    NOTHING,
    SUM_ALONE,
    SUM_LAST,
    WHOLE,
    only,
    records,
)
from sim.outcomes import OUTCOMES
from sim.tables import fixed

if TYPE_CHECKING:
    import pandas as pd

LEGEND = (
    "Each cell is a paired mean difference with its 95 % interval, same households and same luck. *Set back*: the form "
    "less the form without the lever, so what goes with it. *Alone*: the rival with the lever less the rival, so what "
    "it brings by itself. `0`: no run differs in the outcome at all. *Noise*: the interval holds zero. ?: told by its "
    "own interval, not when all levers of this rival and outcome are looked at together (Benjamini and Hochberg, 5 %). "
    "Where levers work together neither column adds up to the whole; the last rows say by how much."
)


def words(table: "pd.DataFrame") -> dict[str, str]:
    """Say for each rival and outcome what the form does, which levers it hangs on, what is not told from noise."""
    return {
        f"{OUTCOMES[str(name)].label}, {form} less {rival}": _sentence(str(name), part)
        for (form, rival, name), part in table.groupby(["form", "rival", "outcome"], sort=False)
    }


def _sentence(name: str, part: "pd.DataFrame") -> str:
    """Say of one rival and outcome what is told apart and what is not."""
    whole = only(part, WHOLE)
    levers = part[part["row"] == LAST]
    apart = levers[levers["verdict"].isin((MORE, LESS))]
    order = apart["mean"].abs().sort_values(ascending=False).index
    most = [f"{row['lever']} {written(row)}" for row in records(apart.loc[order[:3]])]
    hangs = f"set back one at a time, most goes with {_listed(most)}" if most else "no lever set back alone is told"
    noise, idle = int((levers["verdict"] == NOISE).sum()), int((levers["verdict"] == NOTHING).sum())
    beyond, moved = only(part, BEYOND_ALONE), only(part, MOVED)
    itself = "" if moved["verdict"] == MISSING else f"; {moved['rival']} itself moved by {written(moved)}"
    together = f"the whole less the sum of what each brings alone: {written(beyond)}"
    return (
        f"{written(whole)} ({OUTCOMES[name].unit}{itself}); {hangs}; of "
        f"{len(levers)} levers set back, not told from noise: {noise}, without any effect: {idle}; {together}."
    )


def _listed(told: list[str]) -> str:
    return ", ".join(told[:-1]) + (" and " if told[1:] else "") + told[-1]


def digits(outcome: str) -> int:
    """Return the decimals an outcome is told with: three for shares, one for yuan, severity and the like."""
    return 3 if OUTCOMES[outcome].unit.startswith(("share", "household yuan", "quality", "stock")) else 1


def written(row: dict[str, Any]) -> str:
    """Write a row of the table: mean and interval, and what cannot be told from noise marked."""
    n = digits(str(row["outcome"]))
    if row["verdict"] == NOTHING:
        return "0"
    if row["verdict"] == MISSING:
        return f"{fixed(row['mean'], n, '+')} (one run)" if row["n"] == 1 else "-"
    interval = spread(row["mean"], row["low"], row["high"], n)
    if row["verdict"] == NOISE:
        return f"{interval} noise"
    doubtful = row["row"] in (LAST, ALONE) and not row["p_adjusted"] < CHANCE
    return interval + ("?" if doubtful else "")


def spread(mean: float, low: float, high: float, n: int) -> str:
    """Write a difference and its interval with n decimals."""
    if low != low:
        return "-" if mean != mean else f"{fixed(mean, n, '+')} (one run)"
    return f"{fixed(mean, n, '+')} [{fixed(low, n, '+')}, {fixed(high, n, '+')}]"


def markdown(table: "pd.DataFrame", told: dict[str, Any]) -> str:
    """Return the page of an ablation: what was run, the words, then a table per rival and outcome.

    told : months, replicates, seed and command of the runs.
    """
    form, place = str(table["form"].iloc[0]), str(table["place"].iloc[0])
    lines = [
        f"# What {form} hangs on in {place}",
        "",
        f"{told['replicates']} replicates, {told['months']} months, seed {told['seed']}; made by `{told['command']}`. "
        "How to read it, and what it is not: `docs/ablation.md`.",
        "",
        LEGEND,
        "",
    ]
    for rival, mine in table.groupby("rival", sort=False):
        said = [f"- {title}: {sentence}" for title, sentence in words(mine).items()]
        lines += [f"## Against {rival}", "", *said, "", *_values(mine), ""]
        for name, part in mine.groupby("outcome", sort=False):
            lines += [*_part(str(name), part), ""]
    return "\n".join(lines).rstrip() + "\n"


def _values(mine: "pd.DataFrame") -> list[str]:
    """Return the table of what each lever is in the form and in the rival."""
    levers = mine.loc[mine["row"] == LAST, ["lever", "in_form", "in_rival"]].drop_duplicates()
    rows = [f"| `{lever}` | {own} | {other} |" for lever, own, other in levers.to_numpy().tolist()]
    return ["| lever | in the form | in the rival |", "|---|---|---|", *rows]


def _part(name: str, part: "pd.DataFrame") -> Iterator[str]:
    """Yield the table of one rival and outcome."""
    outcome = OUTCOMES[name]
    yield f"**{outcome.label}** (`{name}`, {outcome.unit}; {outcome.summary()})"
    yield ""
    yield "| | set back | alone |"
    yield "|---|---|---|"
    yield f"| whole form less rival | {written(only(part, WHOLE))} | |"
    if only(part, MOVED)["verdict"] != MISSING:
        yield f"| the rival itself, since the month before the policy | {written(only(part, MOVED))} | |"
    alone = {row["lever"]: row for row in records(part[part["row"] == ALONE])}
    for row in records(part[part["row"] == LAST]):
        yield f"| `{row['lever']}` | {written(row)} | {written(alone[row['lever']])} |"
    yield f"| sum over levers | {written(only(part, SUM_LAST))} | {written(only(part, SUM_ALONE))} |"
    yield f"| whole less that sum | {written(only(part, BEYOND_LAST))} | {written(only(part, BEYOND_ALONE))} |"
