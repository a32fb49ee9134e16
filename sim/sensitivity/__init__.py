"""What matters: sensitivity analysis of a study, SALib's samples, and the noise of a stochastic model told apart.

    analysis = sim.sensitivity.run("screening", "results/screening")
    analysis.indices, analysis.stopping

As in `sim`, a name loads its module when it is first used.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.sensitivity.analysis import Analysis as Analysis
    from sim.sensitivity.study import analyse_folder as analyse_folder
    from sim.sensitivity.study import run as run

_PUBLIC = {
    "Analysis": "sim.sensitivity.analysis",
    "analyse_folder": "sim.sensitivity.study",
    "run": "sim.sensitivity.study",
}

__all__ = [*_PUBLIC]


def __getattr__(name: str) -> Any:
    """Load a public name from its module."""
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(importlib.import_module(_PUBLIC[name]), name)
    return value
