"""Cases in whole runs: none is lost, none ends twice, and only a real settlement counts as one."""

from typing import Any

import numpy as np
import pytest
from estates import built, run, values
from shipped import SMALL_DISTRICT, of_kind

import sim.replicate
from agents.rules.arrears import CONDEMNED, NOT_SUED, SUED, owes
from agents.rules.case import (
    CLOSED_ON_PAPER,
    COURT,
    DESK_NAMES,
    ENDED,
    ESCALATED,
    GAVE_UP,
    KIND_NAMES,
    OPENED,
    PETITION,
    REOPENED,
    SENTENCED,
    SUIT,
    CaseReal,
    CaseWhole,
)
from agents.rules.estate import EstateWhole as E
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.provider import ProviderWhole as PN
from sim.engine.handling import handle
from sim.engine.paying import pay
from sim.parameters import table
from sim.replicate import Kept, SharedSpinup
from sim.runs import simulate
from sim.scenarios import World, list_scenarios, resolve
from sim.scenarios.catalog import load
from sim.state import ENDS, HORIZONS, LOG_FIELDS, State, copy_state
from sim.totals import Total

MONTHS = 36
CLOSING = (ENDED, GAVE_UP, SENTENCED)
MONTH, ESTATE, CASE, KIND, EVENT, DESK, SEVERITY = (
    LOG_FIELDS.index(field) for field in ("month", "estate", "case", "kind", "event", "desk", "severity_thousandths")
)

# --- every shipped scenario ----------------------------------------------------------------------------------


def shipped() -> list[tuple[str, str | None]]:
    """Return every scenario file with a place for it: forms where they are feasible, programmes on a form there."""
    found: list[tuple[str, str | None]] = []
    for info in list_scenarios():
        if info.kind == "form":
            found += [(info.name, place) for place in info.feasible_in or ("trapped", "healthy")]
        elif info.kind == "programme":
            stacked = [("red_station", "trapped"), ("market", "managed"), ("red_alliance", "managed")]
            on = info.stacks_on or ("red_station", "market")
            found += [(f"{form} + {info.name}", place) for form, place in stacked if form in on]
        elif info.kind != "place":
            found.append((info.name, None))
        elif load(info.name, ("place",)).initial_form:
            found.append((load(info.name, ("place",)).initial_form, info.name))
    return sorted(set(found), key=str)


SHIPPED = shipped()
BUSY = ("population.n_households=80", "desk.closure_pressure=0.8", "case.reopen=0.3", "firm.suits=0.05")


def with_history(world: World, replicates: int = 2) -> Any:
    batch = simulate([world], replicates=range(replicates), seed=8, threads=1, cases=True)[0]
    assert batch.status == ("ok",) * replicates
    return batch


def totals_of(batch: Any) -> np.ndarray:
    """Return the totals of all runs, (total, run, month), summed over estates."""
    return np.moveaxis(batch.totals.sum(axis=-1), 2, 0)


def check_stocks(t: np.ndarray) -> None:
    """What arose was lumped or opened; what was opened is open or has ended in one way; t : (total, run, month)."""
    assert np.array_equal(t[Total.ARISEN], t[Total.LUMPED] + t[Total.OPENED])
    ended = t[Total.RESOLVED] + t[Total.WITHDRAWN] + t[Total.JUDGED]
    into, out = t[Total.OPENED] + t[Total.SUITS], ended + t[Total.SUITS_ENDED]
    assert np.array_equal(np.diff(t[Total.OPEN_CASES]), (into - out)[:, 1:])
    assert (t[Total.ENDED_ABOVE] <= ended).all()
    for k in range(len(HORIZONS)):
        assert (t[Total.RESOLVED_1 + 2 * k] <= t[Total.ISSUES_1 + 2 * k]).all()
    assert (np.cumsum(t[Total.REOPENED], axis=1) - np.cumsum(t[Total.CLOSED_ON_PAPER], axis=1) <= 80).all()


