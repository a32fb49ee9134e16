"""Rival explanations: a success that reports would show, in runs where no party organisation does anything."""

import numpy as np
import pytest
from experiments import differences, pair, sign, signs
from shipped import of_kind

from sim.estates import by_estate
from sim.scenarios import resolve
from sim.selection import gains

RIVALS = [info.name for info in of_kind("rival")]
TESTED: dict[str, object] = {}
"""By file: the test of its apparent gain."""

PARTY = ("branch.attention", "branch.member_hours", "branch.instructor", "party.branch_hours", "party.branch_attention",
         "party.group_hours", "party.group_attention", "contact.vouch", "desk.joint_hours", "tiers.layers")  # fmt: skip
"""Levers of party organisation, all zero in a rival."""


def apparent_gain(test):
    """Enter a test under the file it is called after."""
    TESTED[test.__name__.removeprefix("test_")] = test
    return test


def test_every_rival_has_a_test_of_its_apparent_gain():
    assert set(TESTED) == set(RIVALS)


@pytest.mark.parametrize("name", RIVALS)
def test_no_party_organisation_does_anything(name):
    world = resolve(name)
    for values in (world.before, *(segment.values for segment in world.segments)):
        assert {path: values[path] for path in PARTY} == dict.fromkeys(PARTY, 0)


@apparent_gain
def test_renovation_only():
    runs = pair("renovation_only", 48)
    assert signs(runs, ["satisfaction", "facility_visible", "payment_rate"], 36, 60) == [1, 1, 1]


@apparent_gain
def test_new_provider_honeymoon():
    runs = pair("new_provider_honeymoon", 48)
    assert signs(runs, ["trust_provider", "payment_rate"], 0, 24) == [1, 1]
    for name in ("trust_provider", "payment_rate"):
        early, late = (differences(runs, name, *window) for window in ((6, 24), (60, 120)))
        assert sign(early - 2 * late) == 1  # less than half of it lasts


@apparent_gain
def test_subsidy_only():
    runs = pair("subsidy_only", 48)
    assert signs(runs, ["service", "satisfaction", "payment_rate", "public_cost"], 12, 36) == [1, 1, 1, 1]


@apparent_gain
def test_dunning_only():
    runs = pair("dunning_only", 96)
    assert signs(runs, ["payment_rate", "share_enforced"], 12, 24) == [1, 1]
    early, late = (differences(runs, "payment_rate", *window) for window in ((24, 36), (96, 120)))
    assert sign(early - 2 * late) == 1


@apparent_gain
def test_cleaned_denominators():
    runs = pair("cleaned_denominators", 32)
    assert signs(runs, ["reported_payment_rate"], 12, 36) == [1]
    for name in ("payment_rate", "cost_covered", "satisfaction"):
        np.testing.assert_array_equal(runs.arms[0].values[name], runs.arms[1].values[name])


@apparent_gain
def test_covid_2020():
    runs = pair("covid_2020", 96, 38)
    assert signs(runs, ["calls"], 13, 17) == [-1]
    assert signs(runs, ["payment_rate", "settled_3"], 23, 26) == [-1, -1]
    low, later = (differences(runs, "settled_3", *window) for window in ((23, 26), (35, 38)))
    assert sign(later - low) == 1  # against the bad year before, a gain that nobody brought about


@apparent_gain
def test_regression_to_the_mean():
    runs = pair("regression_to_the_mean", 96, 24)
    apparent = []
    for batch in runs.batches:
        year_before = by_estate(batch)["payment_rate"][:, batch.first - 1]
        gain = gains(batch, start=-1, end=23).reshape(year_before.shape)
        worst = np.argsort(year_before, axis=1)[:, : year_before.shape[1] // 4]
        chosen = np.take_along_axis(gain, worst, axis=1).mean(axis=1)
        apparent.append(chosen - gain.mean(axis=1))
    large, small = apparent
    assert sign(small) == 1
    assert sign(small - large) == 1
