"""Part of several phases: what people of an estate have seen of its cases."""

from typing import Any

from agents.rules.case import success_share
from sim.engine import kernel


@kernel
def outcomes_seen(s: Any, p: Any, i: int, e: int) -> Any:
    """Return whether a case ended within the last year, and the share that was settled, as people reckon it."""
    settled = 0
    ended = 0
    for month in range(s.endings.shape[1]):
        settled += s.endings[0, month, e]
        ended += s.endings[1, month, e]
    return ended > 0, success_share(settled, ended, p[i].start_voice, p[i].case_voice_prior)
