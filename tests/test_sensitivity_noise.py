"""Noise is not mistaken for an effect: corrected indices, the dummy, common luck, the seed as a factor."""

from typing import Any

import numpy as np
import pytest
from function_models import (
    G_ST,
    G_VARIANCE,
    ISHIGAMI_ST,
    ISHIGAMI_VARIANCE,
    PATHS,
    RANGES,
    indices,
    ishigami,
    put_in_place,
    sobol_g,
    study_of,
)  # fmt: skip
from scipy.stats import binom

import sim.sensitivity
from sim.sensitivity.analysis import Estimator
from sim.sensitivity.sampling import unit_sample
from sim.sensitivity.variance import sobol_indices
from sim.studies.sources import read_study

SEEDS = range(50)
LEAST = 0.90
CASES = {
    "ishigami": (ishigami, ISHIGAMI_ST, ISHIGAMI_VARIANCE, lambda u: np.pi * (2 * u - 1)),
    "g": (sobol_g, G_ST, G_VARIANCE, lambda u: u),
}


@pytest.mark.parametrize("replicates", [2, 4])
@pytest.mark.parametrize("luck", ["own", "common"])
@pytest.mark.parametrize("case", CASES)
def test_corrected_total_indices_cover_the_truth(case, luck, replicates):
    """As much noise as there is signal (own luck), or a shift of all points by luck that is as large (common)."""
    function, exact, variance, scale = CASES[case]
    covered, dummies = [], []
    for seed in SEEDS:
        study, _ = read_study(study_of(function, "sobol", 512, seed=seed, luck=luck))
        plan = study.sensitivity
        assert plan is not None
        unit = unit_sample(plan, (512,), seed)
        y = function(scale(unit[:, : len(exact)]))
        draws = np.random.default_rng(seed)  # noqa: TID251
        shape = (len(y), replicates) if luck == "own" else (1, replicates)
        noisy = y[:, None] + np.sqrt(variance) * draws.standard_normal(shape)
        found = Estimator(plan, unit, seed)(noisy, np.ones(len(y), bool)).indices["ST"]
        inside = np.abs(found.value[:-1] - exact) <= found.half[:-1]
        covered.append(inside)
        dummies.append(abs(found.value[-1]) <= found.half[-1])
    assert np.mean(covered) >= LEAST
    assert np.mean(dummies) >= LEAST
    # and each by itself as often as a 95 % interval does in 50 trials, but once in 1000
    assert np.sum(covered, axis=0).min() >= binom.ppf(0.001, len(SEEDS), 0.95)


def test_without_correction_every_factor_would_get_the_share_of_the_noise():
    """Noise as large as the signal, 2 replicates: a dummy has a third of the variance of the means, and 0 corrected."""
    draws = np.random.default_rng(1)  # noqa: TID251
    n, d = 4096, 2
    x, other = draws.random((2, n))
    rows = np.stack([x, other, x, other], axis=1)  # A, AB of the factor, AB of the dummy, B
    y = (rows.ravel() * np.sqrt(12))[:, None] + draws.standard_normal((4 * n, 2))
    weights = np.full((2, n), 1 / n)
    of_means = sobol_indices(y.mean(axis=1, keepdims=True), d, weights)
    assert of_means.indices["ST"].value[1] == pytest.approx(1 / 3, abs=0.03)
    assert sobol_indices(y, d, weights).indices["ST"].value[1] == pytest.approx(0, abs=0.05)


@pytest.mark.parametrize("method", ["sobol", "morris"])
def test_under_own_luck_the_dummy_is_noise_and_is_said_to_be(monkeypatch, tmp_path, method):
    put_in_place(monkeypatch, ishigami, noise={"sobol": ISHIGAMI_VARIANCE**0.5, "morris": 1.0}[method])
    found = sim.sensitivity.run(study_of(ishigami, method, 1024 if method == "sobol" else 100), tmp_path / "found")
    dummy = found.indices[(found.indices["factor"] == "dummy") & (found.indices["statistic"] == "mean")]
    name = {"sobol": "ST", "morris": "squared_effect"}[method]
    row = dummy[dummy["index"] == name].iloc[0]
    assert row["low"] <= 0 <= row["high"]
    assert row["high"] > row["low"]
    assert not dummy["influential"].any()
    mattering = found.indices[(found.indices["index"] == name) & (found.indices["statistic"] == "mean")]["influential"]
    assert mattering.tolist() == [True, True, True, False]


