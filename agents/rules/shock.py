"""Shocks from outside: a lift fails, a firm gives up, a scandal comes out, an epidemic keeps people at home."""

from agents.rules.compiling import rule


@rule
def after_damage(stock: float, share: float) -> float:
    """Return a stock of facilities (0 to 1) after a share of it broke at once."""
    return stock * (1.0 - share)


@rule
def shaken(trust: float, scandal: float) -> float:
    """Return trust (0 to 1) in somebody of whom a scandal of this size (0 to 1) has come out."""
    return trust * (1.0 - scandal)


@rule
def possible(amount: float, stopped: float) -> float:
    """Return what is left of visits, meetings or hours where a share of all that needs meeting people stops."""
    return amount * (1.0 - stopped)


@rule
def is_called_away(leaves: int, since: int) -> bool:
    """Say whether a firm gives up for reasons of its own this month; since : months in the seat, 0 in its first."""
    return leaves == 1 and since > 0
