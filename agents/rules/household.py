"""The household (住户): what it knows, how it sees service, whom it trusts, whether it pays.

Bill, decision and debt are the owner's; the impression of service is the occupant's. The owner of a let or
vacant dwelling sees only the bill and what is published. No form of governance appears in any rule here.
"""

import math

from agents.rules.columns import Column
from agents.rules.compiling import rule
from agents.rules.numeric import clip, move

# payer types
FREE_RIDER, CONDITIONAL, UNCONDITIONAL = 0, 1, 2
# tenure
OWNER_OCCUPIED, LET, VACANT = 0, 1, 2
# party membership in the household
NO_MEMBER, EMBEDDED, SENT_DOWN = 0, 1, 2
# thirds of income
LOW_INCOME, MIDDLE_INCOME, HIGH_INCOME = 0, 1, 2
# kinds of a decision on a bill
NO_BILL, VOLUNTARY, ASKED, ENFORCED, REFUSED, REPELLED = 0, 1, 2, 3, 4, 5
# ways of learning from neighbours
IMITATION, PAYOFF = 0, 1
# kinds of contact of one month, bits
CALLED, VISITED = 1, 2
# who vouched
NO_VOUCHER, COMMITTEE, BRANCH = 0, 1, 2

MEMORY_MONTHS = 37
"""An unpaid bill is remembered up to 36 months: then the claim has lapsed (Civil Code art. 188, three years)."""
OLD_DEBT_MONTHS = 8
MEMORY_MASK = (1 << MEMORY_MONTHS) - 1
NOT_SUED, SUED, CONDEMNED = 0, 1, 2
YOUNG_MONTHS, MIDDLE_MONTHS = 3, 12
"""A debt is young up to 3 months of age, middle-aged up to 12, then old."""


class HouseholdReal(Column):
    """Real-valued columns of households."""

    INCOME = "yuan/month", "income of the household"
    INTERCEPT = "logit", "readiness to pay, type and own deviation included; the common level is a parameter"
    TASTE = "ratio", "how generously this household judges service"
    QUALITY = "quality", "impression of service and facilities"
    REFERENCE = "quality", "what it expects"
    ANCHOR = "quality", "what it would expect at the price alone"
    TRUST_PROVIDER = "trust", "trust in the provider"
    TRUST_COMMITTEE = "trust", "trust in the residents' committee"
    TRUST_BRANCH = "trust", "trust in the party branch and its members"
    TRUST_STREET = "trust", "trust in the sub-district"
    TRUST_OWNERS = "trust", "trust in the owners' committee"
    TRUST_SOCIAL = "trust", "trust in social organisations"
    BELIEF = "share", "share of others believed to pay"
    HABIT = "share", "habit of paying"
    BAILOUT = "share", "belief that others will pay in the end"
    VOICE = "share", "belief that complaining helps"
    GRIEVANCE = "severity", "grievance carried along"
    ENFORCEMENT = "share", "perceived enforcement"
    SUASION = "share", "strength with which it was asked this month"
    PRESSURE = "share", "memory of having been pressed"
    WEAR = "share", "how worn out suasion is"
    PAYOFF = "logit", "payoff of the last decision"
    PAYOFF_DECIDED = "logit", "payoff of this month's decision, before all become visible at once"
    TRUST_HEARD = "trust", "trust in the provider after listening to others (written before all move at once)"
    CHANCE_PAY = "share", "this month's draw for paying"
    NOISE = "share", "this month's draw for the error of an impression"
    CHANCE_CALL = "share", "this month's draw for being called"
    CHANCE_FAULT = "share", "this month's draw for a fault or dispute"


