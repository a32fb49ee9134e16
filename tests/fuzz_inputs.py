"""Inputs of every kind that linli reads, damaged with regard to how they are built, and what must hold for each.

`python tests/fuzz_inputs.py CASES SEED [SECONDS]` tries many, batch by batch, and writes their counts into
`tests/fuzz_table.md`; `tests/test_fuzz.py` tries some. No model is run: what would run ends in `Runs`.
"""

import contextlib
import io
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.parameters import PARAMETERS
from sim.scenarios import data_folder, resolve

SECONDS, BYTES = 2.0, 64_000
"""Seconds of computing that so many bytes may take."""
STUCK = 120
"""Seconds after which a case is given up."""
LONGEST = 4000
"""Characters of a message."""


class Runs(BaseException):
    """The input is whole: this is where a model would be run."""


@dataclass(frozen=True)
class Kind:
    """A kind of input: what makes one of it, what reads it, and one of which words every message must hold."""

    name: str
    cases: int
    """How many of them are among 10,000 inputs."""
    inputs: st.SearchStrategy[bytes]
    read: Callable[[bytes], object]
    located: tuple[str, ...]


# --- pieces ---------------------------------------------------------------------------------------------------------

PATHS = sorted(PARAMETERS)
NUMBERS = (
    "0", "-0.0", "1", "3.0", "2.5", "3.000e+00", "-1", "1e308", "1e400", "nan", "inf", "-inf", "0x10", "1_000", "0,5",
    "1.234,5", "9" * 400, "9" * 5000, "0." + "3" * 900, "NA", "", "true", "１２",
)  # fmt: skip
WORDS = (
    "market", "red_station", "custody + volunteers", "market @ trapped", "trapped", "hanshan", "subsidy_taper", "m1",
    "fuzzed.toml", "beside.toml", "../x.toml", "gone.toml", "", " ", "+", "market +", "@", "x" * 3000, "邻里", "a.b.c",
    "initial_form", "lhs", "sobol", "csv", "points.csv", "payment_rate", "series", "firm", "2019-07", "2019-13",
    "\\u0000", "\\n",
)  # fmt: skip
NAMES = (
    "schema", "kind", "title", "about", "extends", "feasible_in", "feasible", "stacks_on", "null_base", "initial_form",
    "place", "scenario", "without", "signature", "schedule", "start", "stop", "again", "step", "at", "stratum", "wave",
    "overlay", "standing", "cause", "everywhere", "question", "scenarios", "places", "months", "replicates", "seed",
    "outcomes", "keep", "constants", "factors", "sampling", "sensitivity", "method", "n", "levels", "file", "times", "set",
    "range", "values", "role", "own", "leave_out", "estates", "like", "form", "strata", "until", "every", "value",
    "source", "household", "street", "provider", "x",
)  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(NUMBERS),
    st.sampled_from(WORDS).map(lambda word: f'"{word}"'),
    st.sampled_from(["[]", "{}", "[[1]]", "{ a = 1 }", "[1, 2]", '["market"]', "1979-05-27", "'''x\ny'''", "[" * 40]),
    st.sampled_from(PATHS).map(lambda path: f'{{ "{path}" = 1 }}'),
)
KEYS = st.one_of(
    st.sampled_from(NAMES),
    st.sampled_from(PATHS),
    st.sampled_from(PATHS).map(lambda path: f'"{path}"'),
    st.sampled_from(["a." * 30 + "a", "a." * 3000 + "a", '"\\u0061"', "'x y'", '""']),
)
LINES = st.one_of(
    st.tuples(KEYS, VALUES).map(" = ".join),
    KEYS.map(lambda key: f"[{key}]"),
    KEYS.map(lambda key: f"[[{key}]]"),
    st.sampled_from(["# note", "", '"""', "'''", "]", "}", "= 1", "\x00", "\ufeff", "x = ["]),
)
FILLINGS = st.sampled_from(
    ["#\n", "\n", " ", "[", "a.", "a = 1\n", "[[step]]\nat = 1\n", '"', "'", "\\", "9", "{a=", ","]
)


