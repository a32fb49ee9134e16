"""Factors by the group: `"group.*"` stands for the parameters of a group, with exceptions."""

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import Field

from sim import parameters as declared
from sim.errors import InputError
from sim.parameters.declaration import Parameter, Role
from sim.scenarios.files import ScenarioText
from sim.scenarios.schema import Strict, Word
from sim.scenarios.values import changes_in_run, did_you_mean, shortened
from sim.studies.findings import as_table, validated


class GroupTable(Strict):
    """`[factors."group.*"]`: its uncertainties; own : its levers too, where a scenario sets them; leave_out : names."""

    own: bool = False
    leave_out: list[Word] = Field(default_factory=list, max_length=1000)


def one_by_one(leaves: Iterable[tuple[str, Any, str]], text: ScenarioText) -> Iterator[tuple[str, Any, str]]:
    """Walk path, table and line of every factor, the members of a group in its place.

    A factor in a line of its own is as that line says, and no member of its group.

    Raises InputError, with the line, for a group that names nothing or leaves out what is not in it.
    """
    told = list(leaves)
    named = {path for path, _, _ in told}
    for path, raw, where in told:
        if not path.endswith(".*"):
            yield path, raw, where
            continue
        for parameter in _members(path, raw, where, text, named):
            yield parameter.path, {"own": True} if parameter.role is Role.LEVER else {}, where


def _members(path: str, raw: object, where: str, text: ScenarioText, named: set[str]) -> list[Parameter]:
    group = path.removesuffix(".*")
    table = as_table(raw, path, text, where)
    if not table.keys() <= {"own", "leave_out"}:
        right = f'write "{path}" = {{}}, or with the keys own and leave_out'
        raise InputError(f'{where}: "{path}" takes declared ranges; {right}')
    told = validated(GroupTable, table, text, "factors", path)
    there = [parameter for parameter in declared.PARAMETERS.values() if parameter.group == group]
    if not there:
        known = sorted({parameter.group for parameter in declared.PARAMETERS.values()})
        raise InputError(f"{where}: {shortened(group)} is not a group of parameters{did_you_mean(group, known)}")
    members = {parameter.name: parameter for parameter in there if _stands_for(parameter, told.own)}
    if not members:
        what = "an uncertainty or lever with a range" if told.own else "an uncertainty"
        right = "name its factors one by one" if told.own else "name its levers one by one"
        raise InputError(f"{where}: no parameter of {group} is {what}; {right}")
    for name in told.leave_out:
        if name not in members:
            hint = did_you_mean(name, members)
            raise InputError(f'{where}: leave_out: {shortened(name)} is not among what "{path}" stands for{hint}')
    left = [p for name, p in members.items() if name not in told.leave_out and p.path not in named]
    if not left:
        raise InputError(f'{where}: "{path}" names nothing: all of it is left out or has a line of its own')
    return left


def _stands_for(parameter: Parameter, own: bool) -> bool:
    if not (parameter.range or parameter.choices):
        return False
    return parameter.role is Role.UNCERTAINTY or (own and parameter.role is Role.LEVER and changes_in_run(parameter))
