"""Time of working out Sobol indices, beside SALib's own: `python benchmarks/sensitivity.py [D N RESAMPLES]`.

First, total and second order with bootstrap intervals (20 factors, 1,024 base points, 1,000 resamples) of one outcome:
Sobol's g-function. Both are called once without counting, then five times in turn; shown are the medians.
"""

import statistics
import sys
import time
from collections.abc import Callable


def seconds(call: Callable[[], object]) -> float:
    """Return how long a call takes, s."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def main(n_factors: int = 20, n: int = 1024, resamples: int = 1000) -> None:
    """Measure both."""
    import numpy as np
    from SALib.analyze import sobol as salib
    from SALib.sample import sobol

    from sim.sensitivity.estimates import resampling_weights
    from sim.sensitivity.variance import sobol_indices

    names = [f"x{k}" for k in range(n_factors)]
    problem = {"num_vars": n_factors, "names": names, "bounds": [[0.0, 1.0]] * n_factors}
    unit = sobol.sample(problem, n, calc_second_order=True, seed=1)
    y = np.prod((np.abs(4 * unit - 2) + np.arange(n_factors)) / (1 + np.arange(n_factors)), axis=1)

    def ours() -> object:
        resampling_weights.cache_clear()
        weights = resampling_weights(n, 1, resamples)
        return sobol_indices(y[:, None], n_factors, weights, second_order=True)

    def theirs() -> object:
        return salib.analyze(problem, y, calc_second_order=True, num_resamples=resamples, seed=1)

    taken: dict[str, list[float]] = {"linli": [], "SALib": []}
    ours(), theirs()
    for _ in range(5):
        taken["linli"].append(seconds(ours))
        taken["SALib"].append(seconds(theirs))
    for name, found in taken.items():
        print(f"{name:<6} {statistics.median(found):7.3f} s ({min(found):.3f} to {max(found):.3f})")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
