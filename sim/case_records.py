"""Cases one by one, read off the history that a run keeps on request: where each began, went and ended.

An issue that is lumped never becomes a case and has no row here; it is counted in the totals and ends. A suit of
the firm is a case of its own kind, its household the debtor.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from agents.rules.case import (
    CLOSED_ON_PAPER,
    DESK_NAMES,
    ENDED,
    ESCALATED,
    GAVE_UP,
    JUDGED,
    KIND_NAMES,
    OPEN,
    OPENED,
    PAPER,
    REOPENED,
    RESOLVED,
    SENTENCED,
    STATUS_NAMES,
    WITHDRAWN,
)
from sim.runs import Batch
from sim.state import LOG_FIELDS

EVENT_NAMES: Mapping[int, str] = MappingProxyType(
    {
        OPENED: "opened",
        CLOSED_ON_PAPER: "closed on paper",
        REOPENED: "reopened",
        ESCALATED: "taken to a higher desk",
        GAVE_UP: "given up",
        ENDED: "settled",
        SENTENCED: "judged",
    }
)
"""What a line of the history says, in words."""

FIELDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "estate": ("id", "number of the estate"),
        "case": ("id", "number of the case in its estate, in the order of opening; never reused"),
        "household": ("id", "number of the household in its estate; of a suit, the debtor"),
        "kind": ("name", "what it is about"),
        "severity": ("severity", "how much it matters to the household, 0.4 to 1.6"),
        "arisen": ("months after the policy month", "month in which it arose and was opened"),
        "path": ("names", "desks in the order in which it reached them, joined by >"),
        "desk": ("name", "desk at which it lies or ended"),
        "outcome": ("name", "how it ended; open or closed on paper where it goes on"),
        "closed": ("months after the policy month", "month in which it ended; missing where it goes on"),
        "reopened": ("times", "how often it came back after a closure on paper"),
        "month": ("months after the policy month", "month of the event"),
        "event": ("name", "what happened to the case"),
    }
)
"""Unit and meaning of the columns of cases and of their events."""

STEP = " > "
"""Stands between the desks of a path."""

_MONTH, _ESTATE, _CASE, _HOUSEHOLD, _KIND, _EVENT, _DESK, _SEVERITY = range(len(LOG_FIELDS))
_RADIX = len(DESK_NAMES) + 1

Columns = dict[str, np.ndarray]


def cases_of(history: np.ndarray) -> Columns:
    """Return a row for each case that was open at some time from the policy month on, by estate and number.

    history : (line, field) of one run, in the order of events.
    """
    lines = history[np.lexsort((history[:, _CASE], history[:, _ESTATE]))]
    case, event, desk = lines[:, [_ESTATE, _CASE]], lines[:, _EVENT], lines[:, _DESK]
    begins = np.ones(len(lines), bool)
    begins[1:] = np.any(case[1:] != case[:-1], axis=1)
    first = np.flatnonzero(begins)
    if np.any(event[first] != OPENED):
        raise ValueError("the history holds a case that was never opened")
    last = np.append(first, len(lines))[1:] - 1
    which = np.cumsum(begins) - 1
    status = np.full(len(first), OPEN)
    status[event[last] == CLOSED_ON_PAPER] = PAPER
    status[event[last] == GAVE_UP] = WITHDRAWN
    status[event[last] == ENDED] = RESOLVED
    status[event[last] == SENTENCED] = JUDGED
    ended = np.isin(status, (RESOLVED, WITHDRAWN, JUDGED))
    closed = lines[last, _MONTH]
    kept = ~(ended & (closed < 0))
    found = {
        "estate": lines[first, _ESTATE],
        "case": lines[first, _CASE],
        "household": lines[first, _HOUSEHOLD],
        "kind": _named(KIND_NAMES, lines[first, _KIND]),
        "severity": lines[first, _SEVERITY] / 1000.0,
        "arisen": lines[first, _MONTH],
        "path": _paths(which, event, desk, len(first)),
        "desk": _named(DESK_NAMES, desk[last]),
        "outcome": _named(STATUS_NAMES, status),
        "closed": np.ma.array(closed, mask=~ended),
        "reopened": np.bincount(which, event == REOPENED, len(first)).astype(np.int64),
    }
    return {name: column[kept] for name, column in found.items()}


def events_of(history: np.ndarray) -> Columns:
    """Return a row for each event from the policy month on, in the order in which they happened; see `cases_of`."""
    lines = history[history[:, _MONTH] >= 0]
    names = [EVENT_NAMES.get(code, "") for code in range(max(EVENT_NAMES) + 1)]
    return {
        "estate": lines[:, _ESTATE],
        "case": lines[:, _CASE],
        "month": lines[:, _MONTH],
        "event": _named(names, lines[:, _EVENT]),
        "desk": _named(DESK_NAMES, lines[:, _DESK]),
    }


def columns(batches: Sequence[Batch], read: Callable[[np.ndarray], Columns]) -> Columns:
    """Return the rows of all runs, with the run (its number among all), place, scenario and replicate before them.

    read : `cases_of` or `events_of`.
    """
    parts: list[Columns] = []
    run = 0
    for batch in batches:
        for replicate, history in zip(batch.replicates, batch.histories, strict=True):
            found = read(history)
            n = len(next(iter(found.values())))
            whose: Columns = {
                "run": np.full(n, run),
                "place": np.full(n, batch.world.place, object),
                "scenario": np.full(n, batch.world.label, object),
                "replicate": np.full(n, int(replicate)),
            }
            parts.append(whose | found)
            run += 1
    return {name: _joined([part[name] for part in parts]) for name in parts[0]}


def _joined(parts: list[np.ndarray]) -> np.ndarray:
    masked = isinstance(parts[0], np.ma.MaskedArray)
    return np.ma.concatenate(parts) if masked else np.concatenate(parts)  # type: ignore[no-untyped-call]


def _named(names: Sequence[str], codes: np.ndarray) -> np.ndarray:
    return np.asarray(np.array(names, object)[codes])


def _paths(which: np.ndarray, event: np.ndarray, desk: np.ndarray, n: int) -> np.ndarray:
    """Return the path of each of n cases; which : the case of each line, lines of a case together."""
    moves = np.flatnonzero((event == OPENED) | (event == ESCALATED))
    case = which[moves]
    step = np.arange(len(moves)) - np.searchsorted(case, case)
    codes = np.bincount(case, (desk[moves] + 1) * _RADIX**step, n).astype(np.int64)
    known = {int(code): _path(int(code)) for code in np.unique(codes)}
    return np.array([known[code] for code in codes.tolist()], object)


def _path(code: int) -> str:
    desks: list[str] = []
    while code:
        code, digit = divmod(code, _RADIX)
        desks.append(DESK_NAMES[digit - 1])
    return STEP.join(desks)
