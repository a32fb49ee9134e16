"""Arms of a study with amounts of their own, and factors by the group."""

import numpy as np
import pytest
from small_studies import SMALL, written

from sim.errors import InputError
from sim.parameters import PARAMETERS, Role
from sim.scenarios import resolve
from sim.studies import run
from sim.studies.runner import open_study
from sim.studies.sources import read_study
from sim.studies.store import read_store
from sim.studies.worlds import base_worlds

TAPER = {"scenario": "market + subsidy_taper", "times": {"street.subsidy": 1.5}}


def worlds_of(*scenarios: object, **changes: object):
    return base_worlds(read_study(SMALL | {"scenarios": list(scenarios), "months": 40} | changes)[0])


def test_an_amount_is_multiplied_in_every_month_and_nothing_else_changes():
    plain = resolve("market + subsidy_taper", months=40, set=["population.n_households=40", "time.spinup=12"])
    (scaled,) = worlds_of(TAPER)
    assert [segment.month for segment in scaled.segments] == [segment.month for segment in plain.segments]
    assert scaled.before == plain.before
    for ours, theirs in zip(scaled.segments, plain.segments, strict=True):
        assert ours.values["street.subsidy"] == 1.5 * theirs.values["street.subsidy"]
        assert dict(ours.values) | {"street.subsidy": 0} == dict(theirs.values) | {"street.subsidy": 0}
    assert scaled.fingerprint() != plain.fingerprint()


def test_once_the_amount_is_the_amount():
    plain = resolve("market + subsidy_taper", months=40, set=["population.n_households=40", "time.spinup=12"])
    (scaled,) = worlds_of(TAPER | {"times": {"street.subsidy": 1}})
    assert scaled.fingerprint() == plain.fingerprint()


def test_a_table_may_name_its_place_or_cross_with_the_places():
    named = worlds_of(TAPER | {"scenario": "market + subsidy_taper @ managed"}, "market @ trapped")
    assert [world.place for world in named] == ["managed", "trapped"]
    crossed = worlds_of(TAPER, places=["trapped", "managed"])
    assert [world.place for world in crossed] == ["trapped", "managed"]


def test_the_money_that_is_paid_out_follows(tmp_path):
    months = {"months": 12, "outcomes": ["public_cost"], "constants": {"population.n_households": 40, "time.spinup": 0}}
    base = "red_alliance @ managed"
    cost = []
    for k, times in enumerate((0.0, 1.0, 2.0)):
        arm = {"scenario": "red_alliance + subsidy_permanent @ managed", "times": {"street.subsidy": times}}
        found = run(SMALL | months | {"scenarios": [arm, base]}, tmp_path / str(k), threads=1).runs
        cost.append(found.groupby("scenario")["public_cost"].mean())
    name = "red_alliance + subsidy_permanent"
    assert cost[0][name] == cost[0]["red_alliance"]
    assert cost[2][name] - cost[0][name] == pytest.approx(2 * (cost[1][name] - cost[0][name]), rel=1e-4)


@pytest.mark.parametrize(
    ("scenarios", "told"),
    [
        ([3], "scenarios.0 = 3 (a number) must be text in quotes, or a table"),
        (["market", " "], "scenarios.1 is empty"),
        ([{"scenario": "market"}], "the key scenarios.0.times is missing"),
        ([TAPER | {"tims": {}}], "tims is not a key of scenarios.0; did you mean times?"),
        ([TAPER | {"times": {}}], "scenarios.0.times"),
        ([TAPER | {"times": {"street.subsidi": 1}}], "did you mean street.subsidy?"),
        ([TAPER | {"times": {"household.b_bailout": 2}}], "household.b_bailout is no amount; only levers"),
        ([TAPER | {"times": {"provider.kind": 2}}], "provider.kind is no amount"),
        ([TAPER | {"times": {"street.subsidy": "2"}}], 'street.subsidy = "2" is text; write a number'),
        ([TAPER | {"times": {"street.subsidy": -1}}], "street.subsidy = -1 must be 0 or more"),
        ([TAPER | {"times": {"street.subsidy": 2000}}], "street.subsidy times 2000 is 200 in month 0; "),
        ([{"scenario": "market", "times": {"street.subsidy": 2}}], "street.subsidy is 0 in market, and 0 times"),
        ([TAPER, "market + subsidy_taper"], "market + subsidy_taper is named twice"),
    ],
)
def test_what_is_wrong_is_told(scenarios, told):
    with pytest.raises(InputError) as error:
        worlds_of(*scenarios)
    assert told in str(error.value)


