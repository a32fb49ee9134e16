"""The core as users of Mesa write it: agents on Mesa's own network space, activated with AgentSet.do.

It follows the network example that Mesa ships (`virus_on_network`), without its shuffling, so that draws can be
shared. Two stages make all decide at once. `LeanModel` is the same with what a profiler advises: neighbours in a
tuple in place of the space, and no data collector.
"""

import inspect
import math
from collections.abc import Iterable
from typing import Any

import mesa
import networkx as nx
import numpy as np
from mesa.discrete_space import FixedAgent, Network

from benchmarks.core import COST, FEE, HABIT, HABIT_SPEED, PEERS, QUALITY, SMOOTHING, START_QUALITY, Core, Outcome


class Household(FixedAgent):
    """A household that pays or not."""

    def __init__(self, model: "PaymentModel", number: int, intercept: float) -> None:
        super().__init__(model)
        self.payment = model
        self.number = number
        self.intercept = intercept
        self.paid = False
        self.will_pay = False
        self.habit = 0.0

    @property
    def neighbours(self) -> Iterable["Household"]:
        """Those next to it in the network."""
        return self.cell.neighborhood.agents  # type: ignore[union-attr, return-value]

    def decide(self) -> None:
        """Decide by service, neighbours and habit."""
        paid = [neighbour.paid for neighbour in self.neighbours]
        share = sum(paid) / len(paid)
        utility = self.intercept + QUALITY * self.payment.firm.quality + PEERS * share + HABIT * self.habit
        self.will_pay = self.payment.luck[self.number] < 1.0 / (1.0 + math.exp(-utility))

    def pay(self) -> None:
        """Do what was decided, and get used to it."""
        self.paid = self.will_pay
        self.habit += HABIT_SPEED * (self.paid - self.habit)


class Firm(mesa.Agent):
    """The firm that serves them all."""

    def __init__(self, model: "PaymentModel") -> None:
        super().__init__(model)
        self.quality = START_QUALITY

    def serve(self, payers: int, households: int) -> None:
        """Turn the month's fees into service."""
        funded = min(1.0, FEE * payers / (COST * households))
        self.quality += SMOOTHING * (funded - self.quality)


class PaymentModel(mesa.Model):
    """Households on a network and the firm that serves them."""

    def __init__(self, core: Core) -> None:
        super().__init__(rng=1)
        self.month = 0
        self.payers = 0
        # Lists of Python floats: a shared draw then costs no more than one from Mesa's own generator.
        self._luck = core.luck.tolist()
        self.luck: list[float] = []
        self.firm = Firm(self)
        self.people = self._settle(core)
        self.households = self.agents_by_type[type(self.people[0])]
        self.datacollector = mesa.DataCollector(  # type: ignore[no-untyped-call]
            {"payers": "payers", "quality": lambda model: model.firm.quality}
        )

    def _settle(self, core: Core) -> list[Household]:
        graph: nx.DiGraph[int] = nx.DiGraph()
        graph.add_nodes_from(range(core.households))
        graph.add_edges_from(
            zip(np.repeat(np.arange(core.households), np.diff(core.start)).tolist(), core.target.tolist(), strict=True)
        )
        # Mesa 3.5 would lay the network out for a picture, which takes minutes.
        options: dict[str, Any] = {"layout": None} if "layout" in inspect.signature(Network).parameters else {}
        self.grid = Network(graph, capacity=1, random=self.random, **options)
        people = [Household(self, i, intercept) for i, intercept in enumerate(core.intercept.tolist())]
        for household, cell in zip(people, self.grid.all_cells, strict=True):
            household.cell = cell
        return people

    def step(self) -> None:
        """Live through a month."""
        self.luck = self._luck[self.month]
        self.households.do("decide")
        self.households.do("pay")
        self.payers = sum(self.households.get("paid"))
        self.firm.serve(self.payers, len(self.households))
        self.month += 1
        self.collect()

    def collect(self) -> None:
        """Keep the month's numbers."""
        self.datacollector.collect(self)  # type: ignore[no-untyped-call]

    def series(self) -> tuple[list[int], list[float]]:
        """Return payers and quality month by month."""
        kept = self.datacollector.model_vars
        return kept["payers"], kept["quality"]

    def outcome(self) -> Outcome:
        """Return what it came to."""
        payers, quality = self.series()
        return Outcome(np.array(payers, np.int64), np.array(quality), np.array(self.households.get("habit")))


class LeanHousehold(Household):
    """A household that holds its neighbours itself."""

    neighbours: tuple[Household, ...] = ()


class LeanModel(PaymentModel):
    """The same without Mesa's space and data collector."""

    def _settle(self, core: Core) -> list[Household]:
        self._kept: tuple[list[int], list[float]] = ([], [])
        people = [LeanHousehold(self, i, intercept) for i, intercept in enumerate(core.intercept.tolist())]
        start, target = core.start.tolist(), core.target.tolist()
        for i, household in enumerate(people):
            household.neighbours = tuple(people[j] for j in target[start[i] : start[i + 1]])
        return list(people)

    def collect(self) -> None:
        """Keep the month's numbers in two lists."""
        self._kept[0].append(self.payers)
        self._kept[1].append(self.firm.quality)

    def series(self) -> tuple[list[int], list[float]]:
        """Return payers and quality month by month."""
        return self._kept


def run(core: Core, model: type[PaymentModel] = PaymentModel) -> Outcome:
    """Run a core and return its outcome."""
    built = model(core)
    for _ in range(core.months):
        built.step()
    return built.outcome()
