"""Make the model ready in this process: whether it is compiled, and its compiling before the first run.

A compiler that fails here stops everything before there is a run that could fail.
"""

import sys
import threading

from sim.errors import NotCompiledError

_SMALLEST = ("population.n_households=20", "time.spinup=1")
_BETWEEN_LOOKS = 0.2
"""Seconds between two moments at which Ctrl-C is heard."""

_lock = threading.Lock()
_is_ready = False


def is_cold() -> bool:
    """Say whether the first run will have to wait for the compiler."""
    from sim.engine.month import run_months

    cache = getattr(run_months, "_cache", None)
    return not _is_ready and cache is not None and not cache.is_kept()


def make_ready() -> None:
    """Compile the model, or load what is compiled, once in a process; Ctrl-C is heard in the midst of it.

    Raises NotCompiledError where the compiler fails.
    """
    global _is_ready
    with _lock:
        if _is_ready:
            return
        failures: list[BaseException] = []
        # The main thread only waits: the compiler loses interruptions.
        work = threading.Thread(target=_run_smallest, args=(failures,), daemon=True)
        work.start()
        while work.is_alive():
            work.join(_BETWEEN_LOOKS)
        if failures:
            raise not_compiled(failures[0]) from failures[0]
        _is_ready = True


def _run_smallest(failures: list[BaseException]) -> None:
    """Live through two months of the smallest world, which needs all that runs need."""
    from numba import config

    from sim.replicate import district_after
    from sim.scenarios import resolve

    try:
        if config.DISABLE_JIT:
            print(
                "linli: NUMBA_DISABLE_JIT is set, so the model runs uncompiled, many times slower.",
                file=sys.stderr,
            )
            return
        district_after(resolve("market", months=1, set=_SMALLEST), 1, 1, 0)
    except BaseException as error:
        failures.append(error)


def not_compiled(error: BaseException) -> NotCompiledError:
    """Return the error that says that the compiler failed, and what to do."""
    what = " ".join(f"{type(error).__name__}: {error}".split())
    shown = what if len(what) <= 300 else f"{what[:300]} ..."
    return NotCompiledError(
        f"the model cannot be compiled here, and no run was made ({shown}); install the versions that linli was tried "
        "with, those of requirements.lock, or set NUMBA_DISABLE_JIT=1 to run it uncompiled, many times slower."
    )
