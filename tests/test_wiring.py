"""What a rule returns arrives: attention counts once, captured officers let money leak, lacking staff ends it all."""

import pytest
from estates import built, run, values

from agents.rules.provider import FIRM, ProviderReal
from agents.rules.provider import ProviderWhole as PN
from sim.totals import Total

STEADY = {"branch.attention_memory": 10_000.0, "branch.key_weight": 0.0, "population.n_households": 60}


def first_month(form, place, changes, total):
    chosen = values(form, place, STEADY | changes)
    return run(built(chosen), chosen, 0, 1)[0, total, 0]


@pytest.mark.parametrize("total", [Total.CADRE_HOURS, Total.VOLUNTEER_HOURS])
def test_hours_follow_attention_once(total):
    """Twice would give a quarter where half of the attention gives half."""
    none, half, full = (
        first_month("red_alliance", "managed", {"branch.attention": share, "branch.attention_floor": share}, total)
        for share in (0.0, 0.5, 1.0)
    )
    assert full > none
    assert (half - none) / (full - none) == pytest.approx(0.5, abs=0.01)


def test_captured_officers_let_money_leak():
    leaks = []
    for capture in (0.0, 0.8):
        chosen = values("red_alliance", "managed", STEADY | {"branch.cross_posts": 1.0, "officers.capture": capture})
        state = built(chosen)
        run(state, chosen, 0, 1)
        assert state.provider_n[PN.KIND, 0] == FIRM
        leaks.append(state.provider[ProviderReal.LEAK, 0])
    assert leaks[1] > leaks[0]


def test_a_station_whose_staff_is_missing_elsewhere_is_given_up():
    """Money is no reason here: its grant alone covers the roster."""
    missed = {"station.manager_hours": 20.0, "station.grant": 5.0, "committee.staff_hours": 0.0,
              "community.loss_months": 3, "branch.organises": 0.0}  # fmt: skip
    left = []
    for hours in (0.0, 20.0):
        chosen = values("red_station", "trapped", STEADY | missed | {"station.manager_hours": hours})
        left.append(run(built(chosen), chosen, 0, 24)[:, Total.COMMUNITY_LEFT].sum())
    assert left[0] == 0
    assert left[1] > 0
