"""The most memory this process has held at once."""

import resource
import sys
from pathlib import Path


def peak_memory() -> int:
    """Return the peak resident memory in bytes.

    On Linux ru_maxrss of a fresh program begins with that of whoever started it; VmHWM does not.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
