"""One scenario file as the resolver wants it: checked, and laid over what it extends."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from sim import parameters as declared
from sim.errors import InputError
from sim.scenarios import files
from sim.scenarios.files import ScenarioText
from sim.scenarios.schema import Head, check_head, check_sourced
from sim.scenarios.values import as_whole, changes_in_run, checked, shortened, sort_of, unknown_path, written
from sim.scenarios.world import Origin


@dataclass(frozen=True, slots=True)
class Moment:
    """A month as written: a number after the policy month, or a date."""

    written: int | str
    where: str
    since: "Moment | None" = None
    """The start that its file had, where another file extends that one with a start of its own."""


@dataclass(frozen=True, slots=True)
class Step:
    """Levers that a file gives another value from a moment on."""

    at: Moment
    values: Mapping[str, Origin]


@dataclass(frozen=True, slots=True)
class Stratum:
    """So many estates of one kind in a place: like those of another place, but for some values of their own."""

    name: str
    estates: int
    like: str
    initial_form: str
    values: Mapping[str, Origin]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A checked file; what it does not say itself, title and about aside, it has from the file it extends."""

    kind: str
    name: str
    file: str
    """As messages show it."""
    title: str
    about: str
    values: Mapping[str, Origin]
    start: Moment
    stop: Moment | None
    again: Moment | None
    steps: tuple[Step, ...]
    feasible_in: tuple[str, ...]
    stacks_on: tuple[str, ...]
    null_base: str
    initial_form: str
    place: str
    feasible: tuple[str, ...]
    """Of a place, the forms that can exist there beside those that name it; empty: those of what it extends."""
    where: Mapping[str, str]
    """File and line of the keys that name other scenarios."""
    head: Head
    """The checked keys of the file itself."""
    strata: tuple[Stratum, ...]
    cause: Mapping[str, Origin]
    """Of an experiment, the values that its paired run does not have."""
    texts: tuple[ScenarioText, ...]
    """The file itself, then what it extends."""
    shipped: bool
    """Whether it comes with linli."""
    extended: tuple["Scenario", ...] = ()
    """What it extends, nearest first."""

    def folder(self, key: str) -> Path:
        """Folder of the file, of this and those it extends, that says a key; its relative paths start there."""
        return next(text.path.parent for text in self.texts if key in text.document)

    def can_exist_in(self, place: "Scenario") -> bool:
        """Say whether a form can exist in a place, as the form says, or the place.

        Forms know the shipped places; a user's own place is taken for the shipped one that it extends.
        """
        if not self.feasible_in or place.name in self.feasible_in:
            return True
        if place.feasible:
            return not {self.name, *(form.name for form in self.extended)}.isdisjoint(place.feasible)
        for nearer, other in pairwise((place, *place.extended)):
            if nearer.shipped:
                break
            if other.name in self.feasible_in:
                return True
        return False

    def levers(self) -> dict[str, Origin]:
        """Give the values that may change in a run."""
        return levers_of(self.values)

    def constants(self) -> dict[str, Origin]:
        """Give the values that hold before and after the policy month alike."""
        return constants_of(self.values)


def levers_of(values: Mapping[str, Origin]) -> dict[str, Origin]:
    """Give those of the values that may change in a run."""
    return {path: origin for path, origin in values.items() if changes_in_run(declared.PARAMETERS[path])}


def constants_of(values: Mapping[str, Origin]) -> dict[str, Origin]:
    """Give those of the values that hold before and after the policy month alike."""
    return {path: origin for path, origin in values.items() if not changes_in_run(declared.PARAMETERS[path])}


REFERENCES = ("feasible_in", "stacks_on", "null_base", "initial_form", "place", "feasible")


