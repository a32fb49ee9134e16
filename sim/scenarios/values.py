"""Check one value against the declaration of its parameter, and name the nearest key for a wrong one."""

import datetime
import difflib
import math
from collections.abc import Iterable
from typing import Any

from sim import parameters as declared
from sim.errors import InputError
from sim.parameters.declaration import Parameter, Role

Value = float | int
_EXACT = 2.0**53
"""Below it a float tells every whole number from its neighbours."""


def checked(path: str, raw: object, where: str) -> Value:
    """Turn a value as written into the value of a parameter.

    Parameters
    ----------
    path : str
        A declared parameter, group.name.
    raw : object
        What the file or `--set` gives: a number, or the word for a switch.
    where : str
        File and line, or the option, for the message.

    Returns
    -------
    float or int
        An integer for counts and switches (the position of the choice), else a float.

    Raises
    ------
    InputError
        If it is of the wrong type, not finite or outside the valid range.
    """
    parameter = declared.PARAMETERS[path]
    shown = f"{where}: {path} = {written(raw)}"
    right = f"allowed is {allowed(parameter)}"
    if parameter.choices:
        if not isinstance(raw, str):
            raise InputError(f"{shown} is {sort_of(raw)}, but this is a switch; {right}")
        if raw not in parameter.choices:
            near = nearest(raw, parameter.choices)
            raise InputError(f"{shown} is not a choice; {right}" + (f"; did you mean {near}?" if near else ""))
        return parameter.choices.index(raw)
    if isinstance(raw, bool):
        raise InputError(f"{shown} is a truth value, not a number; write {int(raw)} if you mean it; {right}")
    if isinstance(raw, str):
        raise InputError(f"{shown} is text, not a number; write a number without quotes; {right}")
    if not isinstance(raw, int | float):
        raise InputError(f"{shown} is {sort_of(raw)}, not a number; {right}")
    if isinstance(raw, float) and not math.isfinite(raw):
        raise InputError(f"{shown} is not a finite number; {right}")
    low, high = parameter.valid
    if not low <= raw <= high or abs(raw) > 1e300:
        raise InputError(f"{shown} {parameter.unit} is outside the valid range; {right}")
    if parameter.integer:
        whole = as_whole(raw)
        if not isinstance(whole, int):
            raise InputError(f"{shown} must be a whole number; {right}")
        return whole
    return float(raw) + 0.0  # -0 is 0


def as_whole(raw: Any) -> Any:
    """Return the whole number that a value is, however it is written: 3.0 and 3e0 are 3; all else as it is."""
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < _EXACT:
        return int(raw)
    return raw


def changes_in_run(parameter: Parameter) -> bool:
    """Say whether a value may differ between the spin-up and later months."""
    return parameter.role is Role.LEVER and not parameter.initial


def allowed(parameter: Parameter) -> str:
    """Say what a parameter accepts, with its unit."""
    if parameter.choices:
        return "one of " + ", ".join(f'"{choice}"' for choice in parameter.choices)
    low, high = parameter.valid
    whole = "a whole number " if parameter.integer else ""
    if math.isinf(low) or math.isinf(high):
        ends = [f"at least {low:g}"] * math.isfinite(low) + [f"at most {high:g}"] * math.isfinite(high)
        return f"{whole}{ends[0] if ends else 'any finite number'} {parameter.unit}".rstrip()
    return f"{whole}{low:g} to {high:g} {parameter.unit}".rstrip()


def in_words(path: str, value: Value) -> str:
    """Write a checked value as a file would: switches by the word for the choice."""
    choices = declared.PARAMETERS[path].choices
    return f'"{choices[int(value)]}"' if choices else str(value)


def written(raw: object) -> str:
    """Write a raw value for a message, shortened."""
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, dict | list):
        return "{...}" if isinstance(raw, dict) else "[...]"
    if isinstance(raw, int) and raw.bit_length() > 200:
        return "a number of more than 60 digits"
    return f'"{shortened(raw)}"' if isinstance(raw, str) else shortened(str(raw))


def shortened(text: str, most: int = 60) -> str:
    """Put text on one line of at most so many characters, for a message."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 3] + "..."


def sort_of(raw: object) -> str:
    """Name the type of a TOML value in words."""
    names: tuple[tuple[Any, str], ...] = (
        (bool, "a truth value"),
        (int | float, "a number"),
        (str, "text"),
        (dict, "a table"),
        (list, "a list"),
        (datetime.date | datetime.time, "a date or time"),
    )
    return next((name for kind, name in names if isinstance(raw, kind)), type(raw).__name__)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Find the known word that looks most like this one, None if none does."""
    by_lower = {name.lower(): name for name in known}
    matches = difflib.get_close_matches(word.lower().replace("-", "_"), by_lower, n=1, cutoff=0.6)
    return by_lower[matches[0]] if matches else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """End a message with the nearest valid word, or with all of them when none is near."""
    words = sorted(known)
    near = nearest(word, words)
    if near:
        return f"; did you mean {near}?"
    return f"; there are: {', '.join(words)}" if words else ""


def unknown_path(path: str, where: str) -> InputError:
    """Make the error for a parameter that is not declared, naming the nearest one that is."""
    group, _, name = path.rpartition(".")
    known = declared.PARAMETERS.values()
    in_group = [parameter.name for parameter in known if parameter.group == group]
    near = (
        nearest(name, (parameter.name for parameter in known if parameter.name == name))
        or nearest(name, in_group)
        or nearest(name, (parameter.name for parameter in known))
    )
    if near:
        paths = [parameter.path for parameter in known if parameter.name == near]
        hint = f"; did you mean {f'{group}.{near}' if near in in_group else ' or '.join(paths)}?"
    elif in_group:
        hint = f"; [{group}] has: {', '.join(in_group)}"
    else:
        hint = f"; the groups are: {', '.join(dict.fromkeys(parameter.group for parameter in known))}"
    return InputError(f"{where}: {shortened(path)} is not a parameter{hint}")
