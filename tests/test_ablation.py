"""Ablations: levers set back one at a time give what they must where the answer is known, and the table says it."""

import itertools
import re

import numpy as np
import pandas as pd
import pytest
from command import ROOT, SMALL, files_under, linli
from matplotlib.figure import Figure

import sim
from sim import manifest
from sim.analysis import ablation, ablation_words
from sim.analysis.ablation import (
    ALONE,
    BEYOND_ALONE,
    BEYOND_LAST,
    LAST,
    MOVED,
    NOTHING,
    SUM_ALONE,
    SUM_LAST,
    WHOLE,
    asked,
)
from sim.analysis.asked import base_of, form_in_place, usual_place
from sim.analysis.keeping import Made, keep_ablation, read_kept
from sim.analysis.mixing import levers_apart, mixed, told_value
from sim.analysis.running import Judged
from sim.errors import InputError
from sim.figures.ablation import draw_ablation, forest
from sim.report import page_of
from sim.results import Interval
from sim.scenarios import resolve

__all__ = ["linli"]  # a fixture

FEW = ("population.n_households=24", "time.spinup=12")
SIZE = {"set": FEW, "months": 15, "replicates": 5}
HEAD = 'schema = 1\nkind = "form"\ntitle = "Mine"\nextends = "{}"\n'


