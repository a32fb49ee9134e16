"""The bodies that govern an estate and the ways among them: a case takes the shortest way to its desk, in days.

The baseline way is household - grid worker - residents' committee - sub-district - department; levers add ways
and never take one away. Every body a case passes on costs report hours. Bodies that no case passes are tied to
those they work with; they stand in the graph while levers give them something to do.
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
    (HOUSEHOLD, "party group", "route.tier_days"),
    ("party group", "joint branch", "route.tier_days"),
    ("joint branch", "residents' committee", "route.tier_days"),
    ("residents' committee", "sub-district office", "route.tier_days"),
)
"""Ways that levers add; 0 days means there is no such way."""

_BRANCH = ("branch.member_hours", "branch.attention", "branch.instructor", "party.branch_hours", "party.group_hours")
_OWNERS = ("owners.allowed", "owners.appointed")
_JOINT = ("desk.joint_hours", "tiers.desk_hours")
_SOCIAL = ("social.service_hours", "social.charity_hours", "social.rights_hours", "social.relief")
_TIES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("district", "sub-district office", "evaluates; divides the money for repairs", ()),
    ("sub-district office", "provider", "sends inspectors", ("street.inspectors",)),
    ("owners' committee", "provider", "audits; asks the owners about firm, fee and letting", _OWNERS),
    ("owners' committee", HOUSEHOLD, "is elected or appointed for the owners", _OWNERS),
    ("joint branch", "residents' committee", "sits at the mediation desk", _JOINT),
    ("joint branch", "provider", "has people of the firm among its members", _JOINT),
    ("party branch", HOUSEHOLD, "has members among the households, who visit and work", _BRANCH),
    ("social organisations", "sub-district office", "work under its contract", _SOCIAL),
    (
        "social organisations", "residents' committee", "help at the mediation desk",
        ("social.service_hours", "social.rights_hours"),
    ),
    (
        "social organisations", HOUSEHOLD, "look after the vulnerable; help to complain",
        ("social.charity_hours", "social.rights_hours"),
    ),
)  # fmt: skip
"""Who works with whom without being on the way of a case, and the levers one of which has to be above 0 for it."""

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


def described(values: Values) -> "nx.Graph[str]":
    """Return the graph with all bodies that act: desks and days beside each body, ways told apart from other ties.

    An edge that `carries_cases` has `days`; the others say in `relation` what one body is to the other.
    """
    import networkx as nx

    from agents.rules.case import DESK_NAMES

    graph = build(values)
    days = nx.single_source_dijkstra_path_length(graph, HOUSEHOLD, weight="days")
    levers = {path for _, _, path in _ADDED}
    for _, _, way in graph.edges(data=True):
        way.update(carries_cases=True, added_by_lever=way["source"] in levers)
    for one, other, relation, needs in _TIES:
        if not needs or any(values[path] > 0 for path in needs):
            if not graph.has_edge(one, other):
                graph.add_edge(one, other, carries_cases=False)
            graph.edges[one, other]["relation"] = relation
    for body, node in graph.nodes.items():
        held = [name for name, holder in zip(DESK_NAMES, DESK_BODY, strict=True) if holder == body]
        node["desks"] = ", ".join(held)
        if body in days:
            node["days_from_household"] = float(days[body])
    return graph


def write_graphml(values: Values, path: Path) -> None:
    """Write the described graph as GraphML; equal values give equal bytes."""
    from networkx.readwrite.graphml import write_graphml_xml

    write_graphml_xml(described(values), path)


def routes(values: Values) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the days from a household to each desk, and the report hours each attempt there costs."""
    paths = sorted({path for _, _, path in (*_WAYS, *_ADDED)})
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

