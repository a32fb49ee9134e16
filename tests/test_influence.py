"""A lever acts on what it is declared to act on: right after its own phase all else is the same, bit for bit.

From one state the month is run phase by phase with and without the lever. Before its phase nothing may differ; right
after it only the columns that `sim.parameters.influence` names.
"""

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from estates import built, run
from estates import values as values_of
from influence_forms import FORMS

from agents.rules.money import Item, Sector
from agents.rules.street_committee import is_inspected
from sim.engine import kernel, month
from sim.engine.arising import arise
from sim.engine.counting import record
from sim.engine.evaluating import appraise
from sim.engine.governing import govern
from sim.engine.handling import handle
from sim.engine.holding import held
from sim.engine.noticing import mobilise, perceive
from sim.engine.paying import learn, pay
from sim.engine.serving import allocate, events, plan, serve
from sim.parameters import PARAMETERS, Role, influence, table
from sim.parameters.influence_channels import CHANNELS
from sim.scenarios import list_scenarios
from sim.scenarios.catalog import load
from sim.schedule import SCHEDULE
from sim.state import COLUMNS, FIXED, State, copy_state
from sim.totals import Total

INFLUENCE = {**influence.INFLUENCE, **FORMS}
LOOKED_AT = {**influence.LOOKED_AT, "branch.attention": ("street_n.LED",)}
ROWS = {**COLUMNS, "cash": Sector, "flow": Item, "record": Total}
PHASES = [phase.name for phase in SCHEDULE]
SHIPPED = [
    load(info.name, (info.kind,)) for info in list_scenarios() if info.kind in ("form", "programme")
]  # fmt: skip


@kernel
def one_phase(s: Any, p: Any, number: int, t: int) -> None:
    """Run one phase of a month, by its place in the schedule; -1 is the district's look before the month."""
    h = held(s)
    if number == -1:
        appraise(h, p, 0)
    elif number == 0:
        events(h, p, 0, t)
    elif number == 1:
        allocate(h, p, 0, t)
    elif number == 2:
        plan(h, p, 0, t)
    elif number == 3:
        serve(h, p, 0, t)
    elif number == 4:
        perceive(h, p, 0, t)
    elif number == 5:
        arise(h, p, 0, t)
    elif number == 6:
        handle(h, p, 0, t)
    elif number == 7:
        mobilise(h, p, 0, t)
    elif number == 8:
        pay(h, p, 0, t)
    elif number == 9:
        learn(h, p, 0, t)
    elif number == 10:
        govern(h, p, 0, t)
    elif number == 11:
        record(h, p, 0, t)


# --- where levers are tried ----------------------------------------------------------------------------------------