class HouseholdWhole(Column):
    """Integer columns of households."""

    ID = "id", "number in its estate, never reused"
    ESTATE = "index", "estate it lives in"
    AREA = "m2", "floor area"
    PAYER_TYPE = "code", "free rider, conditional or unconditional"
    TENURE = "code", "owner-occupied, let or vacant"
    MEMBER = "code", "no member, embedded neighbour or sent down"
    ELDERLY = "0/1", "people over 60"
    INCOME_THIRD = "code", "lowest, middle or highest third of the incomes that households are drawn from"
    VULNERABLE = "0/1", "bereaved, widowed, disabled or wubao elderly"
    DIGITAL = "0/1", "uses the phone for it"
    STAIR = "id", "stair unit in the estate"
    BUILDING = "id", "building in the estate"
    COVENANT = "0/1", "signed the residents' covenant"
    PAID = "0/1", "last decision on a bill"
    DECIDED = "0/1", "decision of this month, before all become visible at once"
    KIND = "code", "kind of the last decision"
    CONTACT = "bits", "reached this month by a call or a visit"
    UNPAID = "bits", "bit k: the bill issued k months ago is unpaid"
    EVER_PAID = "0/1", "paid at least once since the policy month"
    VOUCHER = "code", "who vouched for the provider: nobody, committee or branch"
    CARED = "0/1", "was cared for when care was last given in the estate"
    PRESSER = "code", "who pressed last: nobody, committee or branch"
    SUED = "code", "not sued, suit pending, or suit ended: then the debts are due"


# --- perception ----------------------------------------------------------------------------------------------


@rule
def impression(perceived: float, quality: float, taste: float, u: float, noise: float, speed: float) -> float:
    """Return the impression of service after one month.

    quality, perceived in [0, 1]; u in (0, 1) gives an error of standard deviation `noise` (uniform law).
    """
    seen = clip(quality * taste + noise * (2.0 * u - 1.0) * math.sqrt(3.0), 0.0, 1.0)
    return move(perceived, seen, speed)


@rule
def price_anchor(base: float, per_log_price: float, price: float, reference_price: float, floor: float) -> float:
    """Return the quality expected at a price (yuan/m2/month): value for money (evidence R1, C12)."""
    return base + per_log_price * math.log(max(price, floor) / reference_price)


@rule
def own_price(rate: int, flat: int, area: int) -> float:
    """Return a household's monthly price in yuan per m2; rate in fen/m2, flat in fen."""
    return (rate + flat / area) / 100.0


@rule
def owner_sees(tenure: int, gap: float, open_books: float) -> float:
    """Return the quality gap as the owner knows it: an absent owner knows only what is published."""
    if tenure == OWNER_OCCUPIED:
        return gap
    return open_books * gap


@rule
def quality_gap(tenure: int, perceived: float, reference: float, open_books: float) -> float:
    """Return quality seen minus quality expected, as the owner knows it."""
    return owner_sees(tenure, perceived - reference, open_books)


@rule
def shift_reference(reference: float, old_anchor: float, new_anchor: float) -> float:
    """Return the reference quality after a change of price: it moves as far as the price anchor does."""
    return reference + (new_anchor - old_anchor)


@rule
def adapt_reference(reference: float, perceived: float, anchor: float, absorbed: float, speed: float) -> float:
    """Return the reference quality after one month: part price anchor, part experience."""
    return move(reference, (1.0 - absorbed) * anchor + absorbed * perceived, speed)


# --- trust ---------------------------------------------------------------------------------------------------


@rule
def provider_evidence(
    gap: float, from_quality: float, open_books: float, leak: float, tolerated: float, from_accounts: float
) -> float:
    """Return the trustworthiness read from one month: service against expectation, and open books.

    Open books lower it where the diversion they show exceeds what is tolerated (Korobow et al. 2007).
    """
    return clip(0.5 + from_quality * gap + from_accounts * open_books * (tolerated - leak), 0.0, 1.0)


@rule
def update_trust(trust: float, evidence: float, rise: float, asymmetry: float) -> float:
    """Return trust after evidence: a delta rule with two rates (an additive rule would ratchet to zero)."""
    if evidence >= trust:
        return trust + rise * (evidence - trust)
    return trust + min(1.0, rise * asymmetry) * (evidence - trust)


