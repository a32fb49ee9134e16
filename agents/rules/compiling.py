"""How rules and kernels are compiled: with a cache that an edited source always escapes.

numba's own cache does not notice an edit in a function of another file. The cache folder is therefore
named by a hash of all compiled sources and of what else decides the machine code.
"""

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar, cast

import llvmlite
import numba
import numpy as np
import platformdirs
from numba.core import config

Function = TypeVar("Function", bound=Callable[..., Any])

RULE_SOURCES = Path(__file__).parent
"""Folder of the rules; their compiled form depends on nothing outside it."""

_KEPT_FOLDERS = 40
_KEPT_SECONDS = 14 * 24 * 3600


def source_hash(sources: Iterable[Path]) -> str:
    """Hash the Python files (or folders of them) `sources`, the compiler versions and the NUMBA_* environment."""
    digest = hashlib.sha256()
    for source in sources:
        for path in sorted(source.glob("*.py")) if source.is_dir() else [source]:
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    digest.update(repr((numba.__version__, np.__version__, llvmlite.__version__)).encode())
    flags = sorted((k, v) for k, v in os.environ.items() if k.startswith("NUMBA_") and k != "NUMBA_CACHE_DIR")
    digest.update(repr(flags).encode())
    return digest.hexdigest()[:16]


def _cache_root() -> Path:
    """Return the folder that holds one cache folder per source hash (NUMBA_CACHE_DIR wins)."""
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("linli", appauthor=False))


def _prune(root: Path, keep: Path) -> None:
    """Delete cache folders of earlier sources: old ones first, never the one in use."""
    ages = {}
    for folder in root.glob("kernels-*"):
        with suppress(FileNotFoundError):  # another process prunes too
            ages[folder] = folder.stat().st_mtime
    ages.pop(keep, None)
    horizon = time.time() - _KEPT_SECONDS
    for place, folder in enumerate(sorted(ages, key=ages.__getitem__)):
        if place < len(ages) - _KEPT_FOLDERS or ages[folder] < horizon:
            shutil.rmtree(folder, ignore_errors=True)


def cache_folder(sources: Iterable[Path]) -> Path:
    """Make, if need be, the private cache folder (mode 0700) for `sources`."""
    root = _cache_root()
    folder = root / f"kernels-{source_hash(sources)}"
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _prune(root, folder)
    return folder


def compiler_for(*sources: Path, nogil: bool = True, inline: bool = False) -> Callable[[Function], Function]:
    """Return a decorator that compiles a function whose code depends on `sources` alone.

    The compiled function raises nothing numba would not raise and uses no fast mathematics: its bits
    equal those of the plain Python function. nogil : release the interpreter lock while it runs;
    inline : write its body out wherever compiled code calls it, so that a loop around it runs on several rows at once.
    """
    where = cache_folder(sources)

    def compile_function(function: Function) -> Function:
        before = config.CACHE_DIR
        config.CACHE_DIR = str(where)
        try:
            return cast(Function, numba.njit(nogil=nogil, cache=True, inline="always" if inline else "never")(function))
        finally:
            config.CACHE_DIR = before

    return compile_function


rule = compiler_for(RULE_SOURCES, nogil=False)
"""Decorator of every rule: a pure scalar function, numbers in and numbers out.

Too short to release the lock for: an agent's call costs a fifth less. Phases, which call it, release it.
"""
