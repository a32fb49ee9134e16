"""Study files and designs: what is accepted, what is refused and where, and that samples are what they claim."""

import os
import tomllib
from pathlib import Path

import numpy as np
import pytest
from command import linli
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_studies import SAMPLED, SMALL, written

import sim
from sim.errors import InputError
from sim.parameters import PARAMETERS, Role
from sim.scenarios import data_folder, resolve
from sim.studies.catalog import names
from sim.studies.design import Design, design_of, extended
from sim.studies.schema import Study
from sim.studies.sources import read_study, toml
from sim.studies.worlds import base_worlds, with_values

__all__ = ["linli"]  # a fixture

START = 'question = "Why?"\nscenarios = ["market"]\nmonths = 6\nreplicates = 2\nseed = 1\n'


def study_of(**changes: object) -> Study:
    return read_study(SAMPLED | changes)[0]


def looked_through(path: Path) -> None:
    """Read a study and all it names."""
    study, _ = read_study(path)
    base_worlds(study)
    design_of(study)


def refused(folder: Path, text: str | bytes) -> str:
    """Return why a study file is refused; one paragraph."""
    path = folder / "mine.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError) as raised:
        looked_through(path)
    assert "\n" not in str(raised.value)
    return str(raised.value).replace(f"{path.as_posix()}", "mine.toml")


# --- files ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", names())
def test_shipped_studies_are_found_by_name_and_can_be_run(name):
    study, data = read_study(name)
    assert data == (data_folder() / "studies" / f"{name}.toml").read_bytes()
    assert base_worlds(study)
    assert len(design_of(study))


def test_the_smallest_study_is_the_shipped_one():
    study, _ = read_study("first_study")
    assert (study.months, study.replicates, study.seed) == (60, 40, 11)
    assert study.arms == (("market", None), ("red_station", None))
    assert study.outcomes == tuple(sim.outcomes.OUTCOMES)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "mine.toml: the file is empty; a study begins with"),
        ("x = ", "mine.toml: not valid TOML"),
        (b"\xff = 1", "mine.toml:1: byte 0xff is not UTF-8"),
        (START.replace("seed = 1\n", ""), "mine.toml: the key seed is missing"),
        (START.replace("months", "month"), "mine.toml:3: month is not a key of a study; did you mean months?"),
        (START.replace("6", "0"), "mine.toml:3: months = 0 (a number) must be at least 1"),
        (START.replace("6", '"6"'), 'mine.toml:3: months = "6" (text)'),
        (START.replace("2", "true"), "mine.toml:4: replicates = true is a truth value; write a whole number"),
        (START.replace('["market"]', '["markt"]'), 'no form or model is called "markt"; did you mean market?'),
        (START.replace('"market"', '"market", "market"'), "mine.toml:2: market is named twice"),
        (START.replace('"market"', '"market @ trap"'), "mine.toml:2: place: no place is called"),
        (START.replace('"market"', '"../mine.toml"'), "mine.toml:2: \"../mine.toml\" leads out of the study's folder"),
        (START.replace('"market"', '"/etc/mine.toml"'), "leads out of the study's folder"),
        (START + 'kind = "form"', "mine.toml:6: kind = \"form\" (text) is not one of 'study'"),
        (START + 'outcomes = ["payment"]', 'mine.toml:6: outcomes: "payment" is unknown; did you mean payment_rate?'),
        (START + 'keep = ["serie"]', "did you mean series?"),
        (START + "[provider]\nfee = 1", "mine.toml:6: provider is set in [constants] or varied in [factors]"),
        (START + "[constants]\nprovider.fees = 1", "mine.toml:7: provider.fees is not a parameter"),
        (START + '[constants]\n"household.b_bailout" = 99', "mine.toml:7: household.b_bailout = 99 logit is outside"),
        (START + '[factors]\n"household.b_bailout" = {}', "mine.toml:6: there are factors and no [sampling]"),
        (START + 'sampling = { method = "lhs", n = 4 }', "mine.toml:6: there are no factors to sample"),
        (START + "sampling = 3", "mine.toml:6: sampling = 3 is a number; it must be a table"),
        (START + 'sampling = { method = "lsh" }', "is not one of 'grid', 'lhs', 'sobol', 'oat' or 'csv'"),
        (START + "constants.x = 1", 'mine.toml:6: x is no parameter; write "group.name" = ...'),
        (START.replace("replicates = 2", "replicates = { precision = 0 }"), "mine.toml:4: replicates.precision = 0"),
        (START.replace("replicates = 2", "replicates = { precision = 1, outcome = 'pay' }"), "is not an outcome"),
        (START.replace("replicates = 2", "replicates = { precision = 1, min = 50, max = 20 }"), "min = 50 is above"),
        (START.replace("replicates = 2", "replicates = { max = 200 }"), "a rule for replicates needs one of precision"),
        (START.replace("replicates = 2", "replicates = { precision = 1, relative = 0.1 }"), "needs one of precision"),
        (START.replace("replicates = 2", "replicates = { relative = 2 }"), "relative = 2 (a number) must be below 1"),
        (START.replace("replicates = 2", "replicates = { precision = 1 }") + 'outcomes = ["service"]',
         "mine.toml:4: the rule looks at payment_rate, which outcomes leaves out"),
        (START.replace('["market"]', "[]"), "mine.toml:2: scenarios = [...] (a list) holds 0; at least 1 must"),
        (START + "factors = 3", "mine.toml:6: factors = 3 (a number) must be a table"),
        (START + "[levers]\nx = 1", "mine.toml:6: levers is not a key of a study; levers and uncertainties are"),
    ],
)  # fmt: skip
def test_a_wrong_study_is_refused_with_its_line(tmp_path, text, why):
    assert why in refused(tmp_path, text)


