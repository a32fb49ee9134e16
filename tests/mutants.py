"""Do the tests see? Rules and household loops with one small mistake each, and the tests that should notice it.

A mutant is one operator, comparison, constant or column name of `agents/rules` or `sim/engine` replaced by a near one.
Each is tried in a scratch copy, without the compiler, by quick tests until one fails: of a rule the months worked out
by hand, of a loop random worlds in which both engines have to agree. A survivor is then put to `worlds`: small worlds
whose last states are hashed. One that changes no hash may be no mistake at all, or lies where these worlds never come.

`python tests/mutants.py 1 300 tests/mutants.md` tries 300 of them, in the order of seed 1, and adds a line for each to
the table, but for those that stand there already: a larger number goes on where a smaller one ended.
"""

import ast
import hashlib
import importlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("agents/rules", "sim/engine")
APART = ("compiling.py", "__init__.py", "columns.py", "checklist.py")
"""No rules: what compiles them, and lists."""
COPIED = ("agents", "sim", "scenarios", "tests", "pyproject.toml", "docs", "README.md")
SECONDS = 600
"""After which tests that have come to no end count as failed: a mutant can loop for ever."""

UNIT_TESTS = "tests/test_rules.py"
"""Every rule, a month worked out by hand: these call no loop."""
WORLDS = 30
"""Random worlds of `test_docking.py` in which both engines have to agree."""
FEW = 5
"""Of them for a mistake in a rule: both engines call it, so that there it shows by an error alone."""

LIBRARIES = ("numba", "mesa", "pandas", "scipy.stats", "networkx", "pyarrow", "pydantic")
PYTEST = ("-m", "not slow", "-x", "-q", "-p", "no:xdist", "-p", "no:cacheprovider")

Swaps = Mapping[type[ast.AST], tuple[str, str]]
BINARY: Swaps = {
    ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "/"), ast.Div: ("/", "*"), ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "*"), ast.BitAnd: ("&", "|"), ast.BitOr: ("|", "&"), ast.LShift: ("<<", ">>"),
    ast.RShift: (">>", "<<"),
}  # fmt: skip
COMPARED: Swaps = {
    ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">"), ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
}  # fmt: skip
LOGICAL: Swaps = {ast.And: ("and", "or"), ast.Or: ("or", "and")}


@dataclass(frozen=True)
class Mutant:
    """One place of a file, (start, stop) in characters, and what stands there instead."""

    file: str
    line: int
    start: int
    stop: int
    before: str
    after: str
    kind: str

    @property
    def name(self) -> str:
        """File, line and place, what is replaced and by what."""
        return f"{self.file}:{self.line}:{self.start}"

    def applied(self, text: str) -> str:
        """Return the text of its file with the mistake."""
        assert text[self.start : self.stop] == self.before
        return text[: self.start] + self.after + text[self.stop :]


# --- where mistakes can be made -------------------------------------------------------------------------------------


def mutants_of(file: str, text: str) -> list[Mutant]:
    """Return every mutant of the functions of a file, in the order of the text."""
    starts = np.cumsum([0] + [len(line) for line in text.splitlines(keepends=True)]).tolist()

    def at(line: int, column: int) -> int:  # columns count bytes
        whole = text[starts[line - 1] : starts[line]].encode()
        return int(starts[line - 1]) + len(whole[:column].decode())

    def span(node: ast.expr) -> tuple[int, int]:
        return at(node.lineno, node.col_offset), at(node.end_lineno or 0, node.end_col_offset or 0)

    def between(left: ast.expr, right: ast.expr, swap: tuple[str, str], kind: str) -> Iterator[Mutant]:
        first, stop = span(left)[1], span(right)[0]
        found = first + text[first:stop].index(swap[0])
        yield Mutant(file, left.end_lineno or 0, found, found + len(swap[0]), *swap, kind)

    tree = ast.parse(text)
    columns = _columns(tree)
    return sorted(
        {
            mutant
            for function in tree.body
            if isinstance(function, ast.FunctionDef)
            for statement in function.body
            for node in _inside(statement)
            for mutant in _of_node(node, file, text, span, between, columns)
        },
        key=lambda mutant: (mutant.start, mutant.after),
    )


