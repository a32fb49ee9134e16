"""Witness points: inside the declared ranges either side can win. Nothing is decided by the choice of form.

A market that keeps a healthy estate healthy, one that loses a trapped estate, a station that lifts a trapped
estate, and one that ends worse than the custody it replaced: ten years each, on the same households and luck.
What a witness shows is that such a place exists, not how common it is.
"""

from functools import cache

import numpy as np
import pytest

from agents.rules.provider import FIRM, NOBODY
from sim.parameters import DEFAULTS, PARAMETERS, Role
from sim.results import Interval, Results
from sim.runs import simulate
from sim.scenarios import World, resolve
from sim.totals import Total

pytestmark = pytest.mark.thorough

MONTHS, REPLICATES = 120, 40

HEALTHY = ("household.intercept=1.0", "start.bailout=0.1")
"""A managed estate whose households pay readily: collection about 0.8 (evidence C1 to C5)."""

DEAR = (
    "household.b_burden=1.0",
    "household.intercept=0.4",
    "household.reference_price=0.3",
    "trust.asymmetry=3.5",
    "firm.bid_prior=0.85",
    "firm.bid_weight=0.9",
    "firm.loss_months=8",
    "firm.loss_spread=0",
    "firm.roster=0.66",
)
"""Households who expect much for their money and feel its weight; firms that trust a record and have no patience."""

DISTRUSTFUL = ("household.b_reactance=1.6", "provider.leak=0.3")
PRESSING = (
    "branch.member_hours=0",
    "station.fee=0.6",
    "station.manager_hours=0",
    "station.skill=0.6",
    "station.wage=1.1",
    "contact.press=1",
    "contact.vouch=0",
    "provider.audit=0.05",
    "provider.open_books=0",
)
"""A station that charges much, hires badly, shows no accounts, and sends its cadres to press."""


@cache
def ten_years(place: str, *forms: tuple[str, tuple[str, ...]]) -> Results:
    """Return ten years of some forms, each with its settings, on the same households, history and luck."""
    worlds = [resolve(form, place=place, months=MONTHS, set=settings) for form, settings in forms]
    assert all(world.before == worlds[0].before for world in worlds)
    for world in worlds:
        assert world.feasible, world.warnings
        assert outside(world) == []
    return Results.of(simulate(worlds, replicates=range(REPLICATES), seed=11))


def outside(world: World) -> list[str]:
    """Name the levers and uncertainties of a world, its place included, that lie outside their study range.

    What a place itself sets, its solved intercept among it, makes it the place that it is, and is no draw from a range.
    """
    place = resolve("market", place=world.place).before
    own = {path for path in PARAMETERS if place[path] != DEFAULTS[path]}
    found = []
    for values in (world.before, *(segment.values for segment in world.segments)):
        for path, parameter in PARAMETERS.items():
            if parameter.range is not None and parameter.role in (Role.LEVER, Role.UNCERTAINTY):
                low, high = parameter.range
                if path in own and values[path] == place[path]:
                    continue
                if not low <= values[path] <= high:
                    found.append(f"{path} = {values[path]}")
    return found


def since_before(results: Results, label: str, outcome: str) -> Interval:
    """Return the change of an outcome from the month before the policy month to the last, run by run."""
    arm = results.arm(label)
    months = arm.months.tolist()
    series = arm.values[outcome]
    return Interval(series[:, -1] - series[:, months.index(-1)])


def providers(results: Results, label: str) -> np.ndarray:
    """Return who serves, (run, month) from the policy month on."""
    batch = results.batches[results.labels.index(label)]
    return np.asarray(batch.totals[:, batch.first :, Total.PROVIDER, 0])


def exits(results: Results, label: str) -> np.ndarray:
    """Return how often a firm left, (run,)."""
    batch = results.batches[results.labels.index(label)]
    return np.asarray(batch.totals[:, batch.first :, Total.FIRM_LEFT, 0].sum(axis=1))


def test_a_market_can_keep_a_healthy_estate_healthy_for_ten_years():
    found = ten_years("healthy", ("market", HEALTHY))
    assert (providers(found, "market") == FIRM).all()
    assert exits(found, "market").sum() == 0
    assert found.interval("payment_rate", "market").low > 0.75
    assert found.interval("service", "market").low > 0.75  # what the contract says
    for outcome in ("payment_rate", "service", "facility_invisible"):  # the place stands still: nothing is lost
        assert since_before(found, "market", outcome).low > -0.05