def spoiled(draw: st.DrawFn, text: str, odd: st.SearchStrategy[str]) -> bytes:
    """Damage a text line by line, then now and then by the byte, by its encoding, or by making it very long."""
    lines = text.split("\n")
    for _ in range(draw(st.sampled_from([0, 1, 1, 1, 2, 3]))):
        at = draw(st.integers(0, len(lines) - 1))
        how = draw(st.integers(0, 5))
        if how == 0:
            lines[at] = draw(odd)
        elif how == 1:
            lines.insert(at, draw(odd))
        elif how == 2:
            lines.insert(at, lines[draw(st.integers(0, len(lines) - 1))])
        elif how == 3 and len(lines) > 1:
            del lines[at]
        elif "=" in lines[at]:
            key, _, value = lines[at].partition("=")
            lines[at] = f"{key}= {draw(VALUES)}" if how == 4 else f"{draw(KEYS)} ={value}"
        else:
            lines[at] += draw(st.sampled_from(["#", "=", ".", "]", ",", ";", "x", "\t"]))
    last = draw(st.integers(0, 39))
    if last == 0:
        lines.insert(draw(st.integers(0, len(lines))), draw(FILLINGS) * draw(st.sampled_from([100, 3000, 20_000])))
    data = "\n".join(lines).encode("utf-8", "surrogatepass")
    if last == 1:
        data = data.decode("utf-8").encode(draw(st.sampled_from(["utf-16", "utf-16-le", "gb18030", "utf-32"])))
    elif last < 6:
        at = draw(st.integers(0, len(data)))
        data = data[:at] + draw(st.binary(max_size=3)) + data[at + draw(st.integers(0, 3)) :]
    return data


@st.composite
def texts(draw: st.DrawFn, bases: tuple[str, ...]) -> bytes:
    """Return one of some texts of TOML, damaged."""
    return spoiled(draw, draw(st.sampled_from(bases)), LINES)


def shipped(*patterns: str) -> tuple[str, ...]:
    """Return the texts of shipped files."""
    return tuple(
        path.read_text(encoding="utf-8") for pattern in patterns for path in sorted(data_folder().glob(pattern))
    )


# --- scenarios ------------------------------------------------------------------------------------------------------

SMALL = (
    'schema = 1\nkind = "form"\ntitle = "F"\nextends = "market"\nfeasible_in = ["trapped"]\n[street]\nsubsidy = 0.1\n',
    'schema = 1\nkind = "programme"\ntitle = "P"\nextends = "subsidy_taper"\n[schedule]\nstart = 6\nstop = 60\n'
    "[[step]]\nat = 12\nstreet.subsidy = 0.2\n",
    'schema = 1\nkind = "place"\ntitle = "P"\nextends = "trapped"\nfeasible = ["custody"]\n[household]\nintercept = 0.1\n',
    'schema = 1\nkind = "model"\ntitle = "M"\nplace = "trapped"\n[station]\nfee = { value = 0.3, source = "s" }\n',
    'schema = 1\nkind = "rival"\ntitle = "R"\nscenario = "market"\nwithout = "market"\nsignature = "s"\n'
    "[cause.street]\nsubsidy = 0.1\n",
)
DISTRICTS = (
    'schema = 1\nkind = "place"\ntitle = "D"\ninitial_form = "market"\n[[stratum]]\nname = "old"\nestates = 6\n'
    'like = "trapped"\n[[stratum]]\nname = "new"\nestates = 2.0\nlike = "managed"\ninitial_form = "custody"\n'
    "household.intercept = 0.2\n",
    'schema = 1\nkind = "rollout"\ntitle = "R"\nplace = "small.toml"\neverywhere = ["funding"]\n[[wave]]\nform = "custody"\n'
    'strata = ["old"]\nestates = 2\nstart = 3\nuntil = 12\n[[overlay]]\nprogramme = "volunteers"\non = ["custody"]\n'
    "estates = 1\n",
)


def write(name: str, data: bytes) -> None:
    Path(name).write_bytes(data)


def read_scenario(data: bytes) -> None:
    """Resolve a scenario alone, and where it is a programme or a place, on a form or with one."""
    write("fuzzed.toml", data)
    try:
        resolve("fuzzed.toml", months=24)
    except InputError as error:
        told = str(error)
        if "is a programme: it stands on a form" in told:
            resolve("market + fuzzed.toml", months=24)
        elif "is a place, not a form" in told:
            resolve("market", place="fuzzed.toml", months=24)
        else:
            raise


