"""Who sees and hears whom: the ties among the households of each estate."""

from difflib import get_close_matches

import numpy as np

from sim.errors import InputError
from sim.network.members import gather
from sim.network.named import complete_rows, named_pairs
from sim.network.stair_unit import stair_unit_pairs
from sim.network.ties import Network, from_edges, in_storage_order, rows_of_pairs
from sim.network.view import to_networkx, write_graphml
from sim.parameters import DEFAULTS, PARAMETERS

__all__ = ["KINDS", "Network", "build", "from_edges", "to_networkx", "write_graphml"]

KINDS = PARAMETERS["network.kind"].choices
"""Names of the kinds of network, in the order of the switch."""


def _name_of(kind: str | int) -> str:
    """Return the name of a kind given by name or by position."""
    if isinstance(kind, str) and kind in KINDS:
        return kind
    if not isinstance(kind, str) and 0 <= kind < len(KINDS):
        return KINDS[kind]
    near = get_close_matches(kind, KINDS, 1) if isinstance(kind, str) else []
    hint = f" Did you mean {near[0]}?" if near else ""
    raise InputError(
        f"network.kind = {kind} is no kind of network; there are {', '.join(KINDS)} (or 0 to {len(KINDS) - 1}).{hint}"
    )


def _check(**values: float) -> None:
    """Raise InputError for a parameter of the network outside its valid range."""
    for name, value in values.items():
        parameter = PARAMETERS[f"network.{name}"]
        low, high = parameter.valid
        if not low <= value <= high:
            raise InputError(f"{parameter.path} = {value} {parameter.unit} lies outside {low:g} to {high:g}.")


def build(
    kind: str | int,
    *,
    key: np.uint64,
    estate_start: np.ndarray,
    household_id: np.ndarray,
    estate_id: np.ndarray,
    stair: np.ndarray,
    building: np.ndarray,
    isolate: np.ndarray,
    stair_share: float = DEFAULTS["network.stair_share"],
    building_ties: float = DEFAULTS["network.building_ties"],
    random_ties: float = DEFAULTS["network.random_ties"],
    degree: int = int(DEFAULTS["network.degree"]),
    rewire: float = DEFAULTS["network.rewire"],
    self_ties: bool | int = bool(DEFAULTS["network.self_ties"]),
) -> Network:
    """Return the ties of all households; none crosses an estate and an isolate has none.

    Rows are sorted by the neighbour's `household_id`. The graph of an estate depends on `key`, its number
    and its own households, not on other estates or on the order in which households are stored.

    kind : name in `KINDS` or its position.
    key : of the replicate, from `sim.draws.stream_key`.
    estate_start : integers, (n_estates + 1,). Households of estate e are estate_start[e] to estate_start[e + 1] - 1.
    household_id : integers >= 0, (n,). Number of the household, unique in its estate.
    estate_id : integers >= 0, (n_estates,). Number of the estate.
    stair, building : integers, (n,). Stair unit and building; the stair needs to be unique in its building only.
    isolate : bool, (n,). Households without any tie.
    stair_share, building_ties, random_ties : of "stair_unit", see `stair_unit_pairs`.
    degree : mean degree among the members, of the named topologies; even, except for "erdos_renyi".
    rewire : of "watts_strogatz", the share of ties rewired.
    self_ties : of "complete", whether a household also sees itself.

    Raises InputError for an unknown kind, a value outside its valid range, an odd degree where it cannot be,
    or too large a complete network; ValueError for columns that contradict each other.
    """
    name = _name_of(kind)
    _check(stair_share=stair_share, building_ties=building_ties, random_ties=random_ties, degree=degree, rewire=rewire)
    members = gather(key, estate_start, household_id, estate_id, stair, building, isolate)
    if name == "complete":
        return in_storage_order(*complete_rows(members, bool(self_ties)), members.order)
    if name == "stair_unit":
        pairs = stair_unit_pairs(members, stair_share, building_ties, random_ties)
    else:
        pairs = named_pairs(members, name, degree, rewire)
    return in_storage_order(*rows_of_pairs(members.n_households, *pairs), members.order)
