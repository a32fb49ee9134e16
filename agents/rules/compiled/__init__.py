"""Compiled functions kept on disk between processes, and read only where nobody else can have written them.

To read a pickle is to run it, and harmed machine code ends the process. An entry is therefore read only where file and
folder belong to this user, nobody else may write to them, and its SHA-256, which covers its name, is right. What is
harmed is thrown away and compiled again. Whatever is wrong here costs time and never a run: it is told once, on
standard error, and the code is compiled without being kept.
"""

import hashlib
import os
import pickle
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import platformdirs
from numba.core.caching import _Cache
from numba.core.compiler import CompileResult
from numba.core.serialize import dumps

_HEAD = b"linli compiled code 1\n"
_ENDING = ".nbc"
_PARTIAL = ".tmp"
_KEPT_FOLDERS = 40
_KEPT_SECONDS = 14 * 24 * 3600
_WRITING_SECONDS = 3600
_INSTEAD = "the model is compiled in this process and not kept; name a folder of your own with NUMBA_CACHE_DIR"

Watcher = Callable[[str, int, int], None]

_said: set[str] = set()
_watchers: list[Watcher] = []
_all: set[str] = set()
"""Every function that may be compiled."""
_done: set[str] = set()
"""Those of which there is a compiled form in this process."""


class _HarmedError(Exception):
    """An entry is not as it was written, or not certainly ours; the text says what is wrong."""


def _say(kind: str, text: str) -> None:
    """Print a line on standard error, once in a process for each kind."""
    if kind not in _said:
        _said.add(kind)
        with suppress(OSError, ValueError, AttributeError):  # there may be no such stream
            print(f"linli: {text}.", file=sys.stderr, flush=True)


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Call `watcher` with the name of each function that is compiled now, how many are done, and how many there are."""
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)


def _tell(name: str) -> None:
    for watcher in list(_watchers):
        watcher(name, len(_done), len(_all))


# --- folders --------------------------------------------------------------------------------------------------------


def cache_root() -> Path | None:
    """Return the folder that holds one folder per source hash (NUMBA_CACHE_DIR wins), None where there is no home."""
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    if chosen:
        return Path(os.path.abspath(chosen))
    usual = Path(platformdirs.user_cache_dir("linli", appauthor=False))
    return usual if usual.is_absolute() else None


def _distrust(about: os.stat_result, *, above: bool = False) -> str:
    """Say why what stands in a file or folder may be of others, "" where it is ours alone.

    above : the folder above ours, which may be the system's, and open to all where each can only remove their own.
    """
    if not hasattr(os, "geteuid"):
        return ""
    if about.st_uid != os.geteuid() and not (above and about.st_uid == 0):
        return "belongs to another user"
    if above:
        open_to_others = about.st_mode & (stat.S_IWOTH | stat.S_ISVTX) == stat.S_IWOTH
    else:
        open_to_others = about.st_mode & (stat.S_IWGRP | stat.S_IWOTH) != 0
    return "can be written by other users" if open_to_others else ""


class CodeFolder:
    """The folder of the functions compiled from one set of sources; it is made when it is first needed.

    name : of the folder, which stands for sources, compiler and its options.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._root: Path | None = None
        self._looked = False
        self._readable = False
        self._writable = False

    @property
    def path(self) -> Path | None:
        """The folder, None where none can be had."""
        root = cache_root()
        return None if root is None else root / self._name

    def _look(self) -> None:
        """Make the folder, if need be, and see once what it can be used for."""
        if self._looked and self._root == cache_root():
            return
        self._looked, self._root = True, cache_root()
        problem = self._problem()
        self._readable = self._writable = not problem
        if problem:
            _say("folder", f"the compile cache {problem}: {_INSTEAD}")

    def _problem(self) -> str:
        root, path = self._root, self.path
        if root is None or path is None:
            return "has no place, as this user has no home folder"
        try:
            if not path.is_dir():
                path.mkdir(mode=0o700, parents=True, exist_ok=True)
                prune(root, path)
            _sweep(path)
            why = _distrust(root.stat(), above=True)
            if why:
                return f"{root} {why}"
            about = path.lstat()
            why = _distrust(about) if stat.S_ISDIR(about.st_mode) else "is no folder"
            return f"{path} {why}" if why else ""
        except OSError as error:
            return f"{path} cannot be used ({error.strerror or error})"

    def entries(self, prefix: str) -> list[str]:
        """Return the names of the entries that begin so; none where the folder cannot be trusted."""
        self._look()
        if not self._readable or self.path is None:
            return []
        with suppress(OSError):
            return [name for name in os.listdir(self.path) if name.startswith(prefix) and name.endswith(_ENDING)]
        return []

    def read(self, name: str) -> bytes | None:
        """Return an entry, None where there is none.

        Raises _HarmedError where it is not as it was written, or somebody else may have written it.
        """
        self._look()
        if not self._readable or self.path is None:
            return None
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        try:
            handle = os.open(self.path / name, flags)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _HarmedError(f"cannot be read ({error.strerror or error})") from None
        try:
            with open(handle, "rb") as file:
                about = os.fstat(file.fileno())
                if not stat.S_ISREG(about.st_mode):
                    raise _HarmedError("is no ordinary file")
                why = _distrust(about)
                if why:
                    raise _HarmedError(why)
                data = file.read()
        except OSError as error:
            raise _HarmedError(f"cannot be read ({error.strerror or error})") from None
        content = data[len(_HEAD) + 32 :]
        if data[: len(_HEAD) + 32] != _HEAD + _checksum(name, content):
            raise _HarmedError("is not as it was written")
        return content

    def write(self, name: str, content: bytes) -> None:
        """Keep an entry, whole or not at all; where that cannot be done it is said once, and nothing more is kept."""
        self._look()
        if not self._writable or self.path is None:
            return
        partial = None
        try:
            handle, partial = tempfile.mkstemp(dir=self.path, suffix=_PARTIAL)  # for this user alone
            with open(handle, "wb") as file:
                file.write(_HEAD + _checksum(name, content))
                file.write(content)
            if (self.path / name).is_dir():
                shutil.rmtree(self.path / name)
            os.replace(partial, self.path / name)
            partial = None
        except OSError as error:
            self._writable = False
            _say("write", f"the compile cache {self.path} cannot be written ({error.strerror or error}): {_INSTEAD}")
        finally:
            if partial is not None:
                with suppress(OSError):
                    os.unlink(partial)

    def throw_away(self, name: str, why: str) -> None:
        """Delete a harmed entry, and say so."""
        if self.path is not None:
            _say("entry", f"{self.path / name} {why}: what is harmed is thrown away and compiled again")
            with suppress(OSError):
                (self.path / name).unlink()