@pytest.mark.parametrize(
    ("method", "n", "luck"),
    [
        ("morris", 20, "own"),
        ("morris", 20, "common"),
        ("sobol", 128, "common"),
        ("dgsm", 32, "common"),
        ("shapley", 60, "common"),
        ("fast", 129, "common"),
        ("rbd_fast", 256, "common"),
        ("pawn", 256, "common"),
    ],
)
def test_few_factors_without_effect_are_called_influential(monkeypatch, tmp_path, method, n, luck):
    """Of seven factors that do nothing beside one that does; ten studies.

    The rule names 1 in 360 of those: that of 70 more than two are named has a probability of 0.001. The dispersion is
    moved by none of the eight. Under common luck small changes reshuffle what chance does, and the dummy none.
    """

    def first(x: np.ndarray) -> np.ndarray:
        return 3 * x[:, 0]

    monkeypatch.setitem(RANGES, first, [[0.0, 1.0]] * 8)
    noise = 1e-4 if method == "dgsm" else 0.5  # whose steps are small
    put_in_place(monkeypatch, first, noise=noise, pseudo_noise=luck == "common")
    named, of_dispersion = [], []
    for seed in range(10):
        found = sim.sensitivity.run(study_of(first, method, n, seed=seed, luck=luck), tmp_path / str(seed))
        ranks = found.indices[found.indices["ranks"]]
        of_dispersion.append(int(ranks[ranks["statistic"] == "dispersion"]["influential"].sum()))
        table = ranks[ranks["statistic"] == "mean"]
        assert table["influential"].iloc[0], seed
        named.append(int(table["influential"].iloc[1:8].sum()))
    assert binom.sf(2, 70, 1 / 360) < 0.0015
    assert sum(named) <= 2
    assert sum(of_dispersion) <= 2


def test_under_common_luck_the_dummy_is_zero_and_the_spread_over_lucks_is_shown(monkeypatch, tmp_path):
    put_in_place(monkeypatch, ishigami, noise=1.0)
    found = sim.sensitivity.run(study_of(ishigami, "sobol", 256, luck="common", replicates=3), tmp_path / "found")
    table = found.indices[found.indices["statistic"] == "mean"].set_index(["index", "factor"])
    assert table.loc[("ST", "dummy"), "value"] == 0
    assert (table["luck_low"] <= table["value"] + 1e-9).all()
    assert (table["luck_high"] >= table["value"] - 1e-9).all()
    own = sim.sensitivity.run(study_of(ishigami, "sobol", 256), tmp_path / "own")
    assert own.indices["luck_low"].isna().all()


def test_the_seed_as_a_factor_takes_the_share_of_luck(monkeypatch, tmp_path):
    """Noise as large as the signal: half of the variance is the seed's, and the factors' indices are halved."""
    put_in_place(monkeypatch, ishigami, noise=ISHIGAMI_VARIANCE**0.5)
    study = study_of(ishigami, "sobol", 2048, seed_factor=True, replicates=1)
    found = sim.sensitivity.run(study, tmp_path / "found")
    assert found.plan.units == (*PATHS[:3], "luck", "dummy")
    value, half = indices(found, "ST"), indices(found, "ST", "high") - indices(found, "ST")
    exact = np.array([*ISHIGAMI_ST / 2, 0.5, 0.0])
    assert (np.abs(value - exact) <= 2 * half).all()  # four standard errors


@pytest.mark.parametrize("seed", [0, 3])
def test_dispersion_and_the_good_regime_have_indices(monkeypatch, tmp_path, seed: Any):
    put_in_place(monkeypatch, ishigami, noise=0.5)
    study = study_of(ishigami, "sobol", 512, seed=seed, replicates=4, good={"arrears": 0.0})
    found = sim.sensitivity.run(study, tmp_path / "found")
    assert set(found.indices["statistic"]) == {"mean", "dispersion", "good regime"}
    good = indices(found, "ST", statistic="good regime")
    assert good[:3].min() > 0.05  # whether arrears are below 0 depends on all three
    noise = found.indices[(found.indices["statistic"] == "dispersion") & (found.indices["index"] == "ST")]
    assert not noise["influential"].any()  # the noise is the same everywhere
