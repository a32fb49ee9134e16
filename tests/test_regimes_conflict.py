"""M3 and M4: what cases do to the two regimes, where the desks fall behind, and where governance leads out.

The mean field of a large estate is written again here, from the equations and without the model's code, on top of
that of M2; the tables of docs/regimes.md come from here. Month by month, what the models draw is compared with the
laws these equations give for an estate of any size.

The equations take a bill that is not paid when it is due as lost. Whoever has a case withholds some bills and pays them
when it is settled, and the provider counts on that money too: with old bills looked at again (`household.b_age` of 0,
as shipped) no estate is large enough for these equations, and both regimes stand higher. Fixed points are therefore
compared where old bills are hardly ever paid, `LOST`.
"""

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from estates import ALPHA, Z, built, payers, run, values
from mean_field import HIGH, LOW, Estate, Values, anchor, kept_up, payment, plan, quality
from mean_field import delivered as bought
from scipy import stats
from scipy.special import expit
from test_regimes import DOCUMENT

from agents.rules.case import DeskReal as D
from agents.rules.case import DeskWhole as DN
from agents.rules.estate import EstateWhole as E
from agents.rules.facility import FacilityReal as K
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from sim.totals import Total

# --- the mean field ------------------------------------------------------------------------------------------

LADDER = {"provider": (0, 0.0, 0), "mediation": (1, 0.5, 0), "street": (2, 1.0, 1), "court": (4, 0.0, 2)}
"""Desks that can close a service case: number, report hours of an attempt, months on the way (25 and 45 days)."""


def given(v: Values) -> float:
    """Return the input of hours given without pay, as a share of standard."""
    worth = v["community.volunteer_hours"] / 100.0 * v["community.volunteer_skill"] * v["provider.wage"]
    return float(worth / (v["provider.cost"] * v["population.area_mean"]))


def arrived(v: Values, spend: Any, open_cases: Any) -> Any:
    """Return the input that reaches the estate; open cases, per household, tie up staff."""
    left = bought(v, spend) * (1.0 - v["case.drain"] * np.minimum(v["case.drain_most"], open_cases))
    return np.maximum(0.0, left - sat(v)) + given(v)


def sat(v: Values) -> float:
    """Return the input that staff at the joint desk do not give, as a share of standard."""
    hours = v["desk.joint_hours"] * v["desk.joint_staff"] / 100.0
    return float(hours * v["provider.wage"] / (v["provider.cost"] * v["population.area_mean"]))


def hazard(v: Values, input_: Any) -> Any:
    return v["case.service"] * (1.0 - np.clip(input_, 0.0, 1.0) ** v["provider.service_power"])


def ready(v: Values, what: str) -> float:
    """Return the chance to speak up ("speak") or to take a case further ("escalate")."""
    return float(expit(v[f"case.{what}_base"] + v[f"case.{what}_voice"] * (2.0 * v["start.voice"] - 1.0)))


def hours(v: Values, desk: str, spend: Any) -> Any:
    """Return a desk's hours a month per household."""
    free = v["committee.staff_hours"] * (1.0 - v["committee.load"] - v["committee.added_load"])
    free -= v["desk.joint_hours"] * v["desk.joint_cadres"]
    found = {
        "provider": v["desk.provider_hours"] * spend / v["provider.cost"],
        "mediation": free + v["desk.joint_hours"],
        "street": v["desk.street_hours"],
        "court": v["desk.court_hours"],
    }
    return found[desk] / 100.0


def needed(v: Values, desk: str) -> float:
    """Return the hours that an attempt takes: of a service case and reports, others where parties are summoned."""
    power = v["desk.power"] if desk == "mediation" else 0.0
    bringing = 1.0 + v["case.summons_hours"] * power
    return float((v["hours.service"] + LADDER[desk][1]) / (1.0 + v["case.summons"] * power) * bringing)


def success(v: Values, desk: str) -> float:
    """Return the chance that an attempt settles a case."""
    skill = 0.5
    if desk == "mediation":
        free, joint = 100.0 * hours(v, desk, 0.0) - v["desk.joint_hours"], v["desk.joint_hours"]
        skill = (free * v["committee.skill"] + joint * v["desk.joint_skill"]) / (free + joint)
    weights = v["case.skill_weight"] * (skill - 0.5) - v["case.difficulty_weight"] * (v["difficulty.service"] - 0.5)
    return float(expit(v[f"case.{desk}_base"] + weights))


