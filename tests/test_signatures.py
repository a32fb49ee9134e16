"""No governance variable enters a payment decision: not by a rule's argument, not by what its caller reads.

Governance acts through money, hours, information and whom a household trusts; the decision itself knows the
household, its bill, and what is published. Said three times: of the rules' signatures, of what the two engines
read where they decide (from their source), and of a state in which only governance changes
(`test_signatures_state.py`).
"""

import ast
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import agents.household
import sim.engine.paying
from agents.rules import arrears, payment
from agents.rules import household as rules
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.provider import ProviderReal as P
from agents.rules.provider import ProviderWhole as PN
from sim.parameters import PARAMETERS, RECORD, Role
from sim.state import State
from sim.totals import Total

# --- signatures ----------------------------------------------------------------------------------------------

OWN = {
    "area", "bailout", "belief", "bill", "covenant", "deviation", "enforcement", "flat", "gap", "grievance",
    "habit", "income", "intercept", "irritation", "months", "paid", "payer_type", "perceived", "percent",
    "percent_of_income", "presser", "pressure", "rate", "reference", "signed", "suasion", "tenure", "trust",
    "voice", "wear",
}  # fmt: skip
"""What a household knows of itself, of its bill, and of its own dealings."""
BODIES = {"branch", "committee"}
"""Bodies by whose visitors it was pressed: of each no more is known than the household's own trust in it."""
LUCK = {"choice", "disposition", "inattention", "persistence", "u"}
"""A bill's luck and the household's lasting one, their law, and the luck of forgetting."""
DEBTS = {"age", "claim_months", "forgotten", "lowest", "since", "unpaid"}
"""Its unpaid bills, and for how long whoever claims them has served."""
REACHED = {"amount", "contact", "dose", "notice", "passed_on", "reached"}
"""Whether it was reached this month, how a notice was put, and what a tenant passes on: information."""
AGREEMENT = {"share"}
"""The part of its debts that it agreed to pay before the court: money."""
SEEN = {
    "belief", "has_neighbours", "n_paid", "n_unpaid", "neighbours", "paid", "payoff", "published", "seen", "sum_paid",
    "n_ties", "sum_unpaid",
}  # fmt: skip
"""What it sees of others."""
DISPOSITION = {
    "bias", "channel", "common", "enforcement_trust", "growth", "own", "own_eyes", "self_serving", "shift_free",
    "shift_unconditional", "speed", "usual", "visibility", "weight",
}  # fmt: skip
PUBLICATION = {"open_books"}
"""How much of the accounts is published: information, the one lever that reaches the owner's eye."""
WITHIN = {"kind", "plain", "reactance", "reasons", "social", "threshold"}
"""What one payment rule hands to the next; the kind is that of a decision."""

PAYMENT_RULES: tuple[Callable[..., Any], ...] = (
    arrears.bill_of,
    arrears.bills_agreed,
    arrears.claimable,
    arrears.oldest_debt,
    arrears.owes,
    payment.aged_threshold,
    payment.all_reasons,
    payment.attends,
    payment.bill_threshold,
    payment.burden,
    payment.burden_felt,
    rules.compare_payoffs,
    payment.decision_kind,
    payment.decision_payoff,
    payment.enforcement_term,
    payment.irritation_term,
    payment.is_forgotten,
    payment.lasting_luck,
    payment.lowest_in_a_month,
    rules.notified,
    payment.own_luck,
    payment.own_readiness,
    rules.owner_hears,
    rules.owner_sees,
    rules.payoff_belief,
    payment.pays,
    payment.pays_debt,
    payment.plain_utility,
    rules.quality_gap,
    rules.reached_by,
    payment.reactance_term,
    payment.readiness,
    payment.ready_for,
    payment.recalls,
    payment.social_term,
    payment.suasion_term,
    rules.talked_about,
    payment.trust_in_presser,
    rules.update_belief,
    rules.weight_of_seen,
)
BOOKING = {
    "add_debt", "debt_class", "is_due", "over_months", "over_period", "pay_debt", "place_in_order", "share",
}  # fmt: skip
"""Rules that count, order and book: months of a bill, bits of what is unpaid, places in a random order."""


