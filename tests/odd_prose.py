"""Sentences of docs/odd.md, each with a check that works it out from rules, parameters, scenarios or a tiny run."""

import re
from collections.abc import Callable
from functools import cache

import numpy as np
from estates import built, run, values

from sim.odd import ROOT
from sim.parameters import DEFAULTS
from sim.scenarios import resolve
from sim.scenarios.catalog import load, names
from sim.state import State

FORMS = names("form")
RED = [form for form in FORMS if form.startswith("red_")]
SENTENCES: dict[str, Callable[[], None]] = {}
"""A sentence, or a part of one, as it stands in the document, with its check."""


def squeezed(text: str) -> str:
    """Return a text with every run of blanks and line ends as one blank."""
    return " ".join(text.split())


def prose() -> str:
    """Return sections 1 to 7 of the document, squeezed, without the parts that the code writes."""
    whole = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
    body = whole[whole.index("\n## 1. ") : whole.index("\n## Appendix A")]
    return squeezed(re.sub(r"<!-- generated: .*?<!-- end -->", "", body, flags=re.S))


def says(text: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a check under the sentence that it works out."""

    def register(check: Callable[[], None]) -> Callable[[], None]:
        assert squeezed(text) not in SENTENCES
        SENTENCES[squeezed(text)] = check
        return check

    return register


def default(path: str) -> float:
    """Return the default of a parameter."""
    return float(DEFAULTS[path])


def months_of(form: str, path: str) -> set[float]:
    """Return the values that a form gives a lever from the policy month on, in a place where it could exist."""
    place = (load(form, ("form",)).feasible_in or ("trapped",))[0]
    return {float(segment.values[path]) for segment in resolve(form, place=place).segments}


@cache
def lived(form: str, place: str, months: int, *settings: tuple[str, float]) -> tuple[State, np.ndarray]:
    """Return the state of one estate after some months under a form from the start, and what was counted."""
    found = values(form, place, dict(settings))
    state = built(found)
    return state, run(state, found, 0, months)
