"""The evidence in words: a table of facts with role, grade and users, or everything about a few of them."""

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.facts.citations import COUNTS_TWICE, Use, is_permitted, uses
from sim.facts.fact import ROLES, Fact
from sim.facts.table import Facts, evidence_hash, facts, frozen_split, split_hash
from sim.scenarios.values import did_you_mean, shortened

if TYPE_CHECKING:
    from rich.console import OverflowMethod
    from rich.table import Table

WIDTH = 100


def evidence(*codes: str, role: str | None = None, used: bool = False) -> "Evidence":
    """Tell the facts: print what this returns, walk through its `facts`, or take its `as_data()`.

    Parameters
    ----------
    *codes : str
        Codes of facts, as "C14"; all facts without any.
    role : str, optional
        Only facts of this role: range, pattern, fit, validation, comparison or none.
    used : bool
        Only facts that the source of a parameter or of a scenario's value names.

    Raises
    ------
    InputError
        If there is no such fact or role.
    """
    table = facts()
    if role is not None and role not in ROLES:
        raise InputError(f"there is no role {shortened(role)}{did_you_mean(role, ROLES)}")
    asked = dict.fromkeys(code.strip() for code in codes)
    chosen = tuple(table[code] for code in asked) if asked else tuple(table.by_id.values())
    kept = (fact for fact in chosen if (role is None or fact.role == role) and (not used or uses()[fact.id]))
    return Evidence(table, tuple(kept), in_full=bool(asked), with_users=used)


@dataclass(frozen=True)
class Evidence:
    """Some of the facts, to be printed."""

    table: Facts
    facts: tuple[Fact, ...]
    in_full: bool = False
    """Everything about each fact, instead of a line."""
    with_users: bool = False
    """Every number that leans on a fact, instead of the first and how many more."""

    def as_data(self) -> dict[str, Any]:
        """Return everything for JSON."""
        return {
            "evidence": evidence_hash(self.table),
            "split": split_hash(self.table),
            "split_is_frozen": split_hash(self.table) == frozen_split(),
            "facts": [self._data(fact) for fact in self.facts],
        }

    def _data(self, fact: Fact) -> dict[str, Any]:
        told = {
            "theme": self.table.theme_of(fact.id),
            "file": self.table.where[fact.id],
            "shares": list(self.table.sharing(fact.id)),
            "used_by": [
                {
                    "parameter": use.parameter,
                    "where": use.where,
                    "source": use.source,
                    "permitted": is_permitted(fact.role, use),
                    "counted_twice": fact.role in COUNTS_TWICE,
                }
                for use in uses()[fact.id]
            ],
        }
        return fact.as_data() | told

    def __str__(self) -> str:
        """Return the text."""
        return "\n".join(self.lines())

    __repr__ = __str__

    def lines(self, width: int = WIDTH) -> Iterator[str]:
        """Yield the text line by line, none of them longer than `width` columns."""
        for table in self._cards() if self.in_full else self._themes():
            yield from _rendered(table, width)
            yield ""
        yield from _rendered(self._foot(), width)

    def _themes(self) -> "Iterator[Table]":
        """Yield a table per theme, a fact to a row."""
        for name, theme in self.table.themes.items():
            members = [fact for fact in self.facts if self.table.theme_of(fact.id) == name]
            if not members:
                continue
            table = _grid(theme.title)
            for title, cells in (("fact", 4), ("role", 10), ("grade", 5)):
                table.add_column(title, no_wrap=True, min_width=cells)
            cut: OverflowMethod = "fold" if self.with_users else "ellipsis"
            table.add_column("figure", ratio=1, no_wrap=not self.with_users, overflow=cut)
            table.add_column("used by", width=32 + 16 * self.with_users, no_wrap=not self.with_users, overflow=cut)
            for fact in members:
                table.add_row(fact.id, fact.role, fact.grade, fact.figure, self._users(fact))
            yield table

    def _users(self, fact: Fact) -> str:
        """Name the numbers that lean on a fact, with a mark before those that should not."""
        of = uses()[fact.id]
        if self.with_users:
            return "\n".join(_marked(fact, use).replace("scenarios/", "") for use in of)
        names = list(dict.fromkeys(f"{_mark(fact, use)} {use.parameter}".strip() for use in of))
        return f"{names[0]} and {len(names) - 1} more" if len(names) > 1 else "".join(names)

    def _cards(self) -> "Iterator[Table]":
        """Yield a table per fact, with everything about it."""
        for fact in self.facts:
            table = _grid(f"{fact.id}  {fact.figure}", head=False)
            table.add_column(no_wrap=True, min_width=9)
            table.add_column(overflow="fold")
            shares = [f"{code} ({self.table[code].role})" for code in self.table.sharing(fact.id)]
            told = (
                ("measures", [fact.measures]),
                ("place", [f"{fact.place}; {fact.year}"]),
                ("figures", [str(number) for number in fact.numbers]),
                ("source", [fact.source, *fact.urls]),
                ("grade", [fact.grade]),
                ("role", [f"{fact.role}: it {ROLES[fact.role]}", fact.why]),
                ("note", [fact.note] if fact.note else []),
                ("shares", [f"observations with {', '.join(shares)}"] if shares else []),
                ("used by", [_marked(fact, use) for use in uses()[fact.id]] or ["no number"]),
                ("file", [self.table.where[fact.id]]),
            )
            for title, lines in told:
                if lines:
                    table.add_row(title, "\n".join(lines))
            yield table

    def _foot(self) -> "Table":
        """Say how many facts have which role, whether the split is the frozen one, and what the marks mean."""
        counts = Counter(fact.role for fact in self.facts)
        of_roles = ", ".join(f"{counts[role]} {role}" for role in ROLES if counts[role])
        split = split_hash(self.table)
        state = "as frozen" if split == frozen_split() else f"not as frozen ({frozen_split()[:12]})"
        n = len(self.facts)
        told = [f"{n} fact{'s' * (n != 1)}{f': {of_roles}' if of_roles else ''}. Roles {state}: {split[:12]}."]
        marks = {_mark(fact, use) for fact in self.facts for use in uses()[fact.id]}
        if "!" in marks:
            told.append("! this role does not permit that a default or a range leans on the fact.")
        if "2" in marks:
            told.append("2 the fact is searched for or fitted later too: with this number it counts twice.")
        table = _grid("", head=False)
        table.add_column()
        table.add_row("\n".join(told))
        return table


def _mark(fact: Fact, use: Use) -> str:
    if not is_permitted(fact.role, use):
        return "!"
    return "2" if fact.role in COUNTS_TWICE else ""


def _marked(fact: Fact, use: Use) -> str:
    return f"{_mark(fact, use)} {use}".strip()


def _grid(title: str, *, head: bool = True) -> "Table":
    from rich.table import Table

    return Table(title=title or None, title_justify="left", box=None, show_header=head, pad_edge=False, expand=head)


def _rendered(table: "Table", width: int) -> Iterator[str]:
    """Lay a table out in so many columns; Chinese characters take two each."""
    from rich.console import Console

    paper = io.StringIO()
    Console(file=paper, width=width, color_system=None).print(table, markup=False, highlight=False)
    yield from (line.rstrip() for line in paper.getvalue().splitlines())
