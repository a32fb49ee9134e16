"""The owners' committee (业委会), or an appointed property-management committee (物管会).

It forms where initiators, a quorum and a majority are found, or by appointment; it works as hard as reputation
and helpers make it; it can be captured, tire, and lose its term.
"""

from agents.rules.columns import Column
from agents.rules.compiling import rule
from agents.rules.numeric import clip, logistic, move
from agents.rules.units import HALF, HALF_YEAR

# how it came about
NONE, ELECTED, APPOINTED = 0, 1, 2


class OwnersReal(Column):
    """Real-valued columns of the owners' side."""

    EFFORT = "share", "effort of the committee"
    CAPTURE = "share", "capture by firm or officials"
    EFFICACY = "share", "what owners think they can do together"
    TURNOUT = "share", "share of owners who took part in the last vote"
    ESTATE_EFFECT = "logit", "the estate's own readiness to take part"
    COMPETENCE = "share", "what the committee knows of accounts and contracts"


class OwnersWhole(Column):
    """Integer columns of the owners' side."""

    COMMITTEE = "code", "none, elected or appointed"
    TERM = "months", "months left of its term"
    ACTIVISTS = "persons", "owners who would do the work"
    OPPONENTS = "persons", "owners who work against it"
    VOTES = "votes", "votes held"
    PASSED = "votes", "votes that bound"
    DISMISSED = "0/1", "the owners have dismissed the firm this month"
    LETTING = "0/1", "the owners have voted to let common parts"
    ACCOUNTS = "0/1", "the committee shows its accounts"


@rule
def joins_activists(
    base: float, efficacy: float, by_efficacy: float, recruited: float, attention: float, by_recruiting: float
) -> float:
    """Return the chance per household and half-year to become an activist (positive sign: Ghorbani et al. 2020)."""
    return clip(base * (1.0 + by_efficacy * efficacy) * (1.0 + by_recruiting * recruited * attention), 0.0, 1.0)


@rule
def quits_activists(
    base: float, protected: float, opponents_share: float, by_opponents: float, efficacy: float, by_efficacy: float
) -> float:
    """Return an activist's chance to give up in half a year: attacks drive out, protection keeps (Wang Defu)."""
    attacked = 1.0 + by_opponents * opponents_share
    return clip(base * (1.0 - protected) * attacked * (1.0 - by_efficacy * efficacy), 0.0, 1.0)


@rule
def half_year_begins(month: int) -> bool:
    """Say whether activists come and go this month, and a new committee may be asked for: every half-year."""
    return month % HALF_YEAR == 0


@rule
def expected_number(n: int, chance: float) -> float:
    """Return the expected number out of n."""
    return n * chance


@rule
def active_after(active: int, joined: int, left: int) -> int:
    """Return the activists after some have joined and some of the earlier ones have left."""
    return active + joined - min(left, active)


@rule
def works_against(aggrieved: bool, trust: float, distrust: float, chance: float, u: float) -> bool:
    """Say whether a household that does not pay works against those who organise: aggrieved and distrusting."""
    return aggrieved and trust < distrust and u < chance


@rule
def drawn_competence(mean: float, spread: float, u: float) -> float:
    """Return the competence of those elected or appointed; u in (0, 1), uniform law of half-width `spread`."""
    return clip(mean + spread * (2.0 * u - 1.0), 0.0, 1.0)


@rule
def able_effort(effort: float, competence: float) -> float:
    """Return effort as far as it finds something: at competence 1/2 as it is, half as much more or less beyond."""
    return clip(effort * (HALF + competence), 0.0, 1.0)


@rule
def negotiated_rise(rise: float, able: float, strength: float) -> float:
    """Return the rise of the fee a firm asks for after an able committee has negotiated; strength at full ability."""
    return rise * (1.0 - strength * able)


