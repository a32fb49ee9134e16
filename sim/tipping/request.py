"""What a tipping analysis is asked: two factors, two starts, a ramp and a support, checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypedDict

import numpy as np

from sim import parameters as declared
from sim.errors import InputError
from sim.outcomes import WINDOW
from sim.parameters.declaration import Parameter
from sim.runs import check_replicates, check_seed, resolve_in_place
from sim.scenarios import World
from sim.scenarios.catalog import load
from sim.scenarios.resolve import number
from sim.scenarios.schema import LATEST
from sim.scenarios.values import allowed, changes_in_run, checked, unknown_path
from sim.studies.schema import check_factor, default_factor

WITHDRAWN = (36, 60)
"""Months in which support ends."""
SHORTEST_DWELL = WINDOW + 3
"""A payment rate looks back on bills that reached 3 months of age in the last 12: a shorter dwell would mix levels."""
HIGH_PLACE, HIGH_START = "healthy", ("start.paid", "start.facility", "start.trust_provider")
"""The usual high start is that of a healthy estate in payment, facilities and trust."""

Values = dict[str, float | int]


@dataclass(frozen=True)
class Axis:
    """A parameter and the values it takes, ascending."""

    path: str
    values: tuple[float, ...]

    @property
    def parameter(self) -> Parameter:
        """Declaration of the parameter."""
        return declared.PARAMETERS[self.path]

    @property
    def label(self) -> str:
        """Name and unit, for an axis of a figure."""
        return f"{self.path}  ({self.parameter.unit})"


class Options(TypedDict, total=False):
    """The options of `Request.of`, so that a checker of types knows a misspelt one."""

    place: str | None
    set: Sequence[str]
    vary: Sequence[str]
    ramp: str
    support: Sequence[str]
    low: Sequence[str]
    high: Sequence[str]
    levels: int
    dwell: Sequence[int]
    months: int
    replicates: int
    seed: int


@dataclass(frozen=True)
class Request:
    """What is asked.

    across, up : the two factors of the phase diagram; ramp : lever that goes up and down again; dwell : months at each
    level of it; support : levers given from the policy month and withdrawn in WITHDRAWN; low, high : what the two
    starts set beyond the place (ramp and support begin low); months : of every run of the phase diagram and of support.
    """

    scenario: str
    place: str | None
    settings: Mapping[str, float | int]
    across: Axis
    up: Axis
    ramp: Axis
    dwell: tuple[int, ...]
    support: Mapping[str, float | int]
    low: Mapping[str, float | int]
    high: Mapping[str, float | int]
    months: int
    replicates: int
    seed: int
    world: World
    """The scenario as the low start has it, without a spin-up."""

    @classmethod
    def of(
        cls,
        scenario: str = "market",
        *,
        place: str | None = None,
        set: Sequence[str] = (),
        vary: Sequence[str] = ("street.subsidy=0:0.15", "household.b_social=0.3:2.4"),
        ramp: str = "street.subsidy=0:0.15",
        support: Sequence[str] = ("street.subsidy=0.1",),
        low: Sequence[str] = (),
        high: Sequence[str] = (),
        levels: int = 9,
        dwell: Sequence[int] = (18, 60),
        months: int = 180,
        replicates: int = 40,
        seed: int = 1,
    ) -> "Request":
        """Check what is asked, in the words of the command line: "group.name=low:high", "group.name=value".

        Raises
        ------
        InputError
            For the first thing that is wrong.
        """
        if len(vary) != 2:
            raise InputError(f"--vary is given {len(vary)} times; a phase diagram has two factors, so give it twice.")
        if not 3 <= levels <= 101:
            raise InputError(f"--levels {levels} lies outside 3 to 101.")
        across, up = (_axis(text, levels, "--vary") for text in vary)
        if across.path == up.path:
            raise InputError(f"--vary names {up.path} twice; a phase diagram needs two factors.")
        ramped, supported = _axis(ramp, levels, "--ramp"), _values(support, "--support")
        for path, option in ((ramped.path, "--ramp"), *((path, "--support") for path in supported)):
            if not changes_in_run(declared.PARAMETERS[path]):
                role = declared.PARAMETERS[path].role
                raise InputError(f"{option} {path}: only a lever can change in a run, and this is of role {role}.")
        settings, lows = _values(set, "--set"), _values(low, "--low")
        starts = lows, (_values(high, "--high") or _high_start())
        _check_apart(settings, across, up, ramped, supported, *starts)
        _check_dwell(dwell, 2 * len(ramped.values) - 1)
        if not max(WITHDRAWN) + 2 * WINDOW <= months <= LATEST:
            raise InputError(f"--months {months} lies outside {max(WITHDRAWN) + 2 * WINDOW} to {LATEST}.")
        given = [*set, "time.spinup=0", *low]
        found = cls(
            scenario, place, settings, across, up, ramped, tuple(dwell), supported, *starts, months,
            check_replicates(replicates), check_seed(seed), resolve_in_place(scenario, place, months, given),
        )  # fmt: skip
        if not found.start("low") < found.start("high"):
            raise InputError(
                f"the low start has start.paid = {found.start('low'):g} and the high start {found.start('high'):g}; "
                "name a higher one with --high start.paid=VALUE, or a lower one with --low."
            )
        return found

    def start(self, name: str) -> float:
        """Return the share of households that pay at a start, "low" or "high"."""
        own = self.world.before["start.paid"]
        return float((self.low if name == "low" else self.high).get("start.paid", own))

    @property
    def threshold(self) -> float:
        """Payment rate that parts the regimes: halfway between the two starts."""
        return 0.5 * (self.start("low") + self.start("high"))

    @property
    def starts(self) -> tuple[str, ...]:
        """What the starts differ in."""
        own = self.world.before
        return tuple(
            path
            for path in dict.fromkeys((*self.low, *self.high))
            if self.low.get(path, own[path]) != self.high.get(path, own[path])
        )

    def steps(self, dwell: int) -> list[tuple[int, float]]:
        """Return the months in which the ramp changes and its new values: up, then down again."""
        way = (*self.ramp.values, *self.ramp.values[-2::-1])
        return [(k * dwell, value) for k, value in enumerate(way)]


def _pair(text: str, option: str) -> tuple[str, str]:
    """Part "group.name=..." and check that the parameter exists."""
    path, _, told = (part.strip() for part in text.partition("="))
    if path not in declared.PARAMETERS:
        raise unknown_path(path, f"{option} {text}")
    return path, told


def _values(texts: Sequence[str], option: str) -> Values:
    found: Values = {}
    for text in texts:
        path, told = _pair(text, option)
        if not told:
            raise InputError(f"{option} {text}: there is no value; write {option} {path}=VALUE.")
        choices = declared.PARAMETERS[path].choices
        found[path] = checked(path, told if choices else number(told), f"{option} {text}")
    return found


def _axis(text: str, levels: int, option: str) -> Axis:
    """Read "group.name" (its declared study range) or "group.name=low:high"."""
    path, told = _pair(text, option)
    where = f"{option} {text}"
    parameter = check_factor(path, where)
    if parameter.choices:
        raise InputError(f"{where}: {path} is a switch and has no range; {allowed(parameter)}.")
    if not told:
        factor = default_factor(path, where)
        low, high = factor.low, factor.high
    else:
        ends = [checked(path, number(end.strip()), where) for end in told.split(":")]
        if len(ends) != 2 or not ends[0] < ends[1]:
            raise InputError(f"{where}: write {option} {path}=LOW:HIGH with LOW below HIGH, for example 0:0.2.")
        low, high = ends
    values = np.linspace(low, high, levels)
    if parameter.integer:
        values = np.unique(np.round(values))
    return Axis(path, tuple(float(round(value, 12)) for value in values))


def _high_start() -> Values:
    place = load(HIGH_PLACE, ("place",))
    return {path: place.values[path].value for path in HIGH_START}


def _check_apart(
    settings: Values, across: Axis, up: Axis, ramp: Axis, support: Values, low: Values, high: Values
) -> None:
    """Raise InputError where two options would set the same parameter."""
    for name, start in (("--low", low), ("--high", high)):
        for path in start:
            if not declared.PARAMETERS[path].initial:
                raise InputError(f"{name} {path}: is no start; name parameters of the group start.")
            if path in (across.path, up.path):
                raise InputError(f"{name} {path}: is a factor of --vary too; leave one out.")
    taken = {across.path, up.path, ramp.path, *support, *low, *high, "time.spinup"}
    for path in settings:
        if path in taken:
            raise InputError(f"--set {path}: the analysis sets this itself; leave it out here.")


def _check_dwell(dwell: Sequence[int], n_levels: int) -> None:
    most = LATEST // n_levels
    if not dwell or not all(SHORTEST_DWELL <= months <= most for months in dwell):
        shown = ", ".join(map(str, dwell)) or "none"
        raise InputError(
            f"--dwell {shown}: months at a level are {SHORTEST_DWELL} (a payment rate looks back so far) to {most} "
            f"(so that {n_levels} levels fit into {LATEST} months)."
        )
    if any(later <= former for former, later in pairwise(dwell)):
        raise InputError(f"--dwell {', '.join(map(str, dwell))}: name different dwell times, ascending.")
