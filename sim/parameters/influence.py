"""What each lever may change right after its own phase, in the month in which it comes on.

A lever acts on what mechanisms 5 says and on nothing else; everything else in the state is then the same, bit for
bit, as in a run without it. Later phases carry the change on: that is what the model is for.
"""

from collections.abc import Mapping
from types import MappingProxyType

from sim.parameters.influence_bodies import BODIES
from sim.parameters.influence_channels import CHANNELS
from sim.parameters.influence_money import MONEY, Influence
from sim.parameters.influence_people import PEOPLE

__all__ = ["INFLUENCE", "LOOKED_AT", "Influence"]

INFLUENCE: Mapping[str, Influence] = MappingProxyType({**BODIES, **MONEY, **PEOPLE, **CHANNELS})
"""By lever, and by channel of harm: the first phase that reads it (`sim.schedule`), and the columns it may change up to and with it."""

LOOKED_AT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "observation.kappa": ("estate_n.CLAIM", "estate_n.CLAIM_BEFORE", "street_n.CLAIMS"),
        "party.branch_attention": ("street_n.LED",),
        "party.group_attention": ("street_n.LED",),
    }
)
"""What a lever changes every half-year before the month begins, when the district looks at all its estates."""
