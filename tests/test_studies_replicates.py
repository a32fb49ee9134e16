"""How many replicates: the stopping rule keeps what it promises, and the planning agrees with known tables."""

import numpy as np
import pytest
from command import linli
from scipy.special import gammaincinv
from scipy.stats import norm
from small_studies import SMALL, made, written

import sim
from sim.draws import Draw, stream_key, uniforms
from sim.studies.replicates import (
    first_target,
    half_width,
    interval,
    is_precise,
    look_ahead,
    next_target,
    power,
    runs_for_power,
    runs_for_precision,
)
from sim.studies.schema import Rule

__all__ = ["linli"]  # a fixture


def normal(trial: int, n: int, sd: float = 0.05, mean: float = 0.5) -> np.ndarray:
    """Return n normal values, (n,), the same for the same trial."""
    return mean + sd * norm.ppf(uniforms(stream_key(7, trial), Draw.NOISE, month=0, estate=0, unit=np.arange(n)))


def stopped_at(values: np.ndarray, rule: Rule) -> int:
    """Follow the rule until it ends the study, and return how many replicates it took."""
    n = first_target(rule)
    while (more := next_target(values[None, :n], rule)) is not None:
        n = more
    return n


# --- the rule -------------------------------------------------------------------------------------------------------


@pytest.mark.thorough
@pytest.mark.parametrize("law", ["normal", "skewness 1", "skewness 2"])
def test_intervals_after_stopping_cover_as_they_should(law):
    rule = Rule(precision=0.0075, min=100, max=2000)
    trials, covered, sizes = 2000, 0, []
    for trial in range(trials):
        values = normal(trial, 700)
        if law != "normal":  # with the same mean and spread; skewness 2 is the exponential law
            shape = 4 if law == "skewness 1" else 1
            u = uniforms(stream_key(8, trial), Draw.NOISE, month=0, estate=0, unit=np.arange(700))
            values = 0.5 + 0.05 * (gammaincinv(shape, u) - shape) / shape**0.5
        n = stopped_at(values, rule)
        low, high = interval(values[:n])
        covered += low <= 0.5 <= high
        sizes.append(n)
    assert 110 <= np.mean(sizes) < 300  # it stops by itself, and not at once
    assert len(set(sizes)) > 5
    assert 0.93 <= covered / trials <= 0.97


def test_the_rule_waits_until_precision_lasts():
    values = 0.5 + 0.05 * np.tile([1.0, -1.0], 200)
    for first, lasting in ((100, 105), (300, 315)):  # five more, and a twentieth more where that is more
        rule = Rule(precision=half_width(values[:first]) + 1e-12, min=50)
        assert not is_precise(values[None, : lasting - 1], rule)
        assert is_precise(values[None, :lasting], rule)


def test_the_interval_is_students_and_leans_to_where_values_are_rare():
    even = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    half = 2.7764451 * even.std(ddof=1) / 5**0.5
    np.testing.assert_allclose(interval(even), (3 - half, 3 + half), rtol=1e-7)
    values = -np.log(uniforms(stream_key(3, 1), Draw.NOISE, month=0, estate=0, unit=np.arange(100)))
    low, high = interval(values)
    assert high - values.mean() > 1.1 * (values.mean() - low)
    np.testing.assert_allclose(interval(-values), (-high, -low))
    assert interval(np.array([0.3])) == (-np.inf, np.inf)
    assert interval(np.full(9, 0.25)) == (0.25, 0.25)


def test_a_relative_rule_asks_for_a_share_of_each_mean():
    rule = Rule(relative=0.05, min=100, max=2000)
    n = stopped_at(normal(1, 2000, sd=2.0, mean=6.0), rule)
    assert n == stopped_at(normal(1, 2000, sd=200.0, mean=600.0), rule)
    exact = (norm.isf(0.025) * 2.0 / (0.05 / 1.05 * 6.0)) ** 2  # Law: g/(1+g) of the mean
    three_sd = 3 * exact * (2 / exact) ** 0.5  # of n, which goes with the variance of some n runs
    assert exact - three_sd < n < exact + three_sd + 2 * look_ahead(n)
    assert stopped_at(normal(1, 300, mean=0.0), Rule(relative=0.05, min=100, max=300)) == 300


