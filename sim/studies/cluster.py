"""Compute chunks on dask.distributed: on processes of this machine, or wherever a scheduler has workers.

The files stay with the process that runs the study; workers get worlds and return tables. A cluster started here
listens on the loopback interface alone. Dask sends pickles, so a scheduler has to be one's own, with TLS where
others share the network; no file is ever unpickled.
"""

import logging
import signal
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.studies.compute import Progress, Task, Work, compute
from sim.studies.pools import MAX_WORKERS, Done

if TYPE_CHECKING:
    import pyarrow as pa

CONNECT_SECONDS = 30
_GO_ON = "What was finished is kept: go on with linli study resume."


def on_cluster(
    work: Work, tasks: Iterable[Task], where: str, threads: int | None, progress: Progress | None, model: str
) -> Done:
    """Compute the chunks on a cluster, whichever is ready first; only a few are under way at a time.

    where : `local:N`, or the address of a scheduler; threads : of each chunk, 1 by default.

    Raises InputError where the cluster cannot be reached, is lost, or runs other code.
    """
    with _client(where) as client:
        from distributed import as_completed
        from distributed.comm import CommClosedError
        from distributed.scheduler import KilledWorker

        room = 2 * max(1, sum(client.nthreads().values()))
        tasks, under_way = iter(tasks), as_completed(loop=client.loop)
        of_future: dict[str, Task] = {}
        try:
            for task in islice(tasks, room):
                _submit(client, work, task, threads, model, under_way, of_future)
            for future in under_way:
                tables = future.result()
                task = of_future.pop(future.key)
                if tables is None:
                    raise InputError("the workers of the cluster run another version of linli or of its libraries.")
                for another in islice(tasks, 1):
                    _submit(client, work, another, threads, model, under_way, of_future)
                if progress is not None:
                    progress(tables["runs"].num_rows)
                yield task, tables
        except KilledWorker:
            raise InputError(
                f"workers of the cluster were killed again and again, on the same chunk. {_GO_ON}"
            ) from None
        except (CancelledError, CommClosedError, TimeoutError):
            raise InputError(f"the scheduler of the cluster is gone ({where}). {_GO_ON}") from None


def _submit(
    client: Any, work: Work, task: Task, threads: int | None, model: str, under_way: Any, of_future: dict[str, Task]
) -> None:
    future = client.submit(_remote, work, task, threads or 1, model, pure=False)
    of_future[future.key] = task
    under_way.add(future)


def _remote(work: Work, task: Task, threads: int, model: str) -> "dict[str, pa.Table] | None":
    """Compute a chunk on a worker, None where that has other code."""
    from sim.manifest import model_hash

    return compute(work, task, threads) if model_hash() == model else None


@contextmanager
def _client(where: str) -> Iterator[Any]:
    """Connect to a scheduler, or start one with its workers."""
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise InputError('--cluster needs dask: pip install "linli[cluster]"; --workers N needs nothing.') from None
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what goes wrong is told in one paragraph, by us
    with ExitStack() as stack:
        address = where
        kind, _, number = where.partition(":")
        if kind == "local":
            if not (number.isascii() and number.isdigit() and 1 <= int(number[:6]) <= MAX_WORKERS):
                raise InputError(f"--cluster {where}: write local:N, with 1 to {MAX_WORKERS} processes.")
            with _deaf_to_ctrl_c():
                local = LocalCluster(
                    int(number), threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
                )
            address = stack.enter_context(local).scheduler_address
        elif "://" not in where:
            raise InputError(f"--cluster {where}: write local:4, or the address of a scheduler, tcp://host:8786.")
        try:
            client = stack.enter_context(Client(address, timeout=CONNECT_SECONDS, set_as_default=False))
        except (OSError, ValueError, TypeError, TimeoutError) as error:
            raise InputError(f"--cluster {where}: no scheduler answers there ({error}).") from None
        yield client


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Let processes started here ignore Ctrl-C, which is for the one that started them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
