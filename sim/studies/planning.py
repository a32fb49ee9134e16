"""Tell what the runs of a study say about the number of replicates needed."""

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.scenarios.values import did_you_mean
from sim.studies.replicates import ALPHA, PILOT, POWER, Cell, Pair, Report, as_rows, report
from sim.studies.store import read_store


def plan(path: Path, outcome: str, precision: float, difference: float) -> Report:
    """Work out how many replicates a study needs.

    Raises InputError where the outcome was not kept or a number is wrong.
    """
    store = read_store(path)
    kept = store.manifest["outcomes"]
    if outcome not in kept:
        raise InputError(f"--outcome {outcome} was not kept in this study{did_you_mean(outcome, kept)}")
    for name, value in (("precision", precision), ("difference", difference)):
        if not (math.isfinite(value) and value > 0):
            raise InputError(f"--{name} {value:g} must be above 0, for example 0.01.")
    if not store.chunks:
        raise InputError(f"{path} holds no runs yet; linli study resume {path} makes them.")
    return report(store, outcome, precision, difference)


def data(found: Report) -> dict[str, Any]:
    """Return it for JSON."""
    asked = {"outcome": found.outcome, "precision": found.precision, "difference": found.difference}
    return asked | {"pilot": found.is_pilot, "cells": as_rows(found.cells), "pairs": as_rows(found.pairs)}


def lines(found: Report) -> list[str]:
    """Return it for people: of many points, the one that needs the most."""
    points = max(cell.point for cell in found.cells) + 1
    of = "" if points == 1 else f", of {points} points the one that needs most"
    told = [f"{found.outcome}: runs for a mean known to {found.precision:g} (half-width, 95 %){of}"]
    for cells in _by_arm(found.cells):
        told.append(_mean(max(cells, key=lambda cell: (_many(cell.needed), cell.sd))))
        groups = [cell for cell in cells if cell.modes]
        told += [_groups(groups, len(cells))] if groups else []
    if found.pairs:
        told += [
            "",
            f"runs to find a difference of {found.difference:g} on equal luck (alpha {ALPHA:g}, power {POWER:g}){of}",
            *(_pair(max(pairs, key=lambda pair: _many(pair.needed))) for pairs in _by_arm(found.pairs)),
        ]
    if not found.is_pilot:
        told += [
            "",
            f"Fewer than {PILOT} runs somewhere: these standard deviations are rough; take a larger pilot first.",
        ]
    return told


def _by_arm(items: Iterable[Any]) -> list[list[Any]]:
    found: dict[tuple[str, str], list[Any]] = {}
    for item in items:
        found.setdefault((item.scenario, item.place), []).append(item)
    return list(found.values())


def _many(n: int | None) -> float:
    return -1 if n is None else n


def _mean(cell: Cell) -> str:
    if cell.n < 2:
        return f"  {cell.scenario} @ {cell.place}: too few runs with a value"
    needed = "no number: the runs part into groups" if cell.needed is None else f"{cell.needed}"
    now = f"{cell.n} there give {cell.mean:.4g} ({cell.low:.4g} to {cell.high:.4g}), sd {cell.sd:.3g}"
    return f"  {cell.scenario} @ {cell.place}: {needed} ({now})"


def _groups(cells: list[Cell], n: int) -> str:
    shown = " / ".join(
        f"{mode.mean:.3g} in {100 * mode.share:.0f} % ({100 * mode.low:.0f} to {100 * mode.high:.0f})"
        for mode in cells[0].modes
    )
    where = "" if n == 1 else f" at {len(cells)} of {n} points, for example at point {cells[0].point}"
    return f"    groups{where}: {shown}"


def _pair(pair: Pair) -> str:
    if pair.n < 2:
        return f"  {pair.scenario} - {pair.base} @ {pair.place}: too few runs with a value"
    needed, apart = (f"{n}" if n is not None else "more than 10 million" for n in (pair.needed, pair.unpaired))
    same = "" if math.isnan(pair.correlation) else f", correlation {pair.correlation:.2f}"
    now = f"{pair.n} there have power {pair.power:.2f}; sd {pair.sd:.3g}{same}"
    return f"  {pair.scenario} - {pair.base} @ {pair.place}: {needed}, and {apart} on luck of its own ({now})"
