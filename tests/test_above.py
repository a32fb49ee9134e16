"""Those above and those who work together: district, sub-districts, inspectors, key person, joint branch, letting."""

from typing import Any

import numpy as np
import pytest
from estates import built, run, values
from hypothesis import given
from hypothesis import strategies as st

from agents.rules.facility import FacilityReal as K
from agents.rules.household import HouseholdReal as H
from agents.rules.joint_branch import JointReal as J
from agents.rules.money import Item, Sector
from agents.rules.numeric import fen
from agents.rules.owners_committee import ELECTED
from agents.rules.owners_committee import OwnersWhole as ON
from agents.rules.party_branch import BranchReal as B
from agents.rules.provider import ProviderReal as P
from agents.rules.street_committee import part_up_to
from agents.rules.voting import LET
from sim.engine.assembling import ballot
from sim.errors import InputError
from sim.parameters import table
from sim.scenarios import resolve
from sim.state import State
from sim.totals import Total

SIX = {"population.n_estates": 6, "population.n_streets": 2, "population.n_households": 30}

# --- one sum for the whole district ------------------------------------------------------------------------------


@given(st.integers(0, 10**9), st.lists(st.floats(0, 1e6), min_size=1, max_size=20))
def test_the_parts_of_a_sum_are_the_sum(total, claims):
    met, given, parts = 0.0, 0, []
    whole = sum(np.cumsum(claims)[-1:].tolist())
    for claim in claims:
        met += claim
        up_to = part_up_to(total, met, whole)
        parts.append(up_to - given)
        given = up_to
    assert min(parts) >= 0
    assert sum(parts) == (total if whole > 0 else 0)


@pytest.mark.parametrize("competition", [0.0, 0.4, 1.0])
def test_sub_districts_that_compete_never_get_more_than_the_district_has(competition):
    chosen = values("market", "trapped", SIX | {"street.competition": competition})
    totals = run(built(chosen), chosen, 0, 24)
    budget = fen(chosen["street.repair_budget"] * 6 * 30)
    assert (totals[:, Total.REPAIR_MONEY].sum(axis=1) == budget).all()


def test_competition_moves_money_to_the_sub_district_that_looks_better():
    chosen = values("market", "trapped", SIX | {"street.competition": 1.0})
    state = built(chosen)
    state.facility[K.VISIBLE, :3] = 0.9
    money = run(state, chosen, 0, 1)[0, Total.REPAIR_MONEY]
    assert money[:3].sum() > 1.5 * money[3:].sum()
    even = values("market", "trapped", SIX)
    state = built(even)
    state.facility[K.VISIBLE, :3] = 0.9
    money = run(state, even, 0, 1)[0, Total.REPAIR_MONEY]
    assert money[:3].sum() == money[3:].sum()


def test_those_above_see_what_is_visible():
    chosen = values("market", "trapped", SIX | {"street.competition": 1.0, "street.visible_weight": 0.9})
    visible, invisible = built(chosen), built(chosen)
    for state, seen, unseen in ((visible, 0.9, 0.1), (invisible, 0.1, 0.9)):
        state.facility[K.VISIBLE, :3], state.facility[K.INVISIBLE, :3] = seen, unseen
    money = [run(state, chosen, 0, 1)[0, Total.REPAIR_MONEY, :3].sum() for state in (visible, invisible)]
    assert money[0] > money[1]


# --- inspectors --------------------------------------------------------------------------------------------------


def test_inspectors_thin_out_over_the_estates_and_fade_between_visits():
    few = SIX | {"street.inspectors": 6.0, "population.n_estates": 2}
    many = SIX | {"street.inspectors": 6.0}
    seen = {}
    for name, changes in (("few", few), ("many", many)):
        chosen = values("market", "trapped", changes)
        state = built(chosen)
        run(state, chosen, 0, 1)
        seen[name] = state.provider[P.INSPECTED].copy()
        run(state, chosen, 1, 2)
        assert state.provider[P.INSPECTED] == pytest.approx(0.8 * seen[name])
    assert (seen["few"] == 1.0).all()  # 6 hours for one estate are more than the 4 that see everything
    assert seen["many"] == pytest.approx(0.5)


def test_what_inspectors_find_is_not_diverted_and_their_hours_are_paid():
    outcomes = []
    for hours in (0.0, 24.0):
        chosen = values("market", "managed", {"provider.leak": 0.2, "street.inspectors": hours})
        outcomes.append(run(built(chosen), chosen, 0, 12).sum(axis=0))
    plain, inspected = outcomes
    assert inspected[Total.CADRE_HOURS, 0] - plain[Total.CADRE_HOURS, 0] >= 0.9 * 12 * 24_000
    assert inspected[Total.DELIVERED, 0] > plain[Total.DELIVERED, 0]


# --- the key person, the instructor, the joint branch ------------------------------------------------------------


def station(**changes: Any) -> dict[str, Any]:
    return values("red_station", "trapped", {path.replace("__", "."): value for path, value in changes.items()})


def test_attention_hangs_on_the_key_person_and_a_successor_learns():
    chosen = station(branch__key_leaves=0.0, branch__attention_memory=10_000.0, branch__key_weight=0.5)
    stays, left = built(chosen), built(chosen)
    left.branch[B.KEY] = 0.0
    attention = []
    for _ in range(24):
        for state in (stays, left):
            run(state, chosen, 0, 1)
        attention.append((stays.branch[B.ATTENTION, 0], left.branch[B.ATTENTION, 0]))
    assert attention[0][1] == pytest.approx(0.5 * attention[0][0])
    gaps = [with_ - without for with_, without in attention]
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[-1] < 0.1 * gaps[0]


