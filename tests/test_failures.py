"""Every way to fail shows its signature against the paired run without the cause; no file escapes."""

import numpy as np
import pytest
from experiments import counted, differences, pair, sign, signs, windowed
from shipped import of_kind

from sim.figures import failures
from sim.runs import run
from sim.totals import Total

SIGNATURES: dict[str, object] = {}
"""By file: the test of its signature."""


def signature(test):
    """Enter a test under the file it is called after."""
    SIGNATURES[test.__name__.removeprefix("test_")] = test
    return test


def test_every_file_has_a_test_of_its_signature():
    assert set(SIGNATURES) == {info.name for info in of_kind("failure")}


# --- F1 to F12 ---------------------------------------------------------------------------------------------------


@signature
def test_f01_subsidy_cliff():
    runs = pair("f01_subsidy_cliff", 960)
    assert np.array_equal(windowed(runs, 0, "service", 0, 12), windowed(runs, 1, "service", 0, 12))
    assert signs(runs, ["service", "payment_rate"], 60, 120) == [-1, -1]
    service, payment = (differences(runs, name, 12, 18) for name in ("service", "payment_rate"))
    assert sign(service) == -1
    assert sign(np.abs(service) - 10 * np.abs(payment)) == 1  # payment holds while service falls


@signature
def test_f02_bailout():
    runs = pair("f02_bailout", 96)
    assert signs(runs, ["service", "bailout_belief", "payment_rate"], 6, 24) == [1, 1, -1]


@signature
def test_f03_asking_crowded_out():
    runs = pair("f03_asking_crowded_out", 48)
    assert signs(runs, ["calls", "share_enforced"], 12, 120) == [-1, -1]


@signature
def test_f04_proxy():
    runs = pair("f04_proxy", 480)
    assert signs(runs, ["turnout", "committee_alive"], 12, 60) == [-1, -1]
    attention = windowed(runs, 1, "attention", 108, 120)
    assert attention.mean() < 0.15  # gone, and with it whoever could have done the work
    assert signs(runs, ["committee_alive", "service", "payment_rate"], 72, 120) == [-1, -1, -1]


@signature
def test_f05_capture():
    runs = pair("f05_capture", 96)
    assert signs(runs, ["delivered_per_yuan", "settled_3", "unresolved"], 12, 120) == [-1, -1, 1]


@signature
def test_f06_attention_fades():
    runs = pair("f06_attention_fades", 96)
    assert signs(runs, ["attention", "volunteer_hours"], 36, 60) == [-1, -1]
    assert signs(runs, ["settled_3"], 36, 60) == [1]  # staff of the joint desk are back at their own
    early, late = (windowed(runs, 1, "attention", *window) for window in ((0, 3), (36, 39)))
    assert sign(early - 10 * late) == 1


@signature
def test_f07_volunteer_fatigue():
    runs = pair("f07_volunteer_fatigue", 64)
    assert signs(runs, ["volunteer_hours", "service"], 24, 60) == [-1, -1]
    losses = []
    for embedded in (0.2, 1.0):  # sent down, neighbours
        both = run_with(f"population.share_embedded={embedded}")
        fell = [windowed(both, k, "volunteer_hours", 3, 12) for k in (0, 1)]
        losses.append(1.0 - fell[1] / fell[0])
    assert sign(losses[0] - losses[1]) == 1


def run_with(setting: str):
    """Run the tired volunteers with another share of neighbours among them."""
    return run("f07_volunteer_fatigue", months=12, replicates=64, set=[setting])


@signature
def test_f08_paper_closure():
    runs = pair("f08_paper_closure", 96)
    assert signs(runs, ["share_reopened", "settled_3", "unresolved"], 24, 120) == [1, -1, 1]
    reported = [
        counted(runs, k, Total.CLOSED_ON_PAPER).sum(axis=1) + counted(runs, k, Total.RESOLVED).sum(axis=1)
        for k in (0, 1)
    ]
    assert sign(reported[1] - reported[0]) == 1


@signature
def test_f09_visible_bias():
    runs = pair("f09_visible_bias", 96)
    assert signs(runs, ["facility_visible", "facility_invisible"], 60, 120) == [1, -1]
    early, late = (differences(runs, "issues", *window) for window in ((0, 12), (60, 120)))
    assert sign(late) == 1
    assert sign(late - early) == 1  # the wave of faults comes later


@signature
def test_f10_coercion():
    runs = pair("f10_coercion", 64)
    assert signs(runs, ["share_enforced", "trust_committee"], 12, 24) == [1, -1]
    assert signs(runs, ["share_enforced"], 42, 60) == [-1]


@signature
def test_f11_endorsement_liability():
    runs = pair("f11_endorsement_liability", 192, 60)
    assert signs(runs, ["trust_provider"], 3, 9) == [1]  # at first; later many runs have no provider left to trust
    assert signs(runs, ["trust_committee", "trust_branch"], 12, 60) == [-1, -1]
    left = counted(runs, 1, Total.FIRM_LEFT).sum(axis=1) > 0  # the loss is larger where the firm gave up
    lost = differences(runs, "trust_committee", 12, 60) + differences(runs, "trust_branch", 12, 60)
    assert 20 < left.sum() < 172
    assert lost[left].mean() < 2 * lost[~left].mean() < 0


