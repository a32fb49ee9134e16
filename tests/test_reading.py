"""Input as people write it: read for what it says, or refused in one located sentence that says what it is."""

import subprocess
import sys
import tomllib

import pytest
from command import ROOT, linli
from hypothesis import given
from hypothesis import strategies as st
from small_studies import SAMPLED, SMALL, written

from sim.errors import InputError
from sim.scenarios import data_folder, resolve
from sim.scenarios.key_lines import DEEPEST, key_lines
from sim.studies.delimited import cells_of
from sim.studies.design import Design, design_of
from sim.studies.points import points_of
from sim.studies.sources import read_study, toml

__all__ = ["linli"]  # a fixture

TWO = ("street.subsidy", "household.b_bailout")
PERIOD = "structure.billing_period"
FORM = 'schema = 1\nkind = "form"\ntitle = "Mine"\nextends = "market"\n'


def points(text: str | bytes) -> Design:
    return points_of(cells_of(text if isinstance(text, bytes) else text.encode(), "p.csv"))


def told(text: str | bytes) -> str:
    """Return why a table of points is refused."""
    with pytest.raises(InputError) as raised:
        points(text)
    assert "\n" not in str(raised.value)
    return str(raised.value)


def refused(expression: str, **options: object) -> str:
    with pytest.raises(InputError) as raised:
        resolve(expression, **options)
    assert "\n" not in str(raised.value)
    return str(raised.value)


# --- whole numbers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("three", ["3", "3.0", "3.000e+00"])
def test_three_is_three_however_it_is_written(tmp_path, three):
    (tmp_path / "mine.toml").write_text(f"{FORM}[structure]\nbilling_period = {three}\n")
    found = [
        points(f"{PERIOD}\n{three}\n").values(0)[PERIOD],
        resolve("market", set=[f"{PERIOD}={three}"]).before[PERIOD],
        resolve(str(tmp_path / "mine.toml")).before[PERIOD],
    ]
    assert [(value, type(value)) for value in found] == [(3, int)] * 3


def test_two_and_a_half_is_no_whole_number(tmp_path):
    (tmp_path / "mine.toml").write_text(f"{FORM}[structure]\nbilling_period = 2.5\n")
    right = f"{PERIOD} = 2.5 must be a whole number; allowed is a whole number 1 to 12 months"
    assert told(f"{PERIOD}\n2.5\n") == f"p.csv:2: {right}"
    assert refused("market", set=[f"{PERIOD}=2.5"]) == f"--set {PERIOD}=2.5: {right}"
    assert refused(str(tmp_path / "mine.toml")).endswith(f"mine.toml:6: {right}")


def test_keys_that_count_take_whole_numbers_in_any_writing(tmp_path):
    floats = SAMPLED | {
        "months": 6.0, "replicates": 6.0, "seed": 11.0, "at": [6.0], "keep": ["series"],
        "sampling": {"method": "lhs", "n": 4.0},
    }  # fmt: skip
    study, whole = read_study(floats)[0], read_study(SAMPLED)[0]
    assert (study.months, study.replicates, study.seed, study.at) == (6, 6, 11, (6,))
    assert design_of(study).hash() == design_of(whole).hash()
    path = tmp_path / "p.toml"
    head = 'schema = 1\nkind = "programme"\ntitle = "P"\n'
    taper = head + "[street]\nsubsidy = 0.1\n[[step]]\nat = {}\nstreet.subsidy = 0.2\n"
    prints = []
    for at in ("6.0", "6"):
        path.write_text(taper.format(at))
        prints.append(resolve(f"market + {path}").fingerprint())
    assert prints[0] == prints[1]


def test_options_that_count_take_them_too(linli):
    assert linli("explain", "market", "--months", "3e0", "--json").code == 0
    assert "'2.5' is not a whole number" in linli("explain", "market", "--months", "2.5").err


def test_minus_zero_is_zero():
    worlds = [resolve("market", set=[f"street.subsidy={zero}"]) for zero in ("0.0", "-0.0")]
    assert worlds[0].fingerprint() == worlds[1].fingerprint()
    assert str(worlds[1].segments[0].values["street.subsidy"]) == "0.0"


# --- tables ---------------------------------------------------------------------------------------------------------

