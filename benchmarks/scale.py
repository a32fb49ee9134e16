"""Cost against size: households, runs in one call, and a whole district."""

from benchmarks import names, subjects
from benchmarks.core import ESTATE, make_core
from benchmarks.full_model import Prepared, PreparedDistrict, lived, whole_call, world
from benchmarks.measure import Subject, interleaved
from benchmarks.sizes import Sizes

Curve = list[tuple[int, float]]


def at_width(households: int, sizes: Sizes, agentpy: bool) -> list[Subject]:
    """Return what is timed at one number of households."""
    months = sizes.width_months
    estates = 1 if households < 10 * ESTATE else households // ESTATE
    runs = max(1, sizes.lived // (households * months))
    there = world(households // estates, months, estates)
    if estates > 1:  # in blocks of estates, as `simulate` runs them
        district = PreparedDistrict(there, 1)
        compiled = Subject(names.COMPILED, district.live, district.household_months)
    else:
        compiled = subjects.months_alone(Prepared(there, runs), 1, names.COMPILED)
    found = [
        compiled,
        subjects.floor_loop(households, months, runs, 1),
    ]
    if households <= sizes.slow_width:
        core = make_core(households, months)
        found += [subjects.agent_engine(households, months), subjects.in_mesa(core), subjects.in_lean_mesa(core)]
        found += [subjects.in_agentpy(core)] if agentpy else []
    return found


def against_households(sizes: Sizes, agentpy: bool, frames: bool) -> dict[str, Curve]:
    """Return nanoseconds per household-month against households, name by name."""
    curves: dict[str, Curve] = {}
    for households in sizes.widths:
        found = at_width(households, sizes, agentpy)
        if frames:
            from benchmarks.frames_peer import Frames

            with Frames(make_core(households, sizes.width_months)) as peer:
                found.append(Subject(names.FRAMES, peer.one_round, households * sizes.width_months))
                interleaved(found, sizes.rounds)
        else:
            interleaved(found, sizes.rounds)
        for subject in found:
            curves.setdefault(subject.name, []).append((households, subject.ns))
    return curves


def against_runs(sizes: Sizes) -> dict[str, Curve]:
    """Return nanoseconds per household-month of whole calls against the number of runs, for one thread and all."""
    curves: dict[str, Curve] = {}
    for runs in sizes.counts:
        found = [
            subjects.whole_calls(sizes.households, sizes.months, runs, threads, name)
            for threads, name in ((1, names.WHOLE), (names.THREADS, names.WHOLE_ALL))
        ]
        interleaved(found, sizes.rounds)
        for subject in found:
            curves.setdefault(subject.name, []).append((runs, subject.ns))
    return curves


def district(sizes: Sizes) -> tuple[Subject, Subject]:
    """Return the synthetic district, timed: its months alone, and a whole call with population and spin-up."""
    estates, households = sizes.district
    there = world(households, sizes.months, estates)
    prepared = PreparedDistrict(there, names.THREADS)
    months = Subject("district, months alone", prepared.live, prepared.household_months)
    whole = Subject("district, whole call", lambda: whole_call(there, 1, names.THREADS), lived(there))
    interleaved([months, whole], sizes.rounds)
    return months, whole