@signature
def test_f12_show_estates():
    runs = pair("f12_show_estates", 48, 60)
    money = [counted(runs, k, Total.REPAIR_MONEY) for k in (0, 1)]
    assert np.array_equal(money[0].sum(axis=1), money[1].sum(axis=1))
    moved = money[1] - money[0]
    assert (moved.max(axis=1) > 0).all()
    assert (moved.min(axis=1) < 0).all()
    attention = (counted(runs, 1, Total.ATTENTION) - counted(runs, 0, Total.ATTENTION)) * 1e-6 / 60
    gained, lost = (np.array([row[where].mean() for row, where in zip(attention, wheres, strict=True)])
                    for wheres in (moved > 0, moved < 0))
    assert (sign(gained), sign(lost)) == (1, -1)
    assert np.abs(attention.mean(axis=1)).max() < 0.1 * np.abs(attention).mean()  # the mean is unchanged


# --- further ones, their signatures written before the first run ----------------------------------------------------


@signature
def test_entrenched_incumbent():
    runs = pair("entrenched_incumbent", 192)
    assert signs(runs, ["firms_dismissed", "delivered_per_yuan", "satisfaction"], 24, 120) == [-1, -1, -1]


@signature
def test_station_without_claim():
    runs = pair("station_without_claim", 64)
    assert counted(runs, 1, Total.SUITS).sum() == 0
    assert signs(runs, ["suits", "arrears_old", "payment_rate"], 24, 120) == [-1, 1, -1]


@signature
def test_reported_rate():
    runs = pair("reported_rate", 32)
    assert signs(runs, ["reported_payment_rate"], 12, 120) == [1]
    assert differences(runs, "reported_payment_rate", 12, 120).mean() > 0.2
    for name, values in runs.arms[0].values.items():
        if name != "reported_payment_rate":
            np.testing.assert_array_equal(values, runs.arms[1].values[name], err_msg=name)


@signature
def test_statutory_work():
    runs = pair("statutory_work", 16, 60)
    with_cause, without = (windowed(runs, k, "statutory_shortfall", 0, 60) for k in (1, 0))
    assert (without == 0).all()
    assert (with_cause > 1.0).all()  # hours per 100 dwellings and month


@signature
def test_key_person_leaves():
    runs = pair("key_person_leaves", 960)
    assert signs(runs, ["attention", "settled_3"], 0, 120) == [-1, -1]
    months = slice(runs.batches[0].first, None)
    unsteady = [np.abs(np.diff(arm.values["attention"][:, months], axis=1)).mean(axis=1) for arm in runs.arms]
    assert sign(unsteady[1] - unsteady[0]) == 1


@signature
def test_spill_over():
    runs = pair("spill_over", 64, 60)
    money = [counted(runs, k, Total.REPAIR_MONEY) for k in (0, 1)]
    assert np.array_equal(money[0].sum(axis=1), money[1].sum(axis=1))
    moved = money[1] - money[0]
    assert (moved.max(axis=1) > 0).all()
    assert (moved.min(axis=1) < 0).all()
    settled = counted(runs, 1, Total.RESOLVED) - counted(runs, 0, Total.RESOLVED)
    gained, lost = (np.array([row[where].mean() for row, where in zip(settled, wheres, strict=True)])
                    for wheres in (moved > 0, moved < 0))
    assert sign(gained - lost) == 1
    assert gained.mean() > 0 > lost.mean()


@signature
def test_fee_ceiling():
    runs = pair("fee_ceiling", 192)
    assert signs(runs, ["service", "firm_exits", "firm_present"], 24, 120) == [-1, 1, -1]


def test_a_signature_can_be_missed():
    """The tests can fail: without a cause there is nothing to see."""
    runs = pair("f09_visible_bias", 96)
    assert sign(differences(runs, "facility_visible", 60, 120) * 0.0 + 1e-9 * np.resize([1.0, -1.0], 96)) == 0
    with pytest.raises(AssertionError):
        assert signs(runs, ["facility_visible"], 60, 120) == [-1]


# --- the figure -----------------------------------------------------------------------------------------------------


def test_the_figure_shows_every_failure_with_and_without_its_cause():
    assert set(failures.SHOWN) == set(SIGNATURES)
    found = {name: run(name, months=6, replicates=3) for name in ("f01_subsidy_cliff", "f12_show_estates")}
    figure = failures.draw(found)
    for ax, (name, results) in zip(figure.axes, found.items(), strict=True):
        drawn = failures.signature_over_time(ax, results, name)
        assert list(drawn) == [f"without {name}", name]
        assert {band.n.min() for band in drawn.values()} == {3}
    money = found["f12_show_estates"].batches[1].totals[:, :, Total.REPAIR_MONEY]
    last_year = money[:, -12:].sum(axis=1) / 100.0 / 100  # fen to yuan, 100 dwellings
    np.testing.assert_allclose(drawn["f12_show_estates"].mean[-1], last_year.std(axis=-1).mean())
