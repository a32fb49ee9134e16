"""The names of what is timed, as they stand in the table, the figure and the thresholds."""

import os

THREADS = os.cpu_count() or 1

FLOOR, FLOOR_ALL = "floor loop, 1 thread", f"floor loop, {THREADS} threads"
COMPILED, COMPILED_ALL = "linli compiled, months alone, 1 thread", f"linli compiled, months alone, {THREADS} threads"
WHOLE, WHOLE_ALL = "linli compiled, whole calls, 1 thread", f"linli compiled, whole calls, {THREADS} threads"
AGENTS = "linli agent engine"
ORACLE = "core: compiled loop (oracle)"
MESA = "core: plain Mesa"
LEAN = "core: plain Mesa, tuned"
AGENTPY = "core: agentpy"
FRAMES = "core: mesa-frames"

RUN_MARKET = "linli run market, 200 runs, warm"
LIST = "linli list"
FEW, MANY, LARGE = "few runs", "many runs", "10^6 households"
"""Peak memory of whole programs."""
