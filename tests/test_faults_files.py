"""Harmed files: whatever reads a result gives what was written or refuses by name, never anything else.

Every file of every kind of result, found in its folder, meets every fault and every command and function that reads it.
"""

import contextlib
import io
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from file_faults import (
    FAULTS,
    TINY,
    contents,
    copy_over_it,
    flip_somewhere,
    harmed,
    kind_of,
    made_twice,
    make_ablation,
    make_alternatives_study,
    make_compare,
    make_crossing,
    make_district,
    make_harms_study,
    make_money_study,
    make_odds_study,
    make_patterns_study,
    make_run,
    make_sensitivity,
    make_study,
    make_tipping,
    names_in,
    remove,
    swap,
    take_from_another_result,
)
from test_studies_harms import FILE as HARMS
from test_studies_patterns import FILE as PATTERNS

import sim
from sim.analysis.keeping import read_kept
from sim.cli import main
from sim.cli.app import app
from sim.cli.study import study_app
from sim.errors import InputError
from sim.studies import equal_money, money_told, odds
from sim.studies.runner import open_study
from sim.studies.store import read_store
from sim.tipping import open_tipping
from sim.tipping.measure import Runs

MAKERS = {
    "run": make_run, "compare": make_compare, "district": make_district, "study": make_study,
    "odds study": make_odds_study, "money study": make_money_study, "sensitivity": make_sensitivity,
    "tipping": make_tipping, "alternatives study": make_alternatives_study, "patterns study": make_patterns_study,
    "harms study": make_harms_study, "ablation": make_ablation, "crossing": make_crossing,
}  # fmt: skip
AGAIN = (*TINY[:-1], "--replicates", "3", "--seed", "11")
"""What a run was asked for, but for --quiet."""
REFUSED, FOUND = 2, 3
"""Exit codes."""


