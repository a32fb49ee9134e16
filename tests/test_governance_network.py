"""Ways through the bodies that govern an estate: known days, and levers that only ever add a way."""

from itertools import pairwise

import pytest
from estates import built, values
from hypothesis import given
from hypothesis import strategies as st

from agents.rules.case import (
    COURT,
    DEPARTMENT,
    DESK_NAMES,
    MEDIATION,
    N_DESKS,
    NEIGHBOUR,
    OPEN,
    PETITION,
    PROVIDER_DESK,
    STREET_DESK,
    CaseWhole,
    DeskReal,
    months_on_the_way,
)
from agents.rules.estate import EstateWhole as E
from agents.rules.joint_branch import JointReal
from sim.engine.arising import open_case
from sim.engine.handling import handle
from sim.governance_network import DESK_BODY, HOUSEHOLD, build, routes
from sim.parameters import DEFAULTS, PARAMETERS, Role, table
from sim.scenarios import list_scenarios, resolve

WAYS = tuple(path for path in PARAMETERS if path.startswith("route.") and path.endswith("_days"))
LEVERS = tuple(path for path in WAYS if PARAMETERS[path].role is Role.LEVER)
TIERS = [
    (HOUSEHOLD, "party group", "route.tier_days"),
    ("party group", "joint branch", "route.tier_days"),
    ("joint branch", "residents' committee", "route.tier_days"),
    ("residents' committee", "sub-district office", "route.tier_days"),
]
BASELINE = tuple(path for path in WAYS if path not in LEVERS)


def test_the_baseline_ways():
    """Household - grid worker - residents' committee - sub-district - department; provider and court direct."""
    days, reports = routes(DEFAULTS)
    assert days[PROVIDER_DESK] == 1.0
    assert days[MEDIATION] == 2.0 + 3.0
    assert days[STREET_DESK] == days[PETITION] == 2.0 + 3.0 + 20.0
    assert days[DEPARTMENT] == 2.0 + 3.0 + 20.0 + 30.0
    assert days[COURT] == 45.0
    assert reports == (0.0, 0.5, 1.0, 1.5, 0.0, 1.0)  # half an hour at every body passed on the way
    assert len(days) == len(reports) == len(DESK_BODY) == len(DESK_NAMES) == N_DESKS


def test_a_joint_desk_and_a_hub_shorten_the_ways_through_them():
    days, reports = routes(DEFAULTS | {"route.joint_days": 2.0})
    assert days == (1.0, 2.0, 22.0, 52.0, 45.0, 22.0)
    assert reports == (0.0, 0.0, 0.5, 1.0, 0.0, 0.5)
    days, reports = routes(DEFAULTS | {"route.hub_days": 3.0})
    assert days == (1.0, 5.0, 8.0, 38.0, 45.0, 8.0)
    assert reports == (0.0, 0.5, 1.0, 1.5, 0.0, 1.0)  # as many bodies as before
    assert routes(DEFAULTS | {"route.joint_days": 2.0, "route.hub_days": 3.0})[0] == (1.0, 2.0, 5.0, 35.0, 45.0, 5.0)


def test_the_levers_are_those_three_ways():
    assert LEVERS == ("route.joint_days", "route.hub_days", "route.tier_days")


def test_four_tiers_add_a_way_through_every_tier():
    days, reports = routes(DEFAULTS | {"route.tier_days": 1.0})
    assert days == (1.0, 3.0, 4.0, 34.0, 45.0, 4.0)
    assert reports == (0.0, 1.0, 1.5, 2.0, 0.0, 1.5)  # one body more on the way than by the grid worker
    assert routes(DEFAULTS | {"route.tier_days": 30.0}) == routes(DEFAULTS)


lengths = st.floats(0.0, 365.0, allow_subnormal=False)
settings = st.fixed_dictionaries({path: lengths for path in WAYS} | {"route.report_hours": st.floats(0.0, 10.0)})
baselines = st.fixed_dictionaries({path: lengths for path in BASELINE} | {"route.report_hours": st.floats(0.0, 10.0)})


def bellman_ford(values):
    """Return the days to each body by another route: relax every way until nothing changes."""
    ways = [
        (HOUSEHOLD, "provider", "route.provider_days"),
        (HOUSEHOLD, "grid worker", "route.grid_days"),
        ("grid worker", "residents' committee", "route.committee_days"),
        ("residents' committee", "sub-district office", "route.street_days"),
        ("sub-district office", "department", "route.department_days"),
        (HOUSEHOLD, "court", "route.court_days"),
        *([(HOUSEHOLD, "residents' committee", "route.joint_days")] if values["route.joint_days"] > 0 else []),
        *([("residents' committee", "sub-district office", "route.hub_days")] if values["route.hub_days"] > 0 else []),
        *(TIERS if values["route.tier_days"] > 0 else []),
    ]
    days = {body: float("inf") for way in ways for body in way[:2]} | {HOUSEHOLD: 0.0}
    for _ in range(len(days)):
        for one, other, path in ways:
            for a, b in ((one, other), (other, one)):
                days[b] = min(days[b], days[a] + values[path])
    return days


@given(settings)
def test_a_case_takes_the_shortest_way(found):
    want = bellman_ford(found)
    assert routes(found)[0] == pytest.approx([want[body] for body in DESK_BODY], abs=1e-9)


