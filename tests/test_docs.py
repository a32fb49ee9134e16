"""The documents say what the code does: tables without drift, links that lead somewhere, examples that run."""

import importlib
import json
import re
import shutil
from itertools import chain
from pathlib import Path

import pytest

import agents.rules
from sim.errors import InputError
from sim.facts import roles
from sim.facts.citations import codes_in
from sim.manifest import model_hash
from sim.odd import PARTS, ROOT, documents, main, refreshed
from sim.odd.declarations import drawn_in, is_read
from sim.odd.pictures import PICTURES, stale
from sim.odd.submodels import all_rules, used_in
from sim.parameters import PARAMETERS
from sim.scenarios import list_scenarios
from sim.scenarios.catalog import load
from sim.schedule import SCHEDULE

DOCUMENTS = documents()
README = ROOT / "README.md"
ODD = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
SOURCES = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")

each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)


# --- generated parts -----------------------------------------------------------------------------------------


@each_document
def test_generated_parts_are_those_of_the_code(path):
    assert refreshed(path.read_text(encoding="utf-8"), path.name) == path.read_text(encoding="utf-8"), (
        "run python -m sim.odd"
    )


def test_the_figures_of_the_documents_show_this_version():
    assert stale(ROOT / "docs" / "figures") == [], "run python -m sim.odd"
    shown = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    there = {path.stem for path in (ROOT / "docs" / "figures").glob("*.png")}
    assert there == set(PICTURES)
    assert all(f"figures/{name}.png" in shown for name in there)


def test_a_figure_of_another_version_is_found(tmp_path):
    folder = tmp_path / "docs" / "figures"
    folder.mkdir(parents=True)
    (folder / "made.json").write_text(json.dumps({"payment": "0123", "failures": model_hash()}))
    assert stale(folder) == ["payment"]


def test_the_documents_hold_every_generated_part_once():
    held = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    assert sorted(re.findall(r"^<!-- generated: (.*) -->$", held, re.MULTILINE)) == sorted(PARTS)


@pytest.fixture
def checkout(tmp_path):
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "odd.md", tmp_path / "docs")
    return tmp_path


def test_a_number_that_drifted_is_found_and_put_right(checkout, capsys):
    document = checkout / "docs" / "odd.md"
    assert main(["--check"], checkout) == 0
    drifted = ODD.replace("| `b_trust` | `b_T` | weight of trust in the provider | 1.4 |", "| `b_trust` | 7 |")
    assert drifted != ODD
    document.write_text(drifted, encoding="utf-8")
    assert main(["--check"], checkout) == 1
    assert capsys.readouterr().out == "docs/odd.md is out of date: run python -m sim.odd\n"
    assert document.read_text(encoding="utf-8") == drifted
    assert main([], checkout) == 0
    assert document.read_text(encoding="utf-8") == ODD


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a\n<!-- generated: rule -->\n<!-- end -->", "x.md:2: there is no generated part rule; did you mean rules?"),
        ("<!-- generated: rules -->\n", "x.md: generated part rules has no <!-- end -->"),
        (
            "<!-- generated: draws -->\n<!-- generated: rules -->",
            "x.md:2: generated part rules opens inside draws",
        ),
    ],
)
def test_marks_that_do_not_fit_are_named(text, told):
    with pytest.raises(InputError, match=f"^{re.escape(told)}$"):
        refreshed(text, "x.md")


def test_what_others_mark_is_left_alone():
    text = "<!-- screen -->\nas it was\n<!-- end -->\n"
    assert refreshed(text) == text


def test_a_wrong_call_is_refused(tmp_path, capsys):
    assert main(["--chekc"]) == 2
    assert main([], tmp_path) == 2
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "linli: unknown arguments --chekc; use python -m sim.odd [--check]"
    assert told[1] == f"linli: {tmp_path} has no folder docs; run python -m sim.odd in a checkout of linli"


# --- nothing is missing, nothing is idle ---------------------------------------------------------------------


def test_every_rule_is_described():
    """Found here by importing, there by reading the source."""
    folder = Path(agents.rules.__file__).parent
    modules = [importlib.import_module(f"agents.rules.{path.stem}") for path in sorted(folder.glob("*.py"))]
    compiled = {
        (module.__name__.rpartition(".")[2], name)
        for module in modules
        for name, thing in vars(module).items()
        if hasattr(thing, "py_func") and thing.__module__ == module.__name__
    }
    assert {(rule.module, rule.name) for rule in all_rules()} == compiled
    assert not [rule.name for rule in all_rules() if f"\ndef {rule.name}(" not in ODD or not rule.doc]


def test_every_rule_is_used():
    """A rule that no phase uses serves the start or the documents, and then a module of `sim` calls it."""
    phases = set(chain.from_iterable(used_in(phase.name) for phase in SCHEDULE))
    elsewhere = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "sim").rglob("*.py"))
    idle = [rule.name for rule in all_rules() if rule.name not in phases and f"{rule.name}(" not in elsewhere]
    assert idle == []


def test_every_parameter_is_read_or_marked():
    marked = set(re.findall(r"^\| `(\w+)` .*\(declared; nothing reads it yet\)", ODD, re.MULTILINE))
    assert marked == {p.name for p in PARAMETERS.values() if not is_read(p.path)}
    assert is_read("household.b_trust")
    assert not is_read("household.no_such_thing")


def test_what_is_drawn_is_found():
    from sim.draws import Draw

    assert "sim/engine/paying.py" in drawn_in(Draw.ATTENDS_TO_BILLS)
    assert "sim/engine/noticing.py" in drawn_in(Draw.NOISE)  # by the block that it shares with PAY
    assert drawn_in(Draw.AREA) == ["sim/population.py"]


# --- sources -------------------------------------------------------------------------------------------------


def all_sources():
    """Return the text of every source that a parameter, a scenario file or a rule names."""
    found = [parameter.source for parameter in PARAMETERS.values()]
    for info in list_scenarios():
        scenario = load(info.name, (info.kind,))
        found.append(scenario.about)
        parts = (*scenario.steps, *scenario.strata)
        for values in (scenario.values, scenario.cause, *(part.values for part in parts)):
            found += [origin.source for origin in values.values()]
    return [" ".join(text.split()) for text in (*found, *(rule.doc for rule in all_rules()))]


def test_every_code_of_evidence_is_a_fact():
    """A range such as C6-C14 means those of its facts that exist; its ends must."""
    assert {code for text in all_sources() for code in codes_in(text)} <= set(roles())


def test_every_other_code_is_explained():
    code = r"(mechanisms|feasibility|model\.md|evidence section) ([A-Z]?\d+(?:\.\d+)?[a-z]?)"
    notes = {match for text in all_sources() for match in re.findall(code, text)}
    rows = [line for line in SOURCES.splitlines() if line.startswith("| ")]
    missing = [
        f"{note} {code}"
        for note, code in sorted(notes)
        if not any(re.match(rf"\| {re.escape(note)} (?:[^|]*[ ,])?{re.escape(code)}(?:,| \|)", row) for row in rows)
    ]
    assert missing == []


def test_every_publication_is_listed():
    name = r"([A-Z][\w'-]+)(?:,? (?:&|and) [A-Z][\w'-]+| et al\.)*,? \(?((?:19|20)\d\d)\b"
    named = {match for text in all_sources() for match in re.findall(name, text)}
    works = [line for line in SOURCES.partition("## Publications")[2].splitlines() if line]
    facts = {("Beijing", "2020"), ("Shijiazhuang", "2015")}  # places and years
    missing = [work for work in sorted(named - facts) if not any(work[0] in line and work[1] in line for line in works)]
    assert missing == []
    assert len(named) > 15


# --- links, names of files, examples -------------------------------------------------------------------------


def anchors(path):
    """Return the anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_document
def test_relative_links_lead_somewhere(path):
    links = re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8"))
    broken = []
    for link in links:
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@each_document
def test_files_that_are_named_exist(path):
    file = r"`((?:agents|sim|scenarios|tests|docs|notebooks|benchmarks)/[\w./-]*)`"
    named = set(re.findall(file, path.read_text(encoding="utf-8")))
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


@pytest.mark.thorough
def test_examples_in_the_readme_run(tmp_path, monkeypatch):
    examples = re.findall(r"^```python\n(.*?)^```", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert examples
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "__main__"}
    for example in examples:
        exec(compile(example, README.name, "exec"), names)
