"""The default network: neighbours on one stair, some in the same building, a few across the estate.

A stair unit (单元) of 10 to 14 dwellings shares a door and a staircase. Every choice is keyed by the
households it concerns, so that a newcomer leaves all pairs of others on a stair as they are, and takes the
place of a partner elsewhere only where it is itself chosen (rendezvous hashing, Thaler & Ravishankar 1998,
Using name-based mappings to increase hit rates).
"""

from pathlib import Path
from typing import Any

import numpy as np

import sim.draws
from agents.rules.compiling import RULE_SOURCES, compiler_for
from sim.draws import Draw, uniform, uniforms
from sim.network.members import Members

_kernel = compiler_for(Path(__file__), Path(sim.draws.__file__), RULE_SOURCES)


@_kernel
def _stair_pairs(
    key: Any, draw: int, share: float, estate: Any, household: Any, stair_start: Any, first: Any, second: Any
) -> int:
    """Write the pairs of one stair unit that know each other, each with probability `share`; return their number."""
    n = 0
    for s in range(stair_start.shape[0] - 1):
        for i in range(stair_start[s], stair_start[s + 1]):
            for j in range(i + 1, stair_start[s + 1]):
                if uniform(key, draw, 0, estate[i], household[i], 1 + household[j]) < share:
                    first[n] = i
                    second[n] = j
                    n += 1
    return n


@_kernel
def _chosen_pairs(
    key: Any,
    draw: int,
    wanted: Any,
    estate: Any,
    household: Any,
    stair: Any,
    block_start: Any,
    best: Any,
    partner: Any,
    first: Any,
    second: Any,
) -> int:
    """Write for each household the `wanted` others of its block, not of its stair, that score lowest for it.

    The score is one draw per ordered pair. best, partner : room for the scores and places of the largest
    `wanted`. Return the number of pairs.
    """
    n = 0
    for b in range(block_start.shape[0] - 1):
        for i in range(block_start[b], block_start[b + 1]):
            if wanted[i] == 0:
                continue
            found = 0
            for j in range(block_start[b], block_start[b + 1]):
                if stair[j] == stair[i]:
                    continue
                score = uniform(key, draw, 0, estate[i], household[i], 1 + household[j])
                place = found
                while place > 0 and score < best[place - 1]:
                    place -= 1
                if place == wanted[i]:
                    continue
                found = min(found + 1, wanted[i])
                for k in range(found - 1, place, -1):
                    best[k] = best[k - 1]
                    partner[k] = partner[k - 1]
                best[place] = score
                partner[place] = j
            for k in range(found):
                first[n] = i
                second[n] = partner[k]
                n += 1
    return n


def _block_starts(*labels: np.ndarray) -> np.ndarray:
    """Return where runs of equal labels start, and the end, int64."""
    n = len(labels[0])
    changes = np.zeros(max(n - 1, 0), dtype=bool)
    for label in labels:
        changes |= label[1:] != label[:-1]
    return np.concatenate(([0], np.flatnonzero(changes) + 1, [n])).astype(np.int64)


def _choose(
    members: Members, by_stair: np.ndarray, draw: Draw, ties: float, stair: np.ndarray, block_start: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Let each household choose partners in its block; it brings half of its `ties`, others the other half."""
    estate, household = members.estate[by_stair], members.household[by_stair]
    u = uniforms(members.key, draw, month=0, estate=estate, unit=household)
    sizes = np.diff(block_start)
    wanted = np.minimum(np.floor(0.5 * ties + u).astype(np.int64), np.repeat(sizes, sizes))
    first, second = np.empty((2, int(wanted.sum())), np.int64)
    room = int(wanted.max())
    n = _chosen_pairs(
        members.key,
        int(draw),
        wanted,
        estate,
        household,
        stair,
        block_start,
        np.empty(room),
        np.empty(room, np.int64),
        first,
        second,
    )
    return first[:n], second[:n]


def stair_unit_pairs(
    members: Members, stair_share: float, building_ties: float, random_ties: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the tied pairs as places in the canonical order of all households, some of them twice.

    stair_share : share of the pairs of one stair unit that know each other.
    building_ties, random_ties : mean ties per household to other stairs of its building and of its estate;
    a little fewer come about, because two households may choose each other.

    The time grows with the square of an estate's households.
    """
    if not len(members.position):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    block_of_estate = np.repeat(np.arange(len(members.estate_start) - 1), np.diff(members.estate_start))
    by_stair = np.lexsort((members.stair, members.building, block_of_estate))
    labels = members.estate[by_stair], members.building[by_stair], members.stair[by_stair]
    stair_start = _block_starts(*labels)
    sizes = np.diff(stair_start)
    stair = np.repeat(np.arange(len(sizes)), sizes)

    first, second = np.empty((2, int((sizes * (sizes - 1) // 2).sum())), np.int64)
    n = _stair_pairs(
        members.key,
        int(Draw.TIE_PAIR),
        stair_share,
        members.estate[by_stair],
        members.household[by_stair],
        stair_start,
        first,
        second,
    )
    layers = (
        (first[:n], second[:n]),
        _choose(members, by_stair, Draw.TIE_BUILDING, building_ties, stair, _block_starts(*labels[:2])),
        _choose(members, by_stair, Draw.TIE_RANDOM, random_ties, stair, _block_starts(labels[0])),
    )
    place = members.position[by_stair]
    return place[np.concatenate([a for a, _ in layers])], place[np.concatenate([b for _, b in layers])]
