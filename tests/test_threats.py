"""What docs/threats.md says of files, pages, names, pickles and the network."""

import ast
import base64
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import html5lib
import pytest
from command import Command, linli

from agents.rules.compiled import CodeFolder
from sim import store
from sim.cli.screen import printable
from sim.report.page import Page, Section, Table, rendered

__all__ = ["linli"]  # a fixture

ROOT = Path(__file__).resolve().parent.parent
THREATS = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")
FORM = 'schema = 1\nkind = "form"\ntitle = "Mine"\n'
HOSTILE = "a\x1b[31mred\x1b]0;title\x07 \x9b2J \u202eturned </title><script>alert(1)</script> {{ 7 * 7 }} ${HOME} =1+1"


# --- no way from text to code ----------------------------------------------------------------------------------------

TO_CODE = {
    "eval", "exec", "compile", "__import__", "load_module", "run_path", "run_module", "system", "popen", "Popen",
    "read_pickle", "Unpickler", "execfile", "unsafe_load", "full_load", "from_string",
}  # fmt: skip
"""Calls that turn text or bytes into something that runs."""

OF_MODULES = {"pickle": {"load", "loads"}, "marshal": {"load", "loads"}, "joblib": {"load"}, "yaml": {"load"}}

ALLOWED = {
    ("agents/calling.py", "function.compile"),  # of a rule, by the compiler
    ("agents/rules/compiled/__init__.py", "pickle.loads"),  # compiled code, after owner, mode and checksum
    ("sim/studies/pools.py", "pickle.loads"),  # the work of its own workers, after its SHA-256
}


