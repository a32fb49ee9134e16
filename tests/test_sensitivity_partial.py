"""A first analysis in spite of failures: what cannot be built, what crashed and what is not there are told apart.

Whole blocks of the sample are left out, and how many is said; the indices are those of the blocks that are left.
"""

import json

import numpy as np
import pandas as pd
import pytest
from command import linli
from function_models import indices, ishigami, put_in_place, study_of
from small_studies import SMALL, written

import sim
from sim.errors import InputError
from sim.sensitivity import analyse_folder
from sim.sensitivity.sampling import block_rows
from sim.sensitivity.study import go_on, start
from sim.sensitivity.variance import sobol_indices
from sim.studies.runner import How, open_study
from sim.studies.store import read_store

__all__ = ["linli"]  # a fixture

N = 64


def small(method: str, n: int = N, **more: object) -> dict[str, object]:
    return study_of(ishigami, method, n, **more)


def read(folder):
    return pd.read_parquet(folder / "indices.parquet")


# --- what cannot be built -------------------------------------------------------------------------------------------

UNBUILDABLE = SMALL | {
    "scenarios": ["market"],
    "months": 2,
    "replicates": 2,
    "outcomes": ["payment_rate"],
    "constants": {"population.n_households": 20, "time.spinup": 2, "network.degree": 7},
    "factors": {"network.kind": {}, "household.b_bailout": {}, "street.subsidy": {}},
    "sensitivity": {"method": "morris", "n": 4, "luck": "common"},
}
"""W7: an odd number of ties, which some networks cannot have."""


@pytest.mark.thorough
def test_a_combination_that_cannot_be_built_is_told_from_a_crash(linli, tmp_path):
    written(tmp_path, UNBUILDABLE)
    said = linli("sensitivity", "study.toml", "--out", "found", "--no-figures")
    assert said.code == 2
    assert "runs cannot be built, and no repeating helps; the first: run " in said.err
    assert "network.degree = 7" in said.err
    assert "linli sensitivity found --missing drop leaves out the parts of the sample that they are in" in said.err
    runs = sim.studies.open("found/study").runs
    bad = runs[runs.status != "ok"]
    assert set(bad.status) == {"impossible"}
    assert bad.message.str.startswith("cannot be built: network.degree = 7").all()
    told = json.loads(linli("study", "status", "found/study", "--json").out)
    assert (told["failed"], told["impossible"]) == (0, len(bad))
    assert f"0 failed, {len(bad)} cannot be built" in " ".join(linli("study", "status", "found/study").out.split())
    said = linli("study", "resume", "found/study")
    assert (said.code, f"{len(bad)} runs are of combinations of values that cannot be built" in said.err) == (4, True)
    said = linli("study", "retry", "found/study")
    assert (said.code, "which no repeating helps" in said.err) == (2, True)
    said = linli("sensitivity", "found", "--missing", "drop", "--no-figures")
    assert said.code == 0
    assert "NOT THE WHOLE SAMPLE: 2 of 4 trajectories (50 %); left out whole: 2 with runs that cannot be built" in (
        " ".join(said.out.split())
    )


def test_where_no_block_is_left_that_is_said(monkeypatch, tmp_path):
    put_in_place(monkeypatch, ishigami, lost={5 * block: "impossible" for block in range(3)})
    told = "only 1 of 4 trajectories has all its runs, and two are the least; narrow the ranges"
    with pytest.raises(InputError, match=told):
        sim.sensitivity.run(small("morris", 4, missing="drop"), tmp_path)


def test_too_little_memory_is_a_failure_and_no_impossible_combination(monkeypatch, tmp_path):
    """Another machine may have the room: `retry` there helps."""
    monkeypatch.setattr("sim.runs.os.sysconf", lambda name: 1)
    runs = sim.studies.run(SMALL | {"replicates": 2}, tmp_path / "out", threads=1).runs
    assert set(runs.status) == {"failed"}
    assert runs.message.str.contains("GB of memory").all()


