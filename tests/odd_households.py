"""Sentences of docs/odd.md about households: who they are, how they decide, forget, trust and are met."""

import inspect
import math

import numpy as np
from odd_prose import default, lived, says
from scipy.special import expit

from agents.rules import arrears, household, payment
from agents.rules.contact import target_weight
from agents.rules.covenant import is_signed
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.numeric import LOGISTIC, logit
from agents.rules.residents_committee import usual_trust
from sim.draws import stream_key
from sim.engine.paying import decision_order
from sim.parameters import PARAMETERS
from sim.state import BILL_MEMORY
from sim.totals import Total

U = (np.arange(4000) + 0.5) / 4000
REASONS = dict.fromkeys(list(inspect.signature(payment.plain_utility.py_func).parameters), 0.0)


def luck(r: float) -> np.ndarray:
    return np.array([payment.lasting_luck(u, r, LOGISTIC) for u in U])


# --- who they are --------------------------------------------------------------------------------------------


@says("206 per estate by default, 1 to 5,000")
def size():
    assert default("population.n_households") == 206
    assert PARAMETERS["population.n_households"].valid == (1, 5000)


@says("the prices of the last 64 months")
def prices_kept():
    assert BILL_MEMORY == 64


@says("""In a vacant dwelling nothing happens to anybody, and nobody is visited; its owner is billed and called all
the same.""")
def vacant():
    empty = (("population.share_let", 0.0), ("population.share_vacant", 1.0), ("contact.provider_calls", 1.0))
    _, totals = lived("red_station", "trapped", 6, *empty)
    assert totals[:, [Total.ARISEN, Total.VISITED]].sum() == 0
    assert (totals[:, Total.N_BILLED] == 206).all()
    assert totals[:, Total.CALLED].sum() > 206


@says("27.5 % of households have no tie at all. The others have about seven.")
def ties():
    state, _ = lived("custody", "trapped", 1, ("population.n_estates", 40))
    degree = np.diff(state.tie_start)
    assert default("population.share_isolate") == 0.275
    assert abs((degree == 0).mean() - 0.275) < 0.02
    assert 6.5 < degree[degree > 0].mean() < 7.5


@says("and the order is drawn anew every month: by one number per household, then by household number.")
def order():
    key = stream_key(1, 0)
    found = [decision_order(np.arange(50), key, 0, month).tolist() for month in (1, 2, 2)]
    assert found[0] != found[1] == found[2]
    assert arrears.place_in_order(0.5, 3) < arrears.place_in_order(0.5, 4) < arrears.place_in_order(0.6, 3)


@says("Trust in the provider and bail-out belief are spread uniformly, 0.3 wide, around the place's value")
def spread():
    state, _ = lived("custody", "trapped", 0)
    trust = state.household[H.TRUST_PROVIDER]
    assert default("start.spread") == 0.3
    assert 0.28 < np.ptp(trust) <= 0.3
    assert abs(trust.mean() - 0.4) < 0.02


@says("The last decision is drawn with the starting payment rate and agrees with the household's lasting luck")
def first_decision():
    state, _ = lived("custody", "trapped", 0, ("population.n_estates", 20))
    paid, disposed = state.household_n[N.PAID], state.household[H.DISPOSITION]
    assert abs(paid.mean() - 0.5) < 0.03
    assert disposed[paid == 1].mean() > 0.5 > -0.5 > disposed[paid == 0].mean()


# --- the decision --------------------------------------------------------------------------------------------


@says("and d, the disposition, has the variance r pi^2 / 3.")
def variance():
    for r in (0.3, 0.6, 0.9):
        assert abs(luck(r).var() / (r * math.pi**2 / 3.0) - 1.0) < 0.03


@says("over all households a bill is paid with probability 1 / (1 + exp(-full utility)) whatever r is")
def law():
    for r in (0.3, 0.6, 0.9):
        for utility in (-1.5, 0.8):
            assert abs(expit((utility + luck(r)) / payment.own_luck(r)).mean() - expit(utility)) < 1e-3


@says("but with more of r the same people pay; at r = 0 d is zero and every bill is a luck of its own.")
def same_people():
    twice = [(expit((0.2 + luck(r)) / payment.own_luck(r)) ** 2).mean() for r in (0.0, 0.3, 0.6, 0.9)]
    assert twice == sorted(twice)
    assert not luck(0.0).any()
    assert payment.bill_threshold(0.3, 0.0, payment.own_luck(0.0), LOGISTIC) == logit(0.3)


@says("A free rider lies `type_shift_free` lower, an unconditional payer `type_shift_unconditional` higher.")
def types():
    kinds = (household.FREE_RIDER, household.CONDITIONAL, household.UNCONDITIONAL)
    assert [payment.own_readiness(kind, 0.1, 0.9, 1.5) for kind in kinds] == [0.1 - 0.9, 0.1, 0.1 + 1.5]


@says("0.1 of quality is worth 0.32 logit")
def quality_weight():
    assert abs(0.1 * default("household.b_quality") - 0.32) < 1e-12


