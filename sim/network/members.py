"""Who can have ties: the households of each estate in the order of their own numbers, isolates left out."""

from dataclasses import dataclass

import numpy as np

_LARGEST_ID = 2**22 - 2
"""A tie is drawn with 1 + the partner's number as the ordinal, which has 22 bits."""


@dataclass(frozen=True, eq=False)
class Members:
    """Hold the households that are no isolates, sorted by estate and household number: the canonical order.

    Sorting first makes the graph independent of the order in which households are stored.
    """

    key: np.uint64
    n_households: int
    """All households, isolates included."""
    order: np.ndarray
    """Storage position of every household (isolates too), in canonical order, int64, (n_households,)."""
    position: np.ndarray
    """Place of each member in `order`, ascending, int64, (n_members,)."""
    estate: np.ndarray
    """Number of the member's estate, int64."""
    household: np.ndarray
    """Number of the member in its estate, int64."""
    building: np.ndarray
    stair: np.ndarray
    estate_start: np.ndarray
    """Where each estate's members start, int64, (n_estates + 1,)."""


def gather(
    key: np.uint64,
    estate_start: np.ndarray,
    household_id: np.ndarray,
    estate_id: np.ndarray,
    stair: np.ndarray,
    building: np.ndarray,
    isolate: np.ndarray,
) -> Members:
    """Sort and filter the columns that `build` documents.

    Raises ValueError where they contradict each other.
    """
    n, sizes = len(household_id), np.diff(estate_start)
    if estate_start[0] != 0 or estate_start[-1] != n or (sizes < 0).any():
        raise ValueError(f"estate_start must rise from 0 to the number of households, {n}")
    if len(estate_id) != len(sizes) or len(np.unique(estate_id)) != len(sizes):
        raise ValueError(f"estate_id must give each of the {len(sizes)} estates a number of its own")
    for name, column in (("stair", stair), ("building", building), ("isolate", isolate)):
        if len(column) != n:
            raise ValueError(f"{name} has {len(column)} entries for {n} households")
    if n and not 0 <= household_id.min() <= household_id.max() <= _LARGEST_ID:
        raise ValueError(f"household_id must lie in 0 to {_LARGEST_ID}")
    place = np.repeat(np.arange(len(sizes)), sizes)
    order = np.lexsort((household_id, place))
    number = household_id[order].astype(np.int64)
    if ((np.diff(number) == 0) & (np.diff(place) == 0)).any():
        raise ValueError("household_id occurs twice in one estate")
    position = np.flatnonzero(~np.asarray(isolate, dtype=bool)[order])
    at = order[position]
    return Members(
        key=np.uint64(key),
        n_households=n,
        order=order,
        position=position,
        estate=np.asarray(estate_id, dtype=np.int64)[place[position]],
        household=number[position],
        building=building[at],
        stair=stair[at],
        estate_start=np.searchsorted(position, estate_start).astype(np.int64),
    )
