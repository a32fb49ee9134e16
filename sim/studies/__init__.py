"""Studies: an experiment in a file, run in chunks that cannot be lost, extended and cited later.

    study = sim.studies.run("study.toml", "results/mine")
    study = sim.studies.open("results/mine")
    study.runs, study.design

As in `sim`, a name loads its module when it is first used.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.studies.points import from_batch_run as from_batch_run
    from sim.studies.study import StudyResults as StudyResults
    from sim.studies.study import open as open
    from sim.studies.study import run as run

_PUBLIC = {
    "StudyResults": "sim.studies.study",
    "from_batch_run": "sim.studies.points",
    "open": "sim.studies.study",
    "run": "sim.studies.study",
}

__all__ = [*_PUBLIC]


def __getattr__(name: str) -> Any:
    """Load a public name from its module."""
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(importlib.import_module(_PUBLIC[name]), name)
    return value