WAYS = {
    "commas": "street.subsidy,household.b_bailout\n0.05,0.8\n0.10,1.2\n",
    "semicolons and decimal commas": "street.subsidy;household.b_bailout\r\n0,05;0,8\r\n0,10;1,2\r\n",
    "a line sep=": "sep=;\nstreet.subsidy;household.b_bailout\n0,05;0,8\n0,10;1,2\n",
    "tabs": "street.subsidy\thousehold.b_bailout\n0.05\t0.8\n0.10\t1.2\n",
    "blanks": "street.subsidy household.b_bailout\n5.0e-02 8.0e-01\n1.0e-01  1.2\n",
    "comments": "# from the field\n\nstreet.subsidy,household.b_bailout\n# day 1\n0.05,0.8\n\n0.10,1.2\n\n",
    "old line ends": "street.subsidy,household.b_bailout\r0.05,0.8\r0.10,1.2\r",
    "an id without a name": ",street.subsidy,household.b_bailout\n0,0.05,0.8\n1,0.10,1.2\n",
    "an id and quotes": '"id","street.subsidy","household.b_bailout"\n"7","0.05","0.8"\n"9","0.10","1.2"\n',
    "points numbered as here": "point,street.subsidy,household.b_bailout\n0,0.05,0.8\n1,0.10,1.2\n",
    "empty last columns": "street.subsidy,household.b_bailout,,\n0.05,0.8,,\n0.10,1.2,,\n",
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_the_same_points_in_any_writing(way, encoding):
    found = points(WAYS[way].encode(encoding))
    assert (found.paths, found.matrix.tolist()) == (TWO, [[0.05, 0.8], [0.1, 1.2]])


def test_names_in_gbk_and_comments_in_latin_1_are_read():
    assert "p.csv:1: 补贴 is not a parameter" in told("补贴,street.subsidy\n1,0.05\n".encode("gbk"))
    assert len(points("# Schätzung\nstreet.subsidy\n0.05\n".encode("latin-1"))) == 1


def test_the_own_design_as_pandas_writes_it_is_the_same_design(tmp_path):
    """Whole numbers became 1.0, and the first point, which sets nothing, was taken for a blank line."""
    study = SMALL | {
        "factors": {PERIOD: {}, "household.b_bailout": {"range": [0.0, 1.5]}, "network.kind": {}},
        "sampling": {"method": "oat"},
    }
    design = design_of(read_study(study)[0])
    frame = design.table().to_pandas()
    for index in (False, True):
        again = points(frame.to_csv(index=index))
        assert (again.paths, again.hash()) == (design.paths, design.hash())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('"BehaviorSpace results (NetLogo 6.4.0)","Table version 2.0"\n', "this is a table of NetLogo's BehaviorSpace"),
        ("street.subsidy,household.b_bailout\n0.05,NA\n", 'p.csv:2: household.b_bailout = "NA" is a missing value'),
        ("0.05,0.8\n0.1,1.2\n", "p.csv:1: the first line holds numbers; write a first line that names the factors"),
        ("# street.subsidy\n0.05\n", "p.csv:2: the first line holds numbers"),
        ("luck,street.subsidy\n0,0.1\n", "p.csv:1: luck belongs to the design of a sensitivity analysis"),
        ("street.subsidy;household.b_bailout\n0,05;0.8\n", "numbers have a comma here and a point in p.csv:2, or both"),
        ('street.subsidy,household.b_bailout\n"0,05",1\n', "has a comma, which parts the cells here"),
        ("point,street.subsidy\n1,0.1\n0,0.2\n", "p.csv:2: point 1 stands in place 0; sort the rows by it"),
        ("street.subsidy,household.b_bailout\n0.1,1\n,\n", "p.csv:3: a last row of empty cells; delete it, or"),
        ("street.subsidy,,\n0.1,,3\n", "p.csv:2: 3 cells, but the first line names 1"),
        (f"{PERIOD}\n{'9' * 5000}\n", f"p.csv:2: {PERIOD} = inf is not a finite number"),
        ('street.subsidy\n0.1\n"0.2\n', "p.csv:3: is no CSV text"),
        (b"PK\x03\x04rest", "p.csv: this is an Excel or LibreOffice workbook, or another zip archive; save it as CSV"),
        (b"PAR1rest", "p.csv: this is a Parquet table"),
        (b"\xff\xfe\x00", "p.csv: is no text in UTF-16"),
        (b"street.subsidy\n\x01\n", "p.csv:2: character 0x01 stands in no text"),
        (b"\0\1\2", "p.csv: this is a binary file"),
    ],
)
def test_what_cannot_be_read_is_named_for_what_it_is(text, why):
    assert why in told(text)


# --- lines of keys, in one walk -------------------------------------------------------------------------------------


def key_paths(table, above=()):
    """Walk every key of a document; the tables of an array are numbered from 0."""
    for key, value in table.items():
        path = (*above, key)
        yield path
        inner = [(path, value)] if isinstance(value, dict) else []
        if isinstance(value, list):
            inner = [((*path, number), item) for number, item in enumerate(value) if isinstance(item, dict)]
            yield from (where for where, _ in inner)
        for where, item in inner:
            yield from key_paths(item, where)


def lines_by_prefixes(text):
    """Parse every prefix of a text: slow and certain; a key stands in the statement that brought it."""
    found, lines, first = {}, text.split("\n"), 1
    for last in range(1, len(lines) + 1):
        try:
            document = tomllib.loads("\n".join(lines[:last]))
        except ValueError:
            continue
        for path in key_paths(document):
            found.setdefault(path, (first, last))
        first = last + 1
    return found


def agree(text):
    found = key_lines(text)
    for path, (first, last) in lines_by_prefixes(text).items():
        if len(path) <= DEEPEST:
            assert first <= found[path] <= last, path


NAMES = st.one_of(st.sampled_from(["a", "b", "a-b"]), st.text(max_size=3))
LEAVES = st.one_of(st.integers(), st.booleans(), st.text(max_size=6), st.floats(allow_nan=False, allow_infinity=False))
TABLES = st.recursive(
    st.dictionaries(NAMES, LEAVES, max_size=3),
    lambda inner: st.dictionaries(NAMES, st.one_of(LEAVES, inner, st.lists(inner | LEAVES, max_size=3)), max_size=3),
    max_leaves=10,
)


@given(table=TABLES, gaps=st.lists(st.sampled_from(["", "# k = 1", "   "]), max_size=3))
def test_lines_are_those_of_the_statements(table, gaps):
    agree("\n".join([*gaps, *toml(table).split("\n")]))


@pytest.mark.parametrize(
    "text",
    [
        'a = [\n  1,  # b = 2\n  { b = "]" },\n]\n"x.y".z = """\nq = 1\n"""\n[c.d]\ne = 1979-05-27 07:32:00\n',
        "[[x]]\ny = '''\n[[x]]'''\n[[x]]\n[x.z]\nq = 1\n[[x.w]]\nl.m = { n = [1, 2] }\n",
        '"a\\u0062" = "\\""\n\'c d\' = [["#"], [{ e = 1 }]]\n',
    ],
)
def test_lines_of_what_is_written_in_other_ways(text):
    agree(text)


@pytest.mark.parametrize(
    "path", [file.relative_to(data_folder()) for file in sorted(data_folder().glob("p*/*.toml"))], ids=str
)
def test_lines_of_shipped_files(path):
    agree((data_folder() / path).read_text(encoding="utf-8"))


# --- limits ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filling", "line"),
    [("#\n" * 8500, 8514), ("\n" * 60000, 60014), ("# a long remark about nothing\n" * 2000, 2014)],
)
def test_comments_and_blank_lines_after_a_quoted_factor(tmp_path, filling, line):
    """They took minutes; a limit on the time of all tests is the only clock here."""
    path = written(tmp_path, SAMPLED)
    text = path.read_text(encoding="utf-8").replace("factors =", '"factors" =')
    path.write_text("\n" * (12 - text.count("\n")) + text + filling + "\nfactor = 1\n", encoding="utf-8")
    with pytest.raises(InputError, match=rf"study\.toml:{line}: factor is not a key of a study; did you mean factors"):
        read_study(path)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("a." * 3000 + "a = 1", "mine.toml:5: this key has more than 40 parts"),
        ("[" + "'a' . " * 3000 + "a]", "mine.toml:5: this key has more than 40 parts"),
        ("[provider]\nfee = " + "9" * 5000, "mine.toml:6: this number has too many digits"),
        ("[station]\nfee = " + "9" * 400 + ".0", "mine.toml:6: station.fee = inf is not a finite number"),
        ("[station]\nfee = " + "9" * 400, "mine.toml:6: station.fee = a number of more than 60 digits"),
    ],
)
def test_long_keys_and_numbers_are_refused_with_their_line(tmp_path, body, why):
    (tmp_path / "mine.toml").write_text(FORM + body + "\n")
    said = refused(str(tmp_path / "mine.toml"))
    assert why in said
    assert len(said) < 400


def test_times_of_400_digits(tmp_path):
    """OverflowError."""
    arm = {"scenario": "market + subsidy_taper", "times": {"street.subsidy": int("9" * 400)}}
    with pytest.raises(InputError, match=r"study\.toml:2: times: street\.subsidy = a number of more than 60 digits"):
        read_study(written(tmp_path, SMALL | {"scenarios": [arm]}))


def test_a_chain_of_files_that_extend_each_other_has_a_limit(tmp_path):
    """RecursionError at 1,500."""
    for number in range(1500):
        (tmp_path / f"f{number}.toml").write_text(FORM.replace("market", f"f{number + 1}.toml"))
    assert "f0.toml: extends goes on over more than 20 files; put some into one" in refused(str(tmp_path / "f0.toml"))
    (tmp_path / "f10.toml").write_text(FORM)
    assert resolve(str(tmp_path / "f0.toml")).label == "f0"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (('scenario = "market"', 'scenario = "markt"'), 'mine.toml:4: no form or model is called "markt"'),
        (('without = "market"', 'without = "market + nobody"'), 'mine.toml:5: no programme or form is called "nobody"'),
        (('without = "market"', 'without = ""'), "mine.toml:5: without ="),
        (('scenario = "market"', 'scenario = "+"'), 'mine.toml:4: "+" has nothing before or after a +'),
        (('scenario = "market"', 'scenario = "mine.toml"'), "mine.toml:4: mine is a rival, an experiment of its own"),
        (('signature', 'place = "nowhere"\nsignature'), 'mine.toml:6: no place is called "nowhere"'),
    ],
)
def test_an_experiment_that_names_what_is_not_there_is_told_with_file_and_line(tmp_path, change, why):
    text = 'schema = 1\nkind = "rival"\ntitle = "R"\nscenario = "market"\nwithout = "market"\nsignature = "none"\n'
    (tmp_path / "mine.toml").write_text(text.replace(*change))
    assert why in refused(str(tmp_path / "mine.toml"))


@pytest.mark.parametrize("content", ["[" * 100_000, '{"a": ' * 100_000, '{"kind": "study", "n": NaN}', "9" * 5000])
@pytest.mark.parametrize("command", [("study", "status"), ("report",), ("study", "verify")])
def test_a_manifest_of_brackets_or_without_numbers(linli, tmp_path, content, command):
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "manifest.json").write_text(content)
    said = linli(*command, "r")
    assert said.code == 2
    assert said.err.startswith("linli: r/manifest.json: is no JSON text")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ["run", "market", "--replicates", "9" * 3000],
        ["run", "market", "--replicates", "9" * 6000],
        ["run", "market", "--seed", "x" * 3000],
        ["run", "market", "--" + "x" * 3000],
        ["x" * 3000],
        ["run", "x" * 3000],
        ["run", "market", "--set", "x" * 3000],
        ["run", "market", "--set", "street.subsidy=" + "9" * 3000],
        ["run", "market", "--place", "x" * 3000 + ".toml"],
        ["run", " + ".join(["x"] * 3000)],
        ["study", "run", "x" * 3000, "--out", "o"],
        ["study", "replicates", "d", "--precision", "x" * 3000],
        ["study", "rerun", "d", "9" * 3000],
        ["tipping", "--dwell", "9" * 3000, "--out", "o"],
        ["evidence", "x" * 3000],
    ],
    ids=lambda words: " ".join(words)[:40],
)
def test_what_is_echoed_is_short(linli, words):
    said = linli(*words)
    assert said.code == 2
    assert said.err.splitlines()[-1].startswith("linli: ")  # before it, that the model is compiled
    assert len(said.err) < 1000


