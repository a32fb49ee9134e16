"""The estate (小区) itself: what is counted once and does not act."""

from agents.rules.columns import Column


class EstateWhole(Column):
    """Integer columns of estates."""

    ID = "id", "number of the estate, never reused"
    AREA = "m2", "floor area of all dwellings"
    N_HOUSEHOLDS = "dwellings", "all dwellings"
    N_REACHABLE = "households", "dwellings with somebody at home"
    DEBT_YOUNG = "fen", "unpaid bills up to 3 months old"
    DEBT_MIDDLE = "fen", "unpaid bills of 4 to 12 months"
    DEBT_OLD = "fen", "unpaid bills older than 12 months"
