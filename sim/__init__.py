"""When things happen in the neighbourhood (邻里): the month, the state, runs and what is learnt from them.

Importing `sim` is cheap: a public name loads its module when it is first used, so that neither Mesa nor
pandas nor matplotlib is loaded where nobody wants agents, tables or figures.
"""

import importlib
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.analysis.ablation import ablate as ablate
    from sim.analysis.crossing import crossing as crossing
    from sim.explanation import explain as explain
    from sim.facts.telling import evidence as evidence
    from sim.model import GovernanceModel as GovernanceModel
    from sim.runs import compare as compare
    from sim.runs import run as run
    from sim.scenarios.resolve import resolve as resolve
    from sim.studies.bridge import ema_model as ema_model

_PUBLIC = {
    "GovernanceModel": "sim.model",
    "ablate": "sim.analysis.ablation",
    "compare": "sim.runs",
    "crossing": "sim.analysis.crossing",
    "ema_model": "sim.studies.bridge",
    "evidence": "sim.facts.telling",
    "explain": "sim.explanation",
    "resolve": "sim.scenarios.resolve",
    "run": "sim.runs",
}
"""Public name -> module that defines it. No name may be that of a module of `sim`, which would hide it."""

__all__ = [*_PUBLIC, "__version__"]


def _owner(path: Path) -> str:
    """Name the installed distribution, other than linli, that put the file `path` where it is."""
    from importlib.metadata import distributions

    for distribution in distributions():
        name = distribution.metadata["Name"]
        files = [] if name == "linli" else distribution.files or []
        if any(Path(str(file.locate())).resolve() == path for file in files if file.name == path.name):
            return f"{name} {distribution.version}"
    return "no installed distribution"


def _require_own_agents() -> None:
    """Raise ImportError unless the `agents` that Python finds is the package that stands beside `sim`.

    The location shows a foreign package that is found first, before any of it is executed; the marker
    shows one that was installed over ours.
    """
    expected = Path(__file__).resolve().parent.parent / "agents" / "__init__.py"
    spec = find_spec("agents")
    found = Path(spec.origin).resolve() if spec and spec.origin else None
    if found == expected and getattr(importlib.import_module("agents"), "LINLI_AGENTS", None) is True:
        return
    seen = f"finds {found}, which belongs to {_owner(found)}" if found else "finds none"
    raise ImportError(
        f"linli needs its own package `agents` ({expected}), but Python {seen}. "
        "Install linli in an environment of its own; or uninstall the other package, or take its folder off "
        "PYTHONPATH and sys.path, and install linli again, since its files may have been replaced.",
        name="agents",
    )


_require_own_agents()


def __getattr__(name: str) -> Any:
    """Load a public name from its module; later uses find it here."""
    if name == "__version__":
        from importlib.metadata import version

        value: Any = version("linli")
    elif name == "studies":
        value = importlib.import_module("sim.studies")
    elif name in _PUBLIC:
        value = getattr(importlib.import_module(_PUBLIC[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names too, loaded or not."""
    return sorted({*globals(), *__all__})