def test_a_constant_or_factor_is_not_multiplied_too():
    for key, value in (("constants", 0.1), ("factors", {})):
        more = {key: {**(SMALL["constants"] if key == "constants" else {}), "street.subsidy": value}}
        sampling = {"sampling": {"method": "lhs", "n": 2}} if key == "factors" else {}
        with pytest.raises(InputError, match=r"street\.subsidy is a constant or factor of the study too"):
            worlds_of(TAPER, **more, **sampling)


# --- factors by the group ----------------------------------------------------------------------------------------


def factors_of(factors):
    return read_study(SMALL | {"factors": factors, "sampling": {"method": "lhs", "n": 2}})[0].factors


def test_a_group_stands_for_its_uncertainties():
    found = factors_of({"household.*": {}, "street.subsidy": {}})
    group = [p.path for p in PARAMETERS.values() if p.group == "household" and p.role is Role.UNCERTAINTY and p.range]
    assert [factor.path for factor in found] == [*group, "street.subsidy"]
    assert all((f.low, f.high) == PARAMETERS[f.path].range for f in found)


def test_a_factor_named_beside_its_group_is_as_it_is_named():
    factors = factors_of({"household.*": {}, "household.absorbed": {"range": [0.1, 0.2]}})
    found = {factor.path: factor for factor in factors}
    assert (found["household.absorbed"].low, found["household.absorbed"].high) == (0.1, 0.2)
    assert len(found) == len(factors_of({"household.*": {}}))


def test_a_group_has_exceptions():
    with_it, without = (factors_of({"household.*": table}) for table in ({}, {"leave_out": ["intercept"]}))
    assert [f for f in with_it if f.path != "household.intercept"] == list(without)
    assert len(without) == len(with_it) - 1
    assert factors_of({"household.*": {"own": True, "leave_out": ["intercept"]}}) == without  # it has no levers


def test_a_group_holds_its_levers_where_a_scenario_sets_them():
    found = {factor.path: factor for factor in factors_of({"branch.*": {"own": True, "leave_out": ["instructor"]}})}
    group = [p for p in PARAMETERS.values() if p.group == "branch" and p.role is not Role.CONSTANT]
    assert set(found) == {p.path for p in group} - {"branch.instructor"}
    assert all(found[p.path].own == (p.role is Role.LEVER) for p in group if p.path in found)
    assert not any(factor.own for factor in factors_of({"branch.*": {}}))


def test_the_line_of_a_group_is_told_where_a_lever_moves_nothing(tmp_path):
    draws = {"factors": {"branch.*": {"own": True}}, "sampling": {"method": "lhs", "n": 2}}
    text = written(tmp_path, SMALL | draws)
    line = next(n for n, row in enumerate(text.read_text().splitlines(), 1) if row.startswith('"factors"'))
    with pytest.raises(InputError, match=rf":{line}: branch\.labour_share = .* moves nothing: .*leave_out"):
        base_worlds(read_study(text)[0])


# --- arms with values of their own --------------------------------------------------------------------------------

POOR = {"scenario": "market @ managed", "name": "nobody pays", "set": {"household.intercept": -1.0, "firm.fee": 0.6}}


def test_an_arm_has_values_of_its_own_and_a_name():
    ours, theirs = worlds_of(POOR, "market @ managed")
    assert (ours.label, ours.place, theirs.label) == ("nobody pays", "managed", "market")
    plain = resolve(
        "market", place="managed", months=40,
        set=["population.n_households=40", "time.spinup=12", "household.intercept=-1", "firm.fee=0.6"],
    )  # fmt: skip
    assert ours.before == plain.before
    assert [segment.values for segment in ours.segments] == [segment.values for segment in plain.segments]


