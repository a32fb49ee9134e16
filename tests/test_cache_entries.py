"""What is kept of compiled functions: whatever is done to it, the next process gives the right number."""

import errno
import os
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from agents.rules import compiled
from agents.rules.compiling import compiler_for

HERE = Path(__file__)
OTHERS = "can be written by other users"


def thrice(x: float) -> float:
    return 3.0 * x


def fourfold(x: float) -> float:
    return 4.0 * x


class Cache:
    """A cache as the processes of one user see it, one after the other."""

    def __init__(self, root, monkeypatch, capsys):
        self.root, self._patch, self._screen = root, monkeypatch, capsys

    def process(self, function=thrice):
        """Call a function as a process would that has just begun: what it gives, whether it compiled, what it said."""
        self._patch.setattr(compiled, "_said", set())
        self._screen.readouterr()
        ours, compiles = compiler_for(HERE)(function), []
        with compiled.watched(lambda name, done, of: compiles.append(name)):
            value = ours(2.0)
        return value, bool(compiles), self._screen.readouterr().err

    @property
    def entry(self) -> Path:
        (found,) = self.root.glob("kernels-*/*thrice*.nbc")
        return found


@pytest.fixture
def cache(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    made = Cache(tmp_path / "cache", monkeypatch, capsys)
    assert made.process() == (6.0, True, "")
    assert made.process() == (6.0, False, "")
    return made


def flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 16
    path.write_bytes(data)


def as_link(path: Path) -> None:
    shutil.move(path, path.with_suffix(".elsewhere"))
    path.symlink_to(path.with_suffix(".elsewhere"))


def as_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "something").write_text("else")


