"""Points from elsewhere: a table beside the study, or the dictionary of Mesa's `batch_run`."""

import math
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.parameters.declaration import Parameter
from sim.scenarios.values import checked, shortened, written
from sim.studies.delimited import LARGEST, Cells, cells_of
from sim.studies.design import LUCK, Design
from sim.studies.schema import MAX_POINTS, check_factor

POINT = "point"
"""The column in which linli itself numbers points."""
IDS = frozenset({"", "id", "index", "unnamed: 0", "label", "name", "run", POINT})
"""Columns that say which row is which, in small letters."""


def read_points(folder: Path, name: str, constants: Collection[str] = (), asked: str = "") -> Design:
    """Read points from a table in a study's folder: a head of group.name, a row per point, blank for not set.

    A column that numbers or names the rows is left out. constants : what the study sets in every run, which no column
    may set again; asked : file and line that name the table.

    Raises InputError with file and line for the first thing that is wrong.
    """
    path = folder / name
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
        if not inside or not path.is_file():
            where = f"{asked}: " if asked else ""
            raise InputError(f"{where}{written(name)}: there is no such file in the study's folder")
        if path.stat().st_size > LARGEST:
            raise InputError(f"{name}: more than {LARGEST} bytes")
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{name}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    return points_of(cells_of(data, name), constants)


def points_of(cells: Cells, constants: Collection[str] = ()) -> Design:
    """Return the points of a table.

    Raises InputError with file and line for the first thing that is wrong.
    """
    line, head = cells.rows[0] if cells.rows else (1, [])
    where = cells.where(line)
    width = max((k + 1 for k, cell in enumerate(head) if cell), default=0)
    head = head[:width]
    _check_head(head, where)
    columns = [(k, cell) for k, cell in enumerate(head) if cell.lower() not in IDS]
    parameters = [(k, check_factor(cell, where)) for k, cell in columns]
    twice = next((cell for _, cell in columns if cell in constants), None)
    if twice is not None:
        raise InputError(f"{where}: {twice} is a constant of the study too; leave one out")
    if len(cells.rows) - 1 > MAX_POINTS:
        raise InputError(f"{cells.name}: more than {MAX_POINTS} points")
    rows = [_point(cells, line, row, width, parameters) for line, row in cells.rows[1:]]
    if not rows:
        raise InputError(f"{cells.name}: has no points; write a line of values under the first line")
    if not any(cells.rows[-1][1]) and len(rows) > 1:
        last = cells.where(cells.rows[-1][0])
        raise InputError(f"{last}: a last row of empty cells; delete it, or write a point that sets nothing elsewhere")
    if POINT in head:
        _check_order(cells, head.index(POINT))
    return Design(tuple(cell for _, cell in columns), np.array(rows, float))


def _check_head(head: Sequence[str], where: str) -> None:
    """Raise InputError unless the first line names factors, saying what else it is."""
    if head and head[0].startswith("BehaviorSpace results"):
        right = "linli study convert makes a study of it"
        raise InputError(f"{where}: this is a table of NetLogo's BehaviorSpace; {right}")
    if head and all(_is_number(cell) for cell in head):
        right = "write a first line that names the factors, group.name,group.name, and no # before it"
        raise InputError(f"{where}: the first line holds numbers; {right}")
    if LUCK in head:
        raise InputError(f"{where}: {LUCK} belongs to the design of a sensitivity analysis; leave the column out")
    named = [cell for cell in head if cell.lower() not in IDS]
    if not named or len(set(named)) < len(named):
        again = next((cell for cell in named if named.count(cell) > 1), "")
        what = f"; {shortened(again)} is named twice" if again else ""
        raise InputError(f"{where}: the first line must name each factor once, group.name,group.name{what}")


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True


def _check_order(cells: Cells, column: int) -> None:
    """Raise InputError where points are numbered otherwise than linli will number them."""
    for number, (line, row) in enumerate(cells.rows[1:]):
        if row[column] and cells.number(row[column], line, POINT) != number:
            right = "sort the rows by it, from 0 on, or call the column id"
            raise InputError(f"{cells.where(line)}: point {shortened(row[column])} stands in place {number}; {right}")


def _point(
    cells: Cells, line: int, row: Sequence[str], width: int, parameters: Sequence[tuple[int, Parameter]]
) -> list[float]:
    if len(row) < width or any(row[width:]):
        raise InputError(f"{cells.where(line)}: {len(row)} cells, but the first line names {width}")
    return [_cell(cells, line, parameter, row[k]) for k, parameter in parameters]


def _cell(cells: Cells, line: int, parameter: Parameter, cell: str) -> float:
    if not cell:
        return math.nan
    raw = cell if parameter.choices else cells.number(cell, line, parameter.path)
    return checked(parameter.path, raw, cells.where(line))


def from_batch_run(
    scenarios: Sequence[str] | str,
    parameters: Mapping[str, Any],
    *,
    iterations: int = 1,
    max_steps: int = 120,
    seed: int = 1,
    question: str = "",
) -> dict[str, Any]:
    """Turn the arguments of `mesa.batch_run` into a study: several values make a factor, a single one a constant.

    Unlike there, `max_steps` months are run and not one more, and every iteration has luck of its own, the same
    in every combination of the values.

    parameters : values, or lists of values, by group.name.

    Returns what `sim.studies.run` takes.
    """
    factors, constants = {}, {}
    for path, values in parameters.items():
        several = not isinstance(values, str) and hasattr(values, "__iter__")
        plain = [
            value.item() if isinstance(value, np.generic) else value for value in (values if several else [values])
        ]
        if several:
            factors[path] = {"values": plain}
        else:
            constants[path] = plain[0]
    study: dict[str, Any] = {
        "question": question or f"What changes with {', '.join(factors) or 'nothing'}?",
        "scenarios": [scenarios] if isinstance(scenarios, str) else list(scenarios),
        "months": max_steps,
        "replicates": iterations,
        "seed": seed,
        "constants": constants,
    }
    return study | ({"factors": factors, "sampling": {"method": "grid"}} if factors else {})
