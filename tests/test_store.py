"""What is kept: equal runs give equal bytes, missing values are nulls, and a result is there whole or not at all."""

import os
import subprocess
import sys

import numpy as np
import pyarrow.parquet as pq
import pytest
from command import ROOT, files_under

import sim
from sim import store
from sim.errors import InputError
from sim.manifest import file_entry
from sim.outcomes import OUTCOMES
from sim.results import Results

SMALL = {"months": 8, "replicates": 6, "set": ("population.n_households=24", "time.spinup=12")}


@pytest.fixture(scope="module")
def found() -> Results:
    return sim.compare(["custody", "market", "red_station"], **SMALL)


def kept(results: Results, folder) -> dict[str, bytes]:
    """Keep results without figures and return the data files."""
    with store.fill(folder) as filling:
        rows = store.add_tables(filling, results)
        filling.publish({"files": [file_entry(filling, name, rows[name]) for name in filling.names]})
    return {name: data for name, data in files_under(folder).items() if name.endswith(".parquet")}


# --- the data -------------------------------------------------------------------------------------------------------


def test_equal_runs_give_equal_bytes_on_one_thread_and_on_two_and_another_seed_others(tmp_path):
    held = {}
    for name, options in {"one": {"threads": 1}, "two": {"threads": 2}, "other": {"seed": 2}}.items():
        held[name] = kept(sim.compare(["custody", "market"], **SMALL, **options), tmp_path / name)
    assert set(held["one"]) == {"runs.parquet", "series.parquet", "ends.parquet"}
    assert held["one"] == held["two"]
    assert all(held["one"][name] != held["other"][name] for name in held["one"])


def test_the_files_hold_what_the_frames_show(found, tmp_path):
    kept(found, tmp_path)
    for name, frame in (("runs", found.runs), ("series", found.series)):
        read = pq.read_table(tmp_path / f"{name}.parquet").to_pandas()
        assert list(read) == list(frame)
        for column in frame:
            np.testing.assert_array_equal(read[column].to_numpy(), frame[column].to_numpy(), strict=column in OUTCOMES)


def test_the_tables_have_a_row_per_run_and_a_row_per_run_and_month(found, tmp_path):
    kept(found, tmp_path)
    runs, series = (pq.read_table(tmp_path / f"{name}.parquet") for name in ("runs", "series"))
    assert runs.column_names == ["run", "place", "scenario", "replicate", "seed", "status", *OUTCOMES]
    assert series.column_names == ["run", "place", "scenario", "replicate", "month", *OUTCOMES]
    assert (runs.num_rows, series.num_rows) == (18, 18 * (12 + 8))
    assert runs["scenario"].to_pylist() == ["custody"] * 6 + ["market"] * 6 + ["red_station"] * 6
    assert series["month"].to_pylist()[:20] == list(range(-12, 8))


def test_a_missing_value_is_a_null_counted_and_never_nan(tmp_path):
    kept(sim.run("market", months=2, replicates=3, set=("population.n_households=24", "time.spinup=1")), tmp_path)
    for name in ("runs", "series"):
        table = pq.read_table(tmp_path / f"{name}.parquet")
        for column in OUTCOMES:
            assert not np.isnan(table[column].drop_null().to_numpy()).any()
            assert int(table.schema.field(column).metadata[b"missing"]) == table[column].null_count
        assert table["payment_rate"].null_count > 0


def test_every_outcome_carries_its_unit(found, tmp_path):
    kept(found, tmp_path)
    schema = pq.read_schema(tmp_path / "series.parquet")
    assert schema.field("month").metadata == {b"unit": b"months after the policy month"}
    for name, outcome in OUTCOMES.items():
        assert schema.field(name).metadata[b"unit"].decode() == outcome.unit
    assert found.series.attrs["units"]["arrears"] == "yuan per dwelling"


def test_the_columns_are_compressed_with_zstandard(found, tmp_path):
    kept(found, tmp_path)
    group = pq.ParquetFile(tmp_path / "series.parquet").metadata.row_group(0)
    assert {group.column(k).compression for k in range(group.num_columns)} == {"ZSTD"}


def test_what_was_kept_is_read_as_it_was(found, tmp_path):
    kept(found, tmp_path)
    read = store.read_results(tmp_path)
    assert read.labels == found.labels
    for ours, theirs in zip(read.arms, found.arms, strict=True):
        assert (ours.place, ours.scenario, ours.seed, ours.status) == (
            theirs.place,
            theirs.scenario,
            theirs.seed,
            theirs.status,
        )
        np.testing.assert_array_equal(ours.months, theirs.months)
        for name in OUTCOMES:
            np.testing.assert_array_equal(ours.values[name], theirs.values[name])
            np.testing.assert_array_equal(ours.judged[name], theirs.judged[name])


