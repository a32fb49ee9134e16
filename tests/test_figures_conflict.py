"""Figures of conflict, governance and cost: are the numbers drawn those of the files, per place and every time?"""

import networkx as nx
import numpy as np
import pyarrow.parquet as pq
import pytest
from command import SMALL, files_under, linli
from matplotlib.figure import Figure

import sim
from sim import figures, store
from sim.figures.conflict import AGES, END_TITLES, ISSUES, OPENED
from sim.figures.panels import CROSSED
from sim.governance_network import DESK_BODY, build, described, routes, write_graphml
from sim.manifest import file_entry
from sim.results import Results, student
from sim.runs import simulate
from sim.state import ENDS

__all__ = ["linli"]  # a fixture

SET = ("population.n_households=50", "time.spinup=12")
PLACES = ["custody @ trapped", "red_station @ trapped", "market @ managed", "red_alliance @ managed"]
NEW = ("paid_served", "unresolved_severity", "incidence", "case_ladder", "governance_network", "cost_effect")


@pytest.fixture(scope="module")
def found() -> Results:
    return sim.compare(PLACES, months=24, replicates=6, set=SET, cases=True)


@pytest.fixture(scope="module")
def kept(found, tmp_path_factory):
    """Keep the results and read them back as frames."""
    folder = tmp_path_factory.mktemp("kept")
    with store.fill(folder / "r") as filling:
        store.add_tables(filling, found)
        filling.publish({"files": [file_entry(filling, name) for name in filling.names]})
    return {path.stem: pq.read_table(path).to_pandas() for path in (folder / "r").glob("*.parquet")}


@pytest.fixture
def ax():
    return Figure().subplots()


@pytest.fixture
def trapped(found) -> Results:
    return found.within("trapped")


def of(frame, place, scenario):
    return frame[(frame["place"] == place) & (frame["scenario"] == scenario)]


def aalen_johansen(ends, n_open):
    """Walk through the ages one by one: who is left, who ends how; ends : (end, age)."""
    left, total, shares = float(ends.sum() + n_open.sum()), np.zeros(len(ends)), []
    staying = 1.0
    for age in range(ends.shape[1]):
        if left > 0:
            total = total + staying * ends[:, age] / left
            staying *= 1 - ends[:, age].sum() / left
        left -= ends[:, age].sum() + n_open[age]
        shares.append(total)
    return np.array(shares).T


# --- the numbers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", list(END_TITLES))
def test_incidence_is_that_of_the_file_with_the_jackknife_over_runs(end, trapped, kept, ax):
    drawn = figures.incidence_of_end(ax, trapped, end)
    row = ENDS.index(end)
    for label, line in zip(trapped.labels, ax.get_lines(), strict=True):
        rows = of(kept["ends"], "trapped", label)
        runs = np.array([part[[*ENDS, "open"]].to_numpy().T for _, part in rows.groupby("run")])
        whole = aalen_johansen(runs.sum(axis=0)[:-1], runs.sum(axis=0)[-1])[row, :AGES]
        np.testing.assert_allclose(line.get_ydata(), whole[:24], atol=1e-12)
        np.testing.assert_allclose(drawn[label].value, whole, atol=1e-12)
        left_out = []
        for k in range(len(runs)):
            others = np.delete(runs, k, axis=0).sum(axis=0)
            left_out.append(aalen_johansen(others[:-1], others[-1])[row, :AGES])
        variance = (len(runs) - 1) * np.var(left_out, axis=0)
        expected = np.clip(whole + student(len(runs) - 1) * np.sqrt(variance), 0, 1)
        np.testing.assert_allclose(drawn[label].high, expected, atol=1e-12)


def test_paid_and_served_is_that_of_the_file(trapped, kept, ax):
    drawn = figures.paid_and_served(ax, trapped, "red_station")
    months = of(kept["series"], "trapped", "red_station").groupby("month")
    total = 0
    for name in CROSSED:
        np.testing.assert_allclose(drawn[name].mean, months[name].mean(), rtol=1e-9)
        total = total + drawn[name].mean
    np.testing.assert_allclose(total, 1, rtol=1e-9)
    expected = months["paid_served"].mean() + months["paid_unserved"].mean()
    np.testing.assert_allclose(drawn["paid"].mean, expected, rtol=1e-9)


