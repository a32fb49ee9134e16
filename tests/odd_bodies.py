"""Sentences of docs/odd.md about purpose and places, providers, and those who lead."""

import inspect
import math
import re

import numpy as np
import pytest
from odd_prose import FORMS, RED, default, lived, months_of, prose, says

from agents.rules import case, household, joint_branch, provider
from agents.rules.estate import EstateWhole as E
from agents.rules.funding import investment_now
from agents.rules.joint_branch import JointReal as J
from agents.rules.money import Item
from agents.rules.owners_committee import ELECTED, waves_rise_through
from agents.rules.owners_committee import OwnersReal as O
from agents.rules.owners_committee import OwnersWhole as ON
from agents.rules.party_branch import hours_given, kept_from, thinned
from agents.rules.property_firm import tender_due, view_after_exits, would_bid
from agents.rules.provider import ProviderReal as P
from agents.rules.provider import ProviderWhole as PN
from agents.rules.residents_committee import CommitteeReal as R
from agents.rules.residents_committee import crowded_out, mediation_hours
from sim import standing
from sim.facts import roles
from sim.odd import ROOT
from sim.parameters import PARAMETERS
from sim.runs import compare
from sim.state import State
from sim.totals import Total

MONEY = ("provider.cost", "provider.common_income", "firm.fee")


# --- purpose, patterns, places -------------------------------------------------------------------------------


@says("No red form carries a subsidy; the station keeps the caretaker money of custody, unchanged.")
def no_subsidy():
    assert [months_of(form, "street.subsidy") for form in RED] == [{0.0}] * len(RED)
    assert months_of("red_station", "station.grant") == months_of("custody", "custody.grant")


@says("""Each fact has one role, given before anything was fitted ([evidence.md](evidence.md)); it stands here in
brackets.""")
def fact_roles():
    table = prose().partition("### 1.3 ")[2].partition("### 1.4 ")[0]
    told = re.findall(r"\b([A-Z]\d+) \((\w+)\)", table)
    assert len(told) > 25
    assert [(fact, role) for fact, role in told if roles()[fact] != role] == []


@says("at the default fee standard cost and common income give (0.43 - 0.04) / 0.5 = 78 %")
def break_even():
    cost, income, fee = map(default, MONEY)
    assert f"({cost} - {income}) / {fee} = {(cost - income) / fee:.0%}" == "(0.43 - 0.04) / 0.5 = 78%"


@says("a month counts as a loss below 66 %, where less than 87 % of the cost comes in")
def loss_rate():
    cost, income, fee = map(default, MONEY)
    contracted, noted = provider.contracted_cost(cost, default("firm.loss_base")), default("firm.loss_noted")
    lost = [provider.is_loss(rate / 100 * fee + income, contracted, cost, noted) for rate in range(101)]
    assert lost.index(False) == 66
    assert default("firm.loss_base") == 0.87


@says("""Irritation, capture, politics, favours and unpaid labour each have one declared parameter with a study range
that includes no harm, and politics one on both sides of zero""")
def harms():
    paths = ("household.irritation", "officers.capture", "branch.favours", "household.labour_seen")
    assert [PARAMETERS[path].range[0] for path in paths] == [0.0] * 4
    low, high = PARAMETERS["firm.politics"].range
    assert low < 0.0 < high


@says("""A run has a spin-up (240 months by default, months -240 to -1) and 120 months from the policy month, month
0, which stands for January 2019. A bill covers one month; 3 and 12 are alternatives.""")
def scales():
    assert default("time.spinup") == 240
    assert inspect.signature(compare).parameters["months"].default == 120
    assert (default("time.start_year"), default("time.start_month")) == (2019, 1)
    assert default("structure.billing_period") == 1
    assert PARAMETERS["structure.billing_period"].valid == (1, 12)


@says("firms may leave from its first month on")
def exits_in_spinup():
    assert default("firm.exit_from") <= -default("time.spinup")


@says("""the mean within 0.02, at least 60 % of replicates within 0.1, a drift below 0.05 in the 24 months that
follow without a policy, and the declared share of estates with a firm.""")
def stands_still():
    assert (standing.TOLERANCE, standing.NEAR_SHARE, standing.NEAR) == (0.02, 0.6, 0.1)
    assert (standing.DRIFT, standing.LOOK_AHEAD) == (0.05, 24)


@says("`beigangyuan` alone declares a transition")
def transition():
    declared = {place: standing.declared_standing(place).state for place in standing.shipped_places()}
    assert [place for place, state in declared.items() if state == "transition"] == ["beigangyuan"]


