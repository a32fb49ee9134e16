"""No governance variable is read where a case ends: capacity, hours, powers, money and skill are.

Said of the rules' signatures, of what the two engines read where they work on a case (from their source), and
of a state in which only governance changes. Powers shorten what an attempt takes, and settle nothing. Households of
party members may be favoured: in the hours that an attempt finds, and in nothing else. A covenant acts through the
household's own commitment alone.
"""

import ast
import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from estates import built, run, values
from test_signatures import arguments, methods, tree_of
from test_signatures_state import ends

import agents.case
import agents.desk
import agents.household
import sim.engine
from agents.rules import (
    arrears,
    checklist,
    owners_committee,
    party_branch,
    payment,
    provider,
    residents_committee,
    voting,
)
from agents.rules import case as rules
from agents.rules import household as household_rules
from agents.rules.case import CaseReal, CaseWhole, DeskReal, DeskWhole
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.owners_committee import OwnersReal
from agents.rules.party_branch import BranchReal
from agents.rules.provider import ProviderReal as P
from agents.rules.provider import ProviderWhole as PN
from sim.engine import handling
from sim.engine.handling import work_on
from sim.parameters import PARAMETERS, Role, table
from sim.state import State, copy_state
from sim.totals import Total

# --- signatures ----------------------------------------------------------------------------------------------

WEIGHTS = {
    "base", "difficulty_weight", "interest_weight", "mediated", "pressure_weight", "severity_weight", "skill_weight",
    "summons", "bringing", "threshold", "voice_weight", "withdrawn",
}  # fmt: skip
DESK = {
    "ease", "hours", "interest", "kept", "needed", "pace", "patience", "power", "pressure", "skill", "used",
    "verified",
}  # fmt: skip
"""What a desk brings: hours, for whom, skill, power, interest, a case talked over; what is asked of it, looked at."""
CASE = {"by_kind", "cost", "difficulty", "firm_is_party", "how_severe", "report_hours", "u", "what"}
CLAIMANT = {"share_aggrieved", "voice"}

ENDING: tuple[Callable[..., Any], ...] = (
    rules.settle_chance,
    rules.paper_chance,
    rules.patience_ends,
    rules.escalates_chance,
    rules.joins_petition,
    rules.attempt_hours,
    rules.court_end,
    rules.hours_enough,
    rules.hours_open_to,
    rules.pace_with_power,
    rules.payable,
    rules.talked_over,
    checklist.hours_at_pace,
)
"""The rules on which it depends whether and how a case ends."""


@pytest.mark.parametrize("rule", ENDING, ids=lambda rule: rule.__name__)
def test_a_rule_that_ends_a_case_knows_desk_case_and_claimant(rule):
    assert arguments(rule) <= WEIGHTS | DESK | CASE | CLAIMANT


def test_what_settles_a_case():
    assert arguments(rules.settle_chance) == {
        "base", "skill", "skill_weight", "difficulty", "difficulty_weight", "interest", "interest_weight",
        "firm_is_party",
    }  # fmt: skip


def test_an_interest_weighs_only_where_the_firm_is_a_party():
    """An interest shared with the firm changes nothing of a quarrel between neighbours."""
    given = (0.2, 0.5, 1.0, 0.5, 1.0)
    assert rules.settle_chance(*given, 0.9, 2.0, 0) == rules.settle_chance(*given, 0.0, 2.0, 0)
    assert rules.settle_chance(*given, 0.9, 2.0, 1) < rules.settle_chance(*given, 0.0, 2.0, 1)
    assert rules.FIRM_IS_PARTY[rules.NEIGHBOUR] == 0


MATTERS_OF_CASES = ("case.", "difficulty.", "hours.")
"""Parameters of cases: what each kind takes, how ready a desk is, how patient people are."""


def test_every_weight_is_an_uncertainty_not_a_lever():
    for path, parameter in PARAMETERS.items():
        if path.startswith(MATTERS_OF_CASES) and path != "case.renovation":  # building works are an event, not a desk
            assert parameter.role is not Role.LEVER, path


# --- what the compiled engine reads where a case ends -------------------------------------------------------------

