"""What survives under other structures: verdicts by the intervals, the first point as the model is, and the command."""

import json

import numpy as np
import pytest
from command import linli
from small_studies import SMALL, made

from sim.errors import InputError
from sim.figures.alternatives import draw_alternatives
from sim.studies import alternatives
from sim.studies.alternatives import AS_IS, HOLDS, LOST, NEW, STILL, TURNS, Pair, pairs_of, verdict

__all__ = ["linli"]  # a fixture

STRUCTURES = SMALL | {
    "factors": {"structure.choice": {"values": ["probit"]}, "structure.billing_period": {"values": [3, 12]}},
    "sampling": {"method": "oat"},
    "replicates": 4,
}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    path = tmp_path_factory.mktemp("alternatives") / "out"
    made(path, STRUCTURES)
    return path


@pytest.mark.parametrize(
    ("before", "now", "word"),
    [
        (1, 1, HOLDS), (-1, -1, HOLDS), (1, 0, LOST), (-1, 0, LOST), (1, -1, TURNS), (-1, 1, TURNS), (0, 1, NEW),
        (0, 0, STILL),
    ],
)
def test_a_verdict_is_of_signs(before, now, word):
    assert verdict(before, now) == word


def test_differences_are_those_of_the_runs_and_verdicts_those_of_their_intervals(study):
    import sim

    runs = sim.studies.open(study).runs
    pairs = pairs_of(study)
    structures = [AS_IS, "structure.choice = probit", "structure.billing_period = 3", "structure.billing_period = 12"]
    assert list(dict.fromkeys(pair.structure for pair in pairs)) == structures
    signs = {}
    for pair in pairs:
        there = runs[runs["point"] == structures.index(pair.structure)].set_index("replicate")
        form, rival = (there[there["scenario"] == name][pair.outcome] for name in (pair.form, pair.rival))
        np.testing.assert_array_equal(pair.differences, (form - rival).to_numpy())
        low, high = pair.mean.low, pair.mean.high
        sign = 1 if low > 0 else -1 if high < 0 else 0
        before = signs.setdefault((pair.rival, pair.outcome), sign)
        assert pair.verdict == verdict(before, sign)


def test_the_first_point_must_be_the_model_as_it_is(tmp_path):
    design = STRUCTURES | {"factors": {"structure.billing_period": {"values": [3, 12]}}, "sampling": {"method": "grid"}}
    made(tmp_path / "out", design)
    with pytest.raises(InputError, match="the first point has to be the scenarios as they are"):
        pairs_of(tmp_path / "out")


def test_the_page_names_what_is_lost_and_what_turns():
    def pair(structure, values, word):
        drift = np.array([0.02, 0.04])
        return Pair("trapped", "red_station", "market", "payment_rate", structure, np.array(values), word, drift)

    rows = [pair(AS_IS, [0.1, 0.11], HOLDS), pair("a = 1", [0.1, -0.1], LOST), pair("b = 2", [-0.1, -0.11], TURNS)]
    text = alternatives.page(rows)
    assert "| +0.030 | 0 of 2 | `a = 1` | `b = 2` |  |" in text
    assert text.endswith("Of 2 differences 0 hold, 1 are lost, 1 turn, 0 appear.\n")


def test_the_command_keeps_table_page_and_figure(linli, study, tmp_path):
    said = linli("study", "alternatives", study, "--out", tmp_path / "kept")
    assert said.code == 0
    assert "structure.choice = probit" in said.out
    manifest = json.loads((tmp_path / "kept" / "manifest.json").read_text())
    names = {file["name"] for file in manifest["files"]}
    assert names == {"alternatives.parquet", "figures/alternatives.png", "study.toml", "words.md"}
    assert len(draw_alternatives(pairs_of(study)).axes) >= 1