@rule
def wanted_effort(
    base: float, efficacy: float, by_efficacy: float, activists: int, needed: float, crowding: float, proxy: float,
    by_proxy: float, capture: float, by_capture: float,
) -> float:  # fmt: skip
    """Return the effort a committee settles at: helpers raise it, a capable proxy and capture lower it.

    base : logits with as many helpers as it takes to start, efficacy, proxy and capture at 0.
    """
    helped = activists / needed - 1.0
    return logistic(base + by_efficacy * efficacy + helped - by_proxy * crowding * proxy - by_capture * capture)


@rule
def next_effort(effort: float, wanted: float, speed: float) -> float:
    """Return effort a month later, on its way to what the committee settles at."""
    return move(effort, wanted, speed)


@rule
def next_efficacy(efficacy: float, success: float, speed: float) -> float:
    """Return what owners think they can do together, after a success (1) or a failure (0)."""
    return move(efficacy, success, speed)


@rule
def audit_by_committee(audit: float, effort: float, capture: float, weight: float) -> float:
    """Return the chance that diverted money is noticed, a committee's own audit included."""
    return clip(audit + weight * effort * (1.0 - capture), 0.0, 1.0)


@rule
def auditing_dose(hours: float, full: float, captured: float) -> float:
    """Return how closely cadres look into a firm's accounts: by their hours, less the captured among them."""
    return min(1.0, hours / full) * (1.0 - captured)


@rule
def leak_with_officers(leak: float, captured: float, captured_leak: float) -> float:
    """Return the diverted share of a firm's spending where cross-appointed officers are captured."""
    return clip(leak + captured_leak * captured, 0.0, 1.0)


@rule
def margin_with_officers(margin: float, captured: float, shirking: float) -> float:
    """Return the share of revenue a firm keeps where captured officers tolerate that it saves on service."""
    return margin + shirking * captured


@rule
def padded_cost(cost: float, captured: float, padding: float) -> float:
    """Return what a repair costs where captured officers approve padded bills; in yuan."""
    return cost * (1.0 + padding * captured)


@rule
def waves_rise_through(u: float, captured: float, chance: float) -> bool:
    """Say whether captured officers grant a losing firm the rise it asks for, where no owners' committee is."""
    return u < captured * chance


@rule
def initiators_needed(needed: float, push: float) -> float:
    """Return the activists needed to start a committee where the sub-district pushes and finds some itself."""
    return needed * (1.0 - push)


@rule
def padded_leak(leak: float, padding: float, cost_plus: bool) -> float:
    """Return the diverted share nobody looks after: a cost-plus contract invites padding of the accounts."""
    if cost_plus:
        return leak * (1.0 + padding)
    return leak


@rule
def contract_works(committee: int, term: float) -> float:
    """Return a term of the contract (two keys, cost-plus): it works only while a committee lives that uses it."""
    if committee == NONE:
        return 0.0
    return term


@rule
def leak_with_committee(
    leak: float, audit: float, capture: float, effort: float, two_keys: float, captured_leak: float
) -> float:
    """Return the diverted share of spending: audits and a second key lower it, a captured committee lets it grow."""
    return clip(leak * (1.0 - audit) * (1.0 - two_keys) + captured_leak * capture * (1.0 - effort), 0.0, 1.0)


@rule
def committee_hours(committee: int, effort: float, at_full_effort: float) -> float:
    """Return the unpaid hours of an owners' committee in a month, none without one."""
    if committee == NONE:
        return 0.0
    return effort * at_full_effort


@rule
def signing_hours(two_keys: float, at_full_share: float) -> float:
    """Return the unpaid hours that an owners' committee spends on signing a firm's spending."""
    return two_keys * at_full_share


@rule
def activist_hours(recruited: float, attention: float, protected: float, at_full_dose: float) -> float:
    """Return the cadres' hours of looking for activists, as far as attention goes, and of protecting them."""
    return (recruited * attention + protected) * at_full_dose


@rule
def carrying_hours(votes: int, organised: float, by_vote: float) -> float:
    """Return the hours of those who carry ballots from door to door for the votes of a month."""
    return votes * organised * by_vote
