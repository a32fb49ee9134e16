"""What a mistake in a path, an expression, a place or an option is answered with, by its text; and any mangled file."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from small_scenarios import complaint, install, write

from sim.errors import InputError
from sim.scenarios import data_folder, list_scenarios, resolve


@pytest.fixture(scope="module")
def shipped() -> Iterator[Path]:
    """Folder of small scenarios that stands for the shipped one; tests here only add to it in their own folder."""
    with tempfile.TemporaryDirectory() as root, pytest.MonkeyPatch.context() as patch:
        yield install(patch, Path(root) / "scenarios")


pytestmark = pytest.mark.usefixtures("shipped")


FEE = "allowed is 0 to 5 yuan/m2/month"

# --- files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", 'the file is empty; a scenario begins with schema = 1, kind = "form", title = "..."'),
        (b"# only a remark\n", 'the file is empty; a scenario begins with schema = 1, kind = "form", title = "..."'),
        (b"schema = 1\nkind = form\n", "not valid TOML: Invalid value (at line 2, column 8)"),
        (b"schema = 1\nschema = 1\n", "not valid TOML: Cannot overwrite a value (at line 2, column 11)"),
        (b"x = " + b"9" * 5000, "this number has too many digits; 17 are enough"),
        (b"x = " + b"[" * 5000, "brackets are nested too deeply; a scenario needs no nested arrays"),
        (b"\x89PNG\r\n\x1a\n\0\0", "this is a binary file; a scenario is TOML text"),
        ("schema = 1".encode("utf-16"), "this is text in UTF-16; a scenario is TOML text in UTF-8"),
        (b"PK\x03\x04", "this is an Excel or LibreOffice workbook, or another zip archive; a scenario is TOML text"),
        (b"title = 'x'\nabout = '\xb4\xf3'\n", "byte 0xb4 is not UTF-8; save the file as UTF-8 text"),
        (b"#" * 64001, "more than 64000 bytes; a scenario has a few thousand, so this is some other file"),
        (b"a." * 3000 + b"a = 1", "this key has more than 40 parts; a scenario needs three at most"),
    ],
)
def test_a_file_that_is_no_scenario(tmp_path: Path, data: bytes, text: str) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(data)
    found = complaint(lambda: resolve(str(path)))
    assert found.startswith(path.as_posix() + ":")
    assert found.removeprefix(path.as_posix()).lstrip(":0123456789 ").startswith(text)


def test_a_path_that_is_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "folder.toml"
    folder.mkdir()
    assert (
        complaint(lambda: resolve(str(folder))) == f"{folder.as_posix()}: this is a folder; name one .toml file in it"
    )
    below = folder / "marked.toml"
    write(tmp_path, "folder.toml/market.toml", "kind = 'form'")
    assert (
        complaint(lambda: resolve(str(below))) == f"there is no file {below}; did you mean {below.with_stem('market')}?"
    )
    loop = tmp_path / "loop.toml"
    loop.symlink_to(loop)
    assert complaint(lambda: resolve(str(loop))) == f"{loop.as_posix()}: this is not an ordinary file"
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    assert complaint(lambda: resolve(str(pipe))) == f"{pipe.as_posix()}: this is not an ordinary file"
    through = tmp_path / "market.toml" / "x.toml"
    assert complaint(lambda: resolve(str(through))) == f"there is no file {through}"


def test_a_file_that_goes_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "x.toml", "kind = 'form'")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert complaint(lambda: resolve(str(path))) == f"{path.as_posix()}: cannot be read: Permission denied"


def test_a_shipped_name_with_toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert complaint(lambda: resolve("market.toml")) == (
        "there is no file market.toml; the shipped scenario is called market, without .toml"
    )


def test_extends_in_a_circle_prints_the_circle(tmp_path: Path) -> None:
    for name, base in (("start", "one"), ("one", "two"), ("two", "one")):
        write(tmp_path, f"{name}.toml", f"kind = 'form'\nextends = '{base}.toml'")
    folder = tmp_path.as_posix()
    assert complaint(lambda: resolve(f"{folder}/start.toml")) == (
        f"{folder}/one.toml: extends goes in a circle: {folder}/one.toml -> {folder}/two.toml -> {folder}/one.toml"
    )


def test_extends_itself(tmp_path: Path) -> None:
    path = write(tmp_path, "x.toml", "kind = 'form'\nextends = 'x.toml'").as_posix()
    assert complaint(lambda: resolve(path)) == f"{path}: extends goes in a circle: {path} -> {path}"


def test_extends_another_kind(tmp_path: Path) -> None:
    write(tmp_path, "p.toml", "kind = 'programme'")
    path = write(tmp_path, "x.toml", "kind = 'form'\nextends = 'p.toml'").as_posix()
    assert complaint(lambda: resolve(path)) == (
        f"{path}:4: a form cannot extend {tmp_path.as_posix()}/p.toml, which is a programme"
    )


def test_a_fault_in_what_is_extended_is_told_there(tmp_path: Path) -> None:
    base = write(tmp_path, "base.toml", "kind = 'form'\n[provider]\nfee = 9")
    path = write(tmp_path, "x.toml", "kind = 'form'\nextends = 'base.toml'")
    assert complaint(lambda: resolve(str(path))).startswith(f"{base.as_posix()}:5: provider.fee = 9 ")


def test_a_shipped_file_in_the_wrong_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, tmp_path)
    write(tmp_path, "forms/astray.toml", "kind = 'programme'")
    text = 'scenarios/forms/astray.toml:3: kind = "programme" does not belong in the folder forms; it belongs in '
    text += "programmes"
    assert complaint(lambda: resolve("astray")) == complaint(list_scenarios) == text


def test_a_shipped_form_is_feasible_only_in_shipped_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, tmp_path)
    write(tmp_path, "forms/astray.toml", "feasible_in = ['market']")
    text = 'scenarios/forms/astray.toml:4: no place is called "market"; there are: managed, trapped'
    assert complaint(lambda: resolve("astray")) == text


def test_scenarios_that_are_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr("sim.scenarios.files.__file__", str(tmp_path / "sim/scenarios/files.py"))
    assert complaint(data_folder) == (
        f"no scenarios are installed: expected a folder 'linli_scenarios' or 'scenarios' in {tmp_path}"
    )
    (tmp_path / "scenarios/forms").mkdir(parents=True)
    assert data_folder() == tmp_path / "scenarios"
    (tmp_path / "linli_scenarios/forms").mkdir(parents=True)
    assert data_folder() == tmp_path / "linli_scenarios"


# --- expressions ----------------------------------------------------------------------------------------------

FORMS = "the forms are: custody, market"
PROGRAMMES = "the programmes are: inspection, subsidy, subsidy_taper"


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("", f"no scenario is named; write a form, then any programmes, joined by +; {FORMS}"),
        (
            "market +",
            f'"market +" has nothing before or after a +; write a form, then any programmes, joined by +; {FORMS}',
        ),
        ("markt", 'no form or model is called "markt"; did you mean market?'),
        ("Market", 'no form or model is called "Market"; did you mean market?'),
        ("zzz", 'no form or model is called "zzz"; there are: custody, market, payment_only'),
        ("../forms/market", 'no form or model is called "../forms/market"; there are: custody, market, payment_only'),
        ("market + subsidi", 'no programme or form is called "subsidi"; did you mean subsidy?'),
        (
            "subsidy",
            "scenarios/programmes/subsidy.toml: subsidy is a programme: it stands on a form and cannot stand alone or "
            f"first; write a form before it, FORM + subsidy; {FORMS}",
        ),
        (
            "trapped",
            "scenarios/places/trapped.toml: trapped is a place, not a form; write a form and give the place beside it, "
            f"--place trapped; {FORMS}",
        ),
        (
            "market + custody",
            f"scenarios/forms/custody.toml: custody is a form, and only programmes can follow market; {PROGRAMMES}",
        ),
        (
            "market + trapped",
            f"scenarios/places/trapped.toml: trapped is a place, and only programmes can follow market; {PROGRAMMES}",
        ),
    ],
)
def test_a_wrong_expression(expression: str, text: str) -> None:
    assert complaint(lambda: resolve(expression)) == text


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("traped", 'place: no place is called "traped"; did you mean trapped?'),
        ("market", 'place: no place is called "market"; market is a form'),
        ("", 'place: no place is called ""; there are: managed, trapped'),
        ("gone.toml", "place: there is no file gone.toml"),
        ("a\0.toml", "place: there is no file a\0.toml"),
    ],
)
def test_a_wrong_place(place: str, text: str) -> None:
    assert complaint(lambda: resolve("market", place=place)) == text


@pytest.mark.parametrize("months", [0, -5, 1201, 10**30])
def test_months_out_of_range(months: int) -> None:
    shown = "a number of more than 60 digits" if months > 10**60 else months
    assert complaint(lambda: resolve("market", months=months)) == (
        f"months = {shown} is outside the valid range; allowed is a whole number 1 to 1200 months"
    )


@pytest.mark.parametrize(
    ("months", "shown"), [(12.0, "12.0"), ("12", '"12"'), (True, "true"), (None, "None"), (float("nan"), "nan")]
)
def test_months_that_are_no_whole_number(months: object, shown: str) -> None:
    assert complaint(lambda: resolve("market", months=months)) == (  # type: ignore[arg-type]
        f"months = {shown} is not a whole number; allowed is a whole number 1 to 1200 months"
    )


def test_months_at_the_ends_of_the_range() -> None:
    assert (resolve("market", months=1).months, resolve("market", months=1200).months) == (1, 1200)
    assert type(resolve("market", months=np.int64(3)).months) is int  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("provider.fee", "there is no =; write --set group.name=value"),
        ("provider.fees=1", "provider.fees is not a parameter; did you mean provider.fee?"),
        ("fee=1", "fee is not a parameter; did you mean provider.fee?"),
        ("=1", " is not a parameter; the groups are: time, population, household, provider, street"),
        ("provider.fee=", f'provider.fee = "" is text, not a number; write a number without quotes; {FEE}'),
        ("provider.fee=a", f'provider.fee = "a" is text, not a number; write a number without quotes; {FEE}'),
        ("provider.fee=nan", f"provider.fee = nan is not a finite number; {FEE}"),
        ("provider.fee=6", f"provider.fee = 6 yuan/m2/month is outside the valid range; {FEE}"),
        ("provider.kind=1", 'provider.kind = "1" is not a choice; allowed is one of "none", "community", "firm"'),
    ],
)
def test_a_wrong_option(option: str, text: str) -> None:
    assert complaint(lambda: resolve("market", set=[option])) == f"--set {option}: {text}"


def test_two_options_that_disagree() -> None:
    assert complaint(lambda: resolve("market", set=["provider.fee=1", "provider.fee=2"])) == (
        "--set gives provider.fee two values, 1.0 and 2.0; leave one out"
    )
    assert resolve("market", set=["provider.fee=1", "provider.fee=1.0"]).segments[0].values["provider.fee"] == 1.0


def test_one_option_may_be_given_bare() -> None:
    assert resolve("market", set="provider.fee=1") == resolve("market", set=["provider.fee=1"])


# --- anything at all ------------------------------------------------------------------------------------------

VALID = """schema = 1
kind = "form"
title = "红色物业 x"
about = \"\"\"
Two lines,
fee = 3.\"\"\"
extends = "custody"
feasible_in = ["trapped", "managed"]
null_base = "custody"

