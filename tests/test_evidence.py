"""Is every fact checked as it is read, has it one role, and is the split into roles frozen?"""

import hashlib
import re
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.facts import ROLES, evidence_hash, facts, frozen_split, roles, split_hash
from sim.facts.fact import Number
from sim.scenarios import data_folder

FOLDER = data_folder() / "evidence"
HEAD = 'schema = 1\norder = 1\ntitle = "Firms"\nabout = "What firms earn."\n'
FACT = """
[[fact]]
id = "E1"
figure = "a third unpaid"
numbers = [{ of = "share unpaid", value = 0.33, unit = "share" }]
measures = "bills unpaid"
place = "Danyang"
year = "2025"
source = "Danyang Daily"
urls = ["https://example.org/1"]
grade = "B"
role = "pattern"
why = "It is to be reached."
"""


def written(folder: Path, *bodies: str) -> Path:
    """Write one file of facts per body: firms.toml, then later.toml."""
    for name, body in zip(("firms", "later"), bodies, strict=False):
        (folder / f"{name}.toml").write_text(HEAD + body, encoding="utf-8")
    return folder


# --- what a file may say -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('role = "pattern"', 'role = "patern"',
         ':16: E1: role = "patern" is not a role of a fact; did you mean pattern?'),
        ('grade = "B"', 'grade = "D"',
         ':15: E1: grade = "D" is not a grade of a fact; there are: A, Am, B, Bm, C, C-, Cm, none'),
        ('why = "It is to be reached."', "", ":6: E1: the key why is missing"),
        ('why = "It is to be reached."', 'why = " "', ':17: E1: why = "" (text) is empty'),
        ('why = "It', 'wy = "It', ":17: E1: wy is not a key of a fact; did you mean why?"),
        ('id = "E1"', 'id = "E01"', ':7: fact 1: id = "E01" is no code of a fact: a letter and a number, as in C14'),
        ('id = "E1"', "id = 1", ":7: fact 1: id = 1 (a number) must be text in quotes"),
        ("https://example.org/1", "example.org",
         ":14: E1: urls has 'example.org', which is no address that begins with http:// or https://"),
        ("value = 0.33", "valu = 0.33", ":9: E1: valu is not a key of a figure; did you mean value?"),
        ("value = 0.33", "value = 0.33, low = 0.3",
         ":9: E1: numbers needs exactly one of: value; low, high or both; values"),
        ("value = 0.33", "low = 0.4, high = 0.3", ":9: E1: numbers has low = 0.4 above high = 0.3"),
        ("value = 0.33", "value = nan", ":9: E1: numbers has a figure that is not finite"),
        ("value = 0.33", 'values = { "2025" = 0.33 }',
         ":9: E1: numbers has values for fewer than two names; write value for one"),
        ('unit = "share"', 'unit = ""', ':9: E1: numbers.unit = "" (text) is empty'),
        ('why = "It', 'success_story = true\nwhy = "It',
         ':6: E1 has the role pattern, but a success story can only have "comparison"'),
        ('role = "pattern"', 'role = "none"',
         ':6: E1 must have role = "none" and grade = "none" together, or neither'),
        ('why = "It', 'shares = ["E2"]\nwhy = "It',
         ":17: E1 shares observations with E2; of E there are E1"),
        ('why = "It', 'shares = ["E1"]\nwhy = "It',
         ":17: E1 shares observations with itself; name another fact"),
        ("\n[[fact]]", "\n[[fakt]]", ":6: fakt is not a key of a file of facts; did you mean fact?"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_file_line_and_fact(tmp_path, old, new, told):
    assert old in FACT
    with pytest.raises(InputError) as raised:
        facts(written(tmp_path, FACT.replace(old, new)))
    assert str(raised.value) == f"scenarios/evidence/firms.toml{told}"


def test_a_code_stands_once_in_all_files(tmp_path):
    with pytest.raises(InputError) as raised:
        facts(written(tmp_path, FACT, "\n" + FACT))
    told = "scenarios/evidence/later.toml:8: there is a fact E1 already, in scenarios/evidence/firms.toml:7"
    assert str(raised.value) == told


def test_a_file_that_is_empty_or_missing_is_told(tmp_path):
    with pytest.raises(InputError, match=r"no facts are installed: expected files such as collection\.toml$"):
        facts(tmp_path)
    (tmp_path / "later.toml").write_text("", encoding="utf-8")
    with pytest.raises(
        InputError, match=r"^scenarios/evidence/later\.toml: the file is empty; a table of facts begins"
    ):
        facts(tmp_path)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ({"value": 0.33}, "x: 0.33 share"),
        ({"low": 0.3}, "x: at least 0.3 share"),
        ({"high": 0.3}, "x: at most 0.3 share"),
        ({"low": 0.3, "high": 0.4}, "x: 0.3 to 0.4 share"),
        ({"values": {"2018": 0.8, "2023": 127434}}, "x: 2018 0.8, 2023 127434 share"),
    ],
)
def test_a_figure_is_written_with_its_unit(number, text):
    assert str(Number(of="x", unit="share", **number)) == text