# --- studies and designs --------------------------------------------------------------------------------------------

STUDIES = (
    'question = "Why?"\nscenarios = ["market", { scenario = "market + subsidy_taper", times = { "street.subsidy" = 1.4 } }]\n'
    "months = 6\nreplicates = 2\nseed = 1\n[constants]\npopulation.n_households = 40\n[factors]\n"
    '"household.b_bailout" = {}\n"street.subsidy" = { range = [0.0, 0.2] }\n[sampling]\nmethod = "lhs"\nn = 4\n',
    'question = "Why?"\nscenarios = ["market @ trapped"]\nmonths = 6\nseed = 1\nkeep = ["series"]\nat = [6]\n'
    'replicates = { precision = 0.01, max = 400 }\n[sampling]\nmethod = "csv"\nfile = "points.csv"\n',
    'question = "Why?"\nscenarios = ["market"]\nmonths = 12\nreplicates = 2\nseed = 3\noutcomes = ["payment_rate"]\n'
    '[factors]\n"household.*" = { leave_out = ["b_bailout"] }\n[sensitivity]\nmethod = "morris"\nn = 4\nluck = "common"\n',
)
DESIGN = (
    'question = "Why?"\nscenarios = ["market"]\nmonths = 6\nreplicates = 2\nseed = 1\n'
    'constants = { "population.n_households" = 40 }\nsampling = { method = "csv", file = "points.csv" }\n'
)


def read_study_file(data: bytes) -> None:
    from sim.studies.design import design_of
    from sim.studies.sources import read_study
    from sim.studies.worlds import base_worlds

    write("fuzzed.toml", data)
    study, _ = read_study("fuzzed.toml")
    base_worlds(study)
    design_of(study)


def read_design(data: bytes) -> None:
    from sim.studies.points import read_points

    write("points.csv", data)
    read_points(Path(), "points.csv", ["population.n_households"])


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """Return a table of points, written in one of many ways, damaged."""
    separator = draw(st.sampled_from([",", ";", "\t", "|", " "]))
    usual, strange = ["street.subsidy", "structure.billing_period", "id"], ["", "point", "luck", "run", "x", *PATHS]
    name = st.sampled_from(usual) if draw(st.integers(0, 3)) else st.sampled_from(strange)
    head = draw(st.lists(name, min_size=1, max_size=3, unique=draw(st.booleans())))
    good, odd = st.sampled_from(["1", "3.0", "2e0"]), st.sampled_from([*NUMBERS, "0,05", "firm", '"1,5"', "#N/A"])
    cell = good if draw(st.booleans()) else good | odd
    rows = draw(st.lists(st.lists(cell, min_size=len(head), max_size=len(head)), max_size=4))
    lines = [separator.join(row) for row in ([name or '""' for name in head], *rows)]
    for extra in draw(
        st.lists(st.sampled_from(["# note", f"sep={separator}", "sep=;", "", ",,", ";;;", '"open', "\ufeff", "  "]), max_size=2)
    ):
        lines.insert(draw(st.integers(0, len(lines))), extra)
    return spoiled(draw, draw(st.sampled_from(["\n", "\r\n", "\r"])).join(lines), cell)


# --- designs of other tools -----------------------------------------------------------------------------------------

FOREIGN = (
    '"BehaviorSpace results (NetLogo 6.4.0)","Table version 2.0"\n"m"\n"fees"\n"[run number]","street.subsidy","[step]","y"\n'
    '"1","0.05","12","1"\n"2","0.10","12","1"\n',
    '"BehaviorSpace results (NetLogo 6.4.0)","Spreadsheet version 2.0"\n"m"\n"fees"\n"[run number]","1","1","2","2"\n'
    '"street.subsidy","0.05",,"0.1",\n"[reporter]","[step]","y","[step]","y"\n"[total steps]","12","12","12","12"\n',
    '{"names": ["street.subsidy", "household.b_bailout"],\n"bounds": [[0.0, 0.2], [0.4, 1.2]],\n"num_vars": 2}\n',
    "parameters = {\n'world': 'market',\n'street_subsidy': [0.0, 0.1],\n'months': 6,\n'rng': 7}\n",
    "street_subsidy,household_b_bailout,scenario,policy,model\n0.1,0.8,0,None,linli\n0.2,0.9,1,None,linli\n",
)