@pytest.mark.parametrize("label", ["custody", "red_station"])
def test_the_ladder_is_that_of_the_files(label, trapped, kept, ax):
    first, further, ends = figures.case_ladder(ax, trapped, label)
    cases = of(kept["cases"], "trapped", label)
    cases = cases[(cases["arisen"] >= 0) & (cases["kind"] != "suit for arrears")]
    paths = cases["path"].str.split(" > ")
    counted = of(kept["ends"], "trapped", label)
    assert first.pop((ISSUES, "lumped")) == counted["lumped"].sum()
    assert {desk: n for (_, desk), n in first.items()} == paths.str[0].value_counts().to_dict()
    assert further == {way: n for way, n in zip_counts(paths.str[0], paths.str[-1])}
    assert ends == {way: n for way, n in zip_counts(cases["desk"], cases["outcome"])}


def zip_counts(one, other):
    pairs = list(zip(one, other, strict=True))
    return [(pair, pairs.count(pair)) for pair in set(pairs)]


def test_the_ladder_without_history_shows_ends_alone(trapped, kept, ax):
    plain = Results(trapped.arms)
    complaint, ends = figures.case_ladder(ax, plain, "custody")
    counted = of(kept["ends"], "trapped", "custody")[[*ENDS, "open"]].sum()
    assert complaint == {(ISSUES, OPENED): counted.sum() - counted["lumped"], (ISSUES, "lumped"): counted["lumped"]}
    assert ends == {(OPENED, end): counted[end] for end in ("resolved", "withdrawn", "judged", "open")}


@pytest.mark.parametrize("effect", ["cost_covered", "unresolved"])
def test_the_cost_effect_plane_is_that_of_the_file(effect, trapped, kept, ax):
    drawn = figures.cost_effect(ax, trapped, effect)
    assert list(drawn) == ["red_station"]
    wage = sim.resolve("custody").segments[0].values["street.cadre_wage"]
    runs = kept["runs"].assign(cost=lambda r: r["public_cost"] + 0.12 * r["cadre_hours"] * wage)
    one, base = (of(runs, "trapped", label).set_index("replicate") for label in ("red_station", "custody"))
    increments = drawn["red_station"]
    np.testing.assert_allclose(increments.effect, one[effect] - base[effect], atol=1e-12)
    np.testing.assert_allclose(increments.cost, one["cost"] - base["cost"], atol=1e-9)
    assert increments.mean_cost.mean == pytest.approx((one["cost"] - base["cost"]).mean())
    diamonds = [line for line in ax.get_lines() if line.get_marker() == "D"]
    assert [line.get_xdata()[0] for line in diamonds] == [increments.mean_effect.mean]


def test_the_network_drawn_is_the_one_that_sets_the_days(found, ax):
    alliance, market = found.arm("red_alliance @ managed"), found.arm("market @ managed")
    drawn = figures.governance_network(ax, found, "red_alliance @ managed")
    values = alliance.world.segments[0].values
    expected = {frozenset(way): data["days"] for *way, data in build(values).edges(data=True)}
    assert {frozenset(way): days for way, days in drawn.items()} == expected
    ways = [edge for edge in described(values).edges(data=True) if edge[2]["carries_cases"]]
    assert {frozenset(way[:2]) for way in ways} == set(expected)
    added = {frozenset(way[:2]) for way in ways if way[2]["added_by_lever"]}
    base = {frozenset(way) for way in build(market.world.segments[0].values).edges}
    assert added == set(expected) - base != set()


# --- GraphML --------------------------------------------------------------------------------------------------------


