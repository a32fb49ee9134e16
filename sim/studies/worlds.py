"""The worlds of a study: every arm resolved once, and every point of the design laid over it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from agents.rules.provider import COMMUNITY, FIRM, STATION
from sim import parameters as declared
from sim.errors import InputError
from sim.scenarios import Segment, World, resolve
from sim.scenarios.values import changes_in_run, did_you_mean, in_words
from sim.studies.arms import multiplied
from sim.studies.schema import Study, check_name


def base_worlds(study: Study) -> list[World]:
    """Resolve every arm of a study with its constants.

    Raises InputError, with the line of the study, where an arm is wrong or two are the same.
    """
    worlds = []
    for (expression, place), times, own, name in zip(study.arms, study.times, study.sets, study.names, strict=True):
        settings = [f"{path}={_written(path, value)}" for path, value in {**study.constants, **own}.items()]
        where = study.text.where("places" if place in study.text.document.get("places", ()) else "scenarios")
        try:
            expression = " + ".join(_in_folder(study, element.strip(), where) for element in expression.split("+"))
            place = None if place is None else _in_folder(study, place, where)
            world = resolve(expression, place=place, months=study.months, set=settings)
            worlds.append(multiplied(replace(world, label=name or world.label), times, where))
        except InputError as error:
            raise InputError(f"{where}: {str(error).removeprefix(where + ': ')}") from None
    keys = [(world.label, world.place) for world in worlds]
    for label, place in keys:
        if keys.count((label, place)) > 1:
            raise InputError(f"{study.text.where('scenarios')}: two scenarios are called {label} @ {place}; rename one")
    _check_moved(study, worlds)
    return worlds


def _check_moved(study: Study, worlds: Sequence[World]) -> None:
    """Raise InputError for a factor that moves nothing: a lever no scenario sets, or terms of a provider nobody has."""
    values = [each for world in worlds for part in world.same_throughout() for each in _in_force(part.world)]
    for factor in study.factors:
        where = study.text.where("factors", factor.path)
        moved = [world for world, own in zip(worlds, study.sets, strict=True) if factor.path not in own]
        if not moved:
            raise InputError(f"{where}: {factor.path} moves nothing: every scenario of the study sets its own")
        if factor.own and not any(_sets(world, factor.path) for world in moved):
            raise InputError(
                f"{where}: {factor.path} = {{ own = true }} moves nothing: no scenario of the study sets it; leave own "
                "out to draw it in every scenario, or leave it out of its group (leave_out)"
            )
        group = factor.path.partition(".")[0]
        if group in _READ_WHERE and not any(_READ_WHERE[group](each) for each in values):
            raise InputError(f"{where}: {factor.path} moves nothing: no scenario of the study has a {group}")


def _in_force(world: World) -> list[Mapping[str, float | int]]:
    return [world.before, *(segment.values for segment in world.segments)]


def _sets(world: World, path: str) -> bool:
    """Say whether a world gives a lever another value than it had before the policy month."""
    parts = [part.world for part in world.same_throughout()]
    return any(segment.values[path] != part.before[path] for part in parts for segment in part.segments)


_READ_WHERE: Mapping[str, Callable[[Mapping[str, float | int]], bool]] = {
    "station": lambda values: values["provider.kind"] == STATION,
    "custody": lambda values: values["provider.kind"] in (COMMUNITY, FIRM),
    "firm": lambda values: values["provider.kind"] == FIRM,
}
"""Groups of parameters that some providers alone read; a firm's estate falls back into custody."""


def _written(path: str, value: float | int) -> str:
    return in_words(path, value).strip('"') if declared.PARAMETERS[path].choices else repr(value)


def _in_folder(study: Study, element: str, where: str) -> str:
    """Return a name as it is, and a file of the user's with the folder of the study before it."""
    if not element.endswith(".toml"):
        return element
    check_name(element, where)
    path = study.folder / element
    if path.exists() and not path.resolve().is_relative_to(study.folder.resolve()):
        raise InputError(f"{where}: {element} leads out of the study's folder; put the file beside the study")
    return path.absolute().as_posix()


def places(study: Study, worlds: Sequence[World]) -> list[str]:
    """Return the place of every arm as it can be loaded: its name, or the path of a file of the user's."""
    where = study.text.where("scenarios")
    return [
        world.place if place is None else _in_folder(study, place, where)
        for (_, place), world in zip(study.arms, worlds, strict=True)
    ]


def own_files(study: Study, worlds: Sequence[World]) -> list[str]:
    """Name the files, relative to the study's folder, that a study needs beside itself and the shipped scenarios.

    Raises InputError if one lies elsewhere.
    """
    names = []
    for name in dict.fromkeys(name for world in worlds for name, _ in world.files):
        if not Path(name).is_absolute():  # shipped with linli
            continue
        path, folder = Path(name).resolve(), study.folder.resolve()
        if not path.is_relative_to(folder):
            raise InputError(f"{name}: lies outside the study's folder, {study.folder}; copy it there")
        names.append(path.relative_to(folder).as_posix())
    if study.sampling is not None and study.sampling.file is not None:
        names.append(study.sampling.file)
    if "study.toml" in names:
        raise InputError(
            "study.toml: a scenario or a file of points that a study names cannot be called study.toml, the name under "
            "which the study itself is kept; rename it"
        )
    return names


def with_values(
    world: World, values: Mapping[str, float | int], own: Collection[str] = (), kept: Collection[str] = ()
) -> World:
    """Return a world with values over everything, as `--set` puts them: levers from the policy month on.

    values : checked, by path, of anything but constants (which decide the calendar) other than the length of the
    spin-up. Levers in `own` take theirs only in months in which the world's own value is not that from before the
    policy month. What is `kept` stays as the world has it.
    """
    values = {path: value for path, value in values.items() if path not in kept}
    if not values:
        return world
    fixed = {path: value for path, value in values.items() if not changes_in_run(declared.PARAMETERS[path])}
    segments: list[Segment] = []
    for segment in world.segments:
        unset = {path for path in own if segment.values[path] == world.before[path]}
        changed = {**segment.values, **{path: value for path, value in values.items() if path not in unset}}
        if not (segments and segments[-1].values == changed):
            segments.append(replace(segment, values=changed))
    spinup = int(fixed.get("time.spinup", world.spinup))
    return replace(world, spinup=spinup, before={**world.before, **fixed}, segments=tuple(segments))


def unknown_run(run: str, runs: Sequence[str]) -> InputError:
    """Make the error for a run that a study does not have."""
    return InputError(f"there is no run {run}{did_you_mean(run, runs[:1000])}")