@pytest.mark.parametrize(
    ("factor", "sampling", "why"),
    [
        ('"time.spinup" = {}', 'method = "grid"', "mine.toml:7: time.spinup is a constant, which studies leave alone"),
        ('"household.b_bailot" = {}', 'method = "grid"', "did you mean household.b_bailout?"),
        ('"household.b_bailout" = 3', 'method = "grid"', "household.b_bailout = 3 is a number; it must be a table"),
        ('"household.b_bailout" = { rnge = [0, 1] }', 'method = "grid"', "rnge is not a key of"),
        ('"household.b_bailout" = { range = [1, 0] }', 'method = "grid"', "range = [1, 0] does not rise"),
        ('"household.b_bailout" = { range = [0, nan] }', 'method = "grid"', "is not a finite number"),
        ('"household.b_bailout" = { range = [0, 1], values = [1] }', 'method = "grid"', "leave one out"),
        ('"household.b_bailout" = { values = [1, 1.0] }', 'method = "grid"', "names a value twice"),
        ('"network.kind" = { range = [0, 1] }', 'method = "grid"', "is a switch and has no range"),
        ('"network.kind" = { values = ["star"] }', 'method = "grid"', "is not a choice"),
        ('"population.n_estates" = {}', 'method = "grid"', "has no declared study range"),
        ('"household.b_bailout" = {}', 'method = "sobol", n = 48', "needs a power of 2, for example 32 or 64"),
        ('"household.b_bailout" = {}', 'method = "lhs"', 'method = "lhs" needs n'),
        ('"household.b_bailout" = {}', 'method = "grid", n = 3', 'n does not belong to method = "grid"'),
        ('"household.b_bailout" = {}', 'method = "csv", file = "points.csv"', "leave [factors] out"),
    ],
)  # fmt: skip
def test_a_wrong_factor_or_sample_is_refused_with_its_line(tmp_path, factor, sampling, why):
    sampling = sampling.replace(", ", "\n")
    assert why in refused(tmp_path, f"{START}[factors]\n{factor}\n[sampling]\n{sampling}\n")


