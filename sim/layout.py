"""Where the estates of a district lie and how large they are: the same in every replicate, for they are the place.

Sub-districts and their communities hold equal numbers of estates, in the order of their numbers. Sizes are
log-normal; their quantiles are dealt out by a low-discrepancy sequence, so that every part of the district has
large and small estates alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

_GOLDEN = (5**0.5 - 1) / 2
_SMALLEST = 10
"""Dwellings of the smallest estate."""


@dataclass(frozen=True)
class Layout:
    """The estates of a district, each (estate,): dwellings, sub-district, community (numbered through)."""

    sizes: np.ndarray
    street: np.ndarray
    community: np.ndarray
    n_streets: int


def layout(parts: Sequence[tuple[Sequence[int], Mapping[str, float | int]]]) -> Layout:
    """Lay out a district; parts : the numbers of some of its estates and the values they start from, all together all.

    The numbers of estates, sub-districts and communities are those of the first part.
    """
    first = parts[0][1]
    n_estates = int(first["population.n_estates"])
    n_streets = min(int(first["population.n_streets"]), n_estates)
    per_street = int(first["population.communities_per_street"])
    sizes = np.zeros(n_estates, np.int64)
    for estates, values in parts:
        sizes[list(estates)] = _sizes(np.asarray(estates), values)
    bounds = np.arange(n_streets + 1) * n_estates // n_streets
    street = np.searchsorted(bounds, np.arange(n_estates), side="right") - 1
    within = np.arange(n_estates) - bounds[street]
    community = street * per_street + within * per_street // np.diff(bounds)[street]
    return Layout(sizes, street, community, n_streets)


def _sizes(estates: np.ndarray, values: Mapping[str, float | int]) -> np.ndarray:
    """Return the dwellings of estates by their numbers; their mean is that of the place."""
    mean, spread = int(values["population.n_households"]), float(values["population.size_spread"])
    if spread == 0.0:
        return np.full(len(estates), mean, np.int64)
    z = ndtri(((estates + 0.5) * _GOLDEN) % 1.0)
    sizes = np.rint(mean * np.exp(spread * z - spread**2 / 2)).astype(np.int64)
    return np.asarray(np.maximum(_SMALLEST, sizes))
