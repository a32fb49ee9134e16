"""Studies of a few seconds: made, looked at and compared in the tests of studies."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sim

SMALL: dict[str, Any] = {
    "question": "Does it hold?",
    "scenarios": ["market", "red_station"],
    "months": 6,
    "replicates": 6,
    "seed": 11,
    "constants": {"population.n_households": 40, "time.spinup": 12},
}
SAMPLED = SMALL | {
    "factors": {"household.b_bailout": {}, "structure.timing": {}, "street.subsidy": {"range": [0.0, 0.2]}},
    "sampling": {"method": "lhs", "n": 4},
}


def written(folder: Path, study: Mapping[str, Any], name: str = "study.toml") -> Path:
    """Write a study file."""
    from sim.studies.sources import toml

    path = folder / name
    path.write_text(toml(study), encoding="utf-8")
    return path


def hash_of(folder: Path) -> str:
    return sim.studies.open(folder).hash()


def made(folder: Path, study: Mapping[str, Any] = SMALL, **how: Any) -> str:
    """Run a study in this process and return the hash of its rows."""
    return sim.studies.run(study, folder, **how).hash()
