"""Sentences of docs/odd.md about cases and courts, owners and the law."""

import inspect
import math

import numpy as np
import pytest
from odd_prose import FORMS, default, lived, months_of, says

from agents.rules import arrears, case, provider, voting
from agents.rules.case import DeskReal
from agents.rules.checklist import hours_at_pace
from agents.rules.funding import used_from_fund
from agents.rules.owners_committee import initiators_needed
from agents.rules.units import YEAR
from sim.totals import Total

# --- cases, courts, ways -------------------------------------------------------------------------------------


@says("Severity is uniform from 0.4 to 1.6.")
def severities():
    spread = default("case.severity_spread")
    assert [round(case.severity(u, spread), 12) for u in (0.0, 0.5, 1.0)] == [0.4, 1.0, 1.6]


@says("a firm *sues* over a bill of its own older than eight months, with a chance of 0.0006 a month")
def suits():
    after = int(default("firm.suit_after"))
    assert default("firm.suits") == 0.0006
    assert [age for age in range(12) if arrears.with_old_debt(1 << age, after)] == [9, 10, 11]
    assert not arrears.with_old_debt(arrears.claimable(1 << 9, 8), after)


@says("the community does so only under a contract, a lever that no form sets.")
def contracts():
    assert {
        value for form in FORMS for seat in ("custody", "station") for value in months_of(form, f"{seat}.contract")
    } == {0}
    assert provider.may_sue(provider.FIRM, 0)
    assert [provider.may_sue(provider.COMMUNITY, contract) for contract in (0, 1)] == [False, True]


@says("""54 % are settled before a judgment: the household pays 70 % of its bills, rounded up, the oldest first. 20 %
are withdrawn""")
def suit_ends():
    u = (np.arange(1000) + 0.5) / 1000
    parts = default("case.court_mediated"), default("case.suit_withdrawn")
    ends = [case.court_end(one, case.SUIT, *parts) for one in u]
    assert [ends.count(end) for end in (case.RESOLVED, case.WITHDRAWN, case.JUDGED)] == [540, 200, 260]
    assert arrears.bills_agreed(0b111, default("case.suit_paid")) == math.ceil(2.1) == 3
    assert arrears.oldest_debt(0b1010, 36) == 3


@says("so that at full powers an attempt takes 1 / 1.25 of its hours (`case.summons`)")
def powers():
    pace = case.pace_with_power(1.0, 1.0, default("case.summons"), 0.0)
    assert hours_at_pace(5.0, pace) == 4.0
    assert "power" not in inspect.signature(case.settle_chance.py_func).parameters


@says("bringing them takes the desk 0.1 hours for each of these (`case.summons_hours`)")
def summoned():
    bringing = default("case.summons_hours")
    assert hours_at_pace(5.0, case.pace_with_power(1.0, 1.0, 0.25, bringing)) == pytest.approx(4.0 * 1.1)
    assert case.pace_with_power(1.0, 0.0, 0.25, bringing) == 1.0


@says("powers that a branch organises reach as far as its attention.")
def powers_with_attention():
    powers = []
    for attention in (0.0, 0.5, 1.0):
        settings = ("branch.attention", attention), ("branch.attention_floor", attention)
        state, _ = lived("red_alliance", "managed", 1, *settings)
        powers.append(state.desk[DeskReal.POWER, case.MEDIATION])
    assert powers[0] == 0.0
    assert powers[1] == pytest.approx(powers[2] / 2)


@says("settles fewer cases over service, facilities, common parts, accounts and hand-overs, and others as before.")
def interest():
    party = [name for name, one in zip(case.KIND_NAMES, case.FIRM_IS_PARTY, strict=True) if one]
    assert party == [
        "service",
        "facility",
        "parking and common income",
        "fee and account",
        "hand-over",
        "suit for arrears",
    ]
    assert case.CAN_CLOSE[case.SUIT][case.MEDIATION] == 0

    def chance(shared: float, one: int) -> float:
        return case.settle_chance(0.3, 0.5, 1.2, 0.5, 1.5, shared, 1.0, one)

    assert chance(0.25, 1) < chance(0.0, 1) == chance(0.25, 0)