@says("An absent owner knows only what is published: the gap is multiplied by `provider.open_books`.")
def absent_owner():
    assert household.owner_sees(household.LET, -0.4, 0.25) == household.owner_sees(household.VACANT, -0.4, 0.25) == -0.1
    assert household.owner_sees(household.OWNER_OCCUPIED, -0.4, 0.25) == -0.4


@says("Free riders and unconditional payers do not look.")
def who_looks():
    for kind in (household.FREE_RIDER, household.UNCONDITIONAL):
        assert payment.social_term(kind, 0.9, 0.07, 1.3) == 0.0
    assert payment.social_term(household.CONDITIONAL, 0.9, 0.07, 1.3) > 0.0


@says("in 0/1 form its slope is 2 J, and two regimes need 2 J > 4")
def slope():
    x = np.linspace(0.0005, 0.9995, 2000)
    for j, crossings in ((1.9, 1), (2.1, 3)):
        pull = np.array([payment.social_term(household.CONDITIONAL, one, 0.0, j) for one in x])
        assert abs((pull[-1] - pull[0]) / (x[-1] - x[0]) - 2.0 * j) < 1e-9
        assert (np.diff(np.sign(expit(pull) - x)) != 0).sum() == crossings


@says("""Only the share of payers among those one knows counts, not their number (`household.ties_count` makes it
count).""")
def ties_count():
    assert default("household.ties_count") == 0.0
    assert household.weight_of_seen(1, 0.0, 4.0) == household.weight_of_seen(20, 0.0, 4.0) == 1.0
    assert household.weight_of_seen(1, 1.0, 4.0) < household.weight_of_seen(20, 1.0, 4.0)


@says("""Households sign where somebody goes round with one (`covenant.drive`), once a year; elsewhere nobody has
signed one.""")
def covenant():
    assert sum(is_signed(month) for month in range(12)) == 1
    assert lived("custody", "trapped", 12)[0].household_n[N.COVENANT].sum() == 0
    assert lived("custody", "trapped", 12, ("covenant.drive", 1.0))[0].household_n[N.COVENANT].sum() > 20


@says("The monthly bill in percent of monthly income, below 1 % for most.")
def burden_size():
    state, _ = lived("market", "managed", 0)
    percent = state.household_n[N.AREA] * 100.0 * default("firm.fee") / state.household[H.INCOME]
    assert payment.burden(3500, 1, 7000.0) == 0.5
    assert (percent < 1.0).mean() > 0.8


@says("""by default through what it lets one expect (7.2), and then this term is zero; `structure.price_channel` =
burden or both switches it on.""")
def channel():
    choices = PARAMETERS["structure.price_channel"].choices
    felt = {name: payment.burden_felt(0.5, code) for code, name in enumerate(choices)}
    assert felt == {"anchor": 0.0, "burden": 0.5, "both": 0.5}
    assert choices[int(default("structure.price_channel"))] == "anchor"


@says("It falls more slowly than it rises.")
def bailout_speeds():
    assert default("household.bailout_fall") < default("household.bailout_rise")


@says("Grievance counts up to its bound, `case.grievance_most` = 3.")
def grievance():
    def at(amount: float) -> float:
        return payment.plain_utility(*(REASONS | {"grievance": amount, "b_grievance": 0.5}).values())

    assert at(1.9) > at(2.0) > at(3.0)
    assert household.aggrieved(2.9, 1.0, 1.0, default("case.grievance_most")) == 3.0


@says("Visits that ask wear it out, calls do not; it recovers slowly. Its range includes no effect at all.")
def wear():
    nobody = (("branch.member_hours", 0.0), ("contact.cadre_hours", 0.0), ("contact.provider_calls", 1.0))
    assert not lived("red_station", "trapped", 3, *nobody)[0].household[H.WEAR].any()
    assert lived("red_station", "trapped", 3)[0].household[H.WEAR].any()
    assert lived("red_station", "trapped", 3, ("contact.ask", 0.0))[0].household[H.WEAR].any() == 0
    assert default("household.wear_recovery") < 0.1
    assert PARAMETERS["household.b_suasion"].range[0] == 0.0


@says("(`enforcement_trust` > 0) or stronger (< 0): the sign is free.")
def enforcement_sign():
    weaker, usual, stronger = (payment.enforcement_term(0.5, 0.8, 0.75, k) for k in (0.5, 0.0, -0.5))
    assert weaker < usual < stronger
    low, high = PARAMETERS["household.enforcement_trust"].range
    assert low < 0.0 < high


@says("unless the one who pressed last is trusted: the party branch, or the residents' committee")
def presser():
    assert payment.trust_in_presser(household.BRANCH, 0.1, 0.9) == 0.9
    assert payment.trust_in_presser(household.COMMITTEE, 0.1, 0.9) == 0.1
    assert payment.reactance_term(0.5, 1.0, 0.6) == 0.0 > payment.reactance_term(0.5, 0.2, 0.6)


