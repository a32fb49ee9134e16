"""A user's mistake: one paragraph on standard error, exit code 2, nothing written. The texts are read here."""

import pytest
from command import SMALL, files_under, linli, process

__all__ = ["linli"]  # a fixture

FORM = 'schema = 1\nkind = "form"\ntitle = "Mine"\nextends = "custody"\n'
FILES = {
    "empty.toml": b"",
    "words.toml": b"hello world",
    "binary.toml": bytes(range(256)),
    "a.toml": FORM.replace("custody", "b.toml").encode(),
    "b.toml": FORM.replace("custody", "a.toml").encode(),
    "text.toml": f'{FORM}[station]\nfee = "x"\n'.encode(),
    "unknown.toml": f"{FORM}[station]\nfeee = 0.4\n".encode(),
    "nan.toml": f"{FORM}[station]\nfee = nan\n".encode(),
    "large.toml": f"{FORM}[station]\nfee = 101.0\n".encode(),
    "taken": b"a file",
    "full/notes.txt": b"mine",
}

FEE = "allowed is 0 to 100 yuan/m2/month"
FULL = (
    "full is not empty (it holds notes.txt) and nothing in it will be overwritten; name another folder with --out, or "
    "empty this one first."
)
CASES = {
    "unknown command": (["lst"], "No such command 'lst'. Did you mean 'list'?; see linli --help"),
    "no scenario": (["run"], "Missing argument 'SCENARIO'; see linli run --help"),
    "unknown option": (
        ["run", "market", "--sed", 3],
        "No such option: --sed (Possible options: --cases, --seed, --set)",
    ),
    "two scenarios": (
        ["run", "market", "custody"],
        "2 scenarios are named, market and custody, where one is wanted; put + between a form and its programmes, or "
        "use linli compare.",
    ),
    "misspelt scenario": (["run", "red_staton"], 'no form or model is called "red_staton"; did you mean red_station?'),
    "misspelt place": (
        ["run", "market", "--place", "traped"],
        'place: no place is called "traped"; did you mean trapped?',
    ),
    "misspelt key": (
        ["run", "market", "--set", "household.b_qualty=1"],
        "--set household.b_qualty=1: household.b_qualty is not a parameter; did you mean household.b_quality?",
    ),
    "unknown key in a file": (
        ["run", "unknown.toml"],
        "unknown.toml:6: station.feee is not a parameter; did you mean station.fee?",
    ),
    "out of range": (
        ["run", "large.toml"],
        f"large.toml:6: station.fee = 101.0 yuan/m2/month is outside the valid range; {FEE}",
    ),
    "wrong type": (
        ["run", "text.toml"],
        f'text.toml:6: station.fee = "x" is text, not a number; write a number without quotes; {FEE}',
    ),
    "circle": (["run", "a.toml"], "a.toml: extends goes in a circle: a.toml -> b.toml -> a.toml"),
    "NaN": (["run", "nan.toml"], f"nan.toml:6: station.fee = nan is not a finite number; {FEE}"),
    "NaN option": (
        ["run", "market", "--set", "firm.fee=nan"],
        f"--set firm.fee=nan: firm.fee = nan is not a finite number; {FEE}",
    ),
    "negative months": (
        ["run", "market", "--months", -3],
        "months = -3 is outside the valid range; allowed is a whole number 1 to 1200 months",
    ),
    "months in words": (
        ["run", "market", "--months", "ten"],
        "Invalid value for '--months': 'ten' is not a whole number; see linli run --help",
    ),
    "no replicates": (["run", "market", "--replicates", 0], "replicates = 0 lies outside 1 to 1000000."),
    "too many replicates": (
        ["run", "market", "--replicates", 10**6, "--set", "population.n_estates=5000"],
        "GB of memory",
    ),
    "half a replicate": (
        ["run", "market", "--replicates", 1.5],
        "Invalid value for '--replicates': '1.5' is not a whole number; see linli run --help",
    ),
    "no threads": (["run", "market", "--threads", 0], "threads = 0 lies outside 1 to 1024."),
    "seed below 0": (["run", "market", "--seed", -1], "seed = -1 lies outside 0 to 9223372036854775807 (2**63 - 1)."),
    "seed above 2**63 - 1": (
        ["run", "market", "--seed", 2**63],
        "seed = 9223372036854775808 lies outside 0 to 9223372036854775807 (2**63 - 1).",
    ),
    "unknown engine": (["run", "market", "--engine", "fast"], "engine = 'fast' is unknown; choose compiled or agents."),
    "empty file": (
        ["run", "empty.toml"],
        'empty.toml: the file is empty; a scenario begins with schema = 1, kind = "form", title = "..."',
    ),
    "not TOML": (["run", "words.toml"], "words.toml: not valid TOML: Expected '=' after a key"),
    "binary file": (["run", "binary.toml"], "binary.toml: this is a binary file; a scenario is TOML text"),
    "a directory": (["run", "folder.toml"], "folder.toml: this is a folder; name one .toml file in it"),
    "no such file": (["run", "gone.toml"], "there is no file gone.toml"),
    "area 0": (
        ["run", "market", "--set", "population.area_mean=0"],
        "population.area_mean = 0 m2 is outside the valid range; allowed is 10 to 1000 m2",
    ),
    "income 0": (
        ["run", "market", "--set", "population.income_median=0"],
        "population.income_median = 0 yuan/household/month is outside the valid range; allowed is 1 to 1e+06 yuan",
    ),
    "a programme alone": (["run", "subsidy_taper"], "is a programme: it stands on a form and cannot stand alone"),
    "a place alone": (["run", "trapped"], "trapped is a place, not a form; write a form and give the place beside it"),
    "the same twice": (["compare", "market", "market"], "market @ trapped is named 2 times; name each scenario once"),
    "no place after @": (
        ["run", "market @"],
        'place: no place is called ""; there are: beigangyuan, committee, hanshan,',
    ),
    "out is a file": (
        ["run", "market", "--out", "taken"],
        "--out taken is a file; name a folder, for example --out results/mine.",
    ),
    "out below a file": (
        ["run", "market", "--out", "taken/below/deep"],
        "--out taken/below/deep lies below taken, which is a file; name a folder, for example --out results/mine.",
    ),
    "out not empty": (["run", "market", "--out", "full"], FULL),
    "out without a name": (["run", "market", "--out", ""], "Invalid value for '--out': a folder needs a name"),
    "explain nothing": (["explain", "nothing"], 'no form or model is called "nothing"; there are: catalysed, custody'),
    "dock nothing": (["dock", "market", "--seed", -1], "seed = -1 lies outside 0 to"),
}


