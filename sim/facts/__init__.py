"""The evidence: every fact with its source, its grade and the one role it has, and which numbers lean on it."""

from sim.facts.citations import Use, cited_in, counted_twice, refused, uses
from sim.facts.fact import GRADES, ROLES, Fact, Grade, Number, Role
from sim.facts.table import Facts, evidence_hash, facts, frozen_split, roles, split_hash
from sim.facts.telling import Evidence, evidence

__all__ = [
    "GRADES",
    "ROLES",
    "Evidence",
    "Fact",
    "Facts",
    "Grade",
    "Number",
    "Role",
    "Use",
    "cited_in",
    "counted_twice",
    "evidence",
    "evidence_hash",
    "facts",
    "frozen_split",
    "refused",
    "roles",
    "split_hash",
    "uses",
]