@says("it starts with just enough activists, half effort and a full term.")
def first_committee():
    state, _ = lived("self_governance", "committee", 0)
    assert state.owners_n[ON.COMMITTEE, 0] == ELECTED
    assert state.owners_n[ON.ACTIVISTS, 0] == math.ceil(default("owners.initiators"))
    assert (state.owners[O.EFFORT, 0], state.owners_n[ON.TERM, 0]) == (0.5, 60)


# --- providers -----------------------------------------------------------------------------------------------


def funded(**settings: float) -> tuple[State, np.ndarray]:
    return lived("red_station", "trapped", 1, *((path.replace("__", "."), value) for path, value in settings.items()))


@says("""its aim is never below the contracted roster, since part of the cost cannot be cut, nor above 1.05 of
standard cost.""")
def plan():
    cost, roster, limit = default("provider.cost"), default("firm.roster"), default("firm.spend_limit")
    assert limit == 1.05
    assert provider.planned_spend(0.0, 0.05, cost, roster, limit) == roster * cost
    assert provider.planned_spend(9.0, 0.05, cost, roster, limit) == limit * cost


@says("Cadres audit firms only: a station cannot audit itself.")
def no_self_audit():
    without, hours = (("committee.audit_hours", 0.0),), (("committee.audit_hours", 8.0),)
    station = [lived("red_station", "trapped", 12, *one)[1] for one in (without, hours)]
    firm = [lived("red_alliance", "managed", 12, *one)[1] for one in (without, hours)]
    assert (station[0] == station[1]).all()
    assert firm[0][:, Total.CADRE_HOURS].sum() < firm[1][:, Total.CADRE_HOURS].sum()


@says("Part of the money for materials is set aside for repairs.")
def set_aside():
    state, _ = funded(case__facility=0.0, case__service=0.0)
    purse, bought = int(state.provider_n[PN.PURSE, 0]), int(state.flow[Item.MATERIALS, 0])
    assert purse > 0
    assert purse == int((purse + bought) * default("desk.repair_share"))


@says("""Hours of members and volunteers count at `community.volunteer_skill`, those of cadres who manage a
community's service at `community.manager_skill`, both at the market wage.""")
def unpaid_hours():
    wage, cost = default("provider.wage"), default("provider.cost")
    for lever, skill in (("community.volunteer_hours", "volunteer"), ("station.manager_hours", "manager")):
        given = {f"community__{skill}_skill": 0.5, lever.replace(".", "__"): 40.0}
        without, _ = funded(**given | {lever.replace(".", "__"): 0.0})
        found, _ = funded(**given)
        hours = 40.0 * found.estate_n[E.N_HOUSEHOLDS, 0] / 100.0
        more = provider.given_input(hours, 0.5, wage, cost, found.estate_n[E.AREA, 0])
        assert abs(found.provider[P.DELIVERED, 0] - without.provider[P.DELIVERED, 0] - more) < 1e-9


@says("""`firm.loss_base` = 0.87 of its own cost of service to standard, by more than 1 % of standard cost; a good
month takes one back.""")
def loss():
    assert (default("firm.loss_base"), default("firm.loss_noted")) == (0.87, 0.01)
    assert not provider.is_loss(0.3, 0.3 + 0.0042, 0.43, 0.01)
    assert provider.is_loss(0.3, 0.3 + 0.0044, 0.43, 0.01)
    assert [provider.count_losses(3, True), provider.count_losses(3, False), provider.count_losses(0, False)] == [
        4,
        2,
        0,
    ]


@says("It returns the fees of months that it will not serve.")
def returned():
    assert [provider.fees_returned(1200, month, 12) for month in (0, 11)] == [1100, 0]
    assert provider.fees_returned(1200, 5, 1) == 0


@says("""and so do books open to all, `provider.books_cost` = 0.01 of bought service.""")
def books_take_work():
    assert provider.drained_input(0.8, 0.0, 1.0, default("provider.books_cost")) == 0.8 * 0.99
    delivered = []
    for cost in (0.0, 0.03):
        state, _ = lived("trust", "committee", 2, ("provider.books_cost", cost))
        delivered.append(state.provider[P.DELIVERED, 0])
    assert delivered[1] < delivered[0]


@says("""A call takes its staff `contact.call_hours` = 0.25 hours, and the joint desk takes them the share
`desk.joint_staff` = 0.33 of its hours.""")
def calls_and_the_joint_desk_take_work():
    assert (default("contact.call_hours"), default("desk.joint_staff")) == (0.25, 0.33)
    assert provider.hours_elsewhere(100, 0.4, 0.25, 3.0) == 13.0
    assert provider.input_beside(0.5, 10.0, 0.8, 18.0, 0.45, 10_000.0) == 0.5 - 10.0 * 0.8 * 18 / 4500
    for path, most in (("contact.call_hours", 1.0), ("desk.joint_staff", 0.5)):
        states = [lived("red_alliance", "managed", 2, (path, value))[0] for value in (0.0, most)]
        assert states[1].provider[P.DELIVERED, 0] < states[0].provider[P.DELIVERED, 0], path


