"""The results as a page to read: tables, thresholds, and what they do not say."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmarks import names

MISSING = "-"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Return a Markdown table, its first column to the left and the others to the right."""
    rule = [":--", *["--:"] * (len(head) - 1)]
    return ["| " + " | ".join(map(str, row)) + " |" for row in (head, rule, *rows)] + [""]


def number(x: float | None) -> str:
    """Return a number with three digits, or more where it is larger."""
    if x is None:
        return MISSING
    if x >= 100:
        return f"{x:,.0f}"
    return f"{x:.3g}"


def megabytes(n: float | None) -> str:
    """Return bytes as MiB."""
    return MISSING if n is None else f"{n / 2**20:,.0f}"


def report(r: Mapping[str, Any]) -> str:
    """Return the results as Markdown."""
    parts = (_head, _thresholds, _costs, _checks, _counts, _phases, _starts, _memory, _curves)
    return "\n".join(line for part in parts for line in part(r)).rstrip() + "\n"


def _head(r: Mapping[str, Any]) -> list[str]:
    m, sizes = r["machine"], r["sizes"]
    versions = ", ".join(f"{name} {version}" for name, version in m["versions"].items() if version)
    told = m["commit"]
    commit = f", commit {told['commit'][:12]}{' with changes' if told['dirty'] else ''}" if told else ""
    lines = ["# What linli costs", ""]
    if r["quick"]:
        lines += ["**A quick run at small sizes: it shows that everything works, its numbers mean little.**", ""]
    lines += [
        f"{m['date']}; {m['processor']}, {m['cores']} cores, {m['memory_gib']} GiB, "
        f"{m['system']}; Python {m['python']}, {versions}{commit}. "
        "Made by `make benchmark`; how, and what to keep in mind, is told in [README.md](README.md).",
        "",
        f"{sizes['households']} households x {sizes['months']} months unless another size is named; medians of "
        f"{sizes['rounds']} interleaved rounds, warm. The world is `market` in the place `trapped`, all rules.",
        "",
    ]
    return lines


def _thresholds(r: Mapping[str, Any]) -> list[str]:
    rows = [
        (
            t["what"],
            f"at {'least' if t['at_least'] else 'most'} {t['bound']:g}",
            number(t["found"]),
            t["unit"],
            t["verdict"] if t["verdict"] == "reached" else f"**{t['verdict']}**",
        )
        for t in r["thresholds"]
    ]
    return ["## What must be reached on two cores", "", *table(("", "must be", "is", "unit", ""), rows)]


def _costs(r: Mapping[str, Any]) -> list[str]:
    rows = [
        (
            row["name"],
            number(row["ns"]),
            f"{number(row['low'])} to {number(row['high'])}",
            number(row["runs_per_second"]),
            megabytes(r["memory"].get(row["name"])),
        )
        for row in r["rows"]
    ]
    rows += [(name, "not installed", MISSING, MISSING, MISSING) for name in r["absent"]]
    head = ("", "ns per household-month", "lowest to highest", "runs per second", "peak memory, MiB")
    return [
        "## Side by side",
        "",
        *table(head, rows),
        "The core is a small part of linli's month: neighbours, one payment decision, one firm. Peak memory is that of "
        "a process that does this once.",
        "",
    ]


def _checks(r: Mapping[str, Any]) -> list[str]:
    return ["## Do they agree?", "", *table(("", "against", "agree in"), r["checks"])]


def _counts(r: Mapping[str, Any]) -> list[str]:
    c = r["counts"]
    named = {
        "philox": "draws: Philox blocks of four uniforms",
        "logistic": "logistics",
        "logit": "logits, inverse logistics",
        "normal_quantile": "normal quantiles",
        "power": "powers",
        "exp": "exponentials, in these and elsewhere",
        "log": "logarithms, in these and elsewhere",
    }
    rows = [(text, f"{c[name]:.2f}") for name, text in named.items()]
    return ["## What a household-month of linli takes", "", *table(("", "per household-month"), rows)]


def _phases(r: Mapping[str, Any]) -> list[str]:
    total = sum(r["phases"].values())
    rows = [(name, number(ns), f"{ns / total:.0%}") for name, ns in r["phases"].items()]
    return [
        "## Where a month goes",
        "",
        *table(("phase", "ns per household-month", "share"), [*rows, ("all", number(total), "100%")]),
    ]


def _starts(r: Mapping[str, Any]) -> list[str]:
    rows = [(name, number(seconds)) for name, seconds in r["starts"].items()]
    rows.append(("linli run market, nothing compiled yet", number(r["cold"])))
    return ["## Start-up", "", *table(("", "seconds"), rows)]


def _memory(r: Mapping[str, Any]) -> list[str]:
    sizes = r["sizes"]
    households, months, spinup = sizes["small"]
    estates, each = sizes["large"]
    told = {
        names.FEW: f"{sizes['few']:,} runs of {households} households x {spinup} + {months} months",
        names.MANY: f"{sizes['many']:,} such runs",
        names.LARGE: f"one run of {estates:,} estates x {each} households, {sizes['months']} months",
    }
    rows = [(text, megabytes(r["memory"].get(name))) for name, text in told.items()]
    return ["## Memory of whole programs", "", *table(("", "peak, MiB"), rows), r["many_note"], ""]


def _curves(r: Mapping[str, Any]) -> list[str]:
    lines = ["## Cost against size", "", "![ns per household-month against households and runs](cost.png)", ""]
    for key, title in (("households", "households"), ("runs", "runs in one call")):
        curves = {name: dict(curve) for name, curve in r[key].items()}
        sizes = sorted({size for curve in curves.values() for size in curve})
        rows = [(f"{size:,}", *(number(curve.get(size)) for curve in curves.values())) for size in sizes]
        lines += table((title, *curves), rows)
    return lines
