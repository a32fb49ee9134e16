"""How agents call rules: straight into the compiled function, without looking up the types of the arguments.

A rule's annotations say what it takes, so the look-up that a compiled function does on every call from Python,
more than half of its time, can be done once. The function is the one the compiled engine calls, so are its bits.
"""

import inspect
from collections.abc import Callable
from typing import Any, cast

from numba import types
from numba.core.dispatcher import Dispatcher

_COMPILED = {float: types.float64, int: types.int64, bool: types.boolean}


def direct(function: Callable[..., Any], *arguments: Any) -> Callable[..., Any]:
    """Return a compiled function for arguments of these numba types, to be called from Python.

    A plain Python function, which a rule is where compilation is switched off, is returned as it is.
    """
    if not isinstance(function, Dispatcher):
        return function
    function.compile(arguments)
    return cast(Callable[..., Any], function.overloads[arguments].entry_point)


def call_rules_directly(module: dict[str, Any]) -> None:
    """Let a module (its `globals()`) call every rule it has imported directly."""
    for name, rule in module.items():
        if isinstance(rule, Dispatcher):
            arguments = inspect.signature(rule.py_func).parameters.values()
            module[name] = direct(rule, *(_COMPILED[each.annotation] for each in arguments))
