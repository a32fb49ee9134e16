"""Crossings: known roots are found, intervals hold them as often as they say, and `fee` is each form's own."""

import json
import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from command import ROOT, SMALL, files_under, linli
from matplotlib.figure import Figure
from scipy.special import ndtri

import sim
from sim.analysis.crossing import Question, Turned, question
from sim.analysis.crossing_words import interval, words
from sim.analysis.factor import Key, key_of, read_values
from sim.analysis.keeping import Made, keep_crossing, read_kept
from sim.analysis.turning import Crossing, crossings, undecided
from sim.draws import Draw, stream_key, uniforms
from sim.errors import InputError
from sim.figures.crossing import difference_over, draw_crossing
from sim.report import page_of
from sim.scenarios import resolve

__all__ = ["linli"]  # a fixture

FEW = ("population.n_households=24", "time.spinup=12")
SIZE = {"set": FEW, "months": 15, "replicates": 5}
X = np.linspace(0.0, 1.0, 11)


def normals(n, trial, spread=1.0):
    """Return n normal numbers of a trial."""
    drawn = uniforms(stream_key(7, trial), Draw.AREA, month=0, estate=0, unit=np.arange(n))
    return spread * ndtri(drawn)


def lines(values, noise):
    """Return differences (value, run) that are one curve, each run shifted by its noise."""
    return np.asarray(values)[:, None] + np.asarray(noise)[None, :]


EVEN = np.array([-0.1, -0.05, 0.0, 0.05, 0.1])
"""Noise of five runs with mean zero."""


# --- where a difference is zero -------------------------------------------------------------------------------------


def test_the_root_of_a_straight_line_is_exact():
    (found,) = crossings(X, lines(2 * X - 0.7, EVEN))
    assert found.at == pytest.approx(0.35, abs=1e-12)
    assert found.rises
    half = 2.7764451051977987 * np.std(EVEN, ddof=1) / math.sqrt(5) / 2  # Student, 4 degrees; the slope is 2
    assert (found.low, found.high) == pytest.approx((0.35 - half, 0.35 + half), abs=1e-12)


def test_a_root_that_falls():
    (found,) = crossings(X, lines(0.35 - X, EVEN))
    assert (found.at, found.rises) == (pytest.approx(0.35), False)


def test_no_crossing():
    assert crossings(X, lines(X + 0.5, EVEN)) == []
    assert undecided(X, lines(X + 0.5, EVEN)) == []
    near = undecided(X, lines(X + 0.05, EVEN))
    assert crossings(X, lines(X + 0.05, EVEN)) == []
    assert near[0][0] == 0.0
    assert near[0][1] < 0.1


def test_two_crossings_apart():
    first, second = crossings(X, lines(8 * (X - 0.25) * (X - 0.75), EVEN))
    assert (first.rises, second.rises) == (False, True)
    assert first.high < second.low
    assert first.at == pytest.approx(0.25, abs=0.01)
    assert second.at == pytest.approx(0.75, abs=0.01)


def test_two_crossings_that_are_not_told_apart_share_their_interval():
    first, second = crossings(X, lines(0.5 * (X - 0.25) * (X - 0.75), EVEN))
    assert (first.low, first.high) == (second.low, second.high)


def test_an_interval_may_be_open_at_the_ends_of_the_range():
    (found,) = crossings(X, lines(0.02 * (X - 0.5), EVEN))
    assert (found.low, found.high) == (-math.inf, math.inf)
    (found,) = crossings(X, lines(X - 0.02, EVEN))
    assert found.low == -math.inf
    assert found.high < 0.2


def test_zeros_between_signs_are_one_crossing_and_a_touch_is_none():
    flat = np.array([-1.0, 0.0, 0.0, 1.0])
    (found,) = crossings(np.arange(4.0), lines(flat, [0.0, 0.0]))
    assert (found.at, found.low, found.high) == (1.5, 1.0, 2.0)
    assert crossings(np.arange(3.0), lines([1.0, 0.0, 1.0], [0.0, 0.0])) == []


def test_one_run_has_no_interval():
    (found,) = crossings(X, (X - 0.5)[:, None])
    assert found.at == pytest.approx(0.5)
    assert math.isnan(found.low)
    assert math.isnan(found.high)


