"""Programmes about desks and people: what each lever does with the loops against it off, what it costs, its failure."""

from typing import Any

import numpy as np
import pytest
from estates import built, run, values

from agents.rules.case import MEDIATION, N_DESKS, STREET_DESK, CaseReal, CaseWhole, DeskReal
from agents.rules.estate import EstateWhole as E
from agents.rules.facility import FacilityReal as K
from agents.rules.household import BRANCH, COMMITTEE
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.joint_branch import JointReal as J
from agents.rules.money import Item
from agents.rules.party_branch import BranchReal as B
from agents.rules.residents_committee import CommitteeReal as R
from sim.engine.arising import open_case
from sim.engine.handling import handle
from sim.parameters import table
from sim.state import State
from sim.totals import Total

YEARS = 36
DEAF = {
    "case.speak_voice": 0.0,
    "case.escalate_voice": 0.0,
    "case.drain": 0.0,
    "household.b_grievance": 0.0,
    "household.b_trust": 0.0,
    "firm.suits": 0.0,
}
"""What was settled brings no further case and moves no payment: the same issues are opened in both runs."""


def lived(form: str, place: str, months: int = YEARS, **changes: Any) -> tuple[State, np.ndarray]:
    """Return the last state and what the months counted, summed; levers as group__name."""
    chosen = values(form, place, DEAF | {path.replace("__", "."): value for path, value in changes.items()})
    state = built(chosen)
    return state, run(state, chosen, 0, months).sum(axis=(0, 2))


# --- lists ticked off (清单销号) -----------------------------------------------------------------------------------

SCARCE = {
    "population__n_estates": 12, "desk__provider_hours": 6.0, "desk__street_hours": 3.0, "committee__load": 0.94,
    "case__patience": 6.0,
}  # fmt: skip
"""Many estates, so that what is settled is no matter of luck; few hours at every desk."""


def test_desks_that_are_chased_settle_more_of_the_same_cases():
    honest = SCARCE | {"case__paper_base": 0.0, "checklist__pressure": 0.0}
    _, plain = lived("custody", "trapped", **honest)
    _, chased = lived("custody", "trapped", **honest, checklist__hours=4.0)
    assert chased[Total.OPENED] == plain[Total.OPENED]
    assert chased[Total.RESOLVED] > plain[Total.RESOLVED]
    assert chased[Total.CLOSED_ON_PAPER] == 0


def test_a_full_list_fails_by_closures_on_paper_and_checks_are_the_antidote():
    """Where chasing does not help anybody to work faster, what a list adds is pressure."""
    blind = SCARCE | {"desk__verification": 0.0, "checklist__pressure": 0.9, "checklist__speedup": 0.0}
    _, plain = lived("custody", "trapped", **blind)
    _, listed = lived("custody", "trapped", **blind, checklist__hours=4.0)
    _, checked = lived("custody", "trapped", **blind, checklist__hours=4.0, checklist__checks=4.0)
    assert listed[Total.CLOSED_ON_PAPER] > 2 * plain[Total.CLOSED_ON_PAPER]
    assert listed[Total.REOPENED] > 2 * plain[Total.REOPENED]
    assert listed[Total.RESOLVED] < plain[Total.RESOLVED]
    assert listed[Total.UNRESOLVED] > plain[Total.UNRESOLVED]
    assert checked[Total.CLOSED_ON_PAPER] == 0
    assert checked[Total.RESOLVED] > listed[Total.RESOLVED]


def test_inspectors_hours_are_paid():
    _, plain = lived("custody", "trapped", 1)
    _, listed = lived("custody", "trapped", 1, checklist__hours=3.0, checklist__checks=1.0)
    paid = listed[Total.CADRE_HOURS] - plain[Total.CADRE_HOURS]
    used = abs(int(listed[Total.DESK_HOURS] - plain[Total.DESK_HOURS]))  # faster work takes fewer hours
    assert paid == pytest.approx(4.0 * 2.06 * 1000, abs=used + 2)


