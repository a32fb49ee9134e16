"""M0, M1 and M2: where one regime becomes two, by the mean field, and that the shipped models follow it.

The mean field is written here again, from the equations and without the model's code: one household stands for
all, and the share of payers is its probability of paying. The numbers of docs/regimes.md come from here.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import linli
from estates import ALPHA, Z, built, payers, run, values
from scipy import stats
from scipy.special import expit

from agents.rules.estate import EstateWhole as E
from agents.rules.household import HouseholdWhole as N
from sim.totals import Total

__all__ = ["linli"]  # a fixture

Values = Mapping[str, Any]
DOCUMENT = Path(__file__).parent.parent / "docs" / "regimes.md"
HOUSEHOLDS, ESTATES = 200, 16

LOW = {"start.paid": 0.2, "start.facility": 0.1}
HIGH = {"start.paid": 0.9, "start.facility": 0.75}

# --- the mean field ------------------------------------------------------------------------------------------


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


@dataclass(frozen=True)
class Estate:
    """An estate at the end of a month, or several of them: numbers, or an array of each."""

    paid: Any
    expected: Any
    spend: Any
    stock: Any
    seen: Any
    reference: Any

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

    def pay(self, v: Values, share: Any) -> "Estate":
        """Let a share of households pay, and the provider learn it."""
        expected = self.expected + v["provider.expectation_speed"] * (share - self.expected)
        return replace(self, paid=share, expected=expected)

    def path(self, v: Values, months: int) -> np.ndarray:
        """Return the share of payers of each of so many months."""
        estate, found = self, []
        for _ in range(months):
            estate = estate.serve(v)
            estate = estate.pay(v, estate.chance(v))
            found.append(float(estate.paid))
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


# --- the mean field against itself and against theory ----------------------------------------------------------


def test_m0_has_its_folds_where_brock_and_durlauf_have_them():
    # J = 2.5: K = 1.25, |H| < sqrt(K (K - 1)) - atanh(sqrt(1 - 1 / K)), a = 2 H
    fold = 2.0 * (math.sqrt(1.25 * 0.25) - math.atanh(math.sqrt(0.2)))
    m0 = values("m0")
    assert m0["household.b_social"] == 2.5
    assert boundary(m0, "household.intercept", 0.0, 1.0) == pytest.approx(fold, abs=1e-6)
    assert boundary(m0, "household.intercept", 0.0, -1.0) == pytest.approx(-fold, abs=1e-6)


@pytest.mark.parametrize("model", ["m1", "m2"])
def test_the_monthly_map_rests_at_the_fixed_points_and_runs_to_the_outer_two(model):
    v = values(model)
    low, middle, high = fixed_points(v)
    for start, end in ((LOW, low), (HIGH, high)):
        assert Estate.at_start({**v, **start}).path(v, 3000)[-1] == pytest.approx(end, abs=1e-6)
    for share in (low, middle, high):
        assert Estate.settled(v, share).path(v, 1)[0] == pytest.approx(share, abs=1e-9)
    for share, end in ((middle - 0.05, low), (middle + 0.05, high)):
        assert Estate.settled(v, share).path(v, 3000)[-1] == pytest.approx(end, abs=1e-6)


@pytest.mark.parametrize("model", ["m1", "m2"])
def test_neither_loop_alone_has_two_regimes(model):
    v = values(model)
    assert len(fixed_points(v)) == 3
    for alone in ("household.b_social", "household.b_quality"):
        for intercept in np.linspace(-2.0, 2.0, 81):
            assert len(fixed_points({**v, alone: 0.0, "household.intercept": intercept})) == 1


# --- the shipped models ----------------------------------------------------------------------------------------

POINTS = [
    ("m0", "household.b_social", (1.0, 2.5)),
    *((m, "household.b_quality", (1.0, 3.2, 4.0)) for m in ("m1", "m2")),
]


def many(v: Values) -> dict[str, Any]:
    """Return the values for several estates in one run."""
    return {**v, "population.n_estates": ESTATES, "population.n_households": HOUSEHOLDS}


def shipped(v: Values, months: int) -> np.ndarray:
    """Return the share of payers of the shipped model, (month, estate)."""
    return payers(run(built(many(v)), many(v), 0, months)) / HOUSEHOLDS


@pytest.mark.parametrize("start", [LOW, HIGH], ids=["low", "high"])
@pytest.mark.parametrize("model", ["m0", "m1", "m2"])
def test_the_shipped_model_follows_the_equations_month_by_month(model, start):
    """Given who paid, service and what is seen are exact; given what is seen, payments are independent coins."""
    months, v = 120, many(values(model, changes=start))
    state = built(v)
    served = replace(Estate.at_start(v), paid=state.household_n[N.PAID].reshape(ESTATES, HOUSEHOLDS).mean(axis=1))
    totals = run(state, v, 0, months)
    area = state.estate_n[E.AREA]
    deviation, variance, squares = 0.0, 0.0, 0.0
    for month, paid in enumerate(payers(totals)):
        served = served.serve(v)
        if model != "m0":
            seen = totals[month, Total.SATISFACTION] / totals[month, Total.N_OBSERVERS]
            assert totals[month, Total.SPENT] == pytest.approx(100.0 * served.spend * area, abs=0.51)
            assert totals[month, Total.DELIVERED] == pytest.approx(1e6 * delivered(v, served.spend), abs=0.51)
            assert totals[month, Total.INVISIBLE] == pytest.approx(1e6 * served.stock, abs=0.51)
            assert seen == pytest.approx(1e6 * served.seen, abs=0.51)
        chance = served.chance(v)
        spread = HOUSEHOLDS * chance * (1.0 - chance)
        off = paid - HOUSEHOLDS * chance
        deviation += off.sum()
        variance += spread.sum()
        squares += (off**2 / spread).sum()
        served = served.pay(v, paid / HOUSEHOLDS)
    assert abs(deviation) < Z * math.sqrt(variance)
    low, high = (stats.chi2.ppf(q, months * ESTATES) for q in (ALPHA / 2, 1.0 - ALPHA / 2))
    assert low < squares < high


@pytest.mark.parametrize("start", [LOW, HIGH], ids=["low", "high"])
@pytest.mark.parametrize(("model", "path", "value"), [(m, path, x) for m, path, xs in POINTS for x in xs])
def test_the_shipped_model_stays_with_the_mean_field_on_both_sides(model, path, value, start):
    months = 180
    v = values(model, changes={path: value, **start})
    theory = Estate.at_start(v).path(v, months)
    found = shipped(v, months)
    for last in (12, 60, months):
        year = found[last - 12 : last].mean(axis=0)  # one number per estate
        slack = stats.t.isf(ALPHA / 2, ESTATES - 1) * year.std(ddof=1) / math.sqrt(ESTATES)
        # 2 / N: a finite estate's mean stands beside the point by about f'' var / (2 (1 - f'))
        assert year.mean() == pytest.approx(theory[last - 12 : last].mean(), abs=slack + 2.0 / HOUSEHOLDS), last


@pytest.mark.thorough
@pytest.mark.parametrize(("model", "path", "value"), [(m, path, x) for m, path, xs in POINTS for x in xs])
def test_end_states_tell_one_regime_from_two(model, path, value):
    """From low and high starts: apart where theory has three fixed points, together where it has one."""
    v = values(model, changes={path: value})
    points = fixed_points(v)
    months = 720 if model == "m2" and len(points) == 1 else 240  # facilities forget their start in decades
    low, high = (shipped({**v, **start}, months)[-12:].mean(axis=0) for start in (LOW, HIGH))
    if len(points) == 3:
        assert low.max() < points[1] < high.min()
    else:
        assert abs(low.mean() - high.mean()) < 0.25 * (points[0] - LOW["start.paid"])
        slack = stats.t.isf(ALPHA / 2, ESTATES - 1) * high.std(ddof=1) / math.sqrt(ESTATES)
        assert high.mean() == pytest.approx(points[0], abs=slack + 0.02)


def test_a_run_at_the_threshold_shows_both_regimes_with_their_weights(linli):
    """The table gives no mean where there are two modes: one near each outer fixed point, and its share of runs."""
    low, middle, high = fixed_points(values("m0"))
    options = ("--months", 24, "--replicates", 200, "--set", f"start.paid={middle:.3f}", "--set", "time.spinup=24")
    shown = re.findall(r"([\d.]+)  (low|high) in (\d+) %", linli("run", "m0", *options).out)
    assert [word for _, word, _ in shown[:2]] == ["low", "high"]
    for (mean, _, share), point in zip(shown[:2], (low, high), strict=True):
        assert float(mean) == pytest.approx(point, abs=0.02)
        assert 25 < int(share) < 75
    assert "low in" not in linli("run", "m0", *options, "--set", "household.b_social=1").out


# --- the document -----------------------------------------------------------------------------------------------

ROWS = [
    ("m0", "household.b_social", 2.5, 1.0),
    ("m0", "household.intercept", -0.02, -1.0),
    ("m0", "household.intercept", -0.02, 1.0),
    ("m1", "household.b_quality", 3.2, 1.0),
    ("m1", "household.b_social", 1.3, 0.0),
    ("m1", "household.intercept", 0.15, -1.5),
    ("m1", "household.intercept", 0.15, 1.5),
    ("m2", "household.b_quality", 3.2, 1.0),
    ("m2", "household.b_social", 1.3, 0.0),
    ("m2", "household.intercept", 0.15, -1.5),
    ("m2", "household.intercept", 0.15, 1.5),
]
"""Model, parameter, its shipped value, and a value with one regime."""


def rests() -> list[str]:
    """Return the table of fixed points, line by line."""
    lines = ["| model | low | threshold | high |", "|---|---|---|---|"]
    for model in ("m0", "m1", "m2"):
        lines.append(f"| `{model}` | " + " | ".join(f"{x:.3f}" for x in fixed_points(values(model))) + " |")
    return lines


def bounds() -> list[str]:
    """Return the table of boundaries, line by line."""
    lines = ["| model | parameter | shipped | two regimes |", "|---|---|---|---|"]
    for model, path, value, outside in ROWS:
        v = values(model)
        assert v[path] == value
        side = "above" if outside < value else "below"
        lines.append(f"| `{model}` | `{path}` | {value:g} | {side} {boundary(v, path, value, outside):.3f} |")
    return lines


@pytest.mark.parametrize("table", [rests, bounds], ids=["fixed points", "boundaries"])
def test_the_document_says_what_the_mean_field_says(table):
    assert "\n".join(table()) in DOCUMENT.read_text(encoding="utf-8")
