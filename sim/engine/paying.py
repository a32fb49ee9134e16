"""Phases pay and learn: bills are decided, debts decided again, and households learn from each other."""

from typing import Any

import numpy as np

from agents.rules.arrears import (
    CONDEMNED,
    NOT_SUED,
    add_debt,
    bill_of,
    debt_class,
    is_due,
    oldest_debt,
    over_period,
    pay_debt,
    place_in_order,
)
from agents.rules.case import N_DESKS, learned_voice, seen_speed
from agents.rules.case import DeskWhole as DN
from agents.rules.estate import EstateWhole as E
from agents.rules.household import (
    PAYOFF,
    VOLUNTARY,
    compare_payoffs,
    listen,
    payoff_belief,
    pull_trust,
    quality_gap,
    talked_about,
    update_belief,
)
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.money import Item
from agents.rules.numeric import move, over_months, share, taste_threshold, two_rates
from agents.rules.payment import (
    burden,
    decision_kind,
    decision_payoff,
    enforcement_term,
    pays,
    plain_utility,
    reactance_term,
    readiness,
    social_term,
    suasion_term,
    trust_in_presser,
)
from agents.rules.provider import NOBODY, monthly_money
from agents.rules.provider import ProviderReal as P
from agents.rules.provider import ProviderWhole as PN
from sim.draws import Draw, uniform
from sim.engine import kernel
from sim.engine.posting import post
from sim.state import BILL_MEMORY
from sim.totals import Total

_OLD_BILL = int(Draw.OLD_BILL)
_ORDER = int(Draw.ORDER)
ASYNCHRONOUS = 1


@kernel
def pay(s: Any, p: Any, i: int, month: int) -> None:
    """Households look at those they know, then decide on the bill that is due and, if reached, on an old debt.

    Where decisions are synchronous they become visible when all have decided; else each at once, in random order.
    """
    period = p[i].structure_billing_period
    due = is_due(month, period)
    slot = month % BILL_MEMORY
    for e in range(s.estate_n.shape[1]):
        s.provider_n[PN.RECEIVED, e] = 0
        s.bill_rate[slot, e] = 0
        s.bill_flat[slot, e] = 0
        if s.provider_n[PN.KIND, e] == NOBODY:
            s.provider[P.ACCRUAL, e] = 0.0
            continue
        if due:
            s.bill_rate[slot, e] = over_period(s.provider_n[PN.RATE, e], period)
            s.bill_flat[slot, e] = over_period(s.provider_n[PN.FLAT, e], period)
        first, last = s.first[e], s.first[e + 1]
        if p[i].structure_timing == ASYNCHRONOUS:
            order = decision_order(s.household_n[N.ID, first:last], s.key[0], s.estate_n[E.ID, e], month)
            for k in range(last - first):
                j = first + order[k]
                _answer(s, p, i, e, j, j + 1, month, due)
        else:
            _answer(s, p, i, e, first, last, month, due)
        settle(s, p, i, e, due)


@kernel
def _answer(s: Any, p: Any, i: int, e: int, first: int, last: int, month: int, due: bool) -> None:
    """Households first to last - 1 do as courts say, look at those they know, decide, and show what they decided."""
    _obey_judgments(s, e, first, last, month)
    if due and p[i].structure_learning == PAYOFF:
        _compare_payoffs(s, p, i, first, last)
    elif due:
        _look_around(s, p, i, e, first, last)
    reasons = _weigh(s, p, i, e, first, last)
    _decide_old_bills(s, p, i, e, first, reasons, month)
    if due:
        _decide_bills(s, p, i, e, first, reasons)
        s.household_n[N.PAID, first:last] = s.household_n[N.DECIDED, first:last]
        s.household[H.PAYOFF, first:last] = s.household[H.PAYOFF_DECIDED, first:last]


@kernel
def _obey_judgments(s: Any, e: int, first: int, last: int, month: int) -> None:
    """Whoever a court has condemned pays all debts."""
    for j in range(first, last):
        if s.household_n[N.SUED, j] != CONDEMNED:
            continue
        unpaid = s.household_n[N.UNPAID, j]
        age = oldest_debt(unpaid, s.provider_n[PN.SINCE, e])
        while age > 0:
            unpaid = _pay_old(s, e, j, unpaid, age, month)
            age = oldest_debt(unpaid, s.provider_n[PN.SINCE, e])
        s.household_n[N.UNPAID, j] = unpaid
        s.household_n[N.SUED, j] = NOT_SUED
        s.household[H.ENFORCEMENT, j] = 1.0


