"""What a run is judged by: every outcome, declared once with unit, direction and how it is computed.

An outcome is a formula over the monthly totals (`sim.totals`). One that does not exist in a month (no bill,
no provider) is missing, NaN here and a null in files, and never a zero.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from agents.rules.case import SPAN
from agents.rules.provider import FIRM, NOBODY
from sim.durations import firms_gone, gain_half_life, months_to_exit
from sim.totals import Total

WINDOW = 12
"""Months that a payment rate looks back on."""


class Months:
    """Totals of many runs by name: `months[Total.FEES]` is int64, shape (run, month), summed over estates.

    totals : (run, month, total, estate); first : index of the policy month, beyond the months where none is among them.
    """

    def __init__(self, totals: np.ndarray, first: int) -> None:
        self._totals = totals
        self.first = first

    def __getitem__(self, total: Total) -> np.ndarray:
        """Return one total, summed over estates."""
        return np.asarray(self._totals[:, :, total, :].sum(axis=-1))

    def by_estate(self, total: Total) -> np.ndarray:
        """Return one total, shape (run, month, estate)."""
        return np.asarray(self._totals[:, :, total, :])

    def mean(self, total: Total) -> np.ndarray:
        """Return the mean of a total over estates, weighted by their dwellings, shape (run, month)."""
        weight = self.by_estate(Total.N_HOUSEHOLDS)
        return ratio((self.by_estate(total) * weight).sum(axis=-1), weight.sum(axis=-1))


def ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return part / whole, NaN where whole is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole == 0, np.nan, part / np.where(whole == 0, 1, whole))


def over_window(values: np.ndarray, window: int = WINDOW) -> np.ndarray:
    """Return the sum over each month and the `window` - 1 before it (fewer at the start), shape (run, month)."""
    sums = np.cumsum(values, axis=1)
    late = sums[:, window:] - sums[:, :-window]
    return np.concatenate([sums[:, :window], late], axis=1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome: `better` is +1 where more is better, -1 where less is, 0 where it only informs."""

    name: str
    label: str
    unit: str
    better: int
    about: str
    compute: Callable[[Months], np.ndarray]
    headline: bool = False
    total: bool = False
    """True for a flow that is summed, not read at the end, to judge a whole run."""
    whole: bool = False
    """True where all months from the policy month on are looked at, not just the last WINDOW."""

    def summary(self) -> str:
        """Say how a run's months become one number."""
        return "mean over the months after the policy month" if self.total else "value in the last month"


def _summed(months: Months, totals: tuple[Total, ...]) -> np.ndarray:
    return np.asarray(np.sum([months[total] for total in totals], axis=0))


def _paid_by_age(paid: Total, due: Total) -> Callable[[Months], np.ndarray]:
    return lambda m: ratio(over_window(m[paid]), over_window(m[due]))


def _covered(*paid: Total, returned: bool = True) -> Callable[[Months], np.ndarray]:
    def covered(m: Months) -> np.ndarray:
        back = m[Total.FEES_RETURNED] if returned else 0
        return ratio(over_window(_summed(m, paid) - back), over_window(m[Total.STANDARD_COST]))

    return covered


def _of_those(part: Total, whole: Total) -> Callable[[Months], np.ndarray]:
    return lambda m: ratio(m[part], m[whole])


def _owing_none(m: Months) -> np.ndarray:
    owing = _summed(m, (Total.N_OWING_1, Total.N_OWING_2, Total.N_OWING_3))
    return ratio(m[Total.N_CLAIMED] - owing, m[Total.N_CLAIMED])


def _of_debtors(total: Total) -> Callable[[Months], np.ndarray]:
    return lambda m: ratio(m[total], _summed(m, (Total.N_OWING_1, Total.N_OWING_2, Total.N_OWING_3)))


def _of_suits(*ends: Total) -> Callable[[Months], np.ndarray]:
    return lambda m: ratio(over_window(_summed(m, ends)), over_window(m[Total.SUITS_ENDED]))


