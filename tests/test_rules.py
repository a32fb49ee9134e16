"""One hand-worked month per rule: every number here was worked out on paper from the equation in the ODD."""

import ast
import importlib
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conflict_months import CONFLICT
from money_months import MONEY
from people_months import PEOPLE
from scipy import stats
from shock_months import SHOCKS

import agents.rules
from agents.rules.arrears import (
    add_debt,
    age_debts,
    bill_of,
    bills_agreed,
    bills_of_a_year,
    claimable,
    debt_class,
    has_whole_year,
    is_due,
    number_owed,
    oldest_debt,
    over_period,
    owes,
    pay_debt,
    place_in_order,
)
from agents.rules.contact import (
    cadre_share,
    contact_chance,
    hours_for,
    less_for_favoured,
    neighbour_tie,
    target_weight,
    total_hours,
    visits_per_household,
    who_visits,
    worth_of_hours,
)
from agents.rules.estate import bills_of_estate
from agents.rules.facility import next_stock, service_quality, total_quality, upkeep, upkeep_bias
from agents.rules.household import (
    AS_ANCHOR,
    AS_BOTH,
    AS_BURDEN,
    ASKED,
    BRANCH,
    CALLED,
    COMMITTEE,
    CONDITIONAL,
    ENFORCED,
    FREE_RIDER,
    LET,
    NO_VOUCHER,
    NOTIFIED,
    OVERLOOKED,
    OWNER_OCCUPIED,
    REFUSED,
    REPELLED,
    UNCONDITIONAL,
    VACANT,
    VISITED,
    VOLUNTARY,
    adapt_reference,
    annoyed,
    asked,
    compare_payoffs,
    fading,
    heard,
    impression,
    informed_belief,
    listen,
    notified,
    own_price,
    owner_hears,
    owner_sees,
    payoff_belief,
    pressed,
    price_anchor,
    price_felt,
    provider_evidence,
    pull_trust,
    quality_gap,
    reached_by,
    reset_trust,
    shift_reference,
    talked_about,
    update_belief,
    update_trust,
    vouched_trust,
    voucher_loss,
    vouching,
    weight_of_seen,
    worn_out,
)
from agents.rules.normal import normal_quantile
from agents.rules.numeric import (
    clip,
    elapsed_share,
    fen,
    logistic,
    logit,
    millionths,
    move,
    normal_law,
    over_months,
    power,
    share,
    taste_threshold,
    thousandths,
    two_rates,
    yuan,
)
from agents.rules.owners_committee import leak_with_committee
from agents.rules.party_branch import (
    attention_now,
    labour_hours,
    member_hours,
    months_of_attention,
    next_fatigue,
    tiring_speed,
    visit_hours,
)
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
    lasting_luck,
    lowest_in_a_month,
    own_luck,
    own_readiness,
    pays,
    pays_debt,
    plain_utility,
    reactance_term,
    readiness,
    ready_for,
    recalls,
    social_term,
    suasion_term,
)
from agents.rules.property_firm import (
    bid_score,
    handed_over,
    income_besides_fees,
    opening_spend,
    takes_profit,
    tender_due,
    view_after_exits,
    viewed_rate,
    working_capital,
    would_bid,
)
from agents.rules.provider import (
    COMMUNITY,
    FIRM,
    STATION,
    affordable,
    area_money,
    bought_input,
    collection_calls,
    contracted_cost,
    cost_of_politics,
    count_losses,
    delivered_input,
    diverted_money,
    expected_fees,
    expected_revenue,
    fees_returned,
    given_input,
    gives_up,
    hours_run_out,
    is_loss,
    mean_price,
    met_by_others,
    month_revenue,
    monthly_money,
    next_spend,
    of_community,
    own_cost,
    planned_margin,
    planned_spend,
    seated_kind,
    wage_money,
    worth_of_labour,
)

LN2, LN3 = 0.6931471805599453, 1.0986122886681098

