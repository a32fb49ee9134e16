"""What an expression resolves to: every parameter's value for the spin-up and for each month after."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from sim import parameters as declared


@dataclass(frozen=True, slots=True)
class Origin:
    """A value and where it comes from."""

    value: float | int
    source: str
    """Citation or `assumed`; empty where a user's file or `--set` gives the bare value."""
    where: str
    """`scenarios/forms/x.toml:12`, `default`, or `--set provider.fee=1`."""


@dataclass(frozen=True)
class Segment:
    """Values in force from a month after the policy month until the next segment."""

    month: int
    values: Mapping[str, float | int]
    """Complete, by path."""
    origins: Mapping[str, Origin]


@dataclass(frozen=True)
class Part:
    """Estates of a district that live under the same values throughout."""

    kind: str
    """The kind of estate, as the place calls it."""
    estates: tuple[int, ...]
    """Their numbers."""
    world: "World"
    """What holds for them; its label is the form that comes to them, and its months are the district's."""
    initial: str
    """The form they begin under."""
    start: int
    """Month in which the form comes."""


@dataclass(frozen=True)
class World:
    """One resolved scenario in one place."""

    label: str
    place: str
    months: int
    """Months from the policy month on."""
    spinup: int
    """Months before it."""
    before: Mapping[str, float | int]
    """Complete values of the spin-up, by path."""
    segments: tuple[Segment, ...]
    """Sorted by month; the first has month 0."""
    origins_before: Mapping[str, Origin]
    feasible: bool
    warnings: tuple[str, ...]
    files: tuple[tuple[str, str], ...]
    """Name and sha256 of every file read."""
    parts: tuple[Part, ...] = ()
    """Of a district with several kinds of estate or forms; the values above are then those of its place."""
    against: "World | None" = None
    """The paired run without its cause, of a roll-out or an experiment."""

    @property
    def origins(self) -> Mapping[str, Origin]:
        """Where the values in force at the policy month come from."""
        return self.segments[0].origins

    def table(self) -> np.recarray:
        """Give the values as records: row 0 for the spin-up, then one row per segment."""
        return declared.table([self.before, *(segment.values for segment in self.segments)])

    def rows(self) -> np.ndarray:
        """Give for each month (spin-up first) the row of `table` in force; int64, shape (spinup + months,)."""
        starts = np.array([segment.month for segment in self.segments], dtype=np.int64)
        after = np.searchsorted(starts, np.arange(self.months, dtype=np.int64), side="right")
        return np.concatenate([np.zeros(self.spinup, dtype=np.int64), after.astype(np.int64)])

    def cut(self, months: int) -> "World":
        """Return the same world with its first months from the policy month on alone."""
        return replace(self, months=months, segments=tuple(each for each in self.segments if each.month < months))

    def same_throughout(self) -> tuple[Part, ...]:
        """Give the parts, of which a world without several kinds of estate is one."""
        if self.parts:
            return self.parts
        return (Part(self.place, tuple(range(int(self.before["population.n_estates"]))), self, "", 0),)

    def fingerprint(self) -> str:
        """Hash what the world does, whatever its label and wherever its files are (sha256, hexadecimal)."""
        content = {
            "place": self.place,
            "months": self.months,
            "spinup": self.spinup,
            "before": _canonical(self.before),
            "segments": [[segment.month, _canonical(segment.values)] for segment in self.segments],
        }
        if self.parts:
            content["parts"] = [[list(part.estates), part.world.fingerprint()] for part in self.parts]
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def initial_values(self) -> dict[str, float | int]:
        """Give the values that shape households, network and start; worlds equal in them share these."""
        return {path: self.before[path] for path, parameter in declared.PARAMETERS.items() if parameter.initial}


def _canonical(values: Mapping[str, float | int]) -> dict[str, float | int]:
    """Return values as they are hashed: -0 is 0."""
    return {path: value + 0.0 if isinstance(value, float) else value for path, value in values.items()}
