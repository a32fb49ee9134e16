"""What must be reached on a machine with two cores, and whether it was. Nothing here rounds in linli's favour."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.names import (
    AGENTS,
    COMPILED,
    COMPILED_ALL,
    FEW,
    FLOOR,
    FLOOR_ALL,
    LARGE,
    LEAN,
    LIST,
    MANY,
    MESA,
    RUN_MARKET,
)
from benchmarks.sizes import Sizes


@dataclass(frozen=True)
class Threshold:
    """A number that must be at most, or at least, a bound; None if it was not measured."""

    what: str
    unit: str
    bound: float
    found: float | None
    at_least: bool = False

    @property
    def verdict(self) -> str:
        """Return "reached", "not reached" or "not measured"."""
        if self.found is None:
            return "not measured"
        reached = self.found >= self.bound if self.at_least else self.found <= self.bound
        return "reached" if reached else "not reached"

    def as_data(self) -> dict[str, Any]:
        """Return it with its verdict."""
        return {**asdict(self), "verdict": self.verdict}


def ratio(above: float | None, below: float | None) -> float | None:
    """Return a quotient, None where a part of it was not measured."""
    return None if above is None or not below else above / below


def flatness(curve: list[tuple[int, float]], first: int = 1_000) -> float | None:
    """Return the highest cost over the lowest from `first` households on, None for fewer than two sizes."""
    costs = [ns for households, ns in curve if households >= first]
    return max(costs) / min(costs) if len(costs) > 1 else None


def thresholds(r: Mapping[str, Any], sizes: Sizes) -> list[Threshold]:
    """Judge the results r of a benchmark."""
    ns = {row["name"]: row["ns"] for row in r["rows"]}.get
    starts, memory = r["starts"].get, r["memory"].get
    slowness = ratio(ns(COMPILED), ns(FLOOR))
    speed_up = ratio(ratio(ns(COMPILED), ns(COMPILED_ALL)), ratio(ns(FLOOR), ns(FLOOR_ALL)))
    estates, each = sizes.district
    large = f"{sizes.large[0] * sizes.large[1]:,} households x {sizes.months} months"
    many = f"peak memory of {sizes.many:,} runs over {sizes.few:,}, aggregates only"
    curve = [(int(households), float(cost)) for households, cost in r["households"].get(COMPILED, ())]
    return [
        Threshold("compiled, months alone, over the floor loop, 1 thread", "times", 3.0, slowness),
        Threshold("the same, aim", "times", 1.65, slowness),
        Threshold("speed-up from 1 to all threads over the floor loop's", "times", 0.9, speed_up, at_least=True),
        Threshold("agent engine", "us per household-month", 20.0, ratio(ns(AGENTS), 1e3)),
        Threshold("plain-Mesa core over compiled", "times", 30.0, ratio(ns(MESA), ns(COMPILED)), at_least=True),
        Threshold("tuned plain-Mesa core over compiled", "times", 30.0, ratio(ns(LEAN), ns(COMPILED)), at_least=True),
        Threshold(
            f"district of {estates} x {each} households, {sizes.months} months alone", "s", 3.0, r["district"]["months"]
        ),
        Threshold("the same, a whole call: population, spin-up, months", "s", 3.0, r["district"]["whole"]),
        Threshold(f"peak memory, {large}", "GiB", 1.0, ratio(memory(LARGE), 2.0**30)),
        Threshold("dearest over cheapest household-month, 10^3 to 10^6 households", "times", 1.5, flatness(curve)),
        Threshold("linli run market, warm", "s", 2.0, starts(RUN_MARKET)),
        Threshold("linli list", "s", 0.5, starts(LIST)),
        Threshold("linli run market, nothing compiled yet", "s", 60.0, r["cold"]),
        Threshold(many, "times", 1.2, ratio(memory(MANY), memory(FEW))),
    ]
