"""In which direction a factor moves an outcome, what a screening leaves over, and what the words say of both."""

import numpy as np
import pandas as pd
import pytest
from function_models import RANGES, ishigami, put_in_place, study_of

import sim.sensitivity
from sim.sensitivity.choice import shares_over_all
from sim.sensitivity.words import words
from sim.studies.sources import read_study

LINE = 8.0


def line(x: np.ndarray) -> np.ndarray:
    """Rise by 8 over the range of the first factor, fall by 4 over that of the second, and stay over the third's."""
    return LINE * x[:, 0] - LINE / 2 * x[:, 1] + 0.0 * x[:, 2]


@pytest.fixture
def on_a_line(monkeypatch):
    monkeypatch.setitem(RANGES, line, [[0.0, 1.0]] * 3)
    put_in_place(monkeypatch, line)


METHODS = [("sobol", 256), ("fast", 257), ("rbd_fast", 1024), ("pawn", 1024), ("shapley", 400)]


@pytest.mark.parametrize(("method", "n"), METHODS)
def test_means_of_quarters_of_a_range_are_those_of_a_line(on_a_line, tmp_path, method, n):
    """On a line the mean of a quarter is the value in its middle."""
    found = sim.sensitivity.run(study_of(line, method, n, luck="common"), tmp_path / "found")
    table = found.profiles[found.profiles["statistic"] == "mean"].set_index(["factor", "part"])
    middle = (np.arange(4) + 0.5) / 4
    first, second = ("household.b_quality", "household.b_trust")
    np.testing.assert_allclose(table.loc[first, "mean"], LINE * middle - LINE / 4, atol=0.35)
    np.testing.assert_allclose(table.loc[second, "mean"], LINE / 2 - LINE / 2 * middle, atol=0.6)
    assert (table["low"] < table["mean"]).all()
    assert table.loc[first, "from"].tolist() == [0.0, 0.25, 0.5, 0.75]
    assert table.loc[first, "to"].tolist() == [0.25, 0.5, 0.75, 1.0]


def test_intervals_of_quarters_hold_the_truth(monkeypatch, tmp_path):
    """As often as 95 % intervals do: 40 studies, 4 quarters of the factor that counts."""
    monkeypatch.setitem(RANGES, line, [[0.0, 1.0]] * 3)
    put_in_place(monkeypatch, line, noise=2.0)
    inside = []
    for seed in range(40):
        found = sim.sensitivity.run(study_of(line, "sobol", 64, seed=seed), tmp_path / str(seed))
        table = found.profiles[found.profiles["statistic"] == "mean"].set_index("factor").loc["household.b_quality"]
        truth = LINE * (np.arange(4) + 0.5) / 4 - LINE / 4
        inside.append((table["low"] <= truth) & (truth <= table["high"]))
    assert np.mean(inside) >= 0.90


def test_a_factor_with_values_has_one_part_for_each(monkeypatch, tmp_path):
    put_in_place(monkeypatch, lambda x: x[:, 0])
    study = study_of(ishigami, "sobol", 64)
    study["factors"] = {"household.b_quality": {"values": [1.0, 2.0, 5.0]}}
    found = sim.sensitivity.run(study, tmp_path / "found")
    table = found.profiles[found.profiles["statistic"] == "mean"]
    assert table["mean"].tolist() == pytest.approx([1, 2, 5])
    assert table["from"].tolist() == table["to"].tolist() == [1.0, 2.0, 5.0]


def test_words_say_where_the_outcome_is_high(on_a_line, tmp_path):
    found = sim.sensitivity.run(study_of(line, "sobol", 256, luck="common"), tmp_path / "found")
    text = " ".join(words(found, "found"))
    table = found.profiles[found.profiles["statistic"] == "mean"].set_index(["factor", "part"])["mean"]
    low, high = table["household.b_quality", 0], table["household.b_quality", 3]
    assert f"household.b_quality 0.8 ({low:.2g} → {high:.2g})" in text
    assert low < 0 < high


def test_of_a_screening_words_have_the_sign_of_the_effect(on_a_line, tmp_path):
    found = sim.sensitivity.run(study_of(line, "morris", 20, luck="common"), tmp_path / "found")
    assert len(found.profiles) == 0
    assert "influential household.b_quality 8 (+8), household.b_trust 4 (-4)" in " ".join(words(found, "found"))


# --- what a screening leaves over -------------------------------------------------------------------------------------


def ranking(*rows: tuple[str, str, float, bool]) -> pd.DataFrame:
    names = ["target", "factor", "value", "influential"]
    constant = {"place": "p", "start": "own", "outcome": "o", "index": "mu_star"}
    return pd.DataFrame(rows, columns=names).assign(**constant)


def test_shares_worked_out_by_hand():
    """Differences count as much as scenarios, what is noise not at all, and the dummy is no factor."""
    table = ranking(
        ("red − market", "a", 4.0, True), ("red − market", "b", 2.0, True), ("red − market", "dummy", 9.0, False),
        ("red", "a", 1.0, False), ("red", "b", 5.0, True), ("red", "dummy", 0.0, False),
        ("market", "a", 3.0, True), ("market", "b", 6.0, True), ("market", "dummy", 0.0, False),
    )  # fmt: skip
    assert shares_over_all(table).to_dict() == {"b": (0.5 + 1) / 2, "a": (1 + 0.25) / 2}


def test_a_screening_names_what_it_leaves_over_and_other_methods_do_not(on_a_line, tmp_path):
    for method, n in (("morris", 20), ("sobol", 64)):
        found = sim.sensitivity.run(study_of(line, method, n, luck="common"), tmp_path / method)
        last = [part for part in words(found, "found") if part.startswith("Left over for Sobol indices")]
        if method == "morris":
            assert last[0].endswith("household.b_quality 1.00, household.b_trust 0.50.")
        else:
            assert last == []


def test_the_ranking_is_the_small_end_of_the_indices(on_a_line, tmp_path):
    found = sim.sensitivity.run(study_of(line, "sobol", 64), tmp_path / "found")
    assert found.ranking["index"].unique().tolist() == ["ST"]
    kept = pd.read_parquet(tmp_path / "found" / "ranking.parquet")
    table = found.indices[(found.indices["statistic"] == "mean") & (found.indices["index"] == "ST")]
    assert kept["value"].tolist() == table["value"].tolist()


# --- a high start -----------------------------------------------------------------------------------------------------


def test_a_start_from_elsewhere_is_that_of_the_policy_month(tmp_path):
    """After one month payment is near the other place's, which a spin-up of years would have worn away."""
    study = {
        "question": "Is the start high?",
        "scenarios": ["market @ trapped"],
        "months": 8,
        "replicates": 2,
        "seed": 3,
        "outcomes": ["cost_covered", "payment_rate"],
        "constants": {"population.n_households": 100},
        "factors": {"household.b_trust": {}},
        "sensitivity": {"method": "morris", "n": 2, "at": [8], "starts": ["healthy"], "luck": "common"},
    }
    plan = read_study(study)[0].sensitivity
    assert dict(plan.starts)["healthy"]["time.spinup"] == 0
    sim.sensitivity.run(study, tmp_path / "found")
    series = sim.studies.open(tmp_path / "found" / "study").series
    by_start = series.groupby(series["point"] % 2)["payment_rate"].mean()
    assert by_start[1] > by_start[0] + 0.1
