"""The schedule and the submodels as the code has them: every phase, and every rule with its equation."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sim.odd.markdown import code, table
from sim.schedule import SCHEDULE

_ROOT = Path(__file__).resolve().parents[2]
_RULES = _ROOT / "agents" / "rules"
_ENGINE = _ROOT / "sim" / "engine"
_LAST = "numeric"
"""Rules of arithmetic: shown last, without the phases, which all use them."""


@dataclass(frozen=True)
class Rule:
    """One rule as it is written: module, name, docstring, and the source without the docstring."""

    module: str
    name: str
    doc: str
    source: str
    calls: frozenset[str]


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return every rule in the order in which a reader meets it: by module, then as written."""
    paths = sorted(_RULES.glob("*.py"), key=lambda path: (path.stem == _LAST, path.stem))
    return tuple(rule for path in paths for rule in _rules_of(path))


def _rules_of(path: Path) -> list[Rule]:
    text = path.read_text(encoding="utf-8")
    return [
        Rule(path.stem, node.name, ast.get_docstring(node) or "", _without_docstring(node, text), _calls(node))
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef) and any(ast.unparse(mark) == "rule" for mark in node.decorator_list)
    ]


def _without_docstring(function: ast.FunctionDef, text: str) -> str:
    lines = text.splitlines()
    doc = function.body[0]
    kept = lines[function.lineno - 1 : doc.lineno - 1] + lines[doc.end_lineno or doc.lineno : function.end_lineno]
    return "\n".join(kept)


def _calls(node: ast.AST) -> frozenset[str]:
    """Return the names that are called by themselves inside a function, in no order."""
    calls = (inner.func for inner in ast.walk(node) if isinstance(inner, ast.Call))
    return frozenset(called.id for called in calls if isinstance(called, ast.Name))


@cache
def _kernels() -> dict[str, tuple[str, frozenset[str]]]:
    """Return the functions of the compiled engine by name: their module, and what they call."""
    return {
        node.name: (path.stem, _calls(node))
        for path in sorted(_ENGINE.glob("*.py"))
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }


@cache
def used_in(phase: str) -> frozenset[str]:
    """Return the names of the rules that a phase of the compiled engine calls, and those that these call."""
    rules = {rule.name: rule.calls for rule in all_rules()}
    kernels = _kernels()
    found: set[str] = set()
    waiting = [phase]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        waiting += rules.get(name, frozenset()) | kernels.get(name, ("", frozenset()))[1]
    return frozenset(found & rules.keys())


def schedule() -> str:
    """Return the month, phase by phase."""
    rows = []
    for number, phase in enumerate(SCHEDULE, 1):
        file = f"sim/engine/{_kernels()[phase.name][0]}.py"
        rows.append((str(number), code(phase.name), phase.about, f"[{file}](../{file})"))
    return table(("", "phase", "what happens", "compiled engine"), rows)


def rules() -> str:
    """Return every rule: what it says, in which phases, and its equation."""
    parts = []
    module = ""
    for rule in all_rules():
        if rule.module != module:
            module = rule.module
            file = f"agents/rules/{module}.py"
            about = ast.get_docstring(ast.parse((_RULES / f"{module}.py").read_text(encoding="utf-8"))) or ""
            parts.append(f"#### {module.replace('_', ' ')}: [{file}](../{file})\n\n{about}\n")
        phases = [phase.name for phase in SCHEDULE if rule.name in used_in(phase.name)]
        where = ", ".join(phases) or "start"
        note = "" if module == _LAST else f" *({where})*"
        parts.append(f"**{rule.name}**.{note} {rule.doc}\n\n```python\n{rule.source}\n```\n")
    return "\n".join(parts)