@says("leaves a memory that grows with the dose and with distrust in the one who asks, and fades by a fifth a month.")
def irritation():
    assert household.annoyed(0.1, 0.0, 0.2) == household.annoyed(0.1, 1.0, 1.0) == 0.1
    assert household.annoyed(0.1, 0.5, 0.2) < household.annoyed(0.1, 1.0, 0.2) < household.annoyed(0.1, 1.0, 0.1)
    assert default("household.irritation_memory") == 0.8
    assert payment.irritation_term(0.5, 0.3) < 0.0


# --- old bills, forgetting -----------------------------------------------------------------------------------


@says("Unpaid bills stay on the household's record for 36 months and then lapse")
def limitation():
    bills = 1
    for _ in range(36):
        bills = arrears.age_debts(bills)
    assert arrears.owes(bills, 36)
    assert arrears.age_debts(bills) == 0


@says("one issued since it took over")
def claimable():
    assert [arrears.claimable(0b1111, since) for since in (0, 1, 2)] == [0, 0b10, 0b110]


@says("plus `household.b_age` for each year of its age.")
def age():
    assert payment.aged_threshold(0.5, 0.25, 12) == 0.75
    later = 0.5
    for _ in range(12):
        later = payment.lowest_in_a_month(later, 0.25)
    assert abs(later - 0.75) < 1e-12


@says("So a second look for the same reasons collects nothing")
def second_look():
    own = payment.own_luck(0.6)
    for u, v, reasons in zip(U[::7], U[::-7], 6.0 * U[3::7] - 3.0, strict=False):
        threshold = payment.bill_threshold(u, payment.lasting_luck(v, 0.6, LOGISTIC), own, LOGISTIC)
        kind = payment.decision_kind(threshold, reasons, 0.0, 0.0, 0.0)
        looks = [payment.pays_debt(reasons, payment.aged_threshold(threshold, 0.25, age)) for age in (0, 1, 24)]
        assert payment.pays(kind) or not any(looks)


@says("""Who is reached by a call or a notice attends in any case; a visit to a tenant reaches the owner with the
chance `household.passed_on`.""")
def reached():
    for contact in (household.CALLED, household.NOTIFIED):
        assert household.reached_by(contact, household.LET, 0.3) == 1.0
    assert household.reached_by(household.VISITED, household.LET, 0.3) == 0.3
    assert household.reached_by(household.VISITED, household.OWNER_OCCUPIED, 0.3) == 1.0
    assert payment.attends(0.0, 0.15, 1.0)
    assert not payment.attends(0.0, 0.15, 0.3)


@says("until a call, visit or notice recalls it (`household.forgotten`, none by default).")
def forgotten():
    assert default("household.forgotten") == 0.0
    assert not payment.is_forgotten(0.0, 0.0)
    assert payment.recalls(0.5, 1.0)
    assert not payment.recalls(0.0, 0.0)


# --- seeing, trusting, being met -----------------------------------------------------------------------------


@says("the anchor is that of the usual price, 0.5 yuan/m2, whatever is asked.")
def usual_price():
    usual = default("household.price_reference")
    assert usual == 0.5
    felt = [
        household.price_felt(2.0, usual, code) for code in (household.AS_ANCHOR, household.AS_BURDEN, household.AS_BOTH)
    ]
    assert felt == [2.0, usual, 2.0]


@says("Trust moves towards the evidence, faster down than up.")
def trust_speeds():
    rise, asymmetry = default("trust.rise"), default("trust.asymmetry")
    up = household.update_trust(0.5, 0.7, rise, asymmetry) - 0.5
    assert 0.5 - household.update_trust(0.5, 0.3, rise, asymmetry) > up > 0.0


@says("""A new provider inherits two fifths of the trust; the rest starts from trust in the committee, if the
community serves, else from one half.""")
def inherited():
    assert abs(household.reset_trust(1.0, 0.0, default("trust.successor")) - 0.4) < 1e-12
    assert default("trust.fresh") == 0.5


@says("that in the residents' committee to less, while hours of its statutory work are missing (`trust.statutory`).")
def statutory():
    assert usual_trust(0.55, 0.5, 0.0, 100.0) == 0.55 > usual_trust(0.55, 0.5, 10.0, 100.0)


@says("where the voucher is trusted less than the provider, down by half as much (`trust.vouch_backfire`).")
def backfire():
    effect, back = default("trust.vouch_effect"), default("trust.vouch_backfire")
    up = household.vouched_trust(0.4, 0.6, 1.0, effect, back) - 0.4
    down = 0.4 - household.vouched_trust(0.4, 0.2, 1.0, effect, back)
    assert up > 0.0
    assert abs(down / up - 0.5) < 1e-9


@says("hours of cadres and members are turned into visits, half an hour each.")
def visit_time():
    assert default("contact.hours") == 0.5


@says("Both go more often to those who did not pay the last bill.")
def targets():
    target = default("contact.target")
    assert target_weight(0, 0.6, target) > 1.0 > target_weight(1, 0.6, target)


@says("informing and pressing depend on neither.")
def neither():
    for rule in (household.informed_belief, household.pressed, household.notified):
        assert not {"tie", "trust", "asker_trust", "voucher_trust"} & set(inspect.signature(rule.py_func).parameters)
    for rule in (household.asked, household.vouching):
        assert "tie" in inspect.signature(rule.py_func).parameters