@given(baselines, lengths, lengths, lengths)
def test_no_lever_lengthens_a_way_and_only_tiers_add_a_report(base, joint, hub, tier):
    plain = base | dict.fromkeys(LEVERS, 0.0)
    days, reports = routes(plain)
    for levers in ((joint, 0.0, 0.0), (0.0, hub, 0.0), (joint, hub, 0.0), (0.0, 0.0, tier), (joint, hub, tier)):
        changed = plain | dict(zip(LEVERS, levers, strict=True))
        new_days, new_reports = routes(changed)
        assert all(new <= old + 1e-9 for new, old in zip(new_days, days, strict=True))
        one_more = base["route.report_hours"] if levers[2] > 0.0 else 0.0  # group and joint branch for the grid worker
        assert all(new <= old + one_more + 1e-9 for new, old in zip(new_reports, reports, strict=True))
        before, after = build(plain), build(changed)
        added = {"party group", "joint branch"} if levers[2] > 0.0 else set()
        assert set(after.nodes) == set(before.nodes) | added
        for one, other, way in before.edges(data=True):
            assert after.edges[one, other]["days"] <= way["days"]


@given(settings, st.sampled_from(BASELINE), lengths)
def test_a_longer_way_brings_no_desk_nearer(found, path, more):
    longer = found | {path: found[path] + more}
    assert all(b >= a - 1e-9 for a, b in zip(routes(found)[0], routes(longer)[0], strict=True))


@given(settings)
def test_the_table_holds_what_the_network_says(found):
    row = table([DEFAULTS | found])[0]
    days, reports = routes(found)
    assert tuple(row.derived_days) == days
    assert tuple(row.derived_reports) == reports


@pytest.mark.parametrize("form", [info.name for info in list_scenarios() if info.kind == "form"])
def test_every_body_can_be_reached_under_every_form(form):
    place = next(info.feasible_in for info in list_scenarios() if info.name == form and info.kind == "form")
    world = resolve(form, place=(place or ("trapped",))[0])
    plain = routes(DEFAULTS)
    for segment in world.segments:
        days, reports = routes(segment.values)
        assert all(new <= old for new, old in zip(days, plain[0], strict=True))
        assert all(new <= old for new, old in zip(reports, plain[1], strict=True))


# --- what the days do --------------------------------------------------------------------------------------------


def test_days_become_whole_months():
    months = [months_on_the_way(float(days)) for days in range(366)]
    assert months[0] == months[14] == 0
    assert months[15] == months[44] == 1
    assert months[45] == 2
    assert all(later - earlier in (0, 1) for earlier, later in pairwise(months))


@pytest.mark.parametrize(
    ("desk", "changes", "wait"),
    [
        (PROVIDER_DESK, {}, 0),
        (MEDIATION, {}, 0),
        (STREET_DESK, {}, 1),
        (STREET_DESK, {"route.hub_days": 3.0}, 0),
        (STREET_DESK, {"route.street_days": 45.0}, 2),
        (STREET_DESK, {"route.street_days": 45.0, "route.hub_days": 10.0, "route.joint_days": 2.0}, 0),
        (COURT, {}, 2),
    ],
)
def test_a_case_arrives_when_its_way_is_over(desk, changes, wait):
    """Until then it is on the list, and no desk works on it."""
    sure = {
        f"case.{name}_base": 700.0 for name in ("provider", "mediation", "street", "department", "court", "petition")
    }
    hours = {f"desk.{name}_hours": 1e6 for name in ("provider", "street", "department", "court")}
    found = values("custody", "trapped", changes | sure | hours | {"case.patience": 1e300})
    p = table([found])
    s = built(found)
    s.joint[JointReal.HOURS] = 1e6
    handle(s, p, 0, -1)
    assert tuple(s.desk[DeskReal.DAYS, :N_DESKS]) == routes(found)[0]
    assert tuple(s.desk[DeskReal.REPORT_HOURS, :N_DESKS]) == routes(found)[1]
    open_case(s, 0, 0, NEIGHBOUR, desk, 1.0, 0.0, 0, s.desk[DeskReal.DAYS, desk])
    assert s.case_n[CaseWhole.ARRIVES, 0] == wait
    for month in range(wait):
        handle(s, p, 0, month)
        assert s.estate_n[E.N_CASES, 0] == 1
        assert s.case_n[CaseWhole.STATUS, 0] == OPEN
        assert s.desk[DeskReal.USED, desk] == 0.0
    handle(s, p, 0, wait)
    assert s.estate_n[E.N_CASES, 0] == 0


def test_every_report_takes_time_from_the_desk():
    """With the reports of its way an attempt takes longer, so that fewer are made in the same hours."""
    used = []
    for report_hours in (0.0, 2.0):
        never = {"case.street_base": -700.0, "case.paper_base": 0.0, "case.paper_pressure": 0.0}
        changes = never | {"route.report_hours": report_hours, "desk.street_hours": 1e6, "route.street_days": 0.0}
        found = values("custody", "trapped", changes)
        s = built(found)
        handle(s, table([found]), 0, -1)
        open_case(s, 0, 0, NEIGHBOUR, STREET_DESK, 1.0, 0.0, 0, s.desk[DeskReal.DAYS, STREET_DESK])
        handle(s, table([found]), 0, 0)
        used.append(s.desk[DeskReal.USED, STREET_DESK])
    assert used[1] - used[0] == 2 * 2.0  # grid worker and residents' committee
