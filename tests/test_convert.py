"""Designs of other tools become studies of linli, or it is said where and why not, and nothing is written."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from command import files_under, linli
from SALib import ProblemSpec

from sim.parameters import PARAMETERS
from sim.studies.design import design_of
from sim.studies.sources import read_study

__all__ = ["linli"]  # a fixture

TABLE = """"BehaviorSpace results (NetLogo 6.4.0)","Table version 2.0"
"estate.nlogo"
"fees"
"11/02/2025 17:46:23:025 -0300"
"min-pxcor","max-pxcor","min-pycor","max-pycor"
"-17","17","-17","17"
"[run number]","street.subsidy","household.b_bailout","population.n_households","[step]","payment_rate"
"2","0.05","0.8","60","0","0.30"
"1","0.05","0.8","60","0","0.31"
"1","0.05","0.8","60","12","0.41"
"2","0.05","0.8","60","12","0.42"
"3","0.10","1.2","60","12","0.44"
"4","0.10","1.2","60","12","0.45"
"""
SPREADSHEET = """"BehaviorSpace results (NetLogo 6.4.0)","Spreadsheet version 2.0"
"estate.nlogo"
"fees"
"11/02/2025 17:46:23:025 -0300"
"min-pxcor","max-pxcor","min-pycor","max-pycor"
"-17","17","-17","17"
"[run number]","1","1","2","2","3","3","4","4"
"street.subsidy","0.05",,"0.05",,"0.1",,"0.1",
"household.b_bailout","0.8",,"0.8",,"1.2",,"1.2",
"population.n_households","60",,"60",,"60",,"60",
"[reporter]","[step]","payment_rate","[step]","payment_rate","[step]","payment_rate","[step]","payment_rate"
"[final]","12","0.41","12","0.42","12","0.44","12","0.45"
"[total steps]","12","12","12","12","12","12","12","12"