def form(tmp_path, text, base="market", name="mine"):
    path = tmp_path / f"{name}.toml"
    path.write_text(HEAD.format(base) + text, encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def found():
    return sim.ablate("red_alliance", rivals=["market", "state_owned"], place="managed", **SIZE)


# --- exact cases ----------------------------------------------------------------------------------------------------


def test_a_form_with_one_lever_equals_its_base_without_it_and_itself_with_it_alone(tmp_path):
    """Bit for bit: the marks are hashes of every monthly total of every run."""
    mine = form(tmp_path, "[firm]\nfee = 0.6\n")
    made = sim.ablate(mine, rivals=["market"], place="managed", **SIZE)
    (pair,) = made.pairs
    assert pair.levers == ("firm.fee",)
    assert made.judged.same(pair.without[0], pair.rival)
    assert made.judged.same(pair.alone[0], pair.form)
    assert not made.judged.same(pair.form, pair.rival)
    assert len(made.worlds) == 2  # what is the same is run once
    of = made.table.set_index(["outcome", "row"])["mean"]
    for name in ablation.OUTCOMES:
        whole = of[name, WHOLE]
        assert np.array_equal([of[name, LAST], of[name, ALONE], of[name, SUM_LAST]], [whole] * 3, equal_nan=True)
    beyond = made.table[made.table["row"].isin((BEYOND_LAST, BEYOND_ALONE))]
    assert set(beyond["verdict"]) <= {NOTHING, ablation.MISSING}
    fees = of["cost_covered", WHOLE]
    assert fees != 0


def test_all_levers_set_back_give_the_rival_and_none_gives_the_form(found):
    for pair in found.pairs:
        assert mixed(pair.form, pair.rival, pair.levers, "x").fingerprint() == pair.rival.fingerprint()
        assert mixed(pair.form, pair.rival, (), "x").fingerprint() == pair.form.fingerprint()
        worlds = [*pair.without, *pair.alone]
        assert len({world.fingerprint() for world in (pair.form, pair.rival, *worlds)}) == len(worlds) + 2


def test_all_but_one_is_the_rival_with_that_one(found):
    """Set back from the form all but a lever: the same world as the rival given that lever."""
    pair = found.pairs[0]
    for lever, world in zip(pair.levers, pair.alone, strict=True):
        others = set(pair.levers) - {lever}
        assert mixed(pair.form, pair.rival, others, "x").fingerprint() == world.fingerprint()


def test_a_lever_that_comes_and_goes_is_set_back_in_every_month(tmp_path):
    text = "[firm]\nfee = 0.6\n[[step]]\nat = 5\n[step.firm]\nfee = 0.7\n[step.contact]\nask = 0.2\n"
    mine, market = resolve(form(tmp_path, text), place="managed"), resolve("market", place="managed")
    assert set(levers_apart(mine, market)) == {"firm.fee", "contact.ask"}
    assert told_value(mine, "firm.fee") == "0.6, 0.7 from month 5"
    kept = mixed(mine, market, {"firm.fee"}, "x")
    assert [(s.month, s.values["firm.fee"], s.values["contact.ask"]) for s in kept.segments] == [
        (0, 0.5, 1.0), (5, 0.5, 0.2),
    ]  # fmt: skip
    only = mixed(market, mine, {"firm.fee"}, "x")
    assert [(s.month, s.values["firm.fee"], s.values["contact.ask"]) for s in only.segments] == [
        (0, 0.6, 1.0), (5, 0.7, 1.0),
    ]  # fmt: skip


def test_the_first_difference_is_that_of_a_comparison(found):
    compared = sim.compare(["market", "red_alliance"], place="managed", **SIZE)
    of = found.table.set_index(["rival", "outcome", "row"])
    for name in ablation.OUTCOMES:
        told = Interval(compared.differences(name, "red_alliance", "market"))
        row = of.loc[("market", name, WHOLE)]
        assert np.array_equal([row["mean"], row["low"], row["high"]], [told.mean, told.low, told.high], equal_nan=True)


# --- the table ------------------------------------------------------------------------------------------------------


def test_every_row_is_there_once(found):
    for pair, name in itertools.product(found.pairs, ablation.OUTCOMES):
        mine = found.table[(found.table["rival"] == pair.rival.label) & (found.table["outcome"] == name)]
        n = len(pair.levers)
        kinds = [WHOLE, *[LAST] * n, *[ALONE] * n, SUM_LAST, SUM_ALONE, BEYOND_LAST, BEYOND_ALONE, MOVED]
        assert mine["row"].tolist() == kinds
        assert mine["lever"].tolist() == ["", *pair.levers, *pair.levers, "", "", "", "", ""]


def test_how_far_the_rival_itself_moved_is_what_a_comparison_says(found):
    compared = sim.compare(["market", "red_alliance"], place="managed", seed=1, **SIZE)
    assert compared.drift("full_cost", "market") is None
    for name in ("cost_covered", "payment_rate", "unresolved"):
        row = found.table[
            (found.table["rival"] == "market") & (found.table["outcome"] == name) & (found.table["row"] == MOVED)
        ].iloc[0]
        drift = compared.drift(name, "market")
        assert (row["mean"], row["low"], row["high"]) == pytest.approx((drift.mean, drift.low, drift.high), abs=1e-12)
        assert row["mean"] != 0.0
    of_totals = found.table[(found.table["outcome"] == "full_cost") & (found.table["row"] == MOVED)]
    assert of_totals["mean"].isna().all()


def test_sums_and_what_lies_beyond_them_add_up(found):
    for _, part in found.table.groupby(["rival", "outcome"], sort=False):
        if part["missing"].any():
            continue  # other runs in other rows
        of = part.groupby("row")["mean"].sum()
        assert of[SUM_LAST] == pytest.approx(of[LAST], abs=1e-12)
        assert of[SUM_ALONE] == pytest.approx(of[ALONE], abs=1e-12)
        assert of[SUM_LAST] + of[BEYOND_LAST] == pytest.approx(of[WHOLE], abs=1e-12)
        assert of[SUM_ALONE] + of[BEYOND_ALONE] == pytest.approx(of[WHOLE], abs=1e-12)
    assert not found.table["missing"].all()


def test_verdicts_agree_with_intervals_and_chances_with_both():
    told = {
        (0.1, 0.2, 0.3): ablation.NOISE,
        (0.10, 0.11, 0.12): ablation.MORE,
        (-0.10, -0.11, -0.12): ablation.LESS,
        (0.0, 0.0, 0.0): NOTHING,
        (0.0, 0.0, np.nan): NOTHING,
        (0.3, np.nan, np.nan): ablation.MISSING,
        (np.nan, np.nan): ablation.MISSING,
        (0.2, 0.2, 0.2): ablation.MORE,
    }
    for values, word in told.items():
        assert ablation.verdict(np.array(values)) == word
    from scipy.stats import ttest_1samp

    values = np.array([0.1, 0.2, 0.3])
    assert ablation.chance(values) == pytest.approx(ttest_1samp(values, 0).pvalue)
    assert ablation.chance(values) > 0.05
    assert ablation.chance(np.array([0.2, 0.2])) == 0
    assert np.isnan([ablation.chance(np.array(v)) for v in ([0.0, 0.0], [0.1], [np.nan])]).all()


def test_adjusted_chances_are_of_the_levers_alone_and_never_smaller(found):
    of_levers = found.table["row"].isin((LAST, ALONE))
    assert found.table.loc[~of_levers, "p_adjusted"].isna().all()
    levers = found.table[of_levers & found.table["p"].notna()]
    assert (levers["p_adjusted"] >= levers["p"] - 1e-15).all()
    assert len(levers)


def row_of(**told):
    common = {"form": "mine", "rival": "other", "place": "here", "outcome": "payment_rate", "row": LAST, "lever": "a.b"}
    common |= {"in_form": "1", "in_rival": "0", "mean": 0.1, "low": 0.05, "high": 0.15, "n": 9, "missing": 0}
    return common | {"p": 0.001, "p_adjusted": 0.01, "verdict": ablation.MORE} | told


def test_what_is_not_told_from_noise_is_marked():
    assert ablation_words.written(row_of()) == "+0.100 [+0.050, +0.150]"
    assert ablation_words.written(row_of(p_adjusted=0.2)) == "+0.100 [+0.050, +0.150]?"
    noise = row_of(low=-0.01, verdict=ablation.NOISE)
    assert ablation_words.written(noise) == "+0.100 [-0.010, +0.150] noise"
    assert ablation_words.written(row_of(verdict=NOTHING)) == "0"
    assert ablation_words.written(row_of(row=WHOLE, p_adjusted=np.nan)) == "+0.100 [+0.050, +0.150]"
    assert ablation_words.written(row_of(outcome="full_cost", mean=-0.01)).startswith("+0.0 [")


def test_words_name_the_levers_by_their_weight():
    rows = [row_of(row=WHOLE, lever="", mean=0.5)]
    rows += [row_of(lever=name, mean=mean) for name, mean in (("a.small", 0.1), ("a.large", -0.4), ("a.middle", 0.2))]
    rows += [row_of(lever="a.noise", mean=0.9, low=-1.0, verdict=ablation.NOISE)]
    rows += [row_of(lever="a.idle", verdict=NOTHING)]
    rows += [row_of(row=kind, lever="") for kind in (SUM_LAST, SUM_ALONE, BEYOND_LAST, BEYOND_ALONE, MOVED)]
    (title, told), = ablation_words.words(pd.DataFrame(rows)).items()  # fmt: skip
    assert title == "Bills paid, mine less other"
    assert re.search(r"most goes with a\.large .*, a\.middle .* and a\.small ", told)
    assert "of 5 levers set back, not told from noise: 1, without any effect: 1" in told


# --- what is asked --------------------------------------------------------------------------------------------------


def test_a_form_has_a_usual_place_and_rival():
    assert (usual_place("red_branch"), base_of("red_branch", "committee")) == ("committee", "self_governance")
    assert (usual_place("market"), base_of("market", "trapped")) == ("trapped", "custody")
    assert base_of("catalysed", "managed") == "market"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["red_staton"], 'no form or model is called "red_staton"; did you mean red_station?'),
        (["red_station", "--rival", "markt"], 'no form or model is called "markt"; did you mean market?'),
        (["red_station", "--outcome", "payment"], '--outcome "payment": is not an outcome'),
        (["red_branch", "--place", "trapped"], "red_branch.toml:11: the form red_branch could not exist in"),
        (["red_station", "--rival", "red_branch"], "scenarios/forms/red_branch.toml:11: the form red_branch could not"),
        (["red_station", "--place", "traped"], 'no place is called "traped"; did you mean trapped?'),
        (["red_station", "--rival", "red_station"], "--rival red_station: is the form itself; name another one."),
        (["red_station", "--rival", "market", "--rival", "market"], "--rival market: is named 2 times"),
        (["red_station @ liuxi", "--place", "trapped"], "is set in liuxi, but the analysis is in trapped"),
        (["custody", "--place", "trapped"], "scenarios/forms/custody.toml: custody has no base to be compared with"),
        (["red_center_branch"], "red_center_branch and red_branch are the same in committee: there is no lever"),
        (["f01_subsidy_cliff"], "f01_subsidy_cliff is an experiment, not a form"),
        (["market", "--place", "hanshan", "--rival", "state_owned"], "only estates of one kind can be looked at"),
        (["red_station", "market"], "2 scenarios are named, red_station and market, where one is wanted"),
        (["red_station", "--replicates", "0"], "replicates = 0 lies outside 1 to"),
        (["red_station", "--out", "taken"], "taken is not empty (it holds notes.txt)"),
    ],
)
def test_mistakes_are_told_in_a_paragraph(linli, tmp_path, arguments, told):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "notes.txt").write_text("mine")
    said = linli("ablate", *arguments)
    assert (said.code, said.out) == (2, "")
    assert told in said.err
    assert said.err.count("\n") == 1


def test_forms_that_differ_before_the_policy_month_are_refused(tmp_path):
    mine = form(tmp_path, "[household]\nb_quality = 2.0\n")
    with pytest.raises(InputError, match=r"differ in household\.b_quality before the policy month too"):
        ablation.asked(mine, rivals=["market"], place="managed", set=(), months=12)


# --- what is kept and shown -----------------------------------------------------------------------------------------


def test_equal_bytes_for_any_number_of_threads(tmp_path, monkeypatch):
    """And for any number of blocks that the runs are made in."""
    for folder, threads, room in (("one", 1, 3e8), ("two", 2, 3e8), ("blocks", 2, 1.0)):
        monkeypatch.setattr("sim.analysis.running.ROOM", room)
        made = sim.ablate("red_alliance", rivals=["market"], place="managed", threads=threads, **SIZE)
        keep_ablation(made, tmp_path / folder, Made("made", "then", threads), {})
    held = {name: files_under(tmp_path / name) for name in ("one", "two", "blocks")}
    assert set(held["one"]) == {"ablation.parquet", "ablation.md", "manifest.json"}
    for name in ("ablation.parquet", "ablation.md"):
        assert held["one"][name] == held["two"][name] == held["blocks"][name]


def test_the_command_keeps_table_page_figures_and_receipt(linli, tmp_path):
    said = linli("ablate", "red_alliance", "--rival", "market", *SMALL, "--out", "kept")
    assert said.code == 0, said.err
    assert "Bills paid, red_alliance less market: " in said.out
    told, tables = read_kept(tmp_path / "kept")
    names = {file["name"] for file in told["files"]}
    assert names == {"ablation.parquet", "ablation.md", *(f"figures/ablation_market.{kind}" for kind in ("png", "svg"))}
    assert (told["form"], told["rivals"], told["place"], told["failed"]) == ("red_alliance", ["market"], "managed", 0)
    assert told["request"]["model_hash"] == manifest.model_hash()
    page = (tmp_path / "kept" / "ablation.md").read_text(encoding="utf-8")
    asked = told["request"] | {"command": told["command"]}
    assert page == ablation_words.markdown(tables["ablation"], asked)
    assert told["words"] == ablation_words.words(tables["ablation"])
    report = page_of(tmp_path / "kept")
    assert report.question == "What does red_alliance hang on in managed, lever by lever?"
    assert linli("report", "kept").code == 0
    (tmp_path / "kept" / "ablation.parquet").unlink()
    assert "kept/ablation.parquet: is missing; linli ablate makes it again." in linli("report", "kept").err


def test_the_command_prints_data(linli):
    said = linli("ablate", "red_alliance", "--rival", "market", *SMALL, "--outcome", "full_cost", "--json")
    assert {row["outcome"] for row in said.data["rows"]} == {"full_cost"}
    assert said.data["rows"][0]["row"] == WHOLE


def test_the_figure_shows_the_table(found):
    part = found.table[(found.table["rival"] == "market") & (found.table["outcome"] == "full_cost")]
    ax = Figure().subplots()
    drawn = forest(ax, part)
    levers = part.loc[part["row"] == LAST, "lever"].tolist()
    assert [label.get_text() for label in ax.get_yticklabels()] == ["whole form", *levers, "sum of the levers",
                                                                    "whole less that sum"]  # fmt: skip
    of = {(row["row"], row["lever"]): row["mean"] for row in part.to_dict("records")}
    verdicts = {(row["row"], row["lever"]): row["verdict"] for row in part.to_dict("records")}
    assert NOTHING in verdicts.values()
    assert drawn["whole form", "whole"][0] == of[WHOLE, ""]
    for lever in levers:
        for side, kind in (("set back", LAST), ("alone", ALONE)):
            idle = verdicts[kind, lever] == NOTHING
            assert ((lever, side) not in drawn) if idle else (drawn[lever, side][0] == of[kind, lever])
    assert drawn["whole less that sum", "alone"][0] == of[BEYOND_ALONE, ""]
    figure = draw_ablation(found.table, "state_owned", "5 runs each.")
    assert len(figure.axes) == len(ablation.OUTCOMES)


