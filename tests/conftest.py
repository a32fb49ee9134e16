"""What every test shares: figures without a screen, and properties that give the same verdict everywhere."""

import os

import hypothesis
import pytest

os.environ["MPLBACKEND"] = "Agg"

# No deadline: the first call of a compiled rule includes its compilation.
hypothesis.settings.register_profile("linli", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "linli")

pytest.register_assert_rewrite("odd_bodies", "odd_conflict", "odd_households")