# --- the facts that come with linli --------------------------------------------------------------------------


def test_facts_that_are_fitted_searched_or_tested_have_figures():
    """Four trials tell a direction alone; they can be fitted by sign only."""
    bare = {f.id for f in facts().by_id.values() if f.role in ("fit", "pattern", "validation") and not f.numbers}
    assert bare == {"B3", "B5", "X17", "X18"}


def test_sharing_is_seen_from_both_sides():
    known = facts()
    assert {"E1", "R4"} <= set(known.sharing("C13"))
    assert all(fact.id in known.sharing(other) for fact in known.by_id.values() for other in fact.shares)


def test_who_reports_his_own_success_is_only_shown():
    stories = {fact.id for fact in facts().by_id.values() if fact.success_story}
    assert {*(f"C2{n}" for n in range(8)), "C28", "C31", *(f"C3{n}" for n in range(4, 8)), "D4", "D19", "D20", "D24",
            "M6"} <= stories  # fmt: skip
    assert {roles()[story] for story in stories} == {"comparison"}


# --- the split -----------------------------------------------------------------------------------------------


def test_the_roles_are_those_that_were_frozen():
    """A role that changes is written into the file with the new hash, and into the changelog with the reason."""
    assert split_hash() == frozen_split(), "roles of facts have changed: see docs/extending.md, A fact"


def test_the_split_is_hashed_as_it_is_described():
    lines = "".join(sorted(f"{code} {role}\n" for code, role in roles().items()))
    assert hashlib.sha256(lines.encode()).hexdigest() == split_hash()


def test_what_was_decided_beforehand_stands():
    having = {role: {code for code, of in roles().items() if of == role} for role in ROLES}
    assert having["pattern"] == {"C7", "C14", "C16", "E1", "E7", "E8", "O3"}
    assert having["fit"] >= {"C5", "C12", "D2", "D7", "O1", "X1", "X7", "X8", "X17", "X19"}
    assert having["validation"] >= {"C10", "C13", "C30", "D6", "D12", "D16", "X20"}


def changed(tmp_path: Path, pattern: str, to: str) -> tuple[str, str]:
    """Copy the facts, change one place in one file, and return both hashes."""
    for path in FOLDER.glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    text = (FOLDER / "firms.toml").read_text(encoding="utf-8")
    new = re.sub(pattern, to, text, count=1, flags=re.DOTALL)
    assert new != text
    (tmp_path / "firms.toml").write_text(new, encoding="utf-8")
    table = facts(tmp_path)
    return evidence_hash(table), split_hash(table)


def test_a_changed_role_changes_both_hashes(tmp_path):
    evidence, split = changed(tmp_path, 'role = "pattern"', 'role = "validation"')
    assert evidence != evidence_hash()
    assert split != frozen_split()


def test_a_changed_figure_changes_the_evidence_but_not_the_split(tmp_path):
    evidence, split = changed(tmp_path, "value = 0.87", "value = 0.88")
    assert evidence != evidence_hash()
    assert split == split_hash()


def test_order_and_layout_change_nothing(tmp_path):
    first, second = r'(\[\[fact\]\]\nid = "E1".*?)', r'(\[\[fact\]\]\nid = "E2".*?)'
    assert changed(tmp_path, rf"{first}{second}(?=\[\[fact)", r"# turned\n\2\n\1") == (evidence_hash(), split_hash())


def test_a_fact_that_is_left_out_changes_the_split(tmp_path):
    assert changed(tmp_path, r'\[\[fact\]\]\nid = "E2".*?(?=\[\[fact)', "")[1] != split_hash()
