"""What the command line shows and where: results on standard output, everything about the work on standard error."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

WIDTH = 100

_SIGNS = {
    code: "\ufffd"
    for code in (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
    if chr(code) not in "\n\t"
}
"""Characters that command a terminal, or turn the direction of writing, and what is shown in their place."""


def printable(text: str) -> str:
    """Return a text with a mark for every character that would command a terminal: names and titles come from files."""
    return text.translate(_SIGNS)


@dataclass(frozen=True)
class Screen:
    """How much is shown: with `as_json` only data on standard output, with `quiet` only errors."""

    as_json: bool = False
    quiet: bool = False

    @cached_property
    def _out(self) -> "Console":
        return _console(sys.stdout)

    @cached_property
    def _err(self) -> "Console":
        return _console(sys.stderr)

    @property
    def width(self) -> int:
        """Columns to fill."""
        return min(WIDTH, self._out.width)

    def show(self, lines: "Iterable[Text | str]", *, wrap: bool = False) -> None:
        """Print lines of a result, unless data were asked for."""
        if not (self.as_json or self.quiet):
            for line in map(_printable_line, lines):
                self._out.print(line, soft_wrap=not wrap, highlight=False, markup=False)

    def data(self, content: Any) -> None:
        """Print JSON, if it was asked for."""
        if self.as_json and not self.quiet:
            print(printable(json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)))

    def note(self, text: str) -> None:
        """Say something about the work."""
        if not self.quiet:
            self._err.print(printable(text), soft_wrap=True, highlight=False, markup=False)

    @contextmanager
    def waiting(self, text: str) -> Iterator[Callable[[str], None]]:
        """Show on a terminal that work goes on, and the seconds since it began; yield what says what is done now."""
        if self.quiet or not self._err.is_terminal:
            yield lambda text: None
            return
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = (SpinnerColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
        with Progress(*columns, console=self._err, transient=True) as line:
            task = line.add_task(text, total=None)
            yield lambda text: line.update(task, description=text)

    @contextmanager
    def progress(self, n_runs: int) -> Iterator[Callable[[int], None] | None]:
        """Show a bar with rate and time left while runs are made, on a terminal; yield what counts them."""
        with self.open_progress() as (total, advance):
            if total is not None:
                total(n_runs)
            yield advance

    @contextmanager
    def open_progress(self) -> "Iterator[tuple[Callable[[int], None], Callable[[int], None]] | tuple[None, None]]":
        """Show a bar as `progress` does; yield what says how many runs are to come, and what counts them."""
        if self.quiet or not self._err.is_terminal:
            yield None, None
            return
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("runs"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}time left"),
            TimeRemainingColumn(),
        )
        bar = Progress(*columns, console=self._err, transient=True)
        task = bar.add_task("runs", total=None, rate="")
        try:

            def total(n: int) -> None:
                bar.start()  # not before: another line may show that the model is compiled
                bar.update(task, total=bar.tasks[0].completed + n)

            def advance(n: int) -> None:
                bar.start()
                bar.advance(task, n)
                speed = bar.tasks[0].finished_speed or bar.tasks[0].speed
                bar.update(task, rate=f"{speed:.3g}/s  " if speed else "")

            yield total, advance
        finally:
            bar.stop()


def _printable_line(line: "Text | str") -> "Text | str":
    if isinstance(line, str):
        return printable(line)
    line.plain = printable(line.plain)  # character for character, so that the styles stay where they are
    return line


def _console(stream: TextIO) -> "Console":
    from rich.console import Console

    console = Console(file=stream)
    return console if console.is_terminal else Console(file=stream, width=WIDTH)
