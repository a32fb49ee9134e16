"""Phase govern: firms leave and enter, the provider the form asks for takes over, members tire."""

from typing import Any

from agents.rules.estate import EstateWhole as E
from agents.rules.funding import costed_fee, with_side_income
from agents.rules.joint_branch import JointReal as J
from agents.rules.joint_branch import joint_hours_asked, load_of_member
from agents.rules.money import Item, Sector
from agents.rules.owners_committee import NONE as NO_COMMITTEE
from agents.rules.owners_committee import OwnersWhole as ON
from agents.rules.owners_committee import contract_works, waves_rise_through
from agents.rules.party_branch import BranchReal as B
from agents.rules.party_branch import asked_of_member, captured_officers, next_fatigue, next_key, tiring_speed
from agents.rules.property_firm import FirmReal as F
from agents.rules.property_firm import FirmWhole as FN
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
    NOBODY,
    contracted_cost,
    cost_of_politics,
    count_losses,
    expected_fees,
    fees_returned,
    gives_up,
    hours_run_out,
    is_loss,
    mean_price,
    month_revenue,
    monthly_money,
    of_community,
    own_cost,
    price_level,
    raised_fee,
    seated_kind,
)
from agents.rules.provider import ProviderReal as P
from agents.rules.provider import ProviderWhole as PN
from agents.rules.residents_committee import CommitteeReal as R
from agents.rules.shock import is_called_away
from agents.rules.units import HALF
from agents.rules.voting import rise_voted
from sim.draws import Draw, uniform
from sim.engine import kernel
from sim.engine.assembling import assemble
from sim.engine.deliberating import elect, sign
from sim.engine.funding import ask_about_fund
from sim.engine.posting import post
from sim.engine.serving import managing_hours, price_asked
from sim.totals import Total

_KEY_LEAVES = int(Draw.KEY_LEAVES)
_BID_VIEW = int(Draw.BID_VIEW)
_BID_CHOICE = int(Draw.BID_CHOICE)
_WAVED = int(Draw.WAVED_THROUGH)


@kernel
def govern(s: Any, p: Any, i: int, month: int) -> None:
    """Firms count their losses and may leave; the provider the form asks for takes over; members tire."""
    assemble(s, p, i, month)
    for e in range(s.estate_n.shape[1]):
        ask_about_fund(s, p, i, e, month)
        s.provider_n[PN.TOOK_OVER, e] = 0
        s.provider_n[PN.LEFT, e] = 0
        s.provider_n[PN.SINCE, e] += 1
        if s.provider_n[PN.KIND, e] == FIRM:
            s.provider_n[PN.WITHOUT_FIRM, e] = 0
            _count_month(s, p, i, e, month)
        else:
            s.provider_n[PN.WITHOUT_FIRM, e] += 1
            if s.provider_n[PN.KIND, e] == COMMUNITY:
                _count_deficit(s, p, i, e, month)
        if s.owners_n[ON.DISMISSED, e] == 1:
            s.owners_n[ON.DISMISSED, e] = 0
            if s.provider_n[PN.KIND, e] == FIRM:
                s.record[Total.FIRM_DISMISSED, e] = 1
                leave(s, p, i, e, month)
        _replace_provider(s, p, i, e, month)
        leaves = uniform(s.key[0], _KEY_LEAVES, month, s.estate_n[E.ID, e], 0, 0)
        s.branch[B.KEY, e] = next_key(s.branch[B.KEY, e], p[i].branch_key_leaves, p[i].branch_key_learning, leaves)
        s.committee[R.CARE_FATIGUE, e] = next_fatigue(
            s.committee[R.CARE_FATIGUE, e],
            p[i].care_cadre_hours,
            p[i].care_normal_hours,
            p[i].branch_fatigue,
            p[i].branch_recovery,
        )
        elect(s, p, i, e, month)
        sign(s, p, i, e, month)
        load = load_of_member(joint_hours_asked(p[i].desk_joint_hours, p[i].tiers_desk_hours), p[i].desk_joint_members)
        s.joint[J.FATIGUE, e] = next_fatigue(
            s.joint[J.FATIGUE, e], load, p[i].branch_normal_hours, p[i].branch_fatigue, p[i].branch_recovery
        )
        asked = asked_of_member(p[i].branch_member_hours, p[i].party_branch_hours, p[i].party_group_hours)
        for column, ratio in ((B.FATIGUE_EMBEDDED, 1.0), (B.FATIGUE_SENT, p[i].branch_outsider_fatigue)):
            s.branch[column, e] = next_fatigue(
                s.branch[column, e],
                asked,
                p[i].branch_normal_hours,
                tiring_speed(p[i].branch_fatigue, ratio),
                p[i].branch_recovery,
            )