def _inside(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield every node of a statement that is no docstring and no annotation."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return
    left: list[ast.AST] = [statement]
    while left:
        node = left.pop()
        yield node
        skipped = node.annotation if isinstance(node, ast.AnnAssign) else None
        left += [child for child in ast.iter_child_nodes(node) if child is not skipped]


def _of_node(node, file, text, span, between, columns) -> Iterator[Mutant]:
    if isinstance(node, ast.BinOp) and type(node.op) in BINARY:
        yield from between(node.left, node.right, BINARY[type(node.op)], "operator")
    elif isinstance(node, ast.BoolOp):
        for left, right in zip(node.values, node.values[1:], strict=False):
            yield from between(left, right, LOGICAL[type(node.op)], "operator")
    elif isinstance(node, ast.Compare):
        for left, op, right in zip([node.left, *node.comparators], node.ops, node.comparators, strict=False):
            if type(op) in COMPARED:
                yield from between(left, right, COMPARED[type(op)], "comparison")
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float, bool):
        start, stop = span(node)
        yield Mutant(file, node.lineno, start, stop, text[start:stop], _another(node.value), "constant")
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in columns:
        names = columns[node.value.id]
        if len(names) > 1:
            stop = span(node)[1]
            other = names[(names.index(node.attr) + 1) % len(names)]
            yield Mutant(file, node.lineno, stop - len(node.attr), stop, node.attr, other, "column")


def _another(value: float) -> str:
    """Return another constant of the same kind: not this truth, one more, a tenth and a bit more."""
    if isinstance(value, bool):
        return str(not value)
    return repr(value + 1 if isinstance(value, int) else round(value * 1.1 + 0.1, 6))


def _columns(tree: ast.Module) -> dict[str, list[str]]:
    """Return the columns that a file names, by the name of their table: what is imported and begins with a capital."""
    imported = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if (alias.asname or alias.name)[0].isupper()
    }
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in imported:
            found.setdefault(node.value.id, set()).add(node.attr)
    return {table: sorted(names) for table, names in found.items()}


def all_mutants(root: Path = ROOT) -> list[Mutant]:
    """Return every mutant of all rules and loops."""
    files = [path for folder in FOLDERS for path in sorted((root / folder).glob("*.py")) if path.name not in APART]
    return [
        mutant
        for path in files
        for mutant in mutants_of(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
    ]


def sample(mutants: Sequence[Mutant], seed: int, n: int) -> list[Mutant]:
    """Return n mutants in an order that a seed decides: a larger sample begins with a smaller one."""


    def place(mutant: Mutant) -> str:
        return hashlib.sha256(f"{seed} {mutant.name} {mutant.kind} {mutant.after}".encode()).hexdigest()

    return sorted(mutants, key=place)[:n]


# --- trying them ----------------------------------------------------------------------------------------------------


class Scratch:
    """A copy of the tree in which mistakes are made, one at a time, each tried in a process forked from this one.

    This process has loaded the libraries and nothing of linli, so that a fork costs no time and takes what lies here.
    """

    def __init__(self, folder: Path) -> None:
        self.root = folder / "linli"
        self.root.mkdir()
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, self.root / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, self.root / name)
        os.environ |= {"NUMBA_DISABLE_JIT": "1", "NUMBA_CACHE_DIR": str(folder / "cache"), "MPLBACKEND": "Agg"}
        words = [sys.executable, "-m", "compileall", "-q", "agents", "sim", "tests"]
        subprocess.run(words, cwd=self.root, check=True)
        for name in FOLDERS:  # an edited file may share its second and its size with what it was
            shutil.rmtree(self.root / name / "__pycache__", ignore_errors=True)
        sys.path = [str(self.root), str(self.root / "tests"), *(path for path in sys.path if ROOT != Path(path).parent)]
        sys.dont_write_bytecode = True
        for name in LIBRARIES:
            importlib.import_module(name)
        assert not {"sim", "agents"} & sys.modules.keys()

    def _forked(self, do: Callable[[], str]) -> str:
        """Return what a function returns in a process of its own, "no end" where it comes to none."""
        answer = self.root / "answer"
        answer.unlink(missing_ok=True)
        child = os.fork()
        if not child:
            try:
                os.chdir(self.root)
                null = os.open(os.devnull, os.O_WRONLY)
                os.dup2(null, 1)
                os.dup2(null, 2)
                answer.write_text(do(), encoding="utf-8")
            except BaseException as error:
                answer.write_text(f"{type(error).__name__}: {error}".partition("\n")[0], encoding="utf-8")
            finally:
                os._exit(0)
        end = time.monotonic() + SECONDS
        while os.waitpid(child, os.WNOHANG) == (0, 0):
            if time.monotonic() > end:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                return "no end"
            time.sleep(0.02)
        return answer.read_text(encoding="utf-8") if answer.exists() else "the end of the process"

    def failing(self, file: str) -> str:
        """Run the tests that are for a file until one fails, and return its name, "" where none does."""
        return self._forked(lambda: _first_failure(file))

    def worlds(self) -> str:
        """Return hashes of what some small worlds come to."""
        return self._forked(_digests)

    def tried(self, mutant: Mutant) -> tuple[str, str]:
        """Return by which test a mutant is killed, "" where by none, and then what it changes."""
        path = self.root / mutant.file
        whole = path.read_text(encoding="utf-8")
        path.write_text(mutant.applied(whole), encoding="utf-8")
        try:
            killer = self.failing(mutant.file)
            return killer, "" if killer else self.worlds()
        finally:
            path.write_text(whole, encoding="utf-8")


