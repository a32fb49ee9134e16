"""Desks against exact results: the Lindley queue and the absorbing chain, through the shipped phase `handle`.

In the laboratory nothing arises by itself: cases are put on the list by `open_case`, and each month the desks
work on them exactly as in a run.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from estates import ALPHA, Z, built, values
from numba import njit
from scipy import stats

from agents.rules.case import (
    CAN_CLOSE,
    CLOSED_ON_PAPER,
    COURT,
    DEPARTMENT,
    ENDED,
    ESCALATED,
    GAVE_UP,
    MEDIATION,
    N_DESKS,
    NEIGHBOUR,
    PETITION,
    PROVIDER_DESK,
    REOPENED,
    SENTENCED,
    SERVICE,
    STREET_DESK,
    STRUCTURE,
    CaseWhole,
    DeskReal,
    DeskWhole,
)
from agents.rules.contact import hours_for
from agents.rules.estate import EstateWhole as E
from agents.rules.joint_branch import JointReal
from agents.rules.provider import ProviderReal
from agents.rules.residents_committee import CommitteeReal
from sim.draws import Draw, stream_key, uniforms
from sim.engine.arising import open_case, queue_up
from sim.engine.handling import handle
from sim.parameters import DEFAULTS, table
from sim.state import ENDS, LOG_FIELDS, State
from sim.survival import incidence
from sim.totals import Total

HOURS_OF_QUARREL = float(values("custody", "trapped")["hours.neighbour"])
"""Hours of an attempt to settle a quarrel between neighbours."""
FOREVER = 1e300
"""Patience, in months, of those who never lose it."""

QUIET: dict[str, Any] = {
    "population.n_households": 1,
    "case.discipline": 0,
    "case.paper_base": 0.0,
    "case.paper_pressure": 0.0,
    "case.patience": FOREVER,
    "case.skill_weight": 0.0,
    "case.difficulty_weight": 0.0,
    "case.summons": 0.0,
    "case.interest_weight": 0.0,
    "case.escalate_voice": 0.0,
    "case.escalate_severity": 0.0,
    "case.petition_threshold": 0.0,
    "case.petition_spread": 0.0,
    "desk.provider_hours": 0.0,
    "desk.joint_hours": 0.0,
    "desk.street_hours": 0.0,
    "desk.department_hours": 0.0,
    "desk.court_hours": 0.0,
    "route.report_hours": 0.0,
    "route.provider_days": 0.0,
    "route.grid_days": 0.0,
    "route.committee_days": 0.0,
    "route.street_days": 0.0,
    "route.department_days": 0.0,
    "route.court_days": 0.0,
}
"""No closure on paper, no way to go, no hours but those a test gives, and only the desk itself decides success."""

BASES = {
    PROVIDER_DESK: "case.provider_base",
    MEDIATION: "case.mediation_base",
    STREET_DESK: "case.street_base",
    DEPARTMENT: "case.department_base",
    COURT: "case.court_base",
    PETITION: "case.petition_base",
}


def laboratory(changes: Mapping[str, Any], **options: Any) -> tuple[State, np.recarray]:
    """Return estates without cases, and the table of parameters their desks work with."""
    found = values("custody", "trapped", QUIET | dict(changes))
    return built(found, **options), table([found])


def logit(p: float) -> float:
    return float(np.log(p / (1.0 - p)))


_N_CASES = int(E.N_CASES)
_DAYS = int(DeskReal.DAYS)


@njit
def bring(s, arrivals, what, desk, month):  # type: ignore[no-untyped-def]
    """Open so many cases in each estate, all of its first household."""
    for e in range(arrivals.shape[0]):
        before = s.estate_n[_N_CASES, e]
        for _ in range(arrivals[e]):
            open_case(s, e, s.first[e], what, desk, 1.0, 0.0, month, s.desk[_DAYS, e * 6 + desk])
        queue_up(s, e, before, month)


# --- one desk: the Lindley recursion ---------------------------------------------------------------------------

LINDLEY = [(0.5, 1, 0.25, 0.824360635), (0.8, 1, 1.6, 0.445108186), (1.5, 2, 0.985041009624, 0.593731906)]
"""Arrivals a month, attempts a month, mean number left waiting and chance that none is (by Spitzer's identity)."""
ESTATES, MONTHS = 400, 200


def poisson(mean: float, shape: tuple[int, ...]) -> np.ndarray:
    number = np.arange(int(np.prod(shape))).reshape(shape)
    u = uniforms(stream_key(3, 14), Draw.FAULT, month=0, estate=0, unit=number)
    return np.searchsorted(stats.poisson.cdf(np.arange(60), mean), u)


def desk_of(attempts: float, changes: Mapping[str, Any] | None = None, **options: Any) -> tuple[State, np.recarray]:
    """Return a mediation desk whose hours suffice for so many attempts, each of which succeeds."""
    sure = {"population.n_estates": ESTATES, "case.mediation_base": 50.0}
    s, p = laboratory(sure | dict(changes or {}), n_cases=200, **options)
    s.committee[CommitteeReal.MEDIATION_HOURS] = attempts * HOURS_OF_QUARREL
    return s, p


def queue(s: State, p: np.recarray, arrivals: np.ndarray, first: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Bring arrivals, (month, estate), and return who waits on after each month, and who was settled in it."""
    waiting, settled = np.zeros_like(arrivals), np.zeros_like(arrivals)
    for k, number in enumerate(arrivals):
        s.record[:] = 0
        before = s.estate_n[E.N_CASES].copy()
        bring(s, number, NEIGHBOUR, MEDIATION, first + k)
        handle(s, p, 0, first + k)
        waiting[k], settled[k] = s.estate_n[E.N_CASES], s.record[Total.RESOLVED]
        at_desk = s.desk_n[DeskWhole.WAITING, MEDIATION::N_DESKS]
        assert np.array_equal(at_desk, before + number)  # counted before service, the queue after it
        assert np.array_equal(at_desk - settled[k], waiting[k])
        assert np.array_equal(s.desk_n[DeskWhole.RESOLVED, MEDIATION::N_DESKS], settled[k])
    assert not s.estate_n[E.OVERFLOW].any()
    return waiting, settled


def lindley(arrivals: np.ndarray, attempts: int) -> np.ndarray:
    """Return the recursion Q' = max(Q + A - c, 0), (month, estate)."""
    found = np.zeros_like(arrivals)
    q = np.zeros(arrivals.shape[1], np.int64)
    for k, number in enumerate(arrivals):
        found[k] = q = np.maximum(q + number - attempts, 0)
    return found


def exact_lindley(mean: float, attempts: int, months: int, room: int = 400) -> np.ndarray:
    """Return the distribution of the queue after each month from an empty desk, (month, length)."""
    arrive = stats.poisson.pmf(np.arange(room), mean)
    q, found = np.eye(1, room)[0], np.zeros((months, room))
    for k in range(months):
        total = np.convolve(q, arrive)[: room + attempts]
        q = np.concatenate([[total[: attempts + 1].sum()], total[attempts + 1 :], np.zeros(attempts)])[:room]
        found[k] = q
    return found


def spitzer(mean: float, attempts: int, terms: int = 4000) -> tuple[float, float]:
    """Return the stationary mean of the queue and the chance that it is empty, from sums of Poisson variables."""
    length, empty = 0.0, 0.0
    for n in range(1, terms):
        x = np.arange(n * attempts + 1, n * attempts + 1 + int(12 * np.sqrt(n * mean) + 40))
        tail = stats.poisson.pmf(x, n * mean)
        length += float(((x - n * attempts) * tail).sum()) / n
        empty += float(tail.sum()) / n
    return length, float(np.exp(-empty))


@pytest.mark.parametrize(("mean", "attempts", "length", "empty"), LINDLEY)
def test_the_oracle_agrees_with_itself(mean, attempts, length, empty):
    last = exact_lindley(mean, attempts, 600)[-1]
    assert spitzer(mean, attempts) == pytest.approx((length, empty), abs=1e-8)
    assert (last @ np.arange(len(last)), last[0]) == pytest.approx((length, empty), abs=1e-6)


def near(sample: np.ndarray, expected: float) -> bool:
    """Say whether the mean of independent numbers lies within what chance explains."""
    return bool(abs(sample.mean() - expected) <= Z * sample.std(ddof=1) / np.sqrt(len(sample)))


@pytest.mark.parametrize(("mean", "attempts", "length", "empty"), LINDLEY)
def test_a_desk_is_a_lindley_queue(mean, attempts, length, empty):
    arrivals = poisson(mean, (MONTHS, ESTATES))
    waiting, settled = queue(*desk_of(attempts), arrivals)
    assert np.array_equal(waiting, lindley(arrivals, attempts))  # path by path
    exact = exact_lindley(mean, attempts, MONTHS)
    late = slice(MONTHS // 2, None)  # from here on the exact mean is stationary to within the error shown below
    mean_length = (exact[late] @ np.arange(exact.shape[1])).mean()
    assert mean_length == pytest.approx(length, rel=5e-3)
    assert near(waiting[late].mean(axis=0), mean_length)
    assert near((waiting[late] == 0).mean(axis=0), exact[late, 0].mean())
    assert exact[late, 0].mean() == pytest.approx(empty, rel=5e-3)
    idle = attempts - settled
    assert near(idle[late].mean(axis=0), attempts - mean)
    before = np.concatenate([np.zeros((1, ESTATES), np.int64), waiting[:-1]])
    assert np.array_equal(idle, np.maximum(attempts - before - arrivals, 0))
    # arrivals less settlements are what is left: idle capacity differs from c - lambda by the stock alone
    assert np.array_equal(idle.sum(axis=0), attempts * MONTHS - arrivals.sum(axis=0) + waiting[-1])


def test_the_second_moment_of_idle_hours_gives_the_mean_queue():
    mean, attempts = 0.8, 1
    exact = exact_lindley(mean, attempts, 600)[-1]
    arrive = stats.poisson.pmf(np.arange(60), mean)
    idle = np.maximum(attempts - np.add.outer(np.arange(len(exact)), np.arange(60)), 0)
    weight = np.outer(exact, arrive)
    assert (idle * weight).sum() == pytest.approx(attempts - mean, abs=1e-6)
    spare = attempts - mean
    found = (mean + spare**2 - (idle**2 * weight).sum()) / (2 * spare)
    assert found == pytest.approx(1.6, abs=1e-6)


def test_littles_law_holds_to_the_month_and_the_first_comes_first():
    """On a completed horizon the months waited are the queues summed, in whole numbers."""
    busy, drain = 120, 120
    arrivals = poisson(0.8, (busy, ESTATES))
    arrivals = np.concatenate([arrivals, np.zeros((drain, ESTATES), np.int64)])
    s, p = desk_of(1, n_log=2 * int(arrivals.sum()))
    waiting, _ = queue(s, p, arrivals)
    assert (waiting[-1] == 0).all()
    log = s.log[: s.log_n[0]]
    log = log[log[:, LOG_FIELDS.index("event")] == ENDED]
    assert len(log) == arrivals.sum() == s.log_n[0] / 2
    waited = 0
    for e in range(ESTATES):
        arose = np.repeat(np.arange(len(arrivals)), arrivals[:, e])
        own = log[log[:, LOG_FIELDS.index("estate")] == e]
        assert np.array_equal(own[:, LOG_FIELDS.index("case")], np.arange(1, len(own) + 1))
        waited += int((own[:, LOG_FIELDS.index("month")] - arose).sum())
    assert waited == waiting.sum()
    at_end = s.life[ENDS.index("resolved")]
    assert at_end.sum() == arrivals.sum()
    assert (at_end[:-1] * np.arange(len(at_end) - 1)).sum() <= waited  # ages beyond the table count in its last


@pytest.mark.parametrize("fewer", [0.0, 0.99, 1.0, 1.5, 2.0])
def test_more_hours_never_lengthen_the_queue(fewer):
    arrivals = poisson(1.5, (60, 100))
    size = {"population.n_estates": 100}
    short, _ = queue(*desk_of(fewer, size), arrivals)
    for more in (fewer + 0.3, fewer + 1.0, fewer + 10.0):
        long, _ = queue(*desk_of(more, size), arrivals)
        assert (long <= short).all()
    assert long.sum() < short.sum()
    assert np.array_equal(short, lindley(arrivals, int(fewer)))  # part of an attempt is none


def test_the_order_of_cases_changes_who_waits_not_how_many():
    arrivals = poisson(1.5, (60, 100))
    size = {"population.n_estates": 100}
    found = [queue(*desk_of(2, size | {"case.discipline": order}), arrivals)[0] for order in (0, 1)]
    assert np.array_equal(*found)


def test_without_hours_nothing_is_settled():
    arrivals = poisson(1.5, (30, 100))
    s, p = desk_of(0, {"population.n_estates": 100})
    waiting, settled = queue(s, p, arrivals)
    assert settled.sum() == 0
    assert np.array_equal(waiting, arrivals.cumsum(axis=0))
    assert (s.desk[DeskReal.USED] == 0.0).all()


# --- the ladder: an absorbing chain ----------------------------------------------------------------------------

LADDERS = {
    SERVICE: (PROVIDER_DESK, MEDIATION, STREET_DESK, COURT, PETITION),
    STRUCTURE: (MEDIATION, STREET_DESK, DEPARTMENT, PETITION),
    NEIGHBOUR: (MEDIATION, STREET_DESK, COURT),
}
SETTLES = (0.40, 0.35, 0.30, 0.25, 0.50)
"""Chance that an attempt settles a case, from the first desk of a ladder up (rigor 2.5)."""
PATIENCE, FURTHER = 2.0, 2 / 3
MEDIATED = DEFAULTS["case.court_mediated"]
ABUNDANT = 1e9


def chain(
    resolve: np.ndarray, escalate: np.ndarray, paper: np.ndarray, reopen: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the moves among open cases at each desk and cases closed on paper there; N; and mean months.

    The first half of the states are the open cases by desk, the second those closed on paper.
    """
    n = len(resolve)
    moves = np.zeros((2 * n, 2 * n))
    withdraw = paper[:, 1]
    for level in range(n):
        moves[level, level] = 1.0 - resolve[level] - escalate[level] - withdraw[level] - paper[level, 0]
        if level + 1 < n:
            moves[level, level + 1] = escalate[level]
        moves[level, n + level] = paper[level, 0]
        moves[n + level, n + level] = 1.0 - reopen
        moves[n + level, level] = reopen
    fundamental = np.linalg.inv(np.eye(2 * n) - moves)
    return moves, fundamental, fundamental.sum(axis=1)


def rates(settles: np.ndarray, patience: float, further: float, paper: float) -> tuple[np.ndarray, ...]:
    """Return what the rules imply for a month at each desk: settled, taken further, closed on paper, withdrawn."""
    failed = 1.0 - settles
    left = failed * (1.0 - paper) / patience
    escalate = left * further
    escalate[-1] = 0.0  # above the last desk there is none
    return settles, escalate, failed * paper, left - escalate


def test_the_chain_reproduces_the_published_numbers():
    r = np.array(SETTLES)
    e, w = np.array([0.20, 0.25, 0.20, 0.15, 0.0]), np.array([0.10, 0.05, 0.05, 0.05, 0.0])
    _, n, months = chain(r, e, np.column_stack([np.zeros(5), w]), 1.0)
    assert n[0, :5] * r == pytest.approx(
        [0.571428571429, 0.153846153846, 0.059940059940, 0.022200022200, 0.013320013320], abs=1e-11
    )
    assert n[0, :5] @ w == pytest.approx(0.179265179265, abs=1e-11)
    assert months[0] == pytest.approx(2.183372183372, abs=1e-11)
    variance = (2.0 * n - np.eye(10)) @ months - months**2
    assert np.sqrt(variance[0]) == pytest.approx(1.837427421692, abs=1e-11)


def climb(what: int, paper: float, reopen: float = 0.25, changes: Mapping[str, Any] | None = None) -> State:
    """Let one case of every household climb its ladder, with hours for all, until the last has ended."""
    ladder = LADDERS[what]
    found = {
        "population.n_estates": 8,
        "population.n_households": 2000,
        "case.patience": PATIENCE,
        "case.escalate_base": logit(FURTHER),
        "case.paper_base": paper,
        "desk.verification": 0.0,
        "case.reopen": reopen,
        **{f"desk.{body}_hours": ABUNDANT for body in ("provider", "joint", "street", "department", "court")},
        **{BASES[desk]: logit(r) for desk, r in zip(ladder, SETTLES, strict=False)},
    }
    s, p = laboratory(found | dict(changes or {}), n_cases=2000, n_log=200_000)
    s.provider[ProviderReal.SPEND] = p[0].provider_cost
    s.joint[JointReal.HOURS] = hours_for(p[0].desk_joint_hours, s.household.shape[1] // s.estate_n.shape[1])
    everyone(s, what, ladder[0])
    for month in range(400):
        s.record[:] = 0
        handle(s, p, 0, month)
        if not s.estate_n[E.N_CASES].any():
            break
    assert not s.estate_n[E.OVERFLOW].any()
    assert s.estate_n[E.N_CASES].sum() == 0
    return s


@njit
def everyone(s, what, desk):  # type: ignore[no-untyped-def]
    """Open a case of every household in month 0."""
    for e in range(s.estate_n.shape[1]):
        for j in range(s.first[e], s.first[e + 1]):
            open_case(s, e, j, what, desk, 1.0, 0.0, 0, s.desk[_DAYS, e * 6 + desk])
        queue_up(s, e, 0, 0)


def counts(s: State, event: int) -> np.ndarray:
    """Return how often something happened, by the desk where the case then lay."""
    log = s.log[: s.log_n[0]]
    mine = log[log[:, LOG_FIELDS.index("event")] == event]
    return np.bincount(mine[:, LOG_FIELDS.index("desk")], minlength=N_DESKS)


def within_binomial(found: np.ndarray, n: int, chances: np.ndarray) -> bool:
    """Say whether each count is one that a binomial shows, but for a chance of ALPHA."""
    low, high = stats.binom.ppf(ALPHA / 2, n, chances), stats.binom.isf(ALPHA / 2, n, chances)
    return bool(((found >= low) & (found <= high)).all())


@pytest.mark.parametrize("paper", [0.0, 0.3])
@pytest.mark.parametrize("what", LADDERS)
def test_the_ladder_is_an_absorbing_chain(what, paper):
    ladder = list(LADDERS[what])
    assert [desk for desk in range(N_DESKS) if CAN_CLOSE[what][desk]] == ladder
    r = np.array(SETTLES[: len(ladder)])
    settle, escalate, on_paper, withdraw = rates(r, PATIENCE, FURTHER, paper)
    moves, fundamental, mean_months = chain(settle, escalate, np.column_stack([on_paper, withdraw]), 0.25)
    months = fundamental[0, : len(r)]
    s = climb(what, paper)
    n = s.household.shape[1]
    ended, gave_up = (counts(s, ENDED) + counts(s, SENTENCED))[ladder], counts(s, GAVE_UP)[ladder]  # courts judge too
    assert ended.sum() + gave_up.sum() == n
    assert within_binomial(ended, n, months * settle)
    assert within_binomial(gave_up, n, months * withdraw)
    reached = np.concatenate([[1.0], np.cumprod(escalate / (settle + escalate + withdraw))[:-1]])
    assert within_binomial(counts(s, ESCALATED)[ladder[1:]], n, reached[1:])  # each desk is reached at most once
    outside = [desk for desk in range(N_DESKS) if desk not in ladder]
    assert sum(int(counts(s, event)[outside].sum()) for event in (ENDED, SENTENCED, GAVE_UP, ESCALATED)) == 0
    # a case may be closed on paper more often than once, and always comes back
    assert np.array_equal(counts(s, CLOSED_ON_PAPER), counts(s, REOPENED))
    assert (counts(s, CLOSED_ON_PAPER).sum() > 0) == (paper > 0.0)
    # months to the end: the age at the end, and the month of arising itself
    by_age = s.life.sum(axis=0)
    assert by_age.sum() == n
    log = s.log[: s.log_n[0]]
    final = np.isin(log[:, LOG_FIELDS.index("event")], (ENDED, SENTENCED, GAVE_UP))
    lasted = log[final, LOG_FIELDS.index("month")] + 1
    variance = ((2.0 * fundamental - np.eye(len(fundamental))) @ mean_months - mean_months**2)[0]
    assert abs(lasted.mean() - mean_months[0]) <= Z * np.sqrt(variance / n)
    # the curve of settlement, month by month: a court mediates a share, and what it judges is an end of its own
    real = np.array([MEDIATED if desk == COURT else 1.0 for desk in ladder]) * settle
    state, exact = np.eye(1, len(moves))[0], []
    for _ in range(24):
        exact.append(state[: len(r)] @ real)
        state = state @ moves
    curve = incidence(s.life, np.zeros(s.life.shape[1], np.int64))[ENDS.index("resolved"), :24]
    assert within_binomial(np.rint(curve * n), n, np.cumsum(exact))


@pytest.mark.parametrize("what", LADDERS)
def test_a_ladder_without_hours_settles_nothing(what):
    none = {f"desk.{body}_hours": 0.0 for body in ("provider", "joint", "street", "department", "court")}
    s = climb(what, 0.3, changes=none | {"population.n_households": 300})
    assert counts(s, ENDED).sum() == counts(s, CLOSED_ON_PAPER).sum() == 0
    assert counts(s, GAVE_UP).sum() == s.household.shape[1]
    assert s.life[ENDS.index("resolved")].sum() == s.life[ENDS.index("judged")].sum() == 0


def settled_by(s: State) -> dict[int, int]:
    """Return the month in which each household's case was really settled."""
    log = s.log[: s.log_n[0]]
    mine = log[(log[:, LOG_FIELDS.index("event")] == ENDED) & (log[:, LOG_FIELDS.index("desk")] != COURT)]
    keys = mine[:, LOG_FIELDS.index("estate")] * 10_000 + mine[:, LOG_FIELDS.index("household")]
    return dict(zip(keys.tolist(), mine[:, LOG_FIELDS.index("month")].tolist(), strict=True))


@pytest.mark.parametrize("desk", [PROVIDER_DESK, MEDIATION, STREET_DESK])
def test_a_better_desk_settles_no_case_later(desk):
    """On the same draws, with hours for all: case by case, so at every month the curve is no lower."""
    size = {"population.n_households": 500}
    worse = settled_by(climb(SERVICE, 0.1, changes=size))
    better = settled_by(climb(SERVICE, 0.1, changes=size | {BASES[desk]: logit(0.6)}))
    assert all(better.get(case, 999) <= month for case, month in worse.items())
    assert len(better) > len(worse)


def test_a_further_desk_to_which_nobody_goes_changes_nothing():
    """Without escalation the desks above the first are as good as absent."""
    size = {"population.n_households": 500, "case.escalate_base": -700.0}
    alone = climb(SERVICE, 0.0, changes=size)
    others = climb(SERVICE, 0.0, changes=size | {BASES[desk]: 5.0 for desk in LADDERS[SERVICE][1:]})
    assert alone.life.tobytes() == others.life.tobytes()
    assert alone.log.tobytes() == others.log.tobytes()
    assert counts(alone, ENDED)[1:].sum() == 0


def test_a_case_waits_until_it_has_arrived():
    """Sixty-five days to a desk are two months on the way, in which nothing is tried."""
    s, p = laboratory({"route.court_days": 65.0, "desk.court_hours": ABUNDANT, "case.court_base": 50.0})
    handle(s, p, 0, 0)  # the desks learn their ways
    everyone(s, NEIGHBOUR, COURT)
    assert s.case_n[CaseWhole.ARRIVES, 0] == 2
    for month, left in ((0, 1), (1, 1), (2, 0)):
        handle(s, p, 0, month)
        assert s.estate_n[E.N_CASES, 0] == left, month
        assert s.desk_n[DeskWhole.WAITING, COURT] == (month == 2)
