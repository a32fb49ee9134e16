"""Phases pay and learn: bills and old debts are looked at, and households learn from each other."""

from typing import Any

import numpy as np

from agents.rules.arrears import (
    AGREED,
    CONDEMNED,
    NO_DEBT,
    NOT_SUED,
    add_debt,
    bill_of,
    bills_agreed,
    claimable,
    debt_class,
    is_due,
    oldest_debt,
    over_period,
    owes,
    pay_debt,
    place_in_order,
)
from agents.rules.case import learned_voice, seen_speed
from agents.rules.estate import EstateWhole as E
from agents.rules.household import (
    OVERLOOKED,
    PAYOFF,
    VOLUNTARY,
    compare_payoffs,
    listen,
    notified,
    owner_hears,
    payoff_belief,
    pull_trust,
    quality_gap,
    reached_by,
    talked_about,
    update_belief,
    weight_of_seen,
)
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.money import Item
from agents.rules.numeric import move, over_months, share, two_rates
from agents.rules.payment import (
    aged_threshold,
    all_reasons,
    attends,
    bill_threshold,
    burden,
    burden_felt,
    decision_kind,
    decision_payoff,
    enforcement_term,
    irritation_term,
    is_forgotten,
    own_luck,
    pays,
    pays_debt,
    plain_utility,
    reactance_term,
    readiness,
    recalls,
    social_term,
    suasion_term,
    trust_in_presser,
)
from agents.rules.provider import NOBODY, monthly_money
from agents.rules.provider import ProviderReal as P
from agents.rules.provider import ProviderWhole as PN
from sim.draws import Draw, draw_row, uniform
from sim.engine import kernel
from sim.engine.posting import post
from sim.engine.seeing import outcomes_seen
from sim.state import BILL_MEMORY
from sim.totals import Total

PLAIN, ASKING, ENFORCING, PRESSING, GAP, BURDEN = 0, 1, 2, 3, 4, 5
"""Rows of what speaks for and against a bill, household by household."""
N_REASONS = BURDEN + 1

_BILL = int(Draw.PAY)
_ATTENDS = int(Draw.ATTENDS_TO_BILLS)
_FORGETS = int(Draw.FORGETS)
_ORDER = int(Draw.ORDER)
ASYNCHRONOUS = 1