@pytest.mark.parametrize(
    ("method", "n", "what"),
    [("morris", 12, "trajectories"), pytest.param("sobol", N, "base points", marks=pytest.mark.thorough)],
)
def test_drop_leaves_out_whole_blocks_and_says_how_many(monkeypatch, tmp_path, method, n, what):
    put_in_place(monkeypatch, ishigami, noise=0.1, lost={0: "impossible", 1: "impossible", 17: "impossible"})
    found = sim.sensitivity.run(small(method, n, missing="drop"), tmp_path / "lost")
    size = block_rows(found.plan)
    assert found.coverage.kept.tolist() == [block not in (0, 17 // size) for block in range(n)]
    assert found.indices["rows"].unique().tolist() == [(n - 2) * size]
    text = (tmp_path / "lost" / "words.txt").read_text()
    assert f"NOT THE WHOLE SAMPLE: {n - 2} of {n} {what}" in text
    assert "left out whole: 2 with runs that cannot be built." in text
    told = json.loads((tmp_path / "lost" / "manifest.json").read_text())["coverage"]
    assert told == {"blocks": what, "kept": n - 2, "of": n, "replicates": [2, 2], "left_out": {"cannot be built": 2}}
    # The numbers are those of the same sample in which nothing but an outcome is missing there.
    put_in_place(monkeypatch, ishigami, noise=0.1, gone=[0, 17])
    other = sim.sensitivity.run(small(method, n, missing="drop"), tmp_path / "gone")
    assert found.indices.equals(other.indices)
    assert f"arrears in 2 of {n} {what}" in (tmp_path / "gone" / "words.txt").read_text()


def test_dropped_blocks_give_the_indices_of_the_others_worked_out_alone(monkeypatch, tmp_path):
    put_in_place(monkeypatch, ishigami, lost={17: "impossible"})
    found = sim.sensitivity.run(small("sobol", missing="drop"), tmp_path)
    opened = open_study(read_store(tmp_path / "study"))
    size = block_rows(found.plan)
    y = ishigami(opened.design.matrix[:, [opened.design.paths.index(path) for path in found.plan.paths]])
    y = np.delete(y.reshape(N, size), 17 // size, axis=0).ravel()
    alone = sobol_indices(np.repeat(y[:, None], 2, axis=1), size - 2, np.full((2, N - 1), 1 / (N - 1)))
    np.testing.assert_allclose(indices(found, "ST"), alone.indices["ST"].value, rtol=1e-9)


def test_a_value_for_a_missing_outcome_stands_for_no_world_that_cannot_be_built(monkeypatch, tmp_path):
    put_in_place(monkeypatch, ishigami, lost={13: "impossible"}, gone=[40])
    start(small("sobol", missing={"arrears": 1e6}), tmp_path, How(), {})
    with pytest.raises(InputError, match=r"2 runs cannot be built.*--partial leaves out"):
        analyse_folder(tmp_path)
    found = analyse_folder(tmp_path, partial=True)
    assert found.coverage.kept.sum() == N - 1
    table = found.indices
    assert (table["rows"] == (N - 1) * block_rows(found.plan)).all()


def test_fast_can_leave_nothing_out(monkeypatch, tmp_path):
    put_in_place(monkeypatch, ishigami, lost={3: "impossible"})
    start(small("fast", 65), tmp_path, How(), {})
    with pytest.raises(InputError, match="1 rows lack runs, and FAST can drop none"):
        analyse_folder(tmp_path, partial=True)
    with pytest.raises(InputError, match="FAST can drop no point"):
        analyse_folder(tmp_path, missing="drop")


# --- what crashed, and what is not there yet ------------------------------------------------------------------------


def test_what_crashed_stops_an_analysis_and_partial_goes_on_without_it(monkeypatch, linli, tmp_path):
    put_in_place(monkeypatch, ishigami, lost={17: "failed"})
    written(tmp_path, small("sobol", missing="drop"))
    said = linli("sensitivity", "study.toml", "--out", "found", "--no-figures")
    assert said.code == 3
    assert "2 runs failed; linli study retry found/study repeats them" in said.err
    assert "linli sensitivity found --partial analyses what is there" in said.err
    with pytest.raises(InputError, match=r"2 runs failed; linli study retry .* --partial"):
        analyse_folder(tmp_path / "found")
    said = linli("sensitivity", "found", "--partial", "--no-figures")
    assert said.code == 0
    assert f"{N - 1} of {N} base points (98 %); left out whole: 1 with runs that failed." in " ".join(said.out.split())


def forget_chunks(folder, keep):
    """Leave a study as one that was stopped after some chunks."""
    store = read_store(folder)
    names = sorted(store.chunks, key=lambda name: (store.chunks[name]["replicates"], store.chunks[name]["points"]))
    for name in names[keep:]:
        (folder / "runs" / f"{name}.parquet").unlink()
    store.drop_broken()


def stopped(folder, keep, **more):
    from sim.studies import runner

    study = small("sobol", **more)
    runner.start(study, folder / "study", How(), chunk=N * 6 // 8)  # 8 chunks of 8 base points to a replicate
    assert len(read_store(folder / "study").chunks) == 8 * more.get("replicates", 2)
    forget_chunks(folder / "study", keep)


@pytest.mark.parametrize(
    ("replicates", "keep", "kept", "of_each"),
    [(2, 12, 32, 2), (3, 16, 64, 2), (3, 17, 64, 2), (3, 23, 56, 3)],
)
def test_a_stopped_study_is_analysed_as_far_as_it_is_there(monkeypatch, tmp_path, replicates, keep, kept, of_each):
    """Chunks are made replicate by replicate: those are counted with which most runs are analysed, two at least."""
    put_in_place(monkeypatch, ishigami, noise=0.1)
    stopped(tmp_path, keep, replicates=replicates)
    with pytest.raises(InputError, match="runs are not there yet; linli study resume"):
        analyse_folder(tmp_path)
    found = analyse_folder(tmp_path, partial=True)
    assert (found.coverage.kept.sum(), found.replicates) == (kept, of_each)
    assert found.runs == kept * block_rows(found.plan) * of_each
    text = (tmp_path / "words.txt").read_text()
    assert f"{kept} of {N} base points ({100 * kept / N:.0f} %)" in text
    assert (f", with {of_each} of {replicates} replicates" in text) == (of_each < replicates)
    table = read(tmp_path)
    st = table[(table["index"] == "ST") & (table["statistic"] == "mean")]
    assert ((st["high"] - st["low"])[st["value"] > 0.1] > 0).all()  # with their intervals


@pytest.mark.thorough
def test_a_part_analysed_first_changes_nothing_that_comes_later(monkeypatch, tmp_path):
    put_in_place(monkeypatch, ishigami, noise=0.1)
    whole = sim.sensitivity.run(small("sobol"), tmp_path / "whole")
    stopped(tmp_path / "part", 12)
    part = analyse_folder(tmp_path / "part", partial=True)
    assert not part.indices["value"].equals(whole.indices["value"])
    go_on(tmp_path / "part", How())
    again = analyse_folder(tmp_path / "part")
    assert again.indices.equals(whole.indices)
    assert "NOT THE WHOLE SAMPLE" not in (tmp_path / "part" / "words.txt").read_text()


def test_too_few_blocks_are_refused(monkeypatch, tmp_path):
    put_in_place(monkeypatch, ishigami)
    stopped(tmp_path, 7)
    told = "only 0 of 64 base points has all its runs, and two are the least; make more of the runs first"
    with pytest.raises(InputError, match=told):
        analyse_folder(tmp_path, partial=True)
    assert not (tmp_path / "indices.parquet").exists()


def test_partial_is_for_a_folder_and_makes_no_runs(linli, tmp_path):
    written(tmp_path, UNBUILDABLE)
    said = linli("sensitivity", "study.toml", "--out", "found", "--partial")
    assert (said.code, "--partial analyses what is in the folder" in said.err) == (2, True)
    assert not (tmp_path / "found").exists()
