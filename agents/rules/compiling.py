"""How rules and kernels are compiled: with a cache that an edited source always escapes.

numba's own cache does not notice an edit in a function of another file. The cache folder is therefore
named by a hash of all compiled sources and of what else decides the machine code.
"""

import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar, cast

try:
    import llvmlite
    import numba
    from numba.core import config
except ImportError as error:
    raise ImportError(
        f"The compiler numba cannot be loaded here ({error}); install it again, for example: "
        "pip install --force-reinstall numba llvmlite.",
        name="numba",
    ) from error
import numpy as np

from agents.rules.compiled import CodeFolder, KeptCode

Function = TypeVar("Function", bound=Callable[..., Any])

RULE_SOURCES = Path(__file__).parent
"""Folder of the rules; their compiled form depends on nothing outside it."""


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


def compiler_for(*sources: Path, nogil: bool = True, inline: bool = False) -> Callable[[Function], Function]:
    """Return a decorator that compiles a function whose code depends on `sources` alone.

    The compiled function raises nothing numba would not raise and uses no fast mathematics: its bits
    equal those of the plain Python function. nogil : release the interpreter lock while it runs;
    inline : write its body out wherever compiled code calls it, so that a loop around it runs on several rows at once.
    """
    folder = CodeFolder(f"kernels-{source_hash(sources)}")

    def compile_function(function: Function) -> Function:
        compiled: Any = numba.njit(nogil=nogil, inline="always" if inline else "never")(function)
        if not config.DISABLE_JIT:
            compiled._cache = KeptCode(function, folder)
        return cast(Function, compiled)

    return compile_function


rule = compiler_for(RULE_SOURCES, nogil=False)
"""Decorator of every rule: a pure scalar function, numbers in and numbers out.

Too short to release the lock for: an agent's call costs a fifth less. Phases, which call it, release it.
"""
