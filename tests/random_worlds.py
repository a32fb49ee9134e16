"""Worlds drawn at random from the declared ranges, so that every switch and mechanism meets every other."""

from collections.abc import Mapping

import numpy as np

from sim.draws import Draw, stream_key, uniforms
from sim.parameters import DEFAULTS, PARAMETERS, Parameter, Role
from sim.scenarios import Segment, World

SIZE = {"population.n_households": 40, "time.spinup": 6}
OFTEN_DEFAULT = 0.2
"""Share of parameters left at their default, where many a mechanism is off."""

CHOICES: Mapping[str, tuple[float, ...]] = {
    "structure.billing_period": (1, 3, 12),
    "network.degree": (4, 6, 8),
    "network.self_ties": (0, 1),
    "population.n_estates": (1, 1, 2),
    "population.n_streets": (1, 2),
    "start.firm_serves": (0, 1),
    "firm.handover": (1, 4),
    "firm.tender_every": (1, 6),
    "firm.loss_months": (2.0, 6.0, 18.0),
    "firm.exit_from": (-600, 0, 6),
    "household.taste_persistence": (0.0, 0.6, 0.97),
    "household.inattention": (0.0, 0.15, 0.5),
    "household.forgotten": (0.0, 0.5),
    "branch.cross_posts": (0.0, 1.0, 1.0),
    "branch.organises": (0.0, 1.0),
    "branch.favours": (0.0, 0.5),
    "officers.waved": (0.0, 1.0),
    "officers.capture": (0.0, 0.8),
    "community.loss_months": (2.0, 24.0),
    "station.roster": (0.0, 0.66),
    "custody.roster": (0.0, 0.66),
    "station.loss_base": (0.0, 0.58, 1.0),
    "custody.loss_base": (0.0, 0.3, 1.0),
    "desk.power": (0.0, 0.8),
    "contact.press": (0.0, 0.3, 1.0),
    "contact.vouch": (0.0, 0.5, 1.0),
    "contact.inform": (0.0, 0.5, 1.0),
    "trust.pull": (0.0, 0.03, 1.0),
    "firm.suits": (0.0, 0.05, 0.3),
    "start.committee": (0, 1, 2),
    "owners.initiators": (1.0, 3.0),
    "owners.term": (6, 60),
    "owners.dismiss_from": (0,),
    "owners.allowed": (0, 1, 1),
    "owners.change_cost": (0.0,),
    "owners.turnout_base": (2.0, 8.0, 8.0),
    "owners.reached": (0.8, 1.0),
    "owners.absent_loss": (0.0, 0.3),
    "provider.contract_level": (0.75, 2.0, 2.0),
    "household.reference_base": (0.65, 1.5),
    "case.petition_threshold": (0.0, 0.25),
    "case.grievance": (0.2, 2.0),
    "desk.court_hours": (6.0, 100.0),
}
"""Parameters that take one of a few values: those without a study range, and limits worth meeting."""


def drawn(parameter: Parameter, chance: float) -> float | int:
    """Return a value of a parameter, chance in (0, 1)."""
    if parameter.path in SIZE:
        return SIZE[parameter.path]
    choices = CHOICES.get(parameter.path)
    if choices:
        return choices[int(chance * len(choices))]
    if parameter.choices:
        return int(chance * len(parameter.choices))
    if parameter.range is None or chance < OFTEN_DEFAULT:
        return parameter.default
    low, high = (min(max(end, parameter.valid[0]), parameter.valid[1]) for end in parameter.range)
    value = low + (chance - OFTEN_DEFAULT) / (1.0 - OFTEN_DEFAULT) * (high - low)
    return round(value) if parameter.integer else value


def random_world(number: int, months: int = 24) -> World:
    """Return world `number`: its levers change at the policy month and again 9 months later."""
    key = stream_key(20, number)
    chances = [uniforms(key, Draw.PAY, month=regime, estate=0, unit=np.arange(len(DEFAULTS))) for regime in range(3)]
    values = [
        {
            path: drawn(parameter, float(chances[regime if parameter.role == Role.LEVER else 0][place]))
            for place, (path, parameter) in enumerate(PARAMETERS.items())
        }
        for regime in range(3)
    ]
    return World(
        label=f"random {number}",
        place="nowhere",
        months=months,
        spinup=SIZE["time.spinup"],
        before=values[0],
        segments=(Segment(0, values[1], {}), Segment(9, values[2], {})),
        origins_before={},
        feasible=True,
        warnings=(),
        files=(),
    )