@rule
def heard(difference: float, confidence: float) -> bool:
    """Say whether an opinion is listened to: bounded confidence (Deffuant et al. 2000)."""
    return abs(difference) <= confidence


@rule
def listen(
    total: float, weight: float, trust: float, other: float, tie: float, confidence: float
) -> tuple[float, float]:
    """Return the weighted sum of opinions and the sum of weights with one more opinion, if it is listened to."""
    if heard(other - trust, confidence):
        return total + tie * other, weight + tie
    return total, weight


@rule
def pull_trust(trust: float, weighted_sum: float, weight: float, pull: float) -> float:
    """Return trust pulled towards the weighted mean of those listened to (DeGroot 1974 where pull = 1)."""
    if weight <= 0.0:
        return trust
    return trust + pull * (weighted_sum / weight - trust)


@rule
def reset_trust(trust: float, fresh: float, successor: float) -> float:
    """Return trust in a new provider: part inherited, part started afresh at `fresh`."""
    return move(trust, fresh, successor)


@rule
def vouching(dose: float, tie: float) -> float:
    """Return how strongly a visitor vouches."""
    return dose * tie


@rule
def vouched_trust(trust: float, voucher_trust: float, dose: float, effect: float) -> float:
    """Return trust in the provider after someone trusted more has vouched for it."""
    if voucher_trust <= trust:
        return trust
    return trust + dose * effect * (voucher_trust - trust)


@rule
def voucher_loss(trust: float, gap: float, liability: float, firm_left: bool, liability_exit: float) -> float:
    """Return trust in the voucher after a month: it falls with a shortfall of service and when the firm leaves."""
    loss = liability * max(0.0, -gap)
    if firm_left:
        loss += liability_exit
    return clip(trust - loss, 0.0, 1.0)


# --- beliefs -------------------------------------------------------------------------------------------------


@rule
def talked_about(seen: float, bias: float) -> float:
    """Return the share of payers heard of: non-payment is talked about more (evidence R2)."""
    return seen - 4.0 * bias * seen * (1.0 - seen)


@rule
def update_belief(
    belief: float, neighbours: float, has_neighbours: bool, published: float, open_books: float, own_eyes: float,
    visibility: float, speed: float,
) -> float:  # fmt: skip
    """Return the believed share of payers after one bill.

    Neighbours count with weight own_eyes where figures are published, alone where they are not; who knows
    nobody learns from published figures only.
    """
    if has_neighbours:
        weight = 1.0 - open_books * (1.0 - own_eyes)
        target = weight * neighbours + (1.0 - weight) * published
        return move(belief, target, speed * visibility)
    return move(belief, published, speed * open_books * (1.0 - own_eyes))


@rule
def compare_payoffs(sum_paid: float, sum_unpaid: float, paid: int, payoff: float) -> tuple[float, float]:
    """Return the payoffs of payers and of non-payers one sees, each summed, with one more."""
    if paid == 1:
        return sum_paid + payoff, sum_unpaid
    return sum_paid, sum_unpaid + payoff


@rule
def payoff_belief(
    belief: float, sum_paid: float, n_paid: int, sum_unpaid: float, n_unpaid: int, visibility: float, speed: float
) -> float:
    """Return the inclination to pay learned from payoffs of payers and non-payers one sees (Burton-Chellew 2015).

    It moves to 1 where payers seem better off, to 0 where non-payers do, and stays where only one kind is seen.
    """
    if n_paid == 0 or n_unpaid == 0:
        return belief
    target = 1.0 if sum_paid / n_paid > sum_unpaid / n_unpaid else 0.0
    return move(belief, target, speed * visibility)


@rule
def informed_belief(belief: float, published: float, dose: float, effect: float) -> float:
    """Return the believed share of payers after a visitor told the true one."""
    return move(belief, published, dose * effect)


