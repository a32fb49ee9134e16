"""The mean field of M0, M1 and M2, from the equations and without the model's code.

One household stands for all, and the share of payers is its probability of paying. A bill has one luck: unpaid, it is
looked at again every month, and paid in the first one in which the reasons exceed its own threshold. The provider
learns from all that comes in, old bills too. In an estate too large for chance, reasons that rest collect no old
bills: the fixed points know nothing of them. In a small one reasons never rest; its law is drawn here coin by coin.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import stats
from scipy.special import expit, logit

Values = Mapping[str, Any]
LOW = {"start.paid": 0.2, "start.facility": 0.1}
HIGH = {"start.paid": 0.9, "start.facility": 0.75}


def plan(v: Values, expected: Any) -> Any:
    """Spending aimed at: what is expected, less margin and skimming, between the roster and the limit."""
    kept = v["firm.margin"] + v["firm.skim"] * (1.0 - v["provider.audit"])
    revenue = expected * v["firm.fee"] + v["provider.common_income"]
    cost = v["provider.cost"]
    return np.clip((1.0 - kept) * revenue, v["firm.roster"] * cost, v["firm.spend_limit"] * cost)


def delivered(v: Values, spend: Any) -> Any:
    leak = v["provider.leak"] * (1.0 - v["provider.audit"])
    return spend * (1.0 - leak) / v["provider.cost"]


def kept_up(v: Values, arrived: Any) -> Any:
    threshold = v["facility.upkeep_threshold"]
    return np.clip((arrived - threshold) / (1.0 - threshold), 0.0, 1.0)


def quality(v: Values, arrived: Any, stock: Any) -> Any:
    service = np.clip(arrived, 0.0, 1.0) ** v["provider.service_power"]
    floor, weight = v["facility.quality_floor"], v["facility.service_weight"]
    return service**weight * (floor + (1.0 - floor) * stock) ** (1.0 - weight)


def anchor(v: Values) -> float:
    price = v["firm.fee"] / v["household.price_reference"]
    return float(v["household.reference_base"] + v["household.reference_price"] * math.log(price))


def payment(v: Values, share: Any, gap: Any) -> Any:
    social = v["household.b_social"] * (2.0 * share - 1.0)
    return expit(v["household.intercept"] + social + v["household.b_quality"] * gap)


def settled_payment(v: Values, share: Any) -> Any:
    """Return who pays where `share` has paid for so long that service, facilities and expectation have settled."""
    arrived = delivered(v, plan(v, share))
    repair = v["facility.upkeep"] * kept_up(v, arrived)
    seen = quality(v, arrived, repair / (repair + v["facility.decay"]))
    return payment(v, share, (1.0 - v["household.absorbed"]) * (seen - anchor(v)))


def fixed_points(v: Values) -> np.ndarray:
    """Return the shares of payers that reproduce themselves, ascending: every second one is unstable."""
    grid = np.linspace(0.0, 1.0, 20_002)
    above = settled_payment(v, grid) > grid
    low, high = grid[:-1][above[:-1] != above[1:]], grid[1:][above[:-1] != above[1:]]
    falls = above[:-1][above[:-1] != above[1:]]
    for _ in range(50):
        middle = 0.5 * (low + high)
        left = (settled_payment(v, middle) > middle) == falls
        low, high = np.where(left, middle, low), np.where(left, high, middle)
    return np.asarray(0.5 * (low + high))


CLAIMED = 36
"""Months for which an unpaid bill can be claimed, with nobody's predecessor in between."""


