"""The estate (小区) itself: what is counted once and does not act."""

from agents.rules.columns import Column
from agents.rules.compiling import rule


class EstateWhole(Column):
    """Integer columns of estates."""

    ID = "id", "number of the estate, never reused"
    AREA = "m2", "floor area of all dwellings"
    N_HOUSEHOLDS = "dwellings", "all dwellings"
    N_REACHABLE = "households", "dwellings with somebody at home"
    DEBT_YOUNG = "fen", "unpaid bills up to 3 months old"
    DEBT_MIDDLE = "fen", "unpaid bills of 4 to 12 months"
    DEBT_OLD = "fen", "unpaid bills older than 12 months"


@rule
def bills_of_estate(area: int, n_households: int, rate: int, flat: int) -> int:
    """Return all bills of one month in fen: rate (fen per m2) on the area, flat part (fen) per dwelling."""
    return area * rate + n_households * flat