def calls(path: Path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def dangerous(called: str, node: ast.Call) -> bool:
    module, _, name = called.rpartition(".")
    if module == "re":
        return False
    if name in TO_CODE or name in OF_MODULES.get(module, ()):
        return True
    keywords = {each.arg: ast.unparse(each.value) for each in node.keywords}
    return keywords.get("shell", "False") != "False" or keywords.get("allow_pickle", "False") != "False"


def test_nothing_turns_text_into_code():
    sources = [path for folder in ("agents", "sim") for path in sorted((ROOT / folder).rglob("*.py"))]
    assert len(sources) > 100
    found = {
        (path.relative_to(ROOT).as_posix(), called)
        for path in sources
        for called, node in calls(path)
        if dangerous(called, node)
    }
    assert found == ALLOWED


@pytest.mark.parametrize(
    "code",
    ["eval(x)", "pickle.load(f)", "np.load(f, allow_pickle=True)", "subprocess.run(x, shell=True)", "os.system(x)"],
)
def test_a_way_from_text_to_code_would_be_seen(code, tmp_path):
    (tmp_path / "m.py").write_text(code)
    assert [called for called, node in calls(tmp_path / "m.py") if dangerous(called, node)]


@pytest.mark.parametrize(
    "text",
    [
        FORM + 'about = "{0.__class__} %s ${HOME} `id` $(id) {{ 7 * 7 }}"\nextends = "market"\n',
        FORM + 'extends = "market"\n[household]\nintercept = { value = 0.1, source = "__import__(\'os\')" }\n',
    ],
)
def test_words_of_a_scenario_stay_words(text, linli: Command):
    Path("mine.toml").write_text(text, encoding="utf-8")
    shown = linli("explain", "mine.toml")
    assert shown.code == 0
    assert "49" not in shown.out.split("240 months")[0]
    assert "$(id) {{ 7 * 7 }}" in shown.out or "__import__('os')" in shown.out


# --- what a scenario may read ----------------------------------------------------------------------------------------


def test_extends_reads_scenarios_and_shows_no_value_of_another_file(linli: Command):
    Path("deep").mkdir()
    Path("secret.toml").write_text('token = "hunter2"\n[auth]\npassword = "hunter3"\n', encoding="utf-8")
    Path("deep/mine.toml").write_text(FORM + 'extends = "../secret.toml"\n', encoding="utf-8")
    told = linli("explain", "deep/mine.toml")
    assert (told.code, "secret.toml: the key kind is missing" in told.err) == (2, True)
    assert "hunter" not in told.err + told.out
    Path("secret.toml").write_text(FORM + 'token = "hunter2"\n[auth]\npassword = "hunter3"\n', encoding="utf-8")
    told = linli("explain", "deep/mine.toml")
    assert told.code == 2
    assert "hunter" not in told.err + told.out


@pytest.mark.parametrize("name", ["/etc/passwd", "../secrets", "secret.txt", "mine.py", "http://example.org/x.toml"])
def test_extends_reads_no_file_of_another_kind(name, linli: Command):
    for path in ("secret.txt", "mine.py"):
        Path(path).write_text("print('ran')\n", encoding="utf-8")
    Path("mine.toml").write_text(FORM + f'extends = "{name}"\n', encoding="utf-8")
    told = linli("explain", "mine.toml")
    assert told.code == 2
    assert re.match(r"linli: mine\.toml:4: (no form is called|there is no file) ", told.err)
    assert "ran" not in told.out


def test_extends_reads_no_pipe_no_device_and_nothing_large(linli: Command):
    os.mkfifo("pipe.toml")
    os.symlink("/dev/zero", "zero.toml")
    Path("large.toml").write_text("#" * 64_001, encoding="utf-8")
    for name, told in (("pipe", "not an ordinary file"), ("zero", "not an ordinary file"), ("large", "64000 bytes")):
        Path("mine.toml").write_text(FORM + f'extends = "{name}.toml"\n', encoding="utf-8")
        found = linli("explain", "mine.toml")
        assert (found.code, told in found.err) == (2, True), found.err


def test_a_study_keeps_nothing_from_outside_its_folder(linli: Command):
    Path("study").mkdir()
    Path("outside.toml").write_text(FORM + 'extends = "market"\n', encoding="utf-8")
    Path("study/mine.toml").write_text(FORM + 'extends = "../outside.toml"\n', encoding="utf-8")
    Path("study/study.toml").write_text(
        'question = "Q?"\nscenarios = ["mine.toml"]\nmonths = 1\nreplicates = 1\nseed = 1\n', encoding="utf-8"
    )
    told = linli("study", "run", "study/study.toml", "--out", "kept")
    assert (told.code, "lies outside the study's folder" in told.err) == (2, True), told.err
    assert not Path("kept").exists()


# --- what is shown ---------------------------------------------------------------------------------------------------

COMMANDS_A_TERMINAL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def test_no_name_or_text_of_a_file_commands_a_terminal(linli: Command):
    as_toml = "".join(f"\\u{ord(sign):04x}" if ord(sign) < 32 or ord(sign) > 126 else sign for sign in HOSTILE)
    files = {
        "title.toml": FORM.replace("Mine", as_toml) + f'about = "{as_toml}"\nextends = "market"\n',
        "key.toml": FORM + f'extends = "market"\n[household]\n"{as_toml}" = 1\n',
        "kind.toml": FORM.replace('"form"', f'"{as_toml}"'),
        "extends.toml": FORM + f'extends = "{as_toml}"\n',
        "path.toml": FORM + f'extends = "{as_toml}.toml"\n',
        "a\x1b[31m.toml": FORM + 'extends = "market"\n',
        "b\x1b[31m.toml": FORM + 'extends = "markt"\n',
    }
    for name, text in files.items():
        Path(name).write_text(text, encoding="utf-8")
        for options in ((), ("--json",)):
            told = linli("explain", name, *options)
            assert not COMMANDS_A_TERMINAL.search(told.out + told.err), (name, told)
            assert "31m" in told.out + told.err


def test_what_is_printable_stays():
    text = "愿 邻里 é — ↑\tx\ny 😀"
    assert printable(text) == text
    assert len(printable(HOSTILE)) == len(HOSTILE)


def test_the_page_holds_text_as_text_and_a_policy():
    table = Table(HOSTILE, HOSTILE, (HOSTILE,), (("row", HOSTILE), (HOSTILE,)))
    text = rendered(Page(HOSTILE, HOSTILE, (Section("words", HOSTILE, (HOSTILE,), (HOSTILE,), (HOSTILE,), (table,)),)))
    page = html5lib.parse(text, namespaceHTMLElements=False)
    assert not list(page.iter("script"))
    assert "{{ 7 * 7 }}" in text
    (policy,) = [each.get("content") for each in page.iter("meta") if each.get("http-equiv")]
    (style,) = page.iter("style")
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


# --- what stays on this machine --------------------------------------------------------------------------------------


def test_the_compile_cache_and_the_work_of_workers_are_their_user_s_alone(tmp_path, monkeypatch):
    from sim.studies import pools

    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    folder = CodeFolder("kernels-of-a-test")
    assert folder.entries("") == []  # it is made when it is first needed
    assert folder.path.stat().st_mode & 0o077 == 0
    with pools._left({"work": 1}) as (path, told):
        assert Path(path).parent.stat().st_mode & 0o077 == 0
        Path(path).write_bytes(b"cos\nsystem\n(S'touch ran'\ntR.")
        with pytest.raises(OSError, match="is not what the process that started this worker wrote"):
            pools._start(path, told)
    assert not Path("ran").exists()


NO_NETWORK = """
import socket

def refuse(*arguments, **options):
    raise AssertionError("the network was asked")

socket.socket.connect = socket.socket.bind = socket.socket.listen = socket.getaddrinfo = refuse
from sim.cli import main
asked = ["--set", "population.n_households=20", "--set", "time.spinup=2", "--months", "2", "--replicates", "2"]
assert main(["run", "market", *asked, "--quiet", "--no-figures", "--out", "kept"]) == 0
assert main(["report", "kept"]) == 0
"""


@pytest.mark.thorough
def test_a_run_and_a_report_ask_nothing_of_the_network(tmp_path):
    where = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", NO_NETWORK], cwd=tmp_path, env=where, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "kept" / "report.html").exists()


@pytest.mark.thorough
def test_seals_are_no_signature(tmp_path, linli: Command):
    """Who writes a folder can write a manifest that fits it, and is believed: that is why it is said."""
    asked = ["--set", "population.n_households=20", "--set", "time.spinup=2", "--months", "2", "--replicates", "2"]
    assert linli("run", "market", *asked, "--quiet", "--no-figures", "--out", "kept").code == 0
    kept = store.manifest_of(Path("kept"))
    assert kept is not None
    forged = {name: value for name, value in kept.items() if name != "seals"} | {"question": "Is this forged?"}
    Path("kept/manifest.json").write_bytes(store.manifest_text(forged).encode())
    assert linli("report", "kept").code == 0
    assert "Is this forged?" in Path("kept/report.html").read_text(encoding="utf-8")


def test_the_tests_that_the_page_names_are_there():
    named = set(re.findall(r"`(tests/\w+\.py)`", THREATS))
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
