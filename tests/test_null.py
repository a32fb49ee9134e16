"""A form with its levers at its null base's values is that base, bit for bit: no form has a bonus of its own."""

import numpy as np
import pytest

from sim.parameters import PARAMETERS
from sim.runs import simulate
from sim.scenarios import World, list_scenarios, resolve
from sim.scenarios.catalog import PLACE_FORM, load

MONTHS, REPLICATES = 48, range(3)

PLACES = [info.name for info in list_scenarios() if info.kind == "place" and load(info.name, ("place",)).initial_form]
FORMS = [info.name for info in list_scenarios() if info.kind == "form"]
STEADY = [form for form in FORMS if not load(form, ("form",)).steps]
SECOND_NAMES = {"red_center_branch": "red_branch"}
"""Forms that are another one under a second name, bit for bit."""
PROGRAMMES = {info.name: info.stacks_on for info in list_scenarios() if info.kind == "programme"}
STACKED = [(programme, form) for programme, on in PROGRAMMES.items() for form in STEADY if not on or form in on]
WITH_BASE = [info.name for info in list_scenarios() if info.kind == "form" and info.null_base]


def levers(name: str, kind: str) -> set[str]:
    """Return the levers that a file sets, in its steps too."""
    scenario = load(name, (kind,))
    return set(scenario.levers()).union(*(step.values for step in scenario.steps))


def base_of(form: str, place: str) -> str:
    base = load(form, ("form",)).null_base
    return load(place, ("place",)).initial_form if base == PLACE_FORM else base


def at_values_of(expression: str, base: World, paths: set[str]) -> World:
    """Return the world of `expression` with some parameters at the values that `base` gives them."""
    assert len(base.segments) == 1  # a base that changes in time would need its own timetable
    settings = []
    for path in sorted(paths):
        choices, value = PARAMETERS[path].choices, base.segments[0].values[path]
        settings.append(f"{path}={choices[int(value)] if choices else value}")
    return resolve(expression, place=base.place, months=MONTHS, set=settings)


def totals(world: World) -> np.ndarray:
    batch = simulate([world], replicates=REPLICATES, seed=5, threads=1)[0]
    assert batch.status == ("ok",) * len(REPLICATES)
    return batch.totals


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("form", WITH_BASE)
def test_a_form_at_the_levers_of_its_base_is_the_base(form, place):
    base = resolve(base_of(form, place), place=place, months=MONTHS)
    alike = at_values_of(form, base, levers(form, "form") | levers(base.label, "form"))
    assert totals(alike).tobytes() == totals(base).tobytes()


@pytest.mark.parametrize(("programme", "form"), STACKED)
def test_a_programme_at_the_levers_of_the_form_is_the_form(programme, form):
    base = resolve(form, place="trapped", months=MONTHS)
    alike = at_values_of(f"{form} + {programme}", base, levers(programme, "programme"))
    assert totals(alike).tobytes() == totals(base).tobytes()


@pytest.mark.parametrize(("second", "first"), SECOND_NAMES.items())
def test_a_second_name_is_the_same_form(second, first):
    ours, theirs = (totals(resolve(name, place="committee", months=MONTHS)) for name in (second, first))
    assert ours.tobytes() == theirs.tobytes()


OF_THEIR_OWN = [form for form in WITH_BASE if form not in SECOND_NAMES]


ON_A_FORM = [f"{(*on, 'market')[0]} + {programme}" for programme, on in PROGRAMMES.items()]


@pytest.mark.parametrize("form", [*OF_THEIR_OWN, *ON_A_FORM])
def test_with_levers_of_its_own_it_is_not(form):
    """The comparison above can fail."""
    base = base_of(form, "trapped") if form in FORMS else form.partition(" + ")[0]
    ours, theirs = (resolve(name, place="trapped", months=MONTHS) for name in (form, base))
    assert totals(ours).tobytes() != totals(theirs).tobytes()


def test_every_form_but_the_first_has_a_base():
    """Custody is where estates start; every other form says what it is without its levers."""
    assert set(FORMS) - set(WITH_BASE) == {"custody"}


GOVERNING = sorted(levers("m4", "model") - levers("m3", "model"))
NESTED = {
    "m2": ("m1", ["facility.service_weight=1"]),
    "m3": ("m2", ["case.service=0"]),
    "m4": ("m3", [f"{path}={resolve('m3').before[path]}" for path in GOVERNING]),
}
"""Model: the one before it, and what makes it that one. M1 has a firm where M0 has the community, at any value."""


@pytest.mark.parametrize("start", [0.2, 0.9])
@pytest.mark.parametrize("model", NESTED)
def test_each_nested_model_without_its_addition_is_the_one_before(model, start):
    less, settings = NESTED[model]
    begun = [f"start.paid={start}", "start.facility=0.1", "time.spinup=0"]  # a lever that is set acts from month 0
    ours, theirs = (resolve(name, months=MONTHS, set=begun + more) for name, more in ((model, settings), (less, [])))
    assert totals(ours).tobytes() == totals(theirs).tobytes()
    assert totals(resolve(model, months=MONTHS, set=begun)).tobytes() != totals(theirs).tobytes()


def test_the_last_nested_model_adds_levers_and_nothing_else():
    before, after = resolve("m3").before, resolve("m4").before
    assert sorted(path for path in after if after[path] != before[path]) == GOVERNING


def test_a_subsidy_of_nothing_changes_nothing():
    for programme in ("subsidy_taper", "subsidy_permanent"):
        alike = resolve(f"market + {programme}", place="trapped", months=MONTHS, set=["street.subsidy=0"])
        assert totals(alike).tobytes() == totals(resolve("market", place="trapped", months=MONTHS)).tobytes()


@pytest.mark.parametrize(
    ("off", "idle"),
    [
        ({"branch.member_hours": 0, "branch.organises": 0, "facility.visible_bias": 0}, {"branch.attention": 0.9}),
        ({"branch.cross_posts": 0}, {"officers.capture": 0.8, "officers.waved": 1, "officers.shirking": 0.15}),
        ({"household.irritation": 0}, {"household.irritation_memory": 0.95}),
        ({"branch.member_hours": 0, "station.manager_hours": 0}, {"household.labour_seen": 1}),
        ({"committee.audit_hours": 0}, {"committee.audit_finds": 0.7}),
        ({"street.subsidy": 0}, {"contact.asking_crowded_out": 0.75}),
        ({"contact.cadre_hours": 0, "branch.member_hours": 0}, {"contact.press": 1, "contact.vouch": 1}),
        ({"provider.leak": 0, "firm.skim": 0}, {"provider.audit": 1}),
        ({"household.b_social": 0}, {"household.self_serving": 0.5, "household.talk_bias": 0.2}),
    ],
)
def test_a_mechanism_of_no_strength_changes_no_decision(off, idle):
    """The second values only shape what the first ones switch off; beliefs may differ, money and service not."""
    ours, theirs = (
        totals(
            resolve(
                "red_station",
                place="trapped",
                months=MONTHS,
                set=[f"{path}={value}" for path, value in values.items()],
            )
        )
        for values in (off, off | idle)
    )
    from sim.totals import Total

    kept = [total for total in Total if total not in (Total.BELIEF, Total.ATTENTION)]
    assert np.array_equal(ours[:, :, kept], theirs[:, :, kept])
