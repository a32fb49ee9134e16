"""A contact acts through its doses alone: without any it books its hours, and nothing else in the world differs."""

import numpy as np
import pytest

from agents.household import Household
from agents.rules.household import COMMITTEE
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from sim.model import GovernanceModel
from sim.parameters import PARAMETERS
from sim.parameters.contacts import CONTACTS
from sim.population import build_state
from sim.runs import simulate
from sim.scenarios import World, resolve
from sim.totals import Total

MONTHS = 36
CALM = ("time.spinup=24",)
TROUBLES = ("service", "facility", "account", "neighbour", "common", "structure", "legacy", "handover", "renovation")
NO_CROWDING = ("trust.statutory=0", *(f"case.{kind}=0" for kind in TROUBLES))
"""Nothing happens that hours of the residents' committee could be missing for."""
ATTENTIVE = ("household.inattention=0",)
WORKLESS_CALLS = ("contact.call_hours=0",)
"""Calls take work of the provider's staff, which is a dose of its own: here they take none."""
BOOKED = {
    Total.CADRE_HOURS, Total.CADRE_COST, Total.VOLUNTEER_HOURS, Total.VOLUNTEER_COST, Total.STATUTORY_SHORTFALL,
    Total.VISITED, Total.CALLED, Total.CARED, Total.ATTENTION, Total.PUBLIC_MONEY,
}  # fmt: skip
"""What a contact books: its hours and what they are worth, whom it reached, what the programme that brings it costs."""
DOSED = [name for name, contact in CONTACTS.items() if contact.happens and contact.doses]


def setting(path: str, value: float) -> str:
    parameter = PARAMETERS[path]
    return f"{path}={int(value) if parameter.integer else value}"


def world(expression: str, *settings: str, place: str = "managed") -> World:
    return resolve(expression, place=place, months=MONTHS, set=[*CALM, *settings])


def totals(found: World, seed: int = 5) -> np.ndarray:
    batch = simulate([found], replicates=range(4), seed=seed, threads=1)[0]
    assert batch.status == ("ok",) * 4
    return batch.totals


def unbooked(found: np.ndarray) -> np.ndarray:
    return found[:, :, [total for total in Total if total not in BOOKED]]


# --- every kind, found in the code -----------------------------------------------------------------------------------


def test_every_way_to_reach_a_household_is_a_declared_contact():
    ways = ("receive_", "hear_", "feel_", "read_", "answer_to_")
    methods = {name for name in dir(Household) if name.startswith(ways)} - {"receive_care"}
    assert methods == {contact.method for contact in CONTACTS.values()}


@pytest.mark.parametrize("name", DOSED)
def test_a_mute_contact_books_its_hours_and_changes_nothing(name):
    contact = CONTACTS[name]
    mute = [setting(path, 0.0) for path in contact.doses]
    common = [*ATTENTIVE, *NO_CROWDING, *WORKLESS_CALLS, *mute]
    without = totals(world("market", *common))
    with_it = totals(world("market", *common, *(setting(path, value) for path, value in contact.happens.items())))
    assert unbooked(with_it).tobytes() == unbooked(without).tobytes()
    assert with_it.tobytes() != without.tobytes()  # it took place


@pytest.mark.parametrize("name", DOSED)
def test_the_same_contact_with_its_doses_does_something(name):
    contact = CONTACTS[name]
    happens = [setting(path, value) for path, value in contact.happens.items()]
    doses = [setting(path, max(PARAMETERS[path].default, 1.0)) for path in contact.doses]
    common = [*ATTENTIVE, *NO_CROWDING]
    without = totals(world("market", *common, *(setting(path, 0.0) for path in contact.doses), *happens))
    with_it = totals(world("market", *common, *doses, *happens))
    assert unbooked(with_it).tobytes() != unbooked(without).tobytes()


CADRES = Total.CADRE_HOURS
POSTS = {
    "officers on each other's seats": ({"branch.cross_posts": 1.0}, ("officers.capture", "firm.politics"), (), None),
    "an instructor with nobody to organise": ({"branch.instructor": 12.0}, ("branch.attention",), (), CADRES),
    "protected activists": ({"owners.protected": 1.0}, ("owners.join",), ("owners.allowed=1",), CADRES),
    "activists looked for": (
        {"owners.recruited": 1.0}, ("owners.join_recruited",), ("owners.allowed=1", "branch.attention=0.7"), CADRES,
    ),
    "cadres over a firm's accounts": ({"committee.audit_hours": 8.0}, ("committee.audit_finds",), (), CADRES),
    "reports": ({"committee.added_load": 0.1}, (), (), CADRES),
    "keys to money that nobody diverts": (
        {"owners.two_keys": 1.0}, ("provider.leak", "owners.captured_leak"), ("owners.appointed=1",),
        Total.VOLUNTEER_HOURS,
    ),
    "a joint desk without cases": ({"desk.joint_hours": 10.0}, ("desk.joint_staff",), (), CADRES),
}  # fmt: skip
"""Posts and duties: what sets them up, its doses at zero, what else is on, what is booked; officers give no hours."""


