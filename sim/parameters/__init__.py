"""The one table of the model's numbers: every parameter, declared once.

Code, validation, studies and documentation read it; nothing else holds a number of the model.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from sim.governance_network import routes
from sim.parameters.bodies import BODIES
from sim.parameters.declaration import Parameter, Role
from sim.parameters.governance import GOVERNANCE
from sim.parameters.people import PEOPLE
from sim.parameters.programmes_money import PROGRAMMES_MONEY
from sim.parameters.programmes_people import PROGRAMMES_PEOPLE
from sim.parameters.programmes_voice import PROGRAMMES_VOICE
from sim.parameters.shocks import SHOCKS

__all__ = ["DEFAULTS", "PARAMETERS", "RECORD", "Parameter", "Role", "table"]

_ALL = (*PEOPLE, *BODIES, *GOVERNANCE, *PROGRAMMES_MONEY, *PROGRAMMES_PEOPLE, *PROGRAMMES_VOICE, *SHOCKS)
PARAMETERS: Mapping[str, Parameter] = MappingProxyType({p.path: p for p in _ALL})
"""Every parameter by its path, group.name; the names are unique over all groups."""

DEFAULTS: Mapping[str, float | int] = MappingProxyType({path: p.default for path, p in PARAMETERS.items()})

KINDS = (
    "service", "facility", "common", "structure", "neighbour", "account", "handover", "renovation", "legacy", "suit",
)  # fmt: skip
"""Kinds of case as parameters name them, in the order of `agents.rules.case`."""

RECORD = np.dtype(
    [(p.path.replace(".", "_"), np.int64 if p.integer else np.float64) for p in PARAMETERS.values()]
    + [("derived_days", np.float64, (6,)), ("derived_reports", np.float64, (6,))]
    + [(f"derived_{group}", np.float64, (len(KINDS),)) for group in ("hours", "difficulty", "money")]
)
"""One record holds a complete set of values; fields are named group_name.

What follows from them alone is derived once: days and report hours on the way to each desk; hours, difficulty and
money of a case by its kind.
"""


def _by_kind(row: Mapping[str, float | int]) -> tuple[tuple[float, ...], ...]:
    """Return hours, difficulty and money by kind of case; a facility failure's money is the measure, most need none."""
    money = {"facility": 1.0}
    return (
        tuple(row[f"hours.{kind}"] for kind in KINDS),
        tuple(row[f"difficulty.{kind}"] for kind in KINDS),
        tuple(row.get(f"money.{kind}", money.get(kind, 0.0)) for kind in KINDS),
    )


def table(rows: Sequence[Mapping[str, float | int]]) -> np.recarray:
    """Return one record per complete mapping from path to value.

    Raises KeyError if a row lacks a parameter.
    """
    out = np.zeros(len(rows), RECORD)
    for i, row in enumerate(rows):
        out[i] = (*(row[path] for path in PARAMETERS), *routes(row), *_by_kind(row))
    return out.view(np.recarray)
