"""How Ctrl-C ends a study: after the chunk under way or, where that takes long, without it."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

PATIENCE = 3.0
"""Seconds that a chunk has to finish after Ctrl-C."""


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """Let Ctrl-C finish the chunk under way; yield what it sets.

    A second one, or the end of the patience with the chunk, raises KeyboardInterrupt, and the chunk is lost.
    """
    stopped = threading.Event()
    main = threading.main_thread()
    if threading.current_thread() is not main or main.ident is None:
        yield stopped
        return
    patience = threading.Timer(PATIENCE, _interrupt, (main.ident,))
    patience.daemon = True

    def stop(signum: int, frame: Any) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        stopped.set()
        patience.start()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield stopped
    finally:
        patience.cancel()
        signal.signal(signal.SIGINT, before)


def _interrupt(thread: int) -> None:
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(thread, signal.SIGINT)
    else:
        signal.raise_signal(signal.SIGINT)