def test_the_interval_holds_the_root_as_often_as_it_says():
    """Runs that differ in level and in slope, so that differences at two values hang together."""
    trials, n, held, wide = 600, 20, 0, 0
    for trial in range(trials):
        level, slope = normals(n, 2 * trial, 0.3), 1.0 + normals(n, 2 * trial + 1, 0.5)
        found = crossings(X, np.outer(X - 0.5, slope) + level)
        assert len(found) == 1
        held += found[0].low <= 0.5 <= found[0].high
        wide += math.isinf(found[0].low) or math.isinf(found[0].high)
    assert 0.93 <= held / trials <= 0.97
    assert wide < 0.05 * trials


# --- missing values -------------------------------------------------------------------------------------------------


def test_values_at_which_most_runs_are_missing_are_left_out_then_runs():
    differences = lines(X - 0.5, EVEN)
    differences[0, :3] = np.nan
    differences[4, 1] = np.nan
    each = Turned.of("payment_rate", tuple(X), differences)
    assert each.left_out == (0.0,)
    assert (each.n_missing, each.differences.shape) == (1, (10, 4))
    assert each.crossings[0].at == pytest.approx(0.5 - np.delete(EVEN, 1).mean())
    nothing = Turned.of("payment_rate", tuple(X), np.full((11, 5), np.nan))
    assert not nothing.told
    assert nothing.crossings == nothing.undecided == []


# --- words ----------------------------------------------------------------------------------------------------------


class Told:
    """As much of what was found as its words need."""

    def __init__(self, differences, outcome="payment_rate"):
        keys = Key("station.fee"), Key("firm.fee")
        own = SimpleNamespace(label="mine", place="here"), SimpleNamespace(label="other", place="here")
        self.question = Question(("mine", "other"), "fee", keys, tuple(X), own, (), (), 120)
        self.fees = pd.DataFrame()
        self.turned = (Turned.of(outcome, tuple(X), differences),)


@pytest.mark.parametrize(
    ("differences", "outcome", "told"),
    [
        (lines(X - 0.5, EVEN), "payment_rate",
         "the order turns at 0.5 [0.402, 0.598]; below it other is ahead, above it mine is ahead."),
        (lines(X - 0.5, EVEN), "full_cost", "below it mine is ahead, above it other is ahead."),
        (lines(X - 0.5, EVEN), "complaints", "below it other is higher, above it mine is higher."),
        (lines(X + 1, EVEN), "payment_rate",
         "no crossing; mine is ahead at every value looked at, and told apart at all"),
        (lines(-X - 0.05, EVEN), "payment_rate",
         "no crossing; other is ahead at every value looked at, but not told apart from 0 to 0.0"),
        (lines(8 * (X - 0.25) * (X - 0.75), EVEN), "payment_rate",
         "the order turns 2 times; at first mine is ahead, and from then on: at 0.2"),
        (lines(0.5 * (X - 0.25) * (X - 0.75), EVEN), "payment_rate", "so the order may turn less often."),
        (lines(0 * X, 0 * EVEN), "payment_rate", "the two are the same at every value."),
        (np.full((11, 5), np.nan), "payment_rate", "too few runs have a value to say anything."),
        (np.where(X[:, None] == 0, np.nan, lines(X - 0.5, EVEN)), "payment_rate", "At 0 most runs have no value"),
    ],
)  # fmt: skip
def test_words_say_what_was_found(differences, outcome, told):
    (paragraph,) = words(Told(differences, outcome)).values()
    assert told in paragraph
    assert paragraph.startswith("fee from 0 to 1 yuan/m2/month: ")


def test_an_open_interval_is_said_to_be_open():
    assert interval(Crossing(0.5, -math.inf, 0.75, True)) == "0.5 [below the range, 0.75]"
    assert interval(Crossing(0.5, 0.25, math.inf, True)) == "0.5 [0.25, above the range]"
    assert interval(Crossing(0.5, math.nan, math.nan, True)) == "0.5 (one run)"


# --- the factor -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "place", "path"),
    [
        ("market", "trapped", "firm.fee"),
        ("state_owned", "trapped", "firm.fee"),
        ("red_alliance", "managed", "firm.fee"),
        ("red_branch", "committee", "firm.fee"),
        ("red_station", "trapped", "station.fee"),
        ("custody", "trapped", "custody.fee"),
    ],
)
def test_fee_is_whatever_a_form_asks_for(form, place, path):
    assert key_of("fee", resolve(form, place=place)).path == path


