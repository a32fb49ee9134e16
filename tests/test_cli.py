"""The commands: do they show what the model says, keep what was asked for, and stay light?"""

import re
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from command import ROOT, SMALL, files_under, linli, process

import sim
import sim.runs
from sim import manifest, store, stored
from sim.cli.options import joined
from sim.figures import FIGURES
from sim.modes import modes, wilson
from sim.outcomes import OUTCOMES
from sim.parameters import PARAMETERS
from sim.results import Arm, Interval, Results
from sim.schedule import SCHEDULE
from sim.tables import ARROWS, HEADLINES, as_data, results_lines, value

__all__ = ["linli"]  # a fixture

HEAVY = "dask mesa matplotlib networkx pandas"
STOPPED = "\nlinli: stopped; nothing was left half-written, and the same command starts again.\n"


# --- list and explain ---------------------------------------------------------------------------------------------


APART = ("evidence", "tolerances")
"""Folders of scenarios/ that hold none."""


def test_the_list_names_every_scenario(linli):
    said = linli("list")
    names = {path.stem for path in (ROOT / "scenarios").rglob("*.toml") if path.parent.name not in APART}
    assert said.code == 0
    assert {line.split()[0] for line in said.out.splitlines() if line.startswith("  ")} == names
    assert {entry["name"] for entry in linli("list", "--json").data} == names


def test_explain_shows_every_value_with_unit_bounds_and_origin(linli):
    text = linli("explain", "market", "--set", "household.b_quality=2.5").out
    for path, parameter in PARAMETERS.items():
        assert f" {path.partition('.')[2]} " in text
        assert parameter.unit in text or parameter.unit in ("switch", "-")
    lines = text.splitlines()
    at = next(k for k, line in enumerate(lines) if line.startswith("* b_quality"))
    assert lines[at].split(None, 2)[2] == "2.5 logit/quality               uncertainty -50 to 50 (study 1 to 4)"
    assert lines[at + 1] == "      weight of the quality gap (--set household.b_quality=2.5)"
    kind = next(k for k, line in enumerate(lines) if line.startswith("* kind"))
    assert "scenarios/forms/market.toml:15" in lines[kind + 1]


def test_explain_marks_exactly_the_values_that_differ_from_the_default(linli):
    text, world = linli("explain", "red_station").out, sim.resolve("red_station")
    differing = {path for path, value in world.segments[0].values.items() if value != PARAMETERS[path].default}
    marked, group = set(), ""
    for line in text.splitlines():
        if line.startswith("["):
            group = line.strip("[]")
        elif line.startswith("* "):
            marked.add(f"{group}.{line.split()[1]}")
    assert marked == differing


def test_explain_tells_what_changes_when_and_the_month(linli):
    text = linli("explain", "market", "+", "subsidy_taper").out
    changes = text[text.index("Changes over time") :]
    assert "  month 0\n    provider.kind = firm, was custody (scenarios/forms/market.toml:15)" in changes
    assert "  month 12\n    street.subsidy = 0.067 yuan/m2/month, was 0.1 (scenarios/programmes/" in changes
    assert "  month 36\n    street.subsidy = 0 yuan/m2/month, was 0.033 (default)" in changes
    positions = [changes.index(f" {phase.name} ") for phase in SCHEDULE]
    assert positions == sorted(positions)


def test_explain_warns_of_a_form_that_cannot_be_there(linli):
    text = linli("explain", "red_station", "--place", "healthy").out
    assert "Warning: scenarios/forms/red_station.toml:" in text


def test_explain_as_data_holds_every_value_and_declaration(linli):
    data = linli("explain", "market", "--json").data
    assert set(data["after"]) == set(data["before"]) == set(data["parameters"]) == set(PARAMETERS)
    assert all(set(entry) == {"value", "unit", "source", "where"} for entry in data["after"].values())
    assert data["after"]["provider.kind"]["value"] == "firm"
    assert data["changes"] == []


def test_explain_in_python_prints_the_same(linli):
    assert str(sim.explain("market")) + "\n" == linli("explain", "market").out


# --- run and compare ----------------------------------------------------------------------------------------------


