"""Indices of functions that have known ones, through study, store and analyser; and that ours are SALib's numbers."""

from typing import Any

import numpy as np
import pytest
from function_models import (
    G_S1,
    G_ST,
    ISHIGAMI_S1,
    ISHIGAMI_S13,
    ISHIGAMI_SHAPLEY,
    ISHIGAMI_ST,
    ISHIGAMI_VARIANCE,
    RANGES,
    indices,
    ishigami,
    put_in_place,
    sobol_g,
    study_of,
)  # fmt: skip

import sim.sensitivity
from sim.sensitivity.estimates import RESAMPLES, Z95, resampling_weights, weights_of
from sim.sensitivity.pawn import SLICES, pawn_indices
from sim.sensitivity.screening import elementary_effects, morris_indices
from sim.sensitivity.stopping import rank_change
from sim.sensitivity.variance import sobol_indices

TOLERANCE = {1024: 0.04, 4096: 0.015}
"""About four root mean squared errors of SALib's own indices over 50 seeds."""


def of(monkeypatch: Any, folder: Any, function: Any, method: str, n: int, **more: Any) -> "sim.sensitivity.Analysis":
    put_in_place(monkeypatch, function)
    return sim.sensitivity.run(study_of(function, method, n, **more), folder / "found")


@pytest.mark.parametrize(
    ("n", "seed"), [(1024, 1), (1024, 0), pytest.param(4096, 1, marks=pytest.mark.thorough)]
)
def test_sobol_indices_of_ishigami(monkeypatch, tmp_path, n, seed):
    found = of(monkeypatch, tmp_path, ishigami, "sobol", n, seed=seed)
    assert np.abs(indices(found, "S1")[:3] - ISHIGAMI_S1).max() < TOLERANCE[n]
    assert np.abs(indices(found, "ST")[:3] - ISHIGAMI_ST).max() < TOLERANCE[n]
    assert indices(found, "ST")[3] == 0  # the function has no noise, and the dummy does nothing


@pytest.mark.parametrize("n", [1024, pytest.param(4096, marks=pytest.mark.thorough)])
def test_sobol_indices_of_the_g_function(monkeypatch, tmp_path, n):
    found = of(monkeypatch, tmp_path, sobol_g, "sobol", n)
    assert np.abs(indices(found, "S1")[:8] - G_S1).max() < TOLERANCE[n]
    assert np.abs(indices(found, "ST")[:8] - G_ST).max() < TOLERANCE[n]


def test_second_order(monkeypatch, tmp_path):
    found = of(monkeypatch, tmp_path, ishigami, "sobol", 2048, second_order=True)
    pairs = found.pairs.set_index(["factor", "other"])["value"]
    exact = {("household.b_quality", "household.b_social"): ISHIGAMI_S13}
    assert len(pairs) == 6
    for pair, value in pairs.items():
        assert abs(value - exact.get(pair, 0.0)) < 0.03  # four root mean squared errors of SALib's at this size


def test_fast(monkeypatch, tmp_path):
    found = of(monkeypatch, tmp_path, ishigami, "fast", 2049)
    assert np.abs(indices(found, "S1")[:3] - ISHIGAMI_S1).max() < 0.05  # the bias of FAST with 4 harmonics
    assert np.abs(indices(found, "ST")[:3] - ISHIGAMI_ST).max() < 0.05


def test_rbd_fast(monkeypatch, tmp_path):
    found = of(monkeypatch, tmp_path, ishigami, "rbd_fast", 2048)
    assert np.abs(indices(found, "S1")[:3] - ISHIGAMI_S1).max() < 0.06


@pytest.mark.parametrize(("method", "n"), [("pawn", 2048), pytest.param("delta", 512, marks=pytest.mark.thorough)])
def test_moment_independent_methods_find_all_three_factors(monkeypatch, tmp_path, method, n):
    found = of(monkeypatch, tmp_path, ishigami, method, n)
    ranked = found.indices[found.indices["ranks"]].drop_duplicates("factor")
    assert ranked["influential"].tolist() == [True, True, True, False]
    assert ((ranked["high"] - ranked["low"]) > 0).all()


