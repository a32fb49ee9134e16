"""From an expression such as `market + subsidy_taper` in a place to the values of every month.

A form in a place of several kinds of estate comes to all of them; a roll-out says itself what comes to which. An
experiment (a rival explanation, a way to fail) names two expressions, with and without its cause.
"""

import operator
from collections.abc import Sequence
from dataclasses import replace

from sim.errors import InputError
from sim.scenarios import district
from sim.scenarios.layers import one_world
from sim.scenarios.reading import number, read_expression, read_initial_form, read_place, read_settings
from sim.scenarios.scenario import Scenario
from sim.scenarios.schema import LATEST, ExperimentHead, RolloutHead
from sim.scenarios.values import written
from sim.scenarios.world import Origin, World

__all__ = ["number", "resolve"]


def resolve(expression: str, *, place: str | None = None, months: int = 120, set: Sequence[str] = ()) -> World:
    """Resolve an expression to a world.

    Parameters
    ----------
    expression : str
        A form or model, then programmes, joined by `+`: names of shipped scenarios or paths ending in `.toml`.
    place : str, optional
        Name or path of a place; by default the one a model asks for, else `trapped`.
    months : int
        Length of the run from the policy month on.
    set : sequence of str
        Values that go over everything, `group.name=value`.

    Raises
    ------
    InputError
        If any of this, or any file it leads to, is wrong.
    """
    months = _checked_months(months)
    settings = read_settings([set] if isinstance(set, str) else set)
    return _resolved(expression, place, months, settings)


def _resolved(expression: str, place: str | None, months: int, settings: dict[str, Origin]) -> World:
    """Resolve an expression whose settings have been read."""
    leader, programmes = read_expression(expression)
    if isinstance(leader.head, ExperimentHead):
        return _experiment(leader, leader.head, place, months, settings)
    return _one_of(leader, programmes, read_place(place, leader), months, settings)


def _one_of(
    leader: Scenario, programmes: Sequence[Scenario], where: Scenario, months: int, settings: dict[str, Origin]
) -> World:
    """Resolve what is no experiment."""
    if isinstance(leader.head, RolloutHead):
        return district.roll_out(leader, leader.head, where, months, settings)
    if where.strata:
        return district.throughout(leader, programmes, where, months, settings)
    initial = read_initial_form(where) if leader.kind == "form" else None
    return one_world(leader, programmes, where, initial, months, settings)


def _experiment(
    leader: Scenario, head: ExperimentHead, place: str | None, months: int, settings: dict[str, Origin]
) -> World:
    """Resolve an experiment and, beside it, the paired run without its cause."""

    def resolved(key: str, settings: dict[str, Origin]) -> World:
        text = leader.texts[0]
        asked = text.where(key)
        form, programmes = read_expression(getattr(head, key), asked, text.path.parent)
        if isinstance(form.head, ExperimentHead):
            raise InputError(
                f"{asked}: {form.name} is a {form.kind}, an experiment of its own; name what it runs, "
                f"{written(form.head.scenario)}"
            )
        return _one_of(form, programmes, where_of(form), months, settings)

    def where_of(form: Scenario) -> Scenario:
        if place is not None or head.place is None:
            return read_place(place, form)
        return read_place(head.place, form, leader.texts[0].where("place"), leader.texts[0].path.parent)

    with_cause = resolved("scenario", {**leader.values, **leader.cause, **settings})
    without = resolved("without", {**leader.values, **settings})
    own = tuple((text.name, text.sha256) for text in leader.texts)
    against = replace(without, label=f"without {leader.name}", files=own + without.files)
    return replace(with_cause, label=leader.name, files=own + with_cause.files, against=against)


def _checked_months(months: object) -> int:
    """Return the length of the run, or raise InputError."""
    right = f"allowed is a whole number 1 to {LATEST} months"
    try:
        number = None if isinstance(months, bool) else operator.index(months)  # type: ignore[arg-type]
    except TypeError:
        number = None
    if number is None:
        raise InputError(f"months = {written(months)} is not a whole number; {right}")
    if not 1 <= number <= LATEST:
        raise InputError(f"months = {written(number)} is outside the valid range; {right}")
    return number