def check_history(history: np.ndarray, first: int, t: np.ndarray) -> None:
    """The history tells month by month what the totals count; first : month of the first total; t : (total, month)."""
    n = t.shape[1]
    suit = history[:, KIND] == SUIT
    settled, gave_up, judged = (history[:, EVENT] == event for event in CLOSING)

    def monthly(lines: np.ndarray) -> np.ndarray:
        months = history[lines, MONTH] - first
        return np.bincount(months[months >= 0], minlength=n)

    told = {
        Total.RESOLVED: settled & ~suit,
        Total.JUDGED: judged & ~suit,
        Total.OPENED: (history[:, EVENT] == OPENED) & ~suit,
        Total.SUITS: (history[:, EVENT] == OPENED) & suit,
        Total.WITHDRAWN: gave_up & ~suit,
        Total.SUITS_ENDED: (settled | gave_up | judged) & suit,
        Total.SUITS_MEDIATED: settled & suit,
        Total.SUITS_WITHDRAWN: gave_up & suit,
        Total.CLOSED_ON_PAPER: history[:, EVENT] == CLOSED_ON_PAPER,
        Total.REOPENED: history[:, EVENT] == REOPENED,
        Total.ESCALATED: history[:, EVENT] == ESCALATED,
        Total.PETITIONS: (history[:, EVENT] == ESCALATED) & (history[:, DESK] == PETITION),
    }
    for total, lines in told.items():
        assert np.array_equal(monthly(lines), t[total]), total
    assert (np.diff(history[:, MONTH]) >= 0).all()
    assert ((history[:, KIND] >= 0) & (history[:, KIND] < len(KIND_NAMES))).all()
    assert ((history[:, DESK] >= 0) & (history[:, DESK] < len(DESK_NAMES))).all()
    check_lives(history)


def check_lives(history: np.ndarray) -> None:
    """A case keeps its number, kind and severity; paper and reopening take turns; after its end nothing happens."""
    order = np.lexsort((np.arange(len(history)), history[:, CASE], history[:, ESTATE]))
    lines = history[order]
    if len(lines) == 0:  # in m0 to m2 nothing happens
        return
    same = (lines[1:, CASE] == lines[:-1, CASE]) & (lines[1:, ESTATE] == lines[:-1, ESTATE])
    for field in (KIND, SEVERITY, LOG_FIELDS.index("household")):
        assert (lines[1:, field] == lines[:-1, field])[same].all()
    now, then = lines[1:][same], lines[:-1][same]
    assert not np.isin(then[:, EVENT], CLOSING).any()
    assert ((now[:, EVENT] == REOPENED) == (then[:, EVENT] == CLOSED_ON_PAPER)).all()
    assert (lines[np.concatenate([[True], ~same]), EVENT] == OPENED).all()
    assert (now[:, EVENT] != OPENED).all()
    rises = now[:, EVENT] == ESCALATED
    assert (now[rises, DESK] > then[rises, DESK]).all()
    assert (now[~rises, DESK] == then[~rises, DESK]).all()


@pytest.mark.thorough
@pytest.mark.parametrize(("scenario", "place"), SHIPPED)
def test_no_case_is_lost_and_the_history_agrees(scenario, place):
    small = SMALL_DISTRICT if scenario in {info.name for info in of_kind("rollout")} else ()
    batch = with_history(resolve(scenario, place=place, months=MONTHS, set=[*BUSY, *small]))
    t = totals_of(batch)
    check_stocks(t)
    for r, history in enumerate(batch.histories):
        check_history(history, int(batch.months[0]), t[:, r])
        # every issue of the policy months is in the table of ends, once
        arisen = t[Total.ARISEN, r, batch.first :].sum()
        assert batch.ends[r].sum() == arisen
        assert batch.ends[r, ENDS.index("lumped")].sum() == t[Total.LUMPED, r, batch.first :].sum()
        for end, total in (("resolved", Total.RESOLVED), ("withdrawn", Total.WITHDRAWN), ("judged", Total.JUDGED)):
            assert batch.ends[r, ENDS.index(end)].sum() <= t[total, r, batch.first :].sum()


def test_every_scenario_file_is_looked_at():
    names = {info.name for info in list_scenarios() if info.kind != "place"}
    assert names <= {part for scenario, _ in SHIPPED for part in scenario.split(" + ")}
    places = {place for _, place in SHIPPED}
    assert {"trapped", "managed", "committee", "healthy"} <= places