@says("of what it settles, 54 % end as settled and the rest as judged.")
def court():
    ends = [
        case.court_end((one + 0.5) / 100, case.NEIGHBOUR, default("case.court_mediated"), 0.2) for one in range(100)
    ]
    assert (ends.count(case.RESOLVED), ends.count(case.JUDGED)) == (54, 46)


@says("""below 15 days it costs none, and a lever that shortens it further changes nothing but report hours; 15 to 44
days cost one.""")
def ways():
    assert {case.months_on_the_way(days) for days in range(15)} == {0}
    assert {case.months_on_the_way(days) for days in range(15, 45)} == {1}
    assert case.months_on_the_way(45.0) == 2


# --- owners and the law --------------------------------------------------------------------------------------


@says("""finds some of the initiators and has ballots carried, at the price of cadres' hours, while there is no
committee.""")
def push():
    assert initiators_needed(5.0, 0.4) == 3.0
    assert voting.organised_ballot(0.0, 0.6, 0.0, 0.5) == 0.6
    hours = [
        lived("self_governance", "committee", 1, ("start.committee", 0), ("owners.push", one))[1] for one in (0.0, 1.0)
    ]
    assert (hours[1] - hours[0])[0, Total.CADRE_HOURS, 0] > 6000


@says("An elected committee's term ends after five years at most and has to be renewed.")
def term():
    assert default("owners.term") == 5 * YEAR


@says("a firm that has served a year and does not deliver as contracted (0.75 of standard input)")
def dismissal():
    assert (default("owners.dismiss_from"), default("provider.contract_level")) == (12, 0.75)


def passes(law: int, matter: int, voted: int, yes: int) -> bool:
    return bool(voting.vote_passes(law, matter, 1200, 1200, voted, voted, yes, yes))


@says("""until December 2020 a majority of all owners and of all area (Property Law art. 76), from January 2021 a
majority of those taking part, if two thirds of owners and area do (Civil Code art. 278).""")
def law():
    assert [voting.law_in_force(month, 2019, 1) for month in (23, 24)] == [voting.PROPERTY_LAW, voting.CIVIL_CODE]
    assert [passes(voting.PROPERTY_LAW, voting.ORDINARY, 700, yes) for yes in (600, 601)] == [False, True]
    assert [passes(voting.CIVIL_CODE, voting.ORDINARY, 800, yes) for yes in (400, 401)] == [False, True]
    assert not passes(voting.CIVIL_CODE, voting.ORDINARY, 799, 799)


@says("""Letting common parts is an ordinary matter at first and a special one since 2021: three quarters of those
taking part.""")
def letting():
    assert [voting.matter_of(voting.LET, law) for law in (voting.PROPERTY_LAW, voting.CIVIL_CODE)] == [
        voting.ORDINARY,
        voting.SPECIAL,
    ]
    assert [passes(voting.CIVIL_CODE, voting.SPECIAL, 800, yes) for yes in (599, 600)] == [False, True]


@says("Raising money for a fund is always special; using it was until 2020 and is ordinary since.")
def fund():
    laws = (voting.PROPERTY_LAW, voting.CIVIL_CODE)
    assert [voting.matter_of(voting.FUND, law) for law in laws] == [voting.SPECIAL] * 2
    assert [voting.matter_of(voting.USE, law) for law in laws] == [voting.SPECIAL, voting.ORDINARY]


@says("once a year whether to use half of the fund.")
def half_of_fund():
    assert used_from_fund(1001) == 500


@says("works begin if 80 % of all owners consent.")
def consent():
    assert [passes(voting.CIVIL_CODE, voting.RENOVATION_CONSENT, 960, yes) for yes in (959, 960)] == [False, True]