TROUBLES = ("service", "facility", "account", "neighbour", "common", "structure", "legacy", "handover", "renovation")


@says("""Of the joint desk all hours given count: the share `desk.joint_cadres` = 0.33 comes from the committee's staff,
whose other cases wait, as much from who serves, and the rest is given unpaid by owners.""")
def the_joint_desk_is_paid_for():
    assert default("desk.joint_cadres") == default("desk.joint_staff") == 0.33
    assert joint_branch.owners_at_joint_desk(10.0, 0.33, 0.33) == pytest.approx(3.4)
    assert joint_branch.owners_at_joint_desk(10.0, 0.5, 0.75) == 0.0
    idle = tuple((f"case.{kind}", 0.0) for kind in TROUBLES)
    none, some = (lived("red_alliance", "managed", 1, *idle, ("desk.joint_hours", hours)) for hours in (0.0, 20.0))
    given = some[0].joint[J.HOURS, 0]
    assert given > 0.0
    for total, share in ((Total.CADRE_HOURS, 0.33), (Total.VOLUNTEER_HOURS, 0.34)):
        more = (some[1][0, total, 0] - none[1][0, total, 0]) / 1000
        assert more == pytest.approx(given * share, abs=0.5), total
    own = [state.committee[R.MEDIATION_HOURS, 0] for state, _ in (none, some)]
    assert own[0] - own[1] == pytest.approx(min(own[0], given * 0.33))


@says("""A committee that signs all spending gives `owners.sign_hours` = 2 more. As cadres' hours count reports and
evaluations beyond the usual statutory work, too, and `owners.activist_hours` = 2 per 100 households and month for
looking for activists, and as many for protecting them, at full dose.""")
def reports_activists_and_signatures():
    assert (default("owners.sign_hours"), default("owners.activist_hours")) == (2.0, 2.0)
    for form, path, much, total in (
        ("trust", "owners.sign_hours", 8.0, Total.VOLUNTEER_HOURS),
        ("red_branch", "owners.activist_hours", 8.0, Total.CADRE_HOURS),
        ("red_alliance", "committee.added_load", 0.1, Total.CADRE_HOURS),
    ):
        place, more = "managed" if form == "red_alliance" else "committee", ("owners.protected", 1.0)
        least, most = (lived(form, place, 2, more, (path, value))[1][:, total].sum() for value in (0.0, much))
        assert most > least, path


@says("""As volunteers' hours count those of an owners' committee, `owners.committee_hours` = 8 per 100 households and
month at full effort, and of those who carry ballots, `owners.carry_hours` = 20 per 100 households and vote.""")
def owners_hours():
    assert (default("owners.committee_hours"), default("owners.carry_hours")) == (8.0, 20.0)
    booked = []
    for path in ("street.cadre_wage", "owners.committee_hours", "owners.carry_hours"):
        hours = 0.0 if path.startswith("owners") else default(path)
        _, totals = lived("red_branch", "committee", 24, (path, hours))
        booked.append(totals[:, Total.VOLUNTEER_COST].sum())
    assert booked[1] < booked[0]
    assert booked[2] < booked[0]


@says("""Custody and station are counted in the same way against the service they took on, `custody.loss_base` = 0.2 and
`station.loss_base` = 0.58 of standard cost""")
def taken_on():
    assert (default("custody.loss_base"), default("station.loss_base")) == (0.2, 0.58)
    for form, path in (("custody", "custody.loss_base"), ("red_station", "station.loss_base")):
        left = [
            lived(form, "trapped", 24, (path, base), ("community.loss_months", 6.0))[1][:, Total.COMMUNITY_LEFT].sum()
            for base in (0.0, 1.5)
        ]
        assert left == [0, 1]


@says("Where custody becomes a station the count begins anew, on what is expected at the new price.")
def counted_anew():
    """With bills once a year: the station waits for its own first bill, and no month before it is custody's fault."""
    yearly = ("structure.billing_period", 12), ("station.fee", 0.45), ("community.loss_months", 600.0)
    state, _ = lived("red_station", "trapped", 11, *yearly)
    assert math.isclose(state.provider[P.ACCRUAL, 0], 0.45 * state.provider[P.EXPECTED, 0], rel_tol=0.01)


@says("After `community.loss_months` = 24 such months, less good ones, the community gives the estate up")
def community_gives_up():
    assert default("community.loss_months") == 24
    _, totals = lived("red_station", "trapped", 48, ("station.loss_base", 1.5), ("community.loss_months", 6.0))
    assert totals[:, Total.COMMUNITY_LEFT].sum() == 1
    assert provider.hours_run_out(5.0, 5.0)
    assert not provider.hours_run_out(5.0, 4.9)