def test_too_many_points_or_runs_are_refused_before_any_is_made(tmp_path):
    many = {path: {} for path, p in list(PARAMETERS.items()) if p.role is Role.UNCERTAINTY and p.range}
    with pytest.raises(InputError, match="points are more than 1000000"):
        design_of(study_of(factors=many, sampling={"method": "grid"}))
    with pytest.raises(InputError, match="runs are more than"):
        sim.studies.run(SAMPLED | {"replicates": 1_000_000, "sampling": {"method": "lhs", "n": 1000}}, tmp_path / "out")
    assert not (tmp_path / "out").exists()


# --- files that a study names ---------------------------------------------------------------------------------------


def csv_study(folder: Path, text: str, name: str = "points.csv") -> Path:
    (folder / "points.csv").write_text(text, encoding="utf-8")
    return written(folder, SMALL | {"sampling": {"method": "csv", "file": name}})


def test_points_from_a_csv_with_blanks_for_the_scenarios_own_value(tmp_path):
    path = csv_study(tmp_path, "household.b_bailout,structure.timing\n1.5,synchronous\n,asynchronous\n\n0.25,\n")
    design = design_of(read_study(path)[0])
    assert [design.values(point) for point in range(3)] == [
        {"household.b_bailout": 1.5, "structure.timing": 0},
        {"structure.timing": 1},
        {"household.b_bailout": 0.25},
    ]
    study = sim.studies.run(path, tmp_path / "out")
    assert (tmp_path / "out" / "inputs" / "points.csv").read_bytes() == (tmp_path / "points.csv").read_bytes()
    assert len(study.runs) == 36


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "points.csv:1: the first line must name each factor once"),
        ("household.b_bailout\n", "points.csv: has no points"),
        ("household.b_bailot\n1\n", "points.csv:1: household.b_bailot is not a parameter"),
        ("household.b_bailout\nx\n", "points.csv:2: household.b_bailout = \"x\" is text"),
        ("household.b_bailout\n1\n99\n", "points.csv:3: household.b_bailout = 99 logit is outside"),
        ("household.b_bailout\n1,2\n", "points.csv:2: 2 cells, but the first line names 1"),
        ('household.b_bailout\n"1\n', "points.csv:2: is no CSV text"),
    ],
)  # fmt: skip
def test_a_wrong_csv_is_refused_with_its_line(tmp_path, text, why):
    with pytest.raises(InputError) as raised:
        design_of(read_study(csv_study(tmp_path, text))[0])
    assert why in str(raised.value)


@pytest.mark.parametrize("name", ["../points.csv", "/etc/passwd", "a/../../b", "~/points.csv", "link.csv", "none.csv"])
def test_a_csv_outside_the_folder_of_the_study_is_refused(tmp_path, name):
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "points.csv").write_text("household.b_bailout\n1\n")
    os.symlink(tmp_path / "points.csv", inner / "link.csv")
    path = written(inner, SMALL | {"sampling": {"method": "csv", "file": name}})
    with pytest.raises(InputError, match="study's folder"):
        design_of(read_study(path)[0])


def test_a_users_scenario_beside_the_study_is_kept_with_it(linli, tmp_path):
    form = 'schema = 1\nkind = "form"\ntitle = "Mine"\nextends = "base.toml"\n'
    (tmp_path / "mine.toml").write_text(form)
    (tmp_path / "base.toml").write_text(form.replace("base.toml", "market"))
    path = written(tmp_path, SMALL | {"scenarios": ["market", "mine.toml"]})
    sim.studies.run(path, tmp_path / "out")
    assert {file.name for file in (tmp_path / "out" / "inputs").iterdir()} == {"study.toml", "mine.toml", "base.toml"}
    (tmp_path / "mine.toml").unlink()
    assert linli("study", "extend", "out", "--replicates", 7).code == 0
    (tmp_path / "out" / "inputs" / "mine.toml").write_text(form + "[household]\nb_bailout = 1.0\n")
    assert "is not the file that this study was started with" in linli("study", "resume", "out").err


