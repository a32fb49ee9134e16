"""Two forms at their own fees, at equal fees, and each at the fee that its owners would vote for."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from agents.rules.household import HouseholdReal, HouseholdWhole, quality_gap
from agents.rules.owners_committee import NONE, OwnersWhole
from agents.rules.provider import FIRM, ProviderReal, ProviderWhole
from sim.analysis.factor import Key
from sim.replicate import district_after
from sim.scenarios import World
from sim.state import State

MONTH = 36
"""Months of service that owners look back on: the votes of the end of year 3 have been held."""
FEWEST = 0.5
"""Share of the runs in which owners must vote on a fee; else a form has no voted fee."""
OWN, AT_FORM_S, AT_RIVAL_S, VOTED = "own fees", "the form's fee for both", "the rival's fee for both", "voted fees"


@dataclass(frozen=True)
class Fees:
    """What two forms are compared at; `asked` : yuan/m2/month in the form and in its rival, NaN where nobody votes."""

    at: str
    asked: tuple[float, float]

    @property
    def there(self) -> bool:
        """Whether both have a fee."""
        return not any(np.isnan(self.asked))


def fees_of(pair: tuple[World, World], keys: tuple[Key, Key], seed: int, replicates: int) -> list[Fees]:
    """Return the fees at which two forms are compared: first their own, then the one's, the other's, the voted ones."""
    form, rival = (own_fee(world, key) for world, key in zip(pair, keys, strict=True))
    one, other = (voted_fee(world, seed, replicates) for world in pair)
    return [
        Fees(OWN, (form, rival)),
        Fees(AT_FORM_S, (form, form)),
        Fees(AT_RIVAL_S, (rival, rival)),
        Fees(VOTED, (one, other)),
    ]


def own_fee(world: World, key: Key) -> float:
    """Return what a form's households are asked for in the policy month, in yuan/m2/month."""
    return float(world.segments[0].values[key.path]) + key.less


def voted_fee(world: World, seed: int, replicates: int) -> float:
    """Return the mean over runs of the fee at which the median owner expects nothing of a rise, in yuan/m2/month.

    It is looked for at the form's own service and fee of year 3. NaN where, in most runs, there is no committee to put
    a firm's fee to the vote, or where no price is felt.
    """
    values = world.segments[0].values
    per_log_price = float(values["household.reference_price"])
    if per_log_price <= 0:
        return float("nan")
    found = np.array(
        [
            _voted(block, per_log_price)
            for replicate in range(replicates)
            for block in district_after(world, MONTH, seed, replicate).blocks
        ]
    )
    there = ~np.isnan(found)
    return float(found[there].mean()) if there.mean() >= FEWEST else float("nan")


def _voted(state: State, per_log_price: float) -> float:
    """Return the mean over the estates of a block that vote of the fee at which the median owner's gain is zero."""
    return float(np.mean(list(_by_estate(state, per_log_price)) or [np.nan]))


def _by_estate(state: State, per_log_price: float) -> Iterator[float]:
    for e in range(len(state.first) - 1):
        if state.owners_n[OwnersWhole.COMMITTEE, e] == NONE or state.provider_n[ProviderWhole.KIND, e] != FIRM:
            continue
        open_books = float(state.provider[ProviderReal.OPEN_BOOKS, e])
        gaps = [
            quality_gap(
                state.household_n[HouseholdWhole.TENURE, owner],
                state.household[HouseholdReal.QUALITY, owner],
                state.household[HouseholdReal.REFERENCE, owner],
                open_books,
            )
            for owner in range(state.first[e], state.first[e + 1])
        ]
        yield fee_without_gain(float(state.provider[ProviderReal.BILL, e]), float(np.median(gaps)), per_log_price)


def fee_without_gain(fee: float, gap: float, per_log_price: float) -> float:
    """Return the fee at which an owner expects nothing of a rise: the root of `gain_from_rise`, never below zero."""
    return max(0.0, fee * (1.0 + gap / per_log_price))
