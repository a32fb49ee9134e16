"""Find scenarios by name or by path, follow what they extend, and list the shipped ones."""

import os
from dataclasses import dataclass
from pathlib import Path

from sim.errors import InputError
from sim.scenarios import files
from sim.scenarios.files import FOLDERS, ScenarioText, read_text
from sim.scenarios.scenario import Scenario, read_scenario
from sim.scenarios.values import did_you_mean, nearest, shortened, written

MOST_EXTENDED = 20
"""Files that lead from a scenario to the last one it extends."""
PLACE_FORM = "initial_form"
"""What `null_base` says when a form equals, at the limit, the initial form of its place."""


@dataclass(frozen=True, slots=True)
class ScenarioInfo:
    """One line of the list of shipped scenarios."""

    kind: str
    name: str
    title: str
    about: str
    """First line of the file's `about`."""
    feasible_in: tuple[str, ...]
    null_base: str
    stacks_on: tuple[str, ...] = ()
    """Forms that a programme can stack on, any if empty."""


def list_scenarios() -> tuple[ScenarioInfo, ...]:
    """List the shipped scenarios by kind and name.

    Raises
    ------
    InputError
        If one of them is not valid.
    """
    found = [load(name, (kind,)) for kind in FOLDERS for name in names(kind)]
    return tuple(
        ScenarioInfo(s.kind, s.name, s.title, s.about.partition("\n")[0], s.feasible_in, s.null_base, s.stacks_on)
        for s in found
    )


def names(kind: str) -> list[str]:
    """Name the shipped scenarios of a kind, sorted."""
    return sorted(path.stem for path in (files.data_folder() / FOLDERS[kind]).glob("*.toml"))


def load(name: str, kinds: tuple[str, ...], *, where: str = "", beside: Path | None = None) -> Scenario:
    """Read a scenario and all it extends.

    Parameters
    ----------
    name : str
        Name of a shipped scenario, or path of a user's file, ending in `.toml`.
    kinds : tuple of str
        Where to look for a name, in this order; a file by path may be of any kind.
    where : str
        File and line that asks for it, for the message.
    beside : Path, optional
        Folder that a relative path starts from; the working directory by default.

    Raises
    ------
    InputError
        If there is none, or it or what it extends is wrong.
    """
    return _load(*_find(name, kinds, where, beside), ())


def _find(name: str, kinds: tuple[str, ...], where: str, beside: Path | None) -> tuple[Path, str]:
    """Give the path of a scenario and how to call it."""
    prefix = f"{where}: " if where else ""
    if name.endswith(".toml"):
        path = (beside or Path()) / name
        if "\0" in name or not os.path.lexists(path):
            raise InputError(f"{prefix}there is no file {shortened(name, 300)}{_near_file(name, path, kinds)}")
        return path, path.as_posix()
    for kind in kinds:
        if name in names(kind):
            inside = Path(FOLDERS[kind]) / f"{name}.toml"
            return files.data_folder() / inside, f"scenarios/{inside.as_posix()}"
    asked = kinds[:2]
    of_kind = {kind: names(kind) for kind in FOLDERS}
    known = [other for kind in asked for other in of_kind[kind]]
    elsewhere = [other for found in of_kind.values() for other in found]
    if name in elsewhere:
        hint = f"; {name} is a {next(kind for kind in FOLDERS if name in of_kind[kind])}"
    else:
        hint = did_you_mean(name, known if nearest(name, known) or not nearest(name, elsewhere) else elsewhere)
    raise InputError(f"{prefix}no {' or '.join(asked)} is called {written(name)}{hint}")


def _near_file(name: str, path: Path, kinds: tuple[str, ...]) -> str:
    """Name the shipped scenario or the neighbouring file that is probably meant."""
    if "\0" in name:
        return ""
    if any(path.stem in names(kind) for kind in kinds):
        return f"; the shipped scenario is called {path.stem}, without .toml"
    near = nearest(path.stem, (other.stem for other in path.parent.glob("*.toml")))
    return f"; did you mean {Path(name).with_name(f'{near}.toml').as_posix()}?" if near else ""


def _load(path: Path, shown: str, chain: tuple[tuple[Path, str], ...]) -> Scenario:
    """Read a file after the one it extends; `chain` holds the files that led here."""
    here = Path(os.path.realpath(path))
    if here in (file for file, _ in chain):
        cycle = " -> ".join([*(name for _, name in chain[[file for file, _ in chain].index(here) :]), shown])
        raise InputError(f"{shown}: extends goes in a circle: {cycle}")
    if len(chain) == MOST_EXTENDED:
        raise InputError(f"{chain[0][1]}: extends goes on over more than {MOST_EXTENDED} files; put some into one")
    text = read_text(path, shown)
    base = None
    kind, extends = text.document.get("kind"), text.document.get("extends")
    if isinstance(extends, str) and isinstance(kind, str) and kind in FOLDERS:
        where = text.where("extends")
        found = _find(extends.strip(), (kind,), where, path.parent)
        base = _load(*found, (*chain, (here, shown)))
        if base.kind != kind:
            raise InputError(f"{where}: a {kind} cannot extend {base.file}, which is a {base.kind}")
    scenario = read_scenario(text, base)
    _check_folder(scenario, text)
    _check_references(scenario, text)
    return scenario


def _is_shipped(text: ScenarioText) -> bool:
    return files.data_folder() in (text.path.parent, text.path.parent.parent)


def _check_folder(scenario: Scenario, text: ScenarioText) -> None:
    """Raise InputError if a shipped file says it is of another kind than its folder."""
    if _is_shipped(text) and text.path.parent != files.data_folder() / FOLDERS[scenario.kind]:
        message = f'kind = "{scenario.kind}" does not belong in the folder {text.path.parent.name}'
        raise InputError(f"{text.where('kind')}: {message}; it belongs in {FOLDERS[scenario.kind]}")


def _check_references(scenario: Scenario, text: ScenarioText) -> None:
    """Raise InputError if a file names another scenario that does not exist."""
    document = text.document
    for key, kinds in (("null_base", ("form", "programme")), ("initial_form", ("form",)), ("place", ("place",))):
        name = getattr(scenario, key)
        if key in document and not (key == "null_base" and name == PLACE_FORM):
            _find(name, kinds, text.where(key), text.path.parent)
    beside = () if _is_shipped(text) else (path.stem for path in text.path.parent.glob("*.toml"))
    places = sorted({*names("place"), *beside})
    for name in scenario.feasible_in if "feasible_in" in document else ():
        if name not in places:
            hint = did_you_mean(name, places)
            raise InputError(f"{text.where('feasible_in')}: no place is called {written(name)}{hint}")
    for number, stratum in enumerate(scenario.strata):
        _find(stratum.like, ("place",), text.where("stratum", number, "like"), text.path.parent)
        if stratum.initial_form:
            _find(stratum.initial_form, ("form",), text.where("stratum", number, "initial_form"), text.path.parent)
    for name in scenario.feasible if "feasible" in document else ():
        _find(name, ("form",), text.where("feasible"), text.path.parent)
    for name in scenario.stacks_on if "stacks_on" in document else ():
        _find(name, ("form",), text.where("stacks_on"), text.path.parent)