@st.composite
def foreign(draw: st.DrawFn) -> bytes:
    """Return a design as another tool writes it, damaged."""
    odd = st.sampled_from([*NUMBERS, '"x"', "{", "}", "[1, 2]", '"names": 3', '"bounds": []', '"[step]"', "'a': None,", "(" * 300])
    return spoiled(draw, draw(st.sampled_from(FOREIGN)), odd)


def read_foreign_design(data: bytes) -> None:
    from sim.studies.convert import convert

    write("points.csv", data)
    with in_folder("r"):
        convert(Path("points.csv"), Path("o"))


# --- manifests ------------------------------------------------------------------------------------------------------

MANIFESTS: tuple[Mapping[str, object], ...] = (
    {
        "kind": "study", "schema": 1, "question": "Why?", "months": 6, "seed": 1, "replicates": 2, "outcomes": [], "arms": [],
        "chunks": {"runs/0.parquet": {"seal": "0", "rows": 2}}, "inputs": [], "files": [], "shard": None,
    },
    {"request": {"schema": 2, "months": 6, "worlds": []}, "files": [{"name": "runs.parquet", "sha256": "0", "bytes": 3}]},
    {"kind": "tipping", "schema": 1, "about": {}, "studies": {}, "files": []},
    {"kind": "sensitivity", "schema": 1, "studies": {}, "files": [], "model_hash": "0"},
    {"kind": "ablation", "request": {"schema": 2, "worlds": {}}, "files": [], "found": {}},
    {"kind": "crossing", "request": {"schema": 2, "worlds": {}}, "files": []},
    {"kind": "odds", "files": [], "study": "x"},
)  # fmt: skip
JSON = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 3), st.sampled_from([1e308, 10**30, "", "runs.parquet", "../x", "study", [], {}]),
    st.just([[]]), st.just({"name": "x"}),
)  # fmt: skip
READERS = (
    ["report", "r"], ["study", "status", "r"], ["study", "verify", "r"], ["study", "export", "r"], ["study", "resume", "r"],
    ["study", "money", "r"], ["study", "odds", "r"], ["sensitivity", "r"], ["study", "merge", "r", "--out", "m"],
    ["study", "replicates", "r"], ["study", "rerun", "r", "0-0-0"], ["run", "market", "--out", "r", "--months", "1"],
)  # fmt: skip


@st.composite
def manifests(draw: st.DrawFn) -> bytes:
    """Return a manifest with fields that are gone, strange or new, as text that may be damaged too, and who reads it."""
    manifest = dict(draw(st.sampled_from(MANIFESTS)))
    for _ in range(draw(st.integers(0, 3))):
        key = draw(st.sampled_from([*manifest, "kind", "seals", "schema", "x"]))
        if draw(st.booleans()):
            manifest.pop(key, None)
        elif isinstance(manifest.get(key), dict) and draw(st.booleans()):
            manifest[key] = {**manifest[key], draw(st.sampled_from(["schema", "worlds", "x"])): draw(JSON)}
        else:
            manifest[key] = draw(JSON)
    text = json.dumps(manifest, indent=1)
    how = draw(st.integers(0, 19))
    if how == 0:
        text = draw(st.sampled_from(["[", '{"a":', "9", " "])) * draw(st.sampled_from([1, 900, 5000, 100_000]))
    elif how == 1:
        text = text.replace("0", draw(st.sampled_from(["NaN", "Infinity", "-0.0", "9" * 5000, "1e999"])), 1)
    data = text.encode() if how > 4 else spoiled(draw, text, st.sampled_from(["{", "}", '"a": 1,', "null", "\x00"]))
    return bytes([draw(st.integers(0, len(READERS) - 1))]) + data


def read_manifest(data: bytes) -> None:
    with in_folder("r"):
        write("r/manifest.json", data[1:])
        said(READERS[data[0]])


# --- commands -------------------------------------------------------------------------------------------------------

