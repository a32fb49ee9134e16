"""A first run says that it compiles, and Ctrl-C ends every command in every phase; a broken compiler makes no run."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from command import ROOT, SMALL, process

import sim.studies
from sim.stored import manifest_of

FEW = ("--months", "2", "--set", "population.n_households=24", "--set", "time.spinup=12")
STUDY = """question = "Does it stop?"
scenarios = ["market"]
months = 24
replicates = 40
seed = 1
[constants]
"population.n_households" = 400
"""
ANALYSIS = STUDY + """
[factors]
"household.b_bailout" = {}
"contact.press" = {}
[sensitivity]
method = "sobol"
n = 8
"""
COMMANDS = {
    "run": ("run", "market", *FEW, "--out", "kept"),
    "compare": ("compare", "market", "custody", *FEW, "--out", "kept"),
    "study": ("study", "run", "study.toml", "--out", "kept"),
    "sensitivity": ("sensitivity", "analysis.toml", "--out", "kept"),
    "tipping": (
        "tipping", "market", "--months", "96", *FEW[2:4], "--levels", "3", "--replicates", "2", "--out", "kept",
    ),
    "ablate": ("ablate", "red_station", "--rival", "market", *FEW, "--replicates", "2", "--out", "kept"),
    "crossing": ("crossing", "red_station", "market", "--over", "fee", *FEW, "--replicates", "2", "--out", "kept"),
}  # fmt: skip
GRACE = 60
"""Seconds after which a command that was stopped counts as stuck: on a busy machine it takes some to load."""


@pytest.fixture
def here(tmp_path):
    (tmp_path / "study.toml").write_text(STUDY)
    (tmp_path / "analysis.toml").write_text(ANALYSIS)
    return tmp_path


def stopped(running: subprocess.Popen[str], said: str = "") -> str:
    """Press Ctrl-C and return what was said on standard error."""
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=GRACE)
    assert running.returncode == 130, said + err
    return said + err


def until(running: subprocess.Popen[str], reached) -> None:
    while running.poll() is None and not reached():
        time.sleep(0.01)


@pytest.mark.thorough
@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_ctrl_c_ends_the_first_compiling(here, monkeypatch, words):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(here / "cache"))
    running = process(*words, cwd=here)
    first = running.stderr.readline()
    while first and not first.startswith("Compiling"):
        first = running.stderr.readline()
    assert first.startswith("Compiling the model once, which takes about a minute"), running.communicate()
    time.sleep(1.0)
    said = stopped(running)
    assert len(re.findall("stopped", said)) == 1, said
    assert "goes on" in said or "same command" in said
    assert not list(here.rglob("*.partial"))
    assert manifest_of(here / "kept") is None or manifest_of(here / "kept")["chunks"] == {}


@pytest.mark.thorough
def test_ctrl_c_gives_up_a_chunk_that_takes_long_and_the_study_goes_on(here):
    text = STUDY.replace("replicates = 40", "replicates = 4000").replace("months = 24", "months = 1200")
    (here / "study.toml").write_text(text)
    running = process("study", "run", "study.toml", "--out", "kept", "--chunk", "4000", cwd=here)
    until(running, lambda: (here / "kept" / "manifest.json").exists())
    time.sleep(3.0)
    said = stopped(running)
    assert said.count("\n") <= 2
    assert said.endswith("whole chunks are kept, nothing is half-written, and linli study resume kept goes on.\n")
    assert not list((here / "kept").rglob("*.partial"))
    assert sim.studies.open(here / "kept").manifest["chunks"] == {}


@pytest.mark.thorough
@pytest.mark.parametrize("sign", ["series.parquet.partial", "figures"])
def test_ctrl_c_ends_writing_and_drawing(here, sign):
    running = process("run", "market", *SMALL, "--out", "kept", cwd=here)
    until(running, (here / "kept" / sign).exists)
    said = stopped(running)
    assert said.endswith("stopped; nothing was left half-written, and the same command starts again.\n")
    assert not (here / "kept").exists()


# --- a compiler that fails ------------------------------------------------------------------------------------------

BROKEN = """
import sys
from numba.core import compiler
from sim.cli import main

def refuse(*_, **__):
    raise RuntimeError("no such target")

compiler.compile_extra = refuse
sys.exit(main(sys.argv[1:]))
"""


def broken(here: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """Carry out a command with a compiler that fails, and nothing compiled before."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "NUMBA_CACHE_DIR": str(here / "cache")}
    command = [sys.executable, "-c", BROKEN, *map(str, words)]
    return subprocess.run(command, cwd=here, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["run", "study"])
def test_a_compiler_that_fails_makes_no_failed_run(here, name):
    done = broken(here, *COMMANDS[name])
    assert done.returncode == 2, done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith("linli: the model cannot be compiled here, and no run was made (RuntimeError: no such ")
    assert "NUMBA_DISABLE_JIT=1" in last
    assert "Traceback" not in done.stderr
    kept = manifest_of(here / "kept")
    assert kept is None or kept["chunks"] == {}


def test_a_compiler_that_fails_in_the_midst_of_runs_is_no_failed_run(monkeypatch):
    from numba.core.errors import TypingError

    from sim.errors import NotCompiledError

    def refuse(*_, **__):
        raise TypingError("cannot determine the type")

    monkeypatch.setattr("sim.runs.SharedSpinup.run", refuse)
    with pytest.raises(NotCompiledError, match="cannot determine the type"):
        sim.run("market", months=1, replicates=2)


def test_a_missing_compiler_is_told_in_a_sentence(here):
    code = "import sys; sys.modules['llvmlite'] = None; from sim.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "run", "market", *SMALL]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=here, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("linli: The compiler numba cannot be loaded here")


@pytest.mark.thorough
def test_without_the_compiler_the_model_runs_uncompiled_and_says_so(here):
    words = ("run", "market", *FEW[:3], "population.n_households=10", *FEW[4:], "--replicates", "2", "--json")
    one, other = process(*words, cwd=here).communicate(), None
    os.environ["NUMBA_DISABLE_JIT"] = "1"
    try:
        other = process(*words, cwd=here).communicate()
    finally:
        del os.environ["NUMBA_DISABLE_JIT"]
    assert other[0] == one[0]
    assert other[1] == "linli: NUMBA_DISABLE_JIT is set, so the model runs uncompiled, many times slower.\n"


def test_two_threads_that_begin_at_once_both_find_the_model_ready():
    from sim.readiness import make_ready

    both = [threading.Thread(target=make_ready) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