BUSY = {
    "population.n_estates": 6, "population.n_streets": 2, "population.n_households": 80, "case.service": 0.2,
    "workers.turnover": 3.0, "branch.key_leaves": 0.1, "facility.visible_bias": 0.3,
}  # fmt: skip
"""Estates in which something happens every month."""
PEOPLE_ON = {
    "observation.pulse": 0.3, "observation.kappa": 0.7, "consultation.interval": 1, "covenant.drive": 0.7,
    "platform.on": 0.5, "social.service_hours": 5.0, "social.rights_hours": 5.0, "social.charity_hours": 5.0,
    "social.relief": 5.0, "workers.training": 1.0, "checklist.hours": 1.0, "tiers.desk_hours": 3.0,
    "party.branch_attention": 0.5, "party.branch_hours": 1.0, "firm.suits": 0.05, "contact.vouch": 0.5,
}  # fmt: skip
COUNCIL_ON = {"core.council": 3.0, "core.supervisors": 1.0, "consultation.interval": 1}
OWNERS_VOTE = {
    "owners.turnout_base": 20.0, "owners.reached": 1.0, "owners.absent_loss": 0.0, "owners.turnout_spread": 0.0,
    "start.trust_owners": 1.0, "owners.appointed": 1, "renovation.worth": 20.0, "street.old_unit_pays": 1.0,
    "firm.exit_from": 600,
}  # fmt: skip
FUNDS_ON = {"owners.letting": 0.04, "funding.fund_rate": 0.2, "care.cadre_hours": 4.0, "care.firm_hours": 4.0}
LOSING = {
    "branch.cross_posts": 1.0, "officers.capture": 0.8, "firm.fee_rise": 0.2, "firm.loss_months": 60.0,
    "firm.loss_base": 1.0, "provider.common_income": 0.0, "owners.allowed": 0,
}  # fmt: skip
SETTINGS: dict[str, tuple[str, str, Mapping[str, float]]] = {
    "station": ("red_station", "trapped", {}),
    "station, people": ("red_station", "trapped", PEOPLE_ON),
    "alliance, council": ("red_alliance", "managed", COUNCIL_ON),
    "branch, people": ("red_branch", "committee", PEOPLE_ON),
    "custody, votes": ("custody", "trapped", OWNERS_VOTE),
    "owners, funds": ("self_governance", "committee", OWNERS_VOTE | FUNDS_ON),
    "losing firm": ("market", "managed", LOSING),
}
SWITCHES = (12, 14, 15, 18, 20, 22, 23, 24)
"""Months in which levers come on: a half-year, of votes on letting, fund, its use and rises, and plain ones."""
AMONG = {
    **{path: {"renovation.on": 1} for path in INFLUENCE if path.startswith("renovation.") and path != "renovation.on"},
    "funding.owners_share": {"renovation.on": 1},
    "funding.old_unit": {"renovation.on": 1, "renovation.legacy": 0.5},
    "funding.surcharge": {"funding.advance": 5.0},
    "funding.pledge": {"funding.advance": 5.0},
    **{f"funding.{custody}": {"funding.accountant": 4.0} for custody in ("account", "signature", "open_accounts")},
    "funding.accountant": {"funding.account": 0.3},
    "lists.gifts": {"lists.hours": 2.0},
    "lists.match": {"lists.hours": 2.0, "lists.gifts": 0.03},
    "covenant.imposed": {"covenant.drive": 0.8},
    **{path: {"branch.cross_posts": 0.8, "officers.capture": 0.4} for path in CHANNELS if path.startswith("officers.")},
    "branch.cross_posts": {"officers.capture": 0.4},
    "branch.organises": {"branch.attention": 0.5, "contact.cadre_hours": 5.0},
    "branch.favours": {"contact.cadre_hours": 5.0},
    "case.summons_hours": {"desk.power": 0.8},
    "committee.audit_finds": {"committee.audit_hours": 4.0},
    "household.irritation": {"contact.ask": 0.5, "contact.cadre_hours": 5.0},
    "household.labour_seen": {"branch.member_hours": 3.0, "branch.labour_share": 0.5},
    "owners.push": {"owners.allowed": 1},
    "owners.allowed": {"owners.push": 1.0},
    "owners.recruited": {"branch.attention": 0.5},
    "owners.captured_leak": {"owners.capture": 0.6},
    "case.paper_pressure": {"desk.closure_pressure": 0.8},
    "branch.labour_share": {"branch.member_hours": 3.0},
    "branch.attention": {"branch.member_hours": 3.0},
    "trust.vouch_backfire": {"contact.vouch": 0.5, "contact.cadre_hours": 5.0},
}
"""Levers that only scale another one: what comes on in the same month in both runs."""


def shipped_values() -> dict[str, set[float]]:
    """Return the values that forms and programmes set, by lever, in their steps too."""
    found: dict[str, set[float]] = {}
    for scenario in SHIPPED:
        for levers in (scenario.levers(), *(step.values for step in scenario.steps)):
            for path, origin in levers.items():
                found.setdefault(path, set()).add(origin.value)
    return found


def values_to_try(path: str, now: float) -> list[float]:
    """Return values to switch to: of forms and programmes, and the ends of the study range, but not what is off."""
    parameter = PARAMETERS[path]
    ends = range(len(parameter.choices)) if parameter.choices else parameter.range or ()
    wanted = {*shipped_values().get(path, ()), *ends}
    return sorted(wanted - {now, parameter.default})


def differing(one: State, other: State) -> set[str]:
    """Name the columns in which two states differ in a bit."""
    found = set()
    for name, part in one._asdict().items():
        theirs = getattr(other, name)
        if name in FIXED or part.tobytes() == theirs.tobytes():
            continue
        columns = [f"{name}.{c.name}" for c in ROWS.get(name, ()) if part[c].tobytes() != theirs[c].tobytes()]
        found.update(columns or [name])
    return found


