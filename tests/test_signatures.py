"""No governance variable enters a payment decision: not by a rule's argument, not by what its caller reads.

Governance acts through money, hours, information and whom a household trusts; the decision itself knows the
household, its bill, and what is published. Said three times: of the rules' signatures, of what the two engines
read where they decide (from their source), and of a state in which only governance changes.
"""

import ast
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from estates import built, run, values

import agents.household
import sim.engine.paying
from agents.rules import arrears, payment
from agents.rules import household as rules
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.party_branch import BranchReal
from agents.rules.provider import COMMUNITY, FIRM
from agents.rules.provider import ProviderReal as P
from agents.rules.provider import ProviderWhole as PN
from sim.parameters import PARAMETERS, RECORD, Role, table
from sim.state import State, copy_state
from sim.totals import Total

# --- signatures ----------------------------------------------------------------------------------------------

OWN = {
    "area", "bailout", "belief", "bill", "covenant", "deviation", "enforcement", "flat", "gap", "grievance", "habit",
    "income", "intercept", "months", "paid", "payer_type", "perceived", "percent_of_income", "pressure",
    "rate", "reference", "signed", "suasion", "tenure", "trust", "voice", "wear",
}  # fmt: skip
"""What a household knows of itself, of its bill, and of its own dealings."""
SEEN = {
    "belief", "has_neighbours", "n_paid", "n_unpaid", "neighbours", "paid", "payoff", "published", "seen", "sum_paid",
    "sum_unpaid",
}  # fmt: skip
"""What it sees of others."""
DISPOSITION = {
    "bias", "common", "enforcement_trust", "own", "own_eyes", "self_serving", "shift_free", "shift_unconditional",
    "speed", "visibility",
}  # fmt: skip
PUBLICATION = {"open_books"}
"""How much of the accounts is published: information, the one lever that reaches the owner's eye."""
WITHIN = {"kind", "plain", "reactance", "social", "threshold"}
"""What one payment rule hands to the next; the kind is that of a decision."""

PAYMENT_RULES: tuple[Callable[..., Any], ...] = (
    arrears.bill_of,
    payment.burden,
    rules.compare_payoffs,
    payment.decision_kind,
    payment.decision_payoff,
    payment.enforcement_term,
    payment.own_readiness,
    rules.owner_sees,
    rules.payoff_belief,
    payment.pays,
    payment.plain_utility,
    rules.quality_gap,
    payment.reactance_term,
    payment.readiness,
    payment.social_term,
    payment.suasion_term,
    rules.talked_about,
    rules.update_belief,
)


def arguments(rule: Callable[..., Any]) -> set[str]:
    return set(inspect.signature(getattr(rule, "py_func", rule)).parameters)


@pytest.mark.parametrize("rule", PAYMENT_RULES, ids=lambda rule: rule.__name__)
def test_a_payment_rule_asks_for_nothing_but_the_household_and_what_is_published(rule):
    weights = {name for name in arguments(rule) if name.startswith("b_")}
    assert arguments(rule) - weights <= OWN | SEEN | DISPOSITION | PUBLICATION | WITHIN
    assert {f"household.{name}" for name in weights} <= set(PARAMETERS)


def test_no_word_allowed_above_names_a_lever():
    levers = {parameter.name for parameter in PARAMETERS.values() if parameter.role is Role.LEVER}
    assert (OWN | SEEN | DISPOSITION) & levers == set()
    assert PUBLICATION <= levers


# --- what the two engines read where they decide ----------------------------------------------------------------

PARAMETERS_READ = {"structure_billing_period", "structure_choice", "structure_learning", "structure_timing"} | {
    path.replace(".", "_") for path in PARAMETERS if path.startswith("household.")
}  # fmt: skip
COLUMNS_READ = {
    "E": {"ID", "DEBT_YOUNG"},
    "H": {column.name for column in H},
    "N": {column.name for column in N},
    "P": {"ACCRUAL", "OPEN_BOOKS", "PUBLISHED"},
    "PN": {"CONTRIBUTION", "FLAT", "KIND", "RATE", "RECEIVED", "SINCE"},
    "Total": {column.name for column in Total},
}
"""Columns of the compiled engine by the name of their stakeholder in the phase: no branch, no facility, no firm."""
MATRICES_READ = {
    "bill_flat", "bill_rate", "estate_n", "first", "household", "household_n", "key", "provider", "provider_n",
    "record", "tie", "tie_start",
}  # fmt: skip
DECIDING = {
    "answer_bill", "decide_payment", "due_to_fund", "look_at_neighbours", "quality_gap", "reconsider_debt",
    "settle_bills", "show_decision", "weigh",
}  # fmt: skip
"""Methods of the household agent in which a bill is decided."""
DECIDED_IN = (
    "pay", "_answer", "_obey_judgments", "_pay_old", "_look_around", "_compare_payoffs", "_weigh", "_decide_old_bills",
    "_decide_bills", "decision_order",
)  # fmt: skip
"""Kernels of the compiled phase in which a bill is decided."""
PROVIDER_READ = {"contribution", "flat", "open_books", "published", "rate", "since"}


