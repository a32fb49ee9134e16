"""Faults that were found, each with the smallest input that shows it: files, kills, what decides a number."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command import ROOT, linli, process
from small_studies import SAMPLED, SMALL, hash_of, made, written

import sim
from sim import manifest
from sim.errors import InputError
from sim.studies.design import design_of
from sim.studies.sources import read_study

__all__ = ["linli"]  # a fixture

COLLIDE = '''question = "Does the subsidy matter?"
scenarios = ["market", "red_station"]
months = 12
replicates = 3
seed = 5
outcomes = ["payment_rate"]
[constants]
population.n_households = 60
[sampling]
method = "csv"
file = "points.csv"
'''


def test_a_design_that_sets_a_constant_again_is_refused(tmp_path):
    """D6: it overrode [constants] silently."""
    (tmp_path / "s.toml").write_text(COLLIDE)
    (tmp_path / "points.csv").write_text("street.subsidy,population.n_households\n0.05,100\n")
    told = r"points\.csv:1: population\.n_households is a constant of the study too; leave one out"
    with pytest.raises(InputError, match=told):
        design_of(read_study(tmp_path / "s.toml")[0])
    (tmp_path / "points.csv").write_text("street.subsidy\n0.05\n")
    assert len(design_of(read_study(tmp_path / "s.toml")[0])) == 1


# --- what decides the numbers ---------------------------------------------------------------------------------------


def modules_below(start: set[str]) -> set[Path]:
    """Return the files of all modules that these import, at once or in a function; not what the public face lists."""
    found: set[Path] = set()
    face = ROOT / "sim" / "__init__.py"
    left = {ROOT / (name.replace(".", "/") + ".py") for name in start}
    while left:
        path = left.pop()
        if path in found:
            continue
        found.add(path)
        names = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
            elif isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
        for name in names:
            if name.split(".")[0] in ("sim", "agents"):
                stem = ROOT / name.replace(".", "/")
                left |= {one for one in (stem.with_suffix(".py"), stem / "__init__.py") if one.is_file()} - {face}
    return found


def test_the_model_s_hash_covers_every_module_that_a_run_is_made_by():
    """D8: it left out durations.py, and `compare` reprinted an old result after an edit."""
    hashed = set()
    for source in manifest.model_sources():
        hashed |= set(source.rglob("*.py")) if source.is_dir() else {source}
    assert {path.name for path in hashed} >= {"durations.py", "outcomes.py", "month.py", "payment.py", "household.py"}
    making = {"sim.runs", "sim.replicate", "sim.results", "sim.outcomes", "sim.case_records", "sim.estates"}
    below = modules_below(making)
    assert len(below & hashed) > 60
    deciding_none = {"sim/errors.py", "sim/readiness.py"}  # what is said, and when the compiler is called
    assert {path.relative_to(ROOT).as_posix() for path in below - hashed} == deciding_none


def test_one_changed_module_is_another_model_and_other_libraries_are_not(monkeypatch, tmp_path):
    """D8 and W9: an edit of any module shows; the version of numpy is recorded, and refuses nothing."""
    before = manifest.model_hash()
    monkeypatch.setattr(manifest, "installed", lambda name: "99.0")
    monkeypatch.setattr("numpy.__version__", "99.0")
    assert manifest.model_hash() == before
    copy = tmp_path / "sim"
    shutil.copytree(ROOT / "sim", copy)
    shutil.copytree(ROOT / "agents", tmp_path / "agents")
    monkeypatch.setattr(manifest, "_HERE", copy)
    assert manifest.model_hash() == before
    for name in ("sim/durations.py", "sim/engine/paying.py", "agents/household.py", "agents/rules/payment.py"):
        with (tmp_path / name).open("a") as file:
            file.write("\n")
        after = manifest.model_hash()
        assert after != before, name
        before = after
    (tmp_path / "sim" / "tables.py").write_text("")
    assert manifest.model_hash() == before


def test_a_study_goes_on_under_another_version_of_a_library_and_says_so(linli, tmp_path, monkeypatch):
    """W9: `extend` was refused although all bits agreed."""
    written(tmp_path, SMALL)
    assert linli("study", "run", "study.toml", "--out", "out").code == 0
    real = manifest.installed
    monkeypatch.setattr(manifest, "installed", lambda name: "99.0" if name == "numpy" else real(name))
    assert linli("study", "extend", "out", "--replicates", 7).code == 0
    first, second = sim.studies.open("out").manifest["sessions"]
    assert "versions" not in first
    assert second["versions"]["numpy"] == "99.0"


# --- killed, stuck, repeated ----------------------------------------------------------------------------------------

DIES = """
import multiprocessing, sys
multiprocessing.set_executable("/bin/false")
from sim.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.thorough
@pytest.mark.skipif(not Path("/bin/false").exists(), reason="no program that ends at once")
def test_workers_that_die_at_their_start_end_a_study_and_do_not_hang_it(tmp_path):
    """W1: the parent wrote the work into a pipe that nobody read."""
    written(tmp_path, SAMPLED)
    command = [sys.executable, "-c", DIES, "study", "run", "study.toml", "--out", "out", "--workers", "2", "--quiet"]
    done = subprocess.run(
        command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 2, done.stderr
    assert "a worker process ended before its time" in done.stderr
    assert "linli study resume" in done.stderr


def test_a_pipe_that_breaks_while_a_worker_starts_is_told_as_its_death(monkeypatch):
    """A worker that dies before it reads breaks the pipe of its start, and not the pool: which of both is chance."""
    from sim.studies import pools
    from sim.studies.compute import Work
    from sim.studies.worlds import base_worlds

    def broken(*args):
        raise BrokenPipeError

    monkeypatch.setattr(pools.ProcessPoolExecutor, "submit", broken)
    study = read_study(SAMPLED)[0]
    work = Work.of(study, base_worlds(study))
    with pytest.raises(InputError, match="a worker process ended before its time"):
        list(pools.processes(work, [object()], 2, 1, None))


def test_a_worker_is_started_with_less_than_a_pipe_holds(tmp_path):
    import pickle

    from sim.studies import pools
    from sim.studies.compute import Work
    from sim.studies.worlds import base_worlds

    study = read_study(SAMPLED)[0]
    work = Work.of(study, base_worlds(study))
    with pools._left(work) as told:
        assert len(pickle.dumps(told)) < 4096
        assert Path(told[0]).stat().st_mode & 0o077 == 0 or Path(told[0]).parent.stat().st_mode & 0o077 == 0
        with pytest.raises(OSError, match="is not what the process"):
            pools._start(told[0], "0" * 64)
    assert not Path(told[0]).exists()


def test_what_a_killed_merge_left_is_merged_again(linli, tmp_path):
    """W2: 21 of 43 kills left a folder that neither `merge` nor `resume` went on with."""
    written(tmp_path, SAMPLED)
    for k in (1, 2):
        assert linli("study", "run", "study.toml", "--out", f"part{k}", "--shard", f"{k}/2", "--chunk", 8).code == 0
    assert linli("study", "merge", "part1", "part2", "--out", "whole").code == 0
    wanted = hash_of(tmp_path / "whole")
    text = (tmp_path / "whole" / "manifest.json").read_bytes()
    assert linli("study", "merge", "part1", "part2", "--out", "whole").code == 0  # done again, it changes nothing
    assert (tmp_path / "whole" / "manifest.json").read_bytes() == text

    from sim.studies import merge
    from sim.studies.store import read_store

    stores = [read_store(tmp_path / f"part{k}") for k in (1, 2)]
    (tmp_path / "begun").mkdir()
    whole = merge._begun(stores, tmp_path / "begun")  # killed after some copies
    for name in whole.listed[:0] + stores[0].names("runs")[:1]:
        merge._copy(stores[0], name, tmp_path / "begun")
    shutil.copytree(tmp_path / "begun", tmp_path / "resumed")
    assert linli("study", "merge", "part2", "part1", "--out", "begun").code == 0
    assert hash_of(tmp_path / "begun") == wanted
    assert linli("study", "verify", "begun", "--runs", 1).code == 0
    assert linli("study", "resume", "resumed").code == 0
    assert hash_of(tmp_path / "resumed") == wanted


def test_parts_are_not_merged_into_another_study(linli, tmp_path):
    written(tmp_path, SAMPLED)
    for k in (1, 2):
        linli("study", "run", "study.toml", "--out", f"part{k}", "--shard", f"{k}/2", "--chunk", 8)
    made(tmp_path / "theirs", SAMPLED | {"seed": 12})
    made(tmp_path / "longer", SAMPLED, chunk=4)
    for out, why in (
        ("theirs", "holds a study already, which differs from the parts in inputs"),
        ("longer", "holds a study already, which differs from the parts in chunk_runs"),
        ("part1", "holds a study already, which is not only made of these parts"),
    ):
        before = hash_of(tmp_path / out)
        said = linli("study", "merge", "part1", "part2", "--out", out)
        assert (said.code, why in said.err) == (2, True), said.err
        assert hash_of(tmp_path / out) == before


def test_what_a_killed_start_left_is_taken_up_by_the_same_study_alone(linli, tmp_path):
    """Files in inputs/ were overwritten, whosesoever they were, and those of another study stayed."""
    written(tmp_path, SAMPLED)
    inputs = tmp_path / "out" / "inputs"
    inputs.mkdir(parents=True)
    (inputs / "study.toml").write_bytes((tmp_path / "study.toml").read_bytes())
    (inputs / "study.toml.partial").write_text("half")
    (inputs / "notes.txt").write_text("mine")
    said = linli("study", "run", "study.toml", "--out", "out")
    assert (said.code, "it holds inputs/notes.txt" in said.err) == (2, True)
    (inputs / "notes.txt").unlink()
    (inputs / "study.toml").write_text("another")
    assert "it holds inputs/study.toml" in linli("study", "run", "study.toml", "--out", "out").err
    (inputs / "study.toml").write_bytes((tmp_path / "study.toml").read_bytes())
    assert linli("study", "run", "study.toml", "--out", "out").code == 0
    assert linli("study", "verify", "out", "--runs", 0).code == 0


def test_an_extension_that_was_killed_is_asked_for_again(linli, tmp_path):
    """Its new points were in the manifest, and the same command was refused."""
    written(tmp_path, SAMPLED)
    linli("study", "run", "study.toml", "--out", "out", "--chunk", 8)
    assert linli("study", "extend", "out", "--points", 8).code == 0
    wanted = hash_of(tmp_path / "out")
    victim = max((tmp_path / "out" / "runs").iterdir())
    victim.unlink()
    said = linli("study", "extend", "out", "--points", 8)
    assert (said.code, f"Made again: runs/{victim.name} is missing" in said.err) == (0, True)
    assert hash_of(tmp_path / "out") == wanted


def test_the_folder_of_the_user_is_meant_by_a_tilde_and_checked_before_the_first_run(linli, tmp_path, monkeypatch):
    """W5: all runs were made, then "cannot write", with leavings in the real home."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    options = ("--set", "population.n_households=24", "--set", "time.spinup=2", "--months", "2", "--replicates", "2")
    assert linli("run", "market", *options, "--no-figures", "--quiet", "--out=~/res").code == 0
    assert (home / "res" / "manifest.json").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["home"]
    assert not list(home.rglob("*.partial"))

    def refuse(*arguments: object, **more: object) -> None:
        raise AssertionError("a run was made")

    monkeypatch.setattr("sim.cli.comparison.simulate", refuse)
    real = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if path.name == "begun.partial":
            raise OSError(28, "No space left on device", str(path))
        return real(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    said = linli("run", "market", *options, "--out", "full")
    assert (said.code, "No space left on device; make room" in said.err) == (2, True)
    assert not (tmp_path / "full").exists()


@pytest.mark.thorough
def test_a_name_that_is_no_utf_8_is_refused_in_a_word(tmp_path):
    for words in (("run", "market", "--out"), ("study", "status"), ("report",)):
        running = process(*words, os.fsdecode(b"caf\xe9"), cwd=tmp_path)
        _, err = running.communicate(timeout=120)
        assert running.returncode == 2, err
        assert "is not UTF-8 text" in err
        assert err.count("\n") == 1
