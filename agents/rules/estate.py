"""The estate (小区) itself: what is counted once and does not act."""

from agents.rules.columns import Column
from agents.rules.compiling import rule
from agents.rules.numeric import fen
from agents.rules.units import YEAR


class EstateWhole(Column):
    """Integer columns of estates."""

    ID = "id", "number of the estate, never reused"
    AREA = "m2", "floor area of all dwellings"
    N_HOUSEHOLDS = "dwellings", "all dwellings"
    N_REACHABLE = "households", "dwellings with somebody at home"
    DEBT_YOUNG = "fen", "unpaid bills up to 3 months old"
    DEBT_MIDDLE = "fen", "unpaid bills of 4 to 12 months"
    DEBT_OLD = "fen", "unpaid bills older than 12 months"
    DEBT_LAPSED = "fen", "unpaid bills older than 36 months, all there ever were: the claim has lapsed"
    N_LOW = "dwellings", "those of the lowest third of incomes"
    N_HIGH = "dwellings", "those of the highest third"
    AREA_LOW = "m2", "floor area of the lowest third"
    INCOME_LOW = "fen/month", "income of the lowest third"
    N_CASES = "cases", "cases open or closed on paper"
    NEXT_CASE = "id", "number of the last case opened"
    OPEN_SEVERITY = "millionths", "severity of cases open or closed on paper"
    DROPPED = "millionths", "severity lumped or withdrawn that has not faded yet"
    REPAIR_BUDGET = "fen", "sub-district money for repairs that is left"
    STREET = "row", "the sub-district it lies in"
    BEFORE = "dwellings", "dwellings of the sub-district in its earlier estates"
    OFFERED = "months", "since building works were first offered, 0 while they are not"
    RENOVATED = "0/1", "building works have been agreed and begun here"
    WORKS_LEFT = "months", "months of building works still to come"
    BUILT = "bits", "parts of the complete community that are there"
    INVESTED = "fen", "invested in facilities by the firm that serves"
    BORROWED = "0/1", "financiers have advanced money once"
    LOAN = "fen", "still owed to financiers"
    CLAIM = "millionths of dwellings", "its claim on what the sub-district has to give, as of the last evaluation"
    CLAIM_BEFORE = "millionths of dwellings", "claims of the sub-district's earlier estates"
    OVERFLOW = "0/1", "the list of cases was too short: the run must be repeated with a longer one"


@rule
def budget_for(per_household: float, n_households: int) -> int:
    """Return a month's money for repairs, in fen, at `per_household` yuan."""
    return fen(per_household * n_households)


@rule
def next_budget(left: int, granted: int, usual: int) -> int:
    """Return the repair money left for an estate with what is granted (fen); a year's usual money at most is kept."""
    return min(left + granted, YEAR * usual)


@rule
def bills_of_estate(area: int, n_households: int, rate: int, flat: int) -> int:
    """Return all bills of one month in fen: rate (fen per m2) on the area, flat part (fen) per dwelling."""
    return area * rate + n_households * flat