def month_of(state: State, found: Mapping[str, Any], t: int) -> Iterator[tuple[str, State]]:
    """Run a month on `state` and give it after the district's look and after every phase."""
    p = table([found])
    if is_inspected(t):
        one_phase(state, p, -1, t)
    yield "", state
    for number, name in enumerate(PHASES):
        one_phase(state, p, number, t)
        yield name, state


# --- the tests -----------------------------------------------------------------------------------------------------


def test_the_phases_run_here_are_those_of_the_month():
    source, ours = inspect.getsource(month.step.py_func), inspect.getsource(one_phase.py_func)
    assert [line.strip().partition("(")[0] for line in source.splitlines() if ", month)" in line] == PHASES
    assert [line.strip().partition("(")[0] for line in ours.splitlines() if ", 0, t)" in line] == PHASES
    state, found = built(values_of("market", "trapped", BUSY)), values_of("market", "trapped", BUSY)
    other = copy_state(state)
    for _ in month_of(state, found, 0):
        pass
    run(other, found, 0, 1)
    assert differing(state, other) == set()


def test_every_lever_of_a_form_or_programme_says_what_it_may_change():
    levers = {path for path in shipped_values() if PARAMETERS[path].role is Role.LEVER}
    assert levers - set(INFLUENCE) == set()
    for path, (phase, columns) in INFLUENCE.items():
        assert PARAMETERS[path].role is Role.LEVER or path in CHANNELS or path in FORMS, path
        assert phase in PHASES, path
        for column in columns + LOOKED_AT.get(path, ()):
            matrix, _, name = column.partition(".")
            assert name in ROWS[matrix].__members__ if name else matrix in State._fields, column


@pytest.fixture(scope="module")
def found() -> dict[str, dict[str, set[str]]]:
    """Return what each lever changed: before its phase, right after it, and of the latter what is not declared."""
    changed = {path: {"early": set(), "own": set(), "undeclared": set()} for path in INFLUENCE}
    for form, place, more in SETTINGS.values():
        base = values_of(form, place, BUSY | more)
        state, start = built(base, seed=3), 0
        for switch in SWITCHES:
            run(state, base, start, switch)
            start = switch
            for path in set(INFLUENCE) - set(more):
                try_lever(state, base | AMONG.get(path, {}), path, switch, changed[path])
    return changed


def try_lever(state: State, without: dict[str, Any], path: str, switch: int, changed: dict[str, set[str]]) -> None:
    """Add what a lever changes in a month."""
    phase, columns = INFLUENCE[path]
    before = [copy_state(now) for _, now in until(phase, month_of(copy_state(state), without, switch))]
    for value in values_to_try(path, without[path]):
        months = until(phase, month_of(copy_state(state), without | {path: value}, switch))
        for there, (name, now) in zip(before, months, strict=True):
            different = differing(there, now)
            if name == phase:
                changed["own"] |= different
                changed["undeclared"] |= different - {*columns, *LOOKED_AT.get(path, ())}
            else:
                changed["early"] |= different - set(LOOKED_AT.get(path, ()))


def until(phase: str, months: Iterator[tuple[str, State]]) -> Iterator[tuple[str, State]]:
    for name, state in months:
        yield name, state
        if name == phase:
            return


def test_a_lever_changes_nothing_before_its_phase(found):
    assert {path: sorted(seen["early"]) for path, seen in found.items() if seen["early"]} == {}


def test_right_after_its_phase_only_what_it_is_declared_to_change_differs(found):
    assert {path: sorted(seen["undeclared"]) for path, seen in found.items() if seen["undeclared"]} == {}


def test_every_lever_changes_something_of_what_it_declares(found):
    """The tests above are not passed by levers that do nothing here."""
    assert [path for path, (_, columns) in INFLUENCE.items() if not found[path]["own"] & set(columns)] == []


def test_a_column_left_out_of_the_table_would_be_seen(found):
    """Every declared column of the levers about money for service was seen to change."""
    for path in ("street.subsidy", "workers.pay", "platform.on"):
        declared = set(INFLUENCE[path][1])
        assert len(found[path]["own"] & declared) > len(declared) // 2, path
