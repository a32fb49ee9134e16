"""Outcomes of scenarios as tables and in plain words, over the runs of one world or over the points of a study."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sim.modes import modes
from sim.outcomes import Outcome
from sim.report.page import Cell, Number, Table
from sim.results import Interval, sign
from sim.tables import ARROWS, HEADLINES, NAMES, better_in, decimals, fixed

SPREAD = (0.05, 0.95)
"""Quantiles of the points of a study that a table tells."""


@dataclass(frozen=True)
class Finding:
    """What came out for one scenario in one place.

    values : a number per run or per point, NaN where missing, by outcome; differences : the same less that of `base`,
    the scenario it is compared with, pair by pair; none where that is the scenario itself; drifts : how far the
    scenario itself moved since before the policy, where others are compared with it.
    """

    label: str
    values: Mapping[str, np.ndarray]
    base: str = ""
    differences: Mapping[str, np.ndarray] = field(default_factory=dict)
    drifts: Mapping[str, Interval] = field(default_factory=dict)


@dataclass(frozen=True)
class Spread:
    """A mean with the range that is told beside it: its 95 % interval over runs, or the middle 90 % of points."""

    mean: float
    low: float
    high: float
    n: int

    @classmethod
    def of(cls, values: np.ndarray, over: str) -> "Spread":
        """Summarise values over "runs" or "points"."""
        if over == "runs":
            found = Interval(values)
            return cls(found.mean, found.low, found.high, found.n)
        kept = values[~np.isnan(values)]
        if not len(kept):
            return cls(np.nan, np.nan, np.nan, 0)
        low, high = np.quantile(kept, SPREAD)
        return cls(float(kept.mean()), float(low), float(high), len(kept))

    @property
    def sign(self) -> int:
        """Say whether the range lies above zero (+1), below (-1) or on both sides (0)."""
        return sign(self.low, self.high)

    def in_words(self, digits: int, sign: str = "") -> str:
        """Write it as text."""
        text = fixed(self.mean, digits, sign)
        return text if self.n < 2 else f"{text} ({fixed(self.low, digits, sign)} to {fixed(self.high, digits, sign)})"


RANGE = {"runs": "95 % interval", "points": "5 % to 95 % of points"}


def outcome_table(
    name: str,
    caption: str,
    findings: Sequence[Finding],
    outcomes: Sequence[Outcome],
    over: str,
    *,
    folded: bool = False,
) -> Table:
    """Return a table of outcomes, scenario under scenario; over : "runs" or "points"."""
    base = next((finding.base for finding in findings if finding.base), "")
    head = ["Scenario", f"Mean, {RANGE[over]}", over.capitalize()]
    if base:
        head += [f"Minus {base}, {RANGE[over]}", f"Better {'in' if over == 'runs' else 'at'}"]
    rows: list[tuple[Cell, ...]] = []
    for outcome in outcomes:
        rows.append((f"{ARROWS[outcome.better]}{outcome.label}: {outcome.unit}; {when(outcome)}",))
        digits = decimals([Spread.of(finding.values[outcome.name], over).mean for finding in findings])
        rows += [tuple(_cells(finding, outcome, digits, over))[: len(head)] for finding in findings]
    return Table(name, caption, tuple(head), tuple(rows), folded)


def when(outcome: Outcome) -> str:
    """Say which months one number stands for."""
    return "mean over the policy months" if outcome.total else "last month"


def _cells(finding: Finding, outcome: Outcome, digits: int, over: str) -> Iterator[Cell]:
    values = finding.values[outcome.name]
    found = Spread.of(values, over)
    yield finding.label
    groups = modes(values) if over == "runs" else ()
    if groups:
        yield [part for name, mode in zip(NAMES[len(groups)], groups, strict=True) for part in (
            Number(mode.mean, fixed(mode.mean, digits)), f" {name} in {100 * mode.share:.0f} % "
            f"({100 * mode.low:.0f} to {100 * mode.high:.0f}); ",
        )]  # fmt: skip
    else:
        yield _numbers(found, digits, "")
    missing = len(values) - found.n
    yield [Number(found.n, str(found.n)), f" ({missing} missing)" if missing else ""]
    if not finding.base:
        own = finding.drifts.get(outcome.name)
        moved = Number(own.mean, fixed(own.mean, decimals([own.mean]), "+")) if own is not None and own.n else None
        yield ["itself ", moved, " since before"] if moved else ""
        yield ""
        return
    less = finding.differences[outcome.name]
    equal, apart = len(less) > 0 and bool(np.all(less == 0)), Spread.of(less, over)
    yield f"0 in every {over[:-1]}" if equal else _numbers(apart, decimals([apart.mean]), "+")
    yield better_in(less, outcome.better)


def _numbers(found: Spread, digits: int, sign: str) -> Cell:
    if not found.n:
        return "-"
    mean = Number(found.mean, fixed(found.mean, digits, sign))
    if found.n < 2:
        return [mean]
    ends = (Number(end, fixed(end, digits, sign)) for end in (found.low, found.high))
    return [mean, ", ", next(ends), " to ", next(ends)]


# --- in plain words -------------------------------------------------------------------------------------------------


def in_words(findings: Sequence[Finding], over: str, where: str) -> Iterator[str]:
    """Yield what was found in one place, sentence by sentence.

    where : " in trapped", or "" where there is one place.
    """
    kept = [outcome for outcome in HEADLINES if all(outcome.name in finding.values for finding in findings)]
    for finding in findings:
        if finding.base:
            yield _against(finding, kept, over, where)
        elif len(findings) == 1:
            yield from _alone(finding, kept, over)
    if over == "runs":
        yield from _grouped(findings, kept, where)


def _alone(finding: Finding, outcomes: Sequence[Outcome], over: str) -> Iterator[str]:
    for outcome in outcomes:
        found = Spread.of(finding.values[outcome.name], over)
        if found.n:
            text = found.in_words(decimals([found.mean]))
            yield f"{outcome.label}: {text} {outcome.unit}, {when(outcome)}; {outcome.about}."


_TOLD_OF = {1: "better", -1: "worse", 0: "either", 2: "other", -2: "other"}
"""How a difference is told, by its sign times the direction of its outcome (2 where an outcome has none)."""


def _against(finding: Finding, outcomes: Sequence[Outcome], over: str, where: str) -> str:
    """Say in what a scenario differs from the one it is compared with."""
    parts: dict[str, list[str]] = {"better": [], "worse": [], "other": [], "either": [], "equal": []}
    for outcome in outcomes:
        less = finding.differences[outcome.name]
        found = Spread.of(less, over)
        if not found.n:
            continue
        sort = "equal" if np.all(less == 0) else _TOLD_OF[found.sign * (outcome.better or 2)]
        text = found.in_words(decimals([found.mean]), "+")
        parts[sort].append(outcome.label if sort in ("either", "equal") else f"{outcome.label} {text}")
    told = {
        "better": "better in ",
        "worse": "worse in ",
        "other": "another level, neither better nor worse, in ",
        "either": "not told apart from chance in " if over == "runs" else "now better, now worse, in ",
        "equal": f"equal in every {over[:-1]} in ",
    }
    said = [told[sort] + ", ".join(names) for sort, names in parts.items() if names]
    return f"{finding.label} against {finding.base}{where}: {'; '.join(said) or 'no pair has a value'}."


def _grouped(findings: Sequence[Finding], outcomes: Sequence[Outcome], where: str) -> Iterator[str]:
    for finding in findings:
        parted = [outcome.label for outcome in outcomes if modes(finding.values[outcome.name])]
        if parted:
            yield (
                f"Runs of {finding.label}{where} end in separate groups in {', '.join(parted)}: no mean describes "
                "them, so the table gives the mean of each group and the share of runs in it."
            )
