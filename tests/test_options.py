"""Options handed through are written down with their types, so that a misspelt one is found before it is run."""

import inspect
import os
import subprocess
import sys
import typing
from pathlib import Path

import pytest

import sim
from sim import runs, tipping
from sim.tipping.request import Options, Request

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(("options", "function"), [(runs.Options, runs.compare), (Options, Request.of)])
def test_the_options_are_those_of_the_function_that_gets_them(options, function):
    parameters = inspect.signature(function).parameters.values()
    taken = {each.name: each.annotation for each in parameters if each.kind is each.KEYWORD_ONLY}
    assert list(options.__annotations__) == list(taken)
    assert options.__annotations__ == taken


def test_no_public_function_takes_options_unseen():
    for function in (sim.run, sim.compare, tipping.run, sim.ablate, sim.crossing, sim.explain, sim.resolve):
        for each in inspect.signature(function).parameters.values():
            if each.kind is each.VAR_KEYWORD:
                assert typing.get_origin(each.annotation) is typing.Unpack, function


@pytest.mark.thorough
def test_a_checker_of_types_finds_a_misspelt_option(tmp_path):
    calls = [
        ('sim.run("market", months=12)', ""),
        ('sim.run("market", month=12)', 'Unexpected keyword argument "month"'),
        ('sim.run("market", months="12")', 'has incompatible type "str"; expected "int"'),
        ('sim.tipping.run("market", out="x", month=12)', 'Unexpected keyword argument "month"'),
    ]
    script = tmp_path / "calls.py"
    script.write_text("\n".join(["import sim", "import sim.tipping", *(call for call, _ in calls)]), encoding="utf-8")
    found = os.environ | {"MYPYPATH": str(ROOT)}
    command = [sys.executable, "-m", "mypy", "--config-file=", "--no-site-packages", "--ignore-missing-imports"]
    command += ["--follow-imports=silent", f"--cache-dir={tmp_path / 'cache'}", str(script)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=tmp_path, env=found)
    told = dict.fromkeys(range(1, len(calls) + 3), "")
    for line in done.stdout.splitlines():
        where, error, text = line.partition(": error: ")
        if error and where.startswith("calls.py:"):
            told[int(where.split(":")[1])] = text
    for number, (_, text) in enumerate(calls, start=3):
        assert (text in told[number]) if text else not told[number], (done.stdout, done.stderr)
