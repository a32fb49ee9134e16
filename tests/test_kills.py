"""Nothing is lost and nothing half-written where a command that writes is killed, and repeated it ends the same."""

import os

import pytest
from kill_loop import killed

FEW = 20


@pytest.mark.thorough
def test_killed_before_a_change_of_a_file_or_at_any_moment_and_repeated_a_command_ends_the_same(tmp_path):
    seed = os.getpid()
    print(f"seed {seed}")
    tried = killed(FEW, tmp_path, seed=seed)
    assert sum(one.killed for one in tried) > FEW // 2
    assert sum(one.moments > 0 for one in tried) > 6


@pytest.mark.slow
def test_a_thousand_kills(tmp_path):
    tried = killed(int(os.environ.get("KILLS", "1000")), tmp_path)
    assert all(one.killed > 0 for one in tried)
