"""What `linli evidence` shows, and what every receipt says of the evidence."""

import json
import re
from pathlib import Path

import pytest
from command import SMALL, linli
from rich.cells import cell_len

import sim
from sim.facts import evidence_hash, facts, roles, split_hash
from sim.stored import manifest_of

__all__ = ["linli"]  # a fixture

# --- receipts ------------------------------------------------------------------------------------------------


def test_a_result_keeps_both_hashes(linli, tmp_path):
    assert linli("run", "market", *SMALL, "--out", "kept", "--no-figures", "--quiet").code == 0
    manifest = manifest_of(tmp_path / "kept")
    assert manifest["evidence"] == {"facts": evidence_hash(), "split": split_hash()}


def test_every_receipt_names_the_evidence():
    """Wherever the code that ran is written down, the facts are too."""
    folder = Path(sim.__file__).parent
    texts = {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.py")}
    receipts = {path for path, text in texts.items() if re.search(r'"code": (receipt\.)?commit\(\)', text)}
    assert len(receipts) >= 3
    assert all(re.search(r'"evidence": (receipt\.)?evidence\(\)', texts[path]) for path in receipts)


# --- the command ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [(), ("--used",), ("C14", "D21", "T7", "S14"), ("--role", "fit")])
def test_lists_fit_a_hundred_columns(linli, arguments):
    said = linli("evidence", *arguments)
    assert said.code == 0
    assert max(map(cell_len, said.out.splitlines())) <= 100


def test_every_fact_is_listed_with_role_and_grade(linli):
    rows = re.findall(r"^([A-Z]\d+) +(\w+) +(\S+) ", linli("evidence").out, re.MULTILINE)
    assert rows == [(fact.id, fact.role, fact.grade) for fact in facts().by_id.values()]


def test_a_role_chooses_its_facts(linli):
    found = linli("evidence", "--role", "pattern", "--json").data["facts"]
    assert [fact["id"] for fact in found] == [code for code, role in roles().items() if role == "pattern"]


def test_used_leaves_out_what_nothing_leans_on(linli):
    found = {fact["id"]: fact["used_by"] for fact in linli("evidence", "--used", "--json").data["facts"]}
    assert all(found.values())
    assert "C16" not in found
    assert "P2" in found


def test_a_fact_in_full_says_all_about_it(linli):
    said = linli("evidence", "C14").out
    fact = facts()["C14"]
    flat = " ".join(said.split())
    for text in (
        fact.figure,
        fact.why,
        fact.measures,
        *fact.urls,
        "observations with P5 (range)",
        facts().where["C14"],
    ):
        assert text in flat
    assert "Roles as frozen" in flat


def test_data_hold_everything(linli):
    data = linli("evidence", "C14", "--json").data
    (fact,) = data["facts"]
    assert (data["split"], data["split_is_frozen"], data["evidence"]) == (split_hash(), True, evidence_hash())
    assert fact["theme"] == "collection"
    assert fact["numbers"][0] == {"of": "households not in arrears", "value": 0.537, "unit": "share"}
    assert {use["parameter"] for use in fact["used_by"]} <= {"start.paid"}
    assert json.loads(json.dumps(data)) == data


def test_roles_that_were_changed_are_told(linli, monkeypatch):
    monkeypatch.setattr("sim.facts.telling.frozen_split", lambda: "0123456789abcdef")
    assert "Roles not as frozen (0123456789ab): " in linli("evidence", "--role", "fit").out
    assert linli("evidence", "C14", "--json").data["split_is_frozen"] is False


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("c14",), "linli: there is no fact c14; did you mean C14?"),
        (("Y9",), "linli: there is no fact Y9; of Y there are Y1, Y2, Y3"),
        (
            ("Q1",),
            "linli: there is no fact Q1; codes begin with B, C, D, E, H, L, M, N, O, P, R, S, T, U, X or Y, as in S1",
        ),
        (("--role", "patern"), "linli: there is no role patern; did you mean pattern?"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_told(linli, arguments, told):
    said = linli("evidence", *arguments)
    assert (said.code, said.err.strip()) == (2, told)


def test_python_gives_the_same(linli):
    assert str(sim.evidence("C14")).splitlines() == linli("evidence", "C14").out.splitlines()
    assert [fact.id for fact in sim.evidence(role="pattern").facts] == ["C7", "C14", "C16", "E1", "E7", "E8", "O3"]