@dataclass(frozen=True)
class Queues:
    """Cases per household that no longer change from month to month."""

    waiting: Any
    """At the desks and on the way, this month's new ones among them."""
    load: Any
    """Hours the provider's desk would need, over those it has."""


def queues(v: Values, opened: Any, spend: Any) -> Queues:
    """Return the queues that so many new cases a month end in; patience 1 / P ends waiting at every desk."""
    inflow, waiting, load = opened, 0.0, None
    leaves = 1.0 / v["case.patience"]
    for desk, (_, _, late) in LADDER.items():
        p, most = success(v, desk), hours(v, desk, spend) / needed(v, desk)
        unhurried = inflow / (p + (1.0 - p) * leaves)  # every case is tried every month
        behind = (inflow - p * most * (1.0 - leaves)) / leaves  # only so many are
        queue = np.where(unhurried <= most, unhurried, behind)
        load = unhurried / most if load is None else load
        waiting = waiting + queue + late * inflow
        inflow = ready(v, "escalate") * leaves * (queue - p * np.minimum(queue, most))
    return Queues(waiting, load)


def settled(v: Values, share: Any) -> tuple[Any, Any, Queues]:
    """Return quality, grievance and queues where `share` has paid for so long that all has settled."""
    spend = plan(v, share)
    tied_up = 0.0 * spend
    for _ in range(25):  # open cases tie up staff, which opens cases: a contraction
        reaches = arrived(v, spend, tied_up)
        arises = hazard(v, reaches)
        opened = arises * ready(v, "speak")
        found = queues(v, opened, spend)
        tied_up = found.waiting - opened
    repair = v["facility.upkeep"] * kept_up(v, reaches)
    added = v["case.grievance"] * arises + v["case.grievance_waiting"] * found.waiting
    seen = quality(v, reaches, repair / (repair + v["facility.decay"]))
    return seen, added / v["household.grievance_decay"], found


def withheld(v: Values, grievance: Any) -> Any:
    """Return what grievance adds to the quality gap in the household's eyes, in units of quality: nothing good."""
    return (
        -v["household.b_grievance"] * np.minimum(grievance, 2.0) * (1.0 - v["start.voice"]) / v["household.b_quality"]
    )


def settled_payment(v: Values, share: Any) -> Any:
    seen, grievance, _ = settled(v, share)
    return payment(v, share, (1.0 - v["household.absorbed"]) * (seen - anchor(v)) + withheld(v, grievance))


def fixed_points(v: Values) -> np.ndarray:
    """Return the shares of payers that reproduce themselves, ascending: every second one is unstable."""
    grid = np.linspace(0.0, 1.0, 1_202)
    above = settled_payment(v, grid) > grid
    turns = above[:-1] != above[1:]
    low, high, falls = grid[:-1][turns], grid[1:][turns], above[:-1][turns]
    for _ in range(40):
        middle = 0.5 * (low + high)
        left = (settled_payment(v, middle) > middle) == falls
        low, high = np.where(left, middle, low), np.where(left, high, middle)
    return np.asarray(0.5 * (low + high))


def boundary(v: Values, path: str, inside: float, outside: float) -> float:
    """Return the value of a parameter at which two regimes (at `inside`) become one (at `outside`)."""
    assert len(fixed_points({**v, path: inside})) == 3
    assert len(fixed_points({**v, path: outside})) == 1
    for _ in range(20):
        middle = 0.5 * (inside + outside)
        two = len(fixed_points({**v, path: middle})) == 3
        inside, outside = (middle, outside) if two else (inside, middle)
    return 0.5 * (inside + outside)


def desk_keeps_up(v: Values, share: float) -> float:
    """Return the hours per 100 households at which the provider's desk just does its work where `share` pays."""
    few, many = 0.0, 100.0
    for _ in range(40):
        middle = 0.5 * (few + many)
        behind = float(settled({**v, "desk.provider_hours": middle}, np.array([share]))[2].load[0]) > 1.0
        few, many = (middle, many) if behind else (few, middle)
    return 0.5 * (few + many)