def test_the_rule_ends_at_the_most_allowed_and_needs_every_cell():
    rule = Rule(precision=0.001, min=20, max=60)
    assert stopped_at(normal(1, 60), rule) == 60
    easy = Rule(precision=0.5, min=20, max=60)
    cells = np.stack([normal(1, 25), 100 * normal(2, 25)])
    assert is_precise(cells[:1], easy)
    assert not is_precise(cells, easy)


def test_constant_and_missing_values_need_no_more_runs():
    rule = Rule(precision=0.001, min=20, max=60)
    assert is_precise(np.stack([np.full(25, 0.3), np.full(25, np.nan)]), rule)


def test_of_runs_that_part_into_groups_the_weights_are_asked_for():
    rule = Rule(precision=0.001, min=100, max=2000)
    u = uniforms(stream_key(1, 1), Draw.PAY, month=0, estate=0, unit=np.arange(2000))
    values = np.where(u < 0.3, 0.1, 0.8) + normal(1, 2000, sd=0.02, mean=0.0)
    n = stopped_at(values, rule)
    assert 250 < n < 500  # a weight of 0.3 is known to 0.05 after about 320 runs


# --- planning -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("effect", "paired", "unpaired"), [(0.2, 449, 893), (0.5, 75, 145), (0.8, 32, 58)])
def test_runs_for_power_agree_with_the_tables(effect, paired, unpaired):
    assert runs_for_power(effect) == paired
    assert runs_for_power(-effect, paired=False) == unpaired
    assert power(effect, paired) >= 0.95 > power(effect, paired - 1)


@pytest.mark.parametrize(("sd", "n"), [(0.02, 64), (0.05, 387), (0.10, 1540)])
def test_runs_for_precision_are_close_to_the_normal_law(sd, n):
    found = runs_for_precision(sd, 0.005)
    assert abs(found - n) <= 4
    assert abs(found - (norm.isf(0.025) * sd / 0.005) ** 2) < 4


def test_a_difference_of_nothing_needs_more_runs_than_there_are():
    assert runs_for_power(0.0) is None
    assert runs_for_power(1e-9) is None
    assert runs_for_power(1e6) == runs_for_power(30.0) < 5


def test_a_study_tells_how_many_it_needs(linli, tmp_path):
    made(tmp_path / "out", SMALL | {"replicates": 20})
    said = linli("study", "replicates", "out", "--precision", 0.02, "--json")
    runs = sim.studies.open("out").runs
    market, station = (runs[runs.scenario == name].payment_rate.to_numpy() for name in ("market", "red_station"))
    cell, pair = said.data["cells"][0], said.data["pairs"][0]
    assert cell["mean"] == pytest.approx(market.mean())
    assert cell["needed"] == runs_for_precision(market.std(ddof=1), 0.02)
    assert pair["sd"] == pytest.approx((station - market).std(ddof=1))
    assert pair["correlation"] == pytest.approx(np.corrcoef(market, station)[0, 1])
    assert pair["needed"] == runs_for_power(0.01 / (station - market).std(ddof=1))
    assert not said.data["pilot"]
    text = linli("study", "replicates", "out", "--precision", 0.02).out
    assert f"market @ trapped: {cell['needed']} (20 there give" in text
    assert f"red_station - market @ trapped: {pair['needed']}, and {pair['unpaired']} on luck of its own" in text
    for words, why in ((("--outcome", "servce"), "did you mean service?"), (("--precision", 0), "must be above 0")):
        refused = linli("study", "replicates", "out", *words)
        assert (refused.code, why in refused.err) == (2, True)


