"""What Ctrl-C says where there is more to say than that it stopped."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.cli import Stopped
from sim.stored import MANIFEST


@contextmanager
def goes_on(study: Path, command: str) -> Iterator[None]:
    """Let Ctrl-C say that `command` goes on with what is kept, where there is the folder of a study already."""
    try:
        yield
    except KeyboardInterrupt:
        if not (study / MANIFEST).is_file():
            raise
        raise Stopped(f"stopped; whole chunks are kept, nothing is half-written, and {command} goes on.") from None
