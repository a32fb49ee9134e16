"""A resolved scenario in words: every value with its unit and where it came from, what changes when, the month."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

from sim.parameters import DEFAULTS, PARAMETERS, Parameter
from sim.scenarios import Origin, World
from sim.scenarios.catalog import load
from sim.schedule import SCHEDULE

if TYPE_CHECKING:
    from rich.text import Text

KINDS = ("form", "model", "programme", "place")
WIDTH = 100


def explain(expression: str, *, place: str | None = None, months: int = 120, set: Sequence[str] = ()) -> "Explanation":
    """Explain a scenario: print what this returns, or look at its `world`.

    The arguments are those of `sim.resolve`, and "scenario @ place" works too. Raises InputError as that does.
    """
    from sim.runs import resolve_in_place

    world = resolve_in_place(expression, place, months, set)
    elements = [element.strip() for element in expression.partition("@")[0].split("+")]
    scenarios = [load(element, KINDS) for element in elements]
    return Explanation(world, tuple((scenario.title, " ".join(scenario.about.split())) for scenario in scenarios))


@dataclass(frozen=True)
class Explanation:
    """A resolved world, to be printed; `titles` holds title and description of each part of the expression."""

    world: World
    titles: tuple[tuple[str, str], ...]

    def as_data(self) -> dict[str, Any]:
        """Return everything for JSON: the world as in a manifest, the declarations, the schedule."""
        return {
            "titles": [{"title": title, "about": about} for title, about in self.titles],
            **world_as_data(self.world),
            "parameters": {path: _declaration(parameter) for path, parameter in PARAMETERS.items()},
            "schedule": [{"phase": phase.name, "about": phase.about} for phase in SCHEDULE],
        }

    def __str__(self) -> str:
        """Return the text without colours."""
        return "\n".join(line.plain.rstrip() for line in self.lines())

    __repr__ = __str__

    def lines(self, width: int = WIDTH) -> "Iterator[Text]":
        """Yield the text line by line, for rich."""
        from rich.text import Text

        world = self.world
        read = ", ".join(name for name, _ in world.files) or "nothing"
        yield Text(f"{world.label} in {world.place}", "bold")
        for title, about in self.titles:
            yield from _paragraph(f"{title}. {about}", 0, width)
        yield from _paragraph(
            f"{world.spinup} months of spin-up, then {world.months} months. Files read: {read}. The values below "
            "are those of the policy month; * differs from the default. After the value stand role, valid range and "
            "the range that studies sample; below it meaning, source, file and line.",
            0,
            width,
            "dim",
        )
        yield from self._values(width)
        yield from self._changes(width)
        yield from (Text(""), Text("The month", "bold"))
        for number, phase in enumerate(SCHEDULE, 1):
            yield Text(f"  {number:2} {phase.name:<10}").append(phase.about, "dim")
        for warning in world.warnings:
            yield Text("")
            yield from _paragraph(f"Warning: {warning}", 0, width, "yellow")

    def _values(self, width: int) -> "Iterator[Text]":
        from rich.text import Text

        group = ""
        for path, origin in self.world.origins.items():
            parameter = PARAMETERS[path]
            if parameter.group != group:
                group = parameter.group
                yield from (Text(""), Text(f"[{group}]", "bold"))
            differs = origin.value != DEFAULTS[path]
            line = f"{'*' if differs else ' '} {parameter.name:<25} {shown(path, origin.value):<31} "
            yield Text(line, "bold" if differs else "").append(_bounds(parameter), "dim not bold")
            source = f"; {origin.source}" if origin.source else ""
            yield from _paragraph(f"{parameter.about}{source} ({origin.where})", 6, width, "dim")

    def _changes(self, width: int) -> "Iterator[Text]":
        """Say which values change in the course of the run."""
        from rich.text import Text

        world = self.world
        yield from (Text(""), Text("Changes over time", "bold"))
        if world.spinup:
            yield Text(f"  months -{world.spinup} to -1: the place as it was")
        earlier: Mapping[str, Origin] = world.origins_before
        for segment in world.segments:
            new = [path for path, origin in segment.origins.items() if origin.value != earlier[path].value]
            yield Text(f"  month {segment.month}" + ("" if new else ": nothing changes"))
            for path in new:
                value, was = shown(path, segment.origins[path].value), written(path, earlier[path].value)
                yield from _paragraph(f"{path} = {value}, was {was} ({segment.origins[path].where})", 4, width)
            earlier = segment.origins


def _paragraph(text: str, indent: int, width: int, style: str = "") -> "Iterator[Text]":
    from rich.text import Text

    margin = " " * indent
    for line in textwrap.wrap(text, width, initial_indent=margin, subsequent_indent=margin, break_on_hyphens=False):
        yield Text(line, style)


def written(path: str, value: float | int) -> str:
    """Write a value without its unit; a switch by its word."""
    told = plain(path, value)
    return told if isinstance(told, str) else f"{told:.12g}"


def shown(path: str, value: float | int) -> str:
    """Write a value with its unit; a switch by its word."""
    unit = PARAMETERS[path].unit
    return written(path, value) if unit in ("switch", "-") else f"{written(path, value)} {unit}"


def _bounds(parameter: Parameter) -> str:
    if parameter.choices:
        return f"{parameter.role}: {', '.join(parameter.choices)}"
    low, high = parameter.valid
    text = f"{parameter.role} {low:g} to {high:g}"
    return text if parameter.range is None else f"{text} (study {parameter.range[0]:g} to {parameter.range[1]:g})"


def _declaration(parameter: Parameter) -> dict[str, Any]:
    return {
        "default": plain(parameter.path, parameter.default),
        "valid": [bound if isfinite(bound) else None for bound in parameter.valid],
        "study_range": None if parameter.range is None else list(parameter.range),
        "choices": list(parameter.choices) or None,
        "unit": parameter.unit,
        "role": str(parameter.role),
        "about": parameter.about,
        "source": parameter.source,
        "symbol": parameter.symbol or None,
    }


def in_units(path: str, origin: Origin) -> dict[str, Any]:
    """Return a value as manifests and JSON show it: with its unit and where it came from; switches by their word."""
    return {
        "value": plain(path, origin.value),
        "unit": PARAMETERS[path].unit,
        "source": origin.source,
        "where": origin.where,
    }


def plain(path: str, value: float | int) -> float | int | str:
    """Return a value as scenario files write it."""
    choices = PARAMETERS[path].choices
    return choices[int(value)] if choices else value


def world_as_data(world: World) -> dict[str, Any]:
    """Return a resolved scenario, complete, with the sources of its values."""
    changes = []
    for earlier, later in zip(world.segments, world.segments[1:], strict=False):
        new = {path: o for path, o in later.origins.items() if o.value != earlier.origins[path].value}
        changes.append({"month": later.month, "values": {path: in_units(path, o) for path, o in new.items()}})
    return {
        "scenario": world.label,
        "place": world.place,
        "months": world.months,
        "spinup": world.spinup,
        "fingerprint": world.fingerprint(),
        "feasible": world.feasible,
        "warnings": list(world.warnings),
        "files": [{"name": name, "sha256": sha256} for name, sha256 in world.files],
        "before": {path: in_units(path, origin) for path, origin in world.origins_before.items()},
        "after": {path: in_units(path, origin) for path, origin in world.origins.items()},
        "changes": changes,
    }
