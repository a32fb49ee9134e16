"""Cases one by one, read off the history that a run keeps on request: where each began, went and ended.

Their events are a log as process mining wants it: `case_id`, `event` and `time` are case, activity and timestamp.
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
from sim.scenarios.world import World
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
        "case_id": ("id", "the case among all cases of this result: run/estate/case"),
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
        "order": ("place", "place of the event among those of its estate and month, from 0"),
        "time": ("date", "first day of the month of the event, from time.start_year and time.start_month on; its "
                         "milliseconds are the place within the month, and no time of day"),
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
    lines, first, which = _by_case(history)
    event, desk = lines[:, _EVENT], lines[:, _DESK]
    if np.any(event[first] != OPENED):
        raise ValueError("the history holds a case that was never opened")
    last = _last(lines, first)
    status = np.full(len(first), OPEN)
    status[event[last] == CLOSED_ON_PAPER] = PAPER
    status[event[last] == GAVE_UP] = WITHDRAWN
    status[event[last] == ENDED] = RESOLVED
    status[event[last] == SENTENCED] = JUDGED
    ended = np.isin(status, (RESOLVED, WITHDRAWN, JUDGED))
    closed = lines[last, _MONTH]
    kept = _concerns_us(lines, first)
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


def _by_case(history: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the lines case by case, the first line of each case, and the case that each line belongs to."""
    lines = history[np.lexsort((history[:, _CASE], history[:, _ESTATE]))]
    case = lines[:, [_ESTATE, _CASE]]
    begins = np.ones(len(lines), bool)
    begins[1:] = np.any(case[1:] != case[:-1], axis=1)
    return lines, np.flatnonzero(begins), np.cumsum(begins) - 1


def _last(lines: np.ndarray, first: np.ndarray) -> np.ndarray:
    return np.append(first, len(lines))[1:] - 1


def _concerns_us(lines: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Say of each case whether it was open at some time from the policy month on."""
    last = lines[_last(lines, first)]
    return np.asarray(~(np.isin(last[:, _EVENT], (GAVE_UP, ENDED, SENTENCED)) & (last[:, _MONTH] < 0)))


def events_of(history: np.ndarray) -> Columns:
    """Return a row for each event in the life of the cases of `cases_of`, in the order in which they happened.

    A case that was open in the policy month has its whole life here, with what happened before it.
    """
    sorted_lines, first, which = _by_case(history)
    place = np.lexsort((history[:, _CASE], history[:, _ESTATE]))
    kept = np.zeros(len(history), bool)
    kept[place] = _concerns_us(sorted_lines, first)[which]
    lines = history[kept]
    names = [EVENT_NAMES.get(code, "") for code in range(max(EVENT_NAMES) + 1)]
    return {
        "estate": lines[:, _ESTATE],
        "case": lines[:, _CASE],
        "month": lines[:, _MONTH],
        "order": _order(lines),
        "event": _named(names, lines[:, _EVENT]),
        "desk": _named(DESK_NAMES, lines[:, _DESK]),
    }


def _order(lines: np.ndarray) -> np.ndarray:
    """Return the place of each line among those of its estate and month, (line,); lines in the order of events."""
    by = np.lexsort((lines[:, _ESTATE], lines[:, _MONTH]))
    same = lines[by][:, [_MONTH, _ESTATE]]
    begins = np.ones(len(lines), bool)
    begins[1:] = np.any(same[1:] != same[:-1], axis=1)
    found = np.empty(len(lines), np.int64)
    found[by] = np.arange(len(lines)) - np.flatnonzero(begins)[np.cumsum(begins) - 1]
    return found


def case_ids(runs: np.ndarray, estates: np.ndarray, cases: np.ndarray) -> np.ndarray:
    """Return what names each case among all of a result, `run/estate/case`; all (row,)."""
    rows = zip(runs.tolist(), estates.tolist(), cases.tolist(), strict=True)
    return np.asarray([f"{run}/{estate}/{case}" for run, estate, case in rows], object)


def _times(world: World, month: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Return the dates of events: the policy month of the world is `time.start_month` of `time.start_year`."""
    start = 12 * (int(world.before["time.start_year"]) - 1970) + int(world.before["time.start_month"]) - 1
    first_day = (start + month).astype("datetime64[M]").astype("datetime64[ms]")
    return np.asarray(first_day + order.astype("timedelta64[ms]"))


def columns(batches: Sequence[Batch], read: Callable[[np.ndarray], Columns]) -> Columns:
    """Return the rows of all runs, with the run (its number among all), place, scenario and replicate before them.

    read : `cases_of` or `events_of`; events get their time.
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
                "case_id": case_ids(np.full(n, run), found["estate"], found["case"]),
            }
            if "order" in found:
                whose["time"] = _times(batch.world, found["month"], found["order"])
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