def test_a_file_that_would_take_the_place_of_the_study_is_refused_before_any_run(linli, tmp_path):
    (tmp_path / "study.toml").write_text('schema = 1\nkind = "form"\ntitle = "Mine"\nextends = "market"\n')
    written(tmp_path, SMALL | {"scenarios": ["study.toml"]}, "mine.toml")
    said = linli("study", "run", "mine.toml", "--out", "out")
    assert (said.code, "cannot be called study.toml" in said.err) == (2, True)
    assert not (tmp_path / "out").exists()


# --- designs --------------------------------------------------------------------------------------------------------


def test_a_grid_crosses_all_values_in_order():
    factors = {"household.b_bailout": {"values": [0.1, 0.2]}, "structure.timing": {}}
    design = design_of(study_of(factors=factors, sampling={"method": "grid"}))
    assert design.matrix.tolist() == [[0.1, 0], [0.1, 1], [0.2, 0], [0.2, 1]]


def test_one_at_a_time_starts_from_the_scenario_as_it_is():
    factors = {"household.b_bailout": {}, "structure.timing": {}}
    design = design_of(study_of(factors=factors, sampling={"method": "oat", "levels": 3}))
    assert [design.values(point) for point in range(len(design))] == [
        {},
        *({"household.b_bailout": value} for value in (0.0, 0.75, 1.5)),
        *({"structure.timing": value} for value in (0, 1)),
    ]


def test_a_latin_hypercube_has_one_point_in_every_stratum_and_stays_one_when_it_grows():
    study = study_of(sampling={"method": "lhs", "n": 16})
    steps = [16, 32, 96]
    design = design_of(study)
    for n in range(1, len(steps) + 1):
        if n > 1:
            design = extended(study, design, steps[:n])
        low, high = 0.0, 1.5
        strata = (design.matrix[:, 0] - low) / (high - low) * steps[n - 1]
        assert sorted(strata.astype(int)) == list(range(steps[n - 1]))
        counts = np.bincount(design.matrix[:, 1].astype(int))
        assert counts[0] == counts[1]


def test_a_sobol_sequence_is_balanced_and_nested():
    study = study_of(sampling={"method": "sobol", "n": 32})
    design = design_of(study)
    strata = (design.matrix[:, 0] / 1.5 * 32).astype(int)
    assert sorted(strata) == list(range(32))
    more = extended(study, design, [32, 128])
    np.testing.assert_array_equal(more.matrix[:32], design.matrix)
    assert len(more) == 128


@pytest.mark.parametrize("method", ["lhs", "sobol"])
def test_samples_are_the_seeds_own(method):
    sampling = {"method": method, "n": 16}
    one, same, other = (design_of(study_of(sampling=sampling, seed=seed)).hash() for seed in (1, 1, 2))
    assert one == same != other


def test_whole_numbers_and_ranges_are_sampled_evenly_and_inside():
    factors = {"population.n_households": {"range": [50, 53]}, "household.b_bailout": {}}
    matrix = design_of(study_of(constants={}, factors=factors, sampling={"method": "lhs", "n": 400})).matrix
    assert np.bincount(matrix[:, 0].astype(int))[50:].tolist() == [100] * 4
    low, high = PARAMETERS["household.b_bailout"].range
    assert low <= matrix[:, 1].min() < matrix[:, 1].max() <= high


def test_a_design_is_read_as_it_was_written():
    design = design_of(study_of(sampling={"method": "oat"}))
    again = Design.of_table(design.table())
    np.testing.assert_array_equal(again.matrix, design.matrix)
    assert again.hash() == design.hash()


def test_a_dictionary_of_batch_run_becomes_a_grid_with_luck_of_its_own_in_every_iteration(tmp_path):
    parameters = {
        "household.b_bailout": np.array([0.1, 0.2]),
        "structure.timing": ["synchronous", "asynchronous"],
        "population.n_households": 40,
        "time.spinup": 12,
        "network.kind": "stair_unit",
    }
    study = sim.studies.from_batch_run("market", parameters, iterations=3, max_steps=6, seed=5)
    found = sim.studies.run(study | {"keep": ["series"]}, tmp_path / "out")
    assert len(found.runs) == 2 * 2 * 3
    assert found.series.month.max() == 5  # six months, not seven
    one = found.runs[found.runs.point == 0]
    assert one.service.nunique() == 3  # no iteration repeats another
    assert (one.seed == 5).all()