MATTERS = {path.replace(".", "_") for path in PARAMETERS if path.startswith("case.")} | {
    "derived_difficulty", "derived_hours",
}  # fmt: skip
"""Parameters of cases, and hours and difficulty of each kind, which follow from them alone."""
COLUMNS = {
    "C": {column.name for column in CaseReal},
    "CN": {column.name for column in CaseWhole},
    "D": {column.name for column in DeskReal},
    "DN": {column.name for column in DeskWhole},
    "E": {"ID", "OVERFLOW", "REPAIR_BUDGET"},
    "H": {"GRIEVANCE", "TRUST_BRANCH", "TRUST_OWNERS", "TRUST_SOCIAL", "VOICE"},
    "N": {"DIGITAL", "ESTATE", "ID", "SUED"},
    "ON": {"COMMITTEE"},
    "PN": {"PURSE"},
}
MATRICES = {
    "case", "case_n", "cash", "desk", "desk_n", "estate_n", "household", "household_n", "key", "owners_n", "provider_n",
    "record", "tie", "tie_start",
}  # fmt: skip
FAVOUR = ["B.ATTENTION", "N.MEMBER", "p.branch_favours", "s.branch"]
"""Hours: what an active branch's desk keeps for households with a member; read where hours are counted, once each."""
WORKING = ("work_on", "_base", "_next_desk", "_payer", "_money_there", "_settle", "_move_trust")
"""The owners' committee appears where trust in it is moved after its case, and nowhere else (below)."""


