"""What the stakeholders have in common: each is a Mesa agent that lives in one unit of the state."""

from typing import Any

import mesa

from agents.view import View


class Stakeholder(View, mesa.Agent):
    """Someone who acts in the neighbourhood (邻里): gathers from the columns, calls the rules, writes back.

    `model` gives what is common to all: `p`, the parameters in force; `month`; and the draws.
    """

    model: Any

    def __init__(self, model: Any, unit: int) -> None:
        """Take part in `model`, as this unit of its state."""
        super().__init__(model)
        self.unit = unit
        self.show(model.state, unit)

    def step(self) -> None:
        """Raise InputError: a month goes phase by phase over all of them, and nobody has a step alone."""
        self.model.refuse_turn(self, "step")

    def advance(self) -> None:
        """Raise InputError, as `step` does."""
        self.model.refuse_turn(self, "advance")