def tree_of(function: ast.AST | Any) -> ast.AST:
    if isinstance(function, ast.AST):
        return function
    return ast.parse(inspect.getsource(getattr(function, "py_func", function)))


def methods(cls: type, names: set[str]) -> ast.Module:
    """Return the methods of these names, of the class and of all agents' classes that it inherits from."""
    found = []
    for base in inspect.getmro(cls):
        if base.__module__.startswith("agents."):
            source = ast.parse(Path(inspect.getsourcefile(base) or "").read_text(encoding="utf-8"))
            (own,) = (node for node in source.body if isinstance(node, ast.ClassDef) and node.name == base.__name__)
            found += [node for node in own.body if isinstance(node, ast.FunctionDef) and node.name in names]
    assert {node.name for node in found} == names
    return ast.Module(list(found), [])


def reads_of_compiled(function: Any) -> Iterator[str]:
    """Name what a phase reads beyond what is allowed: parameters, matrices, columns, kinds of provider."""
    for node in ast.walk(tree_of(function)):
        if isinstance(node, ast.Attribute):
            owner = node.value
            if isinstance(owner, ast.Subscript) and getattr(owner.value, "id", "") == "p":
                if node.attr not in PARAMETERS_READ:
                    yield f"p.{node.attr}"
            elif isinstance(owner, ast.Name) and owner.id == "s":
                if node.attr not in MATRICES_READ:
                    yield f"s.{node.attr}"
            elif isinstance(owner, ast.Name) and node.attr.isupper():
                if node.attr not in COLUMNS_READ.get(owner.id, ()):
                    yield f"{owner.id}.{node.attr}"
        elif isinstance(node, ast.Name) and node.id in ("COMMUNITY", "FIRM", "COMMITTEE", "BRANCH"):
            yield node.id