# --- contacts as they arrive ---------------------------------------------------------------------------------


@rule
def asked(suasion: float, dose: float, tie: float, asker_trust: float) -> float:
    """Return the strength of having been asked, the strongest of the month: tie times trust in the asker."""
    return max(suasion, dose * tie * asker_trust)


@rule
def worn_out(wear: float, speed: float, dose: float) -> float:
    """Return how worn out suasion is after one more asking."""
    return move(wear, 1.0, speed * dose)


@rule
def fading(pressure: float, kept: float) -> float:
    """Return the memory of pressure a month later."""
    return pressure * kept


@rule
def pressed(pressure: float, dose: float) -> float:
    """Return the memory of pressure after one more pressing visit."""
    return pressure + dose * (1.0 - pressure)


@rule
def notified(enforcement: float, dose: float, notice: float) -> float:
    """Return perceived enforcement after a call of the collector or a pressing visit."""
    return enforcement + dose * notice * (1.0 - enforcement)


# --- the decision to pay -------------------------------------------------------------------------------------


@rule
def burden(bill: int, months: int, income: float) -> float:
    """Return the monthly bill in percent of monthly income; bill in fen, income in yuan (fen / yuan = percent)."""
    return bill / months / income


@rule
def social_term(payer_type: int, belief: float, self_serving: float, b_social: float) -> float:
    """Return what others' payment adds, to conditional cooperators only (Fischbacher 2001; Brock & Durlauf 2001)."""
    if payer_type != CONDITIONAL:
        return 0.0
    return b_social * (2.0 * (belief - self_serving) - 1.0)


@rule
def readiness(common: float, own: float) -> float:
    """Return a household's readiness to pay: the common level and its own difference."""
    return common + own


@rule
def own_readiness(payer_type: int, deviation: float, shift_free: float, shift_unconditional: float) -> float:
    """Return how far a household's readiness lies from the common level."""
    if payer_type == FREE_RIDER:
        return deviation - shift_free
    if payer_type == UNCONDITIONAL:
        return deviation + shift_unconditional
    return deviation


@rule
def plain_utility(
    intercept: float, gap: float, trust: float, social: float, habit: float, signed: int, percent_of_income: float,
    bailout: float, grievance: float, voice: float, b_quality: float, b_trust: float, b_habit: float,
    b_covenant: float, b_burden: float, b_bailout: float, b_grievance: float,
) -> float:  # fmt: skip
    """Return the utility of paying when nobody asks, enforces or presses (random utility, mechanisms H1).

    gap : quality seen minus quality expected; percent_of_income : the bill's burden. Withholding in protest
    weakens where complaining helps (voice).
    """
    return (
        intercept
        + b_quality * gap
        + b_trust * (2.0 * trust - 1.0)
        + social
        + b_habit * (2.0 * habit - 1.0)
        + b_covenant * signed
        - b_burden * percent_of_income
        - b_bailout * bailout
        - b_grievance * min(grievance, 2.0) * (1.0 - voice)
    )


@rule
def suasion_term(suasion: float, wear: float, b_suasion: float) -> float:
    """Return what having been asked adds; repetition wears it out (Ito, Ida & Tanaka 2018)."""
    return b_suasion * suasion * (1.0 - wear)


@rule
def enforcement_term(enforcement: float, trust: float, b_enforcement: float, enforcement_trust: float) -> float:
    """Return what perceived enforcement adds; trust may make it superfluous or stronger (slippery slope)."""
    return b_enforcement * enforcement * (1.0 - enforcement_trust * trust)


@rule
def reactance_term(pressure: float, trust: float, b_reactance: float) -> float:
    """Return what pressure takes away, less where the one who presses is trusted."""
    return -b_reactance * pressure * (1.0 - trust)


@rule
def trust_in_presser(presser: int, committee: float, branch: float) -> float:
    """Return the trust in whoever pressed last, given that in residents' committee and in branch."""
    if presser == BRANCH:
        return branch
    return committee


