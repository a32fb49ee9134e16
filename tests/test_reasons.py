"""Why a household pays: do the terms add up to the decision, and do the figures show them?"""

import numpy as np
import pytest
from matplotlib.figure import Figure

from agents.household import Household
from agents.rules.payment import bill_threshold
from sim import GovernanceModel
from sim.errors import InputError
from sim.figures.reasons import chances_of_paying, reasons_for_paying, shown_terms
from sim.reasons import DISPOSITION, READINESS, TERM_TITLES, WEIGHTS, chance_of_paying, monthly_bill, payment_terms

SMALL = ("population.n_households=30", "time.spinup=14")


@pytest.fixture(scope="module")
def model():
    found = GovernanceModel("red_station", rng=2, set=SMALL, months=12)
    for _ in range(6):
        found.step()
    return found


def test_the_terms_add_up_to_what_the_household_weighs(model):
    for household in model.households:
        reasons = household.weigh(monthly_bill(household))
        whole = reasons.plain + reasons.suasion + reasons.enforcement + reasons.reactance
        assert sum(payment_terms(household).values()) == pytest.approx(whole + household.disposition, abs=1e-12)


def test_terms_are_those_worked_by_hand(model):
    """Habit weighs b_habit (2 h - 1); a free rider asks nothing of others; the bill weighs its share of income."""
    p = model.p
    for household in model.households:
        terms = payment_terms(household, 5000)
        assert terms["b_habit"] == pytest.approx(p.household_b_habit * (2 * household.habit - 1), abs=1e-12)
        assert terms["b_burden"] == 0.0  # a price is felt through what it lets one expect, by default
        assert terms["irritation"] == pytest.approx(-p.household_irritation * household.irritation, abs=1e-12)
        assert terms[DISPOSITION] == household.disposition
        own = p.household_intercept + household.intercept
        assert terms[READINESS] == pytest.approx(own, abs=1e-9)
        assert terms["b_social"] == 0 or household.payer_type == 1
    assert any(payment_terms(household)["b_social"] != 0 for household in model.households)
    assert any(payment_terms(household)["irritation"] < 0 for household in model.households)


def test_a_bill_weighs_its_share_of_income_where_price_is_felt_as_a_burden():
    model = GovernanceModel("market", rng=2, set=[*SMALL, "structure.price_channel=burden"], months=12)
    model.step()
    p, months = model.p, model.p.structure_billing_period
    for household in model.households:
        burden = payment_terms(household, 5000)["b_burden"]
        assert burden == pytest.approx(-p.household_b_burden * 5000 / months / household.income, abs=1e-12)


@pytest.mark.parametrize("choice", ["logistic", "probit"])
@pytest.mark.parametrize("persistence", [0.0, 0.6])
def test_the_chance_is_the_share_of_lucks_with_which_the_bill_is_paid(choice, persistence):
    """Counted over the bill's own luck, with the rule that draws the threshold."""
    settings = [*SMALL, f"structure.choice={choice}", f"household.taste_persistence={persistence}"]
    model = GovernanceModel("market", rng=2, set=settings, months=12)
    model.step()
    lucks = (np.arange(4000) + 0.5) / 4000
    for household in model.households[:6]:
        reasons = household.weigh(monthly_bill(household))
        whole = reasons.plain + reasons.suasion + reasons.enforcement + reasons.reactance
        own = np.sqrt(1 - persistence)
        paid = [whole > bill_threshold(u, household.disposition, own, model.p.structure_choice) for u in lucks]
        assert np.mean(paid) == pytest.approx(chance_of_paying(household), abs=5e-4)


def test_looking_changes_nothing(model):
    p, before = model.p, [array.copy() for array in model.state]
    payment_terms(model.households[0])
    assert model.p is p
    assert all(np.array_equal(was, now, equal_nan=True) for was, now in zip(before, model.state, strict=True))


def test_a_household_of_one_s_own_is_asked_itself():
    class Proud(Household):
        def weigh(self, bill):
            return super().weigh(bill)._replace(plain=9.0)

    model = GovernanceModel("custody", rng=2, set=SMALL, months=12, agent_classes={Household: Proud})
    model.step()
    terms = payment_terms(model.households[0])
    assert terms["b_trust"] == 0.0
    assert terms[READINESS] == pytest.approx(9.0)


def test_without_a_provider_there_is_no_bill(model):
    class Nobody:
        kind = 0

    class Home:
        provider = Nobody()

    class Somebody:
        home = Home()

    with pytest.raises(InputError, match="Nobody serves this estate"):
        monthly_bill(Somebody())


def test_every_weight_has_a_title():
    assert set(WEIGHTS) <= set(TERM_TITLES)


def test_the_bars_are_the_terms(model):
    ax = Figure().subplots()
    terms = payment_terms(model.households[0])
    small = {name for name, value in terms.items() if abs(value) < 0.005}
    drawn = reasons_for_paying(ax, terms, "one")
    assert set(drawn) == {*terms, "sum"} - small
    assert [bar.get_width() for bar in ax.patches] == list(drawn.values())
    assert drawn["sum"] == pytest.approx(sum(terms.values()))
    assert set(shown_terms(terms, dict.fromkeys(terms, 1.0))) == set(terms)


def test_the_bars_are_the_chances_and_the_line_is_the_first():
    ax = Figure().subplots()
    chances = {"as it is": 0.2, "asked": 0.7}
    assert chances_of_paying(ax, chances) == chances
    assert [bar.get_width() for bar in ax.patches] == [0.2, 0.7]
    assert [text.get_text() for text in ax.get_yticklabels()] == list(chances)
    assert list(ax.lines[0].get_xdata()) == [0.2, 0.2]
