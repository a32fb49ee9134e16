"""The core in mesa-frames: households are the rows of a Polars frame, a month is a few expressions on columns."""

import numpy as np
import polars as pl
from mesa_frames import AgentSetPolars, ModelDF

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


class Households(AgentSetPolars):  # type: ignore[misc]
    """All households."""

    agents: pl.DataFrame

    def __init__(self, model: "PaymentModel", core: Core) -> None:
        super().__init__(model)
        number = np.arange(core.households, dtype=np.int64)
        self.add(
            pl.DataFrame({"unique_id": number, "intercept": core.intercept}).with_columns(
                paid=pl.lit(False), habit=pl.lit(0.0)
            )
        )
        self.ties = pl.DataFrame({"household": np.repeat(number, np.diff(core.start)), "neighbour": core.target})

    def step(self) -> None:
        """Decide by service, neighbours and habit, all at once; then get used to it."""
        shares = (
            self.ties.lazy()
            .select("household", paid=pl.lit(self.agents["paid"]).gather(pl.col("neighbour")))
            .group_by("household", maintain_order=True)
            .agg(share=pl.col("paid").sum() / pl.len())
            .collect()["share"]
        )
        service = QUALITY * self.model.quality
        utility = pl.col("intercept") + service + PEERS * shares + HABIT * pl.col("habit")
        chance = 1.0 / (1.0 + (-utility).exp())
        self.agents = self.agents.with_columns(paid=pl.lit(self.model.luck) < chance).with_columns(
            habit=pl.col("habit") + HABIT_SPEED * (pl.col("paid").cast(pl.Float64) - pl.col("habit"))
        )


class PaymentModel(ModelDF):  # type: ignore[misc]
    """Households and the firm that serves them, whose only state is the quality of its service."""

    def __init__(self, core: Core) -> None:
        super().__init__(seed=1)
        self._luck = [pl.Series(month) for month in core.luck]
        self.quality = START_QUALITY
        self.households = Households(self, core)
        self.agents += self.households
        self.payers: list[int] = []
        self.qualities: list[float] = []

    def step(self) -> None:
        """Live through a month."""
        self.luck = self._luck[len(self.payers)]
        self.agents.step()
        people = self.get_agents_of_type(Households).agents
        payers = int(people["paid"].sum())
        funded = min(1.0, FEE * payers / (COST * len(people)))
        self.quality += SMOOTHING * (funded - self.quality)
        self.payers.append(payers)
        self.qualities.append(self.quality)

    def outcome(self) -> Outcome:
        """Return what it came to."""
        people = self.get_agents_of_type(Households).agents
        return Outcome(np.array(self.payers, np.int64), np.array(self.qualities), people["habit"].to_numpy())
