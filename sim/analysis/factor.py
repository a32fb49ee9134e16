"""The factor of a crossing: its values, and which parameter it is in each form.

`fee` is whatever the households of a form are asked for, yuan/m2/month: the fee of the firm, the station or custody.
A flat fee per dwelling stays as it is and counts at the place's mean dwelling.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim import parameters as declared
from sim.errors import InputError
from sim.scenarios import World
from sim.scenarios.values import checked, nearest, shortened, unknown_path, written

FEE = "fee"
FEE_UNIT = "yuan/m2/month"
GROUPS = {"custody": "custody", "firm": "firm", "station": "station"}
"""Who serves (`provider.kind`) -> the group that holds its fee."""
VALUES = 9
"""Values looked at where nobody says how many."""
MOST = 101


@dataclass(frozen=True)
class Key:
    """The parameter that a factor is in one form: it is set to the factor's value less `less`."""

    path: str
    less: float = 0.0

    def setting(self, value: float, name: str) -> str:
        """Return the option that sets a form to a value of the factor, or raise InputError where it cannot be."""
        own = value - self.less
        if abs(own) < 1e-12:
            own = 0.0
        parameter = declared.PARAMETERS[self.path]
        where = f"--over {name}, value {value:g}"
        if parameter.integer and not own.is_integer():
            raise InputError(f"{where}: {self.path} takes whole numbers; choose --values that are.")
        if self.less and own < parameter.valid[0]:
            raise InputError(
                f"{where}: the flat fee alone is {self.less:.3g} {FEE_UNIT} at the mean dwelling, so {self.path} would "
                f"be below zero; begin --values at {self.less:.3g} or above."
            )
        return f"{self.path}={checked(self.path, int(own) if parameter.integer else own, where)!r}"


def key_of(name: str, world: World) -> Key:
    """Return the parameter that a factor is in a form.

    Raises InputError where there is none of this name, or the form has no fee.
    """
    if name != FEE:
        check_name(name)
        return Key(name)
    values = world.segments[0].values
    kind = declared.PARAMETERS["provider.kind"].choices[int(values["provider.kind"])]
    if kind not in GROUPS:
        raise InputError(f"--over fee: in {world.label} nobody serves, so nobody is asked for a fee.")
    group = GROUPS[kind]
    flat = values.get(f"{group}.flat_fee", 0.0)
    return Key(f"{group}.fee", flat / values["population.area_mean"])


def check_name(name: str) -> None:
    """Raise InputError unless a name is `fee` or a parameter that takes numbers."""
    if name == FEE:
        return
    where = f"--over {shortened(name)}"
    parameter = declared.PARAMETERS.get(name)
    if parameter is None:
        if nearest(name, [FEE]):
            raise InputError(f"{where}: is not a factor; did you mean {FEE}?")
        raise unknown_path(name, where)
    if parameter.choices:
        raise InputError(f"{where}: is a switch and has no order; name a parameter that takes numbers, or {FEE}.")


def unit_of(name: str) -> str:
    """Return the unit of a factor."""
    return FEE_UNIT if name == FEE else declared.PARAMETERS[name].unit


def read_values(asked: str | Sequence[float] | None, name: str, keys: Sequence[Key]) -> tuple[float, ...]:
    """Return the values of a factor, ascending: those asked for, or VALUES of them over the declared range.

    asked : "low:high:n", or the values themselves.

    Raises InputError where that cannot be read, is too little or does not rise.
    """
    if asked is None:
        low, high = _declared(name, keys)
        return _spaced(low, high, VALUES)
    if not isinstance(asked, str):
        values = tuple(float(value) for value in asked)
        if len(values) < 2 or not all(np.isfinite(values)) or any(np.diff(values) <= 0):
            raise InputError("values: give at least two finite numbers that rise, or low:high:n.")
        return values
    where = f"--values {shortened(asked)}"
    parts = asked.split(":")
    try:
        low, high, n = float(parts[0]), float(parts[1]), int(parts[2])
        enough = len(parts) == 3 and bool(np.isfinite([low, high]).all())
    except (ValueError, IndexError):
        enough = False
    if not enough:
        raise InputError(f"{where}: write low:high:n, for example 0.3:0.8:11.")
    if not low < high:
        raise InputError(f"{where}: {low:g} to {high:g} does not rise.")
    if not 2 <= n <= MOST:
        raise InputError(f"{where}: {n} values; look at 2 to {MOST}.")
    return _spaced(low, high, n)


def _spaced(low: float, high: float, n: int) -> tuple[float, ...]:
    return tuple(float(f"{value:.12g}") for value in np.linspace(low, high, n))


def _declared(name: str, keys: Sequence[Key]) -> tuple[float, float]:
    """Return the declared range of a factor, of `fee` that of a firm's, above every flat fee."""
    found = declared.PARAMETERS["firm.fee" if name == FEE else name].range
    if found is None:
        raise InputError(f"--over {written(name)}: has no declared range; give --values low:high:n.")
    return max((found[0], *(key.less for key in keys))), found[1]