@pytest.mark.parametrize("name", POSTS)
def test_a_mute_post_books_its_hours_and_changes_nothing(name):
    happens, doses, more, booked = POSTS[name]
    common = [*ATTENTIVE, *NO_CROWDING, *more, *(setting(path, 0.0) for path in doses)]
    without = totals(world("market", *common))
    with_it = totals(world("market", *common, *(setting(path, value) for path, value in happens.items())))
    differing = [total.name for total in Total if with_it[:, :, total].tobytes() != without[:, :, total].tobytes()]
    assert {name for name in differing if Total[name] not in BOOKED} == set()
    assert booked is None or with_it[:, :, booked].sum() > without[:, :, booked].sum()


ARGUMENTS = {
    "receive_visit": (COMMITTEE, 1.0), "hear_of_scandal": (0.0, 0.0), "hear_in_forum": (0.0,), "feel_care": (0.5, 0.5),
}  # fmt: skip
"""What comes with a contact: who visits and how near, how much trust is shaken, what a forum tells, who cares."""


def changed_by(name: str, *settings: str, arguments: tuple[float, ...] = ()) -> set[str]:
    """Return the columns of households that one contact of this kind changes, of all who live in an estate."""
    method = CONTACTS[name].method
    model = GovernanceModel("market", place="managed", months=1, rng=3, set=("time.spinup=24", *ATTENTIVE, *settings))
    found = set()
    for household in model.agents_by_type[Household]:
        household.home.provider.rate += 100  # a new price
        before = model.state.household.copy(), model.state.household_n.copy()
        getattr(household, method)(*arguments or ARGUMENTS.get(method, ()))
        household.home.provider.rate -= 100
        for columns, now, then in zip((H, N), (model.state.household, model.state.household_n), before, strict=True):
            found |= {column.name for column in columns if now[column].tobytes() != then[column].tobytes()}
    return found - {"CONTACT"}


@pytest.mark.parametrize("name", CONTACTS)
def test_what_comes_without_a_dose_leaves_a_household_as_it_was(name):
    """The mark of the month aside; a notice is noted by who is sued, and acts by the court alone."""
    mute = [setting(path, 0.0) for path in CONTACTS[name].doses]
    assert changed_by(name, *mute) - ({"SUED"} if name == "notice of a suit" else set()) == set()


@pytest.mark.parametrize(
    ("name", "settings", "arguments", "moved"),
    [
        ("price", ("household.reference_price=1",), (), "REFERENCE"),
        ("scandal", (), (0.5, 0.5), "TRUST_PROVIDER"),
        ("notice of a suit", (), (), "SUED"),
        ("call", ("contact.call_ask=1",), (), "SUASION"),
        ("visit of cadres", ("contact.ask=1",), (), "SUASION"),
    ],
)
def test_the_same_with_its_dose_does_not(name, settings, arguments, moved):
    assert moved in changed_by(name, *settings, arguments=arguments)


def test_suits_that_are_withdrawn_and_cost_nothing_change_nothing_else():
    """A suit acts by how it ends, what it costs, the grievance of waiting, and the work that open cases tie up."""
    mute = (
        "case.court_mediated=0", "case.suit_withdrawn=1", "case.court_fee=0", "case.drain=0",
        "case.grievance_waiting=0",
    )  # fmt: skip
    common = [*ATTENTIVE, *NO_CROWDING, *mute]
    with_it = totals(world("market", *common, "firm.suits=0.2"))
    without = totals(world("market", *common, "firm.suits=0"))
    suits = {total for total in Total if total.name.startswith("SUITS")}
    suits |= {Total.DESK_HOURS, Total.OPEN_CASES, Total.UNRESOLVED}
    rest = [total for total in Total if total not in suits]
    assert with_it[:, :, Total.SUITS].sum() > 0
    differing = [total.name for total in rest if with_it[:, :, total].tobytes() != without[:, :, total].tobytes()]
    assert differing == []


# --- one luck per bill ------------------------------------------------------------------------------------------------


