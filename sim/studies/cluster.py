"""Compute chunks on dask.distributed: on processes of this machine, or wherever a scheduler has workers.

The files stay with the process that runs the study; workers get worlds and return tables. A cluster started here
listens on the loopback interface alone. Dask sends pickles, so a scheduler has to be one's own, with TLS where
others share the network; no file is ever unpickled.
"""

import logging
import signal
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.studies.compute import Progress, Task, Work, compute
from sim.studies.pools import MAX_WORKERS, Done, script_watched

if TYPE_CHECKING:
    import pyarrow as pa

CONNECT_SECONDS = 30
SILENT_SECONDS = 5
"""After which it is said that no worker is there."""
WORKER_SECONDS = 900
"""For which a worker is waited for: where machines are shared, they come when there is room."""
_GO_ON = "What was finished is kept: go on with linli study resume."
_INSTALL = "install the same version of linli there"


def on_cluster(
    work: Work,
    tasks: Iterable[Task],
    where: Any,
    threads: int | None,
    progress: Progress | None,
    model: str,
    stopped: threading.Event,
) -> Done:
    """Compute the chunks on a cluster, whichever is ready first; only a few are under way at a time.

    where : `local:N`, the address of a scheduler, or a cluster or client of dask; threads : of each chunk, 1 by
    default; stopped : set where somebody wants an end.

    Raises InputError where the cluster cannot be reached, has no workers, is lost, or has no or other code.
    """
    with script_watched(), _client(where) as client:
        from distributed import as_completed
        from distributed.comm import CommClosedError
        from distributed.scheduler import KilledWorker

        named = client.scheduler.address
        try:
            if not _workers_there(client, named, stopped):
                return
            room = 2 * max(1, sum(client.nthreads().values()))
            tasks, under_way = iter(tasks), as_completed(loop=client.loop)
            of_future: dict[str, Task] = {}
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
        except ImportError as error:  # a worker that came later
            raise InputError(f"a worker of the cluster lacks {error.name or 'linli'}: {_INSTALL}. {_GO_ON}") from None
        except (CancelledError, CommClosedError, TimeoutError):
            raise InputError(f"the scheduler of the cluster is gone ({named}). {_GO_ON}") from None


def _workers_there(client: Any, named: str, stopped: threading.Event) -> bool:
    """Wait until the cluster has workers, and say that one waits; False where somebody stopped it.

    Raises InputError where none comes, or scheduler or worker lack linli.
    """
    began, told = time.monotonic(), False
    while not client.scheduler_info(n_workers=-1)["workers"]:
        waited = time.monotonic() - began
        if stopped.is_set():
            return False
        if waited > WORKER_SECONDS:
            raise InputError(f"the cluster at {named} has no workers; start some: dask worker {named}.")
        if waited > SILENT_SECONDS and not told:
            told = True
            print(f"Waiting for a worker: {named} has none yet; dask worker {named} starts one.", file=sys.stderr)
        time.sleep(0.2)
    lacking = [address for address, there in client.run(lambda: bool(find_spec("sim"))).items() if not there]
    if lacking:
        others = f" and {len(lacking) - 1} more" if len(lacking) > 1 else ""
        raise InputError(f"the worker {lacking[0]}{others} of the cluster has no linli: {_INSTALL}.")
    if not client.run_on_scheduler(lambda: bool(find_spec("sim"))):
        raise InputError(f"the scheduler at {named} has no linli, without which it passes no work on: {_INSTALL}.")
    return True


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


def check_cluster(where: Any) -> None:
    """Raise InputError where this names no cluster: before anything is laid out, and without a connection."""
    if not isinstance(where, str):
        if not (hasattr(where, "scheduler_address") or hasattr(where, "scheduler_info")):
            raise InputError(f"cluster = {where!r}: write local:4, an address, or give a cluster of dask.")
        return
    kind, _, number = where.partition(":")
    if kind == "local":
        if not (number.isascii() and number.isdigit() and 1 <= int(number[:6]) <= MAX_WORKERS):
            raise InputError(f"--cluster {where}: write local:N, with 1 to {MAX_WORKERS} processes.")
    elif "://" not in where:
        raise InputError(f"--cluster {where}: write local:4, or the address of a scheduler, tcp://host:8786.")


@contextmanager
def _client(where: Any) -> Iterator[Any]:
    """Connect to a scheduler, or start one with its workers; what is the user's stays open."""
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise InputError('--cluster needs dask: pip install "linli[cluster]"; --workers N needs nothing.') from None
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what goes wrong is told in one paragraph, by us
    if isinstance(where, Client):
        yield where
        return
    with ExitStack() as stack:
        address, text = where, where if isinstance(where, str) else ""
        kind, _, number = text.partition(":")
        if not isinstance(where, str):
            text = str(where.scheduler_address)
        elif kind == "local":
            with _deaf_to_ctrl_c():
                local = LocalCluster(
                    int(number), threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
                )
            address = stack.enter_context(local).scheduler_address
        try:
            client = stack.enter_context(Client(address, timeout=CONNECT_SECONDS, set_as_default=False))
        except (OSError, ValueError, TypeError, TimeoutError) as error:
            raise InputError(f"--cluster {text}: no scheduler answers there ({error}).") from None
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
