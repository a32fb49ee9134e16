"""Scenarios as data: read the TOML files, check them, and resolve an expression to the values of every month."""

from sim.scenarios.catalog import ScenarioInfo, list_scenarios
from sim.scenarios.files import data_folder
from sim.scenarios.resolve import resolve
from sim.scenarios.world import Origin, Segment, World

__all__ = ["Origin", "ScenarioInfo", "Segment", "World", "data_folder", "list_scenarios", "resolve"]