def reads(tree: ast.AST) -> Iterator[str]:
    """Name what a kernel reads beyond what is allowed: parameters, matrices, columns."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute):
            continue
        owner = node.value
        if isinstance(owner, ast.Subscript) and getattr(owner.value, "id", "") == "p":
            if node.attr not in MATTERS:
                yield f"p.{node.attr}"
        elif isinstance(owner, ast.Name) and owner.id == "s":
            if node.attr not in MATRICES:
                yield f"s.{node.attr}"
        elif isinstance(owner, ast.Name) and node.attr.isupper() and owner.id not in ("Total", "Item", "Sector"):
            if node.attr not in COLUMNS.get(owner.id, ()):
                yield f"{owner.id}.{node.attr}"


@pytest.mark.parametrize("name", WORKING)
def test_the_compiled_phase_reads_no_governance_variable_where_a_case_ends(name):
    assert sorted(reads(tree_of(getattr(handling, name)))) == (FAVOUR if name == "work_on" else [])


def test_whom_a_branch_favours_is_known_where_hours_are_counted_alone():
    """Membership is handed to one rule, and what it returns to the one that compares hours."""
    tree = tree_of(handling.work_on)
    handed = [
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and any(getattr(each, "id", "") in ("hours", "kept") for each in node.args)
    ]
    assert sorted(handed) == ["hours_enough", "hours_open_to"]
    source = ast.unparse(tree)
    assert source.count("N.MEMBER") == source.count("branch_favours") == source.count("kept_from") == 1


PLAIN = ("block", "uniform", "log", "post", "fen", "share", "int", "float", "bool", "range")
"""What draws, books and converts."""


def calls(tree: ast.AST) -> set[str]:
    return {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}


def test_everything_a_case_passes_through_is_looked_at():
    """No helper of the phase hides a read: kernels called are in the list, rules called are rules."""
    others = (
        rules, arrears, checklist, household_rules, provider, owners_committee, party_branch, residents_committee,
        voting,
    )  # fmt: skip
    for name in WORKING:
        for called in calls(tree_of(getattr(handling, name))):
            if called in WORKING or called in PLAIN:
                continue
            assert any(hasattr(module, called) for module in others), (name, called)


def test_the_committee_is_known_only_where_trust_in_it_moves():
    for name in WORKING:
        source = inspect.getsource(getattr(getattr(handling, name), "py_func", getattr(handling, name)))
        assert ("owners_n" in source) == (name == "_move_trust")
        assert ("HELPED" in source) == ("TRUST_SOCIAL" in source) == (name == "_move_trust")  # and organisations


@pytest.mark.parametrize(
    "line",
    [
        "x = p[i].branch_attention",
        "x = p[i].owners_capture",
        "x = p[i].desk_power",
        "x = p[i].provider_kind",
        "x = s.branch[B.KEY, e]",
        "x = p[i].officers_capture",
        "x = s.provider[P.SKILL, e]",
        "x = s.owners[O.EFFORT, e]",
        "x = s.facility",
        "x = s.provider_n[PN.KIND, e]",
        "x = s.household_n[N.COVENANT, j]",
    ],
)
def test_a_forbidden_read_is_found(line):
    assert list(reads(ast.parse(line))) != []


# --- what the agents read -----------------------------------------------------------------------------------------

DESK_METHODS = {"chance_to_settle", "money_there", "pay_for", "payer", "settle", "work_on"}
CASE_METHODS = {"come_back", "go_on", "is_pending"}
HOUSEHOLD_METHODS = {"bear_with", "goes_further", "next_desk"}
HOME = {"cash", "desks", "id", "model", "post", "provider", "repair_budget", "tally"}
GOVERNING = {"attention", "branch", "capture", "committee", "covenant", "effort", "facility", "open_books", "street"}


FAVOUR_OF_AGENT = ["attention", "branch", "estate.branch", "p.branch_favours"]
"""What the desk reads of the branch, where it counts hours."""


def reads_of_agent(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute):
            continue
        owner = node.value
        through = getattr(owner, "id", getattr(owner, "attr", ""))
        if through == "p" and node.attr not in MATTERS:
            yield f"p.{node.attr}"
        if through in ("estate", "home") and node.attr not in HOME:
            yield f"{through}.{node.attr}"
        if through == "provider" and node.attr != "purse":
            yield f"provider.{node.attr}"
        if node.attr in GOVERNING:
            yield node.attr


@pytest.mark.parametrize(
    ("cls", "names"),
    [
        (agents.desk.Desk, DESK_METHODS - {"work_on"}),
        (agents.case.Case, CASE_METHODS),
        (agents.household.Household, HOUSEHOLD_METHODS),
    ],
    ids=["desk", "case", "household"],
)
def test_the_agents_read_no_governance_variable_where_a_case_ends(cls, names):
    assert list(reads_of_agent(methods(cls, names))) == []


def test_the_desk_reads_of_the_branch_whom_it_favours_alone():
    assert sorted(reads_of_agent(methods(agents.desk.Desk, {"work_on"}))) == FAVOUR_OF_AGENT


@pytest.mark.parametrize("line", ["x = p.desk_power", "x = self.estate.branch", "x = self.estate.provider.kind"])
def test_a_forbidden_read_of_an_agent_is_found(line):
    assert list(reads_of_agent(ast.parse(line))) != []


# --- the covenant ---------------------------------------------------------------------------------------------------


def test_a_covenant_acts_through_the_household_alone():
    """The column is read in the household's own payment decision, and written where it signs, beside what peers do."""
    folder = Path(sim.engine.__file__).parent
    naming = {path.name for path in folder.glob("*.py") if "COVENANT" in path.read_text(encoding="utf-8")}
    assert naming == {"deliberating.py", "paying.py"}
    assert "signed" in arguments(payment.plain_utility)
    for name in sorted(path.stem for path in Path(rules.__file__).parent.glob("[a-z]*.py")):
        module = import_module(f"agents.rules.{name}")
        for _, rule in inspect.getmembers(module, lambda member: hasattr(member, "py_func")):
            if rule.__module__ == payment.__name__:
                continue
            assert not {"covenant", "signed", "b_covenant"} & arguments(rule), rule


def test_others_who_signed_do_not_bind_one():
    """On a state in which half have signed, who has not decides as if nobody had; and no case knows of it."""
    found = values("market", "managed", {"household.b_covenant": 0.5, "network.kind": 3, "network.degree": 0})
    found |= {"household.b_social": 0.0}
    s = built(found)
    run(s, found, 0, 12)
    signed = copy_state(s)
    signed.household_n[N.COVENANT, ::2] = 1
    one, other = copy_state(s), signed
    totals = [run(state, found, 12, 13)[0] for state in (one, other)]
    assert (one.household_n[N.PAID, 1::2] == other.household_n[N.PAID, 1::2]).all()
    for total in (Total.ARISEN, Total.OPENED, Total.RESOLVED, Total.WITHDRAWN, Total.CLOSED_ON_PAPER):
        assert totals[0][total] == totals[1][total]
    assert one.case_n.tobytes() == other.case_n.tobytes()


