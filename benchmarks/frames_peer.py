"""Our end of the pipe to mesa-frames, which needs an environment of its own."""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from benchmarks.core import Core, Outcome

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv-mesa-frames" / "bin" / "python"
"""Made by `make benchmark`."""


def is_there(python: Path = PYTHON) -> bool:
    """Say whether mesa-frames can be imported in its environment."""
    return python.exists() and subprocess.run([python, "-c", "import mesa_frames"], capture_output=True).returncode == 0


class Frames:
    """A worker process with one core."""

    def __init__(self, core: Core, python: Path = PYTHON) -> None:
        self._folder = TemporaryDirectory()
        self.core = core
        self._path = Path(self._folder.name) / "core.npz"
        core.save(self._path)
        self._process = subprocess.Popen(
            [python, "-m", "benchmarks.frames_worker", self._path],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Frames":
        """Return the worker, which runs already."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the worker."""
        self._process.communicate()
        self._folder.cleanup()

    def _ask(self, task: str) -> float:
        into, out = self._process.stdin, self._process.stdout
        assert into is not None
        assert out is not None
        into.write(task + "\n")
        into.flush()
        return float(out.readline())

    def one_round(self) -> float:
        """Return the seconds of the core's months."""
        return self._ask("round")

    def outcome(self) -> Outcome:
        """Return what the last round came to."""
        path = self._path.with_name("outcome.npz")
        self._ask(f"outcome {path}")
        return Outcome.load(path)

    def peak_memory(self) -> int:
        """Return the worker's peak memory in bytes."""
        return int(self._ask("memory"))