def test_dgsm_bounds_the_total_indices(monkeypatch, tmp_path):
    found = of(monkeypatch, tmp_path, ishigami, "dgsm", 512, luck="common")
    assert (indices(found, "dgsm", "high")[:3] > ISHIGAMI_ST).all()
    # E[(df/dx)^2] (b - a)^2 / (pi^2 V), worked out by hand; the steps of 5 % cost a tenth
    slopes = np.array([0.5 * (1 + 0.2 * np.pi**4 / 5 + 0.01 * np.pi**8 / 9), 24.5, 0.08 * np.pi**6 / 7])
    exact = slopes * 4 / ISHIGAMI_VARIANCE
    assert np.abs(indices(found, "dgsm")[:3] / exact - 1).max() < 0.2


def test_shapley_effects_are_those_of_the_known_game(monkeypatch, tmp_path):
    found = of(monkeypatch, tmp_path, ishigami, "shapley", 4096)
    value, half = indices(found, "shapley")[:3], (indices(found, "shapley", "high") - indices(found, "shapley"))[:3]
    assert value.sum() == pytest.approx(1, abs=1e-12)
    assert (np.abs(value - ISHIGAMI_SHAPLEY) < 2 * half).all()  # four standard errors
    assert half.max() < 0.05


def test_shapley_shares_an_interaction_of_two_equally(monkeypatch, tmp_path):
    """The game with v({1, 2}) = 1 and nothing for one alone: one half each; a third, additive player keeps its own."""

    def game(x: np.ndarray) -> np.ndarray:
        return x[:, 0] * x[:, 1] + x[:, 2]

    monkeypatch.setitem(RANGES, game, [[-1.0, 1.0]] * 3)
    found = of(monkeypatch, tmp_path, game, "shapley", 4096)
    value, half = indices(found, "shapley")[:3], (indices(found, "shapley", "high") - indices(found, "shapley"))[:3]
    product, alone = 1 / 9, 1 / 3  # variances
    exact = np.array([product / 2, product / 2, alone]) / (product + alone)
    assert (np.abs(value - exact) < 2 * half).all()


# --- ours and SALib's ------------------------------------------------------------------------------------------------


