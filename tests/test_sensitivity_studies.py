"""A sensitivity analysis is a study: same bytes, nothing leaks, it grows and reuses; what is missing is told."""

import hashlib
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from function_models import PATHS, indices, ishigami, put_in_place, study_of

import sim.sensitivity
from sim.errors import InputError
from sim.sensitivity.plan import GROUPED, METHODS
from sim.sensitivity.sampling import block_rows, design_of_plan, is_logarithmic
from sim.sensitivity.study import go_on, start
from sim.studies.runner import How
from sim.studies.sources import read_study

N = {"sobol": 64, "morris": 12, "fast": 129, "rbd_fast": 128, "delta": 128, "pawn": 128, "dgsm": 16, "shapley": 32}


def small(method: str, **more: object) -> dict:
    more = {"luck": "common"} | more if method == "dgsm" else more
    return study_of(ishigami, method, N[method], **more)


def bytes_of(folder: Path) -> dict[str, str]:
    files = [*folder.glob("*.parquet"), folder / "study" / "design.parquet"]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


# --- the same bytes, and nothing leaks -------------------------------------------------------------------------------


@pytest.mark.parametrize("method", [pytest.param(m, marks=[pytest.mark.thorough] * (m == "delta")) for m in METHODS])
def test_the_same_study_twice_gives_the_same_bytes_and_leaves_numpy_and_warnings_alone(monkeypatch, tmp_path, method):
    put_in_place(monkeypatch, ishigami, noise=1.0)
    found = []
    for k in range(2):
        np.random.seed(k)  # noqa: NPY002, TID251
        before = np.random.get_state()[1].copy()  # noqa: NPY002, TID251
        shown, filters = warnings.formatwarning, list(warnings.filters)
        sim.sensitivity.run(small(method, seed=0), tmp_path / str(k))
        assert (np.random.get_state()[1] == before).all()  # noqa: NPY002, TID251
        assert warnings.formatwarning is shown
        assert warnings.filters == filters
        found.append(bytes_of(tmp_path / str(k)))
    assert found[0] == found[1]
    assert "indices.parquet" in found[0]


IN_ANOTHER_PROCESS = """
import sys
from pathlib import Path
import pytest
sys.path.insert(0, {tests!r})
from function_models import ishigami, put_in_place
from test_sensitivity_studies import small
import sim.sensitivity
put_in_place(pytest.MonkeyPatch(), ishigami, noise=1.0)
for method in ("morris", "fast", "sobol"):
    sim.sensitivity.run(small(method, seed=0), Path({out!r}) / method)
"""


def test_another_process_gives_the_same_bytes(monkeypatch, tmp_path):
    put_in_place(monkeypatch, ishigami, noise=1.0)
    text = IN_ANOTHER_PROCESS.format(tests=str(Path(__file__).parent), out=str(tmp_path / "there"))
    subprocess.run([sys.executable, "-c", text], check=True, cwd=Path(__file__).parents[1])
    for method in ("morris", "fast", "sobol"):
        sim.sensitivity.run(small(method, seed=0), tmp_path / "here" / method)
        assert bytes_of(tmp_path / "here" / method) == bytes_of(tmp_path / "there" / method)


@pytest.mark.parametrize("method", ["sobol", "morris", "pawn"])
def test_seeds_0_and_1_give_different_samples(method):
    designs = []
    for seed in (0, 1):
        study, _ = read_study(small(method, seed=seed))
        designs.append(design_of_plan(study, study.sensitivity).hash())
    assert designs[0] != designs[1]


# --- growing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", [m for m in METHODS if m not in ("fast", "delta")])
def test_a_sample_grows_and_keeps_every_run(monkeypatch, tmp_path, method):
    put_in_place(monkeypatch, ishigami, noise=1.0)
    how = How()
    first = start(small(method), tmp_path, how, {})
    kept = {path.name: path.read_bytes() for path in (tmp_path / "study" / "runs").iterdir()}
    second = go_on(tmp_path, how, 2 * N[method])
    assert second.there == 2 * first.there
    assert {name: (tmp_path / "study" / "runs" / name).read_bytes() for name in kept} == kept
    found = sim.sensitivity.analyse_folder(tmp_path)
    assert found.n == 2 * N[method]
    assert found.convergence["n"].max() in (2 * N[method], found.rows)