# --- the folder -----------------------------------------------------------------------------------------------------


def write(text):
    return lambda path: path.write_text(text)


def test_a_result_appears_only_when_it_is_complete(tmp_path):
    folder = tmp_path / "a" / "b"
    with store.fill(folder) as filling:
        filling.add("one.txt", write("1"))
        filling.add("figures/two.svg", write("2"))
        assert all(name.endswith(".partial") for name in files_under(folder))
        filling.publish({"files": []})
    assert set(files_under(folder)) == {"one.txt", "figures/two.svg", "manifest.json"}


def fail_in(folder, failure, name, **options):
    """Write a file, then fail."""
    with store.fill(folder, **options) as filling:
        filling.add(name, write("1"))
        raise failure


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt])
def test_a_failure_leaves_nothing(failure, tmp_path):
    (tmp_path / "there").mkdir()
    for folder in (tmp_path / "new" / "deep", tmp_path / "there"):
        with pytest.raises(failure):
            fail_in(folder, failure, "figures/one.svg")
    assert [path.name for path in tmp_path.rglob("*")] == ["there"]


def test_a_failure_leaves_the_earlier_result_as_it_was(tmp_path):
    folder = tmp_path / "kept"
    for text in ("old", "new"):
        with store.fill(folder, replace=True) as filling:
            filling.add("runs.parquet", write(text))
            filling.add(f"figures/{text}.svg", write(text))
            if text == "new":
                before = {name: data for name, data in files_under(folder).items() if not name.endswith(".partial")}
                assert set(before) == {"runs.parquet", "figures/old.svg", "manifest.json"}
            filling.publish({"files": [{"name": name} for name in filling.names]})
    assert set(files_under(folder)) == {"runs.parquet", "figures/new.svg", "manifest.json"}
    held = files_under(folder)
    with pytest.raises(RuntimeError):
        fail_in(folder, RuntimeError, "runs.parquet", replace=True)
    assert files_under(folder) == held


def test_an_edited_manifest_deletes_nothing_outside_its_figures(tmp_path):
    folder, mine = tmp_path / "kept", tmp_path / "mine.svg"
    mine.write_text("mine")
    for _ in range(2):
        with store.fill(folder, replace=True) as filling:
            filling.add("runs.parquet", write("1"))
            names = ["../mine.svg", str(mine), "figures/../../mine.svg"]
            filling.publish({"files": [{"name": name} for name in names]})
    assert mine.read_text() == "mine"


KILLED = """
import os, sys, time
from pathlib import Path
from sim import store

def write(path):
    with path.open("w") as file:
        file.write("half")
        file.flush()
        print("writing", flush=True)
        time.sleep(60)

with store.fill(Path(sys.argv[1]), replace=True) as filling:
    filling.add("runs.parquet", lambda path: path.write_text("whole"))
    filling.add("series.parquet", write)
"""


def started(folder, tmp_path):
    """Start a process that writes half a file into the folder, and wait until it does."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", KILLED, str(folder)]
    writing = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert writing.stdout.readline() == "writing\n"
    return writing


@pytest.mark.thorough
def test_a_killed_process_leaves_no_half_file_and_the_next_starts_afresh(tmp_path):
    folder = tmp_path / "kept"
    with started(folder, tmp_path) as writing:
        writing.kill()
    assert set(files_under(folder)) == {"runs.parquet.partial", "series.parquet.partial"}
    with store.fill(folder) as filling:
        assert files_under(folder) == {}
        filling.add("runs.parquet", write("whole"))
        filling.publish({})
    assert set(files_under(folder)) == {"runs.parquet", "manifest.json"}


@pytest.mark.thorough
def test_two_processes_do_not_write_into_one_folder(tmp_path):
    folder = tmp_path / "kept"
    with started(folder, tmp_path) as writing:
        try:
            with pytest.raises(InputError, match="another linli is writing to"), store.fill(folder):
                pass
            assert set(files_under(folder)) == {"runs.parquet.partial", "series.parquet.partial"}
        finally:
            writing.kill()


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    name = "n" * 300
    with pytest.raises(InputError, match="File name too long"), store.fill(tmp_path / name):
        pass
