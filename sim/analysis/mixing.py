"""Worlds between two forms: some levers of one, all others of the other, month by month."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from agents.rules.provider import COMMUNITY, FIRM, STATION
from sim import parameters as declared
from sim.errors import InputError
from sim.scenarios import World
from sim.scenarios.values import in_words
from sim.scenarios.world import Segment

_TERMS: Mapping[str, tuple[str | float, str | float]] = {
    "fee": ("custody.fee", "firm.fee"),
    "flat_fee": ("custody.flat_fee", 0.0),
    "grant": ("custody.grant", 0.0),
    "contract": ("custody.contract", 1),
    "wage": ("custody.wage", 1.0),
    "skill": ("custody.skill", 1.0),
    "roster": ("custody.roster", "firm.roster"),
    "manager_hours": ("custody.manager_hours", 0.0),
}
"""A term of a station -> what stands in its place in custody, and under a firm: one that may go to court, hires at the
market's wage and skill, and has neither a caretaker's money nor cadres' hours."""


def with_station_s_terms(rival: World, form: World) -> World:
    """Return a rival of a station with its own terms of service written where a station's stand.

    It is the same in every run, since it is no station; but the terms can now be set back one by one, where else the
    switch of who serves would bring them all. Of other pairs of forms the rival stays as it is.
    """
    kinds = [{int(segment.values["provider.kind"]) for segment in world.segments} for world in (form, rival)]
    if kinds[0] != {STATION} or len(kinds[1]) != 1 or not kinds[1] <= {COMMUNITY, FIRM}:
        return rival
    column = 1 if kinds[1] == {FIRM} else 0
    segments = []
    for segment in rival.segments:
        values = dict(segment.values)
        for term, places in _TERMS.items():
            source = places[column]
            values[f"station.{term}"] = segment.values[source] if isinstance(source, str) else source
        segments.append(replace(segment, values=values))
    return replace(rival, segments=tuple(segments))


def levers_apart(form: World, rival: World) -> tuple[str, ...]:
    """Return the levers whose values differ between two forms in some month, in the order of their declaration.

    Raises InputError where the forms differ before the policy month, in what is no lever, or in nothing.
    """
    before = [path for path in form.before if form.before[path] != rival.before[path]]
    if before or form.spinup != rival.spinup:
        what = before[0] if before else "time.spinup"
        raise InputError(
            f"{form.label} and {rival.label} in {form.place} differ in {what} before the policy month too, so their "
            "runs share no history; give both the same value with --set."
        )
    months = _months(form, rival)
    apart = {
        path
        for month in months
        for path, value in _at(form, month).values.items()
        if value != _at(rival, month).values[path]
    }
    if not apart:
        raise InputError(f"{form.label} and {rival.label} are the same in {form.place}: there is no lever to set back.")
    return tuple(path for path in declared.PARAMETERS if path in apart)


def mixed(form: World, other: World, levers: Collection[str], label: str) -> World:
    """Return a form that has some levers from another form, in every month what that form has then."""
    segments: list[Segment] = []
    for month in _months(form, other):
        own, theirs = _at(form, month), _at(other, month)
        values = {path: (theirs if path in levers else own).values[path] for path in own.values}
        origins = {path: (theirs if path in levers else own).origins[path] for path in own.origins}
        if not (segments and segments[-1].values == values):
            segments.append(Segment(month, values, origins))
    files = tuple(dict.fromkeys((*form.files, *other.files)))
    return replace(form, label=label, segments=tuple(segments), files=files, warnings=())


def told_value(world: World, path: str) -> str:
    """Say what a lever is in a world: its value at the policy month, then later ones with their months."""
    told: list[str] = []
    last: float | int | None = None
    for segment in world.segments:
        value = segment.values[path]
        if value != last:
            words = in_words(path, value).strip('"')
            told.append(f"{words} from month {segment.month}" if told else words)
        last = value
    return ", ".join(told)


def _months(*worlds: World) -> list[int]:
    return sorted({segment.month for world in worlds for segment in world.segments})


def _at(world: World, month: int) -> Segment:
    """Return what is in force in a month."""
    return next(segment for segment in reversed(world.segments) if segment.month <= month)