def test_no_list_reaches_the_court():
    chosen = values("market", "managed", {"checklist.hours": 4.0, "tiers.layers": 4})
    state, p = built(chosen), table([chosen])
    handle(state, p, 0, 0)
    pace, paper = state.desk[DeskReal.PACE, :N_DESKS], state.desk[DeskReal.PAPER, :N_DESKS]
    assert pace.tolist() == pytest.approx([1.4, 1.4, 1.4, 1.4, 1.0, 1.4])
    assert len(set(np.delete(paper, 4))) == 1
    assert paper[4] < paper[0]


# --- observation and evaluation (观摩评比) --------------------------------------------------------------------------

FOUR = {"population.n_estates": 4, "population.n_streets": 1, "population.n_households": 40}


def test_attention_comes_in_pulses_and_goes():
    chosen = values("custody", "trapped", {"observation.pulse": 0.3, "observation.lasting": 2})
    state, attention = built(chosen), []
    for month in range(9):
        run(state, chosen, month, month + 1)
        attention.append(float(state.branch[B.ATTENTION, 0]))
    assert attention == [0.3, 0.3, 0.0, 0.0, 0.0, 0.0, 0.3, 0.3, 0.0]


@pytest.mark.parametrize("kappa", [0.0, 1.0, 2.0])
def test_money_and_attention_go_to_show_estates_and_the_sum_is_kept(kappa):
    chosen = values("custody", "trapped", FOUR | {"observation.kappa": kappa, "observation.pulse": 0.2})
    state = built(chosen)
    state.facility[K.VISIBLE] = state.facility[K.INVISIBLE] = (0.8, 0.4, 0.4, 0.4)
    money = run(state, chosen, 0, 1)[0, Total.REPAIR_MONEY]
    attention = state.branch[B.ATTENTION]
    whole = int(100 * chosen["street.repair_budget"]) * 160
    assert money.sum() == whole
    if kappa == 0.0:
        assert len(set(money)) == 1
        assert len(set(attention)) == 1
    else:
        assert money[0] / money[1] == pytest.approx(2.0**kappa, rel=0.01)
        assert attention[0] / attention[1] == pytest.approx(2.0**kappa)
        assert money[1] < whole / 4  # show estates rise, the others pay for it


def test_being_looked_at_takes_hours_from_mediation():
    plain, _ = lived("custody", "trapped", 1)
    shown, _ = lived("custody", "trapped", 1, observation__staff=0.05)
    staff = 80.0 * 2.06
    lost = plain.committee[R.MEDIATION_HOURS, 0] - shown.committee[R.MEDIATION_HOURS, 0]
    assert lost == pytest.approx(0.05 * staff)


def test_evaluation_turns_upkeep_to_what_is_seen():
    dressed = {"facility__visible_bias": 0.5, "custody__grant": 0.3}
    plain, _ = lived("custody", "trapped", **dressed)
    seen, _ = lived("custody", "trapped", **dressed, street__evaluation=0.6)
    assert seen.facility[K.VISIBLE, 0] > plain.facility[K.VISIBLE, 0]
    assert seen.facility[K.INVISIBLE, 0] < plain.facility[K.INVISIBLE, 0]


# --- four tiers, the joint desk, branch and group ------------------------------------------------------------------


def test_every_tier_takes_hours_for_reports_until_none_are_left_for_mediation():
    hours = [
        lived("custody", "trapped", 1, tiers__layers=layers, tiers__load=0.05)[0].committee[R.MEDIATION_HOURS, 0]
        for layers in range(5)
    ]
    assert hours == sorted(hours, reverse=True)
    assert hours[0] > 0.0 == hours[4]


def test_the_joint_desk_of_the_tiers_adds_to_that_of_a_form_and_tires_its_members():
    form, _ = lived("red_alliance", "managed", 1)
    more, _ = lived("red_alliance", "managed", 1, tiers__desk_hours=6.0)
    size, given = form.estate_n[E.N_HOUSEHOLDS, 0] / 100, form.branch[B.ATTENTION, 0]  # the branch organises it
    assert 0.0 < given < 1.0
    assert more.joint[J.HOURS, 0] == pytest.approx(form.joint[J.HOURS, 0] + 6.0 * size * given)
    assert more.joint[J.FATIGUE, 0] > form.joint[J.FATIGUE, 0]