@kernel
def _count_month(s: Any, p: Any, i: int, e: int, month: int) -> None:
    """A firm counts its losses, leaves after too many, and takes its profit at the end of a year."""
    area = s.estate_n[E.AREA, e]
    cost = own_cost(p[i].provider_cost, price_level(s.provider[P.COST_LEVEL, e], p[i].firm_cost_disadvantage))
    contracted = contracted_cost(cost, p[i].firm_loss_base)
    loss = is_loss(_revenue(s, p, i, e), contracted, p[i].provider_cost, p[i].firm_loss_noted)
    loss = loss and p[i].firm_soft_budget == 0
    s.provider_n[PN.LOSS_MONTHS, e] = count_losses(s.provider_n[PN.LOSS_MONTHS, e], loss)
    tired = month >= p[i].firm_exit_from and gives_up(s.provider_n[PN.LOSS_MONTHS, e], s.provider_n[PN.PATIENCE, e])
    if tired or is_called_away(p[i].shock_firm_leaves, s.provider_n[PN.SINCE, e]):
        s.provider_n[PN.LEFT, e] = 1
        s.provider_n[PN.EXITS, e] += 1
        s.record[Total.FIRM_LEFT, e] = 1
        leave(s, p, i, e, month)
        return
    _have_rise_waved_through(s, p, i, e, month)
    if takes_profit(month):
        surplus = s.cash[Sector.PROVIDER, e] - working_capital(p[i].firm_working_capital, p[i].provider_cost, area)
        if surplus > 0:
            shared = contract_works(s.owners_n[ON.COMMITTEE, e], p[i].owners_cost_plus) > 0.0
            post(s, e, Item.SURPLUS_TO_OWNERS if shared else Item.PROFIT, surplus)


@kernel
def _revenue(s: Any, p: Any, i: int, e: int) -> float:
    """Return this month's revenue per m2: fees accrued, common income, support, old debts, politics."""
    other = s.provider_n[PN.SUPPORT, e] + s.record[Total.ARREARS_PAID, e] - s.provider_n[PN.POLITICS, e]
    common_income = with_side_income(p[i].provider_common_income, s.provider[P.SIDE_INCOME, e])
    return float(month_revenue(s.provider[P.ACCRUAL, e], common_income, other, s.estate_n[E.AREA, e]))


@kernel
def _count_deficit(s: Any, p: Any, i: int, e: int, month: int) -> None:
    """The community compares its money with what it took on, its staff with what they lack elsewhere, or gives up."""
    base = of_community(s.provider_n[PN.WANTED, e], p[i].custody_loss_base, p[i].station_loss_base)
    due = contracted_cost(p[i].provider_cost, base)
    loss = is_loss(_revenue(s, p, i, e), due, p[i].provider_cost, p[i].firm_loss_noted)
    loss = loss or hours_run_out(managing_hours(s, p, i, e), s.committee[R.SHORTFALL, e])
    s.provider_n[PN.LOSS_MONTHS, e] = count_losses(s.provider_n[PN.LOSS_MONTHS, e], loss)
    if gives_up(s.provider_n[PN.LOSS_MONTHS, e], int(p[i].community_loss_months)):
        s.provider_n[PN.LEFT, e] = 1
        s.provider_n[PN.GIVEN_UP, e] = 1
        s.record[Total.COMMUNITY_LEFT, e] = 1
        leave(s, p, i, e, month)


