"""The mesa-frames core in its own environment, at the other end of a pipe: `python -m benchmarks.frames_worker CORE`.

Each line read is a task: `round` answers with the seconds of the months, `outcome PATH` writes what the last round
came to, `memory` answers with the peak in bytes.
"""

import sys
from pathlib import Path
from time import perf_counter

from benchmarks.core import Core
from benchmarks.in_mesa_frames import PaymentModel
from benchmarks.peak import peak_memory


def main(path: str) -> None:
    """Do tasks until there are no more."""
    core = Core.load(Path(path))
    model = PaymentModel(core)
    for line in sys.stdin:
        task, _, argument = line.strip().partition(" ")
        if task == "round":
            model = PaymentModel(core)
            begin = perf_counter()
            for _ in range(core.months):
                model.step()
            answer: float = perf_counter() - begin
        elif task == "outcome":
            model.outcome().save(Path(argument))
            answer = 0
        else:
            answer = peak_memory()
        print(answer, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
