"""Does a place stand still? The state that it declares, whether it is there, and the intercept at which it is.

A place is a steady state under the rules of the policy months: households and buildings live under its own form of
governance until nothing moves any more, and then the policy month begins. `household.intercept`, the common readiness
to pay, is solved once per place at default values; studies that draw other parameters keep it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agents.rules.provider import FIRM
from sim.errors import InputError
from sim.results import Arm
from sim.runs import resolve_in_place, simulate
from sim.scenarios.catalog import load, names
from sim.scenarios.reading import read_initial_form
from sim.scenarios.scenario import Scenario
from sim.scenarios.schema import PlaceHead, StandingHead
from sim.totals import Total

LOOK_AHEAD = 24
"""Months after the policy month in which a place should stand still."""
NEAR = 0.1
"""Payment rates closer than this to the declared one are near it."""
TOLERANCE = 0.02
"""How far the mean payment rate may be from the declared one."""
NEAR_SHARE = 0.6
"""Share of replicates that have to be near."""
DRIFT = 0.05
"""How far the mean payment rate may move in LOOK_AHEAD months without a policy."""

LOWEST, HIGHEST = -3.0, 6.0
"""Intercepts, in logits, between which one is looked for."""
_STEPS = 12
_REPLICATES = 200
_SEED = 20


@dataclass(frozen=True)
class Standing:
    """How a place stands; payment rates are shares of money, by three months of age."""

    place: str
    form: str
    declared: StandingHead
    intercept: float
    payment: float
    """Mean in the policy month."""
    spread: float
    """Standard deviation over replicates."""
    near: float
    """Share of replicates within NEAR of the declared payment rate."""
    drift: float
    """Change of the mean in the LOOK_AHEAD months that follow, without a policy."""
    firm: float
    """Share of estates that a firm serves in the policy month."""
    firm_later: float
    """The same, LOOK_AHEAD months later."""

    def faults(self) -> list[str]:
        """Say what is not as declared; empty where all is."""
        wrong, said = [], self.declared
        if abs(self.payment - said.payment) > TOLERANCE:
            wrong.append(f"payment rate {self.payment:.3f}, declared {said.payment:.3f}")
        if said.firm is not None and self.firm < said.firm:
            wrong.append(f"a firm serves {self.firm:.0%} of estates, declared {said.firm:.0%}")
        if said.state == "steady" and self.near < NEAR_SHARE:
            wrong.append(f"{self.near:.0%} of replicates within {NEAR} of the declared rate, not {NEAR_SHARE:.0%}")
        if said.state != "transition" and abs(self.drift) >= DRIFT:
            wrong.append(f"payment rate moves by {self.drift:+.3f} in {LOOK_AHEAD} months without a policy")
        return wrong

    def lines(self) -> list[str]:
        """Tell it in words."""
        said = self.declared
        return [
            f"{self.place}, under {self.form}: declared {said.state}, payment rate {said.payment:.2f}",
            f"  payment rate in the policy month {self.payment:.3f} (standard deviation {self.spread:.3f}); "
            f"{self.near:.0%} of replicates within {NEAR}",
            f"  {LOOK_AHEAD} months later without a policy {self.drift:+.3f}; "
            f"a firm serves {self.firm:.0%} of estates, then {self.firm_later:.0%}",
            f"  household.intercept {self.intercept:.3f}",
            *(f"  not as declared: {fault}" for fault in self.faults()),
        ]


def declared_standing(place: str) -> StandingHead:
    """Return the state that a place declares, itself or through a place it extends.

    Raises InputError where it declares none.
    """
    return _declared(load(place, ("place",), where="place"))


def shipped_places() -> list[str]:
    """Name the shipped places that declare a state."""
    return [name for name in names("place") if _said(load(name, ("place",))) is not None]


def look_at(place: str, *, replicates: int = _REPLICATES, seed: int = _SEED, set: Sequence[str] = ()) -> Standing:
    """Let a place live under its own form, and say how it stands in the policy month and after.

    place : name or path; set : options "group.name=value" that go over everything.

    Raises InputError where the place is wrong or declares no state.
    """
    found = load(place, ("place",), where="place")
    said, form = _declared(found), read_initial_form(found)
    if form is None:
        raise InputError(f"{found.file}: the place has no initial_form, so that nothing governs it from the start")
    world = resolve_in_place(form.name, place, LOOK_AHEAD, set)
    batch = simulate([world], replicates=range(replicates), seed=seed)[0]
    first = batch.first
    paid = Arm.of(batch).values["payment_rate"]
    served = batch.totals[:, :, Total.PROVIDER, :] == FIRM
    return Standing(
        place=found.name,
        form=form.name,
        declared=said,
        intercept=float(world.before["household.intercept"]),
        payment=float(paid[:, first].mean()),
        spread=float(paid[:, first].std()),
        near=float((np.abs(paid[:, first] - said.payment) <= NEAR).mean()),
        drift=float((paid[:, -1] - paid[:, first]).mean()),
        firm=float(served[:, first].mean()),
        firm_later=float(served[:, -1].mean()),
    )


def solve(place: str, *, replicates: int = _REPLICATES, seed: int = _SEED, set: Sequence[str] = ()) -> Standing:
    """Find the intercept at which a place stands as it declares, on the same luck throughout, by halving.

    Returns how the place stands at that intercept, rounded to a thousandth; arguments and errors are those of
    `look_at`. More readiness pays more, so that there is one such intercept, or none between -3 and 6 logits.
    """
    low, high = LOWEST, HIGHEST
    for _ in range(_STEPS):
        middle = (low + high) / 2.0
        standing = look_at(place, replicates=replicates, seed=seed, set=[*set, f"household.intercept={middle}"])
        if standing.payment < standing.declared.payment:
            low = middle
        else:
            high = middle
    solved = round((low + high) / 2.0, 3)
    return look_at(place, replicates=replicates, seed=seed, set=[*set, f"household.intercept={solved}"])


def _said(place: Scenario) -> StandingHead | None:
    """Return the state that a place declares, itself or through what it extends."""
    heads = (place.head, *(extended.head for extended in place.extended))
    said = (head.standing for head in heads if isinstance(head, PlaceHead))
    return next((standing for standing in said if standing is not None), None)


def _declared(place: Scenario) -> StandingHead:
    said = _said(place)
    if said is not None:
        return said
    raise InputError(
        f"{place.file}: the place declares no state; add [standing] with payment = the payment rate of its policy month"
    )
