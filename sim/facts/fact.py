"""What a fact is: what was observed, where it is told, and the one thing it may be used for."""

import math
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, field_validator, model_validator

from sim.scenarios.schema import Strict, Word

Role = Literal["range", "pattern", "fit", "validation", "comparison", "none"]
Grade = Literal["A", "Am", "B", "Bm", "C", "Cm", "C-", "none"]

ROLES: Mapping[Role, str] = MappingProxyType(
    {
        "range": "guides the range or default of a parameter, or says that a rule, a form or a lever exists",
        "pattern": "is searched for over the declared ranges, none of which moves for it; a later fit may use it",
        "fit": "is fitted later",
        "validation": "is touched once, after the fit",
        "comparison": "is shown beside results; nothing is fitted to it and nothing is judged by it",
        "none": "is set aside: a gap, a figure without a source, or one that was rejected",
    }
)
"""What a fact of each role is for."""

GRADES: Mapping[Grade, str] = MappingProxyType(
    {
        "A": "official, court, statistics, statute or peer reviewed",
        "Am": "as A, read on a re-post of the original",
        "B": "industry report, provincial or party newspaper, university survey, working paper",
        "Bm": "as B, read on a re-post of the original",
        "C": "local press, blog, commentary",
        "Cm": "as C, read on a re-post of the original",
        "C-": "weaker than C",
        "none": "no source that could be graded",
    }
)
"""What the grades mean; of a fact with parts of several grades the weakest is given."""

ID = re.compile(r"[A-Z][1-9][0-9]?")


def _listed(raw: object) -> object:
    return tuple(raw) if isinstance(raw, list) else raw


Words = Annotated[tuple[Word, ...], BeforeValidator(_listed)]
Code = Annotated[str, StringConstraints(pattern=rf"^{ID.pattern}$")]


class Number(Strict):
    """One figure: a value, an interval with one or both ends, or a table of values by name."""

    of: Word
    """What is counted or measured."""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    values: dict[Word, float] | None = None
    unit: Word

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        ends = [end for end in (self.low, self.high) if end is not None]
        kinds = (self.value is not None) + bool(ends) + (self.values is not None)
        if kinds != 1:
            raise ValueError("needs exactly one of: value; low, high or both; values")
        if len(ends) == 2 and ends[0] > ends[1]:
            raise ValueError(f"has low = {self.low:g} above high = {self.high:g}")
        if self.values is not None and len(self.values) < 2:
            raise ValueError("has values for fewer than two names; write value for one")
        if not all(map(math.isfinite, [*ends, self.value or 0.0, *(self.values or {}).values()])):
            raise ValueError("has a figure that is not finite")
        return self

    def __str__(self) -> str:
        """Write the figure with its unit."""
        if self.value is not None:
            figure = f"{self.value:.10g}"
        elif self.values is not None:
            figure = ", ".join(f"{name} {value:.10g}" for name, value in self.values.items())
        elif self.low is None:
            figure = f"at most {self.high:.10g}"
        elif self.high is None:
            figure = f"at least {self.low:.10g}"
        else:
            figure = f"{self.low:.10g} to {self.high:.10g}"
        return f"{self.of}: {figure} {self.unit}"


class Fact(Strict):
    """One fact of the evidence."""

    id: Code
    figure: Word
    """What is told, in a line."""
    numbers: Annotated[tuple[Number, ...], BeforeValidator(_listed)] = ()
    """The figures in it, for machines."""
    measures: Word
    place: Word
    year: Word
    source: Word
    urls: Words = ()
    grade: Grade
    role: Role
    why: Word
    """Why it has this role."""
    note: Word | None = None
    aliases: Words = ()
    """Other names by which a source may cite it."""
    shares: Annotated[tuple[Code, ...], BeforeValidator(_listed)] = ()
    """Facts from the same observations, so that neither can test what the other has set."""
    success_story: bool = False
    """Whether those who ran a form report its success, without a control."""

    @field_validator("urls")
    @classmethod
    def _addresses(cls, urls: tuple[str, ...]) -> tuple[str, ...]:
        for url in urls:
            if not re.fullmatch(r"https?://\S+", url):
                raise ValueError(f"has {url!r}, which is no address that begins with http:// or https://")
        return urls

    @model_validator(mode="after")
    def _role_fits(self) -> Self:
        if self.success_story and self.role != "comparison":
            raise ValueError(f'has the role {self.role}, but a success story can only have "comparison"')
        if (self.role == "none") != (self.grade == "none"):
            raise ValueError('must have role = "none" and grade = "none" together, or neither')
        return self

    def as_data(self) -> dict[str, Any]:
        """Return everything for JSON, without keys that hold nothing."""
        return {key: value for key, value in self.model_dump(mode="json", exclude_none=True).items() if value != []}


class Theme(Strict):
    """A file of facts."""

    schema_: Literal[1] = Field(alias="schema")
    order: int
    title: Word
    about: Word
    fact: Annotated[tuple[Fact, ...], BeforeValidator(_listed), Field(min_length=1)]