def test_the_key_person_leaves_as_often_as_said():
    chosen = values("custody", "trapped", SIX | {"branch.key_leaves": 0.1, "population.n_estates": 200})
    state = built(chosen)
    left = 0
    for month in range(20):
        run(state, chosen, month, month + 1)
        left += int((state.branch[B.KEY] == 0.0).sum())
    spread = (4000 * 0.1 * 0.9) ** 0.5
    assert abs(left - 400) < 4.9 * spread


def test_an_instructor_keeps_attention_up_and_is_paid_for():
    found = []
    for hours in (0.0, 8.0):
        posted = {"branch__instructor": hours, "branch__organises": 0.0}
        chosen = station(**posted, branch__attention_memory=6.0, branch__key_leaves=0.0)
        state = built(chosen)
        found.append((run(state, chosen, 0, 36)[:, Total.CADRE_HOURS, 0].sum(), state.branch[B.ATTENTION, 0]))
    (cheap, faded), (dear, kept) = found
    assert kept == pytest.approx(chosen["branch.attention"])
    assert faded < 0.6 * kept
    assert dear - cheap > 0.5 * 36 * 8000


def test_an_instructor_whom_attention_sends_comes_as_far_as_attention_goes():
    found = {}
    for organises in (0.0, 1.0):
        posted = {"branch__instructor": 8.0, "branch__organises": organises}
        chosen = station(**posted, branch__attention_memory=6.0, branch__key_leaves=0.0)
        state = built(chosen)
        run(state, chosen, 0, 36)
        found[organises] = state.branch[B.ATTENTION, 0], state.branch[B.INSTRUCTOR_HOURS, 0]
    assert found[0.0][1] == 8.0
    assert 0.0 < found[1.0][1] < 8.0
    assert found[1.0][0] < found[0.0][0]


def test_members_of_a_joint_desk_tire_the_sooner_the_fewer_they_are():
    found = {}
    for members in (2.0, 8.0):
        chosen = values("red_alliance", "managed", {"desk.joint_members": members})
        state = built(chosen)
        run(state, chosen, 0, 36)
        found[members] = state.joint[J.FATIGUE, 0], state.joint[J.HOURS, 0]
    assert found[2.0][0] > found[8.0][0] > 0.0
    assert found[2.0][1] < found[8.0][1]


def test_without_a_joint_desk_nobody_tires():
    chosen = values("market", "managed")
    state = built(chosen)
    run(state, chosen, 0, 12)
    assert (state.joint == 0.0).all()


# --- letting common parts: a special matter since 2021 -----------------------------------------------------------

JANUARY_2021 = 24


def owners_of(trust: float) -> tuple[State, dict[str, Any]]:
    """Return an estate whose owners all vote, about two thirds of them for letting where trust is middling."""
    chosen = values("self_governance", "committee", {"owners.turnout_base": 20.0, "owners.reached": 1.0})
    chosen |= {"owners.absent_loss": 0.0}
    state = built(chosen)
    state.household[H.TRUST_OWNERS] = trust
    return state, chosen


def share_for(trust: float) -> float:
    return float(1.0 / (1.0 + np.exp(-(0.4 * trust - 0.1) / 0.1)))


def test_the_month_the_law_changes_a_majority_of_two_thirds_no_longer_lets():
    state, chosen = owners_of(0.42)
    assert 0.62 < share_for(0.42) < 0.7
    rows = table([chosen])
    assert ballot(state, rows, 0, 0, JANUARY_2021 - 1, LET)
    assert not ballot(state, rows, 0, 0, JANUARY_2021, LET)
    state, chosen = owners_of(0.8)
    assert share_for(0.8) > 0.88
    assert ballot(state, rows, 0, 0, JANUARY_2021, LET)


def test_rents_flow_to_the_owners_from_the_vote_to_the_end_of_the_committee():
    changes = {"owners.turnout_base": 20.0, "owners.reached": 1.0, "start.trust_owners": 1.0, "owners.letting": 0.04}
    chosen = values("self_governance", "committee", changes | {"owners.absent_loss": 0.0, "start.committee": ELECTED})
    state = built(chosen)
    rents = []
    for month in range(12):
        before = int(state.cash[Sector.OWNERS, 0])
        run(state, chosen, month, month + 1)
        rents.append(int(state.flow[Item.LETTING, 0]))
        repairs = int(state.flow[Item.REPAIRS_OWNERS, 0])
        shared = int(state.flow[Item.SURPLUS_TO_OWNERS, 0])
        assert int(state.cash[Sector.OWNERS, 0]) - before == rents[-1] - repairs + shared
    assert rents[:3] == [0, 0, 0]  # the owners vote in the third month
    assert min(rents[3:]) > 0
    gone = chosen | {"owners.allowed": 0, "owners.appointed": 0}
    run(state, gone, 12, 14)
    assert state.owners_n[ON.LETTING, 0] == 0
    assert state.flow[Item.LETTING, 0] == 0


# --- forms a programme stacks on ---------------------------------------------------------------------------------


def test_the_hub_stacks_on_station_and_alliance_only():
    resolve("red_station + red_center")
    resolve("red_alliance + red_center", place="managed")
    with pytest.raises(InputError) as told:
        resolve("market + red_center")
    assert str(told.value).endswith("red_center cannot stack on market; it stacks on: red_station, red_alliance")
    with pytest.raises(InputError, match="red_center is a programme: it stands on a form"):
        resolve("red_center")
