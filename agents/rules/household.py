"""The household (住户): what it knows, how it sees service, whom it trusts, whether it pays.

Bill, decision and debt are the owner's; the impression of service is the occupant's. The owner of a let or
vacant dwelling sees only the bill and what is published. No form of governance appears in any rule here.
"""

import math

from agents.rules.columns import Column
from agents.rules.compiling import rule
from agents.rules.numeric import clip, move
from agents.rules.units import FEN, HALF, PEAK, UNIFORM_WIDTH

# payer types
FREE_RIDER, CONDITIONAL, UNCONDITIONAL = 0, 1, 2
# tenure
OWNER_OCCUPIED, LET, VACANT = 0, 1, 2
# party membership in the household
NO_MEMBER, EMBEDDED, SENT_DOWN = 0, 1, 2
# thirds of income
LOW_INCOME, MIDDLE_INCOME, HIGH_INCOME = 0, 1, 2
N_THIRDS = HIGH_INCOME + 1
# kinds of a decision on a bill
NO_BILL, VOLUNTARY, ASKED, ENFORCED, REFUSED, REPELLED, OVERLOOKED = 0, 1, 2, 3, 4, 5, 6
# ways of learning from neighbours
IMITATION, PAYOFF = 0, 1
# what a price does
AS_ANCHOR, AS_BURDEN, AS_BOTH = 0, 1, 2
# kinds of contact of one month, bits
CALLED, VISITED, NOTIFIED = 1, 2, 1 << 2
# who vouched
NO_VOUCHER, COMMITTEE, BRANCH = 0, 1, 2


class HouseholdReal(Column):
    """Real-valued columns of households."""

    INCOME = "yuan/month", "income of the household"
    INTERCEPT = "logit", "readiness to pay, type and own deviation included; the common level is a parameter"
    DISPOSITION = "logit", "lasting part of its luck with bills, drawn once"
    LOWEST = "logit", "reasons that exceed it pay at least one unpaid bill, others none"
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
    IRRITATION = "share", "memory of having been asked by people it does not trust"
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
    PAID = "0/1", "last decision on a bill that came"
    DECIDED = "0/1", "decision of this month, before all become visible at once"
    KIND = "code", "kind of the last decision"
    CONTACT = "bits", "reached this month by a call, a visit or a notice"
    UNPAID = "bits", "bit k: the bill issued k months ago is unpaid"
    FORGOTTEN = "bits", "bit k: that bill is forgotten until somebody recalls it"
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
    seen = clip(quality * taste + noise * (2.0 * u - 1.0) * UNIFORM_WIDTH, 0.0, 1.0)
    return move(perceived, seen, speed)


@rule
def price_anchor(base: float, per_log_price: float, price: float, reference_price: float, floor: float) -> float:
    """Return the quality expected at a price (yuan/m2/month): value for money (evidence R1, C12)."""
    return base + per_log_price * math.log(max(price, floor) / reference_price)


@rule
def own_price(rate: int, flat: int, area: int) -> float:
    """Return a household's monthly price in yuan per m2; rate in fen/m2, flat in fen."""
    return (rate + flat / area) / FEN


@rule
def price_felt(price: float, usual: float, channel: int) -> float:
    """Return the price that raises what is expected: the usual one where prices are felt as a burden alone."""
    if channel == AS_BURDEN:
        return usual
    return price


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
    return clip(HALF + from_quality * gap + from_accounts * open_books * (tolerated - leak), 0.0, 1.0)


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
def vouched_trust(trust: float, voucher_trust: float, dose: float, effect: float, backfire: float) -> float:
    """Return trust in the provider after someone has vouched for it.

    It is pulled towards the trust in the voucher: up by `effect`, down, where the voucher is trusted less than
    the provider itself, by the share `backfire` of that.
    """
    if voucher_trust > trust:
        return trust + dose * effect * (voucher_trust - trust)
    return trust + dose * effect * backfire * (voucher_trust - trust)


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
    return seen - PEAK * bias * seen * (1.0 - seen)


@rule
def weight_of_seen(n_ties: int, growth: float, usual: float) -> float:
    """Return how much of what neighbours do is learned from: all of it at growth 0, more with more ties above.

    usual : ties at which, with growth 1, half of it is.
    """
    return 1.0 - growth * usual / (usual + n_ties)


@rule
def update_belief(
    belief: float, neighbours: float, has_neighbours: bool, published: float, open_books: float, own_eyes: float,
    visibility: float, speed: float,
) -> float:  # fmt: skip
    """Return the believed share of payers after one bill.

    Neighbours count with weight own_eyes where figures are published, alone where they are not; who knows
    nobody learns from published figures only. visibility : how much of a neighbour's payment is seen and counts.
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
def owner_hears(tenure: int, amount: float, passed_on: float) -> float:
    """Return what reaches the owner of what happens at the door: a tenant passes on the share `passed_on`."""
    if tenure == OWNER_OCCUPIED:
        return amount
    return passed_on * amount


@rule
def reached_by(contact: int, tenure: int, passed_on: float) -> float:
    """Return how surely this month's contacts reach who decides on bills: calls and notices go to the owner."""
    if contact & (CALLED | NOTIFIED) != 0:
        return 1.0
    if contact & VISITED != 0:
        return owner_hears(tenure, 1.0, passed_on)
    return 0.0


@rule
def annoyed(irritation: float, dose: float, trust: float) -> float:
    """Return the memory of being asked after one more asking: the less the asker is trusted, the more it grows."""
    return irritation + dose * (1.0 - trust) * (1.0 - irritation)


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


# --- grievance -----------------------------------------------------------------------------------------------


@rule
def aggrieved(grievance: float, weight: float, how_severe: float, most: float) -> float:
    """Return grievance after something happened, or was waited for another month, up to the most there is."""
    return min(most, grievance + weight * how_severe)


@rule
def relieved(grievance: float, weight: float, how_severe: float) -> float:
    """Return grievance after a case was really settled."""
    return max(0.0, grievance - weight * how_severe)


@rule
def is_aggrieved(grievance: float, enough: float) -> bool:
    """Say whether a household is aggrieved enough to act: to petition, to oppose, to be loud."""
    return grievance > enough
