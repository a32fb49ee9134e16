"""What the stakeholders have in common: each is a Mesa agent that lives in one unit of the state."""

import itertools
import weakref
from collections.abc import Iterator
from typing import Any

import mesa

from agents.view import View


class _Numbers(weakref.WeakKeyDictionary[Any, Iterator[int]]):
    """Counters of agents, one per model, that let a model go when nobody else holds it."""

    def __getitem__(self, model: Any) -> Iterator[int]:
        return self.setdefault(model, itertools.count(1))


class Stakeholder(View, mesa.Agent):
    """Someone who acts in the neighbourhood (邻里): gathers from the columns, calls the rules, writes back.

    `model` gives what is common to all: `p`, the parameters in force; `month`; and the draws.
    """

    model: Any

    if hasattr(mesa.Agent, "_ids"):
        # Mesa 3.3 counts agents in a table that would keep every model alive for good.
        _ids = _Numbers()  # type: ignore[assignment]

    def __init__(self, model: Any, unit: int) -> None:
        """Take part in `model`, as this unit of its state."""
        super().__init__(model)
        self.unit = unit
        self.show(model.state, unit)
