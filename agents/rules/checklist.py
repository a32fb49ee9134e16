"""Lists that are ticked off (清单销号): inspectors chase desks, which then work faster and close more on paper."""

from agents.rules.compiling import rule
from agents.rules.numeric import clip


@rule
def checking_dose(hours: float, full: float) -> float:
    """Return how closely a list is followed up; `full` hours per 100 households and month give 1 (mechanisms 5)."""
    return min(1.0, hours / full)


@rule
def quickened(dose: float, speedup: float) -> float:
    """Return the pace of a desk that inspectors chase, against its usual one (mechanisms 5: 1.2 to 1.6)."""
    return 1.0 + speedup * dose


@rule
def slowed(pace: float, talk: float, practice: float) -> float:
    """Return the pace of a desk where things are talked over first: more hours for a case."""
    return pace / (1.0 + talk * practice)


@rule
def closing_pressure(pressure: float, by_list: float, dose: float, by_layer: float, layers: float) -> float:
    """Return the pressure to report cases closed: its own, that of a list, and that of each tier's quotas."""
    return clip(pressure + by_list * dose + by_layer * layers, 0.0, 1.0)


@rule
def verified_with_checks(verified: float, dose: float) -> float:
    """Return the share of closures checked with the household, inspectors' calls among them."""
    return verified + (1.0 - verified) * dose


@rule
def hours_at_pace(hours: float, pace: float) -> float:
    """Return the hours an attempt takes at a desk of this pace."""
    return hours / pace