@pytest.fixture
def mistakes(tmp_path):
    """Make a folder with everything a user should not hand over."""
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder.toml").mkdir()
    return tmp_path


@pytest.mark.parametrize(("arguments", "text"), CASES.values(), ids=CASES)
def test_a_mistake(arguments, text, linli, mistakes):
    said = linli(*arguments)
    assert said.code == 2
    assert said.out == ""
    assert said.err.startswith("linli: ")
    assert text in said.err
    assert said.err.count("\n") == 1
    assert files_under(mistakes) == FILES


@pytest.mark.parametrize("arguments", [["run", "markt", "--out", "new"], ["run", "market", "--sed"], ["frobnicate"]])
def test_a_mistake_ends_the_process_with_2_and_no_traceback(arguments, tmp_path):
    done = process(*arguments, cwd=tmp_path)
    out, err = done.communicate(timeout=60)
    assert (done.returncode, out) == (2, "")
    assert err.startswith("linli: ")
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.thorough
def test_a_full_disk_is_told_and_nothing_is_left(tmp_path):
    resource = pytest.importorskip("resource")

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    arguments = ("run", "m0", *SMALL, "--months", 120, "--replicates", 40, "--out", "a/kept", "--no-figures")
    done = process(*arguments, cwd=tmp_path, preexec_fn=limit)
    err = done.communicate(timeout=120)[1]
    assert done.returncode == 2
    assert err.startswith("linli: cannot write a/kept/")
    assert "File too large; make room or name another place with --out. Nothing was kept." in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []
