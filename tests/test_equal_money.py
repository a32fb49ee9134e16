"""Forms at equal money: the shipped amounts make costs equal; differences, table and figure say what the runs say."""

import re

import numpy as np
import pytest
from command import linli
from matplotlib.figure import Figure
from small_studies import SMALL

from sim.errors import InputError
from sim.figures.money import draw_money, forms_by_money
from sim.results import Interval
from sim.studies import equal_money, money_told, run
from sim.studies.catalog import shipped_file
from sim.studies.sources import read_study
from sim.studies.worlds import base_worlds

__all__ = ["linli"]  # a fixture

KEPT = {"outcomes": list(equal_money.NEEDED), "months": 24, "replicates": 8, "keep": ["series"], "at": [0, 24]}
AMOUNTS = [
    "market @ managed",
    "red_alliance @ managed",
    {"scenario": "market + subsidy_permanent @ managed", "times": {"street.subsidy": 1.5}},
    "red_alliance + subsidy_permanent @ managed",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("money") / "study"
    run(SMALL | KEPT | {"scenarios": AMOUNTS}, path, threads=1)
    return path


@pytest.fixture(scope="module")
def forms(folder):
    return equal_money.forms_of(folder)


def test_costs_are_equal_within_every_row_of_money_of_the_shipped_study(tmp_path):
    path, _ = shipped_file("equal_money")
    small = tmp_path / "small.toml"
    small.write_text(re.sub(r"(?m)^replicates = \d+", "replicates = 60", path.read_text("utf-8")), "utf-8")
    run(small, tmp_path / "study")
    found = equal_money.forms_of(tmp_path / "study")
    paid = [form for form in found if form.row]
    assert len(paid) == 26
    assert {f"{f.row} {f.place} {f.name}": f.dearer for f in paid if abs(f.dearer) > equal_money.TOLERANCE} == {}
    for form in found:  # the row without money is offered nothing, and its differences are told
        assert (form.offered == 0) == (form.row == "")


def test_each_form_of_the_shipped_study_is_where_it_could_exist():
    worlds = base_worlds(read_study("equal_money")[0])
    assert all(world.feasible for world in worlds)
    rows = {}
    for world in worlds:
        form, _, row = world.label.partition(" + ")
        rows.setdefault(row, set()).add((world.place, form))
    assert set(rows) == {"", "subsidy_taper", "subsidy_permanent"}
    assert rows[""] == rows["subsidy_taper"] == rows["subsidy_permanent"]
    every = {"red_station", "red_alliance", "red_branch", "custody", "state_owned", "self_governance", "trust"}
    assert every | {"market", "catalysed"} == {form for _, form in rows[""]}


def test_what_is_told_is_in_the_runs(folder, forms):
    from sim.studies import open as open_study

    runs = open_study(folder).runs
    for form in forms:
        label = f"{form.name} + {form.row}" if form.row else form.name
        own = runs[runs["scenario"] == label].sort_values("replicate")
        for name in equal_money.NEEDED:
            assert form.mean(name).mean == pytest.approx(own[name].mean(), rel=1e-12)
    market, alliance = (form for form in forms if form.row)
    assert alliance.base is market
    more = alliance.values["cost_covered"] - market.values["cost_covered"]
    assert vars(alliance.more("cost_covered")) == vars(Interval(more))
    ratio = alliance.mean("full_cost").mean / market.mean("full_cost").mean
    assert alliance.dearer == pytest.approx(ratio - 1, rel=1e-9)


def test_pairs_are_later_forms_less_earlier_ones_beside_how_far_the_rival_moved(folder, forms):
    from sim.studies import open as open_study

    series = open_study(folder).series.set_index(["scenario", "replicate", "month"])["cost_covered"]
    table = money_told.pairs(forms)
    assert list(zip(table["form"], table["rival"], table["money"], strict=True)) == [
        ("red_alliance", "market", "none"), ("red_alliance", "market", "subsidy_permanent"),
    ]  # fmt: skip
    for k, label in enumerate(("market", "market + subsidy_permanent")):
        market, alliance = (form for form in forms if (form.row or "none") == table["money"][k])
        more = Interval(alliance.values["public_cost"] - market.values["public_cost"])
        assert (table["public_cost"][k], table["public_cost_low"][k]) == (more.mean, more.low)
        moved = [series[label, r, 23] - series[label, r, -1] for r in range(8)]
        assert table["cost_covered_drift"][k] == pytest.approx(np.mean(moved))
        assert abs(table["cost_covered_drift"][k]) > 0
    assert f"| {table['cost_covered_drift'][0]:+.3f} |" in money_told.page(forms)
    assert f"itself moved by {table['payment_rate_drift'][0]:+.3f}" in "\n".join(money_told.lines(forms))


def test_without_the_policy_month_there_is_no_drift(tmp_path):
    run(SMALL | KEPT | {"scenarios": AMOUNTS[:2], "keep": [], "at": []}, tmp_path / "bare", threads=1)
    found = equal_money.forms_of(tmp_path / "bare")
    assert money_told.pairs(found)["payment_rate_drift"].mask.all()
    assert "itself moved" not in "\n".join(money_told.lines(found))
    page = money_told.page(found)
    assert page.count(" |  | ") == 2  # bills and cover of the one pair
    assert "--" not in page.replace("---", "")  # a mask is no number


def test_the_amount_that_would_make_costs_equal(forms, tmp_path):
    market, alliance = (form for form in forms if form.row)
    cheap, dear = sorted((market, alliance), key=lambda form: form.mean("full_cost").mean)
    assert equal_money.evened(dear, forms) == dear.times
    amount = equal_money.evened(cheap, forms)
    assert amount > cheap.times
    told = {"scenario": f"{cheap.name} + {cheap.row} @ managed", "times": {"street.subsidy": amount}}
    run(SMALL | KEPT | {"scenarios": [told]}, tmp_path / "again", threads=1)
    (again,) = equal_money.forms_of(tmp_path / "again")
    assert again.mean("full_cost").mean == pytest.approx(dear.mean("full_cost").mean, rel=0.03)


@pytest.mark.parametrize("outcome", ["payment_rate", "cost_covered", "unresolved", "full_cost"])
def test_the_figure_draws_the_means_and_their_intervals(forms, outcome):
    ax = Figure().subplots()
    drawn = forms_by_money(ax, forms, outcome, "managed")
    assert drawn.keys() == {f"{form.name}, {form.row or 'none'}" for form in forms}
    for form in forms:
        assert drawn[f"{form.name}, {form.row or 'none'}"].mean == form.mean(outcome).mean
    seen = np.concatenate([bars.lines[0].get_ydata() for bars in ax.containers])
    assert sorted(seen) == pytest.approx(sorted(mean.mean for mean in drawn.values()))
    assert (ax.get_ylabel() and ax.get_title(loc="left")) or ax.get_title()
    assert len(draw_money(forms).axes) == 4


def test_the_command_keeps_table_figure_and_receipt(linli, folder, tmp_path):
    import pyarrow.parquet as pq

    told = linli("study", "money", folder, "--out", tmp_path / "found")
    assert told.code == 0
    assert "subsidy_permanent" in told.out
    table = pq.read_table(tmp_path / "found" / "money.parquet")
    assert table.num_rows == 4
    assert (tmp_path / "found" / "figures" / "money.png").stat().st_size > 10_000
    assert (tmp_path / "found" / "manifest.json").is_file()
    assert len(linli("study", "money", folder, "--json").data) == 4


def test_what_a_study_lacks_is_told(tmp_path):
    run(SMALL | {"outcomes": ["payment_rate"]}, tmp_path / "study", threads=1)
    with pytest.raises(InputError, match="did not keep cost_covered, unresolved, full_cost, public_cost"):
        equal_money.forms_of(tmp_path / "study")
