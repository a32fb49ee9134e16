"""Studies end with the same rows however they are cut, killed, resumed, retried or extended."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from command import ROOT, linli, process
from small_studies import SAMPLED, SMALL, hash_of, made, written

import sim
from sim.errors import InputError
from sim.studies.chunks import Block, Shard, schedule

__all__ = ["linli"]  # a fixture

LONGER = SAMPLED | {"replicates": 24}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Hash of the study LONGER, run without an interruption."""
    return made(tmp_path_factory.mktemp("whole") / "study", LONGER)


# --- the schedule ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("points", "replicates", "runs"), [(1, 40, 7), (5, 6, 8), (5, 6, 1), (64, 3, 1000), (7, 11, 12)]
)
def test_every_prefix_of_the_schedule_serves_all_points_alike(points, replicates, runs):
    there = np.zeros((points, replicates), int)
    at_a_time = max(1, max(1, runs // 2) // points)
    for block in schedule(points, replicates, 2, runs):
        there[block.within] += 1
        n = there.sum(axis=1)
        assert n.max() - n.min() <= at_a_time
        assert block.n_pairs <= max(1, runs // 2)
    assert (there == 1).all()


def test_what_is_left_fits_what_is_done_whatever_its_shape():
    done = [Block(0, 3, 0, 2), Block(2, 5, 2, 3)]
    there = np.zeros((5, 7), int)
    for block in (*done, *schedule(5, 7, 1, 4, done)):
        there[block.within] += 1
    assert (there == 1).all()


def test_more_replicates_are_whole_chunks_beside_what_is_done():
    assert list(schedule(1, 200, 2, 1000, [Block(0, 1, 0, 40)])) == [Block(0, 1, 40, 200)]
    assert list(schedule(3, 20, 1, 60, [Block(0, 3, 0, 5), Block(1, 2, 5, 8)])) == [
        Block(0, 1, 5, 8),
        Block(2, 3, 5, 8),
        Block(0, 3, 8, 20),
    ]


def test_shards_share_out_the_schedule():
    there = np.zeros((5, 7), int)
    for number in (1, 2, 3):
        for block in schedule(5, 7, 2, 4, shard=Shard(number, 3)):
            there[block.within] += 1
    assert (there == 1).all()


# --- equal rows -----------------------------------------------------------------------------------------------------


def test_the_smallest_study_runs_and_resumes_and_says_so(linli, tmp_path):
    written(tmp_path, SMALL)
    said = linli("study", "run", "study.toml", "--out", "out")
    assert (said.code, said.out.strip()) == (0, "12 runs are there in out.")
    assert linli("study", "resume", "out").code == 0
    status = linli("study", "status", "out", "--json").data
    assert (status["there"], status["left"], status["failed"]) == (12, 0, 0)
    assert "1 point x 2 scenarios x 6 replicates" in linli("study", "status", "out").out
    assert "12 of 12 runs are there (100 %), 0 failed" in linli("study", "status", "out").out


def test_a_form_that_could_not_exist_in_its_place_is_warned_of(linli, tmp_path):
    written(tmp_path, SMALL | {"scenarios": ["custody"], "places": ["managed"], "replicates": 1})
    assert "Warning: " in linli("study", "run", "study.toml", "--out", "out").err
    (warning,) = sim.studies.open("out").manifest["warnings"]
    assert "custody could not exist in the place managed" in warning


def test_rows_do_not_depend_on_chunks_or_threads(tmp_path):
    found = {
        made(tmp_path / f"{chunk}-{threads}", SAMPLED | {"keep": ["series", "cases"]}, chunk=chunk, threads=threads)
        for chunk, threads in ((1, 1), (3, 2), (16, 1), (None, 2))
    }
    assert len(found) == 1


@pytest.mark.thorough
def test_rows_do_not_depend_on_the_number_of_processes(tmp_path, whole):
    for workers in (1, 2, 4):
        assert made(tmp_path / str(workers), LONGER, workers=workers, threads=1, chunk=20) == whole


def test_points_of_a_lever_share_their_spin_up_and_more_threads_than_replicates_part_them(tmp_path, monkeypatch):
    from sim.district import District

    real, built = District.build, []
    monkeypatch.setattr(District, "build", lambda *some, **more: built.append(some[1:3]) or real(*some, **more))
    levers = {"factors": {"street.subsidy": {"values": [0.0, 0.05, 0.1, 0.15, 0.2]}}, "sampling": {"method": "grid"}}
    study = SMALL | levers | {"replicates": 3}
    one = made(tmp_path / "one", study, threads=1)
    assert sorted(built) == [(11, replicate) for replicate in range(3)]  # of 30 runs
    built.clear()
    assert made(tmp_path / "many", study, threads=8) == one
    assert len(built) == 9  # three parts of each replicate


def test_estates_in_several_blocks_give_the_same_rows_however_they_are_made(tmp_path):
    from sim.district import BLOCK

    size = {"population.n_estates": BLOCK + 2, "population.n_households": 12, "time.spinup": 6}
    study = SMALL | {"constants": size, "replicates": 2, "months": 4, "keep": ["series", "cases"]}
    one, two = (made(tmp_path / f"{n}", study, chunk=chunk, threads=n) for n, chunk in ((1, 1), (2, 9)))
    assert one == two
    options = [f"{path}={value}" for path, value in size.items()]
    compared = sim.compare(["market", "red_station"], months=4, replicates=2, seed=11, set=options).runs
    np.testing.assert_array_equal(sim.studies.open(tmp_path / "2").runs.service, compared.service)


def test_another_seed_or_value_gives_other_rows(tmp_path):
    one = made(tmp_path / "one")
    assert made(tmp_path / "seed", SMALL | {"seed": 12}) != one
    assert made(tmp_path / "value", SMALL | {"constants": {**SMALL["constants"], "household.b_bailout": 1.0}}) != one


def test_the_rows_are_those_of_a_comparison_and_share_their_luck(tmp_path):
    study = sim.studies.run(SMALL, tmp_path / "out")
    options = ("population.n_households=40", "time.spinup=12")
    compared = sim.compare(["market", "red_station"], months=6, replicates=6, seed=11, set=options).runs
    for name in ("payment_rate", "service", "public_cost"):
        np.testing.assert_array_equal(study.runs[name], compared[name])


# --- killed, full, shared, cut short, edited ------------------------------------------------------------------------


def start_or_resume(folder: Path, *more: str, **options: object) -> subprocess.Popen[str]:
    there = (folder / "out" / "manifest.json").exists()
    words = ("resume", "out") if there else ("run", "study.toml", "--out", "out", "--chunk", "8")
    return process("study", *words, "--threads", "1", "--quiet", *more, cwd=folder, **options)


def code_of(running: subprocess.Popen[str]) -> int:
    """Wait for a process and return its exit code."""
    running.communicate()
    return running.returncode


def wait_for(seconds: float, running: subprocess.Popen[str]) -> None:
    """Wait, but not longer than the process takes."""
    with suppress(subprocess.TimeoutExpired):
        running.wait(timeout=seconds)


@pytest.mark.parametrize(
    "moments", [4, pytest.param(20, marks=pytest.mark.slow)], ids=["four moments", "twenty moments"]
)
def test_killed_at_random_moments_and_resumed_the_rows_are_the_same(tmp_path, whole, moments):
    written(tmp_path, LONGER)
    began = time.monotonic()
    assert code_of(start_or_resume(tmp_path)) == 0
    lasting = time.monotonic() - began
    assert hash_of(tmp_path / "out") == whole
    later = tmp_path / "killed"
    later.mkdir()
    written(later, LONGER)
    killed = 0
    shares = sim.draws.uniforms(sim.draws.stream_key(os.getpid(), 0), 0, month=0, estate=0, unit=np.arange(moments))
    for number, share in enumerate(shares.tolist()):
        running = start_or_resume(later)
        if number % 2:  # at any moment; the others in the midst of writing
            wait_for(share * lasting, running)
        else:
            n = len(list(later.glob("out/runs/*.parquet")))
            while running.poll() is None and len(list(later.glob("out/runs/*.parquet"))) <= n:
                time.sleep(0.001)
            wait_for(share * 0.05, running)
        killed += running.poll() is None
        running.kill()
        running.communicate()
    assert killed
    assert code_of(start_or_resume(later)) == 0
    assert hash_of(later / "out") == whole
    counted = {file.name for file in (later / "out" / "runs").iterdir()}
    assert counted == {f"{name}.parquet" for name in sim.studies.open(later / "out").manifest["chunks"]}


@pytest.mark.thorough
def test_a_full_disk_ends_a_study_with_a_word_and_room_lets_it_go_on(tmp_path, whole):
    import resource

    written(tmp_path, LONGER)
    limit = 26_000  # bytes of a file: chunks fit, the manifest does not once it lists enough of them
    tight = start_or_resume(tmp_path, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    _, err = tight.communicate()
    assert tight.returncode == 2
    assert err.startswith("linli: cannot write out/")
    assert "File too large" in err
    assert "linli study resume" in err
    assert not list((tmp_path / "out").rglob("*.partial"))
    assert code_of(start_or_resume(tmp_path)) == 0
    assert hash_of(tmp_path / "out") == whole


def test_a_second_process_is_told_that_the_first_is_at_work(linli, tmp_path):
    from sim.store import locked

    written(tmp_path, SMALL)
    linli("study", "run", "study.toml", "--out", "out")
    with locked(tmp_path / "out"):
        for words in (("resume", "out"), ("retry", "out"), ("extend", "out", "--replicates", 8)):
            said = linli("study", *words)
            assert said.code == 2
            assert "another linli is writing to out" in said.err


@pytest.mark.thorough
def test_of_two_processes_started_on_a_study_one_is_refused(tmp_path, whole):
    written(tmp_path, LONGER)
    two = [
        process("study", "run", "study.toml", "--out", "out", "--chunk", "8", "--threads", "1", cwd=tmp_path)
        for _ in range(2)
    ]
    errors = [running.communicate()[1] for running in two]
    codes = [running.returncode for running in two]
    assert sorted(codes) == [0, 2]
    assert any(text in errors[codes.index(2)] for text in ("another linli is writing to out", "holds a study"))
    assert hash_of(tmp_path / "out") == whole


@pytest.mark.parametrize("harm", ["cut", "changed", "gone"])
def test_a_harmed_chunk_is_found_and_made_again(linli, tmp_path, harm):
    written(tmp_path, SAMPLED)
    linli("study", "run", "study.toml", "--out", "out", "--chunk", 8)
    before = hash_of(tmp_path / "out")
    victim = sorted((tmp_path / "out" / "runs").iterdir())[2]
    data = victim.read_bytes()
    if harm == "gone":
        victim.unlink()
    else:
        victim.write_bytes(data[:-9] if harm == "cut" else data[:99] + bytes([data[99] ^ 1]) + data[100:])
    said = linli("study", "resume", "out")
    assert said.code == 0
    assert f"Made again: runs/{victim.name}" in said.err
    assert victim.read_bytes() == data
    assert hash_of(tmp_path / "out") == before


def test_a_chunk_that_cannot_be_read_and_a_lost_manifest_are_told_and_lose_nothing(linli, tmp_path):
    written(tmp_path, SMALL)
    linli("study", "run", "study.toml", "--out", "out")
    (victim,) = (tmp_path / "out" / "runs").iterdir()
    data = victim.read_bytes()
    victim.write_bytes(data[:-9])
    for words in (("replicates", "out"), ("rerun", "out", "0-0-0"), ("status", "out", "--json")):
        said = linli("study", *words)
        told = f"{victim.name}: has {len(data) - 9} bytes, not the {len(data)} listed; linli study resume out"
        assert (said.code, told in said.err) == (2, True)
    victim.write_bytes(data)
    (tmp_path / "out" / "manifest.json").unlink()
    for words in (("resume", "out"), ("run", "study.toml", "--out", "out")):
        said = linli("study", *words)
        assert (said.code, "holds runs and no manifest.json" in said.err) == (2, True)
    assert victim.read_bytes() == data


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("seed", lambda m: m | {"seed": 12}),
        ("question", lambda m: m | {"question": "Another?"}),
        ("design", lambda m: m | {"design": m["design"] | {"points": 5}}),
        ("chunks", lambda m: m | {"chunks": dict(list(m["chunks"].items())[1:])}),
        ("seals", lambda m: {key: value for key, value in m.items() if key != "seals"}),
        ("sealed", lambda m: m | {"sealed": True}),
    ],
)
def test_a_manifest_edited_by_hand_is_refused_with_the_field_named(linli, tmp_path, field, change):
    made(tmp_path / "out", SAMPLED, chunk=8)
    path = tmp_path / "out" / "manifest.json"
    path.write_text(json.dumps(change(json.loads(path.read_text()))))
    for words in ("status", "resume", "retry"):
        said = linli("study", words, "out")
        assert said.code == 2
        assert f"manifest.json: {field} was changed by hand" in said.err


def test_an_edited_entry_of_a_chunk_is_named(linli, tmp_path):
    made(tmp_path / "out", SAMPLED, chunk=8)
    path = tmp_path / "out" / "manifest.json"
    text = path.read_text()
    name = next(iter(json.loads(text)["chunks"]))
    path.write_text(text.replace('"failed": 0', '"failed": 1', 1))
    assert f"chunks.{name} was changed by hand" in linli("study", "status", "out").err


def test_other_code_or_values_are_not_mixed_in_unless_told_to(linli, tmp_path, monkeypatch):
    written(tmp_path, SMALL)
    linli("study", "run", "study.toml", "--out", "out")
    monkeypatch.setattr("sim.manifest.model_hash", lambda: "another")
    said = linli("study", "extend", "out", "--replicates", 8)
    assert said.code == 2
    assert "begun with another version of the model" in said.err
    assert linli("study", "extend", "out", "--replicates", 8, "--allow-mixed").code == 0
    assert linli("study", "status", "out", "--json").data["mixed"]


def test_other_values_of_the_same_code_are_not_mixed_in_either(linli, tmp_path, monkeypatch):
    from sim.scenarios import World

    written(tmp_path, SMALL)
    linli("study", "run", "study.toml", "--out", "out")
    assert not linli("study", "status", "out", "--json").data["mixed"]
    monkeypatch.setattr(World, "fingerprint", lambda self: "another")
    said = linli("study", "extend", "out", "--replicates", 8)
    assert said.code == 2
    assert "market @ trapped has other values than when the study began" in said.err
    assert linli("study", "extend", "out", "--replicates", 8, "--allow-mixed").code == 0
    assert linli("study", "status", "out", "--json").data["mixed"]
    assert "side by side" in linli("study", "status", "out").out


@pytest.mark.thorough
@pytest.mark.parametrize("how", [(), ("--workers", "2"), ("--cluster", "local:2")], ids=["here", "workers", "cluster"])
def test_ctrl_c_finishes_the_chunk_and_leaves_a_study_that_goes_on(tmp_path, whole, how):
    written(tmp_path, LONGER)
    words = ("study", "run", "study.toml", "--out", "out", "--chunk", "2", "--threads", "1", *how)
    running = process(*words, cwd=tmp_path, start_new_session=True)
    runs = tmp_path / "out" / "runs"
    while running.poll() is None and not (runs.exists() and any(runs.glob("*.parquet"))):
        time.sleep(0.01)
    os.killpg(running.pid, signal.SIGINT)  # a terminal sends it to all processes of a command
    _, err = running.communicate(timeout=100)
    assert running.returncode == 130
    assert "linli study resume out goes on" in err
    left = sim.studies.open(tmp_path / "out").manifest
    assert 0 < len(left["chunks"]) < 96
    assert code_of(start_or_resume(tmp_path)) == 0
    assert hash_of(tmp_path / "out") == whole


# --- failure is data ------------------------------------------------------------------------------------------------


@pytest.fixture
def faulty(monkeypatch):
    """Let replicates 1 and 4 raise, until told otherwise."""
    from sim.replicate import SharedSpinup

    real, bad = SharedSpinup.run, {1, 4}

    def run(self, seed, replicate, *rest, **more):
        if replicate in bad:
            raise ZeroDivisionError(f"replicate {replicate} is bad")
        return real(self, seed, replicate, *rest, **more)

    monkeypatch.setattr(SharedSpinup, "run", run)
    return bad


def test_failed_runs_are_rows_and_retry_repeats_only_those(linli, tmp_path, faulty):
    study = SAMPLED | {"keep": ["series", "cases"]}
    written(tmp_path, study)
    said = linli("study", "run", "study.toml", "--out", "out", "--chunk", 10)
    assert said.code == 3
    assert "16 runs failed" in said.err
    rows = sim.studies.open("out").runs
    bad = rows[rows.status == "failed"]
    assert len(rows) == 48
    assert set(bad.replicate) == {1, 4}
    assert set(bad.message) == {f"ZeroDivisionError: replicate {r} is bad" for r in (1, 4)}
    assert (bad.seed == 11).all()
    assert bad.payment_rate.isna().all()
    assert rows[rows.status == "ok"].message.isna().all()
    good = {name: data for name, data in rows.groupby("run").payment_rate.first().items()}

    faulty.discard(1)
    said = linli("study", "retry", "out")
    assert (said.code, "8 runs failed" in said.err) == (3, True)
    faulty.clear()
    assert linli("study", "retry", "out").code == 0
    again = sim.studies.open("out").runs
    assert (again.status == "ok").all()
    for name in set(rows.run) - set(bad.run):
        np.testing.assert_equal(again.set_index("run").payment_rate[name], good[name])
    assert hash_of(tmp_path / "out") == made(tmp_path / "healthy", study)


def test_an_impossible_combination_fails_alone(tmp_path):
    study = SMALL | {
        "constants": {**SMALL["constants"], "network.degree": 7},
        "factors": {"network.kind": {"values": ["erdos_renyi", "barabasi_albert"]}},
        "sampling": {"method": "grid"},
    }
    runs = sim.studies.run(study, tmp_path / "out").runs
    assert (runs[runs.point == 0].status == "ok").all()
    hurt = runs[runs.point == 1]
    assert (hurt.status == "impossible").all()
    assert len(hurt) == 12
    assert hurt.message.str.startswith("cannot be built: network.degree = 7").all()


# --- extended -------------------------------------------------------------------------------------------------------


def test_more_replicates_and_points_are_those_of_a_larger_study(linli, tmp_path):
    written(tmp_path, SAMPLED)
    linli("study", "run", "study.toml", "--out", "out", "--chunk", 10)
    assert linli("study", "extend", "out", "--replicates", 9).code == 0
    assert hash_of(tmp_path / "out") == made(tmp_path / "large", SAMPLED | {"replicates": 9})
    first = sim.studies.open("out").design
    assert linli("study", "extend", "out", "--points", 12).code == 0
    more = sim.studies.open("out")
    assert more.design.iloc[:4].equals(first)
    assert len(more.runs) == 12 * 9 * 2
    assert linli("study", "resume", "out").code == 0


def test_killed_between_its_new_points_and_the_manifest_a_study_keeps_the_old_ones(linli, tmp_path):
    before = made(tmp_path / "out", SAMPLED)
    made(tmp_path / "larger", SAMPLED | {"sampling": {"method": "lhs", "n": 8}})
    larger = (tmp_path / "larger" / "design.parquet").read_bytes()
    design = tmp_path / "out" / "design.parquet"
    smaller = design.read_bytes()
    design.write_bytes(larger)
    assert linli("study", "verify", "out").code == 3
    assert linli("study", "resume", "out").code == 0
    assert design.read_bytes() == smaller
    assert hash_of(tmp_path / "out") == before


def test_what_cannot_be_extended_says_why(linli, tmp_path):
    written(tmp_path, SAMPLED)
    linli("study", "run", "study.toml", "--out", "out")
    for words, why in (
        ((), "give --replicates N or --points N"),
        (("--replicates", 3), "the study has 6 already"),
        (("--points", 6), "grows to a multiple of it, such as 8"),
        (("--points", 2), "name a number up to"),
    ):
        said = linli("study", "extend", "out", *words)
        assert said.code == 2
        assert why in said.err


def test_python_without_a_file_and_a_folder_that_is_taken(tmp_path):
    sim.studies.run(SMALL, tmp_path / "out")
    with pytest.raises(InputError, match="holds a study or a result already"):
        sim.studies.run(SMALL, tmp_path / "out")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").touch()
    with pytest.raises(InputError, match=r"it holds mine.txt"):
        sim.studies.run(SMALL, tmp_path / "full")


def test_listing_scenarios_stays_light():
    heavy = "numba pandas pyarrow scipy.stats distributed"
    code = "import sys; from sim.cli import main; main(['list']); "
    code += f"print([name for name in '{heavy}'.split() if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert "first_study" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"
