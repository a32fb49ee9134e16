"""Where one regime becomes two, and how hard it is to leave either: the analysis behind `linli tipping`.

    request = sim.tipping.Request.of("market", place="trapped")
    sim.tipping.make(request, Path("results/tipping"))

Three studies hold the runs: `states` (low and high starts), `loop` (a ramp up and down), `support` (given, withdrawn).
"""

from sim.tipping.request import Axis, Request

__all__ = ["Axis", "Request"]
