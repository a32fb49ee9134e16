"""A process that has loaded linli and forks a child for each command, which may be killed in the midst of it.

Run as a script it reads a command as a line of JSON, prints "started", the child's number when it works, and how it
ended: {"words": [...], "folder": ".", "at": 0}. `at` counts what the child does to files; before that one it kills
itself with SIGKILL.
"""

import json
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.copyfile"}


def writes(event: str, args: tuple[Any, ...], folder: str) -> bool:
    """Say whether an event of the interpreter changes a file of a folder."""
    if event == "open":
        path, mode, _ = args
        named = isinstance(path, str) and os.path.abspath(path).startswith(folder)
        return named and bool(set(mode or "") & set("wax+"))
    return event in CHANGES and isinstance(args[0], str | os.PathLike) and os.path.abspath(args[0]).startswith(folder)


def child(words: list[str], folder: str, at: int) -> None:
    """Carry out a command in a folder; the number of its changes to files goes to a file beside the folder."""
    os.chdir(folder)
    null = os.open(os.devnull, os.O_WRONLY)
    log = os.open(folder + ".log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(null, 1)
    os.dup2(log, 2)
    inside, count = folder + os.sep, 0

    def watch(event: str, args: tuple[Any, ...]) -> None:
        nonlocal count
        if writes(event, args, inside):
            count += 1
            if count == at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    code = 1
    try:
        code = carried_out(words)
        Path(folder + ".count").write_text(str(count))
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(code)


def carried_out(words: list[str]) -> int:
    """Carry out a command of linli; `replace` keeps a result of two files in the place of another."""
    from sim.cli import main

    if words[0] == "failing":
        return failing(words[1:])
    if words[0] != "replace":
        return main(words)
    from sim import store
    from sim.manifest import file_entry

    with store.fill(Path(words[1]), replace=True) as kept:
        for name in ("runs.parquet", f"figures/{words[2]}.svg"):
            kept.add(name, lambda path: path.write_text(words[2] * 1000))
        kept.publish({"kind": "test", "files": [file_entry(kept, name) for name in kept.names]})
    return 0


def failing(words: list[str]) -> int:
    """Carry out a command whose runs of replicate 1 fail."""
    from sim.cli import main
    from sim.replicate import SharedSpinup

    real = SharedSpinup.run

    def run(self: Any, seed: int, replicate: int, *rest: Any, **more: Any) -> Any:
        if replicate == 1:
            raise ZeroDivisionError("replicate 1 is bad")
        return real(self, seed, replicate, *rest, **more)

    SharedSpinup.run = run  # type: ignore[method-assign]
    return main(words)


def serve() -> None:
    """Load everything, then fork a child for every line."""
    import matplotlib.figure
    import pyarrow.parquet

    import sim
    import sim.analysis.keeping
    import sim.cli.app
    import sim.cli.comparison
    import sim.figures
    import sim.report
    import sim.sensitivity
    import sim.studies.crate
    import sim.studies.merge
    import sim.studies.retry

    sim.figures.files = lambda results: []  # drawing takes long, and a page without figures is written all the same
    assert matplotlib.figure
    assert pyarrow.parquet
    sim.run("market", months=1, replicates=1, threads=1, set=["population.n_households=20", "time.spinup=1"])
    print("ready", flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        number = os.fork()
        if number == 0:
            child(job["words"], job["folder"], job["at"])
        print(number, flush=True)
        _, status = os.waitpid(number, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


class Warm:
    """The process as a test sees it."""

    def __enter__(self) -> "Warm":
        self.process = subprocess.Popen(
            [sys.executable, __file__],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT), "MPLBACKEND": "Agg"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        self.rest = b""
        assert self._line() == "ready"
        return self

    def __exit__(self, *error: object) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.process.stdout.close()

    def _line(self) -> str:
        while b"\n" not in self.rest:
            more = os.read(self.process.stdout.fileno(), 1000)
            assert more, "the warm process ended"
            self.rest += more
        line, _, self.rest = self.rest.partition(b"\n")
        return line.decode().strip()

    def _waits(self, seconds: float) -> bool:
        """Say whether nothing was said for so long."""
        return b"\n" not in self.rest and not select.select([self.process.stdout], [], [], seconds)[0]

    def run(self, words: list[str], folder: Path, *, at: int = 0, after: float | None = None) -> int:
        """Carry out a command in a folder and return its exit code, -9 where it was killed.

        at : the change of a file before which it kills itself; after : seconds after which it is killed.
        """
        job = json.dumps({"words": words, "folder": str(folder), "at": at}) + "\n"
        self.process.stdin.write(job.encode())
        number = int(self._line())
        if after is not None and self._waits(after):
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        return int(self._line())

    def changes(self, words: list[str], folder: Path) -> tuple[int, float]:
        """Carry out a command to its end; return how many changes to files it makes, and how many seconds it takes."""
        began = time.monotonic()
        code = self.run(words, folder)
        assert code in (0, 3), Path(f"{folder}.log").read_text()
        return int(Path(f"{folder}.count").read_text()), time.monotonic() - began


if __name__ == "__main__":
    serve()
