"""Make a study of linli of the design of another tool: which parameters its names stand for, and what is written."""

import csv
import io
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim import parameters as declared
from sim.errors import InputError
from sim.parameters.declaration import Role
from sim.scenarios.values import checked, in_words, shortened, unknown_path, written
from sim.store import check_free
from sim.studies.foreign import Foreign, read_foreign
from sim.studies.sources import read_study, toml

STUDY, POINTS = "study.toml", "points.csv"
_N = 64
"""Points of a sample where a tool tells ranges and no points."""


def convert(
    file: Path,
    out: Path,
    *,
    sample: Path | None = None,
    scenarios: Sequence[str] = (),
    rename: Sequence[str] = (),
    leave_out: Collection[str] = (),
    months: int | None = None,
    replicates: int | None = None,
    seed: int | None = None,
) -> list[str]:
    """Write a study file, and a table of its points where there are some, into a new folder; return what to tell.

    file : a table or spreadsheet of NetLogo's BehaviorSpace, a problem of SALib, the dictionary of Mesa's `batch_run`,
    experiments of the EMA workbench, or any table of points; sample : the sample of a problem of SALib; rename : texts
    NAME=group.name; leave_out : names that set nothing here. What is given goes over what the file tells.

    Raises InputError, with file and line, for the first thing that cannot be mapped; nothing is written then.
    """
    check_free(out)
    found = read_foreign(file, sample)
    names = dict(_renamed(option) for option in rename)
    study: dict[str, Any] = {
        "question": found.question or f"What changes with the design in {file.name}?",
        "scenarios": list(scenarios or found.scenarios or ("market",)),
        "months": _first(months, found.months, 120),
        "replicates": _first(replicates, found.replicates, 1),
        "seed": _first(seed, found.seed, 1),
    }
    points: list[tuple[Any, ...]] = []
    paths: list[str] = []
    if found.rows:
        paths, points, constants, repeated = _points(found, names, leave_out)
        study["replicates"] = _first(replicates, found.replicates, repeated)
        study |= {"constants": constants} if constants else {}
        study |= {"sampling": {"method": "csv", "file": POINTS}} if paths else {}
    elif found.ranges or found.several:
        study |= _factors(found, names, leave_out)
    else:
        raise InputError(f"{found.file}: {found.tool} without a single run; there is nothing to convert")
    _write(out, study, paths, points, file.name)
    return _told(found, out, study, paths, points)


def _first(*values: int | None) -> int:
    """Return the first that is told."""
    return next(value for value in values if value is not None)


def _renamed(option: str) -> tuple[str, str]:
    name, equals, path = (part.strip() for part in option.rpartition("="))
    where = f"--rename {shortened(option)}"
    if not equals or not name:
        raise InputError(f"{where}: write --rename NAME=group.name")
    if path not in declared.PARAMETERS:
        raise unknown_path(path, where)
    return name, path


def _path(name: str, names: Mapping[str, str], where: str) -> str:
    """Return the parameter that a name stands for: group.name, or with _ or - in place of dot and underscores."""
    if name in names:
        return names[name]
    plain = name.replace("-", "_").replace(".", "_")
    for path in declared.PARAMETERS:
        if name == path or plain == path.replace(".", "_"):
            return path
    right = f'say --rename "{shortened(name)}=group.name", or --leave-out "{shortened(name)}"'
    raise InputError(f"{unknown_path(name, where)}; {right}")


def _points(
    found: Foreign, names: Mapping[str, str], leave_out: Collection[str]
) -> tuple[list[str], list[tuple[Any, ...]], dict[str, Any], int]:
    """Return the factors, their points, what is the same in all of them, and how often the commonest point stands."""
    line = found.rows[0][0]
    head = found.where(found.cells.rows[0][0] if found.cells and found.tool == "a table" else line)
    kept = [(k, _path(name, names, head)) for k, name in enumerate(found.names) if name not in leave_out]
    chosen = [path for _, path in kept]
    twice = next((path for path in chosen if chosen.count(path) > 1), None)
    if twice is not None:
        raise InputError(f"{head}: two columns stand for {twice}; leave one out with --leave-out NAME")
    many = Counter(
        tuple(_value(found, number, path, row[k]) for k, path in kept) for number, row in found.rows
    )  # in the order in which they come
    points = list(many)
    same = {
        path for k, path in enumerate(chosen) if len({point[k] for point in points}) == 1 and points[0][k] is not None
    }
    constants = {path: points[0][k] for k, path in enumerate(chosen) if path in same}
    varied = [k for k, path in enumerate(chosen) if path not in same]
    constant = next((chosen[k] for k in varied if declared.PARAMETERS[chosen[k]].role is Role.CONSTANT), None)
    if constant is not None:
        raise InputError(
            f"{head}: {constant} takes several values, and studies leave it alone; convert the runs of one"
        )
    return (
        [chosen[k] for k in varied],
        [tuple(point[k] for k in varied) for point in points],
        constants,
        max(many.values()),
    )


