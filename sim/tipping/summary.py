"""The stability outcomes of a tipping analysis, and what they say in plain words."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from sim.stability import LEFT_AFTER, STABILITY, TWO_REGIMES, Found, half_life, mean_of, ratio_of
from sim.tipping.layout import PAYMENT
from sim.tipping.measure import Runs, cell_outcomes, gains, levels_of, memory_runs
from sim.tipping.request import WITHDRAWN, Request

if TYPE_CHECKING:
    import pandas as pd

Rows = dict[tuple[str, str], Found]
"""Outcomes by name and by what they are of."""


def outcomes(request: Request, runs: Runs) -> Rows:
    """Return every stability outcome of the scenario as it is, by name and by what it is of."""
    states = memory_runs(request, runs)
    low, high = states["low", ""], states["high", ""]
    found: Rows = {(name, ""): each for name, each in cell_outcomes(low, high, request.threshold).items()}
    for which, dwell in enumerate(request.dwell):
        of = f"dwell {dwell} months"
        levels = levels_of(request, runs, which)
        for name, values in hysteresis(np.array(request.ramp.values), levels, request.threshold).items():
            found[name, of] = mean_of(values)
    for (end, name), gain in gains(request, runs).items():
        of = f"withdrawn in month {end}: {name}"
        at = gain[:, end - 1]
        sign = -1.0 if mean_of(at).high < 0 else 1.0  # of what falls, such as grievance, the fall is followed
        found["gain", of] = mean_of(at)
        found["gain_left", of] = ratio_of(gain[:, end - 1 + LEFT_AFTER], at)
        found["half_life", of] = half_life(sign * gain[:, end - 1 :])
    gap = high[:, -1] - low[:, -1]
    for path in request.starts:
        found["memory_lost", path] = ratio_of(high[:, -1] - states["high", path][:, -1], gap)
        found["memory_alone", path] = ratio_of(states["low", path][:, -1] - low[:, -1], gap)
    return found


def hysteresis(levels: np.ndarray, values: np.ndarray, threshold: float) -> dict[str, np.ndarray]:
    """Return the area of a loop and the levels of its jumps, each (run,); NaN where there is none.

    levels : ascending, (level,); values : (run, step), up through all levels and down again from the last but one.
    """
    n = len(levels)
    up = values[:, :n]
    down = np.concatenate([values[:, : n - 1 : -1], values[:, n - 1 : n]], axis=1)
    return {
        "hysteresis": np.trapezoid(down - up, levels, axis=1),
        "jump_up": _jumps(levels, up >= threshold, up, threshold),
        "jump_down": _jumps(levels[::-1], down[:, ::-1] < threshold, down[:, ::-1], threshold),
    }


def _jumps(levels: np.ndarray, beyond: np.ndarray, values: np.ndarray, threshold: float) -> np.ndarray:
    """Return the level, interpolated, at which each run first is beyond the threshold; NaN if it never or always is."""
    first = beyond.argmax(axis=1)
    found = np.full(len(values), np.nan)
    for run in np.flatnonzero(beyond.any(axis=1) & (first > 0)):
        k = first[run]
        before, after = values[run, k - 1], values[run, k]
        found[run] = levels[k - 1] + (threshold - before) / (after - before) * (levels[k] - levels[k - 1])
    return found


def table(rows: Rows) -> "pd.DataFrame":
    """Return the outcomes with what declares them, a row each."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "outcome": name, "of": of or None, "value": found.value, "low": found.low, "high": found.high,
                "n": found.n, "label": STABILITY[name].label, "unit": STABILITY[name].unit,
                "better": STABILITY[name].better, "summary": STABILITY[name].summary,
            }
            for (name, of), found in rows.items()
        ]
    )  # fmt: skip


# --- in words -------------------------------------------------------------------------------------------------------


def told(found: Found, digits: int = 2) -> str:
    """Write a number with its interval."""
    if np.isnan(found.value):
        return "none"
    return f"{found.value:.{digits}f} ({found.low:.{digits}f} to {found.high:.{digits}f})"


def percent(found: Found) -> str:
    """Write a share with its interval in percent."""
    return f"{100 * found.value:.0f} % ({100 * found.low:.0f} to {100 * found.high:.0f})"


def _where(request: Request) -> str:
    return f"{request.world.label} in {request.world.place}"


