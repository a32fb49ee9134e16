"""Rules over all households at once, before the first month: how ready they are to pay, what price they are used to."""

from typing import Any

from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.household import own_price, price_anchor, price_felt
from agents.rules.payment import bill_threshold, lasting_luck, own_luck, own_readiness, ready_for
from agents.rules.provider import ProviderWhole as PN
from sim.engine import kernel


@kernel
def own_readinesses(s: Any, deviation: Any, shift_free: float, shift_unconditional: float) -> None:
    """Set how far each household's readiness lies from the common level; deviation : (households,)."""
    for j in range(deviation.shape[0]):
        s.household[H.INTERCEPT, j] = own_readiness(
            s.household_n[N.PAYER_TYPE, j], deviation[j], shift_free, shift_unconditional
        )


@kernel
def dispositions(s: Any, u: Any, persistence: float, choice: int) -> None:
    """Set the lasting part of each household's luck with bills; u : (households,) draws."""
    for j in range(u.shape[0]):
        s.household[H.DISPOSITION, j] = lasting_luck(u[j], persistence, choice)


@kernel
def first_decisions(s: Any, u: Any, paid: float, persistence: float, choice: int) -> None:
    """Set who paid last time: the share `paid` of households, of like disposition; u : (households,) draws."""
    own = own_luck(persistence)
    for j in range(u.shape[0]):
        threshold = bill_threshold(u[j], s.household[H.DISPOSITION, j], own, choice)
        s.household_n[N.PAID, j] = 1 if ready_for(paid, choice) > threshold else 0


@kernel
def price_anchors(
    s: Any, base: float, per_log_price: float, reference_price: float, floor: float, channel: int
) -> None:
    """Set the quality each household expects at the price it is asked."""
    for j in range(s.household.shape[1]):
        e = s.household_n[N.ESTATE, j]
        price = own_price(s.provider_n[PN.RATE, e], s.provider_n[PN.FLAT, e], s.household_n[N.AREA, j])
        felt = price_felt(price, reference_price, channel)
        s.household[H.ANCHOR, j] = price_anchor(base, per_log_price, felt, reference_price, floor)