def path(v: Values, months: int) -> np.ndarray:
    """Return the share of payers of each month from the start on, in an estate too large for chance."""
    estate, grievance, found = Estate.at_start(v), 0.0, []
    queue = dict.fromkeys(LADDER, 0.0)
    way: dict[int, dict[str, float]] = defaultdict(lambda: dict.fromkeys(LADDER, 0.0))
    leaves = 1.0 / v["case.patience"]
    for month in range(months):
        under_way = sum(sum(later.values()) for at, later in way.items() if at >= month)
        open_cases = sum(queue.values()) + under_way
        aim = plan(v, estate.expected)
        speed = v["provider.adjust_up"] if aim > estate.spend else v["provider.adjust_down"]
        spend = estate.spend + speed * (aim - estate.spend)
        reaches = arrived(v, spend, open_cases)
        stock = estate.stock - v["facility.decay"] / 12.0 * estate.stock
        stock += v["facility.upkeep"] / 12.0 * kept_up(v, reaches) * (1.0 - estate.stock)
        seen = estate.seen + v["household.quality_speed"] * (quality(v, reaches, stock) - estate.seen)
        goal = (1.0 - v["household.absorbed"]) * anchor(v) + v["household.absorbed"] * seen
        reference = estate.reference + v["household.reference_speed"] * (goal - estate.reference)
        arises = hazard(v, reaches)
        opened = arises * ready(v, "speak")
        grievance *= 1.0 - v["household.grievance_decay"]
        grievance += v["case.grievance"] * arises + v["case.grievance_waiting"] * (open_cases + opened)
        queue["provider"] += opened
        for desk, cases in way.pop(month, {}).items():
            queue[desk] += cases
        for number, desk in enumerate(LADDER):
            done = success(v, desk) * min(queue[desk], float(hours(v, desk, spend)) / needed(v, desk))
            leaving = (queue[desk] - done) * leaves
            queue[desk] -= done + leaving
            if number + 1 < len(LADDER):
                higher = list(LADDER)[number + 1]
                way[month + 1 + LADDER[higher][2]][higher] += leaving * ready(v, "escalate")
        estate = replace(estate, spend=spend, stock=stock, seen=seen, reference=reference)
        paid = float(payment(v, estate.paid, seen - reference + withheld(v, grievance)))
        estate = estate.pay_at(v, paid)
        found.append(paid)
    return np.array(found)


# --- the mean field against itself ---------------------------------------------------------------------------


@pytest.mark.parametrize("start", [LOW, HIGH], ids=["low", "high"])
@pytest.mark.parametrize("model", ["m3", "m4"])
def test_the_monthly_map_runs_to_the_outer_fixed_points(model, start):
    v = {**values(model), **start}
    low, _, high = fixed_points(v)
    assert path(v, 2500)[-1] == pytest.approx(low if start is LOW else high, abs=1e-4)


def test_without_cases_and_governance_it_is_the_mean_field_of_m2():
    from mean_field import fixed_points as without_cases

    for model in ("m3", "m4"):
        v = {**values(model), "case.service": 0.0, "community.volunteer_hours": 0.0, "desk.joint_hours": 0.0}
        assert fixed_points(v) == pytest.approx(without_cases(v), abs=1e-6)


def test_cases_deepen_the_trap_and_governance_lifts_it():
    m2, m3, m4 = (fixed_points(values(model)) for model in ("m2", "m3", "m4"))
    for low_or_high, threshold in ((0, 1), (2, 1)):
        assert m3[low_or_high] < m2[low_or_high]
        assert m3[low_or_high] < m4[low_or_high]
        assert m3[threshold] > m2[threshold]
        assert m3[threshold] > m4[threshold]
    assert m4[0] < m2[0]  # the joint desk takes work from those who serve


def test_a_joint_desk_alone_leads_nobody_out():
    """The queue stands at the provider's desk; so it is even where the joint desk takes hours from nobody."""
    free = {"desk.joint_cadres": 0.0, "desk.joint_staff": 0.0}
    unlimited = {"desk.joint_hours": 1000.0, "desk.joint_skill": 1.0, "desk.power": 1.0, **free}
    assert fixed_points({**values("m3"), **unlimited}) == pytest.approx(fixed_points(values("m3")), abs=0.02)


# --- the shipped models, month by month ------------------------------------------------------------------------

ESTATES, HOUSEHOLDS = 12, 200


def many(v: Values, households: int = HOUSEHOLDS, estates: int = ESTATES) -> dict[str, Any]:
    """Return the values for several estates in one run."""
    return {**v, "population.n_estates": estates, "population.n_households": households}


def at_desks(column: np.ndarray) -> np.ndarray:
    """Return a copy of a column of the desks, (estate, desk): the months overwrite it."""
    return column.reshape(ESTATES, -1).copy()


