"""Tables of what is declared: parameters, columns, draws, ledger, totals, outcomes, scenario files."""

import ast
import inspect
import re
from enum import IntEnum
from functools import cache
from itertools import pairwise
from pathlib import Path

from agents.rules.money import Item, Sector
from sim.draws import Draw
from sim.explanation import shown, written
from sim.odd.markdown import code, table
from sim.outcomes import OUTCOMES
from sim.parameters import KINDS, PARAMETERS, RECORD, Parameter
from sim.parameters.declaration import Role
from sim.parameters.paid_with import PAID_WITH, Paid
from sim.scenarios import list_scenarios
from sim.scenarios.catalog import load
from sim.scenarios.files import FOLDERS
from sim.scenarios.scenario import Scenario
from sim.state import COLUMNS
from sim.totals import Total

_SIM = Path(__file__).resolve().parents[1]
_PACKAGES = (_SIM, _SIM.parent / "agents")


@cache
def _sources() -> dict[str, str]:
    """Return the text of every module that uses what is declared, by its path from the checkout."""
    here = Path(__file__).parent
    declaring = (here, _SIM / "parameters")
    return {
        path.relative_to(_SIM.parent).as_posix(): path.read_text(encoding="utf-8")
        for package in _PACKAGES
        for path in sorted(package.rglob("*.py"))
        if path.parent not in declaring
    }


# --- parameters ----------------------------------------------------------------------------------------------


def is_read(path: str) -> bool:
    """Say whether any module reads a parameter: as p.group_name, as values["group.name"], or by kind of case."""
    group, _, name = path.partition(".")
    by_kind = name in KINDS and f"derived_{group}" in (RECORD.names or ())
    known_as = f"derived_{group}" if by_kind else path.replace(".", "_")
    field = re.compile(rf'\.{known_as}\b|"{re.escape(path)}"')
    return any(field.search(text) for text in _sources().values())


def known() -> str:
    """Say how many numbers are declared, how many studies draw, and how many of these rest on an assumption alone."""
    ranged = [p for p in PARAMETERS.values() if p.range is not None and not p.choices]
    drawn = [p for p in ranged if p.role is Role.UNCERTAINTY]
    assumed = [p for p in drawn if "assumed" in p.source]
    return (
        f"{len(PARAMETERS)} parameters are declared. {len(drawn)} of them are uncertainties that studies draw; the "
        f"source of {len(assumed)} of these says *assumed*, of the size at least."
    )


def paid_with() -> str:
    """Return with what each lever is paid."""
    rows = [
        (str(how), ", ".join(code(path) for path in sorted(PAID_WITH) if PAID_WITH[path] is how)) for how in Paid
    ]
    return table(("paid with", "levers"), rows)


def parameters() -> str:
    """Return one table per group of parameters."""
    groups: dict[str, list[Parameter]] = {}
    for parameter in PARAMETERS.values():
        groups.setdefault(parameter.group, []).append(parameter)
    head = ("parameter", "symbol", "meaning", "default", "unit", "valid", "study range", "role", "source")
    parts = []
    for group, members in groups.items():
        rows = [
            (
                code(p.name),
                code(p.symbol),
                p.about if is_read(p.path) else f"{p.about} (declared; nothing reads it yet)",
                written(p.path, p.default),
                p.unit,
                ", ".join(p.choices) or _bounds(p.valid),
                "" if p.range is None or p.choices else _bounds(p.range),
                f"{p.role}, fixed at the start" if p.initial else str(p.role),
                p.source,
            )
            for p in members
        ]
        parts.append(f"#### {group}\n\n{table(head, rows)}")
    return "\n".join(parts)


def _bounds(bounds: tuple[float, float]) -> str:
    return f"{bounds[0]:g} to {bounds[1]:g}"


# --- columns, draws, ledger, totals --------------------------------------------------------------------------


def columns() -> str:
    """Return one table per matrix of the state."""
    parts = []
    for matrix, kind in COLUMNS.items():
        module = kind.__module__.replace(".", "/")
        rows = [(code(column.name), column.unit, column.about) for column in kind]
        where = f"`{kind.__name__}` in [{module}.py](../{module}.py), matrix `{matrix}` of the state"
        parts.append(f"#### {_first_line(kind)}\n\n{where}.\n\n{table(('column', 'unit', 'meaning'), rows)}")
    return "\n".join(parts)


def _first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").partition("\n")[0].rstrip(".")


