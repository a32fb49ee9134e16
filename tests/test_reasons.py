"""Why a household pays: do the terms add up to the decision, and do the figures show them?"""

import numpy as np
import pytest
from matplotlib.figure import Figure

from agents.household import Household
from sim import GovernanceModel
from sim.errors import InputError
from sim.figures.reasons import chances_of_paying, reasons_for_paying, shown_terms
from sim.reasons import READINESS, TERM_TITLES, WEIGHTS, monthly_bill, payment_terms

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
        assert sum(payment_terms(household).values()) == pytest.approx(whole, abs=1e-12)


def test_terms_are_those_worked_by_hand(model):
    """Habit weighs b_habit (2 h - 1); a free rider asks nothing of others; the bill weighs its share of income."""
    p = model.p
    for household in model.households:
        terms = payment_terms(household, 5000)
        assert terms["b_habit"] == pytest.approx(p.household_b_habit * (2 * household.habit - 1), abs=1e-12)
        months = p.structure_billing_period
        assert terms["b_burden"] == pytest.approx(-p.household_b_burden * 5000 / months / household.income, abs=1e-12)
        own = p.household_intercept + household.intercept
        assert terms[READINESS] == pytest.approx(own, abs=1e-9)
        assert terms["b_social"] == 0 or household.payer_type == 1
    assert any(payment_terms(household)["b_social"] != 0 for household in model.households)


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