# --- month by month --------------------------------------------------------------------------------------------

HASTY = {
    "population.n_estates": 3,
    "population.n_households": 150,
    "case.facility": 0.04,
    "case.neighbour": 0.008,
    "case.service": 0.06,
    "case.speak_base": 0.6,
    "facility.decay": 0.06,
    "start.facility": 0.2,
    "desk.closure_pressure": 1.0,
    "desk.verification": 0.0,
    "case.reopen": 0.3,
    "firm.suits": 0.05,
    "case.patience": 2.0,
}
"""Worn estates with much to complain about, desks under pressure to close, and households who find out."""


def lists(s: State) -> list[tuple[int, int]]:
    """Return (estate, place in the list) of every case that goes on."""
    room = s.case.shape[1] // s.estate_n.shape[1]
    return [(e, e * room + k) for e in range(s.estate_n.shape[1]) for k in range(s.estate_n[E.N_CASES, e])]


TO_COURT = {
    "case.escalate_base": 3.0,
    "case.mediation_base": -1.0,
    "case.street_base": -1.0,
    "desk.court_hours": 100.0,
    "route.court_days": 0.0,
}
"""Households who go further, as far as the court."""


def test_settled_within_is_what_can_be_counted_from_the_history():
    found = values("market", "managed", HASTY | TO_COURT)
    s = built(found, seed=4, n_cases=2000, n_log=60_000)
    counted = np.zeros((60, len(Total), 3), np.int64)
    for month in range(60):
        counted[month] = run(s, found, month, month + 1)[0]
        numbers = [(e, int(s.case_n[CaseWhole.ID, c])) for e, c in lists(s)]
        assert numbers == sorted(set(numbers))  # in order, each once
    log = s.log[: s.log_n[0]]
    assert s.estate_n[E.OVERFLOW].sum() == 0
    born = {(line[ESTATE], line[CASE]): line[MONTH] for line in log if line[EVENT] == OPENED}
    real = log[(log[:, EVENT] == ENDED) & (log[:, KIND] != SUIT)]
    assert len(real) > 200
    assert counted[:, Total.JUDGED].sum() > 20  # a judgement is no settlement
    for k, horizon in enumerate(HORIZONS):
        settled = np.zeros((60, 3), np.int64)
        for line in real:
            arose = born[line[ESTATE], line[CASE]]
            settled[arose, line[ESTATE]] += line[MONTH] - arose <= horizon
        assert np.array_equal(counted[horizon:, Total.RESOLVED_1 + 2 * k], settled[: 60 - horizon])
        assert np.array_equal(counted[horizon:, Total.ISSUES_1 + 2 * k], counted[: 60 - horizon, Total.ARISEN])
    spared = np.zeros((60, 3), np.int64)
    for line in real:
        arose = born[line[ESTATE], line[CASE]]
        spared[arose, line[ESTATE]] += max(0, 11 - (line[MONTH] - arose))
    assert np.array_equal(counted[12:, Total.SPARED_12], spared[:48])
    assert (np.diff([counted[12:, Total.RESOLVED_1 + 2 * k].sum() for k in range(4)]) > 0).all()


def test_a_closure_on_paper_settles_nothing():
    """Every attempt fails and is reported as closed: nothing is ever settled, nobody is relieved, severity remains."""
    bases = {f"case.{d}_base": -700.0 for d in ("provider", "mediation", "street", "department", "court", "petition")}
    sure = {"case.paper_base": 1.0, "desk.verification": 0.0, "case.reopen": 0.0, "desk.joint_hours": 1e6}
    found = values("market", "managed", HASTY | bases | sure)
    s = built(found, seed=4, n_cases=2000)
    totals = run(s, found, 0, 24)
    assert totals[:, Total.CLOSED_ON_PAPER].sum() > 100
    for total in (Total.RESOLVED, Total.JUDGED, *(Total.RESOLVED_1 + 2 * k for k in range(4)), Total.REOPENED):
        assert totals[:, total].sum() == 0, total
    assert s.life[ENDS.index("resolved")].sum() == 0
    still = totals[-1, Total.OPEN_CASES]
    assert (still >= totals[:, Total.CLOSED_ON_PAPER].sum(axis=0)).all()  # they stay on the list
    assert (totals[-1, Total.UNRESOLVED] >= 0.4e6 * totals[:, Total.CLOSED_ON_PAPER].sum(axis=0)).all()