def test_a_market_can_lose_a_trapped_estate():
    """A firm that asks much comes and leaves, and what it leaves behind pays less than custody alone would have got.

    Households who stop paying lose the habit.
    Who serves after it starts with trust of its own, so that trust in the provider is no worse for it.
    """
    felt = (*DEAR, "structure.price_channel=both", "household.b_habit=1")
    found = ten_years("trapped", ("market", (*felt, "firm.fee=0.8")), ("custody", felt))
    assert (providers(found, "market") == FIRM).any(axis=1).all()  # a firm comes, in every run
    assert (exits(found, "market") > 0).all()  # and leaves
    assert ((providers(found, "market")[:, -1] == FIRM).mean()) < 0.2
    assert found.difference("payment_rate", "market", "custody").high < 0.0
    assert since_before(found, "market", "payment_rate").high < 0.0


def test_a_station_can_lift_a_trapped_estate():
    found = ten_years("trapped", ("red_station", ("station.manager_hours=20",)), ("custody", ()))
    for outcome in ("payment_rate", "cost_covered", "service", "satisfaction", "facility_invisible"):
        assert found.difference(outcome, "red_station", "custody").low > 0.0
        assert since_before(found, "red_station", outcome).low > 0.0
    assert found.interval("payment_rate", "custody").high < 0.6
    assert found.interval("payment_rate", "red_station").low > 0.7


def test_a_station_that_presses_can_end_worse_than_custody():
    """It loses payers and trust, and costs more; that its dear fee still buys more service than custody has is true."""
    found = ten_years("trapped", ("red_station", (*DISTRUSTFUL, *PRESSING)), ("custody", DISTRUSTFUL))
    for outcome in ("payment_rate", "trust_provider"):
        assert found.difference(outcome, "red_station", "custody").high < 0.0
        assert since_before(found, "red_station", outcome).high < 0.0
    assert found.difference("cadre_hours", "red_station", "custody").low > 0.0  # and costs more
    assert found.difference("never_paid", "red_station", "custody").low > 0.0
    assert found.difference("share_repelled", "red_station", "custody").low > 0.0


def test_a_station_can_be_given_up_and_leave_an_estate_worse_than_custody():
    """It asks little and keeps a roster that it cannot cut: its losses end it, in every run, and nobody serves."""
    cheap = (*(setting for setting in PRESSING if not setting.startswith("station.fee")), "station.roster=0.66")
    found = ten_years("trapped", ("red_station", (*DISTRUSTFUL, *cheap, "station.fee=0.3")), ("custody", DISTRUSTFUL))
    assert (providers(found, "red_station")[:, -1] == NOBODY).all()
    for outcome in ("cost_covered", "service", "satisfaction"):
        assert found.difference(outcome, "red_station", "custody").high < 0.0
    assert found.difference("unresolved", "red_station", "custody").low > 0.0


@pytest.mark.parametrize("setting", ["household.b_burden=1.5", "firm.fee=0.9", "start.voice=0.05"])
def test_a_witness_outside_the_ranges_would_be_noticed(setting):
    assert outside(resolve("market", place="trapped", set=[setting])) != []


def test_every_setting_has_a_study_range():
    for option in (*HEALTHY, *DEAR, *DISTRUSTFUL, *PRESSING, *HEAVY):
        path = option.partition("=")[0]
        assert PARAMETERS[path].range is not None


# --- who keeps an estate, and who gives it up ------------------------------------------------------------------------

HEAVY = ("community.loss_months=12", "provider.common_income=0.02", "household.intercept=0.4")
"""Few pay, little comes in besides, and a community without the breath for more than a year of losses."""


def given_up(results: Results, label: str) -> np.ndarray:
    """Return how often the community gave an estate up, (run,)."""
    batch = results.batches[results.labels.index(label)]
    return np.asarray(batch.totals[:, batch.first :, Total.COMMUNITY_LEFT, 0].sum(axis=1))


def test_a_healthy_market_keeps_its_firm_for_ten_years_as_shipped():
    found = ten_years("healthy", ("market", ()))
    assert (exits(found, "market") == 0).mean() >= 0.95


@pytest.mark.parametrize(
    ("form", "obliged"),
    [
        ("custody", ("custody.loss_base=0.2", "custody.flat_fee=6", "custody.grant=0")),
        ("red_station", ("station.loss_base=1", "station.fee=0.2")),
    ],
)
def test_a_community_can_give_an_estate_up(form, obliged):
    """With a service taken on that fees do not carry, custody and station alike leave; then nobody serves."""
    found = ten_years("trapped", (form, (*HEAVY, *obliged)))
    assert (given_up(found, form) > 0).mean() >= 0.95
    assert (providers(found, form)[:, -1] == NOBODY).mean() >= 0.95


def test_as_shipped_custody_stays_and_a_station_is_given_up_now_and_then():
    found = ten_years("trapped", ("custody", ()), ("red_station", ()))
    assert given_up(found, "custody").sum() == 0
    assert (given_up(found, "red_station") > 0).mean() <= 0.15
