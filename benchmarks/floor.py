"""The floor: the least a month of a network model can cost here.

Per household and month one Philox block, eight neighbours gathered, one logistic, one comparison; the same
generator and the same logistic as the model's.
"""

from pathlib import Path
from typing import Any

import numpy as np

from agents.rules.compiling import RULE_SOURCES, compiler_for
from agents.rules.numeric import logistic
from sim import draws
from sim.draws import block

kernel = compiler_for(Path(__file__), RULE_SOURCES, Path(draws.__file__))


@kernel
def months(start: Any, target: Any, key: Any, first: int, last: int, paid: Any, decided: Any) -> None:
    """Run the months first <= month < last; paid and decided : (households,) uint8, what was done and is decided."""
    for month in range(first, last):
        for i in range(paid.shape[0]):
            u, _, _, _ = block(key, 0, month, 0, i, 0)
            seen = 0
            for k in range(start[i], start[i + 1]):
                seen += paid[target[k]]
            decided[i] = u < logistic(0.5 * seen - 2.0)
        for i in range(paid.shape[0]):
            paid[i] = decided[i]


def run(start: np.ndarray, target: np.ndarray, key: np.uint64, n_months: int) -> np.ndarray:
    """Run months from the first on and return who paid in the last; uint8, (households,)."""
    paid = np.zeros(len(start) - 1, np.uint8)
    months(start, target, key, 0, n_months, paid, np.zeros_like(paid))
    return paid
