"""M0, M1 and M2: where one regime becomes two, by the mean field, and that the shipped models follow it.

The mean field (`mean_field.py`) is written again, from the equations and without the model's code. The numbers of
docs/regimes.md come from here.
"""

import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import linli
from estates import ALPHA, Z, built, payers, run, values
from mean_field import CLAIMED, HIGH, LOW, Estate, Values, boundary, delivered, fixed_points
from scipy import stats

from agents.rules.estate import EstateWhole as E
from agents.rules.household import HouseholdWhole as N
from sim.totals import Total

__all__ = ["linli"]  # a fixture

DOCUMENT = Path(__file__).parent.parent / "docs" / "regimes.md"
HOUSEHOLDS, ESTATES = 200, 16

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
        assert Estate.at_start({**v, **start}).path({**v, **start}, 3000)[-1] == pytest.approx(end, abs=1e-6)
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


LARGE, FEW = 2000, 3
"""Households of an estate in which chance matters little, and how many such estates."""
DRAWN = 1000
"""Estates drawn from the equations."""


def many(v: Values, households: int = HOUSEHOLDS, estates: int = ESTATES) -> dict[str, Any]:
    """Return the values for several estates in one run."""
    return {**v, "population.n_estates": estates, "population.n_households": households}


def shipped(v: Values, months: int, households: int = HOUSEHOLDS, estates: int = ESTATES) -> np.ndarray:
    """Return the share of payers of the shipped model, (month, estate)."""
    found = many(v, households, estates)
    return payers(run(built(found), found, 0, months)) / households


def unpaid_by_age(bits: np.ndarray) -> np.ndarray:
    """Return how many households of each estate owe the bill of 1, 2 ... months ago, (age, estate)."""
    shape = (-1, ESTATES, HOUSEHOLDS)
    return (bits[None] >> np.arange(CLAIMED)[:, None] & 1).reshape(shape).sum(axis=2)


@pytest.mark.parametrize("start", [LOW, HIGH], ids=["low", "high"])
@pytest.mark.parametrize(("model", "b_age"), [("m0", 0.0), ("m1", 0.0), ("m2", 0.0), ("m1", 0.5)])
def test_the_shipped_model_follows_the_equations_month_by_month(model, b_age, start):
    """Given who paid, service and what is seen are exact; given what is seen, payments are independent coins."""
    months, v = 120, many(values(model, changes={**start, "household.b_age": b_age}))
    state = built(v)
    served = replace(Estate.at_start(v), paid=state.household_n[N.PAID].reshape(ESTATES, HOUSEHOLDS).mean(axis=1))
    area = state.estate_n[E.AREA]
    coins: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {"new": [], "old": []}
    for month in range(months):
        owed = unpaid_by_age(state.household_n[N.UNPAID])  # as of last month: this month each is one older
        totals = run(state, v, month, month + 1)[0]
        served = served.serve(v)
        if model != "m0":
            seen = totals[Total.SATISFACTION] / totals[Total.N_OBSERVERS]
            assert totals[Total.SPENT] == pytest.approx(100.0 * served.spend * area, abs=0.51)
            assert totals[Total.DELIVERED] == pytest.approx(1e6 * delivered(v, served.spend), abs=0.51)
            assert totals[Total.INVISIBLE] == pytest.approx(1e6 * served.stock, abs=0.51)
            assert seen == pytest.approx(1e6 * served.seen, abs=0.51)
        chance = np.broadcast_to(served.chance(v), ESTATES)
        again = served.looked_at(v, chance)
        owed = owed[: len(again)]
        paid = payers(totals[None])[0]
        old = totals[Total.ARREARS_PAID] * HOUSEHOLDS / totals[Total.BILLED]
        coins["new"].append((paid - HOUSEHOLDS * chance, HOUSEHOLDS * chance * (1.0 - chance)))
        coins["old"].append((old - (owed * again).sum(axis=0), (owed * again * (1.0 - again)).sum(axis=0)))
        served = served.pay(v, chance, paid / HOUSEHOLDS, old / HOUSEHOLDS)
    for name, tossed in coins.items():
        off, spread = (np.concatenate(part) for part in zip(*tossed, strict=True))
        assert np.abs(off[spread == 0.0]).max(initial=0.0) < 1e-6, name  # reasons that do not rise collect nothing
        off, spread = off[spread > 0.0], spread[spread > 0.0]
        assert len(off) > months, name
        assert abs(off.sum()) < Z * math.sqrt(spread.sum()), name
        if name == "new":
            low, high = (stats.chi2.ppf(q, len(off)) for q in (ALPHA / 2, 1.0 - ALPHA / 2))
            assert low < (off**2 / spread).sum() < high


