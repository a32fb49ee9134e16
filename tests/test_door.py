"""The one door to stored data: every call that reads a file is listed here, and none reads a result beside the door."""

import ast
import hashlib
import os
import time

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command import ROOT

from sim import stored
from sim.errors import InputError
from sim.stored import Listed, Told, manifest_of, manifest_text, problem_of

READERS = {
    "DictReader", "OSFile", "ParquetDataset", "ParquetFile", "copyfile", "copytree", "dataset", "fromfile",
    "genfromtxt", "loadtxt", "memmap", "memory_map", "open", "open_file", "open_ipc", "read_bytes", "read_csv",
    "read_feather", "read_graphml", "read_ipc", "read_json", "read_metadata", "read_parquet", "read_pickle",
    "read_schema", "read_table", "read_text", "reader", "scan_csv", "scan_parquet",
}  # fmt: skip
"""Names of whatever reads a file, or turns the bytes of one into values."""

READERS_OF = {"json": {"load", "loads"}, "numpy": {"load"}, "pickle": {"load", "loads"}, "tomllib": {"load", "loads"},
              "shutil": {"copy", "copy2"}}  # fmt: skip
"""Names that read where they belong to a library, and elsewhere mean something else."""

OURS = {
    ("sim/studies/dataset.py", "read_table"),
    ("sim/scenarios/files.py", "read_text"),
}
"""Functions of linli that bear such a name: one goes through the door, the others read what users write."""

DOOR = "sim/stored.py"

ALLOWED = {
    ("agents/estate.py", "open_cases", "open"): "a case, and no file",
    ("agents/estate.py", "open_desks", "open"): "a desk, and no file",
    ("agents/provider.py", "open_desk", "open"): "a desk, and no file",
    ("agents/residents_committee.py", "open_desk", "open"): "a desk, and no file",
    ("agents/rules/compiled/__init__.py", "load_overload", "loads"): "this user's compiled code, by its SHA-256",
    ("agents/rules/compiled/__init__.py", "read", "open"): "this user's compiled code, by its SHA-256",
    ("agents/rules/compiled/__init__.py", "write", "open"): "an entry of the compile cache, to write it",
    ("agents/rules/compiling.py", "source_hash", "read_bytes"): "source code, for its hash",
    ("agents/street_committee.py", "open_desks", "open"): "a desk, and no file",
    ("sim/cli/__init__.py", "_open_closed_streams", "open"): "the null device",
    ("sim/cli/__init__.py", "main", "open"): "the null device",
    ("sim/facts/table.py", "frozen_split", "read_text"): "shipped facts",
    ("sim/manifest.py", "_cpu", "read_text"): "the machine's processor",
    ("sim/manifest.py", "hash_of", "read_bytes"): "source code, for its hash",
    ("sim/network/view.py", "write_graphml", "open"): "a file to write",
    ("sim/odd/__init__.py", "drifted", "read_text"): "the document ODD",
    ("sim/odd/declarations.py", "_sources", "read_text"): "source code, for the document ODD",
    ("sim/odd/pictures.py", "_read", "loads"): "which version drew the figures of the documents",
    ("sim/odd/pictures.py", "_read", "read_text"): "which version drew the figures of the documents",
    ("sim/odd/submodels.py", "_kernels", "read_text"): "source code, for the document ODD",
    ("sim/odd/submodels.py", "_rules_of", "read_text"): "source code, for the document ODD",
    ("sim/odd/submodels.py", "rules", "read_text"): "source code, for the document ODD",
    ("sim/report/page.py", "_picture", "open"): "bytes that came through the door or were just drawn",
    ("sim/scenarios/files.py", "_read_bytes", "open"): "scenarios and studies that users write",
    ("sim/scenarios/files.py", "read_text", "loads"): "TOML text of a user",
    ("sim/scenarios/key_lines.py", "_name", "loads"): "a key of the TOML text of a user",
    ("sim/store.py", "add", "open"): "a file that was just written, to bring it to disk",
    ("sim/store.py", "locked", "open"): "a folder, to lock it",
    ("sim/store.py", "sync_folder", "open"): "a folder, to bring its names to disk",
    ("sim/studies/delimited.py", "_separator", "reader"): "the first line of a table that a user wrote",
    ("sim/studies/delimited.py", "cells_of", "reader"): "a table that a user wrote",
    ("sim/studies/points.py", "read_points", "read_bytes"): "points that a user wrote; a kept copy is checked before",
    ("sim/studies/foreign.py", "_bytes", "read_bytes"): "a design of another tool",
    ("sim/studies/foreign.py", "_literal", "loads"): "a design of another tool",
    ("sim/studies/merge.py", "_copied", "copyfile"): "a checked file of a part; the copy is checked again",
    ("sim/studies/pools.py", "_start", "loads"): "what the process that started the worker wrote, by its SHA-256",
    ("sim/studies/pools.py", "_start", "read_bytes"): "what the process that started the worker wrote, by its SHA-256",
    ("sim/studies/runner.py", "start", "read_bytes"): "files that a user's study names, to be kept",
    ("sim/studies/sources.py", "read_study", "read_bytes"): "a study that a user wrote",
    ("sim/studies/store.py", "write", "open"): "a file that was just written, to bring it to disk",
    ("sim/tipping/layout.py", "_require_same", "read_bytes"): "a study that was just written to a temporary folder",
}
"""Calls beside the door, by module, function and name, with what they read. No data of a result may stand here."""