def test_with_more_joint_hours_more_is_settled():
    scarce = SCARCE | {"case__paper_base": 0.0, "desk__joint_skill": 0.5, "branch__key_leaves": 0.0}
    _, plain = lived("custody", "trapped", **scarce)
    _, joint = lived("custody", "trapped", **scarce, tiers__desk_hours=15.0)
    assert joint[Total.RESOLVED] > plain[Total.RESOLVED]


def settled_by(own: float, joint: float, outcome: float = 1.0) -> tuple[float, float]:
    """Return how far one case at mediation moved its household's trust in committee and branch."""
    sure = {"case.mediation_base": 700.0 * (2 * outcome - 1), "case.paper_base": 1.0, "desk.verification": 0.0}
    chosen = values("custody", "trapped", sure | {"case.reopen": 1.0, "case.patience": 1e6})
    state, p = built(chosen), table([chosen])
    state.committee[R.MEDIATION_HOURS], state.joint[J.HOURS] = own, joint
    open_case(state, 0, 0, 4, MEDIATION, 1.0, 0.0, 0, 0.0)
    before = state.household[[H.TRUST_COMMITTEE, H.TRUST_BRANCH], 0]
    handle(state, p, 0, 0)
    if outcome == 0.0:
        handle(state, p, 0, 1)  # the closure on paper is found out
    after = state.household[[H.TRUST_COMMITTEE, H.TRUST_BRANCH], 0]
    return tuple(after - before)


def test_whoever_staffed_the_desk_answers_for_it():
    committee, branch = settled_by(30.0, 0.0)
    assert committee > 0.0 == branch
    committee, branch = settled_by(0.0, 30.0)
    assert branch > 0.0 == committee
    committee, branch = settled_by(30.0, 10.0)
    assert committee == pytest.approx(3 * branch)
    committee, branch = settled_by(0.0, 30.0, 0.0)  # the joint branch can lose its credibility
    assert branch < 0.0 == committee


def test_a_branch_brings_more_hours_and_attention_than_a_group_and_both_add_to_a_form():
    visits, attention = [], []
    for changes in ({}, {"party__group_hours": 1.0}, {"party__branch_hours": 2.0}):
        state, _ = lived("red_station", "trapped", 1, **changes, branch__key_leaves=0.0)
        visits.append(state.branch[B.VISIT_HOURS, 0])
    assert visits[0] < visits[1] < visits[2]
    for changes in ({}, {"party__group_attention": 0.4}, {"party__branch_attention": 0.7}):
        state, _ = lived("custody", "trapped", 1, **changes, branch__key_leaves=0.0)
        attention.append(state.branch[B.ATTENTION, 0])
    assert attention == [0.0, pytest.approx(0.4), pytest.approx(0.7)]


@pytest.mark.parametrize(("who", "other"), [(COMMITTEE, BRANCH), (BRANCH, COMMITTEE)])
def test_reactance_asks_who_pressed(who, other):
    """Trust in the body that pressed softens it, trust in another does not."""
    columns = {COMMITTEE: H.TRUST_COMMITTEE, BRANCH: H.TRUST_BRANCH}
    hard = {"household.b_reactance": 5.0, "household.pressure_memory": 1.0, "trust.community_return": 0.0}
    chosen = values("custody", "trapped", hard | {"contact.provider_calls": 0.0})
    paid = {}
    for name, trusted in (("nobody", None), ("who", who), ("other", other)):
        state = built(chosen)
        state.household[H.PRESSURE] = 1.0
        state.household_n[N.PRESSER] = who
        state.household[list(columns.values())] = 0.0
        if trusted is not None:
            state.household[columns[trusted]] = 1.0
        run(state, chosen, 0, 1)
        paid[name] = int(state.household_n[N.PAID].sum())
    assert paid["who"] > paid["nobody"] == paid["other"]


# --- professional social workers (专业社工) -------------------------------------------------------------------------


