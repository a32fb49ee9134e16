"""A district in blocks of estates: the same bits in one block, in many, on any number of threads, with agents."""

import numpy as np
import pytest
from estates import built, values

from agents.rules.estate import EstateWhole as E
from agents.rules.household import HouseholdWhole as N
from agents.rules.street_committee import StreetWhole
from sim import district
from sim.runs import Batch, simulate
from sim.scenarios import resolve
from sim.state import State
from sim.totals import Total

SEVEN = [
    "population.n_estates=7", "population.n_streets=2", "population.n_households=20", "time.spinup=8",
    "street.competition=0.7", "street.inspectors=9", "case.service=0.2",
    "observation.kappa=1.5", "observation.pulse=0.4",
]  # fmt: skip
"""Seven estates in two sub-districts that compete for one sum, the border inside a block of three."""


def lived(monkeypatch: pytest.MonkeyPatch, block: int, engine: str = "compiled", threads: int = 2) -> list[Batch]:
    monkeypatch.setattr(district, "BLOCK", block)
    worlds = [resolve("market", months=14, set=SEVEN), resolve("red_station", months=14, set=SEVEN)]
    return simulate(worlds, replicates=range(2), seed=3, engine=engine, threads=threads, cases=True)


def test_blocks_of_any_size_and_any_number_of_threads_give_the_same_bits(monkeypatch):
    whole = lived(monkeypatch, 64)
    for block, threads in ((3, 1), (3, 2), (1, 2), (7, 2)):
        for ours, theirs in zip(lived(monkeypatch, block, threads=threads), whole, strict=True):
            assert ours.totals.tobytes() == theirs.totals.tobytes()
            assert ours.ends.tobytes() == theirs.ends.tobytes()
    assert whole[0].totals[0].tobytes() != whole[0].totals[1].tobytes()


def test_the_agents_of_a_district_do_as_its_blocks_do(monkeypatch):
    for ours, theirs in zip(lived(monkeypatch, 3), lived(monkeypatch, 3, engine="agents"), strict=True):
        assert ours.totals.tobytes() == theirs.totals.tobytes()


def test_blocks_tell_the_same_history_of_every_case(monkeypatch):
    def sorted_lines(batch: Batch) -> list[np.ndarray]:
        return [lines[np.lexsort(lines.T[::-1])] for lines in batch.histories]

    for ours, theirs in zip(lived(monkeypatch, 2), lived(monkeypatch, 64), strict=True):
        for one, other in zip(sorted_lines(ours), sorted_lines(theirs), strict=True):
            assert len(one) > 100
            assert np.array_equal(one, other)
    months = lived(monkeypatch, 2)[0].histories[0][:, 0]
    assert (np.diff(months) >= 0).all()


def test_without_the_exchange_of_scores_blocks_would_part(monkeypatch):
    """The test above can fail: estates do touch each other, through those above."""
    whole = lived(monkeypatch, 64)
    monkeypatch.setattr(district.District, "_evaluate", lambda self, table, row: None)
    assert lived(monkeypatch, 3)[0].totals.tobytes() != whole[0].totals.tobytes()


def test_an_estate_is_built_the_same_whatever_others_are():
    chosen = values("market", "trapped", {"population.n_estates": 6, "population.n_streets": 2})
    chosen |= {"population.n_households": 15}
    whole, part = built(chosen), built(chosen, estates=range(2, 5))

    def of(state: State, first: int, last: int) -> list[bytes]:
        rows = slice(first * 15, last * 15)
        own = state.household_n[:, rows].copy()
        own[N.ESTATE] = 0  # the row of its estate, which is another one in a block
        return [state.household[:, rows].tobytes(), own.tobytes(), state.owners[:, first:last].tobytes()]

    assert of(whole, 2, 5) == of(part, 0, 3)
    assert part.estate_n[E.ID].tolist() == [2, 3, 4]
    assert part.estate_n[E.STREET].tolist() == [0, 1, 1]
    assert part.estate_n[E.BEFORE].tolist() == [30, 0, 15]
    assert part.street_n[StreetWhole.N_HOUSEHOLDS].tolist() == [45, 45]


def test_the_money_of_a_district_in_blocks_is_divided_to_the_fen(monkeypatch):
    batch = lived(monkeypatch, 2)[0]
    granted = batch.totals[:, :, Total.REPAIR_MONEY].sum(axis=2)
    assert (granted == round(7 * 20 * 0.5 * 100)).all()
