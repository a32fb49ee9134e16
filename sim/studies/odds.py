"""How often each form is ahead of, or behind, its rivals in a place, over the points of a study.

A point is a draw of what is not known. At a point two forms differ by the mean of their paired differences over the
replicates; a form is ahead where that is more than a margin, behind where it is less than minus the margin.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import InputError
from sim.outcomes import OUTCOMES
from sim.studies.dataset import read_file
from sim.studies.runner import open_study
from sim.studies.store import Store, read_store

if TYPE_CHECKING:
    import pyarrow as pa

EVERY = "every rival"
MARGIN = 0.1
"""Ten points of comparable payment."""
YEARS = (3, 10)


@dataclass(frozen=True)
class Odds:
    """How often a form is ahead of a rival, or of all of them, after some years.

    draws : points at which both have a value; ahead, behind : how many of them.
    """

    place: str
    form: str
    rival: str
    years: int
    draws: int
    ahead: int
    behind: int

    def share(self, what: str) -> tuple[float, float, float]:
        """Return a share of the draws, "ahead" or "behind", with its 95 % interval (Wilson); NaN without draws."""
        return wilson(getattr(self, what), self.draws)


def wilson(k: int, n: int, z: float = 1.959964) -> tuple[float, float, float]:
    """Return k/n and its interval (Wilson 1927), NaN where n is 0."""
    if n == 0:
        return (math.nan,) * 3
    middle, wide = k / n + z * z / (2 * n), z * math.sqrt(k * (n - k) / n**3 + z * z / (4 * n * n))
    return k / n, max(0.0, (middle - wide) / (1 + z * z / n)), min(1.0, (middle + wide) / (1 + z * z / n))


def odds_of(path: Path, outcome: str = "cost_covered", margin: float = MARGIN) -> list[Odds]:
    """Read a study that kept its series and count, for every form and rival of a place, after YEARS years.

    The form of a place's first arm comes first. More of the outcome counts as ahead unless less is better.

    Raises InputError where the study did not keep what is needed.
    """
    opened = open_study(read_store(path))
    if "series" not in opened.study.keep or outcome not in opened.study.outcomes:
        raise InputError(f'{path}: the series of {outcome} were not kept; the study has to say keep = ["series"].')
    if not (math.isfinite(margin) and margin > 0):
        raise InputError(f"--margin {margin:g} must be above 0, for example {MARGIN:g}.")
    arms = {(world.label, world.place): k for k, world in enumerate(opened.work.worlds)}
    years = [year for year in YEARS if 12 * year <= opened.study.months]
    if not years:
        end, first = opened.study.months, 12 * YEARS[0]
        raise InputError(f"{path}: runs end after {end} months, and the first look is after {first}.")
    parts = [_looked_at(opened.store, file, outcome, years, arms) for file in opened.store.files("series")]
    if not parts:
        raise InputError(f"{path} holds no runs yet; linli study resume {path} makes them.")
    rows = np.concatenate(parts)
    n_replicates = int(rows["replicate"].max()) + 1
    values = np.full((len(years), len(arms), len(opened.design), n_replicates), np.nan)
    values[rows["year"], rows["arm"], rows["point"], rows["replicate"]] = rows["value"]
    return [
        odds
        for k, year in enumerate(years)
        for odds in count(list(arms), values[k] * (-1 if OUTCOMES[outcome].better < 0 else 1), year, margin)
    ]


_ROW = np.dtype([("year", int), ("arm", int), ("point", int), ("replicate", int), ("value", float)])


def _looked_at(
    store: Store, file: Path, outcome: str, years: Sequence[int], arms: Mapping[tuple[str, str], int]
) -> np.ndarray:
    """Return the values of one chunk in the last months of these years."""
    import pyarrow.compute as pc

    table = read_file(store, file, ["scenario", "place", "point", "replicate", "month", outcome])
    last = [12 * year - 1 for year in years]
    table = table.filter(pc.is_in(table["month"], value_set=_array(last)))
    rows = np.empty(table.num_rows, _ROW)
    rows["year"] = np.searchsorted(last, table["month"].to_numpy())
    labels = zip(table["scenario"].to_pylist(), table["place"].to_pylist(), strict=True)
    rows["arm"] = [arms[pair] for pair in labels]
    rows["point"], rows["replicate"] = table["point"].to_numpy(), table["replicate"].to_numpy()
    rows["value"] = table[outcome].to_numpy()
    return rows


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
        differences = {arms[j][0]: _paired(values[k] - values[j]) for j in rivals}
        if len(rivals) > 1:
            found.append(_against_all(place, form, years, np.array(list(differences.values())), margin))
        for rival, more in differences.items():
            known = more[~np.isnan(more)]
            ahead, behind = int((known > margin).sum()), int((known < -margin).sum())
            found.append(Odds(place, form, rival, years, len(known), ahead, behind))
    return found


def _against_all(place: str, form: str, years: int, more: np.ndarray, margin: float) -> Odds:
    """Count the draws in which a form is ahead of every rival, or behind every one; more : (rival, point)."""
    known = more[:, ~np.isnan(more).any(axis=0)]
    ahead, behind = (known > margin).all(axis=0).sum(), (known < -margin).all(axis=0).sum()
    return Odds(place, form, EVERY, years, known.shape[1], int(ahead), int(behind))


def _paired(differences: np.ndarray) -> np.ndarray:
    """Return the mean over replicates, (point,), NaN where no pair has a value."""
    known = ~np.isnan(differences)
    return np.where(known.any(axis=1), np.nansum(differences, axis=1) / np.maximum(known.sum(axis=1), 1), np.nan)


def lines(odds: Sequence[Odds]) -> list[str]:
    """Return the shares for people."""
    told = []
    for place, years in dict.fromkeys((each.place, each.years) for each in odds):
        told += ["", f"{place}, after {years} years: share of draws ahead, and behind"]
        for each in (each for each in odds if (each.place, each.years) == (place, years)):
            ahead, behind = (_shown(each.share(what)) for what in ("ahead", "behind"))
            told.append(f"  {each.form:<16} against {each.rival:<16} {ahead}, {behind} of {each.draws}")
    return told[1:]


def _shown(share: tuple[float, float, float]) -> str:
    return f"{100 * share[0]:.1f} % ({100 * share[1]:.1f} to {100 * share[2]:.1f})"


def columns(odds: Sequence[Odds]) -> dict[str, np.ndarray]:
    """Return one row an entry as columns: counts, and shares with their intervals."""
    found: dict[str, np.ndarray] = {
        key: np.array([getattr(each, key) for each in odds], object) for key in ("place", "form", "rival")
    }
    found |= {key: np.array([getattr(each, key) for each in odds]) for key in ("years", "draws", "ahead", "behind")}
    for what in ("ahead", "behind"):
        shares = np.array([each.share(what) for each in odds], float).reshape(len(odds), 3)
        for k, end in enumerate(("", "_low", "_high")):
            found[f"share_{what}{end}"] = np.ma.masked_invalid(shares[:, k])
    return found
