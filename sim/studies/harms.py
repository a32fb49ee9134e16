"""What each channel of harm does to a red form, over the points of a study, and whether the form then ends worst.

Two arms of a form differ in one channel alone, at the two ends of its range. Its effect at a point is their difference
on equal luck. A form ends worse than its rivals at a point where, with the harm, it has fewer bills paid and more
unresolved conflict than each of them in the same run; the harm decides it where without the harm it does not.
Where nobody bills nobody pays: the payment rate counts as 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.outcomes import judge, series
from sim.results import Interval
from sim.runs import simulate
from sim.studies.later import ends_of
from sim.studies.runner import Opened, open_study
from sim.studies.store import read_store
from sim.studies.tolerances import FormTable, HarmsFile
from sim.unbilled import with_unbilled

BILLS, LEFT = "payment_rate", "unresolved"
OUTCOMES = (BILLS, LEFT)
_SIGN = {BILLS: 1.0, LEFT: -1.0}
"""More bills paid and less conflict left over are better."""


@dataclass(frozen=True)
class Retold:
    """A point run again with luck of its own, with the harm and without: losses to rivals, 95 % intervals of means.

    lost, lost_without : by outcome, rival by rival, by how much the form is worse; harm : by outcome, by how much the
    form with the harm is worse than without, on the same luck. Above 0 is worse.
    """

    point: int
    lost: Mapping[str, tuple[Interval, ...]]
    lost_without: Mapping[str, tuple[Interval, ...]]
    harm: Mapping[str, Interval]

    @property
    def found(self) -> bool:
        """Say whether the form is clearly worse than every rival in both outcomes, only with the harm and by it."""
        by_it = all(effect.low > 0 for effect in self.harm.values())
        return by_it and _clearly_worst(self.lost) and not _clearly_worst(self.lost_without)

    def least(self, outcome: str) -> Interval:
        """Return the smallest loss to a rival."""
        return min(self.lost[outcome], key=lambda interval: interval.mean)


@dataclass(frozen=True)
class Harm:
    """What one channel does to a form.

    effects : by outcome, (point,), with the harm less without; worst_without, worst : (point,), whether the form ends
    worse than each of its rivals without and with the harm; retold : points run again, best candidates first.
    """

    form: str
    place: str
    channel: str
    rivals: tuple[str, ...]
    effects: Mapping[str, np.ndarray]
    worst_without: np.ndarray
    worst: np.ndarray
    retold: tuple[Retold, ...]

    def largest(self, outcome: str) -> tuple[float, int]:
        """Return the most harmful effect and its point."""
        harm = -_SIGN[outcome] * self.effects[outcome]
        point = int(np.argmax(harm))
        return float(self.effects[outcome][point]), point

    @property
    def turned(self) -> np.ndarray:
        """Say at which points the form ends worst with the harm and not without, (point,)."""
        return np.asarray(self.worst & ~self.worst_without)

    @property
    def found(self) -> int:
        """Return the first point that stood when run again, -1 where none did."""
        return next((each.point for each in self.retold if each.found), -1)


def harms_of(path: Path, told: HarmsFile) -> list[Harm]:
    """Read a study of channels, and run again the points at which a form ends worst.

    Raises InputError where it lacks an outcome, or the arm of a rival.
    """
    opened = open_study(read_store(path))
    for outcome in OUTCOMES:
        if outcome not in opened.study.outcomes:
            raise InputError(f"{path}: the study did not keep {outcome}; add it to its outcomes.")
    values = _values(opened)
    found = []
    for form in told.form:
        for channel, ends in told.channels.items():
            pair = [(f"{form.name}: {channel} {end}", form.place) for end in ends]
            if all(key in values for key in pair):
                found.append(_harm(opened, values, told, form, channel, pair))
    if not found:
        raise InputError(f"{path}: no two arms of the study are called as in scenarios/studies/search_harms.toml")
    return found


_Key = tuple[str, str]
_Values = Mapping[_Key, Mapping[str, np.ndarray]]


def _harm(
    opened: Opened, values: _Values, told: HarmsFile, form: FormTable, channel: str, pair: Sequence[_Key]
) -> Harm:
    without, harmed = (values[key] for key in pair)
    shared = f": {channel} {told.channels[channel][1]}" if channel in told.trait else ""
    rivals = [(rival + shared, form.place) for rival in form.rivals]
    plain = [(rival, form.place) for rival in form.rivals]
    for rival in [*rivals, *plain]:
        if rival not in values:
            raise InputError(f"{opened.store.path}: no arm of the study is called {rival[0]} @ {rival[1]}")
    lost = losses(harmed, [values[rival] for rival in rivals])
    worst, worst_without = worst_of(lost), worst_of(losses(without, [values[rival] for rival in plain]))
    turned = worst & ~worst_without
    best = [point for point in np.argsort(-lost[0].min(axis=0), kind="stable").tolist() if turned[point]]
    return Harm(
        form.name, form.place, channel, tuple(form.rivals),
        {outcome: harmed[outcome] - without[outcome] for outcome in OUTCOMES},
        worst_without,
        worst,
        tuple(
            _again(opened, point, told.replicates, (pair[1], *rivals), (pair[0], *plain))
            for point in best[: told.confirm]
        ),
    )  # fmt: skip


def losses(form: Mapping[str, np.ndarray], rivals: Sequence[Mapping[str, np.ndarray]]) -> np.ndarray:
    """Return by how much a form is worse than each rival, (outcome, rival, run); above 0 is worse."""
    return np.array([[_SIGN[name] * (rival[name] - form[name]) for rival in rivals] for name in OUTCOMES])


def worst_of(lost: np.ndarray) -> np.ndarray:
    """Say in which runs a form is worse than every rival in every outcome; lost : as `losses` returns it."""
    return np.asarray((lost > 0).all(axis=(0, 1)))


def _clearly_worst(lost: Mapping[str, tuple[Interval, ...]]) -> bool:
    return all(interval.low > 0 for intervals in lost.values() for interval in intervals)


def _again(opened: Opened, point: int, replicates: int, harmed: Sequence[_Key], without: Sequence[_Key]) -> Retold:
    """Run a point again with replicates that the study did not have; harmed, without : a form and its rivals."""
    worlds = {(world.label, world.place): world for world in opened.work.laid_over(opened.design.values(point))}
    first, keys = opened.replicates, list(dict.fromkeys((*harmed, *without)))
    more = range(first, first + replicates)
    batches = simulate([worlds[key] for key in keys], replicates=more, seed=opened.work.seed)
    found = dict(zip(keys, (judge(series(batch.totals, batch.first), batch.first) for batch in batches), strict=True))
    ends = {key: {name: with_unbilled(name, end[name]) for name in OUTCOMES} for key, end in found.items()}

    def lost(form: _Key, rivals: Sequence[_Key]) -> dict[str, tuple[Interval, ...]]:
        table = losses(ends[form], [ends[rival] for rival in rivals])
        return {name: tuple(Interval(of) for of in table[k]) for k, name in enumerate(OUTCOMES)}

    harm = {name: one for name, (one,) in lost(harmed[0], [without[0]]).items()}
    return Retold(point, lost(harmed[0], harmed[1:]), lost(without[0], without[1:]), harm)


def _values(opened: Opened) -> _Values:
    """Return what each arm came to, by outcome, (point,): the mean over the runs of a point."""
    means: Any = ends_of(opened, OUTCOMES).groupby(["scenario", "place", "point"])[list(OUTCOMES)].mean()
    points = range(len(opened.design))
    return {
        (label, place): {name: of.loc[(label, place)].reindex(points)[name].to_numpy() for name in OUTCOMES}
        for (label, place), of in means.groupby(level=["scenario", "place"])
    }