def modules_of(tree):
    """Return the library that each name of a module stands for: `import numpy as np` and `from json import loads`."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.asname or alias.name: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found


def name_of(call, modules):
    """Return the name of the reader that is called, "" for any other function."""
    if isinstance(call.func, ast.Attribute):
        of, name = modules.get(getattr(call.func.value, "id", ""), ""), call.func.attr
    else:
        of, _, name = modules.get(getattr(call.func, "id", ""), getattr(call.func, "id", "")).rpartition(".")
    ours = (of.replace(".", "/") + ".py", name) in OURS
    return name if not ours and (name in READERS or name in READERS_OF.get(of, ())) else ""


def readers_in(source, module=""):
    """Yield (function around it, name, line) of every call of a reader in the text of a module."""
    tree = ast.parse(source)
    own = {node.name: f"{module}.{node.name}" for node in tree.body if isinstance(node, ast.FunctionDef)}
    modules = own | modules_of(tree)

    def walk(node, inside):
        for child in ast.iter_child_nodes(node):
            here = child.name if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else inside
            if isinstance(child, ast.Call) and (name := name_of(child, modules)):
                yield inside, name, child.lineno
            yield from walk(child, here)

    yield from walk(tree, "")


def beside_the_door():
    """Return every call of a reader outside the door, by module, function and name, with its lines."""
    found = {}
    for package in ("sim", "agents"):
        for path in sorted((ROOT / package).rglob("*.py")):
            module = path.relative_to(ROOT).as_posix()
            if module != DOOR:
                dotted = module.removesuffix(".py").replace("/", ".")
                for function, name, line in readers_in(path.read_text(encoding="utf-8"), dotted):
                    found.setdefault((module, function, name), []).append(line)
    return found


def test_every_call_that_reads_a_file_is_listed_and_none_reads_a_result_beside_the_door():
    found = beside_the_door()
    strange = {key: lines for key, lines in found.items() if key not in ALLOWED}
    assert strange == {}, "read it through sim.stored.Listed, or say in ALLOWED what it reads"
    assert set(ALLOWED) - set(found) == set()


@pytest.mark.parametrize(
    "source",
    [
        "import pandas as pd\npd.read_parquet(x)", "import pyarrow.parquet as pq\npq.read_table(x)",
        "from pyarrow.parquet import read_table\nread_table(x)", "from pyarrow.parquet import read_table as r\nr(x)",
        "import json\njson.load(open(x))", "import json as j\nj.loads(x)", "from json import loads as l\nl(x)",
        "path.read_bytes()", "path.open()", "open(x)", "import numpy\nnumpy.load(x)", "import csv\ncsv.reader(x)",
        "import shutil\nshutil.copy(x, y)", "import pyarrow.dataset as ds\nds.dataset(x)",
    ],
)  # fmt: skip
def test_a_reader_is_found_under_any_name(source):
    assert list(readers_in(f"def f(x, y, path):\n    {source.replace(chr(10), chr(10) + '    ')}"))


# --- the door -------------------------------------------------------------------------------------------------------


@pytest.fixture
def kept(tmp_path):
    """A folder with a table and a text, as their manifest lists them."""
    pq.write_table(pa.table({"a": [1, 2], "b": ["x", "y"]}), tmp_path / "t.parquet")
    (tmp_path / "words.txt").write_text("words")
    files = [
        {"name": name, "bytes": (tmp_path / name).stat().st_size, "sha256": stored.sha256(tmp_path / name)}
        for name in ("t.parquet", "words.txt")
    ]
    return Listed.of(tmp_path, files, lambda name: f"make {name} again")


def refused(call):
    with pytest.raises(InputError) as raised:
        call()
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_what_is_as_listed_is_read(kept):
    assert kept.table("t.parquet", ["a"]).to_pydict() == {"a": [1, 2]}
    assert kept.columns("t.parquet") == ["a", "b"]
    assert list(kept.frame("t.parquet")["b"]) == ["x", "y"]
    assert kept.data("words.txt") == b"words"
    assert kept.problem("t.parquet") == ""


def test_what_is_not_is_refused_with_file_what_is_wrong_and_what_to_do(kept, tmp_path):
    path, whole = tmp_path / "words.txt", b"words"
    for harm, what in (
        (lambda: path.write_bytes(b"word"), "has 4 bytes, not the 5 listed"),
        (lambda: path.write_bytes(b"wordz"), "is not what was written (SHA-256)"),
        (path.unlink, "is missing"),
        (path.mkdir, "is no ordinary file"),
    ):
        harm()
        for read in (kept.data, kept.file, kept.table, kept.frame, kept.columns):
            assert refused(lambda read=read: read("words.txt")) == f"{path}: {what}; make words.txt again."
    path.rmdir()
    path.write_bytes(whole)
    assert "as it was written, and cannot be read here" in refused(lambda: kept.table("words.txt"))
    assert "is not listed in the manifest" in refused(lambda: kept.data("other.txt"))


@pytest.mark.parametrize("name", ["../words.txt", "/etc/passwd", "a/../../b", "", "a\0b"])
def test_a_manifest_lists_only_what_lies_in_its_folder(tmp_path, name):
    files = [{"name": name, "sha256": "0"}]
    assert "does not lie in this folder" in refused(lambda: Listed.of(tmp_path, files, str))


def test_a_file_is_hashed_once_and_again_when_somebody_touched_it(kept, tmp_path, monkeypatch):
    hashed, real, once = [], stored.sha256, stored._read_once
    monkeypatch.setattr(stored, "sha256", lambda path: hashed.append(path.name) or real(path))
    monkeypatch.setattr(stored, "_read_once", lambda path, *how: hashed.append(path.name) or once(path, *how))
    time.sleep(0.15)  # a file that was just written is not trusted to show by its time that it was written again
    for _ in range(3):
        kept.table("t.parquet")
    assert hashed == ["t.parquet"]
    data = (tmp_path / "t.parquet").read_bytes()
    (tmp_path / "t.parquet").write_bytes(data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])
    assert "SHA-256" in kept.problem("t.parquet")
    (tmp_path / "t.parquet").write_bytes(data)
    assert kept.problem("t.parquet") == ""


def test_the_same_size_and_time_do_not_hide_a_change(kept, tmp_path):
    path = tmp_path / "words.txt"
    time.sleep(0.15)
    assert kept.problem("words.txt") == ""
    about = path.stat()
    path.write_bytes(b"wordz")
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert "SHA-256" in kept.problem("words.txt")
    for text in (b"words", b"wordz") * 20:  # faster than the clock of a file system
        path.write_bytes(text)
        assert (kept.problem("words.txt") == "") == (text == b"words")


# --- manifests ------------------------------------------------------------------------------------------------------

PLAIN = {"kind": "tipping", "schema": 2, "about": {"seed": 3, "words": "愿 \u2028"}, "files": [], "rate": 0.1}


def found_or_said(folder):
    """Return what a manifest says, "said" where it is refused by its name."""
    try:
        return manifest_of(folder)
    except InputError as error:
        return "said" if str(folder / "manifest.json") in str(error) else str(error)


def test_a_sealed_manifest_is_read_as_it_was_written_and_any_changed_byte_is_found_or_harmless(tmp_path):
    path = tmp_path / "manifest.json"
    text = manifest_text(PLAIN)
    path.write_text(text, encoding="utf-8")
    read = manifest_of(tmp_path)
    assert {key: value for key, value in read.items() if key != "seals"} == PLAIN
    data = text.encode()
    for at in range(len(data)):
        for flip in (1, 32):
            path.write_bytes(data[:at] + bytes([data[at] ^ flip]) + data[at + 1 :])
            assert found_or_said(tmp_path) in (read, "said"), at
        path.write_bytes(data[:at])
        assert found_or_said(tmp_path) == ("said" if at < len(data) - 1 else read)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (manifest_text(PLAIN).replace('"seed": 3', '"seed": 4'), "about was changed by hand"),
        (manifest_text(PLAIN).replace('"schema": 2', '"schema": 1'), "schema was changed by hand"),
        (manifest_text(PLAIN).replace('"seals"', '"seal"'), "seals was changed by hand"),
        ('{"kind": "tipping", "schema": 2}', "seals was changed by hand"),
        ('{"request": {"schema": 3}}', "seals was changed by hand"),
        ("[" * 100_000, "is no JSON text"),
        ('{"a": NaN}', "is no JSON text"),
        ('{"a": ' + "9" * 6000 + "}", "is no JSON text"),
        ('{"a": "\\ud800", "seals": {"a": "x"}}', "a field was changed by hand"),
        ("[]", "is no table of JSON"),
    ],
)
def test_a_manifest_that_is_not_as_written_is_refused_with_its_field(tmp_path, text, why):
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    said = refused(lambda: manifest_of(tmp_path))
    assert said.startswith(f"{tmp_path / 'manifest.json'}: {why}")
    assert "restore the file" in said


def test_manifests_from_before_there_were_seals_are_read():
    for text in (b'{"request": {"schema": 2}}', b'{"kind": "tipping", "schema": 1}', b'{"name": "else"}'):
        assert stored.checked_manifest(text, "manifest.json")


def test_a_page_knows_whether_it_is_whole():
    page = stored.page_bytes("<html>words</html>\n")
    assert stored.is_whole_page(page)
    assert page.startswith(b"<html>words</html>\n<!-- SHA-256")
    for at in range(len(page)):
        assert not stored.is_whole_page(page[:at] + bytes([page[at] ^ 1]) + page[at + 1 :])
        assert not stored.is_whole_page(page[:at])
    assert hashlib.sha256(b"<html>words</html>\n").hexdigest().encode() in page


def test_what_a_manifest_tells_of_a_file(kept, tmp_path):
    assert kept.told("words.txt") == Told(hashlib.sha256(b"words").hexdigest(), 5)
    assert problem_of(tmp_path / "words.txt", Told(hashlib.sha256(b"words").hexdigest())) == ""
