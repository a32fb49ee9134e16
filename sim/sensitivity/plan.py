"""What `[sensitivity]` in a study file may say, checked: which method, on what, under whose luck."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal

from pydantic import Field

from sim import parameters as declared
from sim.errors import InputError
from sim.outcomes import OUTCOMES
from sim.parameters.declaration import Parameter, Role
from sim.scenarios import World, resolve
from sim.scenarios.files import ScenarioText
from sim.scenarios.schema import Strict, Whole, Word
from sim.scenarios.values import did_you_mean, shortened
from sim.studies.compute import MOST_REPLICATES_OF_A_LUCK
from sim.studies.design import LUCK
from sim.studies.findings import validated
from sim.studies.schema import MAX_POINTS, Factor, Study, check_power, default_factor

METHODS = ("morris", "sobol", "fast", "rbd_fast", "delta", "pawn", "dgsm", "shapley")
GROUPED = ("morris", "sobol")
"""Methods that can move a whole group of factors at once."""

START = ("start.paid", "start.facility", "start.trust_provider", "start.trust_community")
"""What makes a start high or low: payment, facilities and trust."""

DUMMY = "dummy"
"""A factor that the model does not know: what it seems to do is noise."""
FORM = "form"
OWN_START = "own"

SECOND_ORDER_FACTORS = 6


class SensitivityTable(Strict):
    """`[sensitivity]`.

    n : trajectories (morris, shapley), base points (sobol, dgsm), points per factor (fast) or points in all.
    every : all parameters with a study range are factors, but levers that a scenario of the study sets;
    leave_out : paths or patterns such as "start.*". at : after how many months outcomes are read; show : those
    drawn as bars. differences : pairs of scenarios. starts : places whose payment, trust and facilities are tried
    beside the scenario's own. good : from where on an outcome counts as the good regime. missing : what is done where
    an outcome does not exist.
    """

    method: Literal["morris", "sobol", "fast", "rbd_fast", "delta", "pawn", "dgsm", "shapley"]
    n: Whole = Field(ge=2, le=MAX_POINTS)
    luck: Literal["own", "common"] = "own"
    every: bool = False
    leave_out: list[Word] = Field(default_factory=list)
    at: list[Whole] = Field(default_factory=list, max_length=120)
    show: list[Whole] = Field(default_factory=list)
    differences: list[list[Word]] = Field(default_factory=list)
    starts: list[Word] = Field(default_factory=list)
    good: dict[str, float] = Field(default_factory=dict)
    missing: Literal["error", "drop"] | dict[str, float] = "error"
    levels: Whole = Field(8, ge=2, le=64, multiple_of=2)
    groups: bool = False
    forms: bool = False
    seed_factor: bool = False
    second_order: bool = False


@dataclass(frozen=True)
class Column:
    """One factor as the method sees it, from 0 to 1; `factor` is None for the dummy, the luck and the form."""

    name: str
    group: str
    factor: Factor | None = None


@dataclass(frozen=True)
class Plan:
    """A checked `[sensitivity]`.

    columns : every factor, the dummy last; starts : name of a start and what it sets; differences : positions of
    two scenarios, the second taken from the first; at, show : months after the policy month, rising.
    """

    asked: SensitivityTable
    columns: tuple[Column, ...]
    starts: tuple[tuple[str, Mapping[str, float | int]], ...]
    differences: tuple[tuple[int, int], ...]
    at: tuple[int, ...]
    show: tuple[int, ...]

    @property
    def method(self) -> str:
        """Method by its name."""
        return self.asked.method

    @property
    def paths(self) -> tuple[str, ...]:
        """The factors that are parameters."""
        return tuple(column.name for column in self.columns if column.factor is not None)

    @property
    def units(self) -> tuple[str, ...]:
        """What the method ranks: the factors, or their groups in order of appearance."""
        return tuple(dict.fromkeys(column.group if self.asked.groups else column.name for column in self.columns))

    @property
    def own_luck(self) -> bool:
        """Whether every point has luck of its own."""
        return self.asked.luck == "own" and not self.asked.seed_factor

    @property
    def sets_luck(self) -> bool:
        """Whether the design says which luck a point has."""
        return self.asked.luck == "own" or self.asked.seed_factor


def with_plan(study: Study, raw: Mapping[str, Any], text: ScenarioText) -> Study:
    """Return the study with its `[sensitivity]` checked and its factors complete.

    Raises
    ------
    InputError
        For the first thing that is wrong, with its line.
    """
    asked = validated(SensitivityTable, raw, text, "sensitivity")
    worlds = _worlds(study)
    factors = study.factors + (tuple(_every(study, worlds, asked, text)) if asked.every else ())
    if not factors and not asked.forms:
        raise InputError(f'{text.where("sensitivity")}: there is no factor; add [factors."group.name"] or every = true')
    _check(study, asked, factors, text)
    columns = [Column(factor.path, factor.parameter.group, factor) for factor in factors]
    columns += [Column(FORM, FORM)] * asked.forms + [Column(LUCK, LUCK)] * asked.seed_factor + [Column(DUMMY, DUMMY)]
    at = _months(asked.at or [study.months], "at", range(1, study.months + 1), text)
    plan = Plan(
        asked=asked,
        columns=tuple(columns),
        starts=((OWN_START, {}), *_starts(asked, factors, text)),
        differences=tuple(_difference(pair, study, text) for pair in asked.differences),
        at=at,
        show=_months(asked.show or [at[-1]], "show", at, text),
    )
    keep = tuple(dict.fromkeys((*study.keep, "series")))
    return dataclasses.replace(study, factors=factors, sensitivity=plan, keep=keep)


def _worlds(study: Study) -> list[World]:
    from sim.studies.worlds import base_worlds

    return base_worlds(study)


def _every(study: Study, worlds: Sequence[World], asked: SensitivityTable, text: ScenarioText) -> Iterator[Factor]:
    """Yield a factor for every parameter with a study range that is not told otherwise.

    Levers that a scenario sets are what it consists of: varied alike in all, they would make all scenarios one.
    """
    told = {factor.path for factor in study.factors} | set(study.constants)
    for pattern in asked.leave_out:
        if not any(fnmatchcase(path, pattern) for path in declared.PARAMETERS):
            hint = did_you_mean(pattern, declared.PARAMETERS)
            where = text.where("sensitivity", "leave_out")
            raise InputError(f"{where}: {shortened(pattern)} fits no parameter{hint}")
    for path, parameter in declared.PARAMETERS.items():
        if path in told or not _varies(parameter) or any(fnmatchcase(path, pattern) for pattern in asked.leave_out):
            continue
        if parameter.role is Role.LEVER and any(_set_by(world, path) for world in worlds):
            continue
        yield default_factor(path, text.where("sensitivity", "every"))


def _varies(parameter: Parameter) -> bool:
    return parameter.role is not Role.CONSTANT and (bool(parameter.choices) or parameter.range is not None)


def _set_by(world: World, path: str) -> bool:
    origins = [world.origins_before, *(segment.origins for segment in world.segments)]
    return any(some[path].where != "default" for some in origins)


def _check(study: Study, asked: SensitivityTable, factors: Sequence[Factor], text: ScenarioText) -> None:
    """Raise InputError where method, luck, replicates and factors do not go together."""

    def where(key: str) -> str:
        return text.where("sensitivity", key)

    if not isinstance(study.replicates, int):
        raise InputError(f"{text.where('replicates')}: a sensitivity analysis needs a number of replicates, no rule")
    if not asked.seed_factor and study.replicates < 2:
        why = "the noise of a point cannot be told from an effect" if asked.luck == "own" else "no spread can be shown"
        raise InputError(f"{text.where('replicates')}: from 1 replicate {why}; take 2 or more, or seed_factor = true")
    if asked.luck == "own" and study.replicates > MOST_REPLICATES_OF_A_LUCK:
        most = MOST_REPLICATES_OF_A_LUCK
        raise InputError(f"{text.where('replicates')}: at most {most} replicates with luck of their own")
    for key, methods in (("groups", GROUPED), ("second_order", ("sobol",))):
        if getattr(asked, key) and asked.method not in methods:
            right = " and ".join(methods)
            raise InputError(f"{where(key)}: {key} belongs to {right}, and the method is {asked.method}")
    n_moved = len({factor.parameter.group for factor in factors}) if asked.groups else len(factors)
    n_moved += asked.forms + asked.seed_factor
    if asked.second_order and n_moved > SECOND_ORDER_FACTORS:
        things = "groups" if asked.groups else "factors"
        way = "leave some out" if asked.groups else "screen first, or take groups = true"
        raise InputError(
            f"{where('second_order')}: second order is for the few {things} that matter, at most "
            f"{SECOND_ORDER_FACTORS}, and here are {n_moved}; {way}"
        )
    if asked.method == "sobol":
        check_power(asked.n, where("n"))
    if asked.method == "fast" and asked.n <= 64:
        raise InputError(f"{where('n')}: n = {asked.n}: FAST with 4 harmonics needs more than 64 points per factor")
    if asked.method == "dgsm":
        stepped = [factor.path for factor in factors if factor.values or factor.parameter.integer]
        if stepped or asked.forms or asked.luck == "own" or asked.seed_factor:
            odd = f"{stepped[0]} has steps" if stepped else "forms, own luck and a seed as a factor have none"
            raise InputError(
                f"{where('method')}: dgsm needs derivatives, and {odd}; leave that out (leave_out, luck = \"common\"), "
                "or take morris"
            )
    _check_outcomes(study, asked, text)


def _check_outcomes(study: Study, asked: SensitivityTable, text: ScenarioText) -> None:
    instead = asked.missing if isinstance(asked.missing, dict) else {}
    for key, names in (("good", asked.good), ("missing", instead)):
        for name in names:
            if name not in study.outcomes:
                hint = did_you_mean(name, study.outcomes)
                where = text.where("sensitivity", key)
                raise InputError(f"{where}: {shortened(name)} is no outcome of the study{hint}")
    for name in asked.good:
        if not OUTCOMES[name].better:
            raise InputError(f"{text.where('sensitivity', 'good')}: {name} is neither better high nor low")
    if asked.missing == "drop" and asked.method == "fast":
        where = text.where("sensitivity", "missing")
        raise InputError(f"{where}: FAST can drop no point; say which value stands for it")


def _starts(
    asked: SensitivityTable, factors: Sequence[Factor], text: ScenarioText
) -> Iterator[tuple[str, Mapping[str, float | int]]]:
    where = text.where("sensitivity", "starts")
    if asked.starts:
        for factor in factors:
            if factor.path in START:
                raise InputError(f"{where}: {factor.path} is a factor and part of a start; leave it out (leave_out)")
    for name in asked.starts:
        if name == OWN_START or asked.starts.count(name) > 1:
            raise InputError(f"{where}: {shortened(name)} is there already; name each place once")
        try:
            before = resolve("market", place=name).before
        except InputError as error:
            raise InputError(f"{where}: {error}") from None
        yield name, {path: before[path] for path in START} | {"time.spinup": 0}


def _difference(pair: Sequence[str], study: Study, text: ScenarioText) -> tuple[int, int]:
    where = text.where("sensitivity", "differences")
    if len(pair) != 2 or pair[0] == pair[1]:
        raise InputError(f"{where}: a difference names two scenarios, the second is taken from the first")
    known = [scenario if place is None else f"{scenario} @ {place}" for scenario, place in study.arms]
    for name in pair:
        if name not in known:
            raise InputError(f"{where}: {shortened(name)} is no scenario of the study{did_you_mean(name, known)}")
    return known.index(pair[0]), known.index(pair[1])


def _months(months: Sequence[int], key: str, allowed: Sequence[int], text: ScenarioText) -> tuple[int, ...]:
    for month in months:
        if month not in allowed:
            of = f"1 to {allowed[-1]}" if isinstance(allowed, range) else ", ".join(map(str, allowed))
            raise InputError(f"{text.where('sensitivity', key)}: {key} = {month} is none of {of}")
    return tuple(sorted(set(months)))
