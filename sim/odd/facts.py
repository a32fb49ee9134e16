"""Tables of the evidence: roles, facts, what numbers lean on against a role, which facts share observations."""

from collections.abc import Iterable

from sim.facts import GRADES, ROLES, Fact, Use, counted_twice, facts, refused, roles
from sim.odd.markdown import code, table


def fact_roles() -> str:
    """Return what each role is for and which facts have it."""
    rows = []
    for role, meaning in ROLES.items():
        members = [fact for fact, of in roles().items() if of == role]
        rows.append((f"**{role}**", meaning, str(len(members)), ", ".join(members)))
    return table(("role", "a fact of this role", "facts", "which"), rows)


def fact_grades() -> str:
    """Return what each grade means and how many facts have it."""
    known = facts().by_id.values()
    counts = {grade: sum(fact.grade == grade for fact in known) for grade in GRADES}
    return table(("grade", "meaning", "facts"), [(g, meaning, str(counts[g])) for g, meaning in GRADES.items()])


def all_facts() -> str:
    """Return a table of facts per theme."""
    known = facts()
    head = ("fact", "what is told", "figures", "what it measures", "source", "grade", "role", "why this role", "note")
    parts = []
    for name, theme in known.themes.items():
        rows = [
            (
                fact.id,
                fact.figure,
                "; ".join(map(str, fact.numbers)),
                f"{fact.measures}; {fact.place}; {fact.year}",
                _source(fact),
                fact.grade,
                fact.role,
                fact.why,
                fact.note or "",
            )
            for fact in theme.fact
        ]
        about = f"{theme.about} File: `scenarios/evidence/{name}.toml`."
        parts.append(f"### {theme.title}\n\n{about}\n\n{table(head, rows)}")
    return "\n".join(parts)


def _source(fact: Fact) -> str:
    pages = ", ".join(f"[page {number}]({url})" for number, url in enumerate(fact.urls, 1))
    return f"{fact.source}: {pages}" if pages else fact.source


def facts_against_role() -> str:
    """Return the numbers that lean on a fact whose role forbids it."""
    return _numbers(refused())


def facts_counted_twice() -> str:
    """Return the numbers that lean on a fact that is searched for or fitted later."""
    return _numbers(counted_twice())


def _numbers(found: Iterable[tuple[str, Use]]) -> str:
    """Return a table by fact; the lines of files are left out, since they move."""
    known = facts()
    by_fact: dict[str, list[str]] = {}
    for fact, use in found:
        file = use.where.partition(":")[0]
        told = code(use.parameter) + ("" if use.where == "default" else f" in `{file}`")
        by_fact.setdefault(fact, []).append(told)
    rows = [
        (fact, known[fact].role, known[fact].figure, ", ".join(dict.fromkeys(told))) for fact, told in by_fact.items()
    ]
    return table(("fact", "role", "what is told", "numbers that lean on it"), rows) if rows else "None.\n"


def facts_shared() -> str:
    """Return which facts that test, or are fitted or searched for, share observations with facts of another role."""
    known = facts()
    rows = []
    for fact in known.by_id.values():
        others = [known[other] for other in known.sharing(fact.id) if known[other].role != fact.role]
        if others and fact.role in ("validation", "fit", "pattern"):
            told = ", ".join(f"{other.id} ({other.role})" for other in others)
            rows.append((fact.id, fact.role, fact.figure, told, fact.note or ""))
    return table(("fact", "role", "what is told", "same observations", "note"), rows)
