"""Phases pay and learn: bills are decided, debts decided again, and households learn from each other."""

from typing import Any

import numpy as np

from agents.rules.case import N_DESKS, learned_voice, seen_speed
from agents.rules.case import DeskWhole as DN
from agents.rules.estate import EstateWhole as E
from agents.rules.household import (
    CONDEMNED,
    NOT_SUED,
    PAYOFF,
    VOLUNTARY,
    add_debt,
    bill_of,
    burden,
    compare_payoffs,
    debt_class,
    decision_kind,
    decision_payoff,
    enforcement_term,
    is_due,
    listen,
    oldest_debt,
    over_period,
    pay_debt,
    payoff_belief,
    pays,
    place_in_order,
    plain_utility,
    pull_trust,
    quality_gap,
    reactance_term,
    readiness,
    social_term,
    suasion_term,
    talked_about,
    update_belief,
)
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.money import Item
from agents.rules.numeric import move, over_months, share, taste_threshold, two_rates
from agents.rules.provider import NOBODY, monthly_money
from agents.rules.provider import ProviderReal as P
from agents.rules.provider import ProviderWhole as PN
from sim.draws import Draw, uniform
from sim.engine import kernel
from sim.engine.serving import post
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
    asynchronous = p[i].structure_timing == ASYNCHRONOUS
    payoff_learning = p[i].structure_learning == PAYOFF
    belief_speed = over_months(p[i].household_belief_speed, period)
    due = is_due(month, period)
    slot = month % BILL_MEMORY
    for e in range(s.estate_n.shape[1]):
        s.provider_n[PN.RECEIVED, e] = 0
        s.bill_rate[slot, e] = 0
        s.bill_flat[slot, e] = 0
        if s.provider_n[PN.KIND, e] == NOBODY:
            s.provider[P.ACCRUAL, e] = 0.0
            continue
        rate = over_period(s.provider_n[PN.RATE, e], period)
        flat = over_period(s.provider_n[PN.FLAT, e], period)
        if due:
            s.bill_rate[slot, e] = rate
            s.bill_flat[slot, e] = flat
        first = s.first[e]
        n = s.first[e + 1] - first
        order = decision_order(
            s.household_n[N.ID, first : first + n], s.key[0], s.estate_n[E.ID, e], month, asynchronous
        )
        for k in range(n):
            j = first + order[k]
            unpaid = s.household_n[N.UNPAID, j]
            if s.household_n[N.SUED, j] == CONDEMNED:
                age = oldest_debt(unpaid, s.provider_n[PN.SINCE, e])
                while age > 0:
                    then = (month - age) % BILL_MEMORY
                    amount = bill_of(s.household_n[N.AREA, j], s.bill_rate[then, e], s.bill_flat[then, e])
                    unpaid = pay_debt(unpaid, age)
                    s.estate_n[E.DEBT_YOUNG + debt_class(age), e] -= amount
                    s.record[Total.ARREARS_PAID, e] += amount
                    age = oldest_debt(unpaid, s.provider_n[PN.SINCE, e])
                s.household_n[N.UNPAID, j] = unpaid
                s.household_n[N.SUED, j] = NOT_SUED
                s.household[H.ENFORCEMENT, j] = 1.0
            reached = s.household_n[N.CONTACT, j] != 0 and unpaid != 0
            if not (due or reached):
                continue
            belief = s.household[H.BELIEF, j]
            if due:
                start, end = s.tie_start[j], s.tie_start[j + 1]
                n_paid = 0
                for t in range(start, end):
                    n_paid += s.household_n[N.PAID, s.tie[t]]
                if payoff_learning:
                    sum_paid = 0.0
                    sum_unpaid = 0.0
                    for t in range(start, end):
                        other = s.tie[t]
                        sum_paid, sum_unpaid = compare_payoffs(
                            sum_paid, sum_unpaid, s.household_n[N.PAID, other], s.household[H.PAYOFF, other]
                        )
                    belief = payoff_belief(
                        belief,
                        sum_paid,
                        n_paid,
                        sum_unpaid,
                        end - start - n_paid,
                        p[i].household_visibility,
                        belief_speed,
                    )
                else:
                    belief = update_belief(
                        belief,
                        talked_about(share(n_paid, end - start), p[i].household_talk_bias),
                        end > start,
                        s.provider[P.PUBLISHED, e],
                        p[i].provider_open_books,
                        p[i].household_own_eyes,
                        p[i].household_visibility,
                        belief_speed,
                    )
                s.household[H.BELIEF, j] = belief

            area = s.household_n[N.AREA, j]
            bill = bill_of(area, rate, flat)
            trust = s.household[H.TRUST_PROVIDER, j]
            gap = quality_gap(
                s.household_n[N.TENURE, j],
                s.household[H.QUALITY, j],
                s.household[H.REFERENCE, j],
                p[i].provider_open_books,
            )
            percent = burden(bill, period, s.household[H.INCOME, j])
            plain = plain_utility(
                readiness(p[i].household_intercept, s.household[H.INTERCEPT, j]),
                gap,
                trust,
                social_term(
                    s.household_n[N.PAYER_TYPE, j], belief, p[i].household_self_serving, p[i].household_b_social
                ),
                s.household[H.HABIT, j],
                s.household_n[N.COVENANT, j],
                percent,
                s.household[H.BAILOUT, j],
                s.household[H.GRIEVANCE, j],
                s.household[H.VOICE, j],
                p[i].household_b_quality,
                p[i].household_b_trust,
                p[i].household_b_habit,
                p[i].household_b_covenant,
                p[i].household_b_burden,
                p[i].household_b_bailout,
                p[i].household_b_grievance,
            )
            suasion = suasion_term(s.household[H.SUASION, j], s.household[H.WEAR, j], p[i].household_b_suasion)
            enforcement = enforcement_term(
                s.household[H.ENFORCEMENT, j], trust, p[i].household_b_enforcement, p[i].household_enforcement_trust
            )
            reactance = reactance_term(
                s.household[H.PRESSURE, j], s.household[H.TRUST_BRANCH, j], p[i].household_b_reactance
            )

            if reached:
                age = oldest_debt(unpaid, s.provider_n[PN.SINCE, e])
                if age > 0:
                    u = uniform(s.key[0], _OLD_BILL, month, s.estate_n[E.ID, e], s.household_n[N.ID, j], 0)
                    threshold = taste_threshold(u, p[i].structure_choice)
                    if pays(decision_kind(threshold, plain, suasion, enforcement, reactance)) == 1:
                        then = (month - age) % BILL_MEMORY
                        amount = bill_of(area, s.bill_rate[then, e], s.bill_flat[then, e])
                        unpaid = pay_debt(unpaid, age)
                        s.estate_n[E.DEBT_YOUNG + debt_class(age), e] -= amount
                        s.record[Total.ARREARS_PAID, e] += amount
            if due:
                threshold = taste_threshold(s.household[H.CHANCE_PAY, j], p[i].structure_choice)
                kind = decision_kind(threshold, plain, suasion, enforcement, reactance)
                paid = pays(kind)
                s.household_n[N.KIND, j] = kind
                s.household_n[N.DECIDED, j] = paid
                s.household[H.PAYOFF_DECIDED, j] = decision_payoff(
                    paid, gap, percent, enforcement, p[i].household_b_quality, p[i].household_b_burden
                )
                if asynchronous:
                    show_decision(s, j)
                s.record[Total.BILLED, e] += bill
                s.record[Total.N_BILLED, e] += 1
                s.record[Total.N_VOLUNTARY - VOLUNTARY + kind, e] += 1
                if paid == 1:
                    s.record[Total.FEES, e] += bill
                    s.household_n[N.EVER_PAID, j] = 1
                else:
                    unpaid = add_debt(unpaid)
                    s.estate_n[E.DEBT_YOUNG, e] += bill
            s.household_n[N.UNPAID, j] = unpaid
        if due and not asynchronous:
            for j in range(first, first + n):
                show_decision(s, j)
        settle(s, p, i, e, due)