@kernel
def _pay_old(s: Any, e: int, j: int, unpaid: int, age: int, month: int) -> int:
    """Household j pays the bill of `age` months ago; return which bills are still unpaid."""
    then = (month - age) % BILL_MEMORY
    amount = bill_of(s.household_n[N.AREA, j], s.bill_rate[then, e], s.bill_flat[then, e])
    s.estate_n[E.DEBT_YOUNG + debt_class(age), e] -= amount
    s.record[Total.ARREARS_PAID, e] += amount
    return int(pay_debt(unpaid, age))


@kernel
def _look_around(s: Any, p: Any, i: int, e: int, first: int, last: int) -> None:
    """Households see who of those they know paid, and what is published."""
    beliefs, paid, tie = s.household[H.BELIEF, first:last], s.household_n[N.PAID], s.tie
    bias, published, open_books = p[i].household_talk_bias, s.provider[P.PUBLISHED, e], s.provider[P.OPEN_BOOKS, e]
    own_eyes, visibility = p[i].household_own_eyes, p[i].household_visibility
    speed = over_months(p[i].household_belief_speed, p[i].structure_billing_period)
    for k in range(last - first):
        start, end = s.tie_start[first + k], s.tie_start[first + k + 1]
        n_paid = 0
        for t in range(start, end):
            n_paid += paid[tie[t]]
        heard = talked_about(share(n_paid, end - start), bias)
        beliefs[k] = update_belief(beliefs[k], heard, end > start, published, open_books, own_eyes, visibility, speed)


@kernel
def _compare_payoffs(s: Any, p: Any, i: int, first: int, last: int) -> None:
    """Households see how payers and non-payers among those they know fare."""
    speed = over_months(p[i].household_belief_speed, p[i].structure_billing_period)
    for j in range(first, last):
        start, end = s.tie_start[j], s.tie_start[j + 1]
        n_paid = 0
        sum_paid = 0.0
        sum_unpaid = 0.0
        for t in range(start, end):
            other = s.tie[t]
            n_paid += s.household_n[N.PAID, other]
            sum_paid, sum_unpaid = compare_payoffs(
                sum_paid, sum_unpaid, s.household_n[N.PAID, other], s.household[H.PAYOFF, other]
            )
        s.household[H.BELIEF, j] = payoff_belief(
            s.household[H.BELIEF, j],
            sum_paid,
            n_paid,
            sum_unpaid,
            end - start - n_paid,
            p[i].household_visibility,
            speed,
        )


@kernel
def _weigh(s: Any, p: Any, i: int, e: int, first: int, last: int) -> Any:
    """Return what speaks for paying, a row each: plainly, having been asked, enforcement, pressure; gap; burden."""
    tenures, types = s.household_n[N.TENURE, first:last], s.household_n[N.PAYER_TYPE, first:last]
    areas, covenants = s.household_n[N.AREA, first:last], s.household_n[N.COVENANT, first:last]
    qualities, references = s.household[H.QUALITY, first:last], s.household[H.REFERENCE, first:last]
    trusts, branches = s.household[H.TRUST_PROVIDER, first:last], s.household[H.TRUST_BRANCH, first:last]
    incomes, intercepts = s.household[H.INCOME, first:last], s.household[H.INTERCEPT, first:last]
    beliefs, habits = s.household[H.BELIEF, first:last], s.household[H.HABIT, first:last]
    bailouts, grievances = s.household[H.BAILOUT, first:last], s.household[H.GRIEVANCE, first:last]
    voices, suasions = s.household[H.VOICE, first:last], s.household[H.SUASION, first:last]
    committees, pressers = s.household[H.TRUST_COMMITTEE, first:last], s.household_n[N.PRESSER, first:last]
    wears, pressures = s.household[H.WEAR, first:last], s.household[H.PRESSURE, first:last]
    enforcements = s.household[H.ENFORCEMENT, first:last]
    period, open_books = p[i].structure_billing_period, s.provider[P.OPEN_BOOKS, e]
    rate = over_period(s.provider_n[PN.RATE, e], period)
    flat = over_period(s.provider_n[PN.FLAT, e], period)
    fund = over_period(s.provider_n[PN.CONTRIBUTION, e], period)
    common, self_serving, b_social = p[i].household_intercept, p[i].household_self_serving, p[i].household_b_social
    b_quality, b_trust, b_habit = p[i].household_b_quality, p[i].household_b_trust, p[i].household_b_habit
    b_covenant, b_burden = p[i].household_b_covenant, p[i].household_b_burden
    b_bailout, b_grievance = p[i].household_b_bailout, p[i].household_b_grievance
    b_suasion, b_reactance = p[i].household_b_suasion, p[i].household_b_reactance
    b_enforcement, enforcement_trust = p[i].household_b_enforcement, p[i].household_enforcement_trust
    reasons = np.empty((6, last - first))
    plain, asking, enforcing, pressing, gaps, burdens = reasons
    for k in range(last - first):
        burdens[k] = burden(bill_of(areas[k], rate + fund, flat), period, incomes[k])
        gaps[k] = quality_gap(tenures[k], qualities[k], references[k], open_books)
    for k in range(last - first):
        plain[k] = plain_utility(
            readiness(common, intercepts[k]),
            gaps[k],
            trusts[k],
            social_term(types[k], beliefs[k], self_serving, b_social),
            habits[k],
            covenants[k],
            burdens[k],
            bailouts[k],
            grievances[k],
            voices[k],
            b_quality,
            b_trust,
            b_habit,
            b_covenant,
            b_burden,
            b_bailout,
            b_grievance,
        )
    for k in range(last - first):
        asking[k] = suasion_term(suasions[k], wears[k], b_suasion)
        enforcing[k] = enforcement_term(enforcements[k], trusts[k], b_enforcement, enforcement_trust)
        pressing[k] = reactance_term(
            pressures[k], trust_in_presser(pressers[k], committees[k], branches[k]), b_reactance
        )
    return reasons