def said(folder: Path, *words: object) -> tuple[int, str]:
    """Run a command and return its exit code and what it says, without the name of the folder."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([str(word) for word in words])
    text = err.getvalue() if code in (REFUSED, FOUND) else out.getvalue()
    return code, text


# --- what reads -----------------------------------------------------------------------------------------------------
# Each gives what can be compared, or raises InputError; a command that is refused does too.


def command(*words: str) -> Callable[[Path], object]:
    """Return what runs a command on a folder, which stands in its words as DIR."""

    def run(folder: Path) -> object:
        code, text = said(folder, *(word.replace("DIR", str(folder)) for word in words))
        if code == REFUSED:
            raise InputError(text)
        return code, text.replace(str(folder), "DIR")

    return run


def frame(name: str) -> Callable[[Path], object]:
    """Return what reads a table of a study from Python."""
    return lambda folder: getattr(sim.studies.open(folder), name).to_json(date_format="iso")


@contextlib.contextmanager
def undrawn() -> Iterator[None]:
    """Leave the drawing out: it reads no file, and takes long."""
    from sim.report.page import Picture

    with pytest.MonkeyPatch.context() as patch:
        for module in ("comparison", "study"):
            patch.setattr(f"sim.report.{module}.drawn_picture", lambda figure, name: Picture(name, b"", 1, 1, name))
        for name in ("sim.figures.draw", "sim.figures.study.draw_factor", "sim.figures.study.draw_scenarios"):
            patch.setattr(name, lambda *args, **more: None)
        yield


def page(folder: Path) -> object:
    """Write the page elsewhere; what it says of files that no table or figure is made of stands in its receipt."""
    from sim.report import page_of

    with undrawn():
        found = page_of(folder)
    told = next(section for section in found.sections if section.name == "receipt").words[0]
    rest = [section for section in found.sections if section.name not in ("receipt", "commands")]
    text = re.sub(r"linli sensitivity \S+ --n", "linli sensitivity DIR --n", str((found.question, found.line, rest)))
    return text.replace(str(folder), "DIR"), "" if "all" in told else told  # words name the folder they were written in


def tables(found: object) -> str:
    return str({name: frame.to_json() for name, frame in found.tables.items()}) + str(found.words)


def series_of(folder: Path) -> str:
    runs = Runs.read(folder)
    return str((runs.states.tolist(), runs.loop.tolist(), {k: v.tolist() for k, v in runs.support.items()}))


def with_tolerances(command_name: str, text: str) -> Callable[[Path], object]:
    """Return what tells a study by a file of tolerances, which no fault befalls."""

    def read(folder: Path) -> object:
        told = folder.parent / "told.toml"
        told.write_text(text, encoding="utf-8")
        return command("study", command_name, "DIR", "--tolerances", str(told), "--json")(folder)

    return read


def kept_tables(folder: Path) -> str:
    """Return the tables of an ablation or a crossing."""
    found = read_kept(folder)
    if found is None:
        raise InputError(f"{folder} holds no analysis of forms, as far as its receipt tells.")
    return str({name: frame.to_json() for name, frame in found[1].items()})


STUDY_READERS = {
    **{name: frame(name) for name in ("runs", "series", "cases", "case_events", "design")},
    "hash": lambda folder: sim.studies.open(folder).hash(),
    "status": command("study", "status", "DIR"),
    "status as data": command("study", "status", "DIR", "--json"),
    "replicates": command("study", "replicates", "DIR"),
    "rerun": command("study", "rerun", "DIR", "0-1-2"),
    "page": page,
}
SENSITIVITY_READERS = {"page": page, "hash": lambda folder: sim.studies.open(folder / "study").hash()}
READERS = {
    "run": {"page": page, "run again": command("run", "market", *AGAIN, "--out", "DIR")},
    "compare": {"page": page},
    "district": {"page": page},
    "study": STUDY_READERS,
    "odds study": {
        "odds": command("study", "odds", "DIR", "--json"),
        "odds from Python": lambda folder: str((odds.odds_of(folder), odds.starts_of(folder))),
    },
    "money study": {
        "money": command("study", "money", "DIR", "--json"),
        "forms": lambda folder: str(money_told.columns(equal_money.forms_of(folder))),
    },
    "sensitivity": SENSITIVITY_READERS,
    "tipping": {"page": page, "tables": lambda folder: tables(open_tipping(folder)), "runs": series_of},
    "alternatives study": {"alternatives": command("study", "alternatives", "DIR", "--json")},
    "patterns study": {"patterns": with_tolerances("patterns", PATTERNS)},
    "harms study": {"harms": with_tolerances("harms", HARMS)},
    "ablation": {"page": page, "tables": kept_tables},
    "crossing": {"page": page, "tables": kept_tables},
}
WRITERS = {"run", "resume", "retry", "extend", "verify", "merge", "export"}
"""Commands of a study that change a folder or look for what is wrong: below."""


def test_every_command_is_met():
    """A new command that reads results belongs into READERS, or here with those that read none."""
    named = {word for readers in READERS.values() for word in readers}
    of_studies = {one.name for one in study_app.registered_commands}
    telling = {"status", "rerun", "replicates", "money", "odds", "alternatives", "patterns", "harms"}
    assert of_studies - telling == WRITERS | {"convert"}  # which reads designs of other tools
    assert telling <= named
    reading = {"report", "run", "compare", "sensitivity", "tipping"}
    reading_none = {"list", "explain", "dock", "evidence", "place", "ablate", "crossing"}
    assert {one.name for one in app.registered_commands} - reading == reading_none


# --- the results ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Give, by its kind, a result and another of that kind; made when first asked for."""
    made: dict[str, tuple[Path, Path]] = {}

    def result(kind: str) -> tuple[Path, Path]:
        if kind not in made:
            made[kind] = made_twice(MAKERS[kind], tmp_path_factory.mktemp(kind.replace(" ", "_")))
            if kind in ("study", "run"):
                with undrawn():
                    assert all(main(["report", str(folder), "--quiet"]) == 0 for folder in made[kind])
            if kind == "study":
                assert all(main(["study", "export", str(folder)]) == 0 for folder in made[kind])
        return made[kind]

    return result


def files_to_harm(folder: Path) -> list[str]:
    """Return one file of each kind that a folder has."""
    return list({kind_of(name): name for name in names_in(folder)}.values())


def test_each_kind_of_result_has_the_files_that_it_is_known_for(results):
    kinds = {kind: {kind_of(name) for name in names_in(results(kind)[0])} for kind in ("run", "compare", "study")}
    assert {"runs.parquet", "ends.parquet", "figures/*.png", "report.html", "manifest.json"} <= kinds["run"]
    assert {"cases.parquet", "case_events.parquet", "governance_network_custody.graphml"} <= kinds["compare"]
    assert {"runs/*.parquet", "series/*.parquet", "cases/*.parquet", "case_events/*.parquet"} <= kinds["study"]
    assert {"design.parquet", "inputs/points.csv", "inputs/mine.toml", "ro-crate-metadata.json"} <= kinds["study"]


# --- reading --------------------------------------------------------------------------------------------------------


