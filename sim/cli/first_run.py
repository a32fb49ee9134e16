"""The first run waits for the compiler: say so, how long that takes, and that it goes on."""

import time

from sim.cli.screen import Screen

COMPILING = "Compiling the model once, which takes about a minute on a free core; later runs start at once."


def compile_first(screen: Screen) -> None:
    """Compile the model, where that is still to be done, and show what is compiled and for how long already.

    On a terminal a line goes with it; elsewhere a line says that it begins, and one that it has ended.

    Raises NotCompiledError where the compiler fails.
    """
    from agents.rules.compiled import watched
    from sim.readiness import is_cold, make_ready

    if not is_cold():
        return
    screen.note(COMPILING)
    began = time.monotonic()
    with (
        screen.waiting("compiling") as tell,
        watched(lambda name, n, of: tell(f"compiling {name}: {n} of {of} functions")),
    ):
        make_ready()
    screen.note(f"Compiled in {time.monotonic() - began:.0f} s.")