def test_a_grown_sobol_sample_is_the_one_drawn_at_once(monkeypatch, tmp_path):
    put_in_place(monkeypatch, ishigami, noise=1.0)
    start(small("sobol"), tmp_path / "grown", How(), {})
    go_on(tmp_path / "grown", How(), 128)
    grown = sim.sensitivity.analyse_folder(tmp_path / "grown")
    at_once = sim.sensitivity.run(small("sobol") | {"sensitivity": {"method": "sobol", "n": 128}}, tmp_path / "once")
    assert (grown.indices["value"] == at_once.indices["value"]).all()


def test_a_fast_sample_does_not_grow(monkeypatch, tmp_path):
    put_in_place(monkeypatch, ishigami)
    start(small("fast"), tmp_path, How(), {})
    with pytest.raises(InputError, match="a FAST sample does not grow"):
        go_on(tmp_path, How(), 258)


# --- what is missing or wrong ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["sobol", "morris", "pawn", "fast"])
def test_one_missing_value_is_told_and_never_becomes_an_index(monkeypatch, tmp_path, method):
    put_in_place(monkeypatch, ishigami, gone=[17])
    with pytest.raises(InputError, match=r"does not exist in 1 of .* rows, the first is row 17; say what then"):
        sim.sensitivity.run(small(method), tmp_path)
    assert not (tmp_path / "indices.parquet").exists()


@pytest.mark.parametrize("odd", [np.nan, np.inf])
@pytest.mark.parametrize("missing", ["error", "drop", {"arrears": 0.0}])
def test_nan_is_always_an_error(monkeypatch, tmp_path, odd, missing):
    put_in_place(monkeypatch, ishigami, odd=odd)
    told = "arrears is NaN or infinite, not a number and not missing, in 2 rows of series"  # one in each of two chunks
    with pytest.raises(InputError, match=told):
        sim.sensitivity.run(small("sobol", missing=missing), tmp_path)


def test_missing_blocks_are_dropped_where_that_is_asked_for(monkeypatch, tmp_path):
    put_in_place(monkeypatch, ishigami, gone=[0, 17])
    found = sim.sensitivity.run(small("sobol", missing="drop"), tmp_path)
    assert found.indices["rows"].unique().tolist() == [(64 - 2) * block_rows(found.plan)]
    assert found.rows == 64 * block_rows(found.plan)


def test_missing_values_count_as_what_is_said(monkeypatch, tmp_path):
    put_in_place(monkeypatch, ishigami, gone=[13])  # where the first factor alone has changed
    found = sim.sensitivity.run(small("sobol", missing={"arrears": 1e6}), tmp_path)
    assert found.indices["rows"].unique().tolist() == [found.rows]
    assert indices(found, "ST")[0] > 1  # one value of a million is seen


def test_a_constant_outcome_has_no_indices_and_is_said_not_to_vary(monkeypatch, tmp_path):
    put_in_place(monkeypatch, lambda x: np.full(len(x), 2.0))
    for method in ("sobol", "morris", "pawn", "fast", "shapley"):
        found = sim.sensitivity.run(small(method), tmp_path / method)
        assert not found.indices["influential"].any()
        assert not indices(found, found.indices.loc[found.indices["ranks"], "index"].iloc[0]).any() or (
            found.indices.loc[found.indices["ranks"], "value"].isna().all()
        )
        assert "does not vary beyond noise" in (tmp_path / method / "words.txt").read_text()