def test_graphml_holds_bodies_desks_and_days(tmp_path):
    values = sim.resolve("red_alliance", place="managed").segments[0].values
    for name in ("a", "b"):
        write_graphml(values, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    read = nx.read_graphml(tmp_path / "a")
    days, _ = routes(values)
    assert [read.nodes[body]["days_from_household"] for body in DESK_BODY] == list(days)
    assert read.nodes["residents' committee"]["desks"] == "mediation"
    assert read.nodes["sub-district office"]["desks"] == "sub-district and hotline, collective petition"
    assert any(way.get("added_by_lever") for *_, way in read.edges(data=True))
    assert read.edges["joint branch", "residents' committee"]["relation"] == "sits at the mediation desk"
    assert "days_from_household" not in read.nodes["joint branch"]


@pytest.mark.parametrize(
    ("scenario", "place", "bodies", "ways"),
    [
        ("custody", "trapped", set(), set()),
        ("market", "managed", set(), set()),
        ("catalysed", "trapped", {"party branch", "owners' committee"}, set()),
        ("self_governance", "committee", {"owners' committee"}, set()),
        ("red_branch", "committee", {"party branch", "owners' committee"}, set()),
        ("red_station", "trapped", {"party branch"}, set()),
        ("red_alliance", "managed", {"party branch", "joint branch"}, {"2 joint desk"}),
        ("red_station + red_center", "trapped", {"party branch", "joint branch"}, {"3 hub"}),
        ("red_alliance + red_center", "managed", {"party branch", "joint branch"}, {"2 joint desk", "3 hub"}),
    ],
)
def test_every_body_that_acts_is_drawn_and_the_ways_of_levers_are_named(scenario, place, bodies, ways, ax):
    results = Results.of(simulate([sim.resolve(scenario, place=place, months=1, set=SET)], replicates=range(1), seed=1))
    figures.governance_network(ax, results, results.labels[0])
    shown = {text.get_text().partition("\nafter")[0].replace("\n", " ") for text in ax.texts}
    always = {"household", "provider", "grid worker", *DESK_BODY, "district"}
    assert {text for text in shown if not text[0].isdigit()} == always | bodies
    assert {text for text in shown if text[0].isdigit() and " " in text} == ways


def test_inspectors_and_social_organisations_are_tied_in_when_there_are_some():
    values = dict(sim.resolve("market").segments[0].values)
    assert "social organisations" not in described(values)
    assert not described(values).has_edge("sub-district office", "provider")
    more = described(values | {"social.rights_hours": 5.0, "street.inspectors": 5.0})
    assert set(more["social organisations"]) == {"household", "sub-district office", "residents' committee"}
    assert not more.edges["sub-district office", "provider"]["carries_cases"]
    assert set(described(values | {"social.charity_hours": 5.0})["social organisations"]) == {
        "household", "sub-district office",
    }  # fmt: skip


def test_curves_end_where_runs_do(found, ax):
    """Of an issue that arose in the first of 24 months, at most 23 months are seen."""
    figures.incidence_of_end(ax, found.within("trapped"), "resolved")
    assert [line.get_xdata()[-1] for line in ax.get_lines()] == [23, 23]
    assert ax.get_xlim() == (0, 23)


def test_every_scenario_has_a_network_file(linli, tmp_path):
    linli("compare", "custody", "market + subsidy_taper", *SMALL, "--out", "one", "--no-figures")
    names = {name for name in files_under(tmp_path / "one") if name.endswith(".graphml")}
    assert names == {"governance_network_custody.graphml", "governance_network_market_subsidy_taper.graphml"}
    linli("compare", "market @ managed", "market @ trapped", *SMALL, "--out", "two", "--no-figures")
    names = {name for name in files_under(tmp_path / "two") if name.endswith(".graphml")}
    assert names == {"governance_network_market_managed.graphml", "governance_network_market_trapped.graphml"}


# --- per place ------------------------------------------------------------------------------------------------------


def test_several_places_have_a_file_each_with_its_own_scenarios(found):
    names = list(figures.files(found))
    assert len(names) == len(set(names)) == 2 * len(figures.FIGURES)
    assert list(figures.files(found.within("managed"))) == list(figures.FIGURES)
    figure = figures.draw(found, "payment_managed")
    assert figure.legends[0].get_title().get_text() == "Who pays (managed)"
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["market", "red_alliance"]


def test_results_that_were_read_draw_what_their_files_allow(found, tmp_path):
    with store.fill(tmp_path / "r") as filling:
        store.add_tables(filling, found)
        filling.publish({"files": [file_entry(filling, name) for name in filling.names]})
    read = store.read_results(tmp_path / "r")
    assert set(figures.FIGURES) - set(figures.names(read)) == {"governance_network", "cost_effect"}
    figures.draw(read, "incidence_trapped")


@pytest.mark.thorough
@pytest.mark.parametrize("kind", ["png", "svg"])
@pytest.mark.parametrize("name", NEW)
def test_equal_figures_give_equal_bytes(name, kind, found, tmp_path):
    files = [tmp_path / f"{k}.{kind}" for k in range(2)]
    for file in files:
        figures.save(figures.draw(found, f"{name}_trapped"), file, kind)
    assert files[0].read_bytes() == files[1].read_bytes()