def _checksum(name: str, content: bytes) -> bytes:
    digest = hashlib.sha256(name.encode() + b"\0")
    digest.update(content)
    return digest.digest()


def _sweep(folder: Path) -> None:
    """Delete what killed processes were writing."""
    horizon = time.time() - _WRITING_SECONDS
    for partial in folder.glob(f"*{_PARTIAL}"):
        with suppress(OSError):
            if partial.lstat().st_mtime < horizon:
                partial.unlink()


def prune(root: Path, keep: Path) -> None:
    """Delete the folders of earlier sources: old ones first, never `keep`."""
    ages = {}
    for folder in root.glob("kernels-*"):
        with suppress(OSError):  # another process prunes too
            ages[folder] = folder.stat().st_mtime
    ages.pop(keep, None)
    horizon = time.time() - _KEPT_SECONDS
    for place, folder in enumerate(sorted(ages, key=ages.__getitem__)):
        if place < len(ages) - _KEPT_FOLDERS or ages[folder] < horizon:
            shutil.rmtree(folder, ignore_errors=True)


# --- functions ------------------------------------------------------------------------------------------------------


class KeptCode(_Cache):  # type: ignore[misc]
    """What numba asks for the compiled forms of one function: an entry of the folder for each signature."""

    def __init__(self, function: Callable[..., Any], folder: CodeFolder) -> None:
        code = function.__code__
        version = f"py{sys.version_info[0]}{sys.version_info[1]}{getattr(sys, 'abiflags', '')}"
        where = f"{function.__module__}.{function.__qualname__}".replace("<", "").replace(">", "")
        self.name = function.__name__
        self._stem = f"{where}-{code.co_firstlineno}.{version}."
        self._folder = folder
        closure = tuple(cell.cell_contents for cell in function.__closure__ or ())
        self._code = hashlib.sha256(code.co_code).hexdigest(), hashlib.sha256(dumps(closure)).hexdigest()
        self._enabled = True
        _all.add(self._stem)

    @property
    def cache_path(self) -> str | None:
        """The folder of the entries."""
        return None if self._folder.path is None else str(self._folder.path)

    def is_kept(self) -> bool:
        """Say whether a compiled form is there, whole; a harmed one is thrown away."""
        return any(self._content(name) is not None for name in self._folder.entries(self._stem))

    def _content(self, name: str) -> bytes | None:
        try:
            return self._folder.read(name)
        except _HarmedError as error:
            self._folder.throw_away(name, str(error))
            return None

    def _key(self, signature: Any, codegen: Any) -> tuple[Any, ...]:
        return signature, codegen.magic_tuple(), self._code

    def _entry(self, key: tuple[Any, ...]) -> str:
        return f"{self._stem}{hashlib.sha256(repr(key).encode()).hexdigest()[:16]}{_ENDING}"

    def load_overload(self, signature: Any, target_context: Any) -> Any:
        """Return the compiled form for a signature, None where it has to be compiled."""
        target_context.refresh()
        key = self._key(signature, target_context.codegen())
        name = self._entry(key)
        content = self._content(name) if self._enabled else None
        if content is not None:
            try:
                kept, code = pickle.loads(content)
                if kept == key:
                    result = CompileResult._rebuild(target_context, *code)
                    _done.add(self._stem)
                    return result
            except Exception as error:  # a pickle may raise anything
                self._folder.throw_away(name, f"cannot be used here ({type(error).__name__})")
        _tell(self.name)
        return None

    def save_overload(self, signature: Any, result: Any) -> None:
        """Keep a compiled form, where it can be kept."""
        _done.add(self._stem)
        _tell(self.name)
        if self._enabled and not result.library.has_dynamic_globals and all(part.can_cache for part in result.lifted):
            key = self._key(signature, result.codegen)
            self._folder.write(self._entry(key), dumps((key, result._reduce())))

    def enable(self) -> None:
        """Use the folder."""
        self._enabled = True

    def disable(self) -> None:
        """Leave the folder alone."""
        self._enabled = False

    def flush(self) -> None:
        """Delete the entries of this function."""
        for name in self._folder.entries(self._stem):
            with suppress(OSError):
                (Path(self.cache_path or "") / name).unlink()
