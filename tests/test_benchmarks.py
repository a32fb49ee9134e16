"""The benchmark measures what it says: implementations that agree, thresholds as they were set, a run that ends."""

import json
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from benchmarks import agreement, frames_peer, oracle, plain_mesa
from benchmarks.__main__ import measured
from benchmarks.core import ESTATE, NEIGHBOURS, Core, Outcome, make_core, neighbours
from benchmarks.figure import draw
from benchmarks.measure import Subject, interleaved
from benchmarks.names import COMPILED, FLOOR, LARGE, RUN_MARKET, THREADS
from benchmarks.report import report
from benchmarks.sizes import FULL, QUICK
from benchmarks.thresholds import Threshold, flatness, thresholds

FOLDER = Path(oracle.__file__).parent
TINY = replace(
    QUICK,
    rounds=1,
    households=24,
    months=6,
    runs=2,
    widths=(24, 1_000),
    slow_width=24,
    counts=(1, 2),
    district=(2, 24),
    large=(2, 24),
    phase_estates=2,
    few=2,
    many=3,
    small=(24, 6, 6),
)


@pytest.fixture(scope="module")
def core() -> Core:
    """Two estates, the second smaller, for a year."""
    return make_core(ESTATE + 20, 12)


@pytest.fixture(scope="module")
def expected(core) -> Outcome:
    return oracle.run(core)


# --- the core -----------------------------------------------------------------------------------------------------


