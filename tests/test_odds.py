"""Shares of draws in which a form is ahead of a rival, or behind."""

import math

import numpy as np
import pytest
from command import linli
from matplotlib.figure import Figure
from scipy.stats import binomtest, ttest_1samp
from small_studies import SMALL

from sim.errors import InputError
from sim.figures.odds import draw_odds, shares_of_draws
from sim.parameters import PARAMETERS, Role
from sim.results import Interval
from sim.scenarios import resolve
from sim.studies import odds, run
from sim.studies import open as open_study
from sim.studies.schema import check_factor
from sim.studies.sources import read_study
from sim.studies.worlds import with_values

__all__ = ["linli"]  # a fixture

ARMS = [("a", "here"), ("b", "here"), ("c", "here"), ("d", "there"), ("e", "there")]
DRAWS = {
    "scenarios": ["market @ managed", "state_owned @ managed", "red_alliance @ managed"],
    "months": 36,
    "replicates": 3,
    "outcomes": ["cost_covered", "payment_rate"],
    "keep": ["series"],
    "at": [0, 36],
    "factors": {"household.*": {}, "desk.power": {"own": True}},
    "sampling": {"method": "lhs", "n": 6},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("odds") / "study"
    run(SMALL | DRAWS, path, threads=1)
    return path


def test_counts_by_hand():
    nan = math.nan
    values = np.array([
        [[0.5, 0.7], [0.5, 0.5], [0.5, nan], [nan, nan]],
        [[0.4, 0.5], [0.5, 0.5], [0.9, 0.1], [0.1, 0.1]],
        [[0.32, 0.3], [0.45, 0.45], [0.2, 0.2], [0.1, 0.1]],
        [[0.3, 0.3], [0.4, 0.4], [0.2, 0.2], [0.1, 0.1]],
        [[0.1, 0.1], [0.6, 0.6], [0.2, 0.2], [0.15, 0.15]],
    ])  # fmt: skip
    found = {(each.form, each.rival): each for each in odds.count(ARMS, values, 3, 0.1)}
    ab = found["a", "b"]  # pairs: 0.1 and 0.2, undecided; none and none; -0.4 alone has no interval; missing
    assert (ab.draws, ab.ahead, ab.behind, ab.undecided) == (2, 0, 0, 2)
    assert (ab.pairs, ab.pairs_ahead, ab.pairs_behind) == (5, 1, 1)
    assert (found["b", "a"].pairs_ahead, found["b", "a"].pairs_behind) == (1, 1)
    bc = found["b", "c"]  # 0.08 and 0.2; 0.05 twice; 0.7 and -0.1; none
    assert (bc.draws, bc.ahead, bc.behind, bc.pairs_ahead, bc.pairs_behind) == (4, 0, 0, 2, 0)
    assert [each.ahead for each in odds.count(ARMS, values, 3, 0.0) if (each.form, each.rival) == ("b", "c")] == [1]
    every = found["a", odds.EVERY]  # one pair alone is ahead of both by more: 0.2 of b and 0.4 of c
    assert (every.draws, every.ahead, every.behind, every.pairs, every.pairs_ahead) == (2, 0, 0, 5, 1)
    de = found["d", "e"]  # 0.2 twice; -0.2 twice; none; -0.05 twice
    assert (de.draws, de.ahead, de.behind, de.undecided) == (4, 1, 1, 2)
    assert [each.behind for each in odds.count(ARMS, values, 3, 0.0) if each.form == "d"] == [2]
    assert ("d", odds.EVERY) not in found  # one rival is every rival
    assert ("a", "d") not in found


@pytest.mark.parametrize(("k", "n"), [(0, 50), (3, 50), (25, 50), (50, 50), (437, 1000)])
def test_the_interval_is_that_of_wilson(k, n):
    reference = binomtest(k, n).proportion_ci(method="wilson")
    assert odds.wilson(k, n) == pytest.approx((k / n, reference.low, reference.high), abs=1e-7)


def test_no_draws_no_share():
    assert all(math.isnan(part) for part in odds.wilson(0, 0))


def test_a_study_is_counted_in_the_last_month_of_the_third_year(folder):
    found = odds.odds_of(folder, margins=[0.02])
    assert {each.years for each in found} == {3}
    runs = open_study(folder).runs.pivot_table(
        index=["point", "replicate"], columns="scenario", values="cost_covered"
    )  # 36 months: the last is the one that is judged
    for each in found:
        if each.rival != odds.EVERY:
            pairs = runs[each.form] - runs[each.rival]
            sure = {point: ttest_1samp(of, 0.0).confidence_interval(0.95) for point, of in pairs.groupby("point")}
            clearly = [sum(ci.low > 0.02 for ci in sure.values()), sum(ci.high < -0.02 for ci in sure.values())]
            assert [each.draws, each.ahead, each.behind] == [6, *clearly]
            assert (each.pairs_ahead, each.pairs_behind) == ((pairs > 0.02).sum(), (pairs < -0.02).sum())
    assert any(each.pairs_ahead for each in found)


def test_where_draws_start_is_counted_against_what_the_place_declares(folder):
    from sim.standing import declared_standing

    (start,) = odds.starts_of(folder)
    series = open_study(folder).series
    rates = series[(series["month"] == -1) & (series["scenario"] == "market")].groupby("point")["payment_rate"].mean()
    declared = declared_standing("managed").payment
    assert (start.place, start.declared, start.draws) == ("managed", declared, 6)
    assert start.off == (abs(rates - declared) > 0.1).sum()
    assert start.mean == pytest.approx(rates.mean())
    assert "of 6 draws start more than 0.1 from the declared payment rate" in odds.lines([], [start])[0]


def test_a_form_that_nobody_bills_under_any_more_is_behind_and_not_left_out(tmp_path):
    """Else the draws in which it failed leave the count, and what is left looks good."""
    nobody = {"scenario": "custody @ trapped", "name": "nobody", "set": {"provider.kind": "none"}}
    run(SMALL | DRAWS | {"scenarios": ["custody @ trapped", nobody], "factors": {"household.*": {}}}, tmp_path / "s")
    assert open_study(tmp_path / "s").runs.groupby("scenario")["payment_rate"].count()["nobody"] == 0
    first = odds.odds_of(tmp_path / "s", "payment_rate", (0.0,))[0]
    assert (first.form, first.rival, first.draws, first.ahead) == ("custody", "nobody", 6, 6)
    assert first.pairs == 18
    (other,) = [each for each in odds.odds_of(tmp_path / "s", "cost_covered", (0.0,)) if each.form == "nobody"]
    assert other.draws == 6


def test_the_figure_draws_the_shares(folder):
    found = odds.odds_of(folder)
    ax = Figure().subplots()
    drawn = shares_of_draws(ax, found, "managed", 3)
    assert {margin for _, margin in drawn} == set(odds.MARGINS)
    widths = [patch.get_width() for patch in ax.patches]
    assert widths[0::2] == [ahead for ahead, _ in drawn.values()]
    assert widths[1::2] == [-behind for _, behind in drawn.values()]
    assert len(draw_odds(found).axes) == 1


def test_the_command(linli, folder, tmp_path):
    told = linli("study", "odds", folder, "--margin", "0.02", "--out", tmp_path / "found")
    assert told.code == 0
    assert "red_alliance     against market" in told.out
    assert (tmp_path / "found" / "odds.parquet").is_file()
    assert (tmp_path / "found" / "starts.parquet").is_file()
    assert linli("study", "odds", folder, "--margin", "-0.1").code == 2
    assert len(linli("study", "odds", folder, "--json").data) == 18  # nine pairs, two margins


def test_a_study_without_series_or_years_is_told(tmp_path):
    run(SMALL, tmp_path / "no", threads=1)
    with pytest.raises(InputError, match="series of cost_covered were not kept"):
        odds.odds_of(tmp_path / "no")
    run(SMALL | {"keep": ["series"]}, tmp_path / "short", threads=1)
    with pytest.raises(InputError, match="runs end after 6 months, and the first look is after 36"):
        odds.odds_of(tmp_path / "short")


# --- levers in the scenarios that set them ------------------------------------------------------------------------


def test_a_lever_of_its_own_is_laid_only_over_what_sets_it():
    market, alliance = (resolve(name, place="managed", months=48) for name in ("market", "red_alliance"))
    values = {"desk.power": 0.9, "household.b_bailout": 1.1}
    ours, theirs = (with_values(world, values, {"desk.power"}).segments[0].values for world in (market, alliance))
    assert (ours["desk.power"], theirs["desk.power"]) == (market.before["desk.power"], 0.9)
    assert ours["household.b_bailout"] == theirs["household.b_bailout"] == 1.1


def test_a_form_that_withdraws_still_withdraws():
    world = with_values(
        resolve("catalysed", place="managed", months=48), {"contact.cadre_hours": 9.0}, {"contact.cadre_hours"}
    )
    hours = {segment.month: segment.values["contact.cadre_hours"] for segment in world.segments}
    assert hours == {0: 9.0, 36: 0.0}


def test_only_levers_are_somebodys_own():
    with pytest.raises(InputError, match=r"household\.b_bailout is no lever"):
        read_study(SMALL | DRAWS | {"factors": {"household.b_bailout": {"own": True}}})


IN_EVERY_FORM = {"firm.fee", "station.fee", "custody.flat_fee", "contact.press", "desk.closure_pressure"}
STATION = {
    f"{who}.{term}" for who in ("station", "custody") for term in ("wage", "skill", "roster", "manager_hours", "grant")
}  # fmt: skip
"""Terms of the community's service, drawn wherever it serves; its loss bases are uncertainties."""


def test_the_shipped_study_draws_whatever_bears_on_a_form():
    study, _ = read_study("prior_predictive")
    drawn = {factor.path for factor in study.factors}
    assert study.replicates >= 20
    assert study.sampling.n >= 1000
    assert study.at == (0, 36, 120)
    programmes = {"consultation", "complete", "renovation", "workers", "covenant", "platform", "social", "care",
                  "checklist", "tiers", "core", "population", "start"}  # fmt: skip
    places = {place for _, place in study.arms}
    of_places = {path for place in places for path, value in resolve("market", place=place).origins_before.items()
                 if value.where.startswith("scenarios/places/")}  # fmt: skip
    assert {"household.intercept", "provider.common_income"} <= of_places
    for parameter in PARAMETERS.values():
        if parameter.role is Role.UNCERTAINTY and parameter.range and parameter.group not in programmes:
            assert (parameter.path in drawn) == (parameter.path not in of_places), parameter.path
    assert IN_EVERY_FORM | STATION <= drawn
    for factor in study.factors:
        check_factor(factor.path, "")
        a_form_sets_it = PARAMETERS[factor.path].role is Role.LEVER and factor.path not in IN_EVERY_FORM | STATION
        assert factor.own == a_form_sets_it, factor.path
        if factor.role is Role.UNCERTAINTY:
            assert (factor.low, factor.high) == PARAMETERS[factor.path].range


def test_every_red_form_meets_every_rival_that_is_feasible_in_its_place():
    study, _ = read_study("prior_predictive")
    rivals = ("market", "custody", "state_owned", "trust", "self_governance")
    for form, place in (("red_station", "trapped"), ("red_alliance", "managed"), ("red_branch", "committee")):
        assert (form, place) in study.arms
        for rival in rivals:
            if resolve(rival, place=place).feasible:
                assert (rival, place) in study.arms, (rival, place)


def test_beside_the_odds_stands_how_far_the_rival_moved_by_itself():
    values = np.array([[[1.0, 1.1]], [[0.5, 0.7]]])
    moved = [Interval(np.array([0.1, 0.3])), Interval(np.array([-0.2, 0.0]))]
    found = odds.count([("a", "here"), ("b", "here")], values, 3, 0.0, moved)
    assert [(each.form, each.drift) for each in found] == [("a", moved[1].mean), ("b", moved[0].mean)]
    assert odds.columns(found)["drift_low"].tolist() == [moved[1].low, moved[0].low]
    assert "rival alone -0.100" in "\n".join(odds.lines(found))
    bare = odds.count([("a", "here"), ("b", "here")], values, 3, 0.0)
    assert odds.columns(bare)["drift"].mask.all()
