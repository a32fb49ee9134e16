"""Witness points for the forms: inside the declared ranges each can beat its feasible rivals, and each can lose.

Ten years on the same households, history and luck; judged by the cost that households' fees cover. The points are
some of the 1,000 draws of the shipped `prior_predictive`, run with forty lucks of their own. A witness shows that such
a place exists, not how common it is: that is what the study's odds say.
"""

from functools import cache

import pytest
from test_witness import outside

from sim.parameters import PARAMETERS
from sim.results import Results
from sim.runs import simulate
from sim.scenarios import resolve
from sim.studies.compute import Work
from sim.studies.design import design_of
from sim.studies.sources import read_study
from sim.studies.worlds import base_worlds

pytestmark = pytest.mark.thorough

MONTHS, REPLICATES, JUDGED_BY = 120, 40, "cost_covered"
OTHER_LUCK = 11
"""A seed that is not the study's."""

WINS = {
    "red_station": ("trapped", 78, ("custody", "market", "state_owned", "catalysed")),
    "red_alliance": ("managed", 74, ("market", "state_owned", "catalysed")),
    "red_branch": ("committee", 88, ("self_governance", "market", "trust")),
    "market": ("trapped", 89, ("custody", "red_station", "state_owned")),
    "self_governance": ("committee", 12, ("red_branch", "market", "trust")),
}
"""Form: place, draw of `prior_predictive`, and the rivals that the form beats there."""

LOSES = {
    "red_station": ("trapped", 14, ("custody", "market", "state_owned", "catalysed")),
    "red_alliance": ("managed", 25, ("market", "state_owned", "catalysed")),
    "red_branch": ("committee", 39, ("self_governance", "market", "trust")),
    "market": ("managed", 17, ("red_alliance",)),
    "self_governance": ("committee", 58, ("red_branch",)),
}
"""Form: place, draw, and the rivals it ends worse than."""

POOR_HUB = ("desk.interest=0.6", "desk.joint_skill=0.2", "provider.audit=0.05", "committee.added_load=0.1",
            "desk.closure_pressure=1", "desk.verification=0")  # fmt: skip
"""Mediators without skill on the firm's side, pressed to report cases closed, and nobody who checks."""
HUBS = {"red_alliance": "managed", "red_station": "trapped"}


@cache
def study():
    """Return the work and the draws of the shipped study."""
    asked, _ = read_study("prior_predictive")
    return Work.of(asked, base_worlds(asked)), design_of(asked)


@cache
def at_draw(place: str, point: int) -> Results:
    """Run every form of a place at one draw, with other luck than the study's."""
    work, design = study()
    worlds = [world for world in work.laid_over(design.values(point)) if world.place == place]
    batches = simulate(worlds, replicates=range(REPLICATES), seed=OTHER_LUCK)
    assert all(text == "ok" for batch in batches for text in batch.status)
    return Results.of(batches)


@pytest.mark.parametrize("form", WINS)
def test_it_can_beat_every_feasible_rival(form):
    place, point, rivals = WINS[form]
    for rival in rivals:
        assert at_draw(place, point).difference(JUDGED_BY, form, rival).low > 0.0, rival


@pytest.mark.parametrize("form", LOSES)
def test_it_can_end_worse(form):
    place, point, better = LOSES[form]
    for rival in better:
        assert at_draw(place, point).difference(JUDGED_BY, form, rival).high < 0.0, rival


@pytest.mark.parametrize("form", HUBS)
def test_a_hub_can_do_harm(form):
    """The centre as a hub on what it overlays; read as a branch it is the form red_branch, bit for bit."""
    hub = f"{form} + red_center"
    arms = ((form, ()), (hub, POOR_HUB))
    worlds = [resolve(name, place=HUBS[form], months=MONTHS, set=levers) for name, levers in arms]
    for found in worlds:
        assert found.feasible, found.warnings
        assert outside(found) == []
    found = Results.of(simulate(worlds, replicates=range(REPLICATES), seed=OTHER_LUCK))
    assert found.difference(JUDGED_BY, hub, form).high < 0.0
    for option in POOR_HUB:
        assert PARAMETERS[option.partition("=")[0]].range is not None, option


def test_the_draws_lie_in_the_declared_ranges_and_the_red_forms_market_and_self_governance_are_all_witnessed():
    work, design = study()
    for place, point, _ in (*WINS.values(), *LOSES.values()):
        for world in work.laid_over(design.values(point)):
            if world.place == place:
                assert outside(world) == []
    assert set(WINS) == set(LOSES) == {"red_station", "red_alliance", "red_branch", "market", "self_governance"}