def reads_of_agent(tree: ast.AST) -> Iterator[str]:
    """Name what the household's deciding methods read beyond what is allowed."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value
            if isinstance(owner, ast.Name) and owner.id == "p" and node.attr not in PARAMETERS_READ:
                yield f"p.{node.attr}"
            through = getattr(owner, "id", getattr(owner, "attr", ""))
            if through == "provider" and node.attr not in PROVIDER_READ:
                yield f"provider.{node.attr}"
            if through == "p" and not isinstance(owner, ast.Name) and node.attr not in PARAMETERS_READ:
                yield f"model.p.{node.attr}"
            if through == "home" and node.attr not in {
                "bills_of", "debt_young", "id", "provider", "settle_debt", "tally",
            }:  # fmt: skip
                yield f"home.{node.attr}"
            if node.attr in ("branch", "committee", "facility", "street"):
                yield node.attr
        elif isinstance(node, ast.Name) and node.id in ("COMMUNITY", "FIRM", "COMMITTEE", "BRANCH"):
            yield node.id


DECIDING_PARTS = (
    "pay", "_answer", "_obey_judgments", "_pay_old", "_look_around", "_compare_payoffs", "_weigh", "_decide_old_bills",
    "_decide_bills",
)  # fmt: skip
"""Parts of the compiled phase in which a bill is decided."""


@pytest.mark.parametrize("part", DECIDING_PARTS)
def test_the_compiled_phase_reads_no_governance_variable(part):
    assert list(reads_of_compiled(getattr(sim.engine.paying, part))) == []


def test_no_part_of_the_compiled_phase_is_left_out():
    """Every function that the phase calls in its own module is looked at, but for the order and the booking."""
    called = set()
    for part in DECIDING_PARTS:
        for node in ast.walk(tree_of(getattr(sim.engine.paying, part))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                called.add(node.func.id)
    source = ast.parse(inspect.getsource(sim.engine.paying))
    own = called & {node.name for node in source.body if isinstance(node, ast.FunctionDef)}
    assert own - set(DECIDING_PARTS) == {"decision_order", "settle"}


def test_the_agent_reads_no_governance_variable():
    assert list(reads_of_agent(methods(agents.household.Household, DECIDING))) == []


@pytest.mark.parametrize(
    "line",
    [
        "x = p[i].branch_attention",
        "x = p[i].street_subsidy",
        "x = s.branch[B.ATTENTION, e]",
        "x = s.provider[P.SKILL, e]",
        "x = s.provider_n[PN.KIND, e] == FIRM",
        "x = s.facility",
    ],
)
def test_a_forbidden_read_in_the_compiled_phase_is_found(line):
    assert list(reads_of_compiled(ast.parse(line))) != []


@pytest.mark.parametrize(
    "line",
    [
        "x = p.branch_attention",
        "x = self.model.p.street_subsidy",
        "x = self.home.provider.kind",
        "x = provider.skill",
        "x = self.home.branch.attention",
        "x = self.home.attention",
    ],
)
def test_a_forbidden_read_of_the_agent_is_found(line):
    assert list(reads_of_agent(ast.parse(line))) != []


# --- a state in which only governance changes --------------------------------------------------------------------

SIZE = {"population.n_households": 200}


def after_some_months() -> tuple[State, dict[str, Any]]:
    """Return an estate in which contacts, debts and every belief are in motion, before month 12 is decided."""
    found = values("red_station", "trapped", SIZE | {"contact.cadre_hours": 20.0, "contact.press": 0.4})
    state = built(found)
    run(state, found, 0, 12)
    state.household_n[N.CONTACT] = 1
    state.record[:] = 0
    state.flow[:] = 0
    return state, found


def decided(state: State, found: dict[str, Any]) -> tuple[bytes, ...]:
    """Return everything that the decisions on bills and debts leave behind."""
    work = copy_state(state)
    sim.engine.paying.pay(work, table([found]), 0, 12)
    kept = (N.PAID, N.KIND, N.UNPAID, N.DECIDED)
    return (*(work.household_n[column].tobytes() for column in kept), work.household[H.BELIEF].tobytes())


def test_no_lever_moves_a_decision():
    """Publication does, through what is open this month: a column, settled before."""
    state, found = after_some_months()
    before, moved = decided(state, found), set()
    for path, parameter in PARAMETERS.items():
        if parameter.role is Role.LEVER:
            for end in parameter.range or parameter.valid:
                if decided(state, found | {path: int(end) if parameter.integer else end}) != before:
                    moved.add(path)
    assert moved == set()


def test_no_column_of_those_who_govern_moves_a_decision_but_the_bill_and_what_is_published():
    state, found = after_some_months()
    before, moved = decided(state, found), set()
    for matrix, columns in (("provider", P), ("branch", BranchReal), ("facility", None), ("firm", None)):
        part = getattr(state, matrix)
        for row in range(len(part)):
            changed = copy_state(state)
            getattr(changed, matrix)[row] = 0.9 - part[row]
            if decided(changed, found) != before:
                moved.add(columns(row).name if columns else matrix)
    assert moved == {"OPEN_BOOKS", "PUBLISHED"}
    for kind in (COMMUNITY, FIRM):
        changed = copy_state(state)
        changed.provider_n[PN.KIND] = kind
        changed.provider_n[PN.SUPPORT] += 10_000
        changed.branch_n[:] += 3
        changed.firm_n[:] += 3
        assert decided(changed, found) == before
    dearer = copy_state(state)
    dearer.provider_n[PN.RATE] += 30
    assert decided(dearer, found) != before
    charged_for_more = copy_state(state)
    charged_for_more.provider_n[PN.CONTRIBUTION] += 30
    assert decided(charged_for_more, found) != before


def test_every_column_that_the_decision_may_read_exists():
    """The lists above are no wish list: a renamed column must be renamed here too."""
    for name, columns in (("P", P), ("PN", PN)):
        assert COLUMNS_READ[name] <= {column.name for column in columns}
    assert MATRICES_READ <= set(State._fields)
    assert "structure_choice" in set(RECORD.names or ())