# --- worlds ---------------------------------------------------------------------------------------------------------

FREE = {path: p for path, p in PARAMETERS.items() if p.role is not Role.CONSTANT}


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_point_laid_over_a_world_is_what_set_makes_of_it(data):
    expression = data.draw(st.sampled_from(["market", "red_station + subsidy_taper", "custody + volunteers", "m1"]))
    chosen = data.draw(st.lists(st.sampled_from(sorted(FREE)), max_size=6, unique=True))
    values, options = {}, []
    for path in chosen:
        parameter = FREE[path]
        if parameter.choices:
            value = data.draw(st.integers(0, len(parameter.choices) - 1))
            options.append(f"{path}={parameter.choices[value]}")
        else:
            low, high = parameter.range or (parameter.default, parameter.default)
            value = data.draw(st.integers(int(low), int(high)) if parameter.integer else st.floats(low, high))
            options.append(f"{path}={value!r}")
        values[path] = value
    expected = resolve(expression, months=60, set=options)
    assert with_values(resolve(expression, months=60), values).fingerprint() == expected.fingerprint()


# --- malformed files ------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    ["question", "scenarios", "places", "months", "replicates", "seed", "outcomes", "keep", "constants", "factors",
     "sampling", "method", "n", "levels", "file", "range", "values", "role", "precision", "min", "max", "outcome",
     "market", "red_station @ trapped", "market + subsidy_taper", "trapped", "lhs", "sobol", "grid", "oat", "csv",
     "payment_rate", "series", "cases", "lever", "household.b_bailout", "network.kind", "household", "b_bailout",
     "time.spinup", "../x.toml", "points.csv", "schema", "kind", "study", "", ".", "a.b.c", "\x00", "邻里"]
)  # fmt: skip
SCALARS = st.one_of(
    WORDS, st.integers(), st.integers(0, 100), st.floats(), st.booleans(), st.text(max_size=8).filter(str.isprintable)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=8,
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A study file in which something is replaced, added, left out or cut."""
    study = dict(draw(st.sampled_from([SMALL, SAMPLED, SAMPLED | {"replicates": {"precision": 0.1}}])))
    for _ in range(draw(st.integers(1, 3))):
        key = draw(WORDS | st.sampled_from(sorted(SAMPLED)))
        if draw(st.booleans()) and isinstance(study.get(key), dict):
            study[key] = {**study[key], draw(WORDS): draw(VALUES)}
        elif draw(st.integers(0, 4)) == 0:
            study.pop(key, None)
        else:
            study[key] = draw(VALUES)
    data = toml(study).encode("utf-8", "replace")
    if draw(st.integers(0, 3)) == 0:
        at = draw(st.integers(0, len(data)))
        data = data[:at] + draw(st.binary(max_size=3)) + data[at + draw(st.integers(0, 3)) :]
    return data


def accepted_or_refused(folder: Path, data: bytes) -> None:
    path = folder / "fuzzed.toml"
    path.write_bytes(data)
    try:
        looked_through(path)
    except InputError as error:
        text = str(error)
        assert "\n" not in text
        assert "fuzzed.toml" in text or "points.csv" in text
    else:
        assert tomllib.loads(data.decode("utf-8-sig"))["question"].strip()


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(data=damaged())
def test_a_malformed_study_is_accepted_or_refused_with_its_place(tmp_path_factory, data):
    accepted_or_refused(tmp_path_factory.getbasetemp(), data)


@pytest.mark.thorough
@settings(max_examples=2000, suppress_health_check=list(HealthCheck))
@given(data=damaged() | st.binary(max_size=200))
def test_two_thousand_malformed_studies_are_accepted_or_refused_with_their_place(tmp_path_factory, data):
    accepted_or_refused(tmp_path_factory.getbasetemp(), data)