def arguments(rule: Callable[..., Any]) -> set[str]:
    return set(inspect.signature(getattr(rule, "py_func", rule)).parameters)


@pytest.mark.parametrize("rule", PAYMENT_RULES, ids=lambda rule: rule.__name__)
def test_a_payment_rule_asks_for_nothing_but_the_household_and_what_is_published(rule):
    weights = {name for name in arguments(rule) if name.startswith("b_")}
    known = OWN | BODIES | LUCK | DEBTS | REACHED | AGREEMENT | SEEN | DISPOSITION | PUBLICATION | WITHIN
    assert arguments(rule) - weights <= known
    assert {f"household.{name}" for name in weights} <= set(PARAMETERS)


def test_every_rule_of_payment_is_looked_at():
    own = {name for name, rule in inspect.getmembers(payment) if getattr(rule, "__module__", "") == payment.__name__}
    assert own - {rule.__name__ for rule in PAYMENT_RULES} == set()


def test_no_word_allowed_above_names_a_lever():
    levers = {parameter.name for parameter in PARAMETERS.values() if parameter.role is Role.LEVER}
    assert (OWN | LUCK | DEBTS | REACHED | AGREEMENT | SEEN | DISPOSITION) & levers == set()
    assert PUBLICATION <= levers


# --- what the two engines read where they decide ----------------------------------------------------------------

READ_OF_OTHERS = {
    "case_suit_paid": "money: the part of the debts that was agreed on before the court",
    "contact_notice": "information: what a notice, here of a court, tells of enforcement",
}
"""Parameters beyond the household's own that are read where bills are decided, and which channel each is."""
STRUCTURE = {
    "structure_billing_period", "structure_choice", "structure_learning", "structure_price_channel", "structure_timing",
}  # fmt: skip
"""Rival ways in which all households decide; no form sets them. How a price is felt is one."""
PARAMETERS_READ = (
    STRUCTURE | set(READ_OF_OTHERS) | {path.replace(".", "_") for path in PARAMETERS if path.startswith("household.")}
)
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
    "answer_bill", "attends", "bill_issued", "decide_payment", "due_to_fund", "look_at_debts", "look_at_neighbours",
    "owe", "pay_as_told", "pay_old_bill", "quality_gap", "settle_bills", "show_decision", "threshold", "weigh",
}  # fmt: skip
"""Methods of the household agent in which a bill is decided."""
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
    "pay", "_answer", "_look", "_decide_in_turn", "_plain", "_obey_judgments", "_pay_old", "_look_around",
    "_compare_payoffs", "_attend", "_weigh", "_look_at_debts", "_pay_debts", "_decide_bills", "_forget",
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
    others = {"bool", "float", "int", "min", "range", "uniform", "draw_row"}
    rules_called = called - own - others
    assert rules_called - {rule.__name__ for rule in PAYMENT_RULES} - BOOKING == set()


def test_no_method_in_which_the_agent_decides_is_left_out():
    """Every method of its own that a deciding method calls is looked at, but for the draws' and the contact's names."""
    called = {
        node.func.attr
        for node in ast.walk(methods(agents.household.Household, DECIDING))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and getattr(node.func.value, "id", "") == "self"
    }
    assert called - DECIDING == set()


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


def test_every_column_that_the_decision_may_read_exists():
    """The lists above are no wish list: a renamed column must be renamed here too."""
    for name, columns in (("P", P), ("PN", PN)):
        assert COLUMNS_READ[name] <= {column.name for column in columns}
    assert MATRICES_READ <= set(State._fields)
    assert "structure_choice" in set(RECORD.names or ())
