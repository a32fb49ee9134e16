"""Whoever serves the estate (物业服务): what it plans, spends, delivers and charges, and when a firm gives up.

Two kinds share these rules: the community itself (custody 社区代管 or the self-run station 服务站), and a
property firm. They differ in wages, skill, roster, margin and who bears a loss, never by a factor on quality.
Money per floor area is in yuan/m2/month.
"""

from agents.rules.columns import Column
from agents.rules.compiling import rule
from agents.rules.numeric import clip, fen
from agents.rules.units import FEN, HALF_YEAR

NOBODY, COMMUNITY, FIRM = 0, 1, 2
"""Who serves."""
STATION = FIRM + 1
"""A form of governance may want nobody, custody, a firm or a station; a station is the community, too."""


class ProviderReal(Column):
    """Real-valued columns of the provider's seat, one per estate."""

    EXPECTED = "share", "payment rate it expects"
    SPEND = "yuan/m2/month", "what it spends on service"
    LEAK = "share of spend", "diverted from service"
    DELIVERED = "share of standard", "input that reaches the estate"
    CALLS = "calls/household/month", "its collection effort"
    COST_LEVEL = "ratio", "price level of its inputs"
    SKILL = "ratio", "skill of its workers"
    MARGIN = "share of revenue", "profit it plans for"
    ACCRUAL = "yuan/m2/month", "fees of the last bill per month it covers; expected ones before its first bill"
    OTHERS_SHARE = "share", "share of this month's spending met by others than households"
    PUBLISHED = "share", "share that paid the last bill, of the households that looked at it"
    BILL = "yuan/m2/month", "mean price it charges"
    FEE_LEVEL = "ratio", "fee against the first one, after rises the owners voted for"
    OPEN_BOOKS = "share", "accounts everyone can see this month"
    SIDE_INCOME = "yuan/m2/month", "rents of facilities, less their upkeep, care and loans"
    PREVENTED = "share", "diversion that custody of the money prevents"
    INSPECTED = "dose", "how much of the last inspection still counts"


class ProviderWhole(Column):
    """Integer columns of the provider's seat."""

    KIND = "code", "nobody, community or firm"
    SINCE = "months", "months since it took over; older debts are not its own"
    FIRM = "index", "the firm in the pool of bidders, -1 if none"
    PATIENCE = "months", "months of loss it bears"
    LOSS_MONTHS = "months", "months of loss so far, less good months"
    WITHOUT_FIRM = "months", "months since a firm last served"
    RATE = "fen/m2/month", "fee per floor area"
    FLAT = "fen/household/month", "fee per household"
    CONTRIBUTION = "fen/m2/month", "for the owners' maintenance fund, collected with the fee"
    SUPPORT = "fen", "public money received this month"
    PAID_OUT = "fen", "spent on service this month"
    RECEIVED = "fen", "fees and old debts paid by households this month"
    TOOK_OVER = "0/1", "a new provider took over at the end of last month"
    LEFT = "0/1", "the firm, or the community, left at the end of last month"
    REPRICED = "0/1", "the price changed this month"
    WANTED = "code", "kind of provider the form of governance asks for"
    PURSE = "fen", "set aside for repairs"
    CHANGES = "times", "changes of provider so far"
    EXITS = "times", "firms that gave up here so far"
    GIVEN_UP = "0/1", "the community has given up, and takes the seat no more"
    PREPAID = "fen", "fees paid of the last bill"
    POLITICS = "fen", "what party leadership cost the firm this month; negative: what protection brought it"


@rule
def area_money(per_area: float, area: int) -> int:
    """Return an amount per m2 (yuan) as whole fen for an estate of this floor area."""
    return fen(per_area * area)


@rule
def mean_price(rate: int, flat: int, n_households: int, area: int) -> float:
    """Return the mean price charged, yuan/m2/month; rate in fen/m2, flat in fen per household."""
    return (rate + flat * n_households / area) / FEN


@rule
def expected_fees(expected_rate: float, bill: float) -> float:
    """Return the fees counted on per m2 and month."""
    return expected_rate * bill


@rule
def own_cost(cost: float, cost_level: float) -> float:
    """Return the cost of service to standard at one's own price level."""
    return cost * cost_level


