"""A district of several kinds of estate: which estate is of which kind, what comes to it, and when.

Nothing here is drawn. Kinds are dealt out evenly over the numbers of the estates, and so over the sub-districts; a wave
takes its estates evenly from those that no earlier wave took, and reaches them in turn, step by step; an overlay
takes its estates evenly from those its forms come to.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sim.errors import InputError
from sim.scenarios.catalog import load
from sim.scenarios.layers import one_world
from sim.scenarios.reading import read_initial_form, read_programmes
from sim.scenarios.scenario import Moment, Scenario, Stratum, constants_of, levers_of
from sim.scenarios.schedule import month_of
from sim.scenarios.schema import OverlayHead, RolloutHead, WaveHead
from sim.scenarios.values import did_you_mean, written
from sim.scenarios.world import Origin, Part, World

_SIZE = "population.n_estates"
_SHARED = (
    "street.repair_budget", "street.competition", "street.visible_weight", "observation.kappa", "population.n_",
    "time.",
)  # fmt: skip
"""What must be the same in all estates: those above act on all of them at once."""


@dataclass
class _Estate:
    """What comes to an estate, and when; nothing where `form` is None."""

    stratum: Stratum
    form: str | None = None
    start: int = 0
    programmes: list[str] = field(default_factory=list)


def throughout(
    leader: Scenario, programmes: Sequence[Scenario], where: Scenario, months: int, settings: Mapping[str, Origin]
) -> World:
    """Bring one form with its programmes to every estate of a district at the policy month."""
    estates = _dealt_out(where, settings)
    label = " + ".join(scenario.name for scenario in (leader, *programmes))
    return _world(label, where, estates, lambda *_: (leader, programmes), months, settings, ())


def roll_out(
    leader: Scenario, head: RolloutHead, where: Scenario, months: int, settings: Mapping[str, Origin]
) -> World:
    """Bring forms and programmes to the estates a roll-out names; beside it, the district without the roll-out.

    Raises InputError where the roll-out does not fit the place.
    """
    if not where.strata:
        raise InputError(
            f"{leader.file}: a roll-out needs a place of several kinds of estate, and {where.file} has no [[stratum]]; "
            "give one that has, for example --place hanshan"
        )
    estates = _dealt_out(where, settings)
    share = len(estates) / sum(stratum.estates for stratum in where.strata)
    policy = _policy(where, settings)
    for number, wave in enumerate(head.wave):
        _reach(estates, wave, number, leader, share, policy)
    for number, overlay in enumerate(head.overlay):
        _lay_over(estates, overlay, number, leader, share)

    text = leader.texts[0]

    def comes(estate: _Estate, initial: Scenario) -> tuple[Scenario, Sequence[Scenario]]:
        beside = text.path.parent
        form = load(estate.form, ("form",), where=text.where("wave"), beside=beside) if estate.form else initial
        return form, read_programmes(form, estate.programmes, beside, text.where("overlay"))

    own = tuple((one.name, one.sha256) for one in leader.texts)
    at = text.where("everywhere")
    everywhere = [load(name, ("programme",), where=at, beside=text.path.parent) for name in head.everywhere]
    world = _world(leader.name, where, estates, comes, months, settings, own, everywhere)
    as_it_was = [_Estate(estate.stratum) for estate in estates]
    against = _world(
        f"without {leader.name}", where, as_it_was, lambda _, initial: (initial, ()), months, settings, own, everywhere
    )
    return replace(world, against=against)


def _dealt_out(where: Scenario, settings: Mapping[str, Origin]) -> list[_Estate]:
    """Give every estate its kind: each kind falls behind its share of the estates by less than one."""
    named = sum(stratum.estates for stratum in where.strata)
    asked = settings.get(_SIZE) or where.values.get(_SIZE)
    n_estates = named if asked is None else int(asked.value)
    if n_estates != named and _SIZE not in settings:
        raise InputError(
            f"{asked.where if asked else where.file}: {_SIZE} = {n_estates}, but the kinds of estate of {where.name} "
            f"add up to {named}; give both the same number"
        )
    strata = [
        replace(stratum, initial_form=stratum.initial_form or _initial_form_of(stratum, where))
        for stratum in where.strata
    ]
    counts = [0] * len(strata)
    estates = []
    for number in range(n_estates):
        due = [stratum.estates * (number + 1) / named for stratum in strata]
        behind = [share - count for share, count in zip(due, counts, strict=True)]
        chosen = max(range(len(behind)), key=lambda k: (behind[k], -k))
        counts[chosen] += 1
        estates.append(_Estate(strata[chosen]))
    return estates


def _initial_form_of(stratum: Stratum, where: Scenario) -> str:
    """Return the form that the place a kind of estate is like begins under."""
    like = load(stratum.like, ("place",), where=where.file, beside=where.texts[0].path.parent)
    return like.initial_form or where.initial_form


def _policy(where: Scenario, settings: Mapping[str, Origin]) -> tuple[int, int]:
    from sim.parameters import DEFAULTS

    found = [settings.get(path) or where.values.get(path) for path in ("time.start_year", "time.start_month")]
    year, month = (
        int(origin.value) if origin else int(DEFAULTS[path])
        for origin, path in zip(found, ("time.start_year", "time.start_month"), strict=True)
    )
    return year, month


def _evenly(candidates: Sequence[_Estate], count: int) -> list[_Estate]:
    """Take so many of the candidates, evenly over their order."""
    return [candidates[(2 * k + 1) * len(candidates) // (2 * count)] for k in range(count)]


def _counted(asked: int, share: float, candidates: int, what: str, where: str) -> int:
    """Return how many estates are taken, where the district is run at a share of its size."""
    if share == 1.0 and asked > candidates:
        raise InputError(f"{where} = {asked}, but only {candidates} estates {what}; name that many at most")
    return min(candidates, round(asked * share))


def _reach(
    estates: Sequence[_Estate], wave: WaveHead, number: int, leader: Scenario, share: float, policy: tuple[int, int]
) -> None:
    """Bring the form of a wave to its estates."""
    text = leader.texts[0]
    kinds = {estate.stratum.name for estate in estates}
    for name in wave.strata:
        if name not in kinds and share == 1.0:
            where = text.where("wave", number, "strata")
            raise InputError(f"{where}: no kind of estate is called {written(name)}{did_you_mean(name, kinds)}")
    start = month_of(Moment(wave.start, text.where("wave", number, "start")), "wave.start", policy)
    until = start
    if wave.until is not None:
        until = month_of(Moment(wave.until, text.where("wave", number, "until")), "wave.until", policy)
    if until < start:
        where = text.where("wave", number, "until")
        raise InputError(f"{where}: wave.until = {written(wave.until)} is before its start in month {start}")
    steps = range(start, until + 1, wave.every)
    free = [estate for estate in estates if estate.form is None and estate.stratum.name in wave.strata]
    kind = f"of the kind {' or '.join(wave.strata)} are left"
    count = _counted(wave.estates, share, len(free), kind, f"{text.where('wave', number, 'estates')}: wave.estates")
    for k, estate in enumerate(_evenly(free, count)):
        estate.form, estate.start = wave.form, steps[k % len(steps)]


def _lay_over(estates: Sequence[_Estate], overlay: OverlayHead, number: int, leader: Scenario, share: float) -> None:
    """Bring a programme to its estates."""
    text = leader.texts[0]
    reached = [
        estate
        for estate in estates
        if estate.form in overlay.on and not set(overlay.apart_from) & set(estate.programmes)
    ]
    where = f"{text.where('overlay', number, 'estates')}: overlay.estates"
    count = _counted(overlay.estates, share, len(reached), f"have {' or '.join(overlay.on)} by then", where)
    for estate in _evenly(reached, count):
        estate.programmes.append(overlay.programme)


def _world(
    label: str,
    where: Scenario,
    estates: Sequence[_Estate],
    comes: Callable[[_Estate, Scenario], tuple[Scenario, Sequence[Scenario]]],
    months: int,
    settings: Mapping[str, Origin],
    files: tuple[tuple[str, str], ...],
    everywhere: Sequence[Scenario] = (),
) -> World:
    """Resolve every group of estates that share all values, and put them together."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for number, estate in enumerate(estates):
        key = (estate.stratum.name, estate.form, estate.start, *estate.programmes)
        groups.setdefault(key, []).append(number)
    strata = {estate.stratum.name: estate.stratum for estate in estates}
    places = {name: _as_place(where, stratum, len(estates)) for name, stratum in strata.items()}
    parts = []
    for numbers in groups.values():
        estate = estates[numbers[0]]
        kind, initial = places[estate.stratum.name]
        leader, programmes = comes(estate, initial)
        world = one_world(
            leader, programmes, kind, initial, months, settings, start=estate.start, everywhere=everywhere
        )
        parts.append(Part(estate.stratum.name, tuple(numbers), world, estate.stratum.initial_form, estate.start))
    _require_shared(parts, where)
    first = parts[0].world
    read = dict(item for part in parts for item in part.world.files)
    warnings = dict.fromkeys(warning for part in parts for warning in part.world.warnings)
    return replace(
        first,
        label=label,
        place=where.name,
        feasible=all(part.world.feasible for part in parts),
        warnings=tuple(warnings),
        files=(*files, *read.items()),
        parts=tuple(parts),
    )


