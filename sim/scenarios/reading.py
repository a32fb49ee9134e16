"""Read what a request names: the scenarios of an expression, the place, the form it begins under, `--set`."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from sim import parameters as declared
from sim.errors import InputError
from sim.scenarios.catalog import load, names
from sim.scenarios.scenario import Scenario
from sim.scenarios.values import checked, in_words, shortened, unknown_path, written
from sim.scenarios.world import Origin

DEFAULT_PLACE = "trapped"


MOST_ELEMENTS = 100
"""Scenarios joined in one expression."""


def read_expression(
    expression: str, where: str = "", beside: Path | None = None
) -> tuple[Scenario, list[Scenario]]:
    """Load the form or model and the programmes of an expression.

    where : file and line that ask for it, for messages; beside : folder that relative paths start from, the working
    directory by default.

    Raises InputError if there are none, or they do not go together.
    """
    try:
        return _read_expression(expression, where, beside)
    except InputError as error:
        if not where or str(error).startswith(f"{where}: "):
            raise
        raise InputError(f"{where}: {error}") from None


def _read_expression(expression: str, where: str, beside: Path | None) -> tuple[Scenario, list[Scenario]]:
    elements = [element.strip() for element in expression.split("+")]
    if not all(elements):
        what = (
            f"{written(expression)} has nothing before or after a +" if expression.strip() else "no scenario is named"
        )
        raise InputError(f"{what}; write a form, then any programmes, joined by +; {_forms()}")
    if len(elements) > MOST_ELEMENTS:
        raise InputError(f"{written(expression)} joins {len(elements)} scenarios; join {MOST_ELEMENTS} at most")
    kinds = ("form", "model", "rollout", "rival", "failure", "programme", "place")
    leader = load(elements[0], kinds, where=where, beside=beside)
    if leader.kind == "programme":
        what = f"{leader.file}: {leader.name} is a programme: it stands on a form and cannot stand alone or first"
        raise InputError(f"{what}; write a form before it, FORM + {elements[0]}; {_forms()}")
    if leader.kind == "place":
        what = f"{leader.file}: {leader.name} is a place, not a form"
        raise InputError(f"{what}; write a form and give the place beside it, --place {elements[0]}; {_forms()}")
    programmes = read_programmes(leader, elements[1:], beside, where)
    if programmes and leader.kind not in ("form", "model"):
        raise InputError(
            f"{leader.file}: {leader.name} is a {leader.kind}, which says itself what stacks on what; run it alone, or "
            "write a file of its kind with the programmes you want"
        )
    return leader, programmes


def read_programmes(
    leader: Scenario, elements: Sequence[str], beside: Path | None = None, where: str = ""
) -> list[Scenario]:
    """Load the programmes that stack on a form or model; where : file and line that ask for them.

    Raises InputError if one of them is none, or cannot stack on it.
    """
    kinds = ("programme", "form", "model", "place")
    programmes = [load(element, kinds, where=where, beside=beside) for element in elements]
    for other in programmes:
        if other.kind != "programme":
            what = f"{other.file}: {other.name} is a {other.kind}, and only programmes can follow {leader.name}"
            raise InputError(f"{what}; the programmes are: {', '.join(names('programme')) or 'none'}")
        if other.stacks_on and leader.name not in other.stacks_on:
            what = f"{other.where['stacks_on']}: {other.name} cannot stack on {leader.name}"
            raise InputError(f"{what}; it stacks on: {', '.join(other.stacks_on)}")
    return programmes


def _forms() -> str:
    return f"the forms are: {', '.join(names('form')) or 'none'}"


def read_place(place: str | None, leader: Scenario, asked: str = "place", beside: Path | None = None) -> Scenario:
    """Load the place asked for, or the one that the model asks for, or the default.

    asked : file and line that ask for the place; beside : folder that a relative path starts from.
    """
    if place is not None:
        found = load(place.strip(), ("place",), where=asked, beside=beside)
    elif leader.place:
        asked = leader.where["place"]
        found = load(leader.place, ("place",), where=asked, beside=leader.folder("place"))
    else:
        found = load(DEFAULT_PLACE, ("place",), where=asked)
    if found.kind != "place":
        what = f"{asked}: {found.file} is a {found.kind}, not a place"
        raise InputError(f"{what}; the places are: {', '.join(names('place')) or 'none'}")
    return found


def read_initial_form(place: Scenario) -> Scenario | None:
    """Load the form of the spin-up."""
    if not place.initial_form:
        return None
    where = place.where["initial_form"]
    found = load(place.initial_form, ("form",), where=where, beside=place.folder("initial_form"))
    if found.kind != "form":
        raise InputError(f"{where}: initial_form must be a form, but {found.file} is a {found.kind}; {_forms()}")
    return found


def read_settings(options: Iterable[str]) -> dict[str, Origin]:
    """Read the values given by `--set`."""
    found: dict[str, Origin] = {}
    for option in options:
        where = f"--set {shortened(option)}"
        path, equals, text = (part.strip() for part in option.partition("="))
        if not equals:
            raise InputError(f"{where}: there is no =; write --set group.name=value")
        parameter = declared.PARAMETERS.get(path)
        if parameter is None:
            raise unknown_path(path, where)
        origin = Origin(checked(path, text if parameter.choices else number(text), where), "", where)
        other = found.setdefault(path, origin)
        if other.value != origin.value:
            first, second = in_words(path, other.value), in_words(path, origin.value)
            raise InputError(f"--set gives {path} two values, {first} and {second}; leave one out")
    return found


def number(text: str) -> int | float | str:
    """Read a number; what is none stays text, for the message."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue  # an int of more than 4300 digits is an infinite float, which is refused as such
    return text