@rule
def expected_revenue(expected_rate: float, bill: float, common_income: float, support: float) -> float:
    """Return the revenue counted on per m2 and month."""
    return expected_rate * bill + common_income + support


@rule
def planned_margin(margin: float, skim: float, audit: float, cost_plus: float) -> float:
    """Return the share of revenue kept: planned profit and, unwatched, what a lump-sum contract invites."""
    return margin + skim * (1.0 - audit) * (1.0 - cost_plus)


@rule
def planned_spend(revenue: float, margin: float, cost: float, roster: float, limit: float) -> float:
    """Return the spending aimed at: revenue less margin, never below the contracted roster nor above the limit.

    cost : standard cost per m2 and month; roster, limit : shares of it.
    """
    return clip((1.0 - margin) * revenue, roster * cost, limit * cost)


@rule
def next_spend(spend: float, target: float, up: float, down: float) -> float:
    """Return this month's spending on the way to its target; layoffs are slower than hiring."""
    if target > spend:
        return spend + up * (target - spend)
    return spend + down * (target - spend)


@rule
def affordable(spend: float, money: float, area: float) -> float:
    """Return the spending that money (yuan) in hand allows: for who cannot borrow."""
    return min(spend, max(0.0, money / area))


@rule
def diverted_money(spend: float, leak: float, area: int) -> int:
    """Return what is diverted in an estate this month, in fen."""
    return fen(spend * leak * area)


@rule
def wage_money(spend: float, leak: float, labour_share: float, area: int) -> int:
    """Return what is paid in wages in an estate this month, in fen; never more than is spent and not diverted."""
    return min(fen(spend * (1.0 - leak) * labour_share * area), fen(spend * area) - fen(spend * leak * area))


@rule
def bought_input(
    spend: float, leak: float, cost: float, labour_share: float, wage_level: float, skill: float, price_level: float
) -> float:
    """Return the input money buys, as a share of standard: hours times skill, and materials.

    wage_level, price_level : against the market; at 1, with skill 1 and no leak, input is spend / cost.
    """
    return spend * (1.0 - leak) / cost * (labour_share * skill / wage_level + (1.0 - labour_share) / price_level)


@rule
def given_input(hours: float, skill: float, wage: float, cost: float, area: float) -> float:
    """Return the input of hours given without pay (members, volunteers, committee staff), as a share of standard."""
    return hours * skill * wage / (cost * area)


@rule
def delivered_input(bought: float, volunteered: float, managed: float) -> float:
    """Return the input that reaches the estate, as a share of standard: bought, and given by two sides."""
    return bought + volunteered + managed


@rule
def collection_calls(effort: float, crowded_out: float, subsidy: float, household_money: float) -> float:
    """Return calls per household and month: subsidy replaces asking (Andreoni & Payne 2011)."""
    if subsidy <= 0.0:
        return effort
    return effort * (1.0 - crowded_out * subsidy / (subsidy + household_money))


@rule
def seated_kind(wanted: int) -> int:
    """Return the kind of provider that takes the seat where this one is wanted: a station is the community."""
    if wanted == STATION:
        return COMMUNITY
    return wanted


@rule
def of_community(wanted: int, custody: float, station: float) -> float:
    """Return the station's value where a station is wanted, else that of custody."""
    if wanted == STATION:
        return station
    return custody


@rule
def cost_of_politics(per_dwelling: float, leadership: float, n_households: int) -> int:
    """Return what party leadership costs a firm this month, in fen; negative where it brings money."""
    return fen(per_dwelling * leadership * n_households)


@rule
def fees_returned(prepaid: int, month: int, period: int) -> int:
    """Return what a leaving provider owes of the last bill's fees (fen), for months it will not serve."""
    return prepaid * (period - 1 - month % period) // period


@rule
def contracted_cost(cost: float, base: float) -> float:
    """Return the cost of the service a firm has contracted for, per m2 and month; base : share of its own cost."""
    return cost * base


@rule
def hours_run_out(managing: float, shortfall: float) -> bool:
    """Say whether the committee staff who run the service are all missing elsewhere."""
    return managing > 0.0 and shortfall >= managing


@rule
def monthly_money(amount: int, months: int, area: int) -> float:
    """Return an amount in fen as yuan per m2 and month of the months it covers."""
    return amount / FEN / months / area


