"""Part of phase mobilise: cadres and the firm care for vulnerable households, and word of it goes round."""

from typing import Any

from agents.rules.care import care_chance, share_of_care, trust_after_care
from agents.rules.contact import hours_for, total_hours
from agents.rules.estate import EstateWhole as E
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.provider import FIRM
from agents.rules.provider import ProviderWhole as PN
from agents.rules.residents_committee import CommitteeReal as R
from sim.draws import Draw, uniform
from sim.engine import kernel
from sim.totals import Total

_CARE = int(Draw.CARE)


@kernel
def care_for(s: Any, p: Any, i: int, e: int, month: int) -> None:
    """Visit vulnerable households; they, and half as much those who know them, trust those who came more."""
    cadres = s.committee[R.CARE_HOURS, e]
    n = s.estate_n[E.N_HOUSEHOLDS, e]
    firm = hours_for(p[i].care_firm_hours, n) if s.provider_n[PN.KIND, e] == FIRM else 0.0
    hours = total_hours(cadres, firm, 0.0)
    if hours <= 0.0:
        return
    first, last = s.first[e], s.first[e + 1]
    n_vulnerable = 0
    for j in range(first, last):
        n_vulnerable += s.household_n[N.VULNERABLE, j]
    chance = care_chance(hours, p[i].care_visit_hours, p[i].care_targeting, n_vulnerable)
    n_cared = 0
    for j in range(first, last):
        cared = 0
        if s.household_n[N.VULNERABLE, j] == 1:
            u = uniform(s.key[0], _CARE, month, s.estate_n[E.ID, e], s.household_n[N.ID, j], 0)
            cared = 1 if u < chance else 0
        s.household_n[N.CARED, j] = cared
        n_cared += cared
    s.record[Total.CARED, e] = n_cared
    if n_cared == 0:
        return
    by_cadres, by_firm = share_of_care(cadres, firm), share_of_care(firm, cadres)
    for j in range(first, last):
        heard = _heard_of_care(s, p, i, j)
        if heard > 0.0:
            committee, provider = s.household[H.TRUST_COMMITTEE, j], s.household[H.TRUST_PROVIDER, j]
            s.household[H.TRUST_COMMITTEE, j] = trust_after_care(committee, p[i].care_effect, by_cadres, heard)
            s.household[H.TRUST_PROVIDER, j] = trust_after_care(provider, p[i].care_effect, by_firm, heard)


@kernel
def _heard_of_care(s: Any, p: Any, i: int, j: int) -> float:
    """Return how strongly household j feels the month's care: as a receiver, or through one it knows."""
    if s.household_n[N.CARED, j] == 1:
        return 1.0
    for t in range(s.tie_start[j], s.tie_start[j + 1]):
        if s.household_n[N.CARED, s.tie[t]] == 1:
            return float(p[i].care_hearsay)
    return 0.0