@pytest.mark.parametrize("start", [LOW, HIGH], ids=["low", "high"])
@pytest.mark.parametrize("model", ["m3", "m4"])
def test_what_is_drawn_follows_the_equations_month_by_month(model, start):
    """Given the month before, hours and input are exact; cases, settlements and payments are independent coins."""
    months, v = 96, many(values(model, changes=start))
    s = built(v, n_cases=2000)
    shape = (ESTATES, HOUSEHOLDS)
    coins: dict[str, list[tuple[Any, Any, Any]]] = defaultdict(list)
    for month in range(months):
        before, paid = s.estate_n[E.N_CASES].copy(), s.household_n[N.PAID].reshape(shape).mean(axis=1)
        totals = run(s, v, month, month + 1)[0]
        spend = totals[Total.SPENT] / 100.0 / s.estate_n[E.AREA]
        reaches = arrived(v, spend, before / HOUSEHOLDS)
        assert totals[Total.DELIVERED] == pytest.approx(1e6 * reaches, abs=2.0)  # spending is known to the fen
        arises, speak = hazard(v, s.facility[K.SERVICE] ** (1.0 / v["provider.service_power"])), ready(v, "speak")
        coins["arises"].append((totals[Total.ARISEN], HOUSEHOLDS, arises))
        coins["speaks up"].append((totals[Total.OPENED], totals[Total.ARISEN], speak))
        for desk, (number, _, _) in LADDER.items():
            waiting, resolved = (at_desks(s.desk_n[column])[:, number] for column in (DN.WAITING, DN.RESOLVED))
            there, used = (at_desks(s.desk[column])[:, number] for column in (D.HOURS, D.USED))
            assert there == pytest.approx(hours(v, desk, spend) * HOUSEHOLDS, rel=1e-5)
            tried = np.minimum(waiting, np.floor(there / needed(v, desk) + 1e-9))
            assert used == pytest.approx(tried * needed(v, desk))
            coins[f"settled, {desk}"].append((resolved, tried, success(v, desk)))
        left = totals[Total.WITHDRAWN] + totals[Total.ESCALATED]
        stayed = (at_desks(s.desk_n[DN.WAITING]) - at_desks(s.desk_n[DN.RESOLVED])).sum(axis=1)
        coins["loses patience"].append((left, stayed, 1.0 / v["case.patience"]))
        gap = s.household[H.QUALITY] - s.household[H.REFERENCE] + withheld(v, s.household[H.GRIEVANCE])
        chance = payment(v, paid[:, None], gap.reshape(shape))
        coins["pays"].append((s.household_n[N.PAID].reshape(shape).copy(), 1, chance))
    for what, lines in coins.items():
        off = sum(float(np.sum(heads - n * chance)) for heads, n, chance in lines)
        variance = sum(float(np.sum(n * chance * (1.0 - chance))) for _, n, chance in lines)
        assert abs(off) <= Z * math.sqrt(variance), what
    spoken = sum(int(np.sum(heads)) for heads, _, _ in coins["speaks up"])
    assert spoken > 300 or (model, start) == ("m4", HIGH)  # well served, nobody has much to complain about
    assert (s.household[H.VOICE] == v["start.voice"]).all()


# --- both sides of a boundary ----------------------------------------------------------------------------------

LARGE, FEW = 1000, 10
LOST = {"household.b_age": 20.0}
"""Bills a month old need 1.7 logits more, those of a year 20: what is not paid when it is due is lost."""
SCARCE = {"case.service": 0.12}
"""So much to complain about that the hours of the provider's desk decide whether there is a high regime."""
SIDES: list[tuple[str, dict[str, float], dict[str, float], int]] = [
    ("m3", {}, LOW, 3),
    ("m3", {}, HIGH, 3),
    ("m3", {"case.service": 0.2}, HIGH, 1),
    ("m3", {**SCARCE, "desk.provider_hours": 12.0}, HIGH, 3),
    ("m3", {**SCARCE, "desk.provider_hours": 1.0}, HIGH, 1),
    ("m4", {}, LOW, 3),
    ("m4", {"community.volunteer_hours": 40.0}, LOW, 1),
    ("m4", {"community.volunteer_hours": 18.0, "provider.audit": 0.05}, LOW, 3),
    ("m4", {"community.volunteer_hours": 18.0, "provider.audit": 1.0}, LOW, 1),
]
"""Model, changes, start, and how many fixed points theory has."""


