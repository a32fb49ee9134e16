"""How many draws and logistics a household-month of linli takes: `python -m benchmarks.counts HOUSEHOLDS MONTHS`.

The same source runs as plain Python (NUMBA_DISABLE_JIT=1), where each call of `philox`, of `logistic` and `logit`
and of the exponential and the logarithm can be counted; compiled, every one of them is done just as often.
"""

import json
import math
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

RULES = ("logistic", "logit", "normal_quantile", "power")
"""Rules of `agents.rules.numeric` that are counted; each module holds them under its own name."""


@contextmanager
def counting() -> Iterator[Counter[str]]:
    """Count calls of Philox, of `RULES`, and of exp and log, whoever makes them, until the block ends."""
    from agents.rules import numeric
    from sim import draws

    counts: Counter[str] = Counter()
    restore: list[tuple[Any, str, Any]] = []

    def count(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any) -> Any:
            counts[name] += 1
            return function(*arguments)

        return counted

    def put(holder: Any, name: str, value: Any) -> None:
        restore.append((holder, name, getattr(holder, name)))
        setattr(holder, name, value)

    ours = [module for name, module in sys.modules.items() if name.partition(".")[0] in ("agents", "sim")]
    put(draws, "philox", count("philox", draws.philox))
    put(draws, "_rounds", count("philox", draws._rounds))  # the same, written out in loops over rows
    for rule in RULES:
        original = getattr(numeric, rule)
        wrapped = count(rule, original)
        for module in ours:
            if module.__dict__.get(rule) is original:
                put(module, rule, wrapped)
    put(math, "exp", count("exp", math.exp))
    put(math, "log", count("log", math.log))
    try:
        yield counts
    finally:
        for holder, name, value in reversed(restore):
            setattr(holder, name, value)


def per_household_month(households: int, months: int) -> dict[str, float]:
    """Return the calls per household and month of the months after the spin-up."""
    if os.environ.get("NUMBA_DISABLE_JIT") != "1":
        raise RuntimeError("calls can be counted only with NUMBA_DISABLE_JIT=1")
    import numpy as np

    from benchmarks.full_model import Prepared, world

    np.seterr(over="ignore")  # the generator multiplies modulo 2**64
    prepared = Prepared(world(households, months, spinup=12), 1)
    with counting() as counts:
        prepared.live()
    return {name: counts[name] / prepared.household_months for name in ("philox", *RULES, "exp", "log")}


if __name__ == "__main__":
    print(json.dumps(per_household_month(int(sys.argv[1]), int(sys.argv[2]))))
