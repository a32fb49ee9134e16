"""The bodies that govern an estate and the ways among them: a case takes the shortest way to its desk, in days.

The baseline way is household - grid worker - residents' committee - sub-district - department; levers add ways
and never take one away. Every body a case passes on costs report hours.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

HOUSEHOLD = "household"
DESK_BODY = ("provider", "residents' committee", "sub-district office", "department", "court", "sub-district office")
"""The body that holds each desk of the ladder; a joint desk shares the mediation desk."""

_WAYS = (
    (HOUSEHOLD, "provider", "route.provider_days"),
    (HOUSEHOLD, "grid worker", "route.grid_days"),
    ("grid worker", "residents' committee", "route.committee_days"),
    ("residents' committee", "sub-district office", "route.street_days"),
    ("sub-district office", "department", "route.department_days"),
    (HOUSEHOLD, "court", "route.court_days"),
)
_ADDED = (
    (HOUSEHOLD, "residents' committee", "route.joint_days"),
    ("residents' committee", "sub-district office", "route.hub_days"),
)
"""Ways that levers add; 0 days means there is no such way."""

Values = Mapping[str, float | int]


def build(values: Values) -> "nx.Graph[str]":
    """Return the graph of bodies; each edge has `days` and the parameter it comes from."""
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph()
    for one, other, path in _WAYS:
        graph.add_edge(one, other, days=float(values[path]), source=path)
    for one, other, path in _ADDED:
        days = float(values[path])
        if days > 0.0 and (not graph.has_edge(one, other) or days < graph.edges[one, other]["days"]):
            graph.add_edge(one, other, days=days, source=path)
    return graph


def is_added(source: str) -> bool:
    """Say whether a way, named by the parameter it comes from, is one that levers add."""
    return any(source == path for _, _, path in _ADDED)


def described(values: Values) -> "nx.Graph[str]":
    """Return the graph with, beside each body, the desks it holds and its days from a household; ways told apart."""
    import networkx as nx

    from agents.rules.case import DESK_NAMES

    graph = build(values)
    days = nx.single_source_dijkstra_path_length(graph, HOUSEHOLD, weight="days")
    for body, node in graph.nodes.items():
        held = [name for name, holder in zip(DESK_NAMES, DESK_BODY, strict=True) if holder == body]
        node.update(desks=", ".join(held), days_from_household=float(days[body]))
    for _, _, way in graph.edges(data=True):
        way["added_by_lever"] = is_added(way["source"])
    return graph


def write_graphml(values: Values, path: Path) -> None:
    """Write the described graph as GraphML; equal values give equal bytes."""
    from networkx.readwrite.graphml import write_graphml_xml

    write_graphml_xml(described(values), path)


def routes(values: Values) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the days from a household to each desk, and the report hours each attempt there costs."""
    paths = tuple(path for _, _, path in (*_WAYS, *_ADDED))
    return _routes(tuple((path, float(values[path])) for path in (*paths, "route.report_hours")))


@lru_cache(maxsize=4096)
def _routes(items: tuple[tuple[str, float], ...]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    import networkx as nx

    values = dict(items)
    graph = build(values)
    ways = nx.single_source_dijkstra_path(graph, HOUSEHOLD, weight="days")
    reports = values["route.report_hours"]
    return (
        tuple(float(nx.path_weight(graph, ways[body], "days")) for body in DESK_BODY),
        tuple(reports * max(0, len(ways[body]) - 2) for body in DESK_BODY),
    )