@rule
def decision_kind(threshold: float, plain: float, suasion: float, enforcement: float, reactance: float) -> int:
    """Return the kind of a decision: the same draw judges it with and without asking, enforcing and pressing.

    threshold : utility above which this household says yes this time, from its draw.
    """
    if plain + suasion + enforcement + reactance > threshold:
        if plain > threshold:
            return VOLUNTARY
        if plain + suasion > threshold:
            return ASKED
        return ENFORCED
    if plain > threshold:
        return REPELLED
    return REFUSED


@rule
def pays(kind: int) -> int:
    """Say whether a decision of this kind pays (1) or not (0)."""
    if kind == VOLUNTARY or kind == ASKED or kind == ENFORCED:
        return 1
    return 0


@rule
def decision_payoff(
    paid: int, gap: float, percent_of_income: float, enforcement: float, b_quality: float, b_burden: float
) -> float:
    """Return the payoff of a decision as neighbours may read it: service, less the bill or the threat."""
    if paid == 1:
        return b_quality * gap - b_burden * percent_of_income
    return b_quality * gap - enforcement


# --- grievance -----------------------------------------------------------------------------------------------


@rule
def aggrieved(grievance: float, weight: float, how_severe: float) -> float:
    """Return grievance after something happened, or was waited for another month; at most 3."""
    return min(3.0, grievance + weight * how_severe)


@rule
def relieved(grievance: float, weight: float, how_severe: float) -> float:
    """Return grievance after a case was really settled."""
    return max(0.0, grievance - weight * how_severe)


@rule
def is_aggrieved(grievance: float) -> bool:
    """Say whether a household is aggrieved enough to petition with others."""
    return grievance > 0.8


# --- arrears -------------------------------------------------------------------------------------------------


@rule
def is_due(month: int, period: int) -> bool:
    """Say whether a bill is issued this month: every `period` months, counted from the policy month."""
    return month % period == 0


@rule
def over_period(amount: int, months: int) -> int:
    """Return a monthly rate or flat fee (fen) for a bill of so many months."""
    return amount * months


@rule
def place_in_order(u: float, number: int) -> int:
    """Return a household's place where decisions follow one another: by its draw, then by its number."""
    return (int(u * 2.0**32) << 30) + number


@rule
def age_debts(unpaid: int) -> int:
    """Return the unpaid bills one month later; the oldest lapse."""
    return (unpaid << 1) & MEMORY_MASK


@rule
def owes(unpaid: int, age: int) -> bool:
    """Say whether the bill issued `age` months ago is unpaid."""
    return (unpaid >> age) & 1 == 1


@rule
def add_debt(unpaid: int) -> int:
    """Return the unpaid bills with this month's among them."""
    return unpaid | 1


@rule
def pay_debt(unpaid: int, age: int) -> int:
    """Return the unpaid bills without the one issued `age` months ago."""
    return unpaid ^ (1 << age)


@rule
def debt_class(age: int) -> int:
    """Return 0 for a young debt, 1 for a middle-aged, 2 for an old one; age in months."""
    if age <= YOUNG_MONTHS:
        return 0
    if age <= MIDDLE_MONTHS:
        return 1
    return 2


@rule
def oldest_debt(unpaid: int, claim_months: int) -> int:
    """Return the age of the oldest unpaid bill not older than claim_months, or -1."""
    for age in range(min(claim_months, MEMORY_MONTHS - 1), -1, -1):
        if owes(unpaid, age):
            return age
    return -1


@rule
def with_old_debt(unpaid: int) -> bool:
    """Say whether a bill older than 8 months is unpaid: old enough for a suit (evidence D10 to D12)."""
    return unpaid >> (OLD_DEBT_MONTHS + 1) != 0


@rule
def bill_of(area: int, rate: int, flat: int) -> int:
    """Return a household's bill in fen: rate (fen per m2) and flat part (fen per household)."""
    return area * rate + flat
