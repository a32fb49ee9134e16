"""The parts of the documents that the code writes itself, and the command that keeps them true to it.

A document marks such a part with `<!-- generated: NAME -->` and `<!-- end -->`. `python -m sim.odd` writes
what stands between and draws the figures in `docs/figures` that show another version of the model; `python -m sim.odd
--check` only compares, and fails where a document has drifted.
"""

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

from sim.errors import InputError
from sim.odd import declarations, facts, findings, ladder, submodels, worked_household
from sim.odd.pictures import draw, stale

PARTS: Mapping[str, Callable[[], str]] = {
    "schedule": submodels.schedule,
    "payment-example": worked_household.payment,
    "rules": submodels.rules,
    "known": declarations.known,
    "paid-with": declarations.paid_with,
    "parameters": declarations.parameters,
    "columns": declarations.columns,
    "draws": declarations.draws,
    "ledger": declarations.ledger,
    "ladder": ladder.ladder,
    "totals": declarations.totals,
    "outcomes": declarations.outcomes,
    "scenarios": declarations.scenarios,
    "scenario-values": declarations.scenario_values,
    "fact-roles": facts.fact_roles,
    "fact-grades": facts.fact_grades,
    "facts-against-role": facts.facts_against_role,
    "facts-counted-twice": facts.facts_counted_twice,
    "facts-shared": facts.facts_shared,
    "facts": facts.all_facts,
    **findings.FINDINGS,
}
"""Name of a generated part -> the function that writes it, in Markdown."""

ROOT = Path(__file__).resolve().parents[2]
"""The checkout: an installed package has no documents."""

_OPENS = re.compile(r"^<!-- generated: (?P<name>.*?) -->$")
_ENDS = "<!-- end -->"


def documents(root: Path = ROOT) -> list[Path]:
    """List the documents: README.md, where there is one, and docs/*.md.

    Raises
    ------
    InputError
        If there is no folder docs.
    """
    if not (root / "docs").is_dir():
        raise InputError(f"{root} has no folder docs; run python -m sim.odd in a checkout of linli")
    readme = root / "README.md"
    return [*([readme] if readme.is_file() else []), *sorted((root / "docs").glob("*.md"))]


def refreshed(text: str, shown: str = "document") -> str:
    """Return a document with every generated part written anew; `shown` names it in messages.

    Raises
    ------
    InputError
        If a part is unknown, has no end, or opens inside another.
    """
    out: list[str] = []
    inside = ""
    for number, line in enumerate(text.splitlines(), 1):
        opens = _OPENS.match(line)
        if opens and inside:
            raise InputError(f"{shown}:{number}: generated part {opens['name']} opens inside {inside}")
        if opens:
            inside = opens["name"]
            if inside not in PARTS:
                near = get_close_matches(inside, PARTS, 1)
                hint = f"; did you mean {near[0]}?" if near else ""
                raise InputError(f"{shown}:{number}: there is no generated part {inside}{hint}")
            out += [line, PARTS[inside]().rstrip("\n")]
        elif line == _ENDS and inside:
            inside = ""
            out.append(line)
        elif not inside:
            out.append(line)
    if inside:
        raise InputError(f"{shown}: generated part {inside} has no {_ENDS}")
    return "\n".join(out) + "\n"


def drifted(root: Path = ROOT) -> dict[Path, str]:
    """Return the documents whose generated parts are out of date, with the text they should have."""
    found = {}
    for path in documents(root):
        text = path.read_text(encoding="utf-8")
        new = refreshed(text, path.relative_to(root).as_posix())
        if new != text:
            found[path] = new
    return found


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Write the generated parts or, with --check, say which documents have drifted; return the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given not in ([], ["--check"]):
        print(f"linli: unknown arguments {' '.join(given)}; use python -m sim.odd [--check]", file=sys.stderr)
        return 2
    try:
        found = drifted(root)
        pictures = stale(root / "docs" / "figures")
    except InputError as error:
        print(f"linli: {error}", file=sys.stderr)
        return 2
    for path, text in found.items():
        name = path.relative_to(root).as_posix()
        if given:
            print(f"{name} is out of date: run python -m sim.odd")
        else:
            path.write_text(text, encoding="utf-8")
            print(f"{name} written")
    for name in pictures:
        if given:
            print(f"docs/figures/{name}.png is of another version: run python -m sim.odd")
        else:
            draw(name, root / "docs" / "figures")
            print(f"docs/figures/{name}.png drawn")
    return 1 if given and (found or pictures) else 0