def problem(d: int, groups: list[str] | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {"num_vars": d, "names": [f"x{k}" for k in range(d)], "bounds": [[0, 1]] * d}
    return found | ({"groups": groups} if groups else {})


def g_like(x: np.ndarray) -> np.ndarray:
    return np.prod((np.abs(4 * x - 2) + np.arange(x.shape[1])) / (1 + np.arange(x.shape[1])), axis=1)


@pytest.mark.parametrize(
    ("d", "n", "resamples", "second"), [(3, 64, 100, True), (7, 128, 50, False), (20, 1024, 20, True)]
)
def test_the_bootstrap_of_all_resamples_at_once_gives_salibs_numbers(d, n, resamples, second):
    from SALib.analyze import sobol as theirs
    from SALib.sample import sobol as sampler

    y = g_like(sampler.sample(problem(d), n, calc_second_order=second, seed=3)) + 5
    wanted = theirs.analyze(problem(d), y, calc_second_order=second, num_resamples=resamples, seed=9)
    drawn = np.random.default_rng(9).integers(n, size=(n, resamples))  # noqa: TID251
    found = sobol_indices(y[:, None], d, weights_of(drawn), second_order=second)
    for name in ("S1", "ST"):
        np.testing.assert_allclose(found.indices[name].value, wanted[name], rtol=0, atol=1e-12)
        np.testing.assert_allclose(found.indices[name].half, wanted[f"{name}_conf"], rtol=0, atol=1e-10)
    if second:
        upper = np.triu_indices(d, 1)
        np.testing.assert_allclose(found.pairs["S2"].value[upper], wanted["S2"][upper], rtol=0, atol=1e-12)
        np.testing.assert_allclose(found.pairs["S2"].half[upper], wanted["S2_conf"][upper], rtol=0, atol=1e-10)


@pytest.mark.parametrize("groups", [None, ["a", "b", "a", "c", "b"]])
def test_the_measures_of_morris_are_salibs(groups):
    from SALib.analyze import morris as theirs
    from SALib.sample.morris import sample

    x = sample(problem(5, groups), 30, num_levels=8, seed=4)
    y = g_like(x)
    wanted = theirs.analyze(problem(5, groups), x, y, num_levels=8, seed=1)
    names = groups or [f"x{k}" for k in range(5)]
    units = list(dict.fromkeys(names))
    numbers = np.array([units.index(name) for name in names])
    found = morris_indices(x, numbers, y[:, None], 8, resampling_weights(30, 1))
    order = [list(wanted["names"]).index(unit) for unit in units]
    np.testing.assert_allclose(found.indices["mu_star"].value, np.array(wanted["mu_star"], float)[order], atol=1e-12)
    if groups is None:
        np.testing.assert_allclose(found.indices["mu"].value, np.array(wanted["mu"], float), atol=1e-12)
        np.testing.assert_allclose(found.indices["sigma"].value, np.array(wanted["sigma"], float), atol=1e-12)
        # SALib resamples every factor by itself, so that the half-widths are equal only up to the luck of resampling:
        # the standard deviation of one from 100 resamples is 7 %.
        ratio = found.indices["mu_star"].half / np.array(wanted["mu_star_conf"], float)
        assert np.abs(ratio - 1).max() < 4 * 0.07 * np.sqrt(1.1)


def test_elementary_effects_of_a_linear_function_are_its_slopes():
    from SALib.sample.morris import sample

    x = sample(problem(3), 12, num_levels=4, seed=2)
    y = x @ np.array([2.0, -3.0, 0.5])
    found = elementary_effects(x, np.arange(3), np.stack([y, y + 1], axis=1), 4)
    slopes = np.array([2.0, -3.0, 0.5])[None, :, None]
    np.testing.assert_allclose(found, np.broadcast_to(slopes, (12, 3, 2)), atol=1e-12)


@pytest.mark.parametrize("n", [256, 1000])
def test_pawn_is_salibs(n):
    from SALib.analyze import pawn as theirs
    from SALib.sample import latin

    x = latin.sample(problem(3), n, seed=5)
    y = np.round(g_like(x), 2)  # with ties
    wanted = theirs.analyze(problem(3), x, y, S=SLICES, seed=1)
    found = pawn_indices(x, y, resampling_weights(n, 1, 10))
    np.testing.assert_allclose(found.indices["pawn_median"].value, wanted["median"], atol=1e-12)
    np.testing.assert_allclose(found.indices["pawn_maximum"].value, wanted["maximum"], atol=1e-12)


def test_the_intervals_of_pawn_are_as_wide_as_samples_differ():
    from SALib.sample import latin

    found = []
    for seed in range(1, 41):
        x = latin.sample(problem(3), 512, seed=seed)
        found.append(pawn_indices(x, g_like(x), resampling_weights(512, seed, 100)).indices["pawn_median"])
    differ = np.std([index.value for index in found], axis=0, ddof=1)
    told = np.mean([index.half for index in found], axis=0) / Z95
    error = 4 / np.sqrt(2 * 39)  # of a standard deviation from 40 samples
    assert (told > differ * (1 - error)).all()
    assert (told < differ * (1 + error) * 1.5).all()  # resampling also makes ties, which widens


def test_resampling_weights_are_those_of_draws_with_replacement():
    weights = resampling_weights(50, 3)
    assert weights.shape == (RESAMPLES, 50)
    np.testing.assert_allclose(weights.sum(axis=1), 1)
    # the variance of a mean of 50 values of a bootstrap is their variance over 50
    values = np.arange(50.0)
    spread = (weights @ values).std(ddof=1)
    assert spread == pytest.approx(values.std() / np.sqrt(50), rel=4 / np.sqrt(2 * RESAMPLES))


def test_the_change_of_ranks_is_weighted_by_the_larger_index():
    """Two resamples in which the large stay and the two small change places: 2 ranks changed, of weight 0.01 each."""
    resampled = np.array([[0.8, 0.5, 0.1, 0.05], [0.8, 0.5, 0.05, 0.1]])
    assert rank_change(resampled) == pytest.approx(2 * 0.1**2 / (0.8**2 + 0.5**2 + 2 * 0.1**2))
    assert Z95 == pytest.approx(1.959964)
