"""The compiled engine: the month's phases over the columns, calling the same rules as the agents do.

A phase gathers, calls rules, compares and writes; it holds no formula of its own.
"""

from pathlib import Path

from agents.rules.compiling import RULE_SOURCES, compiler_for

_HERE = Path(__file__).parent
ENGINE_SOURCES = (RULE_SOURCES, _HERE, _HERE.parent / "draws.py", _HERE.parent / "state.py", _HERE.parent / "totals.py")
"""Everything that decides the compiled engine's code."""

kernel = compiler_for(*ENGINE_SOURCES)
"""Decorator of every phase of the compiled engine."""
