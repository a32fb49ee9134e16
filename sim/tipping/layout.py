"""The three studies of a tipping analysis: written as study files, run, and gone on with."""

import hashlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim import parameters as declared
from sim.errors import InputError
from sim.scenarios.values import in_words
from sim.stored import MANIFEST
from sim.studies.runner import How, Session, resume, start
from sim.studies.sources import toml
from sim.studies.store import INPUTS, STUDY, read_store
from sim.tipping.request import WITHDRAWN, Request, Values

STATES, LOOP, SUPPORT = "states", "loop", "support"
STUDIES = (STATES, LOOP, SUPPORT)
FOLDER = "studies"
"""Folder of a result that holds them."""
PAYMENT = "payment_rate"
MEMORIES = (
    "payment_rate", "believed_payment", "bailout_belief", "trust_provider", "grievance", "service", "facility_visible",
    "facility_invisible",
)  # fmt: skip
"""Outcomes followed after support has ended: what an estate may remember it by."""


def points(request: Request) -> list[Values]:
    """Return the points of `states`: every cell from the low, then the high start; last those of `memory_points`."""
    cells = [{request.across.path: x, request.up.path: y} for x in request.across.values for y in request.up.values]
    return [cell | dict(start) for cell in cells for start in (request.low, request.high)] + [
        values for _, _, values in memory_points(request)
    ]


def memory_points(request: Request) -> list[tuple[str, str, Values]]:
    """Return points at the scenario's own values: the two starts, and each with one state variable from the other.

    Returns
    -------
    list of (start, exchanged state variable or "", values)
    """
    own = request.world.before
    starts = {
        name: {path: start.get(path, own[path]) for path in request.starts}
        for name, start in (("low", request.low), ("high", request.high))
    }
    found: list[tuple[str, str, Values]] = [(name, "", start) for name, start in starts.items()]
    for name, other in (("high", "low"), ("low", "high")):
        found += [(name, path, {**starts[name], path: starts[other][path]}) for path in request.starts]
    return found


def write_studies(request: Request, folder: Path) -> dict[str, Path]:
    """Write the three study files, and what they name, into a folder; return their paths by name."""
    scenario = _shipped(request.scenario)
    common: dict[str, Any] = {"replicates": request.replicates, "seed": request.seed}
    if request.place is not None:
        common["places"] = [request.place]
    settings = {path: _plain(path, value) for path, value in request.settings.items()}
    low = {path: _plain(path, value) for path, value in request.low.items()}
    (folder / "points.csv").write_text(_csv(points(request)), encoding="utf-8")
    ramps = [_programme(folder, f"ramp_{dwell}", request.ramp.path, request.steps(dwell)) for dwell in request.dwell]
    supports = [_support(folder, request.support, month) for month in WITHDRAWN]
    studies = {
        STATES: common
        | {
            "question": f"Where does {scenario} end from a low and from a high start?",
            "scenarios": [scenario],
            "months": request.months,
            "constants": settings | {"time.spinup": 0},
            "outcomes": [PAYMENT],
            "keep": ["series"],
            "sampling": {"method": "csv", "file": "points.csv"},
        },
        LOOP: common
        | {
            "question": f"Does {scenario} come back the way it went when {request.ramp.path} goes up and down again?",
            "scenarios": [f"{scenario} + {name}" for name in ramps],
            "months": max(request.dwell) * (2 * len(request.ramp.values) - 1),
            "constants": settings | low,
            "outcomes": [PAYMENT],
            "keep": ["series"],
        },
        SUPPORT: common
        | {
            "question": f"What is left of a gain of {scenario} after support has been withdrawn?",
            "scenarios": [scenario, *(f"{scenario} + {name}" for name in supports)],
            "months": request.months,
            "constants": settings | low,
            "outcomes": list(MEMORIES),
            "keep": ["series"],
        },
    }
    for name, study in studies.items():
        (folder / f"{name}.toml").write_text(toml(study), encoding="utf-8")
    return {name: folder / f"{name}.toml" for name in studies}


def make(request: Request, out: Path, how: How) -> Iterator[tuple[str, Session]]:
    """Make the runs that are not there yet, study by study, and say what became of each.

    Raises InputError where the folder holds the studies of another request.
    """
    with tempfile.TemporaryDirectory() as temporary:
        files = write_studies(request, Path(temporary))
        for name, file in files.items():
            _require_same(out / FOLDER / name, file)
        for name, file in files.items():
            path = out / FOLDER / name
            yield name, (resume(path, how) if (path / MANIFEST).exists() else start(file, path, how))


def _require_same(path: Path, file: Path) -> None:
    if not (path / MANIFEST).exists():
        return
    study = read_store(path)
    wanted = {STUDY: file.read_bytes()}
    beside = (other for other in file.parent.iterdir() if other.suffix == ".csv" or "_" in other.name)
    wanted |= {f"{INPUTS}/{other.name}": other.read_bytes() for other in beside}
    for name, data in wanted.items():
        told = study.told(name)
        if told is not None and told.sha256 != hashlib.sha256(data).hexdigest():
            raise InputError(
                f"{path} holds the runs of another question ({name} differs); name another folder with --out, or empty "
                "this one first."
            )


def _shipped(scenario: str) -> str:
    for element in scenario.split("+"):
        if element.strip().endswith(".toml"):
            raise InputError(
                f"{element.strip()}: linli tipping takes the scenarios that come with linli; change values of one with "
                "--set."
            )
    return scenario


def _plain(path: str, value: float | int) -> float | int | str:
    return in_words(path, value).strip('"') if declared.PARAMETERS[path].choices else value


def _csv(rows: Sequence[Values]) -> str:
    paths = list(dict.fromkeys(path for row in rows for path in row))
    lines = [
        ",".join("" if path not in row else _written(path, row[path]) for path in paths) for row in rows
    ]
    return "\n".join([",".join(paths), *lines]) + "\n"


def _written(path: str, value: float | int) -> str:
    return repr(int(value)) if declared.PARAMETERS[path].integer else repr(float(value))


def _programme(folder: Path, name: str, path: str, steps: Sequence[tuple[int, float]]) -> str:
    """Write a programme that gives a lever its first value from the policy month and the others later."""
    group, _, parameter = path.partition(".")
    (_, first), *later = steps
    told = {
        "schema": 1,
        "kind": "programme",
        "title": f"{path}: up and down again",
        group: {parameter: _lever(path, first)},
        "step": [{"at": month, group: {parameter: _lever(path, value)}} for month, value in later],
    }
    return _write(folder, name, told)


def _support(folder: Path, support: Mapping[str, float | int], month: int) -> str:
    told: dict[str, Any] = {
        "schema": 1,
        "kind": "programme",
        "title": f"Support withdrawn in month {month}",
        "schedule": {"stop": month},
    }
    for path, value in support.items():
        group, _, parameter = path.partition(".")
        told.setdefault(group, {})[parameter] = _plain(path, value)
    return _write(folder, f"support_{month}", told)


def _lever(path: str, value: float) -> float | int:
    return int(value) if declared.PARAMETERS[path].integer else value


def _write(folder: Path, name: str, told: Mapping[str, Any]) -> str:
    file = f"{name}.toml"
    (folder / file).write_text(toml(told), encoding="utf-8")
    return file
