"""The arms of a study: scenarios by name, or with amounts of their own, each in every place it is set in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import Field

from sim import parameters as declared
from sim.errors import InputError
from sim.parameters.declaration import Role
from sim.scenarios import Segment, World
from sim.scenarios.files import ScenarioText
from sim.scenarios.schema import Strict, Word
from sim.scenarios.values import allowed, changes_in_run, checked, shortened, sort_of, unknown_path, written
from sim.studies.findings import validated

_MOST = 1e12
"""By which a lever is multiplied at most; far below that it leaves its valid range."""


class ArmTable(Strict):
    """`{ scenario = "market + subsidy_taper @ trapped", times = { "street.subsidy" = 1.4 } }`.

    `{ scenario = "market @ trapped", name = "nobody pays", set = { "household.intercept" = -1.0 } }`.
    """

    scenario: Word
    name: Word | None = None
    times: dict[str, Any] | None = Field(default=None, min_length=1)
    set: dict[str, Any] | None = Field(default=None, min_length=1)


@dataclass(frozen=True)
class Arm:
    """An expression, its place (None: the scenario's own), and what is its own.

    times : by what some of its levers are multiplied; values : what it sets, whatever the factors are; name : what it
    is called, empty for the scenario.
    """

    scenario: str
    place: str | None
    times: Mapping[str, float]
    values: Mapping[str, float | int]
    name: str = ""


def read_arms(
    raw: Sequence[Any], places: Sequence[str], text: ScenarioText, constants: Collection[str], factors: Collection[str]
) -> tuple[Arm, ...]:
    """Cross scenarios that name no place with the places.

    constants, factors : paths of the study; nothing multiplies them, and no arm sets a constant.

    Raises InputError for the first thing that is wrong, with its line.
    """
    found: list[Arm] = []
    for number, item in enumerate(raw):
        arm = _read(item, number, text, constants, {*constants, *factors})
        scenario, at, place = (part.strip() for part in arm.scenario.partition("@"))
        elsewhere: list[str | None] = [*places] or [None]
        found += [replace(arm, scenario=scenario, place=where) for where in ([place] if at else elsewhere)]
    names = [(arm.name or arm.scenario, arm.place) for arm in found]
    for name in names:
        if names.count(name) > 1:
            shown = shortened(" @ ".join(part for part in name if part))
            raise InputError(f"{text.where('scenarios')}: {shown} is named twice; name each scenario once per place")
    return tuple(found)


def _read(item: object, number: int, text: ScenarioText, constants: Collection[str], taken: Collection[str]) -> Arm:
    """Return an element of `scenarios`; its expression may name a place."""
    where = text.where("scenarios", number)
    if isinstance(item, dict):
        told = validated(ArmTable, item, text, "scenarios", str(number))
        if told.times is None and told.set is None:
            raise InputError(f"{where}: the key scenarios.{number}.times is missing, or set; else write the text alone")
        if told.set is not None and told.name is None:
            raise InputError(f"{where}: the key scenarios.{number}.name is missing: what sets values needs a name")
        times = {path: _factor(path, value, where, taken) for path, value in (told.times or {}).items()}
        values = {path: _own(path, value, where, {*constants, *times}) for path, value in (told.set or {}).items()}
        return Arm(told.scenario, None, times, values, told.name or "")
    if not isinstance(item, str):
        right = 'must be text in quotes, or a table { scenario = "...", times = { ... } }'
        raise InputError(f"{where}: scenarios.{number} = {written(item)} ({sort_of(item)}) {right}")
    if not item.strip():
        raise InputError(f"{where}: scenarios.{number} is empty; name a form, then any programmes")
    return Arm(item, None, {}, {})


def _own(path: str, value: object, where: str, taken: Collection[str]) -> float | int:
    """Check a value that an arm sets."""
    if path not in declared.PARAMETERS:
        raise unknown_path(path, where)
    if path in taken:
        raise InputError(f"{where}: set: {path} is a constant of the study or multiplied too; leave one out")
    return checked(path, value, where)


def _factor(path: str, value: object, where: str, taken: Collection[str]) -> float:
    """Check what a lever is multiplied by."""
    parameter = declared.PARAMETERS.get(path)
    if parameter is None:
        raise unknown_path(path, where)
    if parameter.role is not Role.LEVER or parameter.choices or parameter.integer or not changes_in_run(parameter):
        raise InputError(f"{where}: times: {path} is no amount; only levers that are amounts can be multiplied")
    if path in taken:
        raise InputError(f"{where}: times: {path} is a constant or factor of the study too; leave one out")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f"{where}: times: {path} = {written(value)} is {sort_of(value)}; write a number, 1.4")
    if not 0 <= value <= _MOST:
        raise InputError(f"{where}: times: {path} = {written(value)} must be 0 or more, {_MOST:g} at most; 1 leaves it")
    return float(value)


def multiplied(world: World, times: Mapping[str, float], where: str) -> World:
    """Return a world with some levers multiplied from the policy month on.

    Raises InputError where a lever leaves its valid range, or is 0 throughout, so that nothing is multiplied.
    """
    if not times:
        return world
    if world.parts:
        raise InputError(f"{where}: {world.place} holds estates of several kinds; times is for places of one kind")
    segments: list[Segment] = []
    for segment in world.segments:
        changed = {path: segment.values[path] * factor for path, factor in times.items()}
        for path, value in changed.items():
            low, high = declared.PARAMETERS[path].valid
            if not low <= value <= high:
                so_much = f"{path} times {times[path]:g} is {value:g} in month {segment.month}"
                raise InputError(f"{where}: {so_much}; {allowed(declared.PARAMETERS[path])}")
        segments.append(replace(segment, values={**segment.values, **changed}))
    for path in times:
        if not any(segment.values[path] for segment in world.segments):
            raise InputError(f"{where}: {path} is 0 in {world.label}, and 0 times anything is 0; stack what sets it")
    return replace(world, segments=tuple(segments))
