"""What a search for patterns found, as tables, lines and a page."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.studies.odds import wilson
from sim.studies.patterns import Found, Reached

Rows = Sequence[Mapping[str, Any]]
ROW, PATTERN, KEEPS = "row", "pattern", "keeps"
"""Kinds of line in the table."""


def columns(found: Found) -> dict[str, np.ndarray]:
    """Return a row each observed number, pattern, and what the firm's stay comes to, as columns.

    points : with a value; reached : points, or runs of `keeps`, that reach it; nearest : the value of any point that is
    nearest to the target; first : the first point that reaches it, -1 for none.
    """
    rows: list[dict[str, Any]] = []
    for told, row in zip(found.told.rows, found.rows, strict=True):
        values = found.values[told.name]
        numbers = {"target": told.target, "low": told.low, "high": told.high}
        middle = float(np.median(values[row.there])) if row.there.any() else np.nan
        numbers |= {"median": middle, "nearest": _nearest(values, told.target)}
        rows.append({"kind": ROW, "name": told.name, "source": told.source, "arm": told.arm} | numbers | _counts(row))
    for pattern in found.patterns:
        of = "; ".join(found.told.patterns[pattern.name])
        names = {"kind": PATTERN, "name": pattern.name, "source": fact_of(pattern.name), "arm": of}
        rows.append(names | _counts(pattern))
    keeps = found.told.keeps
    same: dict[str, Any] = {"kind": KEEPS, "source": " and ".join(keeps.where), "arm": keeps.arm, "first": -1}
    same |= {"target": keeps.share, "low": keeps.share, "high": 1.0, "all": found.matched}
    sound = f"{keeps.paid - keeps.near:.2f} to {keeps.paid + keeps.near:.2f} is paid"
    for paid, kept, n in ((sound, found.kept, found.of), ("anything is paid", found.kept_any, found.of_any)):
        shares = dict(zip(("share", "share_low", "share_high"), wilson(kept, n), strict=True))
        rows.append(same | {"name": paid, "points": n, "reached": kept} | shares)
    return _as_columns(rows)


def fact_of(pattern: str) -> str:
    """Return the code of the fact that a pattern is of: what stands before a comma in its name."""
    return pattern.partition(",")[0]


def _counts(of: Reached) -> dict[str, Any]:
    share, low, high = of.share
    counts = {"points": int(of.there.sum()), "reached": int(of.yes.sum()), "all": len(of.yes), "first": of.first}
    return counts | {"share": share, "share_low": low, "share_high": high}


def _nearest(values: np.ndarray, target: float) -> float:
    known = values[np.isfinite(values)]
    return float(known[np.argmin(np.abs(known - target))]) if len(known) else np.nan


def together(found: Found) -> dict[str, np.ndarray]:
    """Return a row each pair of patterns: at how many points both are reached, and at how many chance alone would."""
    known = {pattern.name: pattern for pattern in found.patterns}
    rows = []
    for (one, other), both in found.together.items():
        by_chance = known[one].share[0] * known[other].share[0] * len(both.yes)
        counts = {"both": int(both.yes.sum()), "by_chance": by_chance, "first": both.first}
        rows.append({"pattern": one, "other": other} | counts)
    return _as_columns(rows)


def by_factor(found: Found, path: str, values: Sequence[object]) -> dict[str, np.ndarray]:
    """Return a row each pattern and value of a factor: of the points with this value, how many reach the pattern.

    values : of each point, (point,).
    """
    rows = []
    for pattern in found.patterns:
        for value in sorted(set(values), key=lambda each: (str(type(each)), each)):
            here = np.array([each == value for each in values])
            counts = {"all": int(here.sum()), "reached": int(pattern.yes[here].sum())}
            share = wilson(counts["reached"], counts["all"])
            ends = dict(zip(("share", "share_low", "share_high"), share, strict=True))
            rows.append({"pattern": pattern.name, "factor": path, "value": str(value)} | counts | ends)
    return _as_columns(rows)


_TEXTS = ("factor", "value", "kind", "name", "source", "arm", "pattern", "other")
_COUNTS = ("points", "reached", "all", "first", "both")


def _as_columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, np.ndarray]:
    keys = list(dict.fromkeys(key for row in rows for key in row))
    found: dict[str, np.ndarray] = {}
    for key in keys:
        if key in _TEXTS:
            found[key] = np.array([row[key] for row in rows], object)
        elif key in _COUNTS:
            found[key] = np.array([row.get(key, -1) for row in rows], np.int64)
        else:
            values = np.array([row.get(key, np.nan) for row in rows], float)
            found[key] = np.ma.masked_invalid(values)
    return found


def lines(rows: Rows, pairs: Rows) -> list[str]:
    """Return both tables for people."""
    told = []
    for row in rows:
        share = f"{100 * row['share']:.1f} %" if row["share"] is not None else "none"
        if row["kind"] == ROW:
            ends = f"{_number(row['low'])} to {_number(row['high'])}"
            told.append(
                f"{row['source']}, {row['name']}: {ends} reached at {share} of {row['all']} points, {row['points']} "
                f"have a value; median {_middle(row)}, nearest to {_number(row['target'])}: {_nearest_of(row)}"
            )
        elif row["kind"] == PATTERN:
            told.append(f"{row['name']}: {share} of {row['all']} points, {_point(row['first'])}")
        else:
            told.append(
                f"{row['name']}: {row['reached']} of {row['points']} runs, {share}, in {row['arm']} at the "
                f"{row['all']} points that match {row['source']}; asked for {100 * row['target']:.0f} %"
            )
    return told + [f"{row['pattern']} with {row['other']}: {row['both']} points" for row in pairs]


def page(rows: Rows, pairs: Rows, split: Rows = ()) -> str:
    """Return the finding as Markdown, made of the tables alone; split : of `by_factor`."""
    n_points = max(row["all"] for row in rows)
    text = ["# Which observed patterns the model reaches", ""]
    text += [
        "Written from `results/reference/search_patterns`. The study is `scenarios/studies/search_patterns.toml`;",
        "what counts as reached stands in `scenarios/studies/tolerances/patterns.toml`. Both were committed before the",
        "runs, but for what a healthy estate is, which was set again after a first search, as the second file says.",
        f"{n_points:,} points of the declared ranges; nothing is fitted. Which ranges moved since the first search, "
        "and why: `docs/ranges.md`.",
        "Codes are those of [the evidence](../evidence.md); only facts with the role *pattern* are looked for.",
        "",
        "## Numbers", "",
        "| fact | number | observed | counts as reached | points that reach it | median of the points | nearest |",
        "|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for row in (row for row in rows if row["kind"] == ROW):
        ends = f"{_number(row['low'])} to {_number(row['high'])}"
        reached = f"{_share(row)}{_few(row)}"
        cells = [row["source"], row["name"], _number(row["target"]), ends, reached, _middle(row), _nearest_of(row)]
        text.append(f"| {' | '.join(cells)} |")
    text += ["", "*never*: at half of the points or more the firm does not leave in ten years.", ""]
    text += ["## Patterns", "", "| pattern | numbers reached at the same point | points that reach all | first |"]
    text += ["|---|---|---|---|"]
    for row in (row for row in rows if row["kind"] == PATTERN):
        text.append(f"| {row['name']} | {row['arm']} | {_share(row)} | {_point(row['first'])} |")
    text += ["", "## Together", "", "| | and | points | expected by chance |", "|---|---|---|---|"]
    apart = [row for row in pairs if fact_of(row["pattern"]) != fact_of(row["other"])]
    text += [f"| {row['pattern']} | {row['other']} | {row['both']} | {row['by_chance']:.1f} |" for row in apart]
    if split:
        values = list(dict.fromkeys(row["value"] for row in split))
        text += ["", f"## By `{split[0]['factor']}`", ""]
        text += ["Share of the points with a value that reach the pattern.", ""]
        text += [f"| pattern | {' | '.join(values)} |", f"|---|{'---|' * len(values)}"]
        for name in dict.fromkeys(row["pattern"] for row in split):
            text.append(f"| {name} | {' | '.join(_share(row) for row in split if row['pattern'] == name)} |")
    sound, whatever = (row for row in rows if row["kind"] == KEEPS)
    text += ["", "## A healthy estate keeps its firm", "", _kept(sound, whatever)]
    return "\n".join(text) + "\n"


def _kept(row: Mapping[str, Any], whatever: Mapping[str, Any]) -> str:
    if not row["points"]:
        return f"No point matches {row['source']}, so nothing can be said."
    verdict = "reached" if row["share"] >= row["target"] else "not reached"
    if row["share_low"] < row["target"] <= row["share"]:
        verdict = "reached, though the interval goes below it"
    return (
        f"{row['all']} points match {row['source']}. There an estate of the healthy place that has a firm when the "
        f"policy month begins keeps it for ten years, where {row['name']} then, in {row['reached']} of {row['points']} "
        f"runs, {_share(row)}; asked for is {100 * row['target']:.0f} %: {verdict}. Where {whatever['name']}, it keeps "
        f"it in {whatever['reached']} of {whatever['points']}, {_share(whatever)}."
    )


def _few(row: Mapping[str, Any]) -> str:
    return "" if row["points"] == row["all"] else f"; {row['points']} have a value"


def _share(row: Mapping[str, Any]) -> str:
    return f"{100 * row['share']:.1f} % ({100 * row['share_low']:.1f} to {100 * row['share_high']:.1f})"


def _point(first: int) -> str:
    return "none" if first == -1 else f"point {first}"


def _middle(row: Mapping[str, Any]) -> str:
    return _number(row["median"]) if row["points"] else "no value"


def _nearest_of(row: Mapping[str, Any]) -> str:
    return "no value" if row["nearest"] is None else _number(row["nearest"])


def _number(value: float | None) -> str:
    return "never" if value is None else f"{value:.3g}"


def rows_of(table: Mapping[str, np.ndarray]) -> list[dict[str, Any]]:
    """Return columns as rows; what is masked is None."""
    lists = {key: values.tolist() for key, values in table.items()}
    return [dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)]