def test_a_rule_stops_a_study_at_the_same_number_however_it_is_cut(linli, tmp_path):
    rule = {"precision": 0.03, "outcome": "payment_rate", "min": 10, "max": 60}
    study = SMALL | {"replicates": rule}
    found = {made(tmp_path / f"out{chunk}", study, chunk=chunk) for chunk in (3, 8, 1000)}
    assert len(found) == 1
    manifest = sim.studies.open(tmp_path / "out3").manifest
    assert manifest["reached"] == "precision"
    assert 15 <= manifest["replicates"] < 60
    runs = sim.studies.open(tmp_path / "out3").runs
    for _, group in runs.groupby("scenario"):
        assert half_width(group.payment_rate.to_numpy()) <= 0.03
    assert linli("study", "resume", "out8").out.strip().endswith("as precise as asked for.")
    share = study | {"replicates": {"relative": 0.1, "outcome": "payment_rate", "min": 10, "max": 90}}
    made(tmp_path / "share", share, chunk=8)
    assert "payment_rate is known to 10 % of itself: precision" in linli("study", "status", "share").out
    never = made(tmp_path / "never", study | {"replicates": rule | {"precision": 1e-9, "max": 17}}, chunk=5)
    assert sim.studies.open(tmp_path / "never").manifest["reached"] == "max"
    assert never == made(tmp_path / "seventeen", study | {"replicates": 17})


def test_a_study_with_a_rule_is_no_study_for_shards(linli, tmp_path):
    written(tmp_path, SMALL | {"replicates": {"precision": 0.1}})
    said = linli("study", "run", "study.toml", "--out", "out", "--shard", "1/2")
    assert (said.code, "give replicates as a number" in said.err) == (2, True)


# --- the EMA Workbench ----------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore")
def test_the_workbench_gets_every_replicate():
    from ema_workbench import perform_experiments

    settings = ("population.n_households=40", "time.spinup=12")
    model = sim.ema_model(
        "market",
        uncertainties=["household.b_bailout", "structure.timing"],
        levers=["street.subsidy"],
        outcomes=["payment_rate", "service"],
        months=6,
        replicates=4,
        seed=11,
        set=settings,
    )
    experiments, outcomes = perform_experiments(model, scenarios=3, policies=2)
    assert outcomes["service"].shape == (6, 4)
    row = experiments.iloc[4]
    options = [
        f"household.b_bailout={float(row['household__b_bailout'])!r}",
        f"structure.timing={row['structure__timing']}",
    ]
    options.append(f"street.subsidy={float(row['street__subsidy'])!r}")
    ours = sim.run("market", months=6, replicates=4, seed=11, set=(*settings, *options)).runs
    np.testing.assert_array_equal(outcomes["service"][4], ours.service)
    with pytest.raises(sim.errors.InputError, match="is no lever"):
        sim.ema_model("market", levers=["household.b_bailout"])


@pytest.mark.thorough
@pytest.mark.filterwarnings("ignore")
def test_the_workbench_searches_over_means_of_replicates():
    from ema_workbench import ScalarOutcome, SequentialEvaluator

    options = {"months": 3, "replicates": 2, "seed": 11, "set": ("population.n_households=20", "time.spinup=2")}
    model = sim.ema_model(
        "market", levers=["street.subsidy"], outcomes=["payment_rate", "arrears", "firm_present"], means=True, **options
    )
    kinds = {outcome.name: outcome.kind for outcome in model.outcomes}
    assert kinds == {
        "mean_payment_rate": ScalarOutcome.MAXIMIZE, "mean_arrears": ScalarOutcome.MINIMIZE,
        "mean_firm_present": ScalarOutcome.INFO,
    }  # fmt: skip
    del model.outcomes["mean_firm_present"]  # neither more nor less of it is better, so nobody searches for it
    with SequentialEvaluator(model) as evaluator:
        found = evaluator.optimize(nfe=4, searchover="levers", epsilons=[0.001, 0.001], population_size=4)
    best = found.iloc[0]
    setting = f"street.subsidy={float(best['street__subsidy'])!r}"
    ours = sim.run("market", **options | {"set": (*options["set"], setting)}).runs
    assert best["mean_payment_rate"] == ours.payment_rate.mean()
    assert best["mean_arrears"] == ours.arrears.mean()
