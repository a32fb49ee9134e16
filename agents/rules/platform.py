"""The smart platform (智慧平台, 一键办理): complaining costs digital households less, for as long as they use it."""

from agents.rules.columns import Column
from agents.rules.compiling import rule
from agents.rules.numeric import clip, move
from agents.rules.units import QUARTER, YEAR


class PlatformReal(Column):
    """Real-valued columns of the platform of an estate."""

    USE = "share", "how much digital households use it, 0 without one"


@rule
def next_use(use: float, on: float, helped: float, floor: float, speed: float) -> float:
    """Return use a month later: all at the start; later it falls to what helps, `floor` where nothing does.

    on : whether (and how well) it runs; helped : share of the cases that lay at desks last month and were settled.
    """
    if on <= 0.0:
        return 0.0
    if use <= 0.0:
        return 1.0
    return move(use, floor + (1.0 - floor) * helped, speed)


@rule
def one_click(on: float, use: float, digital: int) -> float:
    """Return how much easier the platform makes things for a household: nothing for those who are not digital."""
    if digital == 0:
        return 0.0
    return on * use


@rule
def readiness_by_click(readiness: float, click: float, cheaper: float) -> float:
    """Return the readiness to complain, logit, where it takes only a click (mechanisms 5: cost x 0.5 to 0.8)."""
    return readiness + cheaper * click


@rule
def days_saved(on: float, use: float, shorter: float) -> float:
    """Return the share of the days to a desk that routing by the platform saves (mechanisms 5: x 0.6 to 0.9)."""
    return shorter * on * use


@rule
def is_disclosed(month: int) -> bool:
    """Say whether accounts and payment are put on the platform this month: every quarter."""
    return month % QUARTER == 1


@rule
def trust_in_accounts(
    trust: float, leak: float, tolerated: float, from_accounts: float, dose: float, rise: float, asymmetry: float
) -> float:
    """Return trust in the provider after reading the accounts: they can backfire (Korobow et al. 2007).

    Accounts that show just the diversion that is tolerated tell nothing.
    """
    evidence = clip(trust + from_accounts * (tolerated - leak), 0.0, 1.0)
    if evidence >= trust:
        return trust + dose * rise * (evidence - trust)
    return trust + dose * min(1.0, rise * asymmetry) * (evidence - trust)


@rule
def platform_price(per_year: float, on: float, n_households: int) -> float:
    """Return what a month of the platform costs, in yuan; per_year in yuan per household and year."""
    return per_year * on * n_households / YEAR
