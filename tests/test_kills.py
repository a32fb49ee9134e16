"""Nothing is lost and nothing half-written where a command that writes is killed, and repeated it ends the same."""

import os

import pytest
import typer
from kill_loop import JOBS, killed

from sim.cli.app import app

FEW = 20


ONE_WRITER = {"money", "odds", "alternatives", "patterns", "harms"}
"""Findings of a study: one function writes them all, `sim.cli.study_findings._keep`."""


def test_every_command_that_writes_is_killed():
    """A command writes where it has --out, or where it changes a study that is there."""
    group = typer.main.get_command(app)
    found = {**group.commands, **group.commands["study"].commands}
    writing = {name for name, each in found.items() if any("--out" in option.opts for option in each.params)}
    writing |= {"resume", "retry", "extend", "export"} & found.keys()
    tried = {word for job in JOBS for word in job.words[:2]} | {"resume"} | ONE_WRITER
    assert len(writing) > 15
    assert writing <= tried, writing - tried
    assert ONE_WRITER & {word for job in JOBS for word in job.words}


@pytest.mark.thorough
def test_killed_before_a_change_of_a_file_or_at_any_moment_and_repeated_a_command_ends_the_same(tmp_path):
    seed = os.getpid()
    print(f"seed {seed}")
    tried = killed(FEW, tmp_path, seed=seed)
    assert sum(one.killed for one in tried) > FEW // 2
    assert sum(one.moments > 0 for one in tried) > 8


@pytest.mark.slow
def test_a_thousand_kills(tmp_path):
    tried = killed(int(os.environ.get("KILLS", "1000")), tmp_path)
    assert all(one.killed > 0 for one in tried)
