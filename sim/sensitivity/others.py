"""The analysers that are SALib's as they are: FAST, RBD-FAST, delta, DGSM and Shapley effects."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from sim.sensitivity.estimates import Estimates, Index
from sim.sensitivity.library import library

SALIB_RESAMPLES = 100


def salib_indices(
    method: str, problem: dict[str, Any], unit: np.ndarray, values: np.ndarray, seed: int, resamples: int
) -> Estimates:
    """Return the indices of one of SALib's analysers.

    unit : the sample, (row, factor); values : (row,), finite; seed : at least 1.
    """
    with library():
        return _METHODS[method](problem, np.ascontiguousarray(unit), np.ascontiguousarray(values), seed, resamples)


def _estimates(found: Mapping[str, Any], names: Mapping[str, tuple[str, str]], rank: str) -> Estimates:
    indices = {
        name: Index(np.asarray(found[value], float), np.asarray(found[half], float))
        for name, (value, half) in names.items()
    }
    return Estimates(indices, rank, np.zeros((0, len(indices[rank].value))))


def _fast(problem: dict[str, Any], unit: np.ndarray, y: np.ndarray, seed: int, resamples: int) -> Estimates:
    from SALib.analyze import fast

    found = fast.analyze(problem, y, num_resamples=resamples, seed=seed)
    return _estimates(found, {"S1": ("S1", "S1_conf"), "ST": ("ST", "ST_conf")}, "ST")


def _rbd_fast(problem: dict[str, Any], unit: np.ndarray, y: np.ndarray, seed: int, resamples: int) -> Estimates:
    from SALib.analyze import rbd_fast

    found = rbd_fast.analyze(problem, unit, y, num_resamples=resamples, seed=seed)
    return _estimates(found, {"S1": ("S1", "S1_conf")}, "S1")


def _delta(problem: dict[str, Any], unit: np.ndarray, y: np.ndarray, seed: int, resamples: int) -> Estimates:
    from SALib.analyze import delta

    found = delta.analyze(problem, unit, y, num_resamples=resamples, seed=seed)
    return _estimates(found, {"delta": ("delta_raw", "delta_raw_conf"), "S1": ("S1", "S1_conf")}, "delta")


def _dgsm(problem: dict[str, Any], unit: np.ndarray, y: np.ndarray, seed: int, resamples: int) -> Estimates:
    from SALib.analyze import dgsm

    found = dgsm.analyze(problem, unit, y, num_resamples=resamples, seed=seed)
    # SALib gives the half-width of the mean squared derivative beside the bound that is made of it.
    scale = found["dgsm"] / np.where(found["vi"] > 0, found["vi"], 1.0)
    scaled = {"dgsm": found["dgsm"], "half": found["dgsm_conf"] * scale}
    return _estimates(scaled, {"dgsm": ("dgsm", "half")}, "dgsm")


def _shapley(problem: dict[str, Any], unit: np.ndarray, y: np.ndarray, seed: int, resamples: int) -> Estimates:
    from SALib.analyze import shapley

    found = shapley.analyze(problem, unit, y)
    return _estimates(found, {"shapley": ("shapley_normalized", "shapley_normalized_conf")}, "shapley")


_METHODS: Mapping[str, Callable[[dict[str, Any], np.ndarray, np.ndarray, int, int], Estimates]] = {
    "fast": _fast,
    "rbd_fast": _rbd_fast,
    "delta": _delta,
    "dgsm": _dgsm,
    "shapley": _shapley,
}
