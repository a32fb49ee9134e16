"""Both engines give the same bits, and docking would notice if they did not."""

import hashlib
import os
import subprocess
import sys
from collections import Counter
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from random_worlds import random_world
from shipped import in_use

from agents.household import Household
from agents.joint_branch import JointBranch
from agents.party_branch import PartyBranch
from agents.property_firm import PropertyFirm
from agents.provider import Provider
from agents.residents_assembly import ResidentsAssembly
from agents.residents_committee import ResidentsCommittee
from agents.rules.household import REFUSED, VACANT
from agents.rules.household import HouseholdWhole as N
from agents.rules.provider import ProviderReal
from agents.street_committee import StreetCommittee
from sim.dock import dock
from sim.engine.month import run_months
from sim.errors import InputError
from sim.model import GovernanceModel
from sim.parameters import PARAMETERS
from sim.population import build_state
from sim.scenarios import World, list_scenarios, resolve
from sim.state import FIXED, State
from sim.totals import Total

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = list_scenarios()
N_RANDOM = 200


def run_compiled(world: World) -> tuple[State, np.ndarray]:
    """Return the last state of a world in the compiled engine, and what was counted every month."""
    state = build_state(world.before, 1, 0)
    counted = np.zeros((world.spinup + world.months, *state.record.shape), np.int64)
    run_months(state, world.table(), world.rows(), -world.spinup, world.months, counted)
    return state, counted


# --- the engines agree --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda shipped: shipped.name)
def test_every_shipped_scenario_docks(shipped):
    expression, place, small = in_use(shipped)
    report = dock(expression, place=place, households=30, months=40, set=[*small, "time.spinup=4"])
    assert report.ok, str(report)
    assert report.months == 44


@pytest.mark.thorough
@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda shipped: shipped.name)
def test_every_shipped_scenario_docks_at_full_size(shipped):
    expression, place, small = in_use(shipped)
    households = 40 if small else 480
    report = dock(expression, place=place, households=households, months=24, seed=7, set=[*small, "time.spinup=48"])
    assert report.ok, str(report)


@pytest.mark.parametrize("number", range(5))
def test_some_random_worlds_dock(number):
    report = dock(random_world(number))
    assert report.ok, str(report)


@pytest.mark.thorough
@pytest.mark.parametrize("number", range(5, N_RANDOM))
def test_random_worlds_dock(number):
    report = dock(random_world(number), seed=number, replicate=number % 3)
    assert report.ok, str(report)


def test_a_losing_firm_whose_rise_is_waved_through_docks():
    """In the random worlds captured officers never come to grant a higher fee."""
    losing = ("branch.cross_posts=1", "officers.capture=0.8", "officers.waved=1", "firm.fee_rise=0.2",
              "firm.loss_months=60", "firm.loss_base=1", "provider.common_income=0", "owners.allowed=0")  # fmt: skip
    size = {"households": 20, "months": 26, "set": [*losing, "time.spinup=0", "start.firm_serves=1"]}
    report = dock("market", place="managed", **size)
    assert report.ok, str(report)
    world = resolve("market", place="managed", months=26, set=[*size["set"], "population.n_households=20"])
    state, _ = run_compiled(world)
    assert state.provider[ProviderReal.FEE_LEVEL].max() > 1.0  # it was granted


def test_random_worlds_meet_every_switch():
    """Otherwise docking them would prove less than it says."""
    structure, kinds, moves, both = set(), set(), set(), set()
    for number in range(N_RANDOM):
        world = random_world(number)
        before, (first, second) = world.before, world.segments
        structure.add(tuple(before[f"structure.{name}"] for name in ("timing", "learning", "choice", "billing_period")))
        kinds.add(before["network.kind"])
        moves |= set(pairwise(values["provider.kind"] for values in (before, first.values, second.values)))
        both.add(tuple(second.values[f"contact.{name}"] > 0 for name in ("cadre_hours", "vouch", "press", "inform")))
    assert structure == set(product((0, 1), (0, 1), (0, 1), (1, 3, 12)))
    assert kinds == set(range(5))
    assert moves == set(product(range(len(PARAMETERS["provider.kind"].choices)), repeat=2))
    assert both >= {(True, True, True, True), (True, False, True, False), (True, True, False, False)}


def test_everything_that_is_counted_happens_in_some_random_world():
    happened = np.zeros(len(Total), bool)
    for number in range(100):
        _, counted = run_compiled(random_world(number, months=24 if number else 48))  # debts lapse after 36
        happened |= (counted != 0).any(axis=(0, 2))
    assert [total.name for total in Total if not happened[total]] == []


# --- who acts ------------------------------------------------------------------------------------------------------

MONTHLY = {
    Household: (
        "perceive", "adapt_expectation", "judge_vouchers", "calm_down", "settle_bills", "look_at_neighbours", "weigh",
        "answer_bill", "show_decision", "learn", "listen", "take_over_opinion",
    ),
    Provider: ("let_common_parts", "plan", "serve", "send_collector", "send_bills", "take_in", "close_month"),
    PartyBranch: ("organise", "keep_secretary", "tire"),
    ResidentsCommittee: ("train", "visit", "find_provider"),
    ResidentsAssembly: ("call_meetings", "hold_forum", "sanction", "elect", "sign"),
    JointBranch: ("gather", "tire"),
    StreetCommittee: ("allocate", "run_platform", "inspect"),
}  # fmt: skip
"""What every agent of a kind does once a month; the street, once for each estate."""