[provider]
kind = "firm"   # a remark
fee = { value = 0.45, source = "P2" }
[household]
b_quality = 3
[schedule]
start = 2
stop = "2021-01"
[[step]]
at = 12
[step.street]
subsidy = { value = 0.067, source = "S1" }
""".encode()
MORSELS = [
    b"",
    b"\0",
    b"\xff",
    b'"',
    b"'",
    b"[",
    b"]",
    b"{",
    b"}",
    b"=",
    b"\n",
    b"9",
    b"-",
    b".",
    b"nan",
    b"true",
    b"\xe7",
]
LINES = VALID.split(b"\n")


@st.composite
def mutants(draw: st.DrawFn) -> bytes:
    """Draw the valid file with a few bytes or lines dropped, replaced, doubled or swapped."""
    lines = list(LINES)
    for _ in range(draw(st.integers(0, 2))):
        first, second = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        lines[first] = draw(st.sampled_from([b"", lines[second], lines[first] + b"\n" + lines[second]]))
    data = b"\n".join(lines)
    for _ in range(draw(st.integers(0, 3))):
        at, length = draw(st.integers(0, len(data))), draw(st.integers(0, 3))
        data = data[:at] + draw(st.sampled_from(MORSELS) | st.binary(max_size=3)) + data[at + length :]
    return data


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file to be written over."""
    return tmp_path_factory.mktemp("mutants") / "mutant.toml"


@given(data=mutants())
@example(data=VALID)
@example(data=VALID.replace(b"extends = ", b"extends = 'mutant.toml' #"))
@example(data=VALID.replace(b'"form"', b'"place"'))
def test_a_mutilated_file_is_accepted_or_told_about_by_name(target: Path, data: bytes) -> None:
    target.write_bytes(data)
    try:
        resolve(str(target), months=30).table()
        named = True
    except InputError as error:
        named = "mutant.toml" in str(error)
    assert named