HARMS = {
    "empty": lambda path: path.write_bytes(b""),
    "one byte": lambda path: path.write_bytes(b"x"),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "halved": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "longer": lambda path: path.write_bytes(path.read_bytes() + b"\0"),
    "a bit of the head": lambda path: flip(path, 3),
    "a bit of the checksum": lambda path: flip(path, 30),
    "a bit of the pickle": lambda path: flip(path, 70),
    "a bit in the midst": lambda path: flip(path, path.stat().st_size // 2),
    "the last bit": lambda path: flip(path, -1),
    "a folder": as_folder,
    "a link": as_link,
    "a pipe": as_pipe,
}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
def test_a_harmed_entry_is_thrown_away_and_compiled_again_with_one_line(cache, harm):
    harm(cache.entry)
    value, compiles, said = cache.process()
    assert (value, compiles, said.count("\n")) == (6.0, True, 1)
    assert said.startswith(f"linli: {cache.entry} ")
    assert "thrown away and compiled again" in said
    assert cache.process() == (6.0, False, "")


def test_the_entry_of_another_function_is_not_taken_for_ours(cache):
    assert cache.process(fourfold)[0] == 8.0
    (other,) = cache.root.glob("kernels-*/*fourfold*.nbc")
    shutil.copy(other, cache.entry)
    value, compiles, said = cache.process()
    assert (value, compiles) == (6.0, True)
    assert "is not as it was written" in said


class Trap:
    """What a pickle of a stranger may hold: something that is done when it is read."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self):
        return Path.touch, (self.mark,)


def sealed_trap(entry: Path, mark: Path) -> None:
    """Put a trap into an entry whose checksum is right: the checksum is no secret."""
    content = pickle.dumps(Trap(mark))
    entry.write_bytes(compiled._HEAD + compiled._checksum(entry.name, content) + content)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no owners of files here")
@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_an_entry_that_others_may_write_is_not_read(cache, tmp_path, mode):
    sealed_trap(cache.entry, tmp_path / "sprung")
    cache.entry.chmod(mode)
    value, compiles, said = cache.process()
    assert (value, compiles, said.count("\n")) == (6.0, True, 1)
    assert OTHERS in said
    assert not (tmp_path / "sprung").exists()
    assert cache.process() == (6.0, False, "")  # replaced by one of ours


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no owners of files here")
@pytest.mark.parametrize(("which", "mode"), [("root", 0o777), ("folder", 0o770), ("folder", 0o707)])
def test_a_folder_that_others_may_write_is_neither_read_nor_written(cache, tmp_path, which, mode):
    sealed_trap(cache.entry, tmp_path / "sprung")
    before = cache.entry.read_bytes()
    (cache.root if which == "root" else cache.entry.parent).chmod(mode)
    for _ in range(2):
        value, compiles, said = cache.process()
        assert (value, compiles, said.count("\n")) == (6.0, True, 1)
        assert OTHERS in said
        assert "not kept; name a folder of your own with NUMBA_CACHE_DIR" in said
    assert not (tmp_path / "sprung").exists()
    assert cache.entry.read_bytes() == before


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no owners of files here")
def test_what_belongs_to_another_user_is_neither_read_nor_written(cache, tmp_path, monkeypatch):
    sealed_trap(cache.entry, tmp_path / "sprung")
    monkeypatch.setattr(os, "geteuid", lambda: cache.entry.stat().st_uid + 1)
    value, compiles, said = cache.process()
    assert (value, compiles, said.count("\n")) == (6.0, True, 1)
    assert "belongs to another user" in said
    assert not (tmp_path / "sprung").exists()


def test_a_folder_open_to_all_in_which_each_owns_their_own_is_good(cache):
    cache.root.chmod(0o1777)  # as /tmp
    assert cache.process() == (6.0, False, "")


@pytest.mark.parametrize("error", [errno.EROFS, errno.ENOSPC, errno.EACCES, errno.EDQUOT])
def test_a_cache_that_cannot_be_written_costs_time_and_no_run(cache, monkeypatch, error):
    def refuse(**_):
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    assert cache.process() == (6.0, False, "")  # it can be read all the same
    value, compiles, said = cache.process(fourfold)
    assert (value, compiles, said.count("\n")) == (8.0, True, 1)
    assert f"cannot be written ({os.strerror(error)})" in said
    assert "NUMBA_CACHE_DIR" in said


def test_a_write_that_fails_in_its_midst_leaves_nothing(cache, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert cache.process(fourfold)[0] == 8.0
    monkeypatch.undo()
    assert [path.name for path in cache.root.glob("kernels-*/*") if "thrice" not in path.name] == []


@pytest.mark.parametrize("place", ["a file", "below a file", "no home"])
def test_without_a_usable_folder_code_is_compiled_and_not_kept(cache, tmp_path, monkeypatch, place):
    (tmp_path / "file").write_text("")
    if place == "no home":
        monkeypatch.delenv("NUMBA_CACHE_DIR")
        monkeypatch.setattr(compiled.platformdirs, "user_cache_dir", lambda *_, **__: "~/.cache/linli")
    else:
        monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file" / ("below" if place == "below a file" else "")))
    value, compiles, said = cache.process()
    assert (value, compiles, said.count("\n")) == (6.0, True, 1)
    assert "not kept; name a folder of your own with NUMBA_CACHE_DIR" in said
    assert not Path("~").exists()


def test_what_a_killed_process_was_writing_is_swept_away_when_it_is_old(cache):
    young, old = cache.entry.with_suffix(".young.tmp"), cache.entry.with_suffix(".old.tmp")
    for path in (young, old):
        path.write_bytes(b"half")
    os.utime(old, (1.0, 1.0))
    assert cache.process() == (6.0, False, "")
    assert (young.exists(), old.exists()) == (True, False)


def test_other_sources_have_a_folder_of_their_own_and_old_folders_go(cache):
    old = cache.root / "kernels-0123456789abcdef"
    old.mkdir()
    os.utime(old, (1.0, 1.0))
    assert compiler_for(HERE, Path(compiled.__file__))(thrice)(2.0) == 6.0
    assert not old.exists()
    assert len(list(cache.root.glob("kernels-*/*thrice*.nbc"))) == 2


# --- processes of their own -----------------------------------------------------------------------------------------

SCRIPT = """
import sys
from pathlib import Path
from agents.rules.compiling import compiler_for

def thrice(x):
    return 3.0 * x

print(compiler_for(Path(sys.argv[1]))(thrice)(2.0))
"""


def started(tmp_path: Path, **options) -> subprocess.Popen[str]:
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path / "cache"), "PYTHONPATH": str(HERE.parent.parent)}
    environment |= options.pop("env", {})
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    return subprocess.Popen(
        [sys.executable, script, HERE],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


@pytest.mark.thorough
def test_two_processes_that_compile_at_once_do_not_disturb_each_other(tmp_path):
    for both in ([started(tmp_path), started(tmp_path)], [started(tmp_path)]):
        assert [process.communicate() for process in both] == [("6.0\n", "")] * len(both)
    (kept,) = (tmp_path / "cache").glob("*/*")
    assert kept.suffix == ".nbc"


@pytest.mark.thorough
def test_a_process_killed_at_any_moment_leaves_a_cache_that_is_good(tmp_path):
    began = time.monotonic()
    assert started(tmp_path).communicate() == ("6.0\n", "")
    whole = time.monotonic() - began
    for part in (0.5, 0.8, 0.9, 0.95):
        shutil.rmtree(tmp_path / "cache")
        killed = started(tmp_path)
        time.sleep(part * whole)
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
        assert started(tmp_path).communicate() == ("6.0\n", "")

