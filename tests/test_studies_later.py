"""What becomes of a study later: verified, run again, joined from parts, exported, opened elsewhere."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from command import ROOT, linli, process
from small_studies import SAMPLED, SMALL, hash_of, made, written

import sim
from sim.errors import InputError
from sim.studies.runner import How, resume
from sim.studies.store import CRATE

__all__ = ["linli"]  # a fixture

KEPT = SAMPLED | {"keep": ["series", "cases"]}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished study, to look at only."""
    folder = tmp_path_factory.mktemp("done")
    made(folder / "out", KEPT, chunk=8)
    return folder / "out"


# --- verify and rerun -----------------------------------------------------------------------------------------------


def test_verify_makes_runs_again_and_finds_them_equal(linli, done):
    said = linli("study", "verify", done, "--runs", 5)
    assert said.code == 0
    assert "5 runs, made again, are equal" in said.out


def test_a_changed_byte_in_any_file_is_found(linli, tmp_path):
    made(tmp_path / "out", KEPT, chunk=20)
    linli("study", "export", "out")
    files = sorted(path for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert len(files) == 4 + 4 * 3
    assert linli("study", "verify", "out", "--runs", 1).code == 0
    for path in files:
        data = path.read_bytes()
        for at in (0, len(data) // 2, len(data) - 1):
            path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
            said = linli("study", "verify", "out", "--runs", 0)
            assert said.code in (2, 3), (path, at)
            assert path.name in said.err
        path.write_bytes(data)
    (tmp_path / "out" / "runs" / "mine.parquet").touch()
    assert "runs/mine.parquet does not belong to the study" in linli("study", "verify", "out", "--runs", 0).err


def test_verify_finds_runs_that_cannot_be_made_again(linli, done, monkeypatch):
    from sim.replicate import SharedSpinup

    real = SharedSpinup.run
    monkeypatch.setattr(SharedSpinup, "run", lambda self, seed, *rest: real(self, seed + 1, *rest))
    said = linli("study", "verify", done, "--runs", 2)
    assert said.code == 3
    assert "is kept, and" in said.err


def test_one_run_is_made_again_by_its_name(linli, done):
    said = linli("study", "rerun", done, "2-1-3", "--json")
    assert said.code == 0
    kept = sim.studies.open(done).runs.set_index("run").loc["2-1-3"]
    assert said.data["payment_rate"] == kept.payment_rate
    assert said.data["differences"] == []
    for name, why in (("9-0-0", "there is no run 9-0-0"), ("1-2", "is no run"), ("x-0-0", "is no run")):
        refused = linli("study", "rerun", done, name)
        assert (refused.code, why in refused.err) == (2, True)


# --- parts ----------------------------------------------------------------------------------------------------------


def test_parts_run_apart_and_joined_are_the_whole(linli, tmp_path, done):
    written(tmp_path, KEPT)
    for number in (1, 2, 3):
        words = ("study", "run", "study.toml", "--out", f"part{number}", "--shard", f"{number}/3", "--chunk", 8)
        assert linli(*words).code == 0
    assert linli("study", "merge", "part1", "part2", "part3", "--out", "joined").code == 0
    assert hash_of(tmp_path / "joined") == hash_of(done)
    assert linli("study", "verify", "joined", "--runs", 2).code == 0
    assert linli("study", "merge", "part3", "part1", "--out", "short").code == 0
    assert linli("study", "resume", "short").code == 0
    assert hash_of(tmp_path / "short") == hash_of(done)


def test_what_is_no_part_of_the_same_study_is_not_joined(linli, tmp_path):
    written(tmp_path, SMALL)
    written(tmp_path, SMALL | {"seed": 12}, "other.toml")
    linli("study", "run", "study.toml", "--out", "whole")
    linli("study", "run", "study.toml", "--out", "one", "--shard", "1/2")
    linli("study", "run", "other.toml", "--out", "two", "--shard", "2/2")
    for parts, why in (
        (("one", "two"), "they differ in inputs"),
        (("one", "one"), "are both part 1/2"),
        (("one", "whole"), "not run with --shard"),
        (("one", "nowhere"), "holds no study"),
    ):
        said = linli("study", "merge", *parts, "--out", "joined")
        assert (said.code, why in said.err) == (2, True), said.err
    for shard in ("0/3", "4/3", "1", "a/b", "1/"):
        assert linli("study", "run", "study.toml", "--out", "new", "--shard", shard).code == 2


# --- elsewhere ------------------------------------------------------------------------------------------------------


def test_the_dataset_opens_in_pandas_polars_and_duckdb(done):
    import duckdb
    import pandas as pd
    import polars as pl

    ours = sim.studies.open(done).runs.sort_values("run")["service"].to_numpy()
    by_pandas = pd.read_parquet(done / "runs").sort_values("run")["service"].to_numpy()
    by_polars = pl.read_parquet(f"{done}/runs/*.parquet").sort("run")["service"].to_numpy()
    by_duckdb = duckdb.sql(f"select service from '{done}/runs/*.parquet' order by run").fetchnumpy()["service"]
    for found in (by_pandas, by_polars, by_duckdb):
        np.testing.assert_array_equal(np.asarray(found, float), ours)


def test_frames_hold_keys_units_the_values_of_points_and_nulls(done):
    study = sim.studies.open(done)
    runs = study.runs
    assert list(runs.columns[:8]) == ["run", "point", "scenario", "place", "replicate", "seed", "status", "message"]
    assert {"household.b_bailout", "structure.timing", "street.subsidy"} <= set(runs.columns)
    assert runs.attrs["units"]["payment_rate"] == "share of money"
    assert len(study.series) == len(runs) * 18
    assert set(study.cases.run) <= set(runs.run)
    last = study.series[study.series.month == 5].set_index("run").payment_rate
    assert last.equals(runs.set_index("run").payment_rate)


def test_the_receipt_is_a_crate_that_lists_every_file(linli, tmp_path):
    made(tmp_path / "out", KEPT, chunk=20)
    assert linli("study", "export", "out").code == 0
    crate = json.loads((tmp_path / "out" / CRATE).read_text())
    by_id = {item["@id"]: item for item in crate["@graph"]}
    root = by_id["./"]
    assert root["name"] == SMALL["question"]
    assert by_id[CRATE]["about"] == {"@id": "./"}
    files = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert {part["@id"] for part in root["hasPart"]} == files - {CRATE}
    actions = [item for item in crate["@graph"] if item["@type"] == "CreateAction"]
    assert [action["instrument"] for action in actions] == [{"@id": "#linli"}]
    references = json.dumps(crate["@graph"])
    for item in crate["@graph"]:
        for value in item.values():
            for link in value if isinstance(value, list) else [value]:
                if isinstance(link, dict) and not link["@id"].startswith("http"):
                    assert link["@id"] in by_id, link
    assert str(tmp_path) not in references


# --- on a cluster ---------------------------------------------------------------------------------------------------

FINISHED = SAMPLED | {"replicates": 24}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> str:
    return made(tmp_path_factory.mktemp("whole") / "study", FINISHED)


def on_cluster(folder: Path, where: str) -> subprocess.Popen[str]:
    words = ("resume", "out") if (folder / "out" / "manifest.json").exists() else ("run", "study.toml", "--out", "out")
    more = () if words[0] == "resume" else ("--chunk", "4")
    return process("study", *words, *more, "--cluster", where, "--quiet", cwd=folder)


@pytest.mark.thorough
def test_on_worker_processes_of_dask_the_rows_are_the_same(tmp_path, whole):
    written(tmp_path, FINISHED)
    running = on_cluster(tmp_path, "local:2")
    _, err = running.communicate(timeout=300)
    assert running.returncode == 0, err
    assert hash_of(tmp_path / "out") == whole


@pytest.mark.thorough
def test_a_killed_process_of_a_local_cluster_costs_nothing(tmp_path, whole):
    import psutil

    written(tmp_path, FINISHED)
    running = on_cluster(tmp_path, "local:2")
    wait_for_chunks(tmp_path, running, 4)
    below = psutil.Process(running.pid).children(recursive=True)
    workers = [one for one in below if "spawn_main" in " ".join(one.cmdline())]
    assert len(workers) == 2
    workers[0].kill()
    _, err = running.communicate(timeout=300)
    assert running.returncode == 0, err
    assert "Traceback" not in err
    assert hash_of(tmp_path / "out") == whole


def dask(part: str, *words: str, folder: Path, bare: bool = False) -> subprocess.Popen[str]:
    """Start a scheduler or a worker as a process of its own; bare : with all libraries but linli."""
    import distributed

    found = Path(distributed.__file__).parent.parent if bare else ROOT
    return subprocess.Popen(
        [sys.executable, *(["-S"] if bare else []), "-m", "distributed.cli.dask_" + part, *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(found)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def scheduler(folder: Path, port: int, bare: bool = False) -> subprocess.Popen[str]:
    return dask("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", folder=folder, bare=bare)


def worker(folder: Path, port: int, bare: bool = False) -> subprocess.Popen[str]:
    words = (f"tcp://127.0.0.1:{port}", "--no-nanny", "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1")
    return dask("worker", *words, folder=folder, bare=bare)


def free_port() -> int:
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for_chunks(folder: Path, running: subprocess.Popen[str], n: int) -> None:
    runs = folder / "out" / "runs"
    while running.poll() is None and not (runs.exists() and len(list(runs.glob("*.parquet"))) >= n):
        time.sleep(0.01)


@pytest.mark.thorough
def test_a_killed_worker_and_a_scheduler_killed_and_started_again_cost_nothing(tmp_path, whole):
    written(tmp_path, FINISHED)
    port = free_port()
    where = f"tcp://127.0.0.1:{port}"
    started = [scheduler(tmp_path, port), worker(tmp_path, port), worker(tmp_path, port)]
    try:
        running = on_cluster(tmp_path, where)
        wait_for_chunks(tmp_path, running, 4)
        started[1].send_signal(signal.SIGKILL)
        wait_for_chunks(tmp_path, running, 12)
        assert running.poll() is None
        started[0].send_signal(signal.SIGKILL)
        _, err = running.communicate(timeout=200)
        assert running.returncode == 2, err
        assert "linli study resume" in err
        assert "Traceback" not in err
        assert len(sim.studies.open(tmp_path / "out").manifest["chunks"]) < 48
        started += [scheduler(tmp_path, port), worker(tmp_path, port)]
        again = on_cluster(tmp_path, where)
        _, err = again.communicate(timeout=300)
        assert again.returncode == 0, err
    finally:
        for one in started:
            one.kill()
            one.wait()
    assert hash_of(tmp_path / "out") == whole


def test_a_cluster_that_cannot_be_is_told(linli, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.studies.cluster.CONNECT_SECONDS", 1)
    written(tmp_path, SMALL)
    for number, (where, why) in enumerate(
        (
            ("local:0", "write local:N"),
            ("here", "write local:4"),
            (f"tcp://127.0.0.1:{free_port()}", "no scheduler answers there"),
        )
    ):
        said = linli("study", "run", "study.toml", "--out", f"out{number}", "--cluster", where)
        assert (said.code, why in said.err) == (2, True), said.err


@pytest.fixture
def dasks():
    """Give a list of processes that are ended with the test."""
    started: list[subprocess.Popen[str]] = []
    yield started
    for one in started:
        one.kill()
        one.wait()


@pytest.mark.thorough
@pytest.mark.parametrize(("bare_scheduler", "told"), [(False, "the worker tcp://"), (True, "the scheduler at tcp://")])
def test_a_worker_or_a_scheduler_without_linli_is_told(linli, tmp_path, dasks, bare_scheduler, told):
    """W4: it was silence for minutes."""
    written(tmp_path, SMALL)
    port = free_port()
    dasks += [scheduler(tmp_path, port, bare_scheduler), worker(tmp_path, port, not bare_scheduler)]
    said = linli("study", "run", "study.toml", "--out", "out", "--cluster", f"tcp://127.0.0.1:{port}")
    assert said.code == 2
    assert told in said.err
    assert "has no linli" in said.err
    assert "install the same version of linli there" in said.err
    assert "Traceback" not in said.err


@pytest.mark.thorough
def test_a_scheduler_without_workers_is_told_and_waited_for(tmp_path, dasks, capsys, monkeypatch):
    """W4: one that has none for long is an error; one that gets some is worked with."""
    monkeypatch.setattr("sim.studies.cluster.SILENT_SECONDS", 0.5)
    monkeypatch.setattr("sim.studies.cluster.WORKER_SECONDS", 1.5)
    port = free_port()
    where = f"tcp://127.0.0.1:{port}"
    dasks.append(scheduler(tmp_path, port))
    with pytest.raises(InputError, match=f"the cluster at {where} has no workers; start some: dask worker {where}"):
        sim.studies.run(SMALL, tmp_path / "out", cluster=where)
    assert f"Waiting for a worker: {where} has none yet" in capsys.readouterr().err
    monkeypatch.setattr("sim.studies.cluster.WORKER_SECONDS", 120)
    dasks.append(worker(tmp_path, port))
    assert sim.studies.open(tmp_path / "out").manifest["chunks"] == {}
    resume(tmp_path / "out", How(cluster=where))
    assert hash_of(tmp_path / "out") == made(tmp_path / "here")


CLUSTER_OBJECTS = """
from distributed import Client, LocalCluster
from sim import studies

if __name__ == "__main__":
    with LocalCluster(1, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster:
        with Client(cluster, set_as_default=False) as client:
            for number, where in enumerate((cluster, client)):
                print(studies.run({study!r}, f"out{{number}}", cluster=where).hash())
            print(cluster.status.name, client.status)
"""


def script(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """Run a script as a process of its own."""
    (folder / "script.py").write_text(text)
    return subprocess.run(
        [sys.executable, "script.py"], cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False, timeout=200,
    )  # fmt: skip


@pytest.mark.thorough
def test_clusters_and_clients_of_dask_are_accepted_and_stay_open(tmp_path):
    """W4: a LocalCluster gave an AttributeError."""
    done = script(tmp_path, CLUSTER_OBJECTS.format(study=SMALL))
    whole = made(tmp_path / "here")
    assert done.stdout.splitlines() == [whole, whole, "running running"], done.stderr


def test_what_is_no_cluster_is_told(tmp_path):
    with pytest.raises(InputError, match=r"cluster = 4: write local:4, an address, or give a cluster of dask"):
        sim.studies.run(SMALL, tmp_path / "out", cluster=4)


# --- scripts --------------------------------------------------------------------------------------------------------

SCRIPT = """
from sim import studies
studies.run({study!r}, "out", {how})
print("done")
"""


@pytest.mark.thorough
@pytest.mark.parametrize("how", ["workers=2", "cluster='local:2'"])
def test_a_script_without_a_guard_is_told_what_is_missing(tmp_path, how):
    """W6: it was "killed, or out of memory"."""
    done = script(tmp_path, SCRIPT.format(study=SMALL, how=how))
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert "script.py: a process that was started to work ran this script again, from its beginning." in last
    assert 'if __name__ == "__main__":' in last
    assert "killed, or out of memory" not in last
    assert "done" not in done.stdout
