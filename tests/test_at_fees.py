"""Own, equal and voted fees: the voted fee is the root of the rule of the vote, and is missing where nobody votes."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from agents.rules.household import HouseholdReal
from agents.rules.voting import gain_from_rise
from sim.analysis.asked import form_in_place
from sim.analysis.at_fees import AT_FORM_S, AT_RIVAL_S, MONTH, OWN, VOTED, fee_without_gain, voted_fee
from sim.model import GovernanceModel
from sim.replicate import district_after

FEW = ("population.n_households=24", "time.spinup=12")
ASKED = {"over": "fee", "outcome": "cost_covered", "values": (0.4, 0.6), "set": FEW, "replicates": 4}


@given(st.floats(0.1, 3.0), st.floats(-0.5, 1.0), st.floats(0.1, 0.5))
def test_at_the_voted_fee_an_owner_expects_nothing_of_a_rise(fee, gap, per_log_price):
    voted = fee_without_gain(fee, gap, per_log_price)
    if voted > 0:
        assert gain_from_rise(gap, voted / fee - 1.0, per_log_price) == pytest.approx(0.0, abs=1e-12)
    else:
        assert gap <= -per_log_price


def test_the_estates_after_so_many_months_are_those_of_the_model():
    world = form_in_place("self_governance", "committee", 40, FEW)
    (block,) = district_after(world, 14, 3, 1).blocks
    model = GovernanceModel("self_governance", place="committee", months=40, rng=3, replicate=1, set=FEW)
    for _ in range(14):
        model.step()
    for column in (HouseholdReal.QUALITY, HouseholdReal.REFERENCE):
        assert np.array_equal(block.household[column], model.state.household[column])


@pytest.fixture(scope="module")
def found():
    return sim.crossing("red_branch", "self_governance", place="committee", months=48, **ASKED)


def test_own_equal_and_voted_fees_are_compared(found):
    rows = found.fees.set_index("at")
    assert rows.index.tolist() == [OWN, AT_FORM_S, AT_RIVAL_S, VOTED]
    assert (rows.loc[OWN, "fee_form"], rows.loc[OWN, "fee_rival"]) == (0.5, 0.5)
    world = form_in_place("red_branch", "committee", 48, FEW)
    assert rows.loc[VOTED, "fee_form"] == voted_fee(world, 1, 4)
    for at in (OWN, VOTED):
        options = [*FEW, f"firm.fee={float(rows.loc[at, 'fee_form'])!r}"]
        others = [*FEW, f"firm.fee={float(rows.loc[at, 'fee_rival'])!r}"]
        one, other = (
            sim.run(f"{form} @ committee", months=48, replicates=4, set=chosen).arm(form).judged["cost_covered"]
            for form, chosen in (("red_branch", options), ("self_governance", others))
        )
        assert rows.loc[at, "difference"] == pytest.approx(float(np.mean(one - other)), abs=1e-12)


def test_the_words_tell_the_fees(found):
    (paragraph,) = found.words.values()
    assert "red_branch less self_governance: at own fees (0.50): " in paragraph
    assert f"at voted fees ({found.fees['fee_form'].iloc[-1]:.2f} and " in paragraph


def test_service_that_is_better_than_expected_is_voted_a_higher_fee():
    """A direction: the more the price level was, the less is left to expect of it."""
    cheap, dear = (
        voted_fee(form_in_place("self_governance", "committee", 48, [*FEW, f"household.reference_price={value}"]), 1, 4)
        for value in (0.1, 1.0)
    )
    assert abs(cheap - 0.5) > abs(dear - 0.5)


def test_nobody_votes_without_a_committee():
    small = {**ASKED, "outcome": "payment_rate", "set": FEW}
    found = sim.crossing("red_station", "market", place="trapped", months=40, **small)
    row = found.fees.set_index("at").loc[VOTED]
    assert math.isnan(row["fee_form"])
    assert math.isnan(row["difference"])
    (paragraph,) = found.words.values()
    assert "nobody votes on a firm's fee in red_station and market" in paragraph
    assert found.fees.set_index("at").loc[OWN, "fee_form"] == pytest.approx(0.45)


def test_another_factor_has_no_table_of_fees():
    small = {**ASKED, "over": "household.b_quality", "values": (0.5, 1.5)}
    found = sim.crossing("market", "custody", place="trapped", months=15, **small)
    assert found.fees.empty
    assert "own fees" not in next(iter(found.words.values()))


def test_a_world_that_ends_before_is_not_looked_beyond():
    world = form_in_place("self_governance", "committee", MONTH - 1, FEW)
    with pytest.raises(ValueError, match="36 months of a world that lasts 35"):
        district_after(world, MONTH, 1, 0)