COMMANDS = (
    ["run", "market"], ["compare", "market", "custody"], ["explain", "red_station", "--json"], ["dock", "market"], ["list"],
    ["place", "trapped"], ["study", "run", "first_study", "--out", "o"], ["study", "run", "fuzzed.toml", "--out", "o"],
    ["study", "resume", "r"], ["study", "extend", "r", "--points", "8"], ["study", "status", "r"], ["study", "rerun", "r", "0-0-0"],
    ["study", "replicates", "r", "--precision", "0.1"], ["study", "convert", "points.csv", "--out", "o"],
    ["sensitivity", "fuzzed.toml", "--out", "o"], ["tipping", "market", "--out", "o", "--dwell", "18"], ["report", "r"],
    ["ablate", "red_alliance", "market", "--out", "o"], ["crossing", "red_branch", "market", "--over", "fee", "--out", "o"],
    ["evidence", "household.b_bailout"], ["study", "merge", "r", "--out", "o"], ["study", "verify", "r", "--runs", "1"],
)  # fmt: skip
OPTIONS = (
    "--place", "--set", "--months", "--replicates", "--seed", "--engine", "--threads", "--out", "--cases", "--json", "--quiet",
    "--no-figures", "--workers", "--chunk", "--shard", "--precision", "--vary", "--ramp", "--dwell", "--over", "--values",
    "--help", "--nonsense", "-x", "--",
)  # fmt: skip


@st.composite
def commands(draw: st.DrawFn) -> bytes:
    """Return the words of a command, damaged, parted by bytes 0."""
    words = list(draw(st.sampled_from(COMMANDS)))
    setting = st.tuples(st.sampled_from([*PATHS, "x", ""]), st.sampled_from(NUMBERS)).map("=".join)
    word = st.one_of(st.sampled_from(WORDS), st.sampled_from(NUMBERS), setting, st.sampled_from(OPTIONS))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(words)))
        how = draw(st.integers(0, 3))
        if how == 0:
            words[at:at] = [draw(st.sampled_from(OPTIONS)), draw(word)]
        elif how == 1:
            words[at:at] = ["--set", draw(setting)]
        elif how == 2:
            words[at : at + 1] = [draw(word)]
        else:
            del words[at : at + 1]
    return "\0".join(words).encode("utf-8", "surrogatepass")


def read_command(data: bytes) -> None:
    write("fuzzed.toml", STUDIES[0].encode())
    write("points.csv", b"street.subsidy\n0.1\n")
    with in_folder("r"):
        said(data.decode("utf-8", "surrogatepass").split("\0"))


@contextlib.contextmanager
def in_folder(name: str) -> Iterator[None]:
    """Have an empty folder; take away what a command left."""
    kept = set(os.listdir())
    os.mkdir(name)
    try:
        yield
    finally:
        for entry in set(os.listdir()) - kept:
            shutil.rmtree(entry) if os.path.isdir(entry) else os.unlink(entry)


def said(words: list[str]) -> None:
    """Run a command; what it complains of is raised."""
    from sim.cli import main

    err = io.StringIO()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(err):
        code = main(words)
    if code not in (0, 3):
        told = "".join(line for line in err.getvalue().splitlines(True) if not line.startswith("Compiling ")).strip()
        assert told.startswith("linli: "), told
        raise InputError(told.removeprefix("linli: "))


# --- what must hold -------------------------------------------------------------------------------------------------

KINDS = (
    Kind("scenarios", 1500, texts(SMALL + shipped("forms/*.toml", "programmes/s*.toml", "models/*.toml", "places/[cmt]*.toml",
                                                  "rivals/*.toml", "failures/f0*.toml")), read_scenario, (".toml",)),
    Kind("districts", 600, texts(DISTRICTS), read_scenario, (".toml",)),
    Kind("studies", 2400, texts(STUDIES), read_study_file, (".toml", "points.csv")),
    Kind("designs", 4000, tables(), read_design, ("points.csv",)),
    Kind("foreign", 300, foreign(), read_foreign_design, ("points.csv", "sample.txt", "--out")),
    Kind("manifests", 700, manifests(), read_manifest, ("r/", "r: ", "r ", "m ", "--")),
    Kind("commands", 500, commands(), read_command, ()),
)  # fmt: skip
TENTH = 10
"""A round of the many is a tenth of 10,000, so that the counts are soon there."""
ROUND = sum(kind.cases for kind in KINDS) // TENTH