def read_scenario(text: ScenarioText, base: Scenario | None) -> Scenario:
    """Check a file and lay it over the scenario it extends.

    Raises
    ------
    InputError
        For the first thing that is wrong, with its line.
    """
    head = check_head(text)
    document = text.document
    schedule = document.get("schedule", {})
    told: dict[str, Any] = {key: getattr(head, key) for key in REFERENCES if key in document}
    keys = [key for key in ("start", "stop", "again") if key in schedule]
    moments = {key: Moment(as_whole(schedule[key]), text.where("schedule", key)) for key in keys}
    steps = tuple(_step(text, head.kind, number) for number in range(len(document.get("step", ()))))
    strata = tuple(_stratum(text, head.kind, number) for number in range(len(document.get("stratum", ()))))

    def inherited(moment: Moment | None) -> Any:
        """Return a moment of the base as it is counted here: months move with the start, dates stay."""
        if base is None or moment is None or moment.since or isinstance(moment.written, str) or "start" not in moments:
            return moment
        return replace(moment, since=base.start)

    scenario = Scenario(
        kind=head.kind,
        name=text.path.stem,
        file=text.name,
        title=head.title,
        about=head.about.strip(),
        values={**(base.values if base else {}), **_values(text, document, (), head.kind)},
        start=moments.get("start", base.start if base else Moment(0, text.name)),
        stop=moments.get("stop", inherited(base.stop) if base else None),
        again=moments.get("again", inherited(base.again) if base else None),
        steps=steps
        if base is None or "step" in document
        else tuple(replace(step, at=inherited(step.at)) for step in base.steps),
        feasible_in=tuple(told.get("feasible_in", base.feasible_in if base else ())),
        stacks_on=tuple(told.get("stacks_on", base.stacks_on if base else ())),
        null_base=told.get("null_base", base.null_base if base else ""),
        initial_form=told.get("initial_form", base.initial_form if base else ""),
        place=told.get("place", base.place if base else ""),
        feasible=tuple(told.get("feasible", base.feasible if base else ())),
        where={**(base.where if base else {}), **{key: text.where(key) for key in told}},
        head=head,
        strata=strata if base is None or "stratum" in document else base.strata,
        cause=_values(text, document.get("cause", {}), ("cause",), head.kind),
        shipped=files.data_folder() in text.path.parents,
        texts=(text, *(base.texts if base else ())),
        extended=(base, *base.extended) if base else (),
    )
    if scenario.kind == "model" and scenario.start.written != 0:
        raise InputError(
            f"{scenario.start.where}: schedule.start = {written(scenario.start.written)}, but a model is one regime "
            "throughout and its levers hold from the spin-up on; leave start out"
        )
    return scenario


def _stratum(text: ScenarioText, kind: str, number: int) -> Stratum:
    table = text.document["stratum"][number]
    name, estates, like, initial = (table.get(key, "") for key in ("name", "estates", "like", "initial_form"))
    return Stratum(name, as_whole(estates), like, initial, _values(text, table, ("stratum", number), kind))


def _step(text: ScenarioText, kind: str, number: int) -> Step:
    table = text.document["step"][number]
    at = Moment(as_whole(table["at"]), text.where("step", number, "at"))
    return Step(at, _values(text, table, ("step", number), kind))


def _values(text: ScenarioText, table: Mapping[str, Any], above: tuple[str | int, ...], kind: str) -> dict[str, Origin]:
    """Read the groups of a file or of one of its steps."""
    groups = dict.fromkeys(parameter.group for parameter in declared.PARAMETERS.values())
    found: dict[str, Origin] = {}
    for group in (key for key in table if key in groups):
        rows = table[group]
        if not isinstance(rows, dict):
            where = text.where(*above, group)
            message = f"{group} = {written(rows)} is {sort_of(rows)}; {group} is a group: write it as a table"
            raise InputError(f"{where}: {message} [{'.'.join([*map(str, above[:1]), group])}]")
        for name, raw in rows.items():
            path, where = f"{group}.{name}", text.where(*above, group, name)
            _require_settable(path, where, kind, text.document, step=above[:1] == ("step",))
            source = ""
            if isinstance(raw, dict):
                quoted = check_sourced(raw, path, where)
                raw, source = quoted.value, quoted.source
            found[path] = Origin(checked(path, raw, where), source, where)
    return found


def _require_settable(path: str, where: str, kind: str, document: Mapping[str, Any], *, step: bool) -> None:
    """Raise InputError unless this kind of file may set this parameter here."""
    parameter = declared.PARAMETERS.get(path)
    if parameter is None:
        name = path.partition(".")[2]
        if name in ("extends", "feasible_in", "null_base", "initial_form", "place", "title", "about"):
            shown = shortened(path)
            raise InputError(f"{where}: {shown} is not a parameter; move {name} above the first [group] of the file")
        raise unknown_path(path, where)
    if (step or kind == "programme") and not changes_in_run(parameter):
        who = "a step" if step else "a programme"
        reason = (
            "shapes the households or the starting state"
            if parameter.initial
            else f"is of role {parameter.role}, the same before and after the policy month"
        )
        raise InputError(
            f"{where}: {path} {reason}, and {who} may only set levers; set it in a place, in a form or with --set"
        )