WRONG = {
    "groups": ("fast", {"groups": True}, "groups belongs to morris and sobol, and the method is fast"),
    "second": ("morris", {"second_order": True}, "second_order belongs to sobol, and the method is morris"),
    "n": ("sobol", {"n": 100}, "n = 100: a Sobol sequence needs a power of 2, for example 64 or 128"),
    "fast n": ("fast", {"n": 64}, "FAST with 4 harmonics needs more than 64 points per factor"),
    "own dgsm": ("dgsm", {"luck": "own"}, "dgsm needs derivatives"),
    "leave_out": ("sobol", {"every": True, "leave_out": ["strat.*"]}, "strat.* fits no parameter"),
    "months": ("sobol", {"at": [2]}, "at = 2 is none of 1 to 1"),
    "good": ("sobol", {"good": {"arears": 1.0}}, "arears is no outcome of the study; did you mean arrears"),
    "difference": ("sobol", {"differences": [["market", "markt"]]}, "markt is no scenario of the study"),
    "start": ("sobol", {"starts": ["helthy"]}, "did you mean healthy"),
    "fast drop": ("fast", {"missing": "drop"}, "FAST can drop no point"),
    "key": ("sobol", {"trajectories": 3}, "trajectories is not a key of sensitivity"),
    "method": ("sobl", {"n": 64}, "method = \"sobl\""),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_with_its_key(case):
    method, more, told = WRONG[case]
    with pytest.raises(InputError) as error:
        read_study(study_of(ishigami, method, 128) | {"sensitivity": {"method": method, "n": 128} | more})
    assert told in str(error.value)
    assert str(error.value).startswith("the study, sensitivity")


def test_one_replicate_is_too_few_for_either_luck():
    for luck in ("own", "common"):
        with pytest.raises(InputError, match="the study, replicates: from 1 replicate"):
            read_study(study_of(ishigami, "sobol", 64, replicates=1, luck=luck))


def test_second_order_is_for_few_factors():
    study = study_of(ishigami, "sobol", 64, every=True, second_order=True)
    with pytest.raises(InputError, match="second order is for the few factors that matter, at most 6"):
        read_study(study)


# --- the design ------------------------------------------------------------------------------------------------------


def test_every_parameter_with_a_range_is_a_factor_but_levers_that_a_scenario_sets():
    from sim.parameters import PARAMETERS, Role

    study = study_of(ishigami, "morris", 2, every=True, leave_out=["start.*"])
    study |= {"scenarios": ["market", "red_station"]}
    paths = set(read_study(study)[0].sensitivity.paths)
    for path, parameter in PARAMETERS.items():
        if parameter.role is Role.UNCERTAINTY and parameter.range is not None and parameter.group != "start":
            assert path in paths
        if parameter.role is Role.CONSTANT:
            assert path not in paths
    assert "branch.member_hours" not in paths  # red_station is, among others, this lever
    assert "street.inspectors" in paths


@pytest.mark.parametrize("method", GROUPED)
def test_groups_are_mechanisms_moved_together(monkeypatch, tmp_path, method):
    put_in_place(monkeypatch, ishigami)
    study = small(method, groups=True)
    study["factors"] = study["factors"] | {"trust.rise": {}}
    found = sim.sensitivity.run(study, tmp_path)
    assert found.plan.units == ("household", "trust", "dummy")
    rank = found.indices[found.indices["ranks"] & (found.indices["statistic"] == "mean")]
    assert rank["influential"].tolist() == [True, False, False]


def test_forms_are_a_categorical_factor(monkeypatch, tmp_path):
    """With two scenarios of one place that differ by 3: the form has all the variance."""
    put_in_place(monkeypatch, lambda x: np.zeros(len(x)), of_arm=[0.0, 3.0])
    study = small("sobol", forms=True) | {"scenarios": ["market", "red_station"]}
    found = sim.sensitivity.run(study, tmp_path)
    table = found.indices[(found.indices["target"] == "the form") & (found.indices["index"] == "ST")]
    table = table[table["statistic"] == "mean"].set_index("factor")["value"]
    assert table["form"] == pytest.approx(1, abs=0.05)
    assert table.drop("form").abs().max() < 1e-12


def test_differences_are_paired_by_luck(monkeypatch, tmp_path):
    put_in_place(monkeypatch, ishigami, noise=5.0, of_arm=[0.0, 1.0])
    study = small("sobol", differences=[["red_station", "market"]]) | {"scenarios": ["market", "red_station"]}
    found = sim.sensitivity.run(study, tmp_path)
    difference = found.indices[found.indices["target"] == "red_station − market"]
    assert len(difference)
    assert difference.loc[difference["statistic"] == "mean", "value"].isna().all()  # 1 everywhere: luck cancels out


def test_starts_set_payment_trust_and_facilities_and_leave_the_sample_alone():
    study, _ = read_study(small("sobol", starts=["healthy"]))
    design = design_of_plan(study, study.sensitivity)
    own, high = design.values(0), design.values(1)
    assert {path: high[path] for path in own} == own
    assert high["start.paid"] == 0.82
    assert not any(path.startswith("start.") for path in own)
    assert design.lucks[0] == design.lucks[1] != design.lucks[2]


def test_wide_ranges_are_sampled_on_a_log_scale():
    study, _ = read_study(
        small("sobol") | {"factors": {"population.n_households": {}, "household.b_trust": {"range": [0.5, 2.0]}}}
    )
    wide, narrow = study.sensitivity.columns[0].factor, study.sensitivity.columns[1].factor
    assert is_logarithmic(wide)
    assert not is_logarithmic(narrow)
    values = design_of_plan(study, study.sensitivity).matrix[:, 0]
    assert abs(np.median(values) - np.sqrt(50 * 1000)) < 20
    assert (values == np.rint(values)).all()
    assert values.min() >= 50
    assert values.max() <= 1000


# --- with the model itself -------------------------------------------------------------------------------------------

REAL = {
    "question": "Does it run?",
    "scenarios": ["market @ trapped", "red_station @ trapped"],
    "months": 4,
    "replicates": 2,
    "seed": 5,
    "outcomes": ["cost_covered", "arrears"],
    "constants": {"population.n_households": 30, "time.spinup": 4},
    "factors": {"household.b_trust": {}, "structure.timing": {}},
    "sensitivity": {
        "method": "morris", "n": 3, "at": [2, 4], "starts": ["healthy"],
        "differences": [["red_station @ trapped", "market @ trapped"]],
    },
}  # fmt: skip


@pytest.mark.thorough
@pytest.mark.parametrize("luck", ["own", "common"])
def test_the_model_gives_the_same_rows_for_any_chunks_and_can_be_verified(tmp_path, luck):
    from sim.studies.verify import verify

    study = REAL | {"sensitivity": REAL["sensitivity"] | {"luck": luck}}
    hashes = []
    for k, chunk in enumerate((3, 1000)):
        from sim.studies import runner

        runner.start(study, tmp_path / str(k) / "study", How(threads=k + 1), chunk=chunk)
        found = sim.sensitivity.analyse_folder(tmp_path / str(k))
        hashes.append(sim.studies.open(tmp_path / str(k) / "study").hash())
        assert set(found.indices["month"]) == {2, 4}
        assert set(found.indices["start"]) == {"own", "healthy"}
        assert set(found.indices["target"]) == {"market", "red_station", "red_station − market"}
    assert hashes[0] == hashes[1]
    assert verify(tmp_path / "0" / "study", 5).problems == ()
    series = sim.studies.open(tmp_path / "0" / "study").series
    assert sorted(series["month"].unique()) == [1, 3]


@pytest.mark.thorough
def test_own_luck_differs_between_points_and_common_luck_does_not(tmp_path):
    """Points of a trajectory that differ in nothing but the dummy are the same run under common luck alone."""
    from sim.studies import runner

    equal = {}
    for luck in ("own", "common"):
        study = REAL | {"factors": {"structure.timing": {}}, "sensitivity": REAL["sensitivity"] | {"luck": luck}}
        runner.start(study, tmp_path / luck, How())
        table = sim.studies.open(tmp_path / luck).runs
        row = table[(table["scenario"] == "market") & (table["replicate"] == 0) & (table["point"] % 2 == 0)]
        by_timing = row.groupby("structure.timing")["arrears"].nunique()
        equal[luck] = (by_timing == 1).all()
    assert equal == {"own": False, "common": True}


def test_paths_of_the_test_functions_exist():
    from sim.parameters import PARAMETERS

    assert set(PATHS) <= set(PARAMETERS)
