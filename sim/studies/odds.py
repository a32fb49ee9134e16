"""How often each form is clearly ahead of its rivals in a place, or behind, over the points of a study.

A point is a draw of what is not known. At a point two forms differ by the mean of their paired differences over the
replicates. A form is clearly ahead where the whole 95 % interval of that mean lies above a margin, clearly behind where
it lies below minus the margin; else the replicates do not decide. Where nobody sends bills none is paid: such a run
counts with 0, for else forms that were given up would leave the count. Single estates are told beside it: the share of
pairs of runs that differ by more than the margin.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim import modes
from sim.errors import InputError
from sim.outcomes import OUTCOMES
from sim.standing import NEAR, declared_standing
from sim.studies.runner import Opened, open_study
from sim.studies.store import read_store
from sim.studies.worlds import places

if TYPE_CHECKING:
    import pyarrow as pa

EVERY = "every rival"
MARGINS = (0.0, 0.1)
"""Any difference at all, and ten points."""
YEARS = (3, 10)
START = "payment_rate"
"""What a place declares of its start."""
UNBILLED = {"payment_rate": 0.0}
"""What counts in a finished run where an outcome does not exist: where nobody sends bills, none is paid."""
_FEWEST = 2
"""Pairs of runs below which there is no interval."""


@dataclass(frozen=True)
class Odds:
    """How often a form is ahead of a rival, or of all of them, after some years.

    draws : points at which both have an interval; ahead, behind : at how many of them clearly so; pairs, pairs_ahead,
    pairs_behind : the same of single pairs of runs.
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
    values = _values(opened, outcome, [12 * year for year in years]) * (-1 if OUTCOMES[outcome].better < 0 else 1)
    arms = [(world.label, world.place) for world in opened.work.worlds]
    return [
        odds
        for k, year in enumerate(years)
        for margin in margins
        for odds in count(arms, values[k], year, margin)
    ]


def starts_of(path: Path) -> list[Start]:
    """Say where the draws of each place start, by the first arm of a place; places that declare no state are left out.

    A study that did not keep the payment rate of the policy month has none.
    """
    opened = open_study(read_store(path))
    if START not in opened.study.outcomes or "series" not in opened.study.keep:
        return []
    if opened.study.at and 0 not in opened.study.at:
        return []
    values, found = _values(opened, START, [0])[0], []
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


_ROW = np.dtype([("when", int), ("arm", int), ("point", int), ("replicate", int), ("value", float)])


def _values(opened: Opened, outcome: str, after: Sequence[int]) -> np.ndarray:
    """Return an outcome after some months, (month, arm, point, replicate), NaN where missing."""
    arms = {(world.label, world.place): k for k, world in enumerate(opened.work.worlds)}
    parts = [_looked_at(opened, name, outcome, after, arms) for name in opened.store.names("series")]
    if not parts:
        path = opened.store.path
        raise InputError(f"{path} holds no runs yet; linli study resume {path} makes them.")
    rows = np.concatenate(parts)
    values = np.full((len(after), len(arms), len(opened.design), int(rows["replicate"].max()) + 1), np.nan)
    values[rows["when"], rows["arm"], rows["point"], rows["replicate"]] = rows["value"]
    return values


def _looked_at(
    opened: Opened, name: str, outcome: str, after: Sequence[int], arms: Mapping[tuple[str, str], int]
) -> np.ndarray:
    """Return the values of one chunk after these months."""
    import pyarrow.compute as pc

    table = opened.store.table(name, ["scenario", "place", "point", "replicate", "month", outcome])
    last = [month - 1 for month in after]
    table = table.filter(pc.is_in(table["month"], value_set=_array(last)))
    rows = np.empty(table.num_rows, _ROW)
    rows["when"] = np.searchsorted(last, table["month"].to_numpy())
    labels = zip(table["scenario"].to_pylist(), table["place"].to_pylist(), strict=True)
    rows["arm"] = [arms[pair] for pair in labels]
    rows["point"], rows["replicate"] = table["point"].to_numpy(), table["replicate"].to_numpy()
    rows["value"] = with_unbilled(outcome, table[outcome].to_numpy(zero_copy_only=False).astype(float))
    return rows


def with_unbilled(outcome: str, values: np.ndarray) -> np.ndarray:
    """Return an outcome of finished runs with what counts where it does not exist."""
    return np.where(np.isnan(values), UNBILLED.get(outcome, np.nan), values)


def _array(months: Sequence[int]) -> "pa.Array":
    import pyarrow as pa

    return pa.array(months, pa.int64())


def count(arms: Sequence[tuple[str, str]], values: np.ndarray, years: int, margin: float) -> list[Odds]:
    """Count over draws, for every form and rival of its place, and for each form against all its rivals.

    values : (arm, point, replicate), more is better, NaN where missing; arms : label and place of each.
    """
    found = []
    for k, (form, place) in enumerate(arms):
        rivals = [j for j, (_, where) in enumerate(arms) if where == place and j != k]
        more = np.array([values[k] - values[j] for j in rivals]).reshape(len(rivals), *values.shape[1:])
        if len(rivals) > 1:
            found.append(_counted((place, form, EVERY, years, margin), more, margin))
        for j, differences in zip(rivals, more, strict=True):
            found.append(_counted((place, form, arms[j][0], years, margin), differences[None], margin))
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
        told[-1] += "behind, undecided; of single estates ahead, behind"
        for each in (each for each in odds if (each.place, each.years, each.margin) == key):
            ahead, behind = (_shown(each.share(what)) for what in ("ahead", "behind"))
            single = [100 * part / max(each.pairs, 1) for part in (each.pairs_ahead, each.pairs_behind)]
            told.append(
                f"  {each.form:<16} against {each.rival:<16} {ahead}, {behind}, "
                f"{100 * each.share('undecided')[0]:.1f} % of {each.draws}; {single[0]:.1f} %, {single[1]:.1f} %"
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
    return found
