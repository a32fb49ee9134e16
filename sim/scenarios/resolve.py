"""From an expression such as `market + subsidy_taper` in a place to the values of every month.

The layers, each replacing the one before: defaults, place, form or model, programmes, `--set`. What cannot
change in a run holds from the spin-up on. The levers of the form and the programmes hold from the policy
month on, between the start and the stop of their file; in the spin-up, and in months when the form does not
apply, the levers are those of the place's initial form; a form whose null base is `initial_form` changes that form
and keeps the rest of it. A model is one regime and needs no initial form.
"""

import operator
from collections.abc import Iterable, Mapping, Sequence

from sim import parameters as declared
from sim.errors import InputError
from sim.scenarios.catalog import PLACE_FORM, load, names
from sim.scenarios.scenario import Scenario
from sim.scenarios.schedule import Timetable, stacked_levers, timetable
from sim.scenarios.schema import LATEST
from sim.scenarios.values import changes_in_run, checked, in_words, shortened, unknown_path, written
from sim.scenarios.world import Origin, Segment, World

DEFAULT_PLACE = "trapped"


def resolve(expression: str, *, place: str | None = None, months: int = 120, set: Sequence[str] = ()) -> World:
    """Resolve an expression to a world.

    Parameters
    ----------
    expression : str
        A form or model, then programmes, joined by `+`: names of shipped scenarios or paths ending in `.toml`.
    place : str, optional
        Name or path of a place; by default the one a model asks for, else `trapped`.
    months : int
        Length of the run from the policy month on.
    set : sequence of str
        Values that go over everything, `group.name=value`.

    Raises
    ------
    InputError
        If any of this, or any file it leads to, is wrong.
    """
    months = _checked_months(months)
    leader, programmes = _read_expression(expression)
    where = _read_place(place, leader)
    initial = _read_initial_form(where) if leader.kind == "form" else None
    settings = _read_settings([set] if isinstance(set, str) else set)

    under = _defaults() | dict(where.values) | leader.constants() | _only_constants(settings)
    before = under | (initial.levers() if initial else leader.levers() if leader.kind == "model" else {})
    policy = (int(before["time.start_year"].value), int(before["time.start_month"].value))
    leading = timetable(leader, policy)
    stacked = sorted((timetable(programme, policy) for programme in programmes), key=lambda item: item.scenario.file)

    segments: list[Segment] = []
    for month in sorted({0}.union(*(item.changes for item in (leading, *stacked)))):
        governing = leading.levers_at(month)
        if governing is None or leader.null_base == PLACE_FORM:
            governing = (initial.levers() if initial else {}) | (governing or {})
        origins = under | governing | stacked_levers(stacked, month) | settings
        values = _values(origins)
        if month < months and not (segments and segments[-1].values == values):
            segments.append(Segment(month, values, origins))

    read = {text.name: text.sha256 for s in (leader, *programmes, where, initial) if s for text in s.texts}
    infeasible = _infeasible(leader, where)
    return World(
        label=" + ".join(scenario.name for scenario in (leader, *programmes)),
        place=where.name,
        months=months,
        spinup=int(before["time.spinup"].value),
        before=_values(before),
        segments=tuple(segments),
        origins_before=before,
        feasible=not infeasible,
        warnings=(*infeasible, *_idle((leading, *stacked), months)),
        files=tuple(read.items()),
    )


def _checked_months(months: object) -> int:
    """Return the length of the run, or raise InputError."""
    right = f"allowed is a whole number 1 to {LATEST} months"
    try:
        number = None if isinstance(months, bool) else operator.index(months)  # type: ignore[arg-type]
    except TypeError:
        number = None
    if number is None:
        raise InputError(f"months = {written(months)} is not a whole number; {right}")
    if not 1 <= number <= LATEST:
        raise InputError(f"months = {written(number)} is outside the valid range; {right}")
    return number


