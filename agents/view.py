"""A view on the state: what a stakeholder knows are attributes, read and written in place.

Both engines work on the same matrices. An agent's attributes are one row of them, so that the two can be
compared after every month, and either can go on where the other stopped.
"""

from collections.abc import Callable
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from agents.rules.columns import Column

Matrix = tuple[str, type[Column]]
"""Name of a part of the state, and its columns."""


class View:
    """Columns of one unit as attributes, named as the columns are, in lower case.

    A class says which matrices it shows: `class Household(View, real=("household", HouseholdReal), ...)`.
    Reading gives plain Python numbers; a whole-number column refuses a fraction.
    """

    _shows_real: str | None = None
    _shows_whole: str | None = None
    _real: "memoryview[float]"
    _whole: "memoryview[int]"
    _shown: tuple[Any, int]

    def __init_subclass__(cls, *, real: Matrix | None = None, whole: Matrix | None = None, **options: Any) -> None:
        """Give the class one attribute per column."""
        super().__init_subclass__(**options)
        for matrix, one_attribute in ((real, _real_attribute), (whole, _whole_attribute)):
            for column in matrix[1] if matrix else ():
                name = column.name.lower()
                if hasattr(cls, name):
                    raise TypeError(f"{cls.__name__}.{name} would hide the column {column!r}")
                setattr(cls, name, one_attribute(column))
        if real:
            cls._shows_real = real[0]
        if whole:
            cls._shows_whole = whole[0]

    def show(self, state: Any, unit: int) -> None:
        """Show this unit of the state; unit : its place along the second axis of the matrices."""
        self._shown = state, unit
        if self._shows_real:
            self._real = memoryview(getattr(state, self._shows_real)[:, unit])
        if self._shows_whole:
            self._whole = memoryview(getattr(state, self._shows_whole)[:, unit])

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy or a pickle keeps: all but the windows into the state, which `show` opens again."""
        return {name: value for name, value in vars(self).items() if not isinstance(value, memoryview)}

    def __setstate__(self, kept: dict[str, Any]) -> None:
        """Be what was kept, and show the copy of the state that came with it."""
        vars(self).update(kept)
        self.show(*self._shown)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Read one of the attributes made above."""

        def __setattr__(self, name: str, value: Any) -> None:
            """Write one."""


def gather(*columns: Column) -> Callable[["memoryview[Any]"], tuple[Any, ...]]:
    """Return a function that reads several columns at once, in half the time.

    `_mood = gather(H.GRIEVANCE, H.WEAR)`, then `grievance, wear = _mood(self._real)`.
    """
    return itemgetter(*(int(column) for column in columns))


# Two equal pairs, because looking the matrix up by its name would double the time of every access.


def _real_attribute(column: Column) -> property:
    row = int(column)

    def read(view: View) -> float:
        return view._real[row]

    def write(view: View, value: float) -> None:
        view._real[row] = value

    return property(read, write, doc=f"{column.about} ({column.unit})")


def _whole_attribute(column: Column) -> property:
    row = int(column)

    def read(view: View) -> int:
        return view._whole[row]

    def write(view: View, value: int) -> None:
        view._whole[row] = value

    return property(read, write, doc=f"{column.about} ({column.unit})")
