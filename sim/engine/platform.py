"""Parts of several phases: the smart platform, for those who use it."""

from typing import Any

from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.household import informed_belief
from agents.rules.platform import PlatformReal as L
from agents.rules.platform import is_disclosed, next_use, one_click, trust_in_accounts
from agents.rules.provider import NOBODY
from agents.rules.provider import ProviderReal as P
from agents.rules.provider import ProviderWhole as PN
from sim.engine import kernel
from sim.engine.seeing import outcomes_seen


@kernel
def run_platform(s: Any, p: Any, i: int, e: int) -> None:
    """Digital households use the platform as far as it has helped."""
    _, helped = outcomes_seen(s, p, i, e)
    s.platform[L.USE, e] = next_use(
        s.platform[L.USE, e], p[i].platform_on, helped, p[i].platform_floor, p[i].platform_fading
    )


@kernel
def disclose(s: Any, p: Any, i: int, e: int, month: int) -> None:
    """Digital households read who pays, and the provider's accounts, once a quarter."""
    if p[i].platform_disclosure <= 0.0 or s.platform[L.USE, e] <= 0.0 or not is_disclosed(month):
        return
    if s.provider_n[PN.KIND, e] == NOBODY:
        return
    for j in range(s.first[e], s.first[e + 1]):
        click = one_click(p[i].platform_disclosure, s.platform[L.USE, e], s.household_n[N.DIGITAL, j])
        if click <= 0.0:
            continue
        s.household[H.BELIEF, j] = informed_belief(
            s.household[H.BELIEF, j], s.provider[P.PUBLISHED, e], click, p[i].contact_informed
        )
        s.household[H.TRUST_PROVIDER, j] = trust_in_accounts(
            s.household[H.TRUST_PROVIDER, j],
            s.provider[P.LEAK, e],
            p[i].trust_leak_tolerated,
            p[i].trust_from_accounts,
            click,
            p[i].trust_rise,
            p[i].trust_asymmetry,
        )
