"""The design of a result on its page: what the scenarios are, in which values they differ, what changes when."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.report.page import Cell, Table
from sim.store import sha256


def value_tables(worlds: Sequence[Mapping[str, Any]]) -> Iterator[Table]:
    """Yield the values of resolved scenarios: those that differ, those that change in time, and, folded, all.

    worlds : scenarios as a manifest holds them.
    """
    labels = labels_of(worlds)
    paths = list(worlds[0]["after"])
    head = ("Value", "Unit", *labels)
    differing = [path for path in paths if len({str(world["after"][path]["value"]) for world in worlds}) > 1]
    if differing:
        caption = f"The {len(differing)} of {len(paths)} values in which the scenarios differ at the policy month"
        yield Table("values-differing", caption, head, tuple(_values(path, worlds) for path in differing))
    changing = tuple((label, *row) for label, world in zip(labels, worlds, strict=True) for row in _changes(world))
    if changing:
        caption = f"What changes at the policy month (0) and later: {len(changing)} values"
        yield Table("values-changing", caption, ("Scenario", "Month", "Value", "From", "To"), changing, True)
    rows = tuple((*_values(path, worlds), worlds[0]["after"][path]["source"] or "") for path in paths)
    yield Table("values-all", f"All {len(paths)} values, with their sources", (*head, "Source"), rows, True)


def labels_of(worlds: Sequence[Mapping[str, Any]]) -> list[str]:
    """Name scenarios, with their place where there are several."""
    several = len({world["place"] for world in worlds}) > 1
    return [f"{world['scenario']} @ {world['place']}" if several else world["scenario"] for world in worlds]


def _values(path: str, worlds: Sequence[Mapping[str, Any]]) -> tuple[Cell, ...]:
    return path, worlds[0]["after"][path]["unit"], *(_shown(world["after"][path]["value"]) for world in worlds)


def _changes(world: Mapping[str, Any]) -> Iterator[tuple[Cell, ...]]:
    before = {path: told["value"] for path, told in world["before"].items()}
    steps = [{"month": 0, "values": world["after"]}, *world["changes"]]
    for step in steps:
        for path, told in step["values"].items():
            if told["value"] != before[path]:
                yield str(step["month"]), path, _shown(before[path]), _shown(told["value"])
                before[path] = told["value"]


def _shown(value: float | int | str) -> str:
    return value if isinstance(value, str) else f"{value:.6g}"


def about_scenarios(worlds: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Say what each shipped file is that these worlds were read from, where it is still the same file."""
    from sim.scenarios import files
    from sim.scenarios.files import FOLDERS, read_text

    kinds = {f"scenarios/{folder}": kind for kind, folder in FOLDERS.items()}
    read = {file["name"]: file["sha256"] for world in worlds for file in world["files"]}
    for name, hashed in read.items():
        folder, _, file = name.rpartition("/")
        path = files.data_folder() / folder.removeprefix("scenarios/") / file
        if folder in kinds and path.is_file() and sha256(path) == hashed:
            document = read_text(path, name).document
            about = " ".join(str(document["about"]).split())
            yield f"{path.stem}, a {kinds[folder]}: {document['title']}. {about}"