@kernel
def show_decision(s: Any, j: int) -> None:
    """Let neighbours see what household j decided this month, and how it fared."""
    s.household_n[N.PAID, j] = s.household_n[N.DECIDED, j]
    s.household[H.PAYOFF, j] = s.household[H.PAYOFF_DECIDED, j]


@kernel
def decision_order(numbers: Any, key: Any, estate: int, month: int, asynchronous: bool) -> Any:
    """Return the order in which households decide: by a draw, then by number, where order matters."""
    if not asynchronous:
        return np.arange(numbers.shape[0])
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
    period = p[i].structure_billing_period
    due = is_due(month, period)
    habit_speed = over_months(p[i].household_habit_speed, period)
    pull = p[i].trust_pull
    confidence = p[i].trust_confidence
    weighted = s.tie_weight.shape[0] > 0
    for e in range(s.estate_n.shape[1]):
        served = s.provider_n[PN.KIND, e] != NOBODY
        waiting = 0
        settled = 0
        for d in range(e * N_DESKS, (e + 1) * N_DESKS):
            waiting += s.desk_n[DN.WAITING, d]
            settled += s.desk_n[DN.RESOLVED, d]
        helped = share(settled, waiting)
        voice_speed = seen_speed(p[i].case_voice_speed, p[i].case_voice_seen)
        others = s.provider[P.OTHERS_SHARE, e]
        for j in range(s.first[e], s.first[e + 1]):
            if due and served:
                s.household[H.HABIT, j] = move(s.household[H.HABIT, j], s.household_n[N.PAID, j], habit_speed)
            s.household[H.BAILOUT, j] = two_rates(
                s.household[H.BAILOUT, j], others, p[i].household_bailout_rise, p[i].household_bailout_fall
            )
            if waiting > 0:
                s.household[H.VOICE, j] = learned_voice(s.household[H.VOICE, j], helped, voice_speed)
            if pull == 0.0:
                continue
            trust = s.household[H.TRUST_PROVIDER, j]
            total = 0.0
            weight = 0.0
            for t in range(s.tie_start[j], s.tie_start[j + 1]):
                other = s.household[H.TRUST_PROVIDER, s.tie[t]]
                total, weight = listen(total, weight, trust, other, s.tie_weight[t] if weighted else 1.0, confidence)
            s.household[H.TRUST_HEARD, j] = pull_trust(trust, total, weight, pull)
        if pull != 0.0:
            for j in range(s.first[e], s.first[e + 1]):
                s.household[H.TRUST_PROVIDER, j] = s.household[H.TRUST_HEARD, j]