def test_a_flat_fee_counts_at_the_mean_dwelling():
    """Custody asks 10 yuan per dwelling, which is a seventh of a yuan per m2 at 70 m2."""
    key = key_of("fee", resolve("custody", place="trapped"))
    assert key.less == pytest.approx(1 / 7)
    assert float(key.setting(0.5, "fee").partition("=")[2]) == pytest.approx(0.5 - 1 / 7)
    assert key.setting(1 / 7, "fee") == "custody.fee=0.0"
    with pytest.raises(InputError, match=r"the flat fee alone is 0\.143 .* begin --values at 0\.143 or above"):
        key.setting(0.1, "fee")
    assert read_values(None, "fee", [key, Key("firm.fee")])[0] == 0.3  # the declared range of a firm begins above it


def test_each_form_is_set_by_its_own_key_and_nothing_else():
    asked = question("red_station", "market", over="fee", place="trapped", values="0.3:0.7:3", set=FEW, months=15)
    base = [resolve(form, place="trapped", months=15, set=FEW) for form in ("red_station", "market")]
    for value, pair in zip((0.3, 0.5, 0.7), asked.worlds, strict=True):
        for world, own, key in zip(pair, base, ("station.fee", "firm.fee"), strict=True):
            (segment,), (before,) = world.segments, own.segments
            assert segment.values == {**before.values, key: value}
            assert world.before == own.before


def test_values_are_read():
    assert read_values("0.3:0.8:6", "fee", ()) == (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
    assert read_values([1, 2, 4], "fee", ()) == (1.0, 2.0, 4.0)
    assert len(read_values(None, "contact.ask", ())) == 9
    with pytest.raises(InputError, match="at least two finite numbers that rise"):
        read_values([2, 1], "fee", ())


BOTH = ["red_station", "market", "--place", "trapped"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["red_station", "--over", "fee"], "1 forms are named, red_station, where two are wanted: FORM RIVAL."),
        (["red_station", "red_station", "--over", "fee"], "red_station is named twice; name two forms."),
        ([*BOTH, "--over", "fees"], "--over fees: is not a factor; did you mean fee?"),
        ([*BOTH, "--over", "firm.feee"], "--over firm.feee: firm.feee is not a parameter; did you mean firm.fee?"),
        ([*BOTH, "--over", "provider.kind"], "--over provider.kind: is a switch and has no order"),
        ([*BOTH, "--over", "fee", "--outcome", "cover"], 'is not an outcome'),
        ([*BOTH, "--over", "fee", "--outcome", "cost_coverd"], "did you mean cost_covered?"),
        (["red_staton", "market", "--over", "fee"], 'no form or model is called "red_staton"; did you mean'),
        (["red_branch", "market", "--over", "fee", "--place", "trapped"], "the form red_branch could not exist in the"),
        (["red_station", "market", "--over", "fee", "--place", "managed"], "red_station.toml:11: the form red_station"),
        ([*BOTH, "--over", "fee", "--values", "0.8:0.3:5"], "--values 0.8:0.3:5: 0.8 to 0.3 does not rise."),
        ([*BOTH, "--over", "fee", "--values", "0.3:0.8"], "--values 0.3:0.8: write low:high:n, for example"),
        ([*BOTH, "--over", "fee", "--values", "0.3:0.8:1"], "--values 0.3:0.8:1: 1 values; look at 2 to 101."),
        ([*BOTH, "--over", "fee", "--values=-1:1:3"], "--over fee, value -1: station.fee = -1.0 yuan/m2"),
        ([*BOTH, "--over", "fee", "--set", "firm.fee=0.4"], "--set firm.fee: is what --over fee moves; leave it out."),
        ([*BOTH, "--over", "firm.profile"], "--over firm.profile: firm.profile is not a parameter"),
    ],
)  # fmt: skip
def test_mistakes_are_told_in_a_paragraph(linli, arguments, told):
    said = linli("crossing", *arguments)
    assert (said.code, said.out) == (2, "")
    assert told in said.err
    assert said.err.count("\n") == 1


def test_a_factor_that_neither_form_reads_is_refused(linli):
    """Wages of the station in two forms without one: told after the runs at the two ends."""
    small = (*SMALL, "--over", "station.wage", "--values", "0.5:1.5:3")
    said = linli("crossing", "market", "state_owned", "--place", "trapped", *small)
    assert said.code == 2
    assert "--over station.wage: from 0.5 to 1.5 it moves nothing in market and nothing in state_owned" in said.err
    said = linli("crossing", "market", "red_station", "--place", "trapped", *small)
    assert said.code == 0