MONTHS: list[tuple[Any, tuple[Any, ...], Any]] = [
    # --- numbers ---------------------------------------------------------------------------------------------
    (clip, (1.2, 0.0, 1.0), 1.0),
    (clip, (-0.2, 0.0, 1.0), 0.0),
    (clip, (0.3, 0.0, 1.0), 0.3),
    (logistic, (0.7,), 0.6681877721681662),  # Abramowitz & Stegun
    (logistic, (LN3,), 0.75),  # 1 / (1 + 1/3)
    (logistic, (-LN3,), 0.25),
    (logistic, (800.0,), 1.0),
    (logistic, (-800.0,), 0.0),
    (logit, (0.75,), LN3),  # log(0.75 / 0.25)
    (normal_quantile, (0.975,), 1.959963984540054),
    (normal_quantile, (0.5,), 0.0),
    (normal_law, (0.975,), 1.959963984540054 * 3.141592653589793 / 1.7320508075688772),
    (taste_threshold, (0.25, 0), -LN3),
    (taste_threshold, (0.975, 1), 1.959963984540054 * 3.141592653589793 / 1.7320508075688772),  # variance pi^2 / 3
    (power, (0.25, 0.5), 0.5),
    (power, (0.0, 0.7), 0.0),
    (move, (0.2, 1.0, 0.25), 0.4),  # 0.2 + 0.25 * 0.8
    (two_rates, (0.2, 1.0, 0.25, 0.5), 0.4),  # up: 0.2 + 0.25 * 0.8
    (two_rates, (0.8, 0.2, 0.25, 0.5), 0.5),  # down: 0.8 - 0.5 * 0.6
    (over_months, (0.5, 3), 0.875),  # 1 - 0.5^3
    (over_months, (0.1, 12), 0.717570463519),  # 1 - 0.9^12 = 1 - 0.282429536481
    (over_months, (0.35, 1), 0.35),
    (over_months, (1.0, 3), 1.0),
    (fen, (31.505,), 3151),  # half up
    (fen, (-0.004,), 0),
    (yuan, (3150,), 31.5),
    (thousandths, (1.2344,), 1234),
    (millionths, (0.1234565,), 123457),
    (share, (3, 4), 0.75),
    (share, (3, 0), 0.0),
    (elapsed_share, (LN2 * 48.0, 48.0), 0.5),  # half-life ln 2 times the memory
    # --- a household sees service: 70 m2 at 0.45 yuan/m2 -------------------------------------------------------
    (impression, (0.5, 0.6, 1.0, 0.5, 0.05, 0.3), 0.53),  # no error at u = 1/2: 0.5 + 0.3 * (0.6 - 0.5)
    # u = 1: error 0.05 * sqrt(3) = 0.0866025404; seen 0.6866025404; 0.5 + 0.3 * 0.1866025404
    (impression, (0.5, 0.6, 1.0, 1.0, 0.05, 0.3), 0.55598076211),
    (impression, (0.5, 0.9, 1.2, 0.5, 0.05, 0.3), 0.65),  # 1.08 is seen as 1: 0.5 + 0.3 * 0.5
    (own_price, (45, 0, 70), 0.45),
    (own_price, (0, 1050, 70), 0.15),  # 10.50 yuan / 70 m2
    (price_anchor, (0.65, 0.2, 0.5, 0.5, 0.02), 0.65),
    (price_anchor, (0.65, 0.2, 0.25, 0.5, 0.02), 0.51137056388801),  # 0.65 - 0.2 ln 2
    (price_anchor, (0.65, 0.2, 0.0, 0.5, 0.25), 0.51137056388801),  # nothing counts as the floor, 0.25
    (owner_sees, (OWNER_OCCUPIED, -0.2, 0.5), -0.2),
    (owner_sees, (LET, -0.2, 0.5), -0.1),
    (owner_sees, (VACANT, -0.2, 0.0), 0.0),
    (quality_gap, (OWNER_OCCUPIED, 0.5, 0.62, 0.0), -0.12),
    (quality_gap, (LET, 0.5, 0.62, 0.25), -0.03),
    (shift_reference, (0.6, 0.65, 0.51), 0.46),
    (adapt_reference, (0.6, 0.4, 0.7, 0.25, 0.1), 0.6025),  # target 0.75 * 0.7 + 0.25 * 0.4 = 0.625
    # --- whom it trusts --------------------------------------------------------------------------------------
    (provider_evidence, (-0.1, 1.3, 0.5, 0.2, 0.12, 1.0), 0.33),  # 0.5 - 0.13 + 0.5 * (0.12 - 0.20)
    (provider_evidence, (-0.9, 1.3, 0.0, 0.0, 0.12, 1.0), 0.0),  # 0.5 - 1.17 is held at 0
    (update_trust, (0.4, 0.65, 0.08, 2.0), 0.42),  # up: 0.4 + 0.08 * 0.25
    (update_trust, (0.4, 0.15, 0.08, 2.0), 0.36),  # down twice as fast: 0.4 - 0.16 * 0.25
    (update_trust, (0.4, 0.15, 0.4, 5.0), 0.15),  # never further than the evidence
    (heard, (-0.35, 0.35), True),
    (heard, (0.36, 0.35), False),
    (listen, (0.5, 1.0, 0.4, 0.6, 2.0, 0.35), (1.7, 3.0)),  # 0.2 apart, tie 2: 0.5 + 2 * 0.6
    (listen, (0.5, 1.0, 0.4, 0.8, 2.0, 0.35), (0.5, 1.0)),  # 0.4 apart: not heard
    (pull_trust, (0.4, 1.8, 3.0, 0.5), 0.5),  # halfway to 1.8 / 3
    (pull_trust, (0.4, 0.0, 0.0, 0.5), 0.4),
    (reset_trust, (0.2, 0.5, 0.6), 0.38),  # 0.2 + 0.6 * 0.3
    (vouching, (0.5, 0.8), 0.4),
    (vouched_trust, (0.3, 0.7, 0.5, 0.1, 0.5), 0.32),  # 0.3 + 0.05 * 0.4
    (vouched_trust, (0.7, 0.3, 0.5, 0.1, 0.5), 0.69),  # the voucher is trusted less: half as far down
    (vouched_trust, (0.7, 0.3, 0.5, 0.1, 0.0), 0.7),
    (voucher_loss, (0.6, -0.2, 0.05, False, 0.12), 0.59),  # 0.05 * 0.2
    (voucher_loss, (0.6, 0.2, 0.05, True, 0.12), 0.48),
    (voucher_loss, (0.1, -0.4, 0.05, True, 0.12), 0.0),
    # --- what it believes of others: three of four neighbours paid --------------------------------------------
    (talked_about, (0.75, 0.04), 0.72),  # 0.75 - 4 * 0.04 * 0.75 * 0.25
    (update_belief, (0.5, 0.7, True, 0.9, 0.5, 0.6, 0.8, 0.5), 0.596),  # weight 0.8: 0.74; 0.5 + 0.4 * 0.24
    (update_belief, (0.5, 0.7, False, 0.9, 0.5, 0.6, 0.8, 0.5), 0.54),  # published alone: 0.5 + 0.5 * 0.5 * 0.4 * 0.4
    (compare_payoffs, (0.3, -0.2, 1, 0.5), (0.8, -0.2)),
    (compare_payoffs, (0.3, -0.2, 0, 0.5), (0.3, 0.3)),
    (payoff_belief, (0.5, 0.6, 3, 0.1, 1, 0.8, 0.5), 0.7),  # payers fare better, 0.2 to 0.1: 0.5 + 0.4 * 0.5
    (payoff_belief, (0.5, 0.3, 3, 0.2, 1, 0.8, 0.5), 0.3),  # non-payers do, 0.2 to 0.1
    (payoff_belief, (0.5, 0.3, 3, 0.0, 0, 0.8, 0.5), 0.5),  # nobody to compare with
    (informed_belief, (0.5, 0.9, 0.5, 0.3), 0.56),  # 0.5 + 0.15 * 0.4
    (weight_of_seen, (4, 0.5, 4.0), 0.75),  # half of it by number, of which half is learned from
    (weight_of_seen, (0, 0.0, 4.0), 1.0),
    # --- who has come to the door ------------------------------------------------------------------------------
    (asked, (0.2, 1.0, 0.5, 0.6), 0.3),
    (asked, (0.4, 1.0, 0.5, 0.6), 0.4),
    (owner_hears, (OWNER_OCCUPIED, 0.6, 0.25), 0.6),
    (owner_hears, (LET, 0.6, 0.25), 0.15),
    (reached_by, (CALLED | VISITED, LET, 0.25), 1.0),
    (reached_by, (NOTIFIED, VACANT, 0.25), 1.0),
    (reached_by, (VISITED, LET, 0.25), 0.25),
    (reached_by, (VISITED, OWNER_OCCUPIED, 0.25), 1.0),
    (reached_by, (0, OWNER_OCCUPIED, 0.25), 0.0),
    (annoyed, (0.2, 0.5, 0.75), 0.3),  # 0.2 + 0.5 * 0.25 * 0.8
    (worn_out, (0.2, 0.15, 1.0), 0.32),  # 0.2 + 0.15 * 0.8
    (fading, (0.5, 0.92), 0.46),
    (pressed, (0.2, 0.5), 0.6),  # 0.2 + 0.5 * 0.8
    (notified, (0.1, 0.5, 0.6), 0.37),  # 0.1 + 0.3 * 0.9
    # --- the bill: 70 m2 at 0.45 yuan and 5 yuan a household, income 6,500 yuan ----------------------------------
    (bill_of, (70, 45, 500), 3650),
    (over_period, (45, 3), 135),
    (burden, (10950, 3, 6500.0), 0.5615384615384615),  # 36.50 yuan of 6,500: 0.56 %
    (burden_felt, (0.56, AS_ANCHOR), 0.0),
    (burden_felt, (0.56, AS_BURDEN), 0.56),
    (burden_felt, (0.56, AS_BOTH), 0.56),
    (price_felt, (0.45, 0.5, AS_ANCHOR), 0.45),
    (price_felt, (0.45, 0.5, AS_BURDEN), 0.5),
    (price_felt, (0.45, 0.5, AS_BOTH), 0.45),
    (is_due, (-3, 3), True),
    (is_due, (4, 3), False),
    (place_in_order, (0.5, 7), 2**61 + 7),  # (2^31 << 30) + 7
    # --- the decision ----------------------------------------------------------------------------------------
    (readiness, (0.78, -0.9), -0.12),
    (own_readiness, (FREE_RIDER, 0.2, 0.9, 1.5), -0.7),
    (own_readiness, (CONDITIONAL, 0.2, 0.9, 1.5), 0.2),
    (own_readiness, (UNCONDITIONAL, 0.2, 0.9, 1.5), 1.7),
    (social_term, (CONDITIONAL, 0.77, 0.07, 1.3), 0.52),  # 1.3 * (2 * 0.70 - 1)
    (social_term, (FREE_RIDER, 0.77, 0.07, 1.3), 0.0),
    (social_term, (UNCONDITIONAL, 0.77, 0.07, 1.3), 0.0),
    # 0.78 - 3.2 * 0.1 + 1.4 * (-0.2) + 0.52 + 0.8 * 0.5 + 0.15 - 0.7 * 0.5 - 0.8 * 0.25 - 0.5 * 0.4 * 0.65
    # = 0.78 - 0.32 - 0.28 + 0.52 + 0.40 + 0.15 - 0.35 - 0.20 - 0.13
    (
        plain_utility,
        (0.78, -0.1, 0.4, 0.52, 0.75, 1, 0.5, 0.25, 0.4, 0.35, 3.2, 1.4, 0.8, 0.15, 0.7, 0.8, 0.5),
        0.57,
    ),
    # a grievance of 3, the most there is: -0.5 * 3 * (1 - 0.5)
    (plain_utility, (0.0, 0.0, 0.5, 0.0, 0.5, 0, 0.0, 0.0, 3.0, 0.5, 3.2, 1.4, 0.8, 0.15, 0.7, 0.8, 0.5), -0.75),
    (suasion_term, (0.3, 0.4, 0.5), 0.09),  # 0.5 * 0.3 * 0.6
    (enforcement_term, (0.37, 0.4, 0.75, 0.2), 0.2553),  # 0.75 * 0.37 * (1 - 0.08)
    (reactance_term, (0.6, 0.25, 0.6), -0.27),  # 0.6 * 0.6 * 0.75
    (irritation_term, (0.4, 0.5), -0.2),
    (all_reasons, (0.6, 0.1, 0.2, -0.3), 0.6),
    # --- one luck per bill: of its variance 3/4 last, so that half of a bill's own logit counts ----------------
    (own_luck, (0.75,), 0.5),
    (own_luck, (0.0,), 1.0),
    (lasting_luck, (0.5, 0.75, 0), 0.0),  # sin(pi / 4) / sin(pi / 4)
    (lasting_luck, (2.0 / 3.0, 0.75, 0), LN3 / 2.0),  # log(sin 60 degrees / sin 30 degrees)
    (lasting_luck, (0.975, 0.25, 1), 0.5 * 1.959963984540054 * 3.141592653589793 / 1.7320508075688772),
    (lasting_luck, (0.9, 0.0, 0), 0.0),
    (ready_for, (0.75, 0), LN3),
    (bill_threshold, (0.75, 0.2, 0.5, 0), LN3 / 2.0 - 0.2),
    (bill_threshold, (0.75, 0.0, 1.0, 0), LN3),
    (aged_threshold, (0.4, 0.6, 6), 0.7),  # half a year
    (lowest_in_a_month, (0.4, 0.6), 0.45),
    (pays_debt, (0.5, 0.4), True),
    (pays_debt, (0.4, 0.4), False),
    (attends, (0.09, 0.1, 0.0), False),
    (attends, (0.09, 0.1, 0.25), True),  # forgets with 0.075
    (recalls, (0.2, 0.25), True),
    (recalls, (0.3, 0.25), False),
    (is_forgotten, (0.09, 0.1), True),
    (is_forgotten, (0.1, 0.1), False),
    (decision_kind, (0.5, 0.6, 0.1, 0.1, 0.0), VOLUNTARY),
    (decision_kind, (0.65, 0.6, 0.1, 0.1, 0.0), ASKED),
    (decision_kind, (0.75, 0.6, 0.1, 0.1, 0.0), ENFORCED),
    (decision_kind, (0.85, 0.6, 0.1, 0.1, 0.0), REFUSED),
    (decision_kind, (0.55, 0.6, 0.1, 0.1, -0.3), REPELLED),  # would have paid, 0.6 > 0.55, had nobody pressed
    (pays, (VOLUNTARY,), 1),
    (pays, (ASKED,), 1),
    (pays, (ENFORCED,), 1),
    (pays, (REFUSED,), 0),
    (pays, (REPELLED,), 0),
    (pays, (OVERLOOKED,), 0),
    (decision_payoff, (1, -0.1, 0.5, 0.2, 3.2, 0.7), -0.67),  # -0.32 - 0.35
    (decision_payoff, (0, -0.1, 0.5, 0.2, 3.2, 0.7), -0.52),  # -0.32 - 0.20
    # --- what it owes: bit k, the bill of k months ago -----------------------------------------------------------
    (age_debts, (0b1001,), 0b10010),
    (age_debts, (1 << 36,), 0),  # after 36 months it has lapsed
    (owes, (0b1001, 3), True),
    (owes, (0b1001, 2), False),
    (add_debt, (0b10010,), 0b10011),
    (pay_debt, (0b1001, 3), 0b0001),
    (debt_class, (3,), 0),
    (debt_class, (4,), 1),
    (debt_class, (12,), 1),
    (debt_class, (13,), 2),
    (oldest_debt, (0b1010010, 99), 6),
    (oldest_debt, (0b1010010, 5), 4),  # the provider has been here 5 months
    (oldest_debt, (0b1010010, 0), -1),
    (oldest_debt, (1 << 36, 600), 36),
    (claimable, (0b1010011, 5), 0b10010),  # this month's and the one of six months ago apart
    (claimable, ((1 << 36) | 1, 600), 1 << 36),
    (number_owed, (0,), 0),
    (number_owed, (0b10000,), 1),
    (number_owed, (0b10010,), 2),
    (number_owed, (0b11010,), 3),
    (number_owed, (0b11111,), 3),
    (bills_of_a_year, (0b1111_0000_0000_0000_1111,), 0b1000),  # ages 3 to 14 alone
    (has_whole_year, (((1 << 12) - 1) << 3, 1), True),
    (has_whole_year, (((1 << 11) - 1) << 3, 1), False),
    (has_whole_year, (0b001001001001000, 3), True),
    (bills_agreed, (0b110110, 0.6), 3),  # 2.4 of four
    (bills_agreed, (0b110110, 1.0), 4),
    (bills_agreed, (0, 0.6), 0),
    # --- contacts: 206 households, 196 at home ---------------------------------------------------------------------
    (hours_for, (6.0, 206), 12.36),
    (total_hours, (1.0, 2.0, 3.5), 6.5),
    (cadre_share, (6.0, 2.0), 0.75),
    (cadre_share, (0.0, 0.0), 0.0),
    (visits_per_household, (49.0, 0.5, 196), 0.5),
    (visits_per_household, (49.0, 0.5, 0), 0.0),
    (target_weight, (0, 0.75, 0.4), 1.75),  # 1.4 / (1 - 0.2)
    (target_weight, (1, 0.75, 0.4), 0.75),  # 0.6 / 0.8: mean 0.25 * 1.75 + 0.75 * 0.75 = 1
    (target_weight, (1, 1.0, 1.0), 1.0),  # all pay: no non-payer to go to
    (less_for_favoured, (1.75, 0.2), 1.4),
    (worth_of_hours, (6.0, 25.0), 150.0),
    (contact_chance, (0.5, 1.75), 0.875),
    (contact_chance, (0.9, 1.75), 1.0),
    (neighbour_tie, (0.6, 0.5), 0.8),  # 0.6 + 0.4 * 0.5
    (who_visits, (0.8, 0.8, 0.75), NO_VOUCHER),
    (who_visits, (0.59, 0.8, 0.75), COMMITTEE),  # below 0.8 * 0.75 = 0.6
    (who_visits, (0.61, 0.8, 0.75), BRANCH),
    # --- members: 12 embedded, 8 sent down, 2 hours asked of each ---------------------------------------------------
    (attention_now, (0.8, 0.25, 0, 48.0), 0.8),
    (attention_now, (0.8, 0.25, 48, 48.0 / LN2), 0.5),  # 0.8 * (0.25 + 0.75 / 2)
    (member_hours, (12, 8, 2.0, 0.5, 0.25, 0.75), 20.0),  # 2 * (12 * 0.75 + 8 * 0.5 * 0.25)
    (months_of_attention, (7, 0.3), 8),
    (months_of_attention, (7, 0.0), 0),
    (labour_hours, (20.0, 0.3), 6.0),
    (visit_hours, (20.0, 0.3), 14.0),
    (tiring_speed, (0.03, 4.0), 0.12),
    (next_fatigue, (0.2, 2.0, 4.0, 0.12, 0.01), 0.246),  # 0.2 + 0.12 * 0.5 * 0.8 - 0.002
    # --- the provider: 14,420 m2, standard cost 0.43 yuan/m2 --------------------------------------------------------
    (area_money, (0.05, 14420), 72100),  # 721 yuan
    (mean_price, (45, 1000, 206, 14420), 0.5928571428571429),  # 0.45 + 2,060 / 14,420 = 0.45 + 1/7
    (expected_fees, (0.6, 0.5), 0.3),
    (own_cost, (0.43, 1.1), 0.473),
    (expected_revenue, (0.6, 0.5, 0.04, 0.05), 0.39),
    (planned_margin, (0.05, 0.035, 0.4, 0.0), 0.071),  # 0.05 + 0.035 * 0.6
    (planned_margin, (0.05, 0.035, 0.4, 1.0), 0.05),  # cost-plus: nothing to skim
    (planned_spend, (0.4, 0.1, 0.43, 0.58, 1.05), 0.36),
    (planned_spend, (0.1, 0.1, 0.43, 0.58, 1.05), 0.2494),  # the roster, 0.58 * 0.43
    (planned_spend, (0.9, 0.1, 0.43, 0.58, 1.05), 0.4515),  # the limit, 1.05 * 0.43
    (next_spend, (0.3, 0.4, 0.25, 0.16), 0.325),
    (next_spend, (0.4, 0.3, 0.25, 0.16), 0.384),
    (affordable, (0.4, 5047.0, 14420.0), 0.35),
    (affordable, (0.4, -10.0, 14420.0), 0.0),
    (affordable, (0.3, 5047.0, 14420.0), 0.3),
    (leak_with_committee, (0.1, 0.3, 0.0, 0.0, 0.0, 0.2), 0.07),  # 0.1 * 0.7, no committee
    (leak_with_committee, (0.1, 0.3, 0.5, 0.4, 0.5, 0.2), 0.095),  # 0.07 * 0.5 + 0.2 * 0.5 * 0.6
    (diverted_money, (0.36, 0.07, 14420), 36338),  # 363.384 yuan
    (wage_money, (0.36, 0.07, 0.62, 14420), 299325),  # 2,993.24592 yuan
    (wage_money, (0.0126, 0.5, 1.0, 1), 0),  # 1.26 fen: 1 is booked as spent, 0.63 as 1 diverted, none is left
    # 0.36 * 0.9 / 0.432 = 0.75; 0.6 * 0.8 / 0.96 + 0.4 / 1 = 0.9
    (bought_input, (0.36, 0.1, 0.432, 0.6, 0.96, 0.8, 1.0), 0.675),
    (given_input, (43.0, 0.6, 18.0, 0.43, 14400.0), 0.075),  # 464.4 yuan of work to 6,192 of cost
    (delivered_input, (0.675, 0.075, 0.05), 0.8),
    (collection_calls, (0.05, 0.35, 0.0, 0.3), 0.05),
    (collection_calls, (0.05, 0.5, 0.1, 0.3), 0.04375),  # a quarter of the money: 0.05 * (1 - 0.125)
    (monthly_money, (648900, 3, 14420), 0.15),  # 6,489 yuan for 3 months
    (month_revenue, (0.3, 0.04, 72100, 14420), 0.39),
    (is_loss, (0.39, 0.3944, 0.43, 0.01), True),  # 0.0044 > 0.0043
    (is_loss, (0.39, 0.3942, 0.43, 0.01), False),
    (contracted_cost, (0.43, 0.9), 0.387),
    (hours_run_out, (12.0, 12.0), True),
    (hours_run_out, (12.0, 11.0), False),
    (hours_run_out, (0.0, 11.0), False),
    (fees_returned, (1200000, 14, 12), 900000),  # after three of twelve months
    (fees_returned, (1200000, 14, 1), 0),
    (cost_of_politics, (-0.25, 0.5, 200), -2500),  # 25 yuan of protection
    (seated_kind, (STATION,), COMMUNITY),
    (seated_kind, (FIRM,), FIRM),
    (of_community, (STATION, 0.0, 0.45), 0.45),
    (of_community, (FIRM, 0.0, 0.45), 0.0),  # the caretaker of a market estate
    (worth_of_labour, (20.0, 18.0, 10.0, 25.0, 0.5), 30500),  # half of 610 yuan
    (count_losses, (3, True), 4),
    (count_losses, (3, False), 2),
    (count_losses, (0, False), 0),
    (gives_up, (18, 18), True),
    (gives_up, (17, 18), False),
    (met_by_others, (72100, 0, 288400), 0.25),
    (met_by_others, (72100, 96000, 288400), 0.43730489073881374),  # 168,100 of 384,400
    (met_by_others, (288400, 0, 72100), 1.0),
    (met_by_others, (0, 0, 0), 0.0),
    # --- firms that bid ------------------------------------------------------------------------------------------
    (viewed_rate, (0.75, 0.55, 0.5, 0.1, 0.75), 0.7),  # 0.65 + 0.1 * 0.5
    (viewed_rate, (0.75, 1.0, 1.0, 0.1, 0.75), 1.0),
    (view_after_exits, (0.7, 2, 0.1), 0.5),
    (view_after_exits, (0.1, 2, 0.1), 0.0),
    (handed_over, (4, 4), True),
    (handed_over, (3, 4), False),
    (tender_due, (4, 4, 6), True),
    (tender_due, (9, 4, 6), False),
    (tender_due, (10, 4, 6), True),
    (tender_due, (-2, 4, 6), False),
    (income_besides_fees, (0.04, 0.1, 0.02), 0.12),
    (opening_spend, (0.95, 0.4, 1.1), 0.418),
    (working_capital, (2.0, 0.43, 14420), 1240120),  # 12,401.20 yuan
    (takes_profit, (-1,), True),
    (takes_profit, (11,), True),
    (takes_profit, (0,), False),
    (would_bid, (0.8, 0.5, 0.06, 0.05, 0.43, 1.0, 1.0, 0), True),  # 0.95 * 0.46 = 0.437
    (would_bid, (0.78, 0.5, 0.06, 0.05, 0.43, 1.0, 1.0, 0), False),  # 0.95 * 0.45 = 0.4275
    (would_bid, (0.0, 0.5, 0.06, 0.05, 0.43, 1.0, 1.0, 1), True),  # a state-owned firm is told to come
    (bid_score, (1.1, 1.0, 0.4, 0.05), 1.12),
    # --- buildings -----------------------------------------------------------------------------------------------
    (upkeep, (0.69, 0.38), 0.5),  # 0.31 / 0.62
    (upkeep, (0.2, 0.38), 0.0),
    (upkeep_bias, (0.2, 0.7), 0.14),
    (next_stock, (0.4, 0.06, 0.12, 0.5, 0.0), 0.401),  # 0.4 - 0.002 + 0.01 * 0.5 * 0.6
    (next_stock, (0.4, 0.06, 0.12, 0.5, 0.2), 0.4016),  # - 0.002 + 0.0036
    (service_quality, (0.25, 0.5), 0.5),
    (service_quality, (1.4, 0.5), 1.0),
    (total_quality, (0.25, 0.3, 0.5, 0.5, 0.4), 0.4),  # stock 0.4: sqrt(0.25 * (0.4 + 0.6 * 0.4))
    (total_quality, (0.25, 0.3, 0.5, 1.0, 0.4), 0.25),
    # --- the estate: 206 dwellings -----------------------------------------------------------------------------------
    (bills_of_estate, (14420, 206, 45, 500), 751900),
]