@kernel
def _decide_old_bills(s: Any, p: Any, i: int, e: int, first: int, reasons: Any, month: int) -> None:
    """Who is reached and owes decides again on the oldest bill."""
    for k in range(reasons.shape[1]):
        j = first + k
        unpaid = s.household_n[N.UNPAID, j]
        if unpaid == 0 or s.household_n[N.CONTACT, j] == 0:
            continue
        age = oldest_debt(unpaid, s.provider_n[PN.SINCE, e])
        if age <= 0:
            continue
        u = uniform(s.key[0], _OLD_BILL, month, s.estate_n[E.ID, e], s.household_n[N.ID, j], 0)
        threshold = taste_threshold(u, p[i].structure_choice)
        if pays(decision_kind(threshold, reasons[0, k], reasons[1, k], reasons[2, k], reasons[3, k])) == 1:
            s.household_n[N.UNPAID, j] = _pay_old(s, e, j, unpaid, age, month)


@kernel
def _decide_bills(s: Any, p: Any, i: int, e: int, first: int, reasons: Any) -> None:
    """Everybody decides on the bill that is due."""
    last = first + reasons.shape[1]
    period, choice = p[i].structure_billing_period, p[i].structure_choice
    rate = over_period(s.provider_n[PN.RATE, e], period)
    flat = over_period(s.provider_n[PN.FLAT, e], period)
    b_quality, b_burden = p[i].household_b_quality, p[i].household_b_burden
    chances, areas = s.household[H.CHANCE_PAY, first:last], s.household_n[N.AREA, first:last]
    kinds, decided = s.household_n[N.KIND, first:last], s.household_n[N.DECIDED, first:last]
    unpaid, ever = s.household_n[N.UNPAID, first:last], s.household_n[N.EVER_PAID, first:last]
    payoffs = s.household[H.PAYOFF_DECIDED, first:last]
    plain, asking, enforcing, pressing, gaps, burdens = reasons
    thresholds = np.empty(last - first)
    for k in range(last - first):
        thresholds[k] = taste_threshold(chances[k], choice)
    for k in range(last - first):
        kinds[k] = decision_kind(thresholds[k], plain[k], asking[k], enforcing[k], pressing[k])
    billed = 0
    fees = 0
    for k in range(last - first):
        bill = bill_of(areas[k], rate, flat)
        paid = pays(kinds[k])
        decided[k] = paid
        payoffs[k] = decision_payoff(paid, gaps[k], burdens[k], enforcing[k], b_quality, b_burden)
        billed += bill
        fees += bill * paid
        ever[k] |= paid
        unpaid[k] = add_debt(unpaid[k]) if paid == 0 else unpaid[k]
    s.record[Total.BILLED, e] += billed
    s.record[Total.N_BILLED, e] += last - first
    s.record[Total.FEES, e] += fees
    s.estate_n[E.DEBT_YOUNG, e] += billed - fees
    for k in range(last - first):
        s.record[Total.N_VOLUNTARY - VOLUNTARY + kinds[k], e] += 1


