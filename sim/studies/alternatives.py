"""What of a comparison survives under other structures of the model, point by point of a study.

The first point is the model as it is; each other point changes some of its structure. At every point the last form
of a place is compared with the others, pair by pair on equal luck: the difference holds where it keeps its sign and is
told from chance, is lost where it is not told from chance, and turns where it is told from chance the other way round.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from sim import parameters
from sim.errors import InputError
from sim.outcomes import OUTCOMES
from sim.results import Interval, sign
from sim.studies.later import drifts, ends_of
from sim.studies.runner import Opened, open_study
from sim.studies.store import read_store
from sim.tables import fixed

AS_IS = "as it is"
HOLDS, LOST, TURNS, NEW, STILL = "holds", "lost", "turns", "appears", "still none"


@dataclass(frozen=True)
class Pair:
    """The last form of a place less one of its rivals at one point: differences run by run, (replicate,).

    drift : how far the rival moved by itself since the policy month, run by run; NaN where that was not kept.
    """

    place: str
    form: str
    rival: str
    outcome: str
    structure: str
    differences: np.ndarray
    verdict: str
    drift: np.ndarray

    @cached_property
    def mean(self) -> Interval:
        """Return the mean difference with its interval."""
        return Interval(self.differences)


def verdict(before: int, now: int) -> str:
    """Say what became of a difference whose sign was `before` in the model as it is."""
    if before == 0:
        return STILL if now == 0 else NEW
    return HOLDS if now == before else LOST if now == 0 else TURNS


def pairs_of(path: Path) -> list[Pair]:
    """Read a study and compare the last form of each place with its rivals, at every point.

    Raises InputError where the first point changes something, or the study has no runs yet.
    """
    opened = open_study(read_store(path))
    names = [_name(opened.design.values(point)) for point in range(len(opened.design))]
    if not names or names[0] != AS_IS:
        raise InputError(f'{path}: the first point has to be the scenarios as they are; take method = "oat".')
    values, found = _values(opened), []
    moved = {outcome: drifts(opened, outcome, opened.study.months) for outcome in opened.study.outcomes}
    arms = [(world.label, world.place) for world in opened.work.worlds]
    for place, labels in _places(opened).items():
        for rival in labels[:-1]:
            for outcome in opened.study.outcomes:
                first = 0
                for point, name in enumerate(names):
                    form, other = (values[outcome][label, place][point] for label in (labels[-1], rival))
                    mean = Interval(form - other)
                    now = sign(mean.low, mean.high)
                    first = now if point == 0 else first
                    of = moved[outcome]
                    drift = np.full(1, np.nan) if of is None else of[arms.index((rival, place)), point]
                    found.append(
                        Pair(place, labels[-1], rival, outcome, name, form - other, verdict(first, now), drift)
                    )
    return found


def _places(opened: Opened) -> dict[str, list[str]]:
    places: dict[str, list[str]] = {}
    for world in opened.work.worlds:
        places.setdefault(world.place, []).append(world.label)
    return places


def _values(opened: Opened) -> dict[str, dict[tuple[str, str], np.ndarray]]:
    """Return every outcome of every arm, (point, replicate), NaN where missing."""
    frame = ends_of(opened, opened.study.outcomes)
    shape = (len(opened.design), int(frame["replicate"].max()) + 1)
    found: dict[str, dict[tuple[str, str], np.ndarray]] = {outcome: {} for outcome in opened.study.outcomes}
    for (scenario, place), part in frame.groupby(["scenario", "place"], sort=False):
        for outcome in opened.study.outcomes:
            values = np.full(shape, np.nan)
            values[part["point"], part["replicate"]] = part[outcome]
            found[outcome][str(scenario), str(place)] = values
    return found


def _name(values: Mapping[str, float | int]) -> str:
    """Say what a point changes."""
    said = []
    for path, value in values.items():
        choices = parameters.PARAMETERS[path].choices
        said.append(f"{path} = {choices[int(value)] if choices else f'{value:g}'}")
    return ", ".join(said) or AS_IS


def lines(pairs: Sequence[Pair]) -> list[str]:
    """Return the table for people: a block for each pair and outcome."""
    told: list[str] = []
    for key in dict.fromkeys((each.place, each.form, each.rival, each.outcome) for each in pairs):
        place, form, rival, outcome = key
        told += ["", f"{place}, {form} less {rival}: {OUTCOMES[outcome].label} ({OUTCOMES[outcome].unit})"]
        for each in pairs:
            if (each.place, each.form, each.rival, each.outcome) == key:
                low, mean, high = (fixed(x, 3, "+") for x in (each.mean.low, each.mean.mean, each.mean.high))
                word = "" if each.structure == AS_IS else each.verdict
                told.append(f"  {each.structure:<36}{mean:>9}  {low + ' to ' + high:<20}  {word}".rstrip())
    return told[1:]


def columns(pairs: Sequence[Pair]) -> dict[str, np.ndarray]:
    """Return one row a pair, outcome and point as columns."""
    texts = ("place", "form", "rival", "outcome", "structure", "verdict")
    found: dict[str, np.ndarray] = {key: np.array([getattr(each, key) for each in pairs], object) for key in texts}
    means = [each.mean for each in pairs]
    for key in ("mean", "low", "high"):
        found[key] = np.ma.masked_invalid(np.array([getattr(mean, key) for mean in means], float))
    found["n"] = np.array([mean.n for mean in means])
    found["drift"] = np.ma.masked_invalid(np.array([Interval(each.drift).mean for each in pairs], float))
    return found


def page(pairs: Sequence[Pair]) -> str:
    """Return the finding as Markdown: first what does not hold, then all numbers."""
    others = [each for each in pairs if each.structure != AS_IS]
    text = ["# What survives under another structure of the model", ""]
    text += [
        "Written by `linli study alternatives`; `scenarios/studies/alternatives.toml` names the structures.",
        "A difference *holds* where it keeps its sign and is told from chance, is *lost* where it is not told from",
        "chance, and *turns* where it is told from chance the other way round. Where the model as it is shows none,",
        "one *appears* or there is none still.",
        "*Rival alone* is how far the rival moved by itself since the policy month, in the model as it is.",
        "",
        "| place | form less rival | outcome | as it is | rival alone | holds | lost | turns | appears |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for key in dict.fromkeys((each.place, each.form, each.rival, each.outcome) for each in pairs):
        rows = [each for each in pairs if (each.place, each.form, each.rival, each.outcome) == key]
        cells = [
            ", ".join(f"`{each.structure}`" for each in rows[1:] if each.verdict == word) for word in (LOST, TURNS, NEW)
        ]
        place, form, rival, outcome = key
        held = f"{sum(each.verdict == HOLDS for each in rows[1:])} of {len(rows) - 1}"
        alone = fixed(Interval(rows[0].drift).mean, 3, "+")
        told = (place, f"{form} less {rival}", OUTCOMES[outcome].label, _shown(rows[0]), alone, held, *cells)
        text.append(f"| {' | '.join(told)} |")
    n = {word: sum(each.verdict == word for each in others) for word in (HOLDS, LOST, TURNS, NEW, STILL)}
    text += ["", f"Of {len(others)} differences {n[HOLDS]} hold, {n[LOST]} are lost, {n[TURNS]} turn, {n[NEW]} appear."]
    return "\n".join(text) + "\n"


def _shown(pair: Pair) -> str:
    mean = pair.mean
    return f"{fixed(mean.mean, 3, '+')} [{fixed(mean.low, 3, '+')}, {fixed(mean.high, 3, '+')}]"
