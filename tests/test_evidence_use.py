"""Does no number of the model lean on a fact whose role forbids it? The sources of all of them are read."""

import dataclasses
import re

import pytest

from sim.facts import Use, cited_in, counted_twice, facts, refused, roles, uses
from sim.facts.citations import codes_in, is_permitted, sources
from sim.odd import ROOT
from sim.parameters import PARAMETERS
from sim.scenarios import list_scenarios
from sim.scenarios.catalog import load

TO_MEND: set[tuple[str, str, str]] = set()
"""Fact, file and number of every source that its fact's role forbids: none may be added."""


def places(found):
    return {(fact, use.where.partition(":")[0], use.parameter) for fact, use in found}


# --- how sources are read ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "named", "leans"),
    [
        ("evidence C1 to C3, R1 (x); mechanisms F5", {"C1", "C3", "R1"}, {"C1", "C2", "C3", "R1"}),
        ("Evidence E1-E3 and P7.", {"E1", "E3", "P7"}, {"E1", "E2", "E3", "P7"}),
        ("evidence D10 to D12", {"D10", "D12"}, {"D10", "D11", "D12"}),
        ("evidence D16 to D19", {"D16", "D19"}, {"D16", "D19"}),
        ("evidence C99", {"C99"}, set()),
        ("assumed; no source (evidence T7)", {"T7"}, {"T7"}),
        ("Castro & Scartascini 2015; Del Carpio 2014", set(), {"X7", "X8"}),
        ("paving RCT: +0.1 = 0.32 logit", set(), {"X1"}),
        ("mechanisms C2; target P11 of mechanisms 7", set(), set()),
    ],
)
def test_a_source_names_facts_by_code_range_and_alias(source, named, leans):
    assert set(codes_in(source)) == named
    assert set(cited_in(source)) == leans


def test_an_alias_stands_for_one_fact():
    aliases = [alias for fact in facts().by_id.values() for alias in fact.aliases]
    assert [cited_in(alias) for alias in aliases if len(cited_in(alias)) != 1] == []


def test_the_sources_of_all_numbers_are_read():
    found = {(use.where.partition(":")[0], use.parameter) for _, use in sources()}
    assert {path for where, path in found if where == "default"} == set(PARAMETERS)
    for info in list_scenarios():
        scenario = load(info.name, (info.kind,))
        own = set(re.findall(r"source = ", "\n".join(text.text for text in scenario.texts[:1])))
        assert not own or scenario.file in {where for where, _ in found}, scenario.file


# --- what may be leant on ------------------------------------------------------------------------------------


def test_every_fact_that_a_number_names_exists():
    missing = {(code, str(use)) for text, use in sources() for code in codes_in(text) if code not in roles()}
    assert missing == set()


def test_no_number_leans_on_a_fact_that_its_role_forbids():
    """What has been mended is taken out of the table, and nothing comes in."""
    found = places(refused())
    assert found - TO_MEND == set(), "a default or a range may not come from these facts: see docs/evidence.md"
    assert TO_MEND - found == set(), "mended: take these out of TO_MEND"


@pytest.fixture
def cite(monkeypatch):
    """Give a function that lets a parameter cite facts."""

    def change(path: str, source: str) -> None:
        parameter = dataclasses.replace(PARAMETERS[path], source=source)
        monkeypatch.setattr("sim.parameters.PARAMETERS", {**PARAMETERS, path: parameter})
        uses.cache_clear()

    yield change
    uses.cache_clear()


def test_a_number_that_begins_to_lean_on_a_success_story_is_found(cite):
    cite("household.b_trust", "evidence B1, C21 (Beixinjing)")
    assert places(refused()) - TO_MEND == {("C21", "default", "household.b_trust")}


def test_a_number_that_leans_on_what_is_fitted_counts_it_twice(cite):
    before = places(counted_twice())
    cite("household.b_trust", "evidence D2 and B1")
    assert places(counted_twice()) - before == {("D2", "default", "household.b_trust")}
    assert {roles()[fact] for fact, _, _ in before} <= {"pattern", "fit"}


@pytest.mark.parametrize("role", ["range", "pattern", "fit", "validation", "comparison", "none"])
def test_roles_permit_what_they_say(role):
    plain, honest = Use("a.b", "default", "evidence T7"), Use("a.b", "default", "assumed; no source (evidence T7)")
    assert is_permitted(role, plain) == (role in ("range", "pattern", "fit"))
    assert is_permitted(role, honest) == (role in ("range", "pattern", "fit", "none"))


def test_what_leans_on_a_fact_without_a_source_says_that_it_is_assumed():
    found = {code: use.source for text, use in sources() for code in codes_in(text) if roles()[code] == "none"}
    assert {"T7", "U3", "U4"} <= set(found)
    assert [source for source in found.values() if "assumed" not in source] == []


def test_sources_name_facts_and_no_section_that_only_repeats_them():
    """Law is L7 to L9, what was never sourced U3 and U4, the lag of what is noticed Y1."""
    pointing = r"[Ee]vidence (\w+, )*section (6|10|13)\b|, section (6|10|13)\b"
    assert [str(use) for text, use in sources() if re.search(pointing, text)] == []


def test_a_code_stands_behind_the_word_that_says_whose_it_is():
    """`hotline rate D1` would name a fact that no list of facts can find."""
    code = r"[A-Z]?\d[\w.]*"
    notes = rf"(?:mechanisms|feasibility|model\.md|target|searched for) {code}(?:(?:, | and | to ){code})*"
    others = {"seed article (S1)", "model.md 1: M1 is paid from fees", "assumed; F9 with more"}
    alone = {
        text
        for text, _ in sources()
        if set(re.findall(r"(?<!\w)[A-Z]\d{1,2}\b", re.sub(notes, "", text))) - set(codes_in(text))
    }
    assert alone == others


def test_every_code_that_a_source_names_stands_in_the_document_of_facts():
    page = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
    named = {code for text, _ in sources() for code in codes_in(text)}
    assert [code for code in sorted(named) if f"\n| {code} | " not in page] == []