def close(found: np.ndarray, expected: np.ndarray, months: tuple[int, ...]) -> None:
    """Compare years of two samples of estates, (month, estate): their means, within the test's size."""
    for last in months:
        ours, theirs = (sample[last - 12 : last].mean(axis=0) for sample in (found, expected))
        spread = math.sqrt(theirs.var(ddof=1) * (1.0 / len(ours) + 1.0 / len(theirs)))
        slack = stats.t.isf(ALPHA / 2, len(ours) - 1) * max(spread, 1e-3)
        assert ours.mean() == pytest.approx(theirs.mean(), abs=slack), last


@pytest.mark.parametrize("start", [LOW, HIGH], ids=["low", "high"])
@pytest.mark.parametrize(("model", "path", "value"), [(m, path, x) for m, path, xs in POINTS for x in xs])
def test_small_estates_have_the_law_of_the_equations_on_both_sides(model, path, value, start):
    months = 180
    v = values(model, changes={path: value, **start})
    expected = Estate.at_start(v).drawn(v, months, HOUSEHOLDS, DRAWN)
    close(shipped(v, months), expected, (12, 60, months))


@pytest.mark.parametrize("start", [LOW, HIGH], ids=["low", "high"])
@pytest.mark.parametrize(("model", "path", "value"), [(m, path, xs[-1]) for m, path, xs in POINTS])
def test_large_estates_stay_with_the_mean_field_in_either_regime(model, path, value, start):
    months = 96
    v = values(model, changes={path: value, **start})
    theory = Estate.at_start(v).path(v, months)
    found = shipped(v, months, LARGE, FEW)
    for last in (12, 60, months):
        year = found[last - 12 : last].mean(axis=0)
        assert year == pytest.approx(theory[last - 12 : last].mean(), abs=0.02), last


@pytest.mark.thorough
@pytest.mark.parametrize(("model", "path", "value"), [(m, path, x) for m, path, xs in POINTS for x in xs])
def test_end_states_tell_one_regime_from_two(model, path, value):
    """From low and high starts, in large estates: apart where theory has three fixed points, together where one."""
    v = values(model, changes={path: value})
    points = fixed_points(v)
    if len(points) == 3:
        low, high = (shipped({**v, **start}, 120, LARGE, FEW)[-12:].mean(axis=0) for start in (LOW, HIGH))
        assert low.max() < points[1] < high.min()
        return
    months = 720 if model == "m2" else 180  # facilities forget their start in decades
    low, high = (shipped({**v, **start}, months)[-12:].mean(axis=0) for start in (LOW, HIGH))
    assert abs(low.mean() - high.mean()) < 0.25 * (points[0] - LOW["start.paid"])


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


def leavers() -> list[str]:
    """Return the table of estates that start low and are above the threshold after 20 years, line by line."""
    lines = ["| model | b_q | 200 households | 500 | 1,000 |", "|---|---|---|---|---|"]
    for model in ("m1", "m2"):
        for b_quality in (3.2, 4.0):
            v = values(model, changes={"household.b_quality": b_quality, **LOW})
            threshold, cells = fixed_points(v)[1], []
            for households in (200, 500, 1000):
                last = Estate.at_start(v).drawn(v, 240, households, DRAWN)[-12:].mean(axis=0)
                cells.append(f"{100.0 * (last > threshold).mean():.0f} %")
            lines.append(f"| `{model}` | {b_quality:g} | " + " | ".join(cells) + " |")
    return lines


@pytest.mark.thorough
def test_the_document_says_how_many_small_estates_leave_the_low_regime():
    assert "\n".join(leavers()) in DOCUMENT.read_text(encoding="utf-8")


@pytest.mark.parametrize("table", [rests, bounds], ids=["fixed points", "boundaries"])
def test_the_document_says_what_the_mean_field_says(table):
    assert "\n".join(table()) in DOCUMENT.read_text(encoding="utf-8")
