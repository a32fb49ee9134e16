"""A month, and a run of months, in the compiled engine."""

from typing import Any

from agents.rules.street_committee import StreetWhole, is_inspected
from sim.engine import kernel
from sim.engine.arising import arise
from sim.engine.counting import record
from sim.engine.evaluating import appraise
from sim.engine.governing import govern
from sim.engine.handling import handle
from sim.engine.holding import held
from sim.engine.noticing import mobilise, perceive
from sim.engine.paying import learn, pay
from sim.engine.serving import allocate, events, plan, serve


@kernel
def step(s: Any, p: Any, i: int, month: int) -> None:
    """Run one month with the parameters in row i of the table p; the order is `sim.schedule.SCHEDULE`."""
    events(s, p, i, month)
    allocate(s, p, i, month)
    plan(s, p, i, month)
    serve(s, p, i, month)
    perceive(s, p, i, month)
    arise(s, p, i, month)
    handle(s, p, i, month)
    mobilise(s, p, i, month)
    pay(s, p, i, month)
    learn(s, p, i, month)
    govern(s, p, i, month)
    record(s, p, i, month)


@kernel
def run_months(s: Any, p: Any, rows: Any, first: int, last: int, out: Any) -> None:
    """Run the months first <= month < last of one run.

    A state that holds a block of the district's estates needs the scores of all before each half-year.
    rows : (months,) row of p in force in each of these months; out : (months, total, estate) int64, filled
    with the record of each month, or with no months to keep none.
    """
    keep = out.shape[0] > 0
    h = held(s)
    alone = s.street_n[StreetWhole.ALONE, 0] == 1
    for month in range(first, last):
        if alone and is_inspected(month):
            appraise(h, p, rows[month - first])
        step(h, p, rows[month - first], month)
        if keep:
            out[month - first] = h.record
