"""Witness points for the forms: inside the declared ranges each can beat its feasible rivals, and each can lose.

Ten years on the same households, history and luck; judged by comparable payment, what households pay over the
cost of service to standard. A witness shows that such a place exists, not how common it is; the losing forms are
shown with levers somebody could choose, not with handicaps of the form.
"""

import pytest
from test_witness import outside

from sim.parameters import PARAMETERS
from sim.results import Results
from sim.runs import simulate
from sim.scenarios import resolve

pytestmark = pytest.mark.thorough

MONTHS, REPLICATES, JUDGED_BY = 120, 40, "cost_covered"

Settings = tuple[str, ...]
Arms = dict[str, Settings]

CANVASS = ("contact.press=1", "contact.vouch=0", "contact.ask=1", "contact.cadre_hours=30")
"""Cadres at every door who press and vouch for nothing."""
PROUD: Settings = ("household.b_reactance=1.6", "household.b_suasion=0", "household.b_enforcement=0.2")
"""Households whom asking and notices leave cold and whom pressure repels."""

BIASED_DESK = ("desk.interest=0.6", "desk.joint_skill=0.2", "provider.audit=0.05", "committee.added_load=0.1")
CAPTURED = ("owners.capture=0.8", "owners.organised=0", "provider.audit=0.05", "committee.added_load=0.1")
POOR_STATION = (
    "branch.member_hours=0", "station.fee=0.3", "station.manager_hours=0", "station.skill=0.6",
    "station.wage=1.1", "contact.press=1", "contact.vouch=0", "provider.audit=0.05", "provider.open_books=0",
)  # fmt: skip
POOR_HUB = (*BIASED_DESK, "desk.closure_pressure=1", "desk.verification=0")
"""Mediators without skill on the firm's side, pressed to report cases closed, and nobody who checks."""
CAPTURABLE: Settings = ("owners.captured_leak=0.4", "owners.padding=0.8")

TRAPPED: Arms = {"red_station": (), "custody": (), "market": (), "catalysed": (), "state_owned": ()}
MANAGED: Arms = {"red_alliance": (), "market": (), "state_owned": (), "catalysed": ()}
ALLIANCE_HUB, STATION_HUB = "red_alliance + red_center", "red_station + red_center"
COMMITTEE: Arms = {"red_branch": (), "self_governance": (), "market": (), "trust": ()}

WINS: dict[str, tuple[str, Settings, Arms]] = {
    "red_station": ("trapped", ("population.share_member=0.25",), TRAPPED),
    "red_alliance": ("managed", (), MANAGED),
    "red_branch": ("committee", (), COMMITTEE),
    ALLIANCE_HUB: ("managed", (), MANAGED | {ALLIANCE_HUB: ()}),
    STATION_HUB: ("trapped", ("population.share_member=0.15",), TRAPPED | {STATION_HUB: ()}),
    "market": (
        "managed",
        (*PROUD, "household.intercept=0.9", "household.pressure_memory=0.97"),
        MANAGED
        | {
            "red_alliance": (*CANVASS, *BIASED_DESK),
            "state_owned": ("firm.cost_disadvantage=0.3", "contact.provider_calls=0.02", "firm.minimum_service=0"),
            "catalysed": ("contact.press=1", "contact.ask=1", "contact.cadre_hours=30"),
        },
    ),
    "self_governance": (
        "committee",
        (*PROUD, *CAPTURABLE),
        COMMITTEE
        | {
            "red_branch": (*CANVASS, *CAPTURED),
            "trust": ("owners.capture=0.8", "owners.two_keys=0", "provider.audit=0.05"),
        },
    ),
}
"""Form: place, what the world is like, and each arm's levers; the form beats every other arm."""

LOSES: dict[str, tuple[str, Settings, Arms, tuple[str, ...]]] = {
    "red_station": (
        "trapped", ("household.b_reactance=1.6",), TRAPPED | {"red_station": POOR_STATION},
        ("custody", "market", "catalysed", "state_owned"),
    ),
    "red_alliance": (
        "managed", PROUD, MANAGED | {"red_alliance": (*CANVASS, *BIASED_DESK)}, ("market", "state_owned", "catalysed"),
    ),
    "red_branch": (
        "committee", (*PROUD, *CAPTURABLE), COMMITTEE | {"red_branch": (*CANVASS, *CAPTURED)},
        ("self_governance", "trust"),
    ),
    ALLIANCE_HUB: ("managed", (), MANAGED | {ALLIANCE_HUB: POOR_HUB}, ("red_alliance",)),
    STATION_HUB: ("trapped", (), TRAPPED | {STATION_HUB: POOR_HUB}, ("red_station",)),
    "market": ("managed", (), MANAGED, ("red_alliance",)),
    "self_governance": ("committee", (), COMMITTEE, ("red_branch", "trust")),
}  # fmt: skip
"""Form: place, world, arms, and the rivals it ends worse than."""


def ten_years(place: str, world: Settings, arms: Arms) -> Results:
    worlds = [resolve(form, place=place, months=MONTHS, set=(*levers, *world)) for form, levers in arms.items()]
    assert all(found.before == worlds[0].before for found in worlds)  # one history
    for found in worlds:
        assert found.feasible, found.warnings
        assert outside(found) == []
    batches = simulate(worlds, replicates=range(REPLICATES), seed=11)
    assert all(text == "ok" for batch in batches for text in batch.status)
    return Results.of(batches)


@pytest.mark.parametrize("form", WINS)
def test_it_can_beat_every_feasible_rival(form):
    place, world, arms = WINS[form]
    found = ten_years(place, world, arms)
    for rival in arms:
        if rival != form:
            assert found.difference(JUDGED_BY, form, rival).low > 0.0, rival


@pytest.mark.parametrize("form", LOSES)
def test_it_can_end_worse(form):
    place, world, arms, better = LOSES[form]
    found = ten_years(place, world, arms)
    for rival in better:
        assert found.difference(JUDGED_BY, form, rival).high < 0.0, rival


def test_every_setting_has_a_study_range():
    points = [*((world, arms) for _, world, arms in WINS.values()), *((w, a) for _, w, a, _ in LOSES.values())]
    for world, arms in points:
        for option in (*world, *(option for levers in arms.values() for option in levers)):
            assert PARAMETERS[option.partition("=")[0]].range is not None, option


def test_the_red_forms_market_and_self_governance_are_all_witnessed():
    """The centre as a hub on what it overlays; read as a branch it is the form red_branch, bit for bit."""
    forms = {"red_station", "red_alliance", "red_branch", ALLIANCE_HUB, STATION_HUB, "market", "self_governance"}
    assert set(WINS) == set(LOSES) == forms
