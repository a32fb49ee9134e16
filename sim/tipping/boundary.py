"""The fold curve: where in the plane of two factors the number of regimes of the mean field changes."""

from collections.abc import Callable

import numpy as np

NODES = 21
"""Nodes of the grid, each way."""
_HALVINGS = 10

Count = Callable[[float, float], int]


def fold_curve(count: Count, across: tuple[float, float], up: tuple[float, float], nodes: int = NODES) -> np.ndarray:
    """Return the line segments that part regions of different counts, (segment, end, coordinate), from - to.

    Every end lies on an edge of a grid and was found there by halving. count : number of regimes at a point.
    """
    xs, ys = np.linspace(*across, nodes), np.linspace(*up, nodes)
    counts = np.array([[count(float(x), float(y)) for y in ys] for x in xs])
    level = [((k, j), (k + 1, j)) for k in range(nodes - 1) for j in range(nodes)]
    upright = [((k, j), (k, j + 1)) for k in range(nodes) for j in range(nodes - 1)]
    ends = {
        (one, other): _between(count, (xs[one[0]], ys[one[1]]), (xs[other[0]], ys[other[1]]), counts[one])
        for one, other in (*level, *upright)
        if counts[one] != counts[other]
    }
    segments = []
    for k in range(nodes - 1):
        for j in range(nodes - 1):
            a, b, c, d = (k, j), (k + 1, j), (k + 1, j + 1), (k, j + 1)
            met = [ends[edge] for edge in ((a, b), (b, c), (d, c), (a, d)) if edge in ends]
            if len(met) == 2:
                segments.append(met)
            elif len(met) > 2:  # three or four regions meet: from each edge to the middle of them
                middle = tuple(np.mean(met, axis=0))
                segments += [[end, middle] for end in met]
    return np.array(segments, float).reshape(-1, 2, 2)


def _between(count: Count, one: tuple[float, float], other: tuple[float, float], here: int) -> tuple[float, float]:
    """Return the point of an edge at which the count first is not `here`, by halving; one counts `here`."""
    (x0, y0), (x1, y1) = one, other
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if count(float(x0 + middle * (x1 - x0)), float(y0 + middle * (y1 - y0))) == here:
            low = middle
        else:
            high = middle
    middle = 0.5 * (low + high)
    return float(x0 + middle * (x1 - x0)), float(y0 + middle * (y1 - y0))
