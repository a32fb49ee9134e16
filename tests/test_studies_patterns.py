"""Which observed patterns a study reaches: measures and counts by hand, the shipped file, and the command."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from command import linli
from matplotlib.figure import Figure
from small_studies import SMALL

from sim.errors import InputError
from sim.facts import facts
from sim.figures.patterns import draw_patterns, shares_of_points
from sim.studies import open as open_study
from sim.studies import patterns, run
from sim.studies import patterns_told as told
from sim.studies.patterns import EXIT, FIRM, Arm
from sim.studies.sources import read_study
from sim.studies.tolerances import read_patterns

__all__ = ["linli"]  # a fixture

NAN, INF = math.nan, math.inf
FILE = """
[[row]]
name = "two thirds"
source = "E1"
arm = "first"
measure = "after"
outcome = "payment_rate"
months = 2
target = 0.6
below = 0.1
above = 0.2
[[row]]
name = "leaves"
source = "E1"
arm = "second"
measure = "first_exit"
target = 6
below = 2
above = 2
[patterns]
"E1" = ["two thirds", "leaves"]
"E1, once" = ["leaves"]
[keeps]
arm = "second"
where = ["E1"]
share = 0.5
paid = 0.8
near = 0.1
"""


def read(folder: Path, text: str = FILE):
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return read_patterns(path)


def row(measure: str, **more: object):
    (found,) = (each for each in read_patterns().rows if each.name == "two thirds paid")
    return found.model_copy(update={"measure": measure, "outcome": None, "months": None, **more})


def arm_of(present: list[list[list[int]]], exits: object = NAN) -> Arm:
    shown = np.array(present, float)
    ends = np.broadcast_to(np.array(exits, float), shown.shape[:2])
    return Arm({EXIT: ends}, {FIRM: shown}, shown[..., 0], np.zeros(shown.shape[:2]))


# --- measures -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("present", "stay", "nobody"),
    [
        ([1, 1, 0, 0, 1, 1, 1, 0, 0, 0], 3, 1.0),
        ([1, 1, 0, 0, 1, 1, 1, 0, 0, 1], 3, 0.0),  # a third came in the third month
        ([1, 1, 0, 0, 1, 1, 1, 1, 0, 0], 4, NAN),  # the run ends before three months are over
        ([1, 1, 0, 0, 1, 1, 1, 1, 1, 1], INF, NAN),
        ([1, 1, 0, 0, 0, 0, 0, 0, 0, 0], NAN, NAN),
        ([1] * 10, NAN, NAN),
        ([0, 1, 0, 1, 1, 0, 0, 0, 0, 0], 2, 1.0),  # the first comes later
        ([0] * 10, NAN, NAN),
    ],
)
def test_the_second_firm_by_hand(present, stay, nobody):
    arm = arm_of([[present]])
    assert patterns.measured(arm, row("second_stay")).tolist() == pytest.approx([stay], nan_ok=True)
    assert patterns.measured(arm, row("none_after", months=3)).tolist() == pytest.approx([nobody], nan_ok=True)


def test_what_runs_come_to_is_a_mean_over_those_that_have_it():
    arm = arm_of([[[0, 0, 1], [0, 0, 0]], [[0, 1, 1], [1, 0, 0]]], [[4, 8], [NAN, 6]])
    assert patterns.measured(arm, row("first_exit")).tolist() == [6, INF]  # one never leaves
    assert patterns.measured(arm, row("longest_exit")).tolist() == [8, 6]
    assert patterns.measured(arm, row("none_before", months=2)).tolist() == [1, 0]
    assert patterns.measured(arm, row("none_before", months=3)).tolist() == [0.5, 0]
    assert np.isnan(patterns.measured(arm_of([[[1, 1]]]), row("longest_exit"))).all()
    months = np.array([[[0.1, 0.5], [0.3, NAN]]])
    rates = Arm({"voice": np.array([[0.2, NAN]])}, {"payment_rate": months}, np.ones((1, 2)), np.ones((1, 2)))
    assert patterns.measured(rates, row("end", outcome="voice")).tolist() == [0.2]
    assert patterns.measured(rates, row("after", outcome="payment_rate", months=1)).tolist() == pytest.approx([0.2])
    assert patterns.measured(rates, row("after", outcome="payment_rate", months=2)).tolist() == [0.5]


@pytest.fixture
def by_hand(tmp_path):
    """Five points of two runs: both reached; one at its edge; too long; never; no value."""
    rates = [[0.6, 0.6], [0.5, 0.5], [0.6, 0.7], [0.81, 0.81], [NAN, NAN]]
    exits = [[4, 8], [8, 8], [8, 9], [6, 6], [6, NAN]]
    shown = np.array([[[NAN, rate] for rate in of] for of in rates])
    first = Arm({}, {"payment_rate": shown}, np.ones((5, 2)), np.ones((5, 2)))
    has = np.array([[1, 0], [1, 1], [1, 1], [1, 1], [1, 1]])
    paid = np.array([[0.8, 0.8], [0.9, 0.95], [0.8, 0.8], [0.8, 0.8], [0.8, 0.8]])
    second = Arm({EXIT: np.array(exits, float)}, {}, has, paid)
    return patterns.count({"first": first, "second": second}, read(tmp_path))


def test_counts_by_hand(by_hand):
    assert [each.yes.tolist() for each in by_hand.rows] == [
        [True, True, True, False, False],
        [True, True, False, True, False],
    ]
    both = [True, True, False, False, False]
    assert [each.yes.tolist() for each in by_hand.patterns] == [both, by_hand.rows[1].yes.tolist()]
    assert by_hand.rows[0].there.tolist() == [True] * 4 + [False]
    assert by_hand.together["E1", "E1, once"].yes.sum() == 2
    assert (by_hand.matched, by_hand.of_any, by_hand.kept_any) == (2, 3, 0)  # a run had no firm, and no firm stayed
    assert (by_hand.of, by_hand.kept) == (2, 0)  # of those three, one paid 0.95


def test_tables_lines_and_page_by_hand(by_hand):
    rows, pairs = told.rows_of(told.columns(by_hand)), told.rows_of(told.together(by_hand))
    assert [(each["reached"], each["points"], each["all"]) for each in rows] == [
        (3, 4, 5), (3, 5, 5), (2, 4, 5), (3, 5, 5), (0, 2, 2), (0, 3, 2),
    ]  # fmt: skip
    assert [each["nearest"] for each in rows[:2]] == [0.6, 6]
    assert [each["first"] for each in rows] == [0, 0, 0, 0, -1, -1]
    assert pairs[0]["by_chance"] == pytest.approx(5 * 0.4 * 0.6)
    lines = told.lines(rows, pairs)
    assert lines[0].startswith("E1, two thirds: 0.5 to 0.8 reached at 60.0 % of 5 points, 4 have a value; median 0.625")
    assert lines[-1] == "E1 with E1, once: 2 points"
    page = told.page(rows, pairs)
    assert "| E1 | leaves | 6 | 4 to 8 | 60.0 % (23.1 to 88.2) | 8 | 6 |" in page
    assert "where 0.70 to 0.90 is paid then, in 0 of 2 runs, 0.0 % (0.0 to 65.8); asked for is 50 %" in page
    assert "Where anything is paid, it keeps it in 0 of 3, 0.0 % (0.0 to 56.1)." in page
    assert "| E1 | E1, once |" not in page  # of one fact


def test_patterns_by_a_factor_by_hand(by_hand):
    split = told.rows_of(told.by_factor(by_hand, "structure.billing_period", [1, 12, 1, 1, 12]))
    assert [(row["pattern"], row["value"], row["reached"], row["all"]) for row in split] == [
        ("E1", "1", 1, 3), ("E1", "12", 1, 2), ("E1, once", "1", 2, 3), ("E1, once", "12", 1, 2),
    ]  # fmt: skip
    page = told.page(told.rows_of(told.columns(by_hand)), [], split)
    assert "| pattern | 1 | 12 |" in page
    assert "| E1 | 33.3 % (6.1 to 79.2) | 50.0 % (9.5 to 90.5) |" in page


def test_where_nothing_matches_nothing_is_said(by_hand):
    rows = told.rows_of(told.columns(replace(by_hand, matched=0, kept=0, of=0, kept_any=0, of_any=0)))
    assert "so nothing can be said" in told.page(rows, [])


def test_the_figure_draws_the_shares(by_hand):
    rows = told.rows_of(told.columns(by_hand))
    ax = Figure().subplots()
    drawn = shares_of_points(ax, rows, told.ROW)
    assert drawn == {"E1: two thirds": 0.6, "E1: leaves": 0.6}
    assert [patch.get_width() for patch in ax.patches] == [0.6, 0.6]
    assert len(draw_patterns(rows).axes) == 2


# --- the file -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('measure = "first_exit"', 'measure = "exit"', "is not one of"),
        ("months = 2\n", "", 'measure = "after" needs months'),
        ('"first_exit"', '"first_exit"\nmonths = 2', 'measure = "first_exit" has no months; leave it out'),
        ('"payment_rate"', '"payment_rat"', "payment_rat is not an outcome; did you mean payment_rate?"),
        ("below = 0.1", "below = -0.1", "must be at least 0"),
        ('name = "leaves"', 'name = "two thirds"', "two rows are called two thirds"),
        ('["leaves"]', '["leafs"]', "leafs is not a row; did you mean leaves?"),
        ('where = ["E1"]', 'where = ["E2"]', "E2 is not a pattern"),
        ("share = 0.5", "", "the key keeps.share is missing"),
    ],
)
def test_a_wrong_file_is_told(tmp_path, old, new, why):
    assert old in FILE
    with pytest.raises(InputError) as error:
        read(tmp_path, FILE.replace(old, new))
    assert why in str(error.value)


def test_the_shipped_file_looks_for_every_pattern_and_for_nothing_else():
    known = {fact.id for fact in facts().by_id.values() if fact.role == "pattern"}
    shipped = read_patterns()
    assert {each.source for each in shipped.rows} == known
    assert {told.fact_of(name) for name in shipped.patterns} == known
    study, _ = read_study("search_patterns")
    assert {each.arm for each in shipped.rows} | {shipped.keeps.arm} == set(study.names)
    assert {each.outcome for each in shipped.rows} - {None} <= set(study.outcomes)


def test_targets_are_those_of_the_facts():
    numbers = {fact.id: fact.numbers for fact in facts().by_id.values()}
    shipped = {each.name: each for each in read_patterns().rows}
    debtors = numbers["C14"][1].values
    assert shipped["owe nothing"].target == numbers["C14"][0].value
    assert [shipped[f"debtors with {n}"].target for n in ("one bill", "two bills", "three bills and more")] == [
        debtors[key] for key in ("1", "2", "3 and more")
    ]
    poles = numbers["C16"][0].values
    assert [shipped[f"pay {name}"].target for name in ("everything", "nothing")] == [poles["all"], poles["nothing"]]
    assert shipped["under 30 % paid"].high == numbers["C7"][0].high
    assert shipped["the firm leaves after six months"].target == numbers["C7"][1].value
    year = next(number.value for number in numbers["E1"] if number.of == "time until each firm left")
    assert [shipped[f"the {n} firm leaves after a year"].target for n in ("first", "second")] == [year, year]
    small = shipped["exit after 6 to 24 months, two thirds paid"]
    assert (small.low, small.high) == (numbers["E7"][1].low, numbers["E7"][1].high) == (6, 24)
    assert shipped["nine in ten have a committee after a year of push"].target == numbers["O3"][0].values["after"]


# --- a study --------------------------------------------------------------------------------------------------------

DRAWS = {
    "scenarios": [
        {"scenario": "market @ managed", "name": "first", "set": {"start.firm_serves": 1}},
        {"scenario": "market @ trapped", "name": "second", "set": {"household.intercept": -1.0}},
    ],
    "months": 18,
    "replicates": 2,
    "outcomes": ["payment_rate", FIRM, EXIT, "firm_exits"],
    "keep": ["series"],
    "constants": {"population.n_households": 40, "time.spinup": 0},
    "factors": {"firm.loss_months": {}, "firm.loss_base": {}},
    "sampling": {"method": "lhs", "n": 6},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("patterns") / "study"
    run(SMALL | DRAWS, path, threads=1)
    return path


def test_a_study_is_read_run_by_run(folder, tmp_path):
    found = patterns.found_in(folder, read(tmp_path))
    study = open_study(folder)
    series = study.series[(study.series["scenario"] == "first") & (study.series["month"] == 1)]
    rates = series.groupby("point")["payment_rate"].mean()
    assert found.values["two thirds"].tolist() == pytest.approx(rates.tolist(), nan_ok=True)
    runs = study.runs[study.runs["scenario"] == "second"]
    exits = runs[EXIT].fillna(INF).groupby(runs["point"]).mean()
    assert found.values["leaves"].tolist() == exits.tolist()


def test_a_firm_that_leaves_is_seen_to_leave(folder):
    """Between two firms lies a month without one, so that stays are read off the months in which a firm serves."""
    series = open_study(folder).series
    for _, months in series[series["month"] >= -1].sort_values("month").groupby("run"):
        serves = months[FIRM].to_numpy() > 0
        ends = np.flatnonzero(serves[:-1] & ~serves[1:]) + 1
        assert set(np.flatnonzero(months["firm_exits"].to_numpy() > 0)) == set(ends)


def test_the_command(linli, folder, tmp_path):
    read(tmp_path)
    told_ = linli("study", "patterns", folder, "--tolerances", tmp_path / "mine.toml", "--out", tmp_path / "found")
    assert told_.code == 0
    assert "E1, two thirds: 0.5 to 0.8 reached" in told_.out
    kept = {path.name for path in (tmp_path / "found").iterdir()}
    assert kept == {"patterns.parquet", "together.parquet", "figures", "study.toml", "words.md", "manifest.json"}
    refused = linli("study", "patterns", folder, "--tolerances", tmp_path / "mine.toml", "--by", "firm.loss_base")
    assert (refused.code, "not a factor with a few values" in refused.err) == (2, True)
    assert linli("study", "patterns", folder).code == 2  # it has not the arms of the shipped search


def test_what_a_study_lacks_is_told(folder, tmp_path):
    with pytest.raises(InputError, match="no arm of the study is called firs; did you mean first"):
        patterns.found_in(folder, read(tmp_path, FILE.replace('arm = "first"', 'arm = "firs"')))
    with pytest.raises(InputError, match="the study did not keep voice"):
        patterns.found_in(folder, read(tmp_path, FILE.replace('"payment_rate"', '"voice"')))
    run(SMALL | DRAWS | {"keep": [], "months": 2}, tmp_path / "no", threads=1)
    with pytest.raises(InputError, match="did not keep what patterns are counted from; add keep"):
        patterns.found_in(tmp_path / "no", read(tmp_path))