@rule
def month_revenue(accrual: float, common_income: float, other: int, area: int) -> float:
    """Return a month's revenue per m2: fees accrued, common income, and other money (fen): support, old debts."""
    return accrual + common_income + other / FEN / area


@rule
def fee_now(fee: float, level: float) -> int:
    """Return a firm's fee in fen per m2, after the rises the owners voted for."""
    return fen(fee * level)


@rule
def price_level(level: float, disadvantage: float) -> float:
    """Return the price level of a firm's inputs with its organisational disadvantage."""
    return level * (1.0 + disadvantage)


@rule
def floor_of_spending(roster: float, obliged: float) -> float:
    """Return the share of standard cost below which spending cannot fall: roster or obligation."""
    return max(roster, obliged)


@rule
def drained_input(bought: float, drain: float, open_books: float, books: float) -> float:
    """Return the bought input left when open cases tie up staff, and open books do; books : share that they take."""
    return bought * (1.0 - drain) * (1.0 - open_books * books)


@rule
def hours_elsewhere(n_households: int, calls: float, call_hours: float, at_joint_desk: float) -> float:
    """Return the staff hours that calls and the joint desk take; calls : planned, a month and household."""
    return n_households * calls * call_hours + at_joint_desk


@rule
def input_beside(bought: float, hours: float, skill: float, wage: float, cost: float, area: float) -> float:
    """Return the bought input left when its staff work elsewhere for some hours."""
    return max(0.0, bought - given_input(hours, skill, wage, cost, area))


@rule
def may_sue(kind: int, contract: int) -> bool:
    """Say whether who serves has a claim a court hears: a firm by its contract, the community only with one."""
    return kind == FIRM or (kind == COMMUNITY and contract == 1)


@rule
def newly_handed_over(since: int, changes: int) -> bool:
    """Say whether the provider changed within the last half-year; since : months in the seat."""
    return since < HALF_YEAR and changes > 0


@rule
def deficit_covered(cash: int, soft_budget: int) -> int:
    """Return what the sub-district pays to a firm whose cash is below zero, where its budget is soft, in fen."""
    if soft_budget == 1 and cash < 0:
        return -cash
    return 0


@rule
def spending_level(spend: float, cost: float) -> float:
    """Return spending as a share of standard cost."""
    return spend / cost


@rule
def raised_fee(level: float, rise: float, fee: float, ceiling: float) -> float:
    """Return the fee level after a rise, within the regulated ceiling (yuan/m2/month)."""
    raised = level * (1.0 + rise)
    if raised * fee > ceiling:
        return level
    return raised


@rule
def purse_limit(cost: float, part: float, months: float, area: int) -> int:
    """Return the most that is set aside for repairs, in fen: so many months of that part of standard cost."""
    return fen(cost * part * months * area)


@rule
def set_aside(purse: int, spent: int, part: float, limit: int) -> int:
    """Return what is set aside for repairs this month, in fen, until the purse holds `limit`."""
    return max(0, min(int(spent * part), limit - purse))


@rule
def is_loss(revenue: float, contracted: float, cost: float, noted: float) -> bool:
    """Say whether a month was a loss worth noting: revenue below what was contracted, by more than `noted` of cost."""
    return revenue - contracted < -noted * cost


@rule
def count_losses(loss_months: int, loss: bool) -> int:
    """Return the months of loss: one more, or one less after a good month."""
    if loss:
        return loss_months + 1
    return max(0, loss_months - 1)


@rule
def gives_up(loss_months: int, patience: int) -> bool:
    """Say whether who serves gives up (弃管): after a spell of losses, not on its cash (evidence E7)."""
    return loss_months >= patience


@rule
def worth_of_labour(members: float, wage: float, managers: float, cadre_wage: float, seen: float) -> int:
    """Return the worth, in fen, of hours that members and managing cadres work unpaid by owners, as far as seen."""
    return fen(seen * (members * wage + managers * cadre_wage))


@rule
def met_by_others(public: int, labour: int, spent: int) -> float:
    """Return the share of a month's service met by others than households: public money and unpaid labour, in fen."""
    if spent + labour <= 0:
        return 0.0
    return clip((public + labour) / (spent + labour), 0.0, 1.0)
