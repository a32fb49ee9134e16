"""What a comparison at equal money found, as lines, tables and a page."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.results import Interval
from sim.studies.equal_money import COST, NEEDED, OUTCOMES, TOLERANCE, Form
from sim.studies.patterns_told import rows_of


def lines(forms: Sequence[Form]) -> list[str]:
    """Return the comparison for people."""
    told = []
    for row in dict.fromkeys(form.row for form in forms):
        told += ["", f"{row or 'no money'}"]
        for form in (form for form in forms if form.row == row):
            bills, cover, left = (form.mean(name) for name in OUTCOMES)
            told.append(
                f"  {form.place:<10} {form.name:<16} bills paid {_shown(bills, 3)}, cost covered {_shown(cover, 3)}, "
                f"unresolved {_shown(left, 1)}, full cost {_shown(form.mean(COST), 1)} yuan, public money "
                f"{_shown(form.mean('public_cost'), 1)} yuan" + (f", amount x {form.times:g}" if row else "")
            )
            if form.base is not None:
                bills, cover, left = (form.more(name) for name in OUTCOMES)
                far = abs(form.dearer) > TOLERANCE
                told.append(
                    f"  {'':<10} {'- ' + form.base.name:<16} bills paid {_shown(bills, 3, '+')}, cost covered "
                    f"{_shown(cover, 3, '+')}, unresolved {_shown(left, 1, '+')}, full cost {100 * form.dearer:+.1f} %"
                    f"{' (not equal)' if far else ''}{_alone(form)}"
                )
    return told[1:]


def _alone(form: Form) -> str:
    """Say how far the form that another is compared with moved by itself."""
    base = form.base or form
    bills, cover, left = (base.moved(name).mean for name in OUTCOMES)
    if np.isnan(bills):
        return ""
    return f"; {base.name} itself moved by {bills:+.3f}, {cover:+.3f}, {left:+.1f}"


def _shown(interval: Interval, digits: int, sign: str = "") -> str:
    return f"{interval.mean:{sign}.{digits}f} ({interval.low:{sign}.{digits}f} to {interval.high:{sign}.{digits}f})"


def columns(forms: Sequence[Form]) -> dict[str, np.ndarray]:
    """Return one row a form as columns: means, paired differences with their intervals, and the difference in cost."""
    found: dict[str, list[object]] = {}
    for form in forms:
        row: dict[str, object] = {"money": form.row or "none", "place": form.place, "form": form.name}
        row |= {"times": form.times, "base": (form.base or form).name, "dearer": form.dearer}
        for name in NEEDED:
            for what, interval in (("", form.mean(name)), ("_more", form.more(name))):
                row |= {f"{name}{what}{end}": getattr(interval, end[1:] or "mean") for end in ("", "_low", "_high")}
        row |= {f"{name}_drift": (form.base or form).moved(name).mean for name in OUTCOMES}
        for key, value in row.items():
            found.setdefault(key, []).append(value)
    texts = ("money", "place", "form", "base")
    arrays = {key: np.array(values, object if key in texts else float) for key, values in found.items()}
    return {key: array if key in texts else np.ma.masked_invalid(array) for key, array in arrays.items()}


def pairs(forms: Sequence[Form]) -> dict[str, np.ndarray]:
    """Return every form less each before it in its row and place, paired run by run: one row a pair, as columns.

    drift : how far the earlier form, the rival, moved by itself; dearer : by what share of the rival's cost.
    """
    found: dict[str, list[object]] = {}
    for k, form in enumerate(forms):
        for rival in (other for other in forms[:k] if (other.row, other.place) == (form.row, form.place)):
            row: dict[str, object] = {"money": form.row or "none", "place": form.place, "form": form.name}
            row |= {"rival": rival.name}
            for name in NEEDED:
                more = Interval(form.values[name] - rival.values[name])
                row |= {f"{name}{end}": getattr(more, end[1:] or "mean") for end in ("", "_low", "_high")}
            row["dearer"] = float((form.values[COST] - rival.values[COST]).mean() / rival.mean(COST).mean)
            row |= {f"{name}_drift": rival.moved(name).mean for name in OUTCOMES}
            for key, value in row.items():
                found.setdefault(key, []).append(value)
    texts = ("money", "place", "form", "rival")
    return {
        key: np.array(of, object) if key in texts else np.ma.masked_invalid(np.array(of, float))
        for key, of in found.items()
    }


def page(forms: Sequence[Form]) -> str:
    """Return the finding as Markdown: every form less each other in its row and place, and how far the rival moved."""
    text = [
        "# Forms at equal money",
        "",
        "Written by `linli study money` from `scenarios/studies/equal_money.toml`. In the rows *subsidy_taper* and",
        "*subsidy_permanent* the subsidy of each form is sized so that full cost is the same; in *none* nothing is",
        "offered, and forms cost what they cost. Paired differences over ten years, with 95 % intervals of their",
        "means; beside bills and cover stands how far the rival moved by itself since the policy month. Money in yuan",
        "per dwelling and year.",
        "",
        "| place | money | form less rival | bills paid | rival alone | cost covered | rival alone | unresolved "
        "| full cost | public money |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows_of(pairs(forms)):
        more = {name: _shown_row(row, name, digits) for name, digits in _DIGITS.items()}
        drifts = {name: row[f"{name}_drift"] for name in OUTCOMES}
        moved = {name: "" if drift is None else f"{drift:+.3f}" for name, drift in drifts.items()}
        cells = [row["place"], row["money"], f"{row['form']} less {row['rival']}"]
        cells += [more["payment_rate"], moved["payment_rate"], more["cost_covered"], moved["cost_covered"]]
        cells += [more["unresolved"], more[COST], more["public_cost"]]
        text.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(text) + "\n"


_DIGITS = {"payment_rate": 3, "cost_covered": 3, "unresolved": 1, COST: 1, "public_cost": 1}


def _shown_row(row: Mapping[str, Any], name: str, digits: int) -> str:
    mean, low, high = (f"{row[name + end]:+.{digits}f}" for end in ("", "_low", "_high"))
    return f"{mean} ({low} to {high})"
