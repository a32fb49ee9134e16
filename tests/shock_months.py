"""A month of every rule of shocks, worked out by hand."""

from agents.rules import shock

SHOCKS = [
    (shock.after_damage, (0.4, 0.25), 0.3),
    (shock.after_damage, (0.4, 1.0), 0.0),
    (shock.shaken, (0.6, 0.5), 0.3),
    (shock.shaken, (0.6, 0.0), 0.6),
    (shock.possible, (10.0, 0.8), 2.0),
    (shock.possible, (10.0, 0.0), 10.0),
    (shock.is_called_away, (1, 3), True),
    (shock.is_called_away, (1, 0), False),  # it has only just come
    (shock.is_called_away, (0, 30), False),
]
