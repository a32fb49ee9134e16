"""What a study file may say, checked and told with file, line and nearest valid key."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from sim import parameters as declared
from sim.errors import InputError
from sim.outcomes import OUTCOMES
from sim.parameters.declaration import Parameter, Role
from sim.runs import MAX_REPLICATES, MAX_SEED
from sim.scenarios.files import ScenarioText
from sim.scenarios.schema import LATEST, Strict, Whole, Word
from sim.scenarios.values import (
    allowed,
    as_whole,
    changes_in_run,
    checked,
    did_you_mean,
    in_words,
    shortened,
    sort_of,
    unknown_path,
    written,
)
from sim.studies.arms import read_arms
from sim.studies.findings import as_table, validated
from sim.studies.groups import one_by_one

if TYPE_CHECKING:
    from sim.sensitivity.plan import Plan

METHODS = ("grid", "lhs", "sobol", "oat", "csv")
KEEP = ("series", "cases")
ROLES = {"lever": Role.LEVER, "uncertainty": Role.UNCERTAINTY, "structural": Role.STRUCTURAL}
MAX_POINTS = 1_000_000
MAX_RUNS = 100_000_000


class Sampling(Strict):
    """`[sampling]`: how the factors are sampled; `n` points of a sample, `levels` of a range, `file` of points."""

    method: Literal["grid", "lhs", "sobol", "oat", "csv"]
    n: Whole | None = Field(default=None, ge=1, le=MAX_POINTS)
    levels: Whole | None = Field(default=None, ge=2, le=1000)
    file: Word | None = None
    settle: int | None = Field(default=None, ge=2, le=MAX_REPLICATES)
    """Lucks on which every point's places are settled again where they declare to stand; None: they keep their
    intercept."""


class Rule(Strict):
    """`[replicates]`: run until the mean of `outcome` is known to a half-width at every point.

    precision : the half-width, in units of the outcome; or relative : the half-width as a share of the mean.
    """

    precision: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    relative: float | None = Field(default=None, gt=0, lt=1)
    outcome: Word = "payment_rate"
    min: Whole = Field(100, ge=10, le=MAX_REPLICATES)
    max: Whole = Field(2000, ge=10, le=MAX_REPLICATES)

    def in_words(self) -> str:
        """Say what is asked for: 0.005, or 2 % of itself."""
        return f"{self.precision:g}" if self.relative is None else f"{100 * self.relative:g} % of itself"


class FactorTable(Strict):
    """`[factors."group.name"]`."""

    role: Literal["lever", "uncertainty", "structural"] | None = None
    range: list[Any] | None = Field(default=None, min_length=2, max_length=2)
    values: list[Any] | None = Field(default=None, min_length=1, max_length=1000)
    own: bool = False


class StudyFile(Strict):
    """The keys of a study file."""

    schema_: Annotated[Literal[1], BeforeValidator(as_whole)] = Field(1, alias="schema")
    kind: Literal["study"] = "study"
    question: Word
    about: str = ""
    scenarios: list[Any] = Field(min_length=1, max_length=1000)
    places: list[Word] = Field(default_factory=list, max_length=1000)
    months: Whole = Field(ge=1, le=LATEST)
    replicates: Any
    seed: Whole = Field(ge=0, le=MAX_SEED)
    outcomes: list[Word] = Field(default_factory=list)
    keep: list[Word] = Field(default_factory=list)
    at: list[Whole] = Field(default_factory=list, max_length=LATEST + 1)
    constants: dict[str, Any] = Field(default_factory=dict)
    factors: dict[str, Any] = Field(default_factory=dict)
    sampling: Any = None
    sensitivity: Any = None


@dataclass(frozen=True, slots=True)
class Factor:
    """What a study varies: some values, or everything from `low` to `high`; switches by the position of the choice."""

    path: str
    role: Role
    low: float
    high: float
    values: tuple[float | int, ...] = ()
    own: bool = False
    """A lever that is varied only in scenarios, and months, in which it is not as it was before the policy month."""

    @property
    def parameter(self) -> Parameter:
        """Declaration of what is varied."""
        return declared.PARAMETERS[self.path]

    def in_words(self) -> str:
        """Say what is sampled, for messages and receipts."""
        where = ", where a scenario sets it" if self.own else ""
        if self.values:
            return ", ".join(in_words(self.path, value).strip('"') for value in self.values) + where
        return f"{self.low:g} to {self.high:g} {self.parameter.unit}{where}"


@dataclass(frozen=True)
class Study:
    """A checked study file.

    arms : expression and place (None: the scenario's own) of every form compared; times : of each, by what some of
    its levers are multiplied from the policy month on; sets : values of its own, which no factor moves; names : what
    it is called, empty for its scenario; constants and the values of factors are those of
    `sim.scenarios.values.checked`; replicates : a number, or the rule that finds it.
    """

    text: ScenarioText
    question: str
    arms: tuple[tuple[str, str | None], ...]
    times: tuple[Mapping[str, float], ...]
    sets: tuple[Mapping[str, float | int], ...]
    names: tuple[str, ...]
    months: int
    replicates: int | Rule
    seed: int
    outcomes: tuple[str, ...]
    keep: tuple[str, ...]
    at: tuple[int, ...]
    """Months after which the series are kept, 0 at the policy month; all of them where there are none."""
    constants: Mapping[str, float | int]
    factors: tuple[Factor, ...]
    sampling: Sampling | None
    sensitivity: "Plan | None" = None

    @property
    def method(self) -> str | None:
        """How its points are chosen."""
        chosen = self.sensitivity or self.sampling
        return None if chosen is None else chosen.method

    @property
    def settle(self) -> int:
        """Lucks on which places are settled again at every point, 0 where they keep their intercept."""
        return (self.sampling.settle if self.sampling else None) or 0

    @property
    def folder(self) -> Path:
        """Folder of the file, which holds whatever else it names."""
        return self.text.path.parent


def check_study(text: ScenarioText) -> Study:
    """Check a study file.

    Raises
    ------
    InputError
        For the first thing that is wrong, with its line.
    """
    head = validated(StudyFile, text.document, text)
    constants = dict(_constants(head.constants, text))
    sampling = (
        None
        if head.sampling is None
        else validated(Sampling, as_table(head.sampling, "sampling", text), text, "sampling")
    )
    factors = tuple(_factors(head.factors, constants, text))
    if head.sensitivity is not None:
        if sampling is not None:
            raise InputError(f"{text.where('sampling')}: [sensitivity] samples the factors itself; leave sampling out")
    elif sampling is not None:
        _check_sampling(sampling, factors, text)
    elif factors:
        raise InputError(
            f"{text.where('factors')}: there are factors and no [sampling]; say how to sample them, for example "
            'sampling = { method = "lhs", n = 64 }'
        )
    arms = read_arms(head.scenarios, head.places, text, set(constants), {factor.path for factor in factors})
    outcomes = _chosen(head.outcomes, "outcomes", OUTCOMES, text) or tuple(OUTCOMES)
    study = Study(
        text=text,
        question=head.question,
        arms=tuple((arm.scenario, arm.place) for arm in arms),
        times=tuple(arm.times for arm in arms),
        sets=tuple(arm.values for arm in arms),
        names=tuple(arm.name for arm in arms),
        months=head.months,
        replicates=_replicates(head.replicates, outcomes, text),
        seed=head.seed,
        outcomes=outcomes,
        keep=_chosen(head.keep, "keep", KEEP, text),
        at=_months(head, text),
        constants=constants,
        factors=factors,
        sampling=sampling,
    )
    if head.sensitivity is None:
        return study
    from sim.sensitivity.plan import with_plan

    return with_plan(study, as_table(head.sensitivity, "sensitivity", text), text)


# --- the parts ------------------------------------------------------------------------------------------------------


def _replicates(raw: object, outcomes: tuple[str, ...], text: ScenarioText) -> int | Rule:
    """Read the number of replicates or the rule for it."""
    where = text.where("replicates")
    if isinstance(raw, dict):
        rule = validated(Rule, raw, text, "replicates")
        if (rule.precision is None) == (rule.relative is None):
            right = "precision = 0.005 (in units of the outcome) or relative = 0.02 (a share of its mean)"
            raise InputError(f"{where}: a rule for replicates needs one of {right}")
        if rule.outcome not in OUTCOMES:
            hint = did_you_mean(rule.outcome, OUTCOMES)
            raise InputError(f"{text.where('replicates', 'outcome')}: {written(rule.outcome)} is not an outcome{hint}")
        if rule.outcome not in outcomes:
            right = f"add it there, or name another outcome{did_you_mean(rule.outcome, outcomes)}"
            raise InputError(f"{where}: the rule looks at {rule.outcome}, which outcomes leaves out; {right}")
        if rule.min > rule.max:
            raise InputError(f"{where}: min = {rule.min} is above max = {rule.max}")
        return rule
    right = f"write a whole number from 1 to {MAX_REPLICATES}, or a rule such as {{ precision = 0.005, max = 2000 }}"
    raw = as_whole(raw)
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise InputError(f"{where}: replicates = {written(raw)} is {sort_of(raw)}; {right}")
    if not 1 <= raw <= MAX_REPLICATES:
        raise InputError(f"{where}: replicates = {written(raw)} is outside the valid range; {right}")
    return raw


def _months(head: StudyFile, text: ScenarioText) -> tuple[int, ...]:
    """Return the months after which series are kept, in order."""
    for month in head.at:
        if not 0 <= month <= head.months:
            raise InputError(f"{text.where('at')}: at = {written(month)} is none of 0 to {head.months}")
    if head.at and "series" not in head.keep:
        raise InputError(f'{text.where("at")}: at says when series are kept; add keep = ["series"]')
    return tuple(sorted(set(head.at)))


def _chosen(words: list[str], key: str, known: Any, text: ScenarioText) -> tuple[str, ...]:
    for word in words:
        if word not in known:
            raise InputError(f"{text.where(key)}: {key}: {written(word)} is unknown{did_you_mean(word, known)}")
    return tuple(name for name in known if name in words)


def _leaves(table: Mapping[str, Any], key: str, text: ScenarioText) -> Iterator[tuple[str, Any, str]]:
    """Walk path, value and line of `"group.name" = ...` and of `[key.group] name = ...` alike."""
    for name, value in table.items():
        if "." in name:
            yield name, value, text.where(key, name)
        elif isinstance(value, dict):
            for last, inner in value.items():
                yield f"{name}.{last}", inner, text.where(key, name, last)
        else:
            raise InputError(f'{text.where(key, name)}: {shortened(name)} is no parameter; write "group.name" = ...')


def _constants(table: Mapping[str, Any], text: ScenarioText) -> Iterator[tuple[str, float | int]]:
    for path, raw, where in _leaves(table, "constants", text):
        if path not in declared.PARAMETERS:
            raise unknown_path(path, where)
        yield path, checked(path, raw, where)


def _factors(table: Mapping[str, Any], constants: Mapping[str, Any], text: ScenarioText) -> Iterator[Factor]:
    seen: set[str] = set()
    for path, raw, where in one_by_one(_leaves(table, "factors", text), text):
        check_factor(path, where)
        if path in constants or path in seen:
            other = "a constant too" if path in constants else "a factor twice"
            raise InputError(f"{where}: {path} is {other}; leave one out")
        seen.add(path)
        told = validated(FactorTable, as_table(raw, path, text, where), text, "factors", path)
        if told.own and not changes_in_run(declared.PARAMETERS[path]):
            raise InputError(f"{where}: {path} is no lever, so no scenario has it of its own; leave own out")
        yield replace(_factor(path, told, where), own=told.own)


def check_factor(path: str, where: str) -> Parameter:
    """Return the parameter that is to be varied, or raise InputError if there is none or it is a constant."""
    parameter = declared.PARAMETERS.get(path)
    if parameter is None:
        raise unknown_path(path, where)
    if parameter.role is Role.CONSTANT:
        raise InputError(f"{where}: {path} is a constant, which studies leave alone; set it in [constants]")
    return parameter


def default_factor(path: str, where: str) -> Factor:
    """Return a factor with its declared study range, or raise InputError if there is none."""
    check_factor(path, where)
    return _factor(path, FactorTable(), where)


def _factor(path: str, told: FactorTable, where: str) -> Factor:
    """Make a factor of its table; what it does not say is declared with the parameter."""
    parameter = declared.PARAMETERS[path]
    role = ROLES[told.role] if told.role else parameter.role
    if told.range is not None and told.values is not None:
        raise InputError(f"{where}: {path} has a range and values; leave one out")
    if told.values is not None:
        values = tuple(checked(path, raw, where) for raw in told.values)
        if len(set(values)) < len(values):
            raise InputError(f"{where}: {path} names a value twice")
        return Factor(path, role, min(values), max(values), values)
    if told.range is not None:
        if parameter.choices:
            raise InputError(f"{where}: {path} is a switch and has no range; give values, {allowed(parameter)}")
        low, high = (checked(path, raw, where) for raw in told.range)
        if not low < high:
            raise InputError(f"{where}: {path}: range = [{low:g}, {high:g}] does not rise")
    elif parameter.choices:
        positions = tuple(range(len(parameter.choices)))
        return Factor(path, role, 0, positions[-1], positions)
    elif parameter.range is None:
        right = f"give range = [low, high], {allowed(parameter)}"
        raise InputError(f"{where}: {path} has no declared study range; {right}")
    else:
        low, high = parameter.range
    if not math.isfinite(high - low):
        raise InputError(f"{where}: {path}: the range from {low:g} to {high:g} is too wide")
    return Factor(path, role, low, high)


def _check_sampling(sampling: Sampling, factors: tuple[Factor, ...], text: ScenarioText) -> None:
    """Raise InputError where a key does not belong to the method or the method lacks one."""
    wanted = {"grid": "levels", "oat": "levels", "lhs": "n", "sobol": "n", "csv": "file"}[sampling.method]
    for key in ("n", "levels", "file"):
        if key != wanted and getattr(sampling, key) is not None:
            raise InputError(f'{text.where("sampling", key)}: {key} does not belong to method = "{sampling.method}"')
    where = text.where("sampling")
    if wanted != "levels" and getattr(sampling, wanted) is None:
        example = '"points.csv"' if wanted == "file" else "64"
        raise InputError(f'{where}: method = "{sampling.method}" needs {wanted}, for example {wanted} = {example}')
    if sampling.method == "csv":
        if factors:
            raise InputError(
                f"{text.where('factors')}: the first line of the CSV names the factors; leave [factors] out"
            )
        check_name(sampling.file or "", text.where("sampling", "file"))
    elif not factors:
        raise InputError(f'{where}: there are no factors to sample; add [factors."group.name"], or leave sampling out')
    if sampling.method == "sobol":
        check_power(sampling.n or 1, text.where("sampling", "n"))


def check_power(n: int, where: str) -> None:
    """Raise InputError unless n is a power of 2, which a Sobol sequence needs to be balanced."""
    if n & (n - 1):
        below = 1 << (n.bit_length() - 1)
        raise InputError(f"{where}: n = {n}: a Sobol sequence needs a power of 2, for example {below} or {2 * below}")


def check_name(name: str, where: str) -> None:
    """Raise InputError unless a path stays in the folder of the study file."""
    parts = name.replace("\\", "/").split("/")
    if "\0" in name or ".." in parts or "" in parts or ":" in parts[0] or name.startswith("~"):
        raise InputError(f"{where}: {written(name)} leads out of the study's folder; put the file beside the study")
