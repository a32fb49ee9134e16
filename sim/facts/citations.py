"""Which facts the numbers of the model lean on, as their sources say, and which of them they should not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from sim.facts.fact import Role
from sim.facts.table import Facts, facts

_RUN = re.compile(r"[Ee]vidence ((?:[A-Z]\d+(?:, | to |-| and )?)+)")
_CODES = re.compile(r"([A-Z])(\d+)(?:(?: to |-)[A-Z](\d+))?")

COUNTS_TWICE: frozenset[Role] = frozenset({"pattern", "fit"})
"""A default or a range that comes from these knows what is searched for or fitted later: it is counted twice."""
SETS_NOTHING: frozenset[Role] = frozenset({"validation", "comparison"})
"""No default and no range may come from these."""


@dataclass(frozen=True, slots=True)
class Use:
    """One number whose source names a fact."""

    parameter: str
    """Path of the parameter, group.name."""
    where: str
    """`default`, for default and range of the declaration, or file and line of a scenario."""
    source: str
    """The source as it stands there."""

    def __str__(self) -> str:
        """Write the number and where it stands."""
        return self.parameter if self.where == "default" else f"{self.parameter} ({self.where})"


def codes_in(text: str) -> tuple[str, ...]:
    """List the codes that a source names after the word evidence, both ends of a range but not what lies between.

    `evidence C1 to C3, R1` gives C1, C3 and R1.
    """
    found: list[str] = []
    for run in _RUN.findall(text):
        for letter, low, high in _CODES.findall(run):
            found += [f"{letter}{low}"] + [f"{letter}{high}"] * bool(high)
    return tuple(dict.fromkeys(found))


def cited_in(text: str, table: Facts | None = None) -> tuple[str, ...]:
    """List the facts that a source leans on: those it names, all between two of them, and those cited by alias.

    Codes that no fact has are left out; `codes_in` lists them too.
    """
    known = table or facts()
    spans = [
        (letter, int(low), int(high or low)) for run in _RUN.findall(text) for letter, low, high in _CODES.findall(run)
    ]
    return tuple(
        code
        for code, fact in known.by_id.items()
        if any(code[0] == letter and low <= int(code[1:]) <= high for letter, low, high in spans)
        or any(re.search(rf"\b{re.escape(alias)}\b", text) for alias in fact.aliases)
    )


def sources() -> Iterator[tuple[str, Use]]:
    """Yield text and place of the source of every declared parameter and every value of a shipped scenario."""
    from sim.parameters import PARAMETERS
    from sim.scenarios import list_scenarios
    from sim.scenarios.catalog import load

    for path, parameter in PARAMETERS.items():
        yield parameter.source, Use(path, "default", parameter.source)
    for info in list_scenarios():
        scenario = load(info.name, (info.kind,))
        later = [step.values for step in scenario.steps] + [stratum.values for stratum in scenario.strata]
        for values in (scenario.values, scenario.cause, *later):
            for path, origin in values.items():
                if origin.where.startswith(f"{scenario.file}:"):  # what it extends is told where it stands
                    yield origin.source, Use(path, origin.where, origin.source)


@cache
def uses() -> dict[str, tuple[Use, ...]]:
    """Return, for every fact that comes with linli, the numbers that lean on it."""
    found: dict[str, list[Use]] = {code: [] for code in facts().by_id}
    for text, use in sources():
        for code in cited_in(text):
            found[code].append(use)
    return {code: tuple(dict.fromkeys(of)) for code, of in found.items()}


def is_permitted(role: Role, use: Use) -> bool:
    """Say whether a number may lean on a fact of this role; on what is set aside only if it says that it is assumed."""
    return role not in SETS_NOTHING and (role != "none" or "assumed" in use.source)


def refused() -> list[tuple[str, Use]]:
    """List the numbers that lean on a fact whose role does not permit it, with the fact."""
    table = facts()
    return [(code, use) for code, of in uses().items() for use in of if not is_permitted(table[code].role, use)]


def counted_twice() -> list[tuple[str, Use]]:
    """List the numbers that lean on a fact which is searched for or fitted later, with the fact."""
    table = facts()
    return [(code, use) for code, of in uses().items() for use in of if table[code].role in COUNTS_TWICE]
