"""The layers of values in estates of one kind, each replacing the one before, and what they come to every month.

The layers are: defaults, place, form or model, programmes, `--set`. What cannot change in a run holds from the
spin-up on. The levers of the form and the programmes hold from the policy month on, between the start and the stop of
their file; in the spin-up, and in months when the form does not apply, the levers are those of the place's initial
form; a form whose null base is `initial_form` changes that form and keeps the rest of it. A model is one regime and
needs no initial form.
"""

from collections.abc import Iterable, Mapping, Sequence

from sim import parameters as declared
from sim.scenarios.catalog import PLACE_FORM, load, names
from sim.scenarios.scenario import Scenario, constants_of
from sim.scenarios.schedule import Timetable, stacked_levers, timetable
from sim.scenarios.world import Origin, Segment, World


def one_world(
    leader: Scenario,
    programmes: Sequence[Scenario],
    where: Scenario,
    initial: Scenario | None,
    months: int,
    settings: Mapping[str, Origin],
    *,
    start: int = 0,
    everywhere: Sequence[Scenario] = (),
) -> World:
    """Put form or model, programmes and place together, in estates of one kind.

    initial : the form before the policy month; start : month in which form and programmes come;
    everywhere : programmes that hold from the policy month on, whatever comes later.
    """
    under = _defaults() | dict(where.values) | leader.constants() | constants_of(settings)
    before = under | (initial.levers() if initial else leader.levers() if leader.kind == "model" else {})
    policy = (int(before["time.start_year"].value), int(before["time.start_month"].value))
    leading = timetable(leader, policy).later(start)
    stacked = [timetable(programme, policy).later(start) for programme in programmes]
    stacked += [timetable(programme, policy) for programme in everywhere]
    stacked.sort(key=lambda item: item.scenario.file)

    segments: list[Segment] = []
    for month in sorted({0}.union(*(item.changes for item in (leading, *stacked)))):
        governing = leading.levers_at(month)
        if governing is None or leader.null_base == PLACE_FORM:
            governing = (initial.levers() if initial else {}) | (governing or {})
        origins = {**under, **governing, **stacked_levers(stacked, month), **settings}
        values = _values(origins)
        if month < months and not (segments and segments[-1].values == values):
            segments.append(Segment(month, values, origins))

    read = {text.name: text.sha256 for s in (leader, *programmes, *everywhere, where, initial) if s for text in s.texts}
    infeasible = _infeasible(leader, where)
    return World(
        label=" + ".join(scenario.name for scenario in (leader, *programmes)),
        place=where.name,
        months=months,
        spinup=int(before["time.spinup"].value),
        before=_values(before),
        segments=tuple(segments),
        origins_before=before,
        feasible=not infeasible,
        warnings=(*infeasible, *_idle((leading, *stacked), months)),
        files=tuple(read.items()),
    )


def _defaults() -> dict[str, Origin]:
    return {
        path: Origin(
            int(value) if parameter.integer or parameter.choices else float(value), parameter.source, "default"
        )
        for (path, value), parameter in zip(declared.DEFAULTS.items(), declared.PARAMETERS.values(), strict=True)
    }


def _values(origins: Mapping[str, Origin]) -> dict[str, float | int]:
    return {path: origin.value for path, origin in origins.items()}


def _infeasible(leader: Scenario, place: Scenario) -> tuple[str, ...]:
    """Warn if the form could not exist in the place."""
    if leader.can_exist_in(place):
        return ()
    others = [load(name, ("form",)) for name in names("form")]
    possible = [form.name for form in others if form.can_exist_in(place)]
    warning = (
        f"{leader.where['feasible_in']}: the form {leader.name} could not exist in the place {place.name}, so this is "
        f"not a fair comparison; {leader.name} can exist in: {', '.join(leader.feasible_in)}; forms that can exist in "
        f"{place.name}: {', '.join(possible) or 'none'}; a place of your own where it can says "
        f'feasible = ["{leader.name}"]'
    )
    return (warning,)


def _idle(timetables: Iterable[Timetable], months: int) -> tuple[str, ...]:
    """Warn of files whose levers start after the end of the run."""
    return tuple(
        f"{item.scenario.start.where}: {item.scenario.name} starts in month {item.start}, after the {months} months of "
        "this run, and has no effect"
        for item in timetables
        if item.start >= months
    )