def _favour(m: Months) -> np.ndarray:
    opened, settled = over_window(m[Total.OPENED_MEMBERS]), over_window(m[Total.RESOLVED_MEMBERS])
    others = ratio(over_window(m[Total.RESOLVED]) - settled, over_window(m[Total.OPENED]) - opened)
    return np.asarray(ratio(settled, opened) - others)


def _of_households(total: Total, scale: float = 1.0) -> Callable[[Months], np.ndarray]:
    return lambda m: ratio(m[total] * scale, m[Total.N_HOUSEHOLDS])


def _of_bills(*kinds: Total) -> Callable[[Months], np.ndarray]:
    return lambda m: ratio(over_window(_summed(m, kinds)), over_window(m[Total.N_BILLED]))


def _paid_served(total: Total) -> Callable[[Months], np.ndarray]:
    cells = (Total.PAID_SERVED, Total.PAID_UNSERVED, Total.UNPAID_SERVED, Total.UNPAID_UNSERVED)
    return lambda m: ratio(over_window(m[total]), over_window(_summed(m, cells)))


def _where(
    compute: Callable[[Months], np.ndarray], total: Total, nobody: int
) -> Callable[[Months], np.ndarray]:
    """Leave an outcome missing in months in which `total` says `nobody` for every estate."""
    return lambda m: np.where((m.by_estate(total) == nobody).all(axis=-1), np.nan, compute(m))


def _share_of_estates(test: Callable[[np.ndarray], np.ndarray]) -> Callable[[Months], np.ndarray]:
    return lambda m: np.asarray(test(m.by_estate(Total.PROVIDER)).mean(axis=-1))


def _resolved_within(resolved: Total, issues: Total) -> Callable[[Months], np.ndarray]:
    return lambda m: ratio(over_window(m[resolved]), over_window(m[issues]))


def _of_issues(*ends: Total) -> Callable[[Months], np.ndarray]:
    return lambda m: ratio(over_window(_summed(m, ends)), over_window(m[Total.ARISEN]))


def _delivered(m: Months) -> np.ndarray:
    worth = (m.by_estate(Total.DELIVERED) * _MILLIONTH * m.by_estate(Total.STANDARD_COST)).sum(axis=-1)
    return ratio(over_window(worth), over_window(m[Total.SPENT]))


def _gap_by_income(m: Months) -> np.ndarray:
    high = ratio(over_window(m[Total.N_PAID_3_HIGH]), over_window(m[Total.N_DUE_3_HIGH]))
    return np.asarray(high - ratio(over_window(m[Total.N_PAID_3_LOW]), over_window(m[Total.N_DUE_3_LOW])))


def _gap_by_age(m: Months) -> np.ndarray:
    n_others = m[Total.N_OBSERVERS] - m[Total.N_ELDERLY]
    others = ratio((m[Total.SATISFACTION] - m[Total.SATISFACTION_ELDERLY]) * _MILLIONTH, n_others)
    return np.asarray(ratio(m[Total.SATISFACTION_ELDERLY] * _MILLIONTH, m[Total.N_ELDERLY]) - others)


_MILLIONTH = 1e-6
_PER_YEAR = 12.0
_YUAN = 0.01

