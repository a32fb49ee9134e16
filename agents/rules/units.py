"""Numbers that are no parameters: units, thresholds of the law, the calendar, and what names itself.

No rule holds a number beside 0, 1 and 2: what may be doubted is a parameter, with unit, range and source; the rest
stands here. `tests/test_numbers.py` reads the syntax trees of rules and kernels and finds what stands elsewhere.
"""

import math

# --- units ---------------------------------------------------------------------------------------------------

FEN = 100.0
"""Fen in a yuan."""
HUNDRED = 100.0
"""Hours are declared per 100 households."""
THOUSAND = 1000.0
"""Hours are counted in thousandths."""
MILLION = 1e6
"""Shares are summed in millionths, which do not depend on the order."""
YEAR = 12
"""Months in a year."""
HALF_YEAR = 6
"""Months; inspections, activists and hand-over disputes have this rhythm (model.md 3)."""
QUARTER = 3
"""Months."""
MONTH_DAYS = 30.0
"""Days in a month."""
HALF = 0.5
"""The middle of what runs from 0 to 1: rounding, neutral trust, usual skill, the mean of two."""
UNPAYABLE = 1e9
"""Cost, in yuan, of a case nobody is left to pay for."""
NEVER = 1e300
"""Logits that no reasons reach."""
TINY = 1e-12
"""A chance that is no draw's: the draws are 2^-32 apart."""
LEAST_HOURS = 1e-9
"""Hours that are no hours: what rounding may leave."""
UNIFORM_WIDTH = math.sqrt(3.0)
"""Half-width of the uniform law with standard deviation 1."""
PEAK = 4.0
"""x (1 - x), times this, is 1 at the middle."""
EXPONENT_END = 700.0
"""The exponential function of more overflows."""
WORD = 2.0**32
"""Values of a draw."""
NUMBER_BITS = 30
"""Bits for the number of a household in places that a draw decides first."""
FIRST_ROOM = 32
"""Places for cases that even the smallest district begins with."""
MONTH_ZERO = 1024
"""Added to months, which are negative in a spin-up, where they name cases."""

# --- the law -------------------------------------------------------------------------------------------------

LIMITATION_MONTHS = 36
"""A claim lapses after three years (Civil Code art. 188)."""
CIVIL_CODE_YEAR = 2021
"""The Civil Code is in force from January of this year; before, the Property Law."""
ONE_HALF, TWO_THIRDS, THREE_QUARTERS, FOUR_FIFTHS = (1, 2), (2, 3), (3, 4), (4, 5)
"""Majorities and quorums (Civil Code 278, Property Law 76, Hebei's rule on renovation; evidence section 6)."""

# --- outcomes by definition ----------------------------------------------------------------------------------

YOUNG_AGE = 3
"""Months after which a bill counts for the payment rate."""
OLD_AGE = 12
"""Months after which a debt is old."""
MANY_BILLS = 3
"""Unpaid bills from which on debtors are counted together (evidence C14)."""

# --- the calendar: months of a year counted from the policy month (convention: votes do not meet) -------------

LETTING_VOTE = 2
COVENANT_SIGNING = 3
DISMISSAL_VOTE = 5
FUND_VOTE = 8
USE_VOTE = 10
YEAR_END = 11
"""Fees are voted on and profit is taken."""
