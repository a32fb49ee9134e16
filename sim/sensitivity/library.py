"""SALib behind a door: its draws and its changes to global state of numpy and warnings stay inside."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from sim.draws import Draw, library_seed, stream_key


@contextmanager
def library() -> Iterator[None]:
    """Use SALib with numpy's global generator and all settings of warnings put back afterwards.

    Some of its analysers seed and read numpy's global generator; one replaces `warnings.formatwarning`.
    """
    state = np.random.get_state()  # noqa: NPY002, TID251 (kept and put back, never drawn from)
    formatting = warnings.formatwarning
    try:
        with warnings.catch_warnings(record=True), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")  # which an analyser undoes: what it says is then caught
            yield
    finally:
        np.random.set_state(state)  # noqa: NPY002, TID251
        warnings.formatwarning = formatting


def seed_of(study_seed: int, number: int) -> int:
    """Return a seed for SALib, at least 1: there 0 means none."""
    return library_seed(stream_key(study_seed, 0), Draw.DESIGN, number)
