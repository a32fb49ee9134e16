"""What a scenario file may say, checked by pydantic and told with file, line and nearest valid key."""

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from sim import parameters as declared
from sim.errors import InputError
from sim.scenarios.files import ScenarioText
from sim.scenarios.values import as_whole, did_you_mean, nearest, shortened, sort_of, unknown_path, written

LATEST = 1200
"""Months after the policy month that can be named."""


def _month(raw: object) -> int | str:
    raw = as_whole(raw)
    if isinstance(raw, int) and not isinstance(raw, bool):
        if 0 <= raw <= LATEST:
            return raw
        raise ValueError(f"is outside 0 to {LATEST} months after the policy month")
    if isinstance(raw, str) and re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", raw):
        return raw
    raise ValueError(f'is not a month; write 0 to {LATEST} months after the policy month, or a date such as "2019-07"')


Month = Annotated[int | str, PlainValidator(_month)]
Whole = Annotated[int, BeforeValidator(as_whole)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Strict(BaseModel):
    """No conversion of types, no unknown keys."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class SourcedValue(Strict):
    """A value with its source, `{ value = 0.45, source = "evidence P2" }`."""

    value: Any
    source: Word


class ScheduleTable(Strict):
    """`[schedule]`: the months in which the levers of the file apply; again : when they come back after a stop."""

    start: Month = 0
    stop: Month | None = None
    again: Month | None = None


class StepHead(Strict):
    """`[[step]]` without its groups."""

    at: Month


class Head(Strict):
    """Keys of every kind of file; the groups of parameters come on top."""

    schema_: Annotated[Literal[1], BeforeValidator(as_whole)] = Field(alias="schema")
    kind: str
    title: Word
    about: str = ""
    extends: Word | None = None


class Scheduled(Head):
    """Keys of files whose levers come and go."""

    schedule: ScheduleTable = ScheduleTable()
    step: list[StepHead] = []


class FormHead(Scheduled):
    """A form of governance."""

    feasible_in: list[Word] = []
    null_base: Word | None = None


class ProgrammeHead(Scheduled):
    """A programme, stacked on a form; stacks_on : forms it can stack on, any if empty."""

    stacks_on: list[Word] = []
    null_base: Word | None = None


class StratumHead(Strict):
    """`[[stratum]]` without its groups: so many estates of one kind, like those of another place."""

    name: Word
    estates: Annotated[Whole, Field(ge=1, le=5000)]
    like: Word
    initial_form: Word | None = None


Share = Annotated[float, Field(ge=0.0, le=1.0, strict=False)]


class StandingHead(Strict):
    """`[standing]`: how a place stands in the policy month, if nothing is changed.

    payment : mean payment rate; firm : share of estates that a firm serves; state : steady, bistable (two states, of
    which `payment` is the mean), or in transition (it moves on by itself).
    """

    payment: Share
    firm: Share | None = None
    state: Literal["steady", "bistable", "transition"] = "steady"
    about: str = ""


class PlaceHead(Head):
    """A place: what is there before the policy month; stratum : kinds of estate, where there are several.

    feasible : forms that can exist there beside those that name it; without it, those of the shipped place that it
    extends.
    """

    initial_form: Word | None = None
    feasible: list[Word] = []
    standing: StandingHead | None = None
    stratum: list[StratumHead] = []


class WaveHead(Strict):
    """`[[wave]]`: a form that comes to some estates, in steps between two moments."""

    form: Word
    strata: Annotated[list[Word], Field(min_length=1)]
    estates: Annotated[Whole, Field(ge=1, le=5000)]
    start: Month
    until: Month | None = None
    every: Annotated[Whole, Field(ge=1, le=LATEST)] = 6


class OverlayHead(Strict):
    """`[[overlay]]`: a programme that comes to some of the estates a wave reaches."""

    programme: Word
    on: Annotated[list[Word], Field(min_length=1)]
    estates: Annotated[Whole, Field(ge=1, le=5000)]
    apart_from: list[Word] = []


class ExperimentHead(Head):
    """A scenario and the paired run without its cause, on values of their own.

    The groups of the file hold in both; those under `[cause]` in the first alone.
    """

    place: Word | None = None
    scenario: Word
    without: Word
    signature: Word
    cause: dict[str, Any] = {}


class RolloutHead(Head):
    """A roll-out: which form and programmes come to which estates of a district, and when."""

    place: Word | None = None
    everywhere: list[Word] = []
    wave: Annotated[list[WaveHead], Field(min_length=1)]
    overlay: list[OverlayHead] = []


class ModelHead(Scheduled):
    """A nested model: one regime throughout."""

    place: Word | None = None


HEADS: dict[str, type[Head]] = {
    "form": FormHead,
    "programme": ProgrammeHead,
    "place": PlaceHead,
    "model": ModelHead,
    "rival": ExperimentHead,
    "failure": ExperimentHead,
    "rollout": RolloutHead,
}
_PARTED = {"step": {"at"}, "stratum": set(StratumHead.model_fields)}
"""Tables in which groups of parameters stand beside keys of their own."""
IN_WORDS = {
    "string_type": "must be text in quotes",
    "string_too_short": "is empty",
    "list_type": "must be a list",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "too_short": "is empty; name at least one",
    "greater_than_equal": "is too small",
    "less_than_equal": "is too large",
    "int_type": "must be a whole number",
    "literal_error": "must be 1: it is the version of the file format",
}


def check_head(file: ScenarioText) -> Head:
    """Check everything in a file but the values of its parameters.

    Raises
    ------
    InputError
        For the first thing that is wrong, with its line.
    """
    document = file.document
    kind = document.get("kind")
    if kind is None:
        raise InputError(f"{file.name}: the key kind is missing; it is one of {', '.join(HEADS)}")
    if not isinstance(kind, str) or kind not in HEADS:
        hint = did_you_mean(kind if isinstance(kind, str) else "", HEADS)
        raise InputError(f"{file.where('kind')}: kind = {written(kind)} is not a kind of scenario{hint}")
    groups = {parameter.group for parameter in declared.PARAMETERS.values()}
    head = {key: value for key, value in document.items() if key not in groups}
    for name in _PARTED:
        tables = head.get(name)
        if isinstance(tables, list):
            head[name] = [_without(table, groups) for table in tables]
    try:
        return HEADS[kind].model_validate(head)
    except ValidationError as error:
        details = error.errors(include_url=False)
        raise _told(min(details, key=_rank), file, kind, groups) from None


def check_sourced(raw: dict[str, Any], path: str, where: str) -> SourcedValue:
    """Check a `{ value = ..., source = "..." }`."""
    try:
        return SourcedValue.model_validate(raw)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
    key = str(detail["loc"][0])
    right = 'write { value = ..., source = "..." }, with "assumed" where there is no source'
    if detail["type"] == "missing":
        problem = f"has no {key}"
    elif detail["type"] == "extra_forbidden":
        problem = f"has an unknown key {shortened(key)}"
    else:
        problem = f"has a {key} that {IN_WORDS.get(detail['type'], detail['msg'])}"
    raise InputError(f"{where}: {path} {problem}; {right}")


def keys_of(kind: str) -> list[str]:
    """List the keys that a kind of file may have beside its groups."""
    return [field.alias or name for name, field in HEADS[kind].model_fields.items()]


def _without(step: object, groups: set[str]) -> object:
    if not isinstance(step, dict):
        return step
    return {key: value for key, value in step.items() if key not in groups}


def _rank(detail: ErrorDetails) -> int:
    """Unknown keys first: a misspelt key explains the one that seems missing."""
    return 0 if detail["type"] == "extra_forbidden" else 1


def _told(detail: ErrorDetails, file: ScenarioText, kind: str, groups: set[str]) -> InputError:
    """Put one finding of pydantic in our words."""
    keys = detail["loc"]
    where = file.where(*keys)
    last = shortened(str(keys[-1]))
    key = last if len(keys) == 1 else f"{shortened(str(keys[0]))}.{last}"
    if detail["type"] == "missing":
        return InputError(f"{where}: the key {key} is missing")
    if detail["type"] == "extra_forbidden":
        return _unknown_key(keys, detail["input"], where, kind, groups)
    problem = str(detail["ctx"]["error"]) if detail["type"] == "value_error" else IN_WORDS.get(detail["type"])
    value = written(detail["input"])
    return InputError(f"{where}: {key} = {value} ({sort_of(detail['input'])}) {problem or detail['msg']}")


def _unknown_key(keys: tuple[str | int, ...], value: object, where: str, kind: str, groups: set[str]) -> InputError:
    key = str(keys[-1])
    shown = shortened(key)
    if len(keys) > 1:
        heads: dict[str, type[Strict]] = {"wave": WaveHead, "overlay": OverlayHead, "standing": StandingHead}
        tables = {name: set(head.model_fields) for name, head in heads.items()}
        own = _PARTED.get(str(keys[0]))
        valid = tables.get(str(keys[0]), {"start", "stop", "again"}) if own is None else own | groups
        return InputError(f"{where}: {shown} is not a key of {keys[0]}{did_you_mean(key, valid)}")
    owners = [other for other in HEADS if key in keys_of(other)]
    if owners:
        return InputError(f"{where}: {shown} does not belong in a {kind}, only in: {', '.join(owners)}")
    if any(key in (parameter.name, parameter.path) for parameter in declared.PARAMETERS.values()):
        return unknown_path(key, where)
    what = f"[{shown}] is not a group of parameters" if isinstance(value, dict) else f"{shown} is not a key of a {kind}"
    known = [*keys_of(kind), *sorted(groups)]
    hint = did_you_mean(key, known) if nearest(key, known) else f"; there are: {', '.join(known)}"
    return InputError(f"{where}: {what}{hint}")