def test_training_makes_mediators_and_they_settle_more():
    scarce = {"case__paper_base": 0.0, "workers__turnover": 0.0, "workers__absorbed": 0.0, "committee__load": 0.5}
    scarce |= {"population__n_estates": 12, "desk__provider_hours": 0.0}
    plain, before = lived("custody", "trapped", **scarce)
    state, after = lived("custody", "trapped", **scarce, workers__training=2.0)
    assert plain.committee[R.TRAINED, 0] == 0.0
    assert state.committee[R.TRAINED, 0] > 0.8
    assert state.desk[DeskReal.SKILL, MEDIATION] > plain.desk[DeskReal.SKILL, MEDIATION]
    assert after[Total.RESOLVED] > before[Total.RESOLVED]


def test_who_leaves_takes_it_along_but_for_what_was_passed_on_or_recruited():
    left = {}
    ways = {"alone": {}, "passed on": {"workers.exchange": 0.5}, "open": {"workers.recruited": 0.7}}
    for name, changes in ways.items():
        chosen = values("custody", "trapped", {"workers.turnover": 12.0} | changes)
        state = built(chosen)
        state.committee[R.TRAINED] = 0.8
        run(state, chosen, 0, 1)
        left[name] = state.committee[R.TRAINED, 0]
    assert left == {"alone": 0.0, "passed on": pytest.approx(0.4), "open": pytest.approx(0.7)}


def test_workers_leave_as_often_as_said_and_less_often_when_paid():
    found = {}
    for pay in (0.0, 10.0):
        size = {"population.n_estates": 300, "population.n_households": 4}
        chosen = values("custody", "trapped", size | {"workers.turnover": 0.6, "workers.pay": pay})
        state, leaving = built(chosen), 0
        for month in range(12):
            state.committee[R.TRAINED] = 1.0
            run(state, chosen, month, month + 1)
            leaving += int((state.committee[R.TRAINED] == 0.0).sum())
        found[pay] = leaving
    assert abs(found[0.0] - 3600 * 0.05) < 4.9 * (3600 * 0.05 * 0.95) ** 0.5
    assert abs(found[10.0] - 3600 * 0.025) < 4.9 * (3600 * 0.025 * 0.975) ** 0.5


def test_better_pay_costs_yuan_and_training_costs_hours():
    chosen = values("custody", "trapped", {"workers.pay": 3.0, "workers.training": 2.0, "workers.absorbed": 0.0})
    state, plain = built(chosen), built(chosen)
    total = run(state, chosen, 0, 1)[0, :, 0]
    none = chosen | {"workers.pay": 0.0, "workers.training": 0.0}
    less = run(plain, none, 0, 1)[0, :, 0]
    assert state.flow[Item.SALARIES, 0] == round(100 * 3.0 * 80.0 * 2.06)
    assert total[Total.PUBLIC_MONEY] - less[Total.PUBLIC_MONEY] >= state.flow[Item.SALARIES, 0]
    lost = plain.committee[R.MEDIATION_HOURS, 0] - state.committee[R.MEDIATION_HOURS, 0]
    assert lost == pytest.approx(2.0 * 2.06)


def test_professionals_may_be_absorbed_by_reports():
    used = {"workers__training": 4.0, "workers__turnover": 0.0}
    free, _ = lived("custody", "trapped", **used, workers__absorbed=0.0)
    absorbed, _ = lived("custody", "trapped", **used, workers__absorbed=0.25)
    assert free.committee[R.MEDIATION_HOURS, 0] > 0.0
    assert absorbed.committee[R.MEDIATION_HOURS, 0] == 0.0


def test_cases_take_the_way_through_the_tiers():
    for days, arrives in ((0.0, 1), (1.0, 0)):
        chosen = values("custody", "trapped", {"route.tier_days": days})
        state, p = built(chosen), table([chosen])
        handle(state, p, 0, -1)
        way = state.desk[DeskReal.DAYS, STREET_DESK]
        open_case(state, 0, 0, 4, STREET_DESK, 1.0, 0.0, 0, way)
        assert state.case_n[CaseWhole.ARRIVES, 0] == arrives
        assert state.case[CaseReal.SEVERITY, 0] == 1.0
