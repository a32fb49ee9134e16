"""Designs of other tools: what NetLogo, SALib, Mesa and the EMA workbench write down, as names and rows of values.

Which parameters of linli the names stand for is decided in `sim.studies.convert`.
"""

import ast
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.scenarios.kinds_of_files import what_it_is
from sim.scenarios.values import shortened, sort_of, written
from sim.studies.delimited import LARGEST, Cells, cells_of
from sim.studies.points import IDS

Row = tuple[int, Sequence[Any]]
"""Line (0 where there are no lines) and the values of a row."""


@dataclass
class Foreign:
    """A design as its tool tells it.

    tool : what wrote it; names : its columns; rows : a row per run; ranges : lowest and highest value by name, where it
    tells no rows; several : values by name of which all combinations are meant; others as a study has them, None where
    the tool does not tell them; apart : columns that set nothing.
    """

    tool: str
    file: str
    names: Sequence[str] = ()
    rows: Sequence[Row] = ()
    cells: Cells | None = None
    ranges: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    several: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    scenarios: Sequence[str] = ()
    months: int | None = None
    replicates: int | None = None
    seed: int | None = None
    question: str = ""
    apart: Sequence[str] = ()

    def where(self, line: int) -> str:
        """Say file and line."""
        return f"{self.file}:{line}" if line else self.file


def read_foreign(path: Path, sample: Path | None = None) -> Foreign:
    """Read the design of another tool; sample : the matrix of a sample, for a problem of SALib.

    Raises InputError, with file and line, where it is none, or what it tells cannot be understood.
    """
    name, data = path.name, _bytes(path)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" or path.suffix in (".json", ".py"):
        told = _literal(data, name)
        if "names" in told and ("bounds" in told or "num_vars" in told):
            return _salib(told, name, sample)
        found = _mesa(told, name)
    else:
        cells = cells_of(data, name)
        if not cells.rows:
            raise InputError(f"{name}: the file is empty; name the design of a study")
        line, head = cells.rows[0]
        if head[0].startswith("BehaviorSpace results"):
            found = _behaviorspace(cells)
        elif {"policy", "model"} <= set(head):
            found = _ema(cells)
        else:
            found = _rows_of(cells, "a table", line, head, cells.rows[1:], {*IDS})
    if sample is not None:
        raise InputError(f"--sample {sample}: belongs to a problem of SALib, and {name} is {found.tool}; leave it out")
    return found


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise InputError(f"{path}: this is a folder; name one file in it")
        if path.stat().st_size > LARGEST:
            raise InputError(f"{path}: more than {LARGEST} bytes")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None


def _literal(data: bytes, name: str) -> Mapping[str, Any]:
    """Read a dictionary as JSON, or as a literal of Python, alone or under a name; nothing is executed."""
    what = what_it_is(data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        what = what or "no text in UTF-8"
    if what:
        raise InputError(f"{name}: this is {what}; name a file with a dictionary as JSON or Python writes it")
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = _python(text, name)
    if not isinstance(told, dict) or not all(isinstance(key, str) for key in told):
        raise InputError(f"{name}: holds {sort_of(told)}, not a dictionary of names; write {{'group.name': [1, 2]}}")
    return told


def _python(text: str, name: str) -> Any:
    try:
        tree = ast.parse(text)
        statements = [node for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign | ast.Expr)]
        found = [node.value for node in statements if isinstance(node.value, ast.Dict)]
        if len(found) == 1:
            return ast.literal_eval(found[0])
    except SyntaxError as error:
        raise InputError(f"{name}:{error.lineno or 1}: neither JSON nor Python: {shortened(error.msg)}") from None
    except (ValueError, TypeError, MemoryError, RecursionError) as error:
        right = "write the dictionary with plain numbers, words and lists"
        raise InputError(
            f"{name}: is computed, and nothing is executed here ({shortened(str(error))}); {right}"
        ) from None
    raise InputError(f"{name}: holds {len(found)} dictionaries; leave one, which says what is varied")


# --- NetLogo --------------------------------------------------------------------------------------------------------


def _behaviorspace(cells: Cells) -> Foreign:
    """Read what BehaviorSpace writes, a row a run and step (table) or a column a run (spreadsheet)."""
    version = " ".join(cells.rows[0][1])
    at = next((k for k, (_, row) in enumerate(cells.rows) if row[0] == "[run number]"), None)
    if at is None:
        raise InputError(f"{cells.name}: a file of BehaviorSpace without a row that begins with [run number]")
    question = cells.rows[2][1][0] if at > 2 else ""
    if "Table" in version:
        found = _table(cells, at)
    elif "Spreadsheet" in version:
        found = _spreadsheet(cells, at)
    else:
        right = "convert the table or the spreadsheet of the same experiment"
        raise InputError(f"{cells.name}:{cells.rows[0][0]}: {shortened(version)} tells no design; {right}")
    found.question = question
    return found


def _table(cells: Cells, at: int) -> Foreign:
    line, head = cells.rows[at]
    if "[step]" not in head:
        raise InputError(f"{cells.where(line)}: there is no column [step] after the variables")
    last = head.index("[step]")
    runs: dict[str, Row] = {}
    steps = 0.0
    for number, row in cells.rows[at + 1 :]:
        if len(row) < last + 1:
            raise InputError(f"{cells.where(number)}: {len(row)} cells, but the row [run number] names {len(head)}")
        runs.setdefault(row[0], (number, row[1:last]))
        steps = max(steps, cells.number(row[last], number, "[step]"))
    return Foreign(
        "a table of BehaviorSpace", cells.name, head[1:last], list(runs.values()), cells,
        months=_whole(steps), apart=head[last + 1 :],
    )  # fmt: skip


def _spreadsheet(cells: Cells, at: int) -> Foreign:
    line, numbers = cells.rows[at]
    firsts = {number: k for k, number in reversed(list(enumerate(numbers))) if k and number}
    names: list[str] = []
    columns: list[tuple[int, list[str]]] = []
    steps = 0.0
    for number, row in cells.rows[at + 1 :]:
        if row[0] == "[total steps]":
            steps = max((cells.number(cell, number, row[0]) for cell in row[1:] if cell), default=0)
        elif row[0].startswith("[all run data]"):
            break
        elif not row[0].startswith("["):
            names.append(row[0])
            columns.append((number, row))
    order = sorted(firsts.values())
    short = next((number for number, row in columns if len(row) <= max(order, default=0)), None)
    if short is not None:
        raise InputError(f"{cells.where(short)}: fewer cells than the row [run number]")
    rows = [(line, [row[k] for _, row in columns]) for k in order]
    return Foreign("a spreadsheet of BehaviorSpace", cells.name, names, rows, cells, months=_whole(steps))


def _whole(steps: float) -> int | None:
    return int(steps) if steps >= 1 else None


# --- tables ---------------------------------------------------------------------------------------------------------


def _ema(cells: Cells) -> Foreign:
    line, head = cells.rows[0]
    return _rows_of(
        cells, "experiments of the EMA workbench", line, head, cells.rows[1:], {*IDS, "scenario", "policy", "model"}
    )


def _rows_of(cells: Cells, tool: str, line: int, head: Sequence[str], rows: Sequence[Row], ids: set[str]) -> Foreign:
    """Return a table but for the columns that name its rows."""
    kept = [k for k, name in enumerate(head) if name.lower() not in ids]
    for number, row in rows:
        if len(row) != len(head):
            raise InputError(f"{cells.where(number)}: {len(row)} cells, but line {line} names {len(head)}")
    chosen = [(number, [row[k] for k in kept]) for number, row in rows]
    return Foreign(tool, cells.name, [head[k] for k in kept], chosen, cells)


# --- dictionaries ---------------------------------------------------------------------------------------------------


def _salib(problem: Mapping[str, Any], name: str, sample: Path | None) -> Foreign:
    names, bounds = problem["names"], problem.get("bounds", [])
    if not _is_list(names) or not all(isinstance(one, str) for one in names):
        raise InputError(f"{name}: names of a problem of SALib are a list of words")
    if sample is not None:
        cells = cells_of(_bytes(sample), sample.name)
        rows = cells.rows[1:] if cells.rows and list(cells.rows[0][1]) == list(names) else cells.rows
        for number, row in rows:
            if len(row) != len(names):
                raise InputError(f"{cells.where(number)}: {len(row)} cells, but {name} names {len(names)} factors")
        return Foreign("a sample of SALib", sample.name, names, rows, cells)
    shapes = problem.get("dists")
    if shapes is not None and set(shapes) != {"unif"}:
        raise InputError(f"{name}: dists other than unif; give the sample that was drawn, --sample FILE")
    if (
        not _is_list(bounds)
        or len(bounds) != len(names)
        or not all(_is_list(pair) and len(pair) == 2 for pair in bounds)
    ):
        raise InputError(f"{name}: bounds of a problem of SALib are a list with [low, high] for each of the names")
    return Foreign(
        "a problem of SALib", name, ranges={one: tuple(pair) for one, pair in zip(names, bounds, strict=True)}
    )


_OF_RUNS = {"max_steps": "months", "months": "months", "iterations": "replicates", "seed": "seed", "rng": "seed"}


def _mesa(told: Mapping[str, Any], name: str) -> Foreign:
    """Read the parameters that `mesa.batch_run` takes, of `GovernanceModel` or by group.name."""
    inner = told.get("parameters")
    items = (
        {**inner, **{key: value for key, value in told.items() if key != "parameters"}}
        if isinstance(inner, dict)
        else told
    )
    found = Foreign("a dictionary of Mesa", name, question="")
    several: dict[str, Sequence[Any]] = {}
    for key, value in items.items():
        values = list(value) if _is_list(value) else [value]
        if key in _OF_RUNS:
            if len(values) != 1 or isinstance(values[0], bool) or not isinstance(values[0], int):
                what = "several seeds: say --replicates" if key in ("seed", "rng") else "write one whole number"
                raise InputError(f"{name}: {key} = {written(value)}; {what}")
            setattr(found, _OF_RUNS[key], values[0])
        elif key in ("world", "scenario", "scenarios"):
            found.scenarios = [str(one) for one in values]
        elif key == "set":
            several |= dict(_settings(values, name))
        else:
            several[key] = values
    found.several = several
    return found


def _settings(values: Sequence[Any], name: str) -> Iterator[tuple[str, list[Any]]]:
    from sim.scenarios.reading import number

    for value in values:
        path, equals, text = (part.strip() for part in str(value).partition("="))
        if not equals:
            raise InputError(f"{name}: set = {written(value)} has no =; write group.name=value")
        yield path, [number(text)]


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple)