@kernel
def _have_rise_waved_through(s: Any, p: Any, i: int, e: int, month: int) -> None:
    """Captured officers grant a losing firm a higher fee, once a year, where there is no owners' committee to ask."""
    captured = captured_officers(p[i].branch_cross_posts, p[i].officers_capture)
    if captured <= 0.0 or s.owners_n[ON.COMMITTEE, e] != NO_COMMITTEE:
        return
    if not rise_voted(month) or s.provider_n[PN.LOSS_MONTHS, e] == 0:
        return
    u = uniform(s.key[0], _WAVED, month, s.estate_n[E.ID, e], 0, 0)
    if waves_rise_through(u, captured, p[i].officers_waved):
        fee = costed_fee(p[i].firm_fee, p[i].firm_fee_factor)
        level = s.provider[P.FEE_LEVEL, e]
        s.provider[P.FEE_LEVEL, e] = raised_fee(level, p[i].firm_fee_rise, fee, p[i].firm_fee_ceiling)


@kernel
def leave(s: Any, p: Any, i: int, e: int, month: int) -> None:
    """The provider leaves: a firm returns fees for months to come and settles with its owners, others return money."""
    if s.provider_n[PN.KIND, e] == FIRM:
        back = fees_returned(s.provider_n[PN.PREPAID, e], month, p[i].structure_billing_period)
        post(s, e, Item.FEES_RETURNED, back)
    s.provider_n[PN.PREPAID, e] = 0
    cash = s.cash[Sector.PROVIDER, e]
    if s.provider_n[PN.KIND, e] == COMMUNITY:
        post(s, e, Item.RETURNED, cash)
    elif cash >= 0:
        post(s, e, Item.CAPITAL_OUT, cash)
    else:
        post(s, e, Item.CAPITAL_IN, -cash)
    s.provider_n[PN.KIND, e] = NOBODY
    s.provider_n[PN.FIRM, e] = -1
    s.provider_n[PN.LOSS_MONTHS, e] = 0
    s.provider_n[PN.PURSE, e] = 0
    s.provider[P.SPEND, e] = 0.0


@kernel
def _replace_provider(s: Any, p: Any, i: int, e: int, month: int) -> None:
    """Bring in the kind of provider the form asks for, if it will come."""
    wanted = p[i].provider_kind
    newly = s.provider_n[PN.WANTED, e] != wanted
    s.provider_n[PN.WANTED, e] = wanted
    if newly:
        s.provider_n[PN.GIVEN_UP, e] = 0
    kind = s.provider_n[PN.KIND, e]
    seated = seated_kind(wanted)
    if seated == kind:
        if newly:
            _count_from_here(s, p, i, e)
        return
    if seated == FIRM:
        waited = s.provider_n[PN.WITHOUT_FIRM, e]
        if newly or tender_due(waited, p[i].firm_handover, p[i].firm_tender_every):
            winner = tender(s, p, i, e, month)
            if winner >= 0:
                firm_takes_over(s, p, i, e, winner, month)
                return
        caretaker = p[i].provider_fallback == 1 and s.provider_n[PN.GIVEN_UP, e] == 0
        if kind == NOBODY and caretaker and handed_over(waited, p[i].firm_handover):
            community_takes_over(s, p, i, e)
    elif seated == NOBODY or s.provider_n[PN.GIVEN_UP, e] == 0:
        leave(s, p, i, e, month)
        if seated == COMMUNITY:
            community_takes_over(s, p, i, e)