def _value(found: Foreign, line: int, path: str, cell: Any) -> Any:
    """Return a checked value as a file writes it, None for an empty cell."""
    where, parameter = found.where(line), declared.PARAMETERS[path]
    if isinstance(cell, str):
        if not cell:
            return None
        raw: Any = cell if parameter.choices or found.cells is None else found.cells.number(cell, line, path)
    else:
        raw = cell
    value = checked(path, raw, where)
    return in_words(path, value).strip('"') if parameter.choices else value


def _factors(found: Foreign, names: Mapping[str, str], leave_out: Collection[str]) -> dict[str, Any]:
    factors: dict[str, Any] = {}
    constants: dict[str, Any] = {}
    for name, told in {**found.ranges, **found.several}.items():
        if name in leave_out:
            continue
        path = _path(name, names, found.file)
        if path in factors or path in constants:
            raise InputError(f"{found.file}: two names stand for {path}; leave one out with --leave-out NAME")
        values = [_value(found, 0, path, raw) for raw in told]
        if None in values or not values:
            raise InputError(
                f"{found.file}: {written(name)} has an empty value; write numbers, or the word of a switch"
            )
        if name in found.ranges:
            factors[path] = {"range": values}
        elif len(values) == 1:
            constants[path] = values[0]
        else:
            factors[path] = {"values": values}
    sampling = {"method": "lhs", "n": _N} if found.ranges else {"method": "grid"}
    return {
        **({"constants": constants} if constants else {}),
        **({"factors": factors, "sampling": sampling} if factors else {}),
    }


def _write(
    out: Path, study: Mapping[str, Any], paths: Sequence[str], points: Sequence[Sequence[Any]], name: str
) -> None:
    """Write both files into a folder beside, see whether they are a study, and give it its name."""
    from sim.studies.design import design_of
    from sim.studies.worlds import base_worlds

    folder = None
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
        (folder / STUDY).write_text(toml(study), encoding="utf-8")
        if paths:
            (folder / POINTS).write_text(_csv(paths, points), encoding="utf-8")
        try:
            checked_study, _ = read_study(folder / STUDY)
            base_worlds(checked_study)
            design_of(checked_study)
        except InputError as error:
            told = str(error).replace(f"{folder.as_posix()}/", "")
            raise InputError(f"{name}: the study that it makes is refused: {told}") from None
        folder.chmod(0o755)
        os.rename(folder, out)
    except OSError as error:
        raise InputError(f"--out {out}: cannot be written: {error.strerror or error}") from None
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def _csv(paths: Sequence[str], points: Sequence[Sequence[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(paths)
    writer.writerows(["" if value is None else value for value in point] for point in points)
    return text.getvalue()


def _told(
    found: Foreign, out: Path, study: Mapping[str, Any], paths: Sequence[str], points: Sequence[Any]
) -> list[str]:
    what = f"{len(points)} points of {len(paths)} factors" if paths else f"{len(study.get('factors', ()))} factors"
    files = f"{out / STUDY} and {POINTS}" if paths else f"{out / STUDY}"
    lines = [f"written: {files}, of {found.tool}: {what}, {len(study.get('constants', ()))} constants."]
    if found.apart:
        lines.append(f"Left out, as what was measured: {shortened(', '.join(found.apart), 200)}.")
    lines.append(
        f"Look through question, scenarios ({', '.join(study['scenarios'])}), months ({study['months']}), replicates "
        f"({study['replicates']}) and seed; then: linli study run {out / STUDY} --out DIR"
    )
    return lines