@contextlib.contextmanager
def workshop() -> Iterator[None]:
    """Work in an empty folder with the small files that inputs name; nothing runs a model."""

    def runs(*_: object, **__: object) -> None:
        raise Runs

    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("COLUMNS", "100")
        for target in (
            "sim.analysis.running.simulate",
            "sim.cli.comparison.simulate",
            "sim.dock.GovernanceModel",
            "sim.runs.simulate",
            "sim.standing.simulate",
            "sim.studies.compute.simulate",
            "sim.studies.harms.simulate",
            "sim.studies.runner._go",
        ):
            patch.setattr(target, runs)
        patch.setattr("sim.cli.first_run.compile_first", lambda *_, **__: None)
        write("beside.toml", SMALL[0].replace("market", "fuzzed.toml").encode())
        write("small.toml", DISTRICTS[0].encode())
        write("points.csv", b"street.subsidy,structure.billing_period\n0.1,3.0\n")
        yield


def holds(kind: Kind, data: bytes) -> str:
    """Read one input: no traceback, no hang, and a message of one paragraph that says where. Say how it ended.

    What takes too long is read once more: the first input that needs a library waits for its import.
    """
    allowed = SECONDS * max(1.0, len(data) / BYTES)
    ended, spent = _read(kind, data)
    if spent >= allowed:
        ended, spent = _read(kind, data)
    assert spent < allowed, f"{spent:.1f} s for {len(data)} bytes"
    return ended


def _read(kind: Kind, data: bytes) -> tuple[str, float]:
    """Read one input; return how it ended and the seconds of computing."""
    started = time.process_time()
    try:
        kind.read(data)
        ended = "accepted"
    except Runs:
        ended = "accepted"
    except InputError as error:
        ended = "refused"
        told = str(error)
        assert "\n" not in told, told
        assert told.strip(), "no message"
        assert len(told) < LONGEST, told[:300]
        assert not kind.located or any(word in told for word in kind.located), told
    return ended, time.process_time() - started


def batch(kind: Kind, cases: int, number: int, counts: dict[str, int]) -> None:
    """Try so many inputs of a kind; the number picks which. Raises what the smallest failing one raises."""

    @seed(number)
    @settings(
        max_examples=cases, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )  # fmt: skip
    @given(data=kind.inputs)
    def tried(data: bytes) -> None:
        ended = holds(kind, data)
        counts[ended] = counts.get(ended, 0) + 1

    tried()


def main(cases: int, first: int, most: float = float("inf")) -> int:
    """Try many inputs of every kind, until so many seconds are over, and write the counts down."""

    def stuck(*_: object) -> None:
        raise TimeoutError(f"over {STUCK} s")

    signal.signal(signal.SIGALRM, stuck)
    begun, failures = time.monotonic(), []
    counts: dict[str, dict[str, int]] = {kind.name: {} for kind in KINDS}
    with workshop():
        for number in range(first, first + -(-cases // ROUND)):
            for kind in KINDS:
                if time.monotonic() - begun > most:
                    break
                signal.alarm(STUCK * 10)
                try:
                    batch(kind, kind.cases // TENTH, number, counts[kind.name])
                except Exception as error:
                    failures.append(f"{kind.name}, seed {number}: {type(error).__name__}: {error}"[:300])
                    print(failures[-1], *getattr(error, "__notes__", ())[:3], sep="\n", flush=True)
                signal.alarm(0)
            (Path(__file__).parent / "fuzz_table.md").write_text(table(counts, first, failures), encoding="utf-8")
    return bool(failures)


def table(counts: Mapping[str, Mapping[str, int]], first: int, failures: list[str]) -> str:
    """Return the counts as a page."""
    total = sum(sum(found.values()) for found in counts.values())
    lines = [
        "# Inputs tried by `make weekly-fuzz`", "",
        f"{total} inputs, first seed {first}. What must hold: no traceback, no hang (over {SECONDS:g} s of computing per "
        f"{BYTES // 1000} kB), every message one paragraph that names file or option. It did not hold for {len(failures)}.", "",
        "| kind | accepted | refused |", "|---|---:|---:|",
        *(f"| {name} | {found.get('accepted', 0)} | {found.get('refused', 0)} |" for name, found in counts.items()),
    ]  # fmt: skip
    return "\n".join([*lines, *(["", *(f"- {failure}" for failure in failures)] if failures else [])]) + "\n"


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:])))