def met(kind: str, reader: Callable[[Path], object], folder: Path, expected: object, why: str) -> bool:
    """Read a harmed folder; say whether it was refused."""
    try:
        found = reader(folder)
    except InputError as error:
        text = str(error).strip()
        assert "\n" not in text, why
        assert str(folder) in text, (why, text)
        assert len(text) > len(str(folder)) + 20, (why, text)
        return True
    if isinstance(expected, tuple) and isinstance(found, tuple) and found != expected:
        same, told = found[0] == expected[0], found[1]
        assert same, why
        assert "not as the receipt lists them" in told, why
        return True
    assert found == expected, why
    return False


@pytest.mark.thorough
@pytest.mark.parametrize("kind", MAKERS)
def test_a_harmed_file_is_refused_by_name_or_harmless(kind, results, tmp_path):
    whole, other = results(kind)
    expected = {name: reader(whole) for name, reader in READERS[kind].items()}
    refused = {name: 0 for name in READERS[kind]}
    n = 0
    for file in files_to_harm(whole):
        for fault in FAULTS:
            folder = tmp_path / f"harmed{n}"
            n += 1
            if harmed(whole, folder, fault, file, other):
                for name, reader in READERS[kind].items():
                    why = f"{kind}: {fault.__name__} of {file}, read by {name}"
                    refused[name] += met(kind, reader, folder, expected[name], why)
            shutil.rmtree(folder)
    assert all(refused.values()), refused


def test_a_study_s_chunk_from_another_study_is_refused_by_every_reader(results, tmp_path):
    """D1: the chunk of a study with seed 12 under the name of one of seed 11; and a chunk copied over another."""
    whole, other = results("study")
    file = next(name for name in names_in(whole) if name.startswith("runs/"))
    for fault in (take_from_another_result, copy_over_it):
        folder = tmp_path / fault.__name__
        assert harmed(whole, folder, fault, file, other)
        for name in ("runs", "hash", "replicates", "page", "status as data"):
            with pytest.raises(InputError, match="linli study resume") as raised:
                STUDY_READERS[name](folder)
            assert f"{folder / file}: " in str(raised.value), name
        with pytest.raises(InputError, match="runs/"):
            command("study", "export", "DIR")(folder)


def test_a_lost_or_flipped_design_is_refused_or_made_again(results, tmp_path):
    """D1: it was a traceback."""
    whole, other = results("study")
    for fault in FAULTS[:4] + FAULTS[-2:]:
        folder = tmp_path / fault.__name__
        harmed(whole, folder, fault, "design.parquet", other)
        with pytest.raises(InputError, match=r"design\.parquet: .*linli study resume"):
            STUDY_READERS["design"](folder)


# --- verifying and repairing ----------------------------------------------------------------------------------------


DERIVED = ("report.html", "ro-crate-metadata.json")
"""What a command writes about a study and can write again."""


@pytest.mark.thorough
def test_verify_finds_every_fault_of_every_file(results, tmp_path):
    whole, other = results("study")
    assert said(whole, "study", "verify", whole, "--runs", 1)[0] == 0
    for file in files_to_harm(whole):
        for fault in FAULTS:
            folder = tmp_path / "harmed"
            if harmed(whole, folder, fault, file, other):
                code, text = said(folder, "study", "verify", folder, "--runs", 0)
                if file in DERIVED and code == 0:  # no data, and in no manifest: one that is whole, or gone, is let be
                    assert fault.__name__ in ("remove", "rename", "swap", "copy_over_it", "take_from_another_result")
                    shutil.rmtree(folder)
                    continue
                assert code in (REFUSED, FOUND), (file, fault.__name__)
                told = fault.__name__ != "take_from_another_result" and Path(file).name in text
                assert told or "is" in text, (file, fault.__name__, text)
            shutil.rmtree(folder)


HARMFUL = (flip_somewhere, swap, copy_over_it, take_from_another_result, remove)
"""Faults that repairs are tried on: one that harms, one that moves, doubles, brings in and takes away."""
REPAIRS = {
    "resume": ("study", "resume", "DIR"),
    "retry": ("study", "retry", "DIR"),
    "extend": ("study", "extend", "DIR", "--replicates", "4"),
}