def test_the_numbers_shown_are_those_of_the_model(linli):
    data = linli("compare", "custody", "market", *SMALL, "--json").data
    options = {"months": 6, "replicates": 4, "set": ("population.n_households=24", "time.spinup=12")}
    found = sim.compare(["custody", "market"], **options)
    for entry in data["outcomes"]:
        mean = found.runs.groupby("scenario")[entry["outcome"]].mean()
        for scenario in entry["scenarios"]:
            if scenario["n"]:
                assert scenario["mean"] == pytest.approx(mean[scenario["scenario"]], rel=1e-12)
            else:
                assert scenario["mean"] is None
                assert np.isnan(mean[scenario["scenario"]])
            assert scenario["n"] + scenario["missing"] == 4
    assert [entry["outcome"] for entry in data["outcomes"]] == list(OUTCOMES)


def test_the_table_shows_every_headline_with_unit_direction_and_difference(linli):
    text = linli("compare", "custody", "market", *SMALL).out
    assert text.startswith("custody, market in trapped: 6 months, 4 replicates, seed 1\n")
    for outcome in HEADLINES:
        assert f"{ARROWS[outcome.better]}{outcome.label}  {outcome.unit}; " in text
    assert "minus custody" in text
    assert text.count("since before)") == sum(not outcome.total for outcome in HEADLINES)  # custody's own drift
    assert "Not claimed: what any real estate would do." in text


def test_a_missing_outcome_is_counted_and_never_zero(linli):
    options = ("--months", "1", "--replicates", "3", "--set", "time.spinup=0", "--set", "population.n_households=24")
    assert "  custody                       -  (3 missing)\n" in linli("run", "custody", *options).out
    entry = linli("run", "custody", *options, "--json").data["outcomes"][0]["scenarios"][0]
    assert (entry["mean"], entry["low"], entry["n"], entry["missing"]) == (None, None, 0, 3)


def test_both_engines_show_the_same(linli):
    assert linli("run", "market", *SMALL, "--engine", "agents").out == linli("run", "market", *SMALL).out


def test_quiet_says_nothing_and_json_nothing_but_data(linli):
    quiet = linli("run", "red_station", "--place", "healthy", *SMALL, "--quiet")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")
    said = linli("run", "red_station", "--place", "healthy", *SMALL, "--json")
    assert said.data["scenarios"][0]["feasible"] is False
    assert said.err.startswith("Warning: scenarios/forms/red_station.toml:")


def test_a_cold_compile_cache_is_announced(linli, monkeypatch):
    monkeypatch.setattr("sim.readiness.is_cold", lambda: True)
    said = linli("run", "market", *SMALL).err.splitlines()
    assert said[0].startswith("Compiling the model once, which takes about a minute")
    assert re.fullmatch(r"Compiled in \d+ s\.", said[1])
    assert len(said) == 2
    assert linli("run", "market", *SMALL, "--quiet").err == ""


def test_a_failed_run_is_data_and_the_command_exits_3(linli, monkeypatch, tmp_path):
    honest = sim.runs.SharedSpinup.run

    def fail_once(self, seed, replicate, *others):
        if replicate == 2:
            raise ZeroDivisionError("by design")
        honest(self, seed, replicate, *others)

    monkeypatch.setattr("sim.runs.SharedSpinup.run", fail_once)
    said = linli("run", "market", *SMALL, "--out", "kept", "--no-figures")
    assert said.code == 3
    assert said.err == "1 of 4 runs failed; the first: ZeroDivisionError: by design\n"
    read = store.read_results(tmp_path / "kept")
    assert read.arms[0].status == ("ok", "ok", "ZeroDivisionError: by design", "ok")
    assert np.isnan(read.arms[0].judged["service"]).tolist() == [False, False, True, False]
    assert stored.manifest_of(tmp_path / "kept")["failed"] == 1


def test_an_interrupt_leaves_nothing(linli, monkeypatch, tmp_path):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.cli.comparison.simulate", stopped)
    said = linli("run", "market", *SMALL, "--out", "a/b")
    assert (said.code, said.out, list(tmp_path.iterdir())) == (130, "", [])
    assert said.err == STOPPED


def test_scenarios_that_the_shell_parted_are_joined():
    assert joined(["market", "+", "subsidy_taper", "custody"]) == ["market + subsidy_taper", "custody"]
    assert joined(["market", "+x", "+", "y", "@", "healthy"]) == ["market +x + y @ healthy"]
    assert joined(["market+", "x", "a b.toml"]) == ["market+ x", "a b.toml"]


def test_dock_says_that_both_engines_agree(linli):
    said = linli("dock", "m0", "--months", "2", "--set", "population.n_households=12")
    assert said.code == 0
    assert "both engines give the same bits" in said.out


