"""Results as a table for a terminal: outcome by outcome, scenario under scenario, difference beside value."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from agents.rules.case import SPAN
from sim.modes import Mode, modes
from sim.outcomes import OUTCOMES, Outcome
from sim.pooling import settled_within, time_unsettled
from sim.results import Arm, Interval, Results
from sim.scenarios import World
from sim.state import HORIZONS

if TYPE_CHECKING:
    from rich.text import Text

HEADLINES = tuple(outcome for outcome in OUTCOMES.values() if outcome.headline)
ARROWS = {1: "↑ ", -1: "↓ ", 0: "  "}
NAMES = {2: ("low", "high"), 3: ("low", "middle", "high")}
LABEL_WIDTH, VALUE_WIDTH, DIFFERENCE_WIDTH = 26, 34, 28

NOT_CLAIMED = (
    "Not claimed: what any real estate would do. Parameters are uncalibrated and most behavioural weights are assumed "
    "(linli explain SCENARIO shows which); intervals hold chance between runs, not doubt about parameters."
)


def results_lines(results: Results, outcomes: Sequence[Outcome] = HEADLINES) -> "Iterator[Text]":
    """Yield the lines of the table of a run or comparison, for rich: one part per place where there are several."""
    from rich.text import Text

    if len(results.places) == 1:
        yield from _part(results, outcomes, results)
        return
    for k, place in enumerate(results.places):
        yield Text("\n" * (k > 0) + f"=== in {place} ===", "bold")
        yield from _part(results.within(place), outcomes, results)


def _part(results: Results, outcomes: Sequence[Outcome], whole: Results) -> "Iterator[Text]":
    """Yield the table of one place; whole : what decides how many decimals are shown."""
    from rich.text import Text

    head = " " * LABEL_WIDTH + f"{'mean, 95 % interval':<{VALUE_WIDTH}}"
    if len(results.arms) > 1:
        base = f"minus {results.labels[0]}"
        base = base if len(base) < DIFFERENCE_WIDTH else "minus the first"
        head += f"{base:<{DIFFERENCE_WIDTH}}better in"
    yield Text(head.rstrip(), "dim")
    for outcome in outcomes:
        when = "mean over the policy months" if outcome.total else "last month"
        yield Text(ARROWS[outcome.better]).append(outcome.label, "bold").append(f"  {outcome.unit}; {when}", "dim")
        digits = _digits(whole, outcome.name)
        for label in results.labels:
            yield from (Text(line) for line in _row(results, outcome, label, digits))
    if all(arm.ends is not None for arm in results.arms):
        within = ", ".join(map(str, HORIZONS))
        head = "  share really settled, months without settlement; issues of all runs pooled"
        yield Text("  ").append("How issues end", "bold").append(head, "dim")
        yield Text(f"{'':<{LABEL_WIDTH}}{f'within {within} months':<{VALUE_WIDTH}}of the first {SPAN} months", "dim")
        for label in results.labels:
            yield from (Text(line) for line in _pooled_row(results, label))


def _pooled_row(results: Results, label: str) -> Iterator[str]:
    """Yield the lines of one scenario: its name, settlements within each horizon, restricted mean time unsettled."""
    arm, name = results.arm(label), f"  {label}"
    if len(name) >= LABEL_WIDTH:
        yield name
        name = ""
    shares = "".join(f"{_or_none(share, 3):>7}" for share in settled_within(arm))
    time = time_unsettled(arm)
    mean, low, high = (_or_none(float(x), 2) for x in (time.value, time.low, time.high))
    yield f"{name:<{LABEL_WIDTH}}{shares:<{VALUE_WIDTH}}{mean:>7}" + (f"  {low} to {high}" if low != "-" else "")


def _or_none(number: float, digits: int) -> str:
    return "-" if np.isnan(number) else fixed(number, digits, "")


def _row(results: Results, outcome: Outcome, label: str, digits: int) -> Iterator[str]:
    """Yield the lines of one scenario: its name, its value, its difference from the base, the share of better runs."""
    name = f"  {label}"
    if len(name) >= LABEL_WIDTH:
        yield name
        name = ""
    base = results.base(label)
    found = None if base is None else results.differences(outcome.name, label, base)
    own = results.drift(outcome.name, label) if len(results.arms) > 1 else None
    moved = "" if own is None or np.isnan(own.mean) else f"(itself {fixed(own.mean, digits, '+')} since before)"
    others = [moved, ""] if found is None else [difference(found, digits), better_in(found, outcome.better)]
    first = [name, *others]
    for k, cell in enumerate(value(results.arm(label).judged[outcome.name], digits)):
        name, less, better = first if k == 0 else ("", "", "")
        yield f"{name:<{LABEL_WIDTH}}{cell:<{VALUE_WIDTH}}{less:<{DIFFERENCE_WIDTH}}{better:>9}".rstrip()


def value(values: np.ndarray, digits: int) -> list[str]:
    """Write the mean of runs with its interval, or their modes line by line; missing values are counted, never zero."""
    found = modes(values)
    if not found:
        return [interval(Interval(values), digits, "")]
    lines = [_mode(name, mode, digits) for name, mode in zip(NAMES[len(found)], found, strict=True)]
    lost = int(np.isnan(values).sum())
    return [*lines, f"({lost} missing)"] if lost else lines


def _mode(name: str, mode: Mode, digits: int) -> str:
    share, low, high = (100 * x for x in (mode.share, mode.low, mode.high))
    return f"{fixed(mode.mean, digits, ''):>7}  {name} in {share:.0f} % ({low:.0f} to {high:.0f})"


def interval(found: Interval, digits: int, sign: str) -> str:
    """Write mean and interval; `sign` is "+" to show the sign of positive numbers."""
    lost = f" ({found.n_missing} missing)" if found.n_missing else ""
    if found.n == 0:
        return f"{'-':>7} {lost}"
    mean, low, high = (fixed(x, digits, sign) for x in (found.mean, found.low, found.high))
    return f"{mean:>7}  " + (f"{low} to {high}" if found.n > 1 else "one run") + lost


def fixed(number: float, digits: int, sign: str = "") -> str:
    """Write a number with so many decimals; `sign` is "+" to show the sign of positive ones, and no zero has one."""
    return f"{0.0 if round(number, digits) == 0 else number:{sign},.{digits}f}"


def district_lines(results: Results) -> "Iterator[Text]":
    """Yield the table of a district: estates by the form they end under, beside the same estates in the first arm."""
    from rich.text import Text

    from sim import estates

    for batch, label in zip(results.batches, results.labels, strict=True):
        base = results.base(label)
        if not batch.world.parts or base is None:
            continue
        against = results.batches[results.labels.index(base)]
        yield Text(f"\n=== {label}: estates by the form they end under, minus the same estates {base} ===", "bold")
        for name in ("payment_rate", "settled_3", "attention", "repair_money"):
            outcome = OUTCOMES[name]
            yield Text(ARROWS[outcome.better]).append(outcome.label, "bold").append(f"  {outcome.unit}", "dim")
            for form, mask in estates.groups(batch.world, "form").items():
                ours, gap = estates.group_differences(batch, against, mask, name)
                shown = f"  {f'{form} ({int(mask.sum())})':<{LABEL_WIDTH}}{interval(ours, 3, ''):<{VALUE_WIDTH}}"
                yield Text(shown + (interval(gap, 3, "+") if np.isfinite(gap.mean) else ""))


def difference(found: np.ndarray, digits: int) -> str:
    """Write the mean of paired differences with its interval; say so where there is none in any run."""
    return f"{'0':>7}  in every run" if len(found) and np.all(found == 0) else interval(Interval(found), digits, "+")


def better_in(differences: np.ndarray, better: int) -> str:
    """Write the share of pairs in which the scenario does better; nothing where that has no meaning."""
    kept = differences[~np.isnan(differences)]
    if not better or not len(kept) or np.all(kept == 0):
        return ""
    return f"{100 * np.mean(kept * better > 0):.0f} %"


def _digits(results: Results, name: str) -> int:
    """Return how many decimals show an outcome: about three significant digits of its largest mean."""
    return decimals([Interval(arm.judged[name]).mean for arm in results.arms])


def decimals(means: Sequence[float]) -> int:
    """Return how many decimals show numbers of this size: about three significant digits of the largest."""
    largest = max((abs(mean) for mean in means if not np.isnan(mean)), default=0.0)
    return 3 if largest < 2 else 2 if largest < 10 else 1 if largest < 100 else 0


def heading(worlds: Sequence[World], *, replicates: int, seed: int) -> str:
    """Say what was run."""
    forms: dict[str, list[str]] = {}
    for world in worlds:
        forms.setdefault(world.place, []).append(world.label)
    what = "; ".join(f"{', '.join(labels)} in {place}" for place, labels in forms.items())
    months = counted(worlds[0].months, "month")
    return f"{what}: {months}, {counted(replicates, 'replicate')}, seed {seed}"


def counted(number: int, thing: str) -> str:
    """Write a number of things."""
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def notes(results: Results) -> list[str]:
    """Return the lines under a table: how to read it, and what it does not say."""
    lines = ["↑ more is better, ↓ less is better. Rates look back on 12 months."]
    if len(results.arms) > 1:
        lines[0] += " Differences are paired: same households, same luck."
    if len(results.places) > 1:
        lines[0] += " They are to the first scenario of the same place; places are not compared."
    if any(modes(arm.judged[outcome.name]) for arm in results.arms for outcome in HEADLINES):
        lines.append(
            "low, high: runs end in separate groups, which a mean would hide; the share of runs in each, 95 % interval."
        )
    return [*lines, NOT_CLAIMED]


def as_data(results: Results) -> list[dict[str, Any]]:
    """Return every outcome of every scenario, for JSON; numbers that do not exist are None."""
    return [
        {
            "outcome": outcome.name,
            "label": outcome.label,
            "unit": outcome.unit,
            "better": {1: "more", -1: "less", 0: None}[outcome.better],
            "summary": outcome.summary(),
            "about": outcome.about,
            "scenarios": [_as_data(results, outcome, label) for label in results.labels],
        }
        for outcome in OUTCOMES.values()
    ]


def pooled_as_data(results: Results) -> list[dict[str, Any]]:
    """Return how the issues of all runs end, scenario by scenario, for JSON; numbers that do not exist are None."""
    return [_pooled_as_data(arm) for arm in results.arms if arm.ends is not None]


def _pooled_as_data(arm: Arm) -> dict[str, Any]:
    time = time_unsettled(arm)
    mean, low, high = (None if np.isnan(x) else float(x) for x in (time.value, time.low, time.high))
    shares = [None if np.isnan(x) else float(x) for x in settled_within(arm)]
    return {
        "scenario": arm.scenario,
        "place": arm.place,
        "settled_within": dict(zip(map(str, HORIZONS), shares, strict=True)),
        "months_unsettled": {"mean": mean, "low": low, "high": high},
    }


def _as_data(results: Results, outcome: Outcome, label: str) -> dict[str, Any]:
    arm, base = results.arm(label), results.base(label)
    values = arm.judged[outcome.name]
    entry = {"scenario": arm.scenario, "place": arm.place, **_numbers(Interval(values))}
    entry["modes"] = [{"mean": m.mean, "share": m.share, "low": m.low, "high": m.high} for m in modes(values)]
    own = results.drift(outcome.name, label)
    if own is not None:
        entry["drift"] = _numbers(own)
    if base is not None:
        found = results.differences(outcome.name, label, base)
        entry["difference"] = {"to": results.arm(base).scenario, **_numbers(Interval(found))}
    return entry


def _numbers(found: Interval) -> dict[str, Any]:
    mean, low, high = (None if np.isnan(x) else x for x in (found.mean, found.low, found.high))
    return {"mean": mean, "low": low, "high": high, "n": found.n, "missing": found.n_missing}