@pytest.mark.parametrize("streams", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_closed_streams_leave_no_traceback(tmp_path, streams):
    run = subprocess.run(
        ["sh", "-c", f'"{sys.executable}" -m sim.cli list {streams}'],
        cwd=tmp_path, env={"PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (run.returncode, run.stderr) == (0, "")


# --- what a file has from the one it extends ------------------------------------------------------------------------

PROGRAMME = 'schema = 1\nkind = "programme"\ntitle = "Mine"\nextends = "subsidy_taper"\n'


def months_of_change(world):
    return [segment.month for segment in world.segments]


@pytest.mark.parametrize(
    ("schedule", "months"),
    [
        ("start = 6", [0, 6, 18, 30, 42]),
        ("start = 6\nstop = 20", [0, 6, 18, 20]),
        ("stop = 30", [0, 12, 24, 30]),
        ('start = "2019-07"', None),
    ],
)
def test_steps_are_counted_from_the_start_of_the_file_that_extends(tmp_path, schedule, months):
    """D10: with start = 6 the steps stayed at months 12 and 24, and year one lasted six months."""
    path = tmp_path / "later.toml"
    path.write_text(f"{PROGRAMME}[schedule]\n{schedule}\n")
    if "stop = 20" in schedule:
        assert "step.at = 24 is month 30, but the levers stop in month 20" in refused(f"market + {path}")
        return
    found = months_of_change(resolve(f"market + {path}"))
    start = found[1] if months is None else 0
    assert found == (months or [0, start, start + 12, start + 24, start + 36])


def test_moments_move_once_through_several_files_and_dates_stay(tmp_path):
    (tmp_path / "a.toml").write_text(f"{PROGRAMME}[schedule]\nstart = 6\n")
    (tmp_path / "b.toml").write_text(PROGRAMME.replace("subsidy_taper", "a.toml") + "[schedule]\nstart = 8\n")
    (tmp_path / "c.toml").write_text(PROGRAMME.replace("subsidy_taper", "b.toml"))
    assert months_of_change(resolve(f"market + {tmp_path / 'b.toml'}")) == [0, 8, 20, 32, 44]
    assert months_of_change(resolve(f"market + {tmp_path / 'c.toml'}")) == [0, 8, 20, 32, 44]
    year = int(resolve("market").before["time.start_year"])
    dated = PROGRAMME.replace('extends = "subsidy_taper"\n', "") + "[street]\nsubsidy = 0.1\n"
    (tmp_path / "d.toml").write_text(f'{dated}[[step]]\nat = "{year + 3}-01"\nstreet.subsidy = 0.2\n')
    (tmp_path / "e.toml").write_text(PROGRAMME.replace("subsidy_taper", "d.toml") + "[schedule]\nstart = 2\n")
    at = [months_of_change(resolve(f"market + {tmp_path / name}.toml"))[-1] for name in ("d", "e")]
    assert at[0] == at[1]


def place(folder, extra=""):
    path = folder / "myplace.toml"
    path.write_text(f'schema = 1\nkind = "place"\ntitle = "Mine"\nextends = "trapped"\n{extra}')
    return str(path)


def test_a_place_of_one_s_own_inherits_what_can_exist_there(tmp_path):
    """Every form was said to be unable to exist in a place that extends `trapped`."""
    for form in ("custody", "market", "red_station", "catalysed", "self_governance"):
        assert resolve(form, place=place(tmp_path)).warnings == resolve(form).warnings or not resolve(form).feasible
        assert resolve(form, place=place(tmp_path)).feasible == resolve(form).feasible


def test_a_place_declares_what_can_exist_there(tmp_path):
    mine = place(tmp_path, 'feasible = ["red_branch"]\n')
    assert resolve("red_branch", place=mine).feasible
    assert not resolve("custody", place=mine).feasible
    assert resolve("market", place=mine).feasible
    assert not resolve("red_alliance", place="committee").feasible, "a shipped place that extends another is its own"
    assert 'myplace.toml:5: no form is called "red_brunch"; did you mean red_branch?' in refused(
        "market", place=place(tmp_path, 'feasible = ["red_brunch"]\n')
    )