def _as_place(where: Scenario, stratum: Stratum, n_estates: int) -> tuple[Scenario, Scenario]:
    """Return the place a kind of estate is, under the name of the one it is like, and the form it begins under."""
    like = load(stratum.like, ("place",), where=where.file, beside=where.texts[0].path.parent)
    size = Origin(n_estates, "the kinds of estate", where.file)
    own = constants_of(stratum.values)
    kind = replace(like, values={**like.values, **where.values, **own, _SIZE: size}, texts=(*where.texts, *like.texts))
    asked = {**kind.where, "initial_form": where.file}
    initial = read_initial_form(replace(kind, initial_form=stratum.initial_form, where=asked))
    if initial is None:
        raise InputError(f"{where.file}: {stratum.name} has no initial_form, nor has {like.name}, which it is like")
    return kind, replace(initial, values={**initial.values, **levers_of(stratum.values)})


def _require_shared(parts: Sequence[Part], where: Scenario) -> None:
    """Raise InputError where those above would act by different values in different estates."""
    first = parts[0]
    moments = sorted({segment.month for part in parts for segment in part.world.segments})
    for part in parts[1:]:
        for month in moments:
            ours, theirs = _in_force(first.world, month), _in_force(part.world, month)
            for path, value in ours.items():
                if path.startswith(_SHARED) and path != "population.n_households" and theirs[path] != value:
                    raise InputError(
                        f"{where.file}: {path} is {value} for {first.world.label} and {theirs[path]} for "
                        f"{part.world.label} in month {month}, but those above act on the whole district at once; set "
                        "it in a programme under everywhere, or in the place"
                    )


def _in_force(world: World, month: int) -> Mapping[str, float | int]:
    return [segment for segment in world.segments if segment.month <= month][-1].values
