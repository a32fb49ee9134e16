"""The command `linli`: how it starts, and how it ends when something is wrong.

Exit codes: 0 done, 2 a mistake in the input or a model that cannot be compiled here, 3 some runs failed, 4 no run
failed, but some combinations of values cannot be built, 130 stopped with Ctrl-C. What the user can mend is told in one
paragraph; a traceback means a mistake of ours.
"""

import gc
import os
import re
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from sim.errors import InputError, NotCompiledError

WRONG_INPUT = 2
RUNS_FAILED = 3
CANNOT_BE_BUILT = 4
STOPPED = 130
PIPE_CLOSED = 1

_GRACE = 5.0
"""Seconds after which Ctrl-C ends the process whatever it is doing."""
_STOPPED = "stopped; nothing was left half-written, and the same command starts again."


class Stopped(BaseException):
    """Ctrl-C, where the text says what was kept and how to go on; typer would swallow a KeyboardInterrupt."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without Chinese shows ? in place of the characters
    if arguments is None:
        signal.signal(signal.SIGINT, _stop)
    said = _STOPPED
    try:
        code = _run(sys.argv[1:] if arguments is None else arguments)
        sys.stdout.flush()
    except (InputError, NotCompiledError) as error:
        code = _refuse(str(error))
    except ImportError as error:
        if error.name != "numba":
            raise
        code = _refuse(str(error))
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = PIPE_CLOSED
    except OSError as error:
        code = _refuse(f"{error.filename or 'the system'}: {error.strerror or error}")
    except KeyboardInterrupt:
        code = STOPPED
    except Stopped as stop:
        code, said = STOPPED, str(stop)
    if code == STOPPED:
        if arguments is None:
            _end_now(said)  # without waiting for a thread that compiles
        print(f"\nlinli: {said}", file=sys.stderr)
    if arguments is None:
        gc.freeze()  # the process ends here: without a last search of the compiler's many objects, 0.3 s sooner
    return code


def _open_closed_streams() -> None:
    """Give a process that was started with closed streams the null device in their place.

    Else the next file it opens would take the number of the stream, and what is printed would end in that file.
    """
    if None in (sys.stdin, sys.stdout, sys.stderr):
        while (opened := os.open(os.devnull, os.O_RDWR)) < 3:
            pass
        os.close(opened)
    if sys.stdout is None:
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)


def _stop(number: int, frame: object) -> None:
    """Interrupt the main thread; end the process if the interruption is lost, as in a callback of the compiler."""
    watch = threading.Timer(_GRACE, _end_now)
    watch.daemon = True
    watch.start()
    raise KeyboardInterrupt


def _end_now(said: str = _STOPPED) -> None:
    with suppress(OSError, ValueError):
        print(f"\nlinli: {said}", file=sys.stderr, flush=True)
    os._exit(STOPPED)


def _run(arguments: Sequence[str]) -> int:
    """Run a command; a complaint of the option parser becomes an InputError."""
    import typer

    from sim.cli.app import app

    wrong_usage: Any = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")
    try:
        return app(arguments, prog_name="linli", standalone_mode=False) or 0
    except wrong_usage as error:
        raise InputError(_usage(error)) from None


def _refuse(text: str) -> int:
    from sim.cli.screen import printable

    print(f"linli: {printable(text)}", file=sys.stderr)
    return WRONG_INPUT


def _usage(error: Any) -> str:
    """Put a complaint of the option parser in our form: one paragraph that says where to look."""
    from sim.scenarios.values import shortened

    told = re.sub(r"\S{100,}", lambda word: shortened(word[0]), error.format_message())
    text = " ".join(told.split()).rstrip(".")
    where = error.ctx.command_path if getattr(error, "ctx", None) else "linli"
    return f"{text}; see {where} --help"