# --- what is kept ---------------------------------------------------------------------------------------------------


@pytest.mark.thorough
def test_out_keeps_data_figures_and_a_manifest_that_matches_them(linli, tmp_path):
    said = linli("compare", "custody", "market + subsidy_taper", *SMALL, "--out", "kept")
    receipt = stored.manifest_of(tmp_path / "kept")
    held = files_under(tmp_path / "kept")
    assert {file["name"] for file in receipt["files"]} == set(held) - {"manifest.json"}
    for file in receipt["files"]:
        assert file["sha256"] == store.sha256(tmp_path / "kept" / file["name"])
        assert file["bytes"] == len(held[file["name"]])
    assert {file["name"]: file["rows"] for file in receipt["files"] if "rows" in file} == {
        "runs.parquet": 8,
        "series.parquet": 2 * 4 * (12 + 6),
        "ends.parquet": 2 * 4 * 61,
    }
    assert {name.rpartition(".")[2] for name in held if name.startswith("figures/")} == {"png", "svg"}
    assert "written to kept: manifest.json, runs.parquet (8 rows), series.parquet (144 rows), ends.parquet" in said.out
    assert f"2 governance networks (GraphML), figures/ ({len(FIGURES)} figures, PNG and SVG)" in said.out


def test_the_manifest_is_a_full_receipt(linli, tmp_path):
    linli("run", "market + subsidy_taper", *SMALL, "--months", 24, "--out", "kept", "--no-figures")
    receipt = stored.manifest_of(tmp_path / "kept")
    assert receipt["question"] == "What does market + subsidy_taper lead to?"
    assert receipt["request"]["seed"] == 1
    assert receipt["request"]["model_hash"] == manifest.model_hash()
    assert receipt["versions"]["numba"]
    assert receipt["versions"]["python"] == ".".join(map(str, sys.version_info[:3]))
    assert receipt["machine"]["cores"] >= 1
    assert receipt["started"] <= receipt["ended"]
    (world,) = receipt["scenarios"]
    assert set(world["before"]) == set(world["after"]) == set(PARAMETERS)
    assert world["after"]["street.subsidy"]["source"].startswith("evidence P1")
    assert [change["month"] for change in world["changes"]] == [12]
    assert list(world["changes"][0]["values"]) == ["street.subsidy"]
    assert {file["name"] for file in world["files"]} >= {"scenarios/programmes/subsidy_taper.toml"}