MONTHS += CONFLICT + MONEY + PEOPLE + SHOCKS


@pytest.mark.parametrize(
    ("rule", "given", "expected"), MONTHS, ids=[f"{case[0].__name__}-{at}" for at, case in enumerate(MONTHS)]
)
def test_a_month_worked_out_by_hand(rule, given, expected):
    found = rule(*given)
    assert found == (expected if isinstance(expected, int) else pytest.approx(expected, rel=1e-10, abs=1e-15))


def test_every_rule_has_such_a_month():
    folder = Path(agents.rules.__file__).parent
    declared = {
        getattr(importlib.import_module(f"agents.rules.{path.stem}"), node.name)
        for path in folder.glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and any(getattr(d, "id", "") == "rule" for d in node.decorator_list)
    }
    assert len(declared) > 100
    missing = sorted(rule.__name__ for rule in declared - {case[0] for case in MONTHS})
    assert not missing


# --- laws that hold for all arguments ----------------------------------------------------------------------------


def test_the_normal_quantile_is_that_of_scipy():
    tail = np.logspace(-33 * math.log10(2.0), -1, 300)  # draws lie in [2^-33, 1 - 2^-33]
    u = np.concatenate([tail, np.linspace(0.1, 0.9, 301), 1.0 - tail])
    found = np.array([normal_quantile(float(x)) for x in u])
    exact = stats.norm.ppf(u)
    # near 1 the argument itself is rounded: its last digit over the density
    assert np.all(np.abs(found - exact) <= 2e-12 + np.spacing(u) / stats.norm.pdf(exact))
    assert found[400:500] == pytest.approx(exact[400:500], abs=2e-15)