# --- the tables that are kept with linli ------------------------------------------------------------------------------


KEPT = sorted((ROOT / "results" / "reference" / "ablation").glob("*"))


@pytest.mark.parametrize("folder", KEPT, ids=lambda folder: folder.name)
def test_the_page_of_findings_is_that_of_the_kept_table(folder):
    told, tables = read_kept(folder)
    page = (ROOT / "docs" / "findings" / f"ablation_{folder.name}.md").read_text(encoding="utf-8")
    assert page == ablation_words.markdown(tables["ablation"], told["request"] | {"command": told["command"]})
    assert told["failed"] == 0


# --- the terms of a station -----------------------------------------------------------------------------------------

TERMS = {"station.fee", "station.grant", "station.wage", "station.skill", "station.roster", "station.manager_hours"}


@pytest.mark.parametrize(
    ("rival", "apart"),
    [
        ("market", TERMS | {"station.contract"}),
        ("custody", TERMS - {"station.grant", "station.skill"} | {"station.flat_fee"}),
    ],
)
def test_each_term_of_a_station_is_set_back_to_the_rival_s(rival, apart):
    few = ["population.n_households=30", "time.spinup=12"]
    (pair,) = asked("red_station", rivals=[rival], place="trapped", set=few, months=12)
    assert {lever for lever in pair.levers if lever.startswith("station.")} == apart
    plain = form_in_place(rival, "trapped", 12, few)
    judged = Judged(("payment_rate",), 1, 3)
    judged.make([plain, pair.rival])
    assert judged.same(plain, pair.rival)
    back = mixed(pair.form, pair.rival, TERMS, "x").segments[0].values
    assert back["station.fee"] == (plain.segments[0].values["firm.fee"] if rival == "market" else 0.0)
    assert back["station.grant"] == (0.0 if rival == "market" else 0.05)


def test_other_forms_have_no_terms_of_a_station_set_back():
    (pair,) = asked("red_alliance", rivals=["market"], place="managed", set=[], months=12)
    assert not [lever for lever in pair.levers if lever.startswith("station.")]
