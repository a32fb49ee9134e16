"""The compile cache: an edited rule takes effect at the next run, and an unedited one is not compiled again."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sim

SERVE_ONE_MONTH = """
import sim.engine.serving
from agents.rules.facility import FacilityReal
from sim.parameters import table
from sim.population import build_state
from sim.scenarios import resolve

values = {**resolve("m0").before, "population.n_households": 4}
state = build_state(values, 1, 0)
sim.engine.serving.serve(state, table([values]), 0, 0)
print(sim.__file__, float(state.facility[FacilityReal.SERVICE, 0]))
"""
"""Enough of the compiled engine to call a rule of another folder through a phase, and quick to compile."""

FOLDER, RULE, EDITED = (
    "agents/rules/facility.py",
    "    return power(clip(delivered, 0.0, 1.0), exponent)\n",
    "    return 0.5 * power(clip(delivered, 0.0, 1.0), exponent)\n",
)


def service(checkout: Path, cache: Path) -> float:
    """Run a month in a process of its own and return the service it gives."""
    environment = os.environ | {"NUMBA_CACHE_DIR": str(cache), "PYTHONPATH": str(checkout)}
    done = subprocess.run(
        [sys.executable, "-c", SERVE_ONE_MONTH],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    where, value = done.stdout.rsplit(maxsplit=1)
    assert Path(where).is_relative_to(checkout)
    return float(value)


def compiled(cache: Path) -> dict[str, int]:
    """Return every compiled file with the time at which it was written."""
    return {str(path.relative_to(cache)): path.stat().st_mtime_ns for path in cache.rglob("*.nb[ic]")}


@pytest.mark.thorough
def test_an_edited_rule_takes_effect_with_a_warm_cache(tmp_path):
    here = Path(sim.__file__).parent.parent
    checkout, cache = (tmp_path / "checkout").resolve(), tmp_path / "cache"
    for folder in ("agents", "sim", "scenarios"):
        shutil.copytree(here / folder, checkout / folder, ignore=shutil.ignore_patterns("__pycache__"))
    rule = checkout / FOLDER
    text = rule.read_text(encoding="utf-8")
    assert text.count(RULE) == 1

    before = service(checkout, cache)
    assert before > 0.0
    files = compiled(cache)
    assert any("serve" in name for name in files)

    assert service(checkout, cache) == before
    assert compiled(cache) == files  # all of it came from the cache

    rule.write_text(text.replace(RULE, EDITED), encoding="utf-8")
    assert service(checkout, cache) == 0.5 * before
    assert files.items() <= compiled(cache).items()  # the earlier code stays where it was

    rule.write_text(text, encoding="utf-8")
    files = compiled(cache)
    assert service(checkout, cache) == before
    assert compiled(cache) == files