def test_every_agent_acts_every_month(monkeypatch):
    calls = Counter()

    def spied(kind, name):
        method = getattr(kind, name)

        def spy(agent, *arguments):
            calls[kind.__name__, name] += 1
            return method(agent, *arguments)

        monkeypatch.setattr(kind, name, spy)

    for kind, names in MONTHLY.items():
        for name in names:
            spied(kind, name)
    spied(Household, "see_service")
    spied(PropertyFirm, "bids")
    model = GovernanceModel("red_station", rng=2, set=["population.n_households=25", "population.n_estates=2"])
    for _ in range(3):
        model.step()
    expected = {
        (kind.__name__, name): 3 * (50 if kind is Household else 2) for kind, names in MONTHLY.items() for name in names
    }
    at_home = int((model.state.household_n[N.TENURE] != VACANT).sum())
    assert at_home < 50
    assert calls == expected | {("Household", "see_service"): 3 * at_home}
    tender = GovernanceModel("market", set=["population.n_estates=2"])
    tender.step()
    assert calls["PropertyFirm", "bids"] == 2 * tender.world.before["firm.bidders"]


# --- docking notices -------------------------------------------------------------------------------------------------

BROKEN = {
    "see_service": "QUALITY",
    "judge_provider": "TRUST_PROVIDER",
    "adapt_expectation": "REFERENCE",
    "calm_down": "GRIEVANCE",
    "look_at_neighbours": "BELIEF",
    "learn": "BAILOUT",
}
"""Method of a household, and the column that shows first that one household left it out."""


@pytest.mark.parametrize(("method", "column"), BROKEN.items())
def test_one_agent_left_out_is_found_and_named(method, column, monkeypatch):
    whole = getattr(Household, method)

    def skip_one(agent, *arguments):
        if agent.id != 3:
            return whole(agent, *arguments)

    monkeypatch.setattr(Household, method, skip_one)
    report = dock("red_station", households=20, months=6, set=["time.spinup=3", "trust.pull=0"])
    assert not report.ok
    assert f"in month -3, household {column}, row 3 (household 3 of estate 0)" in str(report)
    assert report.difference.agents != report.difference.compiled


BODIES = [(kind, method) for kind, methods in MONTHLY.items() if kind is not Household for method in methods]


@pytest.mark.parametrize(("kind", "method"), BODIES)
def test_a_body_that_leaves_something_out_is_found(kind, method, monkeypatch):
    monkeypatch.setattr(kind, method, lambda agent, *arguments: None)
    brokered = "market" if method == "find_provider" else "red_station"
    busy = ["branch.key_leaves=0.5", "street.inspectors=8", "desk.joint_hours=8", "workers.training=2", "platform.on=1"]
    busy += ["consultation.interval=1", "core.council=9", "covenant.drive=1", "covenant.sanction=1"]
    assert not dock(brokered, households=20, months=8, set=["time.spinup=3", *busy]).ok


def test_a_subclass_parts_from_the_compiled_engine():
    class Stubborn(Household):
        def decide_payment(self, u, reasons):
            return REFUSED

    report = dock("market", households=20, months=2, set=["time.spinup=0"], agent_classes={Household: Stubborn})
    found = report.difference
    assert (found.month, report.months) == (0, 1)
    assert str(report) == (
        f"market @ trapped, 20 households: the engines part in month 0, {found.matrix} {found.column}, "
        f"row {found.row} (household {found.row} of estate 0): agents {found.agents!r}, "
        f"compiled {found.compiled!r} ({found.n_cells - 1} more cells differ in this month)."
    )


def test_agreement_is_reported_in_words():
    report = dock("custody @ trapped", households=15, months=2, set=["time.spinup=1"])
    where, what = str(report).split(": ")
    assert where == "custody @ trapped, 15 households"
    assert what == "both engines give the same bits in all 3 months, spin-up included."


def test_a_resolved_world_takes_no_further_settings():
    with pytest.raises(InputError, match="this world has them already"):
        dock(random_world(0), households=10)


# --- the same bits without the compiler, and within bounds ------------------------------------------------------------

SOME = (3, 4, 6, 8)
"""Random worlds that differ in timing, learning, choice, network and provider."""


def digests() -> list[str]:
    """Return one line per world: hash of its last state, and whether the agents reach the same."""
    found = []
    for number in SOME:
        world = random_world(number, months=10)
        state, out = run_compiled(world)
        parts = [part.tobytes() for name, part in state._asdict().items() if name not in FIXED]
        found.append(f"{number} {hashlib.sha256(b''.join([*parts, out.tobytes()])).hexdigest()} {dock(world)}")
    return found


def in_a_process(code: str, **environment: str) -> str:
    """Run code beside the tests under other NUMBA_ settings and return what it prints."""
    paths = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=os.environ | {"PYTHONPATH": paths} | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.thorough
def test_the_compiler_changes_no_bit():
    code = "from test_docking import digests; print(*digests(), sep='\\n')"
    assert in_a_process(code, NUMBA_DISABLE_JIT="1").splitlines() == digests()


OUT_OF_BOUNDS = """
import numpy as np
from random_worlds import random_world
from shipped import in_use
from sim.engine.month import run_months
from sim.population import build_state
world = random_world(1)
state = build_state(world.before, 1, 0)
broken = state._replace(tie=state.tie[:3])
try:
    run_months(broken, world.table(), world.rows(), -6, 24, np.zeros((0, *state.record.shape), np.int64))
except IndexError:
    print("noticed")
"""


@pytest.mark.thorough
def test_no_access_is_out_of_bounds(tmp_path):
    """With bounds checking a violation raises; that it does is seen on a state with its ties cut off."""
    checked = {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path)}
    code = "from test_docking import digests; print(*digests(), sep='\\n')"
    assert in_a_process(code, **checked).splitlines() == digests()
    assert in_a_process(OUT_OF_BOUNDS, **checked) == "noticed\n"