# --- a state in which only governance changes -----------------------------------------------------------------------


def busy() -> tuple[State, dict[str, Any], int]:
    """Return an estate with open cases at several desks, its desks staffed for the month, and the month."""
    worn = {"case.service": 0.06, "case.neighbour": 0.008, "case.speak_base": 0.6, "start.facility": 0.2}
    found = values("red_branch", "committee", worn | {"population.n_households": 1000})
    s = built(found, n_cases=2000)
    run(s, found, 0, 12)
    s.case[CaseReal.COST, ::2] = 0.0  # half of the cases need no money
    s.case_n[CaseWhole.ARRIVES] = 12  # and all have come where they are going
    s.desk[DeskReal.HOURS] = 1e6
    assert len(set(s.case_n[CaseWhole.DESK, : open_cases(s)].tolist())) >= 3
    return s, found, 12


def open_cases(s: State) -> int:
    from agents.rules.estate import EstateWhole

    return int(s.estate_n[EstateWhole.N_CASES, 0])


def worked(s: State, found: dict[str, Any], month: int) -> tuple[bytes, ...]:
    """Work on every case, with the desks as the state has them, and return what became of the cases."""
    state = copy_state(s)
    state.desk[DeskReal.USED] = 0.0
    p = table([found])
    for c in range(open_cases(state)):
        work_on(state, p, 0, 0, c, month)
    return state.case_n.tobytes(), state.household[H.GRIEVANCE].tobytes(), state.desk_n.tobytes()


def moving(s: State, found: dict[str, Any], month: int) -> set[str]:
    """Name the parameters, those of cases apart, on which it depends what becomes of the cases."""
    before = worked(s, found, month)
    return {
        path
        for path in PARAMETERS
        if not path.startswith(MATTERS_OF_CASES)
        and any(worked(s, found | {path: end}, month) != before for end in ends(path))
    }


def test_no_parameter_but_those_of_cases_ends_a_case_where_there_are_hours():
    """Levers and doses of harm act before: hours, skill, pace, interest, pressure to close are the desk's, set."""
    assert moving(*busy()) == set()


def test_where_hours_are_short_favours_decide_whose_case_finds_them():
    s, found, month = busy()
    s.desk[DeskReal.HOURS] = 12.0
    s.household_n[N.MEMBER, ::2] = 1
    assert moving(s, found, month) == {"branch.favours"}
    favoured = found | {"branch.favours": 1.0}
    s.branch[BranchReal.ATTENTION] = 0.0
    assert worked(s, favoured, month) == worked(s, found, month)  # a branch that does nothing favours nobody


def test_no_column_of_those_who_govern_ends_a_case_but_the_desk_s_and_the_purse():
    s, found, month = busy()
    before = worked(s, found, month)
    for matrix, columns in (("provider", P), ("branch", BranchReal), ("owners", OwnersReal)):
        for column in columns:
            changed = copy_state(s)
            getattr(changed, matrix)[column] = 0.9 - getattr(s, matrix)[column]
            assert worked(changed, found, month) == before, (matrix, column)
    for column in PN:
        if column is not PN.PURSE:
            changed = copy_state(s)
            changed.provider_n[column] += 1
            assert worked(changed, found, month) == before, column
    changed = copy_state(s)
    changed.desk[DeskReal.POWER] = 5.0  # it has made parties come, and the desk faster, when the desk was opened
    assert worked(changed, found, month) == before
    changed = copy_state(s)
    changed.household_n[N.COVENANT] = 1
    changed.owners_n[:] += 1
    changed.branch_n[:] += 1
    assert worked(changed, found, month) == before
    for matrix, rows, value in (
        ("desk", DeskReal.HOURS, 0.0),
        ("desk", DeskReal.SKILL, 1.0),
        ("desk", DeskReal.PACE, 1e-9),
        ("desk", DeskReal.INTEREST, 9.0),
        ("desk", DeskReal.PAPER, 1.0),
        ("desk", DeskReal.EASE, -9.0),
        ("provider_n", PN.PURSE, 10**9),
        ("case", CaseReal.COST, 0.0),
    ):
        changed = copy_state(s)
        getattr(changed, matrix)[rows] = value
        assert worked(changed, found, month) != before, rows
