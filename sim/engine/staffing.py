"""Part of phase allocate: the staff of the residents' committee."""

from typing import Any

from agents.rules.estate import EstateWhole as E
from agents.rules.residents_committee import CommitteeReal as R
from agents.rules.social_workers import next_trained, trained_after_leaving, worker_leaves_chance
from sim.draws import Draw, uniform
from sim.engine import kernel

_WORKER_LEAVES = int(Draw.WORKER_LEAVES)


@kernel
def train(s: Any, p: Any, i: int, e: int, month: int) -> None:
    """Staff of the residents' committee are trained, paid and perhaps leave."""
    chance = worker_leaves_chance(
        p[i].workers_turnover, p[i].workers_pay, p[i].workers_full_pay, p[i].workers_pay_effect
    )
    leaves = uniform(s.key[0], _WORKER_LEAVES, month, s.estate_n[E.ID, e], 0, 0)
    s.committee[R.TRAINED, e] = next_trained(
        trained_after_leaving(
            s.committee[R.TRAINED, e], p[i].workers_exchange, p[i].workers_recruited, chance, leaves
        ),
        p[i].workers_training,
        p[i].workers_full_hours,
        p[i].workers_speed,
    )