# --- what is kept and shown -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def found():
    asked = {"over": "fee", "outcome": ("cost_covered", "payment_rate"), "values": (0.2, 0.5, 0.9)}
    return sim.crossing("red_station", "market", place="trapped", **asked, **SIZE)


def test_the_table_holds_what_a_comparison_at_a_value_says(found):
    options = [*FEW, "station.fee=0.9", "firm.fee=0.9"]
    compared = sim.compare(["market", "red_station"], place="trapped", months=15, replicates=5, set=options)
    told = compared.difference("cost_covered", "red_station", "market")
    row = found.table[(found.table["outcome"] == "cost_covered") & (found.table["value"] == 0.9)].iloc[0]
    assert (row["difference"], row["low"], row["high"]) == (told.mean, told.low, told.high)
    assert row["mean_form"] - row["mean_rival"] == pytest.approx(row["difference"])


def test_equal_bytes_for_any_number_of_threads(tmp_path, found):
    for threads in (1, 2):
        asked = {"over": "fee", "outcome": ("cost_covered", "payment_rate"), "values": (0.2, 0.5, 0.9)}
        made = sim.crossing("red_station", "market", place="trapped", threads=threads, **asked, **SIZE)
        keep_crossing(made, tmp_path / str(threads), Made("made", "then", threads), {})
    one, two = files_under(tmp_path / "1"), files_under(tmp_path / "2")
    assert set(one) == {"differences.parquet", "crossings.parquet", "fees.parquet", "crossing.md", "manifest.json"}
    assert {name for name in one if one[name] != two[name]} <= {"manifest.json"}


def test_the_command_keeps_tables_page_figure_and_receipt(linli, tmp_path):
    options = ("--over", "fee", "--values", "0.2:0.9:3", *SMALL)
    said = linli("crossing", "red_station", "market", "--place", "trapped", *options, "--out", "kept")
    assert said.code == 0, said.err
    assert "Cost covered by fees: fee from 0.2 to 0.9 yuan/m2/month: " in said.out.replace("\n", " ")
    told, tables = read_kept(tmp_path / "kept")
    assert (told["forms"], told["keys"]) == (["red_station", "market"], ["station.fee", "firm.fee"])
    assert tables["differences"]["value"].tolist() == [0.2, 0.55, 0.9]
    assert {"figures/crossing.png", "figures/crossing.svg", "crossing.md"} <= {file["name"] for file in told["files"]}
    report = page_of(tmp_path / "kept")
    assert report.question == "Where does the order of red_station and market in trapped turn over fee?"
    assert linli("report", "kept").code == 0


def test_the_command_prints_data_without_numbers_that_json_lacks(linli):
    options = ("--over", "fee", "--values", "0.2:0.9:3", *SMALL, "--json")
    said = linli("crossing", "red_station", "market", "--place", "trapped", *options)
    data = json.loads(said.out, parse_constant=pytest.fail)
    assert [row["value"] for row in data["differences"]] == [0.2, 0.55, 0.9]


def test_the_figure_shows_the_table(found):
    ax = Figure().subplots()
    each = found.turned[0]
    drawn = difference_over(ax, found.table, found.crossings, each.outcome)
    mine = found.table[found.table["outcome"] == each.outcome]
    assert np.array_equal(drawn["band"], mine[["value", "difference", "low", "high"]].to_numpy())
    assert len(drawn["crossings"]) == len(each.crossings)
    assert len(draw_crossing(found.table, found.crossings, "5 runs each.").axes) == 2


# --- the tables that are kept with linli ------------------------------------------------------------------------------


KEPT = sorted((ROOT / "results" / "reference" / "crossing").glob("*"))


@pytest.mark.parametrize("folder", KEPT, ids=lambda folder: folder.name)
def test_kept_crossings_follow_from_the_kept_differences(folder):
    """To the point: straight lines between the means."""
    told, tables = read_kept(folder)
    assert told["failed"] == 0
    for outcome, part in tables["differences"].groupby("outcome", sort=False):
        if part["missing"].any():
            continue
        mean = part["difference"].to_numpy()
        roots = crossings(part["value"].to_numpy(), np.stack([mean, mean], axis=1))
        kept = tables["crossings"]
        assert kept.loc[kept["outcome"] == outcome, "at"].tolist() == pytest.approx([root.at for root in roots])
