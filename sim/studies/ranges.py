"""The declared ranges that studies draw from, and their hash: a range that moves after a search is seen."""

import hashlib

from sim.parameters import PARAMETERS
from sim.parameters.declaration import Role

FROZEN = "ranges.sha256"
"""The file beside the shipped studies that holds the hash of the ranges which the searches were made with."""


def declared_ranges() -> list[str]:
    """Return a line for every parameter that a study can vary: path, role and its range or choices, sorted by path."""
    return sorted(
        f"{parameter.path} {parameter.role.value} {_drawn(parameter.choices, parameter.range)}"
        for parameter in PARAMETERS.values()
        if parameter.role is not Role.CONSTANT and (parameter.range or parameter.choices)
    )


def _drawn(choices: tuple[str, ...], ends: tuple[float, float] | None) -> str:
    return " ".join(choices) if choices else " ".join(f"{float(end)!r}" for end in ends or ())


def ranges_hash() -> str:
    """Hash the declared ranges (sha256, hexadecimal)."""
    return hashlib.sha256("\n".join(declared_ranges()).encode()).hexdigest()