def test_two_looks_with_unchanged_reasons_collect_what_one_does():
    """Nobody forgets, nothing moves the reasons: whoever did not pay at once never does, however often it looks."""
    still = ("household.belief_speed=0", "household.b_habit=0", "household.b_age=0", "contact.provider_calls=0")
    found = totals(resolve("m0", months=MONTHS, set=still))
    assert found[:, :, Total.ARREARS_PAID].sum() == 0
    assert found[:, -12:, Total.FEES].sum() > 0
    assert found[:, -1, Total.ARREARS_OLD].sum() > 0


def test_a_mute_visit_to_the_inattentive_brings_payment_forward_and_collects_no_more():
    """Forgotten bills recall themselves: by twelve months of age the same share is paid, visited or not."""
    mute = [setting(path, 0.0) for path in CONTACTS["visit of cadres"].doses]
    common = ("household.inattention=0.15", *NO_CROWDING, *mute, "population.n_households=800")
    shares = []
    for hours in (0.0, 20.0):
        found = totals(world("market", *common, f"contact.cadre_hours={hours}"))[:, -12:].sum(axis=(1, 3))
        shares.append(found[:, Total.PAID_12] / found[:, Total.DUE_12])
    assert np.abs((shares[1] - shares[0]).mean()) < 0.005


def test_a_perfect_payer_who_forgets_seldom_owes_two_bills():
    ready = ("household.intercept=20", "household.inattention=0.15", "contact.provider_calls=0")
    found = totals(world("market", *ready, *NO_CROWDING))
    months = found[:, -24:].sum(axis=(1, 3))
    several = months[:, Total.N_OWING_2] + months[:, Total.N_OWING_3]
    assert (several / months[:, Total.N_CLAIMED]).max() <= 0.03
    assert months[:, Total.N_OWING_1].min() > 0  # it does forget


def test_what_is_forgotten_for_good_waits_for_somebody_who_recalls_it():
    lost = ("household.inattention=0.5", "household.forgotten=1", "firm.suits=0")
    ready = ("household.intercept=20", *lost, *NO_CROWDING)
    quiet = totals(world("market", *ready, "contact.provider_calls=0"))
    mute = ("contact.call_ask=0", "contact.call_notice=0")
    called = totals(world("market", *ready, *mute, "contact.provider_calls=0.5"))
    assert quiet[:, 12:, Total.ARREARS_PAID].sum() == 0  # once nobody calls any more
    assert called[:, 12:, Total.ARREARS_PAID].sum() > 0


# --- no form has visits of its own ------------------------------------------------------------------------------------


def test_a_market_with_the_visits_of_an_alliance_is_an_alliance_without_its_other_levers():
    from sim.scenarios.catalog import load

    visits = {"contact.cadre_hours", "contact.inform", "contact.vouch", "contact.ask"}
    alliance, market = load("red_alliance", ("form",)), resolve("market", place="managed", months=MONTHS)
    base = market.segments[0].values
    given = resolve("red_alliance", place="managed", months=MONTHS).segments[0].values
    other = {path for path in alliance.levers() if given[path] != base[path]} - visits
    assert len(other) > 8
    back = [f"{path}={base[path]}" for path in sorted(other)]
    as_there = [f"{path}={given[path]}" for path in visits]
    one, two = world("market", *as_there), world("red_alliance", *back)
    assert totals(one).tobytes() == totals(two).tobytes()
    assert totals(one).tobytes() != totals(world("market")).tobytes()


def test_the_owner_of_a_let_dwelling_hears_of_a_visit_only_in_part():
    let = ("population.share_let=1", "population.share_vacant=0", *ATTENTIVE, *NO_CROWDING)
    visited = "contact.cadre_hours=40"
    silent = totals(world("market", *let, "household.passed_on=0", visited))
    nobody = totals(world("market", *let, "household.passed_on=0"))
    told = totals(world("market", *let, "household.passed_on=0.8", visited))
    assert unbooked(silent).tobytes() == unbooked(nobody).tobytes()
    assert unbooked(told).tobytes() != unbooked(nobody).tobytes()


def test_being_asked_by_whom_one_distrusts_irritates_and_worn_out_suasion_does_not_hide_it():
    state = build_state(resolve("market", place="managed").segments[0].values, 1, 0)
    assert (state.household[H.IRRITATION] == 0.0).all()
    distrusted = ("start.trust_community=0.1", "trust.community_return=0")
    asking = ("contact.cadre_hours=60", *distrusted, *ATTENTIVE, *NO_CROWDING)
    rates = []
    for weight in (0.0, 1.0):
        found = totals(world("market", *asking, f"household.irritation={weight}", "household.b_suasion=0"))
        year = found[:, -12:].sum(axis=(1, 3))
        rates.append(year[:, Total.PAID_3] / year[:, Total.DUE_3])
    assert (rates[1] < rates[0]).all()
