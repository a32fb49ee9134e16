"""The parameters in force, read as `model.p.household_b_bailout`, and how one is changed in the midst of a run."""

from types import SimpleNamespace
from typing import Any, NoReturn

import numpy as np

from sim import parameters as declared
from sim.errors import InputError
from sim.parameters import Role
from sim.scenarios.values import checked, unknown_path

_PATHS = {path.replace(".", "_"): path for path in declared.PARAMETERS}
_CHANGEABLE = (Role.LEVER, Role.UNCERTAINTY)


class InForce(SimpleNamespace):
    """One complete set of values, an attribute per parameter, named group_name; only `change` writes to it."""

    @classmethod
    def of(cls, record: np.record) -> "InForce":
        """Return the values of a record of the table of parameters."""
        return cls(**_plain(record))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        """Raise InputError: the schedule would take the value back."""
        raise _read_only(name, repr(value))

    def __delattr__(self, name: str) -> NoReturn:
        """Raise InputError: the model needs every value."""
        raise _read_only(name, "...")


def change(sets: list[InForce], path: str, value: object) -> float | int:
    """Give a parameter another value in all of `sets`, with what is derived from it, and return it as a number.

    path : group.name; value : as in a scenario file, a number or the word of a switch.

    Raises InputError, and changes nothing, where the name is unknown, the value not allowed, or the parameter one that
    shapes the households, the starting state or the form of the model.
    """
    where = "model.change"
    parameter = declared.PARAMETERS.get(path)
    if parameter is None:
        raise unknown_path(path, where)
    if parameter.initial or parameter.role not in _CHANGEABLE:
        reason = "shapes the households or the starting state" if parameter.initial else f"is of role {parameter.role}"
        raise InputError(
            f'{where}: {path} {reason} and cannot change in a run; make another model with set=["{path}=..."]'
        )
    number = checked(path, value, where)
    for values in sets:
        row = {known: vars(values)[name] for name, known in _PATHS.items()}
        vars(values).update(_plain(declared.table([row | {path: number}])[0]))
    return number


def _plain(record: np.record) -> dict[str, Any]:
    """Return the fields of a record as plain numbers, a tuple where there are several."""
    values = (tuple(value.tolist()) if isinstance(value, np.ndarray) else value for value in record.item())
    return dict(zip(record.dtype.names or (), values, strict=True))


def _read_only(name: str, value: str) -> InputError:
    """Make the error for writing to a parameter in force."""
    path = _PATHS.get(name)
    if path is None:
        groups = {parameter.group for parameter in declared.PARAMETERS.values()}
        near = [group for group in groups if name.startswith(f"{group}_")]
        group = max(near, key=len, default="")
        return unknown_path(f"{group}.{name.removeprefix(f'{group}_')}" if group else name, f"model.p.{name}")
    return InputError(
        f'model.p.{name} is read only, since the schedule of the scenario sets it; model.change("{path}", {value}) '
        "changes it for the rest of the run"
    )