@kernel
def tender(s: Any, p: Any, i: int, e: int, month: int) -> int:
    """Return the row of the best firm that bids for estate e, or -1."""
    n_bidders = s.firm.shape[1] // s.estate_n.shape[1]
    best = -1
    best_score = 0.0
    common_income = with_side_income(p[i].provider_common_income, s.provider[P.SIDE_INCOME, e])
    politics = cost_of_politics(p[i].firm_politics, p[i].branch_cross_posts, s.estate_n[E.N_HOUSEHOLDS, e])
    other_income = income_besides_fees(
        common_income, p[i].street_subsidy, monthly_money(politics, 1, s.estate_n[E.AREA, e])
    )
    for f in range(e * n_bidders, (e + 1) * n_bidders):
        number = s.firm_n[FN.ID, f]
        view = uniform(s.key[0], _BID_VIEW, month, s.estate_n[E.ID, e], number, 0)
        rate = viewed_rate(
            p[i].firm_bid_prior, s.provider[P.PUBLISHED, e], p[i].firm_bid_weight, p[i].firm_bid_noise, view
        )
        rate = view_after_exits(rate, s.provider_n[PN.EXITS, e], p[i].firm_exit_stigma)
        if would_bid(
            rate,
            costed_fee(p[i].firm_fee, p[i].firm_fee_factor),
            other_income,
            s.firm[F.MARGIN, f],
            p[i].provider_cost,
            s.firm[F.COST_LEVEL, f],
            p[i].firm_bid_level,
            p[i].firm_soft_budget,
        ):
            chance = uniform(s.key[0], _BID_CHOICE, month, s.estate_n[E.ID, e], number, 0)
            score = bid_score(s.firm[F.SKILL, f], s.firm[F.COST_LEVEL, f], chance, p[i].firm_bid_taste)
            if best < 0 or score > best_score:
                best = f
                best_score = score
    return best


@kernel
def firm_takes_over(s: Any, p: Any, i: int, e: int, f: int, month: int) -> None:
    """Firm f takes over estate e with its own working capital and a fresh claim on bills."""
    if s.provider_n[PN.KIND, e] != NOBODY:
        leave(s, p, i, e, month)
    s.provider_n[PN.KIND, e] = FIRM
    s.provider_n[PN.FIRM, e] = f
    s.provider_n[PN.PATIENCE, e] = s.firm_n[FN.PATIENCE, f]
    s.provider_n[PN.WITHOUT_FIRM, e] = 0
    s.provider[P.COST_LEVEL, e] = s.firm[F.COST_LEVEL, f]
    s.provider[P.SKILL, e] = s.firm[F.SKILL, f]
    s.provider[P.MARGIN, e] = s.firm[F.MARGIN, f]
    s.provider[P.SPEND, e] = opening_spend(p[i].firm_bid_level, p[i].provider_cost, s.firm[F.COST_LEVEL, f])
    rate = viewed_rate(p[i].firm_bid_prior, s.provider[P.PUBLISHED, e], p[i].firm_bid_weight, 0.0, HALF)
    s.provider[P.EXPECTED, e] = view_after_exits(rate, s.provider_n[PN.EXITS, e], p[i].firm_exit_stigma)
    s.provider_n[PN.GIVEN_UP, e] = 0
    capital = working_capital(p[i].firm_working_capital, p[i].provider_cost, s.estate_n[E.AREA, e])
    post(s, e, Item.CAPITAL_IN, capital)
    _start(s, p, i, e)


@kernel
def community_takes_over(s: Any, p: Any, i: int, e: int) -> None:
    """The community takes the estate into its own care."""
    s.provider_n[PN.KIND, e] = COMMUNITY
    s.provider[P.COST_LEVEL, e] = 1.0
    s.provider[P.EXPECTED, e] = s.provider[P.PUBLISHED, e]
    _start(s, p, i, e)


@kernel
def _start(s: Any, p: Any, i: int, e: int) -> None:
    """The seat begins with no old claims and no losses, at the first fee."""
    s.provider_n[PN.SINCE, e] = 0
    s.provider_n[PN.CHANGES, e] += 1
    s.provider[P.FEE_LEVEL, e] = 1.0
    s.provider_n[PN.TOOK_OVER, e] = 1
    s.estate_n[E.INVESTED, e] = 0
    _count_from_here(s, p, i, e)


@kernel
def _count_from_here(s: Any, p: Any, i: int, e: int) -> None:
    """Losses begin at nothing, and what accrues is what is expected at one's own price until one's own first bill.

    Where custody becomes a station, or the other way round, the same people go on: with old claims and what is thought
    of them, but held to other terms.
    """
    s.provider_n[PN.LOSS_MONTHS, e] = 0
    rate, flat = price_asked(s, p, i, e)
    price = mean_price(rate, flat, s.estate_n[E.N_HOUSEHOLDS, e], s.estate_n[E.AREA, e])
    s.provider[P.ACCRUAL, e] = expected_fees(s.provider[P.EXPECTED, e], price)
