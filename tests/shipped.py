"""Every shipped scenario in use: an expression that reads the file, where it is set, and what keeps it small."""

from sim.scenarios import ScenarioInfo, list_scenarios
from sim.scenarios.catalog import load

SMALL_DISTRICT = ("population.n_estates=24",)
"""A district of several kinds of estate at a size that tests can afford; its shares stay."""


def in_use(info: ScenarioInfo) -> tuple[str, str | None, tuple[str, ...]]:
    """Return an expression that reads a shipped file, a place that does, and settings."""
    if info.kind == "place":
        return "market", info.name, SMALL_DISTRICT if load(info.name, ("place",)).strata else ()
    form = (*info.stacks_on, "market")[0]
    name = f"{form} + {info.name}" if info.kind == "programme" else info.name
    return name, None, SMALL_DISTRICT if info.kind == "rollout" else ()


def of_kind(*kinds: str) -> list[ScenarioInfo]:
    """Return the shipped files of some kinds."""
    return [info for info in list_scenarios() if info.kind in kinds]