def test_code_outside_a_checkout_has_no_commit(monkeypatch, tmp_path):
    monkeypatch.setattr(manifest, "_HERE", tmp_path / "sim")
    assert manifest.commit() is None


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="no checkout")
def test_code_in_a_checkout_has_its_commit():
    head = subprocess.run(["git", "-C", ROOT, "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
    assert manifest.commit()["commit"] == head.stdout.strip()


def test_the_model_hash_follows_the_sources(monkeypatch, tmp_path):
    source = tmp_path / "x.py"
    source.write_text("a = 1\n")
    before, hashed = manifest.model_hash(), manifest.hash_of([source])
    source.write_text("a = 2\n")
    assert manifest.hash_of([source]) != hashed
    monkeypatch.setattr(manifest, "hash_of", lambda sources: "another")
    assert manifest.model_hash() != before


MAIN_JOB = ("compare", "--months", "3", "--replicates", "3", "--no-figures")


def test_the_finished_main_job_is_reprinted_without_running(linli, monkeypatch, tmp_path):
    first = linli(*MAIN_JOB)
    held = files_under(tmp_path / "results" / "compare")
    assert {name for name in held if not name.endswith(".graphml")} == {
        "manifest.json",
        "runs.parquet",
        "series.parquet",
        "ends.parquet",
    }
    monkeypatch.setattr("sim.cli.comparison.simulate", None)
    again = linli(*MAIN_JOB)
    table = first.out[: first.out.index("written to")]
    assert again.out == f"{table}unchanged, reprinted from results/compare\n"
    assert files_under(tmp_path / "results" / "compare") == held


def test_the_main_job_compares_the_forms_that_could_exist_in_each_of_three_places(linli):
    said = linli(*MAIN_JOB)
    assert said.out.startswith(
        "custody, market, red_station, catalysed in trapped; market, red_alliance in managed; "
        "self_governance, red_branch in committee: 3 months, 3 replicates, seed 1\n"
    )
    assert "Warning" not in said.err
    parts = said.out.split("=== in ")
    assert [part.split()[0] for part in parts[1:]] == ["trapped", "managed", "committee"]
    for part, base in zip(parts[1:], ("custody", "market", "self_governance"), strict=True):
        assert f"minus {base}" in part
        assert all(outcome.label in part for outcome in HEADLINES)


def test_an_infeasible_form_is_compared_with_a_warning_that_says_why(linli):
    said = linli("compare", "market @ managed", "red_station @ managed", *SMALL)
    assert said.code == 0
    assert said.err.startswith("Warning: scenarios/forms/red_station.toml:")
    assert "red_station can exist in: trapped, beigangyuan, liuxi; forms that can exist in managed: " in said.err


def test_a_place_for_the_main_job_is_refused(linli):
    said = linli("compare", "--place", "healthy")
    assert said.code == 2
    assert "--place needs scenarios" in said.err


def _another_seed(folder, monkeypatch):
    return ("--seed", "2")


def _another_value(folder, monkeypatch):
    return ("--set", "household.b_quality=2")


def _another_model(folder, monkeypatch):
    monkeypatch.setattr(manifest, "model_hash", lambda: "another")
    return ()


def _a_changed_byte(folder, monkeypatch):
    path = folder / "runs.parquet"
    held = path.read_bytes()
    path.write_bytes(held[:100] + bytes([held[100] ^ 1]) + held[101:])
    return ()


def _no_manifest(folder, monkeypatch):
    (folder / "manifest.json").unlink()
    return ()


def _a_broken_manifest(folder, monkeypatch):
    (folder / "manifest.json").write_text("[1")
    return ()


@pytest.mark.parametrize(
    "change",
    [_another_seed, _another_value, _another_model, _a_changed_byte, _no_manifest, _a_broken_manifest],
)
def test_the_main_job_is_made_again_when_anything_differs(change, linli, monkeypatch, tmp_path):
    linli(*MAIN_JOB)
    folder = tmp_path / "results" / "compare"
    options = change(folder, monkeypatch)
    assert "written to results/compare" in linli(*MAIN_JOB, *options).out
    assert "unchanged, reprinted" in linli(*MAIN_JOB, *options).out


@pytest.mark.thorough
def test_the_main_job_without_figures_is_made_again_when_figures_are_wanted(linli):
    linli(*MAIN_JOB)
    assert f"{3 * len(FIGURES)} figures" in linli(*MAIN_JOB[:-1]).out
    assert "unchanged, reprinted" in linli(*MAIN_JOB[:-1]).out


def test_the_main_job_leaves_other_peoples_files_alone(linli, tmp_path):
    mine = tmp_path / "results" / "compare" / "notes.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    said = linli(*MAIN_JOB)
    assert said.code == 2
    assert "results/compare is not empty (it holds notes.txt)" in said.err
    assert files_under(tmp_path) == {"results/compare/notes.txt": b"mine"}


# --- what a table says ----------------------------------------------------------------------------------------------


def normal(mean, spread, n):
    from scipy.stats import norm

    return norm.ppf((np.arange(n) + 0.5) / n, mean, spread)


def test_one_hump_is_one_mode_and_two_are_two():
    assert modes(normal(0.5, 0.1, 200)) == ()
    lower, upper = modes(np.concatenate([normal(0.2, 0.03, 60), normal(0.8, 0.05, 140)]))
    assert (lower.mean, upper.mean) == (pytest.approx(0.2), pytest.approx(0.8))
    assert (lower.share, upper.share) == (0.3, 0.7)
    three = np.concatenate([normal(m, 0.02, 100) for m in (0.1, 0.5, 0.9)])
    assert [mode.mean for mode in modes(three)] == pytest.approx([0.1, 0.5, 0.9])


@pytest.mark.parametrize(
    "sample",
    [
        np.repeat([0.0, 1.0], 100),
        np.repeat([1.0, 2.0, 3.0], 70),
        np.array([0.1, 0.9]),
        np.full(200, np.nan),
        np.zeros(0),
    ],
    ids=["yes and no", "ties", "few", "missing", "none"],
)
def test_no_modes_are_claimed_of_ties_or_of_few(sample):
    assert modes(sample) == ()


def test_a_straight_line_of_values_has_no_modes():
    assert modes(np.linspace(0, 1, 500)) == ()


def test_the_interval_of_a_share_is_wilsons():
    # Wilson's interval of 5 in 10, z = 1.96: centre 0.5, half z sqrt(0.25 n + z^2 / 4) / (n + z^2) = 0.2634
    assert wilson(5, 10) == (pytest.approx(0.23659, abs=1e-5), pytest.approx(0.76341, abs=1e-5))
    assert wilson(0, 10)[0] == 0.0
    assert wilson(10, 10)[1] == pytest.approx(1.0)


def test_two_modes_are_shown_in_place_of_a_mean_and_missing_runs_are_counted():
    sample = np.concatenate([normal(0.42, 0.03, 126), normal(0.83, 0.03, 74), [np.nan, np.nan]])
    assert value(sample, 2) == ["   0.42  low in 63 % (56 to 69)", "   0.83  high in 37 % (31 to 44)", "(2 missing)"]


def test_a_mean_has_students_interval():
    found = Interval(np.array([1.0, 2.0, 3.0, np.nan]))
    # mean 2, sd 1, t(0.975, 2) = 4.3026527: half width 4.3026527 / sqrt(3) = 2.4841378
    assert (found.mean, found.n, found.n_missing) == (2.0, 3, 1)
    assert found.high - 2.0 == pytest.approx(2.4841377, abs=1e-6)


def arm(place, scenario, level):
    values = {name: np.full((4, 3), level) + np.arange(4)[:, None] / 10 for name in OUTCOMES}
    return Arm(place, scenario, 1, np.arange(4), ("ok",) * 4, np.array([-1, 0, 1]), values)


def test_differences_are_to_the_first_scenario_of_the_same_place():
    found = Results([arm("a", "x", 1.0), arm("a", "y", 3.0), arm("b", "x", 10.0), arm("b", "y", 14.0)])
    entries = as_data(found)[0]["scenarios"]
    assert [entry.get("difference", {}).get("mean") for entry in entries] == [
        None,
        pytest.approx(2),
        None,
        pytest.approx(4),
    ]
    text = "\n".join(line.plain for line in results_lines(found))
    first, second = text.split("=== in ")[1:]
    assert first.startswith("a ===")
    assert second.startswith("b ===")
    assert first.count("minus x") == second.count("minus x") == 1
    assert "  y " in first


def test_many_runs_are_made_part_by_part_and_show_what_one_part_shows(linli, monkeypatch):
    few = (*SMALL[:2], *SMALL[4:], "--replicates", 20, "--threads", 1)
    for options in ((), ("--json",)):
        words = "compare", "market", "custody", *few, *options
        whole = linli(*words)
        with monkeypatch.context() as patch:
            patch.setattr("sim.cli.comparison._PART", 3)
            parts = linli(*words)
        assert (parts.out, parts.err) == (whole.out, whole.err)


# --- a process of its own -------------------------------------------------------------------------------------------


def test_light_commands_load_no_heavy_library(tmp_path):
    code = (
        "import sys\nfrom sim.cli import main\nmain(sys.argv[1:])\n"
        f"print('loaded:', *sorted(set('{HEAVY} numba scipy pyarrow'.split()) & set(sys.modules)))"
    )
    for command in (["list"], ["explain", "market"], ["--help"]):
        done = subprocess.run([sys.executable, "-c", code, *command], cwd=ROOT, capture_output=True, text=True)
        assert done.stdout.splitlines()[-1] == "loaded:", done.stderr


@pytest.mark.thorough
def test_a_run_without_files_loads_neither_mesa_nor_pandas_nor_matplotlib(tmp_path):
    code = (
        "import sys\nfrom sim.cli import main\nmain(sys.argv[1:])\n"
        f"print('loaded:', *sorted(set('{HEAVY} pyarrow'.split()) - {{'networkx'}} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, "run", "m0", *SMALL], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "loaded:", done.stderr


@pytest.mark.thorough
def test_ctrl_c_ends_with_130_and_leaves_nothing(tmp_path):
    process("compare", "custody", "market", "--replicates", 1, "--months", 1, cwd=tmp_path).communicate()  # compiles
    running = process("compare", "custody", "market", "--replicates", 20_000, "--out", "kept", cwd=tmp_path)
    while not (tmp_path / "kept").exists() and running.poll() is None:
        time.sleep(0.02)
    time.sleep(0.5)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (130, "")
    assert err.endswith(STOPPED)
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_has_seen_enough_causes_no_complaint(tmp_path):
    with process("explain", "market", "--json", cwd=tmp_path) as listing:
        listing.stdout.close()
        assert listing.stderr.read() == ""
