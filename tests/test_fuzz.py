"""Damaged inputs of every kind: read, or refused in one paragraph that says where; never a traceback or a hang.

`make weekly-fuzz` tries a million with `tests/fuzz_inputs.py`; the counts stand in `tests/fuzz_table.md`.
"""

import pytest
from fuzz_inputs import KINDS, Kind, batch, holds, workshop
from hypothesis import strategies as st

from sim.errors import InputError


@pytest.fixture(scope="module", autouse=True)
def empty_folder():
    with workshop():
        yield


@pytest.mark.thorough
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_damaged_inputs_are_read_or_refused_with_their_place(kind):
    counts = {}
    batch(kind, kind.cases, 15, counts)
    assert sum(counts.values()) >= kind.cases // 2
    assert counts["refused"] > 0
    assert kind.name == "manifests" or counts["accepted"] > 0


@pytest.mark.parametrize(
    ("told", "why"),
    [(KeyError("x"), KeyError), (InputError("nothing is said of the place"), AssertionError),
     (InputError("x.toml: two\nparagraphs"), AssertionError), (InputError("x.toml: " + "9 " * 5000), AssertionError)],
)  # fmt: skip
def test_what_must_not_be_is_found(told, why):
    def read(data):
        raise told

    with pytest.raises(why):
        holds(Kind("any", 1, st.binary(), read, (".toml",)), b"")
