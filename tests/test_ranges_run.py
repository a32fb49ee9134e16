"""Every end of every declared range is a world that runs: a study never meets a number that a rule cannot bear."""

import pytest

from sim.parameters import PARAMETERS
from sim.runs import resolve_in_place, simulate

SMALL = {"population.n_households": 20, "time.spinup": 14}
ENDS = [
    (path, int(end) if parameter.integer else end)
    for path, parameter in PARAMETERS.items()
    if parameter.range is not None and not parameter.choices and path not in SMALL
    for end in parameter.range
]


@pytest.mark.parametrize(
    ("form", "place"), [("red_station", "trapped"), ("red_alliance", "managed"), ("red_branch", "committee")]
)
def test_a_world_at_every_end_of_a_range_runs(form, place):
    own = [f"{path}={value}" for path, value in SMALL.items()]
    worlds = [resolve_in_place(form, place, 12, [*own, f"{path}={value}"]) for path, value in ENDS]
    batches = simulate(worlds, replicates=range(2), seed=3)
    failed = [end for end, batch in zip(ENDS, batches, strict=True) if batch.status != ("ok", "ok")]
    assert failed == []
