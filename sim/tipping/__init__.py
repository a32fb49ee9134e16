"""Where one regime becomes two, and how hard it is to leave either: the analysis behind `linli tipping`.

    found = sim.tipping.run("market", place="trapped", out="results/tipping")
    found.tables["phase"], found.words["Phase diagram"]

Three studies hold the runs: `states` (low and high starts), `loop` (a ramp up and down), `support` (given, withdrawn).
"""

from pathlib import Path
from typing import Unpack

from sim.tipping.request import Axis, Options, Request
from sim.tipping.result import Tipping, analyse, keep, open_tipping

__all__ = ["Axis", "Request", "Tipping", "analyse", "keep", "open_tipping", "run"]


def run(scenario: str = "market", *, out: str | Path, figures: bool = True, **options: Unpack[Options]) -> Tipping:
    """Make the runs that are not in the folder `out` yet, analyse them, and keep tables, words and figures there.

    options : those of `Request.of`.

    Raises InputError where the request is wrong or the folder holds another one.
    """
    from sim.studies.runner import How
    from sim.tipping.layout import make
    from sim.tipping.result import check_folder

    request, folder = Request.of(scenario, **options), Path(out)
    check_folder(folder, request)
    for _, session in make(request, folder, How()):
        if session.stopped:
            raise KeyboardInterrupt
    found = analyse(request, folder)
    keep(found, folder, command="", figures=figures)
    return found
