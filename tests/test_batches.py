"""Many runs in one call: the same bits alone or together, in any order and batch, with a shared spin-up or its own."""

import hashlib
from collections.abc import Iterable, Sequence

import pytest

from sim import replicate
from sim.runs import Batch, simulate
from sim.scenarios import World, resolve

SMALL = ["population.n_households=30", "time.spinup=14", "case.service=0.2"]
FORMS = ("custody", "red_station", "state_owned", "red_station + volunteers")
REPLICATES = (0, 1, 2, 5, 9)


def world(form: str) -> World:
    return resolve(form, place="trapped", months=18, set=SMALL)


def runs(batches: Iterable[Batch]) -> dict[tuple[str, int], str]:
    """Return a hash of everything that is kept of each run: every month's totals, ends of issues, histories."""
    found = {}
    for batch in batches:
        for place, number in enumerate(batch.replicates.tolist()):
            kept = (batch.totals[place], batch.ends[place], batch.histories[place])
            found[batch.world.label, number] = hashlib.sha256(b"".join(part.tobytes() for part in kept)).hexdigest()
    return found


def lived(forms: Sequence[str], replicates: Sequence[int], threads: int = 2) -> dict[tuple[str, int], str]:
    worlds = [world(form) for form in forms]
    return runs(simulate(worlds, replicates=replicates, seed=4, threads=threads, cases=True))


@pytest.fixture(scope="module")
def whole() -> dict[tuple[str, int], str]:
    return lived(FORMS, REPLICATES, threads=1)


def test_every_run_is_another_one(whole):
    assert len(set(whole.values())) == len(FORMS) * len(REPLICATES)


def test_two_threads_do_what_one_does(whole):
    assert lived(FORMS, REPLICATES, threads=2) == whole


def test_the_order_of_replicates_and_forms_does_not_matter(whole):
    assert lived(FORMS[::-1], (9, 0, 5, 2, 1)) == whole


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_size_of_a_batch_does_not_matter(size, whole):
    found: dict[tuple[str, int], str] = {}
    for start in range(0, len(REPLICATES), size):
        found |= lived(FORMS, REPLICATES[start : start + size])
    assert found == whole


@pytest.mark.parametrize("form", FORMS)
def test_a_form_alone_is_what_it_is_in_company(form, whole):
    assert lived([form], REPLICATES) == {key: value for key, value in whole.items() if key[0] == form}


def test_a_spin_up_of_its_own_is_the_one_that_is_shared(whole, monkeypatch):
    built = []
    shared = replicate.SharedSpinup.__init__
    monkeypatch.setattr(
        replicate.SharedSpinup, "__init__", lambda self, worlds: (built.append(len(worlds)), shared(self, worlds))[1]
    )
    assert lived(FORMS, REPLICATES) == whole
    assert built == [4]  # one spin-up for the four forms
    monkeypatch.setattr("sim.runs.checkpoint_key", lambda world: world.label)
    assert lived(FORMS, REPLICATES) == whole
    assert built == [4, 1, 1, 1, 1]