@kernel
def decision_order(numbers: Any, key: Any, estate: int, month: int) -> Any:
    """Return the order in which households decide one after another: by a draw, then by number."""
    place = np.empty(numbers.shape[0], np.int64)
    for k in range(numbers.shape[0]):
        place[k] = place_in_order(uniform(key, _ORDER, month, estate, numbers[k], 0), numbers[k])
    return np.argsort(place)


@kernel
def settle(s: Any, p: Any, i: int, e: int, due: bool) -> None:
    """Book what households paid; the provider learns the rate and publishes who paid."""
    fees = s.record[Total.FEES, e]
    arrears = s.record[Total.ARREARS_PAID, e]
    post(s, e, Item.FEES, fees)
    post(s, e, Item.ARREARS_PAID, arrears)
    s.provider_n[PN.RECEIVED, e] = fees + arrears
    if due:
        period = p[i].structure_billing_period
        n_paid = s.record[Total.N_VOLUNTARY, e] + s.record[Total.N_ASKED, e] + s.record[Total.N_ENFORCED, e]
        s.provider[P.PUBLISHED, e] = share(n_paid, s.record[Total.N_BILLED, e])
        rate = share(fees + arrears, s.record[Total.BILLED, e])
        speed = over_months(p[i].provider_expectation_speed, period)
        s.provider[P.EXPECTED, e] = move(s.provider[P.EXPECTED, e], rate, speed)
        s.provider[P.ACCRUAL, e] = monthly_money(fees, period, s.estate_n[E.AREA, e])


@kernel
def learn(s: Any, p: Any, i: int, month: int) -> None:
    """Habit and bail-out belief follow the month; trust in the provider is talked over with those one knows."""
    due = is_due(month, p[i].structure_billing_period)
    habit_speed = over_months(p[i].household_habit_speed, p[i].structure_billing_period)
    voice_speed = seen_speed(p[i].case_voice_speed, p[i].case_voice_seen)
    rise, fall = p[i].household_bailout_rise, p[i].household_bailout_fall
    for e in range(s.estate_n.shape[1]):
        first, last = s.first[e], s.first[e + 1]
        if due and s.provider_n[PN.KIND, e] != NOBODY:
            habits, paid = s.household[H.HABIT, first:last], s.household_n[N.PAID, first:last]
            for k in range(last - first):
                habits[k] = move(habits[k], paid[k], habit_speed)
        bailouts, others = s.household[H.BAILOUT, first:last], s.provider[P.OTHERS_SHARE, e]
        for k in range(last - first):
            bailouts[k] = two_rates(bailouts[k], others, rise, fall)
        waiting = 0
        settled = 0
        for d in range(e * N_DESKS, (e + 1) * N_DESKS):
            waiting += s.desk_n[DN.WAITING, d]
            settled += s.desk_n[DN.RESOLVED, d]
        if waiting > 0:
            voices, helped = s.household[H.VOICE, first:last], share(settled, waiting)
            for k in range(last - first):
                voices[k] = learned_voice(voices[k], helped, voice_speed)
        if p[i].trust_pull != 0.0:
            _talk_trust_over(s, p, i, first, last)


@kernel
def _talk_trust_over(s: Any, p: Any, i: int, first: int, last: int) -> None:
    """Trust in the provider is pulled towards those one knows and listens to, everybody's at once."""
    trusts, heard, tie = s.household[H.TRUST_PROVIDER], s.household[H.TRUST_HEARD], s.tie
    pull, confidence = p[i].trust_pull, p[i].trust_confidence
    weighted = s.tie_weight.shape[0] > 0
    for j in range(first, last):
        trust = trusts[j]
        total = 0.0
        weight = 0.0
        for t in range(s.tie_start[j], s.tie_start[j + 1]):
            total, weight = listen(
                total, weight, trust, trusts[tie[t]], s.tie_weight[t] if weighted else 1.0, confidence
            )
        heard[j] = pull_trust(trust, total, weight, pull)
    trusts[first:last] = heard[first:last]
