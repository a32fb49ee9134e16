"""The owners' committee (业委会), or an appointed property-management committee (物管会).

It forms where initiators, a quorum and a majority are found, or by appointment; it works as hard as reputation
and helpers make it; it can be captured, tire, and lose its term.
"""

from agents.rules.columns import Column
from agents.rules.compiling import rule
from agents.rules.numeric import clip, logistic, move

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
def joins_activists(base: float, efficacy: float, recruited: float, attention: float) -> float:
    """Return the chance per household and half-year to become an activist (positive sign: Ghorbani et al. 2020)."""
    return clip(base * (1.0 + 2.0 * efficacy) * (1.0 + 6.0 * recruited * attention), 0.0, 1.0)


@rule
def quits_activists(base: float, protected: float, opponents_share: float, efficacy: float) -> float:
    """Return an activist's chance to give up in half a year: attacks drive out, protection keeps (Wang Defu)."""
    return clip(base * (1.0 - protected) * (1.0 + 3.0 * opponents_share) * (1.0 - 0.5 * efficacy), 0.0, 1.0)


@rule
def half_year_begins(month: int) -> bool:
    """Say whether activists come and go this month, and a new committee may be asked for: every half-year."""
    return month % 6 == 0


@rule
def expected_number(n: int, chance: float) -> float:
    """Return the expected number out of n."""
    return n * chance


@rule
def active_after(active: int, joined: int, left: int) -> int:
    """Return the activists after some have joined and some of the earlier ones have left."""
    return active + joined - min(left, active)


@rule
def works_against(grievance: float, trust: float, chance: float, u: float) -> bool:
    """Say whether a household that does not pay works against those who organise: aggrieved and distrusting."""
    return grievance > 0.8 and trust < 0.35 and u < chance


@rule
def drawn_competence(mean: float, spread: float, u: float) -> float:
    """Return the competence of those elected or appointed; u in (0, 1), uniform law of half-width `spread`."""
    return clip(mean + spread * (2.0 * u - 1.0), 0.0, 1.0)


@rule
def able_effort(effort: float, competence: float) -> float:
    """Return effort as far as it finds something: at competence 1/2 as it is, half as much more or less beyond."""
    return clip(effort * (0.5 + competence), 0.0, 1.0)


@rule
def negotiated_rise(rise: float, able: float, strength: float) -> float:
    """Return the rise of the fee a firm asks for after an able committee has negotiated; strength at full ability."""
    return rise * (1.0 - strength * able)


@rule
def wanted_effort(
    efficacy: float, activists: int, needed: float, crowding: float, proxy: float, capture: float
) -> float:
    """Return the effort a committee settles at: helpers raise it, a capable proxy and capture lower it."""
    return logistic(0.2 + 2.4 * (efficacy - 0.4) + activists / needed - 1.0 - 3.6 * crowding * proxy - 1.5 * capture)


@rule
def next_effort(effort: float, wanted: float) -> float:
    """Return effort a month later, on its way to what the committee settles at."""
    return move(effort, wanted, 0.2)


@rule
def next_efficacy(efficacy: float, success: float, speed: float) -> float:
    """Return what owners think they can do together, after a success (1) or a failure (0)."""
    return move(efficacy, success, speed)


@rule
def audit_by_committee(audit: float, effort: float, capture: float, weight: float) -> float:
    """Return the chance that diverted money is noticed, a committee's own audit included."""
    return clip(audit + weight * effort * (1.0 - capture), 0.0, 1.0)


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
