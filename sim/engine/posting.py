"""Money moves: one payment from one sector to another, in cash and in the ledger."""

from typing import Any

import numpy as np

from agents.rules.money import PAYEE, PAYER
from sim.engine import kernel

_PAYER = np.array(PAYER)
_PAYEE = np.array(PAYEE)


@kernel
def post(s: Any, e: int, item: int, amount: int) -> None:
    """Pay `amount` fen under `item` in estate e: from the payer's cash to the payee's, and into the ledger."""
    s.cash[_PAYER[item], e] -= amount
    s.cash[_PAYEE[item], e] += amount
    s.flow[item, e] += amount