def test_neighbours_are_eight_others_of_the_same_estate():
    start, target = neighbours(ESTATE + 20, 3)
    assert np.array_equal(np.diff(start), np.full(ESTATE + 20, NEIGHBOURS))
    rows = target.reshape(-1, NEIGHBOURS)
    own = np.arange(ESTATE + 20)[:, None]
    assert ((rows // ESTATE) == (own // ESTATE)).all()
    assert (rows != own).all()
    assert all(len(set(row)) == NEIGHBOURS for row in rows.tolist())


@pytest.mark.parametrize("model", [plain_mesa.PaymentModel, plain_mesa.LeanModel])
def test_plain_mesa_agrees_with_the_oracle_in_every_bit(core, expected, model):
    assert agreement.compared(plain_mesa.run(core, model), expected) == agreement.SAME


@pytest.mark.skipif(find_spec("agentpy") is None, reason="agentpy is installed by make benchmark alone")
def test_agentpy_agrees_with_the_oracle_in_every_bit(core, expected):
    from benchmarks import in_agentpy

    assert agreement.compared(in_agentpy.run(core), expected) == agreement.SAME


@pytest.mark.skipif(not frames_peer.is_there(), reason="mesa-frames is installed by make benchmark alone")
def test_mesa_frames_agrees_with_the_oracle_in_every_bit(core, expected):
    with frames_peer.Frames(core) as peer:
        assert peer.one_round() > 0
        assert agreement.compared(peer.outcome(), expected) == agreement.SAME


def test_the_core_has_a_life(expected):
    """Who pays depends on service and neighbours, so that agreement says something."""
    assert len(set(expected.payers.tolist())) > 6
    assert 0 < expected.payers.min() < expected.payers.max() < len(expected.habit)
    assert len(set(expected.quality.tolist())) == len(expected.quality)


@pytest.mark.parametrize("part", ["payers", "quality", "habit"])
def test_one_bit_of_difference_is_told(expected, part):
    changed = getattr(expected, part).copy()
    changed.view(np.int64)[-1] ^= 1
    assert agreement.compared(replace(expected, **{part: changed}), expected).startswith("NOT THE SAME")


def test_a_saved_core_is_the_same(core, tmp_path):
    core.save(tmp_path / "core.npz")
    again = Core.load(tmp_path / "core.npz")
    assert oracle.run(again).same_bits(oracle.run(core))


def test_engines_and_floor_agree():
    found = [*agreement.engines(24, 6, 2), agreement.floors(24, 6)]
    assert [check.found for check in found] == [agreement.SAME] * 3


# --- timing and judging --------------------------------------------------------------------------------------------


def test_rounds_are_interleaved_warm_and_their_median_counts():
    order: list[str] = []

    def subject(name: str, *seconds: float) -> Subject:
        left = iter((99.0, *seconds))
        return Subject(name, lambda: order.append(name) or next(left), household_months=10, runs=2)

    a, b = subject("a", 3e-8, 1e-8, 8e-8), subject("b", 1e-8, 1e-8, 1e-8)
    interleaved([a, b], 3)
    assert "".join(order) == "ab" + "ab" + "ba" + "ab"
    assert a.ns == pytest.approx(3)
    assert a.span == pytest.approx((1, 8))
    assert a.runs_per_second == pytest.approx(2 / 3e-8)


@pytest.mark.parametrize(
    ("found", "at_least", "verdict"),
    [
        (3.0, False, "reached"),
        (3.0000001, False, "not reached"),
        (3.0, True, "reached"),
        (2.9999999, True, "not reached"),
        (float("nan"), False, "not reached"),
        (None, True, "not measured"),
    ],
)
def test_a_threshold_is_reached_or_not(found, at_least, verdict):
    assert Threshold("speed", "times", 3.0, found, at_least).verdict == verdict


def test_flatness_leaves_out_small_estates():
    assert flatness([(100, 900.0), (1_000, 100.0), (10_000, 120.0), (100_000, 150.0)]) == pytest.approx(1.5)
    assert flatness([(100, 900.0), (1_000, 100.0)]) is None


def judged(**changes):
    """Judge a few numbers: name -> verdict and number."""
    results = {
        "rows": [{"name": COMPILED, "ns": 120.0}, {"name": FLOOR, "ns": 40.0}],
        "starts": {RUN_MARKET: 1.9},
        "memory": {LARGE: 2**30},
        "households": {},
        "district": {"months": 2.0, "whole": 4.0},
        "cold": None,
    }
    return {t.what: (t.verdict, t.found) for t in thresholds(results | changes, FULL)}


def test_the_bounds_are_those_that_were_set():
    verdicts = judged()
    assert verdicts["compiled, months alone, over the floor loop, 1 thread"] == ("reached", 3.0)
    assert verdicts["the same, aim"] == ("not reached", 3.0)
    assert verdicts["linli run market, warm"] == ("reached", 1.9)
    assert verdicts["linli list"] == ("not measured", None)
    assert verdicts["peak memory, 1,000,320 households x 120 months"] == ("reached", 1.0)
    assert verdicts["the same, a whole call: population, spin-up, months"] == ("not reached", 4.0)
    slower = judged(rows=[{"name": COMPILED, "ns": 120.1}, {"name": FLOOR, "ns": 40.0}])
    assert slower["compiled, months alone, over the floor loop, 1 thread"][0] == "not reached"


# --- the whole -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def results():
    """Measure everything once, at sizes where it takes seconds; through JSON, as it is kept."""
    return json.loads(json.dumps(measured(TINY, quick=True)))


@pytest.mark.thorough
def test_everything_is_measured(results):
    named = [row["name"] for row in results["rows"]] + results["absent"]
    assert len(named) == len(set(named)) == 12
    assert all(row["ns"] > 0 and row["runs_per_second"] > 0 for row in results["rows"])
    assert {check[2] for check in results["checks"]} == {agreement.SAME}
    assert [size for size, _ in results["households"][COMPILED]] == list(TINY.widths)
    assert all(2**23 < bytes_ < 2**32 for bytes_ in results["memory"].values())
    assert all(ns > 0 for ns in results["phases"].values())
    assert {t["verdict"] for t in results["thresholds"]} <= {"reached", "not reached", "not measured"}
    assert [t["what"] for t in results["thresholds"] if t["verdict"] == "not measured"] == [
        "dearest over cheapest household-month, 10^3 to 10^6 households",
        "linli run market, nothing compiled yet",
    ]


@pytest.mark.thorough
def test_calls_are_counted(results):
    """Somebody at home draws a block a month, and decides with a logistic or its inverse."""
    assert 0.8 < results["counts"]["philox"] < 20
    assert results["counts"]["logistic"] + results["counts"]["logit"] > 0.5
    assert results["counts"]["exp"] >= results["counts"]["logistic"]


@pytest.mark.thorough
def test_the_report_says_what_was_not_reached(results):
    missed = {"what": "speed of light", "unit": "m/s", "bound": 3.0, "found": 4.0, "at_least": False}
    page = report({**results, "thresholds": [{**missed, "verdict": "not reached"}]})
    assert "| speed of light | at most 3 | 4 | m/s | **not reached** |" in page
    assert "A quick run at small sizes" in page
    assert f"floor loop, {THREADS} threads" in page


@pytest.mark.thorough
def test_results_name_neither_host_nor_folder(results):
    told = json.dumps(results) + report(results)
    assert str(FOLDER.parent) not in told
    assert str(Path.home()) + "/" not in told
    assert set(results["machine"]) == {
        "date", "processor", "cores", "memory_gib", "system", "python", "versions", "commit",
    }  # fmt: skip


@pytest.mark.thorough
def test_the_figure_is_drawn(results, tmp_path):
    draw(results, tmp_path / "cost.png")
    assert (tmp_path / "cost.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-mesa-frames.txt"])
def test_peers_are_pinned(name):
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    assert all(line.startswith("#") or "==" in line for line in lines)
