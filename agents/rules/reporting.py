"""What the body above is told about payment: true figures, cleaned denominators, public money booked as fees.

Nothing here is seen by a household, and the true rate is counted beside it.
"""

from agents.rules.arrears import with_old_debt
from agents.rules.compiling import rule
from agents.rules.household import VACANT


@rule
def can_be_left_out(tenure: int, unpaid: int, after: int) -> bool:
    """Say whether an unpaid bill is of a kind that reports leave out: a vacant dwelling's or a long-standing debtor's.

    tenure : code; unpaid : bits of unpaid bills. A debtor is long-standing with a bill older than `after` months.
    """
    return tenure == VACANT or with_old_debt(unpaid, after)


@rule
def reported_due(due: int, could_go: int, cleaned: float) -> int:
    """Return the bills that a report counts, in fen: all that fell due, less a share of those that could be left out.

    due, could_go : fen, could_go unpaid; cleaned : share in [0, 1] (model.md 1, reported rate is not the true rate).
    """
    return due - int(cleaned * could_go)


@rule
def reported_paid(paid: int, public: int, inflated: float) -> int:
    """Return the payment that a report counts, in fen: what households paid, and a share of public money with it.

    paid, public : fen; inflated : share in [0, 1] of subsidy and advances that is booked as fees received.
    """
    return paid + int(inflated * public)