@dataclass(frozen=True)
class Estate:
    """An estate at the end of a month, or several of them: numbers, or an array of each."""

    paid: Any
    expected: Any
    spend: Any
    stock: Any
    seen: Any
    reference: Any
    best: Any = None
    """Of the bills of the last months, youngest first: who paid it, at the best look at it so far.

    Looks at an older bill count less, by its age. (age, ...), chances; None before the first bill.
    """

    @classmethod
    def at_start(cls, v: Values) -> "Estate":
        paid = v["start.paid"]
        spend = min(paid * v["firm.fee"] + v["provider.common_income"], v["firm.spend_limit"] * v["provider.cost"])
        seen = float(quality(v, spend / v["provider.cost"], v["start.facility"]))
        absorbed = v["household.absorbed"]
        return cls(paid, paid, spend, v["start.facility"], seen, (1.0 - absorbed) * anchor(v) + absorbed * seen)

    @classmethod
    def settled(cls, v: Values, share: float) -> "Estate":
        """An estate in which this share has paid for so long that all else has settled."""
        spend = float(plan(v, share))
        arrived = delivered(v, spend)
        repair = v["facility.upkeep"] * float(kept_up(v, arrived))
        stock = repair / (repair + v["facility.decay"])
        seen, absorbed = float(quality(v, arrived, stock)), v["household.absorbed"]
        return cls(share, share, spend, stock, seen, (1.0 - absorbed) * anchor(v) + absorbed * seen)

    def serve(self, v: Values) -> "Estate":
        """Plan, serve, keep up; households perceive and adapt what they expect."""
        aim = plan(v, self.expected)
        speed = np.where(aim > self.spend, v["provider.adjust_up"], v["provider.adjust_down"])
        spend = self.spend + speed * (aim - self.spend)
        arrived = delivered(v, spend)
        decay, repair = v["facility.decay"] / 12.0, v["facility.upkeep"] / 12.0 * kept_up(v, arrived)
        stock = self.stock - decay * self.stock + repair * (1.0 - self.stock)
        seen = self.seen + v["household.quality_speed"] * (quality(v, arrived, stock) - self.seen)
        absorbed = v["household.absorbed"]
        aim = (1.0 - absorbed) * anchor(v) + absorbed * seen
        reference = self.reference + v["household.reference_speed"] * (aim - self.reference)
        return replace(self, spend=spend, stock=stock, seen=seen, reference=reference)

    def chance(self, v: Values) -> Any:
        """Return the probability with which each household pays."""
        return payment(v, self.paid, self.seen - self.reference)

    def looks(self, v: Values, chance: Any) -> np.ndarray:
        """Return the chance with which a bill of each age would be paid today, (age, ...); a new one's is `chance`."""
        number = 0 if self.best is None else len(self.best)
        ages = np.arange(1, number + 1).reshape(-1, *(1,) * np.ndim(chance))
        return np.asarray(expit(logit(chance) - v["household.b_age"] / 12.0 * ages))

    def looked_at(self, v: Values, chance: Any) -> np.ndarray:
        """Return the chance that an unpaid bill of each age is paid now, (age, ...)."""
        today = self.looks(v, chance)
        if self.best is None:
            return today
        return np.asarray(np.clip((today - self.best) / (1.0 - self.best), 0.0, 1.0))

    def pay(self, v: Values, chance: Any, share: Any, old: Any) -> "Estate":
        """Let a share of households pay this bill, and `old` bills per household; the provider learns of both."""
        expected = self.expected + v["provider.expectation_speed"] * (share + old - self.expected)
        before = self.looks(v, chance)
        before = before if self.best is None else np.maximum(self.best, before)
        best = np.concatenate([np.asarray(chance)[None], before])[:CLAIMED]
        return replace(self, paid=share, expected=expected, best=best)

    def pay_at(self, v: Values, chance: float) -> "Estate":
        """Let an estate too large for chance pay, new bills and old."""
        unpaid = np.zeros(0) if self.best is None else 1.0 - self.best
        return self.pay(v, chance, chance, float((unpaid * self.looked_at(v, chance)).sum()))

    def path(self, v: Values, months: int) -> np.ndarray:
        """Return the share of payers of each of so many months, in an estate too large for chance."""
        estate, found = self, []
        for _ in range(months):
            estate = estate.serve(v)
            estate = estate.pay_at(v, float(estate.chance(v)))
            found.append(float(estate.paid))
        return np.array(found)

    def drawn(self, v: Values, months: int, households: int, estates: int, seed: int = 1) -> np.ndarray:
        """Return the share of payers, (month, estate), of estates whose every bill is a coin."""
        found = []
        unpaid = np.zeros((0, estates), np.int64)
        estate = replace(self, paid=np.full(estates, self.paid), expected=np.full(estates, self.expected))
        for month in range(months):
            estate = estate.serve(v)
            chance = np.broadcast_to(estate.chance(v), estates)
            again, state = estate.looked_at(v, chance), 2 * (seed + month)
            settled = unpaid
            if month > 0:
                settled = stats.binom.rvs(unpaid, again, size=unpaid.shape, random_state=state)
            paid = stats.binom.rvs(households, chance, random_state=state + 1)
            unpaid = np.concatenate([(households - paid)[None], unpaid - settled])[:CLAIMED]
            estate = estate.pay(v, chance, paid / households, settled.sum(axis=0) / households)
            found.append(estate.paid)
        return np.array(found)


def boundary(v: Values, path: str, inside: float, outside: float) -> float:
    """Return the value of a parameter at which two regimes (at `inside`) become one (at `outside`)."""
    assert len(fixed_points({**v, path: inside})) == 3
    assert len(fixed_points({**v, path: outside})) == 1
    for _ in range(30):
        middle = 0.5 * (inside + outside)
        two = len(fixed_points({**v, path: middle})) == 3
        inside, outside = (middle, outside) if two else (inside, middle)
    return 0.5 * (inside + outside)