def _read_expression(expression: str) -> tuple[Scenario, list[Scenario]]:
    """Load the form or model and the programmes of an expression."""
    elements = [element.strip() for element in expression.split("+")]
    if not all(elements):
        what = (
            f"{written(expression)} has nothing before or after a +" if expression.strip() else "no scenario is named"
        )
        raise InputError(f"{what}; write a form, then any programmes, joined by +; {_forms()}")
    leader = load(elements[0], ("form", "model", "programme", "place"))
    if leader.kind == "programme":
        what = f"{leader.file}: {leader.name} is a programme: it stands on a form and cannot stand alone or first"
        raise InputError(f"{what}; write a form before it, FORM + {elements[0]}; {_forms()}")
    if leader.kind == "place":
        what = f"{leader.file}: {leader.name} is a place, not a form"
        raise InputError(f"{what}; write a form and give the place beside it, --place {elements[0]}; {_forms()}")
    programmes = [load(element, ("programme", "form", "model", "place")) for element in elements[1:]]
    for other in programmes:
        if other.kind != "programme":
            what = f"{other.file}: {other.name} is a {other.kind}, and only programmes can follow {leader.name}"
            raise InputError(f"{what}; the programmes are: {', '.join(names('programme')) or 'none'}")
        if other.stacks_on and leader.name not in other.stacks_on:
            what = f"{other.where['stacks_on']}: {other.name} cannot stack on {leader.name}"
            raise InputError(f"{what}; it stacks on: {', '.join(other.stacks_on)}")
    return leader, programmes


def _forms() -> str:
    return f"the forms are: {', '.join(names('form')) or 'none'}"


def _read_place(place: str | None, leader: Scenario) -> Scenario:
    """Load the place asked for, or the one that the model asks for, or the default."""
    if place is not None:
        found = load(place.strip(), ("place",), where="place")
        asked = "place"
    elif leader.place:
        asked = leader.where["place"]
        found = load(leader.place, ("place",), where=asked, beside=leader.folder("place"))
    else:
        asked = "place"
        found = load(DEFAULT_PLACE, ("place",), where=asked)
    if found.kind != "place":
        what = f"{asked}: {found.file} is a {found.kind}, not a place"
        raise InputError(f"{what}; the places are: {', '.join(names('place')) or 'none'}")
    return found


def _read_initial_form(place: Scenario) -> Scenario | None:
    """Load the form of the spin-up."""
    if not place.initial_form:
        return None
    where = place.where["initial_form"]
    found = load(place.initial_form, ("form",), where=where, beside=place.folder("initial_form"))
    if found.kind != "form":
        raise InputError(f"{where}: initial_form must be a form, but {found.file} is a {found.kind}; {_forms()}")
    return found


def _read_settings(options: Iterable[str]) -> dict[str, Origin]:
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
            continue
    return text


def _defaults() -> dict[str, Origin]:
    return {
        path: Origin(
            int(value) if parameter.integer or parameter.choices else float(value), parameter.source, "default"
        )
        for (path, value), parameter in zip(declared.DEFAULTS.items(), declared.PARAMETERS.values(), strict=True)
    }


def _only_constants(origins: Mapping[str, Origin]) -> dict[str, Origin]:
    return {path: origin for path, origin in origins.items() if not changes_in_run(declared.PARAMETERS[path])}


def _values(origins: Mapping[str, Origin]) -> dict[str, float | int]:
    return {path: origin.value for path, origin in origins.items()}


def _infeasible(leader: Scenario, place: Scenario) -> tuple[str, ...]:
    """Warn if the form could not exist in the place."""
    if not leader.feasible_in or place.name in leader.feasible_in:
        return ()
    others = [load(name, ("form",)) for name in names("form")]
    possible = [form.name for form in others if not form.feasible_in or place.name in form.feasible_in]
    warning = (
        f"{leader.where['feasible_in']}: the form {leader.name} could not exist in the place {place.name}, so this is "
        f"not a fair comparison; {leader.name} can exist in: {', '.join(leader.feasible_in)}; forms that can exist in "
        f"{place.name}: {', '.join(possible) or 'none'}"
    )
    return (warning,)


def _idle(timetables: Iterable[Timetable], months: int) -> tuple[str, ...]:
    """Warn of files whose levers start after the end of the run."""
    return tuple(
        f"{item.scenario.start.where}: {item.scenario.name} starts in month {item.start}, after the {months} months of "
        "this run, and has no effect"
        for item in timetables
        if item.start >= months
    )
