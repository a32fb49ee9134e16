"""What a parameter is: one number with its unit, its two pairs of bounds, its role and its source."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Who decides the value (vocabulary of exploratory modelling)."""

    LEVER = "lever"
    """A choice of those who govern; may change at the policy month and later."""
    UNCERTAINTY = "uncertainty"
    """How people and buildings behave; the same before and after the policy month."""
    CONSTANT = "constant"
    """A fact or convention that studies leave alone."""
    STRUCTURAL = "structural"
    """A choice of model form; the same before and after the policy month."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """Declare one number of the model.

    `valid` is what the code accepts (limits and null tests need 0, 1 and beyond); `range` is what a study
    samples, None for constants. A switch lists its `choices`; its value is the position in that list.
    """

    group: str
    name: str
    default: float | int
    valid: tuple[float, float]
    range: tuple[float, float] | None
    unit: str
    role: Role
    source: str
    about: str
    symbol: str = ""
    choices: tuple[str, ...] = ()
    integer: bool = False
    initial: bool = False
    """True where the value shapes households, network or starting state, and so cannot change in a run."""

    @property
    def path(self) -> str:
        """Name in scenario files and in `--set`: group.name."""
        return f"{self.group}.{self.name}"


@dataclass(frozen=True, slots=True)
class Declare:
    """Write one line per parameter of a role."""

    role: Role

    def __call__(
        self,
        path: str,
        default: float | int,
        valid: tuple[float, float],
        study: tuple[float, float] | None,
        unit: str,
        source: str,
        about: str,
        *,
        symbol: str = "",
        initial: bool = False,
        integer: bool = False,
    ) -> Parameter:
        """Return the parameter `path` = group.name."""
        group, name = path.split(".")
        return Parameter(
            group=group,
            name=name,
            default=default,
            valid=valid,
            range=study,
            unit=unit,
            role=self.role,
            source=source,
            about=about,
            symbol=symbol,
            integer=integer,
            initial=initial,
        )


def switch(
    path: str, choices: tuple[str, ...], about: str, source: str, *, role: Role = Role.STRUCTURAL, initial: bool = False
) -> Parameter:
    """Return a parameter that picks one of `choices`; the first is the default."""
    group, name = path.split(".")
    return Parameter(
        group=group,
        name=name,
        default=0,
        valid=(0, len(choices) - 1),
        range=(0, len(choices) - 1),
        unit="switch",
        role=role,
        source=source,
        about=about,
        choices=choices,
        integer=True,
        initial=initial,
    )


lever = Declare(Role.LEVER)
uncertainty = Declare(Role.UNCERTAINTY)
constant = Declare(Role.CONSTANT)
structural = Declare(Role.STRUCTURAL)
