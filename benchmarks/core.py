"""The core that every peer implements: neighbours, a payment decision, a firm that turns fees into service.

Each month a household sees the share of its neighbours who paid last month and pays by a logistic of service,
that share and its own habit; all decide at once. The firm turns the month's fees into service with smoothing.
It is a small part of linli's month and stands for "some network model of payment" in other people's software.

Written with numpy alone, because the environment of mesa-frames has nothing else.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

INTERCEPT = -3.0
QUALITY = 2.0
PEERS = 2.2
HABIT = 1.5
"""Weights of a logit: of nothing, of service 0 to 1, of the neighbours' share, of habit 0 to 1."""

HABIT_SPEED = 0.2
SMOOTHING = 0.3
FEE = 1.0
COST = 0.9
"""Yuan per household and month: what is charged, and what full service costs."""

START_QUALITY = 0.6
NEIGHBOURS = 8
ESTATE = 480
"""Neighbours live in the same estate; a larger core has several estates but one firm."""


@dataclass(frozen=True)
class Core:
    """Households with their neighbours and, since draws are shared, all the luck they will have.

    start : (households + 1,) and target, the neighbours in CSR form, int64; intercept : (households,);
    luck : (months, households) uniforms in (0, 1).
    """

    start: np.ndarray
    target: np.ndarray
    intercept: np.ndarray
    luck: np.ndarray

    @property
    def months(self) -> int:
        """Months to run."""
        return len(self.luck)

    @property
    def households(self) -> int:
        """Households in all."""
        return len(self.intercept)

    def save(self, path: Path) -> None:
        """Write the core to a file for a peer in another environment."""
        np.savez(path, start=self.start, target=self.target, intercept=self.intercept, luck=self.luck)

    @classmethod
    def load(cls, path: Path) -> "Core":
        """Read what `save` wrote."""
        with np.load(path) as parts:
            return cls(**{name: parts[name] for name in ("start", "target", "intercept", "luck")})


@dataclass(frozen=True)
class Outcome:
    """What a core came to.

    payers : (months,) how many paid, int64; quality : (months,) service after each month; habit : (households,)
    at the end. A habit holds every decision of its household, so equal habits mean equal histories.
    """

    payers: np.ndarray
    quality: np.ndarray
    habit: np.ndarray

    def same_bits(self, other: "Outcome") -> bool:
        """Say whether two outcomes agree in every bit."""
        pairs = ((self.payers, other.payers), (self.quality, other.quality), (self.habit, other.habit))
        return all(a.dtype == b.dtype and a.tobytes() == b.tobytes() for a, b in pairs)

    def save(self, path: Path) -> None:
        """Write the outcome to a file."""
        np.savez(path, payers=self.payers, quality=self.quality, habit=self.habit)

    @classmethod
    def load(cls, path: Path) -> "Outcome":
        """Read what `save` wrote."""
        with np.load(path) as parts:
            return cls(**{name: parts[name] for name in ("payers", "quality", "habit")})


def neighbours(households: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw eight different neighbours for each household from its own estate, in CSR form.

    The others of the estate stand in a circle that is cut into eight equal parts, and one is drawn from each: never
    the household itself, never one twice. Where their number is no multiple of eight, the last few are left out.
    """
    from sim.draws import Draw, stream_key, uniforms

    number = np.arange(households)
    estate = number // ESTATE
    size = np.minimum(ESTATE, households - estate * ESTATE)
    u = uniforms(
        stream_key(seed, 0),
        Draw.TIE_RANDOM,
        month=0,
        estate=estate[:, None],
        unit=number[:, None],
        ordinal=np.arange(NEIGHBOURS)[None, :],
    )
    part = ((size - 1) // NEIGHBOURS)[:, None]
    step = 1 + np.arange(NEIGHBOURS) * part + (u * part).astype(np.int64)
    target = estate[:, None] * ESTATE + ((number % ESTATE)[:, None] + step) % size[:, None]
    return np.arange(households + 1) * NEIGHBOURS, target.ravel()


def make_core(households: int, months: int, seed: int = 1) -> Core:
    """Draw a core's households and all their luck from linli's own generator.

    households : 9 or more, also in the last estate, so that there are eight different neighbours.
    """
    from sim.draws import Draw, stream_key, uniforms

    key = stream_key(seed, 0)
    unit = np.arange(households)
    start, target = neighbours(households, seed)
    taste = uniforms(key, Draw.INTERCEPT, month=0, estate=0, unit=unit)
    luck = np.stack([uniforms(key, Draw.PAY, month=t, estate=0, unit=unit) for t in range(months)])
    return Core(start, target, INTERCEPT + (taste - 0.5), luck)