def _first_failure(file: str) -> str:
    is_rule = file.startswith("agents/")
    return (is_rule and _failing_unit_test()) or _failing_world(FEW if is_rule else WORLDS)


def _failing_unit_test() -> str:
    import pytest

    failed: list[str] = []

    class Ear:
        def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
            if report.failed:
                failed.append(report.nodeid.partition("::")[2])

        def pytest_collectreport(self, report: pytest.CollectReport) -> None:
            if report.failed:
                failed.append(f"the import of {report.nodeid}")

    code = pytest.main([*PYTEST, UNIT_TESTS], plugins=[Ear()])
    return failed[0] if failed else "" if code == 0 else f"pytest's code {code}"


def _failing_world(n: int) -> str:
    """Dock the first worlds of `test_docking.py` with the seeds that they have there."""
    from random_worlds import random_world

    from sim.dock import dock

    for number in range(n):
        test = f"test_random_worlds_dock[{number}]"
        seeds = {"seed": number, "replicate": number % 3} if number >= FEW else {}
        try:
            if not dock(random_world(number), **seeds).ok:
                return test
        except Exception as error:
            return f"{test} ({type(error).__name__})"
    return ""


def _digests() -> str:
    from test_docking import digests

    return str(digests())


# --- the table ------------------------------------------------------------------------------------------------------

HEAD = ("place", "kind", "before", "after", "killed by", "seconds")


def line_of(mutant: Mutant, killer: str, seconds: float) -> str:
    """Return a line of the table."""
    cells = (mutant.name, mutant.kind, f"`{mutant.before}`", f"`{mutant.after}`", killer, f"{seconds:.0f}")
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main(seed: int, n: int, table: Path) -> None:
    """Try n mutants and append a line for each to a table; those that stand there are not tried again."""
    there = table.read_text(encoding="utf-8") if table.exists() else ""
    everything = all_mutants()
    files = sorted({mutant.file for mutant in everything})
    sources = hashlib.sha256(b"".join((ROOT / file).read_bytes() for file in files)).hexdigest()[:16]
    head = f"Seed {seed}; {len(everything)} mutants in all, of sources {sources}."
    if there and not there.startswith(head):
        raise SystemExit(f"{table} is of another seed or of other sources; take it away, then begin anew")
    with tempfile.TemporaryDirectory(prefix="linli-mutants-") as place, table.open("a", encoding="utf-8") as out:
        scratch = Scratch(Path(place))
        for folder in FOLDERS:
            if failed := scratch.failing(f"{folder}/"):
                raise SystemExit(f"{failed} fails without a mistake already")
        unharmed = scratch.worlds()
        if not there:
            print(f"{head}\n", file=out)
            print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}", file=out, flush=True)
        for mutant in sample(everything, seed, n):
            if f"| {mutant.name} | {mutant.kind} |" in there:
                continue
            began = time.monotonic()
            killer, came_to = scratch.tried(mutant)
            told = killer or ("**nothing**" if came_to != unharmed else "**nothing**, and no world changes")
            print(line_of(mutant, told, time.monotonic() - began), file=out, flush=True)
    text = table.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith(tuple(f"| {folder}/" for folder in FOLDERS))]
    left = sum("**nothing**" in line for line in lines)
    print(f"{len(lines)} mutants, {len(lines) - left} killed ({1 - left / max(1, len(lines)):.1%}), {left} survive")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
