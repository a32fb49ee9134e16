"""What a search for harm found, as a table, lines and a page."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.results import Interval
from sim.studies.harms import OUTCOMES, Harm
from sim.studies.odds import wilson
from sim.studies.runner import open_study
from sim.studies.store import read_store

Rows = Sequence[Mapping[str, Any]]


def columns(harms: Sequence[Harm]) -> dict[str, np.ndarray]:
    """Return a row a form and channel as columns: effects, shares of points that end worst, points run again."""
    found: dict[str, list[object]] = {}
    for harm in harms:
        row: dict[str, object] = {"form": harm.form, "place": harm.place, "channel": harm.channel}
        row |= {"rivals": ", ".join(harm.rivals), "points": len(harm.worst)}
        for name in OUTCOMES:
            mean, (largest, point) = Interval(harm.effects[name]), harm.largest(name)
            row |= {f"{name}_mean": mean.mean, f"{name}_low": mean.low, f"{name}_high": mean.high}
            row |= {f"{name}_largest": largest, f"{name}_largest_at": point}
        row |= {"worst_without": int(harm.worst_without.sum()), "worst": int(harm.worst.sum())}
        row |= {"turned": int(harm.turned.sum())}
        row |= {"run_again": len(harm.retold), "found": harm.found}
        told = next((each for each in harm.retold if each.found), harm.retold[0] if harm.retold else None)
        for name in OUTCOMES:
            least = told.least(name) if told else None
            row |= {f"{name}_lost{end}": getattr(least, end[1:] or "mean", np.nan) for end in ("", "_low", "_high")}
        for key, value in row.items():
            found.setdefault(key, []).append(value)
    texts = ("form", "place", "channel", "rivals")
    whole = ("points", "worst_without", "worst", "turned", "run_again", "found")
    kinds = {**dict.fromkeys(texts, object), **dict.fromkeys(whole, np.int64)}
    kinds |= {f"{name}_largest_at": np.int64 for name in OUTCOMES}
    arrays = {key: np.array(values, kinds.get(key, float)) for key, values in found.items()}
    return {key: np.ma.masked_invalid(of) if of.dtype == float else of for key, of in arrays.items()}


def witnesses(harms: Sequence[Harm], path: Path) -> dict[str, np.ndarray]:
    """Return the values of the points that were found as columns: form, channel, point, parameter, value."""
    design = open_study(read_store(path)).design
    rows = [
        (harm.form, harm.channel, harm.found, parameter, float(value))
        for harm in harms
        if harm.found != -1
        for parameter, value in design.values(harm.found).items()
    ]
    kinds = {"form": object, "channel": object, "point": np.int64, "parameter": object, "value": float}
    return {key: np.array([row[k] for row in rows], kind) for k, (key, kind) in enumerate(kinds.items())}


def lines(rows: Rows) -> list[str]:
    """Return the table for people: effects with 95 % intervals of their means, and whether the form ends worst."""
    told = []
    for row in rows:
        bills, left = ("{:+.3f} ({:+.3f} to {:+.3f}), most {:+.3f}", "{:+.2f} ({:+.2f} to {:+.2f}), most {:+.2f}")
        told.append(
            f"{row['form']} in {row['place']}, {row['channel']}: bills paid "
            + bills.format(*(row[f"payment_rate_{key}"] for key in ("mean", "low", "high", "largest")))
            + "; unresolved "
            + left.format(*(row[f"unresolved_{key}"] for key in ("mean", "low", "high", "largest")))
            + f"; ends worst at {row['worst']} of {row['points']} points, at {row['worst_without']} without, "
            + f"at {row['turned']} only with; "
            + _found(row)
        )
    return told


def _found(row: Mapping[str, Any]) -> str:
    if row["found"] != -1:
        return f"found, point {row['found']}"
    return f"not found, {row['run_again']} run again"


def page(rows: Rows) -> str:
    """Return the finding as Markdown, made of the table alone."""
    places = {row["form"]: (row["place"], row["rivals"]) for row in rows}
    text = ["# What could make a red form fail", ""]
    text += [
        "Written from `results/reference/search_harms`. The study is `scenarios/studies/search_harms.toml`; what is",
        "looked for stands in `scenarios/studies/tolerances/harms.toml`. Both were committed before the runs.",
        f"At each of {rows[0]['points']:,} points of the declared ranges one channel is put to the two ends of its",
        "range, and all else is as drawn. *Effect*: with the harm less without, on equal luck, after ten years; the",
        "mean over points with its 95 % interval, and the most harmful of all points (single runs: luck is in it).",
        "*Ends worst*: share of points at which the form has fewer bills paid and more unresolved conflict than every",
        "rival, in one run; beside it the same without the harm. *Found*: a point at which it does so only with the",
        "harm, and this stands when it is run again with other luck: with the harm each 95 % interval lies beyond 0,",
        "without it one does not, and the effect of the harm is clearly harmful in both. Where nobody bills, the bills",
        "paid count as 0.",
    ]
    for form, (place, rivals) in places.items():
        of = [row for row in rows if row["form"] == form]
        text += ["", f"## `{form}` in `{place}`, against {rivals}", ""]
        text += ["| channel | bills paid | most | unresolved | most | ends worst | without | found |"]
        text += ["|---|---|---|---|---|---|---|---|"]
        for row in of:
            shares = [_share(row[key], row["points"]) for key in ("worst", "worst_without")]
            cells = [
                str(row["channel"]),
                _mean_of(row, "payment_rate", 3),
                f"{row['payment_rate_largest']:+.2f}",
                _mean_of(row, "unresolved", 2),
                f"{row['unresolved_largest']:+.1f}",
                *shares,
                _cell(row),
            ]
            text.append(f"| {' | '.join(cells)} |")
    return "\n".join(text) + "\n"


def _mean_of(row: Mapping[str, Any], outcome: str, digits: int) -> str:
    mean, low, high = (f"{row[f'{outcome}_{key}']:+.{digits}f}" for key in ("mean", "low", "high"))
    return f"{mean} ({low} to {high})"


def _cell(row: Mapping[str, Any]) -> str:
    if row["found"] == -1:
        return f"no; {row['run_again']} points run again" if row["run_again"] else "no; no such point"
    bills, left = row["payment_rate_lost"], row["unresolved_lost"]
    return f"point {row['found']}: behind the nearest rival by {bills:.3f} of bills and {left:.1f} of conflict"


def _share(k: int, n: int) -> str:
    share, low, high = wilson(k, n)
    return f"{100 * share:.1f} % ({100 * low:.1f} to {100 * high:.1f})"
