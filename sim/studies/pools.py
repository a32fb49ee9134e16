"""Where chunks are computed: in this process, or in several on this machine. Each gives the same tables."""

import hashlib
import multiprocessing
import os
import pickle
import signal
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from itertools import islice
from multiprocessing import connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.runs import check_threads
from sim.stored import sha256
from sim.studies.compute import Progress, Task, Work, compute

if TYPE_CHECKING:
    import pyarrow as pa

Done = Iterator[tuple[Task, "dict[str, pa.Table]"]]

MAX_WORKERS = 256
_work: Work


def here(work: Work, tasks: Iterable[Task], threads: int | None, progress: Progress | None) -> Done:
    """Compute the chunks in this process, one after the other, each on `threads` threads."""
    for task in tasks:
        yield task, compute(work, task, threads, progress)


def processes(work: Work, tasks: Iterable[Task], n: int, threads: int | None, progress: Progress | None) -> Done:
    """Compute the chunks in `n` processes, whichever is ready first; only a few are under way at a time.

    Raises InputError where a process was killed.
    """
    share = threads or max(1, check_threads(None) // n)
    spawn = multiprocessing.get_context("spawn")
    tasks = iter(tasks)
    under_way: dict[Future[Any], Task] = {}
    with script_watched(), _left(work) as told, _ended_told(), _pool(n, spawn, told) as pool:
        try:
            while True:
                for task in islice(tasks, n + 1 - len(under_way)):
                    under_way[pool.submit(_one, task, share)] = task
                if not under_way:
                    return
                for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                    task = under_way.pop(future)
                    tables = future.result()
                    if progress is not None:
                        progress(tables["runs"].num_rows)
                    yield task, tables
        finally:
            for future in under_way:
                future.cancel()


_WATCH = "LINLI_SECOND_START"
"""Variable of the environment: the file that a process makes which was started to work and runs the script again."""


@contextmanager
def script_watched() -> Iterator[None]:
    """Say what is missing where processes started within the block fail because they run the user's script again.

    Raises InputError in place of whatever came of it.
    """
    with tempfile.TemporaryDirectory(prefix="linli-") as folder:
        mark = Path(folder) / "again"
        os.environ[_WATCH] = str(mark)
        try:
            yield
        except Exception:
            if not mark.exists():
                raise
            script = getattr(sys.modules["__main__"], "__file__", "the script")
            raise InputError(
                f"{script}: a process that was started to work ran this script again, from its beginning. Put what "
                'starts the study below the line if __name__ == "__main__": and go on with linli study resume.'
            ) from None
        finally:
            os.environ.pop(_WATCH, None)


def end_second_start() -> None:
    """End a process that was started to work and is about to start the study again instead."""
    mark = os.environ.get(_WATCH)
    if mark and getattr(multiprocessing.current_process(), "_inheriting", False):  # set while the script is imported
        with suppress(OSError):
            Path(mark).touch()
        os._exit(1)


@contextmanager
def _pool(n: int, spawn: Any, told: tuple[str, str]) -> Iterator[ProcessPoolExecutor]:
    """Yield the processes; who is interrupted does not wait for them: they end when this process does."""
    pool, waits = ProcessPoolExecutor(n, spawn, _start, told), True
    try:
        yield pool
    except KeyboardInterrupt:
        waits = False
        raise
    finally:
        pool.shutdown(wait=waits, cancel_futures=not waits)


@contextmanager
def _ended_told() -> Iterator[None]:
    """Say what to do where a worker ended: it broke the pool, or the pipe through which it was being started."""
    try:
        yield
    except (BrokenProcessPool, BrokenPipeError):
        raise InputError(
            "a worker process ended before its time (killed, or out of memory). What was finished is kept: go on "
            "with linli study resume, with fewer --workers if memory was short."
        ) from None


@contextmanager
def _left(work: Work) -> Iterator[tuple[str, str]]:
    """Leave the work in a file that only this user can read; yield its path and SHA-256.

    What a worker is started with has to fit into a pipe: a parent that writes more waits for ever where the worker died
    before it read.
    """
    with tempfile.TemporaryDirectory(prefix="linli-") as folder:
        path = Path(folder) / "work"
        path.write_bytes(pickle.dumps(work))
        yield str(path), sha256(path)


def _start(path: str, told: str) -> None:
    """Prepare a worker: Ctrl-C is for the process that started it, and it ends when that one does."""
    global _work
    data = Path(path).read_bytes()
    if hashlib.sha256(data).hexdigest() != told:
        raise OSError(f"{path} is not what the process that started this worker wrote")
    _work = pickle.loads(data)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


def _one(task: Task, threads: int) -> "dict[str, pa.Table]":
    return compute(_work, task, threads)