"[all run data]","[step]","payment_rate","[step]","payment_rate","[step]","payment_rate","[step]","payment_rate"
,"0","0.3","0","0.31","0","0.3","0","0.3"
"""
TWO = [[0.05, 0.8], [0.1, 1.2]]
PATHS = ("street.subsidy", "household.b_bailout")


@pytest.fixture
def convert(linli, tmp_path):
    """Give a function that writes a file, converts it and returns the study."""

    def convert(name, text, *options):
        (tmp_path / name).write_text(text, encoding="utf-8")
        said = linli("study", "convert", name, "--out", "mine", *options)
        assert (said.code, said.err) == (0, "")
        assert "written: mine/study.toml" in said.out
        return read_study(tmp_path / "mine" / "study.toml")[0]

    return convert


@pytest.mark.parametrize("text", [TABLE, SPREADSHEET, re.sub(r"(\d)\.(\d)", r"\1,\2", TABLE.replace(",", ";"))])
def test_a_table_and_a_spreadsheet_of_behaviorspace_make_the_same_study(convert, text):
    study = convert("fees.csv", text)
    design = design_of(study)
    assert (design.paths, design.matrix.tolist()) == (PATHS, TWO)
    assert (study.question, study.months, study.replicates) == ("fees", 12, 2)
    assert study.constants == {"population.n_households": 60}
    assert study.arms == (("market", None),)


def test_a_problem_of_salib_makes_ranges_and_its_sample_makes_points(convert, tmp_path):
    problem = ProblemSpec({"names": list(PATHS), "bounds": [[0.0, 0.2], [0.4, 1.2]], "num_vars": 2})
    sample = problem.sample_latin(8, seed=3).samples
    np.savetxt(tmp_path / "sample.txt", sample)
    text = json.dumps({key: problem[key] for key in ("names", "bounds", "num_vars")})
    design = design_of(convert("problem.json", text, "--sample", "sample.txt", "--replicates", 5))
    assert design.paths == PATHS
    np.testing.assert_array_equal(design.matrix, sample)
    (tmp_path / "mine").rename(tmp_path / "other")
    study = convert("problem.py", f"import SALib\nproblem = {text}\n", "--scenario", "red_station @ trapped")
    ranges = {factor.path: (factor.low, factor.high) for factor in study.factors}
    assert ranges == {PATHS[0]: (0.0, 0.2), PATHS[1]: (0.4, 1.2)}
    assert study.arms == (("red_station", "trapped"),)


@pytest.mark.parametrize("write", [json.dumps, repr, lambda told: f"parameters = {told!r}\n"])
def test_a_dictionary_of_mesa_makes_a_grid(convert, write):
    told = {
        "world": "market", "months": 6, "set": "population.n_households=60", "street_subsidy": [0.0, 0.1],
        "network.kind": PARAMETERS["network.kind"].choices[0], "iterations": 4, "rng": 7,
    }  # fmt: skip
    study = convert("batch.json" if write is json.dumps else "batch.py", write(told))
    assert (study.months, study.replicates, study.seed) == (6, 4, 7)
    assert study.constants == {"population.n_households": 60, "network.kind": 0}
    assert design_of(study).matrix.tolist() == [[0.0], [0.1]]


@pytest.mark.filterwarnings("ignore:ipyparallel not installed")
def test_experiments_of_the_ema_workbench_make_points(convert):
    from ema_workbench import Model, RealParameter, ScalarOutcome, perform_experiments

    model = Model("linli", function=lambda **values: {"y": 0.0})
    model.uncertainties = [RealParameter("street_subsidy", 0.0, 0.2), RealParameter("household_b_bailout", 0.4, 1.2)]
    model.outcomes = [ScalarOutcome("y")]
    found, _ = perform_experiments(model, scenarios=6)
    assert isinstance(found, pd.DataFrame)
    design = design_of(convert("experiments.csv", found.to_csv(index=False)))
    np.testing.assert_array_equal(design.matrix, found[[path.replace(".", "_") for path in design.paths]].to_numpy())


def test_any_table_with_other_names_is_mapped_as_said(convert):
    text = "nr;Zuschuss;Kredit;Notiz\n1;0,05;0,8;a\n2;0,10;1,2;b\n"
    options = ("--rename", "Zuschuss=street.subsidy", "--rename", "Kredit=household.b_bailout", "--leave-out", "Notiz")
    assert design_of(convert("punkte.csv", text, *options, "--leave-out", "nr")).matrix.tolist() == TWO


@pytest.mark.parametrize(
    ("name", "text", "options", "why"),
    [
        ("a.csv", TABLE.replace("street.subsidy", "subsidys"), (), "a.csv:8: subsidys is not a parameter; did you"),
        ("a.csv", TABLE.replace("subsidy", "subsidies"), (), '--rename "street.subsidies=group.name", or --leave-out'),
        ("a.csv", TABLE.replace('"0.10"', '"x"'), (), 'a.csv:12: street.subsidy = "x" is text, not a number'),
        ("a.csv", TABLE.replace('"1.2"', '"99"'), (), "a.csv:12: household.b_bailout = 99 logit is outside"),
        ("a.csv", TABLE.replace("Table", "Lists"), (), "tells no design; convert the table or the spreadsheet"),
        ("a.csv", TABLE.partition('"[run')[0], (), "without a row that begins with [run number]"),
        ("a.csv", TABLE.partition('"2"')[0], (), "without a single run"),
        ("a.csv", "", (), "a.csv: the file is empty"),
        ("a.csv", "street.subsidy\n0.1\n", ("--rename", "x"), "--rename x: write --rename NAME=group.name"),
        ("a.csv", "street.subsidy\n0.1\n", ("--sample", "a.csv"), "--sample a.csv: belongs to a problem of SALib"),
        ("a.csv", "street.subsidy\n0.1\n", ("--scenario", "markt"), "the study that it makes is refused: study.toml"),
        ("a.csv", "street.subsidy\n0.1\n", ("--months", 0), "is refused: study.toml:3: months = 0"),
        ("a.csv", "time.spinup\n1\n2\n", (), "a.csv:1: time.spinup takes several values, and studies leave it alone"),
        ("a.csv", "street.subsidy,street_subsidy\n0.1,1\n", (), "a.csv:1: two columns stand for street.subsidy"),
        ("a.py", "x = {'street.subsidy': range(3)}", (), "a.py: is computed, and nothing is executed here"),
        ("a.py", "x = (", (), "a.py:1: neither JSON nor Python"),
        ("a.json", "[1]", (), "a.json: holds a list, not a dictionary"),
        ("a.json", '{"names": ["x"], "bounds": [[0, 1]]}', (), "a.json: x is not a parameter"),
        ("a.json", '{"names": ["street.subsidy"], "bounds": [0]}', (), "bounds of a problem of SALib are a list with"),
        ("a.json", '{"street.subsidy": [0], "seed": [1, 2]}', (), "a.json: seed = [...]; several seeds: say --repl"),
        ("a.json", '{"street.subsidy": [null]}', (), "a.json: street.subsidy = None is NoneType, not a number"),
    ],
)  # fmt: skip
def test_what_cannot_be_mapped_is_told_and_nothing_is_written(linli, tmp_path, name, text, options, why):
    (tmp_path / name).write_text(text, encoding="utf-8")
    said = linli("study", "convert", name, "--out", "mine", *options)
    assert said.code == 2
    assert why in said.err
    assert said.err.count("\n") == 1
    assert set(files_under(tmp_path)) == {name}
    assert not (tmp_path / "mine").exists()


def test_a_folder_that_holds_something_is_left_alone(linli, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("x")
    (tmp_path / "a.csv").write_text("street.subsidy\n0.1\n")
    assert "mine is not empty (it holds notes.txt)" in linli("study", "convert", "a.csv", "--out", "mine").err
