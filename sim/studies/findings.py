"""What pydantic finds wrong in a study file, told in our words with file, line and nearest valid key."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim import parameters as declared
from sim.errors import InputError
from sim.scenarios.files import ScenarioText
from sim.scenarios.schema import IN_WORDS, Strict
from sim.scenarios.values import did_you_mean, nearest, shortened, sort_of, written

_Model = TypeVar("_Model", bound=Strict)


def as_table(raw: object, key: str, text: ScenarioText, where: str = "") -> Mapping[str, Any]:
    """Return a table of a study file, or raise InputError if it is none."""
    if not isinstance(raw, dict):
        raise InputError(f"{where or text.where(key)}: {key} = {written(raw)} is {sort_of(raw)}; it must be a table")
    return raw


def validated(model: type[_Model], raw: Mapping[str, Any], text: ScenarioText, *above: str) -> _Model:
    """Check a table; raise InputError for the first thing that is wrong, with its line."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        details = error.errors(include_url=False)
    detail = min(details, key=lambda found: found["type"] != "extra_forbidden")
    raise _told(model, detail, text, above)


def _told(model: type[Strict], detail: ErrorDetails, text: ScenarioText, above: tuple[str, ...]) -> InputError:
    keys = detail["loc"]
    where = text.where(*above, *keys)
    known = [field.alias or name for name, field in model.model_fields.items()]
    key = shortened(".".join(map(str, (*above, *keys))))
    what = ".".join(above) or "a study"
    if detail["type"] == "missing":
        return InputError(f"{where}: the key {key} is missing")
    if detail["type"] == "extra_forbidden":
        last = str(keys[-1])
        if (not above and "." in last) or last in {parameter.group for parameter in declared.PARAMETERS.values()}:
            return InputError(f"{where}: {shortened(last)} is set in [constants] or varied in [factors]")
        if not above and last in ("levers", "uncertainties", "policies"):
            return InputError(f"{where}: {last} is not a key of a study; levers and uncertainties are [factors]")
        hint = did_you_mean(last, known) if nearest(last, known) else f"; there are: {', '.join(known)}"
        return InputError(f"{where}: {shortened(last)} is not a key of {what}{hint}")
    return InputError(f"{where}: {key} = {written(detail['input'])} ({sort_of(detail['input'])}) {_problem(detail)}")


_BOUNDS = {
    "greater_than": ("gt", "above"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "below"),
    "less_than_equal": ("le", "at most"),
}


def _problem(detail: ErrorDetails) -> str:
    sort, context = detail["type"], detail.get("ctx", {})
    if sort == "literal_error":
        return f"is not one of {context['expected']}"
    if sort == "too_short":
        return f"holds {context['actual_length']}; at least {context['min_length']} must be there"
    if sort in _BOUNDS:
        key, words = _BOUNDS[sort]
        return f"must be {words} {context[key]:g}"
    return IN_WORDS.get(detail["type"]) or detail["msg"][:1].lower() + detail["msg"][1:]
