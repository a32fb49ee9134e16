"""Where money for an estate comes from (资金筹集), and how what is raised is kept (资金管理).

Government for common parts, the property-right unit for what it left behind, owners for their own; a maintenance
fund (维修基金), rents, an advance of financiers, what a firm invests, and gifts of resident institutions.
"""

from agents.rules.compiling import rule
from agents.rules.numeric import clip, fen
from agents.rules.units import FEN, FUND_VOTE, HUNDRED, USE_VOTE, YEAR

# --- investing and advances ----------------------------------------------------------------------------------


@rule
def investment_now(target: int, invested: int, cash: int) -> int:
    """Return what a firm invests this month, in fen: up to its target, half of the money in hand at most."""
    return max(0, min(target - invested, cash // 2))


@rule
def bought_stock(money: int, n_households: int, price: float, stock: float) -> float:
    """Return what fittings and repairs for `money` fen add to a stock; price : yuan/household for a stock of 1."""
    if price <= 0.0:
        return 0.0
    return clip(money / FEN / n_households / price, 0.0, 1.0) * (1.0 - stock)


@rule
def owed_for(advance: int, surcharge: float) -> int:
    """Return what is owed for an advance of so many fen: surcharge is the interest over its whole term."""
    return advance + int(advance * surcharge)


@rule
def repaid_now(owed: int, pledged: float, common_income: int) -> int:
    """Return what is paid back this month, in fen: the pledged share of common income until nothing is owed."""
    return min(owed, int(pledged * common_income))


@rule
def affordable_cost(due: int, cash: int, borrows: bool) -> int:
    """Return what is paid of a cost, in fen: who cannot borrow pays from the money in hand."""
    if borrows:
        return due
    return min(due, max(0, cash))


@rule
def side_income(received: int, paid: int, area: int) -> float:
    """Return what a provider has from facilities and loans besides fees, yuan/m2/month; in fen, may be negative."""
    return (received - paid) / FEN / area


@rule
def with_side_income(common_income: float, side: float) -> float:
    """Return the income besides fees with what facilities and loans add or take."""
    return common_income + side


@rule
def costed_fee(fee: float, factor: float) -> float:
    """Return a fee after its costs were worked out again: factor below 1 is a lower one."""
    return fee * factor


# --- the maintenance fund ------------------------------------------------------------------------------------


@rule
def fund_voted(month: int) -> bool:
    """Say whether the committee may ask for contributions to a fund this month: once a year."""
    return month % YEAR == FUND_VOTE


@rule
def use_voted(month: int) -> bool:
    """Say whether the committee may ask to use the fund this month: once a year."""
    return month % YEAR == USE_VOTE


@rule
def contribution(rate: int, area: int, share_paying: float) -> int:
    """Return a month's contributions, in fen: they come with the fee, from who pays it; rate in fen per m2."""
    return int(rate * area * share_paying)


@rule
def gain_from_fund(
    stock: float, trust: float, capture: float, worth: float, rate: float, area: int, income: float, strain: float
) -> float:
    """Return what an owner expects of contributions: upkeep where it is missing, by people one trusts, less the money.

    worth : quality of upkeep where nothing is left; rate : yuan/m2/month; income : yuan/month; strain : quality that
    one percent of income counts for.
    """
    return worth * (1.0 - stock) * trust * (1.0 - capture) - strain * HUNDRED * rate * area / income


@rule
def gain_from_use(stock: float, trust: float, capture: float, worth: float, trouble: float) -> float:
    """Return what an owner expects of using the fund: repairs where they are missing, by people one trusts."""
    return worth * (1.0 - stock) * trust * (1.0 - capture) - trouble


@rule
def worth_using(fund: int, n_households: int, least: float) -> bool:
    """Say whether the fund (fen) holds enough to ask the owners: `least` yuan per household."""
    return fund > 0 and fund >= fen(least * n_households)


@rule
def used_from_fund(fund: int) -> int:
    """Return what a vote on use releases, in fen: half, the rest is kept for repairs."""
    return fund // 2


@rule
def well_spent(money: int, competence: float, loss: float) -> int:
    """Return what reaches the buildings of `money` fen: a committee that knows little buys badly."""
    return int(money * (1.0 - loss * (1.0 - competence)))


# --- custody -------------------------------------------------------------------------------------------------


@rule
def accountant_dose(hours: float, full: float) -> float:
    """Return how far rules for the money are carried out: as far as an accountant has hours."""
    return min(1.0, hours / full)


@rule
def prevented_leak(account: float, signature: float, dose: float) -> float:
    """Return the share of diversion that custody prevents: an account of its own, a second signature."""
    return dose * (1.0 - (1.0 - account) * (1.0 - signature))


@rule
def kept_safe(leak: float, prevented: float) -> float:
    """Return the diverted share of spending that custody leaves."""
    return leak * (1.0 - prevented)


@rule
def opens_accounts(effort: float, competence: float, needed: float) -> bool:
    """Say whether a committee opens its accounts: who works and knows how."""
    return effort * competence > needed


@rule
def accounts_seen(open_books: float, accounts: int, shown: float, ruled: float, dose: float) -> float:
    """Return the share of accounts everyone can see: by contract, by an open committee, or by a rule carried out."""
    return max(open_books, max(accounts * shown, ruled * dose))


# --- gifts in kind -------------------------------------------------------------------------------------------


@rule
def matched_gifts(gifts: float, match: float, hours: float, full: float) -> float:
    """Return what resident institutions (驻区单位) give in kind, yuan/m2/month: what lists match to a need.

    Matching takes hours; a list on paper, with no match or nobody's hours, brings nothing.
    """
    return gifts * match * min(1.0, hours / full)


@rule
def gift_input(given: int, cost: float, area: int) -> float:
    """Return the input of gifts worth `given` fen, as a share of standard."""
    return given / FEN / area / cost


@rule
def with_gifts(delivered: float, gifts: float) -> float:
    """Return the input that reaches the estate with gifts in kind, as a share of standard."""
    return delivered + gifts
