"""`linli sensitivity`: what it writes and says, its exit codes, and the size of the shipped studies."""

import json
from pathlib import Path

import pandas as pd
import pytest
from function_models import ishigami, put_in_place, study_of
from test_null import SECOND_NAMES

from sim.cli import main
from sim.outcomes import OUTCOMES
from sim.studies.design import design_of
from sim.studies.sources import read_study, toml

MOST_RUNS = 300_000
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def study(monkeypatch, tmp_path):
    put_in_place(monkeypatch, ishigami, noise=1.0)
    monkeypatch.setattr("sim.readiness.is_cold", lambda: False)
    path = tmp_path / "mine.toml"
    path.write_text(toml(study_of(ishigami, "sobol", 64)), encoding="utf-8")
    return path


def linli(*words: object) -> int:
    return main(["sensitivity", *map(str, words)])


def test_it_writes_indices_words_and_figures_and_goes_on(study, tmp_path, capsys):
    out = tmp_path / "found"
    assert linli(study, "--out", out) == 0
    assert "Sobol indices with n = 64: 3 factors and a dummy" in capsys.readouterr().out
    written = {path.name for path in out.iterdir()}
    assert {"indices.parquet", "stopping.parquet", "convergence.parquet", "words.txt"} <= written
    assert (out / "matters_market_trapped.png").stat().st_size > 10_000
    indices = pd.read_parquet(out / "indices.parquet")
    assert set(indices["factor"]) == {"household.b_quality", "household.b_trust", "household.b_social", "dummy"}
    assert linli(out, "--n", 128, "--no-figures") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "n = 128" in said
    assert f"linli sensitivity {out} --n 256 doubles the sample and keeps every run" in said


def test_options_take_the_place_of_what_the_study_says(study, tmp_path, capsys):
    out = tmp_path / "found"
    options = ("--method", "morris", "--trajectories", 5, "--luck", "common", "--replicates", 3, "--json")
    assert linli(study, *options, "--out", out, "--no-figures") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["words"][0].startswith("Elementary effects (Morris) with n = 5: 3 factors and a dummy, 25 rows")
    assert "the same 3 lucks at every point" in told["words"][0]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["{study}"], "the runs need a folder: --out DIR"),
        (["{study}", "--method", "morris", "--out", "{out}"], "morris: the study's n is for another method; add --n."),
        (["{study}", "--method", "sobl", "--n", "64", "--out", "{out}"], "called \"sobl\"; did you mean sobol?"),
        (["{study}", "--method", "foo", "--out", "{out}"], 'no method is called "foo"; there are: delta, dgsm,'),
        (["{study}", "--replicates", "1", "--out", "{out}"], "with the options given, replicates: from 1 replicate"),
        (["first_study", "--out", "{out}"], "the study has no [sensitivity]"),
        (["screning", "--out", "{out}"], "did you mean screening"),
    ],
)
def test_mistakes_are_told_in_one_paragraph(study, tmp_path, capsys, words, told):
    assert linli(*(word.format(study=study, out=tmp_path / "found") for word in words)) == 2
    assert told in " ".join(capsys.readouterr().err.split())


def test_what_is_settled_cannot_be_changed_in_a_folder(study, tmp_path, capsys):
    out = tmp_path / "found"
    assert linli(study, "--out", out, "--no-figures") == 0
    assert linli(out, "--luck", "common") == 2
    assert "--luck is settled in" in capsys.readouterr().err
    assert linli(study, "--out", out) == 2
    assert "holds an analysis already" in " ".join(capsys.readouterr().err.split())


# --- the shipped studies ---------------------------------------------------------------------------------------------


def test_the_shipped_studies_together_need_no_more_runs_than_allowed():
    runs = 0
    for name in ("screening", "sobol"):
        study, _ = read_study(name)
        runs += len(design_of(study)) * len(study.arms) * int(study.replicates)
    assert runs <= MOST_RUNS


@pytest.mark.parametrize("name", ["screening", "sobol"])
def test_a_shipped_study_asks_for_what_it_is_there_for(name):
    study, _ = read_study(name)
    plan = study.sensitivity
    pairs = {(study.arms[k], study.arms[base]) for k, base in plan.differences}
    assert pairs == {
        (("red_station", "trapped"), ("market", "trapped")),
        (("red_alliance", "managed"), ("market", "managed")),
    }
    assert set(study.outcomes) == {"payment_rate", "cost_covered", "unresolved", "settled_3"} <= set(OUTCOMES)
    assert {36, 120} <= set(plan.at)
    assert [start for start, _ in plan.starts] == ["own", "healthy"]


def test_sobol_takes_what_the_committed_screening_leaves_over():
    from sim.sensitivity.choice import shares_over_all

    left = shares_over_all(pd.read_parquet(ROOT / "results" / "reference" / "screening" / "ranking.parquet"))
    study, _ = read_study("sobol")
    assert set(study.sensitivity.paths) == set(left.index[: len(study.sensitivity.paths)])


def test_every_form_is_screened_in_a_place_where_it_could_exist():
    """But those that are another form bit for bit (`tests/test_null.py`)."""
    from sim.scenarios import list_scenarios
    from sim.studies.worlds import base_worlds

    study, _ = read_study("screening")
    forms = {info.name for info in list_scenarios() if info.kind == "form"} - set(SECOND_NAMES)
    assert {scenario for scenario, _ in study.arms} == forms
    assert all(world.feasible or world.label == "market" for world in base_worlds(study))
