"""Part of phase allocate: the district looks at its estates and divides its money for repairs."""

from typing import Any

from agents.rules.estate import EstateWhole as E
from agents.rules.estate import budget_for
from agents.rules.facility import FacilityReal as K
from agents.rules.numeric import millionths
from agents.rules.observation import show_claim
from agents.rules.party_branch import turned_to
from agents.rules.street_committee import (
    StreetReal,
    StreetWhole,
    claim_on_budget,
    evaluation_score,
    is_inspected,
    mean_score,
    part_up_to,
)
from sim.engine import kernel


@kernel
def appraise(s: Any, p: Any, i: int) -> None:
    """The district looks at every estate; what it finds is summed in whole numbers, so that blocks add up."""
    s.street_n[StreetWhole.SCORES] = 0
    s.street_n[StreetWhole.CLAIMS] = 0
    s.street_n[StreetWhole.LED] = 0
    turned = turned_to(p[i].branch_attention, p[i].party_branch_attention, p[i].party_group_attention)
    for e in range(s.estate_n.shape[1]):
        score = evaluation_score(s.facility[K.VISIBLE, e], s.facility[K.INVISIBLE, e], p[i].street_visible_weight)
        s.street_n[StreetWhole.SCORES, s.estate_n[E.STREET, e]] += millionths(score)
        if turned > 0.0:
            s.street_n[StreetWhole.LED, s.estate_n[E.STREET, e]] += 1
        s.estate_n[E.CLAIM, e] = show_claim(
            s.estate_n[E.N_HOUSEHOLDS, e], score, p[i].observation_kappa, p[i].observation_least
        )
        s.estate_n[E.CLAIM_BEFORE, e] = s.street_n[StreetWhole.CLAIMS, s.estate_n[E.STREET, e]]
        s.street_n[StreetWhole.CLAIMS, s.estate_n[E.STREET, e]] += s.estate_n[E.CLAIM, e]


@kernel
def grant_repair_money(s: Any, p: Any, i: int, month: int) -> None:
    """The district evaluates its sub-districts and divides its money for repairs among them."""
    n_households = 0
    claims = 0.0
    for k in range(s.street.shape[1]):
        if is_inspected(month):
            s.street[StreetReal.SCORE, k] = mean_score(
                s.street_n[StreetWhole.SCORES, k], s.street_n[StreetWhole.N_ESTATES, k]
            )
        n_households += s.street_n[StreetWhole.N_HOUSEHOLDS, k]
        claims += claim_on_budget(
            s.street_n[StreetWhole.N_HOUSEHOLDS, k], s.street[StreetReal.SCORE, k], p[i].street_competition
        )
    total = budget_for(p[i].street_repair_budget, n_households)
    met = 0.0
    given = 0
    for k in range(s.street.shape[1]):
        met += claim_on_budget(
            s.street_n[StreetWhole.N_HOUSEHOLDS, k], s.street[StreetReal.SCORE, k], p[i].street_competition
        )
        up_to = part_up_to(total, met, claims)
        s.street_n[StreetWhole.GRANTED, k] = up_to - given
        given = up_to
