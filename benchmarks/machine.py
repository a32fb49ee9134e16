"""On what and with what it was measured; no host name and no path."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sim.manifest import commit, installed

LIBRARIES = ("linli", "numpy", "numba", "llvmlite", "mesa", "agentpy")


def processor() -> str:
    """Return the processor's name as the system tells it."""
    told = Path("/proc/cpuinfo")
    if told.exists():
        for line in told.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def memory() -> float | None:
    """Return the machine's memory in GiB."""
    if not hasattr(os, "sysconf"):
        return None
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)


def described() -> dict[str, Any]:
    """Return machine, versions, date and commit."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": processor(),
        "cores": os.cpu_count(),
        "memory_gib": memory(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: installed(name) for name in LIBRARIES},
        "commit": commit(),
    }