def phase_words(request: Request, phase: "pd.DataFrame", fold: "pd.DataFrame", rows: Rows) -> str:
    """Say what the phase diagram shows."""
    n, years = len(phase), request.months / 12
    two, undecided = (int((phase["regimes"] == word).sum()) for word in ("two", "undecided"))
    chance = int(((phase["escape"] > 0) & (phase["escape"] < 1)).sum())
    own = {name: rows[name, ""] for name in ("end_low", "end_high", "escape", "fall")}
    theory = (
        "The curve is where the mean field, an estate without chance, loses a regime."
        if len(fold)
        else "The mean field, an estate without chance, has the same number of regimes everywhere here."
    )
    return (
        f"{_where(request)}, {request.across.path} and {request.up.path}: of {n} combinations {two} have two regimes "
        f"(after {years:g} years the mean payment rates from the low and the high start lie more than "
        f"{TWO_REGIMES:g} apart), {undecided} are undecided and {n - two - undecided} have one. "
        f"In {chance} combinations some but not all "
        f"of the runs from the low start have escaped by then. With the scenario's own values runs end at "
        f"{told(own['end_low'])} from the low and at {told(own['end_high'])} from the high start; "
        f"{percent(own['escape'])} of those that start low escape, {percent(own['fall'])} of those that start high "
        f"fall. {theory}"
    )


def loop_words(request: Request, rows: Rows) -> str:
    """Say what the hysteresis loop shows."""
    parts = []
    for dwell in request.dwell:
        of = f"dwell {dwell} months"
        area, up, down = (rows[name, of] for name in ("hysteresis", "jump_up", "jump_down"))
        jumps = f"it passes {request.threshold:.2f} at {told(up, 3)} on the way up"
        jumps += (
            f" and falls below it again at {told(down, 3)} in {down.n} of {area.n} runs"
            if down.n
            else " and in no run falls below it again"
        )
        parts.append(f"with {dwell} months at a level the area is {told(area, 3)}, and {jumps}")
    first, last = (rows["hysteresis", f"dwell {dwell} months"] for dwell in (request.dwell[0], request.dwell[-1]))
    slow = (
        "The area shrinks with more time: part of the gap is mere slowness."
        if len(request.dwell) > 1 and last.high < first.value
        else "More time does not close the gap."
        if len(request.dwell) > 1 and last.low > 0
        else ""
    )
    return (
        f"{_where(request)}, {request.ramp.path} from {request.ramp.values[0]:g} to {request.ramp.values[-1]:g} "
        f"{request.ramp.parameter.unit} and back: {'; '.join(parts)}. {slow}"
    ).strip()


def support_words(request: Request, rows: Rows) -> str:
    """Say what is left of a gain after support."""
    given = ", ".join(f"{path} = {value:g}" for path, value in request.support.items())
    parts = []
    for end in WITHDRAWN:
        of = f"withdrawn in month {end}: {PAYMENT}"
        gain, left, half = (rows[name, of] for name in ("gain", "gain_left", "half_life"))
        if not gain.low > 0:
            parts.append(f"until month {end} it brings no gain that the runs can tell from zero ({told(gain)})")
            continue
        lasts = (
            f"its half-life is {half.value:.0f} months"
            if not np.isnan(half.value)
            else f"it does not fall to half within the {request.months - end} months that follow"
        )
        parts.append(
            f"until month {end} it adds {told(gain)} to the payment rate; {LEFT_AFTER} months later the gain is "
            f"{told(left)} times that, and {lasts}"
        )
    return f"{_where(request)}, support {given}: {'; '.join(parts)}."


def memory_words(request: Request, rows: Rows) -> str:
    """Say which state variable carries the memory."""
    if np.isnan(rows["memory_lost", request.starts[0]].value):
        return f"{_where(request)}: the runs do not tell the end states of the two starts apart, so there is no memory."
    lost = {path: rows["memory_lost", path] for path in request.starts}
    alone = {path: rows["memory_alone", path] for path in request.starts}
    most, sole = (max(found, key=lambda path: found[path].value) for found in (lost, alone))
    listed = "; ".join(
        f"{path}: {told(lost[path])} goes without it, {told(alone[path])} stays with it alone" for path in lost
    )
    return (
        f"{_where(request)}, which part of the start is remembered after {request.months / 12:g} years, as share of "
        f"the difference of {told(rows['end_gap', ''])}: {listed}. Most goes without {most}"
        + (", which also carries most alone." if sole == most else f"; alone, {sole} carries most.")
    )


def words(request: Request, tables: "Mapping[str, pd.DataFrame]", rows: Rows) -> dict[str, str]:
    """Return one paragraph per analysis, by its title."""
    return {
        "Phase diagram": phase_words(request, tables["phase"], tables["fold"], rows),
        "Hysteresis": loop_words(request, rows),
        "Support": support_words(request, rows),
        "Memory": memory_words(request, rows),
    }