@says("""`firm.handover` = 4 months after the last firm served, and again every `firm.tender_every` = 6 months.""")
def tenders():
    handover, every = int(default("firm.handover")), int(default("firm.tender_every"))
    assert [n for n in range(20) if tender_due(n, handover, every)] == [4, 10, 16]


@says("""Each firm that gave up here takes 0.1 off the payment rate that they expect. A state-owned firm is told to
come.""")
def stigma():
    assert abs(view_after_exits(0.5, 2, default("firm.exit_stigma")) - 0.3) < 1e-12
    assert would_bid(0.0, 0.5, 0.0, 0.05, 0.43, 1.0, 0.95, 1)
    assert months_of("state_owned", "firm.soft_budget") == {1.0}


@says("covers the service they calculate with (0.95 of standard at their own cost).")
def bid():
    level = default("firm.bid_level")
    assert level == 0.95
    enough = level * 0.43 * 1.1 / 0.95 / 0.5
    assert would_bid(enough + 1e-9, 0.5, 0.0, 0.05, 0.43, 1.1, level, 0)
    assert not would_bid(enough - 1e-9, 0.5, 0.0, 0.05, 0.43, 1.1, level, 0)


@says("A firm may put money of its own into fittings, half of its cash a month at most")
def investment():
    assert investment_now(1000, 0, 600) == 300


# --- those who lead, and what they harm ----------------------------------------------------------------------


@says("All tire from the hours asked, those sent down four times as fast")
def tiring():
    assert default("branch.outsider_fatigue") == 4.0


@says("(`branch.organises`, 1 in every red form); what is not given is not booked.")
def organises():
    assert [months_of(form, "branch.organises") for form in RED] == [{1.0}] * len(RED)
    assert abs(hours_given(10.0, 1.0, 0.3) - 3.0) < 1e-12
    assert hours_given(10.0, 0.0, 0.3) == 10.0


@says("zero by default, and the range is symmetric.")
def politics():
    low, high = PARAMETERS["firm.politics"].range
    assert (default("firm.politics"), low) == (0.0, -high)


@says("hours of the mediation desk kept for them, which others lose (`branch.favours`).")
def favours():
    assert kept_from(household.NO_MEMBER, 0.4, 0.5) == 0.2
    assert kept_from(household.EMBEDDED, 0.4, 0.5) == 0.0
    assert case.hours_open_to(10.0, 0.2) == 8.0


@says("""are missing in statutory work, which lowers trust in the residents' committee (7.3), and before that at the
mediation desk.""")
def crowding():
    assert (mediation_hours(20.0, 15.0, 0.0), crowded_out(20.0, 15.0, 0.0)) == (5.0, 0.0)
    assert (mediation_hours(20.0, 25.0, 0.0), crowded_out(20.0, 25.0, 0.0)) == (0.0, 5.0)


@says("where there is no owners' committee, captured officers may wave the rise of a losing firm through.")
def waved():
    assert not waves_rise_through(0.0, 0.0, 0.5)
    assert waves_rise_through(0.0, 0.15, 0.5)


@says("A sub-district leads some ten estates with full attention (`branch.span`)")
def span():
    assert thinned(0.7, 10, default("branch.span"), 0.5) == 0.7 > thinned(0.7, 11, default("branch.span"), 0.5)


@says("half as far for who knows a receiver")
def hearsay():
    assert default("care.hearsay") == 0.5


@says("at 25 yuan, and those of members and volunteers at 12; no money flows for them.")
def wages():
    assert (default("street.cadre_wage"), default("street.volunteer_wage")) == (25.0, 12.0)
    paid = [Item.WAGES, Item.POSTS, Item.SALARIES]
    given, totals = funded(community__volunteer_hours=40.0)
    without, fewer = funded(community__volunteer_hours=0.0)
    assert (given.flow[paid] == without.flow[paid]).all()
    assert (totals - fewer)[0, Total.VOLUNTEER_COST, 0] == round(40.0 * 2.06 * 12.0 * 100.0)


# --- what the forms set, what does not act -------------------------------------------------------------------


@says("No shipped form presses for payment or for closures (`contact.press`, `desk.closure_pressure`)")
def nobody_presses():
    assert {
        value
        for form in FORMS
        for path in ("contact.press", "desk.closure_pressure")
        for value in months_of(form, path)
    } == {0}


@says("Appendix B would mark a parameter that nothing reads, and marks none")
def all_read():
    written_by_the_code = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8").partition("## Appendix B")[2]
    assert "(declared; nothing reads it yet)" not in written_by_the_code
