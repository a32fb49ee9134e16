# mypy: disable-error-code="has-type"
"""The smart platform (智慧平台, 一键办理) of an estate: it does not act; households use it, or no longer."""

from typing import TYPE_CHECKING

from agents.calling import call_rules_directly
from agents.rules.platform import PlatformReal, is_disclosed, next_use
from agents.rules.provider import NOBODY
from agents.view import View

if TYPE_CHECKING:
    from agents.estate import Estate


call_rules_directly(globals())


class Platform(View, real=("platform", PlatformReal)):
    """What is on people's phones; `use` : how much digital households use it."""

    def __init__(self, estate: "Estate") -> None:
        """Run, or not, in `estate`."""
        self.estate = estate
        self.show(estate.model.state, estate.unit)

    def run(self) -> None:
        """Be used as far as it has helped."""
        p = self.estate.model.p
        _, helped = self.estate.outcomes_seen()
        self.use = next_use(self.use, p.platform_on, helped, p.platform_floor, p.platform_fading)

    def disclose(self) -> None:
        """Show digital households who pays, and the provider's accounts, once a quarter."""
        estate = self.estate
        disclosing = estate.model.p.platform_disclosure > 0.0 and self.use > 0.0
        if disclosing and is_disclosed(estate.model.month) and estate.provider.kind != NOBODY:
            for household in estate.households:
                household.read_platform()
