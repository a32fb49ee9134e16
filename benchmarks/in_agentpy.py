"""The core in agentpy, written like the plain-Mesa one."""

import math

import agentpy
import numpy as np

from benchmarks.core import (
    COST,
    FEE,
    HABIT,
    HABIT_SPEED,
    PEERS,
    QUALITY,
    SMOOTHING,
    START_QUALITY,
    Core,
    Outcome,
)


class Household(agentpy.Agent):  # type: ignore[misc]
    """A household that pays or not."""

    def setup(self) -> None:
        """Start without a history."""
        self.paid = False
        self.will_pay = False
        self.habit = 0.0

    def decide(self) -> None:
        """Decide by service, neighbours and habit."""
        share = sum(neighbour.paid for neighbour in self.neighbours) / len(self.neighbours)
        utility = self.intercept + QUALITY * self.model.firm.quality + PEERS * share + HABIT * self.habit
        self.will_pay = self.model.luck[self.number] < 1.0 / (1.0 + math.exp(-utility))

    def pay(self) -> None:
        """Do what was decided, and get used to it."""
        self.paid = self.will_pay
        self.habit += HABIT_SPEED * (self.paid - self.habit)


class Firm(agentpy.Agent):  # type: ignore[misc]
    """The firm that serves them all."""

    def setup(self) -> None:
        """Start with the service there is."""
        self.quality = START_QUALITY

    def serve(self, payers: int, households: int) -> None:
        """Turn the month's fees into service."""
        funded = min(1.0, FEE * payers / (COST * households))
        self.quality += SMOOTHING * (funded - self.quality)


class PaymentModel(agentpy.Model):  # type: ignore[misc]
    """Households, their neighbours and a firm; the parameter `core` holds what they start from."""

    def setup(self) -> None:
        """Build them."""
        core: Core = self.p.core
        self.all_luck = core.luck.tolist()
        self.firm = Firm(self)
        self.households = agentpy.AgentList(self, core.households, Household)
        people = list(self.households)
        start, target = core.start.tolist(), core.target.tolist()
        for i, (household, intercept) in enumerate(zip(people, core.intercept.tolist(), strict=True)):
            household.number = i
            household.intercept = intercept
            household.neighbours = [people[j] for j in target[start[i] : start[i + 1]]]
        self.payers: list[int] = []
        self.quality: list[float] = []

    def step(self) -> None:
        """Live through a month."""
        self.luck = self.all_luck[len(self.payers)]
        self.households.decide()
        self.households.pay()
        payers = sum(self.households.paid)
        self.firm.serve(payers, len(self.households))
        self.payers.append(payers)
        self.quality.append(self.firm.quality)

    def outcome(self) -> Outcome:
        """Return what it came to."""
        habit = np.array(list(self.households.habit))
        return Outcome(np.array(self.payers, np.int64), np.array(self.quality), habit)


def built(core: Core) -> PaymentModel:
    """Return the model before its first month."""
    model = PaymentModel({"core": core})
    model.sim_setup(core.months, seed=1)
    return model


def run(core: Core) -> Outcome:
    """Run a core and return its outcome."""
    model = built(core)
    for _ in range(core.months):
        model.sim_step()
    return model.outcome()
