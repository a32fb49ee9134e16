"""Phase govern: firms leave and enter, the provider the form asks for takes over, members tire."""

from typing import Any

from agents.rules.estate import EstateWhole as E
from agents.rules.funding import costed_fee, with_side_income
from agents.rules.joint_branch import JointReal as J
from agents.rules.joint_branch import joint_hours_asked, load_of_member
from agents.rules.money import Item, Sector
from agents.rules.owners_committee import OwnersWhole as ON
from agents.rules.owners_committee import contract_works
from agents.rules.party_branch import BranchReal as B
from agents.rules.party_branch import asked_of_member, next_fatigue, next_key, tiring_speed
from agents.rules.property_firm import FirmReal as F
from agents.rules.property_firm import FirmWhole as FN
from agents.rules.property_firm import (
    bid_score,
    handed_over,
    income_besides_fees,
    opening_spend,
    takes_profit,
    tender_due,
    viewed_rate,
    working_capital,
    would_bid,
)
from agents.rules.provider import COMMUNITY, FIRM, NOBODY, count_losses, gives_up, is_loss, month_revenue
from agents.rules.provider import ProviderReal as P
from agents.rules.provider import ProviderWhole as PN
from agents.rules.residents_committee import CommitteeReal as R
from agents.rules.shock import is_called_away
from sim.draws import Draw, uniform
from sim.engine import kernel
from sim.engine.assembling import assemble
from sim.engine.deliberating import elect, sign
from sim.engine.funding import ask_about_fund
from sim.engine.posting import post
from sim.totals import Total

_KEY_LEAVES = int(Draw.KEY_LEAVES)
_BID_VIEW = int(Draw.BID_VIEW)
_BID_CHOICE = int(Draw.BID_CHOICE)


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
        if s.owners_n[ON.DISMISSED, e] == 1:
            s.owners_n[ON.DISMISSED, e] = 0
            if s.provider_n[PN.KIND, e] == FIRM:
                s.record[Total.FIRM_DISMISSED, e] = 1
                leave(s, e)
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
    revenue = month_revenue(
        s.provider[P.ACCRUAL, e],
        with_side_income(p[i].provider_common_income, s.provider[P.SIDE_INCOME, e]),
        s.provider_n[PN.SUPPORT, e] + s.record[Total.ARREARS_PAID, e],
        area,
    )
    loss = is_loss(revenue, s.provider[P.SPEND, e], p[i].provider_cost) and p[i].firm_soft_budget == 0
    s.provider_n[PN.LOSS_MONTHS, e] = count_losses(s.provider_n[PN.LOSS_MONTHS, e], loss)
    tired = month >= p[i].firm_exit_from and gives_up(s.provider_n[PN.LOSS_MONTHS, e], s.provider_n[PN.PATIENCE, e])
    if tired or is_called_away(p[i].shock_firm_leaves, s.provider_n[PN.SINCE, e]):
        s.provider_n[PN.LEFT, e] = 1
        s.record[Total.FIRM_LEFT, e] = 1
        leave(s, e)
    elif takes_profit(month):
        surplus = s.cash[Sector.PROVIDER, e] - working_capital(p[i].firm_working_capital, p[i].provider_cost, area)
        if surplus > 0:
            shared = contract_works(s.owners_n[ON.COMMITTEE, e], p[i].owners_cost_plus) > 0.0
            post(s, e, Item.SURPLUS_TO_OWNERS if shared else Item.PROFIT, surplus)


@kernel
def leave(s: Any, e: int) -> None:
    """The provider leaves: a firm settles with its owners, the community returns what is left."""
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
    kind = s.provider_n[PN.KIND, e]
    if wanted == kind:
        return
    if wanted == FIRM:
        waited = s.provider_n[PN.WITHOUT_FIRM, e]
        if newly or tender_due(waited, p[i].firm_handover, p[i].firm_tender_every):
            winner = tender(s, p, i, e, month)
            if winner >= 0:
                firm_takes_over(s, p, i, e, winner)
                return
        if kind == NOBODY and p[i].provider_fallback == 1 and handed_over(waited, p[i].firm_handover):
            community_takes_over(s, p, i, e)
        return
    leave(s, e)
    if wanted == COMMUNITY:
        community_takes_over(s, p, i, e)


@kernel
def tender(s: Any, p: Any, i: int, e: int, month: int) -> int:
    """Return the row of the best firm that bids for estate e, or -1."""
    n_bidders = s.firm.shape[1] // s.estate_n.shape[1]
    best = -1
    best_score = 0.0
    common_income = with_side_income(p[i].provider_common_income, s.provider[P.SIDE_INCOME, e])
    other_income = income_besides_fees(common_income, p[i].street_subsidy)
    for f in range(e * n_bidders, (e + 1) * n_bidders):
        number = s.firm_n[FN.ID, f]
        view = uniform(s.key[0], _BID_VIEW, month, s.estate_n[E.ID, e], number, 0)
        rate = viewed_rate(
            p[i].firm_bid_prior, s.provider[P.PUBLISHED, e], p[i].firm_bid_weight, p[i].firm_bid_noise, view
        )
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
            score = bid_score(s.firm[F.SKILL, f], s.firm[F.COST_LEVEL, f], chance)
            if best < 0 or score > best_score:
                best = f
                best_score = score
    return best


@kernel
def firm_takes_over(s: Any, p: Any, i: int, e: int, f: int) -> None:
    """Firm f takes over estate e with its own working capital and a fresh claim on bills."""
    if s.provider_n[PN.KIND, e] != NOBODY:
        leave(s, e)
    s.provider_n[PN.KIND, e] = FIRM
    s.provider_n[PN.FIRM, e] = f
    s.provider_n[PN.PATIENCE, e] = s.firm_n[FN.PATIENCE, f]
    s.provider_n[PN.WITHOUT_FIRM, e] = 0
    s.provider[P.COST_LEVEL, e] = s.firm[F.COST_LEVEL, f]
    s.provider[P.SKILL, e] = s.firm[F.SKILL, f]
    s.provider[P.MARGIN, e] = s.firm[F.MARGIN, f]
    s.provider[P.SPEND, e] = opening_spend(p[i].firm_bid_level, p[i].provider_cost, s.firm[F.COST_LEVEL, f])
    s.provider[P.EXPECTED, e] = viewed_rate(
        p[i].firm_bid_prior, s.provider[P.PUBLISHED, e], p[i].firm_bid_weight, 0.0, 0.5
    )
    capital = working_capital(p[i].firm_working_capital, p[i].provider_cost, s.estate_n[E.AREA, e])
    post(s, e, Item.CAPITAL_IN, capital)
    _start(s, e)


@kernel
def community_takes_over(s: Any, p: Any, i: int, e: int) -> None:
    """The community takes the estate into its own care."""
    s.provider_n[PN.KIND, e] = COMMUNITY
    s.provider[P.COST_LEVEL, e] = 1.0
    s.provider[P.EXPECTED, e] = s.provider[P.PUBLISHED, e]
    _start(s, e)


@kernel
def _start(s: Any, e: int) -> None:
    s.provider_n[PN.SINCE, e] = 0
    s.provider_n[PN.CHANGES, e] += 1
    s.provider[P.FEE_LEVEL, e] = 1.0
    s.provider_n[PN.LOSS_MONTHS, e] = 0
    s.provider_n[PN.TOOK_OVER, e] = 1
    s.estate_n[E.INVESTED, e] = 0
