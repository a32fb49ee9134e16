"""The core as a small compiled loop: what all other implementations must agree with, and how fast it can be."""

import math
from pathlib import Path
from typing import Any

import numpy as np

from agents.rules.compiling import compiler_for
from benchmarks.core import (
    COST,
    FEE,
    HABIT,
    HABIT_SPEED,
    PEERS,
    QUALITY,
    SMOOTHING,
    START_QUALITY,
    Core,
    Outcome,
)

_HERE = Path(__file__).parent
kernel = compiler_for(_HERE / "oracle.py", _HERE / "core.py")


@kernel
def _months(start: Any, target: Any, intercept: Any, luck: Any, payers: Any, qualities: Any, habit: Any) -> None:
    n = intercept.shape[0]
    paid = np.zeros(n, np.uint8)
    decided = np.zeros(n, np.uint8)
    quality = START_QUALITY
    for month in range(luck.shape[0]):
        for i in range(n):
            seen = 0
            for k in range(start[i], start[i + 1]):
                seen += paid[target[k]]
            share = seen / (start[i + 1] - start[i])
            utility = intercept[i] + QUALITY * quality + PEERS * share + HABIT * habit[i]
            decided[i] = luck[month, i] < 1.0 / (1.0 + math.exp(-utility))
        count = 0
        for i in range(n):
            paid[i] = decided[i]
            habit[i] = habit[i] + HABIT_SPEED * (float(paid[i]) - habit[i])
            count += paid[i]
        funded = min(1.0, FEE * count / (COST * n))
        quality = quality + SMOOTHING * (funded - quality)
        payers[month] = count
        qualities[month] = quality


def run(core: Core) -> Outcome:
    """Run a core and return its outcome."""
    outcome = Outcome(np.zeros(core.months, np.int64), np.zeros(core.months), np.zeros(core.households))
    _months(core.start, core.target, core.intercept, core.luck, outcome.payers, outcome.quality, outcome.habit)
    return outcome