def test_the_logistic_and_the_probit_shock_have_the_same_variance():
    u = (np.arange(20_000) + 0.5) / 20_000
    spread = [np.std([taste_threshold(float(x), law) for x in u]) for law in (0, 1)]
    assert spread == pytest.approx([math.pi / math.sqrt(3.0)] * 2, rel=2e-3)


def test_an_extreme_utility_decides_for_certain():
    for u in (2.0**-33, 1.0 - 2.0**-33):  # the outermost draws there are
        for law in (0, 1):
            threshold = taste_threshold(u, law)
            assert math.isfinite(threshold)
            assert pays(decision_kind(threshold, 800.0, 0.0, 0.0, 0.0)) == 1
            assert pays(decision_kind(threshold, -800.0, 0.0, 0.0, 0.0)) == 0


def test_a_quarterly_rate_is_three_monthly_ones():
    x = 0.2
    for _ in range(3):
        x = move(x, 0.9, 0.35)
    assert move(0.2, 0.9, over_months(0.35, 3)) == pytest.approx(x, rel=1e-14)


def test_visits_average_to_the_hours_there_are():
    for paid_share in (0.0, 0.2, 0.5, 0.9):
        for target in (0.0, 0.4, 0.8):
            mean = paid_share * target_weight(1, paid_share, target) + (1 - paid_share) * target_weight(
                0, paid_share, target
            )
            assert mean == pytest.approx(1.0, rel=1e-14)


def test_trust_settles_at_the_evidence_and_never_ratchets():
    """Good and bad months in turn: the delta rule stays between them, an additive one would run to a bound."""
    trust = 0.5
    for month in range(2000):
        trust = update_trust(trust, 0.8 if month % 2 else 0.4, 0.08, 2.0)
    # after the bad month x' = x - 0.16 (x - 0.4), after the good x = x' + 0.08 (0.8 - x'): x = 0.5352...
    low = (0.84 * 0.08 * 0.8 + 0.16 * 0.4) / (1.0 - 0.84 * 0.92)
    assert trust == pytest.approx(low + 0.08 * (0.8 - low), rel=1e-12)


def test_a_debt_can_be_claimed_for_36_months():
    unpaid, months = add_debt(0), 0
    while unpaid:
        unpaid, months = age_debts(unpaid), months + 1
    assert months == 37
