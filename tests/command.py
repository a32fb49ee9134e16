"""The command line as its user meets it: in this process for what it says, in one of its own for how it ends."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sim.cli import main

ROOT = Path(__file__).resolve().parent.parent
SMALL = ("--months", "6", "--replicates", "4", "--set", "population.n_households=24", "--set", "time.spinup=12")
"""Options that make a run of a few milliseconds."""


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Said]


@pytest.fixture
def linli(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Give a function that runs `linli` with these arguments, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments: object) -> Said:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        return Said(code, *capsys.readouterr())

    return command


def process(*arguments: object, cwd: Path, **options: Any) -> subprocess.Popen[str]:
    """Start `linli` as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "sim.cli", *map(str, arguments)],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def files_under(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
