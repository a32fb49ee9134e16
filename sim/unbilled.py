"""Where nobody sends bills none is paid: what counts in a finished run in which an outcome does not exist.

Comparisons that left such runs out would leave out those in which a form was given up, and flatter it.
"""

import numpy as np

UNBILLED = {"payment_rate": 0.0, "payment_rate_12": 0.0, "payment_rate_households": 0.0}


def with_unbilled(outcome: str, values: np.ndarray) -> np.ndarray:
    """Return an outcome of finished runs with what counts where it does not exist."""
    return np.where(np.isnan(values), UNBILLED.get(outcome, np.nan), values)