@pytest.mark.thorough
@pytest.mark.parametrize(("model", "changes", "start", "points"), SIDES)
def test_large_estates_stay_with_the_mean_field_on_both_sides(model, changes, start, points):
    months = 360
    v = values(model, changes={**changes, **start, **LOST})
    rests = fixed_points(v)
    assert len(rests) == points
    theory = path(v, months)
    v = many(v, LARGE, FEW)
    found = payers(run(built(v, n_cases=5000), v, 0, months)) / LARGE
    for last in (24, 120, months):
        year = found[last - 12 : last].mean(axis=0)  # one number per estate
        slack = stats.t.isf(ALPHA / 2, FEW - 1) * year.std(ddof=1) / math.sqrt(FEW)
        assert year.mean() == pytest.approx(theory[last - 12 : last].mean(), abs=slack + 0.005), last
    end = found[-12:].mean(axis=0)
    if points == 3:
        assert (end < rests[1]).all() if start is LOW else (end > rests[1]).all()
    else:
        assert abs(end.mean() - rests[0]) < 0.25 * abs(rests[0] - start["start.paid"])


@pytest.mark.thorough
def test_old_bills_paid_once_cases_are_settled_hold_both_regimes_up():
    """From above, where the equations leave one low regime, estates stay high: old bills are money too."""
    changes = {"case.service": 0.2, **HIGH}
    kept, lost = (
        payers(run(built(v, n_cases=5000), v, 0, 240))[-12:].mean(axis=0) / LARGE
        for v in (many(values("m3", changes={**changes, **more}), LARGE, FEW) for more in ({}, LOST))
    )
    assert lost.max() < 0.5 < 0.75 < kept.min()


@pytest.mark.thorough
def test_what_carried_an_estate_out_can_be_withdrawn_and_what_did_not_carry_it_out_leaves_nothing():
    rests = fixed_points(values("m3"))
    for volunteers, out in ((10.0, False), (40.0, True)):
        v = many(values("m4", changes={**LOW, **LOST, "community.volunteer_hours": volunteers}))
        s = built(v, n_cases=3000)
        during = payers(run(s, v, 0, 300))[-12:].mean(axis=0) / HOUSEHOLDS
        after = payers(run(s, many(values("m3", changes=LOST)), 300, 420))[-12:].mean(axis=0) / HOUSEHOLDS
        kept = rests[1] < after
        assert (during > rests[1]).all() == kept.all() == out
        assert kept.any() == out


# --- the document -----------------------------------------------------------------------------------------------

ROWS: list[tuple[str, dict[str, float], str, float]] = [
    ("m3", {}, "case.service", 0.3),
    ("m3", {}, "household.b_grievance", 5.0),
    ("m3", {}, "household.intercept", -1.0),
    ("m3", {}, "household.intercept", 1.5),
    ("m3", SCARCE, "desk.provider_hours", 0.5),
    ("m4", {}, "community.volunteer_hours", 60.0),
    ("m4", {}, "household.intercept", -1.0),
]
"""Model, changes, parameter, and a value of it with one regime."""


def rests() -> list[str]:
    """Return the table of fixed points and of the hours the provider's desk needs there."""
    lines = ["| model | low | threshold | high | hours: low | threshold | high |", "|---|---|---|---|---|---|---|"]
    for model in ("m3", "m4"):
        v = values(model)
        points = fixed_points(v)
        cells = [*(f"{x:.3f}" for x in points), *(f"{desk_keeps_up(v, float(x)):.1f}" for x in points)]
        lines.append(f"| `{model}` | " + " | ".join(cells) + " |")
    return lines


def bounds() -> list[str]:
    """Return the table of boundaries, line by line."""
    lines = ["| model | parameter | shipped | two regimes |", "|---|---|---|---|"]
    for model, changes, name, outside in ROWS:
        v = {**values(model), **changes}
        told = ", ".join(f"{path} = {value:g}" for path, value in changes.items())
        side = "above" if outside < v[name] else "below"
        cell = f"{side} {boundary(v, name, v[name], outside):.2f}" + (f" where `{told}`" if told else "")
        lines.append(f"| `{model}` | `{name}` | {v[name]:g} | {cell} |")
    return lines


@pytest.mark.parametrize("table", [rests, bounds], ids=["fixed points", "boundaries"])
def test_the_document_says_what_the_mean_field_says(table):
    assert "\n".join(table()) in DOCUMENT.read_text(encoding="utf-8")
