"""Where nobody bills nobody pays: every analysis counts such a run with 0 and leaves none out."""

import numpy as np
import pytest
from small_studies import SMALL

import sim
from sim.outcomes import OUTCOMES
from sim.studies import alternatives, equal_money, later, run
from sim.studies.runner import open_study
from sim.studies.store import read_store
from sim.unbilled import UNBILLED, with_unbilled

GIVEN_UP = {"station.loss_base": 2.0, "community.loss_months": 1.0, "population.n_households": 20, "time.spinup": 14}
"""A station that no money is enough for, and that has no patience: from the second month on nobody serves."""
MONTHS, REPLICATES = 30, 6


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("unbilled") / "study"
    asked = {
        "scenarios": ["market @ trapped", "red_station @ trapped"], "months": MONTHS, "replicates": REPLICATES,
        "outcomes": list(equal_money.NEEDED), "keep": ["series"], "at": [0, MONTHS], "constants": GIVEN_UP,
    }  # fmt: skip
    run(SMALL | asked, path, threads=1)
    return path


def test_the_station_is_given_up_in_every_run_and_its_outcome_is_missing(folder):
    found = open_study(read_store(folder))
    runs = sim.studies.open(folder).runs
    assert runs[runs["scenario"] == "red_station"]["payment_rate"].isna().all()
    assert set(runs["status"]) == {"ok"}
    assert later.values_after(found, "payment_rate", [MONTHS])[0][1].tolist() == [[0.0] * REPLICATES]


def test_equal_money_counts_them(folder):
    _, station = equal_money.forms_of(folder)
    assert station.more("payment_rate").n == REPLICATES
    assert station.mean("payment_rate").mean == 0.0
    assert station.more("payment_rate").mean < 0


def test_alternatives_count_them(tmp_path):
    asked = {
        "scenarios": ["market @ trapped", "red_station @ trapped"], "months": MONTHS, "replicates": REPLICATES,
        "outcomes": ["payment_rate"], "constants": GIVEN_UP,
        "factors": {"structure.choice": {"values": ["probit"]}}, "sampling": {"method": "oat"},
    }  # fmt: skip
    run(SMALL | asked, tmp_path / "study", threads=1)
    assert [pair.mean.n for pair in alternatives.pairs_of(tmp_path / "study")] == [REPLICATES] * 2


def test_crossings_and_ablations_count_them():
    options = {"place": "trapped", "months": MONTHS, "replicates": REPLICATES, "seed": 3}
    settings = [f"{path}={value}" for path, value in GIVEN_UP.items()]
    crossed = sim.crossing("red_station", "market", over="station.fee", values=(0.3, 0.5, 0.7), set=settings,
                           outcome="payment_rate", **options)  # fmt: skip
    assert crossed.table["n"].tolist() == [REPLICATES] * 3
    assert crossed.table["missing"].tolist() == [0] * 3
    ablated = sim.ablate("red_station", rivals=["market"], outcomes=["payment_rate"], set=settings, **options)
    whole = ablated.table[ablated.table["row"] == "whole"]
    assert whole["missing"].tolist() == [0]
    assert whole["mean"].item() < 0


def test_failed_runs_stay_without_a_number_and_other_outcomes_are_left():
    assert np.isnan(with_unbilled("service", np.array([np.nan]))).all()
    assert with_unbilled("payment_rate", np.array([np.nan, 0.5])).tolist() == [0.0, 0.5]
    for name in UNBILLED:
        assert "missing without bills" in OUTCOMES[name].about or OUTCOMES[name].label.startswith("Bills paid"), name
