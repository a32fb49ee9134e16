"""How a stakeholder declares what it knows: one enumeration member per column."""

from enum import IntEnum
from typing import Self


class Column(IntEnum):
    """A named column: its value is the row in the state matrix, its unit and meaning stand beside it."""

    unit: str
    about: str

    def __new__(cls, unit: str, about: str) -> Self:
        """Number the members 0, 1, 2 ... in the order they are written."""
        number = len(cls.__members__)
        member = int.__new__(cls, number)
        member._value_ = number
        member.unit = unit
        member.about = about
        return member
