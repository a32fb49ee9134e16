"""How much is measured: in full, or quickly to see that everything works."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """Sizes of all that is measured; the defaults are those the thresholds are stated for."""

    rounds: int = 10
    households: int = 480
    months: int = 120
    runs: int = 16
    """Runs of the fast subjects in one timed round, shared by their threads."""
    widths: tuple[int, ...] = (100, 300, 1_000, 3_000, 10_080, 30_240, 100_320, 999_840)
    """Households of the figure: one estate up to a few thousand, beyond that estates of 480."""
    width_months: int = 12
    lived: int = 200_000
    """Household-months of a fast subject in one round, at the least: some ten milliseconds."""
    slow_width: int = 3_000
    """The agents' engines stop here."""
    counts: tuple[int, ...] = (1, 3, 10, 30, 100, 300)
    """Runs of one call, in the figure."""
    district: tuple[int, int] = (717, 206)
    """Estates, and households in each."""
    large: tuple[int, int] = (2_084, 480)
    phase_estates: int = 100
    """Estates over which the phases of a month are timed."""
    few: int = 1_000
    many: int = 100_000
    """Runs of which aggregates alone are kept."""
    small: tuple[int, int, int] = (24, 12, 12)
    """Households, months and spin-up of each of these."""
    starts: int = 10
    cold: bool = True


FULL = Sizes()

QUICK = Sizes(
    rounds=3,
    households=96,
    months=24,
    runs=4,
    widths=(100, 1_000, 4_800),
    width_months=6,
    lived=10_000,
    slow_width=100,
    counts=(1, 4, 16),
    district=(20, 206),
    large=(20, 480),
    few=4,
    many=16,
    starts=1,
    cold=False,
)
