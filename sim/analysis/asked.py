"""Check what an analysis of forms is asked: forms that can exist in one place, and outcomes that exist."""

from collections.abc import Iterable, Sequence

from sim.errors import InputError
from sim.outcomes import OUTCOMES
from sim.runs import resolve_in_place
from sim.scenarios import World
from sim.scenarios.catalog import PLACE_FORM, load
from sim.scenarios.reading import DEFAULT_PLACE, read_expression
from sim.scenarios.values import did_you_mean, written

MONTHS = 120
REPLICATES = 60


def chosen_outcomes(names: str | Iterable[str]) -> tuple[str, ...]:
    """Return outcomes by name, each once, or raise InputError where one does not exist or none is named."""
    asked = tuple(dict.fromkeys([names] if isinstance(names, str) else names))
    for name in asked:
        if name not in OUTCOMES:
            raise InputError(f"--outcome {written(name)}: is not an outcome{did_you_mean(name, OUTCOMES)}")
    if not asked:
        raise InputError("--outcome: no outcome is named; name one, for example --outcome payment_rate.")
    return asked


def usual_place(form: str) -> str:
    """Return the place a form is set in where none is named: the first in which it can exist."""
    leader, _ = read_expression(form.partition("@")[0].strip())
    return leader.place or (*leader.feasible_in, DEFAULT_PLACE)[0]


def base_of(form: str, place: str) -> str:
    """Return the form that a form equals at the limit: its null base, or the form that its place began under.

    Raises InputError where it has none.
    """
    leader, _ = read_expression(form.partition("@")[0].strip())
    base = load(place, ("place",)).initial_form if leader.null_base == PLACE_FORM else leader.null_base
    if not base:
        raise InputError(f"{leader.file}: {leader.name} has no base to be compared with; name one with --rival FORM.")
    return base


def form_in_place(form: str, place: str, months: int, settings: Sequence[str]) -> World:
    """Resolve a form, with programmes if it has any, in a place.

    Raises InputError where it could not exist there, names another place, or is no form of one kind of estate.
    """
    world = resolve_in_place(form, place, months, settings)
    if world.against is not None:
        raise InputError(f"{world.label} is an experiment, not a form; name a form, for example market.")
    if world.parts:
        raise InputError(f"{world.label} in {world.place}: only estates of one kind can be looked at.")
    if not world.feasible:
        raise InputError(world.warnings[0])
    here = load(place.strip(), ("place",), where="place").name
    if world.place != here:
        raise InputError(f"{form}: is set in {world.place}, but the analysis is in {here}; leave one of them out.")
    return world