@cache
def member_docs(enum: type[IntEnum]) -> dict[str, str]:
    """Return what stands below each member of an enumeration, by name."""
    (body,) = (node.body for node in ast.parse(inspect.getsource(enum)).body if isinstance(node, ast.ClassDef))
    found = {}
    for member, text in pairwise(body):
        if isinstance(member, ast.Assign) and isinstance(member.targets[0], ast.Name) and isinstance(text, ast.Expr):
            found[member.targets[0].id] = str(ast.literal_eval(text.value))
    return found


def drawn_in(draw: Draw) -> list[str]:
    """Return the modules that draw a decision, by itself or with the block that it shares."""
    block = "|".join(other.name for other in Draw if other >> 2 == draw >> 2)
    named = re.compile(rf'\bDraw\.{draw.name}\b|"{draw.name}"|\bDraw\.({block})\) >> 2')
    return [name for name, text in _sources().items() if name != "sim/draws.py" and named.search(text)]


def draws() -> str:
    """Return the table of random decisions."""
    docs = member_docs(Draw)
    rows = [
        (
            code(draw.name),
            str(draw >> 2),
            str(draw & 3),
            docs.get(draw.name, ""),
            ", ".join(code(name) for name in drawn_in(draw)) or "reserved: nothing draws it yet",
        )
        for draw in Draw
    ]
    return table(("decision", "block", "word", "what is decided", "drawn in"), rows)


def ledger() -> str:
    """Return the items of the ledger and the sectors between which they flow."""
    docs = member_docs(Sector)
    used = {sector for item in Item for sector in (item.payer, item.payee)}
    rows = [(code(item.name), _sector(item.payer), _sector(item.payee)) for item in Item]
    sectors = [(_sector(s), docs.get(s.name, ""), "yes" if s in used else "no item yet") for s in Sector]
    return f"{table(('item', 'payer', 'payee'), rows)}\n{table(('sector', 'who', 'pays or is paid'), sectors)}"


def _sector(sector: Sector) -> str:
    return sector.name.lower().replace("_", " ")


def totals() -> str:
    """Return what is counted every month."""
    return table(("total", "unit", "meaning"), [(code(total.name), total.unit, total.about) for total in Total])


def outcomes() -> str:
    """Return what a run is judged by."""
    better = {1: "more", -1: "less", 0: "only informs"}
    rows = [
        (
            code(o.name),
            f"**{o.label}**" if o.headline else o.label,
            o.unit,
            better[o.better],
            o.summary(),
            o.about,
        )
        for o in OUTCOMES.values()
    ]
    return table(("outcome", "label (headline: bold)", "unit", "better", "one number per run", "definition"), rows)


# --- scenario files ------------------------------------------------------------------------------------------


def scenarios() -> str:
    """Return the list of the scenario files."""
    rows = []
    for info in list_scenarios():
        file = (Path(FOLDERS[info.kind]) / f"{info.name}.toml").as_posix()
        rows.append(
            (
                info.kind,
                f"[{info.name}](../scenarios/{file})",
                info.title,
                ", ".join(info.feasible_in) or ("anywhere" if info.kind == "form" else ""),
                _extends(load(info.name, (info.kind,))),
                info.null_base.replace("_", " ") if info.null_base == "initial_form" else info.null_base,
            )
        )
    return table(("kind", "name", "title", "feasible in", "extends", "equals, with its levers at that one's"), rows)


def _extends(scenario: Scenario) -> str:
    return str(scenario.texts[0].document.get("extends", ""))


def scenario_values() -> str:
    """Return, for each scenario file, what it says itself: the delta to what it extends, or to the defaults."""
    parts = []
    for info in list_scenarios():
        scenario = load(info.name, (info.kind,))
        rows = [
            (code(path), shown(path, origin.value), "", origin.source)
            for path, origin in scenario.values.items()
            if origin.where.startswith(f"{scenario.file}:")
        ]
        rows += [
            (code(path), shown(path, origin.value), f"from {step.at.written}", origin.source)
            for step in scenario.steps
            for path, origin in step.values.items()
        ]
        if scenario.stop is not None:
            rows.append(("its levers", "end", f"from {scenario.stop.written}", ""))
        over = _extends(scenario)
        title = f"#### {info.kind} {info.name}" + (f", over {over}" if over else "")
        said = table(("parameter", "value", "month", "source"), rows) if rows else "It sets no value of its own.\n"
        parts.append(f"{title}\n\n{' '.join(scenario.about.split())}\n\n{said}")
    return "\n".join(parts)