@kernel
def pay(s: Any, p: Any, i: int, month: int) -> None:
    """Households look at those they know, then at the bill that is due and all that are unpaid, or forget about them.

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
        _answer(s, p, i, e, s.first[e], s.first[e + 1], month, due)
        settle(s, p, i, e, due)


@kernel
def _answer(s: Any, p: Any, i: int, e: int, first: int, last: int, month: int, due: bool) -> None:
    """Households first to last - 1 do as courts say, look at those they know, decide, and show what they decided."""
    _obey_judgments(s, p, i, e, first, last, month)
    in_turn = p[i].structure_timing == ASYNCHRONOUS
    if due and not in_turn:
        _look(s, p, i, e, first, last)
    attending = _attend(s, p, i, e, first, last, month)
    reasons = _weigh(s, p, i, e, first, last)
    if due and in_turn:
        _decide_in_turn(s, p, i, e, first, reasons, attending, month)
    _look_at_debts(s, p, i, e, first, reasons, attending, month)
    if due:
        _decide_bills(s, p, i, e, first, reasons, attending, month)
        s.household_n[N.PAID, first:last] = s.household_n[N.DECIDED, first:last]
        s.household[H.PAYOFF, first:last] = s.household[H.PAYOFF_DECIDED, first:last]


@kernel
def _look(s: Any, p: Any, i: int, e: int, first: int, last: int) -> None:
    """Households learn of those they know, one way or the other."""
    if p[i].structure_learning == PAYOFF:
        _compare_payoffs(s, p, i, first, last)
    else:
        _look_around(s, p, i, e, first, last)


@kernel
def _decide_in_turn(s: Any, p: Any, i: int, e: int, first: int, reasons: Any, attending: Any, month: int) -> None:
    """One after another looks at what those before it have decided, weighs that anew, and shows its own decision.

    Nothing else of a household's month depends on the others, so that the rest is done for all at once.
    """
    plain, asking, enforcing, pressing, gaps, burdens = reasons
    b_quality, b_burden = p[i].household_b_quality, p[i].household_b_burden
    own, choice = own_luck(p[i].household_taste_persistence), p[i].structure_choice
    numbers = s.household_n[N.ID, first : first + reasons.shape[1]]
    for k in decision_order(numbers, s.key[0], s.estate_n[E.ID, e], month):
        j = first + k
        _look(s, p, i, e, j, j + 1)
        plain[k] = _plain(s, p, i, j, gaps[k], burdens[k])
        if not attending[k]:
            s.household_n[N.PAID, j] = s.household_n[N.DECIDED, j]
            s.household[H.PAYOFF, j] = s.household[H.PAYOFF_DECIDED, j]
            continue
        threshold = bill_threshold(s.household[H.CHANCE_PAY, j], s.household[H.DISPOSITION, j], own, choice)
        paid = pays(decision_kind(threshold, plain[k], asking[k], enforcing[k], pressing[k]))
        s.household_n[N.PAID, j] = paid
        s.household[H.PAYOFF, j] = decision_payoff(paid, gaps[k], burdens[k], enforcing[k], b_quality, b_burden)


@kernel
def _plain(s: Any, p: Any, i: int, j: int, gap: float, percent: float) -> float:
    """Return what speaks plainly for paying to household j; gap : of quality; percent : the burden felt."""
    return float(
        plain_utility(
            readiness(p[i].household_intercept, s.household[H.INTERCEPT, j]),
            gap,
            s.household[H.TRUST_PROVIDER, j],
            social_term(
                s.household_n[N.PAYER_TYPE, j], s.household[H.BELIEF, j], p[i].household_self_serving,
                p[i].household_b_social,
            ),
            s.household[H.HABIT, j],
            s.household_n[N.COVENANT, j],
            percent,
            s.household[H.BAILOUT, j],
            owner_hears(s.household_n[N.TENURE, j], s.household[H.GRIEVANCE, j], p[i].household_passed_on),
            s.household[H.VOICE, j],
            p[i].household_b_quality,
            p[i].household_b_trust,
            p[i].household_b_habit,
            p[i].household_b_covenant,
            p[i].household_b_burden,
            p[i].household_b_bailout,
            p[i].household_b_grievance,
        )
    )  # fmt: skip


@kernel
def _obey_judgments(s: Any, p: Any, i: int, e: int, first: int, last: int, month: int) -> None:
    """Whoever a court has condemned pays all debts, oldest first; who came to terms before it, a part of them."""
    since = s.provider_n[PN.SINCE, e]
    for j in range(first, last):
        sued = s.household_n[N.SUED, j]
        if sued != CONDEMNED and sued != AGREED:
            continue
        unpaid = s.household_n[N.UNPAID, j]
        part = 1.0 if sued == CONDEMNED else p[i].case_suit_paid
        for _ in range(bills_agreed(claimable(unpaid, since), part)):
            unpaid = _pay_old(s, e, j, unpaid, oldest_debt(unpaid, since), month)
        s.household_n[N.UNPAID, j] = unpaid
        s.household_n[N.SUED, j] = NOT_SUED
        if sued == CONDEMNED:
            s.household[H.ENFORCEMENT, j] = 1.0
        else:
            s.household[H.ENFORCEMENT, j] = notified(s.household[H.ENFORCEMENT, j], 1.0, p[i].contact_notice)


@kernel
def _pay_old(s: Any, e: int, j: int, unpaid: int, age: int, month: int) -> int:
    """Household j pays the bill of `age` months ago; return which bills are still unpaid."""
    then = (month - age) % BILL_MEMORY
    amount = bill_of(s.household_n[N.AREA, j], s.bill_rate[then, e], s.bill_flat[then, e])
    s.household_n[N.EVER_PAID, j] = 1
    s.estate_n[E.DEBT_YOUNG + debt_class(age), e] -= amount
    s.record[Total.ARREARS_PAID, e] += amount
    return int(pay_debt(unpaid, age))


@kernel
def _look_around(s: Any, p: Any, i: int, e: int, first: int, last: int) -> None:
    """Households see who of those they know paid, and what is published."""
    beliefs, paid, tie = s.household[H.BELIEF, first:last], s.household_n[N.PAID], s.tie
    bias, published, open_books = p[i].household_talk_bias, s.provider[P.PUBLISHED, e], s.provider[P.OPEN_BOOKS, e]
    own_eyes, visibility = p[i].household_own_eyes, p[i].household_visibility
    growth, usual = p[i].household_ties_count, p[i].household_ties_usual
    speed = over_months(p[i].household_belief_speed, p[i].structure_billing_period)
    for k in range(last - first):
        start, end = s.tie_start[first + k], s.tie_start[first + k + 1]
        n_paid = 0
        for t in range(start, end):
            n_paid += paid[tie[t]]
        heard = talked_about(share(n_paid, end - start), bias)
        seen = visibility * weight_of_seen(end - start, growth, usual)
        beliefs[k] = update_belief(beliefs[k], heard, end > start, published, open_books, own_eyes, seen, speed)


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
            p[i].household_visibility
            * weight_of_seen(end - start, p[i].household_ties_count, p[i].household_ties_usual),
            speed,
        )


@kernel
def _weigh(s: Any, p: Any, i: int, e: int, first: int, last: int) -> Any:
    """Return what speaks for paying, a row each: plainly, having been asked, enforcement, pressure; gap; burden.

    Pressure includes irritation.
    """
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
    enforcements, irritations = s.household[H.ENFORCEMENT, first:last], s.household[H.IRRITATION, first:last]
    period, open_books = p[i].structure_billing_period, s.provider[P.OPEN_BOOKS, e]
    rate = over_period(s.provider_n[PN.RATE, e], period)
    flat = over_period(s.provider_n[PN.FLAT, e], period)
    fund = over_period(s.provider_n[PN.CONTRIBUTION, e], period)
    common, self_serving, b_social = p[i].household_intercept, p[i].household_self_serving, p[i].household_b_social
    b_quality, b_trust, b_habit = p[i].household_b_quality, p[i].household_b_trust, p[i].household_b_habit
    b_covenant, b_burden = p[i].household_b_covenant, p[i].household_b_burden
    b_bailout, b_grievance = p[i].household_b_bailout, p[i].household_b_grievance
    b_suasion, b_reactance = p[i].household_b_suasion, p[i].household_b_reactance
    channel = p[i].structure_price_channel
    irritation, passed_on = p[i].household_irritation, p[i].household_passed_on
    b_enforcement, enforcement_trust = p[i].household_b_enforcement, p[i].household_enforcement_trust
    reasons = np.empty((N_REASONS, last - first))
    plain, asking, enforcing, pressing, gaps, burdens = reasons
    for k in range(last - first):
        percent = burden(bill_of(areas[k], rate + fund, flat), period, incomes[k])
        burdens[k] = burden_felt(percent, channel)
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
            owner_hears(tenures[k], grievances[k], passed_on),
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
        ) + irritation_term(irritations[k], irritation)
    return reasons


@kernel
def _attend(s: Any, p: Any, i: int, e: int, first: int, last: int, month: int) -> Any:
    """Return which households look at their bills this month; whoever is reached recalls what it forgot."""
    attending = np.ones(last - first, np.bool_)
    inattention, passed_on = p[i].household_inattention, p[i].household_passed_on
    if inattention <= 0.0:
        return attending
    contacts, tenures = s.household_n[N.CONTACT, first:last], s.household_n[N.TENURE, first:last]
    lots = draw_row(s.key[0], _ATTENDS, month, s.estate_n[E.ID, e], s.household_n[N.ID, first:last])
    forgotten, lowest = s.household_n[N.FORGOTTEN, first:last], s.household[H.LOWEST, first:last]
    for k in range(last - first):
        reached = reached_by(contacts[k], tenures[k], passed_on)
        attending[k] = attends(lots[k], inattention, reached)
        if forgotten[k] != 0 and recalls(lots[k], reached):
            forgotten[k] = 0
            lowest[k] = -NO_DEBT
    return attending


@kernel
def _look_at_debts(s: Any, p: Any, i: int, e: int, first: int, reasons: Any, attending: Any, month: int) -> None:
    """Who owes pays every bill that the reasons now suffice for."""
    plain, asking, enforcing, pressing, _, _ = reasons
    last = first + reasons.shape[1]
    unpaid, lowest = s.household_n[N.UNPAID, first:last], s.household[H.LOWEST, first:last]
    for k in range(last - first):
        total = all_reasons(plain[k], asking[k], enforcing[k], pressing[k])
        if pays_debt(total, lowest[k]) and unpaid[k] != 0 and attending[k]:
            _pay_debts(s, p, i, e, first + k, total, month)


@kernel
def _pay_debts(s: Any, p: Any, i: int, e: int, j: int, total: float, month: int) -> None:
    """Household j pays those of its unpaid bills that can be claimed and whose threshold the reasons exceed."""
    unpaid, forgotten = s.household_n[N.UNPAID, j], s.household_n[N.FORGOTTEN, j]
    own, choice = own_luck(p[i].household_taste_persistence), p[i].structure_choice
    lowest = NO_DEBT
    for age in range(oldest_debt(unpaid, s.provider_n[PN.SINCE, e]), 0, -1):
        if not owes(unpaid, age) or owes(forgotten, age):
            continue
        u = uniform(s.key[0], _BILL, month - age, s.estate_n[E.ID, e], s.household_n[N.ID, j], 0)
        threshold = bill_threshold(u, s.household[H.DISPOSITION, j], own, choice)
        threshold = aged_threshold(threshold, p[i].household_b_age, age)
        if pays_debt(total, threshold):
            unpaid = _pay_old(s, e, j, unpaid, age, month)
        else:
            lowest = min(lowest, threshold)
    s.household_n[N.UNPAID, j] = unpaid
    s.household[H.LOWEST, j] = lowest


@kernel
def _decide_bills(s: Any, p: Any, i: int, e: int, first: int, reasons: Any, attending: Any, month: int) -> None:
    """Everybody decides on the bill that is due, or forgets about it."""
    last = first + reasons.shape[1]
    period, choice = p[i].structure_billing_period, p[i].structure_choice
    rate = over_period(s.provider_n[PN.RATE, e], period)
    flat = over_period(s.provider_n[PN.FLAT, e], period)
    b_quality, b_burden = p[i].household_b_quality, p[i].household_b_burden
    own, forgets = own_luck(p[i].household_taste_persistence), p[i].household_forgotten
    chances, areas = s.household[H.CHANCE_PAY, first:last], s.household_n[N.AREA, first:last]
    dispositions, lowest = s.household[H.DISPOSITION, first:last], s.household[H.LOWEST, first:last]
    kinds, decided = s.household_n[N.KIND, first:last], s.household_n[N.DECIDED, first:last]
    unpaid, ever = s.household_n[N.UNPAID, first:last], s.household_n[N.EVER_PAID, first:last]
    payoffs = s.household[H.PAYOFF_DECIDED, first:last]
    plain, asking, enforcing, pressing, gaps, burdens = reasons
    thresholds = np.empty(last - first)
    for k in range(last - first):
        thresholds[k] = bill_threshold(chances[k], dispositions[k], own, choice)
    for k in range(last - first):
        kind = decision_kind(thresholds[k], plain[k], asking[k], enforcing[k], pressing[k])
        kinds[k] = kind if attending[k] else OVERLOOKED
    billed = 0
    fees = 0
    for k in range(last - first):
        bill = bill_of(areas[k], rate, flat)
        paid = pays(kinds[k])
        payoff = decision_payoff(paid, gaps[k], burdens[k], enforcing[k], b_quality, b_burden)
        decided[k] = paid if attending[k] else decided[k]
        payoffs[k] = payoff if attending[k] else payoffs[k]
        billed += bill
        fees += bill * paid
        ever[k] |= paid
        unpaid[k] = add_debt(unpaid[k]) if paid == 0 else unpaid[k]
        lowest[k] = min(lowest[k], thresholds[k]) if paid == 0 else lowest[k]
    s.record[Total.BILLED, e] += billed
    s.record[Total.N_BILLED, e] += last - first
    s.record[Total.FEES, e] += fees
    s.estate_n[E.DEBT_YOUNG, e] += billed - fees
    for kind in range(VOLUNTARY, OVERLOOKED + 1):
        n = 0
        for k in range(last - first):
            n += 1 if kinds[k] == kind else 0
        s.record[Total.N_VOLUNTARY - VOLUNTARY + kind, e] += n
    if forgets > 0.0:
        for k in range(last - first):
            if kinds[k] == OVERLOOKED:
                _forget(s, e, first + k, forgets, month)


@kernel
def _forget(s: Any, e: int, j: int, forgets: float, month: int) -> None:
    """Household j may forget the bill that it did not look at, until somebody recalls it."""
    if is_forgotten(uniform(s.key[0], _FORGETS, month, s.estate_n[E.ID, e], s.household_n[N.ID, j], 0), forgets):
        s.household_n[N.FORGOTTEN, j] = add_debt(s.household_n[N.FORGOTTEN, j])


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
        looked = s.record[Total.N_BILLED, e] - s.record[Total.N_OVERLOOKED, e]
        s.provider[P.PUBLISHED, e] = share(n_paid, looked)
        rate = share(fees + arrears, s.record[Total.BILLED, e])
        speed = over_months(p[i].provider_expectation_speed, period)
        s.provider[P.EXPECTED, e] = move(s.provider[P.EXPECTED, e], rate, speed)
        s.provider[P.ACCRUAL, e] = monthly_money(fees, period, s.estate_n[E.AREA, e])
        s.provider_n[PN.PREPAID, e] = fees


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
            kinds = s.household_n[N.KIND, first:last]
            for k in range(last - first):
                habits[k] = move(habits[k], paid[k], habit_speed) if kinds[k] != OVERLOOKED else habits[k]
        bailouts, others = s.household[H.BAILOUT, first:last], s.provider[P.OTHERS_SHARE, e]
        for k in range(last - first):
            bailouts[k] = two_rates(bailouts[k], others, rise, fall)
        seen, helped = outcomes_seen(s, p, i, e)
        if seen:
            voices = s.household[H.VOICE, first:last]
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