_ALL = (
    Outcome(
        "payment_rate", "Bills paid", "share of money", +1,
        "bills that reached 3 months of age in the last 12 months: share of money paid by that age; missing without bills",
        _paid_by_age(Total.PAID_3, Total.DUE_3), headline=True,
    ),
    Outcome(
        "cost_covered", "Cost covered by fees", "household yuan per yuan of standard cost", +1,
        "money paid by households, old debts included, over the cost of service to standard, last 12 months; rises with the price, so read it "
        "beside the bills paid; 0 without a provider",
        _covered(Total.FEES, Total.ARREARS_PAID), headline=True,
    ),
    Outcome(
        "cost_covered_current", "Cost covered by this month's bills", "household yuan per yuan of standard cost", +1,
        "of that, paid of bills in the month in which they came", _covered(Total.FEES),
    ),
    Outcome(
        "cost_covered_debts", "Cost covered by old debts", "household yuan per yuan of standard cost", 0,
        "of that, paid of bills of earlier months; fees given back count in neither", _covered(Total.ARREARS_PAID, returned=False),
    ),
    Outcome(
        "payment_rate_12", "Bills paid within 12 months", "share of money", +1,
        "bills that reached 12 months of age in the last 12 months: share of money paid by that age",
        _paid_by_age(Total.PAID_12, Total.DUE_12),
    ),
    Outcome(
        "payment_rate_households", "Bills paid, by number", "share of bills", +1,
        "bills that reached 3 months of age in the last 12 months: share of bills paid by that age",
        _paid_by_age(Total.N_PAID_3, Total.N_DUE_3),
    ),
    Outcome(
        "reported_payment_rate", "Bills paid, as reported", "share of money, may exceed 1", 0,
        "the payment rate as the body above is told: cleaned denominators and public money booked as fees change it, and never the true rate",
        _paid_by_age(Total.REPORTED_PAID, Total.REPORTED_DUE),
    ),
    Outcome(
        "payment_gap_income", "Payment gap by income", "difference of shares", 0,
        "payment rate by households of the highest third of incomes less that of the lowest; above 0 the poor pay less often",
        _gap_by_income,
    ),
    Outcome(
        "fee_burden_low", "Fee burden of the lowest third", "percent of income", -1,
        "bills of the last 12 months to the lowest third of incomes over their income in these months; 0 without bills",
        lambda m: ratio(over_window(m[Total.BILLED_LOW]) * 100.0, over_window(m[Total.INCOME_LOW])),
    ),
    Outcome(
        "service", "Service", "quality 0-1", +1, "service of the month", lambda m: m.mean(Total.SERVICE) * _MILLIONTH, headline=True
    ),
    Outcome(
        "quality", "Quality", "quality 0-1", +1, "service and facilities together", lambda m: m.mean(Total.QUALITY) * _MILLIONTH
    ),
    Outcome(
        "facility_visible", "Visible facilities", "stock 0-1", +1, "what is seen", lambda m: m.mean(Total.VISIBLE) * _MILLIONTH,
    ),
    Outcome(
        "facility_invisible", "Invisible facilities", "stock 0-1", +1, "pipes, roofs, wiring",
        lambda m: m.mean(Total.INVISIBLE) * _MILLIONTH,
    ),
    Outcome(
        "satisfaction", "Satisfaction", "quality 0-1", +1, "impression of quality, mean of those at home",
        lambda m: ratio(m[Total.SATISFACTION] * _MILLIONTH, m[Total.N_OBSERVERS]),
    ),
    Outcome(
        "satisfaction_gap_age", "Satisfaction gap by age", "difference of quality 0-1", 0,
        "satisfaction of households of people over 60 less that of the others; no rule treats ages differently, so it shows chance",
        _gap_by_age,
    ),
    Outcome(
        "unresolved", "Trouble left over", "severity per 100 dwellings", -1,
        "severity of cases open or closed on paper, and of those dropped that has not faded; a mean over 12 months",
        lambda m: ratio(over_window(m[Total.UNRESOLVED]) * _MILLIONTH * 100.0, over_window(m[Total.N_HOUSEHOLDS])), headline=True,
    ),
    Outcome(
        "complaints", "Complaints", "complaints per 100 dwellings and year", 0, "cases opened in the last 12 months, suits apart; information, not failure",
        lambda m: ratio(over_window(m[Total.OPENED] * 100.0), m[Total.N_HOUSEHOLDS]), headline=True,
    ),
    Outcome(
        "settled_3", "Settled of complaints", "share of complaints", +1,
        "of the complaints made 3 to 14 months ago: share really settled within 3 months; withdrawn and judged are other ends",
        _resolved_within(Total.RESOLVED_3, Total.COMPLAINTS_3), headline=True,
    ),
    Outcome("settled_1", "Settled within 1 month", "share of complaints", +1, "as above, within 1 month", _resolved_within(Total.RESOLVED_1, Total.COMPLAINTS_1)),
    Outcome("settled_6", "Settled within 6 months", "share of complaints", +1, "as above, within 6 months", _resolved_within(Total.RESOLVED_6, Total.COMPLAINTS_6)),
    Outcome("settled_12", "Settled within 12 months", "share of complaints", +1, "as above, within 12 months", _resolved_within(Total.RESOLVED_12, Total.COMPLAINTS_12)),
    Outcome(
        "troubles_settled_3", "Settled of all troubles", "share of issues", +1,
        "of the issues that arose 3 to 14 months ago, whether or not anybody complained: share really settled within 3 months",
        _resolved_within(Total.RESOLVED_3, Total.ISSUES_3),
    ),
    Outcome("troubles_settled_12", "Settled of all troubles within 12 months", "share of issues", +1, "as above, within 12 months", _resolved_within(Total.RESOLVED_12, Total.ISSUES_12)),
    Outcome(
        "settled_gap_members", "Favour to members", "difference of shares", 0,
        "settled over complaints of the last 12 months, of households with a party member less that of the others", _favour,
    ),
    Outcome(
        "months_unsettled", "Time without settlement", "months of the first 12", -1,
        "of the issues that arose 12 to 23 months ago: mean months of their first 12 before a real settlement (restricted mean); "
        "lumped, withdrawn, judged count as 12",
        lambda m: SPAN - ratio(over_window(m[Total.SPARED_12]), over_window(m[Total.ISSUES_12])),
    ),
    Outcome("issues", "Troubles", "issues per 100 dwellings and year", 0, "faults and disputes that arose in the last 12 months",
            lambda m: ratio(over_window(m[Total.ARISEN] * 100.0), m[Total.N_HOUSEHOLDS])),
    Outcome("share_opened", "Complained about", "share of issues", 0, "opened as cases, last 12 months; information, not failure", _of_issues(Total.OPENED)),
    Outcome("share_lumped", "Never complained", "share of issues", -1, "nobody complained, last 12 months", _of_issues(Total.LUMPED)),
    Outcome("share_withdrawn", "Withdrawn", "share of issues", -1, "dropped after waiting, last 12 months", _of_issues(Total.WITHDRAWN)),
    Outcome("share_judged", "Judged", "share of issues", 0, "ended by a court, last 12 months", _of_issues(Total.JUDGED)),
    Outcome("share_reopened", "Reopened", "share of issues", -1, "came back after a closure on paper, last 12 months", _of_issues(Total.REOPENED)),
    Outcome("share_above", "Went above mediation", "share of issues", -1, "ended after reaching sub-district, department, court or petition, last 12 months", _of_issues(Total.ENDED_ABOVE)),
    Outcome("petitions", "Collective petitions", "petitions per 100 dwellings and year", -1, "last 12 months",
            lambda m: ratio(over_window(m[Total.PETITIONS] * 100.0), m[Total.N_HOUSEHOLDS])),
    Outcome("suits", "Suits for arrears", "suits per 100 dwellings and year", 0, "filed by the firm, last 12 months",
            lambda m: ratio(over_window(m[Total.SUITS] * 100.0), m[Total.N_HOUSEHOLDS])),
    Outcome("suits_settled", "Suits settled or withdrawn", "share of suits", 0, "of the suits that ended in the last 12 months", _of_suits(Total.SUITS_MEDIATED, Total.SUITS_WITHDRAWN)),
    Outcome("suits_mediated", "Suits settled", "share of suits", 0, "of the suits that ended in the last 12 months, settled before the court", _of_suits(Total.SUITS_MEDIATED)),
    Outcome("voice", "Belief in complaining", "belief 0-1", +1, "mean of households", _of_households(Total.VOICE, _MILLIONTH)),
    Outcome("grievance", "Grievance", "severity per household", -1, "mean of households", _of_households(Total.GRIEVANCE, _MILLIONTH)),
    Outcome("trust_street", "Trust in the sub-district", "trust 0-1", +1, "mean of households", _of_households(Total.TRUST_STREET, _MILLIONTH)),
    Outcome("trust_owners", "Trust in the owners' committee", "trust 0-1", +1, "mean of households; missing where no estate has one",
            _where(_of_households(Total.TRUST_OWNERS, _MILLIONTH), Total.COMMITTEE, 0)),
    Outcome(
        "trust_social", "Trust in social organisations", "trust 0-1", +1, "mean of households where one is at work; missing elsewhere",
        lambda m: ratio(m[Total.TRUST_SOCIAL] * _MILLIONTH, m[Total.N_TRUST_SOCIAL]),
    ),
    Outcome("committee_alive", "An owners' committee exists", "share of estates", 0, "elected or appointed",
            lambda m: np.asarray((m.by_estate(Total.COMMITTEE) > 0).mean(axis=-1))),
    Outcome("turnout", "Turnout", "share of owners", 0, "of the last vote; missing before the first",
            lambda m: np.where(np.cumsum(m[Total.VOTES], axis=1) > 0, m.mean(Total.TURNOUT) * _MILLIONTH, np.nan)),
    Outcome("desk_hours", "Hours on cases", "hours per 100 dwellings and month", 0, "hours of all desks", _of_households(Total.DESK_HOURS, 0.1), total=True),
    Outcome("attention", "Organising attention", "share", 0, "of the party branch", lambda m: m.mean(Total.ATTENTION) * _MILLIONTH),
    Outcome("repair_money", "Repair money", "yuan per dwelling and year", 0, "granted by the district for repairs",
            _of_households(Total.REPAIR_MONEY, _YUAN * _PER_YEAR), total=True),
    Outcome("statutory_shortfall", "Statutory work crowded out", "hours per 100 dwellings and month", -1, "hours the residents' committee lacks for its own work",
            _of_households(Total.STATUTORY_SHORTFALL, 0.1), total=True),
    Outcome("trust_provider", "Trust in the provider", "trust 0-1", +1, "mean of households; missing where nobody serves any estate",
            _where(_of_households(Total.TRUST_PROVIDER, _MILLIONTH), Total.PROVIDER, NOBODY)),
    Outcome(
        "trust_committee", "Trust in the residents' committee", "trust 0-1", +1, "mean of households",
        _of_households(Total.TRUST_COMMITTEE, _MILLIONTH),
    ),
    Outcome("trust_branch", "Trust in the party branch", "trust 0-1", +1, "mean of households", _of_households(Total.TRUST_BRANCH, _MILLIONTH)),
    Outcome("bailout_belief", "Belief that others will pay", "belief 0-1", -1, "mean of households", _of_households(Total.BAILOUT, _MILLIONTH)),
    Outcome("believed_payment", "Believed payment", "share", 0, "mean belief about the share of payers", _of_households(Total.BELIEF, _MILLIONTH)),
    Outcome("share_voluntary", "Paid of own accord", "share of bills", 0, "last 12 months", _of_bills(Total.N_VOLUNTARY)),
    Outcome("share_asked", "Paid because asked", "share of bills", 0, "last 12 months", _of_bills(Total.N_ASKED)),
    Outcome("share_enforced", "Paid because of enforcement", "share of bills", 0, "last 12 months", _of_bills(Total.N_ENFORCED)),
    Outcome("share_refused", "Refused", "share of bills", 0, "last 12 months", _of_bills(Total.N_REFUSED)),
    Outcome(
        "share_repelled", "Repelled", "share of bills", -1, "unpaid because of asking, enforcement or pressure, last 12 months",
        _of_bills(Total.N_REPELLED),
    ),
    Outcome("paid_served", "Paid and served", "share of household-months", +1, "served as contracted, last 12 months", _paid_served(Total.PAID_SERVED)),
    Outcome("paid_unserved", "Paid and not served", "share of household-months", -1, "last 12 months", _paid_served(Total.PAID_UNSERVED)),
    Outcome("unpaid_served", "Unpaid though served", "share of household-months", -1, "last 12 months", _paid_served(Total.UNPAID_SERVED)),
    Outcome(
        "unpaid_unserved", "Withheld from a bad provider", "share of household-months", 0, "unpaid and not served, last 12 months",
        _paid_served(Total.UNPAID_UNSERVED),
    ),
    Outcome(
        "arrears", "Arrears", "yuan per dwelling", -1, "unpaid bills of the last 36 months",
        lambda m: ratio((m[Total.ARREARS_YOUNG] + m[Total.ARREARS_MIDDLE] + m[Total.ARREARS_OLD]) * _YUAN, m[Total.N_HOUSEHOLDS]),
    ),
    Outcome("arrears_young", "Young arrears", "yuan per dwelling", -1, "unpaid bills up to 3 months old", _of_households(Total.ARREARS_YOUNG, _YUAN)),
    Outcome("arrears_middle", "Middle-aged arrears", "yuan per dwelling", -1, "unpaid bills of 4 to 12 months", _of_households(Total.ARREARS_MIDDLE, _YUAN)),
    Outcome("arrears_old", "Old arrears", "yuan per dwelling", -1, "unpaid bills of 13 to 36 months", _of_households(Total.ARREARS_OLD, _YUAN)),
    Outcome(
        "arrears_lapsed", "Lapsed arrears", "yuan per dwelling", -1,
        "unpaid bills of more than 36 months, all since the spin-up began: nobody can claim them, and no other outcome holds them",
        _of_households(Total.ARREARS_LAPSED, _YUAN),
    ),
    Outcome("share_overlooked", "Not looked at", "share of bills", 0, "bills that nobody looked at in the month in which they came, last 12 months", _of_bills(Total.N_OVERLOOKED)),
    Outcome("owing_none", "Owe nothing", "share of households", +1, "no unpaid bill of an earlier month that the provider can claim; missing without a provider", _owing_none),
    Outcome("owing_1", "Owe one bill", "share of debtors", 0, "of the households that owe bills", _of_debtors(Total.N_OWING_1)),
    Outcome("owing_2", "Owe two bills", "share of debtors", 0, "of the households that owe bills", _of_debtors(Total.N_OWING_2)),
    Outcome("owing_3", "Owe three bills and more", "share of debtors", 0, "of the households that owe bills", _of_debtors(Total.N_OWING_3)),
    Outcome("paid_all", "Paid all of a year's bills", "share of households", +1, "of the bills of twelve months that have had three months to be paid", _of_those(Total.N_PAID_ALL, Total.N_YEAR)),
    Outcome("paid_none", "Paid none of a year's bills", "share of households", -1, "likewise", _of_those(Total.N_PAID_NONE, Total.N_YEAR)),
    Outcome("never_paid", "Never paid", "share of households", -1, "no bill paid since the policy month", _of_households(Total.N_NEVER_PAID)),
    Outcome("firm_present", "A firm serves", "share of estates", 0, "a property firm serves the estate", _share_of_estates(lambda k: k == FIRM)),
    Outcome("without_provider", "Nobody serves", "share of estates", -1, "abandoned (弃管)", _share_of_estates(lambda k: k == NOBODY)),
    Outcome(
        "months_without_provider", "Months without a provider", "months per estate and year", -1, "abandoned (弃管), mean over the policy months",
        lambda m: (m.by_estate(Total.PROVIDER) == NOBODY).mean(axis=-1) * _PER_YEAR, total=True,
    ),
    Outcome(
        "firms_gone", "Given up by a firm", "share of estates", -1,
        "a firm has given up since the policy month; those that stay are in it, so that it is comparable month by month",
        firms_gone, whole=True,
    ),
    Outcome(
        "months_to_exit", "Months to exit", "months", 0,
        "from the policy month until a firm first gives up, of those that do; missing where none does, so read it beside firms_gone",
        months_to_exit, whole=True,
    ),
    Outcome(
        "gain_half_life", "Half of a renovation's gain gone", "months", 0,
        "from the end of works until half of what they added to the facilities is gone, of those where it is; missing without works, or while more is left",
        gain_half_life, whole=True,
    ),
    Outcome("firm_exits", "Firms that left", "exits per estate and year", -1, "firms that gave up", lambda m: m.by_estate(Total.FIRM_LEFT).mean(axis=-1) * _PER_YEAR, total=True),
    Outcome("community_exits", "Community gave up", "exits per estate and year", -1, "custody or station given up", lambda m: m.by_estate(Total.COMMUNITY_LEFT).mean(axis=-1) * _PER_YEAR, total=True),
    Outcome("firms_dismissed", "Firms dismissed", "dismissals per estate and year", 0, "by the owners", lambda m: m.by_estate(Total.FIRM_DISMISSED).mean(axis=-1) * _PER_YEAR, total=True),
    Outcome("calls", "Calls of the collector", "households per 100 dwellings and month", 0, "households the provider's collector reached", _of_households(Total.CALLED, 100.0), total=True),
    Outcome(
        "delivered_per_yuan", "Input per yuan spent", "yuan of standard cost per yuan", +1,
        "input that reached the estate, valued at standard cost, over what the provider spent; last 12 months; diversion lowers it", _delivered,
    ),
    Outcome("provider_cash", "Provider's cash", "yuan per dwelling", 0, "money in hand", _of_households(Total.PROVIDER_CASH, _YUAN)),
    Outcome(
        "full_cost", "Full cost", "yuan per dwelling and year", -1,
        "public money, and hours of cadres, members and volunteers at their wages, mean over the policy months",
        lambda m: ratio(
            _summed(m, (Total.PUBLIC_MONEY, Total.CADRE_COST, Total.VOLUNTEER_COST)) * _YUAN * _PER_YEAR, m[Total.N_HOUSEHOLDS]
        ),
        headline=True, total=True,
    ),
    Outcome(
        "public_cost", "Public money", "yuan per dwelling and year", -1, "public money alone, mean over the policy months",
        _of_households(Total.PUBLIC_MONEY, _YUAN * _PER_YEAR), headline=True, total=True,
    ),
    Outcome(
        "cadre_hours", "Cadre hours", "hours per 100 dwellings and month", -1, "paid hours of committee staff for the estate",
        _of_households(Total.CADRE_HOURS, 0.1), total=True,
    ),
    Outcome("care_received", "Care received", "households per 100 dwellings and month", +1, "vulnerable households cared for by cadres and firm",
            _of_households(Total.CARED, 100.0), total=True),
    Outcome(
        "volunteer_hours", "Volunteer hours", "hours per 100 dwellings and month", -1, "hours of members and volunteers",
        _of_households(Total.VOLUNTEER_HOURS, 0.1), total=True,
    ),
)  # fmt: skip

OUTCOMES: Mapping[str, Outcome] = MappingProxyType({outcome.name: outcome for outcome in _ALL})
"""Every outcome by name, in the order in which tables show them."""


def series(totals: np.ndarray, first: int, names: Iterable[str] = ()) -> dict[str, np.ndarray]:
    """Return outcomes of every run and month, float64, shape (run, month), NaN where missing.

    totals : int64, (run, month, total, estate); first : index of the policy month; names : the outcomes, all by
    default.
    """
    months = Months(totals, first)
    return {name: np.asarray(OUTCOMES[name].compute(months), dtype=np.float64) for name in names or OUTCOMES}


def judge(values: Mapping[str, np.ndarray], first: int) -> dict[str, np.ndarray]:
    """Return one number per run and outcome, shape (run,), from `series`; `first` indexes the policy month."""
    return {
        name: found[:, first:].mean(axis=1) if OUTCOMES[name].total else found[:, -1] for name, found in values.items()
    }
