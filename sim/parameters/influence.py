"""What each lever may change right after its own phase, in the month in which it comes on.

A lever acts on what mechanisms 5 says and on nothing else; everything else in the state is then the same, bit for
bit, as in a run without it. Later phases carry the change on: that is what the model is for.
"""

from collections.abc import Mapping
from types import MappingProxyType

from sim.parameters.influence_money import MONEY, Influence
from sim.parameters.influence_people import PEOPLE

__all__ = ["INFLUENCE", "Influence"]

INFLUENCE: Mapping[str, Influence] = MappingProxyType({**MONEY, **PEOPLE})
"""By lever: the first phase that reads it (`sim.schedule`), and the columns it may change up to and with it."""
