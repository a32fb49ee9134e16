"""No rule and no kernel holds a number of its own: what may be doubted is a parameter, the rest stands in tables.

The tables are `agents.rules.units` (units, the law, the calendar) and the coefficients of `agents.rules.normal`. Beside
0, 1 and 2 a number may only count through a list of names.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TABLES = {"agents/rules/units.py", "agents/rules/normal.py", "agents/rules/compiling.py",
          "agents/rules/compiled/__init__.py"}  # fmt: skip
"""Tables, and the compiler's cache, which is no rule."""
READ = sorted(
    str(path.relative_to(ROOT))
    for path in (*ROOT.glob("agents/**/*.py"), *ROOT.glob("sim/engine/*.py"), ROOT / "sim/population.py",
                 ROOT / "sim/census.py", ROOT / "sim/neighbourhood.py")
    if str(path.relative_to(ROOT)) not in TABLES
)  # fmt: skip
PLAIN = {0, 1, 2}


def numbers(tree: ast.AST) -> Iterator[ast.Constant]:
    """Walk the numbers of a module, its constants included, but for those that only number names."""
    counted = {id(node) for part in ast.walk(tree) for node in (*_listed(part), *_members(part))}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value not in PLAIN:
            if id(node) not in counted:
                yield node
        if _hidden(node):
            yield ast.copy_location(ast.Constant(ast.unparse(node)), node)


def _hidden(node: ast.AST) -> bool:
    """Say whether a number is put together from plain ones: 1 / (2 + 2 + 1). Masks of bits, 1 << 2, are none."""
    if not isinstance(node, ast.BinOp) or isinstance(node.op, ast.LShift):
        return False
    plain = ast.BinOp | ast.UnaryOp | ast.Constant | ast.operator | ast.unaryop
    return all(isinstance(part, plain) for part in ast.walk(node))


def _listed(node: ast.AST) -> list[ast.expr]:
    """Return the numbers of `A, B, C = 0, 1, 2`."""
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Tuple):
        return []
    values = [getattr(part, "value", None) for part in node.value.elts]
    return node.value.elts if values == list(range(len(values))) else []


def _members(node: ast.AST) -> list[ast.expr]:
    """Return the numbers of an enumeration that counts from 0 without a gap."""
    if not isinstance(node, ast.ClassDef) or "IntEnum" not in {getattr(base, "id", "") for base in node.bases}:
        return []
    values = [part.value for part in node.body if isinstance(part, ast.Assign) and isinstance(part.value, ast.Constant)]
    return values if [value.value for value in values] == list(range(len(values))) else []


def in_text(text: str) -> list[float]:
    return [node.value for node in numbers(ast.parse(text))]


@pytest.mark.parametrize("file", READ)
def test_no_number_stands_in_a_rule_or_kernel(file):
    found = [(node.lineno, node.value) for node in numbers(ast.parse((ROOT / file).read_text("utf-8")))]
    assert found == []


def test_rules_kernels_and_agents_are_read():
    assert len(READ) > 60
    assert {"agents/rules/payment.py", "sim/engine/paying.py", "agents/payer.py", "sim/census.py"} < set(READ)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("def f(x):\n    return 0.3 * x", [0.3]),
        ("LIMIT = 17", [17]),
        ("def f(x):\n    return 1 / (2 + 1) * x", ["1 / (2 + 1)", "2 + 1"]),
        ("CALLED = 1 << 2", []),
        ("def f(x=3): ...", [3]),
        ("def f(x):\n    return -3 + x", [3]),
        ("A, B, C = 0, 1, 3", [3]),
        ("A, B, C, D = 0, 1, 2, 3", []),
        ("x = 1e-9 * y + 2 - 1.0 * z", [1e-9]),
        ("class Kind(IntEnum):\n    A = 0\n    B = 1\n    C = 2\n    D = 3", []),
        ("class Kind(IntEnum):\n    A = 0\n    B = 7", [7]),
        ("class Kind:\n    A = 0\n    B = 1\n    C = 2\n    D = 3", [3]),
    ],
)
def test_what_counts_as_a_number_of_its_own(text, found):
    assert in_text(text) == found


def test_every_number_of_the_table_says_what_it_is():
    """A sentence stands below each name, or below the block whose last name it follows."""
    body = ast.parse((ROOT / "agents/rules/units.py").read_text("utf-8")).body
    silent, named = [], 0
    for node, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.Assign):
            named += 1
            if not isinstance(after, ast.Expr | ast.Assign):
                silent.append(ast.unparse(node))
    assert named > 20
    assert silent == []
