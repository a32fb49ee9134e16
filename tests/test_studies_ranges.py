"""The ranges that the searches draw from are those that were frozen before them."""

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from sim import parameters
from sim.parameters import PARAMETERS
from sim.scenarios import data_folder
from sim.studies import ranges
from sim.studies.sources import read_study

STUDIES = data_folder() / "studies"


def test_no_range_has_moved_since_the_searches():
    frozen = (STUDIES / ranges.FROZEN).read_text(encoding="utf-8").strip()
    assert ranges.ranges_hash() == frozen, (
        "a declared range has moved, or a parameter has come or gone: search_patterns and search_harms no longer tell "
        "of the ranges declared; run both again, then write the new hash"
    )


def test_the_page_of_ranges_that_moved_tells_those_declared():
    page = (Path(__file__).resolve().parents[1] / "docs" / "ranges.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(?P<path>[a-z_.]+)` \|[^|]*\| (?P<low>[\d.]+) to (?P<high>[\d.]+) \|", page, re.MULTILINE)
    assert len(rows) == page.count("| `") > 20
    for path, low, high in rows:
        assert PARAMETERS[path].range == (float(low), float(high)), path


@pytest.mark.parametrize("change", [{"range": (0.1, 1.21)}, {"range": (0.4, 1.2), "choices": ("a", "b")}])
def test_a_range_that_moves_is_seen(monkeypatch, change):
    before, path = ranges.ranges_hash(), "household.intercept"
    monkeypatch.setattr(ranges, "PARAMETERS", {**PARAMETERS, path: replace(PARAMETERS[path], **change)})
    assert ranges.ranges_hash() != before
    assert parameters.PARAMETERS[path].range == (0.4, 1.2)


def test_a_default_that_moves_moves_no_range(monkeypatch):
    before, path = ranges.ranges_hash(), "household.intercept"
    monkeypatch.setattr(ranges, "PARAMETERS", {**PARAMETERS, path: replace(PARAMETERS[path], default=0.5)})
    assert ranges.ranges_hash() == before


@pytest.mark.parametrize("name", ["search_patterns", "search_harms"])
def test_a_search_draws_the_declared_ranges(name):
    study, _ = read_study(name)
    assert study.sampling.method == "lhs"
    assert study.sampling.n >= 2000
    for factor in study.factors:
        if not PARAMETERS[factor.path].choices and factor.path != "structure.billing_period":
            assert (factor.low, factor.high) == PARAMETERS[factor.path].range, factor.path


def test_the_search_for_harm_draws_what_the_odds_are_drawn_over():
    of_odds, of_harms = (read_study(name)[0].factors for name in ("prior_predictive", "search_harms"))
    assert of_odds == of_harms


def test_two_arms_of_a_channel_differ_in_it_alone_and_stand_at_the_ends_of_its_range():
    told = tomllib.loads((STUDIES / "tolerances" / "harms.toml").read_text(encoding="utf-8"))
    study, _ = read_study("search_harms")
    sets = {(name, place): values for name, values, (_, place) in zip(study.names, study.sets, study.arms, strict=True)}
    seen = set()
    for form in told["form"]:
        for channel, ends in told["channels"].items():
            keys = [(f"{form['name']}: {channel} {end}", form["place"]) for end in ends]
            if keys[0] not in sets:
                continue
            none, harm = (sets[key] for key in keys)
            seen |= set(keys)
            assert none.keys() == harm.keys()
            for path in none:
                assert {none[path], harm[path]} == set(PARAMETERS[path].range), path
        for rival in form["rivals"]:
            assert (rival, form["place"]) in study.arms
            assert sets[f"{rival}: irritation high", form["place"]] == {"household.irritation": 1.0}
    assert len(seen) == 60
