"""How often each form is clearly ahead of its rivals in a place, or behind, over the points of a study.

A point is a draw of what is not known. At a point two forms differ by the mean of their paired differences over the
replicates. A form is clearly ahead where the whole 95 % interval of that mean lies above a margin, clearly behind where
it lies below minus the margin; else the replicates do not decide. Where nobody sends bills none is paid: such a run
counts with 0, for else forms that were given up would leave the count. Single estates are told beside it: the share of
pairs of runs that differ by more than the margin.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sim import modes
from sim.errors import InputError
from sim.outcomes import OUTCOMES
from sim.results import Interval
from sim.standing import NEAR, declared_standing
from sim.studies.later import kept, values_after
from sim.studies.runner import open_study
from sim.studies.store import read_store
from sim.studies.worlds import places

EVERY = "every rival"
MARGINS = (0.0, 0.1)
"""Any difference at all, and ten points."""
YEARS = (3, 10)
START = "payment_rate"
"""What a place declares of its start."""
_FEWEST = 2
"""Pairs of runs below which there is no interval."""


@dataclass(frozen=True)
class Odds:
    """How often a form is ahead of a rival, or of all of them, after some years.

    draws : points at which both have an interval; ahead, behind : at how many of them clearly so; pairs, pairs_ahead,
    pairs_behind : the same of single pairs of runs; drift : how far the rival moved by itself since the policy month,
    mean over the points, NaN of all rivals together and where the policy month was not kept.
    """

    place: str
    form: str
    rival: str
    years: int
    margin: float
    draws: int
    ahead: int
    behind: int
    pairs: int
    pairs_ahead: int
    pairs_behind: int
    drift: float = math.nan
    drift_low: float = math.nan
    drift_high: float = math.nan

    @property
    def undecided(self) -> int:
        """Return at how many points the replicates do not decide."""
        return self.draws - self.ahead - self.behind

    def share(self, what: str) -> tuple[float, float, float]:
        """Return a share of the draws with its 95 % interval (Wilson); what : "ahead", "behind" or "undecided"."""
        return wilson(getattr(self, what), self.draws)


@dataclass(frozen=True)
class Start:
    """Where the draws of a place start: how many lie further than NEAR from the payment rate that it declares."""

    place: str
    declared: float
    draws: int
    off: int
    mean: float


def wilson(k: int, n: int) -> tuple[float, float, float]:
    """Return k/n and its interval (Wilson 1927), NaN where n is 0."""
    return (k / n, *modes.wilson(k, n)) if n else (math.nan,) * 3


def odds_of(path: Path, outcome: str = "cost_covered", margins: Sequence[float] = MARGINS) -> list[Odds]:
    """Read a study that kept its series and count, for every form and rival of a place, after YEARS years.

    The form of a place's first arm comes first. More of the outcome counts as ahead unless less is better.

    Raises InputError where the study did not keep what is needed.
    """
    opened = open_study(read_store(path))
    if "series" not in opened.study.keep or outcome not in opened.study.outcomes:
        raise InputError(f'{path}: the series of {outcome} were not kept; the study has to say keep = ["series"].')
    for margin in margins:
        if not (math.isfinite(margin) and margin >= 0):
            raise InputError(f"--margin {margin:g} must be 0 or more, for example {MARGINS[-1]:g}.")
    years = [year for year in YEARS if 12 * year <= opened.study.months]
    if not years:
        end, first = opened.study.months, 12 * YEARS[0]
        raise InputError(f"{path}: runs end after {end} months, and the first look is after {first}.")
    before = [0] if kept(opened, outcome, [0]) else []
    looked = values_after(opened, outcome, [*before, *(12 * year for year in years)])
    better = -1 if OUTCOMES[outcome].better < 0 else 1
    arms = [(world.label, world.place) for world in opened.work.worlds]
    found: list[Odds] = []
    for year, values in zip(years, looked[len(before) :], strict=True):
        drift = [Interval(_mean(of)) for of in values - looked[0]] if before else None
        for margin in margins:
            found += count(arms, better * values, year, margin, drift)
    return found


def starts_of(path: Path) -> list[Start]:
    """Say where the draws of each place start, by the first arm of a place; places that declare no state are left out.

    A study that did not keep the payment rate of the policy month has none.
    """
    opened = open_study(read_store(path))
    if not kept(opened, START, [0]):
        return []
    values, found = values_after(opened, START, [0])[0], []
    worlds = opened.work.worlds
    files = dict(zip((world.place for world in worlds), places(opened.study, worlds), strict=True))
    for place, file in files.items():
        try:
            declared = declared_standing(file).payment
        except InputError:
            continue
        first = next(k for k, world in enumerate(opened.work.worlds) if world.place == place)
        means = _mean(values[first])
        known = means[~np.isnan(means)]
        off = int((np.abs(known - declared) > NEAR).sum())
        found.append(Start(place, declared, len(known), off, float(known.mean()) if len(known) else math.nan))
    return found


def count(
    arms: Sequence[tuple[str, str]],
    values: np.ndarray,
    years: int,
    margin: float,
    drift: Sequence[Interval] | None = None,
) -> list[Odds]:
    """Count over draws, for every form and rival of its place, and for each form against all its rivals.

    values : (arm, point, replicate), more is better, NaN where missing; arms : label and place of each; drift : how far
    each arm moved.
    """
    found = []
    for k, (form, place) in enumerate(arms):
        rivals = [j for j, (_, where) in enumerate(arms) if where == place and j != k]
        more = np.array([values[k] - values[j] for j in rivals]).reshape(len(rivals), *values.shape[1:])
        if len(rivals) > 1:
            found.append(_counted((place, form, EVERY, years, margin), more, margin))
        for j, differences in zip(rivals, more, strict=True):
            counted = _counted((place, form, arms[j][0], years, margin), differences[None], margin)
            if drift:
                moved = drift[j]
                counted = replace(counted, drift=moved.mean, drift_low=moved.low, drift_high=moved.high)
            found.append(counted)
    return found


def _counted(key: tuple[str, str, str, int, float], more: np.ndarray, margin: float) -> Odds:
    """Count where a form is ahead of every rival, or behind every one; more : (rival, point, replicate)."""
    low, high = _interval(more)
    known: np.ndarray = ~np.isnan(low).any(axis=0)
    return Odds(
        *key,
        draws=int(known.sum()),
        ahead=int((low[:, known] > margin).all(axis=0).sum()),
        behind=int((high[:, known] < -margin).all(axis=0).sum()),
        pairs=int((~np.isnan(more)).all(axis=0).sum()),
        pairs_ahead=int((more > margin).all(axis=0).sum()),
        pairs_behind=int((more < -margin).all(axis=0).sum()),
    )


def _interval(more: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of the 95 % interval of the mean over the last axis (Student), NaN with fewer than two values."""
    from scipy.special import stdtrit

    n = (~np.isnan(more)).sum(axis=-1)
    mean, enough = _mean(more), n >= _FEWEST
    squares = np.nansum((more - mean[..., None]) ** 2, axis=-1)
    freedom = np.maximum(n - 1, 1)
    half = np.where(enough, stdtrit(freedom, 0.975) * np.sqrt(squares / freedom / np.maximum(n, 1)), np.nan)
    return mean - half, mean + half


def _mean(values: np.ndarray) -> np.ndarray:
    """Return the mean over the last axis, NaN where nothing is known."""
    known = ~np.isnan(values)
    return np.where(known.any(axis=-1), np.nansum(values, axis=-1) / np.maximum(known.sum(axis=-1), 1), np.nan)


def lines(odds: Sequence[Odds], starts: Sequence[Start] = ()) -> list[str]:
    """Return the shares for people."""
    told = [
        f"{start.place}: {start.off} of {start.draws} draws start more than {NEAR:g} from the declared payment rate of "
        f"{start.declared:.2f}; mean {start.mean:.2f}"
        for start in starts
    ]
    for key in dict.fromkeys((each.place, each.years, each.margin) for each in odds):
        place, years, margin = key
        told += ["", f"{place}, after {years} years, by more than {margin:g}: share of draws clearly ahead, clearly "]
        told[-1] += "behind, undecided; of single estates ahead, behind; how far the rival moved by itself"
        for each in (each for each in odds if (each.place, each.years, each.margin) == key):
            ahead, behind = (_shown(each.share(what)) for what in ("ahead", "behind"))
            single = [100 * part / max(each.pairs, 1) for part in (each.pairs_ahead, each.pairs_behind)]
            told.append(
                f"  {each.form:<16} against {each.rival:<16} {ahead}, {behind}, "
                f"{100 * each.share('undecided')[0]:.1f} % of {each.draws}; {single[0]:.1f} %, {single[1]:.1f} %"
                + (f"; rival alone {each.drift:+.3f}" if math.isfinite(each.drift) else "")
            )
    return told[1:] if told and not told[0] else told


def _shown(share: tuple[float, float, float]) -> str:
    return f"{100 * share[0]:.1f} % ({100 * share[1]:.1f} to {100 * share[2]:.1f})"


def columns(odds: Sequence[Odds]) -> dict[str, np.ndarray]:
    """Return one row an entry as columns: counts, and shares with their intervals."""
    texts, numbers = ("place", "form", "rival"), ("years", "margin", "draws", "ahead", "behind", "undecided")
    found: dict[str, np.ndarray] = {key: np.array([getattr(each, key) for each in odds], object) for key in texts}
    found |= {key: np.array([getattr(each, key) for each in odds]) for key in numbers}
    for what in ("ahead", "behind", "undecided"):
        shares = np.array([each.share(what) for each in odds], float).reshape(len(odds), 3)
        for k, end in enumerate(("", "_low", "_high")):
            found[f"share_{what}{end}"] = np.ma.masked_invalid(shares[:, k])
    found |= {key: np.array([getattr(each, key) for each in odds]) for key in ("pairs", "pairs_ahead", "pairs_behind")}
    for key in ("drift", "drift_low", "drift_high"):
        found[key] = np.ma.masked_invalid(np.array([getattr(each, key) for each in odds], float))
    return found


def start_columns(starts: Sequence[Start]) -> dict[str, np.ndarray]:
    """Return one row a place as columns: what it declares, how many draws start further than NEAR from it, the mean."""
    kinds = {"place": object, "declared": float, "draws": np.int64, "off": np.int64, "mean": float}
    return {key: np.array([getattr(each, key) for each in starts], kind) for key, kind in kinds.items()}