def test_checked_closures_are_never_made_on_paper():
    found = values("market", "managed", HASTY | {"desk.verification": 1.0})
    totals = run(built(found, seed=4, n_cases=2000), found, 0, 24)
    assert totals[:, Total.CLOSED_ON_PAPER].sum() == totals[:, Total.REOPENED].sum() == 0
    assert totals[:, Total.RESOLVED].sum() > 0


def test_who_was_deceived_trusts_less_and_keeps_the_case():
    found = values("market", "managed", HASTY | {"case.reopen": 1.0})
    s = built(found, seed=4, n_cases=2000)
    month = 0
    while not (s.case_n[CaseWhole.STATUS] == 1).any():
        run(s, found, month, month + 1)
        month += 1
    papers = [c for _, c in lists(s) if s.case_n[CaseWhole.STATUS, c] == 1]
    before = {c: s.case_n[:, c].copy() for c in papers}
    severity = s.case[CaseReal.SEVERITY, papers].copy()
    trust = s.household[H.TRUST_PROVIDER].copy()
    s.record[:] = 0
    resolved_then = s.settled_within.copy()
    handle(s, table([found]), 0, month)
    after = {(int(s.case_n[CaseWhole.ID, c]), e): s.case_n[:, c] for e, c in lists(s)}
    room = s.case.shape[1] // 3
    for c, old in before.items():
        now = after[int(old[CaseWhole.ID]), c // room]
        assert now[CaseWhole.REOPENED] == old[CaseWhole.REOPENED] + 1
        for column in (CaseWhole.HOUSEHOLD, CaseWhole.KIND, CaseWhole.DESK, CaseWhole.ARISEN):
            assert now[column] == old[column]
        j = old[CaseWhole.HOUSEHOLD]
        if old[CaseWhole.DESK] == 0 and (s.case_n[CaseWhole.HOUSEHOLD, [c for _, c in lists(s)]] == j).sum() == 1:
            assert s.household[H.TRUST_PROVIDER, j] <= trust[j]
    assert (severity > 0).all()
    assert s.record[Total.REOPENED].sum() == len(papers)
    assert (s.settled_within >= resolved_then).all()


# --- lists too short ---------------------------------------------------------------------------------------------


def kept_with(world: World, n_cases: int, n_log: int) -> Kept:
    kept = Kept.empty(world, 1)
    SharedSpinup([world])._run(8, 0, [kept.of(0)], "compiled", n_cases, n_log, None)
    return kept


def test_a_run_repeated_with_longer_lists_is_the_same_run(monkeypatch):
    world = resolve("market", place="managed", months=24, set=BUSY)
    want = kept_with(world, 5000, 50_000)
    monkeypatch.setattr(sim.replicate, "_FIRST_LOG", 4)
    with pytest.raises(sim.replicate._OverflowedError):
        kept_with(world, 5000, 4)
    with pytest.raises(sim.replicate._OverflowedError):
        kept_with(world, 1, 50_000)
    kept = Kept.empty(world, 1)
    SharedSpinup([world]).run(8, 0, [kept.of(0)], "compiled", cases=True)
    for name in ("totals", "ends"):
        assert getattr(kept, name).tobytes() == getattr(want, name).tobytes(), name
    assert kept.histories[0].tobytes() == want.histories[0].tobytes()


def test_keeping_a_history_changes_nothing():
    world = resolve("market", place="managed", months=24, set=BUSY)
    plain = simulate([world], replicates=range(3), seed=8, threads=1)[0]
    told = simulate([world], replicates=range(3), seed=8, threads=1, cases=True)[0]
    assert plain.totals.tobytes() == told.totals.tobytes()
    assert plain.ends.tobytes() == told.ends.tobytes()
    assert plain.histories == ()
    assert all(len(history) for history in told.histories)


# --- suits -------------------------------------------------------------------------------------------------------


def test_the_condemned_pay_what_they_owe_this_firm():
    """At the next bill every debt of this firm's time is paid, once, and the household may be sued again."""
    found = values("market", "managed", HASTY | {"firm.suits": 0.0, "firm.loss_base": 0.0})
    s = built(found, seed=4, n_cases=2000)
    run(s, found, 0, 30)
    assert not s.provider_n[PN.WITHOUT_FIRM].any()
    s.provider_n[PN.SINCE] = (30, 7, 30)  # the second firm has come lately
    since = s.provider_n[PN.SINCE, s.household_n[N.ESTATE]]
    debtors = np.flatnonzero((s.household_n[N.UNPAID] >> 3 != 0) & (np.arange(450) % 2 == 0))
    others = np.flatnonzero(np.arange(450) % 2 == 1)
    assert len(debtors) > 50
    s.household_n[N.SUED, debtors] = CONDEMNED
    plain = copy_state(s)
    plain.household_n[N.SUED] = NOT_SUED
    s.household_n[N.CONTACT] = plain.household_n[N.CONTACT] = 0
    was, debt = s.household_n[N.UNPAID].copy(), s.estate_n[E.DEBT_YOUNG : E.DEBT_OLD + 1].sum()
    for state in (s, plain):
        state.record[:] = 0
        pay(state, table([found]), 0, 30)
    claims = {j: [age for age in range(1, 36) if owes(int(was[j]), age) and age <= since[j]] for j in debtors}
    for j, ages in claims.items():
        left = [age for age in range(1, 36) if owes(int(s.household_n[N.UNPAID, j]), age)]
        assert left == [age for age in range(1, 36) if owes(int(was[j]), age) and age > since[j]]
        assert s.household_n[N.SUED, j] == NOT_SUED
        assert s.household[H.ENFORCEMENT, j] == 1.0 or not ages
    paid = s.record[Total.ARREARS_PAID].sum()
    unpaid = s.record[Total.BILLED].sum() - s.record[Total.FEES].sum()
    assert paid > plain.record[Total.ARREARS_PAID].sum()
    assert s.estate_n[E.DEBT_YOUNG : E.DEBT_OLD + 1].sum() == debt - paid + unpaid
    assert (s.household_n[N.UNPAID, others] == plain.household_n[N.UNPAID, others]).all()


def test_a_suit_ends_in_a_settlement_a_withdrawal_or_a_judgment():
    sure = {"case.court_base": 50.0, "desk.court_hours": 1e6, "route.court_days": 0.0}
    found = values("market", "managed", HASTY | sure)
    s = built(found, seed=4, n_cases=2000, n_log=20_000)
    totals = run(s, found, 0, 36)
    assert totals[:, Total.SUITS].sum() > 10
    assert np.array_equal(totals[:, Total.SUITS], totals[:, Total.SUITS_ENDED])  # in the month of filing, here
    assert (s.household_n[N.SUED] == NOT_SUED).all()
    log = s.log[: s.log_n[0]]
    suits = log[log[:, KIND] == SUIT]
    assert set(suits[suits[:, EVENT] != OPENED][:, EVENT]) == set(CLOSING)
    assert (suits[:, DESK] == COURT).all()
    assert totals[:, Total.ARREARS_PAID].sum() > 0


def test_suits_come_to_an_end_and_are_counted_apart():
    found = values("market", "managed", HASTY)
    s = built(found, seed=4, n_cases=2000)
    totals = run(s, found, 0, 60)
    suits, ended = totals[:, Total.SUITS].sum(axis=0), totals[:, Total.SUITS_ENDED].sum(axis=0)
    pending = np.zeros(3, np.int64)
    for e, c in lists(s):
        pending[e] += s.case_n[CaseWhole.KIND, c] == SUIT
    assert (suits > 0).all()
    assert np.array_equal(suits, ended + pending)
    assert np.array_equal(totals[:, Total.ARISEN], totals[:, Total.OPENED] + totals[:, Total.LUMPED])
    sued = np.bincount(s.household_n[N.ESTATE], s.household_n[N.SUED] == SUED, 3)
    assert (sued >= pending).all()  # one at a time


def test_without_a_firm_nobody_sues():
    found = values("custody", "trapped", HASTY)
    assert run(built(found, seed=4, n_cases=2000), found, 0, 48)[:, Total.SUITS].sum() == 0