def test_no_factor_moves_what_an_arm_sets(tmp_path):
    draws = {"factors": {"household.intercept": {}, "firm.fee": {}}, "sampling": {"method": "lhs", "n": 3}}
    fixed = SMALL | {"scenarios": [POOR], "constants": SMALL["constants"] | {"household.b_bailout": 0.4}}
    both = SMALL | draws | {"scenarios": [POOR, "market @ managed"], "constants": fixed["constants"]}
    keys, outcomes = ["replicate"], ["payment_rate", "cost_covered", "arrears"]
    alone = run(fixed, tmp_path / "alone", threads=1).runs[keys + outcomes]
    found = run(both, tmp_path / "both", threads=1)
    for _, of in found.runs[found.runs["scenario"] == "nobody pays"].groupby("point"):
        assert of[keys + outcomes].reset_index(drop=True).equals(alone.reset_index(drop=True))
    others = found.runs[found.runs["scenario"] == "market"].groupby("point")["arrears"].mean()
    assert others.nunique() == 3
    opened = open_study(read_store(tmp_path / "both"))
    assert opened.work.arm(1).kept == (frozenset(),)
    assert opened.work.arm(0).kept == (frozenset(POOR["set"]),)


@pytest.mark.parametrize(
    ("arm", "told"),
    [
        (POOR | {"name": None}, "the key scenarios.0.name is missing"),
        (POOR | {"set": {}}, "scenarios.0.set"),
        (POOR | {"set": {"household.intercep": 1}}, "did you mean household.intercept?"),
        (POOR | {"set": {"household.intercept": 1000}}, "household.intercept = 1000"),
        (POOR | {"set": {"population.n_households": 50}}, "set: population.n_households is a constant of the study"),
        (TAPER | {"name": "more", "set": {"street.subsidy": 0.1}},
         "set: street.subsidy is a constant of the study or multiplied too"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_values_of_an_arm_is_told(arm, told):
    with pytest.raises(InputError) as error:
        worlds_of({key: value for key, value in arm.items() if value is not None})
    assert told in str(error.value)


def test_two_arms_of_a_name_or_a_factor_that_every_arm_sets_are_told():
    with pytest.raises(InputError, match="nobody pays @ managed is named twice"):
        worlds_of(POOR, POOR | {"scenario": "custody @ managed"})
    draws = {"factors": {"household.intercept": {}}, "sampling": {"method": "lhs", "n": 2}}
    with pytest.raises(InputError, match=r"household\.intercept moves nothing: every scenario of the study sets"):
        worlds_of(POOR, **draws)


@pytest.mark.parametrize(
    ("factors", "told"),
    [
        ({"houshold.*": {}}, "houshold is not a group of parameters; did you mean household?"),
        ({"household.*": {"range": [0, 1]}}, '"household.*" takes declared ranges'),
        ({"renovatio.*": {}}, "did you mean renovation?"),
        ({"time.*": {}}, "no parameter of time is an uncertainty"),
        ({"time.*": {"own": True}}, "no parameter of time is an uncertainty or lever with a range; name its factors"),
        ({"household.*": {"leave_out": ["intercep"]}}, 'intercep is not among what "household.*" stands for'),
        ({"household.*": {"leave_out": ["intercep"]}}, "did you mean intercept?"),
        ({"contact.*": {"leave_out": ["press"]}}, "leave_out: press is not among"),  # a lever, and own is not said
        ({"money.*": {"leave_out": ["service", "renovation", "legacy"]}}, '"money.*" names nothing'),
        ({"money.*": {"leave_out": ["service", "renovation"]}, "money.legacy": {}}, '"money.*" names nothing'),
        ({"household.*": {"leave_out": "intercept"}}, "household.*.leave_out"),
        ({"household.*": 3}, "household.* = 3 is a number; it must be a table"),
    ],
)
def test_a_wrong_group_is_told(factors, told):
    with pytest.raises(InputError) as error:
        factors_of(factors)
    assert told in str(error.value)


def test_points_differ_in_every_parameter_of_a_group(tmp_path):
    small = SMALL | {"factors": {"household.*": {}}, "sampling": {"method": "lhs", "n": 3}, "replicates": 1}
    found = run(small, tmp_path / "study", threads=1)
    assert (found.design.drop(columns="point").nunique() == 3).mean() > 0.9
    assert np.isfinite(found.runs["cost_covered"]).any()