@pytest.mark.thorough
@pytest.mark.parametrize("name", REPAIRS)
def test_a_study_gone_on_with_is_repaired_or_refused(name, results, tmp_path):
    """Afterwards its rows are those of an unharmed one, or a file was named; nothing foreign is ever kept."""
    whole, other = results("study")
    unharmed = tmp_path / "unharmed"
    shutil.copytree(whole, unharmed)
    words = [word.replace("DIR", str(unharmed)) for word in REPAIRS[name]]
    assert said(unharmed, *words)[0] == 0
    wanted = sim.studies.open(unharmed).hash()
    done = 0
    for file in files_to_harm(whole):
        for fault in HARMFUL:
            folder = tmp_path / "harmed"
            why = f"{name}: {fault.__name__} of {file}"
            if harmed(whole, folder, fault, file, other):
                code, text = said(folder, *(word.replace("DIR", str(folder)) for word in REPAIRS[name]))
                assert code in (0, REFUSED), (why, code, text)
                if code == 0:
                    assert sim.studies.open(folder).hash() == wanted, why
                    open_study(read_store(folder))
                    done += 1
                else:
                    assert str(folder) in text, (why, text)
            shutil.rmtree(folder)
    assert done > 10


@pytest.mark.thorough
def test_harmed_parts_are_not_joined(tmp_path):
    """D1 and W2: an edited study.toml, a part without its design, a chunk of another part or study."""
    from sim.studies.chunks import Shard

    for number in (1, 2):
        make_study(tmp_path / f"part{number}", 11, shard=Shard(number, 2))
    make_study(tmp_path / "other", 12, shard=Shard(1, 2))
    two = tmp_path / "part2"
    assert said(two, "study", "merge", tmp_path / "part1", two, "--out", tmp_path / "whole")[0] == 0
    wanted = sim.studies.open(tmp_path / "whole").hash()
    for file in files_to_harm(tmp_path / "part1"):
        for fault in FAULTS:
            part, out = tmp_path / "harmed", tmp_path / "joined"
            if harmed(tmp_path / "part1", part, fault, file, tmp_path / "other"):
                code, text = said(part, "study", "merge", part, two, "--out", out)
                why = (file, fault.__name__, text)
                if code == 0:
                    assert sim.studies.open(out).hash() == wanted, why
                    assert said(out, "study", "verify", out, "--runs", 0)[0] == 0, why
                else:
                    assert (code, str(part) in text) == (REFUSED, True), why
                    assert not out.exists(), why
            shutil.rmtree(part)
            shutil.rmtree(out, ignore_errors=True)


@pytest.mark.thorough
def test_an_analysis_gone_on_with_is_made_again_or_refused(results, tmp_path, monkeypatch):
    from file_faults import ishigami, put_in_place

    put_in_place(monkeypatch, ishigami, noise=1.0)
    whole, other = results("sensitivity")
    data = {name: text for name, text in contents(whole).items() if name.endswith((".parquet", ".txt"))}
    for file in files_to_harm(whole):
        for fault in (FAULTS[0], FAULTS[2], *FAULTS[-3:]):
            folder = tmp_path / "harmed"
            if file.endswith(".png") or not harmed(whole, folder, fault, file, other):
                shutil.rmtree(folder, ignore_errors=True)
                continue
            code, text = said(folder, "sensitivity", folder, "--no-figures", "--quiet")
            why = (file, fault.__name__, text)
            assert code in (0, REFUSED), why
            if code == 0:
                found = contents(folder)
                same = {name for name in data if name != "words.txt" and found.get(name) == data[name]}
                assert same >= {name for name in data if name.endswith(".parquet")}, why
            else:
                assert str(folder) in text or "holds" in text, why
            shutil.rmtree(folder)


# --- the page beside a study ----------------------------------------------------------------------------------------


def test_the_page_of_a_study_is_known_to_verify_and_its_harm_is_found(results, tmp_path):
    """W3: `linli report` made `linli study verify` fail."""
    folder = tmp_path / "study"
    shutil.copytree(results("study")[0], folder)
    assert (folder / "report.html").is_file()
    assert said(folder, "study", "verify", folder, "--runs", 0)[0] == 0
    data = (folder / "report.html").read_bytes()
    (folder / "report.html").write_bytes(data.replace(b"market", b"martek", 1))
    code, text = said(folder, "study", "verify", folder, "--runs", 0)
    assert (code, "report.html is not as it was written; linli report writes it anew" in text) == (FOUND, True)


def test_a_page_that_cannot_be_written_beside_its_result_can_be_elsewhere(results, tmp_path, monkeypatch):
    """W3: a read-only folder of results."""
    folder, real = results("run")[0], Path.write_bytes

    def refuse(path: Path, data: bytes) -> int:
        if path.parent == folder:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, data)

    monkeypatch.setattr(Path, "write_bytes", refuse)
    code, text = said(folder, "report", folder)
    assert code == REFUSED
    assert f"cannot write {folder / 'report.html'}: Permission denied" in text
    assert "linli report --out FILE writes the page elsewhere" in text
    assert said(folder, "report", folder, "--out", tmp_path / "page.html")[0] == 0
