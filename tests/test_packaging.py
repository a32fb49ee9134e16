"""Is what is installed ours, whole, light to import and free of addresses?"""

import ast
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

import sim

ROOT = Path(__file__).resolve().parent.parent
SCENARIOS = ROOT / "scenarios"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def python(code: str, *first_on_path: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run `code` in a fresh interpreter that looks into the folders `first_on_path` before all others."""
    start = f"import sys; sys.path[:0] = {[str(folder) for folder in first_on_path]!r}\n"
    return subprocess.run([sys.executable, "-c", start + code], cwd=cwd, capture_output=True, text=True, timeout=120)


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


# --- the guard against another distribution's `agents` ---------------------------------------------------------


@pytest.fixture
def foreign_agents(tmp_path: Path) -> Path:
    """Make a folder with somebody else's `agents`, whose code must not run."""
    package = tmp_path / "elsewhere" / "agents"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("print('foreign code ran')\n")
    return package


def test_a_foreign_agents_package_is_named_and_not_run(foreign_agents, tmp_path):
    done = python("import sim", foreign_agents.parent, ROOT, cwd=tmp_path)
    assert done.returncode != 0
    assert "foreign code ran" not in done.stdout
    assert f"ImportError: linli needs its own package `agents` ({ROOT / 'agents' / '__init__.py'})" in done.stderr
    assert f"finds {foreign_agents / '__init__.py'}, which belongs to no installed distribution." in done.stderr
    assert "Install linli in an environment of its own" in done.stderr


def test_the_distribution_of_a_foreign_agents_package_is_named(foreign_agents, tmp_path):
    record = foreign_agents.parent / "other_agents-0.24.0.dist-info"
    record.mkdir()
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: other-agents\nVersion: 0.24.0\n")
    (record / "RECORD").write_text("agents/__init__.py,,\n")
    done = python("import sim", foreign_agents.parent, ROOT, cwd=tmp_path)
    assert "which belongs to other-agents 0.24.0." in done.stderr


def test_an_agents_package_installed_over_ours_is_noticed(foreign_agents, tmp_path):
    shutil.copytree(ROOT / "sim", foreign_agents.parent / "sim")
    done = python("import sim", foreign_agents.parent, cwd=tmp_path)
    assert done.returncode != 0
    assert f"finds {foreign_agents / '__init__.py'}, which belongs to no installed distribution." in done.stderr


def test_a_missing_agents_package_is_reported(tmp_path):
    shutil.copytree(ROOT / "sim", tmp_path / "sim")
    done = python(f"sys.path.remove({str(ROOT)!r}) if {str(ROOT)!r} in sys.path else 0\nimport sim", cwd=tmp_path)
    assert "ImportError: linli needs its own package `agents`" in done.stderr


# --- the public names -------------------------------------------------------------------------------------------


def test_importing_sim_loads_no_heavy_library(tmp_path):
    heavy = "mesa pandas matplotlib pyarrow dask numpy numba scipy networkx pydantic typer"
    done = python(f"import sim; print(sorted(set('{heavy}'.split()) & set(sys.modules)))", ROOT, cwd=tmp_path)
    assert done.stdout == "[]\n", done.stderr


@pytest.mark.parametrize("name", [name for name in sim.__all__ if name != "__version__"])
def test_a_public_name_is_what_its_module_defines(name):
    assert getattr(sim, name).__module__.startswith("sim.")


def test_no_module_hides_a_public_name():
    modules = {path.stem for path in (ROOT / "sim").iterdir()}
    assert not modules & set(sim.__all__)


def test_type_checkers_see_the_public_names_that_are_there():
    tree = ast.parse((ROOT / "sim" / "__init__.py").read_text(encoding="utf-8"))
    (checking,) = (node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    seen = {
        name.asname: node.module for node in checking.body if isinstance(node, ast.ImportFrom) for name in node.names
    }
    assert seen == sim._PUBLIC


def test_the_version_is_that_of_the_distribution():
    assert sim.__version__ == PROJECT["project"]["version"]
    assert f"\nversion: {sim.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def test_the_citation_says_who_what_and_when():
    kept = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    cited = kept["preferred-citation"]
    for each in (kept, cited):
        assert each["type"] == "software"
        assert each["authors"] == PROJECT["project"]["authors"]
        assert each["version"] == sim.__version__
        assert each["license"] == PROJECT["project"]["license"]
        assert each["title"] == kept["title"]
    assert cited["year"] == 2026


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'sim' has no attribute 'rnu'"):
        sim.rnu  # noqa: B018


# --- the wheel ----------------------------------------------------------------------------------------------------


def built(target: str, folder: Path) -> Path:
    """Build the wheel or the source archive and return its file, the only one in the folder."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (made,) = folder.iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """Build the wheel and unpack it, as an installer would."""
    folder = tmp_path_factory.mktemp("wheel")
    zipfile.ZipFile(built("wheel", folder)).extractall(folder / "site")
    return folder / "site"


def test_the_wheel_holds_the_packages_and_the_scenarios(wheel):
    expected = {path.relative_to(ROOT) for name in ("agents", "sim") for path in files_in(ROOT / name)}
    expected |= {Path("linli_scenarios", path.relative_to(SCENARIOS)) for path in files_in(SCENARIOS)}
    found = {path.relative_to(wheel) for path in files_in(wheel)}
    assert {path for path in found if not path.parts[0].endswith(".dist-info")} == expected
    assert Path("agents/py.typed") in found
    assert Path("sim/py.typed") in found


def test_the_wheel_runs_on_its_own(wheel):
    code = (
        "import sim, sim.scenarios as s; from sim.facts import roles;"
        "print(sim.__file__, s.data_folder(), len(s.list_scenarios()), len(roles()), sep='\\n')"
    )
    done = python(code, wheel, cwd=wheel)
    apart = ("studies", "evidence", "tolerances")
    count = len([path for path in SCENARIOS.rglob("*.toml") if path.parent.name not in apart])
    facts = sum(path.read_text(encoding="utf-8").count("[[fact]]") for path in SCENARIOS.glob("evidence/*.toml"))
    assert done.stdout == f"{wheel}/sim/__init__.py\n{wheel}/linli_scenarios\n{count}\n{facts}\n", done.stderr


# --- the source archive --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def archive(tmp_path_factory) -> Path:
    """Build the source archive and unpack it."""
    folder = tmp_path_factory.mktemp("sdist")
    packed = built("sdist", folder)
    with tarfile.open(packed) as opened:
        opened.extractall(folder, filter="data")
    return folder / packed.name.removesuffix(".tar.gz")


def test_no_package_of_others_lies_in_the_source(archive):
    """Wheels that somebody fetched were once committed."""
    assert [path.name for path in archive.rglob("*") if path.suffix in (".whl", ".gz", ".zip", ".tar")] == []


def test_the_source_archive_holds_tests_and_documents(archive):
    found = {path.relative_to(archive) for path in files_in(archive)}
    for name in ("agents", "sim", "scenarios", "tests", "docs", "notebooks", "benchmarks"):
        assert {path.relative_to(ROOT) for path in files_in(ROOT / name)} <= found, name
    assert {Path(name) for name in ("README.md", "CHANGELOG.md", "CITATION.cff", "LICENSE", "Makefile")} <= found
    assert {path.parts[0] for path in found} & {".venv", ".pytest_cache", "__pycache__"} == set()
    assert not [path for path in found if path.parts[:2] == ("results", "reference")]


@pytest.mark.thorough
def test_the_source_archive_can_be_tested(archive):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", "tests/test_draws.py"]
    done = subprocess.run(command, cwd=archive, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


# --- the lock -----------------------------------------------------------------------------------------------------


def test_the_lock_names_no_address_and_no_path():
    lines = [line for line in LOCK.splitlines() if not line.lstrip().startswith("--hash=sha256:")]
    assert not [line for line in lines if re.search(r"[/\\]\S|://|--(extra-)?index|--find-links| @ ", line)]


def test_every_package_in_the_lock_is_pinned_with_hashes():
    entries = re.split(r"\n(?=\S)", re.sub(r"(?m)^\s*#.*\n", "", LOCK).strip())
    assert len(entries) > 30
    bad = [entry for entry in entries if not re.match(r"[\w.-]+==[\w.]+( ; [^\\\n]+)? \\\n +--hash=sha256:", entry)]
    assert not bad


def test_the_lock_covers_every_declared_dependency():
    declared = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]
    names = {normalised(re.match(r"[\w.-]+", requirement)[0]) for requirement in declared}
    assert names <= {normalised(name) for name in re.findall(r"(?m)^([\w.-]+)==", LOCK)}


def test_the_extra_for_notebooks_holds_what_its_readme_asks_for():
    asked = PROJECT["project"]["optional-dependencies"]["notebooks"]
    assert "--execute" in (ROOT / "notebooks" / "README.md").read_text(encoding="utf-8")
    assert {"jupytext", "nbconvert", "ipykernel"} <= set(asked)  # jupytext --execute goes through nbconvert


def test_the_lock_covers_both_lines_of_mesa():
    lines = dict(re.findall(r"(?m)^mesa==(\d+\.\d+)\.\d+ ; ([^\\]+) \\$", LOCK))
    assert lines == {"3.3": "python_full_version < '3.12'", "3.5": "python_full_version >= '3.12'"}
